"""A standalone Spark cluster on loopback, for tests: a master, workers, and drivers that use them."""

from __future__ import annotations

import importlib.util
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

import rare_topics

# Seconds after which a process that should have started is given up.
PATIENCE = 180


class Process:
    """A process of Spark whose messages are read as they come."""

    def __init__(self, *command: str | Path, folder: Path, **environment: str) -> None:
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stderr or ():
            self.lines.put(line)

    def says(self, pattern: str) -> re.Match[str]:
        """Wait until the process says something; fail with all it said where it does not."""
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError(f"never said {pattern!r}, but:\n{''.join(self.said)}") from None
            self.said.append(line)
            if match := re.search(pattern, line):
                return match

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Cluster:
    """A master and its workers, of one core and one GiB each."""

    def __init__(self, folder: Path, *, workers: int) -> None:
        self.folder = folder
        self.master = ""
        self.processes: list[Process] = []
        self._n_workers = workers

    def __enter__(self) -> Self:
        try:
            self.master = self._start("master.Master", "--port", "0").says(r"(spark://127\.0\.0\.1:\d+)$")[1]
            for _ in range(self._n_workers):
                self.add_worker()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.kill()

    @property
    def workers(self) -> list[Process]:
        """Workers, in the order in which they were started."""
        return self.processes[1:]

    def add_worker(self) -> Process:
        """Start one more worker."""
        wants = ("--cores", "1", "--memory", "1g", "--work-dir", str(self.folder / "work"))
        worker = self._start("worker.Worker", *wants, self.master)
        worker.says("Successfully registered with master")
        return worker

    def driver(self, *arguments: str | Path) -> Process:
        """Start a Python that uses the cluster; leave its context to end it."""
        return Process(sys.executable, *arguments, folder=self.folder, **environment())

    def _start(self, name: str, *arguments: str) -> Process:
        spec = importlib.util.find_spec("pyspark")
        spark_class = Path(str(spec and spec.origin)).parent / "bin" / "spark-class"
        place = ("--host", "127.0.0.1", "--webui-port", "0")
        command = (spark_class, f"org.apache.spark.deploy.{name}", *place, *arguments)
        self.processes.append(Process(*command, folder=self.folder, **environment()))
        return self.processes[-1]


def environment() -> dict[str, str]:
    """Let the processes of Spark find this copy of the package, and keep to loopback and to little memory."""
    paths = [str(Path(rare_topics.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "OMP_NUM_THREADS": "1",
    }

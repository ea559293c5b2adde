"""Peak memory of a process with all that it starts, as the system counts it."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

# Seconds; asking itself takes a core some time where gigabytes are held.
EVERY = 1.0


def run(words: list[str], environment: dict[str, str]) -> float:
    """Run a command.

    Pages that processes share are counted once (proportional set size), once a second.

    Returns
    -------
    float
        Peak memory in GiB; not a number where the system has no /proc.

    Raises
    ------
    RuntimeError
        If the command fails; the message is what it complains of.
    """
    peak = [0.0]
    ended = threading.Event()

    def watch(pid: int) -> None:
        while not ended.wait(EVERY):
            peak[0] = max(peak[0], sum(map(_held, [pid, *_below(pid)])) / 2**20)

    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        watcher = threading.Thread(target=watch, args=(child.pid,), daemon=True)
        watcher.start()
        _, complaint = child.communicate()
        ended.set()
        watcher.join()
    if child.returncode:
        raise RuntimeError(f"{words}: {complaint.decode()}")
    return peak[0] or float("nan")


def _held(pid: int) -> int:
    """Memory of a process in KiB, 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _below(pid: int) -> list[int]:
    """List the processes that a process has started, and those that these have."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = list(map(int, task.read_text("ascii").split()))
        except OSError:
            continue
        found += [*children, *(other for child in children for other in _below(child))]
    return found

"""A Spark session for a master that is named, started and stopped; or the page of a session that is there."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = re.compile(r"local(\[(\d+|\*)(,\d+)?\])?")
STANDALONE = re.compile(r"spark://[^/\s]+")
ELSEWHERE = re.compile(r"yarn|k8s://\S+")
LOOPBACK = "127.0.0.1"
LOOPBACKS = (LOOPBACK, "localhost", "[::1]")
PORT = 7077
# Seconds after which a master that does not answer is taken as not there.
TIMEOUT = 10
GIB = 2**30
FORMS = "local[2], local[*], spark://HOST:7077, yarn or k8s://HOST"
INSTALL_JAVA = "install Java 17 or newer, or set JAVA_HOME to it"


@contextmanager
def session(master: str, settings: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """Start a session, and stop it at the end.

    Parameters
    ----------
    master
        ``local[N]`` for processes on this machine, ``spark://HOST:7077`` for a standalone cluster,
        ``yarn``, ``k8s://HOST``.
    settings
        Spark's own settings, which go before those made here; ``spark-defaults.conf`` is read as ever.

    Yields
    ------
    SparkSession
        With the Python of this process on workers that are on this machine.

    Raises
    ------
    InputError
        If PySpark or Java is missing, or the master is none or does not answer.
    """
    _check_master(master)
    spark = _start({**_settings(master), **(settings or {})})
    try:
        yield spark
    finally:
        spark.stop()


def ui_address(spark: SparkSession) -> str:
    """Return the address of Spark's own page, or nothing where a session has none."""
    try:
        return str(spark.sparkContext.uiWebUrl or "")
    except Exception:  # noqa: BLE001 - a session by Spark Connect refuses in its own way
        return ""


def running_tasks(spark: SparkSession) -> str:
    """Say how far the running stages are, as ``37 of 200 tasks``, or nothing where that is not known."""
    try:
        tracker = spark.sparkContext.statusTracker()
        stages = [stage for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()) if stage]
    except Exception:  # noqa: BLE001 - a session by Spark Connect refuses in its own way
        return ""
    done, all_of_them = (sum(getattr(stage, name) for stage in stages) for name in ("numCompletedTasks", "numTasks"))
    return f"{done} of {all_of_them} tasks" if all_of_them else ""


def one_line_reason(error: BaseException) -> str:
    """Return the message of an error from Java without its stack trace, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    said = next((line for line in lines if "Exception: " in line), lines[0])
    return said.rpartition("Exception: ")[2][:200]


def _check_master(master: str) -> None:
    if not any(form.fullmatch(master) for form in (LOCAL, STANDALONE, ELSEWHERE)):
        raise InputError(f"'{master[:60]}' is no Spark master", fix=f"give {FORMS}")
    _check_installed()
    if STANDALONE.fullmatch(master):
        _check_answers(master)


def _check_installed() -> None:
    try:
        import pyspark  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise InputError("PySpark is not installed", fix="pip install 'rare-topics[spark]'") from error
    home = os.environ.get("JAVA_HOME")
    if not shutil.which(Path(home, "bin", "java") if home else "java"):
        raise InputError("Spark needs Java, and there is none" + f" in {home}" * bool(home), fix=INSTALL_JAVA)


def _check_answers(master: str) -> None:
    """Make sure that a master answers, before Spark itself tries for a minute and fails in a hundred lines."""
    refused = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.partition(":") if not place.startswith("[") else place.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port or PORT)), TIMEOUT).close()
        except (OSError, ValueError, OverflowError) as error:
            refused.append(f"{place}: {getattr(error, 'strerror', None) or error}")
        else:
            return
    raise InputError(
        f"the Spark master does not answer ({'; '.join(refused)})", where=master, fix="start it, or check its address"
    )


def _settings(master: str) -> dict[str, str]:
    """Return the settings that this program needs; all others are as Spark or its administrator has them."""
    always = {
        "spark.app.name": "rare-topics",
        "spark.master": master,
        # A bar of Spark's own would write over that of the steps.
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "WARN",
    }
    local = bool(LOCAL.fullmatch(master))
    if not local and not master.removeprefix("spark://").startswith(LOOPBACKS):
        return always
    here = {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}
    alone = {"spark.log.level": "ERROR", "spark.driver.memory": f"{_memory()}g", "spark.sql.shuffle.partitions": "16"}
    return {**always, **here, **(alone if local else {})}


def _memory() -> int:
    """Give Java a quarter of the memory, in GiB, at least one: the larger part is for the Python workers."""
    return max(1, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // GIB // 4)


def _start(settings: Mapping[str, str]) -> SparkSession:
    from pyspark.sql import SparkSession

    # Spark says of pandas 3 that it does not know it yet; frames of pandas are not used with it here.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    if settings.get("spark.driver.host") == LOOPBACK:
        os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
        # The setting of this meaning is read by spark-submit alone.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: SparkSession.Builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise InputError(
            f"Spark could not be started ({one_line_reason(error)})", where=settings["spark.master"], fix=INSTALL_JAVA
        ) from error

"""Specification of faults: what dies in the middle of a fit costs time, and changes no result."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from pathlib import Path

import psutil
import pytest
from benchmarks.archive import write
from spark_driver import SETTINGS
from standalone_cluster import Cluster, Process

from rare_topics.study import Study

pytestmark = pytest.mark.slow
# So few that reading them takes seconds.
N_ARTICLES = 60
DRIVER = Path(__file__).parent / "spark_driver.py"


def executors(worker: Process) -> list[psutil.Process]:
    """Find the Java process that a worker has started for a driver."""
    return [one for one in psutil.Process(worker.process.pid).children() if one.name() == "java"]


def python_workers(worker: Process) -> list[psutil.Process]:
    """Find the Python processes in which an executor has the work done: those that start no others."""
    inside = [one for java in executors(worker) for one in java.children(recursive=True)]
    return [one for one in inside if not one.children()]


def strike(driver: Process, victims: Callable[[], list[psutil.Process]], *, during: str, before: str) -> None:
    """Kill what reads the articles in a step until it is missed: a Python process that is idle is not."""
    driver.says(f"^step {during}$")
    while "Lost" not in (said := driver.says(f"running|Lost executor|Lost task|^step {before}$")[0]):
        assert said == "running", "nothing was killed in time"
        with suppress(psutil.NoSuchProcess):
            for process in victims():
                process.kill()


def test_what_is_killed_while_articles_are_read_costs_time_only(standalone: Cluster, tmp_path: Path) -> None:
    """An executor, and a Python process of one: the topics, and the clusters of all articles, of one machine."""
    archive = write(tmp_path / "archive.jsonl", N_ARTICLES, n_topics=4)
    out = tmp_path / "found.json"
    workers = standalone.workers
    with standalone.driver(DRIVER, standalone.master, archive, tmp_path / "steps", out) as driver:
        strike(driver, lambda: executors(workers[0]), during="vectorize", before="space")
        strike(driver, lambda: [*chain(*map(python_workers, workers))], during="themes", before="claims")
        driver.says("^done$")
    study = Study(**SETTINGS).fit(archive)
    clusters = study.clusters.sort_values("article_id")
    expected = [study.topics.to_dict("list"), clusters.to_numpy(object).tolist()]
    assert json.loads(out.read_text("utf-8")) == json.loads(json.dumps(expected))

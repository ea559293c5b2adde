"""Specification of faults: what dies in the middle of a fit costs time, and changes no result."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import psutil
import pytest
from benchmarks.archive import write
from spark_driver import SETTINGS
from standalone_cluster import Cluster, Process

from rare_topics.cluster import ConsensusClusterer
from rare_topics.projection import MapProjector
from rare_topics.spark import concept_counts, extraction
from rare_topics.study import Study
from rare_topics.topics import StableTopicModel

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

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


def test_what_is_killed_costs_time_only(
    standalone: Cluster, spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An executor, a Python process of one, and the driver: the answer is that of one machine to the last bit.

    The next driver, on another cluster, goes on after the last finished step, and does none again.
    """
    archive, steps = write(tmp_path / "archive.jsonl", N_ARTICLES, n_topics=4), tmp_path / "steps"
    alone = Study(**SETTINGS).fit(archive)
    workers = standalone.workers
    with standalone.driver(DRIVER, standalone.master, archive, steps) as driver:
        strike(driver, lambda: executors(workers[0]), during="vectorize", before="space")
        strike(driver, lambda: [*chain(*map(python_workers, workers))], during="themes", before="claims")
        driver.says("^step claims$")
    monkeypatch.setattr(concept_counts, "read_blocks", None)
    monkeypatch.setattr(extraction, "extract", None)
    for estimator in (StableTopicModel, ConsensusClusterer, MapProjector):
        monkeypatch.setattr(estimator, "fit", None)
    study = Study(**SETTINGS, spark=spark).fit(archive, checkpoints=steps)
    for name in ("doc_topic", "cluster_labels", "coordinates"):
        assert np.array_equal(getattr(study.state, name), getattr(alone.state, name)), name
    pd.testing.assert_frame_equal(study.topics, alone.topics)
    assert study.themes.matches == alone.themes.matches
    assert study.claims.claims == alone.claims.claims
    clusters = study.tables["clusters"].toArrow().to_pandas().sort_values("article_id", ignore_index=True)
    expected = alone.clusters.sort_values("article_id", ignore_index=True)
    assert clusters.astype(object).to_numpy().tolist() == expected.astype(object).to_numpy().tolist()

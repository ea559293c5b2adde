"""Specification of topics learned on Spark: those of one machine, the same bits however the work is divided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from planted_counts import PLANTED, SETTINGS, WORDS, as_table, blurred, drawn, on_workers
from scipy import sparse

from rare_topics.spark import sums, topics
from rare_topics.spark.checkpoints import Checkpoints
from rare_topics.spark.collection import Collection
from rare_topics.topics import _schedule
from rare_topics.topics._documents import InMemory

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def counts() -> sparse.csr_array:
    return drawn()


@pytest.fixture(scope="module")
def start(counts: sparse.csr_array) -> np.ndarray:
    return blurred(counts)


@pytest.fixture(scope="module")
def alone(counts: sparse.csr_array, start: np.ndarray) -> np.ndarray:
    """Learn on this machine."""
    documents = sparse.csr_matrix(counts.astype(np.float32))
    return _schedule.learn(documents, SETTINGS, random_state=np.random.RandomState(0), start=start).word_counts


def test_are_those_of_one_machine_and_the_same_bits_whatever_the_tasks(
    spark: SparkSession, counts: sparse.csr_array, start: np.ndarray, alone: np.ndarray, tmp_path: Path
) -> None:
    found = []
    for per_task, n_tasks in ((3, 1), (1, 3)):
        checkpoints = Checkpoints(spark, str(tmp_path), str(n_tasks))
        documents = on_workers(spark, counts, per_task)
        assert documents.bundles.rdd.getNumPartitions() == documents.n_tasks == n_tasks
        learned, n_iter = topics.learn(documents, SETTINGS, start=start, checkpoints=checkpoints)
        assert n_iter == SETTINGS.max_iter
        found.append(learned)
    assert np.array_equal(found[0], found[1])
    assert found[0] / found[0].sum(axis=0) == pytest.approx(alone / alone.sum(axis=0), abs=1e-6)


def test_are_learned_by_the_words_that_documents_share_as_on_one_machine(
    spark: SparkSession, counts: sparse.csr_array, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("rare_topics.topics.lda", "rare_topics.spark.collection"):
        monkeypatch.setattr(f"{place}.usual_settings", lambda *_, **__: SETTINGS)
    documents = sparse.csr_matrix(counts.astype(np.float32))
    alone = InMemory(documents, np.arange(documents.shape[0]), None).learn(PLANTED, random_state=0)
    collection = Collection(as_table(spark, counts), WORDS, Checkpoints(spark, str(tmp_path), "shared"))
    learned = collection.learn(PLANTED, random_state=0)
    of_one = np.bincount(counts.indices, minlength=WORDS) == 1
    assert of_one.any()
    assert not learned[:, of_one].any()
    assert learned == pytest.approx(alone, abs=1e-6)


def test_sums_of_many_tasks_are_added_up_on_the_workers(
    spark: SparkSession, counts: sparse.csr_array, start: np.ndarray, alone: np.ndarray, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(sums, "MOST_SUMS", 1)
    checkpoints = Checkpoints(spark, str(tmp_path), "sums")
    learned, _ = topics.learn(on_workers(spark, counts), SETTINGS, start=start, checkpoints=checkpoints)
    assert learned / learned.sum(axis=0) == pytest.approx(alone / alone.sum(axis=0), abs=1e-6)


def test_a_table_that_was_cut_short_is_not_taken_for_whole(spark: SparkSession, tmp_path: Path) -> None:
    checkpoints = Checkpoints(spark, str(tmp_path), "tables")
    assert checkpoints.whole("numbers", "id bigint", n=3) is None
    checkpoints.write("numbers", spark.range(3))
    assert checkpoints.whole("numbers", "id bigint", n=3).count() == 3
    assert checkpoints.whole("numbers", "id bigint", n=4) is None


def test_a_driver_that_was_stopped_goes_on_after_the_last_pass(
    spark: SparkSession, counts: sparse.csr_array, start: np.ndarray, tmp_path: Path, monkeypatch
) -> None:
    """Both after the first pass, which forgets the start, and in the middle of a later one."""
    whole = Checkpoints(spark, str(tmp_path), "whole")
    expected, _ = topics.learn(on_workers(spark, counts), SETTINGS, start=start, checkpoints=whole)
    cut = Checkpoints(spark, str(tmp_path), "cut")
    visited, visit = [], topics._OnWorkers._visited
    for until in (3, 3, 100):
        visits: list[int] = []

        def stop(learner, block, visits=visits, until=until):
            if len(visits) == until:
                raise KeyboardInterrupt
            visits.append(block)
            return visit(learner, block)

        monkeypatch.setattr(topics._OnWorkers, "_visited", stop)
        try:
            learned, n_iter = topics.learn(on_workers(spark, counts), SETTINGS, start=start, checkpoints=cut)
        except KeyboardInterrupt:
            continue
        finally:
            visited += visits
    assert len(visited) == 2 * (1 + SETTINGS.max_iter) + 2, "two visits were lost, and no more"
    assert n_iter == SETTINGS.max_iter
    assert np.array_equal(learned, expected)

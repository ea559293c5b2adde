"""Counts of documents of planted topics, and where they lie on the workers of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from scipy import sparse

from rare_topics.spark import topics
from rare_topics.spark.columns import cells_of, names_of
from rare_topics.spark.concept_counts import COUNTED
from rare_topics.topics._learner import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

N, WORDS, TOPICS, LENGTH = 2400, 9000, 5, 40
PLANTED = np.random.default_rng(0).dirichlet(np.full(WORDS, 0.02), TOPICS)
SETTINGS = Settings(np.full(TOPICS, 0.2), 0.1, learn_alpha=False, max_iter=3, tol=1e-9, n_jobs=1)


def drawn() -> sparse.csr_array:
    """Draw documents of planted topics."""
    rng = np.random.default_rng(1)
    rows = [rng.multinomial(LENGTH, mixture @ PLANTED) for mixture in rng.dirichlet(np.full(TOPICS, 0.1), N)]
    return sparse.csr_array(np.array(rows, dtype=np.float64))


def blurred(counts: sparse.csr_array) -> np.ndarray:
    """Give blurred topics, as expected counts."""
    return (0.5 * PLANTED.T + 0.5 / WORDS) * counts.sum() / TOPICS


def as_table(spark: SparkSession, counts: sparse.csr_array) -> DataFrame:
    """Write counts as `words.count` does, in two partitions."""
    sizes = np.diff(counts.indptr).astype(np.int32)
    ids = [pa.array(np.arange(N)), pa.array([str(row) for row in range(N)]), pa.array(["en"] * N)]
    columns = [*ids, pa.nulls(N, pa.string()), sizes, counts.sum(axis=1), *cells_of(counts, counts.indptr)]
    return spark.createDataFrame(pa.table(columns, names=names_of(COUNTED))).repartition(2)


def on_workers(spark: SparkSession, counts: sparse.csr_array, per_task: int = 2) -> topics.Bundles:
    """Lay the documents on workers, each of whose tasks visits so many bundles of a block."""
    documents = topics.bundled(as_table(spark, counts), WORDS, random_state=0, per_task=per_task)
    assert documents.n_blocks == 2
    assert documents.per_block == 3
    return documents

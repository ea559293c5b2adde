"""All articles on the workers, of which some are fetched."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.spark.columns import counts_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame


class Collection:
    """Counts of all articles.

    Parameters
    ----------
    counts
        From `concept_counts.count`.
    n_concepts
        Size of the vocabulary.
    """

    def __init__(self, counts: DataFrame, n_concepts: int) -> None:
        self.counts, self.n_concepts = counts, n_concepts

    @cached_property
    def n_articles(self) -> int:
        """Number of articles."""
        return self.counts.count()

    def sample(self, rows: NDArray[np.int64]) -> sparse.csr_array:
        """Fetch the counts of some articles, in their order."""
        found = chosen(self.counts.select("row", "concepts", "weights"), rows, self.n_articles)
        return counts_of(found, self.n_concepts)


def chosen(table: DataFrame, rows: NDArray[np.int64], n: int) -> pa.Table:
    """Fetch some of the `n` rows of a table that has a column `row`, in their order."""
    import pyarrow as pa
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    if len(rows) < n:
        wanted = table.sparkSession.createDataFrame(pa.table({"row": rows}))
        table = table.join(F.broadcast(wanted), "row")
    return table.toArrow().sort_by("row")

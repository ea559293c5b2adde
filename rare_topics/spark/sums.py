"""Sums over all rows of a table, in whole numbers: the same whatever the partitions, and in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.spark.columns import cells, names_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

# Sums are whole numbers of this unit, so that their order does not matter.
ONE = 2.0**30
# Sums of so many tasks are added up on the driver; of more, on the workers first.
MOST_SUMS = 32
# Where a session leaves the number of its partitions to itself.
PARTITIONS = 200
# Rows of a larger table, and a sum for each of its columns.
SUMS = "places binary, sums binary"


def whole(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count in units of 1 / `ONE`."""
    return np.asarray(np.rint(numbers * ONE), dtype=np.int64)


def sums_of(places: NDArray[Any], sums: NDArray[np.int64]) -> pa.RecordBatch:
    """Lay the sums of one task, of shape (n_places, n_columns), into a row with the columns `SUMS`."""
    import pyarrow as pa

    given = [cells(places.astype(np.int32), [0, len(places)]), cells(sums.ravel(), [0, sums.size])]
    return pa.RecordBatch.from_arrays(given, names=names_of(SUMS))


def added_up(table: DataFrame, shape: tuple[int, int], *, n_tasks: int | None = None) -> NDArray[np.int64]:
    """Add up the sums of all tasks.

    Parameters
    ----------
    table
        Has the columns `SUMS`, a row for each task.
    shape
        Shape of the whole.
    n_tasks
        How many tasks there are, about; None takes as many as a session divides its tables into.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    if (n_tasks or _n_partitions(table)) > MOST_SUMS:
        table = table.groupBy(F.spark_partition_id() % MOST_SUMS).applyInArrow(_added, SUMS)
    total = np.zeros(shape, np.int64)
    for places, sums in _each(table.toArrow()):
        total[places] += sums
    return total


def _n_partitions(table: DataFrame) -> int:
    """Return how many partitions the session of a table divides tables into."""
    wanted = str(table.sparkSession.conf.get("spark.sql.shuffle.partitions"))
    return int(wanted) if wanted.isdigit() else PARTITIONS


def _added(table: pa.Table) -> pa.Table:
    """Add up the sums of several tasks on a worker."""
    import pyarrow as pa

    parts = list(_each(table))
    places = np.unique(np.concatenate([some for some, _ in parts]))
    whole = np.zeros((len(places), parts[0][1].shape[1]), np.int64)
    for some, sums in parts:
        whole[np.searchsorted(places, some)] += sums
    return pa.Table.from_batches([sums_of(places, whole)])


def _each(table: pa.Table) -> Iterator[tuple[NDArray[Any], NDArray[np.int64]]]:
    for places, sums in zip(table["places"], table["sums"], strict=True):
        some = np.frombuffer(places.as_py(), np.int32)
        yield some, np.frombuffer(sums.as_py(), np.int64).reshape(len(some), -1)

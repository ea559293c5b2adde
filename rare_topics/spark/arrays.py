"""Arrays in cells of bytes: how sparse counts and topic mixtures lie in a Spark table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame


def column_names(schema: str) -> list[str]:
    """Return the names of the columns of a table from its schema in Spark's notation."""
    return [column.split()[0] for column in schema.split(", ")]


def to_cells(array: NDArray[Any], bounds: Sequence[int] | NDArray[Any]) -> pa.Array:
    """Lay an array into cells of bytes, without a copy.

    Parameters
    ----------
    array : ndarray of one dimension
    bounds : sequence of int, of length n_cells + 1
        Cell r holds the values from ``bounds[r]`` up to ``bounds[r + 1]``.
    """
    import pyarrow as pa

    offsets = (np.asarray(bounds, dtype=np.int64) * array.strides[0]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(array))]
    return pa.Array.from_buffers(pa.binary(), len(offsets) - 1, buffers)


def from_cells(cells: pa.Array | pa.ChunkedArray, dtype: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the values of cells of bytes end to end, without a copy.

    Parameters
    ----------
    cells
        From `to_cells`.
    dtype
        Type of the values.

    Returns
    -------
    array, bounds
        As they were given to `to_cells`.
    """
    import pyarrow as pa

    whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    whole = whole.cast(pa.binary())
    _, offsets, data = whole.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[whole.offset : whole.offset + len(whole) + 1].astype(np.int64)
    if data is None or ends[0] == ends[-1]:
        return np.zeros(0, dtype), ends * 0
    size = np.dtype(dtype).itemsize
    return np.frombuffer(data, dtype, (ends[-1] - ends[0]) // size, int(ends[0])), (ends - ends[0]) // size


def counts_to_cells(counts: sparse.csr_array) -> list[pa.Array]:
    """Lay sparse counts into the columns `concepts` and `weights`, one table row for each of theirs."""
    indices, data = counts.indices.astype(np.int32), counts.data.astype(np.float64)
    return [to_cells(indices, counts.indptr), to_cells(data, counts.indptr)]


def counts_from_cells(table: pa.RecordBatch | pa.Table, n_concepts: int) -> sparse.csr_array:
    """Return the columns `concepts` and `weights` of a table as sparse counts.

    Parameters
    ----------
    table
        Its columns were made by `counts_to_cells`.
    n_concepts
        Size of the vocabulary.

    Returns
    -------
    csr_array of shape (n_rows, n_concepts)
    """
    indices, bounds = from_cells(table["concepts"], "int32")
    weights, _ = from_cells(table["weights"], "float64")
    return sparse.csr_array((weights, indices, bounds), shape=(len(bounds) - 1, n_concepts))


def fetch_rows(table: DataFrame, rows: NDArray[np.int64], n_rows: int) -> pa.Table:
    """Bring some rows of a table to the driver.

    Parameters
    ----------
    table
        Has a column `row`, counting from 0.
    rows : ndarray of int
        The wanted rows, sorted.
    n_rows
        How many there are in all.

    Returns
    -------
    pyarrow.Table
        In the order of `rows`.
    """
    import pyarrow as pa
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    if len(rows) < n_rows:
        wanted = table.sparkSession.createDataFrame(pa.table({"row": rows}))
        table = table.join(F.broadcast(wanted), "row")
    return table.toArrow().sort_by("row")

"""Rows of numbers as columns of bytes: how sparse counts and tables of topics lie in a Spark table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def names_of(columns: str) -> list[str]:
    """Name the columns of a table that is described in Spark's words."""
    return [column.split()[0] for column in columns.split(", ")]


def cells(values: NDArray[Any], ends: Sequence[int] | NDArray[Any]) -> pa.Array:
    """Lay an array into cells of bytes, without a copy; cell r has the values ``ends[r]`` to ``ends[r + 1]``."""
    import pyarrow as pa

    offsets = (np.asarray(ends, dtype=np.int64) * values.strides[0]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(values))]
    return pa.Array.from_buffers(pa.binary(), len(offsets) - 1, buffers)


def values(cells: pa.Array | pa.ChunkedArray, dtype: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the numbers of cells end to end, without a copy, and where each cell begins and the last ends."""
    import pyarrow as pa

    whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    whole = whole.cast(pa.binary())
    _, offsets, data = whole.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[whole.offset : whole.offset + len(whole) + 1].astype(np.int64)
    if data is None or ends[0] == ends[-1]:
        return np.zeros(0, dtype), ends * 0
    size = np.dtype(dtype).itemsize
    return np.frombuffer(data, dtype, (ends[-1] - ends[0]) // size, int(ends[0])), (ends - ends[0]) // size


def cells_of(counts: sparse.csr_array, ends: NDArray[Any]) -> list[pa.Array]:
    """Lay sparse counts into the columns `concepts` and `weights`, a row for the entries from each end to the next."""
    return [cells(counts.indices.astype(np.int32), ends), cells(counts.data.astype(np.float64), ends)]


def counts_of(table: pa.RecordBatch | pa.Table, n_concepts: int) -> sparse.csr_array:
    """Return the columns `concepts` and `weights` of a table as sparse counts, a row for each of its rows."""
    indices, ends = values(table["concepts"], "int32")
    weights, _ = values(table["weights"], "float64")
    return sparse.csr_array((weights, indices, ends), shape=(len(ends) - 1, n_concepts))

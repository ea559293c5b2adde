"""Finished work in a folder that every worker reaches, by what it was made from.

What is written there is not computed again: not when a worker is lost, since tables that are
read from the folder have no history, and not when the driver is started anew.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

# Bytes of a row in which a part of some arrays is kept.
PART = 2**23
DIGEST = 32
ARRAYS = "part bigint, content binary"


class Checkpoints:
    """Tables and arrays that are kept under names.

    Parameters
    ----------
    session
        What reads and writes.
    folder
        A folder or an address that Spark writes to from every worker.
    key
        Digest of all that the work depends on; another key is other work.
    """

    def __init__(self, session: SparkSession, folder: str, key: str) -> None:
        self._session, self._place = session, f"{folder.rstrip('/')}/{key}"

    def write(self, name: str, table: DataFrame) -> DataFrame:
        """Write a table down, in the place of an earlier one of that name, and return it as it is read from there."""
        table.write.mode("overwrite").parquet(f"{self._place}/{name}")
        return self.table(name, table.schema)

    def table(self, name: str, columns: str | StructType) -> DataFrame:
        """Return a table that has been written.

        Parameters
        ----------
        name
            Its name.
        columns
            Its columns, in Spark's words.
        """
        return self._session.read.schema(columns).parquet(f"{self._place}/{name}")

    def whole(self, name: str, columns: str, *, n: int) -> DataFrame | None:
        """Return a table of `n` rows, or None where it was not written, or not to its end."""
        try:
            table = self.table(name, columns)
            return table if table.count() == n else None
        except Exception:  # noqa: BLE001 - see `kept`
            return None

    def keep(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Write arrays down; whoever finds them finds all of them."""
        import pyarrow as pa

        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        content = buffer.getvalue()
        content = hashlib.sha256(content).digest() + content
        parts = [content[start : start + PART] for start in range(0, len(content), PART)]
        table = pa.table({"part": range(len(parts)), "content": parts})
        self._session.createDataFrame(table).coalesce(1).write.mode("overwrite").parquet(f"{self._place}/{name}")

    def kept(self, name: str) -> dict[str, NDArray[Any]] | None:
        """Return arrays that were kept, or None where there are none, or not all of them."""
        try:
            table = self.table(name, ARRAYS).toArrow().sort_by("part")
        except Exception:  # noqa: BLE001 - whatever a place that was never written to, or was cut, is answered with
            return None
        content = b"".join(table["content"].to_pylist())
        if hashlib.sha256(content[DIGEST:]).digest() != content[:DIGEST]:
            return None
        with np.load(io.BytesIO(content[DIGEST:]), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}

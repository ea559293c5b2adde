"""Finished work in a folder that every worker reaches, named by what it was made from.

What is written there is not computed again: not when a worker is lost, since tables that are
read from the folder have no history, and not when the driver is started anew.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.study.checkpoints import pack_step, unpack_step

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

    from rare_topics.study import StudyState
    from rare_topics.study.step import Step

# Arrays are written in rows of so many bytes: Spark holds a row in memory as a whole.
ROW_BYTES = 2**23
ARRAYS = "part bigint, content binary"
# Bytes of a sha256.
DIGEST_BYTES = 32


class SparkCheckpoints:
    """Finished steps of a fit, and tables, on a file system that all workers reach.

    Parameters
    ----------
    session
        Reads and writes them.
    folder
        A folder, or an address that Spark writes to from every worker.
    key
        Digest of all that the work depends on; another key is other work.
    """

    def __init__(self, session: SparkSession, folder: str, key: str) -> None:
        self._session, self._place = session, f"{folder.rstrip('/')}/{key}"

    def load(self, step: Step, state: StudyState) -> StudyState | None:
        """Return the state after a finished step; see `rare_topics.study.step.Checkpoints.load`."""
        try:
            table = self.read_table(f"step-{step.name}", ARRAYS).toArrow().sort_by("part")
        except Exception:  # noqa: BLE001 - each file system has an answer of its own where nothing was written
            return None
        content = b"".join(table["content"].to_pylist())
        if hashlib.sha256(content[DIGEST_BYTES:]).digest() != content[:DIGEST_BYTES]:
            return None
        with np.load(io.BytesIO(content[DIGEST_BYTES:]), allow_pickle=False) as arrays:
            return unpack_step(step, {name: arrays[name] for name in arrays.files}, state)

    def save(self, step: Step, state: StudyState) -> None:
        """Keep a finished step; see `rare_topics.study.step.Checkpoints.save`."""
        import pyarrow as pa

        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **pack_step(step, state))
        content = hashlib.sha256(buffer.getvalue()).digest() + buffer.getvalue()
        parts = [content[start : start + ROW_BYTES] for start in range(0, len(content), ROW_BYTES)]
        table = self._session.createDataFrame(pa.table({"part": range(len(parts)), "content": parts}))
        self.write_table(f"step-{step.name}", table.coalesce(1))

    def write_table(self, name: str, table: DataFrame) -> DataFrame:
        """Write a table in the place of an earlier one of that name, and return it as it is read from there.

        Parameters
        ----------
        name
            Its name.
        table
            Its rows.
        """
        table.write.mode("overwrite").parquet(f"{self._place}/{name}")
        return self.read_table(name, table.schema)

    def read_table(self, name: str, schema: str | StructType) -> DataFrame:
        """Return a table that was written.

        Parameters
        ----------
        name
            Its name.
        schema
            Its columns, in Spark's notation.
        """
        return self._session.read.schema(schema).parquet(f"{self._place}/{name}")

    def read_whole_table(self, name: str, schema: str, *, n_rows: int) -> DataFrame | None:
        """Return a table of `n_rows` rows, or None where it was not written, or not to its end.

        Parameters
        ----------
        name
            Its name.
        schema
            Its columns, in Spark's notation.
        n_rows
            How many rows it must have.
        """
        try:
            table = self.read_table(name, schema)
            return table if table.count() == n_rows else None
        except Exception:  # noqa: BLE001 - as in `load`
            return None

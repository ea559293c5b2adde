"""Readings that wait on disk until the whole vocabulary is known."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse

from rare_topics.vectorize.concept_counts import Reading
from rare_topics.vectorize.vocabulary import stacked, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray


class KeptReadings:
    """Counts of blocks of texts in a temporary file: memory holds one block at a time.

    What readings count over all their texts is not kept.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        self._names: list[list[str]] = []
        # Blocks share most of their concepts; each name is held once.
        self._once: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def append(self, reading: Reading) -> None:
        """Keep the counts of a block."""
        self._names.append([self._once.setdefault(name, name) for name in reading.concepts])
        for part in (reading.counts.data, reading.counts.indices, reading.counts.indptr):
            np.save(self._file, part, allow_pickle=False)

    def __iter__(self) -> Iterator[Reading]:
        """Read the blocks again, in their order."""
        self._file.seek(0)
        for names in self._names:
            data, indices, ends = (np.load(self._file, allow_pickle=False) for _ in range(3))
            counts = sparse.csr_array((data, indices, ends), shape=(len(ends) - 1, len(names)))
            yield Reading(names, counts, Counter(), Counter())

    def summed(self, count: Callable[[Reading], sparse.csr_array], groups: NDArray[np.int64]) -> sparse.csr_array:
        """Count every block, and add the rows of each group of texts up.

        Parameters
        ----------
        count
            Gives the counts of a block the columns that all have.
        groups : ndarray of shape (n_texts,)
            Group of each text, those of a group in one block.

        Returns
        -------
        csr_array of shape (n_groups, n_concepts)
        """
        parts, at = [], 0
        for reading in self:
            counts = count(reading)
            rows = groups[at : at + counts.shape[0]]
            parts.append(summed(counts, rows - rows[0], int(rows[-1] - rows[0]) + 1))
            at += len(rows)
        return stacked(parts)

"""Readings that wait on disk until the whole vocabulary is known."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
from scipy import sparse

from rare_topics.lexicon.reading import Reading


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

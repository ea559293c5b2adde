"""Order of the visits: a corpus cut into blocks, parts, batches and groups of pairs.

Blocks are visited one after the other, and the counts are renewed in between; the parts of a
block have words of their own and may be visited at once. Batches are few enough documents for
the cache. All of it follows from the corpus, never from the number of threads.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rare_topics.topics._kernels import Plan

LARGEST_BATCH = 1024
MOST_BLOCKS = 8
# With fewer pairs in a block than this for each word, exchanging counts costs more than it teaches.
PAIRS_PER_WORD = 4
MOST_PARTS = 4
# A smaller part is done before another thread has woken.
SMALLEST_PART = 8_192


class Part(NamedTuple):
    """What one thread visits in a block; as in `Plan`, with the number of pairs in each group."""

    documents: NDArray[np.int32]
    counts: NDArray[np.float32]
    words: NDArray[np.int32]
    lengths: NDArray[np.int64]
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]


def cut(documents: sparse.csr_matrix) -> Plan:
    """Plan the visits of documents (documents x words), in their order."""
    n_words, bounds = documents.shape[1], blocks_of(documents.indptr, documents.shape[1])
    n_parts = MOST_PARTS if documents.nnz >= SMALLEST_PART * MOST_PARTS * (len(bounds) - 1) else 1
    edges = _even(np.append(0, np.cumsum(np.bincount(documents.indices, minlength=n_words))), n_parts)
    parts = [part for first, last in pairwise(bounds) for part in _parts(documents, first, last, edges)]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    ends = np.cumsum([len(part.words) for part in parts])
    groups = np.stack([np.append(0, ends[:-1]), ends], axis=1).reshape(-1, n_parts, 2)
    starts = np.append(0, np.cumsum(columns[3]))
    return Plan(columns[0], columns[1], columns[2], starts, columns[4], columns[5], groups, bounds)


def blocks_of(ends: NDArray[Any], n_words: int) -> NDArray[np.int64]:
    """Cut documents into blocks; document d has the pairs ``ends[d]`` to ``ends[d + 1]``.

    Returns
    -------
    ndarray of shape (n_blocks + 1,)
        First document of each block.
    """
    n_blocks = int(np.clip(ends[-1] // (PAIRS_PER_WORD * n_words), 1, MOST_BLOCKS))
    return np.unique(_even(ends, n_blocks))


def _parts(documents: sparse.csr_matrix, first: int, last: int, edges: NDArray[np.int64]) -> list[Part]:
    starts = range(first, last, LARGEST_BATCH)
    batches = [documents[start : min(start + LARGEST_BATCH, last)].tocsc() for start in starts]
    return [_part(batches, starts, *span) for span in pairwise(edges)]


def _part(batches: list[sparse.csc_matrix], starts: range, low: int, high: int) -> Part:
    """Take the words from `low` to `high` out of every batch."""
    pairs = [slice(batch.indptr[low], batch.indptr[high]) for batch in batches]
    lengths = [np.diff(batch.indptr[low : high + 1]) for batch in batches]
    words = np.concatenate([np.flatnonzero(length) for length in lengths]) + low
    return Part(
        np.concatenate([b.indices[p] + s for b, p, s in zip(batches, pairs, starts, strict=True)], dtype=np.int32),
        np.concatenate([b.data[p] for b, p in zip(batches, pairs, strict=True)], dtype=np.float32),
        words.astype(np.int32),
        np.concatenate([length[length > 0] for length in lengths], dtype=np.int64),
        _firsts(words),
        _firsts(words[::-1])[::-1],
    )


def _firsts(words: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell where each word stands for the first time."""
    firsts = np.zeros(len(words), bool)
    firsts[np.unique(words, return_index=True)[1]] = True
    return firsts


def _even(ends: NDArray[Any], n_spans: int) -> NDArray[np.int64]:
    """Cut rows into spans of about as many entries; row r has the entries ``ends[r]`` to ``ends[r + 1]``."""
    targets = np.linspace(0, ends[-1], n_spans + 1)[1:-1]
    return np.array([0, *np.searchsorted(ends, targets), len(ends) - 1], np.int64)

"""Counts in the columns of one vocabulary, and their sums over groups of texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.vectorize.concept_counts import BlockCounts

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_INT32 = 2**31 - 1


@dataclass(frozen=True)
class Vocabulary:
    """Concepts that are counted, each with its column and weight.

    Attributes
    ----------
    columns
        Column of each concept.
    weights : ndarray of shape (n_concepts,)
        What a mention of each counts.
    """

    columns: Mapping[str, int]
    weights: NDArray[np.float64]

    def count(self, block: BlockCounts) -> sparse.csr_array:
        """Give the counts of a block the columns and weights of this vocabulary.

        Returns
        -------
        csr_array of shape (n_texts, n_concepts)
            With sorted indices; concepts outside the vocabulary are left out.
        """
        used = [number for number, name in enumerate(block.concepts) if name in self.columns]
        new_columns = np.array([self.columns[block.concepts[number]] for number in used], dtype=np.int32)
        counts = block.counts if len(used) == len(block.concepts) else sparse.csr_array(block.counts[:, used])
        columns = new_columns[counts.indices]
        entries = (counts.data * self.weights[columns], columns, counts.indptr)
        weighted = sparse.csr_array(entries, shape=(counts.shape[0], len(self.columns)))
        weighted.sort_indices()
        return weighted

    def count_groups(self, blocks: Iterable[BlockCounts], groups: NDArray[np.int64]) -> sparse.csr_array:
        """Count blocks, and add up the rows of each group of texts.

        Parameters
        ----------
        blocks
            Counts of consecutive texts.
        groups : ndarray of shape (n_texts,)
            Group of each text, 0 and on in their order, those of a group in one block.

        Returns
        -------
        csr_array of shape (n_groups, n_concepts)
        """
        parts = []
        start = 0
        for block in blocks:
            counts = self.count(block)
            rows = groups[start : start + counts.shape[0]]
            parts.append(sum_rows_by_group(counts, rows - rows[0], int(rows[-1] - rows[0]) + 1))
            start += len(rows)
        return _stack_rows(parts)


def sum_rows_by_group(counts: sparse.csr_array, groups: NDArray[np.int64], n_groups: int) -> sparse.csr_array:
    """Add up the counts of texts to those of their groups, as of passages to articles.

    Parameters
    ----------
    counts : csr_array of shape (n_texts, n_concepts)
        Counts.
    groups : ndarray of shape (n_texts,)
        Group of each text, 0 and on.
    n_groups
        Number of groups; one without a text gets a row of zeros.

    Returns
    -------
    csr_array of shape (n_groups, n_concepts)
    """
    n_texts = len(groups)
    entries = (np.ones(n_texts), (groups, np.arange(n_texts)))
    return sparse.csr_array(sparse.csr_array(entries, shape=(n_groups, n_texts)) @ counts)


def _stack_rows(parts: list[sparse.csr_array]) -> sparse.csr_array:
    """Stack counts; the list is emptied on the way, so that memory does not hold everything twice."""
    sizes = [np.diff(part.indptr) for part in parts]
    n_entries = sum(part.nnz for part in parts)
    shape = (sum(part.shape[0] for part in parts), parts[0].shape[1])
    data, indices = np.empty(n_entries), np.empty(n_entries, dtype=np.int32)
    start = 0
    while parts:
        part = parts.pop(0)
        end = start + part.nnz
        data[start:end] = part.data
        indices[start:end] = part.indices
        start = end
    indptr = np.append(0, np.cumsum(np.concatenate(sizes)))
    indptr = indptr.astype(np.int32 if n_entries < LARGEST_INT32 else np.int64)
    return sparse.csr_array((data, indices, indptr), shape)

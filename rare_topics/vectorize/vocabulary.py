"""The concepts that are counted, each in its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.vectorize.concept_counts import Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_IN_32_BITS = 2**31 - 1


@dataclass(frozen=True)
class Vocabulary:
    """Concepts that are counted, and what they count.

    Attributes
    ----------
    columns
        Column of each concept.
    weights : ndarray of shape (n_concepts,)
        What a mention of each counts.
    """

    columns: Mapping[str, int]
    weights: NDArray[np.float64]

    def count(self, reading: Reading) -> sparse.csr_array:
        """Give what texts name its columns and weights.

        Returns
        -------
        csr_array of shape (n_texts, n_concepts)
            Rows in the order of their columns; concepts that are not known are left out.
        """
        known = [number for number, name in enumerate(reading.concepts) if name in self.columns]
        places = np.array([self.columns[reading.concepts[number]] for number in known], dtype=np.int32)
        chosen = reading.counts if len(known) == len(reading.concepts) else sparse.csr_array(reading.counts[:, known])
        columns = places[chosen.indices]
        weighted = (chosen.data * self.weights[columns], columns, chosen.indptr)
        counts = sparse.csr_array(weighted, shape=(chosen.shape[0], len(self.columns)))
        counts.sort_indices()
        return counts


def summed(counts: sparse.csr_array, groups: NDArray[np.int64], n_groups: int) -> sparse.csr_array:
    """Add the counts of texts up to those of their groups, as passages to articles."""
    n_texts = len(groups)
    entries = (np.ones(n_texts), (groups, np.arange(n_texts)))
    return sparse.csr_array(sparse.csr_array(entries, shape=(n_groups, n_texts)) @ counts)


def stacked(parts: list[sparse.csr_array]) -> sparse.csr_array:
    """Lay counts under each other, in numbers of 32 bits where these are enough; the parts are used up."""
    sizes = [np.diff(part.indptr) for part in parts]
    n_entries = sum(part.nnz for part in parts)
    shape = (sum(part.shape[0] for part in parts), parts[0].shape[1])
    data, indices = np.empty(n_entries), np.empty(n_entries, dtype=np.int32)
    at = 0
    while parts:
        part = parts.pop(0)
        data[at : at + part.nnz], indices[at : at + part.nnz] = part.data, part.indices
        at += part.nnz
    ends = np.append(0, np.cumsum(np.concatenate(sizes)))
    return sparse.csr_array((data, indices, ends.astype(np.int32 if n_entries < MOST_IN_32_BITS else np.int64)), shape)

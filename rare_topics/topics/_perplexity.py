"""Document completion (Wallach et al. 2009): half of a document's words predict the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def halves(documents: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Part each row's entries alternately into observed and held-out ones."""
    documents = documents.copy()
    documents.eliminate_zeros()
    position = np.arange(documents.nnz) - np.repeat(documents.indptr[:-1], np.diff(documents.indptr))
    parts = []
    for parity in (1, 0):
        half = documents.copy()
        half.data[position % 2 != parity] = 0
        half.eliminate_zeros()
        parts.append(half)
    return parts[0], parts[1]


def perplexity(held_out: sparse.csr_matrix, *, mixtures: NDArray[np.float64], topic_term: NDArray[np.float64]) -> float:
    """Perplexity per held-out word; infinite where no topic knows a word."""
    rows = np.repeat(np.arange(held_out.shape[0]), np.diff(held_out.indptr))
    likelihood = np.zeros(held_out.nnz)
    for mixture, topic in zip(mixtures.T, topic_term, strict=True):
        likelihood += mixture[rows] * topic[held_out.indices]
    with np.errstate(divide="ignore"):
        return float(np.exp(-np.average(np.log(likelihood), weights=held_out.data)))

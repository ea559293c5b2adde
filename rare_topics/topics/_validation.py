"""What may come in: counts of words, topics, and the prior of the mixtures."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

# Rows of float32 probabilities over a large vocabulary miss 1 by about this much.
ROW_TOLERANCE = 1e-4


def word_counts(model: BaseEstimator, X: ArrayLike | sparse.spmatrix, *, reset: bool) -> sparse.csr_matrix:
    """Return `X` as sorted rows of float32; `reset` lets it say how many words there are."""
    checked = validate_data(model, X, reset=reset, accept_sparse="csr", dtype=np.float32)
    counts = sparse.csr_matrix(checked)
    if not counts.has_canonical_format:
        counts = counts.copy() if sparse.issparse(X) else counts
        counts.sum_duplicates()
    if counts.nnz and counts.data.min() < 0:
        raise ValueError(
            "Negative values in data passed to TopicModel: expected counts of 0 or more, "
            f"got {counts.data.min():g}; pass counts of words, neither centred nor logged"
        )
    return counts


def require_words(documents: sparse.csr_matrix) -> None:
    """Refuse documents that are all empty."""
    if documents.sum() == 0:
        raise ValueError(
            f"expected at least one word, got {documents.shape[0]} empty documents; "
            "check the vectorizer's vocabulary and frequency limits"
        )


def word_probabilities(topic_term: ArrayLike) -> NDArray[np.float64]:
    """Return a copy of topics, of shape (n_topics, n_features), each row a distribution."""
    topics = np.array(topic_term, dtype=np.float64)
    if topics.ndim != 2 or topics.size == 0:  # noqa: PLR2004 -- rows and columns
        raise ValueError(
            f"topic_term: expected shape (n_topics, n_features), got {topics.shape}; pass one row per topic"
        )
    if not (topics >= 0).all():
        raise ValueError(
            f"topic_term: expected probabilities of 0 or more, got {topics.min():g}; pass neither logs nor gaps"
        )
    sums = topics.sum(axis=1)
    worst = int(np.abs(sums - 1).argmax())
    if abs(sums[worst] - 1) > ROW_TOLERANCE:
        raise ValueError(
            f"topic_term: expected rows that sum to 1, got {sums[worst]:g} in row {worst}; divide each row by its sum"
        )
    return topics


def mixture_prior(alpha: float | ArrayLike | None, n_topics: int) -> NDArray[np.float64]:
    """Return one alpha per topic."""
    prior = np.asarray(1 / n_topics if alpha is None else alpha, dtype=np.float64)
    if prior.shape not in {(), (n_topics,)} or not (prior > 0).all():
        raise ValueError(f"alpha: expected one number above 0 or n_topics={n_topics} of them, got {alpha!r}")
    return np.broadcast_to(prior, n_topics)

"""Checks of what is given to a model: counts of words, topics, and the prior of the mixtures."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

# Rows of float32 probabilities over a large vocabulary miss 1 by about this much.
ROW_TOLERANCE = 1e-4


def check_counts(model: BaseEstimator, X: ArrayLike | sparse.spmatrix, *, reset: bool) -> sparse.csr_matrix:
    """Check counts of words and return them as sorted rows of float32.

    Parameters
    ----------
    model
        Has `n_features_in_`, unless `reset`.
    X : array-like or sparse matrix of shape (n_documents, n_words)
        Counts.
    reset
        Whether `X` sets the model's `n_features_in_`.

    Returns
    -------
    csr_matrix of float32
        The counts; `X` is left as it is.

    Raises
    ------
    ValueError
        If a count is negative or missing, or the number of words another.
    """
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
    """Raise ValueError if all documents are empty."""
    if documents.sum() == 0:
        raise ValueError(
            f"expected at least one word, got {documents.shape[0]} empty documents; "
            "check the vectorizer's vocabulary and frequency limits"
        )


def check_topics(topic_term: ArrayLike) -> NDArray[np.float64]:
    """Check topics, of shape (n_topics, n_features), rows of which sum to 1, and return a copy."""
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


def check_alpha(alpha: float | ArrayLike | None, n_topics: int) -> NDArray[np.float64]:
    """Check the prior of the mixtures.

    Parameters
    ----------
    alpha
        One number for all topics, or one for each; None means 1 / `n_topics`.
    n_topics
        Number of topics.

    Returns
    -------
    ndarray of shape (n_topics,)
        One alpha per topic.

    Raises
    ------
    ValueError
        If a number is not above 0, or there are too few or many.
    """
    prior = np.asarray(1 / n_topics if alpha is None else alpha, dtype=np.float64)
    if prior.shape not in {(), (n_topics,)} or not (prior > 0).all():
        raise ValueError(f"alpha: expected one number above 0 or n_topics={n_topics} of them, got {alpha!r}")
    return np.broadcast_to(prior, n_topics)

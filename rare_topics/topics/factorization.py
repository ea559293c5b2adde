"""Topics as the parts of a non-negative factorisation of TF-IDF (Lee and Seung 1999)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.decomposition import non_negative_factorization
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of a fit of one resample.
MAX_ITERATIONS, TOLERANCE = 30, 1e-3
# Rounds over the topics in which the mixtures of given topics are found; after some thirty they stand still.
MIXTURE_ROUNDS = 60
TINY = 1e-12


def inverse_document_frequencies(counts: sparse.csr_matrix) -> NDArray[np.float64]:
    """Weigh words by their rarity; words of a single document weigh 0, since they connect nothing.

    Parameters
    ----------
    counts : csr_matrix of shape (n_documents, n_words)
        Counts.

    Returns
    -------
    ndarray of shape (n_words,)
    """
    document_frequencies = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(TfidfTransformer().fit(counts).idf_ * (document_frequencies > 1))


def tfidf(counts: sparse.csr_matrix, idf: NDArray[np.float64]) -> sparse.csr_matrix:
    """Weigh the logarithm of 1 + count by `idf`, and scale rows to length 1.

    Parameters
    ----------
    counts : csr_matrix of shape (n_documents, n_words)
        Counts.
    idf : ndarray of shape (n_words,)
        Weights of the words.

    Returns
    -------
    csr_matrix of shape (n_documents, n_words)
        Without stored zeros.
    """
    weights = sparse.csr_matrix(
        (np.log1p(counts.data) * idf[counts.indices], counts.indices.copy(), counts.indptr.copy()), shape=counts.shape
    )
    weights.eliminate_zeros()
    return normalize(weights)


def learn_parts(weights: sparse.csr_matrix, n_topics: int, *, random_state: int) -> NDArray[np.float64]:
    """Factor rows into parts.

    Parameters
    ----------
    weights : csr_matrix of shape (n_documents, n_words)
        From `tfidf`.
    n_topics
        Number of parts.
    random_state
        Seed of the singular vectors that the search starts from.

    Returns
    -------
    ndarray of shape (n_topics, n_words)
        Rows sum to 1, or to 0 where there are fewer parts.
    """
    words = np.flatnonzero(np.bincount(weights.indices, minlength=weights.shape[1]))
    topics = np.zeros((n_topics, weights.shape[1]))
    n_parts = min(n_topics, len(words), weights.shape[0])
    if n_parts:
        # The function, not the class NMF, which takes the root of an error that rounding makes negative.
        _, parts, _ = non_negative_factorization(
            weights[:, words].astype(np.float64),
            n_components=n_parts,
            init="nndsvda",
            tol=TOLERANCE,
            max_iter=MAX_ITERATIONS,
            random_state=random_state,
        )
        topics[:n_parts, words] = normalize(parts, norm="l1")
    return topics


def part_mixtures(weights: sparse.csr_matrix, topics: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the mixtures of given parts that come nearest to rows, each row by itself.

    Coordinate descent for non-negative least squares (Cichocki and Phan 2009), in a fixed number
    of rounds, so that the answer for a row does not depend on the other rows.

    Parameters
    ----------
    weights : csr_matrix of shape (n_documents, n_words)
        From `tfidf`.
    topics : ndarray of shape (n_topics, n_words)
        Rows sum to 1.

    Returns
    -------
    ndarray of shape (n_documents, n_topics)
        Rows sum to 1: shares of the TF-IDF that the parts explain; equal ones for a row that
        they do not explain at all.
    """
    n_topics = len(topics)
    gram = topics @ topics.T
    target = np.asarray(weights @ topics.T)
    scale = np.maximum(gram.diagonal(), TINY)
    mixtures = target / scale / n_topics
    for _ in range(MIXTURE_ROUNDS):
        for topic in range(n_topics):
            step = (target[:, topic] - mixtures @ gram[topic]) / scale[topic]
            mixtures[:, topic] = np.maximum(0, mixtures[:, topic] + step)
    totals = mixtures.sum(axis=1, keepdims=True)
    is_explained = totals > TINY
    return np.where(is_explained, mixtures / np.where(is_explained, totals, 1), 1 / n_topics)

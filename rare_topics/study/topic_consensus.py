"""Topics that are learned from a given start: those that somebody has seeded, and the parts of one that is split."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

from rare_topics.topics.factorization import MAX_ITERATIONS, TOLERANCE, learn_parts, part_mixtures
from rare_topics.topics.lda import TopicModel, learn_topics

# As for the topics of a study: fits, share of the articles in each, cosine from which a topic has come back.
N_RUNS = 20
SUBSAMPLE = 0.8
MIN_SIMILARITY = 0.5
PERCENTAGES = (5, 95)
# Probability, before normalising, of a word that no fit gave to a topic.
MIN_PROBABILITY = 1e-7


class TopicDocuments(NamedTuple):
    """What topics are learned from.

    Attributes
    ----------
    rows : csr_matrix of shape (n_documents, n_words)
        Counts, for LDA; TF-IDF, for a factorisation.
    groups : ndarray of shape (n_documents,)
        Article of each document.
    mixtures : ndarray of shape (n_documents, n_topics)
        What each is made of now.
    """

    rows: sparse.csr_matrix
    groups: NDArray[np.int64]
    mixtures: NDArray[np.float64]


class ConsensusTopics(NamedTuple):
    """Topics with what resamples of the articles say of them.

    Attributes
    ----------
    topic_term, low, high : ndarray of shape (n_topics, n_words)
        Mean over the fits, and its 5th and 95th percentile.
    stability : ndarray of shape (n_topics,)
        Share of the fits that have come to the topic again.
    """

    topic_term: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    stability: NDArray[np.float64]


def learn_from(
    start: NDArray[np.float64],
    documents: sparse.csr_matrix,
    groups: NDArray[np.int64],
    *,
    method: str,
    random_state: int,
) -> ConsensusTopics:
    """Learn topics from a start, again and again on random parts of the articles.

    Parameters
    ----------
    start : ndarray of shape (n_topics, n_words)
        Probabilities; rows sum to 1. Each fit begins there, so topics need not be matched.
    documents : csr_matrix of shape (n_documents, n_words)
        Counts, or TF-IDF.
    groups : ndarray of shape (n_documents,)
        Article of each document.
    method
        ``"lda"`` or ``"nmf"``.
    random_state
        Seed.
    """
    rng = np.random.default_rng(random_state)
    articles = np.unique(groups)
    n_drawn = max(1, round(SUBSAMPLE * len(articles)))
    # Of no word may a topic know that it is impossible.
    start = np.asarray(normalize(start + MIN_PROBABILITY, norm="l1"))
    runs = []
    for _ in range(N_RUNS):
        drawn = rng.permutation(articles)[:n_drawn]
        rows = sparse.csr_matrix(documents[np.flatnonzero(np.isin(groups, drawn))])
        seed = int(rng.integers(2**31))
        runs.append(learn_once(rows, start, method=method, random_state=seed) if rows.nnz else start)
    stacked = np.array(runs)
    mean = np.asarray(normalize(stacked.mean(axis=0) + MIN_PROBABILITY, norm="l1"))
    unit = normalize(mean)
    similarity = np.array([(normalize(run) * unit).sum(axis=1) for run in runs])
    low, high = np.percentile(stacked, PERCENTAGES, axis=0)
    return ConsensusTopics(mean, low, high, (similarity >= MIN_SIMILARITY).mean(axis=0))


def learn_once(
    rows: sparse.csr_matrix, start: NDArray[np.float64], *, method: str, random_state: int
) -> NDArray[np.float64]:
    """Learn topics from a start; of shape (n_topics, n_words), rows sum to 1."""
    if method == "lda":
        return learn_topics(rows, len(start), random_state=random_state, start=start)
    weights = rows.astype(np.float64)
    mixtures = part_mixtures(weights, start)
    model = NMF(len(start), init="custom", tol=TOLERANCE, max_iter=MAX_ITERATIONS, random_state=random_state)
    with warnings.catch_warnings():
        # The fits are averaged, so that the last digits of one do not matter.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit_transform(weights, W=np.ascontiguousarray(mixtures), H=np.ascontiguousarray(start))
    found = np.asarray(normalize(model.components_, norm="l1"))
    return np.asarray(np.where(found.sum(axis=1, keepdims=True) > 0, found, start))


def learn_freely(rows: sparse.csr_matrix, n_topics: int, *, method: str, random_state: int) -> NDArray[np.float64]:
    """Learn so many topics; of shape (n_topics, n_words), rows sum to 1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        learn = learn_parts if method == "nmf" else learn_topics
        return learn(rows, n_topics, random_state=random_state)


def mixtures_of(rows: sparse.csr_matrix, topic_term: NDArray[np.float64], *, method: str) -> NDArray[np.float64]:
    """Find the mixtures of rows, the topics held fixed; of shape (n_documents, n_topics), rows sum to 1."""
    return part_mixtures(rows, topic_term) if method == "nmf" else TopicModel().with_topics(topic_term).transform(rows)

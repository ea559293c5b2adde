"""Topics that are learned from a given start: those that somebody has seeded, and the parts of one that is split."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.preprocessing import normalize

from rare_topics.topics.lda import learn_topics

# As for the topics of a study: fits, share of the articles in each, cosine from which a topic has come back.
N_RUNS = 20
SUBSAMPLE = 0.8
MIN_SIMILARITY = 0.5
PERCENTAGES = (5, 95)
# Probability, before normalising, of a word that no fit gave to a topic.
MIN_PROBABILITY = 1e-7


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
    start: NDArray[np.float64], documents: sparse.csr_array, groups: NDArray[np.int64], *, random_state: int
) -> ConsensusTopics:
    """Learn topics from a start, again and again on random parts of the articles.

    Parameters
    ----------
    start : ndarray of shape (n_topics, n_words)
        Probabilities; rows sum to 1. Each fit begins there, so topics need not be matched.
    documents : csr_array of shape (n_documents, n_words)
        Counts.
    groups : ndarray of shape (n_documents,)
        Article of each document.
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
        rows = documents[np.flatnonzero(np.isin(groups, drawn))]
        seed = int(rng.integers(2**31))
        runs.append(
            learn_topics(sparse.csr_matrix(rows), len(start), random_state=seed, start=start) if rows.nnz else start
        )
    stacked = np.array(runs)
    mean = np.asarray(normalize(stacked.mean(axis=0) + MIN_PROBABILITY, norm="l1"))
    unit = normalize(mean)
    similarity = np.array([(normalize(run) * unit).sum(axis=1) for run in runs])
    low, high = np.percentile(stacked, PERCENTAGES, axis=0)
    return ConsensusTopics(mean, low, high, (similarity >= MIN_SIMILARITY).mean(axis=0))

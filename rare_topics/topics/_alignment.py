"""Topics of many fits matched to each other, one to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

# Rounds of assigning and averaging.
MATCHING_ROUNDS = 3
# Words compared at a time, in all fits: whole topics of several fits are never held side by side.
WORDS_PER_CHUNK = 8192
# A smaller squared length is the rounding error of zero.
ROUNDING_ERROR = 1e-12


class MatchedTopics(NamedTuple):
    """The topics of many fits, one to one.

    Attributes
    ----------
    runs : sequence of ndarray of shape (n_topics, n_concepts)
        Word distributions of each fit, in its own order.
    orders : ndarray of shape (n_runs, n_topics)
        Which topic of each fit is matched topic k.
    similarity : ndarray of shape (n_runs, n_topics)
        Cosine of each topic with the mean of its matches; see `match_topics`.
    min_similarity : float
        Cosine from which a topic of a fit is the matched topic.
    """

    runs: Sequence[NDArray[np.float64]]
    orders: NDArray[np.int64]
    similarity: NDArray[np.float64]
    min_similarity: float

    @property
    def stability(self) -> NDArray[np.float64]:
        """Share of the fits that have each topic, of shape (n_topics,)."""
        return np.asarray((self.similarity >= self.min_similarity).mean(axis=0))

    def mean(self, topics: NDArray[np.int64]) -> NDArray[np.float64]:
        """Average matched topics over the fits, of shape (len(topics), n_concepts)."""
        return np.concatenate([chunk.mean(axis=0) for chunk in self._aligned_chunks(topics)], axis=1)

    def percentiles(self, topics: NDArray[np.int64], *, percentages: Sequence[float]) -> NDArray[np.float64]:
        """Compute percentiles of matched topics over the fits.

        Parameters
        ----------
        topics
            Numbers of the matched topics.
        percentages
            Percentiles, 0 to 100.

        Returns
        -------
        ndarray of shape (len(percentages), len(topics), n_concepts)
            A table for each percentile.
        """
        chunks = [np.percentile(chunk, percentages, axis=0) for chunk in self._aligned_chunks(topics)]
        return np.concatenate(chunks, axis=2)

    def _aligned_chunks(self, topics: NDArray[np.int64]) -> Iterator[NDArray[np.float64]]:
        """Yield arrays of shape (n_runs, len(topics), n_words), some words at a time."""
        orders = self.orders[:, topics]
        for words in _word_chunks(self.runs[0].shape[1]):
            yield np.array([run[order, words] for run, order in zip(self.runs, orders, strict=True)])


def match_topics(
    runs: Sequence[NDArray[np.float64]], word_shares: NDArray[np.float64], *, min_similarity: float = 0.5
) -> MatchedTopics:
    """Match the topics of many fits one to one.

    Two topics are compared by the cosine of the square roots of their distributions, after the
    direction of the corpus as a whole has been removed from both. Matching starts from the fit
    that the others resemble most and alternates between assigning (Hungarian method; Kuhn 1955)
    and averaging.

    Parameters
    ----------
    runs : sequence of ndarray of shape (n_topics, n_concepts)
        Word distributions of each fit.
    word_shares : ndarray of shape (n_concepts,)
        Share of each concept in the corpus.
    min_similarity
        Cosine from which a topic of a fit is the matched topic, see `MatchedTopics.stability`;
        the default was chosen by hand.

    Returns
    -------
    MatchedTopics
        The topics in the order of the first matching.
    """
    cosines = _cosines(runs, word_shares)
    similarity = cosines[_medoid(cosines)]
    for _ in range(MATCHING_ROUNDS):
        orders = np.array([_assignment(of_run) for of_run in similarity])
        similarity = _similarity_to_means(cosines, orders)
    of_matches = np.take_along_axis(similarity, orders[:, :, None], axis=2)[:, :, 0]
    return MatchedTopics(runs, orders, of_matches, min_similarity)


def _cosines(runs: Sequence[NDArray[np.float64]], word_shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compare the topics of all fits, without the part that the corpus as a whole explains.

    Returns
    -------
    ndarray of shape (n_runs, n_runs, n_topics, n_topics)
        Cosine of each topic of a fit with each of another; 0 for a topic that is the corpus.
    """
    n_runs, (n_topics, n_words) = len(runs), runs[0].shape
    inner_products = np.zeros((n_runs * n_topics,) * 2)
    along_corpus = np.zeros(n_runs * n_topics)
    # A single topic is the corpus as a whole, and comes back in every fit.
    corpus_direction = np.sqrt(word_shares) * (n_topics > 1)
    for words in _word_chunks(n_words):
        roots = np.sqrt(np.concatenate([run[:, words] for run in runs]))
        inner_products += roots @ roots.T
        along_corpus += roots @ corpus_direction[words]
    inner_products -= np.outer(along_corpus, along_corpus) * (2 - corpus_direction @ corpus_direction)
    squares = inner_products.diagonal()
    scale = np.where(squares > ROUNDING_ERROR, 1 / np.sqrt(np.maximum(squares, ROUNDING_ERROR)), 0)
    cosines = (inner_products * np.outer(scale, scale)).reshape(n_runs, n_topics, n_runs, n_topics)
    return np.ascontiguousarray(cosines.transpose(0, 2, 1, 3))


def _medoid(cosines: NDArray[np.float64]) -> int:
    """Find the fit that all others resemble most."""
    every_topic = np.arange(cosines.shape[2])
    totals = [sum(float(pair[every_topic, _assignment(pair)].sum()) for pair in of_run) for of_run in cosines]
    return int(np.argmax(totals))


def _assignment(cosines: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give each row the column of its match."""
    return np.asarray(linear_sum_assignment(-cosines)[1])


def _similarity_to_means(cosines: NDArray[np.float64], orders: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compare the means of matched topics with the topics of each fit, of shape (n_runs, n_topics, n_topics)."""
    every_run = np.arange(len(orders))[:, None]
    sums = cosines[every_run, :, orders].sum(axis=0).transpose(1, 0, 2)
    squares = np.take_along_axis(sums, orders[:, :, None], axis=2).sum(axis=0)
    return np.asarray(sums / np.sqrt(np.where(squares > ROUNDING_ERROR, squares, 1)))


def _word_chunks(n_words: int) -> Iterator[slice]:
    return (slice(start, start + WORDS_PER_CHUNK) for start in range(0, n_words, WORDS_PER_CHUNK))

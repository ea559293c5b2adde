"""Topics of many fits matched to each other, one to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

# Topics are compared by what they say beyond the corpus as a whole; above this they are the same one.
SAME_TOPIC = 0.5
MATCHING_ROUNDS = 3
# Words looked at together, in all fits: the tables of several fits are never laid side by side whole.
WORDS = 8192
# A squared length that is nothing but rounding.
NOTHING = 1e-12


class Matched(NamedTuple):
    """The topics of many fits, one to one.

    Attributes
    ----------
    runs : sequence of ndarray of shape (n_topics, n_concepts)
        Word distributions of each fit, in its own order.
    orders : ndarray of shape (n_runs, n_topics)
        Which of its topics is topic k of all, for each fit.
    likeness : ndarray of shape (n_runs, n_topics)
        Cosine of each topic with the mean of its matches, beyond the corpus as a whole.
    """

    runs: Sequence[NDArray[np.float64]]
    orders: NDArray[np.int64]
    likeness: NDArray[np.float64]

    @property
    def stability(self) -> NDArray[np.float64]:
        """Share of the fits that hold each topic, of shape (n_topics,)."""
        return np.asarray((self.likeness >= SAME_TOPIC).mean(axis=0))

    def mean(self, wanted: NDArray[np.int64]) -> NDArray[np.float64]:
        """Average topics over the fits, of shape (n_wanted, n_concepts)."""
        return np.concatenate([part.mean(axis=0) for part in self._parts(wanted)], axis=1)

    def percentiles(self, wanted: NDArray[np.int64], of: Sequence[float]) -> NDArray[np.float64]:
        """Find percentiles over the fits, of shape (n_percentiles, n_wanted, n_concepts)."""
        return np.concatenate([np.percentile(part, of, axis=0) for part in self._parts(wanted)], axis=2)

    def _parts(self, wanted: NDArray[np.int64]) -> Iterator[NDArray[np.float64]]:
        """Lay matched topics of all fits side by side, some of their words at a time."""
        for words in _spans(self.runs[0].shape[1]):
            yield np.array([run[order, words] for run, order in zip(self.runs, self.orders[:, wanted], strict=True)])


def match(runs: Sequence[NDArray[np.float64]], share: NDArray[np.float64]) -> Matched:
    """Match the topics of many fits one to one.

    Starts from the fit that the others resemble most and alternates between assigning
    (Hungarian method; Kuhn 1955) and averaging.

    Parameters
    ----------
    runs : sequence of ndarray of shape (n_topics, n_concepts)
        Word distributions of each fit.
    share : ndarray of shape (n_concepts,)
        Share of each concept in the corpus.

    Returns
    -------
    Matched
        The topics in the order of the first matching.
    """
    cosines = _cosines(runs, share)
    likeness = cosines[_medoid(cosines)]
    for _ in range(MATCHING_ROUNDS):
        orders = np.array([_assignment(to_topics) for to_topics in likeness])
        likeness = _to_means(cosines, orders)
    return Matched(runs, orders, np.take_along_axis(likeness, orders[:, :, None], axis=2)[:, :, 0])


def _cosines(runs: Sequence[NDArray[np.float64]], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compare square roots of the distributions, without the part that the corpus as a whole explains.

    Returns
    -------
    ndarray of shape (n_runs, n_runs, n_topics, n_topics)
        Cosine of each topic of a fit with each of another, 0 for one that says nothing of its own.
    """
    n_runs, (n_topics, n_words) = len(runs), runs[0].shape
    inner, along = np.zeros((n_runs * n_topics,) * 2), np.zeros(n_runs * n_topics)
    # The only topic is the corpus as a whole, and comes back every time.
    base = np.sqrt(share) * (n_topics > 1)
    for words in _spans(n_words):
        roots = np.sqrt(np.concatenate([run[:, words] for run in runs]))
        inner += roots @ roots.T
        along += roots @ base[words]
    inner -= np.outer(along, along) * (2 - base @ base)
    squares = inner.diagonal()
    scale = np.where(squares > NOTHING, 1 / np.sqrt(np.maximum(squares, NOTHING)), 0)
    cosines = (inner * np.outer(scale, scale)).reshape(n_runs, n_topics, n_runs, n_topics)
    return np.ascontiguousarray(cosines.transpose(0, 2, 1, 3))


def _medoid(cosines: NDArray[np.float64]) -> int:
    """Find the fit that all others resemble most."""
    every = np.arange(cosines.shape[2])
    return int(np.argmax([sum(float(to[every, _assignment(to)].sum()) for to in run) for run in cosines]))


def _assignment(cosines: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give each row the column of its match."""
    return np.asarray(linear_sum_assignment(-cosines)[1])


def _to_means(cosines: NDArray[np.float64], orders: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compare the means of matched topics with the topics of each fit, of shape (n_runs, n_topics, n_topics)."""
    every = np.arange(len(orders))[:, None]
    sums = cosines[every, :, orders].sum(axis=0).transpose(1, 0, 2)
    squares = np.take_along_axis(sums, orders[:, :, None], axis=2).sum(axis=0)
    return np.asarray(sums / np.sqrt(np.where(squares > NOTHING, squares, 1)))


def _spans(n_words: int) -> Iterator[slice]:
    return (slice(start, start + WORDS) for start in range(0, n_words, WORDS))

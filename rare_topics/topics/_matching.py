"""Topics of many fits matched to each other, one to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

# Topics are compared by what they say beyond the corpus as a whole; above this they are the same one.
SAME_TOPIC = 0.5
MATCHING_ROUNDS = 3


class Matched(NamedTuple):
    """The topics of many fits, one to one.

    Attributes
    ----------
    topics : ndarray of shape (n_runs, n_topics, n_concepts)
        Word distributions; topic k of every fit is the same topic.
    likeness : ndarray of shape (n_runs, n_topics)
        Cosine of each topic with the mean of its matches, beyond the corpus as a whole.
    """

    topics: NDArray[np.float64]
    likeness: NDArray[np.float64]

    @property
    def stability(self) -> NDArray[np.float64]:
        """Share of the fits that hold each topic, of shape (n_topics,)."""
        return np.asarray((self.likeness >= SAME_TOPIC).mean(axis=0))


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
    contrasts = [_contrast(run, share) for run in runs]
    center = contrasts[_medoid(contrasts)]
    orders: list[NDArray[np.int64]] = []
    for _ in range(MATCHING_ROUNDS):
        orders = [_assignment(center, contrast) for contrast in contrasts]
        center = _to_length_one(np.mean([one[order] for one, order in zip(contrasts, orders, strict=True)], axis=0))
    topics = np.array([run[order] for run, order in zip(runs, orders, strict=True)])
    likeness = np.array([(center * one[order]).sum(axis=1) for one, order in zip(contrasts, orders, strict=True)])
    return Matched(topics, likeness)


def _contrast(topics: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Square roots of the distributions, without the part that the corpus as a whole explains."""
    roots, base = np.sqrt(topics), np.sqrt(share)
    if len(topics) == 1:
        # The only topic is the corpus as a whole, and comes back every time.
        return _to_length_one(roots)
    return _to_length_one(roots - np.outer(roots @ base, base))


def _medoid(contrasts: Sequence[NDArray[np.float64]]) -> int:
    agreement = [sum(float((a * b[_assignment(a, b)]).sum()) for b in contrasts) for a in contrasts]
    return int(np.argmax(agreement))


def _assignment(center: NDArray[np.float64], contrast: NDArray[np.float64]) -> NDArray[np.int64]:
    _, order = linear_sum_assignment(-(center @ contrast.T))
    return np.asarray(order)


def _to_length_one(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1))

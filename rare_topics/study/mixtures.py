"""Mixtures of articles from those of their passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def mean_mixtures(
    mixtures: NDArray[np.float64], lengths: NDArray[np.float64], article_of_passage: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Average the topic mixtures of each article's passages, each weighted by its length.

    Parameters
    ----------
    mixtures : ndarray of shape (n_passages, n_topics)
    lengths : ndarray of shape (n_passages,)
        Total count of each passage.
    article_of_passage : ndarray of int, shape (n_passages,)

    Returns
    -------
    ndarray of shape (n_articles, n_topics)
        Rows add up to 1.
    """
    totals = np.zeros((article_of_passage.max() + 1, mixtures.shape[1]))
    np.add.at(totals, article_of_passage, mixtures * np.maximum(lengths, 1e-9)[:, None])
    return np.asarray(totals / totals.sum(axis=1, keepdims=True))

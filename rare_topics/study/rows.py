"""From passages to their articles, and rows of old and new articles in one order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.corpus.corpus import Corpus


def article_of_passages(corpus: Corpus) -> NDArray[np.int64]:
    """Return the position of each passage's article, of shape (n_passages,)."""
    return corpus.passages.article


def inherited(
    mixtures: NDArray[np.float64], lengths: NDArray[np.float64], passage_article: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give each article the mean mixture of its passages, each as long as its words."""
    totals = np.zeros((passage_article.max() + 1, mixtures.shape[1]))
    np.add.at(totals, passage_article, mixtures * np.maximum(lengths, 1e-9)[:, None])
    return np.asarray(totals / totals.sum(axis=1, keepdims=True))


def spliced(old: Any, new: Any, order: Sequence[int]) -> Any:  # noqa: ANN401 - an array, dense or sparse
    """Lay new rows under old ones and put all in an order that counts through both."""
    if isinstance(old, sparse.csr_array):
        return sparse.csr_array(sparse.vstack([old, new], format="csr")[list(order)])
    return np.concatenate([old, new])[list(order)]

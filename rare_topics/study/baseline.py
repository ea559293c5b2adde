"""The first state of a study: what later states are matched to, and new articles measured by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.corpus import Article

# A new article is familiar where the vocabulary covers as much of it as of all but one percent of the first ones.
LEAST_FAMILIAR_PERCENTILE = 1
# A study is fitted again once so many new articles are unfamiliar, or so large a share of the first; or once there
# are more new ones than this share of the first. Chosen by hand.
FEWEST_UNFAMILIAR, SHARE_UNFAMILIAR, SHARE_NEW = 3, 0.1, 0.5


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The first state of a study to which articles were added.

    Attributes
    ----------
    texts : dict of str to str
        Digest of the text of each article, by `article_id`.
    doc_topic : ndarray of shape (n_articles, n_topics)
    cluster_labels : ndarray of int, shape (n_articles,)
    topic_names, cluster_names : dict of str to list of str
        Chinese and English label, by number.
    least_coverage : float
        Share of an article that the rest of the corpus names as well, at the least.
    """

    texts: dict[str, str]
    doc_topic: NDArray[np.float64]
    cluster_labels: NDArray[np.int64]
    topic_names: dict[str, list[str]]
    cluster_names: dict[str, list[str]]
    least_coverage: float

    def contains(self, article: Article) -> bool:
        """Tell whether an article was there at first, with this text."""
        return self.texts.get(article.article_id) == text_digest(article)

    def reason_to_refit(self, coverage: NDArray[np.float64]) -> str:
        """Say why a study has to be fitted again, if it has to.

        Parameters
        ----------
        coverage : ndarray of shape (n_new_articles,)
            Share of each new article that the vocabulary covers, 0 to 1.

        Returns
        -------
        str
            The reason; empty where there is none. More new articles never take a reason away,
            so that the order in which they come does not matter.
        """
        n_first, n_new = len(self.texts), len(coverage)
        unfamiliar = int((coverage < self.least_coverage).sum())
        if unfamiliar >= max(FEWEST_UNFAMILIAR, SHARE_UNFAMILIAR * n_first):
            return f"{unfamiliar} of {n_new} new articles name much that the {n_first} first ones do not"
        if n_new > SHARE_NEW * n_first:
            return f"{n_new} new articles are more than half of the {n_first} first ones"
        return ""


def text_digest(article: Article) -> str:
    """Return a short digest of an article's title and body."""
    return hashlib.sha256(f"{article.title}\n{article.body}".encode()).hexdigest()[:16]


def least_coverage(counts: sparse.csr_array) -> float:
    """Return the share of an article that other articles name as well, at the first percentile.

    Parameters
    ----------
    counts : csr_array of shape (n_articles, n_concepts)
    """
    total = np.asarray(counts.sum(axis=1)).ravel()
    is_shared = np.bincount(counts.indices, minlength=counts.shape[1]) > 1
    shared = np.asarray(counts @ is_shared.astype(float)).ravel()
    shares = np.divide(shared, total, out=np.ones_like(total), where=total > 0)
    return float(np.percentile(shares, LEAST_FAMILIAR_PERCENTILE))

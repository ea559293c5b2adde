"""What a study was at first: what its later states are matched to, and new articles measured by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from rare_topics.corpus.records import Article
    from rare_topics.study.results import Results

# A new article fits where it names as much that is known as all but one percent of the first did.
MISFITS_AT_FIRST = 1
# A study is fitted again once so many articles do not fit, or so large a share of the first; or once
# there are more new ones than this share.
FEWEST_MISFITS, SHARE_OF_MISFITS, SHARE_OF_NEW = 3, 0.1, 0.5


@dataclass(frozen=True, kw_only=True)
class Start:
    """The first state of a study that has grown.

    Attributes
    ----------
    texts : dict of str to str
        Digest of the text of each article, by `article_id`.
    doc_topic : ndarray of shape (n_articles, n_topics)
    labels : ndarray of shape (n_articles,)
    topic_names, cluster_names : dict of str to list of str
        Chinese and English label, by number.
    known_share : float
        How much of an article the others of the study name, at the least.
    """

    texts: dict[str, str]
    doc_topic: NDArray[np.float64]
    labels: NDArray[np.int64]
    topic_names: dict[str, list[str]]
    cluster_names: dict[str, list[str]]
    known_share: float

    @classmethod
    def of(cls, study: Results) -> Start:
        """Describe a study that was fitted and has not grown."""
        return cls(
            texts={article.article_id: digest(article) for article in study.corpus},
            doc_topic=study.doc_topic,
            labels=study.labels,
            topic_names=_names(study.topics, "topic"),
            cluster_names=_names(study.clusters, "cluster"),
            known_share=_least_known(study.counts),
        )

    def is_first(self, article: Article) -> bool:
        """Whether an article was there at first, with this text."""
        return self.texts.get(article.article_id) == digest(article)

    def outgrown(self, known_shares: NDArray[np.float64]) -> str:
        """Say why a study has to be fitted again, if it has to.

        Parameters
        ----------
        known_shares : ndarray of shape (n_new_articles,)
            How much of each new article the vocabulary knows.

        Returns
        -------
        str
            The reason; empty where all is well. More new articles never take a reason away,
            so that the order in which they come does not matter.
        """
        n, new = len(self.texts), len(known_shares)
        strange = int((known_shares < self.known_share).sum())
        if strange >= max(FEWEST_MISFITS, SHARE_OF_MISFITS * n):
            return f"{strange} of {new} new articles name much that the {n} first ones do not"
        if new > SHARE_OF_NEW * n:
            return f"{new} new articles are more than half of the {n} first ones"
        return ""


def digest(article: Article) -> str:
    """Return a short digest of an article's text."""
    return hashlib.sha256(f"{article.title}\n{article.body}".encode()).hexdigest()[:16]


def _names(table: pd.DataFrame, number: str) -> dict[str, list[str]]:
    rows = zip(table[number], table["label_zh"], table["label_en"], strict=True)
    return {str(name): [str(zh), str(en)] for name, zh, en in rows if name >= 0}


def _least_known(counts: sparse.csr_array) -> float:
    total = np.asarray(counts.sum(axis=1)).ravel()
    others = np.bincount(counts.indices, minlength=counts.shape[1]) > 1
    shares = np.divide(
        np.asarray(counts @ others.astype(float)).ravel(), total, out=np.ones_like(total), where=total > 0
    )
    return float(np.percentile(shares, MISFITS_AT_FIRST))

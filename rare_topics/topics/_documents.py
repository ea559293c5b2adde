"""All documents of a collection, wherever they are: what is learned from each of them, as sums."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rare_topics.topics.model import TopicModel, learn_topics


class Documents(Protocol):
    """What a stable topic model asks of all documents."""

    @property
    def n_documents(self) -> int:
        """How many there are."""

    @property
    def n_articles(self) -> int:
        """How many articles they are parts of."""

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of each concept in all counts, of shape (n_concepts,)."""

    def largest_parts(self, topic_term: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of each topic's words that stand in the article which holds most of them."""

    def learn(self, topic_term: NDArray[np.float64], *, random_state: int) -> NDArray[np.float64]:
        """Learn topics from all documents, starting from those given; see `learn_topics`."""


class InMemory:
    """Documents in the memory of this machine; see `Documents`."""

    def __init__(self, counts: sparse.csr_matrix, groups: NDArray[np.int64], n_jobs: int | None) -> None:
        self._counts, self._groups, self._n_jobs = counts, groups, n_jobs
        self.n_documents = int(counts.shape[0])
        self.n_articles = len(np.unique(groups))
        total = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
        self.share = np.asarray(total / total.sum())

    def largest_parts(self, topic_term: NDArray[np.float64]) -> NDArray[np.float64]:
        mixtures = TopicModel(n_jobs=self._n_jobs).with_topics(topic_term).transform(self._counts)
        words = mixtures * np.asarray(self._counts.sum(axis=1)).reshape(-1, 1)
        _, article = np.unique(self._groups, return_inverse=True)
        parts = np.zeros((article.max() + 1, mixtures.shape[1]))
        np.add.at(parts, article, words)
        return np.asarray(parts.max(axis=0) / np.maximum(parts.sum(axis=0), 1e-12))

    def learn(self, topic_term: NDArray[np.float64], *, random_state: int) -> NDArray[np.float64]:
        return learn_topics(
            self._counts, len(topic_term), random_state=random_state, start=topic_term, n_jobs=self._n_jobs
        )

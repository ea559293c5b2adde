"""All documents of a collection, wherever they are: what is learned from each of them, as sums."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.preprocessing import normalize

from rare_topics.topics.lda import TopicModel, learn_topics


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
        """Learn topics from all documents and the words that they share, starting from those given."""


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
        n_words = self._counts.shape[1]
        words = shared(np.bincount(self._counts.indices, minlength=n_words))
        learned = learn_topics(
            self._counts[:, words], len(topic_term), random_state=random_state,
            start=among(words, topic_term), n_jobs=self._n_jobs,
        )  # fmt: skip
        return among_all(learned, words, n_words)


def shared(frequencies: NDArray[np.int64]) -> NDArray[np.int64]:
    """Choose the words that more than one document names.

    What one names alone says nothing of what documents have in common, and of the vocabulary of
    an archive it is the larger part, which every pass would go through.
    """
    return np.flatnonzero(frequencies > 1) if (frequencies > 1).any() else np.arange(len(frequencies))


def among(words: NDArray[np.int64], topic_term: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take topics as if there were no other words; rows sum to 1."""
    return np.asarray(normalize(topic_term[:, words], norm="l1"))


def among_all(values: NDArray[np.float64], words: NDArray[np.int64], n_words: int) -> NDArray[np.float64]:
    """Give values of some words their places among all words, the others 0."""
    everywhere = np.zeros((*values.shape[:-1], n_words))
    everywhere[..., words] = values
    return everywhere

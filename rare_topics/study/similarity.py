"""How alike articles are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from rare_topics.study.state import StudyState, computed_once
from rare_topics.topics.mixtures import affinity_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Fewer articles are compared by their vectors alone: mixtures of so many parts would say nothing of them.
MIN_MIXED_ARTICLES = 10
# What all articles share makes no two of them alike, and with few articles part of their mean is chance: three quarters
# of it are taken away. On both sets of pages half meets readers' ranks as well within .02; none and all are worse.
SHARED = 0.75


@computed_once
def similarity_rows(state: StudyState) -> sparse.csr_array | NDArray[np.float64]:
    """Return rows whose inner product is the similarity of two articles.

    Few articles in two languages share few words, so that the similarity in a small collection of
    both is the mean of two: the cosine of vectors, less most of what all articles have in common
    (Mu and Viswanath 2018), and the affinity (Bhattacharyya 1943) of what their passages are mixed
    of, on average over several models. An article without a concept is like none.

    In a small collection of one language the same word says the same thing, and the cosine of
    vectors does: there the mean was hardly nearer to readers, and farther from those of 50
    articles of many subjects (Lee et al. 2005).

    Where a study has embeddings, the similarity is the mean of this one and of their cosine.

    Returns
    -------
    csr_array or ndarray of shape (n_articles, n_features)
    """
    rows = _concept_rows(state)
    if state.embedding_space is None or state.embeddings is None:
        return rows
    embeddings = state.embedding_space.transform(state.embeddings)
    if isinstance(rows, np.ndarray):
        return np.hstack([rows, embeddings]) / np.sqrt(2)
    return sparse.csr_array(sparse.hstack([rows, sparse.csr_array(embeddings)])) / np.sqrt(2)


def _concept_rows(state: StudyState) -> sparse.csr_array | NDArray[np.float64]:
    if state.passage_counts is None or not state.by_passage:
        return state.space.similarity_rows(state.counts)
    vectors = _concept_vectors(state)
    if not compares_mixtures(state):
        return vectors
    has_vector = np.asarray(vectors.any(axis=1))
    centered = normalize(vectors - SHARED * vectors[has_vector].mean(axis=0))
    return np.hstack([centered, mixture_rows(state)]) * (has_vector[:, None] / np.sqrt(2))


def compares_mixtures(state: StudyState) -> bool:
    """Return whether articles of a small collection are compared by what their passages are mixed of, too."""
    n_placed = int(_concept_vectors(state).any(axis=1).sum())
    return state.space.language_ is not None and n_placed >= MIN_MIXED_ARTICLES


@computed_once
def mixture_rows(state: StudyState) -> NDArray[np.float64]:
    """Return rows of length 1 whose inner product is the mean affinity of two articles' mixtures."""
    return affinity_rows(
        sparse.csr_matrix(state.passage_counts),
        state.corpus.passages.article_rows,
        random_state=state.settings.random_state,
    )


def _concept_vectors(state: StudyState) -> NDArray[np.float64]:
    return state.vectors if state.embedding_space is None else state.space.transform(state.counts)

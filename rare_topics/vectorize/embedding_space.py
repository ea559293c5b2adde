"""Embeddings of a sentence model as vectors in which the language does not count, joined with those of concepts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from rare_topics.vectorize.concept_space import language_direction, remove_direction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.corpus import Article

# Characters of an article that are embedded. Sentence models cut a text near that; with 135 pairs of a text and its
# title in the other language 300 to 1,500 found each other better than whole texts.
EMBEDDED_CHARACTERS = 1000


class EmbeddingSpace(BaseEstimator):
    """Embeddings without the direction in which the mean articles of the two languages differ.

    Attributes
    ----------
    language_ : ndarray of shape (n_components_,) or None
        The direction removed, of length 1; None where there is one language.
    n_components_ : int
        Length of an embedding.
    """

    def fit(self, X: NDArray[np.float32], y: object = None, *, langs: Sequence[str] | None = None) -> Self:
        """Learn the direction of language.

        Parameters
        ----------
        X : ndarray of shape (n_articles, n_components)
            Embeddings.
        y : object
            Ignored.
        langs : sequence of str, optional
            Language of each article; None where all are of one.
        """
        self.n_components_ = int(X.shape[1])
        self.language_ = None if langs is None else language_direction(unit_rows(X), langs)
        return self

    def transform(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return embeddings without the direction of language.

        Parameters
        ----------
        X : ndarray of shape (n_articles, n_components_)
            Embeddings.

        Returns
        -------
        ndarray of shape (n_articles, n_components_)
            Rows of length 1, or 0 where an embedding is 0 all over.
        """
        check_is_fitted(self, "n_components_")
        rows = unit_rows(X)
        return rows if self.language_ is None else remove_direction(rows, self.language_)


def embedded_text(article: Article) -> str:
    """Return what is embedded of an article: its title and the head of its body, 1,000 characters together."""
    return f"{article.title}\n{article.body[:EMBEDDED_CHARACTERS]}".strip()[:EMBEDDED_CHARACTERS]


def unit_rows(X: NDArray[np.float32]) -> NDArray[np.float64]:
    """Scale rows to length 1, in double precision."""
    return np.asarray(normalize(np.asarray(X, dtype=np.float64)))


def join_vectors(vectors: NDArray[np.float64], embeddings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Join two descriptions of articles, so that the cosine of two is the mean of both cosines.

    Parameters
    ----------
    vectors, embeddings : ndarray of shape (n_articles, any)
        Rows of length 1, or 0 where one of them says nothing of an article.

    Returns
    -------
    ndarray of shape (n_articles, sum of both widths)
        Rows of length 1, or 0.
    """
    return np.asarray(normalize(np.hstack([vectors, embeddings])))

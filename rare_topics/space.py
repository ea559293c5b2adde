"""Counts of concepts to vectors in which articles of either language can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# Rows compared at a time, so that no table of all pairs is ever held.
BLOCK = 256


class ConceptSpace(TransformerMixin, BaseEstimator):
    """Damped TF-IDF over concepts, and its leading directions.

    Parameters
    ----------
    n_components
        Most dimensions kept (latent semantic analysis; Deerwester et al. 1990).
    random_state
        Seed of the randomised decomposition.

    Attributes
    ----------
    idf_ : ndarray of shape (n_concepts,)
        Inverse document frequencies.
    n_components_ : int
        Dimensions kept.
    """

    def __init__(self, n_components: int = 100, *, random_state: int | None = 0) -> None:
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, counts: sparse.sparray, y: object = None) -> Self:
        """Learn from counts; see `fit_transform`."""
        self.fit_transform(counts, y)
        return self

    def fit_transform(self, counts: sparse.sparray, y: object = None) -> NDArray[np.float64]:  # noqa: ARG002
        """Learn document frequencies and directions, and return the vectors.

        Parameters
        ----------
        counts : sparse array of shape (n_articles, n_concepts)
            From `ConceptVectorizer`.

        Returns
        -------
        ndarray of shape (n_articles, n_components_)
            Rows of length 1, or 0 where an article names no concept.
        """
        self._weights = TfidfTransformer().fit(_damped(counts))
        self.idf_ = self._weights.idf_
        rows = self.tfidf(counts)
        self.n_components_ = max(1, min(self.n_components, min(rows.shape) - 1))
        self._directions = TruncatedSVD(self.n_components_, random_state=self.random_state).fit(rows)
        return self.transform(counts)

    def transform(self, counts: sparse.sparray) -> NDArray[np.float64]:
        """Return the vectors of unseen counts, of shape (n_articles, n_components_)."""
        check_is_fitted(self)
        return np.asarray(normalize(self._directions.transform(self.tfidf(counts))))

    def tfidf(self, counts: sparse.sparray) -> sparse.csr_array:
        """Weigh counts: their square root times the inverse document frequency, rows of length 1.

        Returns
        -------
        csr_array of shape (n_articles, n_concepts)
        """
        return sparse.csr_array(self._weights.transform(_damped(counts)))

    def pairs(
        self, counts: sparse.sparray, *, nearest: int | None = None
    ) -> Iterator[tuple[int, int, float]]:
        """Compare articles by the cosine of their weighted counts.

        Parameters
        ----------
        counts : sparse array of shape (n_articles, n_concepts)
            Counts.
        nearest
            Only that many of each article's nearest; None gives every pair once.

        Yields
        ------
        one, other, similarity
            Positions, and a cosine between 0 and 1.
        """
        rows = self.tfidf(counts)
        for start in range(0, rows.shape[0], BLOCK):
            block = (rows[start : start + BLOCK] @ rows.T).toarray()
            for one, cosines in enumerate(block, start):
                if nearest is None:
                    others = np.arange(one + 1, len(cosines))
                else:
                    cosines[one] = -1
                    others = np.argsort(-cosines, kind="stable")[:nearest]
                for other in others.tolist():
                    yield one, other, float(cosines[other])


def _damped(counts: sparse.sparray) -> sparse.csr_array:
    """A word said nine times says three times as much as a word said once."""
    return sparse.csr_array(counts).sqrt()

"""Counts of concepts to vectors in which articles of either language can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from rare_topics.runtime.sampling import sample_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Up to this many articles no direction is given up; neighbours of concepts are counted in instead.
FEW_ARTICLES = 200
# Share of its neighbours' weight that a concept takes on in a small collection.
SMOOTHING = 0.2
LANGS = ("zh", "en")
# Fewer articles than this in a language do not show what that language looks like.
LANGUAGE_SHOWN = 2
# Leading directions are learned from so many articles at most.
LEARNED_FROM = 20_000
# Rows weighted at a time.
ROWS = 10_000


class ConceptSpace(TransformerMixin, BaseEstimator):
    """Vectors of articles: weighted concepts, their leading directions, and no language.

    Counts enter by their logarithm and are weighted by TF-IDF; a concept that one article alone names says
    nothing of its likeness to others and is left out. In collections of up to 200 articles
    a concept takes on some weight of those it stands beside in passages (the generalised
    vector space model; Wong et al. 1985); in larger ones the leading directions are kept
    (latent semantic analysis; Deerwester et al. 1990). The direction in which the mean
    articles of the two languages differ is taken out.

    Parameters
    ----------
    n_components
        Directions kept in collections of more than 200 articles.
    random_state
        Seed of the randomised decomposition.

    Attributes
    ----------
    idf_ : ndarray of shape (n_concepts,)
        Inverse document frequencies.
    language_ : ndarray of shape (n_components_,) or None
        The direction taken out; None where there is one language.
    n_components_ : int
        Length of a vector.
    """

    _neighbours: tuple[sparse.csr_array, NDArray[np.float64]] | None
    language_: NDArray[np.float64] | None

    def __init__(self, n_components: int = 100, *, random_state: int | None = 0) -> None:
        self.n_components = n_components
        self.random_state = random_state

    def fit(
        self,
        X: sparse.sparray,
        y: object = None,
        *,
        langs: Sequence[str] | None = None,
        passages: sparse.sparray | None = None,
        steady: NDArray[np.bool_] | None = None,
    ) -> Self:
        """Learn weights and directions; see `fit_transform`."""
        self.fit_transform(X, y, langs=langs, passages=passages, steady=steady)
        return self

    def fit_transform(
        self,
        X: sparse.sparray,
        y: object = None,
        *,
        langs: Sequence[str] | None = None,
        passages: sparse.sparray | None = None,
        steady: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.float64]:
        """Learn weights and directions, and return vectors.

        Parameters
        ----------
        X : sparse array of shape (n_articles, n_concepts)
            Counts from `ConceptVectorizer`.
        y : object
            Ignored.
        langs : sequence of str, optional
            Language of each article; None says that it is one.
        passages : sparse array of shape (n_passages, n_concepts), optional
            Counts of passages, which say what concepts stand together; None takes the articles.
        steady : ndarray of shape (n_concepts,), optional
            Concepts that may take on weight: those that are no guess of a dictionary.

        Returns
        -------
        ndarray of shape (n_articles, n_components_)
            Those of `transform`.
        """
        counts = sparse.csr_array(X)
        self.learn_weights(np.bincount(counts.indices, minlength=counts.shape[1]), counts.shape[0])
        if counts.shape[0] <= FEW_ARTICLES:
            self._neighbours = self._beside(counts if passages is None else passages, steady)
        self.learn_directions(counts[sample_rows(counts.shape[0], LEARNED_FROM, random_state=self.random_state)])
        vectors = self.transform_raw(counts)
        self.language_ = None if langs is None else language_direction(vectors, langs)
        return vectors if self.language_ is None else remove_direction(vectors, self.language_)

    def learn_weights(self, frequencies: NDArray[np.int64], n_articles: int) -> None:
        """Learn what concepts weigh: the first part of `fit`, for which sums over the articles are enough.

        Parameters
        ----------
        frequencies : ndarray of shape (n_concepts,)
            Number of articles that name each concept.
        n_articles
            Number of articles.
        """
        self._shared = frequencies > 1
        self._weights = TfidfTransformer()
        self._weights.idf_ = self.idf_ = np.log((1 + n_articles) / (1 + frequencies)) + 1
        self._weights.n_features_in_ = len(frequencies)
        self._neighbours, self.language_ = None, None

    def learn_directions(self, X: sparse.sparray) -> None:
        """Learn the leading directions: the second part of `fit`, from all articles or a sample of them."""
        rows = self._weighted(sparse.csr_array(X))
        # A sample names a part of the words of all articles, and directions have no other.
        self._named = _named(rows)
        # Rows are multiplied by a table that lies row by row.
        self._directions = np.ascontiguousarray(self._widest(rows[:, self._named]).T)
        self.n_components_ = self._directions.shape[1]

    def learn_language(self, sums: Mapping[str, tuple[int, NDArray[np.float64]]]) -> None:
        """Learn the direction of language: the last part of `fit`.

        Parameters
        ----------
        sums : dict of str to (int, ndarray of shape (n_components_,))
            Number of articles in each language, and the sum of what `transform_raw` gives for them.
        """
        self.language_ = _direction(sums["zh"], sums["en"])

    def transform(self, X: sparse.sparray) -> NDArray[np.float64]:
        """Return vectors of counts.

        Returns
        -------
        ndarray of shape (n_articles, n_components_)
            Rows of length 1, or 0 where an article names nothing known.
        """
        vectors = self.transform_raw(X)
        return vectors if self.language_ is None else remove_direction(vectors, self.language_)

    def transform_raw(self, X: sparse.sparray) -> NDArray[np.float64]:
        """Return the vectors before the direction of language is taken out, of the same shape."""
        check_is_fitted(self, "idf_")
        counts = sparse.csr_array(X)
        blocks = (counts[start : start + ROWS] for start in range(0, max(1, counts.shape[0]), ROWS))
        placed = (self._weighted(block)[:, self._named] @ self._directions for block in blocks)
        return np.concatenate([normalize(rows) for rows in placed])

    def comparable(self, X: sparse.sparray) -> sparse.csr_array | NDArray[np.float64]:
        """Return rows whose inner product says how alike two articles are.

        Returns
        -------
        csr_array or ndarray of n_articles rows
            The vectors in a small collection; in a larger one the weighted concepts
            themselves, since leading directions blur what two single articles share.
        """
        check_is_fitted(self, "idf_")
        return self._weighted(sparse.csr_array(X)) if self._neighbours is None else self.transform(X)

    def _damped(self, counts: sparse.csr_array) -> sparse.csr_array:
        """Leave out what one article alone names; the tenth mention says less than the first."""
        return log_counts(counts, self._shared)

    def _weighted(self, counts: sparse.csr_array) -> sparse.csr_array | NDArray[np.float64]:
        rows = sparse.csr_array(self._weights.transform(self._damped(counts), copy=False))
        if self._neighbours is None:
            return rows
        beside, steady = self._neighbours
        links = rows @ beside.T
        own = rows.multiply(np.asarray(beside.power(2).sum(axis=0)).ravel())
        return np.asarray(normalize((rows + SMOOTHING * ((links @ beside) - own).multiply(steady)).toarray()))

    def _beside(
        self, passages: sparse.sparray, steady: NDArray[np.bool_] | None
    ) -> tuple[sparse.csr_array, NDArray[np.float64]]:
        """Scale the passages so that their inner product is the cosine of two concepts."""
        present = sparse.csr_array(passages).minimum(1)
        length = np.sqrt(np.asarray(present.power(2).sum(axis=0)).ravel())
        scale = np.divide(1, length, out=np.zeros_like(length), where=self._shared & (length > 0))
        targets = np.ones(len(length)) if steady is None else steady.astype(np.float64)
        return sparse.csr_array(present.multiply(scale)), targets

    def _widest(self, rows: sparse.csr_array | NDArray[np.float64]) -> NDArray[np.float64]:
        if isinstance(rows, np.ndarray):
            _, lengths, directions = np.linalg.svd(rows, full_matrices=False)
            return np.asarray(directions[: max(1, int((lengths > 1e-9 * lengths.max(initial=0)).sum()))])
        n_components = max(1, min(self.n_components, min(rows.shape) - 1))
        return np.asarray(TruncatedSVD(n_components, random_state=self.random_state).fit(rows).components_)


def _named(rows: sparse.csr_array | NDArray[np.float64]) -> NDArray[np.int64]:
    """Find the columns in which a row has a weight; all where none has."""
    weights = np.asarray(abs(rows).sum(axis=0)).ravel()
    return np.flatnonzero(weights) if weights.any() else np.arange(rows.shape[1])


def log_counts(counts: sparse.csr_array, wanted: NDArray[np.bool_]) -> sparse.csr_array:
    """Take logarithms of counts, of the concepts that are wanted; the others become 0, and keep their place.

    Parameters
    ----------
    counts : csr_array of shape (n_articles, n_concepts)
        Counts.
    wanted : ndarray of shape (n_concepts,)
        Concepts.

    Returns
    -------
    csr_array of shape (n_articles, n_concepts)
        Rows in the order of their columns.
    """
    data = np.log1p(counts.data * wanted[counts.indices])
    rows = sparse.csr_array((data, counts.indices.copy(), counts.indptr), shape=counts.shape)
    rows.sort_indices()
    return rows


def rowwise_kronecker(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Describe articles so that they are as alike as one description times the other says.

    Parameters
    ----------
    one, other : ndarray of shape (n_articles, any)
        Two descriptions of the same articles.

    Returns
    -------
    ndarray of shape (n_articles, product of both widths)
        Row-wise Kronecker products: their inner products are the products of the inner
        products of `one` and of `other`.
    """
    return np.asarray(np.einsum("ij,ik->ijk", one, other).reshape(len(one), -1))


def language_direction(vectors: NDArray[np.float64], langs: Sequence[str]) -> NDArray[np.float64] | None:
    """Find the direction in which the mean articles of the two languages differ.

    Parameters
    ----------
    vectors : ndarray of shape (n_articles, n_components)
        Vectors of articles.
    langs : sequence of str
        Their languages.

    Returns
    -------
    ndarray of shape (n_components,) or None
        Of length 1; None where a language has fewer than two articles.
    """
    names = np.array(langs)
    zh, en = ((int((names == lang).sum()), vectors[names == lang].sum(axis=0)) for lang in LANGS)
    return _direction(zh, en)


def _direction(zh: tuple[int, NDArray[np.float64]], en: tuple[int, NDArray[np.float64]]) -> NDArray[np.float64] | None:
    """Return the direction between two means, each given as number and sum."""
    if min(zh[0], en[0]) < LANGUAGE_SHOWN:
        return None
    difference = zh[1] / zh[0] - en[1] / en[0]
    length = np.linalg.norm(difference)
    return np.asarray(difference / length) if length > 0 else None


def remove_direction(vectors: NDArray[np.float64], direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vectors without their part along a direction, of length 1 again."""
    return np.asarray(normalize(vectors - np.outer(vectors @ direction, direction)))

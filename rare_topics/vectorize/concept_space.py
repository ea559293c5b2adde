"""Counts of concepts to vectors in which articles of either language can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from rare_topics.corpus.languages import LANGUAGES
from rare_topics.runtime.sampling import sample_rows
from rare_topics.vectorize.frame_output import sparse_rows
from rare_topics.vectorize.short_texts import WEIGHT, are_short, concept_directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Collections of up to so many articles keep all dimensions, and concepts are smoothed by those that stand beside them.
SMALL_COLLECTION = 200
# Share of its neighbours' weight that a concept takes on in a small collection; chosen by hand on the seed pages.
SMOOTHING = 0.2
# Fewer articles of a language do not show its mean vector.
MIN_ARTICLES_OF_LANGUAGE = 2
# Rows weighted at a time.
BATCH_ROWS = 10_000


class ConceptSpace(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Vectors of articles: weighted concepts, their leading directions, and no language.

    Counts enter by their logarithm and are weighted by TF-IDF; a concept of one article alone
    tells nothing of its similarity to others and is left out. In small collections a concept
    takes on some weight of those it stands beside in passages (the generalised vector space
    model; Wong et al. 1985); in larger ones the leading directions are kept (latent semantic
    analysis; Deerwester et al. 1990), and in those of short texts, which seldom share a concept,
    the directions of concepts that stand beside the same others join them
    (`rare_topics.vectorize.short_texts`). The direction in which the mean articles of the two
    languages differ is removed.

    Parameters
    ----------
    n_components
        Directions kept in larger collections.
    small_collection
        Number of articles up to which a collection is small.
    max_fit_samples
        Of more articles, an even sample of this size gives the leading directions.
    random_state
        Seed of the sample and the randomised decomposition.

    Attributes
    ----------
    idf_ : ndarray of shape (n_concepts,)
        Inverse document frequencies.
    language_ : ndarray of shape (n_components_,) or None
        The direction removed, of length 1; None where there is one language.
    n_components_ : int
        Length of a vector.
    """

    def __init__(
        self,
        n_components: int = 100,
        *,
        small_collection: int = SMALL_COLLECTION,
        max_fit_samples: int = 20_000,
        random_state: int | None = 0,
    ) -> None:
        self.n_components = n_components
        self.small_collection = small_collection
        self.max_fit_samples = max_fit_samples
        self.random_state = random_state

    def fit(
        self,
        X: sparse.sparray,
        y: object = None,
        *,
        langs: Sequence[str] | None = None,
        passages: sparse.sparray | None = None,
        smoothable: NDArray[np.bool_] | None = None,
        names: Sequence[str] | None = None,
    ) -> Self:
        """Learn weights and directions; see `fit_transform`."""
        self.fit_transform(X, y, langs=langs, passages=passages, smoothable=smoothable, names=names)
        return self

    def fit_transform(
        self,
        X: sparse.sparray,
        y: object = None,
        *,
        langs: Sequence[str] | None = None,
        passages: sparse.sparray | None = None,
        smoothable: NDArray[np.bool_] | None = None,
        names: Sequence[str] | None = None,
    ) -> NDArray[np.float64]:
        """Learn weights and directions, and return vectors.

        Parameters
        ----------
        X : sparse array of shape (n_articles, n_concepts)
            Counts from `ConceptVectorizer`.
        y : object
            Ignored.
        langs : sequence of str, optional
            Language of each article; None where all are of one.
        passages : sparse array of shape (n_passages, n_concepts), optional
            Counts of passages, in which concepts stand beside each other; None takes the
            articles. Used in small collections.
        smoothable : ndarray of shape (n_concepts,), optional
            Whether a concept may take on weight of others: those that are no guess of a
            dictionary. None takes all.
        names : sequence of str, optional
            Of the concepts. Used in large collections of short texts.

        Returns
        -------
        ndarray of shape (n_articles, n_components_)
            Those of `transform`.
        """
        counts = sparse_rows(X)
        n_articles, n_concepts = counts.shape
        is_short = n_articles > self.small_collection and are_short(counts)
        # A concept of one short text is known by its characters, and tells that text from others.
        self._is_shared = (np.bincount(counts.indices, minlength=n_concepts) > 1) | is_short
        self._tfidf = TfidfTransformer().fit(counts)
        self.idf_ = self._tfidf.idf_
        self._cooccurrence: tuple[sparse.csr_array, NDArray[np.float64]] | None = None
        if n_articles <= self.small_collection:
            self._cooccurrence = self._fit_cooccurrence(counts if passages is None else passages, smoothable)
        sample = sample_rows(n_articles, self.max_fit_samples, random_state=self.random_state)
        self._fit_directions(self._weighted_concepts(counts[sample]))
        if is_short:
            self._join_directions_of_concepts(counts[sample], names)
        vectors = self.transform_raw(counts)
        self.language_ = None if langs is None else language_direction(vectors, langs)
        return vectors if self.language_ is None else remove_direction(vectors, self.language_)

    def transform(self, X: sparse.sparray) -> NDArray[np.float64]:
        """Return vectors of counts.

        Parameters
        ----------
        X : sparse array of shape (n_articles, n_concepts)
            Counts.

        Returns
        -------
        ndarray of shape (n_articles, n_components_)
            Rows of length 1, or 0 where an article has no concept of the vocabulary.
        """
        vectors = self.transform_raw(X)
        return vectors if self.language_ is None else remove_direction(vectors, self.language_)

    def transform_raw(self, X: sparse.sparray) -> NDArray[np.float64]:
        """Return the vectors before the direction of language is removed, of the same shape."""
        check_is_fitted(self, "idf_")
        counts = sparse_rows(X)
        batches = (counts[start : start + BATCH_ROWS] for start in range(0, max(1, counts.shape[0]), BATCH_ROWS))
        projected = (self._weighted_concepts(batch)[:, self._used_columns] @ self._directions for batch in batches)
        return np.concatenate([normalize(rows) for rows in projected])

    @property
    def _n_features_out(self) -> int:
        """Number of the columns that come out, for their names."""
        return int(self.n_components_)

    def similarity_rows(self, X: sparse.sparray) -> sparse.csr_array | NDArray[np.float64]:
        """Return rows whose inner product is the similarity of two articles, 0 to 1 for most pairs.

        Parameters
        ----------
        X : sparse array of shape (n_articles, n_concepts)
            Counts.

        Returns
        -------
        csr_array or ndarray of n_articles rows
            The vectors in a small collection; in a larger one the weighted concepts
            themselves, since leading directions blur what two single articles share.
        """
        check_is_fitted(self, "idf_")
        return self._weighted_concepts(sparse.csr_array(X)) if self._cooccurrence is None else self.transform(X)

    def concept_weights(self, X: sparse.sparray) -> sparse.csr_array:
        """Weigh concepts by TF-IDF, without what a small collection adds.

        Parameters
        ----------
        X : sparse array of shape (n_articles, n_concepts)
            Counts.

        Returns
        -------
        csr_array of shape (n_articles, n_concepts)
            Rows of length 1, or 0.
        """
        check_is_fitted(self, "idf_")
        weights = log_counts(sparse.csr_array(X), self._is_shared)
        return sparse.csr_array(self._tfidf.transform(weights, copy=False))

    def _weighted_concepts(self, counts: sparse.csr_array) -> sparse.csr_array | NDArray[np.float64]:
        """Weigh concepts by TF-IDF, of shape (n_articles, n_concepts); smoothed and dense in a small collection."""
        rows = self.concept_weights(counts)
        if self._cooccurrence is None:
            return rows
        passages, smoothable = self._cooccurrence
        neighbours = (rows @ passages.T) @ passages
        own = rows.multiply(np.asarray(passages.power(2).sum(axis=0)).ravel())
        return np.asarray(normalize((rows + SMOOTHING * (neighbours - own).multiply(smoothable)).toarray()))

    def _fit_cooccurrence(
        self, passages: sparse.sparray, smoothable: NDArray[np.bool_] | None
    ) -> tuple[sparse.csr_array, NDArray[np.float64]]:
        """Scale the columns of the passages so that the inner product of two is the cosine of two concepts."""
        present = sparse.csr_array(passages).minimum(1)
        length = np.sqrt(np.asarray(present.power(2).sum(axis=0)).ravel())
        scale = np.divide(1, length, out=np.zeros_like(length), where=self._is_shared & (length > 0))
        factors = np.ones(len(length)) if smoothable is None else smoothable.astype(np.float64)
        return sparse.csr_array(present.multiply(scale)), factors

    def _fit_directions(self, rows: sparse.csr_array | NDArray[np.float64]) -> None:
        """Learn the leading directions of the columns that have a weight: a sample has a part of the vocabulary."""
        weights = np.asarray(abs(rows).sum(axis=0)).ravel()
        self._used_columns = np.flatnonzero(weights) if weights.any() else np.arange(rows.shape[1])
        used = rows[:, self._used_columns]
        if isinstance(used, np.ndarray):
            _, singular_values, components = np.linalg.svd(used, full_matrices=False)
            rank = int((singular_values > 1e-9 * singular_values.max(initial=0)).sum())
            components = components[: max(1, rank)]
        else:
            n_components = max(1, min(self.n_components, min(used.shape) - 1))
            components = TruncatedSVD(n_components, random_state=self.random_state).fit(used).components_
        # In C order rows are projected faster, and always to the same bits.
        self._directions = np.ascontiguousarray(np.asarray(components).T)
        self.n_components_ = self._directions.shape[1]

    def _join_directions_of_concepts(self, counts: sparse.csr_array, names: Sequence[str] | None) -> None:
        """Put the directions of concepts beside those of texts, each kind scaled by its mean length over the texts."""
        known = concept_directions(counts, names=names, random_state=self.random_state)[self._used_columns]
        rows = self.concept_weights(counts)[:, self._used_columns]
        lengths = [float(np.linalg.norm(rows @ kind, axis=1).mean()) for kind in (self._directions, known)]
        if all(lengths):
            scaled = [self._directions / lengths[0], WEIGHT * known / lengths[1]]
            self._directions = np.ascontiguousarray(np.hstack(scaled))
            self.n_components_ = self._directions.shape[1]


def log_counts(counts: sparse.csr_array, is_kept: NDArray[np.bool_]) -> sparse.csr_array:
    """Take the logarithm of 1 + count, since the tenth mention says less than the first.

    Parameters
    ----------
    counts : csr_array of shape (n_articles, n_concepts)
        Counts.
    is_kept : ndarray of shape (n_concepts,)
        Concepts that are kept; those of the others become stored zeros.

    Returns
    -------
    csr_array of shape (n_articles, n_concepts)
        With sorted indices.
    """
    data = np.log1p(counts.data * is_kept[counts.indices])
    rows = sparse.csr_array((data, counts.indices.copy(), counts.indptr), shape=counts.shape)
    rows.sort_indices()
    return rows


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
    zh, en = (vectors[np.array(langs) == lang] for lang in LANGUAGES)
    if min(len(zh), len(en)) < MIN_ARTICLES_OF_LANGUAGE:
        return None
    difference = zh.mean(axis=0) - en.mean(axis=0)
    length = np.linalg.norm(difference)
    return np.asarray(difference / length) if length > 0 else None


def remove_direction(vectors: NDArray[np.float64], direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project vectors onto what is orthogonal to a direction, and scale them to length 1.

    Parameters
    ----------
    vectors : ndarray of shape (n_articles, n_components)
        Vectors.
    direction : ndarray of shape (n_components,)
        Of length 1.

    Returns
    -------
    ndarray of shape (n_articles, n_components)
    """
    return np.asarray(normalize(vectors - np.outer(vectors @ direction, direction)))

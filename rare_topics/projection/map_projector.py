"""Vectors to a map of two dimensions."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy.linalg import orthogonal_procrustes
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.manifold import trustworthiness
from sklearn.metrics import pairwise_distances
from sklearn.utils.validation import check_is_fitted, validate_data

from rare_topics.projection.neighbors import BATCH_ROWS, MAX_EXACT_ROWS, nearest_reference_rows, nearest_rows
from rare_topics.runtime.sampling import sample_rows
from rare_topics.runtime.umap_workaround import loaded_umap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

    # Positions and distances of the nearest rows, the row itself first; no index to search others by.
    UmapNeighbors = tuple[NDArray[np.int32], NDArray[np.float32], None]

# UMAP needs a few more rows than neighbours; below this the first two principal axes are the map.
MIN_UMAP_ROWS = 8
# Rows on one line or in one point have no second principal axis, along which UMAP starts.
MIN_EXTENT = 1e-9
MIN_NEIGHBORS, MAX_NEIGHBORS = 3, 15
# Trustworthiness compares all pairs of rows, so it is measured on at most this many.
MAX_TRUSTWORTHINESS_ROWS = 2000


class MapProjector(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Project vectors to a map by UMAP, with settings that fit small collections.

    Collections of fewer than 8 rows, and rows on one line, are projected to their first two
    principal axes instead. Unseen rows are placed at the mean of their nearest fitted rows.

    Parameters
    ----------
    n_neighbors
        Neighbours that shape the map; None takes the square root of the number of rows, at
        least 3 and at most 15.
    min_dist
        Least distance of two points on the map.
    metric
        Distance between vectors. Neighbours of unseen rows, and those of more than
        `max_exact_rows` rows, are found by cosine whatever the metric.
    max_fit_samples
        Of more rows, an even sample of this size is laid out, and the others are placed as
        unseen rows are.
    max_exact_rows
        Up to so many rows all pairs are compared by the metric; of more, `nearest_rows` finds
        the neighbours.
    random_state
        Seed of the layout; the same number gives the same map to the bit.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, 2)
        Coordinates, without a unit; only neighbourhoods mean something.
    n_neighbors_ : int
        Neighbours used.
    trustworthiness_ : float
        How far map neighbours are neighbours among the vectors, 0 to 1 (Venna and Kaski 2001);
        measured on at most 2,000 rows.

    References
    ----------
    L. McInnes, J. Healy, J. Melville. UMAP: uniform manifold approximation and projection for
    dimension reduction. 2018.
    """

    def __init__(
        self,
        n_neighbors: int | None = None,
        *,
        min_dist: float = 0.1,
        metric: str = "cosine",
        max_fit_samples: int = 20_000,
        max_exact_rows: int = MAX_EXACT_ROWS,
        random_state: int | None = 0,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.min_dist = min_dist
        self.metric = metric
        self.max_fit_samples = max_fit_samples
        self.max_exact_rows = max_exact_rows
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Lay out the rows of `X`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors; two rows or more.
        y : object
            Ignored.

        Returns
        -------
        MapProjector
            This estimator.
        """
        vectors = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        fitted = sample_rows(len(vectors), self.max_fit_samples, random_state=self.random_state)
        self._rows = vectors[fitted]
        n = len(self._rows)
        n_neighbors = self.n_neighbors or round(np.sqrt(n))
        self.n_neighbors_ = int(min(max(n_neighbors, MIN_NEIGHBORS), MAX_NEIGHBORS, n - 1))
        self._center = self._rows.mean(axis=0)
        self._axes, extent = _principal_axes(self._rows - self._center, reduce_first=n > self.max_exact_rows)
        self._uses_umap = bool(n >= MIN_UMAP_ROWS and extent.min() > MIN_EXTENT)
        self._points = self._umap_layout(self._rows) if self._uses_umap else self._principal_layout(self._rows)
        self.embedding_ = np.empty((len(vectors), 2))
        self.embedding_[fitted] = self._points
        others = np.setdiff1d(np.arange(len(vectors)), fitted)
        if len(others):
            self.embedding_[others] = self.transform(vectors[others])
        self.trustworthiness_ = _trustworthiness(vectors, self.embedding_, self.n_neighbors_, self.metric)
        return self

    def fit_transform(self, X: ArrayLike, y: object = None) -> NDArray[np.float64]:
        """Lay out the rows of `X` and return their coordinates.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors; two rows or more.
        y : object
            Ignored.

        Returns
        -------
        ndarray of shape (n_samples, 2)
        """
        return self.fit(X, y).embedding_

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Place unseen rows on the map; the position of a row does not depend on the other rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors.

        Returns
        -------
        ndarray of shape (n_samples, 2)
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False)
        if not self._uses_umap:
            return self._principal_layout(vectors)
        # UMAP's own transform lets the rows that are placed together influence each other.
        nearest = nearest_reference_rows(vectors, self._rows, self.n_neighbors_)
        weights = np.maximum(nearest.cosines, 1e-9)
        weighted_points = self._points[nearest.rows] * weights[..., None]
        return np.asarray(weighted_points.sum(axis=1) / weights.sum(axis=1, keepdims=True))

    @property
    def _n_features_out(self) -> int:
        """Number of the columns that come out, for their names."""
        return 2

    def align_to(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn, mirror and scale this map to lie over another map of the same rows.

        Parameters
        ----------
        coordinates : ndarray of shape (n_samples, 2)
            The other map.

        Returns
        -------
        ndarray of shape (n_samples, 2)
            `embedding_` after the orthogonal Procrustes alignment to `coordinates`.
        """
        check_is_fitted(self)
        center = coordinates.mean(axis=0)
        centered, target = self.embedding_ - self.embedding_.mean(axis=0), coordinates - center
        rotation, scale = orthogonal_procrustes(centered, target)
        return np.asarray(centered @ rotation * (scale / max((centered**2).sum(), 1e-12)) + center)

    def _umap_layout(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        with loaded_umap() as umap, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # UMAP warns that a seed means one thread
            if len(vectors) > self.max_exact_rows:
                knn = _nearest_by_cosine(vectors, self.n_neighbors_, self.max_exact_rows)
            else:
                knn = _nearest_of_all_pairs(vectors, self.n_neighbors_, self.metric, umap.distances.named_distances)
            layout = umap.UMAP(
                n_neighbors=self.n_neighbors_,
                precomputed_knn=knn,
                min_dist=self.min_dist,
                metric=self.metric,
                random_state=self.random_state,
                n_jobs=1,
                init="pca",
            )
            return np.asarray(layout.fit(vectors).embedding_, dtype=np.float64)

    def _principal_layout(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((vectors - self._center) @ self._axes.T)


def _nearest_by_cosine(vectors: NDArray[np.float64], n_neighbors: int, max_exact_rows: int) -> UmapNeighbors:
    """Find positions and cosine distances of the nearest rows as UMAP takes them, each row first among its own."""
    nearest = nearest_rows(vectors, n_neighbors - 1, max_exact_rows=max_exact_rows)
    own = np.arange(len(vectors))[:, None]
    distances = np.maximum(1 - nearest.cosines, 0)
    return np.hstack([own, nearest.rows]).astype(np.int32), np.hstack([0 * own, distances]).astype(np.float32), None


def _nearest_of_all_pairs(
    vectors: NDArray[np.float64], n_neighbors: int, metric: str, metrics: Mapping[str, Callable[..., float]]
) -> UmapNeighbors:
    """Find the nearest rows as UMAP does itself for few rows, to the bit, without what it would compile for that."""
    rows = vectors.astype(np.float32)
    nearest = np.empty((len(rows), n_neighbors), dtype=np.int32)
    nearest_distances = np.empty((len(rows), n_neighbors), dtype=np.float32)
    for start in range(0, len(rows), BATCH_ROWS):
        batch = slice(start, start + BATCH_ROWS)
        if metric == "cosine":
            distances = _cosine_distances(rows[batch], rows)
        else:
            distances = pairwise_distances(rows[batch], rows, metric=metrics[metric]).astype(np.float32)
        nearest[batch] = np.argsort(distances, axis=1, kind="stable")[:, :n_neighbors]
        nearest_distances[batch] = np.take_along_axis(distances, nearest[batch].astype(np.int64), axis=1)
    return nearest, nearest_distances, None


def _cosine_distances(rows: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute cosine distances as UMAP's loop does: single products, added feature by feature in double precision."""
    products = np.zeros((len(rows), len(others)))
    squares, other_squares = np.zeros(len(rows)), np.zeros(len(others))
    for row_values, other_values in zip(rows.T, others.T, strict=True):
        products += row_values[:, None] * other_values
        squares += row_values * row_values
        other_squares += other_values * other_values
    # A row of zeros is at distance 1 from others, and at 0 from another of zeros.
    lengths = np.sqrt(squares[:, None] * other_squares)
    both_zero = (squares[:, None] == 0) & (other_squares == 0)
    cosines = np.divide(products, lengths, out=both_zero.astype(np.float64), where=lengths > 0)
    return np.asarray(1 - cosines, dtype=np.float32)


def _principal_axes(
    centered: NDArray[np.float64], *, reduce_first: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the first two principal axes, of shape (2, n_features), and their singular values, of shape (2,).

    The triangle R of a QR decomposition has the same axes as its rows, in less time where these are many.
    """
    table = np.linalg.qr(centered, mode="r") if reduce_first else centered
    _, singular_values, components = np.linalg.svd(table, full_matrices=False)
    axes, extent = np.zeros((2, centered.shape[1])), np.zeros(2)
    axes[: len(components)] = components[:2]
    extent[: len(components)] = singular_values[:2]
    return axes, extent


def _trustworthiness(
    vectors: NDArray[np.float64], embedding: NDArray[np.float64], n_neighbors: int, metric: str
) -> float:
    rows = np.linspace(0, len(vectors) - 1, min(len(vectors), MAX_TRUSTWORTHINESS_ROWS)).astype(int)
    n_neighbors = min(n_neighbors, (len(rows) - 1) // 2)
    if n_neighbors < 1:
        return 1.0
    return float(trustworthiness(vectors[rows], embedding[rows], n_neighbors=n_neighbors, metric=metric))

"""Vectors to a map of two dimensions."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy.linalg import orthogonal_procrustes
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.manifold import trustworthiness
from sklearn.utils.validation import check_is_fitted, validate_data

from rare_topics.projection.neighbors import EXACT, nearest_among, nearest_rows
from rare_topics.runtime.sampling import sample_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# UMAP needs a few more articles than neighbours; below this the two widest directions are the map.
SMALLEST_UMAP = 8
# Rows on one line or in one point have no second direction for UMAP to start from.
SMALLEST_EXTENT = 1e-9
FEWEST_NEIGHBORS, MOST_NEIGHBORS = 3, 15
# Larger collections are laid out by a sample of this size, and the other rows placed among it.
LEARNED_FROM = 20_000


class MapProjector(TransformerMixin, BaseEstimator):
    """Project vectors to a map by UMAP, with settings that fit small collections.

    Unseen rows are placed between their neighbours, each by itself. These neighbours, and those of
    more than 5,000 rows, are the nearest by cosine whatever the metric. Of more than 20,000 rows,
    so many are drawn and laid out, and the others are placed like unseen ones.

    Parameters
    ----------
    n_neighbors
        Neighbours that shape the map; None takes the square root of the number of rows, at
        least 3 and at most 15.
    min_dist
        Least distance of two points on the map.
    metric
        Distance between vectors.
    random_state
        Start of the layout; the same number gives the same map.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, 2)
        Coordinates, without a unit; only neighbourhoods mean something.
    n_neighbors_ : int
        Neighbours used.
    trustworthiness_ : float
        Share of map neighbours that are neighbours among the vectors, 0 to 1
        (Venna and Kaski 2001); taken on at most 2,000 rows.

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
        random_state: int | None = 0,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.min_dist = min_dist
        self.metric = metric
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Lay out the rows of `X`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors.
        y : object
            Ignored.

        Returns
        -------
        MapProjector
            This estimator.
        """
        vectors = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        learned = sample_rows(len(vectors), LEARNED_FROM, random_state=self.random_state)
        self._rows = vectors[learned]
        n = len(self._rows)
        wanted = self.n_neighbors or round(np.sqrt(n))
        self.n_neighbors_ = int(min(max(wanted, FEWEST_NEIGHBORS), MOST_NEIGHBORS, n - 1))
        self._center = self._rows.mean(axis=0)
        self._axes, extent = _widest_directions(self._rows - self._center)
        self._curved = bool(n >= SMALLEST_UMAP and extent.min() > SMALLEST_EXTENT)
        self._points = self._laid_out(self._rows) if self._curved else self._flat(self._rows)
        self.embedding_ = np.empty((len(vectors), 2))
        self.embedding_[learned] = self._points
        others = np.setdiff1d(np.arange(len(vectors)), learned)
        self.embedding_[others] = self.transform(vectors[others]) if len(others) else 0
        self.trustworthiness_ = _trust(vectors, self.embedding_, self.n_neighbors_, self.metric)
        return self

    def fit_transform(self, X: ArrayLike, y: object = None) -> NDArray[np.float64]:
        """Lay out the rows of `X` and return their coordinates, of shape (n_samples, 2)."""
        return self.fit(X, y).embedding_

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Place unseen rows on the map, each by itself: alone it lies where it lies among others.

        Returns
        -------
        ndarray of shape (n_samples, 2)
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False)
        if not self._curved:
            return self._flat(vectors)
        return self._between_neighbors(vectors)

    def aligned(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn, mirror and scale this map to lie over another of the same rows.

        Returns
        -------
        ndarray of shape (n_samples, 2)
            Orthogonal Procrustes alignment of `embedding_` to `points`.
        """
        check_is_fitted(self)
        own, other = self.embedding_ - self.embedding_.mean(axis=0), points - points.mean(axis=0)
        rotation, scale = orthogonal_procrustes(own, other)
        return np.asarray(own @ rotation * (scale / max((own**2).sum(), 1e-12)) + points.mean(axis=0))

    def _laid_out(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Lay rows out by UMAP."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # UMAP says that a seed means one thread
            with keeping_signed():
                from umap import UMAP
            keep_compiled()
            known = _neighbor_table(vectors, self.n_neighbors_) if len(vectors) > EXACT else (None, None, None)
            umap = UMAP(
                n_neighbors=self.n_neighbors_,
                precomputed_knn=known,
                min_dist=self.min_dist,
                metric=self.metric,
                random_state=self.random_state,
                n_jobs=1,
                init="pca",
            )
            return np.asarray(umap.fit(vectors).embedding_, dtype=np.float64)

    def _between_neighbors(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Place rows at the mean of their nearest known rows, each as it is near.

        UMAP's own transform would place a row otherwise among others than alone.
        """
        near = nearest_among(vectors, self._rows, self.n_neighbors_)
        weights = np.maximum(near.cosines, 1e-9)
        places = self._points[near.rows] * weights[..., None]
        return np.asarray(places.sum(axis=1) / weights.sum(axis=1, keepdims=True))

    def _flat(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((vectors - self._center) @ self._axes.T)


@contextmanager
def keeping_signed() -> Iterator[None]:
    """Have numba keep on disk what it compiles while a module is imported: the functions that come with a signature."""
    import numba

    plain = numba.njit

    def keeping(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - numba is untyped
        return plain(*given, **{"cache": isinstance(next(iter(given), None), str), **options})

    numba.njit = keeping
    try:
        yield
    finally:
        numba.njit = plain


@lru_cache(maxsize=1)
def keep_compiled() -> int:
    """Have numba keep UMAP's compiled functions on disk, which by itself it does not.

    Compiling them takes ten seconds of every new process; loading them a tenth of one.

    Returns
    -------
    int
        Functions that are kept; 0 where this numba has no such switch, which costs time only.
    """
    from numba.core.registry import CPUDispatcher

    kept = 0
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] not in {"umap", "pynndescent"}:
            continue
        for function in vars(module).values():
            if isinstance(function, CPUDispatcher) and not function.signatures:
                try:
                    function.enable_caching()
                except (AttributeError, RuntimeError, OSError):
                    continue
                kept += 1
    return kept


def _neighbor_table(vectors: NDArray[np.float64], n_neighbors: int) -> tuple[NDArray[Any], NDArray[Any], None]:
    """Positions and cosine distances of the nearest rows as UMAP takes them, each row its own first."""
    near = nearest_rows(vectors, n_neighbors - 1)
    own = np.arange(len(vectors))[:, None]
    distances = np.maximum(1 - near.cosines, 0)
    return np.hstack([own, near.rows]).astype(np.int32), np.hstack([0 * own, distances]).astype(np.float32), None


def _widest_directions(centered: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # The directions of many rows are those of the triangle that they reduce to.
    _, lengths, axes = np.linalg.svd(
        np.linalg.qr(centered, mode="r") if len(centered) > EXACT else centered, full_matrices=False
    )
    two, extent = np.zeros((2, centered.shape[1])), np.zeros(2)
    two[: len(axes)], extent[: len(axes)] = axes[:2], lengths[:2]
    return two, extent


def _trust(vectors: NDArray[np.float64], points: NDArray[np.float64], n_neighbors: int, metric: str) -> float:
    rows = np.linspace(0, len(vectors) - 1, min(len(vectors), 2000)).astype(int)
    k = min(n_neighbors, (len(rows) - 1) // 2)
    if k < 1:
        return 1.0
    return float(trustworthiness(vectors[rows], points[rows], n_neighbors=k, metric=metric))

"""k-means on many random parts of the same rows: the runs of a consensus."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

# Up to so many rows all runs are made together by `_batched_kmeans`, of more one by one by scikit-learn. Measured with
# 8 clusters in ms a run, `_batched_kmeans` and scikit-learn: 34 rows .1 and 1.5, 300 rows .5 and 1.3, 1000 rows 3.4
# and 3.3, 2000 rows 14 and 8. A number of clusters is chosen by some 4,400 runs.
MAX_BATCHED_ROWS = 1000
MAX_ITERATIONS = 50
# Runs are made together while their tables hold at most so many numbers.
BATCH_CELLS = 2_000_000
Views = list[NDArray[np.float64]]


def run_centers(
    vectors: NDArray[np.float64],
    n_clusters: int,
    n_runs: int,
    *,
    subsample: float,
    max_rows: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Cluster random parts of the rows by k-means.

    Parameters
    ----------
    vectors : ndarray of shape (n_samples, n_features)
        Rows.
    n_clusters, n_runs
        Clusters of a run, and number of runs.
    subsample
        Share of the rows in a run.
    max_rows
        Rows in a run at most.
    rng
        Draws the parts and the first centers.

    Returns
    -------
    ndarray of shape (n_runs, n_clusters, n_features)
    """
    n = len(vectors)
    size = min(max(n_clusters, round(subsample * n)), max(n_clusters, max_rows))
    if size > MAX_BATCHED_ROWS:
        # On one thread, since several add up in an order that changes the last bits.
        with threadpool_limits(1, user_api="openmp"), warnings.catch_warnings():
            # Fewer distinct rows than clusters leave centers that are equal, which does no harm.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return np.stack([_kmeans(vectors[rng.permutation(n)[:size]], n_clusters, rng) for _ in range(n_runs)])
    in_run = np.zeros((n_runs, n))
    for row in in_run:
        row[rng.permutation(n)[:size]] = 1
    batch = _runs_in_batch(n, n_clusters)
    starts = range(0, n_runs, batch)
    return np.concatenate([_batched_kmeans(vectors, in_run[at : at + batch], n_clusters, rng) for at in starts])


def label_by_runs(vectors: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give every row its nearest center in each run.

    Parameters
    ----------
    vectors : ndarray of shape (n_samples, n_features)
        Rows.
    centers : ndarray of shape (n_runs, n_clusters, n_features)
        From `run_centers`.

    Returns
    -------
    ndarray of shape (n_runs, n_samples)
    """
    n_runs, n_clusters, _ = centers.shape
    batch = _runs_in_batch(len(vectors), n_clusters)
    return np.concatenate([nearest_center(vectors, centers[at : at + batch]) for at in range(0, n_runs, batch)])


def nearest_center(vectors: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.int64]:
    """As `label_by_runs`, for as many runs as fit into memory together."""
    return np.asarray(_squared_distances(vectors, centers).argmin(axis=2))


def _runs_in_batch(n_rows: int, n_clusters: int) -> int:
    return max(1, BATCH_CELLS // (n_rows * n_clusters))


def _kmeans(vectors: NDArray[np.float64], n_clusters: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Run scikit-learn's k-means once."""
    model = KMeans(n_clusters, n_init=1, max_iter=MAX_ITERATIONS, random_state=int(rng.integers(2**31)))
    return np.asarray(model.fit(vectors).cluster_centers_)


def _batched_kmeans(
    vectors: NDArray[np.float64], in_run: NDArray[np.float64], n_clusters: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Run k-means for many subsets of the same rows at once.

    Parameters
    ----------
    vectors : ndarray of shape (n_samples, n_features)
        Rows.
    in_run : ndarray of shape (n_runs, n_samples)
        1 where a row is in a run, else 0.
    n_clusters
        Clusters of a run.
    rng
        Draws the first centers.

    Returns
    -------
    ndarray of shape (n_runs, n_clusters, n_features)
        Centers, started by k-means++ (Arthur and Vassilvitskii 2007), moved by Lloyd's algorithm.
    """
    centers = vectors[_draw_one(in_run, rng)][:, None]
    closest = np.full(in_run.shape, np.inf)
    for _ in range(n_clusters - 1):
        closest = np.minimum(closest, _squared_distances(vectors, centers[:, -1:])[..., 0])
        centers = np.concatenate([centers, vectors[_draw_one(in_run * closest, rng)][:, None]], axis=1)
    labels = np.full(in_run.shape, -1)
    active = np.arange(len(in_run))
    for _ in range(MAX_ITERATIONS):
        new_labels = nearest_center(vectors, centers[active])
        changed = (new_labels != labels[active]).any(axis=1)
        active, new_labels = active[changed], new_labels[changed]
        if not len(active):
            break
        labels[active] = new_labels
        member = (new_labels[:, None] == np.arange(n_clusters)[None, :, None]) * in_run[active, None]
        size = member.sum(axis=2, keepdims=True)
        centers[active] = np.where(size > 0, (member @ vectors) / np.maximum(size, 1), centers[active])
    return centers


def _draw_one(weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw one column of each row, with a probability in proportion to its weight."""
    cumulated = np.cumsum(np.maximum(weights, 1e-12), axis=1)
    drawn = rng.random(len(weights)) * cumulated[:, -1]
    return np.asarray((cumulated < drawn[:, None]).sum(axis=1))


def _squared_distances(vectors: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared Euclidean distances, of shape (n_runs, n_samples, n_centers)."""
    inner = vectors @ centers.transpose(0, 2, 1)
    squares = (vectors**2).sum(axis=1)[None, :, None] + (centers**2).sum(axis=2)[:, None, :]
    return np.asarray(np.maximum(squares - 2 * inner, 0))

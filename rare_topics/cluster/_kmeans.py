"""Many clusterings of resampled rows, each by k-means, made together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

# Larger runs see so many rows and label the rest.
RUN_SAMPLE = 2000
LLOYD_ROUNDS = 50
# Runs are made together while their tables hold at most so many numbers.
BATCH_CELLS = 2_000_000
FEWEST_SHARPENED, MOST_SHARPENED = 10, 200
# Powers of the cosine, and the eigenvectors kept of each: chosen by one reading of 34 articles, weak evidence.
SHARPENING = ((3, 5), (4, 6), (6, 7))

Views = list[NDArray[np.float64]]


def sharpened(vectors: NDArray[np.float64]) -> Views:
    """Describe a small collection by who is near whom, which k-means can tell apart.

    With few rows in many dimensions all distances look alike; the leading eigenvectors of
    powers of their cosine (Ng, Jordan and Weiss 2002) do not.
    """
    n = len(vectors)
    if not FEWEST_SHARPENED <= n <= MOST_SHARPENED:
        return []
    cosines = np.maximum(normalize(vectors) @ normalize(vectors).T, 0)
    np.fill_diagonal(cosines, 0)
    # Equal rows are one place: the eigenvectors of equal eigenvalues would tear them apart.
    _, place = np.unique(np.round(vectors, 9), axis=0, return_inverse=True)
    equal = (place[:, None] == place).astype(np.float64)
    equal /= equal.sum(axis=1, keepdims=True)
    views = []
    for power, dimensions in SHARPENING:
        affinity = cosines**power
        scale = 1 / np.sqrt(np.maximum(affinity.sum(axis=1), 1e-12))
        _, eigenvectors = np.linalg.eigh(scale[:, None] * affinity * scale)
        views.append(np.asarray(equal @ normalize(eigenvectors[:, -dimensions:])))
    return views


def run_centers(
    vectors: NDArray[np.float64], n_clusters: int, n_runs: int, subsample: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Cluster random parts of the rows.

    Returns
    -------
    ndarray of shape (n_runs, n_clusters, n_features)
    """
    n = len(vectors)
    size = max(n_clusters, round(subsample * n))
    if size > RUN_SAMPLE:
        parts = (vectors[rng.permutation(n)[:RUN_SAMPLE]] for _ in range(n_runs))
        return np.concatenate([_kmeans(part, np.ones((1, RUN_SAMPLE)), n_clusters, rng) for part in parts])
    seen = np.zeros((n_runs, n))
    for run in seen:
        run[rng.permutation(n)[:size]] = 1
    batch = _batch(n, n_clusters)
    return np.concatenate([_kmeans(vectors, seen[at : at + batch], n_clusters, rng) for at in range(0, n_runs, batch)])


def labelled(vectors: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Label rows by each of many clusterings, of shape (n_runs, n_samples)."""
    n_runs, n_clusters, _ = centers.shape
    batch = _batch(len(vectors), n_clusters)
    return np.concatenate([nearest(vectors, centers[at : at + batch]) for at in range(0, n_runs, batch)])


def _batch(n: int, n_clusters: int) -> int:
    """Return the number of runs that are made together."""
    return max(1, BATCH_CELLS // (n * n_clusters))


def _kmeans(
    points: NDArray[np.float64], seen: NDArray[np.float64], n_clusters: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Run k-means for many subsets of the same points at once.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_features)
    seen : ndarray of shape (n_runs, n_points)
        1 where a run sees a point, else 0.

    Returns
    -------
    ndarray of shape (n_runs, n_clusters, n_features)
        Centers, started by k-means++ (Arthur and Vassilvitskii 2007).
    """
    centers = points[_draw(seen, rng)][:, None]
    closest = np.full(seen.shape, np.inf)
    for _ in range(n_clusters - 1):
        closest = np.minimum(closest, _distances(points, centers[:, -1:])[..., 0])
        centers = np.concatenate([centers, points[_draw(seen * closest, rng)][:, None]], axis=1)
    labels, moving = np.full(seen.shape, -1), np.arange(len(seen))
    for _ in range(LLOYD_ROUNDS):
        found = nearest(points, centers[moving])
        # A run that has come to rest is done.
        moved = (found != labels[moving]).any(axis=1)
        moving, found = moving[moved], found[moved]
        if not len(moving):
            break
        labels[moving] = found
        member = (found[:, None] == np.arange(n_clusters)[None, :, None]) * seen[moving, None]
        size = member.sum(axis=2, keepdims=True)
        centers[moving] = np.where(size > 0, (member @ points) / np.maximum(size, 1), centers[moving])
    return centers


def _draw(weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw one point a run, as often as its weight says."""
    heaps = np.cumsum(np.maximum(weights, 1e-12), axis=1)
    wanted = rng.random(len(weights)) * heaps[:, -1]
    return np.asarray((heaps < wanted[:, None]).sum(axis=1))


def _distances(points: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances, of shape (n_runs, n_points, n_centers)."""
    inner = points @ centers.transpose(0, 2, 1)
    squares = (points**2).sum(axis=1)[None, :, None] + (centers**2).sum(axis=2)[:, None, :]
    return np.asarray(np.maximum(squares - 2 * inner, 0))


def nearest(points: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of each point's nearest center in each run, of shape (n_runs, n_points)."""
    return np.asarray(_distances(points, centers).argmin(axis=2))


def agreement_of(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Compare two labellings by the adjusted Rand index (Hubert and Arabie 1985).

    scikit-learn's gives the same, but checks its input for longer than it computes.
    """
    n, width = len(one), int(other.max()) + 1
    cells = np.bincount(one * width + other)
    pairs, ones, others = (int((sizes**2).sum()) for sizes in (cells, np.bincount(one), np.bincount(other)))
    # Ordered pairs that are together in both, in one alone, in the other alone, in neither.
    both, first, second = pairs - n, ones - pairs, others - pairs
    neither = n * n - ones - others + pairs
    if not first and not second:
        return 1.0
    expected = (both + first) * (first + neither) + (both + second) * (second + neither)
    return 2 * (both * neither - first * second) / expected

"""Whether rows have clusters at all: beside rows of the same covariance that have none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from rare_topics.cluster.n_clusters import RESOLUTION, modularity, modularity_communities, similarity_graph

# Structureless collections that a collection is compared with, and the standard deviations by which its modularity has
# to exceed theirs. Of the labelled collections the least exceeds them by 8; normally distributed rows seldom do by 3.
N_STRUCTURELESS, LEAST_DEVIATIONS = 19, 4
# Two groups hardly differ from a long drawn-out cloud in modularity, so that clusters as sure as this are enough.
SURE = 0.8
# So many of them are clustered as well, which takes longer.
N_CLUSTERED = 6
# Rows compared at most.
MAX_ROWS = 200
# Part of the confidence that chance does not give from which rows are said to have clusters. Thirteen labelled
# collections have .1 to .6, articles drawn from one bag of words .02 at most.
LEAST_STRUCTURE = 0.05

Confidence = Callable[[NDArray[np.float64]], float]


def structure(vectors: NDArray[np.float64], confidence: Confidence, *, rng: np.random.Generator) -> float:
    """Measure how much surer clusters are than those of rows without structure.

    Parameters
    ----------
    vectors : ndarray of shape (n_samples, n_features)
        Rows.
    confidence
        Clusters rows, and returns their mean confidence, 0 to 1.
    rng
        Draws a sample of the rows, and the rows without structure.

    Returns
    -------
    float
        0 where clusters are no surer than chance makes them, or the graph of similar rows falls
        no better into communities; 1 where they are as sure as can be.
    """
    sample = normalize(vectors[np.sort(rng.permutation(len(vectors))[:MAX_ROWS])])
    structureless = [without_structure(sample, rng) for _ in range(N_STRUCTURELESS)]
    by_chance = float(np.mean([confidence(rows) for rows in structureless[:N_CLUSTERED]]))
    excess = float((confidence(sample) - by_chance) / max(1 - by_chance, 1e-12))
    modularities = np.array([_modularity(rows, rng) for rows in structureless])
    deviations = (_modularity(sample, rng) - modularities.mean()) / max(modularities.std(), 1e-12)
    return excess if excess >= SURE or (deviations >= LEAST_DEVIATIONS and excess > 0) else 0.0


def without_structure(vectors: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Mix rows at random such that mean and covariance stay as they are, and groups do not.

    The deviations from the mean are turned by a random orthogonal matrix that acts on the rows
    (Haar measure; Stewart 1980), which makes every row a mixture of all. Rows get length 1.

    Parameters
    ----------
    vectors : ndarray of shape (n_samples, n_features)
        Rows.
    rng
        Draws the matrix.

    Returns
    -------
    ndarray of shape (n_samples, n_features)
    """
    n = len(vectors)
    mean = vectors.mean(axis=0)
    # The first column of the basis is the mean; what is turned is orthogonal to it.
    basis, _ = np.linalg.qr(np.column_stack([np.ones(n), rng.standard_normal((n, n - 1))]))
    rotation, upper = np.linalg.qr(rng.standard_normal((n - 1, n - 1)))
    rotation *= np.sign(upper.diagonal())
    deviations = basis[:, 1:] @ (rotation @ (basis[:, 1:].T @ (vectors - mean)))
    return np.asarray(normalize(mean + deviations))


def _modularity(vectors: NDArray[np.float64], rng: np.random.Generator) -> float:
    graph = similarity_graph(vectors)
    return modularity(graph, modularity_communities(graph, RESOLUTION, rng), RESOLUTION)

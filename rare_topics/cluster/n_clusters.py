"""How many clusters: the communities of a graph of similar rows, counted on resamples, and how surely rows go there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

# Chosen among 1.2 to 1.8 on seven labelled collections (news in either language, titles, abstracts, two sets of pages)
# and six parts of them with fewer classes, by their mean agreement with the classes, which from 1.3 to 1.5 differs
# little; within that range by the numbers of clusters. Chosen by the others alone, resolutions do worse on a collection
# left out than this fixed one (.docs/explanation/stability.md), so expect a little less elsewhere.
RESOLUTION = 1.4
# Communities are counted on so many parts of the rows, each of this share of them and of so many at most.
N_RESAMPLES, SUBSAMPLE, MAX_ROWS = 20, 0.9, 400
# A number replaces the median where rows are surer of their clusters by more than so many standard errors, as many as
# make structure of rows (`rare_topics.cluster.structure`). With three to six of them the numbers hardly differ.
STANDARD_ERRORS = 4
# Of fewer rows the median is taken: in three sets of pages rows were the surer the more clusters there were.
MIN_MARGIN_ROWS = 201
# Sweeps over the rows at a level of the search; it hardly ever needs more than ten.
MAX_SWEEPS = 50
# A move that gains less is rounding.
LEAST_GAIN = 1e-12


def count_communities(
    vectors: NDArray[np.float64], *, rng: np.random.Generator, resolution: float = RESOLUTION
) -> list[int]:
    """Count the communities of two rows or more on random parts of the rows.

    Parameters
    ----------
    vectors : ndarray of shape (n_samples, n_features)
        Rows, compared by the square of their cosine where it is positive.
    rng
        Draws the parts and the order of the search.
    resolution
        Larger ones find more and smaller communities.

    Returns
    -------
    list of int
        One number for each of 20 parts; 0 where no two rows are alike.
    """
    size = min(MAX_ROWS, max(2, round(SUBSAMPLE * len(vectors))))
    found = []
    for _ in range(N_RESAMPLES):
        part = vectors[np.sort(rng.permutation(len(vectors))[:size])]
        labels = modularity_communities(similarity_graph(part), resolution, rng)
        found.append(int((np.bincount(labels) > 1).sum()))
    return found


def settle_number(counts: list[int], margins: Callable[[int], NDArray[np.float64]] | None) -> int:
    """Choose among the numbers of communities that resamples have, and one more or less.

    Parameters
    ----------
    counts
        From `count_communities`.
    margins
        Clusters rows into so many clusters, and returns of each row how much oftener it falls
        together with its own than with the next best; None leaves the median.

    Returns
    -------
    int
        Of the numbers whose mean margin is within four standard errors of the largest, the one
        nearest to the median, and of two the smaller.
    """
    median = int(np.median(counts))
    if margins is None or median <= 1:
        return median
    numbers = range(max(2, min(counts) - 1), max(counts) + 2)
    found = {number: margins(number) for number in numbers}
    means = {number: float(rows.mean()) for number, rows in found.items()}
    surest = max(numbers, key=means.__getitem__)
    least = means[surest] - STANDARD_ERRORS * float(found[surest].std()) / np.sqrt(len(found[surest]))
    return min((number for number in numbers if means[number] >= least), key=lambda number: abs(number - median))


def similarity_graph(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh each two rows by the square of their cosine, 0 where it is negative, and a row with itself by 0.

    The square keeps what many rows share by chance from outweighing what few have in common.
    """
    unit = normalize(vectors)
    weights = np.maximum(unit @ unit.T, 0) ** 2
    np.fill_diagonal(weights, 0)
    return np.asarray(weights)


def modularity_communities(
    weights: NDArray[np.float64], resolution: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Find communities of a graph by greedy modularity, level after level (Louvain; Blondel et al. 2008).

    Written out because the graph is dense and small, for which packages of sparse graphs need a
    hundred times as long or bring another thirty megabytes.

    Parameters
    ----------
    weights : ndarray of shape (n, n)
        Symmetric, not negative, 0 in the diagonal.
    resolution
        Factor of what chance gives (Reichardt and Bornholdt 2006).
    rng
        Draws the order in which nodes are visited.

    Returns
    -------
    ndarray of shape (n,)
        Community of each node, 0 and on.
    """
    labels = np.arange(len(weights))
    if not weights.any():
        return labels
    graph = weights
    while True:
        communities = _move_nodes(graph, resolution, rng)
        numbers, communities = np.unique(communities, return_inverse=True)
        labels = communities[labels]
        if len(numbers) == len(graph):
            return np.asarray(labels)
        member = np.eye(len(numbers))[communities]
        graph = member.T @ graph @ member


def modularity(weights: NDArray[np.float64], labels: NDArray[np.int64], resolution: float) -> float:
    """Weigh the links within communities against what chance would give (Newman and Girvan 2004).

    Parameters
    ----------
    weights, resolution
        As in `modularity_communities`.
    labels : ndarray of shape (n,)
        Community of each node.

    Returns
    -------
    float
        1 at most; 0 for a graph without links.
    """
    total = weights.sum()
    if not total:
        return 0.0
    member = np.eye(labels.max() + 1)[labels]
    within = np.einsum("ik,ij,jk->k", member, weights, member, optimize=True) / total
    expected = (weights.sum(axis=1) @ member / total) ** 2
    return float(within.sum() - resolution * expected.sum())


def _move_nodes(graph: NDArray[np.float64], resolution: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Move single nodes to the community that gains most until none gains; the diagonal holds what is within a node."""
    n = len(graph)
    degree = graph.sum(axis=1)
    scale = resolution / degree.sum()
    communities, community_degree = np.arange(n), degree.copy()
    # Weight of the links from each node to each community, itself left out.
    links = graph.copy()
    np.fill_diagonal(links, 0)
    others = links.copy()
    for _ in range(MAX_SWEEPS):
        has_moved = False
        for node in rng.permutation(n):
            old = communities[node]
            community_degree[old] -= degree[node]
            gain = links[node] - scale * degree[node] * community_degree
            new = int(gain.argmax())
            if gain[new] > gain[old] + LEAST_GAIN:
                links[:, old] -= others[:, node]
                links[:, new] += others[:, node]
                communities[node], has_moved = new, True
            else:
                new = old
            community_degree[new] += degree[node]
        if not has_moved:
            break
    return communities

"""What many clusterings of the same rows say together: who falls together with whom, and in what share of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from rare_topics.cluster._kmeans import Views, labelled

UNPLACED = -1
# The tree of a consensus needs n^2 memory; larger collections build it on a sample of this size.
TREE_SAMPLE = 2000
PAIR = 2


class Consensus(NamedTuple):
    """Labels of every row in every resample, as one sparse indicator matrix.

    Attributes
    ----------
    runs
        Number of resamples, B.
    member
        csr_array of shape (n_samples, total number of base clusters); B ones in each row.
    """

    runs: int
    member: sparse.csr_array

    def with_groups(self, labels: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
        """Share of resamples in which a row falls together with a group's other members.

        Returns
        -------
        ndarray of shape (n_samples, n_groups)
        """
        placed = np.flatnonzero(labels >= 0)
        group = sparse.csr_array((np.ones(len(placed)), (labels[placed], placed)), shape=(n_groups, len(labels)))
        together = (self.member @ (group @ self.member).T).toarray() / self.runs
        sizes = np.broadcast_to(np.asarray(group.sum(axis=1)).ravel(), together.shape).copy()
        together[placed, labels[placed]] -= 1
        sizes[placed, labels[placed]] -= 1
        return np.asarray(np.divide(together, sizes, out=np.zeros_like(together), where=sizes > 0))


def consensus_of(views: Views, centers: Sequence[NDArray[np.float64]]) -> Consensus:
    """Bring together what the runs of each view make of its rows."""
    runs = np.concatenate([labelled(view, some) for view, some in zip(views, centers, strict=True)])
    labels = runs.T
    starts = np.concatenate([[0], np.cumsum(labels.max(axis=0) + 1)])
    columns = (labels + starts[:-1]).ravel()
    rows = np.repeat(np.arange(len(labels)), len(runs))
    member = sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(labels), starts[-1]))
    return Consensus(len(runs), member)


def partition(consensus: Consensus, n_clusters: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Cut the tree, and give the rows that it leaves out to the cluster they fall together with most."""
    labels = cut(consensus, n_clusters, rng)
    return np.where(labels < 0, consensus.with_groups(labels, n_clusters).argmax(axis=1), labels)


def cut(consensus: Consensus, n_clusters: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Cut the tree of agreement where `n_clusters` groups have two members or more, or else most have."""
    n = consensus.member.shape[0]
    sample = np.arange(n) if n <= TREE_SAMPLE else np.sort(rng.permutation(n)[:TREE_SAMPLE])
    member = consensus.member[sample]
    distance = 1 - (member @ member.T).toarray() / consensus.runs
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    groups, most = np.zeros(len(sample), dtype=np.int64), 0
    for cut in range(n_clusters, len(sample) + 1):
        tried = fcluster(tree, cut, "maxclust")
        found = (np.bincount(tried) >= PAIR).sum()
        if found > most:
            groups, most = tried, found
        if most >= n_clusters:
            break
    sizes = np.bincount(groups)
    kept = np.argsort(-sizes, kind="stable")[:n_clusters]
    labels = np.full(n, UNPLACED, dtype=np.int64)
    for number, group in enumerate(kept[sizes[kept] > 1]):
        labels[sample[groups == group]] = number
    return labels


def by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank clusters by size, the largest first; equals in order of their first row."""
    names, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    placed = names >= 0
    ranked = names[placed][np.lexsort((first[placed], -sizes[placed]))]
    renamed = np.full(labels.max(initial=0) + 2, UNPLACED, dtype=np.int64)
    renamed[ranked] = np.arange(len(ranked))
    return np.asarray(renamed[labels])


def companions(
    views: Views, centers: Sequence[NDArray[np.float64]], labels: NDArray[np.int64], n_groups: int
) -> NDArray[np.float64]:
    """Tell what share of each group's members every run has in each of its clusters.

    Parameters
    ----------
    views : list of ndarray of n_samples rows
    centers : sequence of ndarray of shape (n_runs_of_the_view, n_clusters, n_features)
    labels : ndarray of shape (n_samples,)
        Group of each row, -1 for none.
    n_groups
        Number of groups.

    Returns
    -------
    ndarray of shape (n_runs, n_clusters, n_groups)
    """
    placed = labels >= 0
    group = labels[placed]
    sizes = np.maximum(np.bincount(group, minlength=n_groups), 1)
    n_clusters = centers[0].shape[1]
    runs = np.concatenate([labelled(view[placed], some) for view, some in zip(views, centers, strict=True)])
    shares = np.zeros((len(runs), n_clusters, n_groups))
    for share, run in zip(shares, runs, strict=True):
        cells = np.bincount(run * n_groups + group, minlength=n_clusters * n_groups)
        share[:] = cells.reshape(n_clusters, n_groups) / sizes
    return shares


def together_with(
    views: Views, centers: Sequence[NDArray[np.float64]], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of the runs in which rows fall together with each group's members.

    Parameters
    ----------
    views, centers
        Rows of any number, and the runs; as in `companions`.
    shares
        From `companions`.

    Returns
    -------
    ndarray of shape (n_samples, n_groups)
    """
    together = np.zeros((len(views[0]), shares.shape[2]))
    runs = (run for view, some in zip(views, centers, strict=True) for run in labelled(view, some))
    for run, share in zip(runs, shares, strict=True):
        together += share[run]
    return together / max(len(shares), 1)

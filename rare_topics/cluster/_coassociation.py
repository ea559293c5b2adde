"""Co-association: in what share of many clusterings rows fall together, and the clusters that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from rare_topics.cluster._kmeans import Views, label_by_runs

# The label of a row that belongs to no cluster.
UNPLACED = -1
# A cluster has two rows or more.
MIN_CLUSTER_SIZE = 2


class Ensemble(NamedTuple):
    """Many clusterings of the same rows, as one sparse indicator matrix.

    Attributes
    ----------
    n_runs
        Number of clusterings.
    membership
        csr_array of shape (n_samples, total number of base clusters); `n_runs` ones in each row.
    """

    n_runs: int
    membership: sparse.csr_array

    def group_coassociation(self, labels: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
        """Share of the runs in which a row falls together with a group's members, itself left out.

        Parameters
        ----------
        labels : ndarray of shape (n_samples,)
            Group of each row, -1 for none.
        n_groups
            Number of groups.

        Returns
        -------
        ndarray of shape (n_samples, n_groups)
            Means over the group's members.
        """
        placed = np.flatnonzero(labels >= 0)
        group = sparse.csr_array((np.ones(len(placed)), (labels[placed], placed)), shape=(n_groups, len(labels)))
        together = (self.membership @ (group @ self.membership).T).toarray() / self.n_runs
        sizes = np.broadcast_to(np.asarray(group.sum(axis=1)).ravel(), together.shape).copy()
        together[placed, labels[placed]] -= 1
        sizes[placed, labels[placed]] -= 1
        return np.asarray(np.divide(together, sizes, out=np.zeros_like(together), where=sizes > 0))


def ensemble_of_runs(views: Views, centers: Sequence[NDArray[np.float64]]) -> Ensemble:
    """Label the rows by all runs of all views.

    Parameters
    ----------
    views : list of ndarray of shape (n_samples, n_features_of_the_view)
        Descriptions of the same rows.
    centers : sequence of ndarray of shape (n_runs_of_the_view, n_clusters, n_features_of_the_view)
        From `run_centers`, for each view.

    Returns
    -------
    Ensemble
    """
    labels = np.concatenate(list(map(label_by_runs, views, centers))).T
    n_samples, n_runs = labels.shape
    first_columns = np.concatenate([[0], np.cumsum(labels.max(axis=0) + 1)])
    columns = (labels + first_columns[:-1]).ravel()
    rows = np.repeat(np.arange(n_samples), n_runs)
    shape = (n_samples, first_columns[-1])
    return Ensemble(n_runs, sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=shape))


def cut_dendrogram(
    ensemble: Ensemble, n_clusters: int, *, max_rows: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Cluster rows by average linkage on the share of runs in which two rows fall apart.

    The tree is cut at the fewest branches of which `n_clusters` have two rows or more; where no
    cut gives so many, at the one that gives most. The largest branches become the clusters.

    Parameters
    ----------
    ensemble
        Runs.
    n_clusters
        Number of clusters wanted.
    max_rows
        The tree needs memory in the square of its rows, so of more rows a sample of this size
        makes it.
    rng
        Draws the sample.

    Returns
    -------
    ndarray of shape (n_samples,)
        Clusters; -1 for rows of smaller branches and those outside the sample.
    """
    n = ensemble.membership.shape[0]
    sample = np.arange(n) if n <= max_rows else np.sort(rng.permutation(n)[:max_rows])
    membership = ensemble.membership[sample]
    distance = 1 - (membership @ membership.T).toarray() / ensemble.n_runs
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    branches, most_found = np.zeros(len(sample), dtype=np.int64), 0
    for n_branches in range(n_clusters, len(sample) + 1):
        candidate = fcluster(tree, n_branches, "maxclust")
        n_found = (np.bincount(candidate) >= MIN_CLUSTER_SIZE).sum()
        if n_found > most_found:
            branches, most_found = candidate, n_found
        if most_found >= n_clusters:
            break
    sizes = np.bincount(branches)
    largest = np.argsort(-sizes, kind="stable")[:n_clusters]
    labels = np.full(n, UNPLACED, dtype=np.int64)
    for cluster, branch in enumerate(largest[sizes[largest] >= MIN_CLUSTER_SIZE]):
        labels[sample[branches == branch]] = cluster
    return labels


def relabel_by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give clusters numbers by size, the largest 0; of equal ones the one with the earlier first row comes first."""
    clusters, first_rows, sizes = np.unique(labels, return_index=True, return_counts=True)
    placed = clusters >= 0
    by_size = clusters[placed][np.lexsort((first_rows[placed], -sizes[placed]))]
    # The last entry is that of the unplaced, whose label is -1.
    new_labels = np.full(labels.max(initial=0) + 2, UNPLACED, dtype=np.int64)
    new_labels[by_size] = np.arange(len(by_size))
    return np.asarray(new_labels[labels])


def group_shares(
    views: Views, centers: Sequence[NDArray[np.float64]], labels: NDArray[np.int64], n_groups: int
) -> NDArray[np.float64]:
    """Share of each group's members that every run has in each of its clusters.

    Parameters
    ----------
    views, centers
        As in `ensemble_of_runs`.
    labels : ndarray of shape (n_samples,)
        Group of each row, -1 for none.
    n_groups
        Number of groups.

    Returns
    -------
    ndarray of shape (n_runs, n_clusters, n_groups)
    """
    placed = labels >= 0
    groups = labels[placed]
    sizes = np.maximum(np.bincount(groups, minlength=n_groups), 1)
    n_clusters = centers[0].shape[1]
    runs = np.concatenate(list(map(label_by_runs, [view[placed] for view in views], centers)))
    shares = np.zeros((len(runs), n_clusters, n_groups))
    for share, run in zip(shares, runs, strict=True):
        cells = np.bincount(run * n_groups + groups, minlength=n_clusters * n_groups)
        share[:] = cells.reshape(n_clusters, n_groups) / sizes
    return shares


def coassociation(
    views: Views, centers: Sequence[NDArray[np.float64]], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of the runs in which rows fall together with each group's members.

    Parameters
    ----------
    views, centers
        Rows of any number, and the runs; as in `ensemble_of_runs`.
    shares
        From `group_shares`.

    Returns
    -------
    ndarray of shape (n_samples, n_groups)
        Means over the group's members.
    """
    together = np.zeros((len(views[0]), shares.shape[2]))
    runs = np.concatenate(list(map(label_by_runs, views, centers)))
    for run, share in zip(runs, shares, strict=True):
        together += share[run]
    return together / max(len(shares), 1)

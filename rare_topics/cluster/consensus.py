"""Vectors to clusters that come back when the collection is resampled."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from rare_topics.cluster._runs import Views, agreement_of, label_runs, nearest, sharpened

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

UNPLACED = -1
# The tree of a consensus needs n^2 memory; larger collections build it on a sample of this size.
TREE_SAMPLE = 2000
# A candidate number of clusters is judged by how well so many consensuses of so many runs agree.
JUDGES, JUDGING_RUNS = 8, 50
# Larger collections are judged by a sample of this size.
JUDGED = 600
PAIR = 2
# Unless more are allowed, so many clusters are considered at most, each of so many rows on average.
MOST_CLUSTERS, CLUSTER_OF = 12, 3
# A place needs this share of the runs, or twice the share that chance gives.
PLACED, TWICE = 0.2, 2


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


class ConsensusClusterer(ClusterMixin, BaseEstimator):
    """Cluster by agreement over resamples, with a confidence for every row.

    Each run clusters a random part of the rows by k-means and assigns the rest; rows that
    fall together in most runs form the clusters (evidence accumulation: average linkage on
    the share of runs in which two rows agree).

    Parameters
    ----------
    n_clusters
        Number of clusters; None chooses the largest number that resamples agree on as well as
        on any other, within one standard error.
    max_clusters
        Largest number considered; None takes a third of the rows, and never more than 12.
    n_resamples
        Runs of the consensus, B.
    subsample
        Share of the rows in a run.
    min_confidence
        A row that is with its cluster in a smaller share of the runs is left unplaced, -1.
        None takes 0.2, or twice what chance gives where that is less.
    random_state
        Seed. The answer does not depend on the order of the rows.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        0 for the largest cluster and on; -1 for the unplaced.
    confidence_ : ndarray of shape (n_samples,)
        Share of the runs in which a row falls together with its cluster's other members.
    n_clusters_ : int
        Number of clusters found.
    centers_ : ndarray of shape (n_clusters_, n_features)
        Mean vector of each cluster's placed rows.
    choice_ : list of (int, float)
        Agreement of the runs for each number of clusters considered, 0 to 1 (Lange et al.
        2004); empty where the number was given.

    References
    ----------
    A. Fred, A. Jain. Combining multiple clusterings using evidence accumulation. 2005.

    T. Lange, V. Roth, M. Braun, J. Buhmann. Stability-based validation of clustering
    solutions. 2004.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_clusters": [None, Interval(Integral, 1, None, closed="left")],
        "max_clusters": [None, Interval(Integral, 2, None, closed="left")],
        "n_resamples": [Interval(Integral, 2, None, closed="left")],
        "subsample": [Interval(Real, 0, 1, closed="right")],
        "min_confidence": [None, Interval(Real, 0, 1, closed="both")],
        "random_state": [Interval(Integral, 0, None, closed="left"), None],
    }

    def __init__(
        self,
        n_clusters: int | None = None,
        *,
        max_clusters: int | None = None,
        n_resamples: int = 200,
        subsample: float = 0.8,
        min_confidence: float | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.max_clusters = max_clusters
        self.n_resamples = n_resamples
        self.subsample = subsample
        self.min_confidence = min_confidence
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None, *, views: Sequence[ArrayLike] = ()) -> Self:
        """Cluster the rows of `X`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors, compared by Euclidean distance.
        y : object
            Ignored.
        views : sequence of array-like of shape (n_samples, any)
            Further descriptions of the same rows, each with an equal say.

        Returns
        -------
        ConsensusClusterer
            This estimator.

        Raises
        ------
        ValueError
            If a parameter is out of its range, more clusters than rows are asked for, or a
            view has other rows.
        """
        self._validate_params()
        vectors = validate_data(self, X, dtype=np.float64)
        if self.n_clusters is not None and self.n_clusters > len(vectors):
            raise ValueError(f"n_clusters={self.n_clusters} for n_samples={len(vectors)}; ask for fewer clusters")
        described = [vectors, *(np.asarray(view, dtype=np.float64) for view in views)]
        check_consistent_length(*described)
        # Whatever order the rows came in, they are clustered in the order of their values.
        order = np.lexsort(np.round(np.hstack(described), 9).T[::-1])
        described = [view[order] for view in described]
        labels, confidence = self._fit_ordered([*described, *sharpened(described[0])])
        self.labels_, self.confidence_ = np.empty_like(labels), np.empty_like(confidence)
        self.labels_[order], self.confidence_[order] = labels, confidence
        self.n_clusters_ = int(labels.max(initial=UNPLACED)) + 1
        self.centers_ = np.array([vectors[self.labels_ == k].mean(axis=0) for k in range(self.n_clusters_)])
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Assign unseen rows to the cluster with the nearest center.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False)
        if not self.n_clusters_:
            return np.full(len(vectors), UNPLACED)
        return np.asarray(nearest(vectors, self.centers_[None])[0])

    def _fit_ordered(self, views: Views) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        n = len(views[0])
        self.choice_: list[tuple[int, float]] = []
        n_clusters = self.n_clusters or self._choose(views)
        if n_clusters == 1 or n <= PAIR:
            return np.zeros(n, dtype=np.int64), np.ones(n)
        rng = np.random.default_rng(self.random_state)
        consensus = self._consensus(views, n_clusters, self.n_resamples, rng)
        labels = _cut(consensus, n_clusters, rng)
        together = consensus.with_groups(labels, n_clusters)
        rows = np.arange(n)
        needed = min(PLACED, TWICE / n_clusters) if self.min_confidence is None else self.min_confidence
        alone = (labels < 0) | (together[rows, labels] < needed)
        labels = np.where(alone, together.argmax(axis=1), labels)
        confidence = together[rows, labels]
        labels = np.where(confidence < needed, UNPLACED, labels)
        return _by_size(labels), confidence

    def _choose(self, views: Views) -> int:
        """Take the largest number of clusters on which independent consensuses agree as well as on any."""
        if len(views[0]) > JUDGED:
            order = np.random.default_rng(self.random_state).permutation(len(views[0]))
            views = [view[np.sort(order[:JUDGED])] for view in views]
        n = len(views[0])
        distinct = len(np.unique(np.round(np.hstack(views), 9), axis=0))
        most = min(self.max_clusters or min(MOST_CLUSTERS, max(2, n // CLUSTER_OF)), n - 1, distinct)
        errors = []
        for n_clusters in range(2, most + 1):
            rng = np.random.default_rng(self.random_state)
            partitions = [
                _partition(self._consensus(views, n_clusters, JUDGING_RUNS, rng), n_clusters, rng)
                for _ in range(JUDGES)
            ]
            agreement = [agreement_of(one, other) for one, other in combinations(partitions, 2)]
            self.choice_.append((n_clusters, float(np.mean(agreement))))
            errors.append(float(np.std(agreement)) / JUDGES**0.5)
        if not self.choice_:
            return 1
        best = int(np.argmax([agreement for _, agreement in self.choice_]))
        number, highest = self.choice_[best]
        # What differs by less than the error of the judging is alike, and of those the finest says most.
        alike = [other for other, agreed in self.choice_ if agreed > highest - errors[best]]
        return max([number, *alike])

    def _consensus(self, views: Views, n_clusters: int, n_runs: int, rng: np.random.Generator) -> Consensus:
        share = -(-n_runs // len(views))
        return _consensus(np.concatenate([label_runs(view, n_clusters, share, self.subsample, rng) for view in views]))


def _consensus(runs: NDArray[np.int64]) -> Consensus:
    labels = runs.T
    starts = np.concatenate([[0], np.cumsum(labels.max(axis=0) + 1)])
    columns = (labels + starts[:-1]).ravel()
    rows = np.repeat(np.arange(len(labels)), len(runs))
    member = sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(labels), starts[-1]))
    return Consensus(len(runs), member)


def _partition(consensus: Consensus, n_clusters: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Cut the tree, and give the rows that it leaves out to the cluster they fall together with most."""
    labels = _cut(consensus, n_clusters, rng)
    return np.where(labels < 0, consensus.with_groups(labels, n_clusters).argmax(axis=1), labels)


def _cut(consensus: Consensus, n_clusters: int, rng: np.random.Generator) -> NDArray[np.int64]:
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


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank clusters by size, the largest first; equals in order of their first row."""
    names, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    placed = names >= 0
    ranked = names[placed][np.lexsort((first[placed], -sizes[placed]))]
    renamed = np.full(labels.max(initial=0) + 2, UNPLACED, dtype=np.int64)
    renamed[ranked] = np.arange(len(ranked))
    return np.asarray(renamed[labels])

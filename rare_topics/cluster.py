"""Vectors to clusters that come back when the collection is resampled."""

from __future__ import annotations

from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted, validate_data

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

UNPLACED = -1
# The tree of a consensus needs n^2 memory; larger collections build it on a sample of this size.
TREE_SAMPLE = 4000
RUN_SAMPLE = 4000
# Resamples that each candidate number of clusters is judged by.
JUDGING_RUNS = 20


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
        return np.divide(together, sizes, out=np.zeros_like(together), where=sizes > 0)


class ConsensusClusterer(ClusterMixin, BaseEstimator):
    """Cluster by agreement over resamples, with a confidence for every row.

    Each run clusters a random part of the rows by k-means and assigns the rest; rows that
    fall together in most runs form the clusters (evidence accumulation: average linkage on
    the share of runs in which two rows agree).

    Parameters
    ----------
    n_clusters
        Number of clusters; None chooses the number that resamples agree on best.
    max_clusters
        Largest number considered; None takes the square root of the rows, at least 2, and
        never more than 12.
    n_resamples
        Runs of the consensus, B.
    subsample
        Share of the rows in a run.
    min_confidence
        A row that is with its cluster in a smaller share of the runs is left unplaced, -1.
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
        "min_confidence": [Interval(Real, 0, 1, closed="both")],
        "random_state": [Integral, None],
    }

    def __init__(
        self,
        n_clusters: int | None = None,
        *,
        max_clusters: int | None = None,
        n_resamples: int = 60,
        subsample: float = 0.8,
        min_confidence: float = 0.2,
        random_state: int | None = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.max_clusters = max_clusters
        self.n_resamples = n_resamples
        self.subsample = subsample
        self.min_confidence = min_confidence
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: ARG002, N803
        """Cluster the rows of `X`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors, compared by Euclidean distance.
        y : object
            Ignored.

        Returns
        -------
        ConsensusClusterer
            This estimator.

        Raises
        ------
        ValueError
            If a parameter is out of its range, or more clusters than rows are asked for.
        """
        self._validate_params()
        vectors = validate_data(self, X, dtype=np.float64)
        if self.n_clusters is not None and self.n_clusters > len(vectors):
            raise ValueError(f"n_clusters={self.n_clusters} for n_samples={len(vectors)}; ask for fewer clusters")
        # Whatever order the rows came in, they are clustered in the order of their values.
        order = np.lexsort(np.round(vectors, 9).T[::-1])
        labels, confidence = self._fit_ordered(vectors[order])
        self.labels_, self.confidence_ = np.empty_like(labels), np.empty_like(confidence)
        self.labels_[order], self.confidence_[order] = labels, confidence
        self.n_clusters_ = int(labels.max(initial=UNPLACED)) + 1
        self.centers_ = np.array([vectors[self.labels_ == k].mean(axis=0) for k in range(self.n_clusters_)])
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:  # noqa: N803
        """Assign unseen rows to the cluster with the nearest center.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False)
        if not self.n_clusters_:
            return np.full(len(vectors), UNPLACED)
        distances = ((vectors[:, None, :] - self.centers_) ** 2).sum(axis=2)
        return np.asarray(distances.argmin(axis=1))

    def _fit_ordered(self, vectors: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        n_clusters = self.n_clusters or self._choose(vectors)
        if n_clusters == 1 or len(vectors) <= 2:  # noqa: PLR2004 - two rows are one pair
            return np.zeros(len(vectors), dtype=np.int64), np.ones(len(vectors))
        rng = np.random.default_rng(self.random_state)
        consensus = _consensus([_run(vectors, n_clusters, self.subsample, rng) for _ in range(self.n_resamples)])
        labels = _cut(consensus, n_clusters, rng)
        together = consensus.with_groups(labels, n_clusters)
        alone = (labels < 0) | (together[np.arange(len(labels)), labels] < self.min_confidence)
        labels = np.where(alone, together.argmax(axis=1), labels)
        confidence = together[np.arange(len(labels)), labels]
        labels = np.where(confidence < self.min_confidence, UNPLACED, labels)
        return _by_size(labels), confidence

    def _choose(self, vectors: NDArray[np.float64]) -> int:
        """Take the number of clusters whose runs agree best with each other."""
        most = self.max_clusters or min(12, max(2, round(np.sqrt(len(vectors)))))
        most = min(most, len(vectors) - 1)
        self.choice_: list[tuple[int, float]] = []
        for n_clusters in range(2, most + 1):
            rng = np.random.default_rng(self.random_state)
            runs = [_run(vectors, n_clusters, self.subsample, rng) for _ in range(JUDGING_RUNS)]
            agreement = [adjusted_rand_score(one, other) for i, one in enumerate(runs) for other in runs[:i]]
            self.choice_.append((n_clusters, float(np.mean(agreement))))
        if not self.choice_:
            return 1
        # Many clusters are harder to agree on: among equals the finer division says more.
        best = max(score for _, score in self.choice_)
        return max(n for n, score in self.choice_ if score >= best - 0.02)


def _run(
    vectors: NDArray[np.float64], n_clusters: int, subsample: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    n = len(vectors)
    size = min(max(n_clusters, round(subsample * n)), max(RUN_SAMPLE, 10 * n_clusters))
    rows = rng.permutation(n)[:size]
    kmeans = KMeans(n_clusters, n_init=1, random_state=int(rng.integers(2**31))).fit(vectors[rows])
    return kmeans.predict(vectors).astype(np.int64)


def _consensus(runs: list[NDArray[np.int64]]) -> Consensus:
    labels = np.array(runs).T
    starts = np.concatenate([[0], np.cumsum(labels.max(axis=0) + 1)])
    columns = (labels + starts[:-1]).ravel()
    rows = np.repeat(np.arange(len(labels)), len(runs))
    member = sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(labels), starts[-1]))
    return Consensus(len(runs), member)


def _cut(consensus: Consensus, n_clusters: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Cut the tree of agreement where `n_clusters` groups have two members or more."""
    n = consensus.member.shape[0]
    sample = np.arange(n) if n <= TREE_SAMPLE else np.sort(rng.permutation(n)[:TREE_SAMPLE])
    member = consensus.member[sample]
    distance = 1 - (member @ member.T).toarray() / consensus.runs
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    groups = np.zeros(len(sample), dtype=np.int64)
    for cut in range(n_clusters, len(sample) + 1):
        groups = fcluster(tree, cut, "maxclust")
        if (np.bincount(groups) >= 2).sum() >= n_clusters:  # noqa: PLR2004 - one article is no cluster
            break
    sizes = np.bincount(groups)
    kept = np.argsort(-sizes, kind="stable")[:n_clusters]
    labels = np.full(n, UNPLACED, dtype=np.int64)
    for number, group in enumerate(kept[sizes[kept] > 1]):
        labels[sample[groups == group]] = number
    return labels


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number clusters by size, the largest first; equals in order of their first row."""
    names, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    placed = names >= 0
    ranked = names[placed][np.lexsort((first[placed], -sizes[placed]))]
    renamed = np.full(labels.max(initial=0) + 2, UNPLACED, dtype=np.int64)
    renamed[ranked] = np.arange(len(ranked))
    return np.asarray(renamed[labels])

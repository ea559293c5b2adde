"""Vectors to clusters that come back when the collection is resampled."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from rare_topics.cluster._coassociation import (
    PAIR,
    UNPLACED,
    by_size,
    companions,
    consensus_of,
    cut,
    partition,
    together_with,
)
from rare_topics.cluster._kmeans import Views, agreement_of, nearest, run_centers, sharpened
from rare_topics.runtime.sampling import sample_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# Larger collections are clustered by a sample of this size, and the other rows assigned.
LEARNED_FROM = 20_000
# Rows assigned at a time.
BLOCK = 2000
# A candidate number of clusters is judged by how well so many consensuses of so many runs agree.
JUDGES, JUDGING_RUNS = 8, 50
# Larger collections are judged by a sample of this size.
JUDGED = 600
# Unless more are allowed, so many clusters are considered at most, each of so many rows on average.
MOST_CLUSTERS, CLUSTER_OF = 12, 3
# A place needs this share of the runs, or twice the share that chance gives.
PLACED, TWICE = 0.2, 2


class ConsensusClusterer(ClusterMixin, BaseEstimator):
    """Cluster by agreement over resamples, with a confidence for every row.

    Each run clusters a random part of the rows by k-means and assigns the rest; rows that
    fall together in most runs form the clusters (evidence accumulation: average linkage on
    the share of runs in which two rows agree).

    Of more than 20,000 rows, so many are drawn and clustered; the others are assigned by the
    runs of that consensus, and their confidence is the same share. See `assign`.

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
        0 for the largest cluster and on, as large as it is among the rows learned from; -1 for
        the unplaced.
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
        learned = order[sample_rows(len(order), LEARNED_FROM, random_state=self.random_state)]
        self.labels_, self.confidence_ = np.empty(len(order), dtype=np.int64), np.empty(len(order))
        labels, self.confidence_[learned] = self._fit_ordered([view[learned] for view in described])
        self.labels_[learned], self.n_clusters_ = labels, int(labels.max(initial=UNPLACED)) + 1
        others = np.setdiff1d(order, learned)
        self.labels_[others], self.confidence_[others] = self.assign(
            vectors[others], views=[view[others] for view in described[1:]]
        )
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

    def assign(self, X: ArrayLike, *, views: Sequence[ArrayLike] = ()) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Assign rows to the clusters whose members they fall together with, as `fit` does with its own.

        Each run of the consensus takes a row to its nearest center, so a row depends on nothing
        but itself, and rows may be assigned in blocks of any size.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors.
        views : sequence of array-like of shape (n_samples, any)
            The same further descriptions that `fit` had.

        Returns
        -------
        labels : ndarray of shape (n_samples,)
            -1 where the confidence is less than a place needs.
        confidence : ndarray of shape (n_samples,)
            Share of the runs in which a row falls together with its cluster's members.
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False, ensure_min_samples=0)
        described = [vectors, *(np.asarray(view, dtype=np.float64) for view in views)]
        check_consistent_length(*described)
        if not self.n_clusters_:
            return np.full(len(vectors), UNPLACED), np.zeros(len(vectors))
        labels, confidence = np.zeros(len(vectors), dtype=np.int64), np.ones(len(vectors))
        for start in range(0, len(vectors) if self._run_centers else 0, BLOCK):
            block = slice(start, start + BLOCK)
            together = together_with([view[block] for view in described], self._run_centers, self._companions)
            labels[block], confidence[block] = together.argmax(axis=1), together.max(axis=1)
        return np.where(confidence < self._needed, UNPLACED, labels), confidence

    def _fit_ordered(self, views: Views) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Learn from rows in the order of their values: labels, and how sure they are."""
        n, n_given = len(views[0]), len(views)
        views = [*views, *sharpened(views[0])]
        self.choice_: list[tuple[int, float]] = []
        n_clusters = self.n_clusters or self._choose(views)
        self._needed = min(PLACED, TWICE / n_clusters) if self.min_confidence is None else self.min_confidence
        self._run_centers: list[NDArray[np.float64]] = []
        self._companions = np.zeros((0, 0, 0))
        if n_clusters == 1 or n <= PAIR:
            return np.zeros(n, dtype=np.int64), np.ones(n)
        rng = np.random.default_rng(self.random_state)
        centers = self._runs(views, n_clusters, self.n_resamples, rng)
        consensus = consensus_of(views, centers)
        labels = cut(consensus, n_clusters, rng)
        together = consensus.with_groups(labels, n_clusters)
        rows = np.arange(n)
        alone = (labels < 0) | (together[rows, labels] < self._needed)
        labels = np.where(alone, together.argmax(axis=1), labels)
        confidence = together[rows, labels]
        labels = by_size(np.where(confidence < self._needed, UNPLACED, labels))
        self._run_centers = centers[:n_given]
        if labels.max() > UNPLACED:
            self._companions = companions(views[:n_given], self._run_centers, labels, int(labels.max()) + 1)
        return labels, confidence

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
                partition(consensus_of(views, self._runs(views, n_clusters, JUDGING_RUNS, rng)), n_clusters, rng)
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

    def _runs(self, views: Views, n_clusters: int, n_runs: int, rng: np.random.Generator) -> list[NDArray[np.float64]]:
        """Share the runs between the views: the centers of each run."""
        share = -(-n_runs // len(views))
        return [run_centers(view, n_clusters, share, self.subsample, rng) for view in views]

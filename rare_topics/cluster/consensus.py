"""Vectors to clusters that come back when the collection is resampled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

# scikit-learn has no public way to declare and check the legal ranges of parameters.
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from rare_topics.cluster._coassociation import (
    MIN_CLUSTER_SIZE,
    UNPLACED,
    coassociation,
    cut_dendrogram,
    ensemble_of_runs,
    group_shares,
    relabel_by_size,
)
from rare_topics.cluster._kmeans import Views, nearest_center, run_centers
from rare_topics.cluster.n_clusters import MAX_ROWS, MIN_MARGIN_ROWS, count_communities, settle_number
from rare_topics.cluster.structure import LEAST_STRUCTURE, structure
from rare_topics.cluster.views import spectral_views
from rare_topics.runtime.sampling import sample_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# A row is placed if it is with its cluster in this share of the runs, or in so many times the share that chance gives
# where that is less; chosen by hand on the seed pages.
MIN_CONFIDENCE, TIMES_CHANCE = 0.2, 2
# Rows assigned at a time.
BATCH_ROWS = 2000
# Runs of a consensus that is compared with those of rows without structure, or of other numbers of clusters.
STRUCTURE_RUNS = 60


class ConsensusClusterer(ClusterMixin, BaseEstimator):
    """Cluster by agreement over resamples, with a confidence for every row.

    Each run clusters a random part of the rows by k-means and assigns the rest; rows that
    fall together in most runs form the clusters (evidence accumulation: average linkage on
    the share of runs in which two rows agree).

    Parameters
    ----------
    n_clusters
        Number of clusters; None takes a number of communities that resamples of the graph of
        similar rows fall into, the median or, of more than 200 rows, the one nearest to it of
        which rows are as sure as of any; and 1 where rows without structure would do as well.
        See `rare_topics.cluster.n_clusters` and `rare_topics.cluster.structure`.
    max_clusters
        Largest number chosen; None sets no limit.
    n_resamples
        Runs of the consensus, B.
    subsample
        Share of the rows in a run.
    min_confidence
        A row that is with its cluster in a smaller share of the runs is left unplaced, -1.
        None takes 0.2, or twice what chance gives where that is less.
    max_fit_samples
        Of more rows, an even sample of this size is clustered, and the others are assigned by
        the runs of that consensus; see `assign`.
    max_run_samples
        Rows in a run at most.
    max_tree_samples
        Rows in the tree of the linkage at most, whose memory grows with their square; the
        others join the cluster they fall together with most.
    random_state
        Seed. The answer does not depend on the order of the rows.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        0 for the largest cluster among the rows clustered, and on; -1 for the unplaced, among
        which are rows of zeros: they describe nothing.
    confidence_ : ndarray of shape (n_samples,)
        Share of the runs in which a row falls together with its cluster's other members.
    n_clusters_ : int
        Number of clusters found.
    centers_ : ndarray of shape (n_clusters_, n_features)
        Mean vector of each cluster's placed rows.
    min_confidence_ : float
        Confidence that a place takes.
    community_counts_ : list of int
        Communities found in each resample; empty where the number was given.
    structure_ : float
        Part of the mean confidence that rows of the same covariance without structure do not
        reach, 0 to 1; 0 for a single cluster asked for.
    has_structure_ : bool
        Whether `structure_` is more than chance leaves; see `rare_topics.cluster.structure`.

    References
    ----------
    A. Fred, A. Jain. Combining multiple clusterings using evidence accumulation. 2005.

    V. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre. Fast unfolding of communities in
    large networks. 2008.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_clusters": [None, Interval(Integral, 1, None, closed="left")],
        "max_clusters": [None, Interval(Integral, 2, None, closed="left")],
        "n_resamples": [Interval(Integral, 2, None, closed="left")],
        "subsample": [Interval(Real, 0, 1, closed="right")],
        "min_confidence": [None, Interval(Real, 0, 1, closed="both")],
        "max_fit_samples": [Interval(Integral, 2, None, closed="left")],
        "max_run_samples": [Interval(Integral, 2, None, closed="left")],
        "max_tree_samples": [Interval(Integral, 2, None, closed="left")],
        "random_state": [Interval(Integral, 0, None, closed="left"), None],
    }

    def __init__(  # noqa: PLR0913 - an estimator's settings are its constructor's arguments
        self,
        n_clusters: int | None = None,
        *,
        max_clusters: int | None = None,
        n_resamples: int = 200,
        subsample: float = 0.8,
        min_confidence: float | None = None,
        max_fit_samples: int = 20_000,
        max_run_samples: int = 2000,
        max_tree_samples: int = 2000,
        random_state: int | None = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.max_clusters = max_clusters
        self.n_resamples = n_resamples
        self.subsample = subsample
        self.min_confidence = min_confidence
        self.max_fit_samples = max_fit_samples
        self.max_run_samples = max_run_samples
        self.max_tree_samples = max_tree_samples
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
            Further descriptions of the same rows; each makes an equal number of the runs that
            form the clusters. Rows that are assigned later are known by their vectors alone.

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
        all_views = [vectors, *(np.asarray(view, dtype=np.float64) for view in views)]
        check_consistent_length(*all_views)
        # Rows are clustered in the order of their values, so that the order they came in does not matter.
        order = np.lexsort(np.round(np.hstack(all_views), 9).T[::-1])
        order = order[vectors[order].any(axis=1)]
        fitted = order[sample_rows(len(order), self.max_fit_samples, random_state=self.random_state)]
        self.labels_, self.confidence_ = np.full(len(vectors), UNPLACED), np.zeros(len(vectors))
        labels, self.confidence_[fitted] = self._fit_ordered([view[fitted] for view in all_views])
        self.labels_[fitted], self.n_clusters_ = labels, int(labels.max(initial=UNPLACED)) + 1
        others = np.setdiff1d(order, fitted)
        self.labels_[others], self.confidence_[others] = self.assign(vectors[others])
        centers = [vectors[self.labels_ == k].mean(axis=0) for k in range(self.n_clusters_)]
        self.centers_ = np.array(centers).reshape(self.n_clusters_, vectors.shape[1])
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Assign unseen rows to the cluster with the nearest center.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False)
        if not self.n_clusters_:
            return np.full(len(vectors), UNPLACED)
        labels = np.asarray(nearest_center(vectors, self.centers_[None])[0])
        return np.where(vectors.any(axis=1), labels, UNPLACED)

    def assign(self, X: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Assign rows to the clusters whose members they fall together with, as `fit` does with its own.

        Each run of the consensus on vectors takes a row to its nearest center, so the answer for
        a row does not depend on the other rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors.

        Returns
        -------
        labels : ndarray of shape (n_samples,)
            -1 where the confidence is below `min_confidence_`.
        confidence : ndarray of shape (n_samples,)
            Share of the runs in which a row falls together with its cluster's members.
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False, ensure_min_samples=0)
        if not self.n_clusters_:
            return np.full(len(vectors), UNPLACED), np.zeros(len(vectors))
        labels, confidence = np.zeros(len(vectors), dtype=np.int64), np.ones(len(vectors))
        for start in range(0, len(vectors) if len(self._run_centers) else 0, BATCH_ROWS):
            batch = slice(start, start + BATCH_ROWS)
            together = coassociation([vectors[batch]], self._run_centers, self._group_shares)
            labels[batch], confidence[batch] = together.argmax(axis=1), together.max(axis=1)
        confidence *= vectors.any(axis=1)
        return np.where(confidence < self.min_confidence_, UNPLACED, labels), confidence

    def _fit_ordered(self, views: Views) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Cluster rows in the order of their values: labels and confidence, each of shape (n_samples,)."""
        n = len(views[0])
        rng = np.random.default_rng(self.random_state)
        n_clusters = self._number_of_clusters(views[0], rng)
        default = min(MIN_CONFIDENCE, TIMES_CHANCE / n_clusters)
        self.min_confidence_: float = default if self.min_confidence is None else self.min_confidence
        self._run_centers: list[NDArray[np.float64]] = []
        self._group_shares = np.zeros((0, 0, 0))
        if n_clusters == 1 or n <= MIN_CLUSTER_SIZE:
            return np.zeros(n, dtype=np.int64), np.ones(n)
        views = [*views, *spectral_views(views[0])]
        centers, labels, together = self._consensus(views, n_clusters, self.n_resamples, rng)
        rows = np.arange(n)
        misplaced = (labels < 0) | (together[rows, labels] < self.min_confidence_)
        labels = np.where(misplaced, together.argmax(axis=1), labels)
        confidence = together[rows, labels]
        labels = relabel_by_size(np.where(confidence < self.min_confidence_, UNPLACED, labels))
        # Of unseen rows only the vectors are known, so they are assigned by the runs of these.
        self._run_centers = centers[:1]
        if labels.max() > UNPLACED:
            self._group_shares = group_shares(views[:1], self._run_centers, labels, int(labels.max()) + 1)
        return labels, confidence

    def _consensus(
        self, views: Views, n_clusters: int, n_runs: int, rng: np.random.Generator
    ) -> tuple[list[NDArray[np.float64]], NDArray[np.int64], NDArray[np.float64]]:
        """Run k-means on parts of the rows.

        Returns
        -------
        centers
            By view, see `run_centers`.
        labels : ndarray of shape (n_samples,)
            From `cut_dendrogram`.
        together : ndarray of shape (n_samples, n_clusters)
            Share of the runs in which a row is with the members of each cluster.
        """
        runs_per_view = -(-n_runs // len(views))
        centers = [
            run_centers(
                view, n_clusters, runs_per_view, subsample=self.subsample, max_rows=self.max_run_samples, rng=rng
            )
            for view in views
        ]
        ensemble = ensemble_of_runs(views, centers)
        labels = cut_dendrogram(ensemble, n_clusters, max_rows=self.max_tree_samples, rng=rng)
        return centers, labels, ensemble.group_coassociation(labels, n_clusters)

    def _number_of_clusters(self, vectors: NDArray[np.float64], rng: np.random.Generator) -> int:
        """Return the number given or chosen, and learn whether there are clusters at all."""
        self.community_counts_: list[int] = []
        self.structure_, self.has_structure_ = 0.0, False
        n_distinct = len(np.unique(np.round(vectors, 9), axis=0))
        n_clusters = 1 if self.n_clusters is None else max(1, min(self.n_clusters, len(vectors)))
        if self.n_clusters is None and n_distinct > 1:
            self.community_counts_ = count_communities(vectors, rng=rng)
            margins = partial(self._margins, vectors) if len(vectors) >= MIN_MARGIN_ROWS else None
            n_clusters = settle_number(self.community_counts_, margins)
            n_clusters = max(1, min(n_clusters, self.max_clusters or n_distinct))
        if n_clusters > 1 and n_distinct > 1:
            self.structure_ = self._structure(vectors, n_clusters)
            self.has_structure_ = bool(self.structure_ >= LEAST_STRUCTURE)
        return n_clusters if self.has_structure_ or self.n_clusters is not None else 1

    def _margins(self, vectors: NDArray[np.float64], n_clusters: int) -> NDArray[np.float64]:
        """By how much more of the runs a row of a sample is with its cluster than with the next; shape (n_sampled,)."""
        rng = np.random.default_rng(self.random_state)
        rows = vectors[np.sort(rng.permutation(len(vectors))[:MAX_ROWS])]
        _, _, together = self._consensus([rows], n_clusters, STRUCTURE_RUNS, rng)
        second, first = np.sort(together, axis=1)[:, -2:].T
        return np.asarray(first - second)

    def _structure(self, vectors: NDArray[np.float64], n_clusters: int) -> float:
        def mean_confidence(rows: NDArray[np.float64]) -> float:
            rng = np.random.default_rng(self.random_state)
            number = min(n_clusters, len(rows))
            _, _, together = self._consensus([rows], number, STRUCTURE_RUNS, rng)
            return float(together.max(axis=1).mean())

        return structure(vectors, mean_confidence, rng=np.random.default_rng(self.random_state))

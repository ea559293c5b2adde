"""Vectors to clusters that come back when the collection is resampled."""

from __future__ import annotations

from collections.abc import Sequence
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
from rare_topics.cluster._kmeans import Views, nearest_center, run_centers, spectral_views
from rare_topics.cluster.n_clusters import choose_n_clusters
from rare_topics.runtime.sampling import sample_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# A row is placed if it is with its cluster in this share of the runs, or in so many times the share that chance gives
# where that is less; chosen by hand on the seed pages.
MIN_CONFIDENCE, TIMES_CHANCE = 0.2, 2
# Rows assigned at a time.
BATCH_ROWS = 2000


class ConsensusClusterer(ClusterMixin, BaseEstimator):
    """Cluster by agreement over resamples, with a confidence for every row.

    Each run clusters a random part of the rows by k-means and assigns the rest; rows that
    fall together in most runs form the clusters (evidence accumulation: average linkage on
    the share of runs in which two rows agree).

    Parameters
    ----------
    n_clusters
        Number of clusters; None chooses the largest number that resamples agree on as well as
        on any other, within one standard error. See `rare_topics.cluster.n_clusters`.
    max_clusters
        Largest number considered; None takes a third of the rows, and never more than 12.
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
        0 for the largest cluster among the rows clustered, and on; -1 for the unplaced.
    confidence_ : ndarray of shape (n_samples,)
        Share of the runs in which a row falls together with its cluster's other members.
    n_clusters_ : int
        Number of clusters found.
    centers_ : ndarray of shape (n_clusters_, n_features)
        Mean vector of each cluster's placed rows.
    min_confidence_ : float
        Confidence that a place takes.
    model_selection_ : list of (int, float)
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
            Further descriptions of the same rows; each makes an equal number of the runs.

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
        fitted = order[sample_rows(len(order), self.max_fit_samples, random_state=self.random_state)]
        self.labels_, self.confidence_ = np.empty(len(order), dtype=np.int64), np.empty(len(order))
        labels, self.confidence_[fitted] = self._fit_ordered([view[fitted] for view in all_views])
        self.labels_[fitted], self.n_clusters_ = labels, int(labels.max(initial=UNPLACED)) + 1
        others = np.setdiff1d(order, fitted)
        self.labels_[others], self.confidence_[others] = self.assign(
            vectors[others], views=[view[others] for view in all_views[1:]]
        )
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
        return np.asarray(nearest_center(vectors, self.centers_[None])[0])

    def assign(self, X: ArrayLike, *, views: Sequence[ArrayLike] = ()) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Assign rows to the clusters whose members they fall together with, as `fit` does with its own.

        Each run of the consensus takes a row to its nearest center, so the answer for a row does
        not depend on the other rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Vectors.
        views : sequence of array-like of shape (n_samples, any)
            The same further descriptions that `fit` had.

        Returns
        -------
        labels : ndarray of shape (n_samples,)
            -1 where the confidence is below `min_confidence_`.
        confidence : ndarray of shape (n_samples,)
            Share of the runs in which a row falls together with its cluster's members.
        """
        check_is_fitted(self)
        vectors = validate_data(self, X, dtype=np.float64, reset=False, ensure_min_samples=0)
        all_views = [vectors, *(np.asarray(view, dtype=np.float64) for view in views)]
        check_consistent_length(*all_views)
        if not self.n_clusters_:
            return np.full(len(vectors), UNPLACED), np.zeros(len(vectors))
        labels, confidence = np.zeros(len(vectors), dtype=np.int64), np.ones(len(vectors))
        for start in range(0, len(vectors) if self._run_centers else 0, BATCH_ROWS):
            batch = slice(start, start + BATCH_ROWS)
            together = coassociation([view[batch] for view in all_views], self._run_centers, self._group_shares)
            labels[batch], confidence[batch] = together.argmax(axis=1), together.max(axis=1)
        return np.where(confidence < self.min_confidence_, UNPLACED, labels), confidence

    def _fit_ordered(self, views: Views) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Cluster rows in the order of their values: labels and confidence, each of shape (n_samples,)."""
        n, n_given = len(views[0]), len(views)
        views = [*views, *spectral_views(views[0])]
        n_clusters = self._number_of_clusters(views)
        default = min(MIN_CONFIDENCE, TIMES_CHANCE / n_clusters)
        self.min_confidence_: float = default if self.min_confidence is None else self.min_confidence
        self._run_centers: list[NDArray[np.float64]] = []
        self._group_shares = np.zeros((0, 0, 0))
        if n_clusters == 1 or n <= MIN_CLUSTER_SIZE:
            return np.zeros(n, dtype=np.int64), np.ones(n)
        rng = np.random.default_rng(self.random_state)
        runs_per_view = -(-self.n_resamples // len(views))
        centers = [
            run_centers(
                view, n_clusters, runs_per_view, subsample=self.subsample, max_rows=self.max_run_samples, rng=rng
            )
            for view in views
        ]
        ensemble = ensemble_of_runs(views, centers)
        labels = cut_dendrogram(ensemble, n_clusters, max_rows=self.max_tree_samples, rng=rng)
        together = ensemble.group_coassociation(labels, n_clusters)
        rows = np.arange(n)
        misplaced = (labels < 0) | (together[rows, labels] < self.min_confidence_)
        labels = np.where(misplaced, together.argmax(axis=1), labels)
        confidence = together[rows, labels]
        labels = relabel_by_size(np.where(confidence < self.min_confidence_, UNPLACED, labels))
        # Unseen rows have no spectral view: they are assigned by the runs of the views that were given.
        self._run_centers = centers[:n_given]
        if labels.max() > UNPLACED:
            self._group_shares = group_shares(views[:n_given], self._run_centers, labels, int(labels.max()) + 1)
        return labels, confidence

    def _number_of_clusters(self, views: Views) -> int:
        self.model_selection_: list[tuple[int, float]] = []
        if self.n_clusters is not None:
            return self.n_clusters
        choice = choose_n_clusters(
            views, max_clusters=self.max_clusters, subsample=self.subsample, random_state=self.random_state
        )
        self.model_selection_ = choice.scores
        return choice.n_clusters

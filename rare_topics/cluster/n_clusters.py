"""How many clusters: the largest number on which independent consensuses agree as well as on any other."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
from sklearn.metrics import adjusted_rand_score

from rare_topics.cluster._coassociation import consensus_partition, ensemble_of_runs
from rare_topics.cluster._kmeans import Views, run_centers

# A candidate number is judged by how well so many consensuses of so many runs agree with each other.
N_CONSENSUSES, RUNS_PER_CONSENSUS = 8, 50
# Of more rows a sample of this size is judged.
MAX_ROWS = 600
# Where the caller sets no limit, so many clusters are considered at most, each of so many rows on average.
MAX_CLUSTERS, ROWS_PER_CLUSTER = 12, 3


class NClustersChoice(NamedTuple):
    """A number of clusters, and what was compared to choose it.

    Attributes
    ----------
    n_clusters
        The number.
    scores
        For each number considered, the mean adjusted Rand index of its consensuses.
    """

    n_clusters: int
    scores: list[tuple[int, float]]


def choose_n_clusters(
    views: Views, *, max_clusters: int | None, subsample: float, random_state: int | None
) -> NClustersChoice:
    """Choose a number of clusters by the stability of the consensus under resampling (Lange et al. 2004).

    Parameters
    ----------
    views : list of ndarray of shape (n_samples, any)
        Descriptions of the same rows.
    max_clusters
        Largest number considered; None takes a third of the rows, and never more than 12.
    subsample
        Share of the rows in a run.
    random_state
        Seed.

    Returns
    -------
    NClustersChoice
        The largest number whose score is within one standard error of the best; 1 where no
        number can be considered, as with equal rows.
    """
    if len(views[0]) > MAX_ROWS:
        order = np.random.default_rng(random_state).permutation(len(views[0]))
        views = [view[np.sort(order[:MAX_ROWS])] for view in views]
    n = len(views[0])
    n_distinct = len(np.unique(np.round(np.hstack(views), 9), axis=0))
    limit = max_clusters or min(MAX_CLUSTERS, max(2, n // ROWS_PER_CLUSTER))
    scores, errors = [], []
    for n_clusters in range(2, min(limit, n - 1, n_distinct) + 1):
        agreement = _agreement_of_consensuses(views, n_clusters, subsample, np.random.default_rng(random_state))
        scores.append((n_clusters, float(np.mean(agreement))))
        errors.append(float(np.std(agreement)) / N_CONSENSUSES**0.5)
    if not scores:
        return NClustersChoice(1, [])
    best = int(np.argmax([score for _, score in scores]))
    best_n_clusters, best_score = scores[best]
    equally_good = [n_clusters for n_clusters, score in scores if score > best_score - errors[best]]
    return NClustersChoice(max([best_n_clusters, *equally_good]), scores)


def _agreement_of_consensuses(views: Views, n_clusters: int, subsample: float, rng: np.random.Generator) -> list[float]:
    """Compare independent consensuses by the adjusted Rand index (Hubert and Arabie 1985), each pair once."""
    runs_per_view = -(-RUNS_PER_CONSENSUS // len(views))
    partitions = []
    for _ in range(N_CONSENSUSES):
        centers = [
            run_centers(view, n_clusters, runs_per_view, subsample=subsample, max_rows=MAX_ROWS, rng=rng)
            for view in views
        ]
        ensemble = ensemble_of_runs(views, centers)
        partitions.append(consensus_partition(ensemble, n_clusters, max_rows=MAX_ROWS, rng=rng))
    return [float(adjusted_rand_score(one, other)) for one, other in combinations(partitions, 2)]

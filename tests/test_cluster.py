"""Specification of the clusters: planted groups come back, each row with its confidence, in any order."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from rare_topics.cluster import UNPLACED, ConsensusClusterer, mixture_views
from rare_topics.cluster.n_clusters import settle_number


def blobs(n_clusters: int, each: int, *, spread: float = 0.15, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows around the unit vectors of as many directions as there are clusters."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(n_clusters), each)
    vectors = np.eye(n_clusters + 2)[truth] + rng.normal(scale=spread, size=(len(truth), n_clusters + 2))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), truth


class TestPlantedGroups:
    """Groups that are there are found."""

    @pytest.mark.parametrize("each", [4, 15, 80], ids=["small", "middle", "large"])
    @pytest.mark.parametrize("n_clusters", [2, 3, 5])
    def test_they_come_back_with_the_number_given(self, n_clusters: int, each: int) -> None:
        vectors, truth = blobs(n_clusters, each)
        clusterer = ConsensusClusterer(n_clusters).fit(vectors)
        assert adjusted_rand_score(truth, clusterer.labels_) == 1
        assert clusterer.n_clusters_ == n_clusters
        assert clusterer.community_counts_ == []
        assert clusterer.has_structure_

    @pytest.mark.parametrize(("n_clusters", "each"), [(2, 12), (3, 10), (4, 60)])
    def test_they_come_back_with_the_number_found(self, n_clusters: int, each: int) -> None:
        """Nothing said but the rows."""
        vectors, truth = blobs(n_clusters, each)
        clusterer = ConsensusClusterer().fit(vectors)
        assert clusterer.n_clusters_ == n_clusters
        assert adjusted_rand_score(truth, clusterer.labels_) == 1
        assert clusterer.confidence_.min() > 0.5

    def test_there_may_be_many(self) -> None:
        """No number is too large to be found."""
        vectors, truth = blobs(24, 10, spread=0.05)
        clusterer = ConsensusClusterer(n_resamples=50).fit(vectors)
        assert clusterer.n_clusters_ == 24
        assert adjusted_rand_score(truth, clusterer.labels_) == 1

    def test_the_number_is_the_median_of_what_resamples_have_unless_that_is_too_many(self) -> None:
        vectors, _ = blobs(5, 10)
        clusterer = ConsensusClusterer().fit(vectors)
        assert np.median(clusterer.community_counts_) == clusterer.n_clusters_ == 5
        assert ConsensusClusterer(max_clusters=3).fit(vectors).n_clusters_ == 3

    @pytest.mark.parametrize(
        ("mean", "settled"),
        [
            ({4: 0.9, 5: 0.6, 6: 0.5, 7: 0.5}, 5),  # one less than any resample is considered, two are not
            ({4: 0.2, 5: 0.5, 6: 0.5, 7: 0.5}, 6),  # rows are as sure of the median
            ({4: 0.2, 5: 0.2, 6: 0.5, 7: 0.501}, 6),  # hardly surer
            ({4: 0.2, 5: 0.2, 6: 0.5, 7: 0.9}, 7),
        ],
    )
    def test_the_median_is_left_only_for_a_number_of_which_rows_are_clearly_surer(
        self, mean: dict[int, float], settled: int
    ) -> None:
        def margins(number: int) -> np.ndarray:
            return mean[number] + np.tile([-0.01, 0.01], 50)

        assert settle_number([6, 6, 6], margins) == settled
        assert settle_number([6, 6, 6], None) == 6
        assert settle_number([1, 1, 1], margins) == 1

    def test_the_largest_cluster_comes_first(self) -> None:
        vectors, truth = blobs(3, 20)
        rows = np.concatenate([np.flatnonzero(truth == k)[:size] for k, size in enumerate((6, 20, 12))])
        labels = ConsensusClusterer(3).fit(vectors[rows]).labels_
        assert np.bincount(labels).tolist() == [20, 12, 6]

    def test_a_row_between_the_groups_is_less_sure_than_theirs(self) -> None:
        """It is left unplaced, or has the lowest confidence of all."""
        vectors, _ = blobs(3, 12)
        stray = np.eye(5)[4]
        clusterer = ConsensusClusterer(3).fit(np.vstack([vectors, stray]))
        assert clusterer.labels_[-1] == UNPLACED or clusterer.confidence_[-1] < clusterer.confidence_[:-1].min()

    def test_a_row_below_the_least_confidence_is_unplaced(self) -> None:
        vectors, _ = blobs(3, 12, spread=0.6)
        clusterer = ConsensusClusterer(3, min_confidence=0.6).fit(vectors)
        assert np.array_equal(clusterer.labels_ == UNPLACED, clusterer.confidence_ < 0.6)
        assert (clusterer.labels_ == UNPLACED).any()

    def test_a_second_view_settles_what_the_first_leaves_open(self) -> None:
        """Each description of the rows has a say."""
        noise = np.random.default_rng(1).normal(size=(300, 4))
        seen, truth = blobs(3, 100)
        alone = ConsensusClusterer(3).fit(noise)
        helped = ConsensusClusterer(3).fit(noise, views=[seen])
        assert adjusted_rand_score(truth, helped.labels_) > 0.9 > adjusted_rand_score(truth, alone.labels_) + 0.5


class TestNoGroups:
    """Where nothing falls into groups, none are claimed."""

    @pytest.mark.parametrize(("n", "n_features"), [(25, 6), (60, 3), (150, 20), (40, 39)])
    def test_normally_distributed_rows_are_one_cluster(self, n: int, n_features: int) -> None:
        """Stretched along some axes, as the vectors of any collection are."""
        scales = np.linspace(1, 0.3, n_features)
        vectors = np.random.default_rng(0).normal(size=(n, n_features)) * scales
        clusterer = ConsensusClusterer().fit(vectors)
        assert not clusterer.has_structure_
        assert set(clusterer.labels_) == {0}

    def test_a_number_that_is_asked_for_is_given_and_the_lack_of_structure_said(self) -> None:
        vectors = np.random.default_rng(0).normal(size=(60, 5))
        clusterer = ConsensusClusterer(3).fit(vectors)
        assert clusterer.n_clusters_ == 3
        assert not clusterer.has_structure_
        assert clusterer.structure_ < 0.05

    def test_structure_grows_as_groups_stand_apart(self) -> None:
        near, far = (ConsensusClusterer(4).fit(blobs(4, 12, spread=spread)[0]) for spread in (0.45, 0.1))
        assert far.structure_ > near.structure_
        assert far.has_structure_

    def test_rows_of_zeros_describe_nothing_and_have_no_place(self) -> None:
        """Such as titles that share no word with any other."""
        vectors, truth = blobs(3, 10)
        clusterer = ConsensusClusterer().fit(np.vstack([vectors, np.zeros((20, vectors.shape[1]))]))
        assert adjusted_rand_score(truth, clusterer.labels_[:30]) == 1
        assert clusterer.labels_[30:].tolist() == [UNPLACED] * 20
        assert clusterer.confidence_[30:].tolist() == [0] * 20
        assert clusterer.predict(np.zeros((1, 5))).tolist() == [UNPLACED]
        assert [part.tolist() for part in clusterer.assign(np.zeros((1, 5)))] == [[UNPLACED], [0]]

    def test_nothing_but_zeros_has_no_cluster(self) -> None:
        clusterer = ConsensusClusterer().fit(np.zeros((12, 3)))
        assert clusterer.n_clusters_ == 0
        assert clusterer.labels_.tolist() == [UNPLACED] * 12


class TestMixtureViews:
    """Articles as mixtures of parts, for small collections."""

    def test_articles_of_the_same_concepts_are_mixed_alike(self) -> None:
        """Whatever the number of parts."""
        weights = np.kron(np.eye(3), np.ones((8, 5))) + np.random.default_rng(0).uniform(0, 0.1, (24, 15))
        views = mixture_views(sparse.csr_array(weights))
        assert [view.shape for view in views] == [(24, n_parts) for n_parts in range(4, 13)]
        for view in views:
            cosines = view @ view.T
            assert cosines[:8, :8].mean() > cosines[:8, 8:].mean() + 0.3

    @pytest.mark.parametrize("n", [9, 201])
    def test_few_rows_and_many_have_none(self, n: int) -> None:
        assert mixture_views(sparse.csr_array(np.ones((n, 20)))) == []

    def test_rows_are_distributions_but_for_the_root(self) -> None:
        weights = np.random.default_rng(0).uniform(size=(20, 30)) * (np.arange(20) > 0)[:, None]
        for view in mixture_views(sparse.csr_array(weights)):
            assert np.allclose((view**2).sum(axis=1), [0] + [1] * 19)


class TestLaws:
    """What holds for any rows."""

    @settings(max_examples=12)
    @given(st.permutations(range(20)), st.floats(0.1, 1.5))
    def test_permuting_rows_permutes_labels_and_confidence(self, order: list[int], spread: float) -> None:
        """To the last bit, clear groups or none."""
        vectors, _ = blobs(4, 5, spread=spread)
        view = np.sqrt(np.abs(vectors))
        settings_ = {"n_resamples": 30, "max_clusters": 4}
        one = ConsensusClusterer(**settings_).fit(vectors, views=[view])
        other = ConsensusClusterer(**settings_).fit(vectors[order], views=[view[order]])
        assert np.array_equal(other.labels_, one.labels_[order])
        assert np.array_equal(other.confidence_, one.confidence_[order])

    @settings(max_examples=12)
    @given(st.integers(1, 30), st.integers(1, 6), st.floats(0, 1), st.integers(0, 2**16))
    def test_confidence_is_a_share_and_labels_are_numbers_without_a_gap(
        self, n: int, n_clusters: int, least: float, seed: int
    ) -> None:
        vectors = np.random.default_rng(seed).normal(size=(n, 3))
        clusterer = ConsensusClusterer(min(n, n_clusters), n_resamples=20, min_confidence=least).fit(vectors)
        assert ((clusterer.confidence_ >= 0) & (clusterer.confidence_ <= 1)).all()
        assert set(clusterer.labels_) - {UNPLACED} == set(range(clusterer.n_clusters_))
        assert clusterer.centers_.shape[0] == clusterer.n_clusters_

    def test_a_second_fit_gives_the_same_bits_and_keeps_nothing_of_the_first(self) -> None:
        vectors, _ = blobs(4, 10, spread=0.5)
        clusterer = ConsensusClusterer().fit(vectors)
        labels, confidence, scores = clusterer.labels_, clusterer.confidence_, clusterer.community_counts_
        clusterer.fit(vectors[:7])
        assert len(clusterer.labels_) == 7
        clusterer.fit(vectors)
        assert np.array_equal(clusterer.labels_, labels)
        assert np.array_equal(clusterer.confidence_, confidence)
        assert clusterer.community_counts_ == scores

    def test_equal_rows_share_a_cluster_and_a_confidence(self) -> None:
        """Copies of an article are not torn apart."""
        vectors, _ = blobs(4, 5, spread=0.8)
        twice = ConsensusClusterer().fit(np.vstack([vectors, vectors]))
        assert np.array_equal(twice.labels_[:20], twice.labels_[20:])
        assert np.allclose(twice.confidence_[:20], twice.confidence_[20:])


class TestFewRows:
    """Where there is little to cluster."""

    @pytest.mark.parametrize("n", [1, 2])
    def test_one_or_two_rows_are_one_cluster(self, n: int) -> None:
        clusterer = ConsensusClusterer().fit(np.eye(2)[:n])
        assert clusterer.labels_.tolist() == [0] * n
        assert clusterer.confidence_.tolist() == [1] * n

    def test_of_three_rows_the_two_close_ones_are_a_cluster(self) -> None:
        labels = ConsensusClusterer(2).fit([[0.0, 1.0], [0.05, 1.0], [5.0, 0.0]]).labels_
        assert labels[0] == labels[1] == 0
        assert labels[2] != 0

    @pytest.mark.parametrize("n", [3, 12, 250])
    def test_identical_rows_are_one_sure_cluster(self, n: int) -> None:
        clusterer = ConsensusClusterer().fit(np.ones((n, 3)))
        assert clusterer.labels_.tolist() == [0] * n
        assert clusterer.confidence_.tolist() == [1] * n

    def test_one_cluster_asked_for_holds_every_row(self) -> None:
        vectors, _ = blobs(3, 5)
        clusterer = ConsensusClusterer(1).fit(vectors)
        assert set(clusterer.labels_) == {0}
        assert set(clusterer.confidence_) == {1}

    def test_more_clusters_than_pairs_leave_the_pairs_that_there_are(self) -> None:
        """A cluster has two rows or more; what cannot be had is not forced."""
        vectors, _ = blobs(4, 2, spread=0.01)
        labels = ConsensusClusterer(6).fit(vectors).labels_
        assert 2 <= labels.max() + 1 <= 4


class TestManyRows:
    """The path for collections whose tree would not fit into memory."""

    SMALL: ClassVar = {"max_tree_samples": 60, "max_run_samples": 50}

    @pytest.mark.parametrize("n_clusters", [None, 4])
    def test_planted_groups_come_back_from_samples(self, n_clusters: int | None) -> None:
        """Rows outside the sample of the tree included."""
        vectors, truth = blobs(4, 80)
        clusterer = ConsensusClusterer(n_clusters, **self.SMALL).fit(vectors)
        assert adjusted_rand_score(truth, clusterer.labels_) == 1
        assert clusterer.confidence_.min() > 0.5

    def test_runs_of_more_than_a_thousand_rows_find_them_as_well(self) -> None:
        """Which scikit-learn makes, one by one; the answer is the same to the bit whatever the threads."""
        vectors, truth = blobs(4, 320)
        clusterer, again = (ConsensusClusterer(4, n_resamples=20, max_tree_samples=200) for _ in range(2))
        with threadpool_limits(1):
            clusterer.fit(vectors)
        with threadpool_limits(2):
            again.fit(vectors)
        assert adjusted_rand_score(truth, clusterer.labels_) == 1
        assert clusterer.confidence_.min() > 0.5
        unseen = vectors[::7] + 0.05
        answers = ((one.labels_, one.confidence_, *one.assign(unseen)) for one in (clusterer, again))
        assert all(np.array_equal(one, other) for one, other in zip(*answers, strict=True))

    def test_the_order_of_the_rows_does_not_matter_there_either(self) -> None:
        vectors, _ = blobs(4, 80, spread=0.5)
        order = np.random.default_rng(0).permutation(len(vectors))
        one, other = (
            ConsensusClusterer(4, n_resamples=20, **self.SMALL).fit(rows) for rows in (vectors, vectors[order])
        )
        assert np.array_equal(other.labels_, one.labels_[order])


class TestLearnedFromASample:
    """Of very many rows a part is clustered, and the others are assigned."""

    @pytest.mark.parametrize("n_clusters", [None, 4])
    def test_planted_groups_come_back(self, n_clusters: int | None) -> None:
        vectors, truth = blobs(4, 250)
        clusterer = ConsensusClusterer(n_clusters, n_resamples=40, max_fit_samples=200).fit(vectors)
        assert adjusted_rand_score(truth, clusterer.labels_) == 1
        assert clusterer.confidence_.min() > 0.5

    def test_the_order_of_the_rows_does_not_matter(self) -> None:
        vectors, _ = blobs(4, 150, spread=0.5)
        order = np.random.default_rng(0).permutation(len(vectors))
        clusterer = ConsensusClusterer(4, n_resamples=20, max_fit_samples=200)
        one, other = (clone(clusterer).fit(rows) for rows in (vectors, vectors[order]))
        assert np.array_equal(other.labels_, one.labels_[order])
        assert np.array_equal(other.confidence_, one.confidence_[order])

    def test_a_row_that_fits_nowhere_is_unplaced_or_less_sure(self) -> None:
        vectors, _ = blobs(3, 200, spread=0.1)
        stray = np.tile(vectors.mean(axis=0), (50, 1))
        clusterer = ConsensusClusterer(3, n_resamples=40, max_fit_samples=200).fit(np.vstack([vectors, stray]))
        confidence = clusterer.confidence_
        assert confidence[-50:].mean() < confidence[:-50].mean()

    def test_rows_are_assigned_as_sure_as_they_were_when_learned_from(self) -> None:
        """But for the row itself, which was one of its cluster's members."""
        vectors, _ = blobs(4, 75, spread=0.4)
        clusterer = ConsensusClusterer(4, n_resamples=40).fit(vectors)
        labels, confidence = clusterer.assign(vectors)
        same = labels == clusterer.labels_
        assert same.mean() > 0.97
        assert np.abs(confidence - clusterer.confidence_)[same].max() < 0.05

    def test_blocks_of_any_size_are_assigned_alike(self) -> None:
        vectors, _ = blobs(3, 20, spread=0.5)
        clusterer = ConsensusClusterer(3, n_resamples=20).fit(vectors)
        expected_labels, expected_confidence = clusterer.assign(vectors)
        for size in range(1, len(vectors)):
            blocks = [clusterer.assign(vectors[at : at + size]) for at in range(0, len(vectors), size)]
            labels, confidence = map(np.concatenate, zip(*blocks, strict=True))
            assert np.array_equal(labels, expected_labels)
            assert np.allclose(confidence, expected_confidence)

    def test_one_cluster_takes_every_row_and_none_takes_no_row(self) -> None:
        vectors, _ = blobs(3, 5)
        assert [part.tolist() for part in ConsensusClusterer(1).fit(vectors).assign(vectors[:2])] == [[0, 0], [1, 1]]
        none = ConsensusClusterer(3, min_confidence=1.0).fit(np.random.default_rng(0).normal(size=(9, 3)))
        assert [part.tolist() for part in none.assign(np.eye(3))] == [[UNPLACED] * 3, [0] * 3]


class TestEstimator:
    """The contract of scikit-learn."""

    @parametrize_with_checks([ConsensusClusterer(n_resamples=10, max_clusters=3)])
    def test_scikit_learn_s_own_checks_pass(self, estimator: object, check: object) -> None:
        check(estimator)  # type: ignore[operator]

    def test_unseen_rows_join_the_nearest_cluster(self) -> None:
        vectors, truth = blobs(3, 15)
        fresh, fresh_truth = blobs(3, 15, seed=1)
        clusterer = ConsensusClusterer(3).fit(vectors)
        assert np.array_equal(clusterer.predict(vectors), clusterer.labels_)
        assert adjusted_rand_score(fresh_truth, clusterer.predict(fresh)) == 1
        assert clusterer.centers_.shape == (3, vectors.shape[1])
        assert adjusted_rand_score(truth, clusterer.fit_predict(vectors)) == 1

    def test_where_no_cluster_was_found_unseen_rows_stay_unplaced(self) -> None:
        clusterer = ConsensusClusterer(3, min_confidence=1.0).fit(np.random.default_rng(0).normal(size=(9, 3)))
        assert clusterer.n_clusters_ == 0
        assert clusterer.predict(np.eye(3)).tolist() == [UNPLACED] * 3

    def test_a_clone_carries_the_settings_alone(self) -> None:
        clusterer = ConsensusClusterer(3, subsample=0.5, random_state=7).fit(blobs(3, 5)[0])
        assert clone(clusterer).get_params() == clusterer.get_params()
        assert clusterer.set_params(n_clusters=2).n_clusters == 2
        with pytest.raises(NotFittedError):
            clone(clusterer).predict(np.eye(5))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"n_clusters": 0},
            {"n_clusters": 2.5},
            {"max_clusters": 1},
            {"n_resamples": 1},
            {"subsample": 0},
            {"subsample": 1.1},
            {"min_confidence": -0.1},
            {"max_fit_samples": 1},
            {"max_run_samples": 0},
            {"max_tree_samples": 1.5},
            {"random_state": -1},
            {"random_state": "now"},
        ],
        ids=str,
    )
    def test_a_setting_out_of_its_range_is_named(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            ConsensusClusterer(**wrong).fit(np.eye(4))  # type: ignore[arg-type]

    def test_more_clusters_than_rows_are_refused(self) -> None:
        with pytest.raises(ValueError, match="n_clusters=5 for n_samples=4"):
            ConsensusClusterer(5).fit(np.eye(4))

    def test_a_view_of_other_rows_is_refused(self) -> None:
        with pytest.raises(ValueError, match="inconsistent numbers of samples"):
            ConsensusClusterer(2).fit(np.eye(4), views=[np.eye(5)])

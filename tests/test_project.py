"""Specification of the map: neighbours stay neighbours, the same seed draws the same map."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import silhouette_score

from rare_topics.projection.map_projector import MIN_UMAP_ROWS, MapProjector
from rare_topics.runtime.umap_workaround import loaded_umap

TRUTH = np.repeat([0, 1], 15)


def two_groups() -> np.ndarray:
    """Thirty rows around two of six directions."""
    return np.eye(6)[TRUTH] + np.random.default_rng(0).normal(scale=0.15, size=(30, 6))


@pytest.fixture(scope="module")
def fitted() -> MapProjector:
    return MapProjector(random_state=0).fit(two_groups())


class TestMap:
    """What the map keeps of the vectors."""

    def test_planted_groups_stay_apart(self, fitted: MapProjector) -> None:
        assert fitted.embedding_.shape == (30, 2)
        assert silhouette_score(fitted.embedding_, TRUTH) > 0.5
        assert fitted.trustworthiness_ > 0.7

    def test_the_same_seed_draws_the_same_map_to_the_bit(self, fitted: MapProjector) -> None:
        assert np.array_equal(MapProjector(random_state=0).fit_transform(two_groups()), fitted.embedding_)

    def test_a_known_row_is_placed_near_where_it_lies(self, fitted: MapProjector) -> None:
        """Nearer than the groups are to each other."""
        placed = fitted.transform(two_groups())
        centers = np.array([fitted.embedding_[group == TRUTH].mean(axis=0) for group in (0, 1)])
        away = np.linalg.norm(placed - fitted.embedding_, axis=1)
        assert np.median(away) < np.linalg.norm(centers[0] - centers[1]) / 4

    @pytest.mark.parametrize("n", [MIN_UMAP_ROWS - 1, 30])
    def test_an_unseen_row_lies_alone_where_it_lies_among_others(self, n: int) -> None:
        projector = MapProjector(random_state=0).fit(two_groups()[::-1][:n])
        unseen = two_groups()[::3] + np.random.default_rng(1).normal(scale=0.1, size=(10, 6))
        alone = [projector.transform(row[None])[0] for row in unseen]
        assert np.allclose(alone, projector.transform(unseen), atol=1e-5)
        assert np.ptp(alone, axis=0).min() > 0.01

    @pytest.mark.parametrize(("n", "expected"), [(30, 5), (12, 3), (4, 3), (3, 2), (2, 1)])
    def test_the_neighbourhood_fits_the_collection(self, n: int, expected: int) -> None:
        assert MapProjector().fit(two_groups()[:n]).n_neighbors_ == expected

    def test_a_neighbourhood_asked_for_is_taken_as_far_as_it_goes(self) -> None:
        assert MapProjector(4).fit(two_groups()).n_neighbors_ == 4
        assert MapProjector(100).fit(two_groups()[:10]).n_neighbors_ == 9


class TestFlatMap:
    """Collections too small or too plain for UMAP: the two widest directions."""

    @pytest.mark.parametrize("n", range(2, MIN_UMAP_ROWS))
    def test_small_collections_lie_along_their_widest_directions(self, n: int) -> None:
        vectors = two_groups()[:: 30 // n][:n]
        projector = MapProjector().fit(vectors)
        centered = vectors - vectors.mean(axis=0)
        lengths = np.linalg.svd(centered, compute_uv=False)[:2]
        assert np.allclose(np.linalg.norm(projector.embedding_, axis=0), np.pad(lengths, (0, 2 - len(lengths))))
        assert np.allclose(projector.transform(vectors), projector.embedding_)
        assert 0 <= projector.trustworthiness_ <= 1

    @pytest.mark.parametrize("n", [2, 7, 12])
    @pytest.mark.parametrize("value", [0.0, 1.0])
    def test_identical_rows_lie_in_one_point(self, n: int, value: float) -> None:
        """And nothing becomes nan."""
        assert np.allclose(MapProjector().fit(np.full((n, 3), value)).embedding_, 0)

    def test_rows_on_a_line_stay_in_order(self) -> None:
        points = MapProjector().fit(np.arange(12.0)[:, None]).embedding_
        assert np.allclose(np.abs(np.diff(points[:, 0])), 1)
        assert np.allclose(points[:, 1], 0)

    def test_one_row_is_no_map(self) -> None:
        with pytest.raises(ValueError, match="minimum of 2"):
            MapProjector().fit(np.eye(3)[:1])


class TestLargeMap:
    """Neighbours of many rows are looked up before, so that UMAP need not look for them."""

    @pytest.fixture
    def large(self) -> MapProjector:
        """Give a map that takes thirty rows for many."""
        return MapProjector(max_exact_rows=20).fit(two_groups())

    def test_planted_groups_stay_apart(self, large: MapProjector) -> None:
        assert silhouette_score(large.embedding_, TRUTH) > 0.5

    def test_an_unseen_row_is_placed_among_its_neighbours(self, large: MapProjector) -> None:
        placed = large.transform(np.eye(6)[[0, 1]])
        centers = np.array([large.embedding_[group == TRUTH].mean(axis=0) for group in (0, 1)])
        away = np.linalg.norm(placed[:, None] - centers, axis=2)
        assert away.argmin(axis=1).tolist() == [0, 1]

    def test_of_very_many_rows_a_part_is_laid_out_and_the_others_are_placed(self) -> None:
        """As unseen rows are; the groups stay apart."""
        part = MapProjector(max_exact_rows=20, max_fit_samples=24).fit(two_groups())
        assert part.embedding_.shape == (30, 2)
        assert silhouette_score(part.embedding_, TRUTH) > 0.5
        others = [row for row in range(30) if not (part.embedding_[row] == part._points).all(axis=1).any()]
        assert len(others) == 6
        assert np.allclose(part.transform(two_groups()[others]), part.embedding_[others])

    def test_no_search_is_compiled(self, large: MapProjector, monkeypatch: pytest.MonkeyPatch) -> None:
        """UMAP takes the neighbours that it is given."""
        with loaded_umap() as umap:
            monkeypatch.setattr(umap.umap_, "nearest_neighbors", None)
        assert np.array_equal(MapProjector(max_exact_rows=20).fit(two_groups()).embedding_, large.embedding_)


class TestAlignment:
    """Maps of the same rows are laid over each other before they are compared."""

    @given(st.floats(0, 6.28), st.booleans(), st.floats(0.1, 10), st.floats(-5, 5))
    def test_a_turned_mirrored_scaled_and_moved_map_is_brought_back(
        self, angle: float, mirrored: bool, scale: float, shift: float
    ) -> None:
        projector = MapProjector().fit(two_groups()[::5])
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        if mirrored:
            turn = turn @ np.diag([1, -1])
        other = scale * projector.embedding_ @ turn + shift
        assert np.allclose(projector.align_to(other), other)

    def test_a_map_laid_over_itself_stays(self, fitted: MapProjector) -> None:
        assert np.allclose(fitted.align_to(fitted.embedding_), fitted.embedding_, atol=1e-5)

    def test_a_map_of_one_point_is_no_error(self) -> None:
        assert np.allclose(MapProjector().fit(np.ones((4, 3))).align_to(np.ones((4, 2))), 1)


class TestEstimator:
    """The contract of scikit-learn."""

    def test_a_clone_carries_the_settings_alone(self, fitted: MapProjector) -> None:
        copy = clone(fitted)
        assert copy.get_params() == fitted.get_params()
        with pytest.raises(NotFittedError):
            copy.transform(two_groups())
        with pytest.raises(NotFittedError):
            copy.align_to(np.zeros((30, 2)))

    def test_rows_of_another_width_are_refused(self, fitted: MapProjector) -> None:
        with pytest.raises(ValueError, match="features"):
            fitted.transform(np.eye(5))

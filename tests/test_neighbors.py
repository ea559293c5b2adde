"""Specification of the nearest rows: exact for thousands, nearly so for more, and never a table of all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from rare_topics.projection import neighbors
from rare_topics.projection.neighbors import nearest_reference_rows, nearest_rows


def rows(n: int, *, seed: int = 0) -> np.ndarray:
    """Rows around thirty directions, as articles around their subjects."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(30, 20))[rng.integers(30, size=n)] + rng.normal(scale=0.6, size=(n, 20))


def exact(vectors: np.ndarray, k: int) -> np.ndarray:
    return NearestNeighbors(n_neighbors=k, metric="cosine").fit(vectors).kneighbors(return_distance=False)


def test_small_collections_are_searched_in_full() -> None:
    vectors = rows(700)
    near = nearest_rows(vectors, 10)
    assert np.array_equal(near.rows, exact(vectors, 10))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.allclose(near.cosines, np.einsum("ij,ikj->ik", unit, unit[near.rows]), atol=1e-5)


def test_large_collections_find_more_than_nine_in_ten() -> None:
    vectors = rows(4000)
    found, wanted = nearest_rows(vectors, 10, max_exact_rows=1000, cell_size=40).rows, exact(vectors, 10)
    shared = [len(set(one) & set(other)) / 10 for one, other in zip(found.tolist(), wanted.tolist(), strict=True)]
    assert np.mean(shared) > 0.9


def test_the_same_seed_finds_the_same_rows() -> None:
    one, other = (nearest_rows(rows(1500), 5, max_exact_rows=100) for _ in range(2))
    assert np.array_equal(one.rows, other.rows)
    assert np.array_equal(one.cosines, other.cosines)


def test_no_row_is_compared_with_more_than_its_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work grows with the rows, not with their square."""
    compared: list[int] = []
    search = neighbors._search

    def count(unit: np.ndarray, queries: np.ndarray, candidates: np.ndarray, nearest: neighbors.Neighbors) -> None:
        compared.append(len(queries) * len(candidates))
        search(unit, queries, candidates, nearest)

    monkeypatch.setattr(neighbors, "_search", count)
    work = []
    for n in (1500, 3000):
        compared.clear()
        nearest_rows(rows(n), 5, max_exact_rows=100, cell_size=40)
        work.append(sum(compared))
    assert work[1] < 3 * work[0] < 3 * 1500**2


@given(st.integers(2, 40), st.integers(1, 12), st.booleans())
def test_a_row_is_never_its_own_neighbour(n: int, k: int, alike: bool) -> None:
    """Nor stands twice, not even among equal rows; the nearest come first."""
    near = nearest_rows(np.ones((n, 3)) if alike else rows(n), k)
    assert near.rows.shape == (n, min(k, n - 1))
    for number, (others, cosines) in enumerate(zip(near.rows.tolist(), near.cosines, strict=True)):
        assert number not in others
        assert len(set(others)) == len(others)
        assert (np.diff(cosines) <= 0).all()


def test_unseen_rows_find_the_reference_rows() -> None:
    reference = rows(300)
    near = nearest_reference_rows(reference[::7] * 3, reference, 4)
    assert near.rows[:, 0].tolist() == list(range(0, 300, 7))
    assert np.allclose(near.cosines[:, 0], 1)


@given(st.integers(1, 400), st.integers(1, 9), st.integers(0, 99))
def test_of_rows_equally_near_the_first_are_taken(n: int, k: int, seed: int) -> None:
    """Also where groups of columns stand for them, and some columns for themselves."""
    near = np.random.default_rng(seed).integers(0, 5, (3, n)).astype(np.float32)
    best, found = neighbors.top_k(near, min(k, n))
    expected = np.argsort(-near, axis=1, kind="stable")[:, : min(k, n)]
    assert np.array_equal(best, expected)
    assert np.array_equal(found, np.take_along_axis(near, expected, axis=1))

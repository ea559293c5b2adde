"""Nearest rows by cosine: exact for thousands, in near-linear time for more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Up to so many rows every pair is compared.
MAX_EXACT_ROWS = 5000
# Rows compared at a time, so that no table of all pairs is ever held.
BATCH_ROWS = 256
# Cells of the inverted file that a row is compared with: its own and the nearest others. With cells of 400 rows
# these hold more than nine in ten of the ten nearest (asserted in tests/test_neighbors.py).
SEARCHED_CELLS = 16
# Centers of the cells are learned from so many rows, in so many rounds of Lloyd's algorithm.
CELL_FIT_ROWS, CELL_FIT_ROUNDS = 20_000, 8
# Groups of columns for each neighbour that is looked for, in `_top_k_threshold`; affects speed only.
GROUPS_PER_NEIGHBOR = 16
Real = TypeVar("Real", np.float32, np.float64)


class Neighbors(NamedTuple):
    """The nearest other rows of each row.

    Attributes
    ----------
    rows : ndarray of shape (n_rows, n_neighbors)
        Their positions, the nearest first.
    cosines : ndarray of shape (n_rows, n_neighbors)
        Their cosines; -1 where fewer rows than `n_neighbors` were compared.
    """

    rows: NDArray[np.int64]
    cosines: NDArray[np.float64]


def nearest_rows(
    vectors: NDArray[np.float64],
    n_neighbors: int,
    *,
    max_exact_rows: int = MAX_EXACT_ROWS,
    cell_size: int = 400,
    random_state: int | None = 0,
) -> Neighbors:
    """Find the nearest other rows of each row.

    Parameters
    ----------
    vectors : ndarray of shape (n_rows, n_features)
        Rows of any length.
    n_neighbors
        Number of neighbours; at most one less than there are rows.
    max_exact_rows
        Up to so many rows every pair is compared. More are divided into cells of an inverted
        file (Sivic and Zisserman 2003), and a row is compared with the rows of its own cell and
        the fifteen nearest cells.
    cell_size
        Rows of a cell, on average.
    random_state
        Seed of the cells.

    Returns
    -------
    Neighbors
        Of rows equally near, the first.
    """
    n = len(vectors)
    n_neighbors = min(n_neighbors, n - 1)
    unit = np.ascontiguousarray(normalize(vectors), dtype=np.float32)
    nearest = Neighbors(np.zeros((n, n_neighbors), dtype=np.int64), np.full((n, n_neighbors), -1.0))
    all_rows = np.arange(n)
    if n <= max_exact_rows:
        for start in range(0, n, BATCH_ROWS):
            _search(unit, all_rows[start : start + BATCH_ROWS], all_rows, nearest)
        return nearest
    centers, cell = _spherical_kmeans(unit, max(SEARCHED_CELLS, n // cell_size), np.random.default_rng(random_state))
    order = np.argsort(cell, kind="stable")
    bounds = np.searchsorted(cell[order], np.arange(len(centers) + 1))
    members = [order[start:end] for start, end in pairwise(bounds.tolist())]
    searched_cells = np.argsort(-(centers @ centers.T), axis=1, kind="stable")[:, :SEARCHED_CELLS]
    for queries, cells in zip(members, searched_cells.tolist(), strict=True):
        candidates = np.sort(np.concatenate([members[number] for number in cells]))
        for start in range(0, len(queries), BATCH_ROWS):
            _search(unit, queries[start : start + BATCH_ROWS], candidates, nearest)
    return nearest


def nearest_reference_rows(vectors: NDArray[np.float64], reference: NDArray[np.float64], n_neighbors: int) -> Neighbors:
    """Find the nearest reference rows of other rows; every pair is compared.

    Parameters
    ----------
    vectors : ndarray of shape (n_rows, n_features)
        Rows whose neighbours are looked for.
    reference : ndarray of shape (n_reference_rows, n_features)
        Rows that may be neighbours.
    n_neighbors
        Number of neighbours, at most the number of reference rows.

    Returns
    -------
    Neighbors
        Positions among the reference rows.
    """
    unit = np.ascontiguousarray(normalize(vectors), dtype=np.float32)
    unit_reference = np.ascontiguousarray(normalize(reference), dtype=np.float32)
    rows, cosines = np.zeros((len(unit), n_neighbors), dtype=np.int64), np.zeros((len(unit), n_neighbors))
    for start in range(0, len(unit), BATCH_ROWS):
        batch = slice(start, start + BATCH_ROWS)
        rows[batch], cosines[batch] = top_k(unit[batch] @ unit_reference.T, n_neighbors)
    return Neighbors(rows, cosines)


def similar_pairs(
    rows: sparse.csr_array | NDArray[np.float64],
    *,
    n_neighbors: int | None = None,
    candidates: NDArray[np.int64] | None = None,
    batch_size: int = BATCH_ROWS,
) -> Iterator[tuple[int, int, float]]:
    """Compare articles by the inner product of their rows.

    Parameters
    ----------
    rows : csr_array or ndarray of n_articles rows
        From `ConceptSpace.similarity_rows`.
    n_neighbors
        Only so many of each row's nearest; None gives every pair once.
    candidates : ndarray of shape (n_articles, any), optional
        Rows that each row is compared with, from `nearest_rows`; None compares all. Used
        where `n_neighbors` is given.
    batch_size
        Rows compared at a time.

    Yields
    ------
    one, other, similarity
        Positions, and the inner product.
    """
    if candidates is not None and n_neighbors is not None:
        yield from _similar_candidates(sparse.csr_array(rows), candidates, n_neighbors, batch_size)
        return
    for start in range(0, rows.shape[0], batch_size):
        product = rows[start : start + batch_size] @ rows.T
        dense = product if isinstance(product, np.ndarray) else product.toarray()
        ones = np.arange(start, start + len(dense))
        if n_neighbors is None:
            for one, similarities in zip(ones.tolist(), dense.tolist(), strict=True):
                for other in range(one + 1, len(similarities)):
                    yield one, other, similarities[other]
        else:
            dense[ones - start, ones] = -np.inf
            yield from _pairs(start, *top_k(dense, min(n_neighbors, dense.shape[1] - 1)))


def _similar_candidates(
    rows: sparse.csr_array, candidates: NDArray[np.int64], n_neighbors: int, batch_size: int
) -> Iterator[tuple[int, int, float]]:
    own = np.zeros(rows.shape[1])
    for start in range(0, rows.shape[0], batch_size):
        others = np.sort(candidates[start : start + batch_size], axis=1)
        products = np.empty(others.shape)
        for number, compared in enumerate(others):
            entries = slice(rows.indptr[start + number], rows.indptr[start + number + 1])
            own[rows.indices[entries]] = rows.data[entries]
            products[number] = rows[compared] @ own
            own[rows.indices[entries]] = 0.0
        best = np.argsort(-products, axis=1, kind="stable")[:, :n_neighbors]
        yield from _pairs(start, np.take_along_axis(others, best, axis=1), np.take_along_axis(products, best, axis=1))


def _pairs(
    start: int, others: NDArray[np.int64], similarities: NDArray[np.float64]
) -> Iterator[tuple[int, int, float]]:
    """Yield each row, counted from `start`, with each of its others."""
    for one, pairs in enumerate(zip(others.tolist(), similarities.tolist(), strict=True), start):
        for other, similarity in zip(*pairs, strict=True):
            yield one, other, similarity


def _search(
    unit: NDArray[np.float32], queries: NDArray[np.int64], candidates: NDArray[np.int64], nearest: Neighbors
) -> None:
    """Write the nearest candidates of the query rows into `nearest`."""
    cosines = unit[queries] @ unit[candidates].T
    cosines[queries[:, None] == candidates] = -np.inf
    k = min(nearest.rows.shape[1], len(candidates) - 1)
    columns, values = top_k(cosines, k)
    nearest.rows[queries, :k], nearest.cosines[queries, :k] = candidates[columns], values


def top_k(values: NDArray[Real], k: int) -> tuple[NDArray[np.int64], NDArray[Real]]:
    """Find columns and values of the k largest of each row, the largest first; of equal ones the first column."""
    if not k:
        return np.zeros((len(values), 0), dtype=np.int64), values[:, :0]
    rows, columns = np.nonzero(values >= _top_k_threshold(values, k))
    found = values[rows, columns]
    order = np.lexsort((columns, -found, rows))
    best = order[np.searchsorted(rows, np.arange(len(values)))[:, None] + np.arange(k)]
    return columns[best], found[best]


def _top_k_threshold(values: NDArray[Real], k: int) -> NDArray[Real]:
    """Find for each row a value that at least k entries reach, and few more.

    Columns are dealt into groups. The k-th largest of the groups' maxima is such a value: k groups reach it.
    """
    n = values.shape[1]
    n_groups = min(n, GROUPS_PER_NEIGHBOR * k)
    n_dealt = n - n % n_groups
    maxima = values[:, :n_dealt].reshape(len(values), -1, n_groups).max(axis=1)
    return np.partition(maxima, n_groups - k, axis=1)[:, n_groups - k, None]


def _spherical_kmeans(
    unit: NDArray[np.float32], n_cells: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Divide rows of length 1 into cells: centers of shape (n_cells, n_features), and the cell of each row."""
    sample = unit[np.sort(rng.permutation(len(unit))[: max(CELL_FIT_ROWS, 10 * n_cells)])]
    centers = sample[rng.permutation(len(sample))[:n_cells]]
    for _ in range(CELL_FIT_ROUNDS):
        cell = _nearest_center(sample, centers)
        member = sparse.csr_array((np.ones(len(cell), np.float32), (cell, np.arange(len(cell)))), (n_cells, len(cell)))
        sums = member @ sample
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centers = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centers)
    return centers, _nearest_center(unit, centers)


def _nearest_center(unit: NDArray[np.float32], centers: NDArray[np.float32]) -> NDArray[np.int64]:
    batches = (unit[start : start + BATCH_ROWS] @ centers.T for start in range(0, len(unit), BATCH_ROWS))
    return np.concatenate([batch.argmax(axis=1) for batch in batches])

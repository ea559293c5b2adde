"""Nearest rows by cosine: exact for thousands, in near-linear time for more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Up to so many rows every pair is compared.
EXACT = 5000
# Groups for each of the nearest that are looked for: the more, the fewer are looked at in vain.
GROUPS = 16
# Rows compared at a time, so that no table of all pairs is ever held.
BLOCK = 256
# Larger collections are divided into cells of about so many rows; a row is compared with so many cells.
CELL, SEARCHED = 400, 16
LEARNED_FROM, ROUNDS = 20_000, 8


class Neighbors(NamedTuple):
    """The nearest other rows of each row.

    Attributes
    ----------
    rows : ndarray of shape (n_rows, k)
        Their positions, the nearest first.
    cosines : ndarray of shape (n_rows, k)
        How near they are; -1 where fewer rows than k were compared.
    """

    rows: NDArray[np.int64]
    cosines: NDArray[np.float64]


def nearest_rows(vectors: NDArray[np.float64], k: int, *, random_state: int | None = 0) -> Neighbors:
    """Find the nearest rows of each row.

    Parameters
    ----------
    vectors : ndarray of shape (n_rows, n_features)
        Rows of any length.
    k
        Number of neighbours; at most one less than there are rows.
    random_state
        Seed of the cells.

    Returns
    -------
    Neighbors
        Exact for up to 5,000 rows. Beyond that rows are searched in their own cell of an
        inverted file and the fifteen next to it (Sivic and Zisserman 2003), which finds more
        than nine in ten of the nearest.
    """
    n = len(vectors)
    k = min(k, n - 1)
    unit = np.ascontiguousarray(normalize(vectors), dtype=np.float32)
    rows, cosines = np.zeros((n, k), dtype=np.int64), np.full((n, k), -1.0)
    everyone = np.arange(n)
    if n <= EXACT:
        for start in range(0, n, BLOCK):
            _search(unit, everyone[start : start + BLOCK], everyone, rows, cosines)
        return Neighbors(rows, cosines)
    centers, cell = _cells(unit, np.random.default_rng(random_state))
    order = np.argsort(cell, kind="stable")
    bounds = np.searchsorted(cell[order], np.arange(len(centers) + 1))
    members = [order[start:end] for start, end in pairwise(bounds.tolist())]
    near = np.argsort(-(centers @ centers.T), axis=1, kind="stable")[:, :SEARCHED]
    for own, cells in zip(members, near.tolist(), strict=True):
        others = np.sort(np.concatenate([members[number] for number in cells]))
        for start in range(0, len(own), BLOCK):
            _search(unit, own[start : start + BLOCK], others, rows, cosines)
    return Neighbors(rows, cosines)


def nearest_among(vectors: NDArray[np.float64], known: NDArray[np.float64], k: int) -> Neighbors:
    """Find the nearest known rows of other rows, every pair compared.

    Parameters
    ----------
    vectors : ndarray of shape (n_rows, n_features)
        Rows to place.
    known : ndarray of shape (n_known, n_features)
        Rows to find.
    k
        Number of neighbours, at most the number of known rows.

    Returns
    -------
    Neighbors
        Positions among the known rows.
    """
    unit, others = (np.ascontiguousarray(normalize(rows), dtype=np.float32) for rows in (vectors, known))
    rows, cosines = np.zeros((len(unit), k), dtype=np.int64), np.zeros((len(unit), k))
    for start in range(0, len(unit), BLOCK):
        block = slice(start, start + BLOCK)
        rows[block], cosines[block] = _best(unit[block] @ others.T, k)
    return Neighbors(rows, cosines)


def nearest_pairs(
    rows: sparse.csr_array | NDArray[np.float64],
    *,
    nearest: int | None = None,
    among: NDArray[np.int64] | None = None,
) -> Iterator[tuple[int, int, float]]:
    """Compare articles by their cosine.

    Parameters
    ----------
    rows : csr_array or ndarray of n_articles rows
        From `ConceptSpace.comparable`.
    nearest
        Only that many of each row's nearest; None gives every pair once.
    among : ndarray of shape (n_articles, any), optional
        Rows that may be the nearest, from `nearest_rows`; None compares all.

    Yields
    ------
    one, other, similarity
        Positions, and a cosine.
    """
    if among is not None and nearest is not None:
        yield from _nearest_among(sparse.csr_array(rows), among, nearest)
        return
    for start in range(0, rows.shape[0], BLOCK):
        block = rows[start : start + BLOCK] @ rows.T
        dense = block if isinstance(block, np.ndarray) else block.toarray()
        for one, cosines in enumerate(dense, start):
            if nearest is None:
                others = np.arange(one + 1, len(cosines))
            else:
                cosines[one] = -np.inf
                others = np.argsort(-cosines, kind="stable")[: min(nearest, len(cosines) - 1)]
            for other in others.tolist():
                yield one, other, float(cosines[other])


def _nearest_among(rows: sparse.csr_array, among: NDArray[np.int64], nearest: int) -> Iterator[tuple[int, int, float]]:
    for start in range(0, rows.shape[0], BLOCK):
        others = np.sort(among[start : start + BLOCK], axis=1)
        ones = np.repeat(np.arange(start, start + len(others)), others.shape[1])
        cosines = np.asarray(rows[ones].multiply(rows[others.ravel()]).sum(axis=1)).reshape(others.shape)
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :nearest]
        for one, (columns, near) in enumerate(zip(best.tolist(), cosines, strict=True), start):
            for column in columns:
                yield one, int(others[one - start, column]), float(near[column])


def _search(
    unit: NDArray[np.float32],
    some: NDArray[np.int64],
    others: NDArray[np.int64],
    rows: NDArray[np.int64],
    cosines: NDArray[np.float64],
) -> None:
    """Fill in the nearest of `others` for some rows; of rows equally near the first."""
    near = unit[some] @ unit[others].T
    near[some[:, None] == others] = -np.inf
    k = min(rows.shape[1], len(others) - 1)
    best, found = _best(near, k)
    rows[some, :k], cosines[some, :k] = others[best], found


def _best(near: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Find the k largest of each row, the largest first, of equals the first: where they stand, and what they are."""
    if not k:
        return np.zeros((len(near), 0), dtype=np.int64), near[:, :0]
    rows, columns = np.nonzero(near >= _reached(near, k))
    found = near[rows, columns]
    order = np.lexsort((columns, -found, rows))
    best = order[np.searchsorted(rows, np.arange(len(near)))[:, None] + np.arange(k)]
    return columns[best], found[best]


def _reached(near: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """Find what at least k of each row reach, and few more: where k of its groups have a largest, so many do."""
    n = near.shape[1]
    n_groups = min(n, GROUPS * k)
    whole = n - n % n_groups
    largest = near[:, :whole].reshape(len(near), -1, n_groups).max(axis=1)
    return np.partition(largest, n_groups - k, axis=1)[:, n_groups - k, None]


def _cells(unit: NDArray[np.float32], rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Divide rows by spherical k-means: centers, and the cell of each row."""
    n_cells = max(SEARCHED, len(unit) // CELL)
    sample = unit[np.sort(rng.permutation(len(unit))[: max(LEARNED_FROM, 10 * n_cells)])]
    centers = sample[rng.permutation(len(sample))[:n_cells]]
    for _ in range(ROUNDS):
        cell = _nearest_center(sample, centers)
        member = sparse.csr_array((np.ones(len(cell), np.float32), (cell, np.arange(len(cell)))), (n_cells, len(cell)))
        sums = member @ sample
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centers = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centers)
    return centers, _nearest_center(unit, centers)


def _nearest_center(unit: NDArray[np.float32], centers: NDArray[np.float32]) -> NDArray[np.int64]:
    blocks = (unit[start : start + BLOCK] @ centers.T for start in range(0, len(unit), BLOCK))
    return np.concatenate([block.argmax(axis=1) for block in blocks])

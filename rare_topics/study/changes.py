"""What became of groups of articles: which group is which, and what grew, shrank, split, merged, came or went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Groups of equal size that share half of their articles have a likeness of a third.
SAME_GROUP = 1 / 3
# A group goes into another with more than half of its articles; so does a part that is split off.
MOST = 0.5

Groups = Mapping[int, frozenset[str]]


class Change(NamedTuple):
    """What became of one group.

    Attributes
    ----------
    group
        Its number.
    change
        ``new``, ``grown``, ``shrunk``, ``changed`` (as many articles, others), ``same``,
        ``split`` (came out of another), ``merged`` (went into another) or ``died``.
    other
        The group that it came out of or went into, else None.
    joined, left
        The articles that did it.
    """

    group: int
    change: str
    other: int | None
    joined: tuple[str, ...]
    left: tuple[str, ...]


def same_groups(
    before: NDArray[np.float64], after: NDArray[np.float64], *, least: float = SAME_GROUP
) -> dict[int, int]:
    """Find which group of a new grouping is which of the old one.

    Parameters
    ----------
    before, after : ndarray of shape (n_articles, n_groups)
        Weight of each group in each article, of the same articles.
    least
        How alike two groups must be to be the same: the sum of the lesser weights by that of the
        greater (Ruzicka 1958).

    Returns
    -------
    dict of int to int
        Old column by new column, one to one (Kuhn 1955).
    """
    if not before.shape[1] or not after.shape[1]:
        return {}
    shared = np.minimum(before[:, :, None], after[:, None, :]).sum(axis=0)
    total = before.sum(axis=0)[:, None] + after.sum(axis=0) - shared
    likeness = np.divide(shared, total, out=np.zeros_like(shared), where=total > 0)
    pairs = zip(*linear_sum_assignment(-likeness), strict=True)
    return {int(new): int(old) for old, new in pairs if likeness[old, new] >= least}


def changes(before: Groups, after: Groups) -> Iterator[Change]:
    """Say what became of each group, in order of their numbers.

    Parameters
    ----------
    before, after
        Articles by number of the group; a number stands for the same group in both.

    Yields
    ------
    Change
        One for each number of either.
    """
    known = frozenset().union(*before.values()) if before else frozenset()
    for group in sorted({*before, *after}):
        was, now = before.get(group, frozenset()), after.get(group, frozenset())
        change, other = _what_became(group, before, after, known)
        yield Change(group, change, other, tuple(sorted(now - was)), tuple(sorted(was - now)))


def _what_became(group: int, before: Groups, after: Groups, known: frozenset[str]) -> tuple[str, int | None]:
    was, now = before.get(group, frozenset()), after.get(group, frozenset())
    if not was:
        source = _home(now & known, before)
        return ("split", source) if source is not None else ("new", None)
    if not now:
        goal = _home(was, after)
        return ("merged", goal) if goal is not None else ("died", None)
    if was == now:
        return "same", None
    sizes = {True: "grown", False: "shrunk"}
    return sizes[len(now) > len(was)] if len(now) != len(was) else "changed", None


def _home(articles: frozenset[str], groups: Groups) -> int | None:
    """Find the group that holds more than half of some articles."""
    return next((name for name, held in sorted(groups.items()) if len(held & articles) > MOST * len(articles)), None)

"""What changed when articles were added: which group is which, and what grew, shrank, split or merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Groups of equal size that share half of their articles have a similarity of a third.
LEAST_SIMILARITY = 1 / 3
# A group goes into another with more than half of its articles; so does a part that is split off.
MAJORITY = 0.5

ARTICLE_COLUMNS = ("article_id", "change", "repeats", "cluster", "topic", "title")
GROUP_COLUMNS = ("number", "change", "other", "label_zh", "label_en", "n_before", "n_articles", "joined", "left")
SHARE_COLUMNS = ("share_before", "share")
# Articles that a line of the summary names at most.
MOST_NAMED = 6

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


def match_groups(
    before: NDArray[np.float64], after: NDArray[np.float64], *, least: float = LEAST_SIMILARITY
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
    similarity = np.divide(shared, total, out=np.zeros_like(shared), where=total > 0)
    pairs = zip(*linear_sum_assignment(-similarity), strict=True)
    return {int(new): int(old) for old, new in pairs if similarity[old, new] >= least}


def group_changes(before: Groups, after: Groups) -> Iterator[Change]:
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
        change, other = _change_of(group, before, after, known)
        yield Change(group, change, other, tuple(sorted(now - was)), tuple(sorted(was - now)))


def _change_of(group: int, before: Groups, after: Groups, known: frozenset[str]) -> tuple[str, int | None]:
    was, now = before.get(group, frozenset()), after.get(group, frozenset())
    if not was:
        source = _majority_group(now & known, before)
        return ("split", source) if source is not None else ("new", None)
    if not now:
        goal = _majority_group(was, after)
        return ("merged", goal) if goal is not None else ("died", None)
    if was == now:
        return "same", None
    sizes = {True: "grown", False: "shrunk"}
    return sizes[len(now) > len(was)] if len(now) != len(was) else "changed", None


def _majority_group(articles: frozenset[str], groups: Groups) -> int | None:
    """Find the group that holds more than half of some articles."""
    return next(
        (name for name, held in sorted(groups.items()) if len(held & articles) > MAJORITY * len(articles)), None
    )


@dataclass(frozen=True, kw_only=True)
class Diff:
    """What `Study.add` has changed.

    Attributes
    ----------
    rows : dict of str to list of dict
        Rows of the tables `articles`, `topics` and `clusters`.
    refitted : bool
        Whether all was fitted again, because new articles no longer fit.
    """

    rows: dict[str, list[dict[str, Any]]]
    refitted: bool

    @property
    def articles(self) -> pd.DataFrame:
        """Articles that arrived: ``new``, ``updated`` (a fuller text) or ``known``, and what they repeat."""
        return self._table("articles", ARTICLE_COLUMNS)

    @property
    def topics(self) -> pd.DataFrame:
        """Topics by number, an article being in the topic it holds most of; see `clusters`."""
        return self._table("topics", (*GROUP_COLUMNS, *SHARE_COLUMNS))

    @property
    def clusters(self) -> pd.DataFrame:
        """Clusters by number: what became of them, and which articles joined and left."""
        return self._table("clusters", GROUP_COLUMNS)

    def lines(self) -> Iterator[str]:
        """Say in a few lines what has changed.

        Yields
        ------
        str
            One statement.
        """
        counts = self.articles["change"].value_counts()
        repeated = int((self.articles["repeats"] != "").sum()) if counts.size else 0
        counted = ", ".join(f"{counts[change]} {change}" for change in ("new", "updated", "known") if change in counts)
        yield f"articles: {counted or 'none'}" + (f"; {repeated} tell a story that was told before" if repeated else "")
        for kind in ("topic", "cluster"):
            for row in self.rows[f"{kind}s"]:
                if row["change"] != "same":
                    yield _line(kind, row)
        if self.refitted:
            yield "all was fitted again, because new articles no longer fit"

    def _table(self, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.rows[name], columns=list(columns))

    def _repr_html_(self) -> str:
        import pandas as pd

        with pd.option_context("display.max_colwidth", None):
            return "".join(
                f"<h4>{name}</h4>{table.to_html(index=False, escape=True)}"
                for name, table in (("articles", self.articles), ("topics", self.topics), ("clusters", self.clusters))
            )


def _line(kind: str, row: dict[str, Any]) -> str:
    articles = [name for cell in (row["joined"], row["left"]) if cell for name in cell.split("; ")]
    more = f" and {len(articles) - MOST_NAMED} more" if len(articles) > MOST_NAMED else ""
    became = {"split": f"split off from {row['other']}", "merged": f"merged into {row['other']}"}
    return (
        f"{kind} {row['number']} ({row['label_zh']} / {row['label_en']}) {became.get(row['change'], row['change'])}: "
        f"{row['n_before']} -> {row['n_articles']} articles, by {', '.join(articles[:MOST_NAMED])}{more}"
    )

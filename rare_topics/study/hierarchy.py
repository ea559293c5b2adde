"""Which topics, and which clusters, are nearest to each other: a tree that can be cut at any level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import jensenshannon, pdist

from rare_topics.errors import InputError, shown_in_line
from rare_topics.study.state import StudyState
from rare_topics.study.tables import cluster_ids, clusters, topics

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KINDS = ("topic", "cluster")


@dataclass(frozen=True)
class Hierarchy:
    """A tree of topics or of clusters.

    Attributes
    ----------
    kind
        ``topic`` or ``cluster``.
    numbers
        Numbers of the leaves.
    labels : tuple of (str, str)
        English and Chinese label of each leaf.
    merges : ndarray of shape (n_leaves - 1, 4)
        As `scipy.cluster.hierarchy.linkage` writes them, heights are distances from 0 to 1.
    """

    kind: str
    numbers: tuple[int, ...]
    labels: tuple[tuple[str, str], ...]
    merges: NDArray[np.float64]

    def cut(self, n_groups: int) -> dict[int, int]:
        """Cut the tree into groups.

        Parameters
        ----------
        n_groups
            How many.

        Returns
        -------
        dict of int to int
            Group of each topic or cluster, by number: the smallest number in it.

        Raises
        ------
        InputError
            If there are not so many leaves.
        """
        n = len(self.numbers)
        if isinstance(n_groups, bool) or not isinstance(n_groups, (int, np.integer)) or not 1 <= n_groups <= n:
            shown = shown_in_line(n_groups, max_length=40)
            raise InputError(f"{shown} groups of {n} {self.kind}s", fix=f"give a whole number from 1 to {n}")
        found = np.arange(n) if n_groups == n else fcluster(self.merges, n_groups, criterion="maxclust")
        smallest = {group: min(np.array(self.numbers)[found == group].tolist()) for group in {*found.tolist()}}
        return {number: smallest[group] for number, group in zip(self.numbers, found.tolist(), strict=True)}

    @property
    def table(self) -> pd.DataFrame:
        """The tree as a table: each join with the numbers on both sides and their distance, nearest first."""
        import pandas as pd

        members = [[number] for number in self.numbers]
        rows = []
        for one, other, distance, _ in self.merges.tolist():
            sides = members[int(one)], members[int(other)]
            rows.append((*("; ".join(map(str, sorted(side))) for side in sides), round(distance, 4)))
            members.append([*sides[0], *sides[1]])
        return pd.DataFrame(rows, columns=["one", "other", "distance"])

    def __str__(self) -> str:
        """Draw the tree in characters: a join by its distance, and what it joins further to the right."""
        n = len(self.numbers)
        lines, waiting = [], [(n + len(self.merges) - 1, 0)]
        while waiting:
            node, depth = waiting.pop()
            if node < n:
                en, zh = self.labels[node]
                lines.append(f"{'│ ' * depth}{self.numbers[node]}  {en} | {zh}")
                continue
            one, other, distance, _ = self.merges[node - n].tolist()
            lines.append(f"{'│ ' * depth}┬ {distance:.2f}")
            waiting += [(int(other), depth + 1), (int(one), depth + 1)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<hierarchy of {len(self.numbers)} {self.kind}s>\n{self}"


def hierarchy(state: StudyState, kind: str = "topic") -> Hierarchy:
    """Build the tree of topics or of clusters.

    Parameters
    ----------
    state
        A fitted study.
    kind
        ``"topic"``: average linkage of the Jensen-Shannon distances of their words; or
        ``"cluster"``: of half the cosine distances of their mean vectors.

    Returns
    -------
    Hierarchy
        Printed, it draws itself.

    Raises
    ------
    InputError
        If there is no such kind, or nothing to join.
    """
    if kind not in KINDS:
        raise InputError(f"no kind '{shown_in_line(kind, max_length=40)}'", fix=f"take one of {', '.join(KINDS)}")
    numbers = state.topic_ids if kind == "topic" else cluster_ids(state)
    if len(numbers) < 2:  # noqa: PLR2004 - a join has two sides
        raise InputError(f"{len(numbers)} {kind}s make no tree", fix="fit with more, or take the other kind")
    if kind == "topic":
        distances = pdist(state.topic_model.topic_term_, lambda one, other: jensenshannon(one, other, base=2))
        table = topics(state)
    else:
        centers = np.array([state.vectors[state.cluster_labels == number].mean(axis=0) for number in numbers])
        distances = pdist(centers, "cosine") / 2
        table = clusters(state).drop_duplicates("cluster")
    names = table.set_index(kind)[["label_en", "label_zh"]].to_dict("index")
    labels = tuple((str(names[number]["label_en"]), str(names[number]["label_zh"])) for number in numbers)
    merges = linkage(np.clip(distances, 0, 1), "average")
    return Hierarchy(kind, tuple(map(int, numbers)), labels, merges)

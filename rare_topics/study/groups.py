"""Which articles a user means: a corpus, ids, a mask, conditions, a topic or a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rare_topics.cluster import UNPLACED
from rare_topics.corpus import Corpus
from rare_topics.corpus.selection import filtered_rows, selected_rows
from rare_topics.errors import InputError, list_names, shown_in_line
from rare_topics.study.state import StudyState
from rare_topics.study.tables import cluster_ids

# See `group_rows`.
Group: TypeAlias = Any
KINDS = ("topic", "cluster")
CONDITIONS = ("lang", "source", "label", "tag")


def topic_column(state: StudyState, topic: int) -> int:
    """Return the column of a topic in the mixtures.

    Raises
    ------
    InputError
        If there is no topic of that number.
    """
    if isinstance(topic, bool) or topic not in state.topic_ids:
        raise InputError(
            f"no topic {shown_in_line(topic, max_length=40)}", fix=f"take one of {_numbers(state.topic_ids)}"
        )
    return state.topic_ids.index(topic)


def check_cluster(state: StudyState, cluster: int, *, or_unplaced: bool = False) -> int:
    """Return the number of a cluster.

    Raises
    ------
    InputError
        If there is no cluster of that number.
    """
    known = [*([UNPLACED] if or_unplaced else []), *cluster_ids(state)]
    if isinstance(cluster, bool) or cluster not in known:
        raise InputError(f"no cluster {shown_in_line(cluster, max_length=40)}", fix=f"take one of {_numbers(known)}")
    return int(cluster)


def group_rows(state: StudyState, group: Group) -> NDArray[np.int64]:
    """Return the rows of a group of articles.

    Parameters
    ----------
    state
        A fitted study.
    group
        ``("cluster", 3)`` or ``("topic", 2)`` (articles of which it is the largest), conditions as
        ``{"source": "Xinhua", "since": "2025-10-01"}`` (those of `Corpus.filter`), a corpus, ids,
        positions, a slice or a mask.

    Returns
    -------
    ndarray of int
        Sorted.

    Raises
    ------
    InputError
        If it is none of these, or no article is in it.
    """
    rows = np.unique(np.array(_rows(state, group), dtype=np.int64))
    if not len(rows):
        raise InputError("no article is in the group", fix="take wider conditions")
    return rows


def _rows(state: StudyState, group: Group) -> Any:  # noqa: ANN401 - rows of any kind
    ids = {article.article_id: row for row, article in enumerate(state.corpus)}
    if isinstance(group, tuple) and len(group) == 2 and isinstance(group[0], str) and group[0] not in ids:  # noqa: PLR2004
        kind, number = group
        if kind not in KINDS:
            raise InputError(f"no kind of group '{shown_in_line(kind, max_length=40)}'", fix="take topic or cluster")
        if kind == "topic":
            return np.flatnonzero(state.doc_topic.argmax(axis=1) == topic_column(state, number))
        return np.flatnonzero(state.cluster_labels == check_cluster(state, number, or_unplaced=True))
    if isinstance(group, Mapping):
        return _filtered(state, group)
    if isinstance(group, Corpus):
        return selected_rows([article.article_id for article in group], ids=ids)
    if isinstance(group, str):
        return selected_rows([group], ids=ids)
    return selected_rows(group, ids=ids)


def _filtered(state: StudyState, conditions: Mapping[str, Any]) -> list[int]:
    if unknown := sorted({*conditions} - {*CONDITIONS, "since", "until"}):
        known = ", ".join((*CONDITIONS, "since", "until"))
        raise InputError(f"no condition '{shown_in_line(unknown[0], max_length=40)}'", fix=f"take one of {known}")
    wanted = {name: conditions[name] for name in CONDITIONS if name in conditions}
    days = {name: conditions.get(name) for name in ("since", "until")}
    return filtered_rows(state.corpus.articles, wanted, **days)


def _numbers(numbers: list[int]) -> str:
    return list_names(numbers) if numbers else "none: there is none"

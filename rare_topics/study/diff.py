"""Two states of a study side by side: what adding articles has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rare_topics.cluster import UNPLACED
from rare_topics.corpus import Corpus
from rare_topics.study.baseline import text_digest
from rare_topics.study.changes import SHARE_COLUMNS, Diff, Groups, group_changes
from rare_topics.study.state import StudyState
from rare_topics.study.stories import repeats
from rare_topics.study.tables import clusters, topics


def diff(before: StudyState, after: StudyState, *, arrivals: Corpus) -> Diff:
    """Compare a study with what became of it when articles were added.

    Parameters
    ----------
    before, after
        The two states; a number stands for the same topic or cluster in both.
    arrivals
        The articles that were added, known ones included.
    """
    topic_rows = list(_group_rows(before, after, "topic"))
    for column, state in zip(SHARE_COLUMNS, (before, after), strict=True):
        shares = dict(zip(topics(state)["topic"], topics(state)["share"], strict=True))
        for row in topic_rows:
            row[column] = float(shares.get(row["number"], 0.0))
    rows = {
        "articles": list(_article_rows(before, after, arrivals)),
        "topics": topic_rows,
        "clusters": list(_group_rows(before, after, "cluster")),
    }
    return Diff(rows=rows, refitted=after.is_refitted)


def _article_rows(before: StudyState, after: StudyState, arrivals: Corpus) -> Iterator[dict[str, Any]]:
    old_texts = {article.article_id: text_digest(article) for article in before.corpus}
    new_texts = {article.article_id: text_digest(article) for article in after.corpus}
    first_tellings = dict(zip(repeats(after)["article_id"], repeats(after)["first_id"], strict=True))
    cluster_of, topic_of = (_group_of_each(_groups(after, kind)) for kind in ("cluster", "topic"))
    for article in arrivals:
        name = article.article_id
        change = "new"
        if name in old_texts:
            change = "known" if old_texts[name] == new_texts[name] else "updated"
        yield {
            "article_id": name,
            "change": change,
            "repeats": first_tellings.get(name, ""),
            "cluster": cluster_of.get(name, UNPLACED),
            "topic": topic_of.get(name, UNPLACED),
            "title": article.title,
        }


def _group_rows(before: StudyState, after: StudyState, kind: str) -> Iterator[dict[str, Any]]:
    old, new = _groups(before, kind), _groups(after, kind)
    labels = {**_labels(before, kind), **_labels(after, kind)}
    for change in group_changes(old, new):
        zh, en = labels.get(change.group, ("", ""))
        yield {
            "number": change.group,
            "change": change.change,
            "other": change.other,
            "label_zh": zh,
            "label_en": en,
            "n_before": len(old.get(change.group, ())),
            "n_articles": len(new.get(change.group, ())),
            "joined": "; ".join(change.joined),
            "left": "; ".join(change.left),
        }


def _groups(state: StudyState, kind: str) -> Groups:
    """Return the articles of each cluster, or of each topic those of which it is the largest."""
    numbers = state.cluster_labels.tolist()
    if kind == "topic":
        numbers = [state.topic_ids[column] for column in state.doc_topic.argmax(axis=1)]
    groups: dict[int, set[str]] = {}
    for article, number in zip(state.corpus, numbers, strict=True):
        if number != UNPLACED:
            groups.setdefault(number, set()).add(article.article_id)
    return {number: frozenset(members) for number, members in groups.items()}


def _group_of_each(groups: Groups) -> dict[str, int]:
    return {article: number for number, members in groups.items() for article in members}


def _labels(state: StudyState, kind: str) -> dict[int, tuple[str, str]]:
    table = topics(state) if kind == "topic" else clusters(state)
    return dict(zip(table[kind], zip(table["label_zh"], table["label_en"], strict=True), strict=True))

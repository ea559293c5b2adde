"""The first state of a study: what it was before articles were added, and before its topics were edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.study.baseline import Baseline, least_coverage, text_digest
from rare_topics.study.state import StudyState, computed_once
from rare_topics.study.tables import clusters, topics

if TYPE_CHECKING:
    import pandas as pd


@computed_once
def baseline_of(state: StudyState) -> Baseline:
    """Return the first state of a study; that of an updated one is its ancestor's."""
    if state.baseline is not None:
        return state.baseline
    return Baseline(
        texts={article.article_id: text_digest(article) for article in state.corpus},
        doc_topic=state.doc_topic,
        cluster_labels=state.cluster_labels,
        topic_names=_labels_by_number(topics(state), "topic"),
        cluster_names=_labels_by_number(clusters(state), "cluster"),
        least_coverage=least_coverage(state.counts),
    )


def _labels_by_number(table: pd.DataFrame, number: str) -> dict[str, list[str]]:
    rows = zip(table[number], table["label_zh"], table["label_en"], strict=True)
    return {str(name): [str(zh), str(en)] for name, zh, en in rows if name >= 0}

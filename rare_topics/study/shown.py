"""How a study looks below a cell of a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.runtime.html import count_noun, html_summary

if TYPE_CHECKING:
    from rare_topics.study.results import Results


def summary(study: Results) -> str:
    """Count articles, topics and clusters."""
    if "corpus" not in vars(study):
        return "not fitted"
    counts = {"article": len(study.corpus), "topic": len(study.topics), "cluster": study.clusterer_.n_clusters_}
    return ", ".join(count_noun(count, noun) for noun, count in counts.items())


def as_html(study: Results) -> str:
    """Write counts, warnings, topics and clusters as HTML."""
    if "corpus" not in vars(study):
        return html_summary("Study", [summary(study)])
    clusters = study.clusters.groupby(["cluster", "label_zh", "label_en"]).size().reset_index(name="n_articles")
    topics = study.topics[["topic", "label_zh", "label_en", "share", "stability", "n_articles"]]
    return html_summary("Study", [summary(study), *study.warnings], topics, clusters)

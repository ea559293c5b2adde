"""A study as plain values: what the page knows."""

from __future__ import annotations

from collections import defaultdict
from math import isnan
from typing import TYPE_CHECKING, Any

from rare_topics.figures.corpus_topics import articles_by_month
from rare_topics.report import claim_data as numbers
from rare_topics.report import theme_data as narratives
from rare_topics.report.anchors import Places
from rare_topics.report.rows import records
from rare_topics.report.search import search_index
from rare_topics.study.manifest import manifest

if TYPE_CHECKING:
    from rare_topics.corpus.records import Article
    from rare_topics.study import Study

MOST_SIMILAR = 5
# Entries of the manifest that differ between two equal runs, or that the page shows elsewhere.
NOT_SHOWN = frozenset({"seconds", "near_duplicates"})


def page_data(study: Study) -> dict[str, Any]:
    """Collect what the page shows.

    Parameters
    ----------
    study
        A fitted study.

    Returns
    -------
    dict
        Ready for JSON, the same for equal studies; offsets count UTF-16 units.
    """
    places = Places(study.corpus)
    told = {name: value for name, value in manifest(study).items() if name not in NOT_SHOWN}
    return {
        "articles": articles(study),
        "topics": records(study.topics),
        "topic_terms": topic_terms(study),
        "clusters": clusters(study),
        "months": list(dict.fromkeys(month for month in articles_by_month.table(study)["month"] if month)),
        "themes": narratives.themes(study),
        "evidence": narratives.evidence(study, places),
        "suppliers": narratives.suppliers(study, places),
        "claims": numbers.claims(study, places),
        "disagreements": numbers.disagreements(study),
        "unexplained": study.themes.n_unexplained,
        "search": search_index(study),
        "manifest": {**told, "scores": {name: _known(score) for name, score in told["scores"].items()}},
    }


def articles(study: Study) -> list[dict[str, Any]]:
    """List the articles with their text, place, cluster, topics and likest others."""
    topics: dict[str, list[list[float]]] = defaultdict(list)
    for article_id, topic, weight in study.article_topics.to_numpy().tolist():
        topics[article_id].append([topic, weight])
    similar = _similar(study)
    places = zip(study.corpus, study.map.itertuples(), study.clusters.itertuples(), strict=True)
    return [
        {
            **_printed(article),
            "x": place.x,
            "y": place.y,
            "cluster": cluster.cluster,
            "confidence": cluster.confidence,
            "topics": topics[article.article_id],
            "similar": similar[article.article_id],
        }
        for article, place, cluster in places
    ]


def clusters(study: Study) -> list[dict[str, Any]]:
    """List the clusters, the unplaced last, with labels and number of articles."""
    sizes = study.clusters.groupby(["cluster", "label_zh", "label_en"]).size().rename("n_articles").reset_index()
    return sorted(records(sizes), key=lambda row: row["cluster"] % (len(study.corpus) + 1))


def topic_terms(study: Study) -> list[dict[str, Any]]:
    """List each topic's terms in both languages with their probability and its interval."""
    columns = ["topic", "term_zh", "term_en", "probability", "low", "high"]
    return records(study.topic_terms[columns]) if len(study.topic_terms) else []


def _known(score: float | None) -> float | None:
    return None if score is None or isnan(score) else score


def _printed(article: Article) -> dict[str, Any]:
    return {
        "id": article.article_id,
        "title": article.title,
        "body": article.body,
        "source": article.source,
        "date": f"{article.published:%Y-%m-%d}" if article.published else "",
        "title_lang": article.title_lang,
        "lang": article.body_lang,
        "cut": article.truncated,
        "pages": list(article.pages),
        "tags": list(article.tags),
    }


def _similar(study: Study) -> dict[str, list[list[Any]]]:
    """Name each article's likest others, as the table of pairs has them."""
    nearest: dict[str, list[list[Any]]] = defaultdict(list)
    pairs = study.similar.sort_values("similarity", ascending=False, kind="stable")
    for pair in pairs[["article_id", "other_id", "similarity"]].to_numpy().tolist():
        for one, other, similarity in (pair, (pair[1], pair[0], pair[2])):
            if len(nearest[one]) < MOST_SIMILAR and all(other != known for known, _ in nearest[one]):
                nearest[one].append([other, similarity])
    return nearest

"""Themes, their evidence and the suppliers, with the places where the page marks them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rare_topics.report.anchors import Places

if TYPE_CHECKING:
    from rare_topics.study import Study


def themes(study: Study) -> list[dict[str, Any]]:
    """List the themes: names, question, strength and confidence in each article, and months.

    Returns
    -------
    list of dict
        ``articles`` holds strength and confidence by article, without those where the theme is
        absent; ``months`` the share of articles with its interval, None where there is no article.
    """
    table = study.themes.table
    strengths: dict[str, dict[str, list[float]]] = defaultdict(dict)
    for article_id, theme, strength, confidence in table[table["strength"] > 0].to_numpy().tolist():
        strengths[theme][article_id] = [strength, round(confidence, 3)]
    over_time = study.themes.over_time
    months = {
        name: rows.drop(columns="theme").astype(object).where(rows.drop(columns="theme").notna(), None)
        for name, rows in over_time.groupby("theme")
    }
    return [
        {
            "id": name,
            "title_zh": theme.title_zh,
            "title_en": theme.title_en,
            "question_zh": theme.question_zh,
            "question_en": theme.question,
            "articles": strengths[name],
            "months": months[name].to_dict("records") if name in months else [],
        }
        for name, theme in study.themes.items()
        if strengths[name]
    ]


def evidence(study: Study, places: Places) -> dict[str, list[dict[str, Any]]]:
    """List the passages of each article that speak of themes, each once, with the score of every theme."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    table = study.themes.evidence[["article_id", "passage_id", "theme", "score"]]
    for article_id, passage_id, theme, score in table.to_numpy().tolist():
        passage = found[article_id].setdefault(passage_id, {**places.of_passage(passage_id), "themes": {}})
        passage["themes"][theme] = round(score, 3)
    return {article_id: list(passages.values()) for article_id, passages in found.items()}


def suppliers(study: Study, places: Places) -> list[dict[str, Any]]:
    """List which country has which role in which article, and the passage that says so."""
    rows = study.themes.suppliers[["country", "role", "article_id", "passage_id"]].to_numpy().tolist()
    return [
        {**country_names(study, country), "role": role, "article": article_id, **places.of_passage(passage_id)}
        for country, role, article_id, passage_id in rows
    ]


def country_names(study: Study, country: str) -> dict[str, str]:
    """Name a country in both languages."""
    zh, en = study.themes.labels(country)
    return {"country": country, "country_zh": zh, "country_en": en}


def countries_by_articles(rows: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """Count the articles that give each country a role, most first."""
    articles: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        articles[row["country"]].add(row["article"])
    return sorted(((name, len(found)) for name, found in articles.items()), key=lambda item: (-item[1], item[0]))

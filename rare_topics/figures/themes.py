"""Figures of the themes: strength by article and month, aspects, controls by date, suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rare_topics.figures.figure import article_table, by_cells, by_panels, by_rows, figure, thin_evenly
from rare_topics.plots.suppliers import draw_supplier_articles, draw_supplier_stages
from rare_topics.plots.themes import (
    draw_control_timeline,
    draw_theme_aspects,
    draw_theme_strength,
    draw_theme_topics,
    draw_themes_by_month,
)
from rare_topics.themes.strength import STRONG

if TYPE_CHECKING:
    from rare_topics.corpus.languages import Label
    from rare_topics.study import Study
    from rare_topics.themes import ThemeResult

# What fits on one page (chosen by hand).
MOST_THEMES = 24
MOST_THEMES_BY_MONTH = 8
MOST_COUNTRIES = 20
# Share of a topic's passages from which a theme is shown beside it (chosen by hand).
LEAST_TOPIC_SHARE = 0.05


@figure(
    question="What is each article about?",
    caption="Strength of each theme in each article, articles by date: 1 in passing, 2 a real part, 3 what the "
    "article is about. Themes that are a real part of no article are left out.",
    draw=draw_theme_strength,
    size=by_cells(column="theme", each=0.5),
)
def theme_strength(study: Study) -> pd.DataFrame:
    """List the strength of every theme that is a real part of some article, articles by date.

    Returns
    -------
    DataFrame
        article_id, published (``YYYY-MM-DD``), title, theme, title_zh, title_en, strength (0 to 3),
        confidence, n_corpus; at most 24 themes, those in most articles, and 60 articles, evenly
        over time.
    """
    table = study.themes.table
    n_strong = table[table["strength"] >= STRONG].groupby("theme").size()
    chosen = sorted(n_strong.index, key=lambda name: (-n_strong[name], name))[:MOST_THEMES]
    return _add_articles(study, _add_titles(study, table[table["theme"].isin(chosen)]))


@figure(
    question="Which themes come and go?",
    caption="Share of a month's articles of which a theme is a real part, the eight widest themes. Lines are 95 % "
    "bootstrap intervals over the articles of that month alone; a hollow dot stands for one or two articles, too "
    "few for an interval; an empty month stays empty.",
    draw=draw_themes_by_month,
    size=by_panels(9.5, column="theme", columns=2, each=1.55),
)
def themes_by_month(study: Study) -> pd.DataFrame:
    """List for each theme the share of a month's articles that it is a real part of.

    Returns
    -------
    DataFrame
        theme, title_zh, title_en, month (``YYYY-MM``, empty months too), n_articles, n_strong,
        share, low, high; the eight themes of most articles.
    """
    table = study.themes.over_time
    n_strong = table.groupby("theme")["n_strong"].sum()
    n_strong = n_strong[n_strong > 0]
    chosen = sorted(n_strong.index, key=lambda name: (-n_strong[name], name))[:MOST_THEMES_BY_MONTH]
    return _add_titles(study, table[table["theme"].isin(chosen)])


@figure(
    question="How do themes and discovered topics relate?",
    caption="Share of each topic's passages that a theme explains. A topic that no theme explains is news to the "
    "themes; a theme spread over all topics is no topic of its own.",
    draw=draw_theme_topics,
    size=by_cells(column="topic", row="theme", each=1.0),
)
def theme_topics(study: Study) -> pd.DataFrame:
    """List which share of each topic's passages a theme explains.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, theme, title_zh, title_en, share (0 to 1), n_passages; the
        themes that explain a twentieth of some topic.
    """
    table = study.themes.topic_coverage
    largest = table.groupby("theme")["share"].max()
    chosen = largest[largest >= LEAST_TOPIC_SHARE].index
    table = _add_titles(study, table[table["theme"].isin(chosen)])
    labels = study.topics[["topic", "label_zh", "label_en"]]
    return labels.merge(table, on="topic").assign(n_passages=len(study.corpus.passages))


@figure(
    question="In what do the United States depend on China?",
    caption="Passages of each article by the side of the dependence they speak of; one may speak of several.",
    draw=draw_theme_aspects,
    size=by_cells(column="aspect", each=0.9),
)
def dependence_aspects(study: Study) -> pd.DataFrame:
    """List how many passages of each article speak of each aspect of the dependence; see `_count_aspects`."""
    return _count_aspects(study, "dependence")


@figure(
    question="What did the export controls do, and when?",
    caption="Acts of export control by the date of the act, not of the article, each with its words. Acts without a "
    "date, and what is only demanded or threatened, stand apart; a ring is the date of publication.",
    draw=draw_control_timeline,
    size=by_rows(14, each=0.28, margin=2.8),
)
def control_timeline(study: Study) -> pd.DataFrame:
    """List the acts of export control by the date of the act.

    Returns
    -------
    DataFrame
        part (``dated``, ``undated``, ``asked``), date, published (``YYYY-MM-DD``), direction, actor,
        object, quote, confidence, article_id, n_corpus; within a part by date.
    """
    events = study.themes.events
    events = events[(events["direction"] != "standing") & (events["published"] != "")]
    is_asked = events["direction"].isin(["demanded", "threatened"])
    part = np.where(is_asked, "asked", np.where(events["date"] == "", "undated", "dated"))
    order = {name: number for number, name in enumerate(("dated", "undated", "asked"))}
    table = events.assign(part=part, n_corpus=len(study.corpus), rank=[order[name] for name in part])
    table = table.sort_values(["rank", "date", "published", "article_id"], kind="stable")
    columns = [
        "part",
        "date",
        "published",
        "direction",
        "actor",
        "object",
        "quote",
        "confidence",
        "article_id",
        "n_corpus",
    ]
    return thin_evenly(table[columns].reset_index(drop=True))


@figure(
    question="Who could supply instead, and who is only on the way?",
    caption="Countries by article with their roles. Shade is the strength of the country as a supplier; a letter "
    "without shade is a country that buys, lets through or signs, but does not supply.",
    draw=draw_supplier_articles,
    size=by_cells(column="country", each=0.55),
)
def supplier_articles(study: Study) -> pd.DataFrame:
    """List who is what in which article: countries that could supply, and those on the way.

    Returns
    -------
    DataFrame
        country, country_zh, country_en, article_id, published, title, roles (joined by ``; ``),
        strength (0 to 3, of the country as a supplier), n_corpus.
    """
    suppliers = _with_role_and_status(study.themes.suppliers)
    roles = suppliers.groupby(["country", "article_id"], sort=False)["role"].agg("; ".join).rename("roles")
    table = roles.reset_index().merge(_supplier_strengths(study), how="left").fillna({"strength": 0})
    table = table.assign(strength=table["strength"].astype(int))
    return _add_articles(study, _rank_countries(study, table))


@figure(
    question="Ore or processing: at which stage of the chain does each country stand?",
    caption="Number of articles that see a country at a stage (reserve, mine, separation, magnet) or in a role.",
    draw=draw_supplier_stages,
    size=by_cells(column="stage", row="country", left=2.6, each=0.85),
)
def supplier_stages(study: Study) -> pd.DataFrame:
    """Count the articles that see a country in each role or at each stage of the chain.

    Returns
    -------
    DataFrame
        country, country_zh, country_en, stage, n_articles, n_corpus; for labels of stages see
        `_with_labels`.
    """
    suppliers = _with_role_and_status(study.themes.suppliers)
    stages = (
        suppliers[suppliers["status"] != "denied"]
        .assign(stage=lambda table: table["stages"].str.split("; "))
        .explode("stage")
    )
    stages = stages.loc[stages["stage"] != "", ["country", "article_id", "stage"]]
    roles = suppliers.rename(columns={"role": "stage"})[["country", "article_id", "stage"]]
    sightings = pd.concat([stages, roles]).drop_duplicates()
    table = sightings.groupby(["country", "stage"]).size().rename("n_articles").reset_index()
    table = _rank_countries(study, table).assign(n_corpus=len(study.corpus))
    return _with_labels(table, study.themes.with_role("suppliers"))


@figure(
    question="What lies on the table between Washington and Beijing?",
    caption="Passages of each article that lay a chip on the table, by chip.",
    draw=draw_theme_aspects,
    size=by_cells(column="aspect", each=0.9),
)
def bargaining_chips(study: Study) -> pd.DataFrame:
    """List how many passages of each article lay each chip on the table; see `_count_aspects`."""
    return _count_aspects(study, "talks")


def _with_role_and_status(suppliers: pd.DataFrame) -> pd.DataFrame:
    """Return suppliers with one word for role and status: a supplier that runs is none that is planned."""
    is_supplier = suppliers["role"] == "supplier"
    roles = suppliers["role"].where(~is_supplier, suppliers["role"] + " " + suppliers["status"])
    return suppliers.assign(role=roles).drop_duplicates(["country", "article_id", "role"])


def _supplier_strengths(study: Study) -> pd.DataFrame:
    """Return the largest strength of each country as a supplier in each article: article_id, country, strength."""
    themes = study.themes.with_role("suppliers")
    table = _rows_of(themes, study.themes.table)
    country_of = {theme.name: theme.country for theme in themes}
    table = table.assign(country=np.array([country_of[name] for name in table["theme"]], dtype=object))
    return table.groupby(["article_id", "country"], sort=False)["strength"].max().reset_index()


def _rank_countries(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Add names of countries, order by strength as a supplier, then number of articles, and leave out the last."""
    n_articles = study.themes.suppliers.groupby("country")["article_id"].nunique()
    strength = _supplier_strengths(study).groupby("country")["strength"].sum()
    ranked = sorted(n_articles.index, key=lambda name: (-strength.get(name, 0), -n_articles[name], name))
    rank = {name: number for number, name in enumerate(ranked[:MOST_COUNTRIES])}
    table = table[table["country"].isin(rank)]
    table = table.sort_values("country", key=lambda column: column.map(rank), kind="stable")
    labels = [study.themes.country_label(name) for name in table["country"]]
    return table.assign(country_zh=[label.zh for label in labels], country_en=[label.en for label in labels])


def _count_aspects(study: Study, role: str) -> pd.DataFrame:
    """Count passages by article and aspect of the themes of a role.

    Returns
    -------
    DataFrame
        article_id, published, title, aspect, n_passages, n_corpus; articles by date. For labels
        see `_with_labels`.
    """
    themes = study.themes.with_role(role)
    aspects = _rows_of(themes, study.themes.aspects)
    counts = aspects.groupby(["article_id", "aspect"], sort=False)["passage_id"].nunique().rename("n_passages")
    return _with_labels(_add_articles(study, counts.reset_index()), themes)


def _rows_of(themes: Sequence[ThemeResult], table: pd.DataFrame) -> pd.DataFrame:
    return table[table["theme"].isin([theme.name for theme in themes])]


def _with_labels(table: pd.DataFrame, themes: Sequence[ThemeResult]) -> pd.DataFrame:
    """Add what the drawing of aspects needs beside the numbers, as ``table.attrs``.

    Returns
    -------
    DataFrame
        ``attrs["labels"]`` holds the labels of the aspects of all themes, in the order of columns;
        ``attrs["title"]`` the figure's title of the first theme that has aspects.
    """
    labels: dict[str, Label] = {}
    for theme in themes:
        for aspect, label in theme.aspect_labels.items():
            labels.setdefault(aspect, label)
    titles = [theme.figure_title for theme in themes if theme.aspect_labels]
    table.attrs.update(labels=labels, title=titles[0] if titles else None)
    return table


def _add_titles(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Add title_zh and title_en of the themes."""
    titles = {name: study.themes[name].title for name in table["theme"].unique()}
    return table.assign(
        title_zh=[titles[name].zh for name in table["theme"]],
        title_en=[titles[name].en for name in table["theme"]],
    )


def _add_articles(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Add published, title and n_corpus, order by date, and thin to 60 articles."""
    articles = article_table(study)[["article_id", "published", "title"]]
    articles = thin_evenly(articles[articles["article_id"].isin(table["article_id"])])
    return articles.merge(table, on="article_id").assign(n_corpus=len(study.corpus))

"""What the figures of the themes show, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from rare_topics.study import Study

MOST_ARTICLES = 60
MOST_THEMES = 24
MOST_COUNTRIES = 20
REAL_PART = 2


def theme_strength_table(study: Study) -> pd.DataFrame:
    """List the strength of every theme that is a real part of some article, articles by date.

    Returns
    -------
    DataFrame
        article_id, published (``YYYY-MM-DD``), title, theme, title_zh, title_en, strength (0 to 3),
        confidence, n_corpus; at most 24 themes, those in most articles, and 60 articles, evenly
        over time.
    """
    table = study.themes.table
    strong = table[table["strength"] >= REAL_PART].groupby("theme").size()
    kept = sorted(strong.index, key=lambda name: (-strong[name], name))[:MOST_THEMES]
    table = table[table["theme"].isin(kept)]
    return _with_articles(study, _named(study, table))


def themes_by_month_table(study: Study) -> pd.DataFrame:
    """List for each theme the share of a month's articles that it is a real part of.

    Returns
    -------
    DataFrame
        theme, title_zh, title_en, month (``YYYY-MM``, empty months too), n_articles, n_strong,
        share, low, high; the eight themes of most articles.
    """
    table = study.themes.over_time
    total = table.groupby("theme")["n_strong"].sum()
    kept = sorted(total[total > 0].index, key=lambda name: (-total[name], name))[:8]
    return _named(study, table[table["theme"].isin(kept)])


def theme_topics_table(study: Study) -> pd.DataFrame:
    """List which share of each topic's passages a theme explains.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, theme, title_zh, title_en, share (0 to 1), n_passages; the
        themes that explain a twentieth of some topic.
    """
    table = study.themes.topics
    most = table.groupby("theme")["share"].max()
    table = _named(study, table[table["theme"].isin(most[most >= 0.05].index)])  # noqa: PLR2004
    labels = study.topics[["topic", "label_zh", "label_en"]]
    return labels.merge(table, on="topic").assign(n_passages=len(study.corpus.passages))


def dependence_aspects_table(study: Study) -> pd.DataFrame:
    """List how many passages of each article speak of each side of the dependence; see `_aspects`."""
    return _aspects(study, "us_dependence")


def bargaining_chips_table(study: Study) -> pd.DataFrame:
    """List how many passages of each article lay each chip on the table; see `_aspects`."""
    return _aspects(study, "trade_talks")


def control_timeline_table(study: Study) -> pd.DataFrame:
    """List the clearest passage on Chinese controls of every article they are a real part of.

    Returns
    -------
    DataFrame
        article_id, published (``YYYY-MM-DD``), aspect, quote, n_passages (of the article that speak
        of the controls), n_corpus; by date.
    """
    columns = ["article_id", "published", "aspect", "quote", "n_passages", "n_corpus"]
    table = study.themes.table
    strong = table[(table["theme"] == "chinese_controls") & (table["strength"] >= REAL_PART)]["article_id"]
    told = study.themes.aspects
    told = told[(told["theme"] == "chinese_controls") & told["article_id"].isin(strong)]
    evidence = study.themes.evidence
    evidence = evidence[evidence["theme"] == "chinese_controls"]
    counts = evidence.groupby("article_id").size()
    told = told.merge(evidence[["passage_id", "score"]], on="passage_id")
    # What is quoted of an article is its clearest passage, and of several its first in the body.
    told = told.assign(titled=told["passage_id"].str.endswith(":00"))
    told = told.sort_values(["titled", "score"], ascending=[True, False], kind="stable").drop_duplicates("article_id")
    dates = {a.article_id: f"{a.published:%Y-%m-%d}" for a in study.corpus if a.published}
    told = told.assign(published=told["article_id"].map(dates), n_passages=told["article_id"].map(counts))
    told = told.dropna(subset="published").sort_values(["published", "article_id"])
    return _thinned(told.assign(n_corpus=len(study.corpus))[columns])


def supplier_articles_table(study: Study) -> pd.DataFrame:
    """List who is what in which article: countries that could supply, and those on the way.

    Returns
    -------
    DataFrame
        country, country_zh, country_en, article_id, published, title, roles (joined by ``; ``),
        strength (0 to 3, of the country as a supplier), n_corpus.
    """
    rows = study.themes.suppliers
    strength = study.themes.table.assign(country=lambda t: t["theme"].str.removeprefix("alt_supplier_"))
    grouped = rows.groupby(["country", "article_id"], sort=False)["role"].agg("; ".join).rename("roles").reset_index()
    table = grouped.merge(strength[["article_id", "country", "strength"]], how="left").fillna({"strength": 0})
    table["strength"] = table["strength"].astype(int)
    return _with_articles(study, _countries(study, table))


def supplier_stages_table(study: Study) -> pd.DataFrame:
    """Count the articles that see a country in each role or at each stage of the chain.

    Returns
    -------
    DataFrame
        country, country_zh, country_en, stage, n_articles, n_corpus.
    """
    rows = study.themes.suppliers
    stages = rows.assign(stage=rows["stages"].str.split("; ")).explode("stage")[["country", "article_id", "stage"]]
    roles = rows.rename(columns={"role": "stage"})[["country", "article_id", "stage"]]
    both = pd.concat([stages[stages["stage"] != ""], roles]).drop_duplicates()
    counts = both.groupby(["country", "stage"]).size().rename("n_articles").reset_index()
    return _countries(study, counts).assign(n_corpus=len(study.corpus))


def _countries(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Name the countries; those that most articles see as suppliers come first, and the rare ones are left out."""
    rows = study.themes.suppliers
    size = rows.groupby("country")["article_id"].nunique()
    strength = study.themes.table
    strength = strength[strength["theme"].str.startswith("alt_supplier_")]
    weight = strength.groupby("theme")["strength"].sum().rename(lambda name: name.removeprefix("alt_supplier_"))
    order = sorted(size.index, key=lambda name: (-weight.get(name, 0), -size[name], name))[:MOST_COUNTRIES]
    table = table[table["country"].isin(order)]
    rank = table["country"].map({name: number for number, name in enumerate(order)})
    table = table.assign(rank=rank).sort_values("rank", kind="stable").drop(columns="rank")
    names = [study.themes.labels(name) for name in table["country"]]
    return table.assign(country_zh=[zh for zh, _ in names], country_en=[en for _, en in names])


def _aspects(study: Study, theme: str) -> pd.DataFrame:
    """Count passages: article_id, published, title, aspect, n_passages, n_corpus; articles by date."""
    told = study.themes.aspects
    told = told[told["theme"] == theme]
    counts = told.groupby(["article_id", "aspect"], sort=False)["passage_id"].nunique().rename("n_passages")
    return _with_articles(study, counts.reset_index())


def _named(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    titles = {name: study.themes[name] for name in dict.fromkeys(table["theme"])}
    return table.assign(
        title_zh=[titles[name].title_zh for name in table["theme"]],
        title_en=[titles[name].title_en for name in table["theme"]],
    )


def _with_articles(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    rows = [(a.article_id, f"{a.published:%Y-%m-%d}" if a.published else "", a.title) for a in study.corpus]
    articles = pd.DataFrame(rows, columns=["article_id", "published", "title"])
    articles = _thinned(articles[articles["article_id"].isin(table["article_id"])])
    return articles.merge(table, on="article_id").assign(n_corpus=len(study.corpus))


def _thinned(articles: pd.DataFrame) -> pd.DataFrame:
    """Keep at most 60 rows, evenly."""
    if len(articles) <= MOST_ARTICLES:
        return articles
    return articles.iloc[np.linspace(0, len(articles) - 1, MOST_ARTICLES).round().astype(int)]

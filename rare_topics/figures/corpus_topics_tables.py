"""What each figure shows, as a table: the numbers of a study, ordered, joined and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.study import Study

MOST_SOURCES = 15
MOST_TERMS = 20
TERMS_PER_TOPIC = 8
MOST_ROWS = 60
RESAMPLES = 1000
INTERVAL = (0.025, 0.975)
# Two articles or fewer resample to almost nothing but themselves: no interval then.
LEAST_FOR_INTERVAL = 3
# 97.5 % point of the normal distribution, for Wilson's interval.
Z = 1.959964


def months_table(study: Study) -> pd.DataFrame:
    """Count articles by month and language of the body, empty months included.

    Returns
    -------
    DataFrame
        month (``YYYY-MM``; empty for undated articles), body_lang, n_articles.
    """
    articles = _articles(study)
    months = [*_months(articles), *([""] if (articles["month"] == "").any() else [])]
    return _grid_counts(articles, "month", months)


def sources_table(study: Study) -> pd.DataFrame:
    """Count articles by source and language of the body, most first, the rare ones as one.

    Returns
    -------
    DataFrame
        source, body_lang, n_articles.
    """
    articles = _articles(study)
    articles["source"] = articles["source"].replace("", "unknown · 来源不明")
    sizes = articles["source"].value_counts()
    order = sorted(sizes.index, key=lambda source: (-sizes[source], source))
    if len(order) > MOST_SOURCES:
        rare = order[MOST_SOURCES:]
        other = f"{len(rare)} others · 其他 {len(rare)} 家"
        articles["source"] = articles["source"].where(~articles["source"].isin(rare), other)
        order = [*order[:MOST_SOURCES], other]
    return _grid_counts(articles, "source", order)


def terms_table(study: Study) -> pd.DataFrame:
    """List the most widespread concepts with their share of the bodies of each language.

    Returns
    -------
    DataFrame
        concept, term_zh, term_en, n_articles, and share, low, high, n for ``en`` and ``zh``; low
        and high are the ends of Wilson's 95 % interval (Wilson 1927).
    """
    table = study.terms.sort_values(["n_articles", "concept"], ascending=[False, True]).head(MOST_TERMS)
    table = table.reset_index(drop=True)
    languages = _articles(study)["body_lang"]
    for language in ("en", "zh"):
        n = int((languages == language).sum())
        ends = _wilson(table[f"share_{language}"].to_numpy(dtype=float), n)
        table[f"low_{language}"], table[f"high_{language}"] = ends
        table[f"n_{language}"] = n
    return table


def topic_terms_table(study: Study) -> pd.DataFrame:
    """List the likeliest concepts of every topic.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, stability, concept, term_zh, term_en, probability, low, high,
        n_corpus.
    """
    labels = study.topics[["topic", "label_zh", "label_en", "stability"]]
    terms = study.topic_terms.sort_values(["topic", "probability", "concept"], ascending=[True, False, True])
    terms = terms.groupby("topic", sort=False).head(TERMS_PER_TOPIC)
    return labels.merge(terms, on="topic").assign(n_corpus=len(study.corpus))


def topic_shares_table(study: Study) -> pd.DataFrame:
    """List the topics by share with a 95 % bootstrap interval over articles.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, share, low, high, stability, n_articles, n_corpus.
    """
    columns = ["topic", "label_zh", "label_en", "share", "stability", "n_articles"]
    table = study.topics[columns].sort_values(["share", "topic"], ascending=[False, True])
    if table.empty:
        return table
    weights = _weights(study)
    low, high = _bootstrap(weights.to_numpy())
    ends = pd.DataFrame({"topic": weights.columns, "low": low, "high": high})
    return table.merge(ends, on="topic", how="left").assign(n_corpus=len(study.corpus))


def article_topics_table(study: Study) -> pd.DataFrame:
    """List every article's mixture of topics, articles by date.

    Returns
    -------
    DataFrame
        article_id, published (``YYYY-MM-DD``), title, topic, label_zh, label_en, stability,
        weight, n_corpus. A corpus of more than 60 articles is thinned to 60, evenly over time.
    """
    articles = _articles(study)
    if len(articles) > MOST_ROWS:
        articles = articles.iloc[np.linspace(0, len(articles) - 1, MOST_ROWS).round().astype(int)]
    table = articles[["article_id", "published", "title"]].merge(study.article_topics, on="article_id")
    table = table.merge(study.topics[["topic", "label_zh", "label_en", "stability"]], on="topic", how="left")
    order = {article: number for number, article in enumerate(articles["article_id"])}
    table = table.assign(position=table["article_id"].map(order)).sort_values(["position", "topic"], kind="stable")
    columns = ["article_id", "published", "title", "topic", "label_zh", "label_en", "stability", "weight"]
    return table[columns].reset_index(drop=True).assign(n_corpus=len(study.corpus))


def topics_by_month_table(study: Study) -> pd.DataFrame:
    """Average each topic's weight over the articles of a month, with a 95 % bootstrap interval.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, month, n_articles, share, low, high; the last three are not a
        number in an empty month, low and high neither in a month of one or two articles.
    """
    articles = _articles(study)
    months = _months(articles)
    if not months or study.topics.empty:
        return pd.DataFrame()
    weights = _weights(study)
    parts = [
        _month_shares(weights[weights.index.isin(articles.loc[articles["month"] == month, "article_id"])], month)
        for month in months
    ]
    labels = study.topics[["topic", "label_zh", "label_en"]]
    return labels.merge(pd.concat(parts, ignore_index=True), on="topic")


def map_table(study: Study) -> pd.DataFrame:
    """Join the map, the clusters and titles.

    Returns
    -------
    DataFrame
        article_id, x, y, title, cluster, confidence, label_zh, label_en.
    """
    table = study.map[["article_id", "x", "y"]].merge(_articles(study)[["article_id", "title"]], on="article_id")
    return table.merge(_clusters(study), on="article_id")


def map_states_table(study: Study) -> pd.DataFrame:
    """Join the maps of several random states and the clusters.

    Returns
    -------
    DataFrame
        random_state, article_id, x, y, cluster, confidence, label_zh, label_en.
    """
    if study.maps.empty:
        return study.maps
    return study.maps[["random_state", "article_id", "x", "y"]].merge(_clusters(study), on="article_id")


def topic_stability_table(study: Study) -> pd.DataFrame:
    """List the stability of each number of topics that was tried.

    Returns
    -------
    DataFrame
        n_topics, stability, low, high, chosen, n_corpus.
    """
    if study.choice.empty:
        return study.choice
    table = study.choice[["n_topics", "stability", "low", "high", "chosen"]]
    return table.assign(n_corpus=len(study.corpus))


def _articles(study: Study) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                article.article_id,
                f"{article.published:%Y-%m-%d}" if article.published else "",
                f"{article.published:%Y-%m}" if article.published else "",
                article.title,
                article.source,
                article.body_lang,
            )
            for article in study.corpus
        ],
        columns=["article_id", "published", "month", "title", "source", "body_lang"],
    )


def _clusters(study: Study) -> pd.DataFrame:
    return study.clusters[["article_id", "cluster", "confidence", "label_zh", "label_en"]]


def _months(articles: pd.DataFrame) -> list[str]:
    """Return every month from the first to the last, also those without an article."""
    dated = sorted(set(articles["month"]) - {""})
    return [str(month) for month in pd.period_range(dated[0], dated[-1], freq="M")] if dated else []


def _grid_counts(articles: pd.DataFrame, by: str, order: list[str]) -> pd.DataFrame:
    languages = sorted(set(articles["body_lang"]) | {"en", "zh"})
    counts = articles.groupby([by, "body_lang"]).size()
    grid = pd.MultiIndex.from_product([order, languages], names=[by, "body_lang"])
    return counts.reindex(grid, fill_value=0).rename("n_articles").reset_index()


def _weights(study: Study) -> pd.DataFrame:
    """Return articles × topics, small weights too, each story once, so that means are the shares."""
    ids = [article.article_id for article in study.corpus]
    return pd.DataFrame(study.doc_topic, index=ids, columns=study.topics["topic"].to_list())[study.counted]


def _month_shares(weights: pd.DataFrame, month: str) -> pd.DataFrame:
    share = weights.mean().to_numpy() if len(weights) else np.nan
    low, high = _bootstrap(weights.to_numpy())
    return pd.DataFrame(
        {
            "topic": weights.columns,
            "month": month,
            "n_articles": len(weights),
            "share": share,
            "low": low,
            "high": high,
        }
    )


def _bootstrap(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Resample rows; return the low and the high end of each column's mean (Efron 1979)."""
    rows, columns = weights.shape
    if rows < LEAST_FOR_INTERVAL:
        return np.full((2, columns), np.nan)
    generator = np.random.default_rng(0)
    means = [weights[generator.integers(rows, size=rows)].mean(axis=0) for _ in range(RESAMPLES)]
    ends: NDArray[np.float64] = np.quantile(means, INTERVAL, axis=0)
    return ends


def _wilson(share: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not n:
        return np.full_like(share, np.nan), np.full_like(share, np.nan)
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)

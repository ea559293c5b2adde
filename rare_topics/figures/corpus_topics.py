"""Figures of the corpus, its topics and its map: the numbers of a study, ordered, joined and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rare_topics.figures.figure import article_table, by_panels, by_rows, figure, fixed, thin_evenly
from rare_topics.plots.bars import draw_months, draw_sources, draw_terms, draw_topic_shares
from rare_topics.plots.maps import draw_map, draw_map_states
from rare_topics.plots.topics import draw_article_topics, draw_topic_stability, draw_topic_terms, draw_topics_by_month
from rare_topics.runtime.sampling import bootstrap_interval
from rare_topics.study.stories import is_first_telling
from rare_topics.themes.strength import calendar_months

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.study import Study

MOST_SOURCES = 15
MOST_TERMS = 20
TERMS_PER_TOPIC = 8
# 97.5 % point of the normal distribution, the z of Wilson's interval.
NORMAL_QUANTILE = 1.959964


def _article_topics_size(table: pd.DataFrame) -> tuple[float, float]:
    return 4.2 + 0.9 * table["topic"].nunique(), 2.3 + 0.24 * table["article_id"].nunique()


def _map_states_size(table: pd.DataFrame) -> tuple[float, float]:
    """Give every row of three panels its height, and every two clusters a line of the legend below."""
    panel_rows = -(-table["random_state"].nunique() // 3)
    legend_lines = -(-table["cluster"].nunique() // 2)
    return 9.5, 1.2 + 2.9 * panel_rows + 0.36 * legend_lines


@figure(
    question="When were the articles published, and in which language are their bodies?",
    caption="Articles per month, stacked by the language of the body, which is judged on the body itself "
    "and not on the headline. Months without an article are shown as 0.",
    draw=draw_months,
    size=fixed(8, 3.8),
)
def articles_by_month(study: Study) -> pd.DataFrame:
    """Count articles by month and language of the body, empty months included.

    Returns
    -------
    DataFrame
        month (``YYYY-MM``; empty for undated articles), body_lang, n_articles.
    """
    articles = article_table(study)
    months = calendar_months(articles["month"])
    if (articles["month"] == "").any():
        months.append("")
    return _count_by_language(articles, "month", months)


@figure(
    question="Who published them?",
    caption="Articles per source as printed, stacked by the language of the body. Where one source "
    "holds most of the corpus, every other figure shows mostly that source's view.",
    draw=draw_sources,
    size=by_rows(8, column="source", each=0.3),
)
def articles_by_source(study: Study) -> pd.DataFrame:
    """Count articles by source and language of the body, most first, the rare ones as one.

    Returns
    -------
    DataFrame
        source, body_lang, n_articles.
    """
    articles = article_table(study)
    articles["source"] = articles["source"].replace("", "unknown · 来源不明")
    sizes = articles["source"].value_counts()
    order = sorted(sizes.index, key=lambda source: (-sizes[source], source))
    if len(order) > MOST_SOURCES:
        rare = order[MOST_SOURCES:]
        other = f"{len(rare)} others · 其他 {len(rare)} 家"
        articles["source"] = articles["source"].where(~articles["source"].isin(rare), other)
        order = [*order[:MOST_SOURCES], other]
    return _count_by_language(articles, "source", order)


@figure(
    question="Which concepts stand in most articles, in either language?",
    caption="The twenty concepts that stand in most articles, with the share of English and of Chinese "
    "bodies that name them. Lines are 95 % Wilson intervals: wide where a language has few bodies.",
    draw=draw_terms,
    size=by_rows(8, column="concept", each=0.3),
)
def terms(study: Study) -> pd.DataFrame:
    """List the most widespread concepts with their share of the bodies of each language.

    Returns
    -------
    DataFrame
        concept, term_zh, term_en, n_articles, and share, low, high, n for ``en`` and ``zh``; low
        and high are the ends of Wilson's 95 % interval (Wilson 1927).
    """
    table = study.terms.sort_values(["n_articles", "concept"], ascending=[False, True]).head(MOST_TERMS)
    table = table.reset_index(drop=True)
    languages = article_table(study)["body_lang"]
    for language in ("en", "zh"):
        n = int((languages == language).sum())
        ends = _wilson_interval(table[f"share_{language}"].to_numpy(dtype=float), n)
        table[f"low_{language}"], table[f"high_{language}"] = ends
        table[f"n_{language}"] = n
    return table


@figure(
    question="What are the topics about?",
    caption="The eight concepts that describe each topic best. Dots are their shares in the topic, lines "
    "their range over resamples of the corpus; a topic's stability is the share of it that comes back.",
    draw=draw_topic_terms,
    size=by_panels(9.5, column="topic", columns=2, each=2.75),
)
def topic_terms(study: Study) -> pd.DataFrame:
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


@figure(
    question="How large is each topic, and how far can it be trusted?",
    caption="Share of the corpus that belongs to each topic, with a 95 % bootstrap interval over "
    "articles. The paler a bar, the less stable its topic under resampling.",
    draw=draw_topic_shares,
    size=by_rows(9, column="topic", each=0.5),
)
def topic_shares(study: Study) -> pd.DataFrame:
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
    mixtures = _story_mixtures(study)
    low, high = bootstrap_interval(mixtures.to_numpy())
    ends = pd.DataFrame({"topic": mixtures.columns, "low": low, "high": high})
    return table.merge(ends, on="topic", how="left").assign(n_corpus=len(study.corpus))


@figure(
    question="Which topics does each article mix?",
    caption="Weight of each topic in each article, articles by date. Weights under 10 % are coloured "
    "but not printed. Beside the number of a topic stands its stability: a column is worth no more than that.",
    draw=draw_article_topics,
    size=_article_topics_size,
)
def article_topics(study: Study) -> pd.DataFrame:
    """List every article's mixture of topics, articles by date.

    Returns
    -------
    DataFrame
        article_id, published (``YYYY-MM-DD``), title, topic, label_zh, label_en, stability,
        weight, n_corpus. A corpus of more than 60 articles is thinned to 60, evenly over time.
    """
    articles = thin_evenly(article_table(study))
    table = articles[["article_id", "published", "title"]].merge(study.article_topics, on="article_id")
    table = table.merge(study.topics[["topic", "label_zh", "label_en", "stability"]], on="topic", how="left")
    order = {article: number for number, article in enumerate(articles["article_id"])}
    table = table.assign(position=table["article_id"].map(order)).sort_values(["position", "topic"], kind="stable")
    columns = ["article_id", "published", "title", "topic", "label_zh", "label_en", "stability", "weight"]
    return table[columns].reset_index(drop=True).assign(n_corpus=len(study.corpus))


@figure(
    question="Which topics come and go?",
    caption="Mean weight of each topic in the articles of a month. Lines are 95 % bootstrap intervals "
    "over articles; a hollow dot stands for one or two articles, too few for an interval; an empty month "
    "stays empty.",
    draw=draw_topics_by_month,
    size=by_panels(9.5, column="topic", columns=2, each=1.55),
)
def topics_by_month(study: Study) -> pd.DataFrame:
    """Average each topic's weight over the articles of a month, with a 95 % bootstrap interval.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, month, n_articles, share, low, high; the last three are not a
        number in an empty month, low and high neither in a month of one or two articles.
    """
    articles = article_table(study)
    months = calendar_months(articles["month"])
    if not months or study.topics.empty:
        return pd.DataFrame()
    mixtures = _story_mixtures(study)
    month_of_row = articles.set_index("article_id")["month"].reindex(mixtures.index)
    parts = [_month_means(mixtures[month_of_row == month], month) for month in months]
    labels = study.topics[["topic", "label_zh", "label_en"]]
    return labels.merge(pd.concat(parts, ignore_index=True), on="topic")


@figure(
    question="Which articles tell the same story?",
    caption="Articles that share concepts lie close together. Bands join the articles of a cluster, "
    "the size of a dot is the share of resamples that agree on its place, grey dots belong to no cluster. "
    "Read neighbours, not distances between clusters, and not the length of a band.",
    draw=draw_map,
    size=fixed(10, 8),
)
def map(study: Study) -> pd.DataFrame:  # noqa: A001 - the name of its files
    """Join the map, the clusters and titles.

    Returns
    -------
    DataFrame
        article_id, x, y, title, cluster, confidence, label_zh, label_en.
    """
    table = study.map[["article_id", "x", "y"]].merge(article_table(study)[["article_id", "title"]], on="article_id")
    return table.merge(_clusters(study), on="article_id")


@figure(
    question="Which parts of the map are there by chance?",
    caption="The same articles mapped under several random states, turned and mirrored to match. Only "
    "what stays together in every panel is a property of the articles.",
    draw=draw_map_states,
    size=_map_states_size,
)
def map_states(study: Study) -> pd.DataFrame:
    """Join the maps of several random states and the clusters.

    Returns
    -------
    DataFrame
        random_state, article_id, x, y, cluster, confidence, label_zh, label_en.
    """
    if study.maps.empty:
        return study.maps
    return study.maps[["random_state", "article_id", "x", "y"]].merge(_clusters(study), on="article_id")


@figure(
    question="How many topics does the corpus support?",
    caption="The share of resamples of the corpus in which a topic comes back, mean over the topics of each "
    "number tried. Lines are ranges over topics; the diamond is the number that was used.",
    draw=draw_topic_stability,
    size=fixed(8, 4.2),
)
def topic_stability(study: Study) -> pd.DataFrame:
    """List the stability of each number of topics that was tried.

    Returns
    -------
    DataFrame
        n_topics, stability, low, high, chosen, n_corpus.
    """
    table = study.model_selection
    if table.empty:
        return table
    table = table[["n_topics", "stability", "low", "high", "chosen"]]
    return table.assign(n_corpus=len(study.corpus))


def _clusters(study: Study) -> pd.DataFrame:
    return study.clusters[["article_id", "cluster", "confidence", "label_zh", "label_en"]]


def _count_by_language(articles: pd.DataFrame, by: str, order: list[str]) -> pd.DataFrame:
    """Count articles for each value of a column, in the order given, and each language of the body, zeros too."""
    languages = sorted(set(articles["body_lang"]) | {"en", "zh"})
    counts = articles.groupby([by, "body_lang"]).size()
    grid = pd.MultiIndex.from_product([order, languages], names=[by, "body_lang"])
    return counts.reindex(grid, fill_value=0).rename("n_articles").reset_index()


def _story_mixtures(study: Study) -> pd.DataFrame:
    """Return articles × topics, small weights too, each story once, so that means are the shares."""
    ids = [article.article_id for article in study.corpus]
    mixtures = pd.DataFrame(study.state.doc_topic, index=ids, columns=study.topics["topic"].to_list())
    return mixtures[is_first_telling(study.state)]


def _month_means(mixtures: pd.DataFrame, month: str) -> pd.DataFrame:
    """Average the mixtures of the articles of one month: topic, month, n_articles, share, low, high."""
    low, high = bootstrap_interval(mixtures.to_numpy())
    table = pd.DataFrame({"topic": mixtures.columns, "month": month, "n_articles": len(mixtures)})
    return table.assign(share=mixtures.mean().to_numpy() if len(mixtures) else np.nan, low=low, high=high)


def _wilson_interval(share: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the low and the high end of the 95 % interval of shares of n (Wilson 1927)."""
    if not n:
        return np.full_like(share, np.nan), np.full_like(share, np.nan)
    z = NORMAL_QUANTILE
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)

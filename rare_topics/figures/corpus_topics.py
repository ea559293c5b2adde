"""Figures of the corpus, its topics and its map: the numbers of a study, ordered, joined and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rare_topics.corpus.languages import Label
from rare_topics.corpus.wording import date_wording, source_label
from rare_topics.figures.figure import article_table, by_cells, by_panels, by_rows, figure, fixed, thin_evenly
from rare_topics.figures.wording import column_label, counted, label_parts, listing, number_word, some_of
from rare_topics.plots.bars import draw_months, draw_sources, draw_terms, draw_topic_shares
from rare_topics.plots.heatmaps import MOST_MONTHS
from rare_topics.plots.maps import draw_map, draw_map_states
from rare_topics.plots.style import PALETTE
from rare_topics.plots.topics import (
    MAIN_TOPICS,
    draw_article_topics,
    draw_topic_stability,
    draw_topic_terms,
    draw_topics_by_month,
)
from rare_topics.runtime.sampling import bootstrap_interval, wilson_interval
from rare_topics.study.stories import is_first_telling
from rare_topics.themes.strength import calendar_months

if TYPE_CHECKING:
    from rare_topics.study import Study

MOST_SOURCES = 15
MOST_TERMS = 20
TERMS_PER_TOPIC = 8
# Concepts that a title names (chosen by hand).
TERMS_IN_TITLE = 3


def _article_topics_size(table: pd.DataFrame) -> tuple[float, float]:
    return 4.4 + 0.95 * max(4, min(table["topic"].nunique(), MAIN_TOPICS)), 2.8 + 0.25 * table["article_id"].nunique()


def _map_states_size(table: pd.DataFrame) -> tuple[float, float]:
    """Give every row of three panels its height, and every two clusters a line of the legend below."""
    panel_rows = -(-table["random_state"].nunique() // 3)
    legend_lines = -(-min(table["cluster"].nunique(), len(PALETTE) + 2) // 2)
    return 9.5, 1.2 + 2.9 * panel_rows + 0.36 * legend_lines


def _busiest_month(table: pd.DataFrame) -> Label | None:
    counts = table.groupby("month")["n_articles"].sum()
    dated = counts[counts.index != ""]
    if dated.empty:
        return None
    n, total = int(dated.max()), int(counts.sum())
    if (dated == n).sum() > 1:
        return Label(
            zh=f"没有特别集中的月份：{total} 篇中每月至多 {n} 篇",
            en=f"No month stands out: none has more than {n} of the {counted(total, 'article')}",
        )
    month, n_empty = date_wording(str(dated.idxmax())), int((dated == 0).sum())
    some = some_of(n, total)
    zh, en = f"{some.zh}发表于{month.zh}", f"{some.en} are from {month.en}"
    if n_empty:
        zh += f"；{len(dated)} 个月中有 {n_empty} 个月没有文章"
        en += f"; {number_word(n_empty)} of the {number_word(len(dated))} months have none"
    return Label(zh, en)


def _largest_source(table: pd.DataFrame) -> Label | None:
    counts = table.groupby("source")["n_articles"].sum()
    first, total, n = table.to_dict("records")[0], int(counts.sum()), int(counts.max())
    if not first["source"]:
        return None
    if (counts == n).sum() > 1:
        return Label(
            zh=f"没有哪个来源独大：每个来源至多 {n} 篇，共 {total} 篇",
            en=f"No source stands out: none has more than {n} of the {counted(total, 'article')}",
        )
    some = some_of(n, total)
    return Label(f"{some.zh}来自{first['source_zh']}", f"{some.en} come from {first['source_en']}")


def _most_named(table: pd.DataFrame) -> Label:
    rows = table.head(TERMS_IN_TITLE).to_dict("records")
    total = int(table["n_en"].iloc[0] + table["n_zh"].iloc[0])
    names = [
        Label(f"{row['term_zh']}（{row['n_articles']} 篇）", f"{row['term_en']} ({row['n_articles']})") for row in rows
    ]
    joined = listing(names)
    return Label(
        f"{total} 篇文章中，提到最多的是{joined.zh}", f"What {counted(total, 'article')} name most: {joined.en}"
    )


def _most_stable_topic(table: pd.DataFrame) -> Label | None:
    topics = table.drop_duplicates("topic").sort_values("stability", ascending=False, kind="stable")
    if len(topics) < 2 or topics["stability"].isna().all():  # noqa: PLR2004 - one topic is no choice
        return None
    best = topics.to_dict("records")[0]
    name, stability = label_parts(column_label(best, "label")), f"{best['stability']:.0%}"
    return Label(
        zh=f"{len(topics)} 个主题中，“{name.zh}”最稳定，在 {stability} 的重抽样中再现",
        en=f"The most stable of {number_word(len(topics))} topics, “{name.en}”, comes back in {stability} of resamples",
    )


def _largest_topic(table: pd.DataFrame) -> Label:
    first = table.to_dict("records")[0]
    name, share = label_parts(column_label(first, "label")), f"{first['share']:.0%}"
    if len(table) > 1 and table["high"].iloc[1] > first["low"]:
        return Label(
            zh=f"没有明显最大的主题：“{name.zh}”占 {share}，区间与其他主题重叠",
            en=f"No topic is surely the largest: “{name.en}” has {share}, within the range of others",
        )
    return Label(
        zh=f"最大的主题是“{name.zh}”，占 {share}",
        en=f"The largest topic, “{name.en}”, has {share} of the corpus",
    )


def _mixed_articles(table: pd.DataFrame) -> Label:
    heaviest = table.groupby("article_id")["weight"].max()
    some = some_of(int((heaviest > 1 / 2).sum()), len(heaviest))
    return Label(
        zh=f"{some.zh}以一个主题为主（占一半以上）", en=f"{some.en} belong mainly to one topic, by more than half"
    )


def _leader_of_busiest_month(table: pd.DataFrame) -> Label | None:
    busiest = table[table["n_articles"] == table["n_articles"].max()]
    leaders = busiest[busiest["n_leading"] == busiest["n_leading"].max()].to_dict("records")
    if len(leaders) > 1 or len(set(busiest["month"])) > 1 or len(set(table["month"])) == 1:
        return None
    [leader] = leaders
    name, month = label_parts(column_label(leader, "label")), date_wording(leader["month"])
    n, total = leader["n_leading"], leader["n_articles"]
    return Label(
        zh=f"文章最多的{month.zh}，{total} 篇中有 {n} 篇以“{name.zh}”为主",
        en=f"In {month.en}, the busiest month, “{name.en}” is the main topic of {n} of {counted(total, 'article')}",
    )


def _largest_cluster(table: pd.DataFrame) -> Label | None:
    sizes = table.loc[table["cluster"] >= 0, "cluster"].value_counts()
    if len(sizes) < 2:  # noqa: PLR2004 - one cluster has nothing beside it
        return None
    n, largest = int(sizes.max()), table[table["cluster"] == sizes.index[0]].to_dict("records")[0]
    name = label_parts(column_label(largest, "label"))
    return Label(
        zh=f"{len(table)} 篇文章形成 {len(sizes)} 个聚类，最大的“{name.zh}”有 {n} 篇",
        en=f"The {counted(len(table), 'article')} form {number_word(len(sizes))} clusters; "
        f"the largest, “{name.en}”, has {n}",
    )


def _neighbours_that_stay(table: pd.DataFrame) -> Label | None:
    """Count the articles that lie next to an article of their own cluster in every panel."""
    from scipy.spatial import KDTree

    if table["article_id"].nunique() < 2 or (table["cluster"] < 0).all():  # noqa: PLR2004 - no neighbours
        return None
    stays: dict[str, bool] = {}
    for _, panel in table.groupby("random_state"):
        points, clusters = panel[["x", "y"]].to_numpy(dtype=float), panel["cluster"].to_numpy()
        nearest = KDTree(points).query(points, k=2)[1][:, 1]
        for article, alike in zip(panel["article_id"], (clusters == clusters[nearest]) & (clusters >= 0), strict=True):
            stays[article] = stays.get(article, True) and bool(alike)
    some, panels = some_of(sum(stays.values()), len(stays)), table["random_state"].nunique()
    return Label(
        zh=f"{some.zh}在 {panels} 幅图中都与同一聚类的文章相邻",
        en=f"{some.en} lie next to one of their own cluster in each of {number_word(panels)} maps",
    )


def _best_number_of_topics(table: pd.DataFrame) -> Label | None:
    chosen = table[table["chosen"].astype(bool)]
    if chosen.empty:
        return None
    n, stability = int(chosen["n_topics"].iloc[0]), chosen["stability"].iloc[0]
    en = f"In trials, with {number_word(n)} topics a topic comes back in {stability:.0%} of the resamples"
    zh = f"试算中，取 {n} 个主题时，主题在 {stability:.0%} 的重抽样中再现"
    if len(table) > 1 and (table.loc[~table["chosen"].astype(bool), "stability"] < stability).all():
        en, zh = f"{en}, more often than with any other number", f"{zh}，高于其他任何数目"
    return Label(zh, en)


@figure(
    question="When were the articles published, and in which language are their bodies?",
    question_zh="文章何时发表，正文是哪种语言？",
    answer=_busiest_month,
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
    question_zh="文章来自哪些来源？",
    answer=_largest_source,
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
        source, source_zh, source_en, body_lang, n_articles.
    """
    articles = article_table(study)
    sizes = articles["source"].value_counts()
    order = sorted(sizes.index, key=lambda source: (-sizes[source], source))
    names = {source: source_label(source) for source in order}
    if "" in names:
        names[""] = Label(zh="来源不明", en="unknown source")
    if len(order) > MOST_SOURCES:
        rare = order[MOST_SOURCES:]
        other = f"{len(rare)} others"
        names[other] = Label(zh=f"其他 {len(rare)} 家", en=other)
        articles["source"] = articles["source"].where(~articles["source"].isin(rare), other)
        order = [*order[:MOST_SOURCES], other]
    table = _count_by_language(articles, "source", order)
    labels = [names[source] for source in table["source"]]
    table.insert(1, "source_zh", [label.zh for label in labels])
    table.insert(2, "source_en", [label.en for label in labels])
    return table


@figure(
    question="Which concepts stand in most articles, in either language?",
    question_zh="两种语言中，哪些概念出现在最多的文章里？",
    answer=_most_named,
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
        ends = wilson_interval(table[f"share_{language}"].to_numpy(dtype=float), n)
        table[f"low_{language}"], table[f"high_{language}"] = ends
        table[f"n_{language}"] = n
    return table


@figure(
    question="What are the topics about?",
    question_zh="各个主题讲什么？",
    answer=_most_stable_topic,
    caption="Of each of the ten largest topics the eight concepts that describe it best. Dots are their shares in the "
    "topic, lines their range over resamples of the corpus; a topic's stability is the share of it that comes back.",
    draw=draw_topic_terms,
    size=by_panels(9.5, column="topic", columns=2, each=2.75, most=MAIN_TOPICS),
)
def topic_terms(study: Study) -> pd.DataFrame:
    """List the likeliest concepts of every topic.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, stability, concept, term_zh, term_en, probability, low, high,
        n_corpus; the largest topics first.
    """
    labels = _by_share(study)[["topic", "label_zh", "label_en", "stability"]]
    terms = study.topic_terms.sort_values(["topic", "probability", "concept"], ascending=[True, False, True])
    terms = terms.groupby("topic", sort=False).head(TERMS_PER_TOPIC)
    return labels.merge(terms, on="topic").assign(n_corpus=len(study.corpus))


@figure(
    question="How large is each topic, and how far can it be trusted?",
    question_zh="每个主题有多大，有多可信？",
    answer=_largest_topic,
    caption="Share of the corpus that belongs to each topic, with a 95 % bootstrap interval over "
    "articles. The paler a bar, the less stable its topic under resampling.",
    draw=draw_topic_shares,
    size=by_rows(9, column="topic", each=0.5, most=MAIN_TOPICS),
)
def topic_shares(study: Study) -> pd.DataFrame:
    """List the topics by share with a 95 % bootstrap interval over articles.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, share, low, high, stability, n_articles, n_corpus.
    """
    table = _by_share(study)[["topic", "label_zh", "label_en", "share", "stability", "n_articles"]]
    if table.empty:
        return table
    mixtures = _story_mixtures(study)
    low, high = bootstrap_interval(mixtures.to_numpy())
    ends = pd.DataFrame({"topic": mixtures.columns, "low": low, "high": high})
    return table.merge(ends, on="topic", how="left").assign(n_corpus=len(study.corpus))


@figure(
    question="Which topics does each article mix?",
    question_zh="每篇文章包含哪些主题？",
    answer=_mixed_articles,
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
    question_zh="各个主题何时出现，何时消失？",
    answer=_leader_of_busiest_month,
    caption="Of how many of a month's articles each of the ten largest topics is the main one; shade is its mean "
    "weight in them. An empty month stays empty; the data hold 95 % bootstrap intervals of the weights.",
    draw=draw_topics_by_month,
    size=by_cells(column="month", row="topic", left=5.4, cell=(0.75, 0.46), most=(MOST_MONTHS, MAIN_TOPICS)),
)
def topics_by_month(study: Study) -> pd.DataFrame:
    """Average each topic's weight over the articles of a month, with a 95 % bootstrap interval.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, month, n_articles, n_leading (articles of which it is the main
        topic), share, low, high; the last three are not a number in an empty month, low and high
        neither in a month of one or two articles; the largest topics first.
    """
    articles = article_table(study)
    months = calendar_months(articles["month"])
    if not months or study.topics.empty:
        return pd.DataFrame()
    mixtures = _story_mixtures(study)
    month_of_row = articles.set_index("article_id")["month"].reindex(mixtures.index)
    parts = [_month_means(mixtures[month_of_row == month], month) for month in months]
    labels = _by_share(study)[["topic", "label_zh", "label_en"]]
    return labels.merge(pd.concat(parts, ignore_index=True), on="topic")


@figure(
    question="Which articles tell the same story?",
    question_zh="哪些文章讲的是同一件事？",
    answer=_largest_cluster,
    caption="Articles that share concepts lie close together. Bands join the articles of a cluster, the ten "
    "largest of which have a colour and a name; grey points belong to a smaller one or to none. The size of a point "
    "is the share of resamples that agree on its place, its form the language of the body. "
    "Read neighbours, not distances between clusters, and not the length of a band.",
    draw=draw_map,
    size=fixed(11, 9),
)
def map(study: Study) -> pd.DataFrame:  # noqa: A001 - the name of its files
    """Join the map, the clusters and titles.

    Returns
    -------
    DataFrame
        article_id, x, y, title, body_lang, cluster, confidence, label_zh, label_en.
    """
    articles = article_table(study)[["article_id", "title", "body_lang"]]
    table = study.map[["article_id", "x", "y"]].merge(articles, on="article_id")
    return table.merge(_clusters(study), on="article_id")


@figure(
    question="Which parts of the map are there by chance?",
    question_zh="地图的哪些部分出于偶然？",
    answer=_neighbours_that_stay,
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
        random_state, article_id, x, y, body_lang, cluster, confidence, label_zh, label_en.
    """
    if study.maps.empty:
        return study.maps
    languages = article_table(study)[["article_id", "body_lang"]]
    table = study.maps[["random_state", "article_id", "x", "y"]].merge(languages, on="article_id")
    return table.merge(_clusters(study), on="article_id")


@figure(
    question="How many topics does the corpus support?",
    question_zh="这些文章撑得起多少个主题？",
    answer=_best_number_of_topics,
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


def _by_share(study: Study) -> pd.DataFrame:
    """Return the topics, the largest first."""
    return study.topics.sort_values(["share", "topic"], ascending=[False, True])


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
    """Average the mixtures of the articles of one month: topic, month, n_articles, n_leading, share, low, high."""
    low, high = bootstrap_interval(mixtures.to_numpy())
    table = pd.DataFrame({"topic": mixtures.columns, "month": month, "n_articles": len(mixtures)})
    main_topics = mixtures.idxmax(axis=1).value_counts() if len(mixtures) else pd.Series(dtype=int)
    table["n_leading"] = table["topic"].map(main_topics).fillna(0).astype(int)
    return table.assign(share=mixtures.mean().to_numpy() if len(mixtures) else np.nan, low=low, high=high)

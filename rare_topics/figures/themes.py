"""Figures of the themes: strength by article and month, aspects, controls by date, suppliers by status and stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rare_topics.claims.verdicts import contradicts_publication
from rare_topics.claims.wording import thing_label
from rare_topics.corpus.languages import Label
from rare_topics.corpus.wording import date_wording
from rare_topics.figures.figure import (
    MOST_ARTICLES,
    article_table,
    by_cells,
    by_rows,
    figure,
    thin_evenly,
)
from rare_topics.figures.wording import column_label, label_parts, listing, number_word, some_of
from rare_topics.plots.heatmaps import MOST_MONTHS
from rare_topics.plots.labels import labels_in_order
from rare_topics.plots.suppliers import (
    MAIN_STATUSES,
    MOST_COUNTRIES,
    draw_supplier_stages,
    draw_suppliers_by_status,
)
from rare_topics.plots.themes import (
    MAIN_THEMES,
    draw_theme_aspects,
    draw_theme_strength,
    draw_theme_topics,
    draw_themes_by_month,
)
from rare_topics.plots.timeline import PARTS, draw_control_timeline
from rare_topics.plots.topics import MAIN_TOPICS
from rare_topics.themes.events import EASED, STANDING, TIGHTENED
from rare_topics.themes.strength import STRONG
from rare_topics.themes.supply_facts import DENIED, RUNNING, SUPPLIER

if TYPE_CHECKING:
    from rare_topics.study import Study
    from rare_topics.themes import ThemeResult

# Share of a topic's passages from which a theme is shown beside it (chosen by hand).
LEAST_TOPIC_SHARE = 0.05
# Stages of the chain that come after the ore.
BEYOND_ORE = ("separation", "magnet")
# Names in a title, the others are counted (chosen by hand).
NAMES_IN_TITLE = 3


def _widest_themes(table: pd.DataFrame) -> Label:
    n_strong = table[table["strength"] >= STRONG].groupby("theme", sort=False).size().sort_values(ascending=False)
    total = int(table["n_corpus"].iloc[0])
    titles = {row["theme"]: column_label(row, "title") for row in table.drop_duplicates("theme").to_dict("records")}
    first, *others = list(n_strong.items())[:2]
    some, title = some_of(first[1], total), titles[str(first[0])]
    zh, en = f"{some.zh}谈到“{title.zh}”", f"{some.en} deal with “{title.en}”"
    for name, n in others:
        zh, en = f"{zh}，{n} 篇谈到“{titles[str(name)].zh}”", f"{en}, {n} with “{titles[str(name)].en}”"
    return Label(zh, en)


@figure(
    question="What is each article about?",
    question_zh="每篇文章谈什么？",
    answer=_widest_themes,
    caption="Strength of the twelve widest themes in each article, articles by date: 1 mentioned, 2 dealt with, 3 what "
    "the article is about. The data hold the other themes that some article deals with.",
    draw=draw_theme_strength,
    size=by_cells(column="theme", cell=(0.6, 0.25), most=(MAIN_THEMES, MOST_ARTICLES)),
)
def theme_strength(study: Study) -> pd.DataFrame:
    """List the strength of every theme that some article deals with, articles by date.

    Returns
    -------
    DataFrame
        article_id, published (``YYYY-MM-DD``), title, theme, title_zh, title_en, strength (0 to 3),
        confidence, n_corpus; at most 60 articles, evenly over time.
    """
    table = study.themes.table
    strong = table.loc[table["strength"] >= STRONG, "theme"]
    return _add_articles(study, _add_titles(study, table[table["theme"].isin(strong)]))


def _theme_of_busiest_month(table: pd.DataFrame) -> Label | None:
    busiest = table[table["n_articles"] == table["n_articles"].max()]
    widest = busiest[busiest["n_strong"] == busiest["n_strong"].max()].to_dict("records")
    if len(widest) > 1 or len(set(table["month"])) == 1:
        return None
    [row] = widest
    name, month = column_label(row, "title"), date_wording(row["month"])
    some = some_of(row["n_strong"], row["n_articles"])
    return Label(
        zh=f"文章最多的{month.zh}，{some.zh}谈到“{name.zh}”",
        en=f"In {month.en}, the busiest month, {some.en} deal with “{name.en}”",
    )


@figure(
    question="Which themes come and go?",
    question_zh="各个叙事何时出现，何时消失？",
    answer=_theme_of_busiest_month,
    caption="How many of a month's articles deal with each of the twelve widest themes; an empty month stays empty. "
    "The data hold the other themes, and 95 % bootstrap intervals of the shares.",
    draw=draw_themes_by_month,
    size=by_cells(column="month", row="theme", left=4.4, cell=(0.75, 0.34), most=(MOST_MONTHS, MAIN_THEMES)),
)
def themes_by_month(study: Study) -> pd.DataFrame:
    """List for each theme the share of a month's articles that deal with it.

    Returns
    -------
    DataFrame
        theme, title_zh, title_en, month (``YYYY-MM``, empty months too), n_articles, n_strong,
        share, low, high; the themes of most articles first.
    """
    table = study.themes.over_time
    n_strong = table.groupby("theme")["n_strong"].sum()
    n_strong = n_strong[n_strong > 0]
    rank = {name: place for place, name in enumerate(sorted(n_strong.index, key=lambda name: (-n_strong[name], name)))}
    table = table[table["theme"].isin(rank)].sort_values("theme", key=lambda names: names.map(rank), kind="stable")
    return _add_titles(study, table)


def _best_explained_topic(table: pd.DataFrame) -> Label:
    best = table.sort_values("share", ascending=False, kind="stable").to_dict("records")[0]
    theme, topic, share = column_label(best, "title"), label_parts(column_label(best, "label")), f"{best['share']:.0%}"
    return Label(
        zh=f"“{theme.zh}”与主题“{topic.zh}”最吻合：占其段落的 {share}",
        en=f"“{theme.en}” fits the topic “{topic.en}” best: it stands in {share} of its passages",
    )


@figure(
    question="How do themes and discovered topics relate?",
    question_zh="叙事与主题有什么关系？",
    answer=_best_explained_topic,
    caption="Share of each topic's passages that a theme explains. A topic that no theme explains is news to the "
    "themes; a theme spread over all topics is no topic of its own.",
    draw=draw_theme_topics,
    size=by_cells(column="topic", row="theme", cell=(1.0, 0.32), most=(MAIN_TOPICS, MAIN_THEMES)),
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


def _most_named_aspects(table: pd.DataFrame) -> Label:
    n_articles = table.groupby("aspect", sort=False)["article_id"].nunique()
    labels = labels_in_order(n_articles.index, table.attrs["labels"])
    # In the order of the bars.
    n_articles = n_articles.loc[list(labels)].sort_values(ascending=False, kind="stable")
    # Who stands level with the last is named as well.
    shown = n_articles[n_articles >= n_articles.iloc[:NAMES_IN_TITLE].iloc[-1]]
    named = [(labels[str(name)], int(n)) for name, n in shown.items()]
    joined = listing([Label(f"{label.zh}（{n} 篇）", f"{label.en} ({n})") for label, n in named])
    title = table.attrs.get("title") or Label(zh="各个方面", en="Aspects")
    return Label(zh=f"{title.zh}，谈得最多的是{joined.zh}", en=f"{title.en}: mostly {joined.en}")


@figure(
    question="In what do the United States depend on China?",
    question_zh="美国在哪些方面依赖中国？",
    answer=_most_named_aspects,
    caption="Articles, and passages in them, that speak of each side of the dependence; one may speak of several. The "
    "data say which.",
    draw=draw_theme_aspects,
    size=by_rows(9, column="aspect", each=0.5),
)
def dependence_aspects(study: Study) -> pd.DataFrame:
    """List how many passages of each article speak of each aspect of the dependence; see `_count_aspects`."""
    return _count_aspects(study, "dependence")


def _dated_acts(table: pd.DataFrame) -> Label | None:
    """Say who tightened and eased controls on what, and when, where an act has all three."""
    parts = []
    for direction, verb in ((TIGHTENED, Label("收紧", "Tightened")), (EASED, Label("放宽", "eased"))):
        acts = table[(table["direction"] == direction) & (table["actor"] != "") & (table["object"] != "")]
        dated = acts[acts["date"] != ""].drop_duplicates(["actor", "date"])
        actors = [_dates_of_actor(rows) for _, rows in dated.groupby("actor", sort=False)]
        if actors:
            named = listing(actors, most=NAMES_IN_TITLE, unit="方")
            parts.append(Label(f"{verb.zh}：{named.zh}", f"{verb.en}: {named.en}"))
        elif len(acts) and parts:
            parts.append(Label(f"{verb.zh}：均无日期", f"{verb.en}: no date given"))
    if not parts:
        return None
    return Label(zh="据称" + "；".join(part.zh for part in parts), en="; ".join(part.en for part in parts))


def _dates_of_actor(acts: pd.DataFrame) -> Label:
    """Name an actor, what its acts are on, and their dates, the first and the last ones of many."""
    rows = acts.to_dict("records")
    actor = column_label(rows[0], "actor")
    between = Label("、", ", ")
    named = [*dict.fromkeys(column_label(row, "object") for row in rows)][:NAMES_IN_TITLE]
    goods = Label(*(mark.join(one.in_language(lang) for one in named) for lang, mark in between._asdict().items()))
    dates = [date_wording(date) for date in acts["date"]]
    if len(dates) > NAMES_IN_TITLE:
        first, *dates = dates[0], *dates[1 - NAMES_IN_TITLE :]
        dates[0] = Label(f"{first.zh}……{dates[0].zh}", f"{first.en} … {dates[0].en}")
    zh, en = (mark.join(date.in_language(lang) for date in dates) for lang, mark in between._asdict().items())
    return Label(f"{actor.zh}对{goods.zh}（{zh}）", f"{actor.en} on {goods.en} ({en})")


@figure(
    question="What did the export controls do, and when?",
    question_zh="出口管制何时收紧、何时放宽？",
    answer=_dated_acts,
    caption="Acts of export control by the date of the act, not of the article. Acts without a date, and what is only "
    "demanded or threatened, stand apart; there a ring is the date of publication. A date with a question mark is "
    "probably a slip of the year. The data hold the quotes.",
    draw=draw_control_timeline,
    size=by_rows(13, each=0.36, margin=3.4),
)
def control_timeline(study: Study) -> pd.DataFrame:
    """List the acts of export control by the date of the act.

    Returns
    -------
    DataFrame
        part (``dated``, ``undated``, ``asked``), date, published (``YYYY-MM-DD``), direction, actor,
        actor_zh, actor_en, object, object_zh, object_en, quote, confidence, article_id, title,
        n_corpus, is_doubtful (the date is probably a slip of the year); within a part by date.
    """
    events = study.themes.events
    events = events[(events["direction"] != STANDING) & (events["published"] != "")]
    is_asked = events["direction"].isin(["demanded", "threatened"])
    part = np.where(is_asked, "asked", np.where(events["date"] == "", "undated", "dated"))
    actors = [thing_label(actor, study.claims.lexicon) for actor in events["actor"]]
    goods = [
        [thing_label(name, study.claims.lexicon) for name in names.split("; ") if name] for names in events["object"]
    ]
    objects = [listing(labels) if labels else Label("", "") for labels in goods]
    table = events.assign(
        part=part,
        actor_zh=[label.zh for label in actors],
        actor_en=[label.en for label in actors],
        object_zh=[label.zh for label in objects],
        object_en=[label.en for label in objects],
        n_corpus=len(study.corpus),
        is_doubtful=[
            contradicts_publication(date, datetime.fromisoformat(published))
            for date, published in zip(events["date"], events["published"], strict=True)
        ],
        rank=[list(PARTS).index(name) for name in part],
    )
    table = table.sort_values(["rank", "date", "published", "article_id"], kind="stable")
    columns = [
        "part", "date", "published", "direction", "actor", "actor_zh", "actor_en", "object", "object_zh", "object_en",
        "quote", "confidence", "article_id", "title", "n_corpus", "is_doubtful",
    ]  # fmt: skip
    return thin_evenly(table[columns].reset_index(drop=True))


def _who_supplies(table: pd.DataFrame) -> Label | None:
    supply = table[table["status"].isin([status for status in MAIN_STATUSES if status != DENIED])]
    names = {row["country"]: column_label(row, "country") for row in supply.to_dict("records")}
    running = [names[country] for country in supply.loc[supply["status"] == RUNNING, "country"]]
    n_others = len(names) - len(running)
    if not names:
        return None
    if not running:
        return Label(
            zh=f"没有国家据称已在供应；{n_others} 国在建、计划或只有储量",
            en=f"No country is said to supply today; {number_word(n_others)} are building, planning or hold reserves",
        )
    supplying = listing(running, most=NAMES_IN_TITLE, unit="国")
    zh, en = (
        f"据称{'只有' if len(running) == 1 else ''}{supplying.zh}现已供应",
        f"{supplying.en} are said to supply today",
    )
    if len(running) == 1:
        en = f"Only {supplying.en} is said to supply today"
    if n_others:
        zh = f"{zh}；另有 {n_others} 国在建、计划或只有储量"
        others = (
            "one other builds, plans or only holds"
            if n_others == 1
            else f"{number_word(n_others)} others build, plan or only hold"
        )
        en = f"{en}; {others} reserves"
    return Label(zh, en)


@figure(
    question="Who supplies today, and who only plans to?",
    question_zh="谁现已供应，谁还只是计划？",
    answer=_who_supplies,
    caption="Number of articles that say so of a country; one article may say several things of one. Countries stand "
    "by the most definite that is said of them. A country that buys, lets through or signs is not yet a supplier.",
    draw=draw_suppliers_by_status,
    size=by_cells(column="status", row="country", left=3.0, cell=(0.9, 0.33), most=(9, MOST_COUNTRIES)),
)
def suppliers_by_status(study: Study) -> pd.DataFrame:
    """Count the articles that say of a country that it supplies, builds, plans …, or that give it another role.

    Returns
    -------
    DataFrame
        country, country_zh, country_en, status (of a supplier: ``running``, ``building``,
        ``planned``, ``reserves``, ``denied``; else the role), n_articles, n_corpus; countries by the
        most definite status, then by its number of articles.
    """
    suppliers = study.themes.suppliers
    status = suppliers["status"].where(suppliers["role"] == SUPPLIER, suppliers["role"])
    counts = suppliers.assign(status=status).groupby(["country", "status"])["article_id"].nunique()
    table = counts.rename("n_articles").reset_index()
    rank = {name: place for place, name in enumerate(MAIN_STATUSES)}
    table = table.assign(place=table["status"].map(rank).fillna(len(rank)))
    table = table.sort_values(["place", "n_articles", "country"], ascending=[True, False, True], kind="stable")
    order = {name: number for number, name in enumerate(dict.fromkeys(table["country"]))}
    table = table.sort_values(["country", "place"], key=lambda column: column.replace(order), kind="stable")
    return _name_countries(study, table.drop(columns="place")).assign(n_corpus=len(study.corpus))


def _who_separates(table: pd.DataFrame) -> Label | None:
    names = {row["country"]: column_label(row, "country") for row in table.to_dict("records")}
    beyond_ore = set(table.loc[table["stage"].isin(BEYOND_ORE), "country"])
    n_ore = len(names) - len(beyond_ore)
    if not beyond_ore:
        return None
    joined = listing([names[country] for country in names if country in beyond_ore], most=NAMES_IN_TITLE, unit="国")
    zh, en = (
        f"矿石之后的环节（已有或拟建）：{joined.zh}",
        f"Beyond ore, now or planned: {joined.en}",
    )
    if n_ore:
        others = "one other" if n_ore == 1 else f"{number_word(n_ore)} others"
        zh, en = f"{zh}；另有 {n_ore} 国只涉及矿石", f"{en}; {others}: ore only"
    return Label(zh, en)


@figure(
    question="Ore or processing: at which stage of the chain does each country stand?",
    question_zh="矿石还是加工：各国处于产业链哪个环节？",
    answer=_who_separates,
    caption="Number of articles that see a country at a stage (reserve, mine, separation, magnet), running or to come.",
    draw=draw_supplier_stages,
    size=by_cells(column="stage", row="country", left=3.0, cell=(1.2, 0.33), most=(4, MOST_COUNTRIES)),
)
def supplier_stages(study: Study) -> pd.DataFrame:
    """Count the articles that see a country at each stage of the chain.

    Returns
    -------
    DataFrame
        country, country_zh, country_en, stage, n_articles, n_corpus; the countries of most articles
        first. For labels of stages see `_with_labels`.
    """
    suppliers = study.themes.suppliers
    supply = suppliers[(suppliers["role"] == SUPPLIER) & (suppliers["status"] != DENIED) & (suppliers["stages"] != "")]
    supply = supply.assign(stage=supply["stages"].str.split("; ")).explode("stage")
    n_articles = supply.groupby("country")["article_id"].nunique()
    rank = {name: n for n, name in enumerate(sorted(n_articles.index, key=lambda name: (-n_articles[name], name)))}
    table = supply.groupby(["country", "stage"])["article_id"].nunique().rename("n_articles").reset_index()
    table = table.sort_values("country", key=lambda column: column.map(rank), kind="stable")
    table = _name_countries(study, table).assign(n_corpus=len(study.corpus))
    return _with_labels(table, study.themes.with_role("suppliers"))


@figure(
    question="What lies on the table between Washington and Beijing?",
    question_zh="中美谈判桌上有哪些筹码？",
    answer=_most_named_aspects,
    caption="Articles, and passages in them, that lay each chip on the table. The data say which.",
    draw=draw_theme_aspects,
    size=by_rows(9, column="aspect", each=0.5),
)
def bargaining_chips(study: Study) -> pd.DataFrame:
    """List how many passages of each article lay each chip on the table; see `_count_aspects`."""
    return _count_aspects(study, "talks")


def _name_countries(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Put the names of countries beside them."""
    labels = [study.themes.country_label(name) for name in table["country"]]
    table = table.reset_index(drop=True)
    table.insert(1, "country_zh", [label.zh for label in labels])
    table.insert(2, "country_en", [label.en for label in labels])
    return table


def _count_aspects(study: Study, role: str) -> pd.DataFrame:
    """Count passages by article and aspect of the themes of a role.

    Returns
    -------
    DataFrame
        article_id, published, title, aspect, n_passages, n_corpus; articles by date. For labels
        see `_with_labels`.
    """
    themes = study.themes.with_role(role)
    aspects = study.themes.aspects
    aspects = aspects[aspects["theme"].isin([theme.name for theme in themes])]
    counts = aspects.groupby(["article_id", "aspect"], sort=False)["passage_id"].nunique().rename("n_passages")
    return _with_labels(_add_articles(study, counts.reset_index()), themes)


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

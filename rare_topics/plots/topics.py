"""Topics: their terms, the articles they stand in, their months, how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.plots.axes import (
    article_count,
    dated_article_count,
    error_bars,
    grid_axes,
    integer_ticks,
    name_rows,
    percent_ticks,
    root_figure,
    styled_axes,
    title,
)
from rare_topics.plots.heatmaps import CELL_TEXT, article_matrix, fill_month_table, keep_first
from rare_topics.plots.labels import (
    bilingual_label,
    join_languages,
    own_words,
    shorten,
    stacked_label,
    titles_with_dates,
)
from rare_topics.plots.style import GREY, TEXT_COLOUR, colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Widths in columns of `labels.display_width`.
TERM_WIDTH = 32
PANEL_WIDTH = 54
TITLE_WIDTH = 40
COLUMN_WIDTH = 16
# Cells below this weight are left without a number.
LEAST_PRINTED = 0.1
# From this weight on the colour map is dark, and numbers on it white.
DARK = 0.55
# Topics that are drawn, the largest; the others stand in the data (chosen by hand).
MAIN_TOPICS = 10
# So few points are joined by no line.
LEAST_LINE = 4
# Where the axis reaches further than this probability, whole percents tell the ticks apart.
WHOLE_PERCENTS_FROM = 0.08


def draw_topic_terms(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the likeliest concepts of every topic, one panel a topic.

    Parameters
    ----------
    table
        Columns topic, label_zh, label_en, stability, term_zh, term_en, probability, low, high
        (0 to 1) and n_corpus; topics and terms in the order of the picture.
    ax
        Axes whose place is divided; a new figure's if None.

    Returns
    -------
    Axes
        The same axes, without a frame; the panels are axes of the same figure.
    """
    from matplotlib.ticker import MaxNLocator

    table = keep_first(table, "topic", MAIN_TOPICS)
    topics = [rows for _, rows in table.groupby("topic", sort=False)]
    with styled_axes(ax) as axes:
        widest = 1.04 * float(table[["probability", "high"]].max().max())
        for panel, rows in zip(grid_axes(axes, len(topics), columns=2), topics, strict=True):
            _draw_terms(panel, rows)
            panel.set_xlim(0, widest)
            panel.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
            panel.xaxis.set_major_formatter(percent_ticks(0 if widest > WHOLE_PERCENTS_FROM else 1))
        title(
            axes,
            "Concepts of each topic ∙ 各主题的概念",
            n=article_count(int(table["n_corpus"].iloc[0])),
            note="Dots: probability in the topic; lines: range over resamples ∙ 点：主题内概率；线段：重抽样区间",
        )
    return axes


def draw_article_topics(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the mixture of topics of every article as a heat map, articles by date.

    Parameters
    ----------
    table
        Columns article_id, published, title, topic, label_zh, label_en, stability, weight (0 to
        1) and n_corpus; articles in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    sums = table.groupby("topic")["weight"].sum().sort_values(ascending=False, kind="stable")
    topics = table[table["topic"].isin(sums.index[:MAIN_TOPICS])].drop_duplicates("topic").sort_values("topic")
    weights, articles = article_matrix(table, column="topic", order=topics["topic"], value="weight")
    with styled_axes(ax) as axes:
        image = axes.imshow(weights, vmin=0, vmax=1, aspect="auto")
        for row, column in zip(*np.nonzero(weights >= LEAST_PRINTED), strict=True):
            weight = weights[row, column]
            colour = "white" if weight > DARK else TEXT_COLOUR
            axes.text(column, row, f"{weight:.0%}", color=colour, **CELL_TEXT)
        names = titles_with_dates(articles, TITLE_WIDTH)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        labels = [_column_heading(topic) for _, topic in topics.iterrows()]
        axes.set_xticks(range(len(labels)), labels, fontsize=7.5, linespacing=1.25)
        axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
        axes.spines[:].set_visible(False)
        bar = root_figure(axes).colorbar(image, ax=axes, shrink=0.4, aspect=30, pad=0.02)
        bar.ax.yaxis.set_major_formatter(percent_ticks())
        bar.set_label(own_words("Share of the article ∙ 占文章的份额"))
        n_shown, n_corpus = len(articles), int(table["n_corpus"].iloc[0])
        title(
            axes,
            "Topics of each article ∙ 各文章的主题",
            n=article_count(n_shown, n_corpus),
            note="" if n_shown == n_corpus else "Evenly chosen over time ∙ 按时间均匀选取",
        )
    return axes


def draw_topics_by_month(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw of how many articles of a month each topic is the main one.

    Parameters
    ----------
    table
        Columns topic, label_zh, label_en, month (``YYYY-MM``), n_articles, n_leading and share; a
        row for every topic and month, share not a number in an empty month; topics in the order of
        the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    table = keep_first(table, "topic", MAIN_TOPICS)
    topics = table.drop_duplicates("topic")
    with styled_axes(ax) as axes:
        fill_month_table(axes, table, count="n_leading", names=_labels(topics))
        title(
            axes,
            "Topics by month ∙ 各月主题",
            n=dated_article_count(table),
            note="Articles of which it is the main topic, of those of the month; shade: mean weight\n"
            "以其为主的篇数/当月篇数；颜色：平均权重",
        )
    return axes


def draw_topic_stability(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how well topics come back on resamples, for each number of topics.

    Parameters
    ----------
    table
        Columns n_topics, stability, low, high (0 to 1), chosen (one true) and n_corpus.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    table = table.sort_values("n_topics")
    with styled_axes(ax) as axes:
        colour, accent = colours(2)
        if len(table) >= LEAST_LINE:
            axes.plot(table["n_topics"], table["stability"], color=colour, lw=1.2, alpha=0.5, zorder=1)
        for chosen, rows in table.groupby(table["chosen"].astype(bool)):
            spread = error_bars(rows["stability"], rows["low"], rows["high"])
            axes.errorbar(
                rows["n_topics"], rows["stability"], yerr=spread, fmt="D" if chosen else "o", ms=8 if chosen else 6,
                color=accent if chosen else colour, elinewidth=1.6,
                label=own_words("chosen ∙ 选定" if chosen else "tried ∙ 试过"),
            )  # fmt: skip
        integer_ticks(axes.xaxis)
        axes.set_xlim(table["n_topics"].min() - 0.6, table["n_topics"].max() + 0.6)
        axes.set_ylim(0, 1.03)
        axes.grid(axis="y")
        axes.set_xlabel(own_words("Number of topics ∙ 主题数"))
        axes.set_ylabel(own_words("Stability ∙ 稳定度"))
        axes.legend(loc="lower left", ncols=2)
        title(
            axes,
            "Stability by number of topics ∙ 主题数与稳定度",
            n=article_count(int(table["n_corpus"].iloc[0])),
            note="share of resamples that have a topic, mean over topics; lines: their range\n"
            "含有某主题的重抽样占比，按主题平均；线段：各主题的范围",
        )
    return axes


def _column_heading(topic: pd.Series[Any]) -> str:
    """Write number and stability, then the parts of the label below each other, to fit a narrow column."""
    name = stacked_label(topic["label_zh"], topic["label_en"], COLUMN_WIDTH)
    return f"{topic['topic']} ({_two_decimals(topic['stability'])})\n{name}"


def _draw_terms(panel: Axes, rows: pd.DataFrame) -> None:
    positions = np.arange(len(rows))
    spread = error_bars(rows["probability"], rows["low"], rows["high"])
    colour = colours(1)[0]
    panel.errorbar(
        rows["probability"], positions, xerr=spread, fmt="o", ms=5.5, color=colour, ecolor=GREY, elinewidth=1.6
    )
    names = [
        shorten(join_languages(zh, en), TERM_WIDTH) for zh, en in zip(rows["term_zh"], rows["term_en"], strict=True)
    ]
    name_rows(panel, names, fontsize=8.5)
    panel.grid(axis="x")
    first = rows.iloc[0]
    panel.set_title(
        f"{_numbered_label(first)}\n{own_words('stability ∙ 稳定度')} {_two_decimals(first['stability'])}",
        fontsize=9.5,
        linespacing=1.3,
    )


def _two_decimals(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.2f}"


def _labels(topics: pd.DataFrame) -> list[str]:
    names = zip(topics["label_zh"], topics["label_en"], strict=True)
    return [bilingual_label(zh, en, PANEL_WIDTH) for zh, en in names]


def _numbered_label(topic: pd.Series[Any]) -> str:
    return f"{topic['topic']}  {bilingual_label(topic['label_zh'], topic['label_en'], PANEL_WIDTH)}"

"""Counts and shares as bars and dots: the corpus, its terms, its topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rare_topics.plots.axes import (
    LEGEND_PAD,
    annotate_right,
    article_count,
    error_bars,
    integer_ticks,
    name_rows,
    percent_ticks,
    styled_axes,
    title,
)
from rare_topics.plots.labels import bilingual_label, join_languages, own_words, shorten
from rare_topics.plots.style import GREY, TEXT_COLOUR, colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BODY_LANGUAGES = {"en": "English body ∙ 英文正文", "zh": "Chinese body ∙ 中文正文", "": "Other body ∙ 其他正文"}
UNDATED = "undated\n无日期"
# Beyond this many bars their numbers and names no longer fit (chosen by hand).
MOST_TICKS = 18
# Topics that are drawn (chosen by hand).
MOST_TOPICS = 10
# Widest name beside a bar, in columns of `labels.display_width`.
NAME_WIDTH = 40


def draw_months(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many articles each month has, stacked by the language of the body.

    Parameters
    ----------
    table
        Columns month (``YYYY-MM``, empty for undated), body_lang and n_articles, a row for every
        month and language, empty months too.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    counts = table.pivot_table(index="month", columns="body_lang", values="n_articles", aggfunc="sum", fill_value=0)
    months = [month for month in counts.index if month] + [month for month in counts.index if not month]
    languages = [language for language in BODY_LANGUAGES if language in counts and counts[language].any()]
    counts = counts.loc[months, languages]
    with styled_axes(ax) as axes:
        positions = np.arange(len(months))
        bottom = np.zeros(len(months))
        colour_of = _language_colours()
        for language in counts.columns:
            heights = counts[language].to_numpy()
            label = own_words(BODY_LANGUAGES[language])
            axes.bar(positions, heights, bottom=bottom, width=0.72, color=colour_of[language], label=label)
            bottom += heights
        if len(months) <= MOST_TICKS:
            _write_counts(axes, counts)
        else:
            axes.grid(axis="y")
        step = -(-len(months) // MOST_TICKS)
        axes.set_xticks(positions[::step], [month or own_words(UNDATED) for month in months][::step])
        integer_ticks(axes.yaxis)
        axes.set_ylabel(own_words("Articles ∙ 篇数"))
        axes.legend(loc="upper left", ncols=3, borderaxespad=0)
        axes.set_ylim(0, bottom.max() * 1.18)
        title(axes, "Articles by month ∙ 各月文章数", n=article_count(int(bottom.sum())))
    return axes


def draw_sources(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many articles each source has, stacked by the language of the body.

    Parameters
    ----------
    table
        Columns source, source_zh, source_en, body_lang and n_articles, sources in the order of the
        picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    sources = list(dict.fromkeys(table["source"]))
    counts = table.pivot_table(index="source", columns="body_lang", values="n_articles", aggfunc="sum", fill_value=0)
    counts = counts.loc[sources]
    with styled_axes(ax) as axes:
        left = np.zeros(len(sources))
        for language, colour in _language_colours().items():
            if language in counts and counts[language].any():
                name = own_words(BODY_LANGUAGES[language])
                axes.barh(range(len(sources)), counts[language], left=left, height=0.68, color=colour, label=name)
                left += counts[language].to_numpy()
        total = int(left.sum())
        for row, count in enumerate(left):
            annotate_right(axes, count, row, f"{int(count):,}  ({count / total:.0%})")
        first = table.drop_duplicates("source")
        names = [join_languages(zh, en) for zh, en in zip(first["source_zh"], first["source_en"], strict=True)]
        name_rows(axes, [shorten(name, NAME_WIDTH) for name in names], linespacing=1.3)
        axes.set_xlim(0, left.max() * 1.14)
        integer_ticks(axes.xaxis)
        axes.set_xlabel(own_words("Articles ∙ 篇数"))
        axes.legend(loc="lower right")
        title(axes, "Articles by source ∙ 各来源文章数", n=article_count(total))
    return axes


def draw_terms(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw in which share of the bodies of either language a concept stands.

    Parameters
    ----------
    table
        Columns term_zh, term_en, and for ``en`` and ``zh`` each share, low, high (``low_en``:
        end of a 95 % interval, 0 to 1) and n (bodies of the language).
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with styled_axes(ax) as axes:
        rows = np.arange(len(table))
        sizes = {language: int(table[f"n_{language}"].max()) for language in ("en", "zh")}
        for language, marker, shift in (("en", "o", -0.19), ("zh", "s", 0.19)):
            if sizes[language]:
                share, colour = table[f"share_{language}"], _language_colours()[language]
                axes.errorbar(
                    share, rows + shift, xerr=error_bars(share, table[f"low_{language}"], table[f"high_{language}"]),
                    fmt=marker, color=colour, ms=5.5, elinewidth=1.4, ecolor=colour,
                    label=f"{own_words(BODY_LANGUAGES[language])} (n = {sizes[language]:,})",
                )  # fmt: skip
        name_rows(axes, _row_labels(table["term_zh"], table["term_en"]), linespacing=1.3)
        axes.set_xlim(-0.02, 1.02)
        axes.xaxis.set_major_formatter(percent_ticks())
        axes.grid(axis="x")
        axes.set_xlabel(own_words("Share of the bodies that name it ∙ 出现该概念的正文占比"))
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=2, borderaxespad=LEGEND_PAD)
        title(
            axes,
            "Most widespread concepts ∙ 最常见的概念",
            n=article_count(sum(sizes.values())),
            note="Lines: 95% Wilson intervals ∙ 线段：95% 威尔逊区间",
        )
    return axes


def draw_topic_shares(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what share of the corpus each topic has, and how stable the topic is.

    Parameters
    ----------
    table
        Columns label_zh, label_en, share, low, high (0 to 1), stability (0 to 1), n_articles and
        n_corpus; the first ten topics are drawn.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    table = table.head(MOST_TOPICS)
    with styled_axes(ax) as axes:
        rows = np.arange(len(table))
        bars = axes.barh(rows, table["share"], height=0.62, color=colours(1)[0])
        for bar, stability in zip(bars, table["stability"].fillna(0).clip(0, 1), strict=True):
            bar.set_alpha(0.2 + 0.8 * stability)
        spread = error_bars(table["share"], table["low"], table["high"])
        axes.errorbar(table["share"], rows, xerr=spread, fmt="none", ecolor=TEXT_COLOUR, elinewidth=1.4)
        _write_column(axes, 1.06, "Articles\n篇数", [f"{count:,}" for count in table["n_articles"]])
        _write_column(axes, 1.17, "Stability\n稳定度", ["–" if np.isnan(s) else f"{s:.2f}" for s in table["stability"]])
        name_rows(axes, _row_labels(table["label_zh"], table["label_en"]), linespacing=1.3)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(percent_ticks())
        axes.set_xlabel(own_words("Share of the corpus ∙ 占语料的份额"))
        title(
            axes,
            "Topics by share ∙ 各主题份额",
            n=article_count(int(table["n_corpus"].iloc[0])),
            note="Lines: 95% bootstrap over articles; the paler, the less stable\n线段：95% 自助区间；颜色越浅越不稳定",
        )
    return axes


def _language_colours() -> dict[str, str]:
    return dict(zip(BODY_LANGUAGES, [*colours(2), GREY], strict=True))


def _row_labels(zh: pd.Series[str], en: pd.Series[str]) -> list[str]:
    return [bilingual_label(name_zh, name_en, NAME_WIDTH) for name_zh, name_en in zip(zh, en, strict=True)]


def _write_column(ax: Axes, x: float, name: str, cells: list[str]) -> None:
    """Write a column of numbers to the right of the rows; `x` in widths of the axes."""
    transform = ax.get_yaxis_transform()
    for row, cell in enumerate(cells):
        ax.text(x, row, cell, transform=transform, ha="center", va="center", fontsize=9.5)
    ax.text(x, -0.65, own_words(name), transform=transform, ha="center", va="bottom", fontsize=9, color=TEXT_COLOUR)


def _write_counts(ax: Axes, counts: pd.DataFrame) -> None:
    """Write the total over each bar, and the parts into it where it has several."""
    for position, row in enumerate(counts.to_dict("records")):
        total = sum(row.values())
        ax.annotate(
            f"{total:,}", (position, total), (0, 3), textcoords="offset points", ha="center", fontsize=9.5,
            color=TEXT_COLOUR if total else GREY,
        )  # fmt: skip
        parts = {language: count for language, count in row.items() if count}
        if len(parts) == 1:
            continue
        bottom = 0
        for language, count in parts.items():
            colour = "white" if language == "en" else "black"
            ax.text(position, bottom + count / 2, f"{count:,}", ha="center", va="center", color=colour, fontsize=8.5)
            bottom += count

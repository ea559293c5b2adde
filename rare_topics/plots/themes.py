"""Themes: where they stand, when, beside which topics, and in which aspects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import styled_axes, title
from rare_topics.plots.heatmaps import article_matrix, fill_heatmap, shown_of_all
from rare_topics.plots.labels import join_languages, labels_in_order, shorten, stacked_label, titles_with_dates
from rare_topics.plots.style import TEXT_COLOUR, colours
from rare_topics.plots.topics import draw_month_panels

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

# Widths in columns of `labels.display_width`.
TITLE_WIDTH = 44
COLUMN_WIDTH = 22
QUOTE_WIDTH = 92
# Months named below the timeline.
MOST_MONTHS = 9
# Days of room before the first date and behind the last.
MARGIN_DAYS = 12


def draw_theme_strength(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the strength of every theme in every article.

    Parameters
    ----------
    table
        Columns article_id, published, title, theme, title_zh, title_en, strength (0 to 3) and
        n_corpus; articles in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    themes = table.drop_duplicates("theme")
    strengths, articles = article_matrix(table, column="theme", order=themes["theme"], value="strength")
    columns = [f"{zh}\n{en}" for zh, en in zip(themes["title_zh"], themes["title_en"], strict=True)]
    with styled_axes(ax) as axes:
        fill_heatmap(axes, strengths, rows=titles_with_dates(articles, TITLE_WIDTH), columns=columns, maximum=3)
        axes.tick_params(axis="x", labelrotation=90)
        title(
            axes,
            "Themes of each article ∙ 各文章的叙事",
            n=shown_of_all(articles, table),
            note="1 in passing, 2 a real part, 3 what it is about ∙ 1 提及,2 重要部分,3 主题",
        )
    return axes


def draw_themes_by_month(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of a month's articles that a theme is a real part of, one panel a theme.

    Parameters
    ----------
    table
        Columns theme, title_zh, title_en, month, n_articles, share, low, high; a row for every
        theme and month, share not a number in an empty month.
    ax
        Axes whose place is divided; a new figure's if None.

    Returns
    -------
    Axes
        The same axes, without a frame; the panels are axes of the same figure.
    """
    themes = [rows for _, rows in table.groupby("theme", sort=False)]
    names = [join_languages(rows["title_zh"].iloc[0], rows["title_en"].iloc[0]) for rows in themes]
    with styled_axes(ax) as axes:
        draw_month_panels(axes, themes, names=names, top=1.03)
        title(
            axes,
            "Themes by month ∙ 各月叙事",
            n=f"{int(themes[0]['n_articles'].sum()):,} dated articles",
            note=(
                "Articles of the month of which it is a real part; lines: 95% bootstrap; hollow: too few for one\n"
                "以其为重要部分的当月文章占比;线段:95% 自助区间;空心:文章太少,无区间"
            ),
        )
    return axes


def draw_theme_topics(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw which share of each topic's passages a theme explains.

    Parameters
    ----------
    table
        Columns topic, label_zh, label_en, theme, title_zh, title_en, share (0 to 1), n_passages.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    topics, themes = table.drop_duplicates("topic"), table.drop_duplicates("theme")
    pivot = table.pivot_table(index="theme", columns="topic", values="share", fill_value=0)
    shares = pivot.loc[themes["theme"], topics["topic"]].to_numpy()
    theme_names = zip(themes["title_zh"], themes["title_en"], strict=True)
    topic_names = zip(topics["label_zh"], topics["label_en"], strict=True)
    rows = [shorten(join_languages(zh, en), TITLE_WIDTH) for zh, en in theme_names]
    columns = [stacked_label(zh, en, COLUMN_WIDTH) for zh, en in topic_names]
    texts = [[f"{share:.0%}" for share in row] for row in shares]
    with styled_axes(ax) as axes:
        fill_heatmap(axes, shares, rows=rows, columns=columns, maximum=float(shares.max()), texts=texts)
        title(
            axes,
            "Themes and topics ∙ 叙事与主题",
            n=f"{int(table['n_passages'].iloc[0]):,} passages",
            note="Share of the topic's passages that the theme explains ∙ 主题段落中由该叙事解释的份额",
        )
    return axes


def draw_theme_aspects(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many passages of each article speak of each aspect of a theme.

    Parameters
    ----------
    table
        Columns article_id, published, title, aspect, n_passages and n_corpus; articles in the order
        of the picture. ``table.attrs`` may hold the ``labels`` of aspects, in the order of columns,
        and the ``title``.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    aspects = labels_in_order(table["aspect"], table.attrs.get("labels", {}))
    counts, articles = article_matrix(table, column="aspect", order=list(aspects), value="n_passages")
    rows = titles_with_dates(articles, TITLE_WIDTH)
    columns = ["\n".join(dict.fromkeys(label)) for label in aspects.values()]
    with styled_axes(ax) as axes:
        fill_heatmap(axes, counts, rows=rows, columns=columns, maximum=max(3.0, float(counts.max())))
        title(axes, _heading(table), n=shown_of_all(articles, table), note="Number of passages ∙ 段落数")
    return axes


def draw_control_timeline(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw when controls were written about, each article with its clearest words.

    Parameters
    ----------
    table
        Columns article_id, published, aspect, quote, n_passages and n_corpus, by date.
        ``table.attrs`` may hold ``labels`` and ``title``, as for `draw_theme_aspects`.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    import pandas as pd

    aspects = labels_in_order(table["aspect"], table.attrs.get("labels", {}))
    days = _day_numbers(table["published"])
    with styled_axes(ax) as axes:
        for colour, (aspect, label) in zip(colours(len(aspects)), aspects.items(), strict=True):
            rows = np.flatnonzero((table["aspect"] == aspect).to_numpy())
            sizes = 30 + 22 * table["n_passages"].to_numpy()[rows]
            axes.scatter(days[rows], rows, s=sizes, color=colour, label=join_languages(*label))
        first, last = days.min() - MARGIN_DAYS, days.max() + MARGIN_DAYS
        axes.hlines(np.arange(len(table)), first, last, color="#e4e4e4", lw=0.8, zorder=0)
        beside = axes.get_yaxis_transform()
        for row, (day, quote) in enumerate(zip(table["published"], table["quote"], strict=True)):
            axes.text(
                1.02, row, shorten(quote, QUOTE_WIDTH), transform=beside, va="center", fontsize=8.5, color=TEXT_COLOUR
            )
            axes.text(-0.02, row, day, transform=beside, va="center", ha="right", fontsize=8.5, color=TEXT_COLOUR)
        axes.set_xlim(first, last)
        axes.set_yticks([])
        axes.set_ylim(len(table) - 0.4, -0.6)
        months = [str(month) for month in pd.period_range(table["published"].min(), table["published"].max(), freq="M")]
        months = months[:: -(-len(months) // MOST_MONTHS)]
        axes.set_xticks(_day_numbers([f"{month}-01" for month in months]), [month[2:] for month in months])
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=len(aspects), borderaxespad=0)
        title(
            axes,
            _heading(table),
            n=f"{len(table):,} of {int(table['n_corpus'].iloc[0]):,} articles",
            note="By date of publication; size: passages on the controls ∙ 按发布日期;大小:涉及管制的段落数",
        )
    return axes


def _heading(table: pd.DataFrame) -> str:
    """Return the title in both languages, English first, of a table whose ``attrs`` hold one."""
    label = table.attrs.get("title") or Label(zh="叙事的各个方面", en="Aspects of a theme")
    return join_languages(label.en, label.zh)


def _day_numbers(dates: Iterable[str]) -> NDArray[np.int64]:
    """Convert ISO dates to days since 1970, to place them on an axis."""
    return np.array(list(dates), dtype="datetime64[D]").astype(np.int64)

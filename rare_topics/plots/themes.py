"""Themes: where they stand, when, beside which topics, and in which aspects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import styled_axes, title
from rare_topics.plots.heatmaps import article_matrix, fill_heatmap, shown_of_all
from rare_topics.plots.labels import (
    join_languages,
    labels_in_order,
    shorten,
    stack_languages,
    stacked_label,
    titles_with_dates,
)
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
    columns = [stack_languages(zh, en) for zh, en in zip(themes["title_zh"], themes["title_en"], strict=True)]
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


# Directions of acts of control in the order of the legend.
DIRECTION_LABELS = {
    "tightened": Label(zh="收紧", en="tightened"),
    "eased": Label(zh="放宽", en="eased"),
    "demanded": Label(zh="要求放宽", en="easing demanded"),
    "threatened": Label(zh="威胁收紧", en="threatened"),
    "standing": Label(zh="持续", en="standing"),
}
# Parts of the timeline, from top to bottom.
TIMELINE_PARTS = {
    "dated": Label(zh="有日期的行动", en="acts with a date"),
    "undated": Label(zh="未注明日期", en="acts without a date"),
    "asked": Label(zh="要求与威胁", en="demands and threats"),
}


def draw_control_timeline(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw acts of control by the date of the act; what is undated, asked for or threatened stands apart.

    Parameters
    ----------
    table
        Columns part (of `TIMELINE_PARTS`), date (empty where the text gives none), published,
        direction, actor, quote and n_corpus, in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes. A full dot is the date of an act, a ring the publication of one without date.
    """
    import pandas as pd

    directions = labels_in_order(table["direction"], DIRECTION_LABELS)
    dates, quotes = [str(date) for date in table["date"]], [str(quote) for quote in table["quote"]]
    days = _day_numbers([_first_day(date) or str(day) for date, day in zip(dates, table["published"], strict=True)])
    is_dated = (table["date"] != "").to_numpy()
    with styled_axes(ax) as axes:
        for colour, (direction, label) in zip(colours(len(directions)), directions.items(), strict=True):
            rows = np.flatnonzero((table["direction"] == direction).to_numpy())
            faces = [colour if dated else "white" for dated in is_dated[rows]]
            axes.scatter(days[rows], rows, s=52, color=faces, edgecolors=colour, label=join_languages(*label))
        first, last = days.min() - MARGIN_DAYS, days.max() + MARGIN_DAYS
        axes.hlines(np.arange(len(table)), first, last, color="#e4e4e4", lw=0.8, zorder=0)
        beside = axes.get_yaxis_transform()
        for row, (date, quote) in enumerate(zip(dates, quotes, strict=True)):
            text: dict[str, Any] = {"transform": beside, "va": "center", "fontsize": 8.5, "color": TEXT_COLOUR}
            axes.text(1.02, row, shorten(quote, QUOTE_WIDTH), **text)
            axes.text(-0.02, row, date or "–", ha="right", **text)
        parts = table["part"].tolist()
        for row in (row for row in range(1, len(parts)) if parts[row] != parts[row - 1]):
            axes.axhline(row - 0.5, color=TEXT_COLOUR, lw=0.8)
        axes.set_xlim(first, last)
        axes.set_yticks([])
        axes.set_ylim(len(table) - 0.4, -0.6)
        start, end = pd.to_datetime([int(days.min()), int(days.max())], unit="D")
        months = [str(month) for month in pd.period_range(start, end, freq="M")]
        months = months[:: -(-len(months) // MOST_MONTHS)]
        axes.set_xticks(_day_numbers([f"{month}-01" for month in months]), [month[2:] for month in months])
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=len(directions), borderaxespad=0)
        shown = [join_languages(*TIMELINE_PARTS[part]) for part in dict.fromkeys(parts)]
        title(
            axes,
            "Acts of export control ∙ 出口管制行动",
            n=f"{table['article_id'].nunique():,} of {int(table['n_corpus'].iloc[0]):,} articles",
            note="By date of the act; ring: date of publication ∙ 按行动日期;空心:发布日期\n"
            f"From top to bottom ∙ 自上而下: {'; '.join(shown)}",
        )
    return axes


def _first_day(date: str) -> str:
    """Return the first day of a date: of ``2025``, ``2025-06``, ``2025-Q3`` or a day itself."""
    year, _, rest = date.partition("-")
    if rest.startswith("Q"):
        rest = f"{3 * int(rest[1]) - 2:02d}"
    month, _, day = rest.partition("-")
    return f"{year}-{month or '01'}-{day or '01'}" if year else ""


def _heading(table: pd.DataFrame) -> str:
    """Return the title in both languages, English first, of a table whose ``attrs`` hold one."""
    label = table.attrs.get("title") or Label(zh="叙事的各个方面", en="Aspects of a theme")
    return join_languages(label.en, label.zh)


def _day_numbers(dates: Iterable[str]) -> NDArray[np.int64]:
    """Convert ISO dates to days since 1970, to place them on an axis."""
    return np.array(list(dates), dtype="datetime64[D]").astype(np.int64)

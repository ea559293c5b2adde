"""Themes: where they stand, when, beside which topics, and in which aspects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.plots.heatmaps import NAMES, TITLE_WIDTH, article_names, column_name, draw_grid, grid_of, n_of
from rare_topics.plots.labels import bilingual, shorten
from rare_topics.plots.style import INK, canvas, colours, head, panels
from rare_topics.plots.topics import month_line

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

QUOTE_WIDTH = 92
MOST_MONTHS = 9
# Days of room before the first date and behind the last.
MARGIN = 12


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
    grid, articles = grid_of(table, "theme", list(themes["theme"]), "strength")
    columns = [f"{zh}\n{en}" for zh, en in zip(themes["title_zh"], themes["title_en"], strict=True)]
    with canvas(ax) as axes:
        draw_grid(axes, grid, article_names(articles), columns, most=3)
        axes.tick_params(axis="x", labelrotation=90)
        head(
            axes,
            "Themes of each article ∙ 各文章的叙事",
            n=n_of(articles, table),
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
    themes = list(table.groupby("theme", sort=False))
    with canvas(ax) as axes:
        made = panels(axes, len(themes), columns=2, sharey=True)
        for number, (panel, (_, rows)) in enumerate(zip(made, themes, strict=True)):
            title = bilingual(rows["title_zh"].iloc[0], rows["title_en"].iloc[0])
            month_line(panel, rows, colour=colours(1)[0], title=title)
            panel.set_ylim(0, 1.03)
            panel.tick_params(labelbottom=number >= len(made) - 2, labelleft=number % 2 == 0)
        head(
            axes,
            "Themes by month ∙ 各月叙事",
            n=f"{int(themes[0][1]['n_articles'].sum()):,} dated articles",
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
    grid = pivot.loc[themes["theme"], topics["topic"]].to_numpy()
    rows = [shorten(bilingual(*pair), TITLE_WIDTH) for pair in zip(themes["title_zh"], themes["title_en"], strict=True)]
    columns = [column_name(*pair) for pair in zip(topics["label_zh"], topics["label_en"], strict=True)]
    with canvas(ax) as axes:
        draw_grid(
            axes, grid, rows, columns, most=float(grid.max()), texts=[[f"{share:.0%}" for share in row] for row in grid]
        )
        head(
            axes,
            "Themes and topics ∙ 叙事与主题",
            n=f"{int(table['n_passages'].iloc[0]):,} passages",
            note="Share of the topic's passages that the theme explains ∙ 主题段落中由该叙事解释的份额",
        )
    return axes


def draw_dependence_aspects(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the sides of the American dependence that each article speaks of; see `_aspects`."""
    return _aspects(table, ax, title="Sides of the U.S. dependence ∙ 美国依赖的各个方面")


def draw_bargaining_chips(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what each article on the talks lays on the table; see `_aspects`."""
    return _aspects(table, ax, title="Chips on the table ∙ 谈判桌上的筹码")


def draw_control_timeline(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw when the Chinese controls were written about, each article with its clearest words.

    Parameters
    ----------
    table
        Columns article_id, published, aspect, quote, n_passages and n_corpus, by date.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    import pandas as pd

    aspects = [name for name in NAMES if name in set(table["aspect"])]
    days = _days(table["published"])
    with canvas(ax) as axes:
        for colour, aspect in zip(colours(len(aspects)), aspects, strict=True):
            chosen = np.flatnonzero((table["aspect"] == aspect).to_numpy())
            sizes = 30 + 22 * table["n_passages"].to_numpy()[chosen]
            axes.scatter(days[chosen], chosen, s=sizes, color=colour, label=bilingual(NAMES[aspect], aspect))
        axes.hlines(np.arange(len(table)), days.min() - MARGIN, days.max() + MARGIN, color="#e4e4e4", lw=0.8, zorder=0)
        place = axes.get_yaxis_transform()
        for row, (day, quote) in enumerate(zip(table["published"], table["quote"], strict=True)):
            axes.text(1.02, row, shorten(quote, QUOTE_WIDTH), transform=place, va="center", fontsize=8.5, color=INK)
            axes.text(-0.02, row, day, transform=place, va="center", ha="right", fontsize=8.5, color=INK)
        axes.set_xlim(days.min() - MARGIN, days.max() + MARGIN)
        axes.set_yticks([])
        axes.set_ylim(len(table) - 0.4, -0.6)
        months = [str(month) for month in pd.period_range(table["published"].min(), table["published"].max(), freq="M")]
        shown = months[:: -(-len(months) // MOST_MONTHS)]
        axes.set_xticks(_days([f"{month}-01" for month in shown]), [month[2:] for month in shown])
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=len(aspects), borderaxespad=0)
        head(
            axes,
            "Chinese controls over time ∙ 中国管制的时间线",
            n=f"{len(table):,} of {int(table['n_corpus'].iloc[0]):,} articles",
            note="By date of publication; size: passages on the controls ∙ 按发布日期;大小:涉及管制的段落数",
        )
    return axes


def _aspects(table: pd.DataFrame, ax: Axes | None, *, title: str) -> Axes:
    """Draw passages by article and aspect: article_id, published, title, aspect, n_passages, n_corpus."""
    aspects = [name for name in NAMES if name in set(table["aspect"])]
    grid, articles = grid_of(table, "aspect", aspects, "n_passages")
    with canvas(ax) as axes:
        names = [f"{NAMES[name]}\n{name}" for name in aspects]
        draw_grid(axes, grid, article_names(articles), names, most=max(3.0, float(grid.max())))
        head(axes, title, n=n_of(articles, table), note="Number of passages ∙ 段落数")
    return axes


def _days(dates: Iterable[str]) -> NDArray[np.int64]:
    """Give each day a number, so that a date is a place on a line."""
    return np.array(list(dates), dtype="datetime64[D]").astype(np.int64)

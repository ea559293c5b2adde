"""Numeric claims: what is stated, by whom, and how far statements lie apart."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any

from rare_topics.plots.labels import bilingual, shorten
from rare_topics.plots.style import INK, MARKERS, canvas, colours, head, panels

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NAME_WIDTH, QUOTE_WIDTH = 44, 92
# Which way the truth lies from what is printed.
UPWARDS, DOWNWARDS = frozenset({"over", "at least"}), frozenset({"nearly", "under", "up to"})
QUALIFIERS_ZH = {
    "": "", "about": "约", "nearly": "近", "over": "超过", "at least": "至少", "up to": "至多", "under": "不足",
}  # fmt: skip
ROLES = {"announced": "announced ∙ 已宣布", "needed": "said to be needed ∙ 据称所需"}
ARROW = 13


def draw_stated_shares(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw stated shares as dots and ranges, a panel for each measure.

    Parameters
    ----------
    table
        Columns measure, measure_zh, measure_en, value, value_high (percent), qualifier, as_of,
        published, title, definition_zh, definition_en, place_zh, place_en and article_id; rows of
        a measure in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    definitions = list(dict.fromkeys(zip(table["definition_zh"], table["definition_en"], strict=True)))
    with canvas(ax) as axes:
        palette = dict(zip(definitions, colours(len(definitions)), strict=True))
        sides = list(dict.fromkeys(table["measure"]))
        for panel, side in zip(panels(axes, len(sides), columns=2, sharex=True), sides, strict=True):
            part = table[table["measure"] == side].reset_index(drop=True)
            for number, row in enumerate(part.to_dict("records")):
                key = (row["definition_zh"], row["definition_en"])
                marker = MARKERS[definitions.index(key) % len(MARKERS)]
                _statement(panel, number, row, colour=palette[key], marker=marker, suffix="%")
            _name_rows(panel, _titles(part, NAME_WIDTH - 14))
            panel.set_xlim(0, 108)
            panel.grid(axis="x")
            panel.set_title(bilingual(part["measure_zh"][0], part["measure_en"][0]), fontsize=11)
            panel.set_xlabel("Stated share, % ∙ 所称占比")
            here = set(zip(part["definition_zh"], part["definition_en"], strict=True))
            for key in filter(here.__contains__, definitions):
                panel.plot(
                    [], [], MARKERS[definitions.index(key) % len(MARKERS)], color=palette[key], label=bilingual(*key)
                )  # fmt: skip
            panel.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.16), fontsize=8.5, ncols=2, borderaxespad=0)
        place = bilingual(table["place_zh"].iloc[0], table["place_en"].iloc[0])
        head(axes, f"Stated shares ∙ 所称占比: {place}", n=_n(table))
    return axes


def draw_number_told_twice(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw one number that is told of different things, each with its sentence.

    Parameters
    ----------
    table
        Columns value, value_high, unit, qualifier, as_of, printed, published, title, quote,
        thing_zh, thing_en and article_id, in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    things = list(dict.fromkeys(zip(table["thing_zh"], table["thing_en"], strict=True)))
    with canvas(ax) as axes:
        palette = dict(zip(things, colours(len(things)), strict=True))
        for number, row in enumerate(table.to_dict("records")):
            key = (row["thing_zh"], row["thing_en"])
            marker = MARKERS[things.index(key) % len(MARKERS)]
            _statement(axes, number, row, colour=palette[key], marker=marker, suffix=f" {row['unit']}")
            axes.annotate(
                f"“{shorten(_around(row['quote'], row['printed']), QUOTE_WIDTH)}”", (0, number), (4, -17),
                xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=8.5, color=INK, va="center",
            )  # fmt: skip
        for key in things:
            axes.plot([], [], MARKERS[things.index(key) % len(MARKERS)], color=palette[key], label=bilingual(*key))
        _name_rows(axes, _titles(table, NAME_WIDTH - 14))
        axes.set_ylim(len(table) - 0.3, -0.6)
        axes.set_xlim(0, table["value_high"].max() * 1.3)
        axes.set_xlabel(f"Number as printed, {table['unit'].iloc[0]} ∙ 所印数字")
        axes.legend(loc="upper left", fontsize=9)
        head(axes, "One number told of different things ∙ 同一个数字的不同说法", n=_n(table))
    return axes


def draw_money_needed(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw sums as bars on a logarithmic scale, those announced and those said to be needed.

    Parameters
    ----------
    table
        Columns role (``announced``, ``needed``), value, value_high, unit, qualifier, as_of, measure_zh,
        measure_en, published, title and article_id, in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with canvas(ax) as axes:
        palette = dict(zip(ROLES, colours(2), strict=True))
        floor = 10.0 ** (len(f"{table['value'].min():.0f}") - 2)
        for number, row in enumerate(table.to_dict("records")):
            colour = palette[row["role"]]
            axes.barh(number, row["value"] - floor, left=floor, height=0.62, color=colour)
            axes.barh(number, row["value_high"] - row["value"], left=row["value"], height=0.62, color=colour, alpha=0.4)
            text = f"{_said(row, _short)} {row['unit']}"
            _beside(axes, row["value_high"], number, text)
        for role in dict.fromkeys(table["role"]):
            axes.barh([0], [0], left=floor, color=palette[role], label=ROLES[role])
        _name_rows(
            axes,
            [
                f"{shorten(row['title'], NAME_WIDTH - 12)}  {bilingual(row['measure_zh'], row['measure_en'])}"
                for row in table.to_dict("records")
            ],
        )
        axes.set_xscale("log")
        axes.set_xlim(floor, table["value_high"].max() * 25)
        axes.grid(axis="x")
        axes.set_xlabel(f"{table['unit'].iloc[0]}, logarithmic ∙ 对数刻度")
        axes.legend(loc="upper right")
        head(axes, "Money announced and money needed ∙ 已宣布与所需资金", n=_n(table))
    return axes


def draw_catch_up(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many years catching up is said to take.

    Parameters
    ----------
    table
        Columns value, value_high (years), qualifier, as_of, printed, published, title, quote and
        article_id, in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with canvas(ax) as axes:
        for number, row in enumerate(table.to_dict("records")):
            _statement(axes, number, row, colour=colours(1)[0], marker="o", suffix=" y ∙ 年")
        _name_rows(axes, _titles(table, NAME_WIDTH))
        axes.set_xlim(0, table["value_high"].max() * 1.35)
        axes.grid(axis="x")
        axes.set_xlabel("Years ∙ 年")
        head(axes, "Years it takes to catch up ∙ 追赶所需年数", n=_n(table), note="Arrow: at least ∙ 箭头:至少")
    return axes


def _statement(ax: Axes, y: float, row: Mapping[Hashable, Any], *, colour: str, marker: str, suffix: str) -> None:
    """Draw one statement: a dot, its range, an arrow where the truth lies beyond it, and what is said."""
    low, high = float(row["value"]), float(row["value_high"])
    if high > low:
        ax.plot([low, high], [y, y], color=colour, lw=3, solid_capstyle="round")
    ax.plot([low, high] if high > low else [low], [y, y] if high > low else [y], marker, color=colour, ms=7, ls="none")
    way = (row["qualifier"] in UPWARDS) - (row["qualifier"] in DOWNWARDS)
    if way:
        ax.annotate(
            "", (high, y), (way * (ARROW + 5), 0), textcoords="offset points",
            arrowprops={"arrowstyle": "<-", "color": colour, "lw": 1.4, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
    said = _said(row, lambda value: f"{value:,.10g}") + suffix + (f"  ({row['as_of']})" if row["as_of"] else "")
    place = (10 + (ARROW if way > 0 else 0), 0)
    ax.annotate(said, (high, y), place, textcoords="offset points", va="center", fontsize=9, color=INK)


def _said(row: Mapping[Hashable, Any], write: Callable[[float], str]) -> str:
    """Write a value with its range and its qualifier in both languages."""
    low, high = float(row["value"]), float(row["value_high"])
    number = write(low) if high <= low else f"{write(low)}–{write(high)}"
    qualifier = str(row["qualifier"])
    return f"{bilingual(QUALIFIERS_ZH[qualifier], qualifier)} {number}".strip()


def _short(value: float) -> str:
    """Write a sum with its scale: 1.6 bn."""
    for power, name in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if value >= power:
            return f"{value / power:,.4g} {name}"
    return f"{value:,.10g}"


def _around(quote: str, printed: str) -> str:
    """Cut a quote so that what is printed stands near its beginning."""
    at = quote.find(printed)
    if at < QUOTE_WIDTH // 3:
        return quote
    cut = at - QUOTE_WIDTH // 4
    space = quote.find(" ", cut, at)
    return "…" + quote[space + 1 if space >= 0 else cut :]


def _beside(ax: Axes, x: float, y: float, text: str) -> None:
    ax.annotate(text, (x, y), (5, 0), textcoords="offset points", va="center", fontsize=9, color=INK)


def _name_rows(ax: Axes, names: list[str]) -> None:
    """Name the rows, first on top."""
    ax.set_yticks(range(len(names)), names, fontsize=8.5)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", colors=INK)


def _titles(table: pd.DataFrame, width: int) -> list[str]:
    return [f"{row['published']}  {shorten(row['title'], width)}" for row in table.to_dict("records")]


def _n(table: pd.DataFrame) -> str:
    return f"{len(table)} claims in {table['article_id'].nunique()} articles"

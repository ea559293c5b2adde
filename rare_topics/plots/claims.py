"""Numeric claims: what is stated, by whom, and how far statements lie apart."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any

from rare_topics.claims.number_wording import QUALIFIERS_ZH
from rare_topics.plots.axes import annotate_right, grid_axes, name_rows, power_ticks, styled_axes, title
from rare_topics.plots.labels import join_languages, shorten
from rare_topics.plots.style import MARKERS, TEXT_COLOUR, colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Widths in columns of `labels.display_width`.
TITLE_WIDTH = 44
NARROW_TITLE_WIDTH = 30
MONEY_TITLE_WIDTH = 32
QUOTE_WIDTH = 92
# Qualifiers that say that the true value lies above or below the printed one.
UPWARD_QUALIFIERS = frozenset({"over", "at least"})
DOWNWARD_QUALIFIERS = frozenset({"nearly", "under", "up to"})
ROLE_NAMES = {"announced": "announced ∙ 已宣布", "needed": "said to be needed ∙ 据称所需"}
# Length of an arrow in points.
ARROW_LENGTH = 13


def draw_stated_shares(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw stated shares as dots and ranges, a panel for each measure.

    Parameters
    ----------
    table
        Columns measure, subject_zh, subject_en, value, value_high (percent), qualifier, as_of,
        published, title, definition_zh, definition_en, place_zh, place_en and article_id; rows of
        a measure in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    measures = [rows.reset_index(drop=True) for _, rows in table.groupby("measure", sort=False)]
    with styled_axes(ax) as axes:
        styles = _styles(table, "definition")
        panels = grid_axes(axes, len(measures), columns=2, sharex=True)
        for panel, rows in zip(panels, measures, strict=True):
            _draw_shares(panel, rows, styles)
        place = join_languages(table["place_zh"].iloc[0], table["place_en"].iloc[0])
        title(axes, f"Stated shares ∙ 所称占比: {place}", n=_n_claims(table))
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
    with styled_axes(ax) as axes:
        styles = _styles(table, "thing")
        for number, row in enumerate(table.to_dict("records")):
            style = styles[row["thing_zh"], row["thing_en"]]
            _draw_statement(axes, number, row, style=style, suffix=f" {row['unit']}")
            axes.annotate(
                f"“{shorten(_quote_from(row['quote'], row['printed']), QUOTE_WIDTH)}”", (0, number), (4, -17),
                xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=8.5, color=TEXT_COLOUR,
                va="center",
            )  # fmt: skip
        for names, (colour, marker) in styles.items():
            axes.plot([], [], marker, color=colour, label=join_languages(*names))
        name_rows(axes, _dated_titles(table, NARROW_TITLE_WIDTH), fontsize=8.5, color=TEXT_COLOUR)
        axes.set_ylim(len(table) - 0.3, -0.6)
        axes.set_xlim(0, table["value_high"].max() * 1.3)
        axes.set_xlabel(f"Number as printed, {table['unit'].iloc[0]} ∙ 所印数字")
        axes.legend(loc="upper left", fontsize=9)
        title(axes, "One number told of different things ∙ 同一个数字的不同说法", n=_n_claims(table))
    return axes


def draw_money_needed(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw sums as bars on a logarithmic scale, those announced and those said to be needed.

    Parameters
    ----------
    table
        Columns role (``announced``, ``needed``), value, value_high, unit, qualifier, as_of, subject_zh,
        subject_en, published, title and article_id, in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with styled_axes(ax) as axes:
        palette = dict(zip(ROLE_NAMES, colours(2), strict=True))
        # The axis begins one power of ten below the smallest sum, so that its bar has a length.
        floor = 10.0 ** (len(f"{table['value'].min():.0f}") - 2)
        for number, row in enumerate(table.to_dict("records")):
            colour = palette[row["role"]]
            axes.barh(number, row["value"] - floor, left=floor, height=0.62, color=colour)
            axes.barh(number, row["value_high"] - row["value"], left=row["value"], height=0.62, color=colour, alpha=0.4)
            annotate_right(axes, row["value_high"], number, f"{_format_value(row, _format_sum)} {row['unit']}")
        for role in dict.fromkeys(table["role"]):
            axes.barh([0], [0], left=floor, color=palette[role], label=ROLE_NAMES[role])
        names = [
            f"{shorten(row['title'], MONEY_TITLE_WIDTH)}  {join_languages(row['subject_zh'], row['subject_en'])}"
            for row in table.to_dict("records")
        ]
        name_rows(axes, names, fontsize=8.5, color=TEXT_COLOUR)
        axes.set_xscale("log")
        power_ticks(axes.xaxis)
        axes.set_xlim(floor, table["value_high"].max() * 25)
        axes.grid(axis="x")
        axes.set_xlabel(f"{table['unit'].iloc[0]}, logarithmic ∙ 对数刻度")
        axes.legend(loc="upper right")
        title(axes, "Money announced and money needed ∙ 已宣布与所需资金", n=_n_claims(table))
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
    with styled_axes(ax) as axes:
        for number, row in enumerate(table.to_dict("records")):
            _draw_statement(axes, number, row, style=(colours(1)[0], "o"), suffix=" y ∙ 年")
        name_rows(axes, _dated_titles(table, TITLE_WIDTH), fontsize=8.5, color=TEXT_COLOUR)
        axes.set_xlim(0, table["value_high"].max() * 1.35)
        axes.grid(axis="x")
        axes.set_xlabel("Years ∙ 年")
        title(axes, "Years it takes to catch up ∙ 追赶所需年数", n=_n_claims(table), note="Arrow: at least ∙ 箭头:至少")
    return axes


def _styles(table: pd.DataFrame, name: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Give each pair of ``{name}_zh`` and ``{name}_en`` a colour and a marker, in the order of the table."""
    pairs = list(dict.fromkeys(zip(table[f"{name}_zh"], table[f"{name}_en"], strict=True)))
    palette = colours(len(pairs))
    return {pair: (palette[number], MARKERS[number % len(MARKERS)]) for number, pair in enumerate(pairs)}


def _draw_shares(panel: Axes, rows: pd.DataFrame, styles: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Draw the stated shares of one measure, and a legend of the definitions in use."""
    pairs = list(zip(rows["definition_zh"], rows["definition_en"], strict=True))
    for number, (row, pair) in enumerate(zip(rows.to_dict("records"), pairs, strict=True)):
        _draw_statement(panel, number, row, style=styles[pair], suffix="%")
    name_rows(panel, _dated_titles(rows, NARROW_TITLE_WIDTH), fontsize=8.5, color=TEXT_COLOUR)
    panel.set_xlim(0, 108)
    panel.grid(axis="x")
    panel.set_title(join_languages(rows["subject_zh"][0], rows["subject_en"][0]), fontsize=11)
    panel.set_xlabel("Stated share, % ∙ 所称占比")
    for pair, (colour, marker) in styles.items():
        if pair in pairs:
            panel.plot([], [], marker, color=colour, label=join_languages(*pair))
    panel.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.16), fontsize=8.5, ncols=2, borderaxespad=0)


def _draw_statement(ax: Axes, y: float, row: Mapping[Hashable, Any], *, style: tuple[str, str], suffix: str) -> None:
    """Draw a claim: a dot, a line for its range, an arrow where the true value lies beyond, and its number.

    Parameters
    ----------
    ax
        Axes to draw into.
    y
        Position of the row.
    row
        value, value_high, qualifier and as_of.
    style
        Colour and marker.
    suffix
        Unit behind the number.
    """
    colour, marker = style
    low, high = float(row["value"]), float(row["value_high"])
    ends = [low, high] if high > low else [low]
    if high > low:
        ax.plot(ends, [y, y], color=colour, lw=3, solid_capstyle="round")
    ax.plot(ends, [y] * len(ends), marker, color=colour, ms=7, ls="none")
    direction = (row["qualifier"] in UPWARD_QUALIFIERS) - (row["qualifier"] in DOWNWARD_QUALIFIERS)
    if direction:
        ax.annotate(
            "", (high, y), (direction * (ARROW_LENGTH + 5), 0), textcoords="offset points",
            arrowprops={"arrowstyle": "<-", "color": colour, "lw": 1.4, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
    text = _format_value(row, lambda value: f"{value:,.10g}") + suffix
    if row["as_of"]:
        text += f"  ({row['as_of']})"
    offset = (10 + (ARROW_LENGTH if direction > 0 else 0), 0)
    ax.annotate(text, (high, y), offset, textcoords="offset points", va="center", fontsize=9, color=TEXT_COLOUR)


def _format_value(row: Mapping[Hashable, Any], format_number: Callable[[float], str]) -> str:
    """Write a value with its range and its qualifier in both languages."""
    low, high = float(row["value"]), float(row["value_high"])
    number = format_number(low) if high <= low else f"{format_number(low)}–{format_number(high)}"
    qualifier = str(row["qualifier"])
    return f"{join_languages(QUALIFIERS_ZH[qualifier], qualifier)} {number}".strip()


def _format_sum(value: float) -> str:
    """Write a sum of money with its scale, as ``1.6 bn``."""
    for power, name in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if value >= power:
            return f"{value / power:,.4g} {name}"
    return f"{value:,.10g}"


def _quote_from(quote: str, printed: str) -> str:
    """Cut off the beginning of a quote so that the printed number stands near its start."""
    position = quote.find(printed)
    if position < QUOTE_WIDTH // 3:
        return quote
    cut = position - QUOTE_WIDTH // 4
    space = quote.find(" ", cut, position)
    return "…" + quote[space + 1 if space >= 0 else cut :]


def _dated_titles(table: pd.DataFrame, width: int) -> list[str]:
    return [f"{row['published']}  {shorten(row['title'], width)}" for row in table.to_dict("records")]


def _n_claims(table: pd.DataFrame) -> str:
    return f"{len(table)} claims in {table['article_id'].nunique()} articles"

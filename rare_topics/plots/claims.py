"""Numeric claims: what is stated, by whom, and how far statements lie apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from rare_topics.claims.tense import HISTORY, NOW
from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import (
    LEGEND_PAD,
    annotate_right,
    grid_axes,
    integer_ticks,
    money_ticks,
    name_rows,
    styled_axes,
    title,
)
from rare_topics.plots.labels import join_languages, own_words, shorten, wrap
from rare_topics.plots.style import GREY, MARKERS, TEXT_COLOUR, colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Widths in columns of `labels.display_width`.
NARROW_TITLE_WIDTH = 30
QUOTE_WIDTH = 92
# Qualifiers that say that the true value lies above or below the printed one.
UPWARD_QUALIFIERS = frozenset({"over", "at least"})
DOWNWARD_QUALIFIERS = frozenset({"nearly", "under", "up to"})
ROLE_NAMES = {"announced": "announced ∙ 已宣布", "needed": "said to be needed ∙ 据称所需"}
IMPLAUSIBLE_NAME = "too far apart for one sum ∙ 相差过大，必有一误"
PART_NAMES = {"behind": "behind today ∙ 目前落后", "needs": "needed to catch up ∙ 追赶所需"}
TENSE_NAMES = {"now": "stated ∙ 现状", "plan": "expected or demanded ∙ 预期或要求", "history": "of the past ∙ 过去"}
HATCH = "////"
PALE = 0.4
# Length of an arrow in points.
ARROW_LENGTH = 13


class Mark(NamedTuple):
    """How a statement is drawn; a hollow one is not yet true, a pale one no longer."""

    colour: str
    marker: str = "o"
    is_hollow: bool = False
    is_pale: bool = False


def draw_stated_shares(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw stated shares as dots and ranges, a panel for each measure.

    Parameters
    ----------
    table
        Columns measure, subject_zh, subject_en, value, value_high (percent), qualifier, number_zh,
        number_en, as_of, published, title, definition_zh, definition_en, place_zh, place_en and
        article_id; rows of a measure in the order of the picture.
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
        place = table["place_zh"].iloc[0], table["place_en"].iloc[0]
        title(axes, f"Stated shares: {place[-1]} ∙ 所称占比：{place[0]}", n=_n_claims(table))
    return axes


def draw_dependence_shares(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw which share of a thing each country is said to take from others, with source and date.

    Parameters
    ----------
    table
        Columns place, place_zh, place_en, thing_zh, thing_en, value, value_high (percent), qualifier,
        number_zh, number_en, as_of, published, source_zh, source_en, tense and article_id; rows in
        the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with styled_axes(ax) as axes:
        palette = _colours_of(table["place"])
        for number, row in enumerate(table.to_dict("records")):
            tense = row["tense"]
            mark = Mark(palette[row["place"]], is_hollow=tense not in {NOW, HISTORY}, is_pale=tense == HISTORY)
            date = row["as_of"] or row["published"]
            source = join_languages(row["source_zh"], row["source_en"])
            _draw_statement(axes, number, row, mark=mark, after=f"  {date}  {source}")
        names = [
            shorten(
                join_languages(f"{row['place_zh']}：{row['thing_zh']}", f"{row['place_en']}: {row['thing_en']}"), 60
            )
            for row in table.to_dict("records")
        ]
        name_rows(axes, names, fontsize=9)
        axes.set_xlim(0, 165)
        axes.set_xticks(range(0, 101, 20))
        axes.grid(axis="x")
        axes.set_xlabel(own_words("Share, % ∙ 占比"), loc="left")
        for tense in (tense for tense in TENSE_NAMES if tense in set(table["tense"])):
            mark = Mark(GREY, is_hollow=tense not in {NOW, HISTORY}, is_pale=tense == HISTORY)
            _plot_mark(axes, [], [], mark, label=own_words(TENSE_NAMES[tense]))
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=3, borderaxespad=LEGEND_PAD)
        title(axes, "Dependence as stated ∙ 所称依赖度", n=_n_claims(table))
    return axes


def draw_number_told_twice(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw one number that is told of different things, each with its sentence.

    Parameters
    ----------
    table
        Columns value, value_high, unit, qualifier, number_zh, number_en, as_of, printed, published,
        title, quote, thing_zh, thing_en and article_id, in the order of the picture.
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
            _draw_statement(axes, number, row, mark=styles[row["thing_zh"], row["thing_en"]], after=_as_of(row))
            axes.annotate(
                f"“{shorten(_quote_from(row['quote'], row['printed']), QUOTE_WIDTH)}”", (0, number), (4, -17),
                xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=8.5, color=TEXT_COLOUR,
                va="center",
            )  # fmt: skip
        for names, mark in styles.items():
            _plot_mark(axes, [], [], mark, label=join_languages(*names))
        name_rows(axes, _dated_titles(table, NARROW_TITLE_WIDTH), fontsize=8.5, color=TEXT_COLOUR)
        axes.set_ylim(len(table) - 0.3, -0.6)
        axes.set_xlim(0, table["value_high"].max() * 1.5)
        axes.set_xlabel(own_words(f"Number as printed, {table['unit'].iloc[0]} ∙ 所印数字"))
        axes.legend(loc="upper left", fontsize=9)
        title(axes, "One number told of different things ∙ 同一个数字的不同说法", n=_n_claims(table))
    return axes


def draw_money_needed(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw sums as bars on a logarithmic scale, those announced and those said to be needed.

    Parameters
    ----------
    table
        Columns role (``announced``, ``needed``), implausible, value, value_high, unit, number_zh,
        number_en, subject_zh, subject_en and article_id, in the order of the picture.
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
            bar: dict[str, Any] = {"height": 0.62, "color": palette[row["role"]], "edgecolor": "white", "lw": 0}
            bar |= {"hatch": HATCH} if row["implausible"] else {}
            axes.barh(number, row["value"] - floor, left=floor, **bar)
            axes.barh(number, row["value_high"] - row["value"], left=row["value"], alpha=PALE, **bar)
            annotate_right(axes, row["value_high"], number, _number(row))
        for role in dict.fromkeys(table["role"]):
            axes.barh([0], [0], left=floor, color=palette[role], label=own_words(ROLE_NAMES[role]))
        if table["implausible"].any():
            axes.barh(
                [0], [0], left=floor, color=GREY, hatch=HATCH, edgecolor="white", label=own_words(IMPLAUSIBLE_NAME)
            )
        names = zip(table["subject_zh"], table["subject_en"], strict=True)
        name_rows(axes, [join_languages(zh, en) for zh, en in names], fontsize=8.5, color=TEXT_COLOUR)
        axes.set_xscale("log")
        money_ticks(axes.xaxis)
        axes.set_xlim(floor, table["value_high"].max() * 60)
        axes.grid(axis="x")
        axes.set_xlabel(own_words(f"{table['unit'].iloc[0]}, logarithmic ∙ 对数刻度"))
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=3, borderaxespad=LEGEND_PAD + 1)
        title(axes, "Money announced and money needed ∙ 已宣布与所需资金", n=_n_claims(table))
    return axes


def draw_catch_up(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many years others are said to be behind, and how many catching up is said to need.

    Parameters
    ----------
    table
        Columns part (of `PART_NAMES`), value, value_high (years), qualifier, number_zh, number_en,
        as_of, published, place_zh, place_en, source_zh, source_en and article_id, in the order of the
        picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with styled_axes(ax) as axes:
        marks = {
            part: Mark(colour, MARKERS[n]) for n, (part, colour) in enumerate(zip(PART_NAMES, colours(2), strict=True))
        }
        records = table.to_dict("records")
        for number, row in enumerate(records):
            source = join_languages(row["source_zh"], row["source_en"])
            _draw_statement(axes, number, row, mark=marks[row["part"]], after=f"  {row['published']}  {source}")
        for part in dict.fromkeys(table["part"]):
            _plot_mark(axes, [], [], marks[part], label=own_words(PART_NAMES[part]))
        parts = table["part"].tolist()
        for row_number in (number for number in range(1, len(parts)) if parts[number] != parts[number - 1]):
            axes.axhline(row_number - 0.5, color=GREY, lw=0.8)
        name_rows(axes, [join_languages(row["place_zh"], row["place_en"]) or "–" for row in records], fontsize=9)
        axes.set_xlim(0, table["value_high"].max() * 1.9)
        integer_ticks(axes.xaxis)
        axes.grid(axis="x")
        axes.set_xlabel(own_words("Years ∙ 年"))
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=2, borderaxespad=LEGEND_PAD)
        title(
            axes,
            "Years behind, years needed ∙ 落后年数与追赶年数",
            n=_n_claims(table),
            note="Arrow: at least ∙ 箭头：至少",
        )
    return axes


def draw_planned_starts(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw in which year production is planned to start, with the sentence that says so.

    Parameters
    ----------
    table
        Columns value (a year), place, place_zh, place_en, thing_zh, thing_en, quote, printed and
        article_id, in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with styled_axes(ax) as axes:
        palette = _colours_of(table["place"])
        beside = axes.get_yaxis_transform()
        for number, row in enumerate(table.to_dict("records")):
            _plot_mark(axes, [row["value"]], [number], Mark(palette[row["place"]], is_hollow=True))
            sentence = _quote_from(row["quote"], row["printed"], before=QUOTE_WIDTH)
            quote = "\n".join(wrap(f"“{shorten(sentence, 2 * QUOTE_WIDTH - 2)}”", QUOTE_WIDTH))
            axes.text(1.02, number, quote, transform=beside, va="center", fontsize=8.5, color=TEXT_COLOUR)
        names = [
            f"{join_languages(row['place_zh'], row['place_en'])}\n{join_languages(row['thing_zh'], row['thing_en'])}"
            for row in table.to_dict("records")
        ]
        name_rows(axes, names, fontsize=8.5, linespacing=1.25)
        axes.set_xlim(table["value"].min() - 0.6, table["value"].max() + 0.6)
        integer_ticks(axes.xaxis)
        axes.grid(axis="both")
        title(axes, "Planned starts of production ∙ 计划投产时间", n=_n_claims(table))
    return axes


def _colours_of(names: pd.Series[str]) -> dict[str, str]:
    """Return a colour for each name, in the order in which they first stand."""
    different = list(dict.fromkeys(names))
    return dict(zip(different, colours(len(different)), strict=True))


def _styles(table: pd.DataFrame, name: str) -> dict[tuple[str, str], Mark]:
    """Give each pair of ``{name}_zh`` and ``{name}_en`` a colour and a marker, in the order of the table."""
    pairs = list(dict.fromkeys(zip(table[f"{name}_zh"], table[f"{name}_en"], strict=True)))
    palette = colours(len(pairs))
    return {pair: Mark(palette[number], MARKERS[number % len(MARKERS)]) for number, pair in enumerate(pairs)}


def _draw_shares(panel: Axes, rows: pd.DataFrame, styles: dict[tuple[str, str], Mark]) -> None:
    """Draw the stated shares of one measure, and a legend of the definitions in use."""
    pairs = list(zip(rows["definition_zh"], rows["definition_en"], strict=True))
    for number, (row, pair) in enumerate(zip(rows.to_dict("records"), pairs, strict=True)):
        _draw_statement(panel, number, row, mark=styles[pair], after=_as_of(row))
    name_rows(panel, _dated_titles(rows, NARROW_TITLE_WIDTH), fontsize=8.5, color=TEXT_COLOUR)
    panel.set_xlim(0, 150)
    panel.set_xticks(range(0, 101, 20))
    panel.grid(axis="x")
    panel.set_title(join_languages(rows["subject_zh"][0], rows["subject_en"][0]), fontsize=11)
    panel.set_xlabel(own_words("Stated share, % ∙ 所称占比"), loc="left")
    for pair, mark in styles.items():
        if pair in pairs:
            _plot_mark(panel, [], [], mark, label=join_languages(*pair))
    panel.legend(loc="upper left", bbox_to_anchor=(0, 0), fontsize=8.5, ncols=2, borderaxespad=LEGEND_PAD)


def _draw_statement(ax: Axes, y: float, row: Mapping[Hashable, Any], *, mark: Mark, after: str = "") -> None:
    """Draw a claim: a dot, a line for its range, an arrow where the true value lies beyond, and its number.

    Parameters
    ----------
    ax
        Axes to draw into.
    y
        Position of the row.
    row
        value, value_high, qualifier, number_zh and number_en.
    mark
        Colour and form.
    after
        Text behind the number.
    """
    low, high = float(row["value"]), float(row["value_high"])
    ends = [low, high] if high > low else [low]
    if high > low:
        ax.plot(ends, [y, y], color=mark.colour, lw=3, solid_capstyle="round")
    _plot_mark(ax, ends, [y] * len(ends), mark)
    direction = (row["qualifier"] in UPWARD_QUALIFIERS) - (row["qualifier"] in DOWNWARD_QUALIFIERS)
    if direction:
        ax.annotate(
            "", (high, y), (direction * (ARROW_LENGTH + 5), 0), textcoords="offset points",
            arrowprops={"arrowstyle": "<-", "color": mark.colour, "lw": 1.4, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
    offset = (10 + (ARROW_LENGTH if direction > 0 else 0), 0)
    text = _number(row) + after
    ax.annotate(text, (high, y), offset, textcoords="offset points", va="center", fontsize=9, color=TEXT_COLOUR)


def _plot_mark(ax: Axes, x: list[float], y: list[float], mark: Mark, *, label: str | None = None) -> None:
    face = "white" if mark.is_hollow else mark.colour
    alpha = PALE if mark.is_pale else 1
    ax.plot(x, y, mark.marker, color=mark.colour, mfc=face, ms=7, mew=1.4, ls="none", alpha=alpha, label=label)


def _number(row: Mapping[Hashable, Any]) -> str:
    return join_languages(row["number_zh"], row["number_en"])


def _as_of(row: Mapping[Hashable, Any]) -> str:
    return f"  ({row['as_of']})" if row["as_of"] else ""


def _quote_from(quote: str, printed: str, *, before: int = QUOTE_WIDTH // 4) -> str:
    """Cut off the beginning of a quote so that about so many characters stand before the printed number."""
    position = quote.find(printed)
    if position <= before:
        return quote
    cut = position - before
    space = quote.find(" ", cut, position)
    return "…" + quote[space + 1 if space >= 0 else cut :]


def _dated_titles(table: pd.DataFrame, width: int) -> list[str]:
    return [f"{row['published']}  {shorten(row['title'], width)}" for row in table.to_dict("records")]


def _n_claims(table: pd.DataFrame) -> Label:
    n_articles = table["article_id"].nunique()
    en = f"{len(table)} claim{'s' * (len(table) != 1)} in {n_articles} article{'s' * (n_articles != 1)}"
    return Label(zh=f"{n_articles} 篇文章中的 {len(table)} 个数字", en=en)

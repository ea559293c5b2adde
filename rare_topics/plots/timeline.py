"""The timeline of export controls: acts by their date, demands and threats apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import LEGEND_PAD, article_count, styled_axes, title
from rare_topics.plots.labels import SEPARATOR, drawn_languages, join_languages, labels_in_order, shorten
from rare_topics.plots.style import TEXT_COLOUR, colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

# Columns of `labels.display_width`.
TEXT_WIDTH = 84
# Months named below the timeline.
MOST_MONTHS = 8
# Days of room before the first date and behind the last.
MARGIN_DAYS = 20
# Acts of more days before the last date stand at the left edge, so that those of late are told apart (by hand).
MOST_DAYS = 3 * 365
LINE_COLOUR = "#e4e4e4"
# Directions of acts of control, in the order of the legend, and their markers.
DIRECTION_LABELS = {
    "tightened": Label(zh="收紧", en="tightened"),
    "eased": Label(zh="放宽", en="eased"),
    "demanded": Label(zh="要求放宽", en="easing demanded"),
    "threatened": Label(zh="威胁或可能收紧", en="tightening threatened or possible"),
}
DIRECTION_MARKERS = {"tightened": "^", "eased": "v", "demanded": "D", "threatened": "s"}
# Parts of the timeline, from top to bottom.
PARTS = {
    "dated": Label(zh="有日期的行动", en="Acts with a date"),
    "undated": Label(zh="未注明日期的行动", en="Acts without a date"),
    "asked": Label(zh="要求与威胁", en="Demands and threats"),
}
SENTENCES = {
    "tightened": Label(zh="{actor}收紧{object}管制", en="{actor} tightened: {object}"),
    "eased": Label(zh="{actor}放宽{object}管制", en="{actor} eased: {object}"),
    "demanded": Label(zh="要求放宽{object}管制", en="easing demanded: {object}"),
    "threatened": Label(zh="威胁或可能收紧{object}管制", en="tightening threatened or possible: {object}"),
}
NOBODY = Label(zh="（未指明）", en="(not said who)")
ANYTHING = Label(zh="出口", en="export controls")


def draw_control_timeline(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw acts of control by the date of the act; what is undated, asked for or threatened stands apart.

    Parameters
    ----------
    table
        Columns part (of `PARTS`), date (empty where the text gives none), published, direction,
        actor_zh, actor_en, object_zh, object_en, article_id, n_corpus and is_doubtful, in the
        order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes. A full marker is the date of an act, a hollow one the publication of one
        without date; an arrow to the left says that the date lies before the axis, a question mark
        that the year may be a slip.
    """
    rows, headings = _place_rows(table["part"].tolist())
    records = table.to_dict("records")
    days = _day_numbers([_first_day(row["date"]) or row["published"] for row in records])
    first = max(days.min(), days.max() - MOST_DAYS) - MARGIN_DAYS
    with styled_axes(ax) as axes:
        directions = labels_in_order(table["direction"], DIRECTION_LABELS)
        colour_of = dict(zip(DIRECTION_LABELS, colours(len(DIRECTION_LABELS)), strict=True))
        beside = axes.get_yaxis_transform()
        text: dict[str, Any] = {"transform": beside, "va": "center", "fontsize": 9, "color": TEXT_COLOUR}
        for y, day, row in zip(rows, days, records, strict=True):
            colour, is_early = colour_of[row["direction"]], day < first
            marker = "<" if is_early else DIRECTION_MARKERS[row["direction"]]
            face = colour if row["date"] else "white"
            place = first + MARGIN_DAYS / 2 if is_early else day
            axes.scatter([place], [y], s=52, marker=marker, color=face, edgecolors=colour, zorder=3)
            axes.text(1.02, y, shorten(join_languages(*_sentence(row)), TEXT_WIDTH), **text)
            date = f"{row['date']} ?" if row["is_doubtful"] else row["date"]
            axes.text(-0.02, y, date or "–", ha="right", **text)
        for y, part in headings:
            axes.text(0, y, SEPARATOR.join(reversed(drawn_languages(PARTS[part]))), **{**text, "fontsize": 10})
        for direction, label in directions.items():
            marker = DIRECTION_MARKERS[direction]
            axes.scatter([], [], s=52, marker=marker, color=colour_of[direction], label=join_languages(*label))
        last = days.max() + MARGIN_DAYS
        axes.hlines(rows, first, last, color=LINE_COLOUR, lw=0.8, zorder=0)
        axes.set_xlim(first, last)
        axes.set_yticks([])
        axes.set_ylim(max(rows) + 0.7, -0.7)
        _name_months(axes, int(first), int(days.max()))
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=len(directions), borderaxespad=LEGEND_PAD)
        title(
            axes,
            "Acts of export control ∙ 出口管制行动",
            n=article_count(table["article_id"].nunique(), int(table["n_corpus"].iloc[0])),
            note="By date of the act; hollow: date of publication; ◂: earlier; ?: the year may be a slip ∙ "
            "按行动日期；空心：发表日期；◂：更早；?：年份或有误",
        )
    return axes


def _place_rows(parts: list[str]) -> tuple[list[int], list[tuple[int, str]]]:
    """Return the place of each row, and those of the headings, one above each part."""
    rows: list[int] = []
    headings: list[tuple[int, str]] = []
    for number, part in enumerate(parts):
        if number == 0 or part != parts[number - 1]:
            headings.append((number + len(headings), part))
        rows.append(number + len(headings))
    return rows, headings


def _sentence(row: Mapping[Hashable, Any]) -> Label:
    """Say who did what in both languages."""
    return Label(
        *(
            template.format(
                actor=row[f"actor_{lang}"] or NOBODY.in_language(lang),
                object=row[f"object_{lang}"] or ANYTHING.in_language(lang),
            )
            for lang, template in zip(("zh", "en"), SENTENCES[row["direction"]], strict=True)
        )
    )


def _name_months(axes: Axes, first: int, last: int) -> None:
    import pandas as pd

    start, end = pd.to_datetime([first, last], unit="D")
    months = [str(month) for month in pd.period_range(start, end, freq="M")][1:] or [str(end.to_period("M"))]
    months = months[:: -(-len(months) // MOST_MONTHS)]
    axes.set_xticks(_day_numbers([f"{month}-01" for month in months]), months)


def _first_day(date: str) -> str:
    """Return the first day of a date: of ``2025``, ``2025-06``, ``2025-Q3`` or a day itself."""
    year, _, rest = date.partition("-")
    if rest.startswith("Q"):
        rest = f"{3 * int(rest[1]) - 2:02d}"
    month, _, day = rest.partition("-")
    return f"{year}-{month or '01'}-{day or '01'}" if year else ""


def _day_numbers(dates: Iterable[str]) -> NDArray[np.int64]:
    """Convert ISO dates to days since 1970, to place them on an axis."""
    return np.array(list(dates), dtype="datetime64[D]").astype(np.int64)

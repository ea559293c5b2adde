"""Axes: made in the package's style, divided into panels, titled, their rows named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.claims.number_wording import scale_wording
from rare_topics.corpus.languages import Label
from rare_topics.plots.labels import drawn_languages, own_words, wrap
from rare_topics.plots.style import FONT_FAMILY, TEXT_COLOUR, figure_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.gridspec import GridSpecBase
    from matplotlib.ticker import PercentFormatter
    from numpy.typing import NDArray


POINTS_PER_INCH = 72
# Sizes in points of the sentence over a drawing, and of the drawing's own title below it.
ANSWER_SIZE = 13
NAME_SIZE = 10
ANSWER_STYLE: dict[str, Any] = {"fontsize": ANSWER_SIZE, "fontfamily": list(FONT_FAMILY), "linespacing": 1.25}
# Where the sentence begins, and the least room it takes, as shares of the width of the figure.
ANSWER_LEFT = 0.012
LEAST_ANSWER_WIDTH = 0.25
# Width of a column of `labels.display_width` in sizes of the font: half a Chinese character, a Latin letter and more.
COLUMN_EM = 0.53
# Distance of a legend below the axes, in sizes of its font, that leaves room for the ticks and their name.
LEGEND_PAD = 4.0
# The Chinese font draws these marks as wide as a Chinese character.
NARROW_QUOTES = str.maketrans("“”", '""')


@contextmanager
def styled_axes(ax: Axes | None) -> Iterator[Axes]:
    """Give a drawing its axes, and the package's style as long as the block lasts.

    Parameters
    ----------
    ax
        Axes to draw into, or None for those of a new figure.

    Yields
    ------
    Axes
        The same axes. When the block ends, the font of all their text is one that has Chinese characters, and no text
        is read as a formula, also in axes that the user made under another style.
    """
    import matplotlib.pyplot as plt
    from matplotlib.text import Text

    with figure_style():
        if ax is None:
            _, ax = plt.subplots()
        yield ax
        for text in ax.findobj(Text):
            text.set_fontfamily(list(FONT_FAMILY))
            text.set_parse_math(False)
        ax.tick_params(labelfontfamily=list(FONT_FAMILY))


def percent_ticks(decimals: int = 0) -> PercentFormatter:
    """Return a formatter that prints shares of 1 as percentages."""
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(xmax=1, decimals=decimals)


def error_bars(middle: pd.Series[float], low: pd.Series[float], high: pd.Series[float]) -> NDArray[np.float64]:
    """Return the lengths of error bars as `Axes.errorbar` takes them.

    Parameters
    ----------
    middle, low, high
        Values and the ends of their intervals; nan where there is no interval.

    Returns
    -------
    ndarray of shape (2, n)
        Lengths below and above the values, 0 where there is no interval.
    """
    lengths: NDArray[np.float64] = np.array([middle - low, high - middle], dtype=float)
    return np.nan_to_num(lengths).clip(min=0)


def money_ticks(axis: Axis) -> None:
    """Name the powers of a thousand on a logarithmic axis with the scale words of both languages: 1bn, 10亿."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axis.set_major_locator(LogLocator(base=1000, numticks=20))
    axis.set_minor_locator(NullLocator())
    # Ticks are written when the picture is saved, where nothing says any more which language is drawn.
    drawn = copy_context()
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: "\n".join(reversed(drawn.run(drawn_languages, scale_wording(value)))))
    )


def integer_ticks(axis: Axis) -> None:
    """Set ticks at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True))


def root_figure(ax: Axes) -> Figure:
    """Return the figure that axes stand in, also if they stand in a figure within it.

    Raises
    ------
    ValueError
        If the axes have been removed from their figure.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes have been removed from their figure; draw into axes of a figure")
    return figure


def article_count(n: int, of: int | None = None) -> Label:
    """Say how many articles a picture shows, and of how many where it is not all, for the N of a title."""
    if of is None or of == n:
        return Label(zh=f"{n:,} 篇文章", en=f"{n:,} articles")
    return Label(zh=f"{of:,} 篇文章中的 {n:,} 篇", en=f"{n:,} of {of:,} articles")


def dated_article_count(table: pd.DataFrame) -> Label:
    """Say how many articles have a date, of a table with a row for each month and another column."""
    n = int(table.drop_duplicates("month")["n_articles"].sum())
    return Label(zh=f"{n:,} 篇有日期的文章", en=f"{n:,} dated articles")


def title(ax: Axes, text: str, *, n: Label, note: str = "") -> None:
    """Write the title with its N, and below it how to read the picture.

    Parameters
    ----------
    ax
        Axes to write over.
    text
        Title in both languages, joined by `SEPARATOR`, English first.
    n
        How many of what, as ``34 articles``; in English where both languages are drawn.
    note
        What intervals, sizes or colours mean, as `text`.
    """
    text, note = own_words(text), own_words(note)
    lines = note.count("\n") + 1 if note else 0
    # A title without a height of its own looks for names above the axes at every drawing.
    y = None if ax.xaxis.get_ticks_position() == "top" else 1
    ax.set_title(
        f"{text}  (N = {drawn_languages(n)[-1]})",
        loc="left",
        y=y,
        pad=8 + 13 * lines,
        fontsize=NAME_SIZE,
        fontfamily=list(FONT_FAMILY),
    )
    if note:
        ax.annotate(
            note, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points",
            fontsize=9, color=TEXT_COLOUR, va="bottom", linespacing=1.3,
        )  # fmt: skip


def write_answer(figure: Figure, sentence: Label) -> None:
    """Write over a figure the sentence that it bears out, as wide as the figure, before anything is drawn into it.

    Parameters
    ----------
    figure
        A figure in the package's style, whose layout leaves room for the sentence.
    sentence
        In both languages, each on lines of its own, English first; once if both are the same.
    """
    text = _answer_lines(sentence, figure.get_figwidth() * (1 - 2 * ANSWER_LEFT))
    figure.suptitle(text, x=ANSWER_LEFT, ha="left", parse_math=False, **ANSWER_STYLE)


def prepend_answer(ax: Axes, sentence: Label) -> Axes:
    """Write the sentence that a drawing bears out over its title, where the axes are one of several of the user's.

    Parameters
    ----------
    ax
        Axes that `title` has written over.
    sentence
        As for `write_answer`.

    Returns
    -------
    Axes
        The same axes.
    """
    from matplotlib.text import Text

    width = max(ax.get_position().width, LEAST_ANSWER_WIDTH) * root_figure(ax).get_figwidth()
    name = ax.get_title(loc="left")
    # `set_title` would take away the room that `title` left for its note.
    for own in ax.findobj(Text):
        if own.get_text() == name:
            own.set(text=f"{_answer_lines(sentence, width)}\n{name}", **ANSWER_STYLE)
    return ax


def _answer_lines(sentence: Label, width: float) -> str:
    """Break a sentence in both languages into lines of a width in inches."""
    columns = int(width * POINTS_PER_INCH / (COLUMN_EM * ANSWER_SIZE))
    texts = [sentence.en.translate(NARROW_QUOTES), sentence.zh] if sentence.en != sentence.zh else [sentence.zh]
    return "\n".join(line for text in texts for line in wrap(text, columns))


def grid_axes(ax: Axes, count: int, *, columns: int, sharex: bool = True, sharey: bool = False) -> list[Axes]:
    """Put a grid of new axes in the place of given ones, row by row.

    Parameters
    ----------
    ax
        Axes whose place is taken; they lose their frame and keep a strip on top for the title.
    count
        Number of new axes.
    columns
        How many stand side by side at most.
    sharex, sharey
        Whether the new axes share a scale.

    Returns
    -------
    list of Axes
        As many as `count`.
    """
    columns = max(1, min(columns, count))
    grid = _grid_spec(ax, -(-count // columns), columns)
    figure = ax.get_figure(root=False) or root_figure(ax)
    ax.set_subplotspec(grid[0, :])
    ax.set_axis_off()
    made: list[Axes] = []
    for number in range(count):
        first = made[0] if made else None
        panel = figure.add_subplot(
            grid[1 + number // columns, number % columns],
            sharex=first if sharex else None,
            sharey=first if sharey else None,
        )
        panel.tick_params(labelfontfamily=list(FONT_FAMILY))
        made.append(panel)
    return made


def _grid_spec(ax: Axes, rows: int, columns: int) -> GridSpecBase:
    """Return a grid in the place of the axes, with a thin row on top for the title."""
    heights = [0.004 * rows, *[1] * rows]
    place = ax.get_subplotspec()
    if place is not None:
        return place.subgridspec(rows + 1, columns, height_ratios=heights)
    box = ax.get_position()
    return root_figure(ax).add_gridspec(
        rows + 1, columns, height_ratios=heights, left=box.x0, right=box.x1, bottom=box.y0, top=box.y1,
        wspace=0.6, hspace=0.6,
    )  # fmt: skip


def annotate_right(ax: Axes, x: float, y: float, text: str) -> None:
    """Write a text to the right of a bar's end.

    Parameters
    ----------
    ax
        Axes to write into.
    x, y
        The bar's end, in data coordinates.
    text
        What is written.
    """
    ax.annotate(text, (x, y), (5, 0), textcoords="offset points", va="center", fontsize=9, color=TEXT_COLOUR)


def name_rows(ax: Axes, names: Sequence[str], *, color: str | None = None, **text: Any) -> None:  # noqa: ANN401
    """Name the rows 0, 1, … of a drawing beside its left edge, the first row on top.

    Parameters
    ----------
    ax
        Axes whose vertical axis is set.
    names
        A name for each row, of one line or two.
    color
        Colour of the names; that of the style if None.
    **text
        Other properties of the names, as ``fontsize`` and ``linespacing``.
    """
    ax.set_yticks(range(len(names)), names, **text)
    if color is not None:
        ax.tick_params(axis="y", colors=color)
    ax.set_ylim(len(names) - 0.4, -0.6)

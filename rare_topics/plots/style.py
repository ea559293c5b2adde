"""One look for every figure, put on for the length of a drawing and taken off again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.gridspec import GridSpecBase
    from matplotlib.ticker import PercentFormatter
    from numpy.typing import NDArray

FONT_FAMILY = ("Noto Sans SC", "DejaVu Sans")
GREY = "#9a9a9a"
INK = "#444444"
MARKERS = ("o", "s", "^", "D", "v", "P", "X")


@lru_cache(maxsize=1)
def font_path() -> Path:
    """Find the Chinese font and make it known to matplotlib.

    Returns
    -------
    Path
        The font file inside the installed package ``zhplot``, which is not imported: importing
        it would change the user's settings.

    Raises
    ------
    ModuleNotFoundError
        If ``zhplot`` is not installed.
    """
    from matplotlib import font_manager

    spec = find_spec("zhplot")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the Chinese font comes with the package zhplot; install it: pip install zhplot")
    path = next(Path(spec.submodule_search_locations[0]).rglob("NotoSansSC-Regular.*"))
    font_manager.fontManager.addfont(str(path))
    return path


@contextmanager
def style() -> Iterator[None]:
    """Use the package's style inside a ``with`` block, over matplotlib's own defaults.

    The user's settings are the same before and after.
    """
    import matplotlib.style

    font_path()
    with (
        as_file(files("rare_topics") / "data" / "style.mplstyle") as sheet,
        matplotlib.style.context(str(sheet), after_reset=True),
    ):
        yield


@contextmanager
def canvas(ax: Axes | None) -> Iterator[Axes]:
    """Give a drawing its axes under the package's style.

    Parameters
    ----------
    ax
        Axes to draw into, or None for those of a new figure.

    Yields
    ------
    Axes
        The same axes; when the block ends, all their text can show Chinese, whoever made them.
    """
    import matplotlib.pyplot as plt
    from matplotlib.text import Text

    with style():
        if ax is None:
            _, ax = plt.subplots()
        yield ax
        for text in ax.findobj(Text):
            text.set_fontfamily(list(FONT_FAMILY))
        ax.tick_params(labelfontfamily=list(FONT_FAMILY))


def colours(count: int) -> list[str]:
    """Return the style's colours, repeated as often as needed; call it inside `style`."""
    from matplotlib import rcParams

    cycle = rcParams["axes.prop_cycle"].by_key()["color"]
    return [cycle[number % len(cycle)] for number in range(count)]


def percent(decimals: int = 0) -> PercentFormatter:
    """Print a share of 1 as a percentage."""
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(xmax=1, decimals=decimals)


def whiskers(middle: pd.Series[float], low: pd.Series[float], high: pd.Series[float]) -> NDArray[np.float64]:
    """Return the lengths of an interval below and above its middle, 0 where it is unknown."""
    lengths: NDArray[np.float64] = np.array([middle - low, high - middle], dtype=float)
    return np.nan_to_num(lengths).clip(min=0)


def whole_numbers(axis: Axis) -> None:
    """Keep the ticks of counts on whole numbers."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True))


def figure_of(ax: Axes) -> Figure:
    """Return the figure that axes stand in, at whatever depth."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes have been removed from their figure; draw into axes of a figure")
    return figure


def head(ax: Axes, title: str, *, n: str, note: str = "") -> None:
    """Write the title with its N, and below it how to read the picture.

    Parameters
    ----------
    ax
        Axes to write over.
    title
        Title in both languages.
    n
        How many of what, as ``34 articles``.
    note
        What intervals, sizes or colours mean.
    """
    lines = note.count("\n") + 1 if note else 0
    ax.set_title(f"{title}  (N = {n})", pad=8 + 13 * lines, fontfamily=list(FONT_FAMILY))
    if note:
        ax.annotate(
            note, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points",
            fontsize=9, color=INK, va="bottom", linespacing=1.3,
        )  # fmt: skip


def panels(ax: Axes, count: int, *, columns: int, sharex: bool = True, sharey: bool = False) -> list[Axes]:
    """Divide axes into panels of a grid, row by row.

    Parameters
    ----------
    ax
        Axes that lend their place; they lose their frame and keep a strip on top for the title.
    count
        Number of panels.
    columns
        Panels side by side.
    sharex, sharey
        Whether the panels share a scale.

    Returns
    -------
    list of Axes
        As many as `count`.
    """
    columns = max(1, min(columns, count))
    grid = _grid(ax, -(-count // columns), columns)
    figure = ax.get_figure(root=False) or figure_of(ax)
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


def _grid(ax: Axes, rows: int, columns: int) -> GridSpecBase:
    """Return a grid in the place of the axes, with a thin row on top for what stands over all."""
    heights = [0.004 * rows, *[1] * rows]
    place = ax.get_subplotspec()
    if place is not None:
        return place.subgridspec(rows + 1, columns, height_ratios=heights)
    box = ax.get_position()
    return figure_of(ax).add_gridspec(
        rows + 1, columns, height_ratios=heights, left=box.x0, right=box.x1, bottom=box.y0, top=box.y1,
        wspace=0.6, hspace=0.6,
    )  # fmt: skip

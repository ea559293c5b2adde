"""One figure: its name, question, caption, numbers, drawing and size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rare_topics import plots
from rare_topics.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from rare_topics.study import Study

    Size = Callable[[pd.DataFrame], tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure that can be drawn from any study.

    Attributes
    ----------
    name
        Name of its files.
    question
        What the figure answers.
    caption
        What is drawn and how to read it.
    table
        Takes a study, returns the numbers drawn.
    draw
        Takes these numbers and axes, returns the axes.
    size
        Takes these numbers, returns width and height in inches.
    """

    name: str
    question: str
    caption: str
    table: Callable[[Study], pd.DataFrame]
    draw: Callable[[pd.DataFrame, Axes | None], Axes]
    size: Size

    def plot(self, study: Study, ax: Axes | None = None) -> Axes:
        """Draw the figure.

        Parameters
        ----------
        study
            A fitted study.
        ax
            Axes to draw into; those of a new figure of fitting size if None.

        Returns
        -------
        Axes
            The same axes.

        Raises
        ------
        InputError
            If the study holds nothing to draw.
        """
        table = self.table(study)
        if table.empty:
            raise InputError(f"the study holds no data for the figure {self.name}")
        if ax is None:
            import matplotlib.pyplot as plt

            with plots.style():
                _, ax = plt.subplots(figsize=self.size(table))
        return self.draw(table, ax)


def fixed(width: float, height: float) -> Size:
    """Return a size in inches that no table changes."""
    return lambda _: (width, height)


def by_rows(width: float, *, column: str, each: float) -> Size:
    """Grow with the rows: so many inches for each different value of a column."""
    return lambda table: (width, 1.6 + each * table[column].nunique())


def by_panels(width: float, *, column: str, columns: int, each: float) -> Size:
    """Grow with the rows of panels: so many inches for each, a panel for each value of a column."""
    return lambda table: (width, 1.1 + each * -(-table[column].nunique() // columns))

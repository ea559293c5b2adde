"""Heat maps: a row for each article, country or theme, numbers or letters in the cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.plots.axes import article_count
from rare_topics.plots.style import GREY, TEXT_COLOUR

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from rare_topics.corpus.languages import Label

# From this share of the scale on the colour map is dark, and text on it white.
DARK = 0.6
# Texts in cells stand within the axes: no layout has to measure them.
CELL_TEXT: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7.5, "in_layout": False}
# Share that is drawn in the darkest shade where all are smaller (chosen by hand).
LEAST_SHARE = 0.05
# More months have no room for numbers in their cells (chosen by hand).
MOST_MONTHS = 16


def article_matrix(
    table: pd.DataFrame, *, column: str, order: Iterable[object], value: str
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Turn a long table into a matrix with a row for each article.

    Parameters
    ----------
    table
        Has article_id, and the columns named by `column` and `value`.
    column
        Column of the table whose values are the columns of the matrix.
    order
        These values in order.
    value
        Column of the table with the cells of the matrix.

    Returns
    -------
    matrix : ndarray of shape (n_articles, n_columns)
        Cells that the table does not name are 0.
    articles : DataFrame
        The first row of each article, in the order of the table.
    """
    articles = table.drop_duplicates("article_id")
    pivot = table.pivot_table(index="article_id", columns=column, values=value, fill_value=0)
    return pivot.loc[articles["article_id"], list(order)].to_numpy(dtype=float), articles


def fill_heatmap(
    axes: Axes,
    matrix: NDArray[np.float64],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    maximum: float,
    texts: Sequence[Sequence[str]] | None = None,
) -> None:
    """Draw a matrix as shades of blue, with names beside the rows and below the columns.

    Parameters
    ----------
    axes
        Axes to draw into.
    matrix : ndarray of shape (n_rows, n_columns)
        Values from 0 up.
    rows, columns
        Names of rows and columns.
    maximum
        Value of the darkest shade.
    texts
        What is written into the cells; the values other than 0 if None.
    """
    if texts is None:
        texts = [[f"{value:.0f}" if value else "" for value in row] for row in matrix]
    axes.imshow(matrix, vmin=0, vmax=maximum, aspect="auto")
    for row, column in np.ndindex(matrix.shape):
        if texts[row][column]:
            colour = "white" if matrix[row, column] > DARK * maximum else TEXT_COLOUR
            axes.text(column, row, texts[row][column], color=colour, **CELL_TEXT)
    axes.set_yticks(range(len(rows)), rows, fontsize=8.5)
    axes.set_xticks(range(len(columns)), columns, fontsize=8.5)
    axes.tick_params(top=False, labeltop=False, bottom=False, labelbottom=True, length=0)
    axes.set_xticks(np.arange(matrix.shape[1] - 1) + 0.5, minor=True)
    axes.grid(which="minor", axis="x", color=GREY, lw=0.3)
    axes.tick_params(which="minor", length=0)
    axes.spines[:].set_visible(False)


def fill_month_table(axes: Axes, table: pd.DataFrame, *, count: str, names: Sequence[str]) -> None:
    """Draw of how many articles of each month something is said, as ``3/4``, on the shade of a share.

    Parameters
    ----------
    axes
        Axes to draw into.
    table
        Columns month, n_articles, share, and the one named by `count`; all months of the first row,
        then those of the second, and so on; share is not a number in an empty month.
    count
        Column of the number of articles.
    names
        Names of the rows.
    """
    months = table.drop_duplicates("month")
    shape = len(names), len(months)
    shares = np.nan_to_num(table["share"].to_numpy(dtype=float)).reshape(shape)
    if len(months) > MOST_MONTHS:
        texts = np.full(shape, "")
        columns = ["\n".join(str(month).split("-")) for month in months["month"]]
    else:
        pairs = zip(table[count], table["n_articles"], strict=True)
        texts = np.array([f"{n}/{total}" if total else "–" for n, total in pairs]).reshape(shape)
        columns = [f"{month}\nn={n}" for month, n in zip(months["month"], months["n_articles"], strict=True)]
    fill_heatmap(
        axes, shares, rows=names, columns=columns, maximum=max(float(shares.max()), LEAST_SHARE), texts=texts.tolist()
    )
    step = -(-len(months) // MOST_MONTHS)
    axes.set_xticks(range(0, len(months), step), columns[::step], fontsize=8)


def keep_first(table: pd.DataFrame, column: str, most: int) -> pd.DataFrame:
    """Keep the rows of so many different values of a column, those that come first."""
    return table[table[column].isin(table[column].drop_duplicates().head(most))]


def shown_of_all(articles: pd.DataFrame, table: pd.DataFrame) -> Label:
    """Say how many of the articles of the corpus are shown, for the N of a title.

    Parameters
    ----------
    articles
        A row for each article shown.
    table
        Has n_corpus.
    """
    return article_count(len(articles), int(table["n_corpus"].iloc[0]))

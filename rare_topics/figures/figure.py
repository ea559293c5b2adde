"""What a figure is: the decorator that makes one, sizes, and tables that several figures share."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rare_topics.corpus.languages import LANGUAGES, Label
from rare_topics.errors import InputError, shown_in_line
from rare_topics.plots.axes import prepend_answer, write_answer
from rare_topics.plots.labels import drawn_in
from rare_topics.study.validation import require_study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rare_topics.study import Study

    Size = Callable[[pd.DataFrame], tuple[float, float]]
    Answer = Callable[[pd.DataFrame], Label | None]

# Rows of a heat map or timeline: more of them are too low to be read on one page (chosen by hand).
MOST_ARTICLES = 60

DOCUMENTATION = """{question}

{caption}

Parameters
----------
study : Study
    A fitted study.
ax : Axes, optional
    Axes to draw into; those of a new figure of fitting size if None.
lang : {{"both", "en", "zh"}}
    Language of the title, the axes, and the names of topics, clusters, concepts, themes and places.

Returns
-------
Axes
    The same axes.

Raises
------
InputError
    If the study holds nothing to draw.

Notes
-----
`.table(study)` returns the numbers drawn:

{table}
"""


@dataclass(frozen=True, kw_only=True, repr=False)
class Figure:
    """A figure that can be drawn from any study: call it with a study, and axes if there are any.

    Attributes
    ----------
    name
        Name of its files.
    question, question_zh
        What the figure answers, in English and in Chinese.
    caption
        What is drawn and how to read it.
    table
        Takes a study, returns the numbers drawn; empty if the study holds none.
    answer
        Takes these numbers, returns the answer as a sentence, None where they give none; it is the
        title of the picture, in whose place the question stands where there is none.
    draw
        Takes these numbers and axes (None for those of a new figure), returns the axes.
    size
        Takes these numbers, returns width and height in inches.
    """

    name: str
    question: str
    caption: str
    table: Callable[[Study], pd.DataFrame]
    draw: Callable[[pd.DataFrame, Axes | None], Axes]
    size: Size
    question_zh: str = ""
    answer: Answer | None = None

    def __post_init__(self) -> None:
        caption = textwrap.fill(self.caption, 100)
        table = textwrap.indent(inspect.getdoc(self.table) or "", "    ")
        text = DOCUMENTATION.format(question=self.question, caption=caption, table=table)
        # A frozen record is written to this way; `help` shows the text of the figure and not of its class.
        object.__setattr__(self, "__doc__", text)

    def __repr__(self) -> str:
        return f"<Figure {self.name}: (study, ax=None, *, lang='both') -> Axes>"

    def __call__(self, study: Study, ax: Axes | None = None, *, lang: str = "both") -> Axes:
        """Draw the figure.

        Parameters
        ----------
        study
            A fitted study.
        ax
            Axes to draw into; those of a new figure of fitting size if None.
        lang
            Language of the title, the axes, and the names of topics, clusters, concepts, themes
            and places: ``"en"``, ``"zh"`` or ``"both"``.

        Returns
        -------
        Axes
            The same axes.

        Raises
        ------
        InputError
            If the study holds nothing to draw, or there is no such language.
        """
        require_study(study)
        table = self.table(study)
        named = named_in(table, lang)
        if table.empty:
            raise InputError(f"the study holds no data for the figure {self.name}")
        sentence = self.sentence(table)
        if lang != "both":
            sentence = Label(*[sentence.in_language(lang)] * 2)
        if ax is not None:
            with drawn_in(lang):
                return prepend_answer(self.draw(named, ax), sentence)
        import matplotlib.pyplot as plt

        from rare_topics.plots.style import figure_style

        with figure_style(), drawn_in(lang):
            figure, ax = plt.subplots(figsize=self.size(table))
            write_answer(figure, sentence)
            return self.draw(named, ax)

    def sentence(self, table: pd.DataFrame) -> Label:
        """Return the title of the picture: the answer that the numbers give, or else the question.

        Parameters
        ----------
        table
            The numbers drawn, with their names in both languages.

        Returns
        -------
        Label
        """
        answer = self.answer(table) if self.answer else None
        return answer or Label(zh=self.question_zh or self.question, en=self.question)


def figure(
    *,
    question: str,
    caption: str,
    draw: Callable[[pd.DataFrame, Axes | None], Axes],
    size: Size,
    question_zh: str = "",
    answer: Answer | None = None,
) -> Callable[[Callable[[Study], pd.DataFrame]], Figure]:
    """Make a figure of a function that takes a study and returns a table; the figure takes over its name.

    Parameters
    ----------
    question
        What the figure answers.
    caption
        What is drawn and how to read it.
    draw
        Takes the table and axes (None for those of a new figure), returns the axes.
    size
        Takes the table, returns width and height in inches.
    question_zh
        The question in Chinese; the English one stands for it where it is empty.
    answer
        Takes the table, returns the answer as a sentence in both languages, the title of the
        picture; where it returns None the question is the title.

    Returns
    -------
    callable
        A decorator that puts a `Figure` in the place of the function.

    Examples
    --------
    A module of this folder that holds these lines has added the figure to the registry::

        @figure(question="How long are they?", caption="Passages by article.", draw=draw_lengths, size=fixed(8, 4))
        def article_lengths(study: Study) -> pd.DataFrame:
            ...
    """

    def decorate(table: Callable[[Study], pd.DataFrame]) -> Figure:
        return Figure(
            name=table.__name__,
            question=question,
            question_zh=question_zh,
            caption=caption,
            table=table,
            answer=answer,
            draw=draw,
            size=size,
        )

    return decorate


def named_in(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a table whose names are in one language, or in both.

    Parameters
    ----------
    table
        Its names stand in pairs of columns, ``label_zh`` and ``label_en``.
    lang
        ``"en"``, ``"zh"`` or ``"both"``. A name is drawn once where both columns say the same.

    Raises
    ------
    InputError
        If there is no such language.
    """
    if lang not in (*LANGUAGES, "both"):
        raise InputError(f"no language '{shown_in_line(lang, max_length=40)}'", fix="take en, zh or both")
    if lang == "both":
        return table
    bases = [name.removesuffix("_zh") for name in table.columns if name.endswith("_zh")]
    pairs = [base for base in bases if f"{base}_en" in table.columns and table[f"{base}_en"].dtype.kind not in "biufc"]
    return table.assign(**{f"{base}_{other}": table[f"{base}_{lang}"] for base in pairs for other in LANGUAGES})


def fixed(width: float, height: float) -> Size:
    """Return a size that no table changes.

    Parameters
    ----------
    width, height
        Inches.
    """
    return lambda _: (width, height)


def by_rows(
    width: float, *, each: float, column: str | None = None, margin: float = 2.1, most: int | None = None
) -> Size:
    """Grow in height with the rows.

    Parameters
    ----------
    width
        Width in inches.
    each
        Height of a row in inches.
    column
        Column of the table whose different values are the rows; None if every row of the table is one.
    margin
        Height of all that surrounds the rows, in inches.
    most
        Rows that are drawn at most.
    """

    def size(table: pd.DataFrame) -> tuple[float, float]:
        rows = len(table) if column is None else table[column].nunique()
        return width, margin + each * (rows if most is None else min(rows, most))

    return size


def by_panels(width: float, *, column: str, columns: int, each: float, most: int) -> Size:
    """Grow in height with the rows of panels.

    Parameters
    ----------
    width
        Width in inches.
    column
        Column of the table of which each different value has a panel.
    columns
        Panels side by side.
    each
        Height of a row of panels in inches.
    most
        Panels that are drawn at most.
    """
    return lambda table: (width, 1.6 + each * -(-min(table[column].nunique(), most) // columns))


def by_cells(
    *,
    column: str,
    row: str = "article_id",
    left: float = 4.6,
    cell: tuple[float, float] = (0.8, 0.25),
    most: tuple[int, int] = (24, MOST_ARTICLES),
) -> Size:
    """Grow in width with the columns of a heat map and in height with its rows.

    Parameters
    ----------
    column, row
        Columns of the table whose different values are the columns and the rows of the heat map.
    left
        Width of the names of rows, in inches.
    cell
        Width and height of a cell, in inches.
    most
        Columns and rows that are drawn at most.
    """

    def size(table: pd.DataFrame) -> tuple[float, float]:
        columns, rows = min(table[column].nunique(), most[0]), min(table[row].nunique(), most[1])
        return max(left + cell[0] * columns, 9.5), 3.4 + cell[1] * rows

    return size


def article_table(study: Study) -> pd.DataFrame:
    """List the articles of a study by date.

    Returns
    -------
    DataFrame
        article_id, published (``YYYY-MM-DD``), month (``YYYY-MM``; both empty for undated articles),
        title, source, body_lang.
    """
    return pd.DataFrame(
        [
            (
                article.article_id,
                f"{article.published:%Y-%m-%d}" if article.published else "",
                f"{article.published:%Y-%m}" if article.published else "",
                article.title,
                article.source,
                article.body_lang,
            )
            for article in study.corpus
        ],
        columns=["article_id", "published", "month", "title", "source", "body_lang"],
    )


def thin_evenly(rows: pd.DataFrame, *, most: int = MOST_ARTICLES) -> pd.DataFrame:
    """Keep at most so many rows, at even distances, the first and the last among them.

    Parameters
    ----------
    rows
        Any table.
    most
        Number of rows that are kept.

    Returns
    -------
    DataFrame
        The table itself if it has no more rows.
    """
    if len(rows) <= most:
        return rows
    return rows.iloc[np.linspace(0, len(rows) - 1, most).round().astype(int)]

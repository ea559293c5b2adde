"""HTML that a notebook shows for records and results."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 10


def html_summary(title: str, facts: Iterable[object], *tables: pd.DataFrame) -> str:
    """Write a summary as HTML: a title, facts in one line, the first rows of tables.

    Parameters
    ----------
    title
        What is summarised.
    facts
        Short statements about it.
    *tables
        Tables, of which the first ten rows are written.

    Returns
    -------
    str
        HTML in which every given text is escaped.

    Examples
    --------
    >>> html_summary("A < B", ["1 & 2", "3"])
    '<div><b>A &lt; B</b><br>1 &amp; 2; 3</div>'
    """
    rows = "".join(
        f"{table.head(MAX_ROWS).to_html(index=False, border=0, escape=True)}{_rows_left(len(table))}"
        for table in tables
    )
    return f"<div><b>{escape(title)}</b><br>{escape('; '.join(map(str, facts)))}{rows}</div>"


def count_noun(count: int, noun: str) -> str:
    """Write a count with its noun in English.

    Parameters
    ----------
    count
        Number of things.
    noun
        Singular; its plural ends in s.

    Examples
    --------
    >>> count_noun(1, "article"), count_noun(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _rows_left(n_rows: int) -> str:
    return f"<i>… {n_rows - MAX_ROWS:,} more</i>" if n_rows > MAX_ROWS else ""

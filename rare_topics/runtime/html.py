"""How records and results look below a cell of a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS = 10


def sheet(title: str, facts: Iterable[object], *tables: pd.DataFrame) -> str:
    """Write HTML that a notebook shows: a title, facts in one line, tables.

    Parameters
    ----------
    title
        What it is.
    facts
        Short statements about it.
    *tables
        Tables, of which the first ten rows are shown.

    Returns
    -------
    str
        HTML in which every text from outside is escaped.

    Examples
    --------
    >>> sheet("A < B", ["1 & 2", "3"])
    '<div><b>A &lt; B</b><br>1 &amp; 2; 3</div>'
    """
    shown = "".join(
        f"{table.head(SHOWN_ROWS).to_html(index=False, border=0, escape=True)}{_rest(len(table))}" for table in tables
    )
    return f"<div><b>{escape(title)}</b><br>{escape('; '.join(map(str, facts)))}{shown}</div>"


def counted(count: int, noun: str) -> str:
    """Count things in English.

    Examples
    --------
    >>> counted(1, "article"), counted(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _rest(rows: int) -> str:
    return f"<i>… {rows - SHOWN_ROWS:,} more</i>" if rows > SHOWN_ROWS else ""

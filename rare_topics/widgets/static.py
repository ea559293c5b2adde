"""What is shown where nothing is alive: a picture of the map, a plain table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

from rare_topics.errors import InputError, list_names, shown_in_line
from rare_topics.figures import FIGURES
from rare_topics.plots.style import figure_style
from rare_topics.runtime.html import count_noun, html_summary

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.study import Study

INSTALL = "pip install 'rare-topics[widgets]' makes it interactive"


@dataclass(frozen=True)
class StaticTable:
    """The first rows of a table.

    Parameters
    ----------
    table
        Any table.
    """

    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<table of {count_noun(len(self.table), 'row')}; {INSTALL}>"

    def _repr_html_(self) -> str:
        return html_summary("", [count_noun(len(self.table), "row")], self.table)


class StaticMap:
    """The picture of a map, with a selection that is set from Python.

    Parameters
    ----------
    study
        A fitted study.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._selection: list[str] = []

    @property
    def selection(self) -> list[str]:
        """Ids of the picked articles."""
        return list(self._selection)

    @selection.setter
    def selection(self, ids: Iterable[str]) -> None:
        self._selection = checked_ids(ids, {article.article_id for article in self.study.corpus})

    @cached_property
    def png(self) -> bytes:
        """The picture."""
        return map_picture(self.study)

    def __repr__(self) -> str:
        return f"<map of {count_noun(len(self.study.corpus), 'article')}; {INSTALL}>"

    def _repr_png_(self) -> bytes:
        return self.png


def map_picture(study: Study) -> bytes:
    """Draw the map of a study as PNG; no figure is left open."""
    from matplotlib.figure import Figure

    entry = FIGURES["map"]
    with figure_style():
        picture = Figure(figsize=entry.size(entry.table(study)))
        entry(study, picture.add_subplot())
        buffer = BytesIO()
        picture.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    return buffer.getvalue()


def checked_ids(ids: Iterable[str], known: set[str]) -> list[str]:
    """Make sure that ids are those of shown articles.

    Parameters
    ----------
    ids
        Ids of articles, or one of them.
    known
        Ids of the articles that are shown.

    Returns
    -------
    list of str
        Each id once, in the order given.

    Raises
    ------
    InputError
        If it is no list of ids, or one of them is unknown.
    """
    if not isinstance(ids, Iterable):
        raise InputError(f"{shown_in_line(ids, max_length=40)} is no list of ids", fix="give a list of texts")
    listed = [ids] if isinstance(ids, str) else list(ids)
    unknown = [each for each in listed if not isinstance(each, str) or each not in known]
    if unknown:
        raise InputError(f"not on the map: {list_names(unknown)}", fix="take ids of study.map['article_id']")
    return list(dict.fromkeys(listed))

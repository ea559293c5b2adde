"""Choose what is shown: something alive where its library is installed, else a picture or a plain table."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pandas as pd

from rare_topics.errors import InputError
from rare_topics.study.validation import require_study
from rare_topics.widgets.static import StaticMap, StaticTable

if TYPE_CHECKING:
    from rare_topics.study import Study
    from rare_topics.widgets.article_map import MapWidget
    from rare_topics.widgets.interactive_table import InteractiveTable


def show_table(table: pd.DataFrame, *, max_rows: int = 10_000) -> InteractiveTable | StaticTable:
    """Show a table that is sorted by a click and searched by typing; nothing is fetched.

    Parameters
    ----------
    table
        Any table of a study, such as ``study.topics``.
    max_rows
        Of a longer table the first so many rows are shown, and its caption says so.

    Returns
    -------
    InteractiveTable or StaticTable
        The last value of a cell shows itself. Without the extra ``widgets`` it is a plain table of
        the first rows, as it is wherever a notebook is read without its kernel.

    Raises
    ------
    InputError
        If it is no table, or `max_rows` is no whole number above 0.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"a {type(table).__name__} where a table was expected", fix="give one, as study.topics")
    _check_limit("max_rows", max_rows)
    if not (find_spec("anywidget") and find_spec("itables")):
        return StaticTable(table)
    from rare_topics.widgets.interactive_table import InteractiveTable

    return InteractiveTable(table, max_rows=max_rows)


def map_widget(study: Study, *, max_articles: int = 5000) -> MapWidget | StaticMap:
    """Show the map of a study so that articles can be looked at, opened and picked; nothing is fetched.

    Hovering a point shows title and date. A click opens the article, with the passages marked that
    speak of its themes, and its numbers. A line drawn around points picks them: ``selection`` holds
    their ids, and may be set from Python as well.

    Parameters
    ----------
    study
        A fitted study.
    max_articles
        Of more articles so many are shown, evenly chosen in order of date.

    Returns
    -------
    MapWidget or StaticMap
        The last value of a cell shows itself. Without the extra ``widgets`` it is the picture that
        `plot_map` draws, as it is wherever a notebook is read without its kernel and the page
        knows no widgets; its ``selection`` is set from Python alone.

    Raises
    ------
    InputError
        If it is no fitted study, or `max_articles` is no whole number above 0.

    Examples
    --------
    >>> import rare_topics as rt
    >>> study = rt.Study(random_state=0).fit(rt.read_pages("seeds"))  # doctest: +SKIP
    >>> chosen = rt.map_widget(study)  # doctest: +SKIP
    >>> [study.corpus[article].title for article in chosen.selection]  # doctest: +SKIP
    """
    require_study(study)
    _check_limit("max_articles", max_articles)
    shown = study.subset(max_articles)
    if not find_spec("anywidget"):
        return StaticMap(shown)
    from rare_topics.widgets.article_map import MapWidget

    return MapWidget(shown, n_total=len(study.corpus))


def _check_limit(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"{name} is {value!r}", fix="give a whole number above 0")

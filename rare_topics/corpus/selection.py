"""Which articles of a corpus are meant by a slice, a mask, positions, ids, or by language, source and date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from numbers import Integral
from typing import Any

import numpy as np

from rare_topics.corpus.records import Article
from rare_topics.corpus.written_dates import read_date
from rare_topics.errors import InputError, list_names, shown_in_line


class UnknownArticle(InputError, KeyError):  # noqa: N818 - a kind of InputError that `in` and `get` know
    """No article has this id."""

    def __str__(self) -> str:
        return ValueError.__str__(self)


def selected_rows(key: Any, *, ids: Mapping[str, int]) -> list[int]:  # noqa: ANN401 - whatever stands in brackets
    """Return the rows that a key in brackets means.

    Parameters
    ----------
    key
        A slice, a truth value for each article (list, array or Series), positions, or ids.
    ids
        Row of each id, in order.

    Raises
    ------
    InputError
        If a mask has another length, a position or id is not there, or the key is none of these.
    """
    n = len(ids)
    if isinstance(key, slice):
        return list(range(n)[key])
    if isinstance(key, (bytes, Mapping)) or not hasattr(key, "__iter__"):
        raise _no_key(key)
    entries = list(key)
    if entries and all(isinstance(entry, (bool, np.bool_)) for entry in entries):
        if len(entries) != n:
            raise InputError(f"a mask of {len(entries)} for {n} articles", fix="give one truth value an article")
        return np.flatnonzero(np.array(entries, dtype=bool)).tolist()
    rows = []
    for entry in entries:
        if isinstance(entry, str) and entry in ids:
            rows.append(ids[entry])
        elif isinstance(entry, Integral) and -n <= int(entry) < n:
            rows.append(int(entry) % n)
        else:
            shown = shown_in_line(repr(entry), max_length=60)
            raise UnknownArticle(
                f"no article {shown} among {n}", fix="give positions, ids or one truth value an article"
            )
    return rows


def _no_key(key: object) -> InputError:
    return InputError(
        f"a key of the type {type(key).__name__}", fix="give a position, an id, a slice, or a list or mask of these"
    )


def filtered_rows(
    articles: Sequence[Article],
    wanted: Mapping[str, str | Iterable[str] | None],
    *,
    since: str | date | None = None,
    until: str | date | None = None,
) -> list[int]:
    """Return the rows of the articles that fulfil all conditions.

    Parameters
    ----------
    articles
        Those to choose from.
    wanted
        By ``lang``, ``source``, ``label`` and ``tag`` the values of which an article has one;
        None asks nothing.
    since, until
        First and last day.

    Raises
    ------
    InputError
        If a value is that of no article, or a date is none.
    """
    checks = [_has_value(articles, kind, values) for kind, values in wanted.items() if values is not None]
    first, last = _moment(since, "since", time.min), _moment(until, "until", time.max)
    if first and last and first > last:
        raise InputError(f"since {first:%Y-%m-%d} is after until {last:%Y-%m-%d}", fix="change the two")
    if first or last:
        first, last = first or datetime.min, last or datetime.max  # noqa: DTZ901 - a clock without a zone
        checks.append(lambda article: article.published is not None and first <= article.published <= last)
    return [row for row, article in enumerate(articles) if all(check(article) for check in checks)]


VALUES: Mapping[str, Callable[[Article], tuple[str, ...]]] = {
    "lang": lambda article: (article.body_lang,),
    "source": lambda article: (article.source,),
    "label": lambda article: (article.label,),
    "tag": lambda article: article.tags,
}


def _has_value(articles: Collection[Article], kind: str, values: str | Iterable[str]) -> Callable[[Article], bool]:
    """Return what tells whether an article has one of some values, each of which some article has."""
    wanted = {values} if isinstance(values, str) else set(values)
    there = {value for article in articles for value in VALUES[kind](article)}
    if unknown := sorted(wanted - there, key=str):
        raise InputError(
            f"no article with {kind} '{shown_in_line(unknown[0], max_length=60)}'",
            fix=f"take one of {list_names(sorted(value for value in there if value)) or 'none: no article has one'}",
        )
    return lambda article: not wanted.isdisjoint(VALUES[kind](article))


def _moment(day: str | date | None, name: str, clock: time) -> datetime | None:
    """Return the moment that a day begins or ends; a time that is given stays."""
    if day is None:
        return None
    found = read_date(day) if isinstance(day, str) else day
    if isinstance(found, datetime):
        found = found.replace(tzinfo=None)
        is_day = found.time() == time.min
        return datetime.combine(found.date(), clock) if is_day else found
    if isinstance(found, date):
        return datetime.combine(found, clock)
    raise InputError(f"{name} is {shown_in_line(repr(day), max_length=60)}, no date", fix="write it as 2025-12-31")

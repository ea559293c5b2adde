"""Dates of events that a text names, apart from the date it was published on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from rare_topics.quantities import DateMention, find_dates
from rare_topics.quantities.dates import MONTHS
from rare_topics.text.token_patterns import normalize_characters

# A month without a year that would lie farther ahead of the publication than this is of the year before.
MAX_MONTHS_AHEAD = 6
# A year that differs so much from that of publication is a misprint, or history: it is flagged and not corrected.
SUSPECT_YEARS = 2


class NamedDate(NamedTuple):
    """A date in a text.

    Attributes
    ----------
    printed
        As it is printed.
    date
        ``YYYY-MM-DD`` or ``YYYY-MM``; of a span of months the first. A year that is not printed
        is the last one before the publication, or that of a month up to six months after it.
    start, end
        Character offsets in the body, or in the title.
    suspect
        Whether its year is two or more away from that of publication.
    """

    printed: str
    date: str
    start: int
    end: int
    suspect: bool


def find_named_dates(text: str, *, published: datetime | None, offset: int = 0) -> Iterator[NamedDate]:
    """Find the dates that a text names with their month.

    Parameters
    ----------
    text
        A passage.
    published
        When the article was published; without it a date without a year is left out.
    offset
        Where the passage begins in the body or title.

    Yields
    ------
    NamedDate
        In order of the text.
    """
    for found in find_dates(normalize_characters(text)):
        year = found.year or _nearest_year(found, published)
        if not found.month or year is None:
            continue
        date = f"{year:04d}-{found.month:02d}" + (f"-{found.day:02d}" if found.day else "")
        suspect = published is not None and abs(year - published.year) >= SUSPECT_YEARS
        printed = text[found.start : found.end]
        yield NamedDate(printed, date, offset + found.start, offset + found.end, suspect)


def _nearest_year(found: DateMention, published: datetime | None) -> int | None:
    if published is None or not found.month:
        return None
    is_far_ahead = found.month - published.month > MAX_MONTHS_AHEAD
    return published.year - is_far_ahead


_MONTH_NUMBER = {name.capitalize(): number for number, name in enumerate(MONTHS, 1)}
_BARE_MONTH = re.compile(
    rf"(?:[Ll]ast |[Nn]ext )?({'|'.join(_MONTH_NUMBER)})\b(?!\s+(?:\d{{1,2}}(?!\d)|(?:19|20)\d\d|of\b))"
)
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:[Ii]n|[Ss]ince|from|this|early|late|mid|of|the|until|by|before|after|during)|['’]s)[ -]$"
)
# Characters in which the longest of these words stands, with the one before it.
_BEFORE_MONTH_LENGTH = 7


def find_bare_months(text: str) -> list[DateMention]:
    """Find English months that stand without day and year behind a word of time: ``in May``, ``last June``.

    Parameters
    ----------
    text
        Text in half-width characters.
    """
    if not any(map(text.__contains__, _MONTH_NUMBER)):
        return []
    return [
        DateMention(found.start(), found.end(), None, month=_MONTH_NUMBER[found[1]])
        for found in _BARE_MONTH.finditer(text)
        if found[0] != found[1]
        or _BEFORE_MONTH.search(text[max(0, found.start() - _BEFORE_MONTH_LENGTH) : found.start()])
    ]

"""Dates of events that a text names, apart from the date it was published on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NAME = "|".join(f"{name}|{name[:3]}\\." for name in MONTHS)
_DATE = re.compile(
    rf"(?P<en_month>{_NAME})\s+(?P<en_day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<en_year>(?:19|20)\d\d))?"
    rf"|(?P<day_first>\d{{1,2}})\s+(?P<month_after>{_NAME})(?:\s+(?P<year_after>(?:19|20)\d\d))?"
    rf"|(?P<month_only>{_NAME})\s+(?P<year_only>(?:19|20)\d\d)"
    rf"|(?:(?P<zh_year>(?:19|20)\d\d)年)?(?P<zh_month>\d{{1,2}})月(?:(?P<zh_day>\d{{1,2}})[日号])?"
)
# "May" alone may be a verb, but not with a number behind it; a month later than this is of the year before.
FAR_AHEAD = 6
# A year so far from that of publication is a slip, or history: it is flagged and not followed.
SUSPECT_YEARS = 2


class Event(NamedTuple):
    """A date in a text.

    Attributes
    ----------
    printed
        As it is printed.
    date
        ``YYYY-MM-DD`` or ``YYYY-MM``; a year that is not printed is the one nearest before the
        publication, or up to six months after it.
    start, end
        Offsets in the body, or in the title.
    suspect
        Whether its year is two or more away from that of publication.
    """

    printed: str
    date: str
    start: int
    end: int
    suspect: bool


def event_dates(text: str, *, published: datetime | None, offset: int = 0) -> Iterator[Event]:
    """Find the dates that a text names with their month.

    Parameters
    ----------
    text
        A passage.
    published
        When the article was published; without it a date without a year cannot be placed.
    offset
        Where the passage begins.

    Yields
    ------
    Event
        In order of the text.
    """
    for found in _DATE.finditer(text):
        year, month, day = _parts(found)
        if not 1 <= month <= len(MONTHS) or day > 31 or (not year and published is None):  # noqa: PLR2004
            continue
        if not year and published is not None:
            ahead = month - published.month > FAR_AHEAD
            year = published.year - ahead
        date = f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
        suspect = published is not None and abs(year - published.year) >= SUSPECT_YEARS
        yield Event(found[0], date, offset + found.start(), offset + found.end(), suspect)


def _parts(found: re.Match[str]) -> tuple[int, int, int]:
    """Return year, month and day, 0 where one is not printed."""
    one = {name: value for name, value in found.groupdict().items() if value}
    year = next((int(value) for name, value in one.items() if "year" in name), 0)
    day = next((int(value) for name, value in one.items() if "day" in name), 0)
    month = next(value for name, value in one.items() if "month" in name)
    return year, int(month) if month.isdigit() else _month(month), day


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.rstrip(".")))

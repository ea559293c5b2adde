"""Dates of a text as days, months and years of the calendar, also those that are counted from the publication."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from rare_topics.clauses.dates import MAX_MONTHS_AHEAD, find_bare_months
from rare_topics.quantities import DateMention, find_dates
from rare_topics.text.token_patterns import normalize_characters

_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "few": 3, "several": 3,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "几": 3,
}  # fmt: skip
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EARLY_MONTHS = 5
_DAY_OR_MONTH = re.compile(r"\d{4}-\d\d(?:-\d\d)?$")
_LAST_DAY = 31
_COUNT_WORDS = "|".join(filter(str.isascii, _COUNTS))
# Two weeks, 三个月.
_SPAN = (
    rf"(?:(?<![\d.])(?P<count>\d{{1,2}}|[一两二三四五六七八九十几])|\b(?P<word>{_COUNT_WORDS}))"
    r" ?个?(?P<unit>days?|weeks?|months?|years?|天|日|周|星期|月|年)多?"
)
# Counted from the date before it in the text.
_LATER = re.compile(rf"{_SPAN} ?(?:later\b|after that\b|以后|之后|后)", re.IGNORECASE)
_OF_DATE_BEFORE = re.compile(
    r"[次翌转同当][年月]|第二年|\b(?:that|same|following|next|previous|preceding) [A-Zmy][a-z]+"
)
# The name of the last group that matches is the kind of the expression.
_COUNTED_FROM_PUBLICATION = re.compile(
    rf"(?P<ago>{_SPAN} ?(?:ago\b|earlier\b|before\b|以前|之前|前))"
    r"|(?P<week>\b(?:last|this|past|previous) week\b|[上本这](?:周|星期)(?![一二三四五六日天]))"
    r"|(?P<weekend>\bweekend\b|周末)"
    r"|(?P<today>\b(?:yesterday|today|tonight|overnight)\b|今[天日晚晨早起]|昨[晚夜]|即日起)"
    rf"|\b(?P<weekday>{'|'.join(_WEEKDAYS)})\b"
    rf"|\bon the (?P<day>\d{{1,2}}(?=st|nd|rd|th)|(?:{'|'.join(_ORDINALS)})\b)"
    r"|(?P<turn>\bnew year\b|(?<!\d)[今去明]?年[初底末]|元旦)"
    r"|(?P<month>\bthis month\b|本月|当月|月[初中底]|这个月)"
    r"|(?P<next>\bnext (?:week|month)\b|下个?(?:周|星期|月))",
    re.IGNORECASE,
)


class ResolvedDate(NamedTuple):
    """A date of a text.

    Attributes
    ----------
    start, end
        Offsets of characters in the text.
    iso
        ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``YYYY-Qn``; of a span of months the first.
    kind
        How it is printed: ``day``, ``month``, ``year``, ``quarter``, ``span``, ``decade``, with ``no year`` where
        the publication gives the year, and with ``of text`` where the date before it does; ``later`` where it is
        counted from the date before it, ``ago``, ``week``, ``today`` … where it is counted from the publication.
    """

    start: int
    end: int
    iso: str
    kind: str


@lru_cache(maxsize=64)
def find_resolved_dates(text: str, *, published: datetime | None, before: str = "") -> tuple[ResolvedDate, ...]:
    """Find the dates of a text; of those that overlap the first.

    Parameters
    ----------
    text
        A passage.
    published
        When it was published; without it only dates with their year are found.
    before
        The last date of the passage before it, from which "that December" is counted.
    """
    text = normalize_characters(text)
    last = next(iter(find_dates(before)), None)
    found = [_printed(date) for date in find_dates(text, published=published, before=last)]
    if published:
        found += [_printed(_with_year(date, text, published)) for date in find_bare_months(text)]
        found += _counted_from(published, text)
    known = [ResolvedDate(0, 0, before, "before")] if before else []
    found += _later(text, [*known, *sorted(found)])
    dates: list[ResolvedDate] = []
    for date in sorted(found, key=lambda one: (one.start, -one.end)):
        if date.iso and not (dates and date.start < dates[-1].end):
            dates.append(date)
    return tuple(dates)


def counts_from_dates(text: str) -> bool:
    """Return whether a text may name a date by how far it is from another: "three weeks ago", 即日起, 次年."""
    return any(pattern.search(text) for pattern in (_COUNTED_FROM_PUBLICATION, _LATER, _OF_DATE_BEFORE))


def _printed(date: DateMention) -> ResolvedDate:
    names = (("decade", date.decade), ("span", date.last_month), ("day", date.day), ("month", date.month))
    kind = next((name for name, value in names if value), "quarter" if date.quarter else "year")
    counted = " no year" if date.is_relative else " of text" if date.is_anaphoric else ""
    return ResolvedDate(date.start, date.end, date.iso.partition("/")[0], kind + counted)


def _with_year(date: DateMention, text: str, published: datetime) -> DateMention:
    """Give a month without a year the one that its words, or the publication, make likely."""
    month = date.month or 1
    year = published.year - (month - published.month > MAX_MONTHS_AHEAD)
    printed = text[date.start : date.end].lower()
    if printed.startswith("last "):
        year = published.year - (month >= published.month)
    elif printed.startswith("next "):
        year = published.year + (month <= published.month)
    return date._replace(year=year, is_relative=True)


def _counted_from(published: datetime, text: str) -> Iterator[ResolvedDate]:
    for match in _COUNTED_FROM_PUBLICATION.finditer(text):
        kind = match.lastgroup or ""
        printed = match[kind].lower()
        yield ResolvedDate(*match.span(), _ISO_OF_KIND[kind](printed, published, match), kind)


def _later(text: str, dates: Sequence[ResolvedDate]) -> Iterator[ResolvedDate]:
    """Yield the dates that are counted from the last one before them, as precisely as that is."""
    rest, last = deque(dates), ""
    for match in _LATER.finditer(text):
        while rest and rest[0].end <= match.start():
            iso = rest.popleft().iso
            last = iso if _DAY_OR_MONTH.match(iso) else last
        # Nothing is later than a 31 June.
        with suppress(ValueError):
            iso = _moved(datetime.fromisoformat(last if len(last) > len("2025-10") else f"{last}-15"), match, 1)
            yield ResolvedDate(*match.span(), iso[: len(last)], "later")


def _ago(_: str, published: datetime, match: re.Match[str]) -> str:
    return _moved(published, match, -1)


def _moved(date: datetime, match: re.Match[str], sign: int) -> str:
    """Return the date that is so much later, or earlier, than another, as precisely as the text counts."""
    printed = (match["count"] or match["word"]).lower()
    n = sign * (int(printed) if printed.isdigit() else _COUNTS[printed])
    unit = match["unit"][0].lower()
    if unit in "d天日":
        return _day(date, n)
    if unit in "w周星":
        return _day(date, 7 * n)[:7]
    return _month(date, n) if unit in "m月" else str(date.year + n)


def _week(printed: str, published: datetime, _: re.Match[str]) -> str:
    return _day(published, -7 * printed.startswith(("last", "previous", "上")))[:7]


def _weekend(_: str, published: datetime, __: re.Match[str]) -> str:
    return _day(published, -((published.weekday() + 2) % 7 or 7))[:7]


def _today(printed: str, published: datetime, _: re.Match[str]) -> str:
    return _day(published, -printed.startswith(("yesterday", "昨")))


def _weekday(printed: str, published: datetime, _: re.Match[str]) -> str:
    return _day(published, -((published.weekday() - _WEEKDAYS.index(printed)) % 7))


def _day_of_month(printed: str, published: datetime, _: re.Match[str]) -> str:
    day = int(printed) if printed.isdigit() else _ORDINALS.index(printed) + 1
    return f"{_month(published, -(day > published.day))}-{day:02d}" if 0 < day <= _LAST_DAY else ""


def _turn_of_year(printed: str, published: datetime, _: re.Match[str]) -> str:
    year = published.year + {"去": -1, "明": 1}.get(printed[0], 0)
    if printed[-1] not in "底末":
        return f"{year}-01"
    is_of_last = printed[0] == "年" and published.month <= _EARLY_MONTHS
    return f"{year - is_of_last}-12"


def _this_month(_: str, published: datetime, __: re.Match[str]) -> str:
    return _month(published, 0)


def _next(printed: str, published: datetime, _: re.Match[str]) -> str:
    return _month(published, 1) if printed.endswith(("month", "月")) else _day(published, 7)[:7]


_ISO_OF_KIND = {
    "ago": _ago, "week": _week, "weekend": _weekend, "today": _today, "weekday": _weekday, "day": _day_of_month,
    "turn": _turn_of_year, "month": _this_month, "next": _next,
}  # fmt: skip


def _day(published: datetime, n_days: int) -> str:
    return f"{published + timedelta(days=n_days):%Y-%m-%d}"


def _month(published: datetime, n_months: int) -> str:
    months = 12 * published.year + published.month - 1 + n_months
    return f"{months // 12:04d}-{months % 12 + 1:02d}"

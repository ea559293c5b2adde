"""Dates as printed in either language, and the one a quantity belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rare_topics.corpus.languages import HAN_RANGES
from rare_topics.quantities.numerals import read_han
from rare_topics.quantities.units import unit_at

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = rf"(?:{'|'.join(name.capitalize() for name in _MONTHS)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    # No date begins elsewhere, so that nothing else need be tried there.
    r"(?=[\d一二三四五六七八九上本]|(?<![A-Za-z])[ADFJMNOQSfst])(?:"
    rf"(?<!\d)(?P<y1>{_YEAR}) ?年"
    rf"(?: ?(?P<m1>\d{{1,2}}) ?月(?: ?(?P<d1>\d{{1,2}}) ?[日号])?|第?(?P<q1>[一二三四1-4])季度)?"
    rf"|(?P<yh>[一二][零〇九][零〇一二三四五六七八九]{{2}})年"
    rf"|(?<!\d)(?P<m2>\d{{1,2}}) ?月(?!球|亮)(?: ?(?P<d2>\d{{1,2}}) ?[日号])?(?:至|到|-)?"
    rf"|(?P<century>(?:上个?|20|本)世纪)?(?P<decade>[2-9二三四五六七八九]0?十?)年代"
    rf"|(?<![A-Za-z])(?P<m3>{_MONTH}) (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|,\d|[.]\d)(?:,? (?P<y3>{_YEAR}))?(?! ?%)"
    rf"|(?<![A-Za-z])(?P<d4>\d{{1,2}})(?:st|nd|rd|th)? (?P<m4>{_MONTH})(?: (?P<y4>{_YEAR}))?(?![A-Za-z])"
    rf"|(?<![A-Za-z])(?P<m5>{_MONTH})(?: to (?P<m5b>{_MONTH}))?,? (?P<y5>{_YEAR})(?!\d)"
    rf"|(?<![A-Za-z])(?:Q(?P<q2>[1-4])|(?P<q3>first|second|third|fourth) quarter)(?: of)?,? (?P<y6>{_YEAR})(?!\d)"
    rf"|(?<![\w.,-])(?P<y7>{_YEAR})-(?P<m7>\d\d)(?:-(?P<d7>\d\d))?(?!\d)"
    rf"|(?<![\w.,])(?P<y8>{_YEAR})s(?![A-Za-z])"
    rf"|(?<![\w.,$€£¥-])(?P<y9>{_YEAR})(?![\d%]|,\d|\.\d))"
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_DECADES_ZH = "零一二三四五六七八九"
_LINKS = re.compile(r"[ 的约近为达是超仅有]*")
_APART = re.compile(rf"[,.;。;!?{HAN_RANGES}]| while ")
_EARLIER = re.compile(r"[^,.;]{0,12}\b(?:previous|earlier|prior|past) ")
LAST_MONTH, LAST_DAY = 12, 31
# A date within the first characters of a sentence holds for all of it.
OPENING = 17
# A date farther behind a number belongs to another clause.
NEAR = 90
# In Chinese the date stands right before its number.
BESIDE = 4


class Date(NamedTuple):
    """A date as printed: its offsets, and year, quarter, month and day where the text says them."""

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    decade: bool = False
    month_end: int | None = None

    @property
    def iso(self) -> str:
        """The date as far as it is said.

        ``2025``, ``2025-Q1``, ``2025-04``, ``2025-04-09``, ``1990s``, ``2025-01/2025-08``.
        """
        if self.year is None:
            return ""
        if self.decade:
            return f"{self.year}s"
        if self.quarter:
            return f"{self.year}-Q{self.quarter}"
        month = f"-{self.month:02d}" if self.month else ""
        if self.month_end:
            return f"{self.year}{month}/{self.year}-{self.month_end:02d}"
        return f"{self.year}{month}" + (f"-{self.day:02d}" if self.day else "")


def dates(text: str) -> list[Date]:
    """Find the dates of a text.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    list of Date
        In order; a month without a year takes none.
    """
    found = []
    for match in _DATE.finditer(text):
        date = _read(match, text)
        if date is not None:
            found.append(date)
    return found


def _read(match: re.Match[str], text: str) -> Date | None:
    groups = match.groupdict()
    span = match.span()
    if groups["decade"]:
        digit = groups["decade"][0]
        tens = _DECADES_ZH.index(digit) if digit in _DECADES_ZH else int(digit)
        return Date(*span, 1900 + 10 * tens, decade=True)
    if groups["y8"]:
        return Date(*span, int(groups["y8"]), decade=True)
    if groups["y9"] and _is_amount(text, match.end()):
        return None
    if groups["yh"]:
        value = read_han(groups["yh"])
        return Date(*span, int(value[0])) if value else None
    year = next((int(groups[name]) for name in groups if name.startswith("y") and groups[name]), None)
    month = next((_month(groups[name]) for name in groups if name[0] == "m" and name != "m5b" and groups[name]), None)
    day = next((int(groups[name]) for name in groups if name[0] == "d" and name != "decade" and groups[name]), None)
    quarter = next((groups[name] for name in ("q1", "q2", "q3") if groups[name]), None)
    if (month or 1) > LAST_MONTH or (day or 1) > LAST_DAY or 0 in {month, day}:
        return None
    last = _month(groups["m5b"]) if groups["m5b"] else None
    return Date(*span, year, month, day, (_QUARTERS.get(quarter) or int(quarter)) if quarter else None, month_end=last)


def _is_amount(text: str, end: int) -> bool:
    """Whether four digits are an amount after all: 2000 tons."""
    found = unit_at(text, end)
    return found is not None and (found[0].kind != "count" or text[end : end + 1] != " ")


def _month(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    return next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(printed.lower().rstrip(".")[:3]))


def as_of(text: str, start: int, end: int, *, among: Sequence[Date], others: Sequence[int]) -> str:
    """Find the date that a quantity is said to hold at.

    Parameters
    ----------
    text
        The passage.
    start, end
        The quantity.
    among
        Dates of the passage.
    others
        Where its other quantities begin.

    Returns
    -------
    str
        A date right behind the quantity, before the next one, goes first; then the last one
        before it in its sentence; empty where there is none.
    """
    known = [date for date in among if date.iso]
    beside = [date for date in known if 0 <= start - date.end <= BESIDE]
    if beside and text[beside[-1].end - 1] in "年月日号" and _LINKS.fullmatch(text, beside[-1].end, start):
        return beside[-1].iso
    if _EARLIER.match(text, end):
        return ""
    reach = min([other for other in others if other >= end], default=len(text))
    behind = next((date for date in known if end <= date.start < reach), None)
    if behind and behind.start - end <= NEAR and not _APART.search(text[end : behind.start]):
        return behind.iso
    sentence = max((text.rfind(mark, 0, start) for mark in ("。", "!", "?", ";", ". ")), default=-1)
    before = [date for date in known if sentence < date.start < start]
    taken = [other for other in others if before and before[-1].end <= other < start]
    opens = bool(before) and before[-1].start - sentence <= OPENING
    if not before or (taken and not opens):
        return ""
    return before[-1].iso

"""Dates printed in Chinese and English text, and the date that a quantity holds at.

This is the only grammar of dates in the package.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rare_topics.corpus.languages import HAN_RANGES
from rare_topics.quantities.numerals import chinese_value
from rare_topics.quantities.units import unit_at

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
_MONTH = rf"(?:{'|'.join(name.capitalize() for name in MONTHS)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
_YEAR = r"(?:19|20)\d\d"
_ORDINAL = "(?:st|nd|rd|th)?"
# One pattern for each form of date; the names of their groups are the parts of a date. The first form that fits counts.
_FORMS = (
    # 2025年, 2025年10月, 2025年10月9日, 2025年第三季度
    (
        rf"(?<!\d)(?P<year>{_YEAR}) ?年"
        r"(?: ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?[日号])?|第?(?P<quarter>[一二三四1-4])季度)?"
    ),
    # 二〇二五年
    r"(?P<hanyear>[一二][零〇九][零〇一二三四五六七八九]{2})年",
    # 10月, 10月9日; but neither a moon nor moonlight
    r"(?<!\d)(?P<month>\d{1,2}) ?月(?!球|亮)(?: ?(?P<day>\d{1,2}) ?[日号])?",
    # 上世纪90年代, 八十年代
    r"(?:(?:上个?|20|本)世纪)?(?P<decade>[2-9二三四五六七八九]0?十?)年代",
    # October 9, October 9th, 2025; but not "October 9%" and not "October 9,000"
    rf"(?<![A-Za-z])(?P<month>{_MONTH}) (?P<day>\d{{1,2}}){_ORDINAL}(?!\d|,\d|[.]\d)(?:,? (?P<year>{_YEAR}))?(?! ?%)",
    # 9 October, 9th October 2025
    rf"(?<![A-Za-z])(?P<day>\d{{1,2}}){_ORDINAL} (?P<month>{_MONTH})(?: (?P<year>{_YEAR}))?(?![A-Za-z])",
    # October 2025, January to August 2025
    rf"(?<![A-Za-z])(?P<month>{_MONTH})(?: to (?P<lastmonth>{_MONTH}))?,? (?P<year>{_YEAR})(?!\d)",
    # Q3 2025, third quarter of 2025
    (
        r"(?<![A-Za-z])(?:Q(?P<quarter>[1-4])|(?P<quarterword>first|second|third|fourth) quarter)(?: of)?,? "
        rf"(?P<year>{_YEAR})(?!\d)"
    ),
    # 2025-10, 2025-10-09
    rf"(?<![\w.,-])(?P<year>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?!\d)",
    # 1990s
    rf"(?<![\w.,])(?P<decade>{_YEAR})s(?![A-Za-z])",
    # 2025 alone, unless it is an amount
    rf"(?<![\w.,$€£¥-])(?P<bareyear>{_YEAR})(?![\d%]|,\d|\.\d)",
)


def _compiled(forms: Sequence[str]) -> re.Pattern[str]:
    """Join the forms; a group's name gets the number of its form, because names must be unique in a pattern."""
    numbered = [re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{number}>", form) for number, form in enumerate(forms)]
    # The look-ahead names every character that a date can begin with, so that the forms are tried nowhere else.
    return re.compile(rf"(?=[\d一二三四五六七八九上本]|(?<![A-Za-z])[ADFJMNOQSfst])(?:{'|'.join(numbered)})")


_DATE = _compiled(_FORMS)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_DIGITS_ZH = "零一二三四五六七八九"
_LINKS = re.compile(r"[ 的约近为达是超仅有]*")
_CLAUSE_BREAK = re.compile(rf"[,.;。;!?{HAN_RANGES}]| while ")
_EARLIER = re.compile(r"[^,.;]{0,12}\b(?:previous|earlier|prior|past) ")
_LAST_MONTH, _LAST_DAY = 12, 31
# The three distances below are numbers of characters, chosen by hand on the seed pages.
# A date that begins so near the start of its sentence holds for all numbers of the sentence.
OPENING = 17
# A date farther behind an English number belongs to another clause.
NEAR = 90
# A Chinese date that belongs to one number stands right before it.
ADJACENT = 4


class DateMention(NamedTuple):
    """A date as printed.

    Attributes
    ----------
    start, end
        Character offsets in the text.
    year, month, day, quarter
        What the text says; None where it says nothing.
    decade
        Whether a whole decade is meant, which begins with `year`.
    last_month
        Last month of a span of months that begins with `month`.
    """

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    decade: bool = False
    last_month: int | None = None

    @property
    def iso(self) -> str:
        """The date as precisely as the text gives it, empty without a year.

        ``2025``, ``2025-Q1``, ``2025-04``, ``2025-04-09``, ``1990s``, ``2025-01/2025-08``.
        """
        if self.year is None:
            return ""
        if self.decade:
            return f"{self.year}s"
        if self.quarter:
            return f"{self.year}-Q{self.quarter}"
        month = f"-{self.month:02d}" if self.month else ""
        if self.last_month:
            return f"{self.year}{month}/{self.year}-{self.last_month:02d}"
        return f"{self.year}{month}" + (f"-{self.day:02d}" if self.day else "")


def find_dates(text: str) -> list[DateMention]:
    """Find the dates of a text.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    list of DateMention
        In order of the text; a month that is printed without a year has year None.
    """
    found = (_date_of(match) for match in _DATE.finditer(text))
    return [date for date in found if date is not None]


def _date_of(match: re.Match[str]) -> DateMention | None:
    """Make a date of a match, or None where the digits are no date."""
    start, end = match.span()
    parts = {name.partition("_")[0]: value for name, value in match.groupdict().items() if value}
    if "decade" in parts:
        return DateMention(start, end, _first_year(parts["decade"]), decade=True)
    if "bareyear" in parts:
        return None if _is_amount(match.string, end) else DateMention(start, end, int(parts["bareyear"]))
    if "hanyear" in parts:
        value = chinese_value(parts["hanyear"])
        return DateMention(start, end, int(value[0])) if value else None
    month = _month_number(parts["month"]) if "month" in parts else None
    day = int(parts["day"]) if "day" in parts else None
    if (month or 1) > _LAST_MONTH or (day or 1) > _LAST_DAY or 0 in {month, day}:
        return None
    quarter = parts.get("quarter") or parts.get("quarterword")
    return DateMention(
        start,
        end,
        year=int(parts["year"]) if "year" in parts else None,
        month=month,
        day=day,
        quarter=(_QUARTERS.get(quarter) or int(quarter)) if quarter else None,
        last_month=_month_number(parts["lastmonth"]) if "lastmonth" in parts else None,
    )


def _first_year(decade: str) -> int:
    """First year of a decade: 1990 for ``1990``, ``90``, ``9`` and ``九十``."""
    if len(decade) == len("1990"):
        return int(decade)
    digit = decade[0]
    return 1900 + 10 * (_DIGITS_ZH.index(digit) if digit in _DIGITS_ZH else int(digit))


def _month_number(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(printed.lower().rstrip(".")[:3]))


def _is_amount(text: str, end: int) -> bool:
    """Whether four digits that look like a year count something, as in ``2000 tons``."""
    found = unit_at(text, end)
    return found is not None and (found[0].kind != "count" or text[end : end + 1] != " ")


def date_of_quantity(
    text: str, start: int, end: int, *, dates: Sequence[DateMention], other_starts: Sequence[int]
) -> str:
    """Find the date that the text gives for a quantity.

    A Chinese date right before the quantity goes first, then a date behind it in its clause and
    before the next quantity, then the last date before it in its sentence, unless another
    quantity stands between; a date that opens the sentence holds for all of its quantities. A
    quantity "of an earlier year" has no date.

    Parameters
    ----------
    text
        The passage.
    start, end
        Offsets of the quantity.
    dates
        Dates of the passage, in order.
    other_starts
        Offsets at which the passage's other quantities begin.

    Returns
    -------
    str
        See `DateMention.iso`; empty where the text gives no date.
    """
    known = [date for date in dates if date.iso]
    adjacent = [date for date in known if 0 <= start - date.end <= ADJACENT]
    if adjacent and text[adjacent[-1].end - 1] in "年月日号" and _LINKS.fullmatch(text, adjacent[-1].end, start):
        return adjacent[-1].iso
    if _EARLIER.match(text, end):
        return ""
    next_start = min([other for other in other_starts if other >= end], default=len(text))
    behind = next((date for date in known if end <= date.start < next_start), None)
    if behind and behind.start - end <= NEAR and not _CLAUSE_BREAK.search(text[end : behind.start]):
        return behind.iso
    sentence = max((text.rfind(mark, 0, start) for mark in ("。", "!", "?", ";", ". ")), default=-1)
    before = [date for date in known if sentence < date.start < start]
    if not before:
        return ""
    date = before[-1]
    has_other_quantity = any(date.end <= other < start for other in other_starts)
    opens_sentence = date.start - sentence <= OPENING
    return "" if has_other_quantity and not opens_sentence else date.iso

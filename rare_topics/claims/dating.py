"""The date that a number holds at: dates that the text leaves open, resolved by the publication, and whose date is whose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from rare_topics.claims.context import Clauses
from rare_topics.quantities import DateMention, Quantity
from rare_topics.quantities.dates import MONTHS

_MONTH_NAMES = "|".join(name.capitalize() for name in MONTHS)
# Years and months told by their distance from the publication, with the month or quarter that may follow.
_RELATIVE = re.compile(
    r"(?P<year>前年|去年|上年|今年|本年|明年|来年)(?:度|的)?(?:第?(?P<quarter>[一二三四])季度)?"
    r"|(?P<month>上个?月|本月|当月|这个月)(?!球)"
    r"|(?<![第年\d])(?P<lonequarter>[一二三四])季度"
    r"|(?<![A-Za-z])(?P<word>[Tt]his|[Ll]ast|[Nn]ext|the previous) (?P<span>year|month)(?![A-Za-z])"
    rf"|(?<![A-Za-z])(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Dd]uring|early|late|mid|[Ll]ast)[ -](?:early |late |mid-)?"
    rf"(?P<name>{_MONTH_NAMES})(?! \d)(?![a-z])"
    r"|(?:in|for|of) the (?P<quarterword>first|second|third|fourth) quarter(?! of (?:19|20)\d\d)"
)
_YEARS_FROM_NOW = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1,
                   "this": 0, "last": -1, "the previous": -1, "next": 1}  # fmt: skip
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_AHEAD = re.compile(r"(?:将|预计|计划|到|\bwill\b|\bby\b|\buntil\b|\bnext\b)[^,。;]{0,12}$")
# A Chinese date right before its number, with at most a few words between.
_ADJACENT_GAP = re.compile(r"[ 的约近为达是超仅有年月日号]{0,4}")
# A date that stands so tightly behind a number is the date of this number alone.
_TIGHT_GAP = re.compile(
    r" ?(?:tons?|tonnes?|percent|per cent|people|jobs)? ?(?:in|by|for|at the end of|as of|during)?"
    r"(?: (?:early|late|mid|the year))? ?"
)
# From a change to the level that it leads to, which share a date: 28% to 9.6 billion yuan in 2025.
_TO_LEVEL = re.compile(r" to (?:about |nearly |over |a record )?|[至到](?:约|近)?")
# A number behind one of these is of another time than the rest of the sentence.
_OTHER_TIME = re.compile(
    r"(?<![A-Za-z])(?:compared (?:with|to)|versus|against|than|down from|up from|before)\b[^,;.]*$|(?:此前|原先|之前)[^,。;]*$"
)
_EARLIER_BEHIND = re.compile(r"[^,.;]{0,12}\b(?:previous|earlier|prior|past|before the) ")
_SOURCE = re.compile(r"according to[^,;.]*$|[据按照][^,。;]*$")
_CLAUSE_BREAK = re.compile(r"[,.;。;!?](?!\d)| while | but | whereas ")
# A clause that goes on about the number before it.
_CONTINUES = re.compile(r" ?(?:with|while|including|of which|one of|up|down|or)(?![A-Za-z])| ?(?:其中|同比|环比)")
# Before a date that a number is compared with, or at which something ends.
_COMPARED_OR_END = re.compile(r"(?:[比较]|排到了?|推迟到|延续到|直到|until |through |up to )$")
_END = re.compile(r"(?:\bby|\buntil|\bdue) $")
_FROM = re.compile(r"(?:\bfrom |从)[^,;。]*$")
# A date of what is reported holds for the whole report.
_REPORT = re.compile(r"[^,;。]{0,12}(?:显示|报价|数据|报道|通报|表示|公布|统计)[^,;。]{0,3},")
# A date farther behind its number, in characters, belongs to another clause; chosen by hand on the seed pages.
MAX_DISTANCE_BEHIND, MAX_DISTANCE_OF_END = 90, 60
_LAST_MONTH = 12


def resolved_dates(text: str, dates: Sequence[DateMention], *, published: datetime | None) -> list[DateMention]:
    """Give every date of a text its year, as far as the publication tells it.

    Parameters
    ----------
    text
        The passage in half-width and simplified characters.
    dates
        The dates that are printed in it, in order.
    published
        When it was published; without it only dates with a year are returned.

    Returns
    -------
    list of DateMention
        In order of the text, every one with a year.
    """
    if published is None:
        return [date for date in dates if date.year]
    relative = list(_relative_dates(text, published))
    found: list[DateMention] = []
    for date in dates:
        before = next((one for one in relative if one.end in {date.start, date.start - 1} and one.month is None), None)
        if date.year:
            found.append(date)
        elif date.month and before:
            found.append(date._replace(start=before.start, year=before.year))
        elif date.month:
            found.append(date._replace(year=_year_of_month(text, date, published)))
    taken = [(date.start, date.end) for date in found]
    found += [one for one in relative if not any(start < one.end and one.start < end for start, end in taken)]
    return sorted(found, key=lambda date: date.start)


def _relative_dates(text: str, published: datetime) -> Iterator[DateMention]:
    for match in _RELATIVE.finditer(text):
        start, end = match.span()
        year, month = published.year, published.month
        if match["year"]:
            quarter = _QUARTERS.get(match["quarter"] or "")
            yield DateMention(start, end, year + _YEARS_FROM_NOW[match["year"]], quarter=quarter)
        elif match["month"]:
            months = 12 * year + month - 1 - (match["month"].startswith("上"))
            yield DateMention(start, end, months // 12, month=months % 12 + 1)
        elif match["span"]:
            steps = _YEARS_FROM_NOW[match["word"].lower()]
            months = 12 * year + month - 1 + steps
            is_year = match["span"] == "year"
            yield DateMention(start, end, year + steps) if is_year else DateMention(
                start, end, months // 12, month=months % 12 + 1
            )
        elif match["name"]:
            date = DateMention(start, end, None, month=MONTHS.index(match["name"].lower()) + 1)
            yield date._replace(year=_year_of_month(text, date, published))
        else:
            quarter = _QUARTERS[match["lonequarter"] or match["quarterword"]]
            is_past = 3 * quarter - 2 <= month
            yield DateMention(start, end, year if is_past else year - 1, quarter=quarter)


def _year_of_month(text: str, date: DateMention, published: datetime) -> int:
    """Return the year of a month without one: the last one before the publication, or the next where a plan is told."""
    month, day = date.month or _LAST_MONTH, date.day or 1
    if (month, day) <= (published.month, published.day):
        is_ahead = month < published.month and _AHEAD.search(text, max(0, date.start - 16), date.start)
        return published.year + 1 if is_ahead and "until" in text[max(0, date.start - 16) : date.start] else published.year
    is_ahead = bool(_AHEAD.search(text, max(0, date.start - 16), date.start)) or month == published.month
    return published.year if is_ahead else published.year - 1


def date_of(
    quantity: Quantity, text: str, *, clauses: Clauses, dates: Sequence[DateMention], quantities: Sequence[Quantity]
) -> str:
    """Find the date that the text gives for a quantity.

    A Chinese date right before the quantity goes first, then one behind it in its clause, then the
    last one before it in its sentence that is not another number's own. What a number is compared
    with has another date, and a quantity "of an earlier year" has none.

    Parameters
    ----------
    quantity
        One of the quantities of the passage.
    text
        The passage.
    clauses
        Its clauses.
    dates
        Its dates, every one with a year, in order.
    quantities
        Its quantities, in order.

    Returns
    -------
    str
        See `DateMention.iso`; empty where the text gives no date.
    """
    if not dates or _EARLIER_BEHIND.match(text, quantity.end):
        return ""
    for date in dates:
        if date.end <= quantity.start and text[date.end - 1] in "年月日号度" and _is_adjacent(text, date, quantity):
            return date.iso
    behind = _date_behind(quantity, text, dates=dates, quantities=quantities)
    if behind:
        return behind.iso
    clause = clauses.number_at(quantity.start)
    start = _start_of_sentence(text, clauses, clause)
    if _OTHER_TIME.search(text, max(start, quantity.start - 60), quantity.start):
        own = [date for date in dates if clauses.starts[clause] <= date.start < quantity.start]
        return own[-1].iso if own else ""
    before = [date for date in dates if start <= date.start < quantity.start]
    continues = clauses.opens_with(clause, _CONTINUES)
    before = [date for date in before if _may_hold_for(quantity, date, text, quantities, continues=continues)]
    if before:
        return before[-1].iso
    end = clauses.end_of(clause)
    after = [date for date in dates if end <= date.start < _end_of_sentence(text, clauses, clause)]
    named = [date for date in after if _SOURCE.search(text, max(end, date.start - 60), date.start)]
    return named[0].iso if named else ""


def _is_adjacent(text: str, date: DateMention, quantity: Quantity) -> bool:
    return _ADJACENT_GAP.fullmatch(text, date.end, quantity.start) is not None


def _date_behind(
    quantity: Quantity, text: str, *, dates: Sequence[DateMention], quantities: Sequence[Quantity]
) -> DateMention | None:
    """Find the date behind a number and before the next one, or that of the level which a change leads to."""
    following = min((other for other in quantities if other.start >= quantity.end), key=lambda q: q.start, default=None)
    end = following.start if following else len(text)
    date = next((date for date in dates if quantity.end <= date.start < end), None)
    is_end = date and _END.search(text, max(quantity.end, date.start - 8), date.start)
    if date and date.start - quantity.end <= (MAX_DISTANCE_OF_END if is_end else MAX_DISTANCE_BEHIND):
        if not _CLAUSE_BREAK.search(text, quantity.end, date.start):
            return date
    if following and _TO_LEVEL.fullmatch(text, quantity.end, following.start):
        return _date_behind(following, text, dates=dates, quantities=quantities)
    return None


def _may_hold_for(
    quantity: Quantity, date: DateMention, text: str, quantities: Sequence[Quantity], *, continues: bool
) -> bool:
    """Whether a date holds for a number behind it: not where it is compared with, an end, or another number's own."""
    if _COMPARED_OR_END.search(text, max(0, date.start - 12), date.start):
        return False
    if _TO_LEVEL.fullmatch(text, date.end, quantity.start):
        return not _FROM.search(text, max(0, date.start - 40), date.start)
    if ";" in text[date.end : quantity.start]:
        return _REPORT.match(text, date.end) is not None
    return continues or not _is_own(date, text, quantities)


def _is_own(date: DateMention, text: str, quantities: Sequence[Quantity]) -> bool:
    """Whether a date stands tightly behind a number: 85% in 2022."""
    before = [other for other in quantities if other.end <= date.start]
    return bool(before) and _TIGHT_GAP.fullmatch(text, before[-1].end, date.start) is not None


def _start_of_sentence(text: str, clauses: Clauses, clause: int) -> int:
    """Offset of the sentence, where parts between semicolons are one."""
    first = clauses.start_of_sentence(clause)
    while first and text[clauses.starts[first] - 1] in ";；":
        first = clauses.start_of_sentence(first - 1)
    return clauses.starts[first]


def _end_of_sentence(text: str, clauses: Clauses, clause: int) -> int:
    number = clause + 1
    while number < len(clauses.starts) and clauses.start_of_sentence(number) != number:
        number += 1
    return clauses.starts[number] if number < len(clauses.starts) else len(text)

"""The date that a number holds at: which of the dates around it is its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rare_topics.claims.context import Clauses
from rare_topics.quantities import DateMention, Quantity

# A Chinese date right before its number, with at most a few words between.
_ADJACENT_GAP = re.compile(r"(?:[春夏秋冬][天季]?|[年季月]?[初底末中])?[ 的约近为达是超仅有年月日号]{0,4}")
# A date that stands so tightly behind a number is the date of this number alone.
_TIGHT_GAP = re.compile(
    r" ?(?:tons?|tonnes?|percent|per cent|people|jobs)? ?(?:in|by|for|of|at the end of|as of|during)?"
    r"(?: (?:early|late|mid|the year))? ?"
)
# From a change to the level that it leads to, which share a date: 28% to 9.6 billion yuan in 2025.
_TO_LEVEL = re.compile(r" to (?:about |nearly |over |a record )?|[至到](?:约|近)?")
# A date from which something has gone on: it is the beginning of a time, and dates no duration, multiple or sum.
_START = re.compile(r"(?:\bsince|\bfrom|自从?|从) ?$", re.IGNORECASE)
_START_BEHIND = re.compile(r"[^,。;]{0,12}(?:以来|算起|至今|开始)| (?:on|onwards?)\b")
_KINDS_OF_SPANS = frozenset({"duration", "ratio", "money", "count"})
# The same time of the year before.
_YEAR_BEFORE = re.compile(r"(?:[去上]年同[期月]|上一?年)[^,。;]{0,6}$")
_YEAR_BEFORE_BEHIND = re.compile(
    r" ?(?:[a-z]+ )?(?:(?:a|one) year (?:earlier|before|ago)|"
    r"(?:in )?the (?:year before|(?:previous|prior|preceding) year))\b"
)
# A number behind one of these is of another time than the rest of the sentence.
_OTHER_TIME = re.compile(
    r"(?<![A-Za-z])(?:compared (?:with|to)|versus|against|than|down from|up from|before)\b[^,;.]*$"
    r"|(?:此前|原先|之前)[^,。;]*$"
)
_EARLIER_BEHIND = re.compile(r"[^,.;]{0,12}\b(?:previous|earlier|prior|past|before the) ")
_SOURCE = re.compile(r"according to[^,;.]*$|[据按照][^,。;]*$")
_CLAUSE_BREAK = re.compile(r"[,.;。;!?](?!\d)| while | but | whereas ")
# A clause that goes on about the number before it.
_CONTINUES = re.compile(r" ?(?:with|while|including|of which|one of|up|down|or)(?![A-Za-z])| ?(?:其中|同比|环比)")
# Before a date that a number is compared with, or at which something ends.
_COMPARED_OR_END = re.compile(r"(?:[比较]|排到了?|推迟到|延续到|直到|until |through |up to )$")
_END = re.compile(r"(?:\bby|\buntil|\bdue) $")
# A date that a change or a part is counted from, behind it: 4% from June, half as much again as in 2025.
_THAN = re.compile(r"\b(?:as|than)(?: in)? $")
_CHANGED_FROM = re.compile(r"\b(?:from|over|on|against|versus|compared (?:with|to)|above|below)(?: the)? $")
_UNTIL = re.compile(r"\buntil $")
# A number put between subject and verb.
_APPOSITIVE = re.compile(r", (?=(?:is|are|was|were|has|have|had|will|came|went)\b)")
_FROM = re.compile(r"(?:\bfrom |从)[^,;。]*$")
# A date of what is reported holds for the whole report.
_REPORT = re.compile(r"[^,;。]{0,12}(?:显示|报价|数据|报道|通报|表示|公布|统计)[^,;。]{0,3},")
# A date farther behind its number, in characters, belongs to another clause; chosen by hand on the seed pages.
MAX_BEFORE_OPENING = 20
MAX_DISTANCE_BEHIND, MAX_DISTANCE_OF_END = 90, 60


def date_of(  # noqa: PLR0911 - one return for each place of a date
    quantity: Quantity,
    text: str,
    *,
    clauses: Clauses,
    dates: Sequence[DateMention],
    quantities: Sequence[Quantity],
    in_clause: bool = False,
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
    in_clause
        Whether the date must stand in the clause of the quantity.

    Returns
    -------
    str
        See `DateMention.iso`; empty where the text gives no date.
    """
    if _is_of_year_before(quantity, text):
        return _date_of_year_before(quantity, text, dates)
    if not dates or _EARLIER_BEHIND.match(text, quantity.end):
        return ""
    dates = [date for date in dates if not _is_start_of_span(date, quantity, text)]
    for date in dates:
        if date.end <= quantity.start and text[date.end - 1] in "年月日号度" and _is_adjacent(text, date, quantity):
            return date.iso
    behind = _date_behind(quantity, text, dates=dates, quantities=quantities)
    if behind:
        return behind.iso
    clause = clauses.number_at(quantity.start)
    start = clauses.starts[clause] if in_clause else _start_of_sentence(text, clauses, clause)
    if _OTHER_TIME.search(text, max(start, quantity.start - 60), quantity.start):
        own = [date for date in dates if clauses.starts[clause] <= date.start < quantity.start]
        return own[-1].iso if own else ""
    before = [date for date in dates if start <= date.start < quantity.start]
    continues = clauses.opens_with(clause, _CONTINUES)
    before = [date for date in before if _may_hold_for(quantity, date, text, quantities, continues=continues)]
    if before or in_clause:
        return before[-1].iso if before else ""
    end = clauses.end_of(clause)
    after = [date for date in dates if end <= date.start < _end_of_sentence(text, clauses, clause)]
    named = [date for date in after if _SOURCE.search(text, max(end, date.start - 60), date.start)]
    return named[0].iso if named else ""


def _is_of_year_before(quantity: Quantity, text: str) -> bool:
    behind = _YEAR_BEFORE_BEHIND.match(text, quantity.end)
    return bool(behind or _YEAR_BEFORE.search(text, max(0, quantity.start - 14), quantity.start))


def _date_of_year_before(quantity: Quantity, text: str, dates: Sequence[DateMention]) -> str:
    """Date of a level of the same time a year before: that of the number before it, less a year."""
    before = [date for date in dates if date.start < quantity.start and date.year]
    if before and before[-1].is_relative and text[before[-1].start] == "上":
        return before[-1].iso
    if not before or quantity.kind == "percent change" or before[-1].year is None:
        return ""
    return before[-1]._replace(year=before[-1].year - 1).iso


def _is_start_of_span(date: DateMention, quantity: Quantity, text: str) -> bool:
    """Whether a date is where a time begins that a duration, a multiple or a sum is counted from."""
    if quantity.kind == "count" and date.end < quantity.start and text.startswith("起", date.end):
        return True
    if quantity.kind not in _KINDS_OF_SPANS or not _START.search(text, max(0, date.start - 8), date.start):
        return False
    is_open = text[max(0, date.start - 6) : date.start].rstrip().lower().endswith(("since", "自", "自从"))
    return is_open or _START_BEHIND.match(text, date.end) is not None


def _is_adjacent(text: str, date: DateMention, quantity: Quantity) -> bool:
    return _ADJACENT_GAP.fullmatch(text, date.end, quantity.start) is not None


def _date_behind(
    quantity: Quantity, text: str, *, dates: Sequence[DateMention], quantities: Sequence[Quantity]
) -> DateMention | None:
    """Find the date behind a number and before the next one, or that of the level which a change leads to."""
    following = min((other for other in quantities if other.start >= quantity.end), key=lambda q: q.start, default=None)
    end = following.start if following else len(text)
    date = next((date for date in dates if quantity.end <= date.start < end), None)
    if date and _is_of_other_side(quantity, date, text):
        return None
    is_end = date and _END.search(text, max(quantity.end, date.start - 8), date.start)
    limit = MAX_DISTANCE_OF_END if is_end else MAX_DISTANCE_BEHIND
    is_near = date is not None and date.start - quantity.end <= limit
    apposed = _APPOSITIVE.match(text, quantity.end)
    if date and is_near and not _CLAUSE_BREAK.search(text, apposed.end() if apposed else quantity.end, date.start):
        return date
    if following and _TO_LEVEL.fullmatch(text, quantity.end, following.start):
        return _date_behind(following, text, dates=dates, quantities=quantities)
    return None


def _is_of_other_side(quantity: Quantity, date: DateMention, text: str) -> bool:
    """Whether a date behind a number is that of what it is compared with, or an end that is not its own."""
    before = text[max(quantity.end, date.start - 20) : date.start]
    if _THAN.search(before) or (quantity.kind == "money" and _UNTIL.search(before)):
        return True
    return quantity.kind == "percent change" and _CHANGED_FROM.search(before) is not None


def _may_hold_for(
    quantity: Quantity, date: DateMention, text: str, quantities: Sequence[Quantity], *, continues: bool
) -> bool:
    """Whether a date holds for a number behind it: not where it is compared with, an end, or another number's own."""
    if _COMPARED_OR_END.search(text, max(0, date.start - 12), date.start):
        return False
    if _TO_LEVEL.fullmatch(text, date.end, quantity.start):
        return not _FROM.search(text, max(0, date.start - 40), date.start)
    if ";" in text[date.end : quantity.start]:
        is_parallel = _is_of_parallel(quantity, date, text, quantities) or _opens(date, quantity, text, quantities)
        return _REPORT.match(text, date.end) is not None or is_parallel
    return continues or not _is_own(date, text, quantities)


def _is_of_parallel(quantity: Quantity, date: DateMention, text: str, quantities: Sequence[Quantity]) -> bool:
    """Whether a date of the number before holds for one that says the same of another: "A mined 5 t in 2025; B 6 t"."""
    before = [other for other in quantities if other.end <= quantity.start and other.kind != "date"]
    return (
        bool(before)
        and before[-1].end <= date.start
        and before[-1].unit == quantity.unit
        and not _CLAUSE_BREAK.search(text, before[-1].end, date.start)
    )


def _opens(date: DateMention, quantity: Quantity, text: str, quantities: Sequence[Quantity]) -> bool:
    """Whether a date opens a Chinese sentence whose first number is of one kind with this one."""
    begin = max(text.rfind("。", 0, date.start), text.rfind(";", 0, date.start)) + 1
    first = next((other for other in quantities if other.start >= date.end), None)
    is_first = date.start - begin <= MAX_BEFORE_OPENING and text[date.end - 1 : date.end] in "年月日号度"
    return is_first and first is not None and first.kind == quantity.kind and first.end < quantity.start


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

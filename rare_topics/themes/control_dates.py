"""When an act of export control happened: the dates of its clause, of what opens its sentence, of its effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.dates import MAX_MONTHS_AHEAD
from rare_topics.quantities import DateMention, find_dates
from rare_topics.themes import control_patterns as patterns
from rare_topics.themes.control_effects import EASED, TIGHTENED, Effect

# Characters before a date that say whether it is that of the act.
_DATE_SIDE = 40
_CONTROL_SIDE = 110
_YEARS_AWAY = {"去年": -1, "上年": -1, "前年": -2, "今年": 0, "本年": 0, "明年": 1, "来年": 1}
_RELATIVE_YEAR = re.compile("|".join(_YEARS_AWAY))


def date_of_act(
    clause: Clause,
    *,
    sentence: Sequence[Clause],
    effects: Sequence[Effect],
    effects_of: Callable[[Clause], Sequence[Effect]],
    is_eased: bool,
) -> str:
    """Find the date of an act.

    Parameters
    ----------
    clause
        The clause that tells of it.
    sentence
        The clauses of its sentence.
    effects
        What becomes of controls in the clause.
    effects_of
        Gives the same of another clause.
    is_eased
        Whether the act eases: then the date on which the control began is another.

    Returns
    -------
    str
        As precise as the text; empty where it gives none.
    """
    so_far = [one for one in sentence if one.start <= clause.start]
    behind = [one for one in sentence if one.start > clause.start]
    places = [one for one in reversed(so_far[:-1]) if not _is_another_act(effects, effects_of(one))]
    places += [one for one in behind if patterns.EFFECT.search(one.lowered) or patterns.REAFFIRMS.search(one.lowered)]
    dated = [date for part in so_far for date in part.dates if date.year and date.month]
    own = _nearest_first(clause, effects)
    if is_eased:
        own = [date for date in own if not _is_of_beginning(clause, date)]
    in_passing = [date for date in own if patterns.IN_PASSING.match(_right(clause, date))]
    candidates = [(clause, date) for date in own if date not in in_passing]
    candidates += [(one, date) for one in places for date in one.dates]
    candidates += [(clause, date) for date in in_passing]
    for one, date in candidates:
        left, right = one.text[: date.start - one.start], one.text[date.end - one.start :]
        delays = bool(patterns.DELAYS.search(one.lowered))
        if date.decade or not _is_of_act(left.lower()[-_DATE_SIDE:], right, delays=delays):
            continue
        printed = one.text[date.start - one.start : date.end - one.start]
        before = [other for other in dated if other.start < date.start]
        if patterns.OF_ANOTHER.search(left.lower()[-_DATE_SIDE:]) or (
            patterns.ADVANCES.search(one.lowered) and patterns.FROM.search(left.lower()[-_DATE_SIDE:])
        ):
            continue
        if found := _resolve(date, clause.published, printed=printed, before=before[-1] if before else None):
            return found
    return _day_of_the_month(so_far, clause.published)


def _day_of_the_month(clauses: Sequence[Clause], published: datetime | None) -> str:
    """Return a day that is named without its month as the last such day up to the publication: 15日."""
    days = [day for one in reversed(clauses) for day in patterns.DAY_ONLY.finditer(one.text)]
    if not days or published is None:
        return ""
    day = int(days[0]["day"])
    months = 12 * published.year + published.month - 1 - (day > published.day)
    return f"{months // 12:04d}-{months % 12 + 1:02d}-{day:02d}"


def dates_of_beginning(clause: Clause) -> list[str]:
    """Find the dates of controls that are named with their beginning: "the ban of May 2025", 5月出台的禁令."""
    found = []
    for date in clause.dates:
        if _is_of_beginning(clause, date):
            printed = clause.text[date.start - clause.start : date.end - clause.start]
            found.append(_resolve(date, clause.published, printed=printed, before=None))
    return [date for date in found if date]


def _is_of_beginning(clause: Clause, date: DateMention) -> bool:
    left = clause.lowered[max(0, date.start - clause.start - _CONTROL_SIDE) : date.start - clause.start]
    behind = patterns.CONTROL_BEHIND_DATE.match(_right(clause, date))
    return bool(behind or patterns.CONTROL_BEFORE_DATE.search(left))


def _right(clause: Clause, date: DateMention) -> str:
    return clause.text[date.end - clause.start :]


def _nearest_first(clause: Clause, effects: Sequence[Effect]) -> Sequence[DateMention]:
    """Return the dates of a clause: where it both tightens and eases, the nearest to the easing first."""
    first = {effect.direction: effect.position for effect in reversed(effects)}
    if not {TIGHTENED, EASED} <= first.keys():
        return clause.dates
    return sorted(clause.dates, key=lambda date: abs(date.start - first[EASED]))


def _is_another_act(effects: Sequence[Effect], others: Sequence[Effect]) -> bool:
    """Whether a clause before tells of an act of the other direction, whose date is its own."""
    mine = {effect.direction for effect in effects} & {TIGHTENED, EASED}
    theirs = {effect.direction for effect in others if effect.noun != "rule"} & {TIGHTENED, EASED}
    return bool(mine and theirs and not mine & theirs)


def _is_of_act(left: str, right: str, *, delays: bool) -> bool:
    """Whether a date is no end of a span, no date from which an act is put off, and no part of a name."""
    if (
        (patterns.UNTIL.search(left) and not patterns.NOT_UNTIL.search(left))
        or patterns.UNTIL_BEHIND.match(right)
        or (delays and patterns.FROM_TO.search(left))
    ):
        return False
    return not (right[:1].isascii() and right[:1].isalpha())


def _resolve(date: DateMention, published: datetime | None, *, printed: str, before: DateMention | None) -> str:
    """Return the date; a month without a year has that of its words, of the month before, or the nearest."""
    if date.year is not None:
        return date.iso.partition("/")[0]
    if published is None:
        return ""
    if not date.month:
        found = [one.iso.partition("/")[0] for one in find_dates(printed, published=published)]
        return next((iso for iso in found if iso[:4] <= str(published.year)), "")
    year = published.year - (date.month - published.month > MAX_MONTHS_AHEAD)
    if relative := _RELATIVE_YEAR.match(printed):
        year = published.year + _YEARS_AWAY[relative[0]]
    elif printed.lower().startswith("last "):
        year = published.year - (date.month >= published.month)
    elif printed.lower().startswith("next "):
        year = published.year + (date.month <= published.month)
    elif before and before.year and before.month and date.month > before.month:
        year = before.year
    return date._replace(year=year, last_month=None).iso

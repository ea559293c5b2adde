"""Mood and tense of clauses: whether what they say is so, is to be, may be, is asked for, or is denied.

The moods follow the factuality profiles of Saurí and Pustejovsky (2009, "FactBank"), with those
added that a reader of the trade needs: something being built, something demanded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from rare_topics.clauses.cues import Cue
from rare_topics.corpus.languages import is_han
from rare_topics.quantities import DateMention


class Mood(StrEnum):
    """How an act is meant."""

    ASSERTED = "asserted"
    BUILDING = "building"
    PLANNED = "planned"
    POSSIBLE = "possible"
    DEMANDED = "demanded"
    DENIED = "denied"
    QUESTION = "question"
    REPORTED = "reported"


class Tense(StrEnum):
    """When an act happens, seen from the publication."""

    PAST = "past"
    NOW = "now"
    FUTURE = "future"


class ReadClause(Protocol):
    """What mood and tense are read from; see `clauses.Clause`."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def dates(self) -> Sequence[DateMention]: ...  # noqa: D102
    @property
    def published(self) -> datetime | None: ...  # noqa: D102
    @property
    def mood(self) -> Mood: ...  # noqa: D102
    def has(self, *kinds: str) -> bool: ...  # noqa: D102
    def cues_of(self, *kinds: str) -> Sequence[Cue]: ...  # noqa: D102


# A year that lies so far back is history and not today; chosen by hand on the seed pages.
YEARS_TO_HISTORY = 3
# Reach of a negation before an act, in characters of English and of Chinese.
_NEGATION_REACH, _NEGATION_REACH_HAN = 60, 14
# Words that deny wherever they stand in the clause: a state of the thing itself.
_STATE_OF_REST = re.compile(
    r"\b(?:idle\w*|care and maintenance|(?:stood|standing|stands) still|"
    r"inactive|mothballed|shuttered|dormant|defunct|abandoned|bankrupt|(?:is|was|were|are|been|stands?|"
    r"remains?) (?:\w+ )?(?:shut|closed|suspended|halted|cancelled|scrapped|shelved))\b"
    r"|停摆|停产|闲置|关闭|搁浅|荒废|泡影|流产|夭折|被(?:叫停|取消|否决|搁置|中止)"
)
# What lasts until a date goes on today.
_LASTS_UNTIL = re.compile(
    r"\b(?:until|till|through|(?:expir\w+|ends?|ending|runs? out) (?:in|by|on))(?: the end of)? (?:\w+ )?$"
)
_LASTS_UNTIL_HAN = re.compile(r"年?(?:\d+月)?底?(?:到期|届满|为止|截止)")
_MOOD_OF_CUE = (
    ("question", Mood.QUESTION),
    ("demanded", Mood.DEMANDED),
    ("possible", Mood.POSSIBLE),
    ("planned", Mood.PLANNED),
    ("building", Mood.BUILDING),
)


def clause_mood(clause: ReadClause, position: int) -> Mood:
    """Return the mood of an act of a clause.

    Parameters
    ----------
    clause
        The clause.
    position
        Offset of the act in the passage.

    Returns
    -------
    Mood
        A negation that governs the act goes first, then question, demand, possibility, plan and
        building; a clause without any of them asserts, or reports what somebody claims.
    """
    if _STATE_OF_REST.search(clause.text) or any(_negates(cue, clause, position) for cue in clause.cues_of("denied")):
        return Mood.DENIED
    for kind, mood in _MOOD_OF_CUE:
        for cue in clause.cues_of(kind):
            if kind == "building" and any(plan.start < cue.start for plan in clause.cues_of("planned")):
                return Mood.PLANNED
            if cue.start < position or kind in {"question", "building"}:
                return mood
    if is_future_dated(clause):
        return Mood.PLANNED
    return Mood.REPORTED if clause.has("hearsay") else Mood.ASSERTED


def clause_tense(clause: ReadClause) -> Tense:
    """Return the tense of a clause, by its dates and words of time."""
    if is_future_dated(clause):
        return Tense.FUTURE
    years = [date.year for date in clause.dates if date.year]
    if clause.published and years and max(years) <= clause.published.year - YEARS_TO_HISTORY:
        return Tense.PAST
    if clause.has("past"):
        return Tense.PAST
    return Tense.FUTURE if clause.mood is Mood.PLANNED else Tense.NOW


def is_future_dated(clause: ReadClause) -> bool:
    """Return whether a clause names a time that is still to come."""
    if clause.published is None:
        return False
    today = clause.published.year, clause.published.month
    for date in clause.dates:
        if date.year is None or date.decade:
            continue
        before = clause.text[: date.start - clause.start].lower()
        after = clause.text[date.end - clause.start :]
        if _LASTS_UNTIL.search(before) or _LASTS_UNTIL_HAN.match(after):
            continue
        if (date.year, date.month or 0) > (today if date.month else (today[0], 0)):
            return True
        is_this_year = date.year == today[0] and not date.month
        if is_this_year and (
            re.search(r"\bby (?:the )?(?:end of |late |early )?$", before) or re.match(r"年?底?前", after)
        ):
            return True
    return False


def _negates(cue: Cue, clause: ReadClause, position: int) -> bool:
    reach = _NEGATION_REACH_HAN if is_han(clause.text[cue.start - clause.start]) else _NEGATION_REACH
    return cue.start < position and position - cue.end <= reach

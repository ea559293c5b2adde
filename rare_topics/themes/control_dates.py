"""The dates that an act of export control may have, and what is looked at to choose between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import CLAUSES_AROUND
from rare_topics.clauses.resolved_dates import ResolvedDate, counts_from_dates, find_resolved_dates
from rare_topics.themes.control_features import CUES, SPEAKING
from rare_topics.themes.supply_features import word_pieces

# Characters on either side of a date in which its neighbours are looked for.
_LEFT, _RIGHT = 30, 24
_NEAR, _STEP, _MOST_STEPS, _MOST = 25, 12, 4, 3
_MOST_AHEAD = 6
# What tells whether such a date is over: cues, and forms of verbs.
_OF_TIME = frozenset({"planned", "past", "possible", "propose"})
_PAST_FORM = re.compile(
    r"[a-z]{2}ed\b|\b(?:was|were|had|did|has|have|went|came|gave|put|took|began|stood|fell)\b|[了过已曾]"
)
# How kinds of dates end whose year is a guess.
_YEAR_IS_GUESSED = ("no year", "later")
# Sentences before and behind the act whose dates may be its own.
_SENTENCES_BEFORE, _SENTENCES_BEHIND = 2, 1


class ControlDates:
    """The dates of the acts of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.
    """

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self.clauses = clauses
        self._dates: dict[int, list[ResolvedDate]] = {}
        self._passage_before = {
            other.passage.passage_id: one.passage
            for one, other in pairwise(clauses)
            if one.passage is not other.passage
        }

    def options(self, number: int, direction: str) -> list[tuple[str, set[str]]]:
        """Return the dates that an act may have, each with its features.

        Parameters
        ----------
        number
            Position of the clause that tells of the act.
        direction
            Of the act.

        Returns
        -------
        list of tuple
            The dates of its sentence, of those beside it and of the title, the month of the publication, and an
            empty one.
        """
        clause = self.clauses[number]
        n_own = len(self._of(number))
        options: list[tuple[str, set[str]]] = []
        last: tuple[str, int] = "", -1
        for place in self._near(number):
            other = self.clauses[place]
            where = _where(other, clause)
            dates = self._of(place)
            for rank, date in enumerate(dates):
                features = set(_of_date(date, other, where, direction))
                if where == "own":
                    features.update(_in_clause(date, rank, dates, clause))
                else:
                    features.update(_elsewhere(other, clause, where, is_first=not rank, is_dated=n_own > 0))
                options.append((date.iso, features))
                # "2024年12月3日 … 1月": a month without a year may be of the year that was named before.
                years = {"year before": last[0][:4]} if last[1] >= other.sentence - 1 else {}
                if not date.kind.endswith(_YEAR_IS_GUESSED):
                    last = date.iso, other.sentence
                    continue
                if ahead := _months_ahead(date.iso, clause.published):
                    years["past year"] = str(int(date.iso[:4]) - 1)
                    features.update(_of_guess("this year", ahead, other))
                for kind, year in years.items():
                    if year and year != date.iso[:4]:
                        moved = year + date.iso[4:]
                        rest = {one for one in features if not one.startswith(("when=", "kind=", "guess="))}
                        guess = _of_guess(kind, ahead, other)
                        options.append((moved, rest | {f"kind={kind}", *guess, *_when(moved, other, direction)}))
        features = {
            f"of={direction}", f"of={direction} own={min(n_own, 1)}", f"own={min(n_own, 1)}", f"mood={clause.mood}",
            f"tense={clause.tense}", f"options={min(len(options), _MOST)}",
            *(f"word={piece}" for piece in word_pieces(clause.lowered)),
        }  # fmt: skip
        if clause.published:
            options.append((f"{clause.published:%Y-%m}", {f"published {one}" for one in features}))
        options.append(("", {f"none {one}" for one in features}))
        return options

    def _near(self, number: int) -> Iterator[int]:
        """Yield the clauses whose dates may be those of an act, the title first."""
        sentence = self.clauses[number].sentence
        first = sentence - _SENTENCES_BEFORE
        for place, one in enumerate(self.clauses[:CLAUSES_AROUND]):
            if one.passage.kind == "title" and one.sentence < first:
                yield place
        for place in range(max(0, number - CLAUSES_AROUND), min(len(self.clauses), number + CLAUSES_AROUND + 1)):
            if first <= self.clauses[place].sentence <= sentence + _SENTENCES_BEHIND:
                yield place

    def _of(self, number: int) -> list[ResolvedDate]:
        if number not in self._dates:
            self._dates[number] = self._read(number)
        return self._dates[number]

    def _read(self, number: int) -> list[ResolvedDate]:
        clause = self.clauses[number]
        # Most clauses name no date, and a passage is long.
        if not clause.dates and not counts_from_dates(clause.text):
            return []
        passage_before = self._passage_before.get(clause.passage.passage_id)
        before = find_resolved_dates(passage_before.text, published=clause.published) if passage_before else ()
        last = before[-1].iso if before else ""
        dates = find_resolved_dates(clause.passage.text, published=clause.published, before=last)
        return [date for date in dates if clause.start <= date.start < clause.end]


def _where(other: Clause, clause: Clause) -> str:
    if other is clause:
        return "own"
    if other.sentence == clause.sentence:
        return "before" if other.start < clause.start else "behind"
    if other.passage.kind == "title":
        return "title"
    return {-1: "last sentence", 1: "next sentence"}.get(other.sentence - clause.sentence, "far")


def _of_date(date: ResolvedDate, clause: Clause, where: str, direction: str) -> Iterator[str]:
    """Yield what the date is, and the words beside it."""
    yield f"kind={date.kind}"
    yield f"in={where}"
    yield f"in={where} kind={date.kind}"
    yield f"in={where} of={direction}"
    yield from _when(date.iso, clause, direction)
    start, end = date.start - clause.start, date.end - clause.start
    left = word_pieces(clause.lowered[max(0, start - _LEFT) : start])[-2:]
    right = word_pieces(clause.lowered[end : end + _RIGHT])[:2]
    yield from (f"left={piece}" for piece in left)
    yield from (f"right={piece}" for piece in right)
    yield f"next left={left[-1] if left else ''}"
    yield f"next left={left[-1] if left else ''} of={direction}"
    yield f"next right={right[0] if right else ''}"


def _when(iso: str, clause: Clause, direction: str) -> Iterator[str]:
    when = _since_publication(iso, clause.published)
    yield f"when={when}"
    yield f"when={when} of={direction}"


def _months_ahead(iso: str, published: datetime | None) -> int:
    """Return how many months after the publication a day or month lies, 0 where it does not."""
    if published is None or not iso[5:7].isdigit():
        return 0
    return max(0, 12 * (int(iso[:4]) - published.year) + int(iso[5:7]) - published.month)


def _of_guess(kind: str, ahead: int, clause: Clause) -> Iterator[str]:
    """Yield what speaks for a year that the text does not print."""
    yield f"guess={kind} ahead={min(ahead, _MOST_AHEAD)}"
    yield f"guess={kind} mood={clause.mood}"
    yield f"guess={kind} tense={clause.tense}"
    yield f"guess={kind} has happened={bool(_PAST_FORM.search(clause.lowered))}"
    yield from (f"guess={kind} cue={cue.kind}" for cue in clause.cues if cue.kind in _OF_TIME)


def _since_publication(iso: str, published: datetime | None) -> str:
    if published is None:
        return ""
    year, month = iso[:4], f"{published:%Y-%m}"
    if iso[:7] == month:
        return "this month"
    if iso > month and year >= month[:4] and iso != year:
        return "to come"
    return {0: "this year", -1: "last year"}.get(int(year) - published.year, "old" if iso < month else "to come")


def _elsewhere(other: Clause, clause: Clause, where: str, *, is_first: bool, is_dated: bool) -> Iterator[str]:
    """Yield how a clause that is not that of the act stands to it."""
    yield f"in={where} away={min(abs(other.sentence - clause.sentence), _MOST)}"
    yield f"in={where} speaks={not other.kinds.isdisjoint(SPEAKING)}"
    yield f"in={where} own={is_dated}"
    yield f"in={where} first={is_first}"


def _in_clause(date: ResolvedDate, rank: int, dates: Sequence[ResolvedDate], clause: Clause) -> Iterator[str]:
    """Yield how a date stands to the others of its clause, and to its cues."""
    yield f"rank={min(rank, 2)} of={min(len(dates), _MOST)}"
    cues = [cue for cue in clause.cues if cue.kind in CUES]
    distance = min((abs(cue.start - date.start) for cue in cues), default=_STEP * _MOST_STEPS)
    yield f"distance={min(distance // _STEP, _MOST_STEPS)}"
    before = any(cue.start < date.start for cue in cues)
    behind = any(cue.start > date.start for cue in cues)
    yield f"cues before={before} behind={behind}"
    for cue in cues:
        if 0 <= cue.start - date.end <= _NEAR:
            yield f"cue right={cue.kind}"
        if 0 <= date.start - cue.end <= _NEAR:
            yield f"cue left={cue.kind}"

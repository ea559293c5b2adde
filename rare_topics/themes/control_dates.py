"""The dates that an act of export control may have, and what is looked at to choose between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import clauses_around
from rare_topics.clauses.resolved_dates import ResolvedDate, find_resolved_dates
from rare_topics.text.token_patterns import normalize_characters
from rare_topics.themes.control_features import CUES, SPEAKING
from rare_topics.themes.supply_features import word_pieces

# Characters on either side of a date in which its neighbours are looked for.
_LEFT, _RIGHT = 30, 24
_NEAR, _STEP, _MOST_STEPS, _MOST = 25, 12, 4, 3
# Sentences before and behind the act whose dates may be its own.
_SENTENCES_BEFORE, _SENTENCES_BEHIND = 2, 1


def date_options(clauses: Sequence[Clause], number: int, direction: str) -> list[tuple[str, set[str]]]:
    """Return the dates that an act may have, each with its features.

    Parameters
    ----------
    clauses
        Of one article, in order.
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
    clause = clauses[number]
    options: list[tuple[str, set[str]]] = []
    last: tuple[str, int] = "", -1
    for other in _near(clauses, number):
        where = _where(other, clause)
        dates = _dates_of(other)
        for rank, date in enumerate(dates):
            features = {*_of_date(date, other, where, direction), *_of_place(date, rank, dates, other, clause, where)}
            options.append((date.iso, features))
            # "2024年12月3日 … 次年1月": a month without a year may be of the year that was named before.
            if date.kind.endswith("no year") and last[0] and last[1] >= other.sentence - 1:
                chained = last[0][:4] + date.iso[4:]
                if chained != date.iso:
                    features = {one for one in features if not one.startswith(("when=", "kind="))}
                    options.append((chained, features | {"kind=year before", *_when(chained, other, direction)}))
            elif not date.kind.endswith("no year"):
                last = date.iso, other.sentence
    own = len(_dates_of(clause))
    features = {
        f"of={direction}", f"of={direction} own={min(own, 1)}", f"own={min(own, 1)}", f"mood={clause.mood}",
        f"tense={clause.tense}", f"options={min(len(options), _MOST)}",
        *(f"word={piece}" for piece in word_pieces(clause.lowered)),
    }  # fmt: skip
    if clause.published:
        options.append((f"{clause.published:%Y-%m}", {f"published {one}" for one in features}))
    options.append(("", {f"none {one}" for one in features}))
    return options


def _near(clauses: Sequence[Clause], number: int) -> Iterator[Clause]:
    """Yield the clauses whose dates may be those of an act, the title first."""
    sentence = clauses[number].sentence
    first = sentence - _SENTENCES_BEFORE
    title = (one for one in clauses_around(clauses, 0) if one.passage.kind == "title" and one.sentence < first)
    around = clauses_around(clauses, number)
    return chain(title, (one for one in around if first <= one.sentence <= sentence + _SENTENCES_BEHIND))


def _where(other: Clause, clause: Clause) -> str:
    if other is clause:
        return "own"
    if other.sentence == clause.sentence:
        return "before" if other.start < clause.start else "behind"
    if other.passage.kind == "title":
        return "title"
    return {-1: "last sentence", 1: "next sentence"}.get(other.sentence - clause.sentence, "far")


def _dates_of(clause: Clause) -> list[ResolvedDate]:
    dates = find_resolved_dates(clause.passage.text, published=clause.published)
    return [date for date in dates if clause.start <= date.start < clause.end]


def _of_date(date: ResolvedDate, clause: Clause, where: str, direction: str) -> Iterator[str]:
    """Yield what the date is, and the words beside it."""
    yield f"kind={date.kind}"
    yield f"in={where}"
    yield f"in={where} kind={date.kind}"
    yield f"in={where} of={direction}"
    yield from _when(date.iso, clause, direction)
    text = normalize_characters(clause.passage.text).lower()
    left = word_pieces(text[max(clause.start, date.start - _LEFT) : date.start])[-2:]
    right = word_pieces(text[date.end : min(clause.end, date.end + _RIGHT)])[:2]
    yield from (f"left={piece}" for piece in left)
    yield from (f"right={piece}" for piece in right)
    yield f"next left={left[-1] if left else ''}"
    yield f"next left={left[-1] if left else ''} of={direction}"
    yield f"next right={right[0] if right else ''}"


def _when(iso: str, clause: Clause, direction: str) -> Iterator[str]:
    when = _since_publication(iso, clause.published)
    yield f"when={when}"
    yield f"when={when} of={direction}"


def _since_publication(iso: str, published: datetime | None) -> str:
    if published is None:
        return ""
    year, month = iso[:4], f"{published:%Y-%m}"
    if iso[:7] == month:
        return "this month"
    if iso > month and year >= month[:4] and iso != year:
        return "to come"
    return {0: "this year", -1: "last year"}.get(int(year) - published.year, "old" if iso < month else "to come")


def _of_place(
    date: ResolvedDate, rank: int, dates: Sequence[ResolvedDate], other: Clause, clause: Clause, where: str
) -> Iterator[str]:
    """Yield how the date stands to the act."""
    if where != "own":
        yield f"in={where} away={min(abs(other.sentence - clause.sentence), _MOST)}"
        yield f"in={where} speaks={other.has(*SPEAKING)}"
        yield f"in={where} own={bool(_dates_of(clause))}"
        yield f"in={where} first={not rank}"
        return
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

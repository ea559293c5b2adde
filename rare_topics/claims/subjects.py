"""The subject of a number: what is measured, of which object, and of which place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rare_topics.claims.context import NamedThing, PassageContext
from rare_topics.claims.measures import measure_label, measures
from rare_topics.quantities import Quantity

# Distances are counted in words: an English word has about 6 characters with its space, a Chinese one about 2. These
# lengths and all distances below were chosen by hand on the seed pages.
WORD_LENGTH = {"en": 6.0, "zh": 2.0}
# What a comma, and the end of a clause, add to a distance.
COMMA_COST, CLAUSE_COST = 3.0, 12.0
# What another number between adds to it, what standing before the number adds, and what behind.
OTHER_NUMBER_COST, BEFORE_COST, BEHIND_COST = 7.0, 2.0, 1.0
# Farther away than this the text does not name a number's measure.
MAX_MEASURE_DISTANCE = 45.0
# A noun that is counted begins within so many characters behind its number.
MAX_NOUN_DISTANCE = 4
# The concept that is a property of an object, and no object, where a purity is measured.
PURITY_CONCEPT = "high_purity"
# Kinds of quantities that are always said of a thing; others may be said of a place alone.
KINDS_OF_THINGS = frozenset({"share", "percent change", "mass", "rate", "price", "ratio", "purity", "rank"})

_OF = re.compile(r" ?(?:of|的|in)(?![A-Za-z])|^-[a-z]")
_COMMA = re.compile(r"[,:()]|\u2014")
_LIST_COMMA = re.compile(r"、")
_CLAUSE_END = re.compile(r"[;。;!?]|\. | (?:while|but|whereas|although|though) ")
# What may stand between a number and the head noun of its phrase.
_HEAD_GAP_EN = re.compile(
    r"(?:-| )(?:(?!(?:to|from|by|and|with|than|that|which|while|is|are|was|were|as|at|if|or|up|per|a year)\b)"
    r"[\w.'&-]+ ){0,4}"
)
_HEAD_GAP_ZH = re.compile(r"[^,。;\d是为在对与和由被从向给到占、]{0,6}")
_COUNTED_NOUN = re.compile(r"(?: [A-Za-z'-]+){0,3}? (?P<noun>[a-z-]+(?:s|ren)|people|staff|aircraft)\b")
_POSSESSOR_GAP = re.compile(r"'s? (?:own |share of |roughly |about |over |nearly |only |just )*|的")
_ADJECTIVE_GAP = re.compile(r" ?的?")
_RELATIVE = re.compile(r" ?(?:whose|which) ")
_COMPARISON = re.compile(r" ?(?:compared (?:with|to)|versus|against|而) ?")


class Subject(NamedTuple):
    """The subject of a claim in normalised form.

    Attributes
    ----------
    measure
        Name of the measure, empty where the text names none.
    object, place
        Concepts of the lexicon: what is measured, and the country or company it is measured of.
    term
        The concept or word that named the measure, or the concept that is counted.
    """

    measure: str
    object: str = ""
    place: str = ""
    term: str = ""

    def name(self, kind: str) -> str:
        """Write the subject of a quantity of this kind: ``processing share · rare_earths · china``."""
        measured = measure_label(self.measure, kind).en
        if self.term and not self.measure:
            measured = f"{measured} of {self.term}"
        return " · ".join(part for part in (measured, self.object, self.place) if part)


def subject_of(quantity: Quantity, context: PassageContext) -> Subject:
    """Find the subject of a quantity.

    The thing is that of the number's own phrase ("5 tons of oxide"), else the nearest in its
    clause, else that of a clause before it in the sentence, of the heading, of the title. The
    place is the nearest in the clause that is not the other side of a relation, else found in the
    same way.

    Parameters
    ----------
    quantity
        One of the quantities of the passage.
    context
        The passage.
    """
    measure, term = _nearest_measure(quantity, context)
    if not measure and quantity.kind == "count":
        term = _counted_concept(quantity, context)
    thing = _thing_of(quantity, context, measure=measure, term=term)
    return Subject(measure, thing, _place_of(quantity, context), term)


def _thing_of(quantity: Quantity, context: PassageContext, *, measure: str, term: str) -> str:
    things = context.things
    if measure == "purity":
        things = [thing for thing in things if thing.concept != PURITY_CONCEPT]
    head = _head_thing(quantity, context, things)
    if head:
        return head.concept
    clause = context.clauses.number_at(quantity.start)
    own = [thing for thing in things if thing.clause == clause and not _is_head_of_other(thing, quantity, context)]
    nearest = _nearest(quantity, own, context)
    if nearest:
        return nearest.concept
    if term and not measure:
        return ""
    earlier = _from_clauses_before(things, clause, context)
    if earlier:
        return earlier[-1].concept
    if quantity.kind not in KINDS_OF_THINGS or (measure and "object" in measures()[measure].ignores):
        return ""
    return next((inherited.thing for inherited in context.inherited if inherited.thing), "")


def _place_of(quantity: Quantity, context: PassageContext) -> str:
    clause = context.clauses.number_at(quantity.start)
    own = [place for place in context.places if place.clause == clause]
    for place in own:
        if place.end <= quantity.start and _POSSESSOR_GAP.fullmatch(context.text, place.end, quantity.start):
            return place.concept
    before = [place for place in own if place.end <= quantity.start]
    sides = [place for place in before if not place.is_other_side]
    nouns = [place for place in sides if not _is_adjective(place, context)]
    if nouns or sides:
        return (nouns or sides)[-1].concept
    if before and context.clauses.opens_with(clause, _COMPARISON):
        return before[-1].concept
    behind = [place for place in own if place.start >= quantity.end and not place.is_other_side]
    located = [place for place in behind if place.is_locative or _is_adjective(place, context)]
    if located:
        return located[0].concept
    if context.clauses.opens_with(clause, _RELATIVE) and clause:
        antecedents = [place for place in context.places if place.clause == clause - 1]
        if antecedents:
            return antecedents[-1].concept
    earlier = _from_clauses_before([place for place in context.places if not place.is_other_side], clause, context)
    if earlier:
        return earlier[0].concept
    if behind:
        return behind[0].concept
    if own and not any(inherited.place for inherited in context.inherited[:1]):
        return own[0].concept
    return next((inherited.place for inherited in context.inherited if inherited.place), own[0].concept if own else "")


def _is_adjective(place: NamedThing, context: PassageContext) -> bool:
    """Whether a country is the adjective of a thing, as in "Chinese magnets"."""
    return any(_ADJECTIVE_GAP.fullmatch(context.text, place.end, thing.start) for thing in context.things)


def _from_clauses_before(names: Iterable[NamedThing], clause: int, context: PassageContext) -> list[NamedThing]:
    """Return what the nearest clause before one names, if that says something of its own; in its sentence first."""
    by_clause: dict[int, list[NamedThing]] = {}
    for name in names:
        by_clause.setdefault(name.clause, []).append(name)
    informative = context.informative_clauses
    return next((by_clause[number] for number in range(clause - 1, -1, -1) if number in by_clause and number in informative), [])


def _head_thing(quantity: Quantity, context: PassageContext, things: Iterable[NamedThing]) -> NamedThing | None:
    """Find the thing in the phrase that a number opens: 5 tons of oxide."""
    gap = _HEAD_GAP_EN if context.lang == "en" else _HEAD_GAP_ZH
    end = _phrase_end(quantity, context)
    behind = (thing for thing in things if quantity.end <= thing.start < end)
    first = next(behind, None)
    return first if first and gap.fullmatch(context.text, quantity.end, first.start) else None


def _is_head_of_other(thing: NamedThing, quantity: Quantity, context: PassageContext) -> bool:
    """Whether a thing is the head of the phrase that another number opens."""
    others = (other for other in context.quantities if other.start != quantity.start and other.end <= thing.start)
    nearest = max(others, key=lambda other: other.end, default=None)
    return nearest is not None and thing == _head_thing(nearest, context, context.things)


def _nearest(quantity: Quantity, names: Iterable[NamedThing], context: PassageContext) -> NamedThing | None:
    """Return the nearest of some names, those before the number first in doubt."""
    return min(names, key=lambda name: (_distance(quantity, context, name.start, name.end), -name.start), default=None)


def _nearest_measure(quantity: Quantity, context: PassageContext) -> tuple[str, str]:
    """Find the measure that is named nearest, and the term that names it; both empty where none is near."""
    nearest, least = ("", ""), MAX_MEASURE_DISTANCE
    for measure, start, end, term in context.measure_terms:
        if quantity.kind in measure.kinds:
            distance = _distance(quantity, context, start, end) - measure.weight
            if distance < least:
                nearest, least = (measure.name, term), distance
    return nearest


def _counted_concept(quantity: Quantity, context: PassageContext) -> str:
    """Concept of the noun behind a number that counts."""
    start = quantity.end
    if context.lang == "en":
        noun = _COUNTED_NOUN.match(context.text, quantity.end)
        if not noun:
            return ""
        start = noun.start("noun")
    end = start + MAX_NOUN_DISTANCE
    return next((mention.concept for mention in context.mentions if start <= mention.start < end), "")


def _distance(quantity: Quantity, context: PassageContext, start: int, end: int) -> float:
    """Distance in words of the span from `start` to `end` from a number, 0 where they overlap."""
    if start < quantity.end and end > quantity.start:
        return 0.0
    is_before = end <= quantity.start
    low, high = (end, quantity.start) if is_before else (quantity.end, start)
    gap = context.text[low:high]
    n_between = sum(low <= other.start < high for other in context.quantities)
    n_commas, n_clause_ends = len(_COMMA.findall(gap)), len(_CLAUSE_END.findall(gap))
    distance = len(gap) / WORD_LENGTH[context.lang] + COMMA_COST * n_commas + CLAUSE_COST * n_clause_ends
    if is_before:
        return distance + BEFORE_COST + OTHER_NUMBER_COST * n_between
    distance += BEHIND_COST
    if _OF.match(gap) or _OF.match(context.text, quantity.end):
        distance -= BEHIND_COST
    # In an enumeration ("5吨、中国") the numbers between do not separate.
    return distance if _LIST_COMMA.match(gap) else distance + OTHER_NUMBER_COST * n_between


def _phrase_end(quantity: Quantity, context: PassageContext) -> int:
    """Offset at which the phrase that a number opens ends: at a comma, the clause's end, or the next number."""
    comma = _COMMA.search(context.text, quantity.end)
    clause_end = _CLAUSE_END.search(context.text, quantity.end)
    others = [other.start for other in context.quantities if other.start >= quantity.end]
    ends = [match.start() for match in (comma, clause_end) if match] + others
    return min([*ends, len(context.text)])

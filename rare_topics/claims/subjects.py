"""The subject of a number: what is measured, of which object, and of which place."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rare_topics.claims.concept_relations import is_a, matter_of, subject_of_several
from rare_topics.claims.context import RARE_EARTHS, NamedThing, PassageContext
from rare_topics.claims.measures import measure_label, measures
from rare_topics.quantities import Quantity
from rare_topics.quantities.units import currency_of_country

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
# Measures that are told by more than their words.
DEPENDENCE, SUPPLY, EQUITY_STAKE, PRICE, CONSTRUCTION = "dependence", "supply", "equity stake", "price", "construction"
# A smaller number that counts no thing of the field is no claim.
MIN_COUNT = 10
# Sums in the money of these are told of any country.
WORLD_CURRENCIES_OF = frozenset({"usa", "eu", "china"})
# Kinds of quantities that are said of a plant or a mine where no material is named.
KINDS_OF_FACILITIES = frozenset({"money", "date", "duration"})
# Kinds that without a measure are said of companies and countries, not of a thing of the title.
KINDS_OF_PARTIES = frozenset({"money", "percent change", "count"})
# Kinds that are said of a material.
KINDS_OF_MATTER = frozenset({"mass", "rate", "price"})
# Units of what is weighed, and not counted in pieces.
UNITS_OF_MASS = frozenset({"t", "kg", "g", "mg", "lb", "oz"})

# Of these measures a share is one of the world's, unless the text says whose else.
SHARES_OF_WORLD = frozenset({"processing", "mining", "reserves", "supply", "demand", "export"})
OWN = "own"

_OF_OWN = re.compile(r" of (?:its|their|the (?:country|nation|bloc|region)'s)(?![a-z])|的(?:自身|本国|国内)")
_OF_OWN_BEFORE = re.compile(r"(?:自身|本国|全国|国内|其)[^,。;、\d]{0,8}$")
_OF_THE_COMPANY = re.compile(
    r" of (?:the (?:company|firm|venture|joint venture|refinery)|its (?:shares|stock))(?![a-z])"
)
_OF_COMPANY = re.compile(r" of (?:the )?(?:company )?|的")
_TEXT_UNIT = re.compile(r"[字招步图问句页篇]")
_OF = re.compile(r" ?(?:of|的|in)(?![A-Za-z])|^-[a-z]")
_COMMA = re.compile(r"[,:()]|\u2014")
# Between two numbers of a Chinese list with a place each.
_LIST_GAP = re.compile(r"[、和][^,。;\d]{0,8}")
_LIST_COMMA = re.compile(r"、")
_LIST_OF_TWO = re.compile(r"| and | & |、|和|与|-|/")
_CLAUSE_END = re.compile(r"[;。;!?]|\. | (?:while|but|whereas|although|though) ")
# What may stand between a number and the head noun of its phrase.
_HEAD_GAP_EN = re.compile(
    r"(?:-| )(?:(?!(?:to|from|by|and|with|than|that|which|while|is|are|was|were|as|at|if|or|up|per|a year)\b)"
    r"[\w.'&-]{1,40} ){0,4}"
)
_HEAD_GAP_ZH = re.compile(r"[^,。;\d是为在对与和由被从向给到占、]{0,6}")
_COUNTED_NOUN = re.compile(r"(?: [A-Za-z'-]+){0,3}? (?P<noun>[a-z-]+(?:s|ren)|people|staff|aircraft)\b")
_POSSESSOR_GAP = re.compile(r"'s? (?:own |share of |roughly |about |over |nearly |only |just )*|的")
# Behind one of these stands what a multiple is a multiple of: "four times that of India", 是印度的四倍.
_COMPARED_BEFORE = re.compile(r"(?:是|为|比|相当于|超过|times|that of|than)(?: the)? ?$")
_WORLDWIDE = re.compile(r"\b(?:global(?:ly)?|worldwide|world's|in the world)\b|全球|世界", re.IGNORECASE)
_ADJECTIVE_GAP = re.compile(r" ?的?")
_RELATIVE = re.compile(r" ?(?:whose |which |(?:and )?the latter(?![a-z])|后者)")
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
    inherited
        What the passage itself does not say, but its heading or title: ``t`` the thing, ``p`` the
        place, ``tp`` both.
    topic
        What heading, title or article are about, by which subjects without a thing are compared.
    whole
        ``own`` where a share is one of what the place itself has ("a quarter of its own demand"),
        and not the place's part of the world's.
    """

    measure: str
    object: str = ""
    place: str = ""
    term: str = ""
    inherited: str = ""
    topic: str = ""
    whole: str = ""

    def name(self, kind: str) -> str:
        """Write the subject of a quantity of this kind: ``processing share · rare_earths · china``."""
        measured = measure_label(self.measure, kind).en
        if self.term and not self.measure:
            measured = f"{measured} of {self.term}"
        measured = f"{self.whole} {measured}".lstrip()
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
    if not measure and quantity.kind == PRICE:
        measure = term = PRICE
    if _is_part_of_company(quantity, context):
        measure, term = EQUITY_STAKE, EQUITY_STAKE
    if not measure and quantity.kind == "count":
        term = _counted_concept(quantity, context)
    thing = _thing_of(quantity, context, measure=measure, term=term)
    place = _place_of(quantity, context, measure=measure)
    if measure == DEPENDENCE and _is_source_of_world(place, quantity, context):
        measure = SUPPLY
    inherited = ("" if _names(thing, (*context.things, *context.facilities)) else "t") if thing else ""
    inherited += ("" if _names(place, context.places) else "p") if place else ""
    whole = OWN if _is_part_of_own(quantity, context, measure=measure) else ""
    return Subject(measure, thing, place, term, inherited, _outer_thing(context), whole)


def _is_part_of_own(quantity: Quantity, context: PassageContext, *, measure: str) -> bool:
    """Whether a share is one of what its place itself has: "95% of its capacity", 占全国的四成."""
    if quantity.kind != "share" or measure not in SHARES_OF_WORLD:
        return False
    before = context.text[max(0, quantity.start - 14) : quantity.start]
    return bool(_OF_OWN.match(context.text, quantity.end) or _OF_OWN_BEFORE.search(before))


def _is_part_of_company(quantity: Quantity, context: PassageContext) -> bool:
    """Whether a share is one of a company: "15% of MP Materials"."""
    if quantity.kind != "share":
        return False
    if _OF_THE_COMPANY.match(context.text, quantity.end):
        return True
    companies = (place for place in context.places if place.is_company)
    return any(_OF_COMPANY.fullmatch(context.text, quantity.end, place.start) for place in companies)


def _is_source_of_world(place: str, quantity: Quantity, context: PassageContext) -> bool:
    """Whether a share "comes from" a place and is one of the world's, so that it is what the place supplies."""
    clause = context.clauses.number_at(quantity.start)
    text = context.text[context.clauses.starts[clause] : context.clauses.end_of(clause)]
    sides = [one.is_other_side for one in context.places if one.clause == clause and one.concept == place]
    return any(sides) and _WORLDWIDE.search(text) is not None


def _names(concept: str, names: Iterable[NamedThing]) -> bool:
    return any(name.concept == concept for name in names)


def is_trivial_count(
    quantity: Quantity, subject: Subject, context: PassageContext, *, known_concepts: Container[str]
) -> bool:
    """Tell whether a number counts nothing that somebody would compare: two generals, 4招, 20字.

    Parameters
    ----------
    quantity
        One of the quantities of the passage.
    subject
        Its subject.
    context
        The passage.
    known_concepts
        Concepts of the field: three experts are counted, three friends are not.
    """
    if quantity.kind != "count" or subject.measure or subject.term in known_concepts:
        return False
    if _TEXT_UNIT.match(context.text, max(quantity.start, quantity.end - 1)):
        return True
    # A number with decimals is a level, such as an exchange rate, and no count of things.
    is_small = abs(quantity.value) < MIN_COUNT and quantity.value_high is None and quantity.value.is_integer()
    return is_small and not _head_thing(quantity, context)


def _things(quantity: Quantity, context: PassageContext) -> Sequence[NamedThing]:
    """Return the things that a quantity may be of: what is weighed is no ship and no chip."""
    if UNITS_OF_MASS.isdisjoint(quantity.unit.split("/")):
        return context.things
    return [thing for thing in context.things if not thing.is_piece]


def _thing_of(quantity: Quantity, context: PassageContext, *, measure: str, term: str) -> str:
    if measure == CONSTRUCTION:
        return ""
    own = _head_thing(quantity, context) or _thing_in_clause(quantity, context)
    if own:
        return _with_neighbour(own, context)
    if term and not measure:
        return ""
    clause = context.clauses.number_at(quantity.start)
    things = _things(quantity, context)
    earlier = _from_clauses_before(things, clause, context, first=context.clauses.start_of_sentence(clause))
    if earlier or not _takes_outer_thing(quantity, measure):
        return earlier[-1].concept if earlier else ""
    later = _thing_behind(quantity, context)
    if later:
        return later.concept
    earlier = _from_clauses_before(things, clause, context)
    return earlier[-1].concept if earlier else _outer_thing(context)


def _with_neighbour(thing: NamedThing, context: PassageContext) -> str:
    """Return what a thing and the one listed with it are kinds of: of dysprosium and terbium heavy rare earths."""
    names = [thing.concept]
    for one, other in pairwise(context.things):
        if thing in (one, other) and _LIST_OF_TWO.fullmatch(context.text, one.end, other.start):
            names += [one.concept, other.concept]
    return subject_of_several(names) or thing.concept


def _outer_thing(context: PassageContext) -> str:
    """Return what the heading, the title or the article is about: of a thing and a kind of it the kind.

    Of an oxide of rare earths it says rare earths: the form does not hold for every number.
    """
    things = [inherited.thing for inherited in context.inherited if inherited.thing]
    kinds = (kind for kind in reversed(things) if is_a(kind, things[0]) and matter_of(kind) == kind)
    thing = next(kinds, things[0]) if things else ""
    return RARE_EARTHS if matter_of(thing) == RARE_EARTHS else thing


def _takes_outer_thing(quantity: Quantity, measure: str) -> bool:
    """Whether a number may be of a thing that its sentence does not name: a measured one of a material is."""
    if not measure:
        return quantity.kind not in KINDS_OF_PARTIES
    return not (measures()[measure].is_of_party or "object" in measures()[measure].ignores)


def _thing_in_clause(quantity: Quantity, context: PassageContext) -> NamedThing | None:
    """Find the nearest thing of a number's clause that is not another number's, else a plant or a mine."""
    clause = context.clauses.number_at(quantity.start)
    things = [
        one
        for one in _things(quantity, context)
        if one.clause == clause and not _is_head_of_other(one, quantity, context)
    ]
    nearest = _nearest(quantity, things, context) or _thing_of_number_before(quantity, context)
    if nearest or quantity.kind not in KINDS_OF_FACILITIES:
        return nearest
    return _nearest(quantity, [one for one in context.facilities if one.clause == clause], context)


def _thing_of_number_before(quantity: Quantity, context: PassageContext) -> NamedThing | None:
    """Return the thing of the number before one that goes on about it: "made 3 tons of NdPr and aims for 12"."""
    clause = context.clauses.number_at(quantity.start)
    before = [other for other in context.quantities if other.end <= quantity.start and other.kind in KINDS_OF_MATTER]
    if not before or quantity.kind not in KINDS_OF_MATTER or context.clauses.number_at(before[-1].start) != clause:
        return None
    return _head_thing(before[-1], context)


def _thing_behind(quantity: Quantity, context: PassageContext) -> NamedThing | None:
    """Find the first thing behind a number, before the next number and the end of the sentence."""
    end = _start_of_next_number(quantity, context)
    later = next((thing for thing in _things(quantity, context) if quantity.end <= thing.start < end), None)
    sentence = context.clauses.start_of_sentence
    is_in_sentence = later and sentence(later.clause) == sentence(context.clauses.number_at(quantity.start))
    return later if is_in_sentence else None


def _place_of(quantity: Quantity, context: PassageContext, *, measure: str) -> str:
    clause = context.clauses.number_at(quantity.start)
    own = [place for place in context.places if place.clause == clause]
    if quantity.kind == "ratio":
        own = [place for place in own if not _is_compared_with(place, context)]
    found = _place_in_clause(quantity, own, context) or _place_in_sentence(clause, context)
    if found:
        return found.concept
    if measure and "place" in measures()[measure].ignores:
        return ""
    behind = [place for place in own if place.start >= quantity.end and not place.is_other_side]
    if behind:
        return behind[0].concept
    if measure == PRICE:
        # The market of a price is that of its currency and not the country that an article is about.
        of_currency = country_of_currency(quantity.unit.partition("/")[0])
        return of_currency if of_currency == "china" or of_currency not in WORLD_CURRENCIES_OF else ""
    return _place_outside(quantity, own, context)


def _place_in_sentence(clause: int, context: PassageContext) -> NamedThing | None:
    """Find the place that the clauses before one name: of "whose" and "which" the last, else that of the subject."""
    first = context.clauses.start_of_sentence(clause)
    if context.clauses.opens_with(clause, _RELATIVE):
        start, end = context.clauses.starts[first], context.clauses.starts[clause]
        antecedents = [place for place in context.places if start <= place.start < end]
        if antecedents:
            return antecedents[-1]
    sides = [place for place in context.places if not place.is_other_side]
    return next(iter(_from_clauses_before(sides, clause, context, first=first)), None)


def _place_outside(quantity: Quantity, own: Sequence[NamedThing], context: PassageContext) -> str:
    """Take the place that a number's sentence does not name: of its currency, an earlier sentence, heading or title."""
    of_currency = country_of_currency(quantity.unit.partition("/")[0])
    if of_currency and of_currency not in WORLD_CURRENCIES_OF:
        return of_currency
    other_side = own[0].concept if own else ""
    clause = context.clauses.number_at(quantity.start)
    text = context.text[context.clauses.starts[clause] : context.clauses.end_of(clause)]
    if _WORLDWIDE.search(text):
        return other_side
    sides = [place for place in context.places if not place.is_other_side]
    earlier = _from_clauses_before(sides, clause, context)
    if earlier:
        return earlier[0].concept
    outer = (inherited.place for inherited in context.inherited)
    return next(filter(None, (*outer, of_currency if of_currency == "china" else "", other_side)), "")


def _is_compared_with(place: NamedThing, context: PassageContext) -> bool:
    """Whether a multiple is one of what a place has."""
    return _COMPARED_BEFORE.search(context.text, max(0, place.start - 12), place.start) is not None


def _place_in_clause(quantity: Quantity, own: Sequence[NamedThing], context: PassageContext) -> NamedThing | None:
    """Find the place in a number's clause: whose it is, else the nearest before, else where it is said to be."""
    before = [place for place in own if place.end <= quantity.start]
    for place in before:
        if _POSSESSOR_GAP.fullmatch(context.text, place.end, quantity.start):
            return place
    sides = [place for place in before if not place.is_other_side]
    nouns = [place for place in sides if not _is_adjective(place, context)]
    if nouns or sides:
        return (nouns or sides)[-1]
    clause = context.clauses.number_at(quantity.start)
    if before and context.clauses.opens_with(clause, _COMPARISON):
        return before[-1]
    gap = _head_gap(context)
    for place in own:
        if place.start >= quantity.end and not place.is_other_side:
            is_of_head = _is_adjective(place, context) and gap.fullmatch(context.text, quantity.end, place.start)
            if place.is_locative or is_of_head:
                return place
    return None


def _is_adjective(place: NamedThing, context: PassageContext) -> bool:
    """Whether a country is the adjective of a thing, as in "Chinese magnets"."""
    return any(_ADJECTIVE_GAP.fullmatch(context.text, place.end, thing.start) for thing in context.things)


def _from_clauses_before(
    names: Iterable[NamedThing], clause: int, context: PassageContext, *, first: int = 0
) -> list[NamedThing]:
    """Return what the nearest clause before one names that says something of its own, not before the clause `first`."""
    by_clause: dict[int, list[NamedThing]] = {}
    for name in names:
        by_clause.setdefault(name.clause, []).append(name)
    before = (number for number in range(clause - 1, first - 1, -1) if number in by_clause)
    return next((by_clause[number] for number in before if number in context.informative_clauses), [])


def _head_gap(context: PassageContext) -> re.Pattern[str]:
    return _HEAD_GAP_EN if context.lang == "en" else _HEAD_GAP_ZH


def _head_thing(quantity: Quantity, context: PassageContext) -> NamedThing | None:
    """Find the thing in the phrase that a number opens: 5 tons of oxide.

    Of numbers in a list ("72% in the US、92% of the minerals in Japan") the last has the thing for all.
    """
    for number in _numbers_of_list(quantity, context):
        end = _phrase_end(number, context)
        first = next((thing for thing in _things(number, context) if number.end <= thing.start < end), None)
        if first and _head_gap(context).fullmatch(context.text, number.end, first.start):
            return first
    return None


def _numbers_of_list(quantity: Quantity, context: PassageContext) -> Iterator[Quantity]:
    """Give a number and those of its kind that follow it in a list."""
    yield quantity
    last = quantity
    for number in context.quantities:
        if number.start >= last.end:
            if number.kind != quantity.kind or not _LIST_GAP.fullmatch(context.text, last.end, number.start):
                return
            yield number
            last = number


def _is_head_of_other(thing: NamedThing, quantity: Quantity, context: PassageContext) -> bool:
    """Whether a thing is the head of the phrase that another number opens."""
    others = (other for other in context.quantities if other.start != quantity.start and other.end <= thing.start)
    nearest = max(others, key=lambda other: other.end, default=None)
    return nearest is not None and thing == _head_thing(nearest, context)


def _nearest(quantity: Quantity, names: Iterable[NamedThing], context: PassageContext) -> NamedThing | None:
    """Return the nearest of some names, those before the number first in doubt."""
    return min(names, key=lambda name: (_distance(quantity, context, name.start, name.end), -name.start), default=None)


def _nearest_measure(quantity: Quantity, context: PassageContext) -> tuple[str, str]:
    """Find the measure of a number and the term that names it; both empty where none is near.

    The nearest in the number's clause goes before the nearest in the clauses before it, and this
    before one that follows. What is counted is named in its clause.
    """
    clause = context.clauses.number_at(quantity.start)
    start, end = context.clauses.starts[clause], context.clauses.end_of(clause)
    best: dict[int, tuple[float, str, str]] = {}
    for measure, term_start, term_end, term in context.measure_terms:
        if quantity.kind not in measure.kinds:
            continue
        rank = 0 if start <= term_start < end else 1 if term_start < start else 2
        distance = _distance(quantity, context, term_start, term_end) - measure.weight
        if distance < min(MAX_MEASURE_DISTANCE, best.get(rank, (MAX_MEASURE_DISTANCE,))[0]):
            best[rank] = (distance, measure.name, term)
    if not best or (quantity.kind == "count" and 0 not in best):
        return "", ""
    _, name, term = best[min(best)]
    return name, term


def _counted_concept(quantity: Quantity, context: PassageContext) -> str:
    """Concept of the noun behind a number that counts."""
    start = quantity.end
    if context.lang == "en":
        noun = _COUNTED_NOUN.match(context.text, quantity.end)
        if not noun:
            return ""
        start = noun.start("noun")
    end = start + MAX_NOUN_DISTANCE
    found = (mention for mention in context.mentions if start <= mention.start < end)
    return next((one.concept for one in found if not _COMMA.search(context.text, start, one.start)), "")


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


def _start_of_next_number(quantity: Quantity, context: PassageContext) -> int:
    others = (other.start for other in context.quantities if other.start >= quantity.end)
    return min(others, default=len(context.text))


def _phrase_end(quantity: Quantity, context: PassageContext) -> int:
    """Offset at which the phrase that a number opens ends: at a comma, the clause's end, or the next number."""
    comma = _COMMA.search(context.text, quantity.end)
    clause_end = _CLAUSE_END.search(context.text, quantity.end)
    others = [other.start for other in context.quantities if other.start >= quantity.end]
    ends = [match.start() for match in (comma, clause_end) if match] + others
    return min([*ends, len(context.text)])


@lru_cache(maxsize=1)
def _countries_of_currencies() -> dict[str, str]:
    return {unit.name: country for country, unit in currency_of_country().items()}


def country_of_currency(unit: str) -> str:
    """Return the country whose money a unit is, or empty."""
    return _countries_of_currencies().get(unit, "")

"""The subject of a number: what is measured, of which object, and of which place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rare_topics.claims.measures import MeasureTerm, measure_label
from rare_topics.lexicon import Lexicon, Mention
from rare_topics.quantities import Quantity

OBJECT_CATEGORIES = frozenset({"element", "mineral", "material", "product", "commodity", "military"})
PLACE_CATEGORIES = frozenset({"country", "alliance", "company", "project"})

# Distances are counted in words: an English word has about 6 characters with its space, a Chinese one about 2. These
# lengths and all distances below were chosen by hand on the seed pages.
WORD_LENGTH = {"en": 6.0, "zh": 2.0}
# What a comma, and the end of a clause, add to a distance.
COMMA_COST, CLAUSE_COST = 3.0, 12.0
# Farther away than this the text does not name a number's measure, its object, its place.
MAX_MEASURE_DISTANCE, MAX_OBJECT_DISTANCE, MAX_PLACE_DISTANCE = 45.0, 14.0, 70.0
# The other side of a relation ("exports to Japan") is taken for the place only if it is nearer than this.
MAX_COUNTERPART_DISTANCE = 45.0
# What is added where a country is the adjective of an object ("Chinese magnets"): it is the place if no other is near.
ADJECTIVE_COST = 10.0
# A noun that is counted begins within so many characters behind its number.
MAX_NOUN_DISTANCE = 4
# The concept that is a property of an object, and no object, where a purity is measured.
PURITY_CONCEPT = "high_purity"

_OF = re.compile(r" ?(?:of|的|in)(?![A-Za-z])|^-[a-z]")
_COMMA = re.compile(r"[,:()]|\u2014")
_LIST_COMMA = re.compile(r"、")
_CLAUSE_END = re.compile(r"[;。;!?]|\. | (?:while|but|whereas|although|though) ")
# A country behind one of these is the other side of a relation, unless something of its own follows.
_BEFORE_COUNTERPART = re.compile(
    r"(?:\b(?:on|from|to|behind|than|against|towards?|over|(?:up|trade|agreement|deal|talks|cooperation|compared) with)"
    r"(?: the)?(?: [A-Z][a-z]+)? |向|从|对|赶上|追上|靠|比|与|和|摆脱对|运往|到达|刚到)$"
)
_POSSESSIVE = re.compile(r"'s?(?![A-Za-z])|的")
# Chinese verbs that form one word with the country they are directed at (对华, 赴美).
_DIRECTED_AT = frozenset("对赴访驻反抗联援遏涉输")
_COUNTED_NOUN = re.compile(r"(?: [A-Za-z'-]+){0,3}? (?P<noun>[a-z-]+(?:s|ren)|people|staff|aircraft)\b")


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


class PassageContext(NamedTuple):
    """A passage with what has been found in it, as the subject of each of its quantities is looked for.

    Attributes
    ----------
    text, lang
        The passage in half-width and simplified characters, and its language.
    mentions
        Concepts that it mentions.
    quantities
        Its quantities, in order.
    measure_terms
        Where it names measures.
    heading_mentions
        Concepts of the heading above it.
    main_object
        The object that its article names most often.
    """

    text: str
    lang: str
    mentions: Sequence[Mention]
    quantities: Sequence[Quantity]
    measure_terms: Sequence[MeasureTerm]
    heading_mentions: Sequence[Mention] = ()
    main_object: str = ""


class DistanceWeights(NamedTuple):
    """Words added to the distance of what stands before the number, behind it, and beyond each other number."""

    before: float = 2.0
    after: float = 1.0
    other_number: float = 7.0


DEFAULT_WEIGHTS = DistanceWeights()
# The place stands before its number: in English nearly always, in Chinese mostly.
PLACE_WEIGHTS = {
    "en": DistanceWeights(before=0.0, after=14.0, other_number=2.0),
    "zh": DistanceWeights(before=0.0, after=6.0, other_number=2.0),
}


class SubjectFinder:
    """Find the subjects of the quantities of a passage.

    Parameters
    ----------
    lexicon
        Says by its categories which concepts are objects and which are places.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._category = {name: concept.category for name, concept in lexicon.concepts.items()}

    def subject_of(self, quantity: Quantity, context: PassageContext) -> Subject:
        """Find the subject of a quantity.

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
        found = self._object_of(quantity, context)
        if measure == "purity" and found == PURITY_CONCEPT:
            found = context.main_object
        return Subject(measure, found, self._place_of(quantity, context), term)

    def most_frequent_object(self, mentions: Iterable[Mention]) -> str:
        """Return the object that is mentioned most often, the first of equals, or empty."""
        counts = Counter(mention.concept for mention in self._objects(mentions))
        return max(counts, key=lambda concept: counts[concept], default="")

    def _objects(self, mentions: Iterable[Mention]) -> list[Mention]:
        return [mention for mention in mentions if self._category.get(mention.concept) in OBJECT_CATEGORIES]

    def _object_of(self, quantity: Quantity, context: PassageContext) -> str:
        """Take the object in the number's own phrase, else the nearest, else that of the heading, else the main one."""
        objects = self._objects(context.mentions)
        phrase_end = _phrase_end(quantity, context)
        in_phrase = [mention for mention in objects if quantity.end <= mention.start < phrase_end]
        if in_phrase and _OF.match(context.text, quantity.end):
            return in_phrase[0].concept
        of_heading = self._objects(context.heading_mentions)
        # Under a heading that names an object, what is said of another number is not this one's object.
        free = [mention for mention in objects if not (of_heading and _is_of_other_number(mention, quantity, context))]
        distances = [_distance(quantity, context, mention.start, mention.end) for mention in free]
        if distances and min(distances) < MAX_OBJECT_DISTANCE:
            return free[distances.index(min(distances))].concept
        return of_heading[0].concept if of_heading else context.main_object

    def _place_of(self, quantity: Quantity, context: PassageContext) -> str:
        """Take the nearest place, and the other side of a relation only if there is no other."""
        places = [mention for mention in context.mentions if self._category.get(mention.concept) in PLACE_CATEGORIES]
        object_starts = {mention.start for mention in self._objects(context.mentions)}
        sides = [place for place in places if not _is_counterpart(context.text, place)]
        for group, limit in ((sides, MAX_PLACE_DISTANCE), (places, MAX_COUNTERPART_DISTANCE)):
            distances = []
            for place in group:
                distance = _distance(quantity, context, place.start, place.end, PLACE_WEIGHTS[context.lang])
                is_adjective = context.lang == "en" and place.end + 1 in object_starts
                distances.append(distance + (ADJECTIVE_COST if is_adjective else 0.0))
            if distances and min(distances) < limit:
                return group[distances.index(min(distances))].concept
        return ""


def _is_of_other_number(mention: Mention, quantity: Quantity, context: PassageContext) -> bool:
    """Whether a mention stands in the phrase that another number opens."""
    return any(
        other.end <= mention.start < _phrase_end(other, context)
        for other in context.quantities
        if other.start != quantity.start and _OF.match(context.text, other.end)
    )


def _is_counterpart(text: str, place: Mention) -> bool:
    """Whether a place is the other side of a relation, as in "exports to Japan"."""
    if _POSSESSIVE.match(text, place.end):
        return False
    before = text[max(0, place.start - 16) : place.start]
    return text[place.start] in _DIRECTED_AT or bool(_BEFORE_COUNTERPART.search(before))


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


def _distance(
    quantity: Quantity, context: PassageContext, start: int, end: int, weights: DistanceWeights = DEFAULT_WEIGHTS
) -> float:
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
        return distance + weights.before + weights.other_number * n_between
    distance += weights.after
    if _OF.match(gap) or _OF.match(context.text, quantity.end):
        distance -= DEFAULT_WEIGHTS.after
    # In an enumeration ("5吨、中国") the numbers between do not separate.
    return distance if _LIST_COMMA.match(gap) else distance + weights.other_number * n_between


def _phrase_end(quantity: Quantity, context: PassageContext) -> int:
    """Offset at which the phrase that a number opens ends: at a comma, the clause's end, or the next number."""
    comma = _COMMA.search(context.text, quantity.end)
    clause_end = _CLAUSE_END.search(context.text, quantity.end)
    others = [other.start for other in context.quantities if other.start >= quantity.end]
    ends = [match.start() for match in (comma, clause_end) if match] + others
    return min([*ends, len(context.text)])

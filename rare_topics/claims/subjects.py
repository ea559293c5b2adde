"""What a number is about: what is measured, of what, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rare_topics.claims.measures import Measure, measures
from rare_topics.lexicon import Lexicon, Mention
from rare_topics.quantities.quantity import Quantity

OBJECTS = frozenset({"element", "mineral", "material", "product", "commodity", "military"})
PLACES = frozenset({"country", "alliance", "company", "project"})
# Characters that make a word, roughly, by which distances are counted.
WORD = {"en": 6.0, "zh": 2.0}
COMMA, STOP, FARTHEST, FARTHEST_THING = 3.0, 12.0, 45.0, 14.0
_OF = re.compile(r" ?(?:of|的|in)(?![A-Za-z])|^-[a-z]")
_BREAK = re.compile(r"[,:()]|\u2014")
_LISTED = re.compile(r"、")
_END = re.compile(r"[;。;!?]|\. | (?:while|but|whereas|although|though) ")
# A country behind one of these is the other side, unless something of its own follows.
_COUNTERPART = re.compile(
    r"(?:\b(?:on|from|to|behind|than|against|towards?|over|(?:up|trade|agreement|deal|talks|cooperation|compared) with)"
    r"(?: the)?(?: [A-Z][a-z]+)? |向|从|对|赶上|追上|靠|比|与|和|摆脱对|运往|到达|刚到)$"
)
_OWNS = re.compile(r"'s?(?![A-Za-z])|的")
_TOWARDS = frozenset("对赴访驻反抗联援遏涉输")
_NOUN = re.compile(r"(?: [A-Za-z'-]+){0,3}? (?P<noun>[a-z-]+(?:s|ren)|people|staff|aircraft)\b")
NOUN_REACH = 4
PROPERTY = "high_purity"
# Adjectives of country describe the thing they stand before, and are its place only where no other is named.
DESCRIBES = 10.0


# A measure, where a word names it, and the word.
Named = tuple[Measure, int, int, str]


class Subject(NamedTuple):
    """The subject of a claim in normal form.

    Attributes
    ----------
    measure
        Name of the measure, empty where the text names none.
    of, where
        Concepts of the lexicon: what is measured, and the country or company it is said of.
    term
        The concept or word that named the measure, or what is counted.
    """

    measure: str
    of: str = ""
    where: str = ""
    term: str = ""


class Cost(NamedTuple):
    """How many words a word's place counts for: before the number, behind it, and beyond each other number."""

    before: float = 2.0
    after: float = 1.0
    beyond: float = 7.0


WORDS = Cost()


class Setting(NamedTuple):
    """A passage as its quantities see it."""

    text: str
    lang: str
    mentions: Sequence[Mention]
    quantities: Sequence[Quantity]
    named: Sequence[Named]
    heading: Sequence[Mention] = ()
    usual: str = ""


# The owner of a number stands before it, in English always.
OWNER = {"en": Cost(before=0.0, after=14.0, beyond=2.0), "zh": Cost(before=0.0, after=6.0, beyond=2.0)}


class SubjectFinder:
    """Find the subjects of the quantities of a passage.

    Parameters
    ----------
    lexicon
        Tells which concepts are things and which are places.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._category = {name: concept.category for name, concept in lexicon.concepts.items()}

    def subject(self, quantity: Quantity, setting: Setting) -> Subject:
        """Find the subject of one quantity."""
        measure, term = _measure(quantity, setting)
        if not measure and quantity.kind == "count":
            term = _counted(quantity, setting)
        thing = self._object(quantity, setting)
        if measure == "purity" and thing == PROPERTY:
            thing = setting.usual
        return Subject(measure, thing, self._place(quantity, setting), term)

    def objects(self, mentions: Iterable[Mention]) -> list[Mention]:
        """Keep the mentions of things."""
        return [mention for mention in mentions if self._category.get(mention.concept) in OBJECTS]

    def usual(self, mentions: Iterable[Mention]) -> str:
        """Return the thing named most often, the first of equals."""
        counts = Counter(mention.concept for mention in self.objects(mentions))
        return max(counts, key=lambda name: counts[name], default="")

    def _object(self, quantity: Quantity, setting: Setting) -> str:
        """Take the thing in the number's own phrase, else that of the heading, else the nearest, else the usual one."""
        things = self.objects(setting.mentions)
        stop = _phrase_end(quantity, setting)
        own = [thing for thing in things if quantity.end <= thing.start < stop]
        if own and _OF.match(setting.text, quantity.end):
            return own[0].concept
        heading = self.objects(setting.heading)
        # What another number is said of is not this one's, where the heading names the thing.
        free = [thing for thing in things if not (heading and _is_taken(thing, quantity, setting))]
        distances = [_distance(quantity, setting, thing.start, thing.end) for thing in free]
        if distances and min(distances) < FARTHEST_THING:
            return free[distances.index(min(distances))].concept
        return heading[0].concept if heading else setting.usual

    def _place(self, quantity: Quantity, setting: Setting) -> str:
        """Take the nearest place, one before the number first; the other side of a relation only in want of one."""
        places = [mention for mention in setting.mentions if self._category.get(mention.concept) in PLACES]
        things = {thing.start for thing in self.objects(setting.mentions)}
        own = [place for place in places if not _is_counterpart(setting.text, place)]
        for group, reach in ((own, 70.0), (places, 45.0)):
            distances = [
                _distance(quantity, setting, place.start, place.end, OWNER[setting.lang])
                + (DESCRIBES if setting.lang == "en" and place.end + 1 in things else 0.0)
                for place in group
            ]
            if distances and min(distances) < reach:
                return group[distances.index(min(distances))].concept
        return ""


def _is_taken(thing: Mention, quantity: Quantity, setting: Setting) -> bool:
    """Whether a thing stands in the phrase that another number opens."""
    return any(
        other.end <= thing.start < _phrase_end(other, setting)
        for other in setting.quantities
        if other.start != quantity.start and _OF.match(setting.text, other.end)
    )


def _is_counterpart(text: str, place: Mention) -> bool:
    if _OWNS.match(text, place.end):
        return False
    return text[place.start] in _TOWARDS or bool(_COUNTERPART.search(text[max(0, place.start - 16) : place.start]))


def _measure(quantity: Quantity, setting: Setting) -> tuple[str, str]:
    """Find the measure whose word stands nearest, and that word."""
    best, least = ("", ""), FARTHEST
    for measure, start, end, term in setting.named:
        if quantity.kind in measure.kinds:
            distance = _distance(quantity, setting, start, end) - measure.weight
            if distance < least:
                best, least = (measure.name, term), distance
    return best


def named_measures(text: str, mentions: Sequence[Mention]) -> list[Named]:
    """Find every word of a passage that names a measure, in the order of the word list."""
    found = []
    for measure in measures():
        found += [(measure, match.start(), match.end(), match[0].lower()) for match in measure.words.finditer(text)]
        found += [(measure, m.start, m.end, m.concept) for m in mentions if m.concept in measure.concepts]
    return found


def _counted(quantity: Quantity, setting: Setting) -> str:
    """Name what a number counts: the concept of the noun behind it."""
    start = quantity.end
    if setting.lang == "en":
        noun = _NOUN.match(setting.text, quantity.end)
        if not noun:
            return ""
        start = noun.start("noun")
    reach = start + NOUN_REACH
    return next((mention.concept for mention in setting.mentions if start <= mention.start < reach), "")


def _distance(quantity: Quantity, setting: Setting, start: int, end: int, cost: Cost = WORDS) -> float:
    """Count how far a word is from a number: in words, and by what stands between."""
    text = setting.text
    if start < quantity.end and end > quantity.start:
        return 0.0
    ahead = end <= quantity.start
    low, high = (end, quantity.start) if ahead else (quantity.end, start)
    gap = text[low:high]
    between = sum(low <= other.start < high for other in setting.quantities)
    distance = len(gap) / WORD[setting.lang] + COMMA * len(_BREAK.findall(gap)) + STOP * len(_END.findall(gap))
    if ahead:
        return distance + cost.before + cost.beyond * between
    linked = _OF.match(gap) or _OF.match(text, quantity.end)
    listed = _LISTED.match(gap)
    return distance + cost.after - (WORDS.after if linked else 0.0) + (0.0 if listed else cost.beyond * between)


def _phrase_end(quantity: Quantity, setting: Setting) -> int:
    """Where the phrase that a number opens ends: at a break or at the next number."""
    stop = _BREAK.search(setting.text, quantity.end)
    full = _END.search(setting.text, quantity.end)
    others = [other.start for other in setting.quantities if other.start >= quantity.end]
    ends = [match.start() for match in (stop, full) if match] + others
    return min([*ends, len(setting.text)])

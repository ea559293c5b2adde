"""What stands around the numbers of a passage: its clauses, and the things and places that they name.

The clauses are bounded by punctuation and a few conjunctions; whatever else divides a sentence
better can take the place of `Clauses`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from rare_topics.claims.concept_relations import broader_things, country_of, is_a, place_forms, place_pattern
from rare_topics.claims.measures import MeasureTerm
from rare_topics.lexicon import Lexicon, Mention
from rare_topics.quantities import DateMention, Quantity

OBJECT_CATEGORIES = frozenset({"element", "mineral", "material", "product", "commodity", "military"})
# Whatever belongs to a country by ``country_of.tsv`` stands for it; these name a place themselves.
PLACE_CATEGORIES = frozenset({"country", "alliance", "company", "project"})
AGENT_CATEGORIES = frozenset({"place", "institution", "person"})
# Alliances in general, and words that stand in the category without being somebody.
NO_PLACES = frozenset({"alliance", "ally", "brokerage", "mineral_alliance", "soviet_union"})
# What is built and invested in.
FACILITIES = frozenset({"factory", "production_line", "mine", "separation", "recycling"})
# Products that are weighed; others and weapons are counted, and their mass is that of a material in them.
WEIGHED_PRODUCTS = frozenset({
    "magnet", "ferrite_magnet", "neodymium_magnet", "rare_earth_magnet", "samarium_cobalt_magnet", "glass", "textile",
    "flame_retardant", "pet_food", "battery",
})  # fmt: skip
# Properties and those who act, that stand in a category of things.
NO_THINGS = frozenset({"high_purity", "raw_material", "navy", "air_force", "espionage", "war"})
# What an article does not name in its title is its subject if it is named so often, and in so large a part; chosen on
# the seed pages and invented ones.
MIN_MAIN_MENTIONS, MIN_MAIN_SHARE = 2, 0.5
# Two elements that are sold together, printed one after the other.
NEODYMIUM_PRASEODYMIUM = "neodymium_praseodymium"
RARE_EARTHS, OXIDE = "rare_earths", "rare_earth_oxide"

_SENTENCE_END = re.compile(r"[。!?;]|\. (?=[A-Z(\d\"])")
_CLAUSE_END = re.compile(
    r",(?!\d{3})|[:()\u2014]| - |"
    r" (?=(?:while|but|whereas|although|though|whose|which|compared (?:with|to)|versus|against) )|(?<!只)(?=而不?是|而)"
)
_COMPARISON = re.compile(r" ?(?:compared (?:with|to)|versus|against|vs\.?|unlike|相比|与|和) ?(?:the )?$")
_RELATIVE = re.compile(r" ?(?:whose|which) ")
# A country behind one of these is the other side of a relation, unless something of its own follows.
_BEFORE_COUNTERPART = re.compile(
    r"(?:\b(?:on|from|to|into|behind|than|against|towards?|over|below|above|via|through|under|outside|"
    r"(?:up|trade|agreement|deal|talks|cooperation|compared|partners?|ties) with|shipped to|equivalent to)"
    r"(?: the)?(?: [A-Z][a-z]+)? |向|从|对|赶上|追上|靠|比|与|和|摆脱对?|运往|经过?|次于|低于|高于|超过|相当于|由|给|往"
    r"|绕开|来自|引入|借道|交给|拿到|离开?|距|卖到|出口到|销往|撇开|挑战|同"
    r"|(?<![是并])非|不含|(?:excluding|except|without|(?:leaves?|leaving) out|other than|free of|non)[ -])$"
)
_BEFORE_ROUTE = re.compile(r"(?:借道|取道|途经|绕道|经由)$|\bvia $")
_PLACE_JOINT = re.compile(r"的?|'s |, ")
_IN_PLACE = re.compile(r"(?:\b(?:in|within|across|at|by|for|of)(?: the| its)?(?: [A-Z][a-z]+)? |在|位于)$")
_POSSESSIVE = re.compile(r"'s?(?![A-Za-z])|的(?!关系|合作|贸易|竞争)")
_POSSESSIVE_ENDING = re.compile(r"'s?$")
# Behind a country these are who says something, and not whose the number is.
_SPEAKER = re.compile(
    r" (?:experts?|analysts?|economists?|scholars?|media|newspapers?|think tanks?)"
    r" (?:says?|said|warns?|warned|estimates?|estimated|believes?|believed|doubts?|expects?|reckons?)(?![a-z])"
    r"|的?(?:专家|学者|媒体|官媒|分析师|智库|网友)[^,。;:]{0,2}(?:称|说|认为|表示|指出|警告|估计|预测|泼[冷凉]水|:)"
)
# Chinese verbs that form one word with the country they are directed at (对华, 赴美).
_DIRECTED_AT = frozenset("对赴访驻反抗联援遏涉输")
_VERB_FORM = re.compile(r"(?:ed|ing)$")
# A capital letter behind another word with one, or behind its numeral: "Lam Son Minerals", "the G7 Critical Minerals".
_NAME_BEFORE = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z\d]{1,40} $")
_DOMESTIC = re.compile(r"国内(?!生产总值)|全国|我国|境内")
# These say the country that the text is about, the others the reader's.
_OF_THE_COUNTRY = frozenset({"国内", "全国"})
_OXIDE = re.compile(r"(?<![A-Za-z-])oxides?(?![A-Za-z-])|稀土氧化物|氧化物")
_THAT_COUNTRY = re.compile(r"\b(?:[Tt]hat|[Tt]he) (?:country|nation|kingdom|republic|(?P<bloc>bloc))(?![a-z-])|该国")
_LIST_JOINT = re.compile(r" ?(?:and|&|、|和|与|-|/) ?")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A thing that only tells the quality of another one ("battery-grade carbonate"), or what somebody makes.
_MODIFIES = re.compile(r"-(?:grade|quality)| ?级|[ -](?:makers?|manufacturers?)(?![a-z])|制造?商|厂商")
_MAKER = re.compile(r" (?:firms?|plants?|factor(?:y|ies)|compan(?:y|ies)|groups?)(?![a-z])|[厂商]|企业|公司")
# Things whose names are verbs as well, behind a modal verb or before an object.
_VERBS = frozenset({"ship", "ships"})
_BEFORE_VERB = re.compile(r"(?:\b(?:may|can|will|must|to|could|should|would|shall|not)|,) $")
_OBJECT = re.compile(r" (?:\d|(?:its|the|more|all|most|half|about|some|over)\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedThing:
    """A thing or a place that a passage names.

    Attributes
    ----------
    concept
        The concept of the lexicon; of a city or an institution its country.
    start, end
        Character offsets in the passage.
    clause
        Number of the clause.
    is_other_side
        Of a place: whether it is the other side of a relation, as in "exports to Japan".
    is_locative
        Of a place: whether something is said to be in it or by it.
    is_company
        Whether a place is a company.
    is_piece
        Whether a thing is counted in pieces and not weighed, as ships and chips are.
    """

    concept: str
    start: int
    end: int
    clause: int
    is_other_side: bool = False
    is_locative: bool = False
    is_company: bool = False
    is_piece: bool = False


class Inherited(NamedTuple):
    """Thing and place that a number takes from outside its sentence; either may be empty."""

    thing: str = ""
    place: str = ""


class Clauses:
    """The clauses of a passage and the sentences that they belong to.

    Parameters
    ----------
    text
        The passage in half-width and simplified characters.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        sentence_starts = {match.end() for match in _SENTENCE_END.finditer(text)}
        starts = sorted({0, *sentence_starts, *(match.end() for match in _CLAUSE_END.finditer(text))})
        self.starts = [start for start in starts if start < len(text)] or [0]
        self._sentence_starts = sorted({0, *sentence_starts})

    def number_at(self, offset: int) -> int:
        """Return the number of the clause that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    def start_of_sentence(self, clause: int) -> int:
        """Return the number of the first clause of the sentence that holds a clause."""
        sentence = self._sentence_starts[bisect_right(self._sentence_starts, self.starts[clause]) - 1]
        return self.number_at(sentence)

    def end_of(self, clause: int) -> int:
        """Offset at which a clause ends."""
        return self.starts[clause + 1] if clause + 1 < len(self.starts) else len(self.text)

    def opens_with(self, clause: int, pattern: re.Pattern[str]) -> bool:
        """Whether the text of a clause begins with a pattern."""
        return pattern.match(self.text, self.starts[clause]) is not None


@dataclass(frozen=True, kw_only=True)
class PassageContext:
    """A passage with what has been found in it, as the subject of each of its quantities is looked for.

    Attributes
    ----------
    text, lang
        The passage in half-width and simplified characters, and its language.
    quantities
        Its quantities, in order.
    measure_terms
        Where it names measures.
    clauses
        Its clauses.
    things, facilities, places
        What it names, in order.
    mentions
        All concepts that it mentions.
    dates
        Its dates, every one with a year.
    inherited
        What the heading, the title and the whole article are about, the nearest first.
    """

    text: str
    lang: str
    quantities: Sequence[Quantity]
    measure_terms: Sequence[MeasureTerm]
    clauses: Clauses
    things: Sequence[NamedThing]
    facilities: Sequence[NamedThing]
    places: Sequence[NamedThing]
    mentions: Sequence[Mention]
    dates: Sequence[DateMention]
    inherited: Sequence[Inherited] = ()

    @cached_property
    def informative_clauses(self) -> frozenset[int]:
        """Clauses that say something of their own: a number, a measure, a locality, or as the first of a sentence."""
        numbers = (self.clauses.number_at(quantity.start) for quantity in self.quantities)
        terms = (self.clauses.number_at(term.start) for term in self.measure_terms)
        first = (self.clauses.start_of_sentence(clause) for clause in range(len(self.clauses.starts)))
        where = (place.clause for place in self.places if place.is_locative)
        return frozenset((*numbers, *terms, *first, *where))


class NameFinder:
    """Tell the things and the places among the concepts of a passage.

    Parameters
    ----------
    lexicon
        Says by its categories which concepts are things and which are places.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._concepts = lexicon.concepts
        self._country_of = country_of()
        self._countries = {name for name, concept in lexicon.concepts.items() if concept.category == "country"}

    def things(
        self, text: str, mentions: Iterable[Mention], clauses: Clauses, *, inherited: Sequence[Inherited] = ()
    ) -> list[NamedThing]:
        """Find the things that a passage names; elements that are sold together are one.

        Where rare earths are the subject, an oxide is one of rare earths.
        """
        found: list[NamedThing] = []
        for mention in mentions:
            if not self._is_thing(mention, text):
                continue
            clause = clauses.number_at(mention.start)
            thing = NamedThing(
                concept=mention.concept,
                start=mention.start,
                end=mention.end,
                clause=clause,
                is_piece=self._is_piece(mention.concept),
            )
            if found and _is_pair(found[-1], thing, text):
                pair = NamedThing(
                    concept=NEODYMIUM_PRASEODYMIUM, start=found[-1].start, end=thing.end, clause=found[-1].clause
                )
                found[-1] = pair
            else:
                found.append(thing)
        return _with_oxides(text, found, clauses) if self._is_about_rare_earths(found, inherited) else found

    def _is_piece(self, concept: str) -> bool:
        category = self._concepts[concept].category
        return category == "military" or (category == "product" and concept not in WEIGHED_PRODUCTS)

    def _is_about_rare_earths(self, things: Iterable[NamedThing], inherited: Iterable[Inherited]) -> bool:
        names = (*(thing.concept for thing in things), *(outer.thing for outer in inherited))
        return any(is_a(name, RARE_EARTHS) for name in names)

    def facilities(self, mentions: Iterable[Mention], clauses: Clauses) -> list[NamedThing]:
        """Find the plants and mines that a passage names."""
        return [
            NamedThing(concept=one.concept, start=one.start, end=one.end, clause=clauses.number_at(one.start))
            for one in mentions
            if one.concept in FACILITIES
        ]

    def places(
        self,
        text: str,
        mentions: Iterable[Mention],
        clauses: Clauses,
        *,
        quantities: Sequence[Quantity] = (),
        inherited: Sequence[Inherited] = (),
        place_before: Callable[[], str] = str,
    ) -> list[NamedThing]:
        """Find the places that a passage names, companies and institutions among them, but not those of currencies.

        What is "domestic" is of the country of the heading or title, else of China. "That country"
        is the last one named, if need be in the passage before, which `place_before` tells.
        """
        taken = [(quantity.start, quantity.end) for quantity in quantities]
        found: list[NamedThing] = []
        for mention in mentions:
            concept = self._place_of(mention.concept)
            if not concept or any(start < mention.end and mention.start < end for start, end in taken):
                continue
            if _SPEAKER.match(text, mention.end):
                continue
            if (
                found
                and mention.start - found[-1].end <= (text[mention.start - 1] == " ")
                and self._may_be_of_another(mention, text)
            ):
                # "巴西国家开发银行": of the country that stands before it.
                continue
            end = mention.start + len(_POSSESSIVE_ENDING.sub("", text[mention.start : mention.end]))
            is_other_side = _is_other_side(text, mention.start, end)
            if found and _LIST_JOINT.fullmatch(text, found[-1].end, mention.start):
                is_other_side = is_other_side or found[-1].is_other_side
            found.append(
                NamedThing(
                    concept=concept,
                    start=mention.start,
                    end=end,
                    clause=clauses.number_at(mention.start),
                    is_other_side=is_other_side,
                    is_company=self._concepts[mention.concept].category == "company",
                    is_locative=bool(_IN_PLACE.search(text, max(0, mention.start - 16), mention.start)),
                )
            )
        if _HAN.search(text):
            found += self._domestic_places(text, clauses, inherited, found)
        found += [
            NamedThing(
                concept=place_forms()[word[0]],
                start=word.start(),
                end=word.end(),
                clause=clauses.number_at(word.start()),
                is_other_side=bool(_BEFORE_COUNTERPART.search(text, max(0, word.start() - 22), word.start())),
                is_locative=bool(_IN_PLACE.search(text, max(0, word.start() - 16), word.start())),
            )
            for word in place_pattern().finditer(text)
            if not any(place.start <= word.start() < place.end for place in found)
        ]
        found.sort(key=lambda place: place.start)
        return self._with_pronouns(text, _with_sides(found, text), clauses, place_before)

    def _domestic_places(
        self, text: str, clauses: Clauses, inherited: Sequence[Inherited], found: Sequence[NamedThing]
    ) -> list[NamedThing]:
        """Return what a Chinese passage calls domestic, where no place is named beside it."""
        home = next((outer.place for outer in inherited if outer.place in self._countries), "china")
        return [
            NamedThing(
                concept=home if m[0] in _OF_THE_COUNTRY else "china",
                start=m.start(),
                end=m.end(),
                clause=clauses.number_at(m.start()),
            )
            for m in _DOMESTIC.finditer(text)
            if not any(place.start <= m.start() <= place.end for place in found)
        ]

    def _with_pronouns(
        self, text: str, places: list[NamedThing], clauses: Clauses, place_before: Callable[[], str]
    ) -> list[NamedThing]:
        """Add what "that country" or "the bloc" stands for, which is among the places before it."""
        for word in _THAT_COUNTRY.finditer(text):
            before = [one.concept for one in places if one.end <= word.start() and self.is_sovereign(one.concept)]
            concept = "eu" if word["bloc"] else before[-1] if before else place_before()
            if concept:
                place = NamedThing(
                    concept=concept,
                    start=word.start(),
                    end=word.end(),
                    clause=clauses.number_at(word.start()),
                    is_other_side=_is_other_side(text, word.start(), word.end()),
                )
                places = sorted([*places, place], key=lambda one: one.start)
        return places

    def is_sovereign(self, place: str) -> bool:
        """Whether a place is a country, or belongs to one."""
        return self._country(place) in self._countries

    def main_of(self, passages: Iterable[tuple[str, Sequence[Mention]]]) -> Inherited:
        """Return the thing and the place that prevail in passages.

        Parameters
        ----------
        passages
            Their texts, and the concepts that each mentions.
        """
        things: Counter[str] = Counter()
        places: Counter[str] = Counter()
        for text, mentions in passages:
            things.update(mention.concept for mention in mentions if self._is_thing(mention, text))
            named = filter(None, (self._place_of(mention.concept) for mention in mentions))
            places.update(self._country(place) for place in named)
        kinds = Counter(
            {name: sum(n for one, n in things.items() if is_a(one, name)) for name in broader_things(things)}
        )
        return Inherited(_prevailing(things) or _prevailing(kinds, of=things.total()), _prevailing(places))

    def _may_be_of_another(self, mention: Mention, text: str) -> bool:
        """Whether a mention names an institution, or a country by something that only belongs to it."""
        concept = self._concepts[mention.concept]
        printed = text[mention.start : mention.end]
        is_gloss = bool(_HAN.search(printed)) and not any(form in printed for form in concept.zh)
        return concept.category == "institution" or is_gloss

    def _country(self, place: str) -> str:
        return self._country_of.get(place, place)

    def _is_thing(self, mention: Mention, text: str) -> bool:
        """Whether a mention names a thing: by a form of its own, not by a gloss and not by a verb (shipped)."""
        concept = self._concepts.get(mention.concept)
        if concept is None or concept.category not in OBJECT_CATEGORIES or mention.concept in NO_THINGS:
            return False
        printed = text[mention.start : mention.end]
        if _MODIFIES.match(text, mention.end) or (self._is_piece(mention.concept) and _MAKER.match(text, mention.end)):
            return False
        if printed in _VERBS and (_BEFORE_VERB.search(text, 0, mention.start) or _OBJECT.match(text, mention.end)):
            return False
        if _HAN.search(printed):
            return any(form in printed for form in concept.zh) or printed in concept.short
        if printed[:1].isupper() and _NAME_BEFORE.search(text, max(0, mention.start - 24), mention.start):
            return False
        is_verb = _VERB_FORM.search(printed) and " " not in printed
        return not is_verb or any(printed.lower() == form.lower() for form in concept.en)

    def _place_of(self, name: str) -> str:
        concept = self._concepts.get(name)
        if concept is None or name in NO_PLACES:
            return ""
        if concept.category in PLACE_CATEGORIES:
            return name
        if concept.category in AGENT_CATEGORIES:
            country = self._country_of.get(name, "")
            return country or (name if concept.category == "place" else "")
        return ""


def _prevailing(counts: Counter[str], *, of: int = 0) -> str:
    """Return what is named in the greater part of all mentions, or empty."""
    name = max(counts, key=lambda one: counts[one], default="")
    prevails = counts[name] >= MIN_MAIN_MENTIONS and counts[name] > MIN_MAIN_SHARE * (of or counts.total())
    return name if prevails else ""


def _with_oxides(text: str, things: Sequence[NamedThing], clauses: Clauses) -> list[NamedThing]:
    oxides = [
        NamedThing(concept=OXIDE, start=word.start(), end=word.end(), clause=clauses.number_at(word.start()))
        for word in _OXIDE.finditer(text)
        # Neither within the name of a thing nor right behind one: "PrNd oxide".
        if not any(thing.start < word.end() and word.start() <= thing.end + 1 for thing in things)
    ]
    return sorted([*things, *oxides], key=lambda thing: thing.start)


def _with_sides(places: Sequence[NamedThing], text: str) -> list[NamedThing]:
    """Make a town the other side of a relation where its country, right before it, is."""
    sided: list[NamedThing] = []
    for place in places:
        is_same_side = (
            sided
            and sided[-1].is_other_side
            and not place.is_other_side
            and sided[-1].concept == place.concept
            and _PLACE_JOINT.fullmatch(text, sided[-1].end, place.start)
        )
        sided.append(replace(place, is_other_side=True) if is_same_side else place)
    return sided


def _is_pair(before: NamedThing, after: NamedThing, text: str) -> bool:
    elements = {before.concept, after.concept}
    return elements == {"neodymium", "praseodymium"} and bool(_LIST_JOINT.fullmatch(text, before.end, after.start))


def _is_other_side(text: str, start: int, end: int) -> bool:
    """Whether a place is the other side of a relation, as in "exports to Japan"."""
    if _BEFORE_ROUTE.search(text, max(0, start - 6), start):
        return True
    if _POSSESSIVE.match(text, end):
        return False
    return text[start] in _DIRECTED_AT or bool(_BEFORE_COUNTERPART.search(text, max(0, start - 22), start))

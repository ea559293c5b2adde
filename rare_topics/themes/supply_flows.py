"""Flows of goods: where they come from, where they go, and who uses them, whatever the verb.

Other rules ask for an act of a country. Much of what is written of trade names none: goods *of* a
country arrive somewhere, something runs on them, somebody has enough for a week. Here the goods
are the subject: a country is their origin by a possessive, an adjective or a preposition, it is
where they go by a preposition behind a verb of motion, and it uses them where a branch that needs
such goods is its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.clauses.modality import Mood, Tense
from rare_topics.clauses.participants import Participant
from rare_topics.clauses.passage_reader import AGENT, DOER, PLACE, SOURCE, TARGET, ConceptMention
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_facts import BUYER, DENIED, RUNNING, SUPPLIER, SupplyFact
from rare_topics.themes.supply_reading import IN_SENTENCE, NEEDS, STAGE_OF_CUE, Reading

# A flow is said of goods more than of a country; a plain statement of an act goes before it.
CONFIDENCE = 0.85
# Reach in characters between a verb of motion and where the goods go, between goods and the country that they are
# from; chosen by hand on sentences of our own.
_TARGET_REACH, _FROM_REACH = 45, 30
# Characters before the first word of a clause that takes up its subject: "and ends up in".
_FIRST_WORD = 5
# Characters of a clause that is no more than a name of goods: "Morocco's cobalt, 2,300 tons of it, ...".
_LONGEST_NAME = 30
# Cues of a clause that says that goods are on the market.
_ON_THE_MARKET = (*NEEDS, "flow", "produce", "sell_to")


def flow_facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return whose goods are on the market, where they go, and who uses them."""
    if reading.is_passed_on or reading.clause.tense is Tense.PAST:
        return
    for user in reading.users:
        if _needs_goods(reading, user):
            yield reading.fact(user.country, BUYER, confidence=CONFIDENCE)
    for one in _origins(reading):
        # Who would be missed supplies.
        is_missed = patterns.WITHOUT.search(_left_of(reading, one))
        yield reading.fact(
            one.country, SUPPLIER, RUNNING if is_missed else reading.status(reading.clause.end), CONFIDENCE
        )
    for one in _destinations(reading):
        yield reading.fact(one.country, BUYER, confidence=CONFIDENCE)


def _needs_goods(reading: Reading, user: Participant) -> bool:
    """Return whether a branch of industry uses, lacks or waits for goods that the sentence names."""
    clause = reading.clause
    if reading.goods_confidence() < IN_SENTENCE or clause.mood is Mood.QUESTION:
        return False
    goods = [one for one in clause.mentions if one.concept in reading.domain.goods]
    if goods and all(patterns.NOT_IN_IT.search(_left_of(reading, one)) for one in goods):
        return False
    if clause.has(*NEEDS) or patterns.LASTS.search(reading.text) or _has_goods(reading, user):
        return True
    return any(_is_without_goods(reading, one) for one in reading.sentence)


def _has_goods(reading: Reading, user: Participant) -> bool:
    """Return whether goods are called those of a branch of industry: 车企的磁体."""
    clause = reading.clause
    branch = next((cue for cue in clause.cues_of("user") if cue.start >= user.end), None)
    goods = next((m for m in clause.mentions if branch and m.start >= branch.end), None)
    if branch is None or goods is None or goods.concept not in reading.domain.goods:
        return False
    gap = reading.text[branch.end - clause.start : goods.start - clause.start]
    return bool(patterns.OF_BRANCH.fullmatch(gap)) and not reading.only_qualifies(goods)


def _left_of(reading: Reading, one: ConceptMention | Participant) -> str:
    return reading.text[: one.start - reading.clause.start]


def _is_without_goods(reading: Reading, clause: Clause) -> bool:
    """Return whether a clause speaks of being without the goods of a country."""
    without = patterns.WITHOUT.search(clause.lowered)
    return bool(without and clause.participants) and reading.domain.is_named_in(clause)


def _origins(reading: Reading) -> Iterator[Participant]:
    """Return the countries whose goods a clause says to be on the market."""
    clause = reading.clause
    # A clause that only names the goods goes on behind its comma.
    is_name = len(reading.text.strip()) <= _LONGEST_NAME
    goes_on = [one for one in reading.sentence if one is clause or (is_name and one.start > clause.start)]
    is_lacked = patterns.WITHOUT.search(reading.text)
    if clause.has("equipment", "venue") or not (is_lacked or any(one.has(*_ON_THE_MARKET) for one in goes_on)):
        return
    yield from _left_behind(reading)
    if any(one.case == SOURCE for one in clause.participants):
        return
    for one in reading.foreign(DOER, PLACE, TARGET, AGENT):
        if reading.owns_goods(one) and not reading.is_stopped(one.start):
            yield one
    for mention in clause.mentions if clause.has("flow") and not clause.has(*NEEDS) else ():
        if _is_of_actor(reading, mention):
            yield from (actor.participant for actor in reading.doers_before(mention.start))


def _left_behind(reading: Reading) -> Iterator[Participant]:
    """Return the countries that goods come from or out of by a preposition."""
    for one in reading.foreign(SOURCE):
        is_of_goods = reading.names_goods_from(one.start - _FROM_REACH, one.start) or patterns.CARGO_FROM.search(
            _left_of(reading, one)
        )
        if is_of_goods and patterns.GOODS_FROM.search(_left_of(reading, one)):
            yield one
    for one in reading.foreign(PLACE, TARGET, AGENT):
        if patterns.OUT_OF.search(_left_of(reading, one)) and reading.names_goods_from(reading.clause.start, one.start):
            yield one


def _is_of_actor(reading: Reading, goods: ConceptMention) -> bool:
    """Return whether goods are called those of who acts: "loads its first monazite"."""
    is_of_domain = goods.concept in reading.domain.goods and not reading.only_qualifies(goods)
    return is_of_domain and bool(patterns.ITS_GOODS.search(_left_of(reading, goods)))


def _destinations(reading: Reading) -> Iterator[Participant]:
    """Return the countries where goods go by a verb of motion."""
    moves = [one for one in reading.clause.cues_of("flow") if _happens(reading, one)]
    for one in reading.foreign(TARGET, PLACE) if moves else ():
        near = [cue for cue in moves if 0 < reading.list_start(one) - cue.start <= _TARGET_REACH]
        if near and _brings_goods(reading, near[-1], one) and not patterns.ONWARD.match(reading.right_of(one)):
            yield one


def _happens(reading: Reading, move: Cue) -> bool:
    return reading.status(move.start) != DENIED and not reading.is_stopped(move.start)


def _brings_goods(reading: Reading, move: Cue, one: Participant) -> bool:
    """Return whether a verb of motion takes goods into a place, and no other country stands between."""
    clause = reading.clause
    for other in clause.participants:
        # Goods that go about within a country, or by another one.
        is_between = (
            move.end <= other.start < one.start and other.list_id != one.list_id and not reading.owns_goods(other)
        )
        if is_between or (other.country == one.country and other.case == SOURCE):
            return False
    if patterns.OUT_OF.search(_left_of(reading, one)):
        return False
    between = reading.text[move.end - clause.start : one.start - clause.start]
    is_named = (
        reading.names_goods_from(clause.start, one.start)
        or clause.has(*STAGE_OF_CUE)
        or patterns.TAKES_UP_GOODS.match(reading.text)
        or move.start - clause.start <= _FIRST_WORD
    )
    return bool(is_named) and (one.case == TARGET or bool(patterns.INTO_PLACE.search(between)))

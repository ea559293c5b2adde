"""Sources of goods: who supplies, is to supply, has deposits, or wants to supply itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rare_topics.clauses.cues import Cue
from rare_topics.clauses.discourse import Actor
from rare_topics.clauses.modality import Mood, Tense
from rare_topics.clauses.participants import Participant
from rare_topics.clauses.passage_reader import DOER, PARTNER, PLACE, SOURCE, TARGET
from rare_topics.corpus.languages import is_han
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_facts import (
    DENIED,
    PARTNER_ROLE,
    PLANNED,
    RESERVES,
    RUNNING,
    SELF_SUPPLIER,
    SUPPLIER,
    SupplyFact,
)
from rare_topics.themes.supply_reading import PLACE_REACH, STAGE_OF_CUE, Reading

# Confidence in the country that an article is about as that of a plant for which no sentence names one.
IN_SUBJECT = 0.8
# Reach in characters between a country and its own verb; chosen by hand on the seed pages.
_VERB_REACH = 30
# Reach in characters between "producer of" and the goods; chosen by hand on sentences of our own.
_OBJECT_REACH = 30
# Reach in characters between a verb of sending and its goods; chosen by hand on sentences of our own.
_SENT_REACH = 45
_NOUNS = frozenset({"source of", "sources of", "supplier of", "largest producer", "largest supplier", "来源", "来源国"})
# Behind them a place is where the buyers are.
_SOLD = frozenset({"sold", "sells", "sell"})
# A verb stands right behind its subject where no more than a blank and a sign lie between.
_ADJACENT = 2
# Nouns that look like verbs; as a verb, one of them stands right behind its subject.
_NOUN_OR_VERB = frozenset(
    {"supplies", "supply", "exports", "export", "ships", "makes", "make", "produce", "ship", "cast", "mine", "mines"}
)


def self_supplier_facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return who wants to supply itself."""
    for cue in reading.clause.cues_of("self"):
        if reading.clause.text[cue.start - reading.clause.start].isupper() and cue.start > reading.clause.start:
            continue  # a name: "Independence Army"
        for actor in reading.doers_before(cue.start + 1):
            if not patterns.NOT_SO.search(reading.text[: cue.start - reading.clause.start]):
                yield reading.fact(actor.participant.country, SELF_SUPPLIER, PLANNED, actor.confidence)


def supplier_facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return who supplies, is to supply, has deposits, or does not supply."""
    clause = reading.clause
    yield from _sources(reading)
    yield from _alternatives(reading)
    if any(one.has("transit") for one in reading.sentence):
        yield from _denials(reading)
        return
    plants = clause.cues_of("facility", "industry")
    for cue in clause.cues_of("produce"):
        is_measure = patterns.EXPORT_MEASURE.match(reading.text[cue.end - clause.start :])
        if not (
            is_measure
            or reading.is_stopped(cue.start)
            or any(_holds(plant, cue) for plant in plants)
            or reading.is_of_users(cue)
        ):
            yield from _facts_of(reading, cue.start, _producers(reading, cue.start, cue.end))
    yield from _plants(reading)
    yield from _possessed(reading)
    for cue in clause.cues_of("reserves"):
        if reading.object_is_goods(cue.start):
            status = DENIED if clause.mood_at(cue.start) is Mood.DENIED else RESERVES
            yield from _facts_of(reading, cue.start, _owners(reading, cue.start), status=status)


def _possessed(reading: Reading) -> Iterator[SupplyFact]:
    """Return who is said to have goods, and not for a time."""
    clause = reading.clause
    if clause.has("magnet") or patterns.LASTS.search(reading.text):
        return
    for mention in clause.mentions:
        before = reading.text[: mention.start - clause.start]
        is_had = mention.concept in reading.domain.goods and patterns.POSSESSES.search(before)
        if is_had and (clause.has("site") or not clause.has("offshoot")):
            yield from _facts_of(reading, mention.start, _owners(reading, mention.start), status=RESERVES, weight=0.7)


def _plants(reading: Reading) -> Iterator[SupplyFact]:
    """Mines, plants and what is done there; an industry as a whole is neither."""
    clause = reading.clause
    if patterns.TAKES_OUTPUT.search(reading.text) or patterns.WASTE.search(reading.text):
        return
    industries = clause.cues_of("industry")
    for cue in clause.cues_of("process", "facility"):
        if any(_holds(industry, cue) for industry in industries) or _takes_goods_in(reading, cue):
            continue
        if not reading.object_is_goods(cue.start) or patterns.BANNED.search(reading.text[: cue.start - clause.start]):
            continue
        before, behind = reading.text[: cue.start - clause.start], reading.text[cue.end - clause.start :]
        status = reading.status(cue.start)
        if status != DENIED and patterns.AT_WORK_BEFORE.search(before):
            status = RUNNING
        elif patterns.CAME_TO_A_STOP.match(behind):
            status = DENIED
        elif status == RUNNING:
            # A plant that is only named may be a plan.
            has_begun = (
                _is_at_work(reading, cue)
                or _is_verb_of_goods(reading, cue)
                or patterns.OPENED.search(reading.text)
                or patterns.AT_WORK_BEHIND.search(behind)
                or (patterns.BEGUN.search(reading.text) and clause.has("process"))
            )
            if not has_begun and clause.has("reserves"):
                continue
            if not has_begun and reading.is_denied():
                continue
            status = RUNNING if has_begun else PLANNED
        yield from _facts_of(reading, cue.start, _owners(reading, cue.start), status=status, weight=0.8)


def _takes_goods_in(reading: Reading, plant: Cue) -> bool:
    """Return whether a plant belongs to a branch that uses goods, or is where goods go."""
    if reading.is_of_users(plant):
        return True
    clause = reading.clause
    is_for_plant = clause.has("invest", "planned", "building", "milestone")
    return not is_for_plant and bool(patterns.INTO_PLANT.search(reading.text[: plant.start - clause.start]))


def _is_verb_of_goods(reading: Reading, cue: Cue) -> bool:
    """Return whether a Chinese verb of processing has an actor, and goods right behind it: 回收钇."""
    is_han_verb = cue.kind == "process" and is_han(reading.text[cue.start - reading.clause.start])
    return is_han_verb and bool(reading.own_actors()) and reading.names_goods_from(cue.end, cue.end + 1)


def _is_at_work(reading: Reading, plant: Cue) -> bool:
    """Return whether a plant is somebody's own, in a sentence that plans and builds nothing."""
    is_own = patterns.OWN_PLANT.search(reading.text[: plant.start - reading.clause.start])
    return bool(is_own) and not any(one.has("planned", "possible", "building", "demanded") for one in reading.sentence)


def _owners(reading: Reading, position: int) -> list[tuple[str, float]]:
    """Return the countries of a mine, a plant or a deposit: where it stands, else whose it is."""
    if reading.clause.has("import", "depend", "shortage"):
        return []
    places = reading.places(position)
    behind = _owner_behind(reading, position)
    if places is not None and behind is None:
        return places
    if behind is not None:
        return [(behind.country, 1.0)]
    doers = [(one.participant.country, one.confidence) for one in _makers_before(reading, position)]
    is_told = doers or reading.clause.participants or reading.actors or not reading.domain.is_named_in(reading.clause)
    if is_told or not reading.main_country or any(patterns.OTHERS.search(one.lowered) for one in reading.sentence):
        return doers
    return [(reading.main_country, IN_SUBJECT)]


def _owner_behind(reading: Reading, position: int) -> Participant | None:
    """Return the country behind a plant whose plant it is: "a refinery that Saudi Arabia has yet to build"."""
    clause = reading.clause
    plant = next((cue for cue in clause.cues_of("facility") if cue.start == position), None)
    for one in reading.foreign(DOER) if plant else ():
        gap = reading.text[plant.end - clause.start : one.start - clause.start] if one.start >= plant.end else "-"
        if patterns.WHOSE.fullmatch(gap) and patterns.OWNS_VERB.match(reading.right_of(one)):
            return one
    return None


def _facts_of(
    reading: Reading, position: int, countries: Sequence[tuple[str, float]], *, status: str = "", weight: float = 1.0
) -> Iterator[SupplyFact]:
    status = status or reading.status(position)
    if reading.clause.tense is Tense.PAST and status not in {RESERVES, DENIED}:
        return
    if status == DENIED and reading.clause.has("lack"):
        return
    # What a laboratory does is no supply.
    if status not in {RESERVES, DENIED} and reading.clause.has("research") and not reading.clause.has("facility"):
        return
    for country, sure in countries:
        yield reading.fact(country, SUPPLIER, status, sure * weight)


def _denials(reading: Reading) -> Iterator[SupplyFact]:
    for cue in reading.clause.cues_of("produce", "process", "facility"):
        if reading.status(cue.start) == DENIED:
            yield from _facts_of(reading, cue.start, _owners(reading, cue.start), status=DENIED)


def imported_ore_facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return whose ore others import."""
    for one in reading.foreign(DOER):
        if patterns.IMPORTED_ORE.match(reading.right_of(one)):
            yield reading.fact(one.country, SUPPLIER, RUNNING)


def _sources(reading: Reading) -> Iterator[SupplyFact]:
    """Goods that others take from a country: it supplies today, or is to."""
    passed_on = any(one.has("transit") for one in reading.sentence)
    is_supply = reading.clause.has("import", "depend", "produce", "sell_to") or (
        patterns.ORIGIN.search(reading.text) or patterns.TAKES_FROM.search(reading.text)
    )
    if is_supply and not (passed_on or reading.clause.has("equipment")):
        for one in reading.foreign(SOURCE):
            if not reading.is_stopped(one.start):
                yield from _facts_of(reading, one.start, [(one.country, 1.0)])


def _seeks(reading: Reading) -> bool:
    """Return whether who acts looks for other sources, and is none."""
    first = reading.clause.cues_of("alternative")[0]
    return bool(patterns.SEEKS.search(reading.text[: first.start - reading.clause.start]))


def _alternatives(reading: Reading) -> Iterator[SupplyFact]:
    if reading.clause.has("alternative") and not reading.is_denied():
        cases = (PARTNER, PLACE, TARGET, SOURCE) if _seeks(reading) else (DOER, PARTNER, PLACE, TARGET, SOURCE)
        named = [(one.country, 1.0) for one in reading.foreign(*cases)]
        is_told = reading.own_actors() or _seeks(reading)
        inherited = [] if is_told else [(one.participant.country, one.confidence) for one in reading.actors]
        for country, sure in named or inherited:
            yield reading.fact(country, SUPPLIER, PLANNED, 0.8 * sure)
    for one in reading.foreign(DOER, PLACE):
        if patterns.COLLABORATION.match(reading.right_of(one)) and not reading.clause.has("speaker"):
            yield reading.fact(one.country, SUPPLIER, PLANNED, 0.8)
    if patterns.SUPPLY_DEAL.search(reading.text) and not reading.clause.has("denied"):
        for one in reading.foreign(PARTNER):
            yield reading.fact(one.country, SUPPLIER, PLANNED, 0.8)
    if patterns.LETTER.search(reading.text) and any(one.has("import") for one in reading.sentence[:-1]):
        for one in reading.foreign(PARTNER) if not reading.is_denied() else ():
            yield reading.fact(one.country, SUPPLIER, PLANNED, 0.8)
    if reading.clause.has("invest"):
        for one in reading.foreign(TARGET, PLACE):
            near = [
                cue for cue in reading.clause.cues_of("facility", "mine") if abs(cue.start - one.start) <= PLACE_REACH
            ]
            if near:
                yield reading.fact(one.country, SUPPLIER, PLANNED, 0.8)


def _makers_before(reading: Reading, position: int) -> list[Actor]:
    """Return the actors before a verb that are no branch which uses goods."""
    return [one for one in reading.doers_before(position) if one.participant not in reading.users]


def _producers(reading: Reading, start: int, end: int) -> list[tuple[str, float]]:
    """Return the countries that a verb of supply speaks of: where it happens, else who acts."""
    clause = reading.clause
    word = reading.text[start - clause.start : end - clause.start]
    if not _is_of_supply(reading, start, word) or reading.is_supplier_of_somebody(start):
        return []
    if any(patterns.FEW.search(one.lowered) for one in reading.sentence) and not reading.own_actors():
        return []
    is_given = bool(patterns.GIVES.match(word)) and clause.has("import", "depend", "shortage")
    # "Laos has become a source of ore for ...": who a noun is said of stands before the copula.
    is_copula = patterns.COPULA.search(reading.text[: start - clause.start]) if word in _NOUNS else None
    doers = _makers_before(reading, clause.start + is_copula.start() if is_copula else start)
    is_sold_there = word in _SOLD and reading.text[end - clause.start :].startswith(" in ")
    places = None if is_sold_there or is_copula else reading.places(start)
    if places is not None and not (is_given and doers):
        return places
    if word in _NOUN_OR_VERB:
        governed = clause.mood_at(start) in {Mood.PLANNED, Mood.BUILDING, Mood.DENIED}
        nearest = max((one.participant.end for one in doers), default=start)
        heads = [cue for cue in clause.cues_of("facility", "firm", "industry") if nearest <= cue.start < start]
        is_near = start - max(heads[-1].end if heads else 0, nearest) <= _ADJACENT
        if not (0 <= start - nearest <= _VERB_REACH and (is_near or governed)):
            doers = []
    found = [(one.participant.country, one.confidence) for one in doers]
    only = [
        (one.country, 1.0)
        for one in reading.foreign(DOER)
        if one.start > start and patterns.ONLY_IN.search(reading.text[: reading.list_start(one) - reading.clause.start])
    ]
    return only or found


def _is_of_supply(reading: Reading, start: int, word: str) -> bool:
    """Return whether a verb of supply is one here: of goods, not banned, not of what is only needed."""
    clause = reading.clause
    if patterns.BANNED.search(reading.text[: start - clause.start]) or patterns.TAKES_OUTPUT.search(reading.text):
        return False
    needs = clause.cues_of("import", "depend", "shortage")
    if patterns.SENDS.match(word) and not reading.names_goods_from(start, start + _SENT_REACH):
        return False
    is_of_goods = needs or reading.names_goods_from(start) or clause.has(*STAGE_OF_CUE)
    if patterns.OFFERS_TO.match(reading.text, start - clause.start):
        return False
    if patterns.GIVES_ANYTHING.match(word) and (clause.has("invest") or not is_of_goods):
        return False
    if word.endswith(" of") and not reading.names_goods_from(start, start + len(word) + _OBJECT_REACH):
        return False
    gives = patterns.GIVES.match(word)
    if not reading.object_is_goods(start) or any(cue.start < start or not gives for cue in needs):
        return False
    return reading.domain.is_named_in(clause) or not clause.has("equipment")


def partner_facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return who signs and joins in, and is no more than a partner."""
    if reading.clause.has("partner") and not reading.clause.has("import"):
        for one in reading.foreign(DOER, PARTNER):
            yield reading.fact(one.country, PARTNER_ROLE, confidence=0.8)


def _holds(outer: Cue, inner: Cue) -> bool:
    """Return whether a cue is part of a longer one: 精炼 of 精炼厂."""
    return (
        outer.start <= inner.start and inner.end <= outer.end and (outer.start, outer.end) != (inner.start, inner.end)
    )

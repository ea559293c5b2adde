"""Transit: countries through which goods are passed on, smuggled or renamed."""

from __future__ import annotations

from collections.abc import Iterator

from rare_topics.clauses.cues import Cue
from rare_topics.clauses.modality import Mood
from rare_topics.clauses.participants import ROUTE, Participant
from rare_topics.clauses.passage_reader import AGENT, DOER, PARTNER, PLACE, SOURCE, TARGET
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_facts import DENIED, SUPPLIER, TRANSIT, SupplyFact
from rare_topics.themes.supply_reading import Reading

# Characters between a possessor and its goods.
_GOODS_REACH = 12


def transit_facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return the countries through which goods go."""
    if patterns.WITH_HELP.search(reading.text):
        return
    yield from _stopped_goods(reading)
    if not reading.clause.has("transit"):
        if (
            patterns.MOVES_THROUGH.search(reading.text)
            and reading.goods_confidence()
            and reading.clause.mood is not Mood.DENIED
        ):
            for one in reading.foreign(ROUTE):
                yield reading.fact(one.country, TRANSIT, confidence=0.8)
        return
    if any(patterns.REJECTED_CLAIM.search(one.lowered) for one in reading.sentence):
        return
    # Who buys what was passed on is deceived; whose name the goods bear passed them on.
    bought_from = [
        (one.country, 0.9)
        for clause in reading.sentence
        if clause.has("import")
        for one in clause.participants
        if one.case == SOURCE
    ]
    on_the_way = reading.foreign(DOER, PLACE, SOURCE, TARGET, ROUTE, AGENT, PARTNER)
    # "Tajikistan's antimony reaches Europe through Turkey": whose goods they are is no route.
    named = bought_from or [
        (one.country, 1.0) for one in on_the_way if len(on_the_way) == 1 or not reading.owns_goods(one)
    ]
    is_told_of_actors = not (reading.clause.participants or any(one.has("venue") for one in reading.sentence))
    inherited = [(one.participant.country, one.confidence) for one in reading.actors] if is_told_of_actors else []
    for country, sure in named or inherited:
        yield reading.fact(country, TRANSIT, confidence=sure)
        if patterns.ONLY_TRANSIT.search(reading.text):
            yield reading.fact(country, SUPPLIER, DENIED, sure)


def _stopped_goods(reading: Reading) -> Iterator[SupplyFact]:
    """Return whose customs stop goods on their way, and under whose name goods go."""
    clause = reading.clause
    if not clause.has("seize", "label") or not reading.domain.is_named_in(clause):
        return
    for one in reading.foreign(DOER, PLACE, SOURCE, AGENT):
        before = reading.text[: one.start - clause.start]
        stops = patterns.STOPS_GOODS.match(reading.right_of(one)) or patterns.CUSTOMS_IN.search(before)
        is_labeller = any(_is_labelled_by(reading, cue, one) for cue in clause.cues_of("label"))
        labels = is_labeller or any(0 <= one.start - cue.end <= _GOODS_REACH for cue in clause.cues_of("label"))
        if labels or (stops and clause.has("seize")):
            yield reading.fact(one.country, TRANSIT, confidence=0.8)


def _is_labelled_by(reading: Reading, label: Cue, one: Participant) -> bool:
    is_before = one.case == DOER and one.end <= label.start and not reading.owns_goods(one)
    return is_before and reading.clause.names(reading.domain.goods)

"""Buyers: who imports, takes, depends on or runs short of goods."""

from __future__ import annotations

from collections.abc import Iterator

from rare_topics.clauses.passage_reader import AGENT, DOER, PLACE, SOURCE, TARGET
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_facts import BUYER, SupplyFact
from rare_topics.themes.supply_reading import Reading

# Reach in characters between a verb of selling and its buyer; chosen by hand on the seed pages.
_TARGET_REACH = 45


def buyer_facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return who buys, takes, depends on or runs short of goods."""
    yield from _importers(reading)
    yield from _takers(reading)
    yield from _short_of_goods(reading)
    yield from _customers(reading)
    yield from _destinations(reading)
    yield from _lacking(reading)
    yield from _owners_of_suppliers(reading)


def _destinations(reading: Reading) -> Iterator[SupplyFact]:
    """Return who is called a destination of goods: 重要的去向, "the largest market for"."""
    noun = patterns.DESTINATION.search(reading.text)
    if noun is None or reading.clause.has("equipment", "venue") or reading.is_denied():
        return
    before = reading.text[: noun.start()]
    is_said = patterns.IS_OR_WERE.search(before) or patterns.IS_OR_WERE.match(reading.text[noun.end() :])
    for one in reading.foreign(DOER) if is_said else ():
        yield reading.fact(one.country, BUYER, confidence=0.9)


def _lacking(reading: Reading) -> Iterator[SupplyFact]:
    """Return who stands without goods, has them fitted elsewhere, or signs for them to use them."""
    clause, start = reading.clause, reading.clause.start
    for goods in clause.mentions:
        if goods.concept not in reading.domain.goods:
            continue
        before, behind = reading.text[: goods.start - start], reading.text[goods.end - start :]
        has_fitted = patterns.HAS_FITTED.search(before) and patterns.FITTED.match(behind)
        if has_fitted or patterns.FOR_LACK.search(before):
            for actor in reading.doers_before(goods.start):
                yield reading.fact(actor.participant.country, BUYER, confidence=0.9 * actor.confidence)
    for user in reading.users if patterns.SIGNS.search(reading.text) and not reading.is_denied() else ():
        yield reading.fact(user.country, BUYER, confidence=0.9)


def _owners_of_suppliers(reading: Reading) -> Iterator[SupplyFact]:
    """Return who is said to have a supplier: "its largest supplier", 最大的供应方."""
    noun = patterns.SUPPLIER_NOUN.search(reading.text)
    if noun and reading.is_supplier_of_somebody(reading.clause.start + noun.start()):
        for actor in reading.doers_before(reading.clause.start + noun.start()):
            yield reading.fact(actor.participant.country, BUYER, confidence=0.9 * actor.confidence)


def _takers(reading: Reading) -> Iterator[SupplyFact]:
    """Who takes a share of what is produced, or takes goods from somewhere, buys."""
    taken = patterns.TAKES_OUTPUT.search(reading.text)
    if taken is None and any(one.case == SOURCE for one in reading.clause.participants):
        taken = patterns.TAKES_FROM.search(reading.text)
        if taken and not reading.names_goods_from(*(reading.clause.start + offset for offset in taken.span())):
            return
    if taken is None or reading.is_stopped(reading.clause.start + taken.start()):
        return
    start = reading.clause.start + taken.start()
    agents = [one for one in reading.foreign(AGENT) if one.start > start]
    for one in agents:
        yield reading.fact(one.country, BUYER, confidence=0.9)
    for actor in () if agents else reading.doers_before(start):
        yield reading.fact(actor.participant.country, BUYER, confidence=0.9 * actor.confidence)


def _importers(reading: Reading) -> Iterator[SupplyFact]:
    clause = reading.clause
    for cue in clause.cues_of("import", "depend"):
        behind = reading.text[cue.end - clause.start :]
        is_aim_of_many = len(reading.actors) > 2 and patterns.REDUCES.search(reading.text)
        is_impersonal = bool(patterns.NO_PURCHASE.match(behind)) or (
            behind.startswith("的") and not reading.own_actors()
        )
        if (
            is_aim_of_many
            or is_impersonal
            or reading.is_stopped(cue.start)
            or any(
                given.start < cue.start and patterns.GIVES.match(reading.text, given.start - clause.start)
                for given in clause.cues_of("produce")
            )
        ):
            continue
        if reading.object_is_goods(cue.start) or reading.object_is_goods(clause.start):
            owners = [one for one in reading.foreign(PLACE) if one.start < cue.start] if cue.kind == "depend" else []
            for one in owners:
                yield reading.fact(one.country, BUYER)
            for actor in reading.doers_before(cue.start) if not owners else ():
                if not patterns.IMPORTED_ORE.match(reading.right_of(actor.participant)):
                    yield reading.fact(actor.participant.country, BUYER, confidence=actor.confidence)


def _short_of_goods(reading: Reading) -> Iterator[SupplyFact]:
    """Who runs short needs the goods; a mine that stands still does not."""
    clause = reading.clause
    makes_goods = clause.has("mine") or (clause.has("facility") and not clause.has("user"))
    for cue in clause.cues_of("shortage") if not makes_goods else ():
        named = reading.foreign(PLACE)
        for one in named:
            yield reading.fact(one.country, BUYER, confidence=0.8)
        for actor in reading.doers_before(cue.start) if not named else ():
            yield reading.fact(actor.participant.country, BUYER, confidence=actor.confidence * 0.9)


def _customers(reading: Reading) -> Iterator[SupplyFact]:
    clause = reading.clause
    sales = [cue.start for cue in clause.cues_of("sell_to")]
    sales += [
        cue.start for cue in clause.cues_of("produce") if patterns.SALE.match(reading.text, cue.start - clause.start)
    ]
    for one in reading.foreign(TARGET):
        first = reading.list_start(one)
        near = [start for start in sales if 0 <= first - start <= _TARGET_REACH]
        if patterns.EXPORT_BEHIND.match(reading.right_of(one)):
            near.append(one.start)
        is_on_the_way = patterns.ONWARD.match(reading.right_of(one))
        if near and not is_on_the_way and not patterns.NOT_SO.search(reading.text[: near[0] - clause.start]):
            yield reading.fact(one.country, BUYER)
    for one in reading.foreign(DOER, TARGET, PLACE):
        if patterns.BUYER_NOUN.match(reading.right_of(one)):
            yield reading.fact(one.country, BUYER)

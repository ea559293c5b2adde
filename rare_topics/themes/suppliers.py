"""Suppliers: which country supplies, buys, passes on, joins in or wants to supply itself, by clause.

A rule asks a clause who acts, on what, from where, to where, and in which mood; it never asks a
window of words. The country where an act happens goes before the country of the owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import actors_of_clauses
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_buyers import buyer_facts
from rare_topics.themes.supply_context import context_facts
from rare_topics.themes.supply_domain import ArticleSubject, SupplyDomain
from rare_topics.themes.supply_facts import DENIED, PARTNER_ROLE, RESERVES, RUNNING, SUPPLIER, SupplyFact
from rare_topics.themes.supply_flows import flow_facts
from rare_topics.themes.supply_reading import Reading
from rare_topics.themes.supply_sources import imported_ore_facts, partner_facts, self_supplier_facts, supplier_facts
from rare_topics.themes.supply_transit import transit_facts

CUE_FILE = "supply_acts.tsv"


def find_supply_facts(clauses: Sequence[Clause], domain: SupplyDomain) -> list[SupplyFact]:
    """Find the roles of countries in the clauses of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.
    domain
        What counts as goods, and which countries may have a role.

    Returns
    -------
    list of SupplyFact
        In order of the text; a country may have several roles, and a role several clauses.
    """
    if not any(domain.is_named_in(clause) for clause in clauses):
        return []
    actors = actors_of_clauses(clauses)
    article = ArticleSubject.of(clauses, domain)
    readings = [Reading(clauses, actors, number, article) for number in range(len(clauses))]
    facts = [fact for reading in readings for fact in _facts(reading)]
    told = {fact.country for fact in facts if fact.role != PARTNER_ROLE}
    return [*facts, *context_facts(clauses, domain, told=told)]


def _facts(reading: Reading) -> Iterator[SupplyFact]:
    """Return the facts of a clause, of each country and role the surest."""
    best: dict[tuple[str, str, str], SupplyFact] = {}
    for fact in _all_facts(reading):
        key = fact[:3]
        if fact.country in reading.domain.countries and (key not in best or fact.confidence > best[key].confidence):
            best[key] = fact
    for country, role, status in list(best):
        # What a clause denies it does not assert.
        if status not in {DENIED, RESERVES} and (country, role, DENIED) in best:
            del best[country, role, status]
    if best and not any(patterns.REFUSED_OFFER.search(one.lowered) for one in reading.sentence):
        yield from best.values()


def _all_facts(reading: Reading) -> Iterator[SupplyFact]:
    if not reading.names_countries() or reading.is_about_other_goods() or reading.is_of_substitutes():
        return
    passed_on = list(transit_facts(reading))
    yield from passed_on
    yield from imported_ore_facts(reading)
    sure = reading.goods_confidence()
    if not sure:
        return
    buyers = list(buyer_facts(reading))
    # Who signs for goods buys them, and is no mere partner.
    partners = [one for one in partner_facts(reading) if all(one.country != buyer.country for buyer in buyers)]
    # What customs have stopped reaches nobody.
    if passed_on and reading.clause.has("seize"):
        return
    for fact in (*buyers, *self_supplier_facts(reading), *supplier_facts(reading), *partners, *flow_facts(reading)):
        # Actor and goods of an assertion are taken up from one sentence, and fail together.
        if fact.role == SUPPLIER and fact.country in reading.routes:
            continue
        both = min(fact.confidence, sure) if fact.status == RUNNING else round(fact.confidence * sure, 2)
        yield fact._replace(confidence=both)

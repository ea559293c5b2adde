"""What is said of a country around it, where no clause says what it does: the last resort, and the least sure.

A sentence that names one country alone, with the sentence that goes on with it, is read as a bag of
cues: of a place where ore lies, of goods on their way, or of a branch that needs them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.modality import Mood, Tense
from rare_topics.clauses.passage_reader import PLACE
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_domain import BLOCS, SupplyDomain
from rare_topics.themes.supply_facts import (
    BUYER,
    LEAST_CONFIDENCE,
    PLANNED,
    RUNNING,
    SUPPLIER,
    SupplyFact,
)
from rare_topics.themes.supply_reading import NEEDS

# Cues of clauses that say nothing of supply: who speaks or meets, what is quoted, sold in machines, or passed on.
_BESIDE = ("venue", "equipment", "transit", "partner", "research", "alternative")
_SENDS = ("produce", "flow", "sell_to")
_SITES = ("site", "facility", "reserves")
_IS_TO_COME = ("planned", "possible", "milestone", "building", "demanded", "reserves")


def context_facts(clauses: Sequence[Clause], domain: SupplyDomain, *, told: Collection[str]) -> Iterator[SupplyFact]:
    """Return what is said around countries of which nothing else is said.

    Parameters
    ----------
    clauses
        Of one article, in order.
    domain
        What counts as goods, and which countries may have a role.
    told
        Countries of which clauses say a role.

    Yields
    ------
    SupplyFact
        As sure as the least that is published.
    """
    sentences = [list(group) for _, group in groupby(clauses, key=lambda clause: clause.sentence)]
    for sentence, behind in pairwise([*sentences, []]):
        countries = _countries(sentence, domain)
        if len(countries) != 1 or not countries.isdisjoint(told):
            continue
        (country,) = countries
        around = sentence if _countries(behind, domain) - countries else [*sentence, *behind]
        role = _role(around, domain)
        if role:
            clause = next(one for one in sentence if any(p.country == country for p in one.participants))
            if clause.has("speaker") or clause.tense is Tense.PAST:
                continue
            yield SupplyFact(country, *role, "", LEAST_CONFIDENCE, clause)


def _countries(sentence: Sequence[Clause], domain: SupplyDomain) -> set[str]:
    return {
        one.country
        for clause in sentence
        for one in clause.participants
        if one.country in domain.countries and not one.speaks and one.country not in BLOCS
    }


def _role(around: Sequence[Clause], domain: SupplyDomain) -> tuple[str, str] | None:
    """Return the role and the status that the cues of sentences speak for."""
    has_project = any(one.category == "project" for clause in around for one in clause.participants)
    is_of_goods = has_project or any(clause.names(domain.goods) for clause in around)
    is_at_home = any(one.case == PLACE and one.country in domain.home for c in around for one in c.participants)
    if not is_of_goods or is_at_home or any(_is_beside(clause) for clause in around):
        return None
    kinds = frozenset().union(*(clause.kinds for clause in around))
    if "user" in kinds and not kinds.isdisjoint(NEEDS):
        return BUYER, ""
    is_sent = not kinds.isdisjoint(_SENDS) and any(patterns.TONNAGE.search(clause.lowered) for clause in around)
    is_to_come = not kinds.isdisjoint(_IS_TO_COME) or any(clause.tense is Tense.FUTURE for clause in around)
    if (has_project or not kinds.isdisjoint(_SITES)) and (is_to_come or not is_sent):
        return SUPPLIER, PLANNED
    is_denied = any(clause.mood is Mood.DENIED for clause in around)
    return (SUPPLIER, RUNNING) if is_sent and not is_to_come and not is_denied else None


def _is_beside(clause: Clause) -> bool:
    """Return whether a clause asks, tells of what ends, or of something else than supply."""
    return clause.has(*_BESIDE) or clause.mood is Mood.QUESTION or bool(patterns.HALTS.search(clause.lowered))

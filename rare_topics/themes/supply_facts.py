"""Roles of countries as clauses state them, and which of an article's are published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause

ROLES = ("supplier", "self_supplier", "transit", "buyer", "partner")
STATUSES = ("running", "building", "planned", "reserves", "denied")
SUPPLIER, SELF_SUPPLIER, TRANSIT, BUYER, PARTNER_ROLE = ROLES
RUNNING, BUILDING, PLANNED, RESERVES, DENIED = STATUSES
STAGES = ("reserve", "mine", "separation", "magnet")
# Facts that are less sure than this are not published.
LEAST_CONFIDENCE = 0.5
# A denial that names the whole country.
_NOT_AT_ALL = re.compile(
    r"\b(?:neither|no (?:local )?mines?|does not (?:mine|produce)|do not (?:mine|produce)|only transit)\b"
    r"|不产|(?:没有|无).{0,6}矿|只是(?:过境|中转|被)"
)


class SupplyFact(NamedTuple):
    """What a clause says of the role of a country.

    Attributes
    ----------
    country, role, status
        Who is what, and whether today or to come; the status of a role other than supplier and
        self_supplier is empty.
    stage
        Stage of the chain, or empty.
    confidence
        0 to 1.
    clause
        The clause.
    """

    country: str
    role: str
    status: str
    stage: str
    confidence: float
    clause: Clause


def supply_rows(facts: Sequence[SupplyFact]) -> list[SupplyFact]:
    """Choose what is published of the facts of an article.

    Where an article says of one country that it supplies and that it is to, or that it does not,
    the more definite goes, if it is as sure: supply that runs goes before one that is built or planned,
    a denial that names the whole country before both. Of one and the same quote, and where only a title
    tells of supply that runs, the surer goes. Each status that stays keeps its own quote, the surest one.

    Parameters
    ----------
    facts
        Of one article, in order of the text.

    Returns
    -------
    list of SupplyFact
        One for each country, role and status, with the stages of all its clauses.
    """
    best: dict[tuple[str, str, str], SupplyFact] = {}
    stages: dict[tuple[str, str, str], set[str]] = {}
    for fact in facts:
        if fact.confidence < LEAST_CONFIDENCE:
            continue
        key = fact[:3]
        stages.setdefault(key, set()).update(name for name in fact.stage.split("; ") if name)
        if key not in best or _quotability(fact) > _quotability(best[key]):
            best[key] = fact
    return [
        fact._replace(stage="; ".join(name for name in STAGES if name in stages[key]))
        for key, fact in best.items()
        if _stays(fact, best)
    ]


def _stays(fact: SupplyFact, best: Mapping[tuple[str, str, str], SupplyFact]) -> bool:
    """Return whether a fact is published beside the other facts of its article."""
    country, role, status = fact[:3]
    if role == PARTNER_ROLE:
        return not any((country, SUPPLIER, other) in best for other in STATUSES if other != DENIED)
    surer = {key[2] for key, other in best.items() if key[:2] == fact[:2] and other.confidence >= fact.confidence}
    others = surer - {status}
    if status == DENIED:
        return not others or _denies_all(fact)
    if DENIED in others and _denies_all(best[country, role, DENIED]):
        return False
    if status == RUNNING:
        to_come = [best[country, role, other].clause.passage for other in others & {BUILDING, PLANNED}]
        own = fact.clause.passage
        return not to_come or (own.kind != "title" and all(passage is not own for passage in to_come))
    if status == BUILDING:
        return RUNNING not in others
    return status != PLANNED or others.isdisjoint({RUNNING, BUILDING})


def _denies_all(fact: SupplyFact) -> bool:
    return bool(_NOT_AT_ALL.search(fact.clause.lowered))


def _quotability(fact: SupplyFact) -> tuple[float, bool]:
    """Rank facts to quote: the surest first, of a sentence before a title or heading."""
    return fact.confidence, fact.clause.passage.kind not in {"title", "heading"}

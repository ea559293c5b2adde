"""Events: acts of export control and of easing them, by the date of the act and not of the article.

A clause gives an act where it names a control, or an export of goods of the domain, together with a
verb that tightens or eases it; see `control_reading`. Mentions of one act are joined here.
"""

from __future__ import annotations

from collections.abc import Sequence

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import actors_of_clauses
from rare_topics.clauses.passage_reader import TARGET
from rare_topics.themes.control_nouns import BAN_WORD, LICENCE, NOUNS, RESTRICTION
from rare_topics.themes.control_reading import (
    ABOUT_GOODS,
    DEMANDED,
    DIRECTIONS,
    EASED,
    NAMES_GOODS,
    STANDING,
    THREATENED,
    TIGHTENED,
    ControlAct,
    ControlReading,
)
from rare_topics.themes.supply_domain import SupplyDomain

__all__ = [
    "DEMANDED",
    "DIRECTIONS",
    "EASED",
    "STANDING",
    "THREATENED",
    "TIGHTENED",
    "ControlAct",
    "find_control_acts",
]

CUE_FILE = "control_acts.tsv"
# Acts that are less sure than this are not published.
LEAST_CONFIDENCE = 0.5
# Share of the clauses of an article that name goods from which on it is about them.
_LEAST_SHARE = 0.2
# So many clauses that name goods, and more than name others, make them the subject.
_CLAUSES_OF_SUBJECT = 4
# Whose controls most of the pages of the field speak of.
_MAIN = "china"
# A title is a sentence, and the one behind it sums up the article.
_SENTENCES_OF_SUMMARY = 1
# Cues without which no clause tells of a control, and those of somebody who asks.
_SPEAKS_OF_CONTROL = (*NOUNS, BAN_WORD, "allow", "forbid", "lift", "keep", "refuse", "hint")
_ASKING = ("demanded", "ask", "wish")


def find_control_acts(clauses: Sequence[Clause], domain: SupplyDomain) -> list[ControlAct]:
    """Find the acts of export control in the clauses of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.
    domain
        What counts as goods.

    Returns
    -------
    list of ControlAct
        In order of the text; of acts that agree in date, actor and direction the surest.
    """
    if not any(domain.is_named_in(clause) for clause in clauses):
        return []
    actors = actors_of_clauses(clauses)
    about_goods = _about_goods(clauses, domain)
    controlled = {clause.sentence for clause in clauses if clause.has(*NOUNS, BAN_WORD) or domain.is_named_in(clause)}
    asking = {clause.sentence for clause in clauses if clause.has(*_ASKING)} & controlled
    acts: list[ControlAct] = []
    # "The rules", before or behind what they are called in full.
    is_known = any(clause.has(RESTRICTION, LICENCE) for clause in clauses)
    for number, clause in enumerate(clauses):
        may_alter = not controlled.isdisjoint({clause.sentence, clause.sentence - 1}) and clause.has("impose")
        if may_alter or clause.sentence in asking or clause.has(*_SPEAKS_OF_CONTROL):
            reading = ControlReading(
                clauses,
                actors,
                number,
                domain,
                about_goods=about_goods,
                is_known=is_known,
            )
            acts += reading.acts()
    acts = [act for act in acts if act.confidence >= LEAST_CONFIDENCE]
    return _merge(_with_owners(acts, clauses))


def _with_owners(acts: Sequence[ControlAct], clauses: Sequence[Clause]) -> list[ControlAct]:
    """Give acts without an actor that of the act before, else of one behind, else the country that most controls."""
    owners = [act.actor for act in acts if act.actor and act.direction != DEMANDED]
    main = [(clause.sentence, one.case) for clause in clauses for one in clause.participants if one.country == _MAIN]
    # "Applications filed with Beijing were cleared": who is named in the sentence, unless as who gets the goods.
    in_sentence = {sentence for sentence, case in main if case != TARGET}
    owner = owners[0] if owners else _MAIN * bool(main)
    owned = []
    for act in acts:
        if act.direction != DEMANDED:
            owner = act.actor or (_MAIN if act.clause.sentence in in_sentence else owner)
            act = act._replace(actor=owner)  # noqa: PLW2901
        owned.append(act)
    return owned


def _about_goods(clauses: Sequence[Clause], domain: SupplyDomain) -> float:
    """How surely a clause that names no goods speaks of them: by the title, or by how many clauses name them."""
    named = [clause for clause in clauses if domain.is_named_in(clause)]
    others = sum(clause.names(domain.other_goods) for clause in clauses)
    is_titled = any(clause.passage.kind == "title" for clause in named)
    if is_titled or len(named) >= _LEAST_SHARE * len(clauses) or len(named) >= max(_CLAUSES_OF_SUBJECT, others + 1):
        return ABOUT_GOODS
    return NAMES_GOODS if len(named) > 1 and len(named) >= others else 0.0


def _merge(acts: Sequence[ControlAct]) -> list[ControlAct]:
    """Join what is one act: an undated or less dated mention goes where a dated one by the same actor is named."""
    best: dict[tuple[str, str, str], ControlAct] = {}
    for act in acts:
        if any(other.date and _is_covered(act, other) for other in acts if _may_be_one(act.actor, other.actor)):
            continue
        key = act.date[:7], act.actor, act.direction
        if key not in best or _quotability(act) > _quotability(best[key]):
            best[key] = act
    merged = []
    for act in best.values():
        alike = [other for other in best.values() if other is not act and _may_be_one(act.actor, other.actor)]
        if any(_is_covered(act, other) for other in alike):
            continue
        merged.append(act)
    return merged


def _may_be_one(actor: str, other: str) -> bool:
    return not actor or not other or actor == other


def _is_covered(act: ControlAct, other: ControlAct) -> bool:
    if act.is_described:
        return other.direction in {TIGHTENED, STANDING, EASED}
    if act.direction != other.direction:
        return False
    if not act.date and other.date:
        is_summary = act.clause.passage.kind == "title" or act.clause.sentence <= _SENTENCES_OF_SUMMARY
        kinds, others = _kinds(act.object), _kinds(other.object)
        return is_summary or bool(kinds & others) or not {"", "rare_earths"}.isdisjoint(kinds | others)
    return act.date == other.date and not act.actor and bool(other.actor)


def _kinds(names: str) -> set[str]:
    """Return goods by kind: what has "rare earth" in its name is one kind."""
    return {"rare_earths" if "rare_earth" in name else name for name in names.split("; ")}


def _quotability(act: ControlAct) -> tuple[float, bool, int]:
    return act.confidence, act.clause.passage.kind != "title", len(act.date)

"""Events: acts of export control and of easing them, by the date of the act and not of the article.

What a clause says (`control_features`) is weighed by a model that was learned from readers' marks; two
more choose the date of the act (`control_dates`) and who acts (`control_actors`). The confidence of an act is
the probability of its direction. Mentions of one act are joined here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import clauses_around
from rare_topics.themes.control_actors import DEMANDED, ControlActors
from rare_topics.themes.control_dates import ControlDates
from rare_topics.themes.control_features import CUE_FILE, ControlClauses
from rare_topics.themes.linear_model import LinearModel, load_model
from rare_topics.themes.supply_domain import SupplyDomain

__all__ = [
    "CUE_FILE",
    "DEMANDED",
    "DIRECTIONS",
    "EASED",
    "STANDING",
    "THREATENED",
    "TIGHTENED",
    "ControlAct",
    "ControlModels",
    "find_control_acts",
    "load_control_models",
]

# Of the directions, the dates and the actors.
WEIGHT_FILES = ("control_weights.tsv", "control_date_weights.tsv", "control_actor_weights.tsv")
DIRECTIONS = ("tightened", "eased", DEMANDED, "threatened", "standing")
TIGHTENED, EASED, _, THREATENED, STANDING = DIRECTIONS
# Acts that are less sure than this are not published, nor dates and actors.
LEAST_CONFIDENCE = 0.5


class ControlAct(NamedTuple):
    """An act of export control.

    Attributes
    ----------
    date
        ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``YYYY-Qn`` of the act; empty where the text gives none.
    actor
        Country or alliance that acts, or that asks; empty where it is not named.
    direction
        One of `DIRECTIONS`.
    object
        Concepts of the goods, joined by ``; ``.
    confidence
        0 to 1.
    clause
        The clause.
    """

    date: str
    actor: str
    direction: str
    object: str
    confidence: float
    clause: Clause


class ControlModels(NamedTuple):
    """Learned readings of acts of control.

    Attributes
    ----------
    directions
        Which direction a clause tells of, or none.
    dates, actors
        Which date and which country an act has.
    """

    directions: LinearModel
    dates: LinearModel
    actors: LinearModel


@cache
def load_control_models() -> ControlModels:
    """Return the models of the package."""
    return ControlModels(*map(load_model, WEIGHT_FILES))


def find_control_acts(
    clauses: Sequence[Clause], domain: SupplyDomain, *, models: ControlModels | None = None
) -> list[ControlAct]:
    """Find the acts of export control in the clauses of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.
    domain
        What counts as goods.
    models
        Instead of those of the package.

    Returns
    -------
    list of ControlAct
        In order of the text; of acts that agree in date, actor and direction the surest. An act on other goods, as
        chips, is none, nor one beside it in its sentence that names no goods.
    """
    models = models or load_control_models()
    told = list(_told(clauses, domain, models.directions))
    if not told:
        return []
    dates, actors = ControlDates(clauses), ControlActors(clauses)
    return join_acts(
        [
            ControlAct(
                models.dates.choose(dates.options(one.number, one.direction), least=LEAST_CONFIDENCE) or "",
                models.actors.choose(actors.options(one.number, one.direction), least=LEAST_CONFIDENCE) or "",
                one.direction,
                "; ".join(one.goods),
                round(one.probability, 2),
                clauses[one.number],
            )
            for one in told
        ]
    )


class _Told(NamedTuple):
    """A clause that tells of an act: its position, and the goods that it or its sentence names."""

    number: int
    direction: str
    probability: float
    goods: list[str]


def _told(clauses: Sequence[Clause], domain: SupplyDomain, directions: LinearModel) -> Iterator[_Told]:
    """Yield the clauses that tell of an act, those on other goods left out."""
    read = ControlClauses(clauses, domain)
    found = []
    sentences_on_others = set()
    for number in read.candidates():
        probabilities = directions.shares(read.features(number))
        # Nobody eases and tightens in one breath.
        direction = max(DIRECTIONS, key=probabilities.__getitem__)
        if probabilities[direction] < LEAST_CONFIDENCE:
            continue
        goods = _goods_of(number, clauses, domain)
        if not goods and clauses[number].names(domain.other_goods):
            sentences_on_others.add(clauses[number].sentence)
        else:
            found.append(_Told(number, direction, probabilities[direction], goods))
    for one in found:
        # What is asked or threatened may be paid for in other goods.
        is_done = one.direction in {TIGHTENED, EASED}
        if one.goods or not is_done or clauses[one.number].sentence not in sentences_on_others:
            yield one


def _goods_of(number: int, clauses: Sequence[Clause], domain: SupplyDomain) -> list[str]:
    """Return the goods of the field that a clause names, or its sentence where the clause names none."""
    clause = clauses[number]
    sentence = [one for one in clauses_around(clauses, number) if one.sentence == clause.sentence]
    return domain.goods_named_in([clause]) or domain.goods_named_in(sentence)


def join_acts(acts: Sequence[ControlAct]) -> list[ControlAct]:
    """Join mentions of one act: of one direction, one actor and one month.

    A mention that says less of the date or the actor goes to one that says more.

    Parameters
    ----------
    acts
        Of one article, in order of the text.

    Returns
    -------
    list of ControlAct
        In order of the text, each with the quote of its surest mention and its most precise date.
    """
    best: dict[tuple[str, str, str], ControlAct] = {}
    for act in acts:
        key = act.date[:7], act.actor, act.direction
        other = best.get(key, act)
        surest = max(other, act, key=lambda one: (one.confidence, one.clause.passage.kind != "title"))
        best[key] = surest._replace(date=max(other.date, act.date, key=len))
    return [act for act in best.values() if not any(_says_more(other, act) for other in best.values())]


def _says_more(other: ControlAct, act: ControlAct) -> bool:
    if other.direction != act.direction or (other.actor != act.actor and other.actor and act.actor):
        return False
    if other.date == act.date:
        return bool(other.actor) and not act.actor
    return other.date.startswith(act.date)

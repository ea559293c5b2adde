"""Suppliers: which country supplies, buys, passes on, joins in or wants to supply itself, by passage.

What a passage says around a country (`supply_features`) is weighed by a model that was learned from
readers' marks (`linear_model`). The confidence of a role is its probability there. On request a sentence
model reads the passages as well that this leaves open (`encoder.role_encoder`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, takewhile
from math import exp, log
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.modality import Mood
from rare_topics.clauses.passage_reader import PLACE
from rare_topics.corpus.passage_splitter import SUBHEADING, TITLE
from rare_topics.encoder.role_encoder import NamedCountry, RoleEncoder
from rare_topics.text.token_patterns import normalize_characters
from rare_topics.themes.linear_model import load_model
from rare_topics.themes.supply_domain import SupplyDomain
from rare_topics.themes.supply_facts import (
    BUILDING,
    DENIED,
    PLANNED,
    RESERVES,
    RUNNING,
    SELF_SUPPLIER,
    SUPPLIER,
    SupplyFact,
)
from rare_topics.themes.supply_features import Surroundings, clauses_naming, country_features, following_features

CUE_FILE = "supply_acts.tsv"
WEIGHT_FILE = "supply_weights.tsv"
# Classes of the model that are states of supply; the others are roles without one.
RUNNING_SUPPLY, SUPPLY_TO_COME, NO_SUPPLY = "running", "coming", "denied"
_NOT_TEXT = frozenset({TITLE, SUBHEADING})
# Passages behind one that may go on about its countries.
_MOST_FOLLOWING = 2
# What is reserved or deposited, and does not lie in the ground.
_STORED = frozenset({"stockpile", "bank_deposit"})
# Log-odds between which a role is left open by the linear model, probabilities of .3 and .85: on what is left out, four
# fifths of the passages have such a role, and all of them read again give no better roles.
_OPEN = log(0.3 / 0.7), log(0.85 / 0.15)
_STAGE_OF_CUE = {"mine": "mine", "separation": "separation", "magnet": "magnet"}


def find_supply_facts(
    clauses: Sequence[Clause], domain: SupplyDomain, *, encoder: RoleEncoder | None = None
) -> list[SupplyFact]:
    """Find the roles of countries in the passages of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.
    domain
        What counts as goods, and which countries may have a role.
    encoder
        Reads what the linear model leaves open; None leaves it so.

    Returns
    -------
    list of SupplyFact
        In order of the text, with their probability; a country may have several roles, and a role
        several passages.
    """
    if not any(map(domain.is_named_in, clauses)):
        return []
    model = load_model(WEIGHT_FILE)
    found = list(candidates(clauses, domain))
    log_odds: list[Sequence[float]] = [model.scores(one.features) for one in found]
    if encoder is not None:
        log_odds = _read_again(found, log_odds, encoder)
    return [
        fact
        for one, of_classes in zip(found, log_odds, strict=True)
        for fact in _facts(one, dict(zip(model.classes, of_classes, strict=True)))
    ]


class Candidate(NamedTuple):
    """A country that a passage names.

    Attributes
    ----------
    country
        Its name.
    passage, following
        Clauses of the passage, and of those behind it that go on about it.
    features
        As `country_features` returns them.
    """

    country: str
    passage: Sequence[Clause]
    following: Sequence[Clause]
    features: set[str]


def candidates(clauses: Sequence[Clause], domain: SupplyDomain) -> Iterator[Candidate]:
    """Yield each country that a passage of an article names."""
    passages = [list(group) for _, group in groupby(clauses, key=lambda clause: clause.passage.passage_id)]
    goods = frozenset(concept for clause in clauses for concept in clause.concepts & domain.goods)
    n_clauses = Counter(country for clause in clauses for country in clause.countries)
    for number, passage in enumerate(passages):
        named = dict.fromkeys(part.country for clause in passage for part in clause.participants)
        countries = [one for one in named if one in domain.countries and not _only_owns(one, passage)]
        if not countries:
            continue
        following = _following(passages, number, domain)
        around = Surroundings(following_features(following), goods, n_clauses)
        for country in countries:
            yield Candidate(country, passage, following, country_features(country, passage, around, domain))


def _following(passages: Sequence[Sequence[Clause]], number: int, domain: SupplyDomain) -> list[Clause]:
    """Return the clauses of the next passages, up to one that names a country or begins another part."""
    if passages[number][0].passage.kind in _NOT_TEXT:
        return []
    behind = takewhile(
        lambda passage: passage[0].passage.kind not in _NOT_TEXT and not _names_country(passage, domain),
        passages[number + 1 : number + 1 + _MOST_FOLLOWING],
    )
    return list(chain.from_iterable(behind))


def _names_country(passage: Sequence[Clause], domain: SupplyDomain) -> bool:
    return any(clause.countries - domain.home for clause in passage)


def _only_owns(country: str, passage: Sequence[Clause]) -> bool:
    """Return whether each clause of a passage that names a country names its firm, and the place where that acts."""
    return all(_acts_elsewhere(country, clause) for clause in clauses_naming(country, passage))


def _acts_elsewhere(country: str, clause: Clause) -> bool:
    of_country = [part for part in clause.participants if part.country == country]
    places = {part.country for part in clause.participants if part.case == PLACE}
    is_firm = any(part.category == "company" for part in of_country)
    return is_firm and bool(places) and country not in places


def _read_again(
    found: Sequence[Candidate], log_odds: Sequence[Sequence[float]], encoder: RoleEncoder
) -> list[Sequence[float]]:
    """Return log-odds of both readers together for the countries of each passage that leaves one of them open."""
    together: list[Sequence[float]] = []
    pairs = zip(found, log_odds, strict=True)
    for _, group in groupby(pairs, key=lambda pair: pair[0].passage[0].passage.passage_id):
        countries, of_countries = zip(*group, strict=True)
        before: Sequence[Sequence[float]] = of_countries
        if is_open(before):
            text = normalize_characters(countries[0].passage[0].passage.text)
            before = encoder.read_with(before, text, countries=list(map(named_country, countries)))
        together += before
    return together


def is_open(log_odds: Iterable[Sequence[float]]) -> bool:
    """Return whether the linear model leaves some role of some country of a passage open.

    Parameters
    ----------
    log_odds
        Of each country for each class.
    """
    return any(_OPEN[0] < one < _OPEN[1] for of_country in log_odds for one in of_country)


def named_country(candidate: Candidate) -> NamedCountry:
    """Return where a passage names a country.

    Parameters
    ----------
    candidate
        From `candidates`.
    """
    own = clauses_naming(candidate.country, candidate.passage)
    names = {(part.start, part.end) for one in own for part in one.participants if part.country == candidate.country}
    return NamedCountry(sorted(names), sorted({(one.start, one.end) for one in own}))


def _facts(candidate: Candidate, log_odds: Mapping[str, float]) -> Iterator[SupplyFact]:
    own = clauses_naming(candidate.country, candidate.passage)
    clause = max(own, key=lambda one: len(one.kinds))
    stages = _stages(own)
    for name, value in log_odds.items():
        probability = 1 / (1 + exp(-value))
        role = SUPPLIER if name in {RUNNING_SUPPLY, SUPPLY_TO_COME, NO_SUPPLY} else name
        status = {RUNNING_SUPPLY: RUNNING, NO_SUPPLY: DENIED}.get(name, "")
        if name in {SUPPLY_TO_COME, SELF_SUPPLIER}:
            status = _status_to_come(own, role)
        stage = ""
        if role in {SUPPLIER, SELF_SUPPLIER}:
            stage = "reserve" if status == RESERVES else stages
        yield SupplyFact(candidate.country, role, status, stage, round(probability, 2), clause)


def _status_to_come(clauses: Sequence[Clause], role: str) -> str:
    moods = {clause.mood for clause in clauses}
    if Mood.BUILDING in moods:
        return BUILDING
    if role == SUPPLIER and Mood.PLANNED not in moods and any(map(_names_deposit, clauses)):
        return RESERVES
    return PLANNED


def _names_deposit(clause: Clause) -> bool:
    """Tell whether a clause speaks of what lies in the ground, and not of a stockpile or in a bank."""
    return clause.has("reserves") and not clause.names(_STORED)


def _stages(clauses: Sequence[Clause]) -> str:
    return "; ".join(stage for kind, stage in _STAGE_OF_CUE.items() if any(clause.has(kind) for clause in clauses))

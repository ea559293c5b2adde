"""What is looked at to tell which themes a passage raises, and how much of an article a theme is.

Of a passage: what stands in it, as concepts and word pieces, and who acts. Of an article: how sure its passages
are, where and how many they are, and what frames say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from rare_topics.clauses.passage_reader import ConceptMention
from rare_topics.corpus.passage_splitter import SUBHEADING, TITLE
from rare_topics.corpus.records import Passage
from rare_topics.text.token_patterns import normalize_characters
from rare_topics.themes.strength import LEAST_CONFIDENCE, Strength
from rare_topics.themes.supply_facts import DENIED, RUNNING, SUPPLIER, SupplyFact
from rare_topics.themes.supply_features import blanked, word_pieces

# Which other country it is must not count.
_NAMED_ACTORS = frozenset({"china", "usa"})
_BLOCS = frozenset({"eu", "europe", "g7", "quad", "nato"})
_MOST_OTHERS = 3
# Keep the logarithms of nothing within bounds.
_LEAST, _LEAST_SUM = 0.01, 0.05
_MOST_MASS = 0.6
# Of fewer passages an article counts as one of so many: those that were learned from have more.
_SHORTEST = 4
_ROLES_OF_COUNTRIES = ("running", "coming", "self_supplier", "denied", "buyer", "transit", "partner")


def passage_features(passage: Passage, mentions: Sequence[ConceptMention], *, is_lead: bool) -> set[str]:
    """Return the features of a passage, of either language.

    Parameters
    ----------
    passage
        The passage.
    mentions
        Its concepts.
    is_lead
        Whether it is the first of its body.

    Returns
    -------
    set of str
        ``kind=value`` each.
    """
    features = {"bias", f"passage={passage.kind}"}
    if is_lead:
        features.add("passage=lead")
    others = [one for one in mentions if one.country and one.country not in _NAMED_ACTORS]
    for mention in mentions:
        if mention.country:
            actor = _actor(mention.country)
            features |= {f"actor={actor}", f"actor {mention.case}={actor}"}
        if mention.concept != mention.country:
            features.add(f"concept={mention.concept}")
    features.add(f"others={min(len({one.country for one in others}), _MOST_OTHERS)}")
    text = blanked(normalize_characters(passage.text).lower(), [(one.start, one.end) for one in others])
    features.update(f"word={piece}" for piece in word_pieces(text))
    return features


def _actor(country: str) -> str:
    if country in _NAMED_ACTORS:
        return country
    return "bloc" if country in _BLOCS else "other"


def theme_features(
    theme: str, passages: Sequence[Passage], probabilities: Sequence[float], by_frames: Strength
) -> dict[str, float]:
    """Return what tells how much of an article a theme is.

    Parameters
    ----------
    theme
        Its name.
    passages
        Of the article.
    probabilities
        How likely each passage raises the theme.
    by_frames
        Strength by the frames alone; see `strength.article_strength`.
    """
    return {
        f"theme={theme}": 1.0,
        **_of_passages(passages, probabilities),
        **_of_frames(by_frames),
    }


def supplier_features(
    country: str,
    passages: Sequence[Passage],
    countries: Sequence[frozenset[str]],
    roles: Mapping[str, Mapping[str, Mapping[int, float]]],
    by_frames: Strength,
) -> dict[str, float]:
    """Return what tells how much of an article a supplier is.

    Parameters
    ----------
    country
        The supplier.
    passages
        Of the article.
    countries
        Those that each passage names.
    roles
        Of each country and role, how likely each passage gives it, by the number of the passage.
    by_frames
        Strength by frames and clauses alone; see `strength.article_strength`.
    """
    own = roles[country]
    supply = supply_probabilities(own, len(passages))
    body = [number for number, passage in enumerate(passages) if passage.kind not in {TITLE, SUBHEADING}]
    named = [number for number in body if country in countries[number]]
    titled = any(country in countries[number] for number, passage in enumerate(passages) if passage.kind == TITLE)
    surest = {
        other: max((p for name in ("running", "coming") for p in found.get(name, {}).values()), default=0.0)
        for other, found in roles.items()
    }
    return {
        **_of_passages(passages, supply),
        **_of_frames(by_frames),
        **{
            f"role={name}": _log_odds(max((own[name].get(number, 0.0) for number in body), default=0.0))
            for name in _ROLES_OF_COUNTRIES
            if name in own
        },
        "in title": float(titled),
        "in lead": float(bool(body) and country in countries[body[0]]),
        "share named": len(named) / max(1, len(body)),
        "log named": log(1 + len(named)),
        "countries": log(1 + len(frozenset().union(*countries))),
        "surest": float(surest[country] >= max(surest.values())),
        "suppliers": log(1 + sum(one >= LEAST_CONFIDENCE for one in surest.values())),
    }


def supply_probabilities(roles: Mapping[str, Mapping[int, float]], n_passages: int) -> list[float]:
    """Return how likely each passage says of a country that it supplies, or is to."""
    running, coming = roles.get("running", {}), roles.get("coming", {})
    return [1 - (1 - running.get(number, 0.0)) * (1 - coming.get(number, 0.0)) for number in range(n_passages)]


def roles_of_countries(
    facts: Sequence[SupplyFact], passages: Sequence[Passage]
) -> dict[str, dict[str, dict[int, float]]]:
    """Return of each country and role how likely each passage gives it, by the number of the passage."""
    numbers = {passage.passage_id: number for number, passage in enumerate(passages)}
    roles: dict[str, dict[str, dict[int, float]]] = {}
    for fact in facts:
        name = fact.role
        if name == SUPPLIER:
            name = {RUNNING: "running", DENIED: "denied"}.get(fact.status, "coming")
        number = numbers[fact.clause.passage.passage_id]
        of_role = roles.setdefault(fact.country, {}).setdefault(name, {})
        of_role[number] = max(fact.confidence, of_role.get(number, 0.0))
    return roles


def _of_passages(passages: Sequence[Passage], probabilities: Sequence[float]) -> dict[str, float]:
    body = sorted(
        (
            probability
            for passage, probability in zip(passages, probabilities, strict=True)
            if passage.kind not in {TITLE, SUBHEADING}
        ),
        reverse=True,
    )
    title = max((p for one, p in zip(passages, probabilities, strict=True) if one.kind == TITLE), default=0.0)
    return {
        "bias": 1.0,
        "best": _log_odds(body[0] if body else 0.0),
        "second best": _log_odds(body[1] if len(body) > 1 else 0.0),
        "sum": log(sum(body) + _LEAST_SUM),
        "share": sum(body) / max(_SHORTEST, len(body)),
        "title": _log_odds(title),
        "passages": log(max(_SHORTEST, len(body))),
    }


def _of_frames(by_frames: Strength) -> dict[str, float]:
    reached = {f"frames={number}": 1.0 for number in range(1, by_frames.strength + 1)}
    return {**reached, "mass of frames": min(by_frames.mass, _MOST_MASS)}


def _log_odds(probability: float) -> float:
    return log((probability + _LEAST) / (1 + _LEAST - probability))

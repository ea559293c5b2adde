"""Frames: who does what to what, matched against the concepts that a passage mentions.

The frames are those of frame semantics (Fillmore 1982): an act with its participants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rare_topics.clauses.passage_reader import AGENT, DOER, PLACE, SOURCE, ConceptMention

# Distances are counted in tokens; all three numbers were chosen by hand on the seed pages.
# Between an act and what belongs to it, where the frame does not say otherwise.
DEFAULT_REACH = 12
# Between an act and an actor that is named behind it.
ACTOR_BEHIND_REACH = 5
# A headline that mentions more countries is taken to be about none of them.
MAX_HEADLINE_COUNTRIES = 3


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One way in which a passage speaks of a theme.

    Attributes
    ----------
    says
        The rule as a sentence about the world.
    act
        Concepts of which the passage must mention one.
    object
        Concepts of which one must be mentioned within reach of the act; empty for no condition.
    beside
        More concepts of which one must be mentioned within reach of the act.
    needs
        Sets of concepts or countries, of each of which the passage must mention one.
    without
        Concepts and countries that exclude a match within reach of the act.
    anywhere
        Concepts of which the article must mention one; empty for no condition.
    nowhere
        Concepts that exclude a match wherever the article mentions them.
    who
        Countries that may act; empty for no condition.
    not_who
        Countries that must not be the ones to act.
    cases
        Cases in which the acting country may stand; see `ConceptMention`.
    implied
        Whether a passage that names no actor is taken to mean one of `who`.
    clause
        Whether all of it must stand in the clause of the act.
    reach
        Largest distance from the act, in tokens.
    weight
        Score of a match, above 0 and up to 1.
    clear
        Whether one match is enough for the theme to be a real part of an article.
    role
        What the acting country is to the supply: ``producer``, ``buyer`` … (`theme_file.COUNTRY_ROLES`).
    aspect
        Side of the theme that the frame speaks of; for suppliers the stage of the chain.
    """

    says: str
    act: frozenset[str]
    object: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    needs: tuple[frozenset[str], ...] = ()
    without: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()
    nowhere: frozenset[str] = frozenset()
    who: frozenset[str] = frozenset()
    not_who: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset({DOER})
    implied: bool = False
    clause: bool = False
    reach: int = DEFAULT_REACH
    weight: float = 1.0
    clear: bool = False
    role: str = ""
    aspect: str = ""

    @cached_property
    def required_sets(self) -> tuple[frozenset[str], ...]:
        """Sets of concepts or countries, of each of which a passage must mention one."""
        return tuple(names for names in (self.act, self.object, self.beside, *self.needs) if names)

    @property
    def deciding_concepts(self) -> frozenset[str]:
        """Concepts and countries that decide whether the frame matches."""
        return self.without.union(self.anywhere, self.nowhere, *self.required_sets)


class FrameMatch(NamedTuple):
    """A frame that matches a passage, and the country that acts in it (empty where none is named)."""

    frame: Frame
    country: str


class FrameIndex:
    """Frames by their acts, so that a passage is compared with those alone that it can match.

    Parameters
    ----------
    frames_of_themes
        The frames of each theme.

    Attributes
    ----------
    concepts : frozenset of str
        All concepts that decide whether some frame matches.
    """

    def __init__(self, frames_of_themes: Iterable[Sequence[Frame]]) -> None:
        self._by_act: dict[str, list[tuple[int, int, Frame]]] = {}
        concepts: set[str] = set()
        for theme_number, frames in enumerate(frames_of_themes):
            for frame_number, frame in enumerate(frames):
                concepts.update(frame.deciding_concepts)
                for concept in frame.act:
                    self._by_act.setdefault(concept, []).append((theme_number, frame_number, frame))
        self.concepts = frozenset(concepts)

    def candidates(self, mentions: Sequence[ConceptMention]) -> dict[int, list[Frame]]:
        """Return the frames of whose every required set something is mentioned.

        Parameters
        ----------
        mentions
            Of one passage.

        Returns
        -------
        dict of int to list of Frame
            By number of the theme, in its order.
        """
        concepts = {mention.concept for mention in mentions}
        concepts_and_countries = concepts.union(mention.country for mention in mentions)
        candidates = {
            (theme_number, frame_number): frame
            for concept in self._by_act.keys() & concepts
            for theme_number, frame_number, frame in self._by_act[concept]
            if not any(required.isdisjoint(concepts_and_countries) for required in frame.required_sets)
        }
        by_theme: dict[int, list[Frame]] = {}
        for theme_number, frame_number in sorted(candidates):
            by_theme.setdefault(theme_number, []).append(candidates[theme_number, frame_number])
        return by_theme


def match_frame(
    frame: Frame,
    mentions: Sequence[ConceptMention],
    *,
    headline_countries: frozenset[str] = frozenset(),
    article_concepts: frozenset[str] = frozenset(),
) -> Iterator[FrameMatch]:
    """Match a frame against a passage.

    Parameters
    ----------
    frame
        What to look for.
    mentions
        The concepts of the passage, in order.
    headline_countries
        Countries of the headline, which act where the passage names no actor.
    article_concepts
        Concepts of the whole article.

    Yields
    ------
    FrameMatch
        At most one for each country.
    """
    acts = [mention for mention in mentions if mention.concept in frame.act]
    if not acts or not _fits_article(frame, article_concepts):
        return
    if not all(_any_of(mentions, need) for need in frame.needs):
        return
    yielded: set[str] = set()
    for act in acts:
        context = [mention for mention in mentions if mention.clause == act.clause] if frame.clause else mentions
        near = [
            mention
            for mention in context
            if mention is not act and abs(mention.token_index - act.token_index) <= frame.reach
        ]
        complete = all(not names or _any_of(near, names) for names in (frame.object, frame.beside))
        if not complete or act.country in frame.without or _any_of(near, frame.without):
            continue
        for country in _acting_countries(frame, act, context, headline_countries):
            if country not in yielded:
                yielded.add(country)
                yield FrameMatch(frame, country)


def _fits_article(frame: Frame, article_concepts: frozenset[str]) -> bool:
    if frame.nowhere & article_concepts:
        return False
    return not frame.anywhere or bool(frame.anywhere & article_concepts)


def _any_of(mentions: Iterable[ConceptMention], names: frozenset[str]) -> bool:
    """Tell whether one of the concepts or countries is mentioned."""
    return any(mention.concept in names or mention.country in names for mention in mentions)


def _acting_countries(
    frame: Frame, act: ConceptMention, mentions: Sequence[ConceptMention], headline_countries: frozenset[str]
) -> list[str]:
    """Return the countries that act as the frame demands; an empty name where no country is needed or named."""
    actors = _actors(act, mentions)
    if any(actor.country in frame.not_who for actor in actors):
        return []
    if not frame.who:
        return [""]
    found = actors if DOER in frame.cases and not _sourced_elsewhere(frame, act, mentions) else []
    found += [
        mention
        for mention in mentions
        if mention.country
        and mention.case != DOER
        and mention.case in frame.cases
        and abs(mention.token_index - act.token_index) <= frame.reach
    ]
    # A plant counts for the country in which it stands, whoever owns it.
    locations = [mention for mention in found if mention.case == PLACE]
    countries = list(dict.fromkeys(mention.country for mention in locations or found if mention.country in frame.who))
    if countries or actors:
        return countries
    if frame.implied and (not headline_countries or headline_countries & frame.who):
        return [""]
    if DOER in frame.cases and len(headline_countries) <= MAX_HEADLINE_COUNTRIES:
        return sorted(headline_countries & frame.who)
    return []


def _sourced_elsewhere(frame: Frame, act: ConceptMention, mentions: Sequence[ConceptMention]) -> bool:
    """Tell whether goods come from a country outside `who`: a buyer of Chinese goods is no supplier."""
    if SOURCE not in frame.cases:
        return False
    return any(
        mention.country not in frame.who
        for mention in mentions
        if mention.case == SOURCE and 0 < mention.token_index - act.token_index <= ACTOR_BEHIND_REACH
    )


def _actors(act: ConceptMention, mentions: Sequence[ConceptMention]) -> list[ConceptMention]:
    """Return the country that acts, with those listed beside it.

    It is the one behind "by", else the nearest before the act, else the nearest close behind it.
    """
    if act.country:
        return [act]
    agents = [
        mention
        for mention in mentions
        if mention.case == AGENT and 0 < mention.token_index - act.token_index <= ACTOR_BEHIND_REACH
    ]
    doers = [mention for mention in mentions if mention.country and mention.case == DOER]
    before = [mention for mention in doers if mention.token_index < act.token_index]
    behind = [mention for mention in doers if 0 <= mention.token_index - act.token_index <= ACTOR_BEHIND_REACH]
    actor = next(iter([*agents, *before[-1:], *behind]), None)
    return [mention for mention in mentions if actor and mention.country and mention.list_id == actor.list_id]

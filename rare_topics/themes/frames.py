"""Frames: who does what to what, matched against the concepts that a passage mentions.

The frames are those of frame semantics (Fillmore 1982): an act with its participants.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    def required_besides_act(self) -> tuple[frozenset[str], ...]:
        """Sets of concepts or countries, of each of which a passage must mention one, besides the act."""
        return tuple(names for names in (self.object, self.beside, *self.needs) if names)

    @property
    def deciding_concepts(self) -> frozenset[str]:
        """Concepts and countries that decide whether the frame matches."""
        return self.without.union(self.anywhere, self.nowhere, self.act, *self.required_besides_act)


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
        """Return the frames whose act is mentioned, and something of each other set that they require.

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
        candidates: dict[tuple[int, int], Frame] = {}
        for concept in self._by_act.keys() & concepts:
            for theme_number, frame_number, frame in self._by_act[concept]:
                for required in frame.required_besides_act:
                    if required.isdisjoint(concepts_and_countries):
                        break
                else:
                    candidates[theme_number, frame_number] = frame
        by_theme: dict[int, list[Frame]] = {}
        for theme_number, frame_number in sorted(candidates):
            by_theme.setdefault(theme_number, []).append(candidates[theme_number, frame_number])
        return by_theme


class IndexedMentions:
    """The concepts of a passage with an index of their places, so that no frame looks at all of them for each act.

    Parameters
    ----------
    mentions
        The concepts of the passage, in order.
    """

    def __init__(self, mentions: Sequence[ConceptMention]) -> None:
        self.mentions = mentions
        self.token_indices = [mention.token_index for mention in mentions]
        self._clauses = [mention.clause for mention in mentions]
        self._places_of_name: dict[str, list[int]] = {}
        self._places_in_list: dict[int, list[int]] = {}
        self.agents: list[int] = []
        self.doers: list[int] = []
        for place, mention in enumerate(mentions):
            for name in {mention.concept, mention.country}:
                self._places_of_name.setdefault(name, []).append(place)
            if mention.country:
                self._places_in_list.setdefault(mention.list_id, []).append(place)
            if mention.case == AGENT:
                self.agents.append(place)
            if mention.country and mention.case == DOER:
                self.doers.append(place)
        self._places_of_names: dict[frozenset[str], list[int]] = {}
        self._listed: dict[tuple[int, range], dict[str, str]] = {}

    def places(self, names: frozenset[str]) -> list[int]:
        """Return the places, in order, where one of the concepts or countries is mentioned."""
        places = self._places_of_names.get(names)
        if places is None:
            # The few concepts of the passage are looked up among the many names, not the other way round.
            found = (self._places_of_name[name] for name in names.intersection(self._places_of_name))
            places = self._places_of_names[names] = sorted(set().union(*found))
        return places

    def clause_of(self, act: int) -> range:
        """Return the places in the clause of an act."""
        clause = self.mentions[act].clause
        return range(bisect_left(self._clauses, clause), bisect_right(self._clauses, clause))

    def within_reach(self, act: int, reach: int, context: range) -> range:
        """Return the places of a context that are no more than so many tokens away from an act."""
        token = self.token_indices[act]
        return self.between_tokens(token - reach, token + reach, context)

    def between_tokens(self, first: int, last: int, context: range) -> range:
        """Return the places of a context from one token to another, both included."""
        start = bisect_left(self.token_indices, first, context.start, context.stop)
        return range(start, bisect_right(self.token_indices, last, start, context.stop))

    def any_of(self, names: frozenset[str], places: range, *, besides: int) -> bool:
        """Tell whether a concept or country is mentioned at one of the places, besides the act itself."""
        candidates = self.places(names)
        at = bisect_left(candidates, places.start)
        if at < len(candidates) and candidates[at] == besides:
            at += 1
        return at < len(candidates) and candidates[at] < places.stop

    def listed_countries(self, place: int, context: range) -> dict[str, str]:
        """Return the countries that a context lists beside one of them, in order, each with its case."""
        list_id = self.mentions[place].list_id
        listed = self._listed.get((list_id, context))
        if listed is None:
            places = self._places_in_list.get(list_id, [])
            first, end = bisect_left(places, context.start), bisect_left(places, context.stop)
            listed = self._listed[list_id, context] = {
                self.mentions[at].country: self.mentions[at].case for at in places[first:end]
            }
        return listed


def match_frame(
    frame: Frame,
    mentions: Sequence[ConceptMention] | IndexedMentions,
    *,
    headline_countries: frozenset[str] = frozenset(),
    article_concepts: frozenset[str] = frozenset(),
) -> Iterator[FrameMatch]:
    """Match a frame against a passage, in time that grows with its length.

    Parameters
    ----------
    frame
        What to look for.
    mentions
        The concepts of the passage, in order; indexed, where many frames are matched against it.
    headline_countries
        Countries of the headline, which act where the passage names no actor.
    article_concepts
        Concepts of the whole article.

    Yields
    ------
    FrameMatch
        At most one for each country.
    """
    passage = mentions if isinstance(mentions, IndexedMentions) else IndexedMentions(mentions)
    acts = [place for place in passage.places(frame.act) if passage.mentions[place].concept in frame.act]
    if not acts or not _fits_article(frame, article_concepts):
        return
    if not all(passage.places(need) for need in frame.needs):
        return
    may_be_unnamed = frame.implied or not frame.who.isdisjoint(headline_countries)
    if frame.who and not may_be_unnamed and not passage.places(frame.who):
        return
    whole = range(len(passage.mentions))
    yielded: set[str] = set()
    for act in acts:
        context = passage.clause_of(act) if frame.clause else whole
        near = passage.within_reach(act, frame.reach, context)
        if passage.mentions[act].country in frame.without or not _is_complete(frame, act, passage, near):
            continue
        if frame.without and passage.any_of(frame.without, near, besides=act):
            continue
        for country in _acting_countries(frame, act, passage, context, headline_countries):
            if country not in yielded:
                yielded.add(country)
                yield FrameMatch(frame, country)


def _fits_article(frame: Frame, article_concepts: frozenset[str]) -> bool:
    if not frame.nowhere.isdisjoint(article_concepts):
        return False
    return not frame.anywhere or not frame.anywhere.isdisjoint(article_concepts)


def _is_complete(frame: Frame, act: int, passage: IndexedMentions, near: range) -> bool:
    if frame.object and not passage.any_of(frame.object, near, besides=act):
        return False
    return not frame.beside or passage.any_of(frame.beside, near, besides=act)


def _acting_countries(
    frame: Frame, act: int, passage: IndexedMentions, context: range, headline_countries: frozenset[str]
) -> list[str]:
    """Return the countries that act as the frame demands; an empty name where no country is needed or named."""
    actors = _actors(act, passage, context)
    if not frame.not_who.isdisjoint(actors):
        return []
    if not frame.who:
        return [""]
    beside = [
        (mention.country, mention.case)
        for mention in map(passage.mentions.__getitem__, passage.within_reach(act, frame.reach, context))
        if mention.country and mention.case != DOER and mention.case in frame.cases
    ]
    doers_count = DOER in frame.cases and not _sourced_elsewhere(frame, act, passage, context)
    found = [*(actors.items() if doers_count else ()), *beside]
    # A plant counts for the country in which it stands, whoever owns it.
    locations = [(country, case) for country, case in found if case == PLACE]
    countries = list(dict.fromkeys(country for country, _ in locations or found if country in frame.who))
    # Where doers count, any country in a wanted case is one that the passage names.
    if countries or actors or (doers_count and beside):
        return countries
    if frame.implied and (not headline_countries or headline_countries & frame.who):
        return [""]
    if DOER in frame.cases and len(headline_countries) <= MAX_HEADLINE_COUNTRIES:
        return sorted(headline_countries & frame.who)
    return []


def _sourced_elsewhere(frame: Frame, act: int, passage: IndexedMentions, context: range) -> bool:
    """Tell whether goods come from a country outside `who`: a buyer of Chinese goods is no supplier."""
    if SOURCE not in frame.cases:
        return False
    token = passage.token_indices[act]
    return any(
        passage.mentions[place].country not in frame.who
        for place in passage.between_tokens(token + 1, token + ACTOR_BEHIND_REACH, context)
        if passage.mentions[place].case == SOURCE
    )


def _actors(act: int, passage: IndexedMentions, context: range) -> dict[str, str]:
    """Return the country that acts, with those listed beside it, each with its case.

    It is the one behind "by", else the nearest before the act, else the nearest close behind it.
    """
    mention = passage.mentions[act]
    if mention.country:
        return {mention.country: mention.case}
    token = passage.token_indices[act]
    behind = passage.between_tokens(token + 1, token + ACTOR_BEHIND_REACH, context)
    actor = _first_within(passage.agents, behind)
    if actor is None:
        before = passage.between_tokens(0, token - 1, context)
        actor = _last_within(passage.doers, before)
    if actor is None:
        actor = _first_within(passage.doers, passage.between_tokens(token, token + ACTOR_BEHIND_REACH, context))
    return {} if actor is None else passage.listed_countries(actor, context)


def _first_within(places: Sequence[int], wanted: range) -> int | None:
    at = bisect_left(places, wanted.start)
    return places[at] if at < len(places) and places[at] < wanted.stop else None


def _last_within(places: Sequence[int], wanted: range) -> int | None:
    at = bisect_left(places, wanted.stop) - 1
    return places[at] if at >= 0 and places[at] >= wanted.start else None

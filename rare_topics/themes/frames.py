"""Frames: who does what to what, found among the signs of a passage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rare_topics.themes.concept_signs import AGENT, DOER, PLACE, SOURCE, Sign

# Words between an act and what belongs to it.
REACH = 12
# Words between an act and an actor that is named behind it.
CLOSE = 5
# A headline that names more countries than this is about none of them.
LONGEST_TOPIC = 3


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One way in which a passage speaks of a theme.

    Attributes
    ----------
    says
        The rule as a sentence about the world.
    act
        Concepts of which one must stand there.
    object
        Concepts of which one must stand within reach of the act; empty for no such demand.
    beside
        More concepts of which one must stand within reach.
    needs
        Sets of concepts or countries, of each of which one must stand in the passage.
    without
        Concepts and countries that rule the frame out within reach of the act.
    anywhere
        Concepts of which one must stand somewhere in the article; empty for no such demand.
    nowhere
        Concepts that rule the frame out wherever they stand in the article.
    who
        Countries that may act; empty for no such demand.
    not_who
        Countries that must not be the ones to act.
    cases
        How that country may stand.
    implied
        Whether a passage that names no actor is taken to mean the right one.
    clause
        Whether all of it must stand in the clause of the act.
    reach
        Words between the act and the rest.
    weight
        What a match is worth, up to 1.
    role
        Role of the country that acts, where the theme is about suppliers.
    aspect
        Side of the theme that the frame speaks of, as a stage of the chain.
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
    reach: int = REACH
    weight: float = 1.0
    role: str = ""
    aspect: str = ""

    @cached_property
    def asked(self) -> tuple[frozenset[str], ...]:
        """Sets of concepts or countries, of each of which a passage must name one."""
        return tuple(names for names in (self.act, self.object, self.beside, *self.needs) if names)


class Match(NamedTuple):
    """A frame found in a passage, and the country that acts in it."""

    frame: Frame
    country: str


class ByAct:
    """Frames by their acts: a passage is searched for those alone that it can hold.

    Parameters
    ----------
    groups
        The frames of each theme.

    Attributes
    ----------
    concepts : frozenset of str
        Whatever the frames ask for or rule out; no other concept decides anything.
    """

    def __init__(self, groups: Iterable[Sequence[Frame]]) -> None:
        self._at: dict[str, list[tuple[int, int, Frame]]] = {}
        concepts: set[str] = set()
        for theme, frames in enumerate(groups):
            for number, frame in enumerate(frames):
                concepts.update(frame.without, frame.anywhere, frame.nowhere, *frame.asked)
                for concept in frame.act:
                    self._at.setdefault(concept, []).append((theme, number, frame))
        self.concepts = frozenset(concepts)

    def named(self, signs: Sequence[Sign]) -> dict[int, list[Frame]]:
        """Return the frames whose parts are among signs, by the position of their theme and in its order."""
        concepts = {sign.concept for sign in signs}
        names = concepts.union(sign.country for sign in signs)
        places = {
            (theme, number): frame
            for concept in self._at.keys() & concepts
            for theme, number, frame in self._at[concept]
            if not any(wanted.isdisjoint(names) for wanted in frame.asked)
        }
        found: dict[int, list[Frame]] = {}
        for theme, number in sorted(places):
            found.setdefault(theme, []).append(places[theme, number])
        return found


def find(
    frame: Frame,
    signs: Sequence[Sign],
    *,
    topic: frozenset[str] = frozenset(),
    article: frozenset[str] = frozenset(),
) -> Iterator[Match]:
    """Find a frame among the signs of a passage.

    Parameters
    ----------
    frame
        What to look for.
    signs
        Of one passage, in order.
    topic
        Countries of the headline, which stand in for an actor that a passage does not name.
    article
        Concepts of the whole article.

    Yields
    ------
    Match
        At most one a country.
    """
    acts = [sign for sign in signs if sign.concept in frame.act]
    if not acts or frame.nowhere & article or (frame.anywhere and not frame.anywhere & article):
        return
    if not all(any(_is(sign, need) for sign in signs) for need in frame.needs):
        return
    seen: set[str] = set()
    for act in acts:
        within = [sign for sign in signs if sign.clause == act.clause] if frame.clause else signs
        near = [sign for sign in within if sign is not act and abs(sign.at - act.at) <= frame.reach]
        wanted = all(not names or any(_is(sign, names) for sign in near) for names in (frame.object, frame.beside))
        if not wanted or act.country in frame.without or any(_is(sign, frame.without) for sign in near):
            continue
        for country in _actors(frame, act, within, topic):
            if country not in seen:
                seen.add(country)
                yield Match(frame, country)


def _is(sign: Sign, wanted: frozenset[str]) -> bool:
    return sign.concept in wanted or sign.country in wanted


def _actors(frame: Frame, act: Sign, signs: Sequence[Sign], topic: frozenset[str]) -> list[str]:
    """Name the countries that stand to an act as the frame asks; a nameless one where it asks for none."""
    doers = _doers(act, signs)
    if any(sign.country in frame.not_who for sign in doers):
        return []
    if not frame.who:
        return [""]
    found = doers if DOER in frame.cases and not _from_others(frame, act, signs) else []
    found += [
        sign
        for sign in signs
        if sign.country and sign.case != DOER and sign.case in frame.cases and abs(sign.at - act.at) <= frame.reach
    ]
    # What stands in a country is that country's, whoever owns it.
    places = [sign for sign in found if sign.case == PLACE]
    names = list(dict.fromkeys(sign.country for sign in places or found if sign.country in frame.who))
    if names or doers:
        return names
    if frame.implied and (not topic or topic & frame.who):
        return [""]
    return sorted(topic & frame.who) if DOER in frame.cases and len(topic) <= LONGEST_TOPIC else []


def _from_others(frame: Frame, act: Sign, signs: Sequence[Sign]) -> bool:
    """Whether goods come from a country that is not asked for: who seeks supplies from China is no supplier."""
    if SOURCE not in frame.cases:
        return False
    sources = [sign for sign in signs if sign.case == SOURCE and 0 < sign.at - act.at <= CLOSE]
    return any(sign.country not in frame.who for sign in sources)


def _doers(act: Sign, signs: Sequence[Sign]) -> list[Sign]:
    """Name who acts, with those listed beside.

    That is who stands behind "by", else the nearest before the act, else one close behind it.
    """
    if act.country:
        return [act]
    agents = [sign for sign in signs if sign.case == AGENT and 0 < sign.at - act.at <= CLOSE]
    actors = [sign for sign in signs if sign.country and sign.case == DOER]
    before = [sign for sign in actors if sign.at < act.at]
    behind = [sign for sign in actors if 0 <= sign.at - act.at <= CLOSE]
    nearest = next(iter([*agents, *before[-1:], *behind]), None)
    return [sign for sign in signs if nearest and sign.country and sign.list_id == nearest.list_id]

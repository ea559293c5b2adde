"""Frames: who does what to what, found among the signs of a passage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rare_topics.themes.reading import DOER, Sign

# Words between an act and what belongs to it.
REACH = 12


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
    needs
        Sets of concepts or countries, of each of which one must stand in the passage.
    without
        Concepts and countries that rule the frame out within reach of the act.
    who
        Countries that may act; empty for no such demand.
    cases
        How that country may stand.
    implied
        Whether a passage that names no actor is taken to mean the right one.
    reach
        Words between the act and the rest.
    weight
        What a match is worth, up to 1.
    role
        Role of the country that acts, where the theme is about suppliers.
    """

    says: str
    act: frozenset[str]
    object: frozenset[str] = frozenset()
    needs: tuple[frozenset[str], ...] = ()
    without: frozenset[str] = frozenset()
    who: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset({DOER})
    implied: bool = False
    reach: int = REACH
    weight: float = 1.0
    role: str = ""


class Match(NamedTuple):
    """A frame found in a passage, and the country that acts in it."""

    frame: Frame
    country: str


def find(frame: Frame, signs: Sequence[Sign], *, topic: frozenset[str] = frozenset()) -> Iterator[Match]:
    """Find a frame among the signs of a passage.

    Parameters
    ----------
    frame
        What to look for.
    signs
        Of one passage, in order.
    topic
        Countries of the headline, which stand in for an actor that a passage does not name.

    Yields
    ------
    Match
        At most one a country.
    """
    acts = [sign for sign in signs if sign.concept in frame.act]
    if not acts or not all(any(_is(sign, need) for sign in signs) for need in frame.needs):
        return
    seen: set[str] = set()
    for act in acts:
        near = [sign for sign in signs if sign is not act and abs(sign.at - act.at) <= frame.reach]
        if frame.object and not any(_is(sign, frame.object) for sign in near):
            continue
        if any(_is(sign, frame.without) for sign in near) or act.country in frame.without:
            continue
        for country in _actors(frame, act, signs, topic):
            if country not in seen:
                seen.add(country)
                yield Match(frame, country)


def _is(sign: Sign, wanted: frozenset[str]) -> bool:
    return sign.concept in wanted or sign.country in wanted


def _actors(frame: Frame, act: Sign, signs: Sequence[Sign], topic: frozenset[str]) -> list[str]:
    """Name the countries that stand to an act as the frame asks; a nameless one where it asks for none."""
    if not frame.who:
        return [""]
    found = [] if DOER not in frame.cases else _doers(act, signs)
    found += [
        sign
        for sign in signs
        if sign.country and sign.case != DOER and sign.case in frame.cases and abs(sign.at - act.at) <= frame.reach
    ]
    names = list(dict.fromkeys(sign.country for sign in found if sign.country in frame.who))
    if names or any(sign.country and sign.case == DOER for sign in signs):
        return names
    if frame.implied:
        return [""]
    return sorted(topic & frame.who) if len(topic) <= 2 else []  # noqa: PLR2004 - more are no topic


def _doers(act: Sign, signs: Sequence[Sign]) -> list[Sign]:
    """Name the nearest actor before an act, else the nearest behind it, with those listed beside it."""
    if act.country:
        return [act]
    actors = [sign for sign in signs if sign.country and sign.case == DOER]
    before = [sign for sign in actors if sign.at < act.at]
    behind = [sign for sign in actors if sign.at >= act.at]
    nearest = before[-1] if before else behind[0] if behind else None
    return [sign for sign in signs if nearest and sign.country and sign.list_id == nearest.list_id]

"""Reading a corpus for its themes: which passages speak of what, and how strongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rare_topics.records import Passage
from rare_topics.themes.frames import Match, find
from rare_topics.themes.reading import DOER, Reader, Sign
from rare_topics.themes.rules import Theme

# Roles that make a country a supplier, or one that would be.
SUPPLYING = frozenset({"producer", "would-be producer", "processor", "would-be self-supplier"})


class Mark(NamedTuple):
    """A passage that speaks of a theme.

    Attributes
    ----------
    theme
        Identifier; a theme with one copy for each country carries the country.
    passage
        Where.
    score
        0 to 1.
    matches
        The frames found.
    """

    theme: str
    passage: Passage
    score: float
    matches: tuple[Match, ...]


def marks_of(passages: Sequence[Passage], themes: Sequence[Theme], reader: Reader) -> Iterator[Mark]:
    """Mark the passages of one article."""
    title = reader.read(passages[0].text) if passages and passages[0].kind == "title" else ()
    topic = frozenset(sign.country for sign in title if sign.country and sign.case == DOER)
    for passage in passages:
        signs = title if passage.kind == "title" else reader.read(passage.text)
        for theme in themes:
            yield from _of_theme(theme, passage, signs, topic)


def _of_theme(theme: Theme, passage: Passage, signs: Sequence[Sign], topic: frozenset[str]) -> Iterator[Mark]:
    groups: dict[str, list[Match]] = {}
    for frame in theme.frames:
        for match in find(frame, signs, topic=topic):
            groups.setdefault(match.country if theme.each else "", []).append(match)
    for country, matches in sorted(groups.items()):
        if theme.each and not country:
            continue
        counted = [match.frame.weight for match in matches if not match.frame.role or match.frame.role in SUPPLYING]
        score = min(1.0, theme.weight * max(counted, default=0.0))
        name = f"{theme.theme}_{country}" if theme.each else theme.theme
        yield Mark(name, passage, round(score, 4), tuple(matches))

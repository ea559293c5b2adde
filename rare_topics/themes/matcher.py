"""Reading a corpus for its themes: which passages speak of what, and how strongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rare_topics.corpus.passage_splitter import passages_of
from rare_topics.corpus.records import Article, Passage
from rare_topics.themes.concept_signs import DOER, Reader, Sign
from rare_topics.themes.frames import ByAct, Frame, Match, find
from rare_topics.themes.theme_file import Theme

# What stands under a heading that speaks of a theme speaks of it a little itself.
HEADING_WORTH = 0.4
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


class Found(NamedTuple):
    """A mark as it travels between processes: passage, themes and frames by their numbers.

    Attributes
    ----------
    article, passage
        Position of the article in its block, and of the passage in the article.
    theme
        As in `Mark`.
    score
        0 to 1.
    matches
        Number of each frame among those of all themes, and the country that acts in it.
    """

    article: int
    passage: int
    theme: str
    score: float
    matches: tuple[tuple[int, str], ...]


class Marker:
    """Mark articles, block by block.

    Parameters
    ----------
    themes
        What is looked for.
    reader
        What reads passages.
    """

    def __init__(self, themes: Sequence[Theme], reader: Reader) -> None:
        self.themes, self.reader = themes, reader
        self._frames = [frame for theme in themes for frame in theme.frames]
        self._by_act = ByAct(theme.frames for theme in themes)

    def __call__(self, articles: Sequence[Article]) -> list[Found]:
        """Mark the passages of a block of articles."""
        number = {id(frame): at for at, frame in enumerate(self._frames)}
        found = []
        for row, article in enumerate(articles):
            passages = passages_of(article)
            at = {passage.passage_id: place for place, passage in enumerate(passages)}
            for mark in marks_of(passages, self.themes, self._by_act, self.reader):
                matches = tuple((number[id(match.frame)], match.country) for match in mark.matches)
                found.append(Found(row, at[mark.passage.passage_id], mark.theme, mark.score, matches))
        return found

    def mark(self, found: Found, passage: Passage) -> Mark:
        """Return a mark of a passage."""
        matches = tuple(Match(self._frames[number], country) for number, country in found.matches)
        return Mark(found.theme, passage, found.score, matches)


def marks_of(passages: Sequence[Passage], themes: Sequence[Theme], frames: ByAct, reader: Reader) -> Iterator[Mark]:
    """Mark the passages of one article; `frames` are those of the themes."""
    read = [_read(passage.text, frames, reader) for passage in passages]
    sections = {name: _read(name, frames, reader) for name in dict.fromkeys(passage.section for passage in passages)}
    title = next((text.signs for text, passage in zip(read, passages, strict=True) if passage.kind == "title"), ())
    headline = frozenset(sign.country for sign in title if sign.country and sign.case == DOER)
    article = frozenset(sign.concept for text in read for sign in text.signs)
    for number, theme in enumerate(themes):
        topic = headline
        if theme.each and headline:
            # A country in the headline acts where no one is named, if it is seen to act somewhere.
            acting = [_scores(text.matches(number, frozenset(), article), theme) for text in read]
            topic = headline & frozenset(country for scores in acting for country in scores)
        for passage, text in zip(passages, read, strict=True):
            section = sections[passage.section]
            if number in text.frames or number in section.frames:
                heading = _scores(section.matches(number, topic, article), theme)
                yield from _of_theme(theme, passage, text.matches(number, topic, article), heading)


class _Text(NamedTuple):
    """A text as it is read: its signs, and by the position of their theme the frames that it can hold."""

    signs: Sequence[Sign]
    frames: Mapping[int, Sequence[Frame]]

    def matches(self, theme: int, topic: frozenset[str], article: frozenset[str]) -> list[Match]:
        """Find the frames of a theme."""
        frames = self.frames.get(theme, ())
        return [match for frame in frames for match in find(frame, self.signs, topic=topic, article=article)]


def _read(text: str, frames: ByAct, reader: Reader) -> _Text:
    signs = reader.read(text, only=frames.concepts)
    return _Text(signs, frames.named(signs))


def _scores(matches: Sequence[Match], theme: Theme) -> dict[str, float]:
    """Score each country that acts, or the nameless one of a theme that is not about countries."""
    scores: dict[str, float] = {}
    for match in matches:
        if not match.frame.role or match.frame.role in SUPPLYING:
            name = match.country if theme.each else ""
            scores[name] = max(scores.get(name, 0.0), match.frame.weight)
    return scores


def _of_theme(theme: Theme, passage: Passage, matches: list[Match], heading: dict[str, float]) -> Iterator[Mark]:
    scores = _scores(matches, theme)
    names = {match.country for match in matches} if theme.each else {""} if matches else set()
    for country in sorted(names | set(heading)):
        if theme.each and not country:
            continue
        score = min(1.0, scores.get(country, 0.0) + HEADING_WORTH * heading.get(country, 0.0))
        found = tuple(match for match in matches if not theme.each or match.country == country)
        if found or score:
            name = f"{theme.theme}_{country}" if theme.each else theme.theme
            yield Mark(name, passage, round(score, 4), found)

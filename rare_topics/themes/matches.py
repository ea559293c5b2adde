"""What is found in a passage: the themes that it speaks of, and what it states of suppliers and of controls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rare_topics.corpus.records import Passage
from rare_topics.themes.frames import FrameMatch
from rare_topics.themes.strength import Strength

if TYPE_CHECKING:
    import pandas as pd

# Score from which on one passage about a supplier or an act of control is clearly about it.
CLEAR_SCORE = 0.7


class SupplyStatement(NamedTuple):
    """What an article says of the role of a country, with the passage that says it: see `supply_facts.SupplyFact`."""

    country: str
    role: str
    status: str
    stages: str
    confidence: float


class ControlStatement(NamedTuple):
    """An act of export control that an article tells of: see `events.ControlAct`."""

    date: str
    actor: str
    direction: str
    object: str
    confidence: float


Statement = SupplyStatement | ControlStatement


class ThemeMatch(NamedTuple):
    """A passage that speaks of a theme, or states who supplies or who controls.

    Attributes
    ----------
    theme
        Name of the theme; of a theme per country the name with that country. Empty where the
        passage only states something.
    passage
        The passage.
    score
        How clearly it speaks of the theme, 0 to 1; 0 where it only gives a country another role
        than that of a supplier.
    frame_matches
        The frames that match; none where only the heading does.
    statements
        Roles of countries and acts of control: all of them in the match without a theme, and in a
        match of a theme the one that decides it.
    strength
        Of the theme in the whole article, as learned; None where it follows from the scores.
    """

    theme: str
    passage: Passage
    score: float
    frame_matches: tuple[FrameMatch, ...]
    statements: tuple[Statement, ...] = ()
    strength: Strength | None = None

    @property
    def is_clear(self) -> bool:
        """Whether it is enough by itself for the theme to be a real part of its article."""
        return self.passage.kind != "title" and (
            any(frame.clear for frame, _ in self.frame_matches)
            or any(one.confidence >= CLEAR_SCORE for one in self.statements)
        )


class PackedMatch(NamedTuple):
    """A `ThemeMatch` in plain numbers, as it is sent between processes.

    Attributes
    ----------
    article
        Position of the article in its batch.
    passage
        Position of the passage in its article.
    theme, score
        As in `ThemeMatch`.
    frame_matches
        Number of each frame among those of all themes, and the country that acts in it.
    statements
        The fields of each statement as text, joined by tabs; its kind goes first.
    strength
        As in `ThemeMatch`.
    """

    article: int
    passage: int
    theme: str
    score: float
    frame_matches: tuple[tuple[int, str], ...]
    statements: tuple[str, ...] = ()
    strength: Strength | None = None


def pack_statement(statement: Statement) -> str:
    """Return the fields of a statement as text, joined by tabs, its kind first."""
    kind = "supply" if isinstance(statement, SupplyStatement) else "control"
    return "\t".join((kind, *map(str, statement)))


def unpack_statement(packed: str) -> Statement:
    """Return the statement that `pack_statement` has packed."""
    kind, *fields, confidence = packed.split("\t")
    if kind == "supply":
        country, role, status, stages = fields
        return SupplyStatement(country, role, status, stages, float(confidence))
    date, actor, direction, goods = fields
    return ControlStatement(date, actor, direction, goods, float(confidence))


def evidence_table(matches: Sequence[ThemeMatch]) -> pd.DataFrame:
    """Return the passages that speak of themes: the columns of ``evidence.csv``."""
    import pandas as pd

    rows = []
    for match in matches:
        if match.score:
            found = match.passage
            quote = (found.passage_id, found.text, found.start, found.end)
            rows.append((found.article_id, match.theme, *quote, match.score))
    return pd.DataFrame(rows, columns=["article_id", "theme", "passage_id", "quote", "start", "end", "score"])

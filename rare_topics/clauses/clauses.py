"""Clauses of an article: each with its participants, its concepts, its mood and its time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Protocol, TypeVar

from rare_topics.clauses.clause_splitter import split_clauses
from rare_topics.clauses.cues import Cue, load_cues
from rare_topics.clauses.dates import find_bare_months
from rare_topics.clauses.modality import Mood, Tense, clause_mood, clause_tense
from rare_topics.clauses.participants import Participant, find_participants
from rare_topics.clauses.passage_reader import ConceptMention, PassageReader
from rare_topics.corpus.records import Passage
from rare_topics.quantities import DateMention, find_dates
from rare_topics.text.token_patterns import normalize_characters

# Persons speak and meet, and products are sold anywhere: neither says where an act happens.
_NO_PLACE = frozenset({"person", "product", "event", "policy", "finance"})


@dataclass(frozen=True, kw_only=True)
class Clause:
    """What a sentence says of one actor.

    Attributes
    ----------
    passage
        The passage that it stands in.
    sentence
        Number of its sentence among those of the article.
    start, end
        Offsets of characters in the passage.
    text
        Its characters, in half-width and simplified form.
    mentions
        Concepts that it names.
    participants
        Countries with the parts that they play.
    cues
        Words that show its mood and its acts, with offsets in the passage.
    dates
        Dates that it names, with offsets in the passage.
    published
        When the article was published.
    """

    passage: Passage
    sentence: int
    start: int
    end: int
    text: str
    mentions: tuple[ConceptMention, ...]
    participants: tuple[Participant, ...]
    cues: tuple[Cue, ...]
    dates: tuple[DateMention, ...]
    published: datetime | None

    @cached_property
    def lowered(self) -> str:
        """Its characters in lower case."""
        return self.text.lower()

    @cached_property
    def concepts(self) -> frozenset[str]:
        """Names of the concepts that it mentions."""
        return frozenset(mention.concept for mention in self.mentions)

    @cached_property
    def countries(self) -> frozenset[str]:
        """Countries that take part in it, or what stands for them does."""
        return frozenset(part.country for part in self.participants)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of its cues."""
        return frozenset(cue.kind for cue in self.cues)

    @cached_property
    def mood(self) -> Mood:
        """How the clause is meant as a whole; see `mood_at`."""
        return self.mood_at(self.end)

    def mood_at(self, position: int) -> Mood:
        """Return the mood of an act.

        Parameters
        ----------
        position
            Offset of the act in the passage: a word behind it does not govern it.
        """
        return clause_mood(self, position)

    @cached_property
    def tense(self) -> Tense:
        """Whether it speaks of now, of what is past and over, or of what is to come."""
        return clause_tense(self)

    def cues_of(self, *kinds: str) -> Sequence[Cue]:
        """Return its cues of some kinds, in order."""
        if len(kinds) == 1:
            return self._cues_by_kind.get(kinds[0], ())
        return [cue for cue in self.cues if cue.kind in kinds]

    @cached_property
    def _cues_by_kind(self) -> dict[str, list[Cue]]:
        cues: dict[str, list[Cue]] = {}
        for cue in self.cues:
            cues.setdefault(cue.kind, []).append(cue)
        return cues

    def has(self, *kinds: str) -> bool:
        """Return whether it has a cue of one of the kinds."""
        return not self.kinds.isdisjoint(kinds)

    def names(self, concepts: Iterable[str]) -> bool:
        """Return whether it names one of the concepts."""
        return not self.concepts.isdisjoint(concepts)


class ClauseReader:
    """Read the clauses of articles.

    Parameters
    ----------
    reader
        Finds the concepts of passages.
    cue_files
        Files of cues beside those of moods.
    """

    def __init__(self, reader: PassageReader, *, cue_files: Sequence[str] = ()) -> None:
        self.reader = reader
        self._cue_files = ("moods.tsv", *cue_files)
        self._categories = {name: concept.category for name, concept in reader.lexicon.concepts.items()}

    def read(self, text: str, *, published: datetime | None = None) -> list[Clause]:
        """Return the clauses of one text, as if it were the passage of an article."""
        passage = Passage(passage_id="", article_id="", section="", kind="sentence", text=text, start=0, end=len(text))
        return self.read_article([passage], [self.reader.read(text)], published=published)

    def read_article(
        self,
        passages: Sequence[Passage],
        mentions: Sequence[Sequence[ConceptMention]],
        *,
        published: datetime | None = None,
    ) -> list[Clause]:
        """Return the clauses of the passages of an article.

        Parameters
        ----------
        passages
            In order, the title first.
        mentions
            The concepts of each passage.
        published
            When the article was published.

        Returns
        -------
        list of Clause
            In order of the text.
        """
        clauses: list[Clause] = []
        first_sentence = 0
        for passage, found in zip(passages, mentions, strict=True):
            new = self._read_passage(passage, found, published=published, first_sentence=first_sentence)
            if new:
                first_sentence = new[-1].sentence + 1
            clauses += new
        return clauses

    def _read_passage(
        self,
        passage: Passage,
        mentions: Sequence[ConceptMention],
        *,
        published: datetime | None,
        first_sentence: int,
    ) -> list[Clause]:
        text = normalize_characters(passage.text)
        cues = load_cues(*self._cue_files).find(text)
        names = [mention for mention in mentions if mention.country]
        cues = tuple(cue for cue in cues if not _is_within_name(cue, names))
        idioms = [cue for cue in cues if cue.kind == "idiom"]
        if idioms:
            cues = tuple(cue for cue in cues if not any(_begins_within(cue, idiom) for idiom in idioms))
        participants = find_participants(text, mentions, categories=self._categories, ignored=_NO_PLACE)
        dates = sorted([*find_dates(text), *find_bare_months(text)])

        return [
            Clause(
                passage=passage,
                sentence=first_sentence + sentence,
                start=start,
                end=end,
                text=text[start:end],
                mentions=_within(mentions, start, end),
                participants=_within(participants, start, end),
                cues=_within(cues, start, end),
                dates=_within(dates, start, end),
                published=published,
            )
            for sentence, start, end in split_clauses(text)
        ]


_start = attrgetter("start")


class _Span(Protocol):
    @property
    def start(self) -> int: ...


_Found = TypeVar("_Found", bound=_Span)


def _within(found: Sequence[_Found], start: int, end: int) -> tuple[_Found, ...]:
    """Return what begins from `start` to before `end`; `found` is in order of its starts."""
    first = bisect_left(found, start, key=_start)
    return tuple(found[first : bisect_left(found, end, lo=first, key=_start)])


def _is_within_name(cue: Cue, names: Sequence[ConceptMention]) -> bool:
    """Return whether a cue is part of a name, such as 若 of 隆贡若."""
    before = bisect_left(names, cue.start, key=_start)
    return before > 0 and cue.start < names[before - 1].end


def _begins_within(cue: Cue, idiom: Cue) -> bool:
    return idiom.start <= cue.start < idiom.end

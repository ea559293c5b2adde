"""Reads claims: each quantity of an article with its subject, its date, and its offsets in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

from rare_topics.claims.concept_relations import subject_of_several
from rare_topics.claims.context import Clauses, Inherited, NameFinder, PassageContext
from rare_topics.claims.dating import date_of
from rare_topics.claims.elided_units import with_elided_units
from rare_topics.claims.measures import find_measure_terms
from rare_topics.claims.subjects import Subject, is_trivial_count, subject_of
from rare_topics.claims.tense import NOW, tense_of
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article, Passage
from rare_topics.lexicon import Lexicon, Mention
from rare_topics.quantities import DateMention, Quantity, find_quantities
from rare_topics.quantities.units import currency_of_country, national_currency
from rare_topics.text.token_patterns import normalize_characters
from rare_topics.text.tokenizer import MixedTextTokenizer

# A longer passage is cut: the time for subjects grows with the square of a text's length, and no sentence is longer.
MAX_CHUNK_LENGTH = 1000
# From here on, and with one of these scale words, a number without a unit is a sum of money in a headline.
MIN_BARE_SUM = 1e8
BARE_SUM_SCALES = ("亿", "兆", "billion", "trillion")
# Measures whose percentages are levied, and therefore rates.
LEVIED_MEASURES = frozenset({"tariff", "deposit"})
# Measures that last, so that the date of an event told before does not hold for them.
LASTING_MEASURES = frozenset({"capacity", "reserves", "content"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A quantity that an article states.

    Attributes
    ----------
    claim_id
        ``article_id`` and a running number: ``1f0c9e27ab34#07``.
    article_id, passage_id
        The article and the passage that state it.
    quantity
        The value; its offsets count in the body, or in the title where the passage is a title.
    printed
        The characters of number and unit as they stand in the text.
    subject
        What is measured.
    as_of
        The date that it holds at, as precisely as the text gives it, or empty: ``2024``,
        ``2025-07``, ``2025-Q1``.
    tense
        ``now``, ``history``, ``plan`` or ``hypothetical``.
    """

    claim_id: str
    article_id: str
    passage_id: str
    quantity: Quantity
    printed: str
    subject: Subject
    as_of: str
    tense: str = NOW


class TextChunk(NamedTuple):
    """A part of a passage that is read at once: its offset in the passage, and its text, normalize_characters."""

    passage: Passage
    start: int
    text: str


class ReadChunk(NamedTuple):
    """A chunk with the quantities, the dates and the concepts found in it."""

    chunk: TextChunk
    quantities: Sequence[Quantity]
    dates: Sequence[DateMention]
    mentions: Sequence[Mention]


class ClaimReader:
    """Read the claims of articles.

    Parameters
    ----------
    lexicon, segmenter
        Those of the study, which find the concepts that numbers are about.
    """

    def __init__(self, lexicon: Lexicon, segmenter: MixedTextTokenizer) -> None:
        self.lexicon = lexicon
        self.segmenter = segmenter
        self._names = NameFinder(lexicon)

    def read(self, articles: Sequence[Article]) -> list[Claim]:
        """Read the claims of articles, in the order of articles and text."""
        return [claim for article in articles for claim in self._claims_of(article)]

    def _claims_of(self, article: Article) -> Iterator[Claim]:
        published = article.published
        passages = split_passages(article)
        parts = [self._read_chunk(chunk, published) for passage in passages for chunk in _chunks(passage)]
        of_heading = cache(self._subject_of_heading)
        inherited = self._inherited_of(parts, of_title=of_heading(article.title))
        sums = _Sums.of(quantity for part in parts for quantity in part.quantities if quantity.kind == "money")
        number = 0
        for before, part in pairwise((None, *parts)):
            if part is None or (not part.quantities and not part.dates):
                continue
            outer = (of_heading(part.chunk.passage.section), *inherited)
            context = self._context_of(part, outer, before=before)
            for quantity, subject, date in _with_subjects(context, part.dates):
                if is_trivial_count(quantity, subject, context, known_concepts=self.lexicon.concepts):
                    continue
                number += 1
                printed = part.chunk.text[quantity.start : quantity.end]
                with_currency = _with_currency(quantity, printed, subject, sums)
                tense = tense_of(quantity, context, as_of=date, published=article.published)
                claim = _claim(f"{article.article_id}#{number:02d}", part.chunk, with_currency, subject, date)
                yield replace(claim, tense=tense)

    def _read_chunk(self, chunk: TextChunk, published: datetime | None) -> ReadChunk:
        quantities, dates = find_quantities(chunk.text, published=published)
        mentions = self._mentions(chunk.text) if quantities or dates else []
        return ReadChunk(chunk, quantities, dates, mentions)

    def _mentions(self, text: str) -> list[Mention]:
        return self.lexicon.mentions(self.segmenter.tokenize(text)) if text else []

    def _inherited_of(self, parts: Sequence[ReadChunk], *, of_title: Inherited) -> tuple[Inherited, ...]:
        """Say what the title is about, and the article's passages with numbers."""
        return of_title, self._names.main_of((part.chunk.text, part.mentions) for part in parts)

    def _subject_of_heading(self, heading: str) -> Inherited:
        """Take the thing that a heading is about, and the first place that is no other side of a relation."""
        if not heading:
            return Inherited()
        text = normalize_characters(heading)
        mentions, clauses = self._mentions(text), Clauses(text)
        things = self._names.things(text, mentions, clauses)
        found = self._names.places(text, mentions, clauses)
        places = [place.concept for place in found if not place.is_other_side]
        places.sort(key=lambda place: not self._names.is_sovereign(place))
        # "Dysprosium in warships" is about dysprosium.
        things = [thing for thing in things if not thing.is_piece] or things
        return Inherited(subject_of_several([thing.concept for thing in things]), places[0] if places else "")

    def _place_before(self, before: ReadChunk | None) -> str:
        """Return the last country that the passage before names and that is no other side of a relation."""
        if before is None or before.chunk.passage.kind == "title":
            return ""
        text = before.chunk.text
        mentions = before.mentions or self._mentions(text)
        found = self._names.places(text, mentions, Clauses(text), quantities=before.quantities)
        sides = [
            place.concept for place in found if not place.is_other_side and self._names.is_sovereign(place.concept)
        ]
        return sides[-1] if sides else ""

    def _context_of(self, part: ReadChunk, outer: Sequence[Inherited], *, before: ReadChunk | None) -> PassageContext:
        text, mentions = part.chunk.text, part.mentions
        clauses = Clauses(text)
        return PassageContext(
            text=text,
            lang=language_of(text) or "en",
            quantities=with_elided_units(
                [quantity for quantity in part.quantities if not self._is_in_name(quantity, mentions)], text
            ),
            measure_terms=find_measure_terms(text, mentions),
            clauses=clauses,
            things=self._names.things(text, mentions, clauses, inherited=outer),
            facilities=self._names.facilities(mentions, clauses),
            places=self._names.places(
                text,
                mentions,
                clauses,
                quantities=part.quantities,
                inherited=outer[:2],
                place_before=partial(self._place_before, before),
            ),
            mentions=mentions,
            dates=[date for date in part.dates if date.iso],
            inherited=outer,
        )

    def _is_in_name(self, quantity: Quantity, mentions: Iterable[Mention]) -> bool:
        """Whether a number is part of a name, as in "Group of Seven"."""
        if quantity.kind != "count":
            return False
        return any(
            mention.start <= quantity.start and quantity.end <= mention.end and mention.concept in self.lexicon.concepts
            for mention in mentions
        )


def _chunks(passage: Passage) -> Iterator[TextChunk]:
    """Cut a passage at a space, comma or full stop where it is longer than any sentence."""
    text = normalize_characters(passage.text)
    start = 0
    while start < len(text):
        end = start + MAX_CHUNK_LENGTH
        if end < len(text):
            end = max(text.rfind(mark, start + MAX_CHUNK_LENGTH // 2, end) for mark in " ,;。、") + 1 or end
        yield TextChunk(passage, start, text[start:end])
        start = end


def _with_subjects(context: PassageContext, dates: Sequence[DateMention]) -> list[tuple[Quantity, Subject, str]]:
    """Give each quantity its subject and its date; a printed date that no quantity has becomes a quantity itself."""
    quantities = context.quantities
    found = []
    for quantity in quantities:
        subject = subject_of(quantity, context)
        date = date_of(
            quantity,
            context.text,
            clauses=context.clauses,
            dates=context.dates,
            quantities=quantities,
            in_clause=subject.measure in LASTING_MEASURES,
        )
        found.append((quantity, subject, date))
    used = {date for _, _, date in found}
    for mention in dates:
        if mention.iso and mention.iso not in used and not mention.is_relative:
            quantity = _date_quantity(mention)
            found.append((quantity, subject_of(quantity, context), mention.iso))
    return sorted(found, key=lambda entry: entry[0].start)


def _date_quantity(date: DateMention) -> Quantity:
    """Make a quantity of a date; its value is the year."""
    return Quantity(start=date.start, end=date.end, value=float(date.year or 0), unit="year", kind="date")


def _claim(claim_id: str, chunk: TextChunk, quantity: Quantity, subject: Subject, date: str) -> Claim:
    passage, start, end = chunk.passage, chunk.start + quantity.start, chunk.start + quantity.end
    is_levied = quantity.kind == "share" and subject.measure in LEVIED_MEASURES
    kind = "rate" if is_levied else quantity.kind
    return Claim(
        claim_id=claim_id,
        article_id=passage.article_id,
        passage_id=passage.passage_id,
        quantity=replace(quantity, start=passage.start + start, end=passage.start + end, kind=kind),
        printed=passage.text[start:end],
        subject=subject,
        as_of=date,
    )


class _Sums(NamedTuple):
    """The sums of money of an article: the currency of each amount, the last of several, and that of most."""

    unit_of_value: dict[float, str]
    most_frequent: str

    @classmethod
    def of(cls, sums: Iterable[Quantity]) -> _Sums:
        units = {}
        frequencies: Counter[str] = Counter()
        for money in sums:
            units[money.value] = money.unit
            frequencies[money.unit] += 1
        return cls(units, max(frequencies, key=lambda unit: frequencies[unit], default=""))


def _with_currency(quantity: Quantity, printed: str, subject: Subject, sums: _Sums) -> Quantity:
    """Make a large number without a unit a sum of money, and "pesos" those of the subject's country.

    Its currency is that of an equal sum in its article, else that of its subject's country, else
    the article's most frequent one.
    """
    if quantity.kind == "money" and quantity.unit.islower():
        of_family = national_currency(quantity.unit, country=subject.place)
        return replace(quantity, unit=of_family.name) if of_family else quantity
    if quantity.kind != "count" or abs(quantity.value) < MIN_BARE_SUM or not printed.endswith(BARE_SUM_SCALES):
        return quantity
    of_equal_sum = sums.unit_of_value.get(quantity.value)
    of_country = currency_of_country().get(subject.place)
    currency = of_equal_sum or (of_country.name if of_country else sums.most_frequent)
    return replace(quantity, unit=currency, kind="money") if currency else quantity

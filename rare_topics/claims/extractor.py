"""Claims: every quantity of a corpus with its subject, its date and its place in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from rare_topics.claims.subjects import Setting, Subject, SubjectFinder, named_measures
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article, Passage
from rare_topics.lexicon import Lexicon, Mention
from rare_topics.quantities.dates import Date, as_of
from rare_topics.quantities.parser import quantities
from rare_topics.quantities.quantity import Quantity
from rare_topics.quantities.units import currencies
from rare_topics.text.segmenter import Segmenter
from rare_topics.text.token_patterns import folded

# No sentence has more characters.
LONGEST = 1000
# Below this a bare number with a scale is no sum of money.
SMALLEST_SUM = 1e8
SCALES = ("亿", "兆", "billion", "trillion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A quantity that an article states.

    Attributes
    ----------
    claim_id
        ``article_id`` and a running number: ``1f0c9e27ab34#07``.
    article_id, passage_id
        Where it stands.
    quantity
        What is said; its offsets count in the body, or in the title of a title's passage.
    printed
        The characters it is printed in.
    subject
        What it is said of.
    as_of
        The date it holds at as far as the text says one, or empty: ``2024``, ``2025-07``, ``2025-Q1``.
    """

    claim_id: str
    article_id: str
    passage_id: str
    quantity: Quantity
    printed: str
    subject: Subject
    as_of: str


class Piece(NamedTuple):
    """A stretch of a passage that is read at once, and where in the passage it begins."""

    passage: Passage
    start: int
    text: str


class ClaimReader:
    """Read the claims of passages.

    Parameters
    ----------
    lexicon, segmenter
        Those of the study, which name what numbers are about.
    """

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self.lexicon = lexicon
        self.segmenter = segmenter
        self.finder = SubjectFinder(lexicon)

    def claims(self, passages: Sequence[Passage]) -> list[Claim]:
        """Read the claims of every article, in order."""
        return [
            claim
            for article_id, group in groupby(passages, key=lambda passage: passage.article_id)
            for claim in self._article(article_id, list(group))
        ]

    def read(self, articles: Sequence[Article]) -> list[Claim]:
        """Cut articles into passages, and read their claims, in order."""
        return [claim for article in articles for claim in self._article(article.article_id, split_passages(article))]

    def _article(self, article_id: str, passages: Sequence[Passage]) -> Iterator[Claim]:
        pieces = [piece for passage in passages for piece in _pieces(passage)]
        read = [quantities(piece.text) for piece in pieces]
        mentions = [self._mentions(piece.text) if any(found) else [] for piece, found in zip(pieces, read, strict=True)]
        usual = self.finder.usual(mention for group in mentions for mention in group)
        sums = _sums(found for found, _ in read)
        number = 0
        for piece, (found, printed_dates), named in zip(pieces, read, mentions, strict=True):
            if not found and not printed_dates:
                continue
            setting = Setting(
                text=piece.text,
                lang=language_of(piece.text) or "en",
                mentions=named,
                quantities=[quantity for quantity in found if not self._is_name(quantity, named)],
                named=named_measures(piece.text, named),
                heading=self._mentions(piece.passage.section),
                usual=usual,
            )
            for quantity, date in _dated(setting, printed_dates):
                number += 1
                subject = self.finder.subject(quantity, setting)
                priced = _with_currency(quantity, piece.text[quantity.start : quantity.end], subject, sums)
                yield _claim(f"{article_id}#{number:02d}", piece, priced, subject, date)

    def _mentions(self, text: str) -> list[Mention]:
        return self.lexicon.mentions(self.segmenter.tokenize(text)) if text else []

    def _is_name(self, quantity: Quantity, mentions: Iterable[Mention]) -> bool:
        """Whether a number is part of a name, as in the Group of Seven."""
        if quantity.kind != "count":
            return False
        return any(
            mention.start <= quantity.start and quantity.end <= mention.end and mention.concept in self.lexicon.concepts
            for mention in mentions
        )


def _pieces(passage: Passage) -> Iterator[Piece]:
    """Cut a passage that is longer than any sentence, so that time grows with its length; others stay whole."""
    text = folded(passage.text)
    start = 0
    while start < len(text):
        end = start + LONGEST
        if end < len(text):
            end = max(text.rfind(mark, start + LONGEST // 2, end) for mark in " ,;。、") + 1 or end
        yield Piece(passage, start, text[start:end])
        start = end


def _dated(setting: Setting, printed_dates: Sequence[Date]) -> list[tuple[Quantity, str]]:
    """Pair every quantity with its date, and add the dates that no quantity holds at."""
    said = [(quantity, _date(quantity, setting, printed_dates)) for quantity in setting.quantities]
    taken = {date for _, date in said}
    alone = [(_of_date(date), date.iso) for date in printed_dates if date.iso and date.iso not in taken]
    return sorted((*said, *alone), key=lambda pair: pair[0].start)


def _claim(claim_id: str, piece: Piece, quantity: Quantity, subject: Subject, date: str) -> Claim:
    passage, start, end = piece.passage, piece.start + quantity.start, piece.start + quantity.end
    return Claim(
        claim_id=claim_id,
        article_id=passage.article_id,
        passage_id=passage.passage_id,
        quantity=replace(quantity, start=passage.start + start, end=passage.start + end, kind=_kind(quantity, subject)),
        printed=passage.text[start:end],
        subject=subject,
        as_of=date,
    )


def _of_date(date: Date) -> Quantity:
    """Make a date that no number holds at a claim of its own, whose value is the year."""
    return Quantity(start=date.start, end=date.end, value=float(date.year or 0), unit="year", kind="date")


def _kind(quantity: Quantity, subject: Subject) -> str:
    """Call a percentage that is levied a rate."""
    levied = quantity.kind == "share" and subject.measure in {"tariff", "deposit"}
    return "rate" if levied else quantity.kind


def _date(quantity: Quantity, setting: Setting, printed_dates: Sequence[Date]) -> str:
    others = [other.start for other in setting.quantities if other is not quantity and other.start != quantity.start]
    return as_of(setting.text, quantity.start, quantity.end, among=printed_dates, others=others)


def _sums(found: Iterable[Sequence[Quantity]]) -> tuple[dict[float, str], Counter[str]]:
    """Collect an article's sums of money: the currency of each, and how often each currency stands."""
    money = [quantity for group in found for quantity in group if quantity.kind == "money"]
    return {quantity.value: quantity.unit for quantity in money}, Counter(quantity.unit for quantity in money)


def _with_currency(
    quantity: Quantity, printed: str, subject: Subject, sums: tuple[dict[float, str], Counter[str]]
) -> Quantity:
    """Give a large bare number the currency that its article gives it elsewhere, or its country's."""
    if quantity.kind != "count" or abs(quantity.value) < SMALLEST_SUM or not printed.endswith(SCALES):
        return quantity
    same, counts = sums
    country = currencies().get(subject.where)
    unit = (
        same.get(quantity.value)
        or (country.name if country else "")
        or max(counts, key=lambda n: counts[n], default="")
    )
    return replace(quantity, unit=unit, kind="money") if unit else quantity

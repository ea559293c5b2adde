"""Claims: every quantity of a corpus with its subject, its date and its place in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rare_topics.claims.dates import Date, as_of
from rare_topics.claims.grammar import quantities
from rare_topics.claims.quantity import Quantity
from rare_topics.claims.subjects import Setting, Subject, SubjectFinder
from rare_topics.claims.units import currencies
from rare_topics.lexicon import Lexicon, Mention
from rare_topics.records import Passage, language_of
from rare_topics.segment import Segmenter, folded

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

    def _article(self, article_id: str, passages: Sequence[Passage]) -> Iterator[Claim]:
        texts = [folded(passage.text) for passage in passages]
        read = [quantities(text) for text in texts]
        mentions = [self._mentions(text) if found else [] for text, (found, _) in zip(texts, read, strict=True)]
        usual = self.finder.usual(mention for group in mentions for mention in group)
        sums = _sums(found for found, _ in read)
        number = 0
        for passage, text, (found, printed_dates), named in zip(passages, texts, read, mentions, strict=True):
            heading = self._mentions(passage.section) if found else []
            kept = [quantity for quantity in found if not self._is_name(quantity, named)]
            setting = Setting(text, language_of(text) or "en", named, kept, heading, usual)
            said = [(quantity, _date(quantity, setting, printed_dates)) for quantity in kept]
            taken = {date for _, date in said}
            alone = [(_of_date(date), date.iso) for date in printed_dates if date.iso and date.iso not in taken]
            for quantity, as_of_date in sorted((*said, *alone), key=lambda pair: pair[0].start):
                number += 1
                subject = self.finder.subject(quantity, setting)
                priced = _with_currency(quantity, text[quantity.start : quantity.end], subject, sums)
                yield _claim(f"{article_id}#{number:02d}", passage, priced, subject, as_of_date)

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


def _claim(claim_id: str, passage: Passage, quantity: Quantity, subject: Subject, date: str) -> Claim:
    start, end = quantity.start + passage.start, quantity.end + passage.start
    return Claim(
        claim_id=claim_id,
        article_id=passage.article_id,
        passage_id=passage.passage_id,
        quantity=replace(quantity, start=start, end=end, kind=_kind(quantity, subject)),
        printed=passage.text[quantity.start : quantity.end],
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

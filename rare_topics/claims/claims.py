"""The claims of a study as tables, and by what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Any

from rare_topics.claims.comparison import grouped, subject_name
from rare_topics.claims.date_checks import misdated
from rare_topics.claims.extractor import Claim, ClaimReader
from rare_topics.claims.measures import name_of
from rare_topics.claims.verdicts import CONTRADICTS, verdict
from rare_topics.lexicon import Lexicon
from rare_topics.runtime.parallel import map_batches
from rare_topics.text.segmenter import Segmenter
from rare_topics.text.token_patterns import folded

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.corpus.corpus import Corpus

COLUMNS = (
    "claim_id", "article_id", "passage_id", "printed", "value", "value_high", "unit", "kind", "qualifier", "subject",
    "as_of", "start", "end",
)  # fmt: skip
DISAGREEMENT_COLUMNS = ("group", "subject", "unit", "claim_id", "article_id", "value", "value_high", "verdict")
ROWS_SHOWN = 20


class Claims:
    """What the articles state in numbers, and where they disagree.

    Parameters
    ----------
    corpus
        Articles with their passages.
    lexicon, segmenter
        What names the subjects; those of the package if None.
    claims
        What `ClaimReader` has read in these articles; None reads them.

    Examples
    --------
    >>> import rare_topics as rt
    >>> claims = rt.Claims(rt.read_pages("seeds"))
    >>> claims.about("processing share")["article_id"].nunique() >= 7
    True
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        lexicon: Lexicon | None = None,
        segmenter: Segmenter | None = None,
        claims: Iterable[Claim] | None = None,
    ) -> None:
        self.corpus = corpus
        self.lexicon = lexicon or Lexicon()
        self.segmenter = segmenter or Segmenter(self.lexicon.words)
        if claims is None:
            read = ClaimReader(self.lexicon, self.segmenter).read
            claims = chain.from_iterable(map_batches(read, corpus.articles))
        self.claims: tuple[Claim, ...] = tuple(claims)

    def among(self, corpus: Corpus) -> Claims:
        """Return the claims of a part of the articles, without reading them again."""
        wanted = {article.article_id for article in corpus}
        claims = (claim for claim in self.claims if claim.article_id in wanted)
        return Claims(corpus, lexicon=self.lexicon, segmenter=self.segmenter, claims=claims)

    def __len__(self) -> int:
        return len(self.claims)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every claim, one a row.

        Returns
        -------
        DataFrame
            claim_id, article_id, passage_id, printed, value, value_high (not a number where no
            range is printed), unit, kind, qualifier, subject, as_of, start, end: offsets into
            the body, or into the title where the passage is a title.
        """
        return _frame(self.claims)

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Claim, ...]], ...]:
        """Claims about the same subject and unit, by the name of the subject."""
        return tuple((name, tuple(group)) for name, group in grouped(self.claims))

    @cached_property
    def disagreements(self) -> pd.DataFrame:
        """Claims about the same subject side by side, with a verdict; values are never averaged.

        Returns
        -------
        DataFrame
            group, subject, unit, claim_id, article_id, value, value_high, verdict: one of
            ``agree``, ``agree at different precision``, ``differ by definition``, ``differ by
            date``, ``differ``, ``implausible``, and ``contradicts publication`` for a date
            that cannot be right if the article's own date is.
        """
        return judged(self.claims, {article.article_id: article.published for article in self.corpus})

    def about(self, subject: str) -> pd.DataFrame:
        """Select the claims about a subject.

        Parameters
        ----------
        subject
            Words in either language: a measure (``processing share``, its Chinese name), a thing,
            a place, or several of them.

        Returns
        -------
        DataFrame
            The rows of `table` whose subject has all of them, with the quote.
        """
        wanted = [word for word in re.split(r"[\s·;,]+", folded(subject).lower()) if word]
        chosen = [claim for claim in self.claims if _speaks_of(self._names(claim), folded(subject).lower(), wanted)]
        quotes = [self.corpus.passages.by_id(claim.passage_id).text for claim in chosen]
        return _frame(chosen).assign(quote=quotes)

    def _names(self, claim: Claim) -> str:
        """Name the subject of a claim in every way that it may be asked for."""
        subject, kind = claim.subject, claim.quantity.kind
        names = [name_of(subject.measure, kind, lang) for lang in ("en", "zh")]
        for concept in (subject.of, subject.where):
            entry = self.lexicon.concepts.get(concept)
            names += [concept, *(entry.zh + entry.en if entry else ())]
        return "\n".join(names).lower()

    def _repr_html_(self) -> str:
        """Show the first rows as a table; whatever a page prints is shown as text."""
        head = "".join(
            f"<th>{escape(column)}</th>" for column in ("printed", "value", "unit", "subject", "as of", "title")
        )
        rows = "".join(self._row(claim) for claim in self.claims[:ROWS_SHOWN])
        note = f"{len(self)} claims of {len({claim.article_id for claim in self.claims})} articles"
        return f"<table><caption>{note}</caption><tr>{head}</tr>{rows}</table>"

    def _row(self, claim: Claim) -> str:
        quantity = claim.quantity
        value = f"{quantity.value:,.12g}" + (
            f" to {quantity.value_high:,.12g}" if quantity.value_high is not None else ""
        )
        title = self.corpus[claim.article_id].title
        cells = (claim.printed, value, quantity.unit, subject_name(claim.subject, quantity.kind), claim.as_of, title)
        return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _speaks_of(names: str, phrase: str, words: Sequence[str]) -> bool:
    return phrase in names or all(word in names for word in words)


def judged(claims: Sequence[Claim], published: Mapping[str, datetime | None]) -> pd.DataFrame:
    """Judge claims side by side; see `Claims.disagreements`.

    Parameters
    ----------
    claims
        Of any number of articles, in their order.
    published
        Date of publication by article, None where unknown.
    """
    import pandas as pd

    found = [(name, group, verdict(group)) for name, group in grouped(claims)]
    wrong = misdated(claims, published)
    found += [("date of publication", [claim], CONTRADICTS) for claim in wrong]
    rows = [
        (
            name, subject_name(claim.subject, claim.quantity.kind), claim.quantity.unit, claim.claim_id,
            claim.article_id, claim.quantity.value, claim.quantity.value_high, said,
        )
        for name, group, said in found
        for claim in group
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(DISAGREEMENT_COLUMNS)).astype({"value": float, "value_high": float})


def claim_row(claim: Claim) -> tuple[Any, ...]:
    """Write a claim as a row of `Claims.table`."""
    quantity = claim.quantity
    return (
        claim.claim_id, claim.article_id, claim.passage_id, claim.printed, quantity.value, quantity.value_high,
        quantity.unit, quantity.kind, quantity.qualifier, subject_name(claim.subject, quantity.kind), claim.as_of,
        quantity.start, quantity.end,
    )  # fmt: skip


def _frame(claims: Sequence[Claim]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(map(claim_row, claims), columns=list(COLUMNS))
    return frame.astype({"value": float, "value_high": float, "start": int, "end": int})

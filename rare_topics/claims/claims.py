"""Claims of a corpus as tables, and selected by subject."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Any

from rare_topics.claims.comparison import compare_claims, group_claims
from rare_topics.claims.context import Clauses, NameFinder
from rare_topics.claims.extractor import Claim, ClaimReader
from rare_topics.claims.measures import measure_label, measures
from rare_topics.claims.wording import subject_wording
from rare_topics.lexicon import Lexicon
from rare_topics.runtime.parallel import map_batches
from rare_topics.text.token_patterns import normalize_characters
from rare_topics.text.tokenizer import MixedTextTokenizer

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.corpus.corpus import Corpus

COLUMNS = (
    "claim_id", "article_id", "passage_id", "printed", "value", "value_high", "unit", "kind", "qualifier", "subject",
    "as_of", "tense", "start", "end", "quote", "title",
)  # fmt: skip
# Words of a query that name nothing.
_QUERY_FILLERS = frozenset({"of", "the", "in", "by", "and", "'s", "的", "在", "和", "对"})
# Rows of the table that a notebook shows.
MAX_HTML_ROWS = 20


class Claims:
    """Numeric claims of a corpus, and where articles disagree.

    Parameters
    ----------
    corpus
        Articles with their passages.
    lexicon, segmenter
        They find the subjects; those of the package if None.
    claims
        Claims that `ClaimReader` has read in these articles already; None reads them.

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
        segmenter: MixedTextTokenizer | None = None,
        claims: Iterable[Claim] | None = None,
    ) -> None:
        self.corpus = corpus
        self.lexicon = lexicon or Lexicon()
        self.segmenter = segmenter or MixedTextTokenizer(self.lexicon.words)
        if claims is None:
            read = ClaimReader(self.lexicon, self.segmenter).read
            claims = chain.from_iterable(map_batches(read, corpus.articles))
        self.claims: tuple[Claim, ...] = tuple(claims)

    def subset(self, corpus: Corpus) -> Claims:
        """Return the claims of some of the articles, without reading them again.

        Parameters
        ----------
        corpus
            Some of the articles.
        """
        article_ids = {article.article_id for article in corpus}
        claims = (claim for claim in self.claims if claim.article_id in article_ids)
        return Claims(corpus, lexicon=self.lexicon, segmenter=self.segmenter, claims=claims)

    def counterpart_of(self, claim: Claim) -> str:
        """Name the country that the clause of a claim sets against the claim's own, such as whom one depends on.

        Parameters
        ----------
        claim
            One of the claims.

        Returns
        -------
        str
            A concept; empty where the clause names none, or several.
        """
        passage = self.corpus.passages.by_id(claim.passage_id)
        text = normalize_characters(passage.text)
        clauses = Clauses(text)
        clause = clauses.number_at(claim.quantity.start - passage.start)
        places = NameFinder(self.lexicon).places(text, self.lexicon.mentions(self.segmenter.tokenize(text)), clauses)
        found = {place.concept for place in places if place.clause == clause and place.is_other_side}
        found -= {claim.subject.place}
        return found.pop() if len(found) == 1 else ""

    def __len__(self) -> int:
        return len(self.claims)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every claim, one a row.

        Returns
        -------
        DataFrame
            claim_id, article_id, passage_id, printed, value, value_high (NaN where no range is
            printed), unit, kind, qualifier, subject, as_of, tense (``now``, ``history``, ``plan``
            or ``hypothetical``), start, end: character offsets into the body, or into the title
            where the passage is a title; quote: the passage, title: that of the article.
        """
        return self._rows(self.claims)

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Claim, ...]], ...]:
        """Groups of claims about the same subject in the same unit, by name; see `group_claims`."""
        return tuple((name, tuple(group)) for name, group in group_claims(self.claims))

    @cached_property
    def disagreements(self) -> pd.DataFrame:
        """Claims about the same subject side by side, with a verdict; values are never averaged.

        Returns
        -------
        DataFrame
            group, subject, unit, claim_id, article_id, value, value_high, verdict, printed,
            as_of, title. The verdict is one of ``agree``, ``agree at different precision``,
            ``agree as copies of one text``, ``differ by definition``, ``differ by date`` (where all
            are dated), ``differ``, ``contradict`` (in articles that tell one story),
            ``implausible``, and ``contradicts publication`` for a date that cannot be right if
            the article's own date is. What one article repeats is no group.
        """
        published = {article.article_id: article.published for article in self.corpus}
        titles = {article.article_id: article.title for article in self.corpus}
        return compare_claims(self.claims, published, titles=titles)

    def about(self, subject: str) -> pd.DataFrame:
        """Select the claims about a subject.

        Parameters
        ----------
        subject
            Words in either language and any order: a measure (``processing share``, its Chinese
            name), a thing, a place, or several of them, with or without spaces between Chinese words.

        Returns
        -------
        DataFrame
            The rows of `table` whose subject has all of them.
        """
        wanted = self._query_words(normalize_characters(subject).lower())
        return self._rows([claim for claim in self.claims if wanted and self._is_about(claim, wanted)])

    def _query_words(self, query: str) -> list[tuple[str, frozenset[str]]]:
        """Cut a query into words, each with the concepts that it names."""
        words = []
        for token in self.segmenter.tokenize(query):
            if token.text in _QUERY_FILLERS or not re.search(r"\w", token.text):
                continue
            concepts = {mention.concept for mention in self.lexicon.mentions([token])}
            words.append((token.text.removesuffix("'s"), frozenset(concepts)))
        return words

    def _is_about(self, claim: Claim, wanted: Iterable[tuple[str, frozenset[str]]]) -> bool:
        concepts, names = self._subject_concepts(claim), self._subject_names(claim)
        return all(word in names or not concepts.isdisjoint(of_word) for word, of_word in wanted)

    def _subject_concepts(self, claim: Claim) -> frozenset[str]:
        subject = claim.subject
        named = measures()[subject.measure].concepts if subject.measure in measures() else frozenset()
        return named | ({subject.object, subject.place, subject.term} - {""})

    def _subject_names(self, claim: Claim) -> str:
        """Join every name of a claim's measure, object and place, in lower case."""
        subject = claim.subject
        names = [*measure_label(subject.measure, claim.quantity.kind), *subject_wording(claim, self.lexicon)]
        for concept in self._subject_concepts(claim):
            entry = self.lexicon.concepts.get(concept)
            names += [concept, *(entry.zh + entry.en if entry else ())]
        return "\n".join(names).lower()

    def _rows(self, claims: Iterable[Claim]) -> pd.DataFrame:
        import pandas as pd

        passage, corpus = self.corpus.passages.by_id, self.corpus
        rows = (
            claim_row(claim, quote=passage(claim.passage_id).text, title=corpus[claim.article_id].title)
            for claim in claims
        )
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        return table.astype({"value": float, "value_high": float, "start": int, "end": int})

    def _repr_html_(self) -> str:
        """Show the first rows as a table; text of the pages is escaped."""
        head = "".join(
            f"<th>{escape(column)}</th>" for column in ("printed", "value", "unit", "subject", "as of", "title")
        )
        rows = "".join(self._html_row(claim) for claim in self.claims[:MAX_HTML_ROWS])
        note = f"{len(self)} claims of {len({claim.article_id for claim in self.claims})} articles"
        return f"<table><caption>{note}</caption><tr>{head}</tr>{rows}</table>"

    def _html_row(self, claim: Claim) -> str:
        quantity = claim.quantity
        value = f"{quantity.value:,.12g}"
        if quantity.value_high is not None:
            value += f" to {quantity.value_high:,.12g}"
        title = self.corpus[claim.article_id].title
        subject = " · ".join(subject_wording(claim, self.lexicon))
        cells = (claim.printed, value, quantity.unit, subject, claim.as_of, title)
        return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def claim_row(claim: Claim, *, quote: str, title: str) -> tuple[Any, ...]:
    """Return the cells of a claim in `Claims.table`, in the order of `COLUMNS`.

    Parameters
    ----------
    claim
        A claim.
    quote, title
        The passage that states it, and the title of its article.
    """
    quantity = claim.quantity
    return (
        claim.claim_id, claim.article_id, claim.passage_id, claim.printed, quantity.value, quantity.value_high,
        quantity.unit, quantity.kind, quantity.qualifier, claim.subject.name(quantity.kind), claim.as_of,
        claim.tense, quantity.start, quantity.end, quote, title,
    )  # fmt: skip

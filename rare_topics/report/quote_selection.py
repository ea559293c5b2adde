"""Which passages to quote to a reader who has a minute."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rare_topics.report.anchors import Anchors

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.study import Study

# Characters; a longer passage is quoted only where there is no shorter one. Chosen by hand on the seed pages.
LONG_QUOTE = 320
# Score that a passage needs to be quoted for what was done on a date. Chosen by hand on the seed pages.
MIN_DATED_SCORE = 0.5
MONTH_LENGTH = len("2025-10")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Words of an article, and where they stand.

    Attributes
    ----------
    text
        The passage.
    lang
        Its language as HTML names it.
    article
        Identifier of the article.
    at
        Identifier of the link target within the article.
    date, source
        Of the article, or the date that the passage speaks of.
    """

    text: str
    lang: str
    article: str
    at: str
    date: str
    source: str


class QuoteSelector:
    """Choose quotes from the evidence of a study.

    Parameters
    ----------
    study
        A fitted study.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.anchors = Anchors(study.corpus)
        self.evidence = study.themes.evidence.merge(study.themes.table, on=["article_id", "theme"])

    def passage_ids(self, themes: Collection[str]) -> set[str]:
        """Return the passages that are evidence of any of the themes."""
        return set(self._evidence_of(themes)["passage_id"])

    def clearest(self, themes: Collection[str], *, n: int) -> list[Quote]:
        """Quote the clearest passages of themes, at most one an article, the languages in turn.

        Parameters
        ----------
        themes
            Identifiers of themes.
        n
            Number of quotes at most.

        Returns
        -------
        list of Quote
        """
        by_language: dict[str, list[str]] = defaultdict(list)
        quoted_articles: set[str] = set()
        for passage_id, article_id in self._ranked(self._evidence_of(themes)):
            if article_id not in quoted_articles:
                quoted_articles.add(article_id)
                by_language[self.study.corpus[article_id].body_lang].append(passage_id)
        turns = sorted(
            (turn, lang, passage_id)
            for lang, passages in by_language.items()
            for turn, passage_id in enumerate(passages)
        )
        return [self.quote(passage_id) for _, _, passage_id in turns[:n]]

    def by_date(self, themes: Collection[str], *, n: int) -> list[Quote]:
        """Quote one passage for each date that the texts name, or for the month of publication where they name none.

        Parameters
        ----------
        themes
            Identifiers of themes.
        n
            Number of quotes at most; of more dates the latest are quoted.

        Returns
        -------
        list of Quote
            In order of time. A month has no quote where a day in it has one.
        """
        evidence = self._evidence_of(themes)
        dates = self.study.themes.named_dates
        named_dates = dates[~dates["suspect"].astype(bool)].groupby("passage_id")["date"].first().to_dict()
        passage_of_date: dict[str, str] = {}
        for passage_id, article_id in self._ranked(evidence[evidence["score"] >= MIN_DATED_SCORE]):
            published = self.study.corpus[article_id].published
            date = str(named_dates.get(passage_id) or (f"{published:%Y-%m}" if published else ""))
            if date:
                passage_of_date.setdefault(date, passage_id)
        days = [date for date in passage_of_date if len(date) > MONTH_LENGTH]
        months_with_day = {day[:MONTH_LENGTH] for day in days}
        months = [date for date in passage_of_date if len(date) <= MONTH_LENGTH and date not in months_with_day]
        return [self.quote(passage_of_date[date], date=date) for date in sorted(days + months)[-n:]]

    def quote(self, passage_id: str, *, date: str = "") -> Quote:
        """Quote a passage, under the date of its article where none is given.

        Parameters
        ----------
        passage_id
            Identifier of the passage.
        date
            As YYYY-MM-DD or YYYY-MM.

        Returns
        -------
        Quote
        """
        passage = self.anchors.passages.by_id(passage_id)
        article = self.study.corpus[passage.article_id]
        lang = article.title_lang if passage.kind == "title" else article.body_lang
        return Quote(
            text=passage.text,
            lang="zh-Hans" if lang == "zh" else "en",
            article=article.article_id,
            at=self.anchors.passage_anchor(passage_id)["at"],
            date=date or (f"{article.published:%Y-%m-%d}" if article.published else ""),
            source=article.source,
        )

    def _evidence_of(self, themes: Collection[str]) -> pd.DataFrame:
        return self.evidence[self.evidence["theme"].isin(list(themes))]

    def _ranked(self, evidence: pd.DataFrame) -> list[tuple[str, str]]:
        """Return (passage_id, article_id), best first: body before title, of its own year, short, clear."""
        columns = ["passage_id", "article_id", "strength", "score", "confidence"]
        rows = sorted(evidence[columns].to_numpy().tolist(), key=self._sort_key)
        return [(passage_id, article_id) for passage_id, article_id, *_ in rows]

    def _sort_key(self, row: list[Any]) -> tuple[Any, ...]:
        passage_id, article_id, strength, score, confidence = row
        passage = self.anchors.passages.by_id(passage_id)
        published = self.study.corpus[article_id].published
        years = {int(year) for year in _YEAR.findall(passage.text)}
        names_other_year = bool(published and years - {published.year})
        return (
            passage.kind == "title",
            names_other_year,
            len(passage.text) > LONG_QUOTE,
            -strength,
            -score,
            -confidence,
            passage_id,
        )

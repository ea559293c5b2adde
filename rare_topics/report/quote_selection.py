"""Which passages to quote to a reader who has a minute."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rare_topics.report.anchors import Places

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.study import Study

# A quote longer than this is not read within a minute.
LONG = 320
# What says what was done on a date has to speak of it at least so clearly.
CLEAR = 0.5
MONTH = len("2025-10")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Words of an article, and where they stand."""

    text: str
    lang: str
    article: str
    at: str
    date: str
    source: str


class Quotes:
    """Choose from the evidence of a study.

    Parameters
    ----------
    study
        A fitted study.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.places = Places(study.corpus)
        self.evidence = study.themes.evidence.merge(study.themes.table, on=["article_id", "theme"])

    def passages(self, themes: Collection[str]) -> set[str]:
        """Name the passages that speak of any of the themes."""
        return set(self._of(themes)["passage_id"])

    def best(self, themes: Collection[str], most: int, *, prefer: Collection[str] = ()) -> list[Quote]:
        """Quote the clearest passages of themes, one an article, both languages before a second of one.

        Parameters
        ----------
        themes
            Identifiers of themes.
        most
            Number of quotes at most.
        prefer
            Passages that go before others.

        Returns
        -------
        list of Quote
        """
        ranked: dict[str, list[str]] = defaultdict(list)
        seen: set[str] = set()
        for passage_id, article_id in self._ranked(self._of(themes), prefer):
            if article_id not in seen:
                seen.add(article_id)
                ranked[self.study.corpus[article_id].body_lang].append(passage_id)
        turns = sorted((turn, lang) for lang, found in ranked.items() for turn in range(len(found)))
        return [self.of_passage(ranked[lang][turn]) for turn, lang in turns[:most]]

    def dated(self, theme: str, most: int) -> list[Quote]:
        """Quote what was done by the dates that the texts name, else by the month of publication.

        Returns
        -------
        list of Quote
            In order of time, the latest if there are more than `most`.
        """
        evidence = self._of([theme])
        events = self.study.themes.events
        named = events[~events["suspect"].astype(bool)].groupby("passage_id")["date"].first().to_dict()
        first: dict[str, str] = {}
        for passage_id, article_id in self._ranked(evidence[evidence["score"] >= CLEAR]):
            published = self.study.corpus[article_id].published
            date = str(named.get(passage_id) or (f"{published:%Y-%m}" if published else ""))
            first.setdefault(date, passage_id)
        first.pop("", None)
        days = {date[:MONTH] for date in first if len(date) > MONTH}
        chosen = [date for date in sorted(first) if len(date) > MONTH or date not in days]
        return [self.of_passage(first[date], date=date) for date in chosen[-most:]]

    def of_passage(self, passage_id: str, *, date: str = "") -> Quote:
        """Quote a passage, under the date of its article where none is given."""
        passage = self.places.passages.named(passage_id)
        article = self.study.corpus[passage.article_id]
        lang = article.title_lang if passage.kind == "title" else article.body_lang
        return Quote(
            text=passage.text,
            lang="zh-Hans" if lang == "zh" else "en",
            article=article.article_id,
            at=self.places.of_passage(passage_id)["at"],
            date=date or (f"{article.published:%Y-%m-%d}" if article.published else ""),
            source=article.source,
        )

    def _of(self, themes: Collection[str]) -> pd.DataFrame:
        return self.evidence[self.evidence["theme"].isin(list(themes))]

    def _ranked(self, evidence: pd.DataFrame, prefer: Collection[str] = ()) -> list[tuple[str, str]]:
        """Order passages: body before headline, preferred, of their own year, short, strong, clear."""
        rows = evidence[["passage_id", "article_id", "strength", "score", "confidence"]].to_numpy().tolist()

        def order(row: list[Any]) -> tuple[Any, ...]:
            passage_id, article_id, *sizes = row
            passage, published = self.places.passages.named(passage_id), self.study.corpus[article_id].published
            years = {int(year) for year in _YEAR.findall(passage.text)}
            elsewhen = bool(published and years - {published.year})
            faults = (passage.kind == "title", passage_id not in prefer, elsewhen, len(passage.text) > LONG)
            return (*faults, *(-size for size in sizes), passage_id)

        return [(row[0], row[1]) for row in sorted(rows, key=order)]

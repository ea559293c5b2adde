"""One theme in a corpus: its quotes, its strength, its months."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from rare_topics.themes.strength import STRONG
from rare_topics.themes.theme_file import Theme

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.themes.themes import Themes

SHOWN_QUOTES = 3


class ThemeResult:
    """One theme in a corpus.

    Attributes
    ----------
    theme, title_zh, title_en, question, question_zh
        What it is.
    evidence : DataFrame
        Its quotes, best first: article_id, passage_id, section, kind, pages, quote, start, end,
        score (0 to 1). Headlines have the kind ``title``; their offsets count from the title.
    strength : DataFrame
        article_id, strength (0 to 3), confidence, of every article.
    over_time : DataFrame
        month, n_articles, n_strong, share, low, high.
    """

    def __init__(self, theme: Theme, name: str, themes: Themes) -> None:
        country = name.removeprefix(theme.theme).strip("_")
        zh, en = themes.labels(country) if theme.each and country else ("", "")
        self.theme = name
        self.title_zh = f"{theme.title_zh}:{zh}" if zh else theme.title_zh
        self.title_en = f"{theme.title_en}: {en}" if en else theme.title_en
        self.question = theme.question
        self.question_zh = theme.question_zh
        self._themes = themes

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Quotes of the theme, best first."""
        found = self._themes.evidence
        found = found[found["theme"] == self.theme].drop(columns="theme")
        passages = [self._themes.passage(passage_id) for passage_id in found["passage_id"]]
        found.insert(2, "section", [passage.section for passage in passages])
        found.insert(3, "kind", [passage.kind for passage in passages])
        pages = [self._themes.corpus[passage.article_id].pages for passage in passages]
        found.insert(4, "pages", ["; ".join(names) for names in pages])
        ranked = found.sort_values("score", ascending=False, kind="stable")
        return ranked.reset_index(drop=True)

    @cached_property
    def strength(self) -> pd.DataFrame:
        """Strength and confidence of the theme in each article."""
        table = self._themes.table
        return table[table["theme"] == self.theme].drop(columns="theme").reset_index(drop=True)

    @cached_property
    def over_time(self) -> pd.DataFrame:
        """Share of the articles of each month that the theme is a real part of."""
        table = self._themes.over_time
        return table[table["theme"] == self.theme].drop(columns="theme").reset_index(drop=True)

    def __repr__(self) -> str:
        n = int((self.strength["strength"] >= STRONG).sum())
        return f"<theme {self.theme}: {self.title_en}, a real part of {n} of {len(self.strength)} articles>"

    def _repr_html_(self) -> str:
        strong = int((self.strength["strength"] >= STRONG).sum())
        quotes = "".join(
            f"<li>{escape(str(quote))} <small>({escape(str(passage))}, {score:.2f})</small></li>"
            for quote, passage, score in self.evidence[["quote", "passage_id", "score"]].head(SHOWN_QUOTES).to_numpy()
        )
        return (
            f"<b>{escape(self.title_zh)} · {escape(self.title_en)}</b><br><i>{escape(self.question)}</i><br>"
            f"{strong} / {len(self.strength)}<ul>{quotes}</ul>"
        )

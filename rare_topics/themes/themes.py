"""What the themes of a corpus are, as tables and one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.records import Passage
from rare_topics.themes.events import event_dates
from rare_topics.themes.matcher import Mark
from rare_topics.themes.strength import STRONG, strength_of
from rare_topics.themes.theme import ThemeResult
from rare_topics.themes.theme_file import ROLES, Theme
from rare_topics.themes.timeline import by_month

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# A passage is explained by a theme that it speaks of at least so clearly.
EXPLAINED = 0.5


class Themes(Mapping[str, ThemeResult]):
    """The themes of a corpus, by name.

    Parameters
    ----------
    corpus
        The articles.
    themes
        What was looked for.
    marks
        Passages that speak of them.
    labels
        Names of countries, Chinese and English, by concept.
    passage_topics
        Weight of each topic in each passage, of shape (n_passages, n_topics), or in each
        article, of shape (n_articles, n_topics), where passages have none of their own.
    random_state
        Seed of the intervals.

    Examples
    --------
    >>> import rare_topics as rt
    >>> study = rt.Study(random_state=0).fit(rt.read_pages("seeds"))
    >>> "alt_supplier_greenland" in study.themes
    True
    """

    def __init__(
        self,
        corpus: Corpus,
        themes: tuple[Theme, ...],
        marks: tuple[Mark, ...],
        *,
        labels: Mapping[str, tuple[str, str]],
        passage_topics: NDArray[np.float64] | None = None,
        random_state: int = 0,
    ) -> None:
        self.corpus = corpus
        self.marks = marks
        self.passage_topics = passage_topics
        self.random_state = random_state
        self._themes, self._labels = themes, labels
        self._homes = names_found(themes, {mark.theme for mark in marks if mark.score})

    def __getitem__(self, name: str) -> ThemeResult:
        if name not in self._homes:
            raise KeyError(f"no theme '{name}'; there are {', '.join(self._homes)}")
        return ThemeResult(self._homes[name], name, self)

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)

    def __repr__(self) -> str:
        return f"<themes of {len(self.corpus)} articles: {', '.join(self)}>"

    def _repr_html_(self) -> str:
        counts = self.table[self.table["strength"] >= STRONG].groupby("theme").size()
        rows = "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{escape(theme.title_zh)} · {escape(theme.title_en)}</td>"
            f"<td>{int(counts.get(name, 0))}</td></tr>"
            for name, theme in self.items()
        )
        return f"<table><tr><th>theme</th><th>title</th><th>articles</th></tr>{rows}</table>"

    def among(self, corpus: Corpus, *, passage_topics: NDArray[np.float64] | None = None) -> Themes:
        """Return the themes of a part of the articles, without reading them again."""
        wanted = {article.article_id for article in corpus}
        return Themes(
            corpus,
            self._themes,
            tuple(mark for mark in self.marks if mark.passage.article_id in wanted),
            labels=self._labels,
            passage_topics=passage_topics,
            random_state=self.random_state,
        )

    def labels(self, country: str) -> tuple[str, str]:
        """Name a country in Chinese and English."""
        return self._labels.get(country, (country, country))

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by its id."""
        return self.corpus.passages.named(passage_id)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Strength of each theme in each article: the columns of ``themes.csv``."""
        import pandas as pd

        scores: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        for mark in self.marks:
            if mark.score:
                scores[mark.passage.article_id][mark.theme][mark.passage.passage_id] = mark.score
        row_of = {article.article_id: row for row, article in enumerate(self.corpus)}
        column_of = {name: column for column, name in enumerate(self)}
        strength, confidence = np.zeros((len(row_of), len(self)), dtype=np.int64), np.ones((len(row_of), len(self)))
        for article_id, told in scores.items():
            row = row_of[article_id]
            passages = self.corpus.passages.of(row)
            for name, found in told.items():
                weighed = strength_of(passages, found, weight=self._homes[name].weight)
                strength[row, column_of[name]], confidence[row, column_of[name]] = weighed.strength, weighed.confidence
        return pd.DataFrame(
            {
                "article_id": np.repeat(np.array(list(row_of), dtype=object), len(self)),
                "theme": np.tile(np.array(list(self), dtype=object), len(row_of)),
                "strength": strength.ravel(),
                "confidence": confidence.ravel(),
            }
        )

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Passages that speak of each theme: the columns of ``evidence.csv``."""
        import pandas as pd

        rows = [
            (p.article_id, mark.theme, p.passage_id, p.text, p.start, p.end, mark.score)
            for mark in self.marks
            if mark.score
            for p in [mark.passage]
        ]
        columns = ["article_id", "theme", "passage_id", "quote", "start", "end", "score"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def suppliers(self) -> pd.DataFrame:
        """Country, role, article, stages of the chain, and the passage that says so best."""
        import pandas as pd

        best: dict[tuple[str, str, str], tuple[float, Mark]] = {}
        stages: dict[tuple[str, str, str], set[str]] = {}
        for mark in self.marks:
            for match in mark.matches:
                if match.frame.role and match.country:
                    key = (match.country, match.frame.role, mark.passage.article_id)
                    stages.setdefault(key, set()).update({match.frame.aspect} - {""})
                    known = best.get(key)
                    if known is None or match.frame.weight > known[0]:
                        best[key] = (match.frame.weight, mark)
        order = {article.article_id: number for number, article in enumerate(self.corpus)}
        keys = sorted(best, key=lambda key: (key[0], ROLES.index(key[1]), order[key[2]]))
        rows = []
        for key in keys:
            found = best[key][1].passage
            quoted = (found.passage_id, found.kind, found.text, found.start, found.end)
            rows.append((*key, "; ".join(sorted(stages[key])), *quoted))
        columns = ["country", "role", "article_id", "stages", "passage_id", "kind", "quote", "start", "end"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def aspects(self) -> pd.DataFrame:
        """Sides of a theme that passages speak of: article_id, theme, aspect, passage_id, quote."""
        import pandas as pd

        rows = [
            (mark.passage.article_id, mark.theme, aspect, mark.passage.passage_id, mark.passage.text)
            for mark in self.marks
            for aspect in dict.fromkeys(match.frame.aspect for match in mark.matches)
            if aspect and mark.score
        ]
        return pd.DataFrame(rows, columns=["article_id", "theme", "aspect", "passage_id", "quote"])

    @cached_property
    def topics(self) -> pd.DataFrame:
        """Share of each topic's passages that a theme explains: topic, theme, share."""
        import pandas as pd

        columns = ["topic", "theme", "share"]
        topics, explained = self.passage_topics, self._explained
        if topics is None:
            return pd.DataFrame(columns=columns)
        sizes = np.ones(len(topics))
        if len(topics) == len(self.corpus):
            explained, sizes = self._of_articles @ explained, np.diff(self.corpus.passages.bounds)
        weights = topics.T @ sizes
        shares = (explained.T @ topics).T / np.where(weights > 0, weights, 1)[:, None]
        return pd.DataFrame(
            [
                (topic, name, round(float(shares[topic, number]), 4))
                for topic in range(shares.shape[0])
                for number, name in enumerate(self)
            ],
            columns=columns,
        )

    @cached_property
    def unexplained(self) -> pd.DataFrame:
        """Passages that no theme explains: article_id, passage_id, section, quote, start, end."""
        import pandas as pd

        passages = self.corpus.passages
        found = (passages[row] for row in self._unexplained.tolist())
        rows = [(p.article_id, p.passage_id, p.section, p.text, p.start, p.end) for p in found]
        return pd.DataFrame(rows, columns=["article_id", "passage_id", "section", "quote", "start", "end"])

    @cached_property
    def over_time(self) -> pd.DataFrame:
        """Theme by month: n_articles, n_strong, share, and its 95 % interval over resamples."""
        return by_month(self.corpus, self.table, random_state=self.random_state)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Dates that the text names: article_id, passage_id, kind, printed, date, start, end, suspect."""
        import pandas as pd

        rows = []
        for passage in self.corpus.passages:
            published = self.corpus[passage.article_id].published
            named = event_dates(passage.text, published=published, offset=passage.start)
            rows += [(passage.article_id, passage.passage_id, passage.kind, *event) for event in named]
        columns = ["article_id", "passage_id", "kind", "printed", "date", "start", "end", "suspect"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def n_unexplained(self) -> int:
        """Number of passages that no theme explains."""
        return len(self._unexplained)

    @cached_property
    def _unexplained(self) -> NDArray[np.int64]:
        left = np.diff(self._explained.indptr) == 0
        left[self.corpus.passages.headings] = False
        return np.flatnonzero(left)

    @cached_property
    def _explained(self) -> sparse.csr_array:
        """Which passages each theme explains, of shape (n_passages, n_themes)."""
        column_of = {name: column for column, name in enumerate(self)}
        cells = {
            (self.corpus.passages.place(mark.passage.passage_id), column_of[mark.theme])
            for mark in self.marks
            if mark.score >= EXPLAINED
        }
        rows, columns = np.array(sorted(cells), dtype=np.int64).reshape(-1, 2).T
        return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(self.corpus.passages), len(self)))

    @property
    def _of_articles(self) -> sparse.csr_array:
        """Which passages each article has, of shape (n_articles, n_passages)."""
        bounds = self.corpus.passages.bounds
        n_passages = int(bounds[-1])
        return sparse.csr_array(
            (np.ones(n_passages), np.arange(n_passages), bounds), shape=(len(bounds) - 1, n_passages)
        )


def names_found(themes: Iterable[Theme], found: Collection[str]) -> dict[str, Theme]:
    """Name the themes that are reported: every theme, and of one with a copy for each country those found."""
    homes: dict[str, Theme] = {}
    for theme in themes:
        copies = sorted(name for name in found if name.startswith(f"{theme.theme}_"))
        homes.update(dict.fromkeys(copies if theme.each else [theme.theme], theme))
    return homes

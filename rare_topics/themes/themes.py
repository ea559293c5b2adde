"""The themes of a corpus: one by one, and as tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.clauses.dates import find_named_dates
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.languages import Label
from rare_topics.corpus.records import Passage
from rare_topics.themes.matches import ControlStatement, SupplyStatement, ThemeMatch, evidence_table
from rare_topics.themes.strength import STRONG, article_strength, monthly_shares
from rare_topics.themes.supply_facts import ROLES, STATUSES
from rare_topics.themes.theme_file import Theme

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Score from which on a theme covers a passage.
COVERING_SCORE = 0.5
SUPPLIER_COLUMNS = [
    "country", "role", "status", "stages", "confidence", "article_id", "passage_id", "kind", "quote", "start", "end",
    "title", "published",
]  # fmt: skip
EVENT_COLUMNS = [
    "article_id", "date", "actor", "direction", "object", "confidence", "passage_id", "quote", "start", "end", "title",
    "published",
]  # fmt: skip
# Quotes of a theme that a notebook shows.
N_NOTEBOOK_QUOTES = 3


class ThemeResult:
    """One theme in a corpus.

    Attributes
    ----------
    name : str
        As in the column ``theme`` of the tables.
    title, question, figure_title : Label
        What the theme is, what it asks, and the title of its figure, in both languages.
    role : str
        Question of the report that the theme answers: one of `theme_file.THEME_ROLES`, or empty.
    country : str
        Country that the theme is about, where it is about a supplier; else empty.
    controller : str
        Country whose acts of export control the theme is about, or empty.
    aspect_labels : dict of str to Label
        Its aspects, in the order of the theme file.
    evidence : DataFrame
        Its quotes, best first: article_id, passage_id, section, kind, pages, quote, start, end,
        score (0 to 1). Headlines have the kind ``title``; their offsets count from the title.
    strength : DataFrame
        article_id, strength (0 to 3), confidence, of every article.
    over_time : DataFrame
        month, n_articles, n_strong, share, low, high.
    articles : DataFrame
        published, source, title, strength, confidence, article_id, where the theme is a real part.
    """

    def __init__(self, name: str, theme: Theme, themes: Themes) -> None:
        self.name = name
        self.country = theme.country_of(name)
        self.title = theme.title
        if theme.per_country:
            country = themes.country_label(self.country)
            self.title = Label(zh=f"{theme.title.zh}：{country.zh}", en=f"{theme.title.en}: {country.en}")
        self.question = theme.question
        self.figure_title = theme.figure_title
        self.role = theme.role
        self.controller = theme.controller
        self.aspect_labels = dict(theme.aspect_labels)
        self._themes = themes

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Quotes of the theme, best first."""
        table = self._themes.evidence
        table = table[table["theme"] == self.name].drop(columns="theme")
        passages = [self._themes.passage(passage_id) for passage_id in table["passage_id"]]
        pages = [self._themes.corpus[passage.article_id].pages for passage in passages]
        table.insert(2, "section", [passage.section for passage in passages])
        table.insert(3, "kind", [passage.kind for passage in passages])
        table.insert(4, "pages", ["; ".join(names) for names in pages])
        return table.sort_values("score", ascending=False, kind="stable").reset_index(drop=True)

    @cached_property
    def strength(self) -> pd.DataFrame:
        """Strength and confidence of the theme in each article."""
        return self._rows(self._themes.table)

    @cached_property
    def over_time(self) -> pd.DataFrame:
        """Share of the articles of each month of which the theme is a real part."""
        return self._rows(self._themes.over_time)

    @cached_property
    def articles(self) -> pd.DataFrame:
        """Articles of which the theme is a real part: published, source, title, strength, confidence, article_id."""
        return self._dated(self.strength[self.strength["strength"] >= STRONG], "title", "strength", "confidence")

    def quotes(self, n: int = 5) -> pd.DataFrame:
        """Quote the clearest passage of each article, the clearest first.

        Parameters
        ----------
        n
            Number of articles at most.

        Returns
        -------
        DataFrame
            published, source, quote, title, article_id.
        """
        best = self.evidence[self.evidence["kind"] != "title"].drop_duplicates("article_id").head(n)
        return self._dated(best, "quote", "title")

    def _dated(self, rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """Put beside rows with an article_id when and by whom the article was published, and its title."""
        articles = [self._themes.corpus[article_id] for article_id in rows["article_id"]]
        dates = [f"{article.published:%Y-%m-%d}" if article.published else "" for article in articles]
        rows = rows.assign(
            published=dates, source=[one.source for one in articles], title=[one.title for one in articles]
        )
        return rows[["published", "source", *columns, "article_id"]].reset_index(drop=True)

    def _rows(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["theme"] == self.name].drop(columns="theme").reset_index(drop=True)

    @property
    def _n_strong(self) -> int:
        return int((self.strength["strength"] >= STRONG).sum())

    def __repr__(self) -> str:
        return f"<theme {self.name}: {self.title.en}, dealt with in {self._n_strong} of {len(self.strength)} articles>"

    def _repr_html_(self) -> str:
        best = self.evidence[["quote", "passage_id", "score"]].head(N_NOTEBOOK_QUOTES).to_numpy()
        quotes = "".join(
            f"<li>{escape(str(quote))} <small>({escape(str(passage))}, {score:.2f})</small></li>"
            for quote, passage, score in best
        )
        return (
            f"<b>{escape(self.title.zh)} · {escape(self.title.en)}</b><br><i>{escape(self.question.en)}</i><br>"
            f"{self._n_strong} / {len(self.strength)}<ul>{quotes}</ul>"
        )


class Themes(Mapping[str, ThemeResult]):
    """The themes of a corpus, by name.

    Parameters
    ----------
    corpus
        The articles.
    themes
        The themes that were looked for.
    matches
        Passages that speak of them, in the order of the articles.
    country_labels
        Names of countries by concept.
    passage_topics
        Weight of each topic in each passage, of shape (n_passages, n_topics), or in each
        article, of shape (n_articles, n_topics), where passages have none of their own.
    random_state
        Seed of the bootstrap intervals.

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
        matches: tuple[ThemeMatch, ...],
        *,
        country_labels: Mapping[str, Label],
        passage_topics: NDArray[np.float64] | None = None,
        random_state: int = 0,
    ) -> None:
        self.corpus = corpus
        self.matches = matches
        self.passage_topics = passage_topics
        self.random_state = random_state
        self._definitions = themes
        self._country_labels = country_labels
        self._by_name = themes_by_name(themes, {match.theme for match in matches if match.score})

    def __getitem__(self, name: str) -> ThemeResult:
        if name not in self._by_name:
            raise KeyError(f"no theme '{name}'; there are {', '.join(self._by_name)}")
        return ThemeResult(name, self._by_name[name], self)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __repr__(self) -> str:
        return f"<themes of {len(self.corpus)} articles: {', '.join(self)}>"

    def _repr_html_(self) -> str:
        n_strong = self.table[self.table["strength"] >= STRONG].groupby("theme").size()
        rows = "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{escape(theme.title.zh)} · {escape(theme.title.en)}</td>"
            f"<td>{int(n_strong.get(name, 0))}</td></tr>"
            for name, theme in self.items()
        )
        return f"<table><tr><th>theme</th><th>title</th><th>articles</th></tr>{rows}</table>"

    def with_role(self, role: str) -> list[ThemeResult]:
        """Return the themes that answer one question of the report, in the order of the theme file.

        Parameters
        ----------
        role
            One of `theme_file.THEME_ROLES`.
        """
        return [self[name] for name, theme in self._by_name.items() if theme.role == role]

    def subset(self, corpus: Corpus, *, passage_topics: NDArray[np.float64] | None = None) -> Themes:
        """Return the themes of a part of the articles, without matching them again.

        Parameters
        ----------
        corpus
            The part of the articles.
        passage_topics
            Weight of each topic in its passages or articles, as for `Themes`.

        Returns
        -------
        Themes
        """
        article_ids = {article.article_id for article in corpus}
        return Themes(
            corpus,
            self._definitions,
            tuple(match for match in self.matches if match.passage.article_id in article_ids),
            country_labels=self._country_labels,
            passage_topics=passage_topics,
            random_state=self.random_state,
        )

    def country_label(self, country: str) -> Label:
        """Return the name of a country in both languages; of an unknown one the concept itself."""
        return self._country_labels.get(country, Label(zh=country, en=country))

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by its id."""
        return self.corpus.passages.by_id(passage_id)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Strength of each theme in each article: the columns of ``themes.csv``."""
        return self._strengths_of(slice(None))

    def table_parts(self, n_articles: int) -> Iterator[pd.DataFrame]:
        """Return `table` for so many articles at a time."""
        for start in range(0, len(self.corpus), n_articles):
            yield self._strengths_of(slice(start, start + n_articles))

    def _strengths_of(self, rows: slice) -> pd.DataFrame:
        import pandas as pd

        strength, confidence = self._strengths
        ids = [article.article_id for article in self.corpus.articles[rows]]
        return pd.DataFrame(
            {
                "article_id": np.repeat(np.array(ids, dtype=object), len(self)),
                "theme": np.tile(np.array(list(self), dtype=object), len(ids)),
                "strength": strength[rows].ravel(),
                "confidence": confidence[rows].ravel(),
            }
        )

    @cached_property
    def _strengths(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Strength and confidence of each theme in each article, of shape (n_articles, n_themes) each."""
        matches: dict[tuple[str, str], list[ThemeMatch]] = defaultdict(list)
        for match in self.matches:
            if match.score:
                matches[match.passage.article_id, match.theme].append(match)
        row_of = {article.article_id: row for row, article in enumerate(self.corpus)}
        column_of = {name: column for column, name in enumerate(self)}
        strength = np.zeros((len(self.corpus), len(self)), dtype=np.int64)
        confidence = np.ones((len(self.corpus), len(self)))
        passages_of = lru_cache(maxsize=1)(self.corpus.passages.of_article)  # matches of an article stand together
        for (article_id, name), found in matches.items():
            row = row_of[article_id]
            weighed = found[0].strength or article_strength(
                passages_of(row),
                {match.passage.passage_id: match.score for match in found},
                weight=self._by_name[name].weight,
                is_clear=any(match.is_clear for match in found),
            )
            strength[row, column_of[name]] = weighed.strength
            confidence[row, column_of[name]] = weighed.confidence
        rows = [row_of[article.article_id] for article in self.corpus]  # a text that stands twice has one above
        return strength[rows], confidence[rows]

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Passages that speak of each theme: the columns of ``evidence.csv``."""
        return evidence_table(self.matches)

    def evidence_parts(self, n_matches: int) -> Iterator[pd.DataFrame]:
        """Return `evidence` for so many matches at a time."""
        for start in range(0, max(1, len(self.matches)), n_matches):
            yield evidence_table(self.matches[start : start + n_matches])

    @cached_property
    def suppliers(self) -> pd.DataFrame:
        """Who supplies, buys, passes on or joins in, by article: the columns of ``suppliers.csv``."""
        import pandas as pd

        article_order = {article.article_id: number for number, article in enumerate(self.corpus)}
        found = [
            (statement, match.passage)
            for match in self.matches
            if not match.theme
            for statement in match.statements
            if isinstance(statement, SupplyStatement)
        ]
        found.sort(
            key=lambda one: (
                one[0].country,
                ROLES.index(one[0].role),
                article_order[one[1].article_id],
                STATUSES.index(one[0].status) if one[0].status else 0,
            )
        )
        return pd.DataFrame(
            [
                (*said[:4], said.confidence, passage.article_id, passage.passage_id, *self._quote(passage))
                for said, passage in found
            ],
            columns=SUPPLIER_COLUMNS,
        )

    @cached_property
    def events(self) -> pd.DataFrame:
        """Acts of export control and of easing, by date of the act: the columns of ``events.csv``."""
        import pandas as pd

        article_order = {article.article_id: number for number, article in enumerate(self.corpus)}
        found = [
            (statement, match.passage)
            for match in self.matches
            if not match.theme
            for statement in match.statements
            if isinstance(statement, ControlStatement)
        ]
        found.sort(key=lambda one: (one[0].date or "9999", article_order[one[1].article_id], one[1].passage_id))
        rows = []
        for said, passage in found:
            _, quote, start, end, title, published = self._quote(passage)
            place = (passage.passage_id, quote, start, end, title, published)
            rows.append(
                (passage.article_id, said.date, said.actor, said.direction, said.object, said.confidence, *place)
            )
        return pd.DataFrame(rows, columns=EVENT_COLUMNS)

    def _quote(self, passage: Passage) -> tuple[str, str, int, int, str, str]:
        """Return kind, text and offsets of a passage, and title and day of its article."""
        article = self.corpus[passage.article_id]
        published = f"{article.published:%Y-%m-%d}" if article.published else ""
        return passage.kind, passage.text, passage.start, passage.end, article.title, published

    @cached_property
    def aspects(self) -> pd.DataFrame:
        """Aspects of themes that passages speak of: article_id, theme, aspect, passage_id, quote."""
        import pandas as pd

        rows = []
        for match in self.matches:
            if match.score:
                found = match.passage
                aspects = dict.fromkeys(frame.aspect for frame, _ in match.frame_matches if frame.aspect)
                rows += [(found.article_id, match.theme, aspect, found.passage_id, found.text) for aspect in aspects]
        return pd.DataFrame(rows, columns=["article_id", "theme", "aspect", "passage_id", "quote"])

    @cached_property
    def topic_coverage(self) -> pd.DataFrame:
        """Share of each topic's passages that a theme covers: topic, theme, share."""
        import pandas as pd

        columns = ["topic", "theme", "share"]
        weights = self.passage_topics
        if weights is None:
            return pd.DataFrame(columns=columns)
        covered, n_passages = self._covered, np.ones(len(weights))
        if len(weights) == len(self.corpus):
            covered = self._passages_of_articles @ covered
            n_passages = np.diff(self.corpus.passages.bounds)
        topic_sizes = weights.T @ n_passages
        shares = (covered.T @ weights).T / np.where(topic_sizes > 0, topic_sizes, 1)[:, None]
        rows = [
            (topic, name, round(float(shares[topic, number]), 4))
            for topic in range(shares.shape[0])
            for number, name in enumerate(self)
        ]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def uncovered_passages(self) -> pd.DataFrame:
        """Passages that no theme covers: article_id, passage_id, section, quote, start, end."""
        import pandas as pd

        passages = (self.corpus.passages[row] for row in self._uncovered.tolist())
        rows = [(p.article_id, p.passage_id, p.section, p.text, p.start, p.end) for p in passages]
        return pd.DataFrame(rows, columns=["article_id", "passage_id", "section", "quote", "start", "end"])

    @property
    def n_uncovered(self) -> int:
        """Number of passages that no theme covers."""
        return len(self._uncovered)

    @cached_property
    def over_time(self) -> pd.DataFrame:
        """Theme by month: n_articles, n_strong, share, and its 95 % interval over resamples."""
        return monthly_shares(self.corpus, self.table, random_state=self.random_state)

    @cached_property
    def named_dates(self) -> pd.DataFrame:
        """Dates that the text names: article_id, passage_id, kind, printed, date, start, end, suspect."""
        import pandas as pd

        rows = []
        for passage in self.corpus.passages:
            published = self.corpus[passage.article_id].published
            named = find_named_dates(passage.text, published=published, offset=passage.start)
            rows += [(passage.article_id, passage.passage_id, passage.kind, *event) for event in named]
        columns = ["article_id", "passage_id", "kind", "printed", "date", "start", "end", "suspect"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def _uncovered(self) -> NDArray[np.int64]:
        uncovered = np.diff(self._covered.indptr) == 0
        uncovered[self.corpus.passages.is_heading] = False
        return np.flatnonzero(uncovered)

    @cached_property
    def _covered(self) -> sparse.csr_array:
        """Which passages each theme covers, of shape (n_passages, n_themes)."""
        column_of = {name: column for column, name in enumerate(self)}
        cells = {
            (self.corpus.passages.row_of(match.passage.passage_id), column_of[match.theme])
            for match in self.matches
            if match.score >= COVERING_SCORE
        }
        rows, columns = np.array(sorted(cells), dtype=np.int64).reshape(-1, 2).T
        return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(self.corpus.passages), len(self)))

    @property
    def _passages_of_articles(self) -> sparse.csr_array:
        """Which passages each article has, of shape (n_articles, n_passages)."""
        bounds = self.corpus.passages.bounds
        n_passages = int(bounds[-1])
        return sparse.csr_array(
            (np.ones(n_passages), np.arange(n_passages), bounds), shape=(len(bounds) - 1, n_passages)
        )


def themes_by_name(themes: Iterable[Theme], matched_names: Collection[str]) -> dict[str, Theme]:
    """Return the themes that are reported, by their names in the tables.

    Parameters
    ----------
    themes
        The themes that were looked for.
    matched_names
        Names of the themes that some passage speaks of.

    Returns
    -------
    dict of str to Theme
        Every theme; one per country under a name for each country that was found.
    """
    by_name: dict[str, Theme] = {}
    for theme in themes:
        names = [theme.name]
        if theme.per_country:
            names = sorted(name for name in matched_names if name.startswith(theme.name_of("")))
        by_name.update(dict.fromkeys(names, theme))
    return by_name

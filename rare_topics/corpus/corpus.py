"""A corpus of articles, read from saved pages or a table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.feed_pages import read_page
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits, check_within_folder
from rare_topics.corpus.near_duplicates import near_duplicates
from rare_topics.corpus.passages import Passages
from rare_topics.corpus.records import Article
from rare_topics.corpus.tables import TABLE_SUFFIXES, read_table_articles
from rare_topics.errors import InputError
from rare_topics.runtime.html import count_noun, html_summary

if TYPE_CHECKING:
    import pandas as pd

_LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True)
class Corpus:
    """Articles in order of date, and the inputs they were read from.

    Attributes
    ----------
    articles
        Sorted by date and `article_id`; an article that several pages contain is here once.
    inputs
        ``(name, sha256)`` of each file read, sorted.
    warnings
        What was left out or looks damaged, with file and line.

    Examples
    --------
    >>> corpus = Corpus.from_pages("seeds")
    >>> len(corpus)
    34
    >>> corpus[0].source
    'Qi Huo Ri Bao Wang'
    """

    articles: tuple[Article, ...]
    inputs: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @classmethod
    def from_pages(cls, path: str | Path | Sequence[str | Path], *, limits: Limits = DEFAULT_LIMITS) -> Corpus:
        """Read saved feed pages.

        Parameters
        ----------
        path
            A folder of ``.txt`` pages, one page, or several of either.
        limits
            Largest input.

        Returns
        -------
        Corpus
            It does not depend on the order of the pages.

        Raises
        ------
        InputError
            If a path is missing or a page is broken; the message names file and line.
        """
        paths = [path] if isinstance(path, (str, Path)) else list(path)
        pages = [read_page(file, limits=limits) for entry in paths for file in _page_files(Path(entry))]
        pages.sort(key=lambda page: (page.name, page.sha256))
        if not any(page.articles for page in pages):
            raise InputError(
                next((warning for page in pages for warning in page.warnings), "no page was given"),
                fix="give at least one page with a whole record",
            )
        return cls._from_articles(
            (article for page in pages for article in page.articles),
            inputs=[(page.name, page.sha256) for page in pages],
            warnings=[warning for page in pages for warning in page.warnings],
        )

    @classmethod
    def from_table(cls, path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Corpus:
        """Read a table of articles.

        Parameters
        ----------
        path
            A ``.csv``, ``.tsv``, ``.jsonl`` or ``.parquet`` file, ``.gz`` allowed, with the columns
            ``title`` and ``text``, and optionally ``id, published, source, lang, label``.
        limits
            Largest input.

        Returns
        -------
        Corpus
            `article_id` is the table's ``id`` where it has one.

        Raises
        ------
        InputError
            If a column is missing, an id stands twice, or a row is unusable.
        """
        articles, digest, warnings = read_table_articles(Path(path), limits=limits)
        return cls._from_articles(articles, inputs=[(Path(path).name, digest)], warnings=warnings)

    @classmethod
    def _from_articles(
        cls, articles: Iterable[Article], *, inputs: list[tuple[str, str]], warnings: list[str]
    ) -> Corpus:
        merged: dict[str, Article] = {}
        for article in articles:
            known = merged.get(article.article_id)
            merged[article.article_id] = merge_printings(known, article) if known else article
        return cls(tuple(sorted(merged.values(), key=_date_and_id)), tuple(sorted(inputs)), tuple(warnings))

    def union(self, other: Corpus) -> Corpus:
        """Return a corpus with the articles of both, each once; the order of the two does not matter.

        Raises
        ------
        InputError
            If one id stands for two articles.
        """
        for article in other:
            if article.article_id in self._row_of_id:
                check_same_article(self[article.article_id], article)
        return self._from_articles(
            (*self.articles, *other.articles),
            inputs=[*{*self.inputs, *other.inputs}],
            warnings=sorted({*self.warnings, *other.warnings}),
        )

    def __len__(self) -> int:
        return len(self.articles)

    def __iter__(self) -> Iterator[Article]:
        return iter(self.articles)

    def __getitem__(self, key: int | str) -> Article:
        """Return an article by position or by `article_id`."""
        return self.articles[self._row_of_id[key] if isinstance(key, str) else key]

    def __repr__(self) -> str:
        return f"<{'; '.join(self._facts)}>"

    def _repr_html_(self) -> str:
        columns = ["published", "source", "body_lang", "truncated", "n_passages", "title"]
        return html_summary("Corpus", self._facts, self.to_frame().filter(columns))

    @property
    def _facts(self) -> list[str]:
        """Number of articles and files, dates, and languages."""
        days = sorted(f"{article.published:%Y-%m-%d}" for article in self.articles if article.published)
        facts = [f"{count_noun(len(self), 'article')} from {count_noun(len(self.inputs), 'file')}"]
        facts += [f"{days[0]} to {days[-1]}"] if days else []
        langs = [article.body_lang for article in self.articles]
        bodies = [f"{langs.count(lang):,} {name}" for lang, name in _LANGUAGE_NAMES.items() if lang in langs]
        return [*facts, *([f"bodies: {', '.join(bodies)}"] if bodies else [])]

    @cached_property
    def _row_of_id(self) -> dict[str, int]:
        return {article.article_id: number for number, article in enumerate(self.articles)}

    @cached_property
    def passages(self) -> Passages:
        """Every passage of every article, in order."""
        return Passages(self.articles)

    @cached_property
    def near_duplicates(self) -> tuple[tuple[str, str, float], ...]:
        """Pairs of articles that tell the same story with small edits.

        Returns
        -------
        tuple of (article_id, article_id, similarity)
            Jaccard similarity of four-character shingles, 0.5 to 1; see `near_duplicates` in
            `rare_topics.corpus.near_duplicates`.
        """
        ids = [article.article_id for article in self.articles]
        found = near_duplicates([article.body for article in self.articles])
        return tuple((ids[one], ids[other], similarity) for one, other, similarity in found)

    def to_frame(self) -> pd.DataFrame:
        """Return the articles as a table, one row each, with the columns of ``articles.csv``."""
        import pandas as pd

        return pd.DataFrame(
            {
                "article_id": article.article_id,
                "pages": "; ".join(article.pages),
                "tag": "; ".join(article.tags),
                "title": article.title,
                "source": article.source,
                "published": f"{article.published:%Y-%m-%d %H:%M}" if article.published else "",
                "title_lang": article.title_lang,
                "body_lang": article.body_lang,
                "truncated": article.truncated,
                "n_passages": int(n_passages),
            }
            for article, n_passages in zip(self.articles, np.diff(self.passages.bounds), strict=True)
        )


def read_pages(path: str | Path | Sequence[str | Path], *, limits: Limits = DEFAULT_LIMITS) -> Corpus:
    """Read saved feed pages; parameters and errors are those of `Corpus.from_pages`."""
    return Corpus.from_pages(path, limits=limits)


def read_table(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Corpus:
    """Read a table of articles; parameters and errors are those of `Corpus.from_table`."""
    return Corpus.from_table(path, limits=limits)


def read(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Corpus:
    """Read a table or pages; a table is recognized by its suffix.

    Parameters
    ----------
    path
        A table as for `Corpus.from_table`, or a page or folder of pages.
    limits
        Largest input.

    Raises
    ------
    InputError
        If the path is missing or unusable.
    """
    name = Path(path).name.lower().removesuffix(".gz")
    reader = Corpus.from_table if name.endswith(TABLE_SUFFIXES) else Corpus.from_pages
    return reader(path, limits=limits)


def _page_files(path: Path) -> list[Path]:
    if not os.path.exists(path):  # noqa: PTH110 - which answers for a name that is too long, too
        raise InputError("no such file or folder", where=str(path), fix="give a folder of pages, a page or a table")
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.glob("*.txt") if not file.is_dir())
    for file in files:
        check_within_folder(file, path)
    if not files:
        raise InputError("the folder holds no .txt page", where=str(path), fix="save the feed pages there as .txt")
    return files


def _date_and_id(article: Article) -> tuple[str, str]:
    return article.published.isoformat() if article.published else "", article.article_id


def check_same_article(known: Article, article: Article) -> None:
    """Make sure that two articles with one id of a table are the same article.

    Parameters
    ----------
    known, article
        The two articles.

    Raises
    ------
    InputError
        If neither their titles nor their bodies agree.
    """
    if known.title != article.title and not list(near_duplicates([known.body, article.body])):
        raise InputError(
            f"the id '{known.article_id}' stands for '{known.title[:40]}' and for '{article.title[:40]}'",
            fix="give every article an id of its own, or leave the column id out",
        )


def merge_printings(one: Article, other: Article) -> Article:
    """Merge two printings of one article.

    Parameters
    ----------
    one, other
        Articles with the same `article_id`.

    Returns
    -------
    Article
        The printing with the fuller body, with the pages and tags of both.
    """
    fuller = max(
        one, other, key=lambda article: (not article.truncated, len(article.body), article.body, repr(article))
    )
    return replace(
        fuller,
        pages=tuple(sorted({*one.pages, *other.pages})),
        tags=tuple(sorted({*one.tags, *other.tags})),
    )

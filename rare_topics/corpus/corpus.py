"""A corpus of articles, read from saved pages or a table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from hashlib import sha256
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np

from rare_topics.corpus.feed_pages import read_page
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits, check_within_folder
from rare_topics.corpus.memory_tables import as_entries, as_frame, frame_rows, is_path, text_rows
from rare_topics.corpus.near_duplicates import near_duplicates
from rare_topics.corpus.passages import Passages
from rare_topics.corpus.records import Article
from rare_topics.corpus.selection import UnknownArticle, filtered_rows, selected_rows
from rare_topics.corpus.tables import TABLE_SUFFIXES, Row, articles_of_rows, read_table_articles
from rare_topics.corpus.web_files import WEB_SUFFIXES, read_web_file
from rare_topics.errors import InputError, list_names, shown_in_line
from rare_topics.runtime.html import count_noun, html_summary

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# What `read` takes: see there. Frames of other libraries are known by what they can do.
Readable: TypeAlias = Any
# Ids that an error names.
MOST_SHOWN_IDS = 5
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
    def from_table(
        cls, path: str | Path, *, columns: Mapping[str, str] | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Corpus:
        """Read a table of articles.

        Parameters
        ----------
        path
            A ``.csv``, ``.tsv``, ``.jsonl`` or ``.parquet`` file, ``.gz`` allowed, or an ``.xlsx``
            workbook, with the columns ``title`` and ``text``, and optionally ``id, published,
            source, lang, label``; usual names in either language, such as 标题, 正文 and
            *headline*, are known.
        columns
            Which column is which, where that is not found, as ``{"text": "Abstract"}``.
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
        articles, digest, warnings = read_table_articles(Path(path), columns=columns, limits=limits)
        return cls._from_articles(articles, inputs=[(Path(path).name, digest)], warnings=warnings)

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, *, columns: Mapping[str, str] | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Corpus:
        """Take a table in memory.

        Parameters
        ----------
        frame
            A DataFrame with the columns that `from_table` takes.
        columns
            As for `from_table`.
        limits
            Largest input.

        Returns
        -------
        Corpus
            In order of date and `article_id`, which is the table's ``id`` where it has one.

        Raises
        ------
        InputError
            As `from_table`; rows are counted from 1.
        """
        return cls._from_rows(frame_rows(frame, columns=columns), name="table", limits=limits)

    @classmethod
    def from_texts(cls, texts: Iterable[str | None], *, limits: Limits = DEFAULT_LIMITS) -> Corpus:
        """Take texts, which have neither titles nor dates.

        Parameters
        ----------
        texts
            One string an article; None and NaN are left out with a warning.
        limits
            Largest input.

        Raises
        ------
        InputError
            If an entry is no text, or none is left.

        Examples
        --------
        >>> len(Corpus.from_texts(["Tariffs rise.", "关税上调。"]))
        2
        """
        return cls._from_rows(text_rows(texts), name="texts", limits=limits)

    @classmethod
    def _from_rows(cls, rows: Iterable[Row], *, name: str, limits: Limits) -> Corpus:
        articles, warnings = articles_of_rows(rows, name=name, limits=limits)
        digest = sha256("".join(map(repr, articles)).encode("utf-8", "surrogatepass")).hexdigest()
        return cls._from_articles(articles, inputs=[(name, digest)], warnings=warnings)

    @classmethod
    def from_web_files(cls, path: str | Path | Sequence[str | Path], *, limits: Limits = DEFAULT_LIMITS) -> Corpus:
        """Read feeds (RSS, Atom) and saved pages of the web; nothing is fetched.

        Parameters
        ----------
        path
            An ``.xml``, ``.rss``, ``.atom``, ``.html`` or ``.htm`` file, or several.
        limits
            Largest input.

        Raises
        ------
        InputError
            If a file is none of these or holds no article, or the extra ``web`` is not installed.
        """
        paths = [Path(path)] if isinstance(path, (str, Path)) else [Path(entry) for entry in path]
        read = [read_web_file(entry, limits=limits) for entry in paths]
        return cls._from_articles(
            (article for file in read for article in file.articles),
            inputs=[(file.name, file.sha256) for file in read],
            warnings=[warning for file in read for warning in file.warnings],
        )

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

    @overload
    def __getitem__(self, key: int | str) -> Article: ...
    @overload
    def __getitem__(self, key: slice | Sequence[Any] | NDArray[Any] | pd.Series[Any]) -> Corpus: ...
    def __getitem__(self, key: Any) -> Article | Corpus:
        """Return an article by position or `article_id`, or a corpus by a slice, a mask, positions or ids."""
        if isinstance(key, str):
            return self.articles[self._row(key)]
        if isinstance(key, Integral):
            return self.articles[int(key)]
        return self._of_rows(selected_rows(key, ids=self._row_of_id))

    def _row(self, article_id: str) -> int:
        if article_id not in self._row_of_id:
            some = list_names([*self._row_of_id][:MOST_SHOWN_IDS])
            raise UnknownArticle(f"no article '{shown_in_line(article_id, max_length=60)}'; the first ids are {some}")
        return self._row_of_id[article_id]

    def _of_rows(self, rows: Iterable[int]) -> Corpus:
        return Corpus(tuple(self.articles[row] for row in sorted({*rows})), self.inputs, self.warnings)

    def filter(
        self,
        *,
        lang: str | Iterable[str] | None = None,
        source: str | Iterable[str] | None = None,
        label: str | Iterable[str] | None = None,
        tag: str | Iterable[str] | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
    ) -> Corpus:
        """Return the articles that fulfil all conditions, as a corpus.

        Parameters
        ----------
        lang
            Language of the body, ``"zh"`` or ``"en"``; this and the next three may be several.
        source
            Publisher, as printed.
        label
            Class of a table's column ``label``.
        tag
            Tag of the pages.
        since, until
            First and last day, as a date or as `read_date` reads one; an article without a date
            is on no day.

        Raises
        ------
        InputError
            If no article has what is named, or a date is none.

        Examples
        --------
        >>> len(Corpus.from_pages("seeds").filter(lang="zh", since="2025-10-01"))
        3
        """
        wanted = {"lang": lang, "source": source, "label": label, "tag": tag}
        return self._of_rows(filtered_rows(self.articles, wanted, since=since, until=until))

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


def read_table(
    path: str | Path, *, columns: Mapping[str, str] | None = None, limits: Limits = DEFAULT_LIMITS
) -> Corpus:
    """Read a table of articles; parameters and errors are those of `Corpus.from_table`."""
    return Corpus.from_table(path, columns=columns, limits=limits)


def read(source: Readable, *, columns: Mapping[str, str] | None = None, limits: Limits = DEFAULT_LIMITS) -> Corpus:
    """Read articles from whatever holds them.

    Parameters
    ----------
    source
        A path: a table as for `Corpus.from_table`, a feed or saved page as for
        `Corpus.from_web_files`, a page or folder of pages. Or several paths of pages, a
        DataFrame (also of polars or Arrow), a dict of columns, a list of texts, of dicts or of
        articles, or a corpus.
    columns
        Which column of a table is which, where that is not found, as ``{"text": "Abstract"}``.
    limits
        Largest input.

    Raises
    ------
    InputError
        If there is no such file, or the source is nothing that articles can be read from.

    Examples
    --------
    >>> read(["Tariffs on magnets rise.", "磁体关税上调。"])
    <2 articles from 1 file; bodies: 1 English, 1 Chinese>
    """
    if isinstance(source, Corpus):
        return source
    if isinstance(source, (str, Path)):
        return _read_path(source, columns, limits)
    if (frame := as_frame(source)) is not None:
        return Corpus.from_frame(frame, columns=columns, limits=limits)
    entries = as_entries(source)
    if entries and all(isinstance(entry, Article) for entry in entries):
        return Corpus._from_articles(entries, inputs=[], warnings=[])  # noqa: SLF001 - of this module
    if entries and all(map(is_path, entries)):
        return _read_paths(entries, limits)
    return Corpus.from_texts(entries, limits=limits)


def _read_path(path: str | Path, columns: Mapping[str, str] | None, limits: Limits) -> Corpus:
    name = Path(path).name.lower().removesuffix(".gz")
    if name.endswith((*TABLE_SUFFIXES, ".xlsx")):
        return Corpus.from_table(path, columns=columns, limits=limits)
    if name.endswith((".xls", ".ods")):
        raise InputError("no table that is read", where=str(path), fix="save it as .xlsx or CSV UTF-8")
    if name.endswith(WEB_SUFFIXES):
        return Corpus.from_web_files(path, limits=limits)
    if "\n" in str(path):
        raise InputError("one text where several were expected", fix="give a list of texts, or a path")
    return Corpus.from_pages(path, limits=limits)


def _read_paths(paths: Sequence[str | Path], limits: Limits) -> Corpus:
    """Read several paths: all pages, or each by its suffix and all together."""
    pages = [path for path in paths if Path(path).suffix.lower() in {"", ".txt"}]
    parts = [Corpus.from_pages(pages, limits=limits)] if pages else []
    parts += [_read_path(path, None, limits) for path in paths if path not in pages]
    return reduce(Corpus.union, parts)


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

"""The records that travel through the package: articles and their passages; articles also as an Arrow table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from rare_topics.runtime.html import html_summary

if TYPE_CHECKING:
    import pyarrow as pa

# Characters of a body that a notebook shows.
EXCERPT_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article as it was printed.

    Attributes
    ----------
    article_id
        Hash of title and date, or the ``id`` of a table.
    title, body
        Text exactly as it stands in the input.
    source
        Publisher as printed.
    published
        Printed date and time, as a clock at the place shows it; its zone is `utc_offset`.
    pages, tags
        Pages that contain the article and the tags of those pages, sorted.
    title_lang, body_lang
        ``"zh"``, ``"en"`` or ``""``.
    truncated
        Whether the body breaks off.
    label
        Class given by a table's ``label`` column, else empty.
    utc_offset
        Time zone of `published` as it is printed, ``+08:00``; empty where none is.
    """

    article_id: str
    title: str
    body: str
    source: str = ""
    published: datetime | None = None
    pages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    title_lang: str = ""
    body_lang: str = ""
    truncated: bool = False
    label: str = ""
    utc_offset: str = ""

    @property
    def title_truncated(self) -> bool:
        """Whether the headline itself breaks off."""
        return self.title.endswith(("...", "…"))

    def _repr_html_(self) -> str:
        published = f"{self.published:%Y-%m-%d %H:%M}" if self.published else "undated"
        excerpt = f"{self.body[:EXCERPT_LENGTH]}…" if len(self.body) > EXCERPT_LENGTH else self.body
        return html_summary(self.title, [self.source or "no source", published, excerpt])


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A quotable piece of an article.

    Attributes
    ----------
    passage_id
        ``article_id`` and a running number: ``1f0c9e27ab34:07``.
    section
        Heading the passage stands under, without its number; a bare ``Group 2``
        keeps its name; empty in leads, plain text and titles.
    kind
        ``title``, ``item`` (a point of a summary), ``sentence`` or ``heading``.
    text
        The characters ``start:end`` of the body, or of the title where ``kind``
        is ``title``.
    start, end
        Offsets in characters.
    """

    passage_id: str
    article_id: str
    section: str
    kind: str
    text: str
    start: int
    end: int


def article_id(title: str, published: datetime | None) -> str:
    """Make the identifier of an article from its title and date.

    Parameters
    ----------
    title
        As printed.
    published
        Printed date and time, to the minute.

    Returns
    -------
    str
        Twelve hexadecimal digits, the same on every machine.
    """
    stamp = published.isoformat(sep=" ", timespec="minutes") if published else ""
    return hashlib.sha256(f"{title}\n{stamp}".encode()).hexdigest()[:12]


def arrow_schema() -> pa.Schema:
    """Return the columns of a table of articles, in the order of the fields of `Article`, and their types."""
    import pyarrow as pa

    strings = pa.list_(pa.string())
    types = {"published": pa.timestamp("us"), "pages": strings, "tags": strings, "truncated": pa.bool_()}
    return pa.schema([(name, types.get(name, pa.string())) for name in Article.__slots__])


def articles_to_arrow(articles: Sequence[Article]) -> pa.Table:
    """Write articles as a table with the columns of `arrow_schema`, one row each."""
    import pyarrow as pa

    columns = {name: list(map(attrgetter(name), articles)) for name in Article.__slots__}
    return pa.Table.from_pydict(columns, schema=arrow_schema())


def articles_from_arrow(table: pa.Table | pa.RecordBatch) -> list[Article]:
    """Read articles from a table with the columns of `arrow_schema`; other columns are ignored."""
    rows = table.select(list(Article.__slots__)).to_pylist()
    return [Article(**{**row, "pages": tuple(row["pages"]), "tags": tuple(row["tags"])}) for row in rows]

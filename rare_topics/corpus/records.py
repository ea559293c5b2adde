"""The records that travel through the package: articles and their passages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from rare_topics.runtime.html import html_summary

# Of a body, characters that a notebook shows.
EXCERPT = 300


def article_id(title: str, published: datetime | None) -> str:
    """Name an article by its title and date, wherever it stands.

    Returns
    -------
    str
        Twelve hexadecimal digits, the same on every machine.
    """
    stamp = published.isoformat(sep=" ", timespec="minutes") if published else ""
    return hashlib.sha256(f"{title}\n{stamp}".encode()).hexdigest()[:12]


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
        Printed date and time; no time zone is printed, so none is set.
    pages, tags
        Pages that hold the article and the tags of those pages, sorted.
    title_lang, body_lang
        ``"zh"``, ``"en"`` or ``""``.
    truncated
        Whether the body breaks off.
    label
        Class given by a table's ``label`` column, else empty.
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

    @property
    def title_truncated(self) -> bool:
        """Whether the headline itself was cut."""
        return self.title.endswith(("...", "…"))

    def _repr_html_(self) -> str:
        published = f"{self.published:%Y-%m-%d %H:%M}" if self.published else "undated"
        start = f"{self.body[:EXCERPT]}…" if len(self.body) > EXCERPT else self.body
        return html_summary(self.title, [self.source or "no source", published, start])


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

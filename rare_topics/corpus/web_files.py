"""Feeds and pages of the web that were saved as files: RSS and Atom by feedparser, HTML by trafilatura."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rare_topics.corpus.html_text import html_to_text
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits, read_bytes
from rare_topics.corpus.records import Article
from rare_topics.corpus.tables import Row, articles_of_rows
from rare_topics.errors import InputError

FEED_SUFFIXES = (".xml", ".rss", ".atom")
PAGE_SUFFIXES = (".html", ".htm")
WEB_SUFFIXES = FEED_SUFFIXES + PAGE_SUFFIXES


class WebFile(NamedTuple):
    """What was read from a file.

    Attributes
    ----------
    name, sha256
        Of the file.
    articles
        Those of its entries; of a page, one.
    warnings
        What was left out.
    """

    name: str
    sha256: str
    articles: list[Article]
    warnings: list[str]


def read_web_file(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> WebFile:
    """Read a feed or a saved page; no address in it is opened.

    Parameters
    ----------
    path
        A file with one of `WEB_SUFFIXES`.
    limits
        Largest input.

    Raises
    ------
    InputError
        If the file is missing or holds no article, or a package of the extra ``web`` is missing.
    """
    if not path.exists():
        raise InputError("no such file", where=str(path), fix="give a feed or a saved page")
    data = read_bytes(path, limits)
    is_page = path.suffix.lower() in PAGE_SUFFIXES
    rows = _page_rows(data, path.name) if is_page else _feed_rows(data, path.name)
    articles, warnings = articles_of_rows(rows, name=path.name, limits=limits)
    return WebFile(path.name, hashlib.sha256(data).hexdigest(), articles, warnings)


def _feed_rows(data: bytes, name: str) -> Iterator[Row]:
    feedparser = _package("feedparser", name)
    # A stream, since a text could be an address, which would be fetched.
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        raise InputError("no entry of RSS or Atom", where=name, fix="save the feed itself, not its page")
    publisher = html_to_text(feed.feed.get("title", ""))
    for number, entry in enumerate(feed.entries, 1):
        contents = [part.get("value", "") for part in entry.get("content", [])]
        text = max((*contents, entry.get("summary", "")), key=len)
        source = entry.get("source", {}).get("title", "") or publisher
        yield (
            number,
            {
                "title": html_to_text(entry.get("title", "")),
                "text": html_to_text(text),
                "published": entry.get("published") or entry.get("updated"),
                "source": html_to_text(source),
            },
        )


def _page_rows(data: bytes, name: str) -> Iterator[Row]:
    trafilatura = _package("trafilatura", name)
    found = trafilatura.bare_extraction(data, with_metadata=True, include_comments=False)
    text = (getattr(found, "text", "") or "").strip() if found is not None else ""
    if found is None or not text:
        raise InputError("no text of an article", where=name, fix="save the page whole, or its text as a table")
    source = found.sitename or found.hostname
    yield 1, {"title": found.title or "", "text": text, "published": found.date, "source": source or ""}


def _package(package: str, name: str) -> Any:  # noqa: ANN401 - a module
    from importlib import import_module

    try:
        return import_module(package)
    except ImportError as error:
        raise InputError(
            f"read by {package}, which is not installed", where=name, fix="pip install 'rare-topics[web]'"
        ) from error

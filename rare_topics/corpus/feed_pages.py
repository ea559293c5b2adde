"""Saved feed pages: a header, then records of three lines: title, date line and body."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rare_topics.corpus.cells import check_year
from rare_topics.corpus.languages import CLOSING_MARKS, SENTENCE_MARKS, language_of
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits, decode_text, read_bytes, replace_unprintable
from rare_topics.corpus.records import Article, article_id
from rare_topics.errors import InputError

HEADER_END = "Search documents"
HEADER_LABELS = frozenset({"Workflow", "icon", HEADER_END})
RECORD_LINES = 3
# Lines of a second header, where two pages were joined into one file.
MAX_HEADER_LINES = 4
DATE_LINE = re.compile(r"(?P<source>\S.*?)\s?·\s?(?P<stamp>\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2})\s*")
DATE_LINE_FORM = "'SOURCE· YYYY-MM-DD HH:MM'"
TRUNCATION_MARK = re.compile(r"(?:\.\.\.|\u2026)\s*$")
# A complete body ends with citation marks or with a sentence.
COMPLETE_END = re.compile(rf"(?:\[\d+\]|[{SENTENCE_MARKS};:][{CLOSING_MARKS}]*)\s*$")

# Number of a line, from 1, and its text.
Line = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and its articles.

    Attributes
    ----------
    name
        File name.
    sha256
        Digest of the file's bytes.
    articles
        In the order of the page.
    warnings
        What could not be used, each with file and line.
    """

    name: str
    sha256: str
    articles: tuple[Article, ...]
    warnings: tuple[str, ...] = ()


def read_page(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Page:
    """Read one saved feed page.

    Parameters
    ----------
    path
        A UTF-8 text file; LF or CRLF, with or without a byte order mark and a final line end.
    limits
        Largest input.

    Returns
    -------
    Page
        An incomplete record at the end of the file is left out with a warning.

    Raises
    ------
    InputError
        If the file is not a feed page; the message names file and line.
    """
    path = Path(path)
    data = read_bytes(path, limits)
    articles, warnings = parse_page(decode_text(data, name=path.name), name=path.name, limits=limits)
    return Page(
        name=path.name, sha256=hashlib.sha256(data).hexdigest(), articles=tuple(articles), warnings=tuple(warnings)
    )


def parse_page(text: str, *, name: str, limits: Limits = DEFAULT_LIMITS) -> tuple[list[Article], list[str]]:
    """Parse the text of a page; see `read_page`.

    Parameters
    ----------
    text
        Content of the file.
    name
        Name of the file.
    limits
        Largest input.

    Returns
    -------
    articles, warnings
        In the order of the page.

    Raises
    ------
    InputError
        If a line is not what must stand there.
    """
    lines, warnings = _numbered_lines(text, name=name, limits=limits)
    tag, at = _first_header(lines, name)
    articles: list[Article] = []
    while at < len(lines):
        if header := _second_header(lines[at : at + MAX_HEADER_LINES]):
            tag, header_length = header
            at += header_length
            continue
        record = lines[at : at + RECORD_LINES]
        _check_title(record[0], name)
        if len(record) < RECORD_LINES:
            warnings.append(_incomplete_record(record, name))
            break
        article, date_warnings = _article(record, name=name, tag=tag)
        articles.append(article)
        warnings += date_warnings
        warnings += _truncation_warnings(record[2], name)
        at += RECORD_LINES
        limits.check("file_articles", len(articles), where=f"{name}:{record[0][0]}", fix="split the page")
    if not articles and not warnings:
        raise InputError(
            f"no record follows the line '{HEADER_END}'", where=f"{name}:{lines[-1][0]}", fix="save the page again"
        )
    return articles, warnings


def _numbered_lines(text: str, *, name: str, limits: Limits) -> tuple[list[Line], list[str]]:
    """Split a page into its lines without the empty ones, and warn of characters that must not be printed."""
    lines, warnings = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        limits.check_text(line, where=f"{name}:{number}")
        plain, replaced = replace_unprintable(line.rstrip("\r"))
        if replaced:
            warnings.append(f"{name}:{number}: {replaced} must not be printed; U+FFFD stands in its place")
        lines.append((number, plain))
    return lines, warnings


def _first_header(lines: list[Line], name: str) -> tuple[str, int]:
    before_records = next((i for i, (_, line) in enumerate(lines) if DATE_LINE.fullmatch(line)), len(lines))
    header = _header(lines[:before_records])
    if header is None:
        raise InputError(
            f"no line '{HEADER_END}' before the first article: this is not a saved feed page",
            where=f"{name}:1",
            fix="save the whole page, or give a table with the columns title and text",
        )
    return header


def _header(lines: list[Line]) -> tuple[str, int] | None:
    """Return the tag and the length of a header if the lines begin with one."""
    texts = [line.strip("\ufeff \t\r") for _, line in lines]
    if HEADER_END not in texts:
        return None
    length = texts.index(HEADER_END) + 1
    return next((text for text in texts[:length] if text not in HEADER_LABELS), ""), length


def _second_header(lines: list[Line]) -> tuple[str, int] | None:
    """Return the header of a second page in the file, unless the lines may be a record."""
    header = _header(lines)
    if header is None:
        return None
    texts = [line for _, line in lines[: header[1]]]
    tags = [text for text in texts if text.strip("\ufeff \t\r") not in HEADER_LABELS]
    return header if len(tags) <= 1 else None


def _check_title(line: Line, name: str) -> None:
    number, title = line
    if DATE_LINE.fullmatch(title):
        raise InputError(
            f"expected a title, found the date line {_quoted(title)}: it has no title, or the record before no body",
            where=f"{name}:{number}",
            fix="give each record its three lines: title, date line, body",
        )


def _article(record: list[Line], *, name: str, tag: str) -> tuple[Article, list[str]]:
    (_, title), (date_at, date_line), (body_at, body) = record
    match = DATE_LINE.fullmatch(date_line)
    if match is None:
        raise InputError(
            f"expected the date line {DATE_LINE_FORM} after the title {_quoted(title)}, found {_quoted(date_line)}",
            where=f"{name}:{date_at}",
            fix="give the record its three lines: title, date line, body",
        )
    if DATE_LINE.fullmatch(body):
        raise InputError(
            f"expected the body of {_quoted(title)}, found another date line",
            where=f"{name}:{body_at}",
            fix="give the record its three lines: title, date line, body",
        )
    published, warnings = _parse_date(match["stamp"], where=f"{name}:{date_at}")
    article = Article(
        article_id=article_id(title, published),
        title=title,
        body=body,
        source=match["source"],
        published=published,
        pages=(name,),
        tags=(tag,) if tag else (),
        title_lang=language_of(title),
        body_lang=language_of(body),
        truncated=is_truncated(body),
    )
    return article, warnings


def is_truncated(body: str) -> bool:
    """Return whether a body breaks off: it ends with an ellipsis, or within a sentence."""
    return bool(TRUNCATION_MARK.search(body)) or not COMPLETE_END.search(body)


def _parse_date(stamp: str, *, where: str) -> tuple[datetime | None, list[str]]:
    try:
        published = datetime.strptime(stamp, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - no time zone is printed
    except ValueError as error:
        raise InputError(f"'{stamp}' is no date that exists", where=where, fix="correct the date") from error
    return check_year(published, where=where)


def _truncation_warnings(line: Line, name: str) -> list[str]:
    number, body = line
    if COMPLETE_END.search(body) or TRUNCATION_MARK.search(body):
        return []
    return [f"{name}:{number}: the body ends within a sentence ({_quoted(body[-24:])}); it is taken as cut off"]


def _incomplete_record(record: list[Line], name: str) -> str:
    number, title = record[0]
    dated = len(record) > 1 and DATE_LINE.fullmatch(record[1][1])
    return (
        f"{name}:{number}: the file ends within the record {_quoted(title)}, "
        f"its {'body' if dated else 'date line or body'} is missing; "
        "the record is left out, save the page again"
    )


def _quoted(text: str, length: int = 40) -> str:
    text = " ".join(text.split())
    return f"'{text if len(text) <= length else text[: length - 1] + '…'}'"

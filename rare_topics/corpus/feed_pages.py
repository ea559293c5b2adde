"""The grammar of a saved feed page: a header, then records of title, date line and body."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rare_topics.corpus.languages import CLOSING_MARKS, SENTENCE_MARKS, language_of
from rare_topics.corpus.limits import DEFAULT, Limits, decode, printable, read_bytes
from rare_topics.corpus.records import Article, article_id
from rare_topics.errors import InputError

HEADER_END = "Search documents"
HEADER_NOISE = frozenset({"Workflow", "icon", HEADER_END})
# Title, date line and body.
RECORD_LINES = 3
# A second header within a file (two pages joined into one) is at most this long.
HEADER_LINES = 4
DATE_LINE = re.compile(r"(?P<source>\S.*?)\s?·\s?(?P<stamp>\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2})\s*")
DATE_LINE_FORM = "'SOURCE· YYYY-MM-DD HH:MM'"
CUT_MARK = re.compile(r"(?:\.\.\.|\u2026)\s*$")
# How a whole body ends: with citation marks, or with a sentence.
BODY_END = re.compile(rf"(?:\[\d+\]|[{SENTENCE_MARKS};:][{CLOSING_MARKS}]*)\s*$")

Line = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as read.

    Attributes
    ----------
    name
        File name.
    sha256
        Of the file's bytes.
    articles
        In the order of the page.
    warnings
        What could not be used, one line each, naming the place.
    """

    name: str
    sha256: str
    articles: tuple[Article, ...]
    warnings: tuple[str, ...] = ()


def read_page(path: str | Path, *, limits: Limits = DEFAULT) -> Page:
    """Read one saved feed page.

    Parameters
    ----------
    path
        A UTF-8 text file; LF or CRLF, with or without a byte order mark and a final line end.
    limits
        How much is taken at the most.

    Returns
    -------
    Page
        A record that the end of the file cuts off is left out with a warning.

    Raises
    ------
    InputError
        If the file is no page; the message names file and line.
    """
    path = Path(path)
    data = read_bytes(path, limits)
    articles, warnings = parse_page(decode(data, name=path.name), name=path.name, limits=limits)
    return Page(
        name=path.name, sha256=hashlib.sha256(data).hexdigest(), articles=tuple(articles), warnings=tuple(warnings)
    )


def parse_page(text: str, *, name: str, limits: Limits = DEFAULT) -> tuple[list[Article], list[str]]:
    """Parse the text of a page into its articles and warnings; see `read_page`.

    Raises
    ------
    InputError
        If a line is not what the grammar expects there.
    """
    lines, warnings = _lines(text, name=name, limits=limits)
    tag, at = _first_header(lines, name)
    articles: list[Article] = []
    while at < len(lines):
        if header := _joined_header(lines[at : at + HEADER_LINES]):
            tag, length = header
            at += length
            continue
        record = lines[at : at + RECORD_LINES]
        _check_title(record[0], name)
        if len(record) < RECORD_LINES:
            warnings.append(_cut_record(record, name))
            break
        articles.append(_article(record, name=name, tag=tag))
        warnings += _body_warnings(record[2], name)
        at += RECORD_LINES
        limits.check("file_articles", len(articles), where=f"{name}:{record[0][0]}", fix="split the page")
    if not articles and not warnings:
        raise InputError(
            f"no record follows the line '{HEADER_END}'", where=f"{name}:{lines[-1][0]}", fix="save the page again"
        )
    return articles, warnings


def _lines(text: str, *, name: str, limits: Limits) -> tuple[list[Line], list[str]]:
    """Cut a page into its lines, without those that are empty, and say what must not be printed in them."""
    lines, warnings = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        limits.check_text(line, where=f"{name}:{number}")
        plain, found = printable(line.rstrip("\r"))
        if found:
            warnings.append(f"{name}:{number}: {found} must not be printed; U+FFFD stands in its place")
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
    """Return the tag and the length of a header that begins here, if one does."""
    texts = [line.strip("\ufeff \t\r") for _, line in lines]
    if HEADER_END not in texts:
        return None
    length = texts.index(HEADER_END) + 1
    return next((text for text in texts[:length] if text not in HEADER_NOISE), ""), length


def _joined_header(lines: list[Line]) -> tuple[str, int] | None:
    """Return the header of a second page within the file; lines that could be a record are none."""
    header = _header(lines)
    if header is None:
        return None
    texts = [line for _, line in lines[: header[1]]]
    named = [text for text in texts if text.strip("\ufeff \t\r") not in HEADER_NOISE]
    return header if len(named) <= 1 else None


def _check_title(line: Line, name: str) -> None:
    number, title = line
    if DATE_LINE.fullmatch(title):
        raise InputError(
            f"expected a title, found the date line {_short(title)}: it has no title, or the record before no body",
            where=f"{name}:{number}",
            fix="give each record its three lines: title, date line, body",
        )


def _article(record: list[Line], *, name: str, tag: str) -> Article:
    (_, title), (date_at, date_line), (body_at, body) = record
    match = DATE_LINE.fullmatch(date_line)
    if match is None:
        raise InputError(
            f"expected the date line {DATE_LINE_FORM} after the title {_short(title)}, found {_short(date_line)}",
            where=f"{name}:{date_at}",
            fix="give the record its three lines: title, date line, body",
        )
    if DATE_LINE.fullmatch(body):
        raise InputError(
            f"expected the body of {_short(title)}, found another date line",
            where=f"{name}:{body_at}",
            fix="give the record its three lines: title, date line, body",
        )
    published = _published(match["stamp"], where=f"{name}:{date_at}")
    return Article(
        article_id=article_id(title, published),
        title=title,
        body=body,
        source=match["source"],
        published=published,
        pages=(name,),
        tags=(tag,) if tag else (),
        title_lang=language_of(title),
        body_lang=language_of(body),
        truncated=is_cut(body),
    )


def is_cut(body: str) -> bool:
    """Whether a body breaks off: by its mark, or because no sentence ends there."""
    return bool(CUT_MARK.search(body)) or not BODY_END.search(body)


def _published(stamp: str, *, where: str) -> datetime:
    try:
        return datetime.strptime(stamp, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - no time zone is printed
    except ValueError as error:
        raise InputError(f"'{stamp}' is no date that exists", where=where, fix="correct the date") from error


def _body_warnings(line: Line, name: str) -> list[str]:
    number, body = line
    if BODY_END.search(body) or CUT_MARK.search(body):
        return []
    return [f"{name}:{number}: the body ends within a sentence ({_short(body[-24:])}); it is taken as cut off"]


def _cut_record(record: list[Line], name: str) -> str:
    number, title = record[0]
    dated = len(record) > 1 and DATE_LINE.fullmatch(record[1][1])
    return (
        f"{name}:{number}: the file ends within the record {_short(title)}, "
        f"its {'body' if dated else 'date line or body'} is missing; "
        "the record is left out, save the page again"
    )


def _short(text: str, length: int = 40) -> str:
    text = " ".join(text.split())
    return f"'{text if len(text) <= length else text[: length - 1] + '…'}'"

"""Tables of articles: csv, tsv, jsonl and parquet, plain or gzipped."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from rare_topics.corpus.feed_pages import CUT_MARK
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.limits import DEFAULT, Limits, decode, printable, read_bytes, read_up_to
from rare_topics.corpus.records import Article, article_id
from rare_topics.errors import InputError

TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
REQUIRED = ("title", "text")
OPTIONAL = ("id", "published", "source", "lang", "label")

# JSON can name one half of a character beyond the first plane alone.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

# Rows of a Parquet file are unpacked by so many, so that a small file cannot fill the memory at once.
ROWS_AT_A_TIME = 1000

# The number of a line and what stands there, or what is wrong with it.
Row = tuple[int, Mapping[str, Any] | InputError]


def read_table_articles(path: Path, *, limits: Limits = DEFAULT) -> tuple[list[Article], str, list[str]]:
    """Read the articles of a table.

    Returns
    -------
    articles, sha256, warnings
        A row without any text is left out with a warning.

    Raises
    ------
    InputError
        If the file is no such table; the message names file and line.
    """
    if not path.exists():
        raise InputError("no such file", where=str(path), fix="give a table with the columns title and text")
    data = read_bytes(path, limits)
    articles: list[Article] = []
    warnings: list[str] = []
    lines: dict[str, int] = {}
    for number, row in table_rows(data, name=path.name, limits=limits):
        where = f"{path.name}:{number}"
        article, said = row_article(row, where=where, limits=limits)
        warnings += said
        if article is None:
            continue
        first = lines.setdefault(article.article_id, number)
        if first < number and has_id(row):
            raise InputError(
                f"the id '{article.article_id}' stands in line {first} already",
                where=where,
                fix="give every row its own id, or leave the column out",
            )
        if first < number:
            warnings.append(
                f"{where}: title and date of line {first} again; they count as one article with the longer text, "
                "add a column id to keep both"
            )
        articles.append(article)
        limits.check("file_articles", len(articles), where=where, fix="split the table")
    if not articles:
        raise InputError("the table holds no article", where=path.name, fix="add rows with title and text")
    return articles, hashlib.sha256(data).hexdigest(), warnings


def row_article(
    row: Mapping[str, Any] | InputError, *, where: str, limits: Limits = DEFAULT
) -> tuple[Article | None, list[str]]:
    """Make a row of a table an article.

    Returns
    -------
    article, warnings
        None for a row without any text.

    Raises
    ------
    InputError
        If the row is unusable, or was found to be so before.
    """
    if isinstance(row, InputError):
        raise row
    plain, warnings = _printable(row, where=where, limits=limits)
    article = _article(plain, where=where)
    if article.title or article.body:
        return article, warnings
    return None, [*warnings, f"{where}: neither title nor text; the row is left out"]


def has_id(row: Mapping[str, Any] | InputError) -> bool:
    """Whether the table gives its articles ids of its own."""
    return not isinstance(row, InputError) and "id" in row


def _printable(row: Mapping[str, Any], *, where: str, limits: Limits) -> tuple[Mapping[str, Any], list[str]]:
    """Check the texts of a row, and put a mark in the place of what must not be printed."""
    plain, warnings = dict(row), []
    for name in (*REQUIRED, *OPTIONAL):
        if isinstance(text := row.get(name), str):
            limits.check_text(text, where=where)
            if _HALF_CHARACTER.search(text):
                continue
            plain[name], found = printable(text)
            if found:
                warnings.append(f"{where}: {found} must not be printed; U+FFFD stands in its place")
    return plain, warnings


def table_rows(data: bytes, *, name: str, limits: Limits = DEFAULT) -> Iterator[Row]:
    """Cut the bytes of a table into its rows.

    Yields
    ------
    number, row
        The line that the row ends in, from 1, and its cells by column; an `InputError` for a row
        that cannot be read where the next ones can.

    Raises
    ------
    InputError
        If the file is no such table, or cannot be read on.
    """
    kind = name.lower()
    if kind.endswith(".gz"):
        data, kind = _gunzip(data, name, limits), kind.removesuffix(".gz")
    if kind.endswith(".parquet"):
        return _parquet_rows(data, name, limits)
    text = decode(data, name=name)
    if kind.endswith(".jsonl"):
        return _json_rows(text, name)
    csv.field_size_limit(limits.line_characters)
    return _separated_rows(text, name, delimiter="\t" if kind.endswith(".tsv") else ",")


def _gunzip(data: bytes, name: str, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            expanded = read_up_to(cast("BinaryIO", file), limits.expanded_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"not a whole gzip file ({error})", where=name, fix="save it again") from error
    limits.check("expanded_bytes", len(expanded), where=name, fix="split the table")
    return expanded


def _separated_rows(text: str, name: str, *, delimiter: str) -> Iterator[Row]:
    # A tab cannot stand in a cell, so tab-separated files are written without quotes.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True)
    try:
        header = [column.strip() for column in next(reader)]
        check_columns(header, where=f"{name}:1")
        for cells in reader:
            if not cells:
                continue
            if len(cells) == len(header):
                yield reader.line_num, dict(zip(header, cells, strict=True))
                continue
            yield (
                reader.line_num,
                InputError(
                    f"{len(cells)} cells in a table of {len(header)} columns",
                    where=f"{name}:{reader.line_num}",
                    fix="quote the separators within cells" if delimiter == "," else "take the tabs out of the cells",
                ),
            )
    except csv.Error as error:
        raise InputError(f"broken row ({error})", where=f"{name}:{reader.line_num}", fix="correct it") from error


def _json_rows(text: str, name: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, json_row(line, where=f"{name}:{number}")


def json_row(line: str, *, where: str) -> Mapping[str, Any] | InputError:
    """Read one JSON line: its cells by column, or what is wrong with it."""
    try:
        row = json.loads(line)
        if isinstance(row, dict):
            check_columns(row, where=where)
            return row
    except InputError as error:
        return error
    except (ValueError, RecursionError) as error:
        return InputError(f"no JSON object ({error})", where=where, fix="write one JSON object a line")
    return InputError("no JSON object", where=where, fix="write one JSON object a line")


def _parquet_rows(data: bytes, name: str, limits: Limits) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(io.BytesIO(data)) as file:
            check_columns(file.schema_arrow.names, where=name)
            wanted = [column for column in (*REQUIRED, *OPTIONAL) if column in file.schema_arrow.names]
            expanded, number = 0, 0
            for batch in file.iter_batches(batch_size=ROWS_AT_A_TIME, columns=wanted):
                expanded += batch.nbytes
                limits.check("expanded_bytes", expanded, where=name, fix="split the table")
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"no readable Parquet file ({reason})", where=name, fix="save it again") from error


def check_columns(columns: Mapping[str, Any] | list[str], *, where: str) -> None:
    """Make sure that the columns a table must have are there, each once.

    Raises
    ------
    InputError
        If one is missing or stands twice.
    """
    missing = [name for name in REQUIRED if name not in columns]
    if len(set(columns)) < len(columns):
        raise InputError("two columns of one name", where=where, fix="name each column once")
    if missing:
        raise InputError(
            f"no column {' and no column '.join(missing)}; the columns are {', '.join(map(str, columns)) or 'none'}",
            where=where,
            fix=f"name the columns {', '.join(REQUIRED)} and, where there are such, {', '.join(OPTIONAL)}",
        )


def _article(row: Mapping[str, Any], *, where: str) -> Article:
    values = {name: _text(row.get(name), where=where) for name in (*REQUIRED, *OPTIONAL)}
    published = _published(row.get("published"), where=where)
    title, body = values["title"], values["text"]
    if "id" in row and not values["id"]:
        raise InputError("an empty id", where=where, fix="give every row its own id, or leave the column out")
    return Article(
        article_id=values["id"] or article_id(title or body, published),
        title=title,
        body=body,
        source=values["source"],
        published=published,
        title_lang=language_of(title),
        body_lang=values["lang"] or language_of(body),
        truncated=bool(CUT_MARK.search(body)),
        label=values["label"],
    )


def _text(value: object, *, where: str = "") -> str:
    text = "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN of Parquet
    if not text.isascii() and _HALF_CHARACTER.search(text):
        raise InputError("half of a surrogate pair is no character", where=where, fix="take it out of the text")
    return text


def _published(value: object, *, where: str) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    text = _text(value).strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace("/", "-")).replace(tzinfo=None)
    except ValueError as error:
        raise InputError(
            f"'{text}' is no date", where=where, fix="write dates as 2025-12-31 or 2025-12-31 09:30"
        ) from error

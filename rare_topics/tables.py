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

from rare_topics.errors import InputError
from rare_topics.limits import DEFAULT, Limits, printable, read_bytes, read_up_to
from rare_topics.pages import CUT_MARK, decode
from rare_topics.records import Article, article_id, language_of

TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
REQUIRED = ("title", "text")
OPTIONAL = ("id", "published", "source", "lang", "label")

# JSON can name one half of a character beyond the first plane alone.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

# Rows of a Parquet file are unpacked by so many, so that a small file cannot fill the memory at once.
ROWS_AT_A_TIME = 1000

Row = tuple[int, Mapping[str, Any]]


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
    for number, row in _rows(path, data, limits):
        where = f"{path.name}:{number}"
        row, unprintable = _printable(row, where=where, limits=limits)  # noqa: PLW2901 - the row, made fit to print
        warnings += unprintable
        article = _article(row, where=where)
        if not article.title and not article.body:
            warnings.append(f"{where}: neither title nor text; the row is left out")
            continue
        first = lines.setdefault(article.article_id, number)
        if first < number and "id" in row:
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


def _rows(path: Path, data: bytes, limits: Limits) -> Iterator[Row]:
    name = path.name.lower()
    if name.endswith(".gz"):
        data, name = _gunzip(path, data, limits), name.removesuffix(".gz")
    if name.endswith(".parquet"):
        return _parquet_rows(path, data, limits)
    text = decode(data, name=path.name)
    if name.endswith(".jsonl"):
        return _json_rows(path, text)
    csv.field_size_limit(limits.line_characters)
    return _separated_rows(path, text, delimiter="\t" if name.endswith(".tsv") else ",")


def _gunzip(path: Path, data: bytes, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            expanded = read_up_to(cast("BinaryIO", file), limits.expanded_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"not a whole gzip file ({error})", where=path.name, fix="save it again") from error
    limits.check("expanded_bytes", len(expanded), where=path.name, fix="split the table")
    return expanded


def _separated_rows(path: Path, text: str, *, delimiter: str) -> Iterator[Row]:
    # A tab cannot stand in a cell, so tab-separated files are written without quotes.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        _check_columns(header, where=f"{path.name}:1")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{len(cells)} cells in a table of {len(header)} columns",
                    where=f"{path.name}:{reader.line_num}",
                    fix="quote the separators within cells" if delimiter == "," else "take the tabs out of the cells",
                )
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise InputError(f"broken row ({error})", where=f"{path.name}:{reader.line_num}", fix="correct it") from error


def _json_rows(path: Path, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"no JSON object ({error})", where=where, fix="write one JSON object a line") from error
        if not isinstance(row, dict):
            raise InputError("no JSON object", where=where, fix="write one JSON object a line")
        _check_columns(row, where=where)
        yield number, row


def _parquet_rows(path: Path, data: bytes, limits: Limits) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(io.BytesIO(data)) as file:
            _check_columns(file.schema_arrow.names, where=path.name)
            wanted = [name for name in (*REQUIRED, *OPTIONAL) if name in file.schema_arrow.names]
            expanded, number = 0, 0
            for batch in file.iter_batches(batch_size=ROWS_AT_A_TIME, columns=wanted):
                expanded += batch.nbytes
                limits.check("expanded_bytes", expanded, where=path.name, fix="split the table")
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"no readable Parquet file ({reason})", where=path.name, fix="save it again") from error


def _check_columns(columns: Mapping[str, Any] | list[str], *, where: str) -> None:
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

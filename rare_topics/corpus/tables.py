"""Tables of articles: CSV, TSV, JSON lines and Parquet, plain or gzipped."""

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

from rare_topics.corpus.feed_pages import TRUNCATION_MARK
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits, decode_text, read_bytes, read_limited, replace_unprintable
from rare_topics.corpus.records import Article, article_id
from rare_topics.errors import InputError

TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
REQUIRED_COLUMNS = ("title", "text")
OPTIONAL_COLUMNS = ("id", "published", "source", "lang", "label")
TABLE_COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS

# JSON can contain one half of a surrogate pair.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# Rows of a Parquet file that are unpacked together; a small file can expand to much more than the memory.
PARQUET_BATCH_ROWS = 1000

# Number of the line a row ends in, and its cells by column, or why it cannot be read.
Row = tuple[int, Mapping[str, Any] | InputError]


def read_table_articles(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> tuple[list[Article], str, list[str]]:
    """Read the articles of a table.

    Parameters
    ----------
    path
        A file with one of `TABLE_SUFFIXES`, ``.gz`` allowed.
    limits
        Largest input.

    Returns
    -------
    articles, sha256, warnings
        A row without any text is left out with a warning.

    Raises
    ------
    InputError
        If the file is not such a table; the message names file and line.
    """
    if not path.exists():
        raise InputError("no such file", where=str(path), fix="give a table with the columns title and text")
    data = read_bytes(path, limits)
    articles: list[Article] = []
    warnings: list[str] = []
    line_of_id: dict[str, int] = {}
    for number, row in read_rows(data, name=path.name, limits=limits):
        where = f"{path.name}:{number}"
        article, row_warnings = parse_row(row, where=where, limits=limits)
        warnings += row_warnings
        if article is None:
            continue
        first_line = line_of_id.setdefault(article.article_id, number)
        if first_line < number and has_id(row):
            raise InputError(
                f"the id '{article.article_id}' stands in line {first_line} already",
                where=where,
                fix="give every row its own id, or leave the column out",
            )
        if first_line < number:
            warnings.append(
                f"{where}: title and date of line {first_line} again; they count as one article with the longer text, "
                "add a column id to keep both"
            )
        articles.append(article)
        limits.check("file_articles", len(articles), where=where, fix="split the table")
    if not articles:
        raise InputError("the table holds no article", where=path.name, fix="add rows with title and text")
    return articles, hashlib.sha256(data).hexdigest(), warnings


def parse_row(
    row: Mapping[str, Any] | InputError, *, where: str, limits: Limits = DEFAULT_LIMITS
) -> tuple[Article | None, list[str]]:
    """Make an article from a row of a table.

    Parameters
    ----------
    row
        Cells by column, or the error that `read_rows` found in the row.
    where
        File and line, for messages.
    limits
        Largest input.

    Returns
    -------
    article, warnings
        None for a row without any text.

    Raises
    ------
    InputError
        If the row cannot be used.
    """
    if isinstance(row, InputError):
        raise row
    cells, warnings = _cleaned_row(row, where=where, limits=limits)
    article = _article(cells, where=where)
    if article.title or article.body:
        return article, warnings
    return None, [*warnings, f"{where}: neither title nor text; the row is left out"]


def has_id(row: Mapping[str, Any] | InputError) -> bool:
    """Return whether the table has a column of ids."""
    return not isinstance(row, InputError) and "id" in row


def _cleaned_row(row: Mapping[str, Any], *, where: str, limits: Limits) -> tuple[Mapping[str, Any], list[str]]:
    """Check the lengths of a row's texts, and replace characters that must not be printed."""
    cells, warnings = dict(row), []
    for name in TABLE_COLUMNS:
        if isinstance(text := row.get(name), str):
            limits.check_text(text, where=where)
            if _LONE_SURROGATE.search(text):
                continue
            cells[name], replaced = replace_unprintable(text)
            if replaced:
                warnings.append(f"{where}: {replaced} must not be printed; U+FFFD stands in its place")
    return cells, warnings


def read_rows(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row]:
    """Split the bytes of a table into its rows.

    Parameters
    ----------
    data
        Content of the file.
    name
        Name of the file; its suffix is the format.
    limits
        Largest input.

    Yields
    ------
    line, row
        The line that the row ends in, from 1, and its cells by column; an `InputError` in place of
        a row that cannot be read while the next ones can.

    Raises
    ------
    InputError
        If the file is not such a table, or nothing more can be read.
    """
    kind = name.lower()
    if kind.endswith(".gz"):
        data, kind = _gunzip(data, name, limits), kind.removesuffix(".gz")
    if kind.endswith(".parquet"):
        return _parquet_rows(data, name, limits)
    text = decode_text(data, name=name)
    if kind.endswith(".jsonl"):
        return _json_rows(text, name)
    csv.field_size_limit(limits.line_characters)
    return _separated_rows(text, name, delimiter="\t" if kind.endswith(".tsv") else ",")


def _gunzip(data: bytes, name: str, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            expanded = read_limited(cast("BinaryIO", file), limits.expanded_bytes)
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
            yield number, parse_json_row(line, where=f"{name}:{number}")


def parse_json_row(line: str, *, where: str) -> Mapping[str, Any] | InputError:
    """Parse one JSON line.

    Parameters
    ----------
    line
        A JSON object.
    where
        File and line, for messages.

    Returns
    -------
    mapping or InputError
        Cells by column, or the error to raise for the line.
    """
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
            wanted = [column for column in TABLE_COLUMNS if column in file.schema_arrow.names]
            expanded, number = 0, 0
            for batch in file.iter_batches(batch_size=PARQUET_BATCH_ROWS, columns=wanted):
                expanded += batch.nbytes
                limits.check("expanded_bytes", expanded, where=name, fix="split the table")
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"no readable Parquet file ({reason})", where=name, fix="save it again") from error


def check_columns(columns: Mapping[str, Any] | list[str], *, where: str) -> None:
    """Make sure that a table has the required columns, and each column once.

    Parameters
    ----------
    columns
        Names of the columns.
    where
        File and line, for messages.

    Raises
    ------
    InputError
        If a column is missing or stands twice.
    """
    missing = [name for name in REQUIRED_COLUMNS if name not in columns]
    if len(set(columns)) < len(columns):
        raise InputError("two columns of one name", where=where, fix="name each column once")
    if missing:
        raise InputError(
            f"no column {' and no column '.join(missing)}; the columns are {', '.join(map(str, columns)) or 'none'}",
            where=where,
            fix=(
                f"name the columns {', '.join(REQUIRED_COLUMNS)} "
                f"and, where there are such, {', '.join(OPTIONAL_COLUMNS)}"
            ),
        )


def _article(row: Mapping[str, Any], *, where: str) -> Article:
    values = {name: _cell_text(row.get(name), where=where) for name in TABLE_COLUMNS}
    published = _parse_date(row.get("published"), where=where)
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
        truncated=bool(TRUNCATION_MARK.search(body)),
        label=values["label"],
    )


def _cell_text(value: object, *, where: str = "") -> str:
    text = "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN of Parquet
    if not text.isascii() and _LONE_SURROGATE.search(text):
        raise InputError("half of a surrogate pair is no character", where=where, fix="take it out of the text")
    return text


def _parse_date(value: object, *, where: str) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    text = _cell_text(value).strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace("/", "-")).replace(tzinfo=None)
    except ValueError as error:
        raise InputError(
            f"'{text}' is no date", where=where, fix="write dates as 2025-12-31 or 2025-12-31 09:30"
        ) from error

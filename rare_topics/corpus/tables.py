"""Tables of articles: CSV, TSV, JSON lines and Parquet, plain or gzipped."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from rare_topics.corpus.cells import LONE_SURROGATE, cell_date, cell_text
from rare_topics.corpus.feed_pages import TRUNCATION_MARK
from rare_topics.corpus.languages import language_named, language_of
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits, decode_text, gunzip, read_bytes, replace_unprintable
from rare_topics.corpus.parquet_tables import parquet_columns, parquet_rows
from rare_topics.corpus.records import Article, article_id
from rare_topics.errors import InputError, list_names, shown_in_line

TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
REQUIRED_COLUMNS = ("title", "text")
OPTIONAL_COLUMNS = ("id", "published", "source", "lang", "label")
TABLE_COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS

# The csv module takes no larger limit on every system.
MAX_FIELD_CHARACTERS = 2**31 - 1

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
    if not os.path.exists(path):  # noqa: PTH110 - which answers for a name that is too long, too
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
                f"the id '{shown_in_line(article.article_id, max_length=60)}' stands in line {first_line} already",
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
    article, date_warnings = _article(cells, where=where)
    if article.title or article.body:
        return article, [*warnings, *date_warnings]
    return None, [*warnings, f"{where}: neither title nor text; the row is left out"]


def has_id(row: Mapping[str, Any] | InputError) -> bool:
    """Return whether the table has a column of ids."""
    return not isinstance(row, InputError) and "id" in row


def _cleaned_row(row: Mapping[str, Any], *, where: str, limits: Limits) -> tuple[Mapping[str, Any], list[str]]:
    """Check the lengths of a row's texts, and replace characters that must not be printed."""
    cells, warnings = dict(row), []
    for name in TABLE_COLUMNS:
        if isinstance(text := row.get(name), (str, bytes)):
            text = cell_text(text, where=where) if isinstance(text, bytes) else text
            limits.check_text(text, where=where)
            if LONE_SURROGATE.search(text):
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
        data, kind = gunzip(data, name=name, limits=limits), kind.removesuffix(".gz")
    if kind.endswith(".parquet"):
        return _parquet_rows(data, name, limits)
    text = decode_text(data, name=name)
    if kind.endswith(".jsonl"):
        return _json_rows(text, name)
    csv.field_size_limit(min(limits.line_characters, MAX_FIELD_CHARACTERS))
    return _separated_rows(text, name, delimiter="\t" if kind.endswith(".tsv") else ",")


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
    columns = parquet_columns(data, name=name)
    check_columns(columns, where=name)
    wanted = [column for column in TABLE_COLUMNS if column in columns]
    yield from parquet_rows(data, name=name, columns=wanted, limits=limits)


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
            f"no column {' and no column '.join(missing)}; the columns are {list_names(columns) or 'none'}",
            where=where,
            fix=(
                f"name the columns {', '.join(REQUIRED_COLUMNS)} "
                f"and, where there are such, {', '.join(OPTIONAL_COLUMNS)}"
            ),
        )


def _article(row: Mapping[str, Any], *, where: str) -> tuple[Article, list[str]]:
    values = {name: cell_text(row.get(name), where=where) for name in TABLE_COLUMNS if name != "published"}
    published, warnings = cell_date(row.get("published"), where=where)
    title, body = values["title"], values["text"]
    if "id" in row and not values["id"]:
        raise InputError("an empty id", where=where, fix="give every row its own id, or leave the column out")
    body_lang, lang_warnings = _language(values["lang"], body or title, where=where)
    article = Article(
        article_id=values["id"] or article_id(title or body, published),
        title=title,
        body=body,
        source=values["source"],
        published=published,
        title_lang=language_of(title),
        body_lang=body_lang,
        truncated=bool(TRUNCATION_MARK.search(body)),
        label=values["label"],
    )
    return article, [*warnings, *lang_warnings]


def _language(said: str, text: str, *, where: str) -> tuple[str, list[str]]:
    """Check the language that a row says against its text, which decides where they differ."""
    said, found = said.strip(), language_of(text)
    if not said:
        return found, []
    language = language_named(said)
    shown = shown_in_line(said, max_length=20)
    if language is None:
        taken = f"is taken for '{found}', the language of its letters" if found else "has no letters either"
        return found, [f"{where}: lang '{shown}' is neither Chinese nor English; the text {taken}"]
    if found not in {"", language}:
        return found, [f"{where}: lang '{shown}', but the text is '{found}', which is taken"]
    return language, []

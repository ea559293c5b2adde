"""Tables of articles: CSV, TSV, JSON lines and Parquet, plain or gzipped, and workbooks of Excel."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rare_topics.corpus.cells import LONE_SURROGATE, cell_date, cell_text
from rare_topics.corpus.column_names import TABLE_COLUMNS, field_columns
from rare_topics.corpus.feed_pages import TRUNCATION_MARK
from rare_topics.corpus.html_text import html_to_text, is_html
from rare_topics.corpus.languages import language_named, language_of
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits, decode_text, gunzip, read_bytes, replace_unprintable
from rare_topics.corpus.parquet_tables import parquet_columns, parquet_rows
from rare_topics.corpus.records import Article, article_id
from rare_topics.corpus.workbooks import workbook_rows
from rare_topics.corpus.written_dates import offset_of
from rare_topics.errors import InputError, shown_in_line
from rare_topics.runtime.html import count_noun

TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
# What Excel puts between cells; a text has commas and tabs more often than semicolons, so the header decides.
DELIMITERS = (",", ";", "\t", "|")
# Warnings of one kind that are listed one by one.
MAX_LISTED_WARNINGS = 10

# The csv module takes no larger limit on every system.
MAX_FIELD_CHARACTERS = 2**31 - 1

# Number of the line a row ends in, and its cells by column, or why it cannot be read.
Row = tuple[int, Mapping[str, Any] | InputError]


def read_table_articles(
    path: Path, *, columns: Mapping[str, str] | None = None, limits: Limits = DEFAULT_LIMITS
) -> tuple[list[Article], str, list[str]]:
    """Read the articles of a table.

    Parameters
    ----------
    path
        A file with one of `TABLE_SUFFIXES`, ``.gz`` allowed, or ``.xlsx``.
    columns
        Column of a field by the user's word; see `field_columns`.
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
    rows = read_rows(data, name=path.name, columns=columns, limits=limits)
    articles, warnings = articles_of_rows(rows, name=path.name, limits=limits)
    return articles, hashlib.sha256(data).hexdigest(), warnings


def articles_of_rows(
    rows: Iterable[Row], *, name: str, limits: Limits = DEFAULT_LIMITS
) -> tuple[list[Article], list[str]]:
    """Make the articles of a table from its rows.

    Parameters
    ----------
    rows
        As `read_rows` yields them.
    name
        Of the table, for messages.
    limits
        Largest input.

    Returns
    -------
    articles, warnings
        A row without any text is left out with a warning; of many dates that cannot be read, ten
        are listed and the others counted.

    Raises
    ------
    InputError
        If a row is unusable, an id stands twice, or no row has a text.
    """
    articles: list[Article] = []
    warnings: list[str] = []
    line_of_id: dict[str, int] = {}
    n_dates = n_html = 0
    for number, row in rows:
        where = f"{name}:{number}"
        parsed = parse_row_parts(row, where=where, limits=limits)
        warnings += parsed.warnings
        n_html += parsed.was_html
        n_dates += bool(parsed.date_warnings)
        warnings += parsed.date_warnings if n_dates <= MAX_LISTED_WARNINGS else []
        article = parsed.article
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
        raise InputError("the table holds no article", where=name, fix="add rows with title and text")
    if n_dates > MAX_LISTED_WARNINGS:
        warnings.append(f"{name}: {n_dates - MAX_LISTED_WARNINGS:,} more dates that cannot be read")
    if n_html:
        warnings.append(
            f"{name}: HTML in {count_noun(n_html, 'text')}; tags and entities are taken out, offsets count without them"
        )
    return articles, warnings


class ParsedRow(NamedTuple):
    """What became of a row.

    Attributes
    ----------
    article
        None for a row without any text.
    warnings
        What was left out or replaced.
    date_warnings
        Why its date is none.
    was_html
        Whether its text was HTML.
    """

    article: Article | None
    warnings: list[str]
    date_warnings: list[str]
    was_html: bool


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
    parsed = parse_row_parts(row, where=where, limits=limits)
    return parsed.article, [*parsed.warnings, *parsed.date_warnings]


def parse_row_parts(row: Mapping[str, Any] | InputError, *, where: str, limits: Limits = DEFAULT_LIMITS) -> ParsedRow:
    """Make an article from a row of a table, and tell warnings of dates and of HTML from others; see `parse_row`."""
    if isinstance(row, InputError):
        raise row
    cells, warnings = _cleaned_row(row, where=where, limits=limits)
    text = cells.get("text")
    was_html = isinstance(text, str) and is_html(text)
    if was_html:
        cells = {**cells, "text": html_to_text(str(text))}
    article, date_warnings = _article(cells, where=where)
    if article.title or article.body:
        return ParsedRow(article, warnings, date_warnings, was_html)
    return ParsedRow(None, [*warnings, f"{where}: neither title nor text; the row is left out"], [], False)


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


def read_rows(
    data: bytes, *, name: str, columns: Mapping[str, str] | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Row]:
    """Split the bytes of a table into its rows.

    Parameters
    ----------
    data
        Content of the file.
    name
        Name of the file; its suffix is the format.
    columns
        Column of a field by the user's word; see `field_columns`.
    limits
        Largest input.

    Yields
    ------
    line, row
        The line that the row ends in, from 1, and its cells by field; an `InputError` in place of
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
        return _parquet_rows(data, name, columns, limits)
    if kind.endswith(".xlsx"):
        return workbook_rows(data, name=name, columns=columns, limits=limits)
    text = decode_text(data, name=name)
    if kind.endswith(".jsonl"):
        return _json_rows(text, name, columns)
    csv.field_size_limit(min(limits.line_characters, MAX_FIELD_CHARACTERS))
    return _separated_rows(text, name, columns, is_tsv=kind.endswith(".tsv"))


def _separated_rows(text: str, name: str, columns: Mapping[str, str] | None, *, is_tsv: bool) -> Iterator[Row]:
    # Excel writes its separator above the header, or reads it from there.
    first_line, _, rest = text.partition("\n")
    said = first_line.strip().removeprefix("sep=") if first_line.startswith("sep=") else None
    n_above, text = (0, text) if said is None else (1, rest)
    delimiter = "\t" if is_tsv else _delimiter(text.partition("\n")[0], said)
    # In a file .tsv a tab cannot stand in a cell, so such files are written without quotes; Excel's have them.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if is_tsv else csv.QUOTE_MINIMAL
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True)
    try:
        header = [column.strip() for column in next(reader)]
        fields = field_columns(header, columns_of=columns, where=f"{name}:{1 + n_above}")
        for cells in reader:
            if not cells:
                continue
            line = reader.line_num + n_above
            if len(cells) == len(header):
                row = dict(zip(header, cells, strict=True))
                yield line, {field: row[column] for field, column in fields.items()}
                continue
            yield (
                line,
                InputError(
                    f"{len(cells)} cells in a table of {len(header)} columns",
                    where=f"{name}:{line}",
                    fix="take the tabs out of the cells" if is_tsv else "quote the separators within cells",
                ),
            )
    except csv.Error as error:
        line = reader.line_num + n_above
        raise InputError(f"broken row ({error})", where=f"{name}:{line}", fix="correct it") from error


def _delimiter(header: str, said: str | None) -> str:
    """Return what separates the cells: what the file says, else what cuts the header into columns that are known."""
    if said is not None and len(said or "\t") == 1:
        return said or "\t"

    def n_fields(delimiter: str) -> int:
        cells = [cell.strip().strip('"') for cell in header.rstrip("\r").split(delimiter)]
        try:
            return len(field_columns(dict.fromkeys(cells), where=""))
        except InputError:
            return 0

    found = {delimiter: (n_fields(delimiter), header.count(delimiter)) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: found[delimiter])


def _json_rows(text: str, name: str, columns: Mapping[str, str] | None) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, parse_json_row(line, columns=columns, where=f"{name}:{number}")


def parse_json_row(
    line: str, *, where: str, columns: Mapping[str, str] | None = None
) -> Mapping[str, Any] | InputError:
    """Parse one JSON line.

    Parameters
    ----------
    line
        A JSON object.
    where
        File and line, for messages.
    columns
        Column of a field by the user's word; see `field_columns`.

    Returns
    -------
    mapping or InputError
        Cells by field, or the error to raise for the line.
    """
    try:
        row = json.loads(line)
        if isinstance(row, dict):
            fields = field_columns(row, columns_of=columns, where=where)
            return {field: row[column] for field, column in fields.items()}
    except InputError as error:
        return error
    except (ValueError, RecursionError) as error:
        return InputError(f"no JSON object ({error})", where=where, fix="write one JSON object a line")
    return InputError("no JSON object", where=where, fix="write one JSON object a line")


def _parquet_rows(data: bytes, name: str, columns: Mapping[str, str] | None, limits: Limits) -> Iterator[Row]:
    fields = field_columns(parquet_columns(data, name=name), columns_of=columns, where=name)
    for number, row in parquet_rows(data, name=name, columns=list(fields.values()), limits=limits):
        yield number, {field: row[column] for field, column in fields.items()}


def _article(row: Mapping[str, Any], *, where: str) -> tuple[Article, list[str]]:
    values = {name: cell_text(row.get(name), where=where) for name in TABLE_COLUMNS if name != "published"}
    published, warnings = cell_date(row.get("published"), where=where)
    printed = published.replace(tzinfo=None) if published else None
    title, body = values["title"], values["text"]
    if "id" in row and not values["id"]:
        raise InputError("an empty id", where=where, fix="give every row its own id, or leave the column out")
    body_lang, lang_warnings = _language(values["lang"], body or title, where=where)
    article = Article(
        article_id=values["id"] or article_id(title or body, printed),
        title=title,
        body=body,
        source=values["source"],
        published=printed,
        utc_offset=offset_of(published) if published else "",
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

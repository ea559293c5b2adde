"""Workbooks of Excel: the rows of their first sheet, with no formula computed and nothing run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from rare_topics.corpus.column_names import field_columns
from rare_topics.corpus.limits import Limits
from rare_topics.errors import InputError


def workbook_rows(
    data: bytes, *, name: str, columns: Mapping[str, str] | None = None, limits: Limits
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Read the rows of the first sheet that has any.

    Parameters
    ----------
    data
        Content of an ``.xlsx`` file.
    name
        Name of the file, for messages.
    columns
        Column of a field by the user's word; see `field_columns`.
    limits
        Largest input.

    Yields
    ------
    number, row
        Number of the row as Excel shows it, and its cells by field; of formulas the value that
        was saved. Rows of empty cells are passed over.

    Raises
    ------
    InputError
        If the file is no workbook or too large, or openpyxl is not installed.
    """
    openpyxl = _openpyxl(name)
    _check_size(data, name, limits)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.max_row]
        rows = sheets[0].iter_rows(values_only=True) if sheets else iter(())
        header = next(rows, ())
        names = ["" if cell is None else str(cell).strip() for cell in header]
    except Exception as error:
        raise InputError(
            f"no workbook that can be read ({type(error).__name__})", where=name, fix="save it again as .xlsx or .csv"
        ) from error
    # Columns without a name at the right end are not the user's; Excel keeps them once they were touched.
    fields = field_columns([column for column in names if column], columns_of=columns, where=f"{name}:1")
    place = {field: names.index(column) for field, column in fields.items()}
    for number, cells in enumerate(rows, 2):
        if any(cell is not None for cell in cells):
            yield number, {field: cells[at] if at < len(cells) else None for field, at in place.items()}


def _check_size(data: bytes, name: str, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError("not an .xlsx workbook", where=name, fix="save it in Excel as .xlsx or CSV UTF-8") from error
    limits.check("expanded_bytes", size, where=name, fix="split the table")


def _openpyxl(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        import openpyxl
    except ImportError as error:
        raise InputError(
            "a workbook is read by openpyxl, which is not installed",
            where=name,
            fix="pip install 'rare-topics[excel]', or save it as CSV UTF-8",
        ) from error
    return openpyxl

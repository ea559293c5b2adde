"""CSV files whose cells a spreadsheet shows as text and does not run as formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

# A text that begins so is a formula to a spreadsheet, unless it is a plain number with its sign.
FORMULA_START = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,.]*%?")
ESCAPE = "'"
ROWS_PER_CHUNK = 50_000


def to_csv(table: pd.DataFrame, **options: Any) -> str:  # noqa: ANN401 - passed to pandas
    """Format a table as CSV, with an apostrophe before each text that a spreadsheet would take for a formula.

    Columns of numbers, and texts that are plain numbers, stay as they are.

    Parameters
    ----------
    table
        The table; its index is not written.
    **options
        Passed to `pandas.DataFrame.to_csv`.
    """
    buffer = StringIO(newline="")
    _write_with_quotes(buffer, lambda: [table], **options)
    return buffer.getvalue()


def write_csv(path: Path, parts: Callable[[], Iterable[pd.DataFrame]]) -> None:
    """Write a table that comes in parts as a CSV file; see `to_csv`.

    Parameters
    ----------
    path
        File to write.
    parts
        Returns the parts, all with the same columns; it may be called twice.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        _write_with_quotes(file, parts)


def read_csv(path: str | Path, **options: Any) -> pd.DataFrame:  # noqa: ANN401 - passed to pandas
    """Read a table that `to_csv` or `write_csv` wrote, without the apostrophes; empty cells are empty texts.

    Parameters
    ----------
    path
        File to read.
    **options
        Passed to `pandas.read_csv`.
    """
    import pandas as pd

    table: pd.DataFrame = pd.read_csv(
        StringIO(Path(path).read_bytes().decode("utf-8"), newline=""), keep_default_na=False, **options
    )
    for column in table.columns:
        if not _is_numeric(table[column]):
            table[column] = table[column].map(_unescaped)
    return table


def _write_with_quotes(file: TextIO, parts: Callable[[], Iterable[pd.DataFrame]], **options: Any) -> None:  # noqa: ANN401
    """Quote the cells that need it, or all texts where one has a lone carriage return.

    Python's writer leaves such a text without quotes, and readers would end the row there.
    """
    try:
        _write_parts(file, parts(), csv.QUOTE_MINIMAL, **options)
    except _LoneCarriageReturn:
        file.seek(0)
        file.truncate()
        _write_parts(file, parts(), csv.QUOTE_NONNUMERIC, **options)


def _write_parts(file: TextIO, parts: Iterable[pd.DataFrame], quoting: Literal[0, 2], **options: Any) -> None:  # noqa: ANN401
    header = True
    for part in parts:
        for start in range(0, max(len(part), 1), ROWS_PER_CHUNK):
            chunk = part.iloc[start : start + ROWS_PER_CHUNK].copy()
            for column in chunk.columns:
                if not _is_numeric(chunk[column]):
                    cells = chunk[column].to_numpy(dtype=object)
                    if quoting == csv.QUOTE_MINIMAL and any(isinstance(cell, str) and "\r" in cell for cell in cells):
                        raise _LoneCarriageReturn
                    chunk[column] = np.fromiter(map(_escaped, cells), dtype=object, count=len(cells))
            chunk.to_csv(file, index=False, header=header, lineterminator="\n", quoting=quoting, **options)
            header = False


class _LoneCarriageReturn(Exception):  # noqa: N818 - caught within this module
    """A text holds a carriage return."""


def _is_numeric(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "biufc"


def _escaped(cell: object) -> object:
    is_formula = isinstance(cell, str) and FORMULA_START.match(cell) and not PLAIN_NUMBER.fullmatch(cell)
    return f"{ESCAPE}{cell}" if is_formula else cell


def _unescaped(cell: object) -> object:
    return cell[1:] if isinstance(cell, str) and cell.startswith(ESCAPE) and FORMULA_START.match(cell) else cell

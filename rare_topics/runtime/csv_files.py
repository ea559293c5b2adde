"""CSV files whose cells a spreadsheet shows as text and does not run as formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    import pandas as pd

# A text that begins so is a formula to a spreadsheet, unless it is a plain number with its sign.
FORMULA_START = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,.]*%?")
ESCAPE = "'"
ROWS_PER_CHUNK = 50_000


def to_csv(table: pd.DataFrame, *, float_format: str | None = None) -> str:
    """Format a table as CSV, with an apostrophe before each text that a spreadsheet would take for a formula.

    Columns of numbers, and texts that are plain numbers, stay as they are.

    Parameters
    ----------
    table
        The table; its index is not written.
    float_format
        Format of floating-point numbers, as ``%.6g``; None writes all their digits.
    """
    buffer = StringIO(newline="")
    _write_with_quotes(buffer, lambda: [table], float_format)
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
        _write_with_quotes(file, parts, None)


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


def _write_with_quotes(file: TextIO, parts: Callable[[], Iterable[pd.DataFrame]], float_format: str | None) -> None:
    """Quote the cells that need it, or all texts where one has a lone carriage return.

    Python's writer leaves such a text without quotes, and readers would end the row there.
    """
    try:
        _write_parts(file, parts(), csv.QUOTE_MINIMAL, float_format)
    except _LoneCarriageReturn:
        file.seek(0)
        file.truncate()
        _write_parts(file, parts(), csv.QUOTE_NONNUMERIC, float_format)


def _write_parts(file: TextIO, parts: Iterable[pd.DataFrame], quoting: Literal[0, 2], float_format: str | None) -> None:
    writer = csv.writer(file, lineterminator="\n", quoting=quoting)
    for number, part in enumerate(parts):
        if not number:
            writer.writerow(part.columns)
        for start in range(0, len(part), ROWS_PER_CHUNK):
            chunk = part.iloc[start : start + ROWS_PER_CHUNK]
            columns = [_cells(chunk.iloc[:, column], quoting, float_format) for column in range(chunk.shape[1])]
            writer.writerows(zip(*columns, strict=True))


class _LoneCarriageReturn(Exception):  # noqa: N818 - caught within this module
    """A text holds a carriage return."""


def _is_numeric(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "biufc"


def _cells(column: pd.Series[Any], quoting: Literal[0, 2], float_format: str | None) -> list[object]:
    """Return the cells of a column as they are written: nothing for a missing one."""
    is_missing = column.isna()
    cells: list[object] = (column.astype(object).where(~is_missing, "") if is_missing.any() else column).tolist()
    if _is_numeric(column):
        return [float_format % cell if isinstance(cell, float) else cell for cell in cells] if float_format else cells
    if quoting == csv.QUOTE_MINIMAL and any(isinstance(cell, str) and "\r" in cell for cell in cells):
        raise _LoneCarriageReturn
    return [_escaped(cell) if isinstance(cell, str) and FORMULA_START.match(cell) else cell for cell in cells]


def _escaped(formula: str) -> str:
    return formula if PLAIN_NUMBER.fullmatch(formula) else f"{ESCAPE}{formula}"


def _unescaped(cell: object) -> object:
    return cell[1:] if isinstance(cell, str) and cell.startswith(ESCAPE) and FORMULA_START.match(cell) else cell

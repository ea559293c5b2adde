"""CSV that a spreadsheet shows and does not obey, and back."""

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

# A cell that begins so is a formula to a spreadsheet; a number with its sign is none.
FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?\d[\d,.]*%?")
GUARD = "'"
# Rows that are written at a time.
ROWS = 50_000


def to_csv(table: pd.DataFrame, **options: Any) -> str:  # noqa: ANN401 - handed on to pandas
    """Write a table as CSV, an apostrophe before each text that a spreadsheet would take for a formula.

    Columns of numbers, and texts that are plain numbers, stay as they are.
    """
    buffer = StringIO(newline="")
    _write_quoted(buffer, lambda: [table], **options)
    return buffer.getvalue()


def write_csv(path: Path, parts: Callable[[], Iterable[pd.DataFrame]]) -> None:
    """Write a table as `to_csv` does, in parts that follow each other.

    Parameters
    ----------
    path
        File to write.
    parts
        Gives the parts, with the same columns, each time that it is called.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        _write_quoted(file, parts)


def _write_quoted(file: TextIO, parts: Callable[[], Iterable[pd.DataFrame]], **options: Any) -> None:  # noqa: ANN401
    """Quote all texts where one has a lone carriage return: Python's own writer does not, and a reader ends the row."""
    try:
        _write(file, parts(), csv.QUOTE_MINIMAL, **options)
    except _LoneReturn:
        file.seek(0)
        file.truncate()
        _write(file, parts(), csv.QUOTE_NONNUMERIC, **options)


def _write(file: TextIO, parts: Iterable[pd.DataFrame], quoting: Literal[0, 2], **options: Any) -> None:  # noqa: ANN401
    header = True
    for part in parts:
        for start in range(0, max(len(part), 1), ROWS):
            guarded = part.iloc[start : start + ROWS].copy()
            for column in guarded.columns:
                if not _is_numeric(guarded[column]):
                    cells = guarded[column].to_numpy(dtype=object)
                    if quoting == csv.QUOTE_MINIMAL and any(isinstance(cell, str) and "\r" in cell for cell in cells):
                        raise _LoneReturn
                    guarded[column] = np.fromiter(map(_guarded, cells), dtype=object, count=len(cells))
            guarded.to_csv(file, index=False, header=header, lineterminator="\n", quoting=quoting, **options)
            header = False


class _LoneReturn(Exception):  # noqa: N818 - never seen outside
    """A text holds a carriage return."""


def from_csv(path: str | Path, **options: Any) -> pd.DataFrame:  # noqa: ANN401 - handed on to pandas
    """Read a table that `to_csv` wrote, the apostrophes taken off again; empty cells are empty texts."""
    import pandas as pd

    table: pd.DataFrame = pd.read_csv(
        StringIO(Path(path).read_bytes().decode("utf-8"), newline=""), keep_default_na=False, **options
    )
    for column in table.columns:
        if not _is_numeric(table[column]):
            table[column] = table[column].map(_bare)
    return table


def _is_numeric(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "biufc"


def _guarded(cell: object) -> object:
    dangerous = isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell)
    return f"{GUARD}{cell}" if dangerous else cell


def _bare(cell: object) -> object:
    return cell[1:] if isinstance(cell, str) and cell.startswith(GUARD) and FORMULA.match(cell) else cell

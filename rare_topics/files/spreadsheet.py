"""CSV that a spreadsheet shows and does not obey, and back."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

# A cell that begins so is a formula to a spreadsheet; a number with its sign is none.
FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?\d[\d,.]*%?")
GUARD = "'"


def to_csv(table: pd.DataFrame, **options: Any) -> str:  # noqa: ANN401 - handed on to pandas
    """Write a table as CSV, an apostrophe before each text that a spreadsheet would take for a formula.

    Columns of numbers, and texts that are plain numbers, stay as they are.
    """
    guarded = table.copy()
    quoting: Literal[0, 2] = csv.QUOTE_MINIMAL
    for column in guarded.columns:
        if not _is_numeric(guarded[column]):
            guarded[column] = guarded[column].map(_guarded)
            # Python's own writer leaves a lone carriage return without quotes, and a reader ends the row there.
            if guarded[column].map(lambda cell: isinstance(cell, str) and "\r" in cell).any():
                quoting = csv.QUOTE_NONNUMERIC
    return str(guarded.to_csv(index=False, lineterminator="\n", quoting=quoting, **options))


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

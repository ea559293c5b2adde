"""Tables and lists in memory as rows: data frames of any library, dicts of columns, texts."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.corpus.column_names import field_columns
from rare_topics.errors import InputError, shown_in_line

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.corpus.tables import Row

# Names of files are no longer than this on any system.
_MAX_FILE_NAME = 255
# Texts of a list that end so and hold no space are files.
_FILE_SUFFIXES = (
    ".txt",
    ".csv",
    ".tsv",
    ".jsonl",
    ".parquet",
    ".xlsx",
    ".gz",
    ".xml",
    ".rss",
    ".atom",
    ".html",
    ".htm",
)
_WHAT_IS_READ = "give a path, a DataFrame, a list of texts, or a corpus"


def as_frame(source: Any) -> pd.DataFrame | None:  # noqa: ANN401 - whatever the user has
    """Return a table in memory as a DataFrame of pandas; None for what is none.

    Parameters
    ----------
    source
        A DataFrame of pandas, what has ``to_pandas`` (polars, Arrow, datasets), a dict of
        columns, or a list of dicts.

    Raises
    ------
    InputError
        If the columns of a dict have different lengths.
    """
    if type(source).__module__.partition(".")[0] == "pandas" and hasattr(source, "columns"):
        return source  # type: ignore[no-any-return]
    if hasattr(source, "to_pandas") and (hasattr(source, "columns") or hasattr(source, "column_names")):
        return source.to_pandas()  # type: ignore[no-any-return]
    if isinstance(source, Mapping) or (
        isinstance(source, (list, tuple)) and source and all(isinstance(row, Mapping) for row in source)
    ):
        import pandas as pd

        try:
            return pd.DataFrame(source if isinstance(source, Mapping) else list(source))
        except ValueError as error:
            raise InputError(
                f"no table ({shown_in_line(error)})", fix="give a list of equal length a column"
            ) from error
    return None


def as_entries(source: Any) -> list[Any]:  # noqa: ANN401
    """Return the entries of a list, tuple, array, Series or generator.

    Raises
    ------
    InputError
        If the source is nothing of the kind.
    """
    if isinstance(source, (bytes, bytearray)):
        raise InputError("bytes where texts were expected", fix="decode them: data.decode('utf-8')")
    if source is None or not hasattr(source, "__iter__"):
        raise InputError(f"a source of the type {type(source).__name__}", fix=_WHAT_IS_READ)
    return list(source)


def is_path(entry: object) -> bool:
    """Tell whether an entry of a list is a path and no text: it is a `Path`, or names a file."""
    if isinstance(entry, Path):
        return True
    if not isinstance(entry, str) or not entry.strip() or "\n" in entry or "\0" in entry:
        return False
    if entry.lower().endswith(_FILE_SUFFIXES) and not any(char.isspace() for char in entry.strip()):
        return True
    try:
        return len(os.fsencode(Path(entry).name)) <= _MAX_FILE_NAME and Path(entry).exists()
    except (OSError, ValueError):
        return False


def frame_rows(frame: pd.DataFrame, *, columns: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Yield the rows of a DataFrame, numbered from 1, by field; see `field_columns` for the columns."""
    fields = field_columns(frame.columns, columns_of=columns, where="table")
    if not fields.keys() & {"title", "text"}:
        return
    names = list(map(str, frame.columns))
    cells = [frame.iloc[:, names.index(column)].tolist() for column in fields.values()]
    for number, row in enumerate(zip(*cells, strict=True), 1):
        yield number, {field: _plain(cell) for field, cell in zip(fields, row, strict=True)}


def text_rows(texts: Iterable[object]) -> Iterator[Row]:
    """Yield texts as rows without titles, numbered from 1.

    Raises
    ------
    InputError
        If an entry is neither a text nor missing.
    """
    for number, text in enumerate(texts, 1):
        cell = _plain(text)
        if not isinstance(cell, str) and cell is not None:
            kind, shown = type(text).__name__, shown_in_line(repr(text), max_length=40)
            raise InputError(
                f"entry {number} is {shown}, of the type {kind}, and no text", fix="give a list of strings"
            )
        yield number, {"text": cell}


def _plain(cell: Any) -> Any:  # noqa: ANN401 - a cell of any type
    """Return a cell as Python has it; None for what is missing: NaN, NaT, NA."""
    if cell is None or isinstance(cell, (str, bytes)):
        return cell
    if type(cell).__name__ in {"NAType", "NaTType"} or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if hasattr(cell, "to_pydatetime"):
        return cell.to_pydatetime(warn=False)
    if hasattr(cell, "item") and getattr(cell, "ndim", None) == 0:
        return cell.item()
    return cell

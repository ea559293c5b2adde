"""Rows of Parquet files, unpacked a batch at a time and never beyond the limits."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rare_topics.corpus.cells import DistantDate, UnreadableCell
from rare_topics.corpus.limits import Limits
from rare_topics.corpus.parquet_footer import column_chunks
from rare_topics.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

# Rows that are unpacked together.
BATCH_ROWS = 1000


def parquet_columns(data: bytes, *, name: str) -> list[str]:
    """List the columns of a Parquet file.

    Raises
    ------
    InputError
        If the bytes are no such file.
    """
    with _opened(data, name) as file:
        return list(file.schema_arrow.names)


def parquet_rows(
    data: bytes, *, name: str, columns: Sequence[str], limits: Limits
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Unpack the rows of a Parquet file.

    A column of texts is kept as the file packs it, as distinct values and numbers that point at
    them, until the size of its texts is known: 50 KB can hold texts of 70 GB.

    Parameters
    ----------
    data
        Content of the file.
    name
        Name of the file, for messages.
    columns
        Those to unpack; each is in the file.
    limits
        Largest input.

    Yields
    ------
    number, row
        From 1; an `UnreadableCell` for a value that Python does not hold.

    Raises
    ------
    InputError
        If the file is damaged or too large, or a column is nested or holds durations.
    """
    expanded, number = 0, 0
    try:
        with _opened(data, name) as file:
            _check_types(file, columns, name)
            _check_declared_size(data, columns, name, limits)
            packed = [column for column in columns if _is_text(file.schema_arrow.field(column).type)]
        with _opened(data, name, dictionaries=packed) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(columns)):
                expanded += sum(_unpacked_bytes(column) for column in batch.columns)
                limits.check("expanded_bytes", expanded, where=name, fix="split the table")
                cells = [cells_of(column) for column in batch.columns]
                for row in zip(*cells, strict=True):
                    number += 1
                    yield number, dict(zip(batch.schema.names, row, strict=True))
    except InputError:
        raise
    except Exception as error:
        raise _damaged(error, name) from error


def cells_of(column: pa.Array) -> list[Any]:
    """Return the values of a column; an `UnreadableCell` for each that Python does not hold."""
    try:
        return list(column.to_pylist())
    except Exception:  # noqa: BLE001 - which error it is depends on the type and on the release of Arrow
        return [_cell(column[position]) for position in range(len(column))]


def _cell(scalar: pa.Scalar) -> Any:  # noqa: ANN401 - a cell of any type
    import pyarrow as pa

    try:
        return scalar.as_py()
    except UnicodeDecodeError as error:
        return UnreadableCell(f"not UTF-8 (byte 0x{error.object[error.start]:02x} of a cell)")
    except Exception:  # noqa: BLE001 - as above
        kind = scalar.type
        if pa.types.is_timestamp(kind) and kind.tz:  # no zone that is known here, so that the time stands as it is
            return _cell(scalar.cast(pa.timestamp(kind.unit)))
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            return DistantDate("a date that no calendar holds is no text")
        return UnreadableCell(f"a value of the type {kind} that cannot be read")


def _opened(data: bytes, name: str, *, dictionaries: Sequence[str] = ()) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(io.BytesIO(data), read_dictionary=list(dictionaries))
    except Exception as error:
        raise _damaged(error, name) from error


def _damaged(error: Exception, name: str) -> InputError:
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    return InputError(f"no readable Parquet file ({reason[:200]})", where=name, fix="save it again")


def _check_types(file: pq.ParquetFile, columns: Sequence[str], name: str) -> None:
    """Refuse columns whose cells are neither texts, nor numbers, nor dates."""
    import pyarrow as pa

    for column in columns:
        kind = file.schema_arrow.field(column).type
        if isinstance(kind, pa.BaseExtensionType):
            kind = kind.storage_type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_nested(kind) or pa.types.is_duration(kind) or pa.types.is_interval(kind):
            raise InputError(
                f"the column {column} is of the type {str(kind)[:60]}, which is no text",
                where=name,
                fix="write it as text, or leave the column out",
            )


def _check_declared_size(data: bytes, columns: Sequence[str], name: str, limits: Limits) -> None:
    """Refuse a file whose pages alone are too large, before one of them is decompressed."""
    declared = sum(chunk.unpacked_size for chunk in column_chunks(data) if chunk.column in columns)
    limits.check("expanded_bytes", declared, where=name, fix="split the table")


def _unpacked_bytes(column: pa.Array) -> int:
    """Return the bytes that the values of a column take once each stands by itself."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not isinstance(column, pa.DictionaryArray) or not _is_text(column.type.value_type):
        return int(column.nbytes)
    sizes = pc.take(pc.binary_length(column.dictionary), column.indices)
    return int(column.indices.nbytes) + int(pc.sum(sizes.cast(pa.int64())).as_py() or 0)


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    kinds = (pa.types.is_binary, pa.types.is_string, pa.types.is_large_string, pa.types.is_large_binary)
    return any(is_of(kind) for is_of in kinds)

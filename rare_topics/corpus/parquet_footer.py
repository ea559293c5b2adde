"""The footer of a Parquet file, read without Arrow: sizes and codecs of its column chunks.

Arrow 26 ends the process, without an exception, where the statistics of a chunk's sizes contradict its type and the
chunk's metadata are asked for; a changed byte is enough. What has to be known before anything is unpacked is read here.
The footer is a structure in the compact protocol of Thrift, whose fields are those of ``parquet.thrift``.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

MAGIC = b"PAR1"
# Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
_ROW_GROUPS, _COLUMNS, _META_DATA, _PATH, _CODEC, _UNPACKED_SIZE = 4, 1, 3, 3, 4, 6
# Types of the compact protocol.
_TRUE, _FALSE, _BYTE, _WHOLE, _DOUBLE, _BINARY, _LISTS, _STRUCT = 1, 2, 3, (4, 5, 6), 7, 8, (9, 10), 12
# Structures stand no deeper in the metadata of any file.
_MOST_DEPTH = 12
_LONGEST_NUMBER = 10


class ColumnChunk(NamedTuple):
    """What the footer says of one column in one group of rows.

    Attributes
    ----------
    column
        Name of the column, the first of its path.
    codec
        Number of the compression, 0 for none and 1 for Snappy.
    unpacked_size
        Bytes of its pages once they are decompressed.
    """

    column: str
    codec: int
    unpacked_size: int


def column_chunks(data: bytes) -> list[ColumnChunk]:
    """List the column chunks of all groups of rows.

    Parameters
    ----------
    data
        Content of a Parquet file.

    Raises
    ------
    ValueError
        If the footer is none.
    """
    length = int.from_bytes(data[-8:-4], "little")
    if data[-4:] != MAGIC or not 0 < length <= len(data) - 8:
        raise ValueError("no footer of Parquet")
    chunks = []
    try:
        footer = _Compact(data[-8 - length : -8]).structure(0)
        for group in footer[_ROW_GROUPS]:
            for column in group[_COLUMNS]:
                about = column[_META_DATA]
                name = about[_PATH][0].decode("utf-8")
                chunks.append(ColumnChunk(name, int(about[_CODEC]), max(0, int(about[_UNPACKED_SIZE]))))
    except (LookupError, TypeError, AttributeError, struct.error) as error:
        raise ValueError("a footer that is cut or altered") from error
    return chunks


class _Compact:
    """A reader of the compact protocol of Thrift; a structure becomes a dictionary by the numbers of its fields."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def structure(self, depth: int) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._whole()
            kind = head & 15
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth + 1)
        return fields

    def _value(self, kind: int, depth: int) -> Any:  # noqa: ANN401 - any value of Thrift
        if depth > _MOST_DEPTH:
            raise ValueError("a footer that is too deep")
        if kind in (_BYTE, _TRUE, _FALSE):
            return self._byte()
        if kind in _WHOLE:
            return self._whole()
        if kind == _DOUBLE:
            return struct.unpack("<d", self._take(8))[0]
        if kind == _BINARY:
            return self._take(self._count())
        if kind in _LISTS:
            return self._list(depth)
        if kind == _STRUCT:
            return self.structure(depth)
        raise ValueError("a footer with a value of no type")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._count()  # noqa: PLR2004 - 15 says that the size follows
        if size > len(self._data) - self._at:
            raise ValueError("a footer that is cut")
        return [self._value(head & 15, depth + 1) for _ in range(size)]

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, n_bytes: int) -> bytes:
        taken = self._data[self._at : self._at + n_bytes]
        if len(taken) < n_bytes:
            raise ValueError("a footer that is cut")
        self._at += n_bytes
        return taken

    def _count(self) -> int:
        number = 0
        for position in range(_LONGEST_NUMBER):
            byte = self._byte()
            number |= (byte & 127) << 7 * position
            if byte < 128:  # noqa: PLR2004 - the highest bit says that more follows
                return number
        raise ValueError("a footer with a number of too many digits")

    def _whole(self) -> int:
        number = self._count()
        return (number >> 1) ^ -(number & 1)

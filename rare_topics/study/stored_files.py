"""How the files of a saved study are read: plain files of the folder alone, memory in proportion to their size."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy

from rare_topics.corpus.languages import LANGUAGES
from rare_topics.corpus.parquet_footer import column_chunks
from rare_topics.corpus.records import Article, arrow_schema, articles_from_arrow
from rare_topics.errors import UNPRINTABLE, InputError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

# Roles of the user's own files, each with a folder of its own in a saved study.
ROLES = ("lexicon", "glosses", "themes")
LONGEST_NAME = 200
# Articles take as many times their bytes in the file, or this many bytes, at the most: Snappy, by which they are
# written, shortens a text to a twentieth at best, and a text that stands twice is written once.
MOST_EXPANSION, LEAST_BYTES = 100, 64_000_000
# None and Snappy; what compresses further could hide a text that fills the memory.
CODECS = frozenset({0, 1})
ARRAY_KINDS = "biuf"
# The years of which there is news.
FIRST_YEAR, LAST_YEAR = 1500, 2200


def is_bare_name(name: object) -> bool:
    """Tell whether the name of a file of the user's own can stand in a saved study and leads nowhere else."""
    return (
        isinstance(name, str)
        and name not in {"", ".", ".."}
        and not {*"/\\:"} & {*name}
        and name.splitlines() == [name]
        and not UNPRINTABLE.search(name)
        and len(name.encode()) <= LONGEST_NAME
    )


def check_bare_name(path: Path) -> str:
    """Return the name of a file of the user's own, if it can stand in a saved study.

    Raises
    ------
    InputError
        If it is too long, or holds a character that ends a line or is no text.
    """
    if not is_bare_name(path.name):
        raise InputError(
            "no study can keep a file of this name: it is too long, or has a line end or a control character",
            where=os.fsencode(path).decode("utf-8", "backslashreplace"),
            fix="rename the file",
        )
    return path.name


def parse_json(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON is
    """Parse JSON in UTF-8 that says each key once and knows no NaN and no infinity.

    Raises
    ------
    ValueError
        If it is none.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key that is said twice")
        return found

    def refuse_constant(name: str) -> None:
        raise ValueError(f"{name} is no number")

    return json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse_constant)


def read_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """Read the arrays of an NPZ file that is not compressed.

    Parameters
    ----------
    data
        The file.

    Returns
    -------
    dict of str to ndarray
        Together no larger than the file.

    Raises
    ------
    ValueError
        If an array is compressed, larger than its bytes, holds objects, or stands there twice.
    """
    arrays: dict[str, NDArray[Any]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise ValueError("arrays are compressed")
        if sum(member.file_size for member in members) > len(data):
            raise ValueError("arrays are larger than their file")
        for member in members:
            name = member.filename.removesuffix(".npy")
            if name in arrays:
                raise ValueError(f"array {name[:40]!r} stands there twice")
            arrays[name] = _read_array(archive.read(member), name=name)
    return arrays


def _read_array(data: bytes, *, name: str) -> NDArray[Any]:
    """Read one array, whose size is what its bytes hold and not what its header promises."""
    file = io.BytesIO(data)
    if npy.read_magic(file) != (1, 0):
        raise ValueError(f"array {name[:40]!r} is of another format")
    shape, is_fortran, dtype = npy.read_array_header_1_0(file)
    if dtype.kind not in ARRAY_KINDS or dtype.hasobject or not dtype.isnative:
        raise ValueError(f"array {name[:40]!r} holds {dtype}, no numbers")
    values = np.frombuffer(data, dtype=dtype, offset=file.tell())
    if any(size < 0 for size in shape) or int(np.prod(shape, dtype=object)) != values.size:
        raise ValueError(f"array {name[:40]!r} is not of the size that it says")
    return values.reshape(shape, order="F" if is_fortran else "C").copy(order="F" if is_fortran else "C")


def read_articles(data: bytes, *, name: str) -> tuple[Article, ...]:
    """Read the articles of a saved study.

    Parameters
    ----------
    data
        A Parquet file.
    name
        Of the file, for messages.

    Raises
    ------
    ValueError
        If columns, types or values are others than those of articles, or if they would take much
        more memory than the file.
    """
    import pyarrow.parquet as pq

    schema = arrow_schema()
    texts = [f"{column.name}.list.element" if _is_list(column.type) else column.name for column in schema]
    file = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts)
    if not file.schema_arrow.remove_metadata().equals(_as_dictionaries(schema)):
        raise ValueError(f"the columns of {name} are others")
    if any(chunk.codec not in CODECS for chunk in column_chunks(data)):
        raise ValueError(f"{name} is compressed otherwise")
    if file.metadata.num_rows > len(data):
        raise ValueError(f"{name} promises more rows than it can hold")
    table = file.read()
    if _expanded_bytes(table) > max(LEAST_BYTES, MOST_EXPANSION * len(data)):
        raise ValueError(f"{name} unpacks to far more than its size")
    articles = tuple(articles_from_arrow(table))
    _check_articles(articles, name=name)
    return articles


def _is_list(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(kind))


def _as_dictionaries(schema: pa.Schema) -> pa.Schema:
    """Return the schema by which texts are read that are unpacked only once their size is known."""
    import pyarrow as pa

    texts = pa.dictionary(pa.int32(), pa.string())
    kinds = {pa.string(): texts, pa.list_(pa.string()): pa.list_(texts)}
    return pa.schema([(column.name, kinds.get(column.type, column.type)) for column in schema])


def _expanded_bytes(table: pa.Table) -> int:
    """Return the bytes of all texts of a table, each counted as often as it stands there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    total = 0
    for column in table.columns:
        for chunk in column.chunks:
            flat = chunk.flatten() if _is_list(chunk.type) else chunk
            if pa.types.is_dictionary(flat.type):
                lengths = pc.binary_length(flat.dictionary).take(flat.indices)
                total += (pc.sum(lengths.cast(pa.int64())).as_py() or 0) + flat.nbytes
    return total


def _check_articles(articles: Iterable[Article], *, name: str) -> None:
    known: set[str] = set()
    for article in articles:
        cells = (article.article_id, article.title, article.body, article.source, article.label)
        if not all(isinstance(cell, str) for cell in (*cells, *article.pages, *article.tags)):
            raise ValueError(f"{name}: an article without a text")
        if any(map(UNPRINTABLE.search, (*cells, *article.pages, *article.tags))):
            raise ValueError(f"{name}: a character that cannot be printed")
        if not {article.title_lang, article.body_lang} <= {*LANGUAGES, ""} or not isinstance(article.truncated, bool):
            raise ValueError(f"{name}: a language that is not read")
        if article.published is not None and not _is_news_date(article.published):
            raise ValueError(f"{name}: a date of the year {article.published.year}")
        if not article.article_id or article.article_id in known:
            raise ValueError(f"{name}: two articles with the id {article.article_id[:40]!r}")
        known.add(article.article_id)


def _is_news_date(published: datetime) -> bool:
    return FIRST_YEAR <= published.year <= LAST_YEAR


def is_stored_name(name: str, plain: Iterable[str]) -> bool:
    """Tell whether a name is one that a file of a saved study can have.

    Parameters
    ----------
    name
        Relative to the folder.
    plain
        Names of the files that every study has.
    """
    role, _, own = name.partition("/")
    return name in {*plain} or (role in ROLES and is_bare_name(own))


def is_plain_file(path: Path) -> bool:
    """Tell whether a path is a file itself, neither a link nor a device."""
    return path.is_file() and not path.is_symlink()

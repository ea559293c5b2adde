"""Articles as Arrow tables, and back: the form in which they are saved and travel between processes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from rare_topics.corpus.records import Article

if TYPE_CHECKING:
    import pyarrow as pa


def schema() -> pa.Schema:
    """Name the columns of an article, in the order of its fields, and their types."""
    import pyarrow as pa

    several = pa.list_(pa.string())
    special = {"published": pa.timestamp("us"), "pages": several, "tags": several, "truncated": pa.bool_()}
    return pa.schema([(name, special.get(name, pa.string())) for name in Article.__slots__])


def to_arrow(articles: Iterable[Article]) -> pa.Table:
    """Write articles as a table, one row each."""
    import pyarrow as pa

    return pa.Table.from_pylist([asdict(article) for article in articles], schema=schema())


def from_arrow(table: pa.Table | pa.RecordBatch) -> list[Article]:
    """Read articles from a table that has the columns of `schema`, and perhaps others."""
    rows = table.select(list(Article.__slots__)).to_pylist()
    return [Article(**{**row, "pages": tuple(row["pages"]), "tags": tuple(row["tags"])}) for row in rows]

"""An input of any size to a table of articles: each once, in the order of a corpus, and what was left out.

Memory of a worker: a file that cannot be split, of at most `Limits.file_bytes`; a batch of lines
or rows of one that can; two printings of one article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import reduce
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.corpus.corpus import Corpus, check_same_article, merge_printings
from rare_topics.corpus.limits import DEFAULT_LIMITS, Limits
from rare_topics.corpus.parquet_tables import cells_of
from rare_topics.corpus.records import Article, Passage, arrow_schema, articles_from_arrow, articles_to_arrow
from rare_topics.errors import InputError
from rare_topics.spark.session import one_line_reason
from rare_topics.spark.sources import (
    ARTICLE,
    NOTE,
    POISON,
    Find,
    Found,
    digests,
    located,
    opened,
    reason_of,
    silent,
    sizes_by_ending,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    Batches = Iterator[pa.RecordBatch]

# Columns of an article in Spark's words; see `rare_topics.corpus.records.arrow_schema`.
COLUMNS = (
    "article_id string, title string, body string, source string, published timestamp_ntz, pages array<string>, "
    "tags array<string>, title_lang string, body_lang string, truncated boolean, label string, utc_offset string"
)
FOUND = f"{COLUMNS}, kind string, key string, file string, line bigint, reason string"
# Of each file, how many lines or rows were looked at.
COUNT = "count"
# Articles whose passages are in memory at a time.
PASSAGE_BATCH = 500
ARTICLE_COLUMNS = (
    "article_id string, pages string, tag string, title string, source string, published string, "
    "title_lang string, body_lang string, truncated boolean, n_passages bigint"
)
PASSAGE_COLUMNS = (
    "passage_id string, article_id string, section string, kind string, text string, start bigint, end bigint"
)
PASSAGE_FIELDS = tuple(field.name for field in fields(Passage))
QUARANTINE = "file string, article string, reason string"
# Bytes of an input for which a task is worth its start: some fifty articles, which take seconds to read.
BYTES_PER_TASK = 2**17
# Parts of a shuffle where a session has a word and no number for them, as on hosts that choose by themselves.
DEFAULT_PARTITIONS = 200
# Rows that are sent on together.
ROWS_PER_BATCH = 500
# How Spark begins the message on a file that it cannot read.
FAILED_FILE = "FAILED_READ_FILE"
# Warnings that are shown one by one, and inputs that are named one by one.
MOST_LISTED = 1000
# Spark numbers the rows of each partition from its own multiple of this.
PARTITION = 2**33


@dataclass(frozen=True)
class Reading:
    """What an input holds.

    Attributes
    ----------
    articles
        Fields of `Article`, and `row`: the place in the order of a corpus, by date and then id.
    quarantine
        file, article, reason: what was left out, and why.
    notes
        file, line, reason: what was read and looks damaged.
    n_articles
        How many.
    inputs
        Name and sha256 of each file read; see `inputs_of`.
    known_warnings
        Warnings of an input that was read already.
    """

    articles: DataFrame
    quarantine: DataFrame
    notes: DataFrame
    n_articles: int
    inputs: tuple[tuple[str, str], ...]
    known_warnings: tuple[str, ...] | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader should know, one line each, of many the first thousand."""
        if self.known_warnings is not None:
            return self.known_warnings
        lines, more = _listed(self.notes, "file", "line", "reason")
        if more:
            lines.append(f"{more} more articles look damaged")
        left_out, more = _listed(self.quarantine, "file", "reason")
        if left_out:
            lines += [f"left out: {reason}" for reason in left_out]
            lines.append(f"{len(left_out) + more} files or articles are left out; see the table quarantine")
        return tuple(lines)

    def release(self) -> None:
        """Give up the disk of the workers that the articles take."""
        self.articles.unpersist()
        self.quarantine.unpersist()


def _listed(table: DataFrame, *order: str) -> tuple[list[str], int]:
    """Return the first reasons of a table, and how many more there are."""
    reasons = [row["reason"] for row in table.orderBy(*order).limit(MOST_LISTED + 1).collect()]
    return reasons[:MOST_LISTED], table.count() - MOST_LISTED if len(reasons) > MOST_LISTED else 0


def read_articles(session: SparkSession, path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read pages and tables of any number.

    Parameters
    ----------
    session
        Spark.
    path
        A folder, file, glob or URL that Spark reads: pages ``.txt``; tables ``.csv .tsv .jsonl
        .parquet``, ``.gz`` allowed. JSON lines and Parquet are read in splits, other files whole.
    limits
        How much of one file is taken at the most.

    Returns
    -------
    Reading
        The same articles as `rare_topics.read` gives, in the same order; what cannot be used is
        left out and named, and does not stop the rest.

    Raises
    ------
    InputError
        If there is nothing to read, or no article in it.
    """
    url = located(path)
    try:
        return _read_articles(session, path, url, limits)
    except Exception as error:
        if FAILED_FILE not in str(error):
            raise
        # A column of another type than in the other files: Spark tells it only while it reads.
        raise InputError(
            f"Spark cannot read it ({one_line_reason(error)})",
            where=url,
            fix="take that file out, or write its columns in the types of the others",
        ) from error


def _read_articles(session: SparkSession, path: str | Path, url: str, limits: Limits) -> Reading:
    from pyspark.sql import DataFrame
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    sizes = sizes_by_ending(session, url)
    parts = [rows.mapInArrow(_run_over_rows(find), FOUND) for rows, find in opened(session, url, sizes, limits)]
    n_tasks = _n_tasks(session, sum(size.bytes for size in sizes.values()))
    table = reduce(DataFrame.unionByName, parts).repartition(n_tasks, "key")
    once = _on_disks(
        table.sortWithinPartitions("kind", "key", "file", "line", "title", "body").mapInArrow(_merge, FOUND)
    )
    articles = numbered(once.where(F.col("kind") == ARTICLE).select(*arrow_schema().names), n_tasks)
    seen = once.where(F.col("kind") == COUNT).groupBy("file").agg(F.sum("line").alias("seen"))
    left_out = once.where(F.col("kind") == POISON).select("file", F.col("article_id").alias("article"), "reason")
    quarantine = _on_disks(left_out.unionByName(silent(session, url, seen)))
    notes = once.where(F.col("kind") == NOTE).select("file", "line", "reason")
    reading = Reading(articles, quarantine, notes, articles.count(), inputs_of(session, path))
    if not reading.n_articles:
        raise InputError(next(iter(reading.warnings), "no article"), where=url, fix="give a page or a table with one")
    return reading


def from_corpus(session: SparkSession, corpus: Corpus) -> Reading:
    """Give the articles of a corpus as `read_articles` does.

    Parameters
    ----------
    session
        Spark.
    corpus
        Articles that were read already.
    """
    import pyarrow as pa

    table = articles_to_arrow(corpus.articles)
    table = table.append_column("row", pa.array(range(len(table)), pa.int64()))
    articles = session.createDataFrame(table, f"{COLUMNS}, row long")
    empty = session.createDataFrame([], QUARANTINE)
    return Reading(articles, empty, empty, len(corpus), corpus.inputs, corpus.warnings)


def inputs_of(session: SparkSession, path: str | Path) -> tuple[tuple[str, str], ...]:
    """Digest the files of an input.

    Returns
    -------
    tuple of (name, sha256)
        Sorted; of a file of more than 100 MB the digest is left out, of more than a thousand
        files everything.
    """
    return tuple(digests(session, located(path), most=MOST_LISTED))


def _n_tasks(session: SparkSession, n_bytes: int) -> int:
    """Return in how many parts an input is read: as many as the session has in a shuffle, of a small input fewer."""
    most = str(session.conf.get("spark.sql.shuffle.partitions"))
    return min(n_bytes // BYTES_PER_TASK + 1, int(most) if most.isdecimal() else DEFAULT_PARTITIONS)


def numbered(articles: DataFrame, n_partitions: int) -> DataFrame:
    """Give each article its number, by date and id, without ever having all of them in one place.

    Parameters
    ----------
    articles
        With the columns `published` and `article_id`.
    n_partitions
        In how many parts they are laid.

    Returns
    -------
    DataFrame
        Sorted over the partitions and within each, with the column `row`; kept on the workers'
        disks, so that the numbers stay whatever happens to a worker.
    """
    from pyspark.sql import functions as F  # noqa: N812

    order = ("published", "article_id")
    placed = articles.repartitionByRange(n_partitions, *order).sortWithinPartitions(*order)
    placed = _on_disks(placed.withColumn("place", F.monotonically_increasing_id()))
    part = F.floor(F.col("place") / PARTITION).cast("int").alias("part")
    sizes = sorted(tuple(row) for row in placed.groupBy(part).count().collect())
    offsets, total = [], 0
    for number, size in sizes:
        offsets.append((number, total))
        total += size
    starts = articles.sparkSession.createDataFrame(offsets or [(0, 0)], "part int, start long")
    numbers = placed.withColumn("part", part).join(F.broadcast(starts), "part")
    return numbers.withColumn("row", F.col("start") + F.col("place") % PARTITION).drop("part", "start", "place")


def _on_disks(table: DataFrame) -> DataFrame:
    from pyspark.storagelevel import StorageLevel

    return table.persist(StorageLevel.DISK_ONLY)


def _run_over_rows(find: Find) -> Any:  # noqa: ANN401 - a function over batches, in the form Spark wants
    """Run what finds articles over every row; one that it fails on is left out, and the rest goes on."""

    def run(batches: Batches) -> Batches:
        seen: Counter[str] = Counter()
        yield from _to_batches(outcome for row in _rows(batches, seen) for outcome in _find_safely(find, row))
        yield from _to_batches(Found(COUNT, file, number) for file, number in seen.items())

    return run


def _rows(batches: Batches, seen: Counter[str]) -> Iterator[dict[str, Any]]:
    """Unpack one row at a time: it may be a whole file."""
    for batch in batches:
        for number in range(batch.num_rows):
            cells = (cells_of(column.slice(number, 1))[0] for column in batch.columns)
            row = dict(zip(batch.schema.names, cells, strict=True))
            seen[row["file"]] += 1
            yield row


def _find_safely(find: Find, row: Mapping[str, Any]) -> Iterator[Found]:
    try:
        yield from find(row)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one file, the others are read
        yield Found(POISON, row["file"], 0, reason=reason_of(error))


def _to_batches(outcomes: Iterable[Found]) -> Batches:
    import pyarrow as pa

    text = [(name, pa.string()) for name in ("kind", "key", "file")]
    columns = pa.schema([*arrow_schema(), *text, ("line", pa.int64()), ("reason", pa.string())])
    left = iter(outcomes)
    while some := list(islice(left, ROWS_PER_BATCH)):
        yield pa.RecordBatch.from_pylist([_row(outcome) for outcome in some], schema=columns)


def _row(found: Found) -> dict[str, Any]:
    article = found.article
    fields = {name: getattr(article, name) for name in Article.__slots__} if article else {"article_id": found.known}
    key = article.article_id if article else f"{found.file}:{found.line}"
    return {**fields, "kind": found.kind, "key": key, "file": found.file, "line": found.line, "reason": found.reason}


def _merge(batches: Batches) -> Batches:
    """Join the printings of each article, which follow one another."""
    rows = (_found(row) for batch in batches for row in batch.to_pylist())
    groups = groupby(rows, key=lambda found: found.article.article_id if found.article else "")
    yield from _to_batches(outcome for _, group in groups for outcome in _merge_printings(group))


def _found(row: Mapping[str, Any]) -> Found:
    if row["kind"] != ARTICLE:
        return Found(row["kind"], row["file"], row["line"], known=row["article_id"], reason=row["reason"])
    fields = {name: row[name] for name in Article.__slots__}
    article = Article(**{**fields, "pages": tuple(row["pages"]), "tags": tuple(row["tags"])})
    return Found(ARTICLE, row["file"], row["line"], article)


def _merge_printings(printings: Iterator[Found]) -> Iterator[Found]:
    whole: Article | None = None
    for printing in printings:
        if printing.article is None:
            yield printing
        elif whole is None:
            whole, first = printing.article, printing
        else:
            try:
                check_same_article(whole, printing.article)
            except InputError as error:
                yield printing._replace(kind=POISON, article=None, known=whole.article_id, reason=reason_of(error))
            else:
                whole = merge_printings(whole, printing.article)
    if whole is not None:
        yield first._replace(article=whole)


def unread_articles(*tables: DataFrame) -> DataFrame:
    """List the articles that a step could not read, each once, as rows of the quarantine.

    Parameters
    ----------
    tables
        With the columns `article_id` and `reason`, which is null where a step could read.
    """
    from pyspark.sql import DataFrame
    from pyspark.sql import functions as F  # noqa: N812

    failed = (table.where("reason is not null").select("article_id", "reason") for table in tables)
    once = reduce(DataFrame.unionByName, failed).groupBy("article_id").agg(F.min("reason").alias("reason"))
    return once.selectExpr("'' AS file", "article_id AS article", "reason")


def article_tables(articles: DataFrame) -> dict[str, DataFrame]:
    """Lay articles into tables.

    Parameters
    ----------
    articles
        See `rare_topics.spark.articles`.

    Returns
    -------
    dict of str to DataFrame
        articles, passages.
    """
    return {
        "articles": articles.mapInArrow(_by_batches(_article_columns), ARTICLE_COLUMNS),
        "passages": articles.mapInArrow(_by_batches(_passage_columns), PASSAGE_COLUMNS),
    }


def _article_columns(corpus: Corpus) -> dict[str, list[Any]]:
    frame = corpus.to_frame()
    return {name: frame[name].tolist() for name in frame.columns}


def _passage_columns(corpus: Corpus) -> dict[str, list[Any]]:
    rows = zip(*map(attrgetter(*PASSAGE_FIELDS), corpus.passages), strict=True)
    return {name: list(column) for name, column in zip(PASSAGE_FIELDS, rows, strict=True)}


def _by_batches(columns: Callable[[Corpus], dict[str, list[Any]]]) -> Callable[[Batches], Batches]:
    def lay(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for start in range(0, batch.num_rows, PASSAGE_BATCH):
                corpus = Corpus(tuple(articles_from_arrow(batch.slice(start, PASSAGE_BATCH))))
                yield pa.RecordBatch.from_pydict(columns(corpus))

    return lay

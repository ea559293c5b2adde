"""What a path or URL holds, read by Spark: whole files, or lines and rows of files that can be split."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from rare_topics.corpus.column_names import field_columns
from rare_topics.corpus.feed_pages import parse_page
from rare_topics.corpus.limits import Limits, check_within_folder, decode_text, replace_unprintable
from rare_topics.corpus.records import Article
from rare_topics.corpus.tables import TABLE_SUFFIXES, parse_json_row, parse_row, read_rows
from rare_topics.errors import InputError, shown_in_line
from rare_topics.spark.session import one_line_reason

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
GLOB = re.compile(r"([*?\[\]{}\\])")
# Of a folder; what ends otherwise is left alone. A compressed file cannot be read from its middle.
KNOWN = frozenset({".txt", *TABLE_SUFFIXES, *(f"{suffix}.gz" for suffix in TABLE_SUFFIXES)})
WHOLE, LINES, ROWS = "*.{txt,csv,tsv,csv.gz,tsv.gz,jsonl.gz,parquet.gz}", "*.jsonl", "*.parquet"
DIGESTED = 100_000_000
# Characters that are quoted of a line which is no article.
QUOTED = 60
ARTICLE, NOTE, POISON = "article", "note", "quarantine"
Find = Callable[[Mapping[str, Any]], Iterator["Found"]]


class Found(NamedTuple):
    """What was found at a place of an input.

    Attributes
    ----------
    kind
        ``article``; ``note``, which says of something that was read what is wrong with it; or
        ``quarantine``, which says why something was not.
    file, line
        Address and line, 0 where that is not known.
    article
        The article.
    known
        Of what was not read, what is known of it, for a person to find it by.
    reason
        What is wrong.
    """

    kind: str
    file: str
    line: int
    article: Article | None = None
    known: str = ""
    reason: str = ""


def located(path: str | Path) -> str:
    """Name a path so that Spark finds it, whatever its default file system is; URLs are as they are.

    Raises
    ------
    InputError
        If the path is a folder with a link that leads out of it.
    """
    text = str(path)
    if SCHEME.match(text) or not Path(text).exists():
        return text
    place = Path(text)
    if place.is_dir():
        for file in place.iterdir():
            check_within_folder(file, place)
    return "file://" + GLOB.sub(r"\\\1", str(place.resolve()))


class Size(NamedTuple):
    """How many files there are, and how many bytes they hold."""

    files: int
    bytes: int


def opened(
    session: SparkSession, url: str, sizes: Mapping[str, Size], limits: Limits
) -> Iterator[tuple[DataFrame, Find]]:
    """Open what an address holds.

    Parameters
    ----------
    session, url
        Spark, and the address.
    sizes
        From `sizes_by_ending`.
    limits
        How much of one file is taken at the most.

    Yields
    ------
    rows, find
        A table, and what makes a row of it articles.

    Raises
    ------
    InputError
        If there is nothing, or Spark cannot read it.
    """
    endings = sizes.keys()
    # A page that is named itself may end as it likes.
    alone = sum(size.files for size in sizes.values()) == 1
    if not alone and not KNOWN.intersection(endings):
        raise InputError("no page and no table", where=url, fix="give .txt pages, or tables .csv .tsv .jsonl .parquet")
    split = {".jsonl", ".parquet"}.intersection(endings)
    if endings - split if alone else (KNOWN - split).intersection(endings):
        yield _whole(session, url, limits, pattern="*" if alone else WHOLE), _of_file(limits)
    if ".jsonl" in split:
        yield _lines(session, url), _of_line(limits)
    if ".parquet" in split:
        yield _rows(session, url), _of_row(limits)


def silent(session: SparkSession, url: str, seen: DataFrame) -> DataFrame:
    """Name the files of which nothing, or not all, could be read without a word being said about it.

    Parameters
    ----------
    session, url
        As in `opened`.
    seen
        file, seen: how many lines or rows of each file were looked at.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    known = listing(session, url).where(_ending("file").isin(*KNOWN))
    unread = known.join(seen, "file", "left_anti")
    none = F.concat(_name(), F.lit(": nothing in it can be read; it is empty or damaged"))
    lost = unread.select("file", F.lit("").alias("article"), none.alias("reason"))
    if known.where(_ending("file") == ".parquet").isEmpty():
        return lost
    # Without columns Spark takes the number of rows from the end of each file.
    told = _parquet(session, url).groupBy(F.col("_metadata.file_path").alias("file")).agg(F.count("*").alias("n"))
    missing = told.join(seen, "file").where(F.col("seen") < F.col("n"))
    some = F.concat(_name(), F.lit(": "), F.col("n") - F.col("seen"), F.lit(" rows cannot be read; it is damaged"))
    return lost.unionByName(missing.select("file", F.lit("").alias("article"), some.alias("reason")))


def _name() -> Column:
    from pyspark.sql import functions as F  # noqa: N812

    return F.regexp_extract("file", r"([^/]*)$", 1)


def _ending(file: str) -> Column:
    from pyspark.sql import functions as F  # noqa: N812

    return F.regexp_extract(F.lower(file), r"(\.[a-z]+(\.gz)?)$", 1)


def listing(session: SparkSession, url: str) -> DataFrame:
    """List files with their length; the files themselves are not read."""
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    files = session.read.format("binaryFile").load(url)
    return files.select(F.col("_metadata.file_path").alias("file"), F.col("length"))


def digests(session: SparkSession, url: str, *, most: int) -> list[tuple[str, str]]:
    """Digest files, of which there are `most` at the most; larger ones than 100 MB are passed over.

    Returns
    -------
    list of (name, sha256)
        Sorted; empty where there are more.
    """
    from pyspark.sql import functions as F  # noqa: N812

    files = session.read.format("binaryFile").load(url).where(F.col("length") <= DIGESTED)
    known = files.where(_ending("_metadata.file_path").isin(*KNOWN))
    some = [table.select("_metadata.file_path", F.sha2("content", 256)).limit(most + 1) for table in (known, files)]
    found = some[0].collect() or some[1].collect()
    return (
        sorted((replace_unprintable(name_of(file))[0], digest) for file, digest in found) if len(found) <= most else []
    )


def name_of(file: str) -> str:
    """Return the name of a file without its folders."""
    return unquote(file).rstrip("/").rpartition("/")[2]


def sizes_by_ending(session: SparkSession, url: str) -> dict[str, Size]:
    """Measure the files of an address by how their names end.

    Raises
    ------
    InputError
        If there is nothing, or Spark cannot read it.
    """
    from pyspark.sql import functions as F  # noqa: N812

    try:
        files = listing(session, url).groupBy(_ending("file"))
        return {ending: Size(*size) for ending, *size in files.agg(F.count("*"), F.sum("length")).collect()}
    except Exception as error:
        missing = "PATH_NOT_FOUND" in str(error)
        problem = "no such file or folder" if missing else f"Spark cannot read it ({one_line_reason(error)})"
        raise InputError(problem, where=url, fix="check the address, and that Spark knows its kind") from error


def _whole(session: SparkSession, url: str, limits: Limits, *, pattern: str) -> DataFrame:
    """Read files as they are; of one that is too large, nothing but its name."""
    from pyspark.sql import functions as F  # noqa: N812

    files = session.read.format("binaryFile").option("pathGlobFilter", pattern).load(url)
    named = files.withColumn("file", F.col("_metadata.file_path"))
    fitting = named.where(F.col("length") <= limits.file_bytes).select("file", "length", "content")
    larger = named.where(F.col("length") > limits.file_bytes)
    return fitting.unionByName(larger.select("file", "length"), allowMissingColumns=True)


def _lines(session: SparkSession, url: str) -> DataFrame:
    from pyspark.sql import functions as F  # noqa: N812

    text = session.read.option("lineSep", "\n").option("pathGlobFilter", LINES).text(url)
    place = (F.col("_metadata.file_path").alias("file"), F.col("_metadata.file_block_start").alias("start"))
    # Bytes, so that one character that is none does not stop the rest.
    return text.select(F.col("value").cast("binary"), *place)


def _rows(session: SparkSession, url: str) -> DataFrame:
    from pyspark.sql import functions as F  # noqa: N812

    table = _parquet(session, url)
    wanted = field_columns(table.columns, where=url)
    # Backticks keep a name with a dot or a space one name.
    cells = [F.col(f"`{column}`").alias(field) for field, column in wanted.items()]
    return table.select(*cells, F.col("_metadata.file_path").alias("file"))


def _parquet(session: SparkSession, url: str) -> DataFrame:
    from pyspark.errors import PySparkException

    reader = session.read.option("ignoreCorruptFiles", "true").option("pathGlobFilter", ROWS)
    # Days before 1582 as the file counts them; else one such cell would stop the run.
    reader = reader.option("datetimeRebaseMode", "CORRECTED").option("int96RebaseMode", "CORRECTED")
    try:
        return reader.parquet(url)
    except PySparkException as error:
        raise InputError("no readable Parquet file", where=url, fix="save it again") from error


def _of_file(limits: Limits) -> Find:
    def find(row: Mapping[str, Any]) -> Iterator[Found]:
        file, data = row["file"], row["content"]
        name = name_of(file)
        limits.check("file_bytes", row["length"], where=name, fix="split the file")
        if name.lower().removesuffix(".gz").endswith(TABLE_SUFFIXES):
            yield from _of_table(read_rows(data, name=name, limits=limits), file, limits)
            return
        articles, notes = parse_page(decode_text(data, name=name), name=name, limits=limits)
        yield from (Found(ARTICLE, file, number, article) for number, article in enumerate(articles))
        yield from (Found(NOTE, file, number, reason=note) for number, note in enumerate(notes))

    return find


def _of_table(rows: Iterator[tuple[int, Any]], file: str, limits: Limits) -> Iterator[Found]:
    taken = 0
    for number, row in rows:
        outcomes = list(_judged(row, file, number, f"{name_of(file)}:{number}", limits))
        taken += sum(outcome.kind == ARTICLE for outcome in outcomes)
        limits.check("file_articles", taken, where=f"{name_of(file)}:{number}", fix="split the table")
        yield from outcomes


def _of_line(limits: Limits) -> Find:
    at: dict[tuple[str, int], int] = {}

    def find(row: Mapping[str, Any]) -> Iterator[Found]:
        file, start, data = row["file"], row["start"], row["value"]
        # Lines of a block come one after another.
        number = at.pop((file, start), 0) + 1
        at.clear()
        at[file, start] = number
        name = name_of(file)
        where = f"{name}:{number}" if start == 0 else f"{name}, line {number} after byte {start}"
        if data.strip():
            try:
                text = decode_text(data, name=name)
            except InputError as error:
                raise InputError(error.problem, where=where, fix=error.fix) from error
            yield from _judged(parse_json_row(text, where=where), file, number if start == 0 else 0, where, limits)

    return find


def _of_row(limits: Limits) -> Find:
    expanded: Counter[str] = Counter()

    def find(row: Mapping[str, Any]) -> Iterator[Found]:
        # Of the part of a file that one task reads: a dictionary of a few texts can stand for more than any disk holds.
        within = expanded[row["file"]] <= limits.expanded_bytes
        expanded[row["file"]] += sum(len(cell) for cell in row.values() if isinstance(cell, (str, bytes)))
        if not within:
            return
        limits.check("expanded_bytes", expanded[row["file"]], where=name_of(row["file"]), fix="split the table")
        cells = {name: value for name, value in row.items() if name != "file"}
        published = cells.get("published")
        if isinstance(published, datetime) and published.tzinfo:
            try:
                cells["published"] = published.astimezone(UTC)
            except OverflowError:  # a day from the end of the calendar
                cells["published"] = published.replace(tzinfo=None)
        yield from _judged(cells, row["file"], 0, name_of(row["file"]), limits)

    return find


def _judged(row: Any, file: str, number: int, where: str, limits: Limits) -> Iterator[Found]:  # noqa: ANN401
    """Make a row an article, or say why it is none."""
    try:
        article, notes = parse_row(row, where=where, limits=limits)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others are read
        known = "" if isinstance(row, InputError) else _known(row)
        yield Found(POISON, file, number, known=known, reason=reason_of(error))
        return
    if article is not None:
        yield Found(ARTICLE, file, number, article)
    yield from (Found(NOTE, file, number, reason=note) for note in notes)


def reason_of(error: Exception) -> str:
    """Say in one line why something could not be read."""
    return shown_in_line(error) or type(error).__name__


def _known(row: Mapping[str, Any]) -> str:
    """Return what a person finds a row by that could not be read: its id, its title, or how its text begins."""
    for name in ("id", "title", "text"):
        cell = row.get(name)
        if isinstance(cell, bytes):
            cell = cell[: 4 * QUOTED].decode("utf-8", "replace")
        if isinstance(cell, (str, int)) and not isinstance(cell, bool) and (shown := shown_in_line(cell)):
            return shown[:QUOTED]
    return ""

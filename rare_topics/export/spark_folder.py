"""Where the results of a study on Spark go: a folder here, or a URL that all workers reach; whole or not at all."""

from __future__ import annotations

import re
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rare_topics.errors import InputError
from rare_topics.runtime.atomic_write import replaced_folder
from rare_topics.study.checkpoints import checkpoint_folder

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# Object stores have no rename, only a copy of every object.
OBJECT_STORES = re.compile(r"(s3[an]?|gs|abfss?|wasbs?|oss|cosn?|obs|r2)://")
# The empty file by which Hadoop marks an output that is complete.
SUCCESS_MARK = "_SUCCESS"
# Stands in a draft, which where there is no rename is the destination itself: what a killed run left there is ours.
UNFINISHED_MARK = "_RARE_TOPICS_UNFINISHED"
# The folder of the steps of one fit.
STEPS = re.compile("[0-9a-f]{32}")
# Tables on Spark that are short enough for the driver.
SHORT_TABLES = frozenset({"disagreements"})
QUARANTINE = "quarantine"


class Draft(NamedTuple):
    """Where results are written before they count.

    Attributes
    ----------
    folder
        On this machine, for what the driver writes.
    url
        For what the workers write.
    names
        Lists the files that stand at the URL, relative to it.
    """

    folder: Path
    url: str
    names: Callable[[], Iterable[str]]


class Files(NamedTuple):
    """What stands at a URL.

    Attributes
    ----------
    url
        The URL.
    names
        Of all files, relative to it.
    read
        Gives the content of one of them.
    is_unfinished
        Whether they are what a killed run has left.
    """

    url: str
    names: tuple[str, ...]
    read: Callable[[str], bytes]
    is_unfinished: bool


def is_url(destination: str | Path) -> bool:
    """Return whether a destination is the URL of a file system that workers reach, and no path of this machine."""
    return bool(URL.match(str(destination)))


def checkpoint_url(destination: str) -> str:
    """Return where the finished steps of a run are kept until it is whole: beside it, for all workers to reach."""
    if is_url(destination):
        return f"{destination.rstrip('/')}.steps"
    return f"file://{checkpoint_folder(Path(destination).resolve())}"


def remove_steps(url: str, session: SparkSession) -> None:
    """Remove the finished steps at a URL, each named by its digest, and the folder if nothing else is in it.

    Parameters
    ----------
    url
        From `checkpoint_url`.
    session
        Spark, which reaches it.

    Raises
    ------
    InputError
        If they cannot be removed.
    """
    with _as_input_error(url):
        files = _HadoopFiles(session, url)
        children = files.children(url)
        for name in filter(STEPS.fullmatch, children):
            files.remove(f"{url}/{name}")
        if children and all(map(STEPS.fullmatch, children)):
            files.remove(url)


def check_destination(url: str, session: SparkSession, *, check: Callable[[Files], None]) -> None:
    """Ask whether what stands at a URL may be replaced, before the work.

    Parameters
    ----------
    url
        Where results are wanted.
    session
        Spark, which reaches it.
    check
        Raises InputError for what may not be replaced.
    """
    with _as_input_error(url):
        check(_HadoopFiles(session, url).files(url.rstrip("/")))


@contextmanager
def replaced_destination(
    destination: str | Path,
    session: SparkSession,
    *,
    check: Callable[[Files], None],
    has_rename: bool | None = None,
) -> Iterator[Draft]:
    """Give a draft to write, and put it in the place of the destination once all is written.

    Parameters
    ----------
    destination
        A folder of this machine, or a URL.
    session
        Spark, which reaches the URL.
    check
        Raises InputError for what may not be replaced at a URL.
    has_rename
        Whether the file system of a URL renames folders; None tells it by the URL. Without, the
        draft is the destination itself, and counts once the mark of success stands in it.

    Yields
    ------
    Draft

    Raises
    ------
    InputError
        If the destination cannot be written, or holds something else.
    """
    if not is_url(destination):
        with replaced_folder(Path(destination)) as folder:
            yield Draft(folder, f"file://{folder}", tuple)
        return
    url = str(destination).rstrip("/")
    with tempfile.TemporaryDirectory() as folder_name:
        files = _HadoopFiles(session, url)
        renames = not OBJECT_STORES.match(url) if has_rename is None else has_rename
        draft_url = f"{url}.draft-{uuid.uuid4().hex[:8]}" if renames else url
        with _as_input_error(url):
            check(files.files(url))
            if not renames:
                # The mark goes first: from here on the earlier run does not count any more.
                files.remove(f"{url}/{SUCCESS_MARK}")
                files.remove(url)
            files.make_folder(draft_url)
            files.create(f"{draft_url}/{UNFINISHED_MARK}")
        try:
            yield Draft(Path(folder_name), draft_url, lambda: files.files(draft_url).names)
            with _as_input_error(url):
                files.upload(Path(folder_name), draft_url)
                files.remove(f"{draft_url}/{UNFINISHED_MARK}")
                files.create(f"{draft_url}/{SUCCESS_MARK}")
                if renames:
                    files.replace(url, draft_url)
        except BaseException:
            files.remove(draft_url)
            raise


class _HadoopFiles:
    """The file system of a URL, with the settings and credentials of a Spark session."""

    def __init__(self, session: SparkSession, url: str) -> None:
        # PySpark has no public way to Hadoop's file systems; these two attributes lead to the JVM's.
        jvm: Any = getattr(session, "_jvm", None)
        if jvm is None:
            raise InputError(
                "a session by Spark Connect reaches no address from here",
                where=url,
                fix="give a folder of this machine",
            )
        self._path = jvm.org.apache.hadoop.fs.Path
        self._read_stream = jvm.org.apache.commons.io.IOUtils.toByteArray
        with _as_input_error(url):
            configured = session._jsparkSession.sessionState().newHadoopConf()  # type: ignore[attr-defined]  # noqa: SLF001
            self._system = self._path(url).getFileSystem(configured)

    def files(self, url: str) -> Files:
        """List the files at a URL and below, without the marks of their state."""
        names = []
        if self.exists(url):
            base = self._system.makeQualified(self._path(url)).toUri().getPath()
            found = self._system.listFiles(self._path(url), True)
            while found.hasNext():
                names.append(found.next().getPath().toUri().getPath().removeprefix(base).lstrip("/"))
        return Files(
            url,
            tuple(name for name in names if name not in {SUCCESS_MARK, UNFINISHED_MARK}),
            lambda name: self._read(f"{url}/{name}"),
            UNFINISHED_MARK in names,
        )

    def children(self, url: str) -> list[str]:
        """List the names of what stands in a folder, none where there is no folder."""
        if not self.exists(url):
            return []
        return [status.getPath().getName() for status in self._system.listStatus(self._path(url))]

    def _read(self, url: str) -> bytes:
        stream = self._system.open(self._path(url))
        try:
            return bytes(self._read_stream(stream))
        finally:
            stream.close()

    def exists(self, url: str) -> bool:
        """Return whether there is a file or a folder."""
        return bool(self._system.exists(self._path(url)))

    def make_folder(self, url: str) -> None:
        """Make a folder and those above it."""
        self._system.mkdirs(self._path(url))

    def create(self, url: str) -> None:
        """Create an empty file."""
        self._system.create(self._path(url)).close()

    def remove(self, url: str) -> None:
        """Remove a file, or a folder with all in it."""
        self._system.delete(self._path(url), True)

    def upload(self, folder: Path, url: str) -> None:
        """Copy what stands in a folder of this machine."""
        for path in sorted(folder.iterdir()):
            self._system.copyFromLocalFile(self._path(f"file://{path}"), self._path(f"{url}/{path.name}"))

    def replace(self, url: str, draft_url: str) -> None:
        """Put a draft in the place of a folder, which comes back where that fails."""
        earlier_url = f"{draft_url}.old"
        had_earlier = self.exists(url)
        if had_earlier:
            self._rename(url, earlier_url)
        try:
            self._rename(draft_url, url)
        except BaseException:
            if had_earlier:
                self._rename(earlier_url, url)
            raise
        self.remove(earlier_url)

    def _rename(self, old_url: str, new_url: str) -> None:
        if not self._system.rename(self._path(old_url), self._path(new_url)):
            raise OSError(f"cannot be renamed to {new_url}")


@contextmanager
def _as_input_error(url: str) -> Iterator[None]:
    """Turn what a file system raises, a hundred lines of Java, into an error of one line."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        # Runs on one machine need nothing of Spark's room.
        from rare_topics.spark.session import one_line_reason

        raise InputError(
            f"cannot be written ({one_line_reason(error)})", where=url, fix="check the address and your rights there"
        ) from error


def short_tables(tables: Mapping[str, DataFrame]) -> dict[str, Callable[[], Iterable[pd.DataFrame]]]:
    """Return functions that bring the short tables to the driver, by name."""
    return {name: partial(_fetch, table) for name, table in tables.items() if name in SHORT_TABLES}


def _fetch(table: DataFrame) -> list[pd.DataFrame]:
    return [table.toArrow().to_pandas()]


def write_long_tables(tables: Mapping[str, DataFrame], draft: Draft) -> Iterator[tuple[str, float]]:
    """Have the workers write the tables that are long, each as a folder of Parquet.

    Parameters
    ----------
    tables
        By name without suffix.
    draft
        Where they are written.

    Yields
    ------
    name, seconds
        Of each table, once it is written.

    Raises
    ------
    InputError
        If the workers write to disks of their own.
    """
    for name, table in tables.items():
        if name in SHORT_TABLES:
            continue
        start = time.perf_counter()
        table.write.parquet(f"{draft.url}/{name}.parquet")
        is_local = draft.url == f"file://{draft.folder}"
        if is_local and not any((draft.folder / f"{name}.parquet").glob("part-*")):
            raise InputError(
                "the workers write to disks of their own",
                where=str(draft.folder.parent),
                fix="give an address that all of them reach, such as hdfs://HOST/FOLDER or s3a://BUCKET/FOLDER",
            )
        yield f"{name}.parquet", round(time.perf_counter() - start, 3)


def spark_manifest(tables: Mapping[str, DataFrame], draft: Draft, *, n_sample: int) -> dict[str, Any]:
    """Return what the manifest of a run on Spark has beside, or in place of, that of one machine.

    Parameters
    ----------
    tables
        With ``articles`` and ``passages``; ``quarantine`` lists what could not be read.
    draft
        Where `write_long_tables` has written them: what is counted there is not made again.
    n_sample
        Number of articles in the study on the driver.

    Returns
    -------
    dict
        Numbers of articles and passages; under ``spark`` its version, master and partitions, and
        how many articles of how many files were left out.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    session = tables["articles"].sparkSession

    def counted(name: str, distinct: str) -> tuple[int, int]:
        written = session.read.schema(tables[name].schema).parquet(f"{draft.url}/{name}.parquet")
        number, n_distinct = written.agg(F.count("*"), F.count_distinct(distinct)).collect()[0]
        return number, n_distinct

    n_articles, n_partitions = counted("articles", "_metadata.file_path")
    n_quarantined, n_files = counted(QUARANTINE, "file") if QUARANTINE in tables else (0, 0)
    return {
        "articles": n_articles,
        "passages": counted("passages", "_metadata.file_path")[0],
        "spark": {
            "version": session.version,
            "master": session.conf.get("spark.master", ""),
            "partitions": n_partitions,
            "articles_in_study": n_sample,
            "quarantined": n_quarantined,
            "files_with_quarantine": n_files,
        },
    }

"""The folder of a run: tables, figures, the report, the study and a manifest; written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rare_topics.corpus.limits import read_bytes
from rare_topics.errors import InputError
from rare_topics.export.spark_folder import (
    Files,
    check_destination,
    is_url,
    replaced_destination,
    short_tables,
    spark_manifest,
    write_long_tables,
)
from rare_topics.figures import save_figures
from rare_topics.report import write_report
from rare_topics.runtime.atomic_write import (
    check_apart,
    check_folder_place,
    check_replaceable,
    explain_write_errors,
    files_within,
    replaced_folder,
)
from rare_topics.runtime.csv_files import write_csv
from rare_topics.runtime.parallel import done_beside, single_blas_thread
from rare_topics.study.provenance import manifest
from rare_topics.study.storage import STUDY_FOLDER, write_study
from rare_topics.study.stored_files import ROLES
from rare_topics.study.validation import require_study

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

    from rare_topics.corpus.passages import Passages
    from rare_topics.study import Study

    TableParts = Callable[[], Iterable[pd.DataFrame]]

# Rows of a long table that are made at a time: of passages some 20 MB of text.
ROWS_PER_PART = 20_000
MANIFEST = "manifest.json"
REPORT = "report.html"
WORKBOOK = "study.xlsx"
# Tables that are written while the report is made, which does not ask for them; the others they have in common.
LONG_TABLES = ("passages", "similar", "themes", "evidence")
# Of more articles a second process would hold too much memory beside this one.
BESIDE_BELOW = 20_000
# Of a study on Spark, the tables that describe the driver's sample.
SAMPLE_TABLES = ("topics", "similar", "repeats")
# What a user may have edited. Reports, figures and studies are written again where they stand, by other commands.
EDITABLE = re.compile(rf"[^/]+\.csv|{STUDY_FOLDER}/(?:{'|'.join(ROLES)})/.+")
# What a run that was killed at an address may have left.
OF_A_RUN = re.compile(rf"[a-z_]+\.parquet/[^/]+|[a-z_]+\.csv|(?:figures|{STUDY_FOLDER})/.+|{MANIFEST}|{REPORT}")


class Written(NamedTuple):
    """What a run has written.

    Attributes
    ----------
    names
        Of all its files.
    checksums
        By name, the sha256 of those that a user may have edited.
    """

    names: tuple[str, ...]
    checksums: dict[str, str]


NOTHING = Written((), {})


def write_run(
    study: Study,
    folder: str | Path,
    *,
    figures: bool | Collection[str] = True,
    excel: bool = False,
    progress: Callable[[str], None] | None = None,
) -> str | Path:
    """Write the results of a study.

    Parameters
    ----------
    study
        A fitted study.
    folder
        Where the results go; a folder of an earlier run is replaced in one move. Of a study on Spark
        it may be a URL that Spark writes, as ``s3a://bucket/run``.
    figures
        Whether to draw the figures; or the names of those to draw.
    excel
        Whether to write a workbook of all tables as well.
    progress
        Called with the name of each file before it is written.

    Returns
    -------
    Path or str
        The folder.

    Raises
    ------
    InputError
        If the folder cannot be written, or holds something else than an earlier run.
    """
    require_study(study)
    progress = progress or (lambda _: None)
    spark_tables = dict(study.tables)
    if not (spark_tables and is_url(folder)):
        check_run_folder(folder)
    if spark_tables and excel:
        raise InputError("no workbook holds the tables of a study on Spark", fix="leave --excel out")
    if spark_tables:
        _write_spark_run(study, str(folder), spark_tables, figures=figures, progress=progress)
        return folder
    with replaced_folder(Path(folder)) as draft, single_blas_thread():
        tables = run_tables(study)
        long_tables = {name: tables.pop(name) for name in LONG_TABLES if len(study.corpus) < BESIDE_BELOW}
        _write_tables(tables, draft, progress)
        for name in long_tables:
            progress(f"{name}.csv")
        with done_beside(lambda: _write_tables(long_tables, draft)):
            _write_figures_report_study(study, draft, figures=figures, progress=progress)
        if excel:
            progress(WORKBOOK)
            study.to_excel(draft / WORKBOOK)
        _write_manifest(draft, manifest(study.state))
    return Path(folder)


def _write_spark_run(
    study: Study,
    destination: str,
    spark_tables: dict[str, DataFrame],
    *,
    figures: bool | Collection[str],
    progress: Callable[[str], None],
) -> None:
    """Write long tables by the workers, all else by the driver."""
    session = spark_tables["articles"].sparkSession
    with (
        replaced_destination(destination, session, check=check_files_of_run) as draft,
        single_blas_thread(),
    ):
        seconds = dict(study.seconds)
        for name, table_seconds in write_long_tables(spark_tables, draft):
            progress(name)
            seconds[name] = table_seconds
        sample_tables = {name: parts for name, parts in run_tables(study).items() if name in SAMPLE_TABLES}
        for tables in (sample_tables, short_tables(spark_tables)):
            _write_tables(tables, draft.folder, progress)
        _write_figures_report_study(study, draft.folder, figures=figures, progress=progress)
        entries = spark_manifest(spark_tables, draft, n_sample=len(study.corpus))
        _write_manifest(draft.folder, {**manifest(study.state), **entries, "seconds": seconds}, beside=draft.names())


def _write_tables(
    tables: Mapping[str, TableParts], draft: Path, progress: Callable[[str], object] = lambda _: None
) -> None:
    for name, parts in tables.items():
        progress(f"{name}.csv")
        write_csv(draft / f"{name}.csv", parts)


def _write_figures_report_study(
    study: Study, draft: Path, *, figures: bool | Collection[str], progress: Callable[[str], None]
) -> None:
    if figures:
        progress("figures")
        save_figures(study, draft / "figures", names=None if figures is True else figures)
    progress(REPORT)
    write_report(study, draft / REPORT)
    progress(STUDY_FOLDER)
    (draft / STUDY_FOLDER).mkdir()
    write_study(study.state, draft / STUDY_FOLDER)


def _write_manifest(draft: Path, entries: dict[str, Any], *, beside: Iterable[str] = ()) -> None:
    names = sorted({*files_within(draft), *beside, MANIFEST})
    checksums = {name: _digest(draft / name) for name in names if EDITABLE.fullmatch(name)}
    entries = {**entries, "files": names, "checksums": checksums, "mark": _mark(names, checksums)}
    text = json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True)
    (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")


def run_tables(study: Study) -> dict[str, TableParts]:
    """Return the tables of a run by file name without suffix, each as a function that gives it in parts.

    A table is made when it is written and not before, so that no two are in memory together.
    """
    return {
        "articles": lambda: [study.corpus.to_frame()],
        "passages": lambda: _passage_tables(study.corpus.passages),
        "topics": lambda: [study.topics],
        "article_topics": lambda: [study.article_topics],
        "clusters": lambda: [study.clusters],
        "similar": lambda: [study.similar],
        "map": lambda: [study.map],
        "repeats": lambda: [study.repeats],
        "themes": lambda: study.themes.table_parts(ROWS_PER_PART // max(1, len(study.themes))),
        "evidence": lambda: study.themes.evidence_parts(ROWS_PER_PART),
        "suppliers": lambda: [study.themes.suppliers],
        "events": lambda: [study.themes.events],
        "claims": lambda: [study.claims.table],
        "disagreements": lambda: [study.claims.disagreements],
    }


def _passage_tables(passages: Passages) -> Iterator[pd.DataFrame]:
    """Make the table of passages part by part: it is as large as all texts together."""
    import pandas as pd

    for start in range(0, len(passages), ROWS_PER_PART):
        yield pd.DataFrame(passages.columns(start, start + ROWS_PER_PART))


def check_run_folder(folder: str | Path, *, inputs: Iterable[str | Path | None] = ()) -> None:
    """Check that replacing a folder would destroy nothing but an earlier run.

    Parameters
    ----------
    folder
        Where a run is to be written.
    inputs
        Files and folders that are read for it, which may not stand there.

    Raises
    ------
    InputError
        If the folder is a file, or holds an input, a file that no run wrote, or a table that was changed since.
    """
    folder = Path(folder)
    check_folder_place(folder)
    check_apart(inputs, folder)
    written = _files_of_run(folder)
    check_replaceable(folder, [*written.names], writer="run")
    with explain_write_errors(folder):
        _check_unchanged(written, lambda name: _digest(folder / name), where=str(folder))


def check_run_url(url: str, session: SparkSession, *, inputs: Iterable[str | Path | None] = ()) -> None:
    """Check, before the work, that a run on Spark would replace nothing but an earlier run.

    Parameters
    ----------
    url
        Where the run is to be written.
    session
        Spark, which reaches it.
    inputs
        Files, folders and addresses that are read for it, which may not stand there.

    Raises
    ------
    InputError
        If it holds an input, a file that no run wrote, or a table that was changed since.
    """
    place = _as_url(url)
    for given in inputs:
        if given is not None and _as_url(given).startswith(place):
            raise InputError(f"holds the input '{given}', which would be lost", where=url, fix="give another place")
    check_destination(url, session, check=check_files_of_run)


def _as_url(place: str | Path) -> str:
    """Return the address of a file or a folder, with a slash at its end."""
    url = str(place) if is_url(place) else f"file://{Path(place).resolve()}"
    return re.sub("^file:/+", "file:///", url).rstrip("/") + "/"


def check_files_of_run(files: Files) -> None:
    """Check that replacing what stands at an address would destroy nothing but an earlier run.

    Parameters
    ----------
    files
        What stands there.

    Raises
    ------
    InputError
        If a file is none of an earlier run, or was changed since.
    """
    written = _read_manifest(files.read(MANIFEST)) if MANIFEST in files.names else NOTHING
    own = {*filter(OF_A_RUN.fullmatch, files.names)} if files.is_unfinished else {*written.names}
    if foreign := sorted({*files.names} - own):
        raise InputError(f"holds '{foreign[0]}', which no run wrote", where=files.url, fix="give another place")
    _check_unchanged(
        written,
        lambda name: hashlib.sha256(files.read(name)).hexdigest() if name in files.names else "",
        where=files.url,
    )


def is_run(folder: Path) -> bool:
    """Return whether a folder holds a run, and not a saved study alone."""
    return bool(_files_of_run(folder).names)


def _check_unchanged(written: Written, digest_of: Callable[[str], str], *, where: str) -> None:
    """Refuse to replace a table, or a file of the user's own, that was changed after the run that wrote it."""
    changed = sorted(name for name, digest in written.checksums.items() if digest_of(name) not in {digest, ""})
    if changed:
        raise InputError(
            f"holds '{changed[0]}', which was changed after the run that wrote it",
            where=where,
            fix="move it elsewhere or remove it, or give another folder",
        )


def _files_of_run(folder: Path) -> Written:
    """Return what the manifest of a folder lists, nothing where no run wrote the manifest."""
    try:
        return NOTHING if (folder / MANIFEST).is_symlink() else _read_manifest(read_bytes(folder / MANIFEST))
    except (OSError, InputError):
        return NOTHING


def _read_manifest(content: bytes) -> Written:
    """Return what a manifest lists, nothing where no run wrote it."""
    try:
        entries = json.loads(content)
        written = Written(tuple(map(str, entries["files"])), dict(entries["checksums"]))
        return written if entries["mark"] == _mark(*written) else NOTHING
    except (ValueError, LookupError, TypeError, RecursionError):
        return NOTHING


def _mark(names: Collection[str], checksums: Mapping[str, str]) -> str:
    """Return what only this package writes into a manifest: its name, with a digest of the lists of files."""
    lines = [*names, *(f"{digest}  {name}" for name, digest in sorted(checksums.items()))]
    return f"rare_topics run {hashlib.sha256(chr(10).join(lines).encode('utf-8', 'surrogatepass')).hexdigest()}"


def _digest(path: Path) -> str:
    """Return the digest of a file; nothing where there is none, and what is no digest for a link or a device."""
    if not os.path.lexists(path):
        return ""
    if path.is_symlink() or not path.is_file():
        return "no file"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""The folder of a run: tables, figures, the report, the study and a manifest; written whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.corpus.limits import read_bytes
from rare_topics.corpus.records import Passage
from rare_topics.errors import InputError
from rare_topics.export.spark_folder import (
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
    files_within,
    replaced_folder,
)
from rare_topics.runtime.csv_files import write_csv
from rare_topics.runtime.parallel import limit_blas_threads
from rare_topics.study.provenance import manifest
from rare_topics.study.storage import STUDY_FOLDER, write_study
from rare_topics.study.study import require_study

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

    from rare_topics.corpus.passages import Passages
    from rare_topics.study import Study

    TableParts = Callable[[], Iterable[pd.DataFrame]]

# Passages that are made into a table at a time: some 20 MB of text.
PASSAGES_PER_PART = 20_000
MANIFEST = "manifest.json"
REPORT = "report.html"
WORKBOOK = "study.xlsx"
# Of a study on Spark, the tables that describe the driver's sample.
SAMPLE_TABLES = ("topics", "similar", "repeats")
PASSAGE_COLUMNS = tuple(field.name for field in fields(Passage))


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
    with replaced_folder(Path(folder)) as draft, limit_blas_threads(len(study.corpus)):
        _write_tables(run_tables(study), draft, progress)
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
        replaced_destination(destination, session, mark=MANIFEST) as draft,
        limit_blas_threads(len(study.corpus)),
    ):
        seconds = dict(study.seconds)
        for name, table_seconds in write_long_tables(spark_tables, draft):
            progress(name)
            seconds[name] = table_seconds
        sample_tables = {name: parts for name, parts in run_tables(study).items() if name in SAMPLE_TABLES}
        _write_tables(sample_tables, draft.folder, progress)
        _write_tables(short_tables(spark_tables), draft.folder, progress)
        _write_figures_report_study(study, draft.folder, figures=figures, progress=progress)
        entries = spark_manifest(spark_tables, n_sample=len(study.corpus))
        _write_manifest(draft.folder, {**manifest(study.state), **entries, "seconds": seconds})


def _write_tables(tables: Mapping[str, TableParts], draft: Path, progress: Callable[[str], None]) -> None:
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


def _write_manifest(draft: Path, entries: dict[str, Any]) -> None:
    names = sorted([*files_within(draft), MANIFEST])
    entries = {**entries, "files": names, "mark": _mark(names)}
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
        "themes": lambda: [study.themes.table],
        "evidence": lambda: [study.themes.evidence],
        "suppliers": lambda: [study.themes.suppliers],
        "events": lambda: [study.themes.events],
        "claims": lambda: [study.claims.table],
        "disagreements": lambda: [study.claims.disagreements],
    }


def _passage_tables(passages: Passages) -> Iterator[pd.DataFrame]:
    """Make the table of passages part by part: it is as large as all texts together."""
    import pandas as pd

    for start in range(0, len(passages), PASSAGES_PER_PART):
        rows = map(attrgetter(*PASSAGE_COLUMNS), passages[start : start + PASSAGES_PER_PART])
        yield pd.DataFrame(rows, columns=PASSAGE_COLUMNS)


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
        If the folder is a file, or holds a file that no run wrote, or an input.
    """
    check_folder_place(Path(folder))
    check_apart(inputs, Path(folder))
    check_replaceable(Path(folder), _files_of_run(Path(folder)), writer="run")


def is_run(folder: Path) -> bool:
    """Return whether a folder holds a run, and not a saved study alone."""
    return bool(_files_of_run(folder))


def _files_of_run(folder: Path) -> list[str]:
    """Return the files that the manifest of a folder lists, or an empty list where no run wrote the manifest."""
    try:
        content = json.loads(read_bytes(folder / MANIFEST))
        names = list(map(str, content["files"]))
        return names if content["mark"] == _mark(names) and not (folder / MANIFEST).is_symlink() else []
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return []


def _mark(names: Collection[str]) -> str:
    """Return what only this package writes into a manifest: its name, with a digest of the list of files."""
    return f"rare_topics run {hashlib.sha256(chr(10).join(names).encode('utf-8', 'surrogatepass')).hexdigest()}"

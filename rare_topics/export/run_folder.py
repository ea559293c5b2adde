"""The folder a run leaves behind: tables, figures, the report and a manifest, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.corpus.records import Passage
from rare_topics.export.spark_folder import is_address, replaced
from rare_topics.export.spark_tables import facts, summaries, write_tables
from rare_topics.figures import save_figures
from rare_topics.report import write_report
from rare_topics.runtime.atomic_write import check_replaceable, files_within, replaced_folder
from rare_topics.runtime.csv_files import write_csv
from rare_topics.runtime.parallel import limit_blas_threads
from rare_topics.study import WITHIN_A_RUN, write_into
from rare_topics.study.manifest import manifest

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

    from rare_topics.corpus.passages import Passages
    from rare_topics.study import Study

    Parts = Callable[[], Iterable[pd.DataFrame]]

# Passages that are written at a time.
ROWS = 20_000
MANIFEST = "manifest.json"
REPORT = "report.html"
# Of a study on Spark, the tables that are written by the driver.
SUMMARIES = frozenset({"topics", "similar", "repeats", "disagreements"})
PASSAGE_COLUMNS = tuple(field.name for field in fields(Passage))


def write_run(
    study: Study, folder: str | Path, *, figures: bool = True, progress: Callable[[str], None] | None = None
) -> str | Path:
    """Write the results of a study.

    Parameters
    ----------
    study
        A fitted study.
    folder
        Where the results go; a folder of an earlier run is replaced in one move. Of a study on Spark
        it may be an address that Spark writes, as ``s3a://bucket/run``.
    figures
        Whether to draw the figures.
    progress
        Called with what is being written.

    Returns
    -------
    Path or str
        The folder.

    Raises
    ------
    InputError
        If the folder cannot be written, or holds something else than an earlier run.
    """
    progress = progress or (lambda _: None)
    if on_workers := dict(getattr(study, "tables", {})):
        _write_with_workers(study, str(folder), on_workers, figures=figures, progress=progress)
        return folder
    check_place(folder)
    with replaced_folder(Path(folder)) as draft, limit_blas_threads(len(study.corpus)):
        _write_csv(tables(study), draft, progress)
        _write_shown(study, draft, figures=figures, progress=progress)
        _write_manifest(draft, manifest(study))
    return Path(folder)


def _write_with_workers(
    study: Study, place: str, on_workers: dict[str, DataFrame], *, figures: bool, progress: Callable[[str], None]
) -> None:
    if not is_address(place):
        check_place(place)
    with (
        replaced(place, on_workers["articles"].sparkSession, mark=MANIFEST) as draft,
        limit_blas_threads(len(study.corpus)),
    ):
        seconds = dict(study.seconds)
        for name, took in write_tables(on_workers, draft):
            progress(name)
            seconds[name] = took
        shown = {name: table for name, table in tables(study).items() if name in SUMMARIES}
        short: dict[str, Parts] = {name: partial(list, [table]) for name, table in summaries(on_workers).items()}
        _write_csv({**shown, **short}, draft.folder, progress)
        _write_shown(study, draft.folder, figures=figures, progress=progress)
        said = facts(on_workers, sample=len(study.corpus))
        _write_manifest(draft.folder, {**manifest(study), **said, "seconds": seconds})


def _write_csv(tables: Mapping[str, Parts], draft: Path, progress: Callable[[str], None]) -> None:
    for name, parts in tables.items():
        progress(f"{name}.csv")
        write_csv(draft / f"{name}.csv", parts)


def _write_shown(study: Study, draft: Path, *, figures: bool, progress: Callable[[str], None]) -> None:
    if figures:
        progress("figures")
        save_figures(study, draft / "figures")
    progress(REPORT)
    write_report(study, draft / REPORT)
    progress(WITHIN_A_RUN)
    (draft / WITHIN_A_RUN).mkdir()
    write_into(study, draft / WITHIN_A_RUN)


def _write_manifest(draft: Path, content: dict[str, Any]) -> None:
    content = {**content, "files": sorted([*files_within(draft), MANIFEST])}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run, and not a study alone."""
    return bool(_written(folder))


def tables(study: Study) -> dict[str, Parts]:
    """Return what gives the tables of a run, each in one part or several, by file name without suffix."""
    return {
        "articles": lambda: [study.corpus.to_frame()],
        "passages": lambda: _passages(study.corpus.passages),
        "topics": lambda: [study.topics],
        "article_topics": lambda: [study.article_topics],
        "clusters": lambda: [study.clusters],
        "similar": lambda: [study.similar],
        "map": lambda: [study.map],
        "repeats": lambda: [study.repeats],
        "themes": lambda: [study.themes.table],
        "evidence": lambda: [study.themes.evidence],
        "suppliers": lambda: [study.themes.suppliers],
        "claims": lambda: [study.claims.table],
        "disagreements": lambda: [study.claims.disagreements],
    }


def _passages(passages: Passages) -> Iterator[pd.DataFrame]:
    """Make the table of passages part by part: it is as large as all texts."""
    import pandas as pd

    for start in range(0, len(passages), ROWS):
        rows = map(attrgetter(*PASSAGE_COLUMNS), passages[start : start + ROWS])
        yield pd.DataFrame(rows, columns=PASSAGE_COLUMNS)


def check_place(folder: str | Path) -> None:
    """Make sure that replacing a folder would destroy nothing but an earlier run.

    Raises
    ------
    InputError
        If the folder is a file, or holds a file that no run wrote.
    """
    check_replaceable(Path(folder), _written(Path(folder)), writer="run")


def _written(folder: Path) -> list[str]:
    """Name the files that the run of this folder wrote."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        return list(map(str, content["files"]))
    except (OSError, ValueError, LookupError, TypeError):
        return []

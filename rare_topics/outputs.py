"""The folder a run leaves behind: tables, figures, the report and a manifest, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.figures import save_figures
from rare_topics.files import files_within, own_place, replaced_folder, write_csv
from rare_topics.manifest import manifest
from rare_topics.records import Passage
from rare_topics.report import write_report
from rare_topics.study import WITHIN_A_RUN, fitting_threads, write_into

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.passages import Passages
    from rare_topics.study import Study

    Parts = Callable[[], Iterable[pd.DataFrame]]

# Passages that are written at a time.
ROWS = 20_000
MANIFEST = "manifest.json"
REPORT = "report.html"
PASSAGE_COLUMNS = tuple(field.name for field in fields(Passage))


def write_run(
    study: Study, folder: str | Path, *, figures: bool = True, progress: Callable[[str], None] | None = None
) -> Path:
    """Write the results of a study.

    Parameters
    ----------
    study
        A fitted study.
    folder
        Where the results go; a folder of an earlier run is replaced in one move.
    figures
        Whether to draw the figures.
    progress
        Called with what is being written.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If the folder cannot be written, or holds something else than an earlier run.
    """
    progress = progress or (lambda _: None)
    check_place(folder)
    with replaced_folder(Path(folder)) as draft, fitting_threads(len(study.corpus)):
        for name, parts in tables(study).items():
            progress(f"{name}.csv")
            write_csv(draft / f"{name}.csv", parts)
        if figures:
            progress("figures")
            save_figures(study, draft / "figures")
        progress(REPORT)
        write_report(study, draft / REPORT)
        progress(WITHIN_A_RUN)
        (draft / WITHIN_A_RUN).mkdir()
        write_into(study, draft / WITHIN_A_RUN)
        content = {**manifest(study), "files": sorted([*files_within(draft), MANIFEST])}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return Path(folder)


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
    own_place(Path(folder), _written(Path(folder)), writer="run")


def _written(folder: Path) -> list[str]:
    """Name the files that the run of this folder wrote."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        return list(map(str, content["files"]))
    except (OSError, ValueError, LookupError, TypeError):
        return []

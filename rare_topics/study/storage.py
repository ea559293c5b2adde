"""A study as a folder of plain data, and back: Parquet, NPZ without objects, JSON, and a checksum for each."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.limits import Limits, read_bytes
from rare_topics.corpus.records import Article, arrow_schema, articles_from_arrow, articles_to_arrow
from rare_topics.errors import InputError
from rare_topics.runtime.atomic_write import check_replaceable, files_within, replaced_folder
from rare_topics.study.pipeline import STEPS
from rare_topics.study.provenance import reader_versions
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.step import Step
from rare_topics.study.validation import validate_state

# Articles that are written at a time.
ROWS_PER_WRITE = 10_000
# Raised with every change of what a saved study holds.
FORMAT = 3
ARTICLES, ARRAYS, PARTS, DESCRIPTION = "articles.parquet", "arrays.npz", "parts.json", "study.json"
CHECKSUMS = "checksums.sha256"
# The arrays of a large archive are larger than any page.
STUDY_LIMITS = Limits(file_bytes=2**40)
# A run keeps its study in a folder of its own.
STUDY_FOLDER = "study"
FIX = "take a copy that is whole, or run again from the pages"
# What adding articles has left behind.
UPDATE = Step("update", lambda state: state, {name: name for name in ("baseline", "is_refitted", "diff")})
STORED = (*(step for step in STEPS if step.parts), UPDATE)


def save(state: StudyState, folder: Path) -> Path:
    """Write a study, whole or not at all; see `Study.save`.

    Parameters
    ----------
    state
        A fitted study.
    folder
        Where it goes; a study that was saved there is replaced in one step.

    Raises
    ------
    InputError
        If the folder cannot be written, or holds something else.
    """
    check_replaceable(folder, saved_files(folder), writer="study")
    with replaced_folder(folder) as draft:
        write_study(state, draft)
    return folder


def write_study(state: StudyState, folder: Path) -> None:
    """Write the files of a study.

    Parameters
    ----------
    state
        A fitted study.
    folder
        An empty folder.
    """
    arrays: dict[str, Any] = {}
    parts = {name: part for step in STORED for name, part in step.pack(state, arrays).items()}
    own_files = {f"{parameter}/{name}": data for parameter, (name, data) in state.own_files.items()}
    for name, data in {DESCRIPTION: _json(_description(state)), PARTS: _json(parts), **own_files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    with (folder / ARRAYS).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    _write_articles(folder / ARTICLES, state.corpus.articles)
    lines = [f"{_digest(folder / name)}  {name}\n" for name in sorted(files_within(folder))]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def load_state(folder: str | Path) -> StudyState:
    """Read the state of a study that was saved; see `rare_topics.load`."""
    place = _study_folder(Path(folder))
    _check_format(place)
    contents = _checked_contents(place)
    with _refusing_damage(place):
        return _unpacked(place, json.loads(contents[DESCRIPTION]), contents)


def is_saved(folder: str | Path) -> bool:
    """Tell whether a folder holds a saved study, or a run with one."""
    return bool(_study_folders(Path(folder)))


def saved_files(folder: Path) -> list[str]:
    """Name the files that a saved study consists of, none where there is none."""
    try:
        return [CHECKSUMS, *_checksums((folder / CHECKSUMS).read_text("utf-8"))]
    except (OSError, ValueError):
        return []


def _description(state: StudyState) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "rare_topics": version("rare-topics"),
        "readers": reader_versions(),
        "parameters": state.settings.numbers,
        "own_files": {parameter: name for parameter, (name, _) in state.own_files.items()},
        "inputs": list(map(list, state.corpus.inputs)),
        "corpus_warnings": list(state.corpus.warnings),
        "warnings": list(state.warnings),
        "passages": _digest_of_passages(state.corpus),
    }


def _unpacked(place: Path, description: Mapping[str, Any], contents: Mapping[str, bytes]) -> StudyState:
    own_paths = {parameter: place / parameter / name for parameter, name in description["own_files"].items()}
    inputs = tuple((str(name), str(digest)) for name, digest in description["inputs"])
    corpus = Corpus(_articles(contents[ARTICLES]), inputs, tuple(map(str, description["corpus_warnings"])))
    if _digest_of_passages(corpus) != description["passages"]:
        raise ValueError("this version cuts the articles into other passages")
    warnings = list(map(str, description["warnings"]))
    state = StudyState(
        settings=StudySettings(**description["parameters"], **own_paths),
        corpus=corpus,
        own_files={name: (path.name, contents[f"{name}/{path.name}"]) for name, path in own_paths.items()},
        warnings=(*warnings, *_changed_readers(description["readers"], warnings)),
    )
    parts = json.loads(contents[PARTS])
    if unknown := sorted({*parts} - {name for step in STORED for name in step.parts}):
        raise ValueError(f"'{unknown[0]}' is no part of a study")
    with np.load(io.BytesIO(contents[ARRAYS]), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for step in STORED:
        state = step.unpack(parts, arrays, state)
    validate_state(state)
    return state


def _study_folders(folder: Path) -> list[Path]:
    return [place for place in (folder, folder / STUDY_FOLDER) if (place / DESCRIPTION).is_file()]


def _study_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError("no such folder", where=str(folder), fix="give the folder of a saved study, or of a run")
    places = _study_folders(folder)
    if not places:
        raise InputError(
            "holds no saved study", where=str(folder), fix="give a folder that Study.save or rare-topics run wrote"
        )
    return places[0]


def _check_format(place: Path) -> None:
    """Tell another format from a damaged file before anything else is read."""
    with _refusing_damage(place):
        about = json.loads(read_bytes(place / DESCRIPTION))
        found, writer = int(about["format"]), str(about["rare_topics"])
    if found != FORMAT:
        newer = found > FORMAT
        raise InputError(
            f"saved in format {found} by rare_topics {writer[:40]}; this version reads format {FORMAT}",
            where=str(place),
            fix="install that version of rare_topics or a newer one" if newer else "run again from the pages",
        )


def _checked_contents(place: Path) -> dict[str, bytes]:
    with _refusing_damage(place):
        known = _checksums(read_bytes(place / CHECKSUMS).decode("utf-8"))
    present = {*files_within(place)} - {CHECKSUMS}
    if missing := sorted(({DESCRIPTION, PARTS, ARRAYS, ARTICLES} - {*known}) | ({*known} - present)):
        raise InputError(f"'{missing[0]}' is missing", where=str(place), fix=FIX)
    if foreign := sorted(present - {*known}):
        raise InputError(f"'{foreign[0]}' was not there when it was saved", where=str(place), fix="take it out")
    contents = {}
    for name, digest in known.items():
        contents[name] = read_bytes(place / name, STUDY_LIMITS)
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            raise InputError(f"'{name}' is not as it was saved: cut or altered", where=str(place), fix=FIX)
    return contents


def _checksums(text: str) -> dict[str, str]:
    known = {}
    for line in text.splitlines():
        digest, _, name = line.partition("  ")
        if not digest or not name or Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"no checksum: {line[:80]}")
        known[name] = digest
    return known


@contextmanager
def _refusing_damage(place: Path) -> Iterator[None]:
    """Refuse data that does not hold together, whatever fails in reading it, with one line that says where."""
    import pyarrow as pa

    try:
        yield
    except InputError:
        raise
    except (
        *(ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError),
        *(EOFError, OSError, MemoryError, RecursionError, NotImplementedError, zipfile.BadZipFile, pa.ArrowException),
    ) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(f"the saved study cannot be read ({reason})", where=str(place), fix=FIX) from error


def _changed_readers(readers: Mapping[str, str], warnings: Iterable[str]) -> list[str]:
    changed = [
        f"{name} {readers.get(name)} is now {now}"
        for name, now in reader_versions().items()
        if readers.get(name) != now
    ]
    said = f"new articles may be read otherwise than when the study was saved: {', '.join(changed)}"
    return [said] if changed and said not in warnings else []


def _digest_of_passages(corpus: Corpus) -> str:
    digest = hashlib.sha256()
    for passage in corpus.passages:
        digest.update(f"{passage.passage_id} {passage.start} {passage.end}\n".encode())
    return digest.hexdigest()


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=None) + "\n").encode()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_articles(path: Path, articles: Sequence[Article]) -> None:
    """Write articles some thousand at a time."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, arrow_schema()) as writer:
        for start in range(0, len(articles), ROWS_PER_WRITE):
            writer.write_table(articles_to_arrow(articles[start : start + ROWS_PER_WRITE]))


def _articles(data: bytes) -> tuple[Article, ...]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    if not table.schema.equals(arrow_schema()):
        raise ValueError(f"the columns of {ARTICLES} are others")
    return tuple(articles_from_arrow(table))

"""A study as a folder of plain data, and back: Parquet, NPZ without objects, JSON, and a checksum for each."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.limits import Limits, read_bytes, replace_unprintable
from rare_topics.corpus.records import Article, arrow_schema, articles_to_arrow
from rare_topics.errors import UNPRINTABLE, InputError
from rare_topics.runtime.atomic_write import check_replaceable, files_within, replaced_folder
from rare_topics.study.edit_log import edits_from
from rare_topics.study.pipeline import STEPS
from rare_topics.study.provenance import reader_versions
from rare_topics.study.schema import Scope
from rare_topics.study.serialization import pack, unpack
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.step import Step
from rare_topics.study.stored_files import (
    ROLES,
    is_bare_name,
    is_plain_file,
    is_stored_name,
    parse_json,
    read_arrays,
    read_articles,
)
from rare_topics.study.stored_parts import EDITS, WORDS
from rare_topics.study.validation import validate_state, validate_stored_settings

# Articles that are written at a time.
ROWS_PER_WRITE = 10_000
# Raised with every change of what a saved study holds.
FORMAT = 5
ARTICLES, ARRAYS, PARTS, DESCRIPTION = "articles.parquet", "arrays.npz", "parts.json", "study.json"
CHECKSUMS = "checksums.sha256"
FILES = (ARTICLES, ARRAYS, PARTS, DESCRIPTION)
DIGEST = re.compile("[0-9a-f]{64}")
# Characters of the name or version of what reads articles.
LONGEST_VERSION = 200
# What the description of a study says, by its type.
DESCRIBED: Mapping[str, type] = {
    "format": int,
    "rare_topics": str,
    "readers": dict,
    "parameters": dict,
    "own_files": dict,
    "inputs": list,
    "corpus_warnings": list,
    "warnings": list,
    "passages": str,
    "words": dict,
    "edits": dict,
}
# A study that is replaced while it is read is read again, so often at the most.
MOST_READS = 20
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
    check_study_folder(folder)
    with replaced_folder(folder) as draft:
        write_study(state, draft)
    return folder


def check_study_folder(folder: Path) -> None:
    """Check that replacing a folder would destroy nothing but a saved study.

    Raises
    ------
    InputError
        If the folder is a file, or holds a file that no study wrote.
    """
    check_replaceable(folder, saved_files(folder), writer="study")


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
    contents = _steady_contents(place)
    with _refusing_damage(place):
        return _unpacked(place, _described(contents[DESCRIPTION]), contents)


def is_saved(folder: str | Path) -> bool:
    """Tell whether a folder holds a saved study, or a run with one."""
    return bool(_study_folders(Path(folder)))


def saved_files(folder: Path) -> list[str]:
    """Name the files that a saved study consists of, none where there is none.

    A study is known by its description, which only this package writes, and by a list of checksums that names nothing
    but files of a study and holds that of the description.
    """
    if not (is_plain_file(folder / CHECKSUMS) and is_plain_file(folder / DESCRIPTION)):
        return []
    try:
        known = _checksums(read_bytes(folder / CHECKSUMS).decode("utf-8"))
        description = read_bytes(folder / DESCRIPTION)
        said = {*parse_json(description)}
    except (OSError, ValueError, TypeError, RecursionError):
        return []
    is_own = hashlib.sha256(description).hexdigest() == known.get(DESCRIPTION) and {"format", "rare_topics"} <= said
    return [CHECKSUMS, *known] if is_own else []


def _description(state: StudyState) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "rare_topics": version("rare-topics"),
        "readers": reader_versions(),
        "parameters": state.settings.parameters,
        "own_files": {parameter: name for parameter, (name, _) in state.own_files.items()},
        "inputs": list(map(list, state.corpus.inputs)),
        "corpus_warnings": list(state.corpus.warnings),
        "warnings": list(state.warnings),
        "passages": _digest_of_passages(state.corpus),
        "words": pack(state.settings.words, {}),
        "edits": pack([asdict(edit) for edit in state.edits], {}),
    }


def _unpacked(place: Path, description: Mapping[str, Any], contents: Mapping[str, bytes]) -> StudyState:
    for role, name in description["own_files"].items():
        if role not in ROLES or not is_bare_name(name):
            raise ValueError(f"own_files: expected a bare name for one of {', '.join(ROLES)}, got {name!r:.60}")
    own_paths = {role: place / role / name for role, name in description["own_files"].items()}
    inputs = tuple((str(name), str(digest)) for name, digest in description["inputs"])
    articles = read_articles(contents[ARTICLES], name=ARTICLES)
    corpus = Corpus(articles, inputs, _printable_lines(description["corpus_warnings"]))
    if _digest_of_passages(corpus) != description["passages"]:
        raise ValueError("this version cuts the articles into other passages")
    warnings = _printable_lines(description["warnings"])
    WORDS.check(description["words"], "words", Scope({}))
    EDITS.check(description["edits"], "edits", Scope({}))
    words, edits = (unpack(description[name], {}, {}) for name in ("words", "edits"))
    settings = StudySettings(
        **description["parameters"],
        **own_paths,
        stop_words=tuple(words["stop_words"]),
        seed_topics={name: tuple(given) for name, given in words["seed_topics"].items()},
    )
    validate_stored_settings(settings, corpus)
    state = StudyState(
        settings=settings,
        corpus=corpus,
        own_files={name: (path.name, contents[f"{name}/{path.name}"]) for name, path in own_paths.items()},
        warnings=(*warnings, *_changed_readers(description["readers"], warnings)),
        edits=edits_from(edits),
    )
    parts = parse_json(contents[PARTS])
    if unknown := sorted({*parts} - {name for step in STORED for name in step.parts}):
        raise ValueError(f"'{unknown[0]}' is no part of a study")
    arrays = read_arrays(contents[ARRAYS])
    if unnamed := {*arrays} - {*_array_names(parts)}:
        raise ValueError(f"'{min(unnamed)[:40]}' is an array of no part")
    for step in STORED:
        state = step.unpack(parts, arrays, state)
    validate_state(state)
    if own_paths:
        _ = settings.theme_finder  # refuses a file that cannot be used
    return state


def _array_names(data: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the names of the arrays that packed data refers to."""
    if isinstance(data, dict):
        for key, entry in data.items():
            yield from map(str, [entry] if key == "array" else entry if key == "csr" else ())
            yield from _array_names(entry)
    elif isinstance(data, list):
        for entry in data:
            yield from _array_names(entry)


def _described(data: bytes) -> dict[str, Any]:
    """Parse the description of a study, which has all of its entries and no others."""
    found = parse_json(data)
    if not isinstance(found, dict) or {*found} != {*DESCRIBED}:
        raise ValueError(f"{DESCRIPTION}: entries are missing, or others")
    for name, kind in DESCRIBED.items():
        if type(found[name]) is not kind:
            raise ValueError(f"{DESCRIPTION}: '{name}' is no {kind.__name__}")
    if not all(isinstance(text, str) for text in (*found["corpus_warnings"], *found["warnings"])):
        raise ValueError(f"{DESCRIPTION}: a warning that is no text")
    if unknown := {*found["parameters"]} - {*StudySettings().parameters}:
        raise ValueError(f"{DESCRIPTION}: '{min(unknown)[:40]}' is no parameter")
    for name, reader in (("rare_topics", found["rare_topics"]), *found["readers"].items()):
        if not _is_short_text(name) or not _is_short_text(reader):
            raise ValueError(f"{DESCRIPTION}: no version of {name[:40]!r}")
    _check_inputs(found["inputs"])
    return found


def _check_inputs(inputs: Iterable[Any]) -> None:
    for entry in inputs:
        if not isinstance(entry, list) or [type(cell) for cell in entry] != [str, str]:
            raise ValueError(f"{DESCRIPTION}: 'inputs' has no name and digest")
        if UNPRINTABLE.search(entry[0]) or not DIGEST.fullmatch(entry[1]):
            raise ValueError(f"{DESCRIPTION}: 'inputs' has another name or digest than a file")


def _is_short_text(text: object) -> bool:
    return isinstance(text, str) and len(text) <= LONGEST_VERSION and text.isprintable()


def _printable_lines(warnings: Iterable[str]) -> tuple[str, ...]:
    """Return each warning as one line that can be printed, as all that a fit writes are."""
    return tuple(" ".join(replace_unprintable(warning)[0].splitlines()) for warning in warnings)


def _study_folders(folder: Path) -> list[Path]:
    """List where a study stands: in the folder itself, or in that of a run; never behind a link of a run."""
    places = (folder, folder / STUDY_FOLDER)
    return [
        place for place in places if is_plain_file(place / DESCRIPTION) and not (place != folder and place.is_symlink())
    ]


def _study_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError("no such folder", where=str(folder), fix="give the folder of a saved study, or of a run")
    places = _study_folders(folder)
    if not places:
        raise InputError(
            "holds no saved study", where=str(folder), fix="give a folder that Study.save or rare-topics run wrote"
        )
    return places[0]


def _steady_contents(place: Path) -> dict[str, bytes]:
    """Read the files of a study, and again where another process has put a new one in its place meanwhile."""
    for _ in range(MOST_READS):
        found = _identity(place)
        try:
            _check_format(place)
            return _checked_contents(place)
        except InputError:
            if _identity(place) == found:
                raise
    raise InputError("is replaced again and again while it is read", where=str(place), fix="wait and try again")


def _identity(place: Path) -> tuple[int, int] | None:
    try:
        about = place.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


def _check_format(place: Path) -> None:
    """Tell another format from a damaged file before anything else is read."""
    with _refusing_damage(place):
        about = parse_json(read_bytes(place / DESCRIPTION))
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
        path = place / name
        if not is_plain_file(path) or (path.parent != place and path.parent.is_symlink()):
            raise InputError(f"'{name}' is a link or a device", where=str(place), fix=FIX)
        contents[name] = read_bytes(place / name, STUDY_LIMITS)
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            raise InputError(f"'{name}' is not as it was saved: cut or altered", where=str(place), fix=FIX)
    return contents


def _checksums(text: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for line in text.removesuffix("\n").split("\n"):
        digest, _, name = line.partition("  ")
        if not DIGEST.fullmatch(digest) or name in known or not is_stored_name(name, FILES):
            raise ValueError(f"no checksum of a file of a study: {line[:80]}")
        known[name] = digest
    return known


@contextmanager
def _refusing_damage(place: Path) -> Iterator[None]:
    """Refuse data that does not hold together, whatever fails in reading it, with one line that says where."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # of JSON, ZIP, NumPy and Arrow, each of which has errors of its own
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
    for start in range(0, len(corpus.passages), ROWS_PER_WRITE):
        rows = corpus.passages.columns(start, start + ROWS_PER_WRITE)
        spans = zip(rows["passage_id"], rows["start"], rows["end"], strict=True)
        digest.update("".join(f"{name} {first} {last}\n" for name, first, last in spans).encode())
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

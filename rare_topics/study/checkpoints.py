"""Finished steps of a fit that has not finished, kept so that the next one can go on from them."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from rare_topics.runtime.atomic_write import replaced_file
from rare_topics.study.archive import readers
from rare_topics.study.packing import pack, unpack
from rare_topics.study.parts import PARTS

if TYPE_CHECKING:
    from rare_topics.study.steps import Study

LIBRARIES = ("rare-topics", "numpy", "scikit-learn", "scipy", "umap-learn")
DIGEST = 64


class Checkpoints:
    """A folder of finished steps, each by what it was learned from.

    Parameters
    ----------
    folder
        Where they are kept; None keeps nothing.
    study
        What is being fitted, its corpus and files read already.
    """

    def __init__(self, folder: Path | None, study: Study) -> None:
        self.folder = folder
        self.key = key_of(study) if folder is not None else ""

    def restore(self, step: str, study: Study) -> bool:
        """Take a step over if it was finished before, on the same articles with the same settings."""
        if self.folder is None or step not in PARTS:
            return False
        try:
            with self._file(step).open("rb") as file:
                digest = file.read(DIGEST)
                if hashlib.file_digest(file, "sha256").hexdigest().encode() != digest:
                    return False
                file.seek(DIGEST)
                with np.load(file, allow_pickle=False) as loaded:
                    arrays = {name: loaded[name] for name in loaded.files}
            parts = json.loads(arrays.pop("parts").tobytes())
            paths = {"ConceptVectorizer": {"lexicon": study.lexicon, "glosses": study.glosses}}
            learned = {name: unpack(part, arrays, paths) for name, part in parts.items()}
        except (OSError, ValueError, KeyError, TypeError):
            return False
        vars(study).update(learned)
        return True

    def keep(self, step: str, study: Study) -> None:
        """Keep a finished step; where there is no room for it, the fit goes on without."""
        if self.folder is None or step not in PARTS:
            return
        arrays: dict[str, Any] = {}
        parts = {name: pack(getattr(study, name), arrays) for name in PARTS[step]}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with replaced_file(self._file(step)) as file:
                _write(file, parts, arrays)
        except OSError as error:
            logging.getLogger(__name__).warning("the step %s is not kept: %s", step, error)

    def _file(self, step: str) -> Path:
        return Path(self.folder or "") / f"{step}-{self.key}"


def checkpoint_folder(out: Path) -> Path:
    """Name the hidden folder beside an output in which the steps of its run are kept."""
    return out.parent / f".{out.name}.steps"


def drop(folder: Path) -> None:
    """Remove the steps of a run that has come to its end."""
    shutil.rmtree(folder, ignore_errors=True)


def _write(file: BinaryIO, parts: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Write a digest, and what it is of."""
    file.write(b" " * DIGEST)
    packed = np.frombuffer(json.dumps(parts, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez(file, allow_pickle=False, parts=packed, **arrays)
    file.seek(DIGEST)
    digest = hashlib.file_digest(file, "sha256").hexdigest().encode()  # type: ignore[arg-type]
    file.seek(0)
    file.write(digest)


def key_of(study: Study) -> str:
    """Digest all that a step depends on: articles, settings, own files, and what they are read and fitted with."""
    files = {role: hashlib.sha256(data).hexdigest() for role, (_, data) in study.own_files.items()}
    made_with = {**readers(), **{name: version(name) for name in LIBRARIES}}
    digest = hashlib.sha256(json.dumps([study.parameters, files, made_with], sort_keys=True, default=int).encode())
    for article in study.corpus:
        digest.update(repr(asdict(article)).encode())
    return digest.hexdigest()[:32]

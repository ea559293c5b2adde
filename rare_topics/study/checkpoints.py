"""Finished steps of a fit that has not finished, kept on a disk so that the next fit goes on from them."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rare_topics.runtime.atomic_write import TEMPORARY_SUFFIX, replaced_file
from rare_topics.runtime.cache import read_plain_file
from rare_topics.study.embeddings import embeddings_shown
from rare_topics.study.provenance import library_versions, reader_versions
from rare_topics.study.state import StudyState
from rare_topics.study.step import Step
from rare_topics.study.stored_files import read_arrays

# Hexadecimal digits of a sha256.
DIGEST_LENGTH = 64
# No step of a corpus that fits into memory is larger.
LARGEST_FILE = 2**40
# What stands in the folder of the steps: a step with the digest of what it depends on, or the draft of one.
STEP_FILE = re.compile(rf"[a-z_]+-[0-9a-f]{{32}}|\.[a-z_]+-[0-9a-f]{{32}}\.draft-{TEMPORARY_SUFFIX}")
# Name of the JSON among the arrays of a step.
PARTS = "parts"
_log = logging.getLogger(__name__)


class FileCheckpoints:
    """A folder of finished steps, each named by all that it depends on.

    Parameters
    ----------
    folder
        Where they are kept.
    state
        The state before the first step.
    """

    def __init__(self, folder: Path, state: StudyState) -> None:
        self._folder, self._key = folder, input_digest(state)

    def load(self, step: Step, state: StudyState) -> StudyState | None:
        """Return the state after a finished step; see `Checkpoints.load`."""
        data = read_plain_file(self._path(step), max_bytes=LARGEST_FILE) or b""
        digest, content = data[:DIGEST_LENGTH], data[DIGEST_LENGTH:]
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        try:
            return unpack_step(step, read_arrays(content), state)
        except Exception:  # noqa: BLE001 - of ZIP, NumPy and JSON, each of which has errors of its own
            return None

    def save(self, step: Step, state: StudyState) -> None:
        """Keep a finished step, or warn where there is no room for it; see `Checkpoints.save`."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with replaced_file(self._path(step)) as file:
                _write_with_digest(file, pack_step(step, state))
        except OSError as error:
            _log.warning("the step %s is not kept: %s", step.name, error)

    def _path(self, step: Step) -> Path:
        return self._folder / f"{step.name}-{self._key}"


def pack_step(step: Step, state: StudyState) -> dict[str, Any]:
    """Turn what a step has learned into arrays alone, its JSON among them as bytes.

    Parameters
    ----------
    step
        The step.
    state
        A state after it.
    """
    arrays: dict[str, Any] = {}
    parts = json.dumps(step.pack(state, arrays), ensure_ascii=False).encode()
    return {PARTS: np.frombuffer(parts, dtype=np.uint8), **arrays}


def unpack_step(step: Step, arrays: Mapping[str, Any], state: StudyState) -> StudyState:
    """Return the state after a step from the arrays that `pack_step` made.

    Parameters
    ----------
    step
        The step.
    arrays
        From `pack_step`.
    state
        The state before the step.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the arrays are others.
    """
    return step.unpack(json.loads(arrays[PARTS].tobytes()), arrays, state)


def checkpoint_folder(out: Path) -> Path:
    """Return the hidden folder beside an output in which the steps of its run are kept."""
    return out.parent / f".{out.name}.steps"


def remove_checkpoints(folder: Path) -> None:
    """Remove the steps of a run that has come to its end, and their folder if nothing else is in it."""
    if folder.is_symlink() or not folder.is_dir():
        return
    with suppress(OSError):
        for path in folder.iterdir():
            if STEP_FILE.fullmatch(path.name) and not path.is_dir():
                path.unlink(missing_ok=True)
        folder.rmdir()


def input_digest(state: StudyState) -> str:
    """Return a digest of all that a fit depends on.

    Articles, settings, embeddings, the user's own files, and the versions of what they are read
    and fitted with.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    files = {parameter: hashlib.sha256(data).hexdigest() for parameter, (_, data) in state.own_files.items()}
    versions = {**reader_versions(), **library_versions()}
    given = [state.settings.parameters, state.settings.words, state.settings.passages_below, embeddings_shown(state)]
    digest = hashlib.sha256(json.dumps([*given, files, versions], sort_keys=True, default=int).encode())
    for article in state.corpus:
        digest.update(repr(asdict(article)).encode())
    return digest.hexdigest()[:32]


def _write_with_digest(file: BinaryIO, arrays: Mapping[str, Any]) -> None:
    """Write arrays behind a digest of them."""
    file.write(b" " * DIGEST_LENGTH)
    np.savez(file, allow_pickle=False, **arrays)
    file.seek(DIGEST_LENGTH)
    digest = hashlib.file_digest(file, "sha256").hexdigest().encode()  # type: ignore[arg-type]
    file.seek(0)
    file.write(digest)

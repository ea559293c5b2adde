"""Results of slow dictionaries, saved on disk so that the next process need not load the dictionaries."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_path

from rare_topics.runtime.atomic_write import replaced_file

# Entries held in memory: some 100 MB of words and their senses.
MAX_ENTRIES = 300_000
# Entries saved on disk; a larger file would take longer to read than the dictionary it replaces.
MAX_SAVED_ENTRIES = 100_000
# A file that is larger was not saved here.
LARGEST_FILE = 200_000_000
# Files kept for one name: other lexicons, other releases.
MAX_FILES_PER_NAME = 8

K = TypeVar("K")
V = TypeVar("V")

_log = logging.getLogger(__name__)


def cache_folder() -> Path | None:
    """Return the folder of this package in the user's cache folder, made if possible.

    Returns
    -------
    Path or None
        None where there is no such folder, as for a user without a home.
    """
    try:
        path = user_cache_path("rare_topics", appauthor=False)
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError, ValueError) as error:
        _log.info("no cache folder: %s", error)
        return None
    return path


def read_plain_file(path: Path, *, max_bytes: int) -> bytes | None:
    """Read a file, None where it is missing, unreadable, too large, or a pipe or device."""
    try:
        # Without O_NONBLOCK, opening a pipe waits for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            return file.read() if stat.S_ISREG(about.st_mode) and about.st_size <= max_bytes else None
    except (OSError, MemoryError):
        return None


class BoundedDict(dict[K, V]):
    """A dictionary that is emptied when it has become too large, for processes that run for days.

    Parameters
    ----------
    entries
        First content.
    max_entries
        Number of entries at which the next new one empties the dictionary.
    """

    def __init__(self, entries: Mapping[K, V] | Iterable[tuple[K, V]] = (), *, max_entries: int = MAX_ENTRIES) -> None:
        super().__init__(entries)
        self.max_entries = max_entries

    def __setitem__(self, key: K, value: V) -> None:
        if len(self) >= self.max_entries:
            self.clear()
        super().__setitem__(key, value)


class DiskCache(BoundedDict[str, Any]):
    """Results by word, read from disk where an earlier process saved them.

    The file begins with a digest of what the results depend on and of themselves. If it is not as
    it was saved, or cannot be read or written, results are computed anew.

    Parameters
    ----------
    name
        Name of the cache.
    *key
        Everything else the results depend on; each key has a file of its own. The code and data of
        this package are always part of the key.
    max_entries
        See `BoundedDict`.
    max_saved
        A cache with more entries is not saved.

    Examples
    --------
    >>> cache = DiskCache("doctest", "1")
    >>> cache["magnets"] = "magnet"
    >>> cache.save()
    >>> DiskCache("doctest", "1")["magnets"]
    'magnet'
    """

    def __init__(
        self, name: str, *key: str, max_entries: int = MAX_ENTRIES, max_saved: int = MAX_SAVED_ENTRIES
    ) -> None:
        digest = hashlib.sha256("\n".join((_package_state(), *key)).encode("utf-8", "surrogatepass")).hexdigest()
        folder = cache_folder()
        self.path = None if folder is None else folder / f"{name}-{digest[:16]}.json"
        self._key = digest
        self.max_saved = max_saved
        super().__init__(_read(self.path, digest), max_entries=max_entries)
        self._n_saved = len(self)

    def save(self) -> None:
        """Write the entries if there are new ones, unless there are too many."""
        if self.path is None or not self._n_saved < len(self) <= self.max_saved:
            return
        self._n_saved = len(self)
        try:
            with replaced_file(self.path) as file:
                file.write(_sealed(json.dumps(self).encode("ascii"), self._key))
            _remove_old_files(self.path)
        except OSError as error:
            _log.info("nothing saved at %s: %s", self.path, error)


def _remove_old_files(path: Path) -> None:
    """Keep the file itself and the latest others of its name."""
    name = path.name.rpartition("-")[0]
    files = sorted(path.parent.glob(f"{name}-*.json"), key=lambda file: (file != path, -file.stat().st_mtime_ns))
    for file in files[MAX_FILES_PER_NAME:]:
        file.unlink(missing_ok=True)


def _sealed(content: bytes, key: str) -> bytes:
    """Put a digest of a key and of the content in a line before it."""
    return hashlib.sha256(key.encode() + content).hexdigest().encode() + b"\n" + content


def _read(path: Path | None, key: str) -> dict[str, Any]:
    """Read the entries of a file that is as it was saved with a key, else none."""
    data = None if path is None else read_plain_file(path, max_bytes=LARGEST_FILE)
    content = (data or b"").partition(b"\n")[2]
    if not content or _sealed(content, key) != data:
        return {}
    try:
        entries = json.loads(content)
    except (ValueError, RecursionError, MemoryError):
        return {}
    return entries if isinstance(entries, dict) else {}


@lru_cache(maxsize=1)
def _package_state() -> str:
    """Identify this package by the size and time of its files."""
    files = sorted(
        path for path in Path(__file__).parents[1].rglob("*") if path.suffix in {".py", ".tsv", ".txt", ".toml"}
    )
    return "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)

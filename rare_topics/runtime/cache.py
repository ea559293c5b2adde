"""Results of slow dictionaries, saved on disk so that the next process need not load the dictionaries."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_path

# Entries held in memory: some 100 MB of words and their senses.
MAX_ENTRIES = 300_000
# Entries saved on disk; a larger file would take longer to read than the dictionary it replaces.
MAX_SAVED_ENTRIES = 100_000
# Files kept for one name: other lexicons, other releases.
MAX_FILES_PER_NAME = 8

K = TypeVar("K")
V = TypeVar("V")

_log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """Return the folder of this package in the user's cache folder, and create it if possible."""
    path = user_cache_path("rare_topics", appauthor=False)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        _log.info("no cache folder at %s", path)
    return path


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

    If the folder cannot be read or written, results are computed anew.

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
        self.path = cache_folder() / f"{name}-{digest[:16]}.json"
        self.max_saved = max_saved
        super().__init__(_read(self.path), max_entries=max_entries)
        self._n_saved = len(self)

    def save(self) -> None:
        """Write the entries if there are new ones, unless there are too many."""
        if not self._n_saved < len(self) <= self.max_saved:
            return
        self._n_saved = len(self)
        try:
            with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=self.path.parent, delete=False) as draft:
                json.dump(self, draft)
            Path(draft.name).replace(self.path)
            _remove_old_files(self.path)
        except OSError:
            _log.info("nothing saved at %s", self.path)


def _remove_old_files(path: Path) -> None:
    """Keep the file itself and the latest others of its name."""
    name = path.name.rpartition("-")[0]
    files = sorted(path.parent.glob(f"{name}-*.json"), key=lambda file: (file != path, -file.stat().st_mtime_ns))
    for file in files[MAX_FILES_PER_NAME:]:
        file.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    try:
        entries = json.loads(path.read_text("ascii"))
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


@lru_cache(maxsize=1)
def _package_state() -> str:
    """Identify this package by the size and time of its files."""
    files = sorted(
        path for path in Path(__file__).parents[1].rglob("*") if path.suffix in {".py", ".tsv", ".txt", ".toml"}
    )
    return "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)

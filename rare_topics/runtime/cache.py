"""What was once looked up in a large dictionary, kept on disk so that the next process need not load it."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

# Larger memories would take longer to read than the dictionaries they stand for.
MOST_KEPT = 100_000
# Answers that a process holds before it forgets them all: some 100 MB of words and their senses.
MOST_HELD = 300_000
# Memories of one name that are kept: for other lexicons, other releases.
GENERATIONS = 8

K = TypeVar("K")
V = TypeVar("V")

_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def folder() -> Path:
    """Make the folder of the caches: ``rare_topics`` in the user's cache folder."""
    path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rare_topics"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        _log.info("no cache folder at %s", path)
    return path


class BoundedDict(dict[K, V]):
    """Answers that are forgotten, all at once, when there are too many of them.

    Who reads an archive for days meets new words and numbers every day.
    """

    def __setitem__(self, key: K, value: V) -> None:
        if len(self) >= MOST_HELD:
            self.clear()
        super().__setitem__(key, value)


class DiskCache(BoundedDict[str, Any]):
    """Answers by word, read from disk where an earlier process kept them.

    A folder that cannot be read or written costs time only.

    Parameters
    ----------
    name
        What is remembered.
    *key
        Whatever the answers depend on; another key is another memory. The code and the data of
        this package are always part of it.

    Examples
    --------
    >>> memo = DiskCache("doctest", "1")
    >>> memo["magnets"] = "magnet"
    >>> memo.keep()
    >>> DiskCache("doctest", "1")["magnets"]
    'magnet'
    """

    def __init__(self, name: str, *key: str) -> None:
        digest = hashlib.sha256("\n".join((_package(), *key)).encode("utf-8", "surrogatepass")).hexdigest()
        self.path = folder() / f"{name}-{digest[:16]}.json"
        super().__init__(_read(self.path))
        self._kept = len(self)

    def keep(self) -> None:
        """Write the answers that are new, unless they have become too many."""
        if not self._kept < len(self) <= MOST_KEPT:
            return
        self._kept = len(self)
        try:
            with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=self.path.parent, delete=False) as draft:
                json.dump(self, draft)
            Path(draft.name).replace(self.path)
            _clear_away(self.path)
        except OSError:
            _log.info("nothing kept at %s", self.path)


def _clear_away(path: Path) -> None:
    """Remove memories of earlier releases: all but the latest of a name."""
    name = path.name.rpartition("-")[0]
    files = sorted(path.parent.glob(f"{name}-*.json"), key=lambda file: (file != path, -file.stat().st_mtime_ns))
    for file in files[GENERATIONS:]:
        file.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text("ascii"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


@lru_cache(maxsize=1)
def _package() -> str:
    """Name the state of this package by the size and time of its files."""
    files = sorted(
        path for path in Path(__file__).parents[1].rglob("*") if path.suffix in {".py", ".tsv", ".txt", ".toml"}
    )
    return "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)

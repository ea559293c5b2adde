"""Numba's cache of compiled functions, verified: what is cut, altered or unreadable is compiled anew.

Numba 0.68 unpickles what it finds, so that a truncated index ends the import and a flipped bit runs. Here each file
ends with a digest of itself, which Numba without this module passes over. Where Numba finds no place for its cache
(no home, a package that cannot be written) it is given a temporary one. This module is not needed any more once Numba
checks its files itself; it is the only place that replaces a class of Numba.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from numba import config, njit
from numba.core import caching

from rare_topics.runtime.cache import read_plain_file
from rare_topics.runtime.places import ensure_home, is_writable, temporary_folder

__all__ = ["njit"]

# Packages whose functions are cached.
PACKAGES = ("rare_topics", "umap", "pynndescent")
# No compiled function is larger.
LARGEST_FILE = 200_000_000
_log = logging.getLogger(__name__)


class VerifiedCacheFile(caching.IndexDataCacheFile):  # type: ignore[misc]
    """Numba's files of one function, each with a digest of itself at its end."""

    def save(self, key: Any, data: Any) -> None:  # noqa: ANN401 - Numba is untyped
        """Keep a compiled function; where that cannot be, it is compiled again next time."""
        try:
            super().save(key, data)  # type: ignore[no-untyped-call]
        except OSError as error:
            _log.info("a compiled function is not kept: %s", error)

    def _load_index(self) -> Any:  # noqa: ANN401
        if verified_content(Path(self._index_path)) is None:
            return {}
        return super()._load_index()  # type: ignore[no-untyped-call]

    def _load_data(self, name: str) -> Any:  # noqa: ANN401
        data = verified_content(Path(self._data_path(name)))  # type: ignore[no-untyped-call]
        return None if data is None else pickle.loads(data)  # noqa: S301 - Numba's own format, written by this user

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[io.BytesIO]:
        with super()._open_for_write(filepath) as file:
            content = io.BytesIO()
            yield content
            file.write(content.getvalue() + hashlib.sha256(content.getvalue()).digest())


def verified_content(path: Path) -> bytes | None:
    """Return what stands before the digest at the end of a file, None where the two do not agree."""
    data = read_plain_file(path, max_bytes=LARGEST_FILE)
    if data is None:
        return None
    content, digest = data[: -hashlib.sha256().digest_size], data[-hashlib.sha256().digest_size :]
    return content if hashlib.sha256(content).digest() == digest else None


def ensure_cache_folder() -> None:
    """Give Numba a temporary folder where it would find none that can be written."""
    ensure_home()
    configured = os.environ.get("NUMBA_CACHE_DIR")
    usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "numba"
    if is_writable(Path(configured) if configured else usual):
        return
    if not configured and all(map(_can_be_written, PACKAGES)):
        return
    try:
        folder = str(temporary_folder())
    except OSError:
        return
    # Numba reads the variable when it is imported, and again whenever one of its variables has changed.
    os.environ["NUMBA_CACHE_DIR"] = folder
    config.CACHE_DIR = folder  # type: ignore[attr-defined]


def _can_be_written(package: str) -> bool:
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    return all(os.access(folder, os.W_OK) for folder in folders)


caching.IndexDataCacheFile = VerifiedCacheFile  # type: ignore[misc]
ensure_cache_folder()

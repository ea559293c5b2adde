"""A folder that one process alone may write at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rare_topics.errors import InputError

_HELD: set[Path] = set()
# Digits of a process number, and more.
_NUMBER = 32


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a folder against every other process; within one process a claim may be repeated.

    The claim is a lock on a hidden file beside the folder. The system drops it with the
    process that holds it, however that ends, so that no claim is ever stale. Where the system
    has no such locks, as on Windows, nothing is held.

    Raises
    ------
    InputError
        If another process holds the folder.
    OSError
        If nothing can be written beside it.
    """
    place = folder.resolve()
    if place in _HELD:
        yield
        return
    path = place.parent / f".{place.name}.lock"
    handle = _lock(path, place)
    _HELD.add(place)
    try:
        yield
    finally:
        _HELD.discard(place)
        path.unlink(missing_ok=True)
        os.close(handle)


def _lock(path: Path, place: Path) -> int:
    try:
        import fcntl
    except ImportError:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, _NUMBER).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise InputError(
                f"another run is writing it (process {holder})",
                where=str(place),
                fix="wait for its end or give another folder",
            ) from error
        if _is_at(handle, path):
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
            return handle
        # The holder before removed the file between our opening and our locking it.
        os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False

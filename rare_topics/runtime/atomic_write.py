"""Files and folders that are the old ones or the new ones, whenever the process is killed."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from rare_topics.errors import InputError
from rare_topics.runtime.exchange import exchange
from rare_topics.runtime.folder_lock import claimed

# What file managers leave behind.
DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# A disk that keeps no promises says so; that is no failure to write.
UNSYNCED = frozenset({errno.EINVAL, errno.ENOTSUP})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def write_file(path: Path, content: bytes) -> bool:
    """Replace a file in one step.

    Returns
    -------
    bool
        Whether its content is another now.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    with replaced_file(path) as file:
        file.write(content)
    return True


@contextmanager
def replaced_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, and put it in the place of `path` once all is on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.draft-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write in, and put it in the place of `folder` once all is on the disk.

    Killed at any moment, `folder` is the old one or the new one; what a killed process leaves
    beside it, the next one clears away.

    Raises
    ------
    InputError
        If the place cannot be written, or another process is writing it.
    """
    folder = folder.resolve()
    with telling_where(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with claimed(folder):
            restore(folder)
            draft = Path(tempfile.mkdtemp(prefix=_beside(folder, "draft"), dir=folder.parent))
            try:
                yield draft
                draft.chmod(0o755)
                _sync_all(draft)
                _put(draft, folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold a folder from the beginning of the work that will be written there, where its parent is there already.

    Raises
    ------
    InputError
        If the place cannot be written, or another process is writing it.
    """
    with ExitStack() as held:
        with telling_where(folder):
            if folder.resolve().parent.is_dir():
                held.enter_context(claimed(folder))
        yield


def restore(folder: Path) -> None:
    """Clear away what a killed process left beside a folder, and put the folder back where it took it away."""
    for kept in _siblings(folder, "old"):
        if folder.exists() or not (kept / folder.name).exists():
            shutil.rmtree(kept, ignore_errors=True)
        else:
            (kept / folder.name).replace(folder)
            kept.rmdir()
    for draft in _siblings(folder, "draft"):
        shutil.rmtree(draft, ignore_errors=True)


def own_place(folder: Path, written: Collection[str], *, writer: str) -> None:
    """Make sure that replacing a folder destroys nothing but what was written there before.

    Parameters
    ----------
    folder
        The place; it need not exist.
    written
        Names of the files that were written there, relative to it.
    writer
        What may have written there, for the message.

    Raises
    ------
    InputError
        If the folder is a file, or holds a file that is not among those.
    """
    with telling_where(folder):
        if not folder.exists():
            return
        if not folder.is_dir():
            raise InputError("is a file, not a folder", where=str(folder), fix="give another folder")
        foreign = sorted({*files_within(folder)} - {*written})
    if foreign:
        raise InputError(f"holds '{foreign[0]}', which no {writer} wrote", where=str(folder), fix="give another folder")


def files_within(folder: Path) -> list[str]:
    """Name everything in a folder but folders and what a file manager leaves behind."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and path.name not in DROPPINGS
    ]


@contextmanager
def telling_where(folder: Path) -> Iterator[None]:
    """Say what is wrong with a place, and what to do, where the system only says no."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        fix = "give another folder"
        if error.errno in FULL:
            fix = "make room there or give another folder"
        elif error.errno in FORBIDDEN:
            fix = "give a folder that you may write in"
        raise InputError(f"cannot be written ({reason})", where=str(folder), fix=fix) from error


def _beside(folder: Path, role: str) -> str:
    return f".{folder.name}.{role}-"


def _siblings(folder: Path, role: str) -> list[Path]:
    prefix = _beside(folder, role)
    return [path for path in folder.parent.iterdir() if path.name.startswith(prefix)]


def _put(draft: Path, folder: Path) -> None:
    """Move the draft to its place; where nothing can exchange two folders, by way of a third."""
    if not folder.exists():
        draft.replace(folder)
    elif not exchange(draft, folder):
        kept = Path(tempfile.mkdtemp(prefix=_beside(folder, "old"), dir=folder.parent))
        folder.replace(kept / folder.name)
        try:
            draft.replace(folder)
        finally:
            restore(folder)
    _sync(folder.parent)


def _sync_all(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Have the disk keep a file or folder; where a folder cannot be asked, the system decides when."""
    handle = os.open(path, os.O_RDONLY) if os.name == "posix" or path.is_file() else None
    if handle is None:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in UNSYNCED:
            raise
    finally:
        os.close(handle)

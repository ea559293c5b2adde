"""Files and folders that are the old ones or the new ones whenever the process is killed, with one writer at a time."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from filelock import BaseFileLock, FileLock, Timeout

from rare_topics.errors import InputError

# Files that file managers leave behind.
FILE_MANAGER_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
DISK_FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT})
PERMISSION_ERRORS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
# File systems without fsync answer with one of these; what was written is valid nevertheless.
NO_SYNC_ERRORS = frozenset({errno.EINVAL, errno.ENOTSUP})
# Bytes of a name, so that what stands beside it under a longer name while it is written can be named, too.
LONGEST_NAME = 220
# The mark of a file stands within so many of its first bytes.
MARK_BYTES = 4096
# What `tempfile` puts behind a prefix.
TEMPORARY_SUFFIX = "[a-z0-9_]{8}"
# The content of a lock: the number of a process, or nothing yet.
LOCK_CONTENT = re.compile(rb"\d{0,20}\s*")
# Constants of the system calls that exchange two paths: AT_FDCWD, and RENAME_EXCHANGE or RENAME_SWAP.
_CURRENT_FOLDER = -100
_EXCHANGE = 2
# The thread of this process that holds the lock of a folder, by the file of the lock.
_THREADS: dict[Path, int] = {}
_THREADS_GUARD = threading.Lock()


def write_file(path: Path, content: bytes) -> bool:
    """Replace a file atomically, unless its content is the same already.

    Parameters
    ----------
    path
        File to write.
    content
        Its new content.

    Returns
    -------
    bool
        Whether the content changed.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    with replaced_file(path) as file:
        file.write(content)
    return True


@contextmanager
def replaced_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of `path` once it is written and on the disk.

    What a killed process left beside it is removed.
    """
    remove_drafts(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_sibling_prefix(path, "draft"))
    draft = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            _try_lock(handle)
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def remove_drafts(path: Path) -> None:
    """Remove the drafts of a file whose writers have died: a living one holds a lock on its own."""
    for draft in _siblings(path, "draft"):
        with suppress(OSError):
            handle = os.open(draft, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            try:
                if _try_lock(handle):
                    draft.unlink(missing_ok=True)
            finally:
                os.close(handle)


def _try_lock(handle: int) -> bool:
    """Lock an open file until it is closed; False where another holds it, or the system has no such locks."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Make an empty folder that takes the place of `folder` once its files are written and on the disk.

    If the process is killed, `folder` is the old one or the new one; the next call removes what
    the killed process left beside it.

    Raises
    ------
    InputError
        If the folder cannot be written, or another process is writing it.
    """
    folder = folder.resolve()
    with explain_write_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with lock_folder(folder):
            recover_folder(folder)
            draft = Path(tempfile.mkdtemp(prefix=_sibling_prefix(folder, "draft"), dir=folder.parent))
            try:
                yield draft
                draft.chmod(0o755)
                _sync_tree(draft)
                _move_into_place(draft, folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def reserve_folder(folder: Path) -> Iterator[None]:
    """Lock a folder while its content is computed, if its parent exists already.

    Raises
    ------
    InputError
        If the folder cannot be written, or another process is writing it.
    """
    with ExitStack() as locks:
        with explain_write_errors(folder):
            if folder.resolve().parent.is_dir():
                locks.enter_context(lock_folder(folder))
        yield


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Lock a folder against other processes and threads; one thread can take the lock repeatedly.

    The lock is held on a hidden file beside the folder. The system releases it when the process
    ends, however it ends.

    Raises
    ------
    InputError
        If another process or thread holds the lock, or something else stands in its place.
    OSError
        If nothing can be written beside the folder.
    """
    folder = folder.resolve()
    path = folder.parent / f".{folder.name}.lock"
    if not _can_be_lock(path):
        raise InputError(
            f"cannot be written ('{path.name}' beside it is no lock of this program)",
            where=str(folder),
            fix="give another folder",
        )
    lock = FileLock(path, timeout=0, thread_local=False, is_singleton=True)
    with _THREADS_GUARD:
        is_free = _acquire(lock, path)
    if not is_free:
        raise InputError(
            f"another run is writing it (process {_lock_holder(path)})",
            where=str(folder),
            fix="wait for its end or give another folder",
        )
    try:
        # Windows lets nobody write or remove a locked file.
        with suppress(PermissionError):
            path.write_text(str(os.getpid()), "ascii")
        yield
    finally:
        with _THREADS_GUARD:
            if lock.lock_counter == 1:
                _THREADS.pop(path, None)
                with suppress(PermissionError):
                    path.unlink(missing_ok=True)
            lock.release()


def recover_folder(folder: Path) -> None:
    """Remove what a killed process left beside a folder, and move the old folder back if there is no new one."""
    for backup in _siblings(folder, "old"):
        if {path.name for path in backup.iterdir()} - {folder.name}:
            continue
        if folder.exists() or not (backup / folder.name).exists():
            shutil.rmtree(backup, ignore_errors=True)
        else:
            (backup / folder.name).replace(folder)
            backup.rmdir()
    for draft in _siblings(folder, "draft"):
        shutil.rmtree(draft, ignore_errors=True)


def check_replaceable(folder: Path, own_files: Collection[str], *, writer: str) -> None:
    """Make sure that replacing a folder destroys only files that this package wrote there.

    Parameters
    ----------
    folder
        The folder; it need not exist.
    own_files
        Names of the files that were written there, relative to it.
    writer
        What may have written there, for the message.

    Raises
    ------
    InputError
        If the folder is a file, cannot be replaced, or holds another file.
    """
    check_folder_place(folder)
    with explain_write_errors(folder):
        if not folder.exists():
            return
        foreign = sorted(name for name in files_within(folder) if not _is_own(name, own_files))
    if foreign:
        raise InputError(f"holds '{foreign[0]}', which no {writer} wrote", where=str(folder), fix="give another folder")


def check_folder_place(folder: Path) -> None:
    """Make sure that a folder can be made or replaced where it is wanted.

    Raises
    ------
    InputError
        If it is the working folder or one above it, lies in a file, or has a name that is no text or too long.
    """
    with explain_write_errors(folder):
        place = folder.resolve()
        working = Path.cwd().resolve()
        if place == working or place in working.parents:
            raise InputError(
                "is the working folder or one above it, which cannot be replaced",
                where=str(folder),
                fix="name a folder within it",
            )
        try:
            name = place.name.encode()
        except UnicodeEncodeError as error:
            shown = os.fsencode(folder).decode("utf-8", "backslashreplace")
            raise InputError("a name that is not UTF-8", where=shown, fix="give another folder") from error
        if len(name) > LONGEST_NAME or not place.name.isprintable():
            raise InputError(
                "cannot be written (its name is too long, or cannot be printed)",
                where=str(folder),
                fix="give another folder",
            )
        nearest = next(path for path in (place, *place.parents) if os.path.lexists(path))
        if not nearest.is_dir():
            problem = (
                "is a file, not a folder" if nearest == place else f"cannot be written ('{nearest.name}' is a file)"
            )
            raise InputError(problem, where=str(folder), fix="give another folder")
        writable = nearest.parent if nearest == place else nearest
        if not os.access(writable, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(writable))


def check_apart(inputs: Iterable[str | Path | None], folder: Path) -> None:
    """Make sure that no input stands in a folder that is to be replaced.

    Raises
    ------
    InputError
        If one does.
    """
    with explain_write_errors(folder):
        place = folder.resolve()
        for given in inputs:
            if given is not None and os.path.lexists(given) and place in (at := Path(given).resolve(), *at.parents):
                raise InputError(
                    f"holds the input '{Path(given).name}', which would be lost",
                    where=str(folder),
                    fix="give another folder",
                )


def check_file_place(path: Path, *, mark: bytes, writer: str) -> None:
    """Make sure that writing a file destroys nothing but what this package wrote there.

    Parameters
    ----------
    path
        The file; it need not exist.
    mark
        What stands in the first bytes of each file that may be replaced.
    writer
        What may have written it, for the message.

    Raises
    ------
    InputError
        If the path is a folder, a link or a device, lies in a file, or is another file.
    """
    with explain_write_errors(path):
        if path.is_symlink():
            raise InputError("is a link", where=str(path), fix="give the file itself, or another name")
        if path.is_dir():
            raise InputError("is a folder, not a file", where=str(path), fix="give another --out")
        nearest = next(folder for folder in path.resolve().parents if os.path.lexists(folder))
        if not nearest.is_dir():
            raise InputError(f"'{nearest.name}' is a file, not a folder", where=str(path), fix="give another --out")
        if not path.exists():
            return
        if not path.is_file():
            raise InputError("is a device or a pipe", where=str(path), fix="give a plain file")
        with path.open("rb") as file:
            start = file.read(MARK_BYTES)
    if start and mark not in start:
        raise InputError(f"is a file that no {writer} wrote", where=str(path), fix="give another name, or remove it")


def _is_own(name: str, own_files: Collection[str]) -> bool:
    """Tell whether a file is one of those that were written, or the draft of one whose writer was killed."""
    folder, _, last = name.rpartition("/")
    draft = re.fullmatch(rf"\.(.+)\.draft-{TEMPORARY_SUFFIX}", last)
    return name in own_files or bool(draft and f"{folder}/{draft[1]}".lstrip("/") in own_files)


def files_within(folder: Path) -> list[str]:
    """List the files and links in a folder and below, relative to it, without the files of file managers."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and path.name not in FILE_MANAGER_FILES
    ]


@contextmanager
def explain_write_errors(folder: Path) -> Iterator[None]:
    """Turn an `OSError` within the context into an `InputError` that names the folder and says what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        fix = "give another folder"
        if error.errno in DISK_FULL_ERRORS:
            fix = "make room there or give another folder"
        elif error.errno in PERMISSION_ERRORS:
            fix = "give a folder that you may write in"
        raise InputError(f"cannot be written ({reason})", where=str(folder), fix=fix) from error


def exchange_paths(one: Path, other: Path) -> bool:
    """Exchange two files or folders of one file system in a single step.

    Parameters
    ----------
    one, other
        The two paths.

    Returns
    -------
    bool
        False where the system or the file system cannot do it; then nothing has changed.
    """
    exchange = _exchange_call()
    return exchange is not None and exchange(os.fsencode(one), os.fsencode(other)) == 0


@lru_cache(maxsize=1)
def _exchange_call() -> Callable[[bytes, bytes], int] | None:
    """Find ``renameat2`` of Linux or ``renamex_np`` of macOS in the C library; Python offers neither."""
    if not sys.platform.startswith(("linux", "darwin")):
        return None
    try:
        library: Any = ctypes.CDLL(None, use_errno=True)
        flag = ctypes.c_uint(_EXCHANGE)
        if sys.platform == "darwin":
            renamex = library.renamex_np
            return lambda one, other: int(renamex(one, other, flag))
        renameat2, folder = library.renameat2, ctypes.c_int(_CURRENT_FOLDER)
        return lambda one, other: int(renameat2(folder, one, folder, other, flag))
    except (OSError, AttributeError):
        return None


def _acquire(lock: BaseFileLock, path: Path) -> bool:
    """Take a lock for this thread; False where another thread or process has it."""
    thread = threading.get_ident()
    if _THREADS.get(path, thread) != thread:
        return False
    try:
        lock.acquire()
    except Timeout:
        return False
    _THREADS[path] = thread
    return True


def _can_be_lock(path: Path) -> bool:
    """Tell whether a path is a lock, or free for one."""
    if not os.path.lexists(path):
        return True
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return LOCK_CONTENT.fullmatch(file.read(MARK_BYTES)) is not None
    except OSError:  # Windows lets nobody read a locked file, and the file may be gone by now
        return True


def _lock_holder(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip() or "unknown"
    except OSError:
        return "unknown"


def _sibling_prefix(folder: Path, role: str) -> str:
    return f".{folder.name}.{role}-"


def _siblings(folder: Path, role: str) -> list[Path]:
    """List what `tempfile` has made beside a folder; a longer or shorter name is of another program."""
    name = re.compile(re.escape(_sibling_prefix(folder, role)) + TEMPORARY_SUFFIX)
    return [path for path in folder.parent.iterdir() if name.fullmatch(path.name) and not path.is_symlink()]


def _move_into_place(draft: Path, folder: Path) -> None:
    """Exchange the draft with the folder; where that is impossible, move the folder aside first."""
    if not folder.exists():
        draft.replace(folder)
    elif not exchange_paths(draft, folder):
        backup = Path(tempfile.mkdtemp(prefix=_sibling_prefix(folder, "old"), dir=folder.parent))
        folder.replace(backup / folder.name)
        try:
            draft.replace(folder)
        finally:
            recover_folder(folder)
    _sync(folder.parent)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Write a file or folder through to the disk; systems other than POSIX cannot open a folder for it."""
    if os.name != "posix" and not path.is_file():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in NO_SYNC_ERRORS:
            raise
    finally:
        os.close(handle)

"""Folders of the user, and what stands in for them where there are none: no home, no rights, no room."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def temporary_folder() -> Path:
    """Make a folder that only this user reads and that goes when this process ends.

    Raises
    ------
    OSError
        If no temporary folder can be written.
    """
    folder, owner = Path(tempfile.mkdtemp(prefix="rare_topics-")), os.getpid()

    def remove() -> None:
        # A forked process ends sooner than the one whose folder it is.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


def ensure_home() -> None:
    """Give the process a home where the system knows none, as for a user id without an entry.

    Matplotlib, Numba and smart_open, which gensim imports, ask for a home while they are imported.
    """
    try:
        Path.home()
    except RuntimeError:
        try:
            os.environ["HOME"] = str(temporary_folder())
        except OSError:
            os.environ["HOME"] = os.sep


def ensure_matplotlib_folder() -> None:
    """Give Matplotlib a folder where it cannot write its own, before it warns of that."""
    ensure_home()
    configured = os.environ.get("MPLCONFIGDIR")
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    if not is_writable(Path(configured) if configured else default):
        try:
            os.environ["MPLCONFIGDIR"] = str(temporary_folder())
        except OSError:
            return


def is_writable(folder: Path) -> bool:
    """Tell whether files can be written in a folder, which is made if it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False

"""Two folders that change places in one step of the system."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

_AT_WORKING_FOLDER = -100
_EXCHANGE = 2


def exchange(one: Path, other: Path) -> bool:
    """Let two paths of one disk change places, both or neither.

    Returns
    -------
    bool
        False where the system or the disk cannot do it; then nothing has changed.
    """
    swap = _system_call()
    return swap is not None and swap(os.fsencode(one), os.fsencode(other)) == 0


@lru_cache(maxsize=1)
def _system_call() -> Callable[[bytes, bytes], int] | None:
    """Find ``renameat2`` of Linux or ``renamex_np`` of macOS in the C library."""
    if not sys.platform.startswith(("linux", "darwin")):
        return None
    try:
        library: Any = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            rename, flag = library.renamex_np, ctypes.c_uint(_EXCHANGE)
            return lambda one, other: int(rename(one, other, flag))
        rename, here, flag = library.renameat2, ctypes.c_int(_AT_WORKING_FOLDER), ctypes.c_uint(_EXCHANGE)
        return lambda one, other: int(rename(here, one, here, other, flag))
    except (OSError, AttributeError):
        return None

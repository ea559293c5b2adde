"""UMAP with its compiled functions cached on disk, which UMAP itself does not ask numba for, and without pynndescent.

UMAP and pynndescent compile their functions with `numba.njit`, most of them without
``cache=True``. Every new process therefore compiles them again, which takes about ten seconds;
loading them from numba's cache takes a tenth of one. The maintainers keep the cache off because
functions that take a distance function as an argument miss it:

- https://github.com/lmcinnes/pynndescent/issues/111 (import time)
- https://github.com/lmcinnes/pynndescent/pull/226 (why some functions are not cached)
- https://github.com/lmcinnes/umap/issues/631 (import time)

UMAP imports pynndescent, which finds approximate neighbours, even where it is given the
neighbours. Compiling pynndescent takes longer than UMAP itself, so that empty modules stand in
for it. A process that imports UMAP later for itself gets all of it.

This module is not needed any more once these packages cache their functions, or once numba has
a setting that caches all functions of a process. It is the only place where this package
replaces `numba.njit` and modules, and only while UMAP is being imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import Any

PACKAGES = frozenset({"umap", "pynndescent"})
# What UMAP imports of pynndescent, by module.
STAND_INS: dict[str, dict[str, object]] = {
    "pynndescent": {"NNDescent": object},
    "pynndescent.distances": {"named_distances": {}},
    "pynndescent.sparse": {"sparse_named_distances": {}},
}

# Modules come and go for all threads alike.
_ONE_THREAD = RLock()


@contextmanager
def loaded_umap() -> Iterator[Any]:
    """Import UMAP with its compiled functions cached, and forget it afterwards unless it was imported before.

    Yields
    ------
    module
        The package `umap`, for layouts of rows whose neighbours are given. Its results are the same to the bit.
    """
    with _ONE_THREAD:
        if "umap" in sys.modules:
            yield sys.modules["umap"]
            return
        # What numba reads from its cache looks for the modules by their names.
        sys.modules.update(_modules())
        try:
            yield sys.modules["umap"]
        finally:
            _forget()


@lru_cache(maxsize=1)
def _modules() -> dict[str, ModuleType]:
    """Import UMAP without pynndescent; return its modules by their names."""
    # Before UMAP is imported, Numba learns where to keep what it compiles, and to check it.
    import_module("rare_topics.runtime.numba_cache")
    for name, names in STAND_INS.items():
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(names)
    try:
        with caching_signatures():
            import_module("umap")
        cache_functions()
        return {name: sys.modules[name] for name in _imported()}
    finally:
        _forget()


def _forget() -> None:
    for name in _imported():
        del sys.modules[name]


def _imported() -> list[str]:
    """List the modules of UMAP and pynndescent that are imported."""
    # A copy, since other threads may import meanwhile.
    return [name for name in list(sys.modules) if name.partition(".")[0] in PACKAGES]


@contextmanager
def caching_signatures() -> Iterator[None]:
    """Let `numba.njit` cache the functions that are given with a signature.

    numba compiles these while their module is imported, so that it is too late to switch the
    cache on afterwards. All other functions are left to `cache_functions`.
    """
    import numba

    original = numba.njit

    def njit(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - numba is untyped
        has_signature = bool(args) and isinstance(args[0], str)
        return original(*args, **{"cache": has_signature, **options})

    numba.njit = njit
    try:
        yield
    finally:
        numba.njit = original


@lru_cache(maxsize=1)
def cache_functions() -> int:
    """Switch the cache on for the functions of UMAP that are not compiled yet.

    Returns
    -------
    int
        Number of functions; 0 where this release of numba has no such switch, which costs time only.
    """
    from numba.core.registry import CPUDispatcher

    n_cached = 0
    for name in sorted(_imported()):
        for function in vars(sys.modules[name]).values():
            if isinstance(function, CPUDispatcher) and not function.signatures:
                try:
                    function.enable_caching()
                except (AttributeError, RuntimeError, OSError):
                    continue
                n_cached += 1
    return n_cached

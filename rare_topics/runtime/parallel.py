"""Work in several processes, and memory given back."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def parallel_map(work: Callable[[T], R], tasks: Iterable[T], *, n_jobs: int) -> Iterator[R]:
    """Do each task in one of several processes, which end with the last of them.

    Parameters
    ----------
    work
        What is done; it travels to the processes.
    tasks
        Taken as they are needed, two a process ahead.
    n_jobs
        Number of processes; -1 means one a core.

    Yields
    ------
    whatever `work` returns
        In the order of the tasks.
    """
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    calls = (delayed(_and_give_back)(work, task) for task in tasks)
    yield from Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)(calls)
    # A process that waits for more work holds its dictionaries.
    get_reusable_executor().shutdown(wait=True)


def _and_give_back(work: Callable[[T], R], task: T) -> R:
    done = work(task)
    # What one task took the next one need not have; a process that seems to grow is started anew, at some cost.
    release_memory()
    return done


def release_memory() -> None:
    """Give the system the memory that is free within this process, where its library can be asked to."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError, TypeError):
        return

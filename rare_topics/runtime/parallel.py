"""Work done in batches, in several processes, and with linear algebra on one thread."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Thread
from typing import Any, TypeVar

from rare_topics.runtime.progress import report_progress

T = TypeVar("T")
R = TypeVar("R")

# Articles that are read together.
BATCH_SIZE = 500
# Items by which dictionaries of either language are loaded, almost always.
N_FIRST = 20
# Number of articles from which several processes gain more than they cost to start.
PARALLEL_FROM = 4000


def map_batches(
    work: Callable[[Sequence[T]], R],
    items: Sequence[T],
    *,
    batch_size: int = BATCH_SIZE,
    n_jobs: int | None = None,
    parallel_from: int = PARALLEL_FROM,
) -> Iterator[R]:
    """Apply a function to consecutive batches of a sequence and report the progress.

    Parameters
    ----------
    work
        Takes a batch; it is pickled when it runs in other processes that are not forked.
    items
        All items.
    batch_size
        Items per batch; the last batch may be smaller.
    n_jobs
        Processes; -1 means one per core, None means one per core from `parallel_from` items on and
        this process alone below.
    parallel_from
        Number of items from which None means several processes.

    Yields
    ------
    whatever `work` returns
        In the order of the batches.
    """
    batches = (items[start : start + batch_size] for start in range(0, len(items), batch_size))
    if n_jobs is None:
        n_jobs = -1 if len(items) >= parallel_from else 1
    if n_jobs != 1:
        # What the first items need is loaded here, once, for all processes that are forked.
        work(items[:N_FIRST])
    results = map(work, batches) if n_jobs == 1 else parallel_map(work, batches, n_jobs=n_jobs)
    for number, result in enumerate(results, 1):
        report_progress(min(number * batch_size, len(items)), len(items))
        yield result


def parallel_map(work: Callable[[T], R], tasks: Iterable[T], *, n_jobs: int) -> Iterator[R]:
    """Apply a function to each task in several processes, and end the processes after the last task.

    Parameters
    ----------
    work
        Takes a task; it is pickled where processes are not forked.
    tasks
        Taken as they are needed, two per process ahead.
    n_jobs
        Number of processes; -1 means one per core.

    Yields
    ------
    whatever `work` returns
        In the order of the tasks.
    """
    from joblib import effective_n_jobs

    n_jobs = effective_n_jobs(n_jobs)
    running: deque[Future[R]] = deque()
    # What forked processes do they inherit, with all that it has loaded; to others it is sent with each task.
    forks = _forks()
    with _processes(n_jobs, *[work] * forks) as executor:
        try:
            for task in tasks:
                running.append(executor.submit(_do_inherited, task) if forks else executor.submit(work, task))
                if len(running) > 2 * n_jobs:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()


@contextmanager
def helper_process() -> Iterator[Executor | None]:
    """Start a process that works beside this one.

    It is to be started before this process has many threads, and before what it does not need is imported.

    Yields
    ------
    Executor or None
        None where a second process gains nothing: on a single core, and where processes share nothing at their start.
    """
    if not _forks() or _n_cores() == 1:
        yield None
        return
    with _processes(1) as helper:
        try:
            with _ended_by_errors(helper):
                helper.submit(warnings.simplefilter, "ignore")
                yield helper
        finally:
            helper.shutdown(cancel_futures=True)


@contextmanager
def done_beside(work: Callable[[], object]) -> Iterator[None]:
    """Do something in a process of its own, which shares all that is loaded, while the block runs.

    Where processes share nothing at their start, and on a single core, it is done here, before the block.

    Parameters
    ----------
    work
        Called once; what it returns is left. What goes wrong in it is raised at the end of the block.
    """
    if not _forks() or _n_cores() == 1:
        work()
        yield
        return
    with _processes(1, lambda _: work()) as helper, _ended_by_errors(helper):
        done = helper.submit(_do_inherited, None)
        yield
        done.result()


@contextmanager
def _ended_by_errors(helper: Executor) -> Iterator[None]:
    """Where the block fails, end the process of a helper: nobody waits any more for what it does."""
    number = helper.submit(os.getpid)
    try:
        yield
    except BaseException:
        with suppress(BrokenExecutor):
            for process in multiprocessing.active_children():
                if process.pid == number.result():
                    process.terminate()
        raise


def _n_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _forks() -> bool:
    """Return whether new processes share what this one has loaded."""
    return multiprocessing.get_all_start_methods()[0] == "fork"


def _processes(count: int, *work: Callable[[Any], Any]) -> Executor:
    """Return processes that share what this one has loaded, where a system forks as a rule, or else new ones."""
    if _forks():
        context = multiprocessing.get_context("fork")
        return ProcessPoolExecutor(count, mp_context=context, initializer=_begin_in_fork, initargs=work)

    from joblib.externals import loky

    executor: Executor = loky.ProcessPoolExecutor(count)
    return executor


# What a forked process was forked for.
_inherited: list[Callable[[Any], Any]] = []


def _do_inherited(task: Any) -> Any:  # noqa: ANN401 - of `parallel_map`
    return _inherited[-1](task)


def _begin_in_fork(*work: Callable[[Any], Any]) -> None:
    """Leave what the parent holds to the parent, and end with it."""
    # The garbage collector would go through all that is inherited, and copy it by that.
    gc.freeze()
    _inherited.extend(work)
    _end_with_parent()


def _end_with_parent() -> None:
    """End this process where the one that forked it is killed, and at once where both are interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Thread(target=_await_end_of_parent, daemon=True).start()


def _await_end_of_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def single_blas_thread() -> AbstractContextManager[object]:
    """Let linear algebra use one thread, here and in threads that are started within.

    Several gain little on the matrices of a study, cost twice the time of a processor, and many times that where other
    programs keep the cores busy, since each waits for the others in a loop. Their number changes the last bits, too.

    Returns
    -------
    context manager
        The limit holds within it.
    """
    from threadpoolctl import threadpool_limits

    thread: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return thread

"""Progress of the steps: told to a function, or shown as a bar."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Progress = Callable[[str], object]
# Takes how many texts of a step are done, and of how many.
Watcher = Callable[[int, int], object]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(by: Watcher) -> Iterator[None]:
    """Have steps that read texts block by block tell how far they are."""
    token = _watcher.set(by)
    try:
        yield
    finally:
        _watcher.reset(token)


@contextmanager
def texts_shown() -> Iterator[None]:
    """Show on a terminal how far within a step the texts are read: how many a second, and the time left."""
    from tqdm import tqdm

    with tqdm(total=1, disable=None, leave=False, unit="text", unit_scale=True, position=1) as bar:

        def advance(done: int, of: int) -> None:
            if done < bar.n:
                bar.reset()
            bar.total = of
            bar.update(done - bar.n)

        with watched(advance):
            yield


def advanced(done: int, of: int) -> None:
    """Tell who watches how many texts are done, and of how many."""
    if watcher := _watcher.get():
        watcher(done, of)


# Seconds between two looks at how far a step is.
LOOK_AGAIN = 1.0


@contextmanager
def told(
    progress: Progress | bool | None, *, total: int, detail: Callable[[], str] | None = None
) -> Iterator[Progress]:
    """Give the steps something to call as each begins.

    Parameters
    ----------
    progress
        A function that takes the name of a step; True for a bar, in JupyterLab as a widget.
    total
        Number of steps.
    detail
        Asked every second how far the step is; shown behind the bar.

    Yields
    ------
    callable
        To be called with each name.
    """
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda _: None
    else:
        from tqdm.auto import tqdm

        with tqdm(total=total, unit="step", leave=False) as bar, _followed(bar, detail):

            def begin(name: str) -> None:
                bar.set_description(name)
                bar.update()

            yield begin


@contextmanager
def _followed(bar: Any, detail: Callable[[], str] | None) -> Iterator[None]:  # noqa: ANN401 - tqdm carries no types
    """Ask how far a step is while it runs."""
    over = threading.Event()

    def follow() -> None:
        while detail is not None and not over.wait(LOOK_AGAIN):
            bar.set_postfix_str(detail())

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

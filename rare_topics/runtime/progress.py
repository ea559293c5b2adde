"""Progress of the steps, and of the texts within a step: reported to a function, or shown as a bar."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

# Takes the name of a step that begins.
Progress = Callable[[str], object]
# Takes the number of texts that are done, and of all texts.
TextProgress = Callable[[int, int], object]
_text_progress: ContextVar[TextProgress | None] = ContextVar("text_progress", default=None)


@contextmanager
def report_to(receiver: TextProgress) -> Iterator[None]:
    """Have the steps within the context report to `receiver` how many texts are done, and of how many."""
    token = _text_progress.set(receiver)
    try:
        yield
    finally:
        _text_progress.reset(token)


def report_progress(done: int, total: int) -> None:
    """Report to the receiver set by `report_to`, if there is one.

    Parameters
    ----------
    done, total
        Number of texts that are done, and of all texts.
    """
    if receiver := _text_progress.get():
        receiver(done, total)


@contextmanager
def text_progress_bar() -> Iterator[None]:
    """Show on a terminal how many texts of a step are done, how many a second, and the time left."""
    from tqdm import tqdm

    with tqdm(total=1, disable=None, leave=False, unit="text", unit_scale=True, position=1) as bar:

        def update(done: int, total: int) -> None:
            if done < bar.n:
                bar.reset()
            bar.total = total
            bar.update(done - bar.n)

        with report_to(update):
            yield


@contextmanager
def step_progress(
    progress: Progress | bool | None, *, total: int, detail: Callable[[], str] | None = None, interval: float = 1.0
) -> Iterator[Progress]:
    """Return a function that a program calls with the name of each step as it begins.

    Parameters
    ----------
    progress
        A function, which is returned as it is; True for a bar, in JupyterLab as a widget; None or
        False for nothing.
    total
        Number of steps.
    detail
        Returns how far the step is, to be shown behind the bar.
    interval
        Seconds between two calls of `detail`.

    Yields
    ------
    callable
        Takes the name of a step.
    """
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda _: None
    else:
        from tqdm.auto import tqdm

        with tqdm(total=total, unit="step", leave=False) as bar, _show_detail(bar, detail, interval):

            def begin(name: str) -> None:
                bar.set_description(name)
                bar.update()

            yield begin


@contextmanager
def _show_detail(bar: Any, detail: Callable[[], str] | None, interval: float) -> Iterator[None]:  # noqa: ANN401 - tqdm carries no types
    """Update the text behind a bar from a thread of its own while a step runs."""
    if detail is None:
        yield
        return
    ended = threading.Event()

    def update() -> None:
        while not ended.wait(interval):
            bar.set_postfix_str(detail())

    thread = threading.Thread(target=update, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()

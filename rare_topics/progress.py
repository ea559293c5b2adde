"""Progress of the steps: told to a function, or shown as a bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str], object]


@contextmanager
def told(progress: Progress | bool | None, *, total: int) -> Iterator[Progress]:
    """Give the steps something to call as each begins.

    Parameters
    ----------
    progress
        A function that takes the name of a step; True for a bar, in JupyterLab as a widget.
    total
        Number of steps.

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

        with tqdm(total=total, unit="step", leave=False) as bar:

            def begin(name: str) -> None:
                bar.set_description(name)
                bar.update()

            yield begin

"""The style of every figure: fonts, colours and settings of matplotlib, used only while a figure is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

from rare_topics.runtime.places import ensure_matplotlib_folder

FONT_FAMILY = ("Noto Sans SC", "DejaVu Sans")
GREY = "#9a9a9a"
TEXT_COLOUR = "#444444"
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
# Matplotlib is imported later; while it is, it looks for this folder.
ensure_matplotlib_folder()


@lru_cache(maxsize=1)
def font_path() -> Path:
    """Find the Chinese font and make it known to matplotlib.

    Returns
    -------
    Path
        The font file inside the installed package ``zhplot``, which is not imported: importing
        it would change the user's settings.

    Raises
    ------
    ModuleNotFoundError
        If ``zhplot`` is not installed.
    """
    from matplotlib import font_manager

    spec = find_spec("zhplot")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the Chinese font comes with the package zhplot; install it: pip install zhplot")
    path = next(Path(spec.submodule_search_locations[0]).rglob("NotoSansSC-Regular.*"))
    font_manager.fontManager.addfont(str(path))
    return path


@contextmanager
def figure_style() -> Iterator[None]:
    """Use the package's style inside a ``with`` block, in place of the user's settings, which return after it."""
    import matplotlib.style

    font_path()
    with (
        as_file(files("rare_topics") / "data" / "style.mplstyle") as sheet,
        matplotlib.style.context(str(sheet), after_reset=True),
    ):
        yield


def colours(count: int) -> list[str]:
    """Return so many colours of the style in use, from the start again where they run out."""
    from matplotlib import rcParams

    cycle = rcParams["axes.prop_cycle"].by_key()["color"]
    return [cycle[number % len(cycle)] for number in range(count)]

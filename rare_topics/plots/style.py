"""The style of every figure: fonts, colours and settings of matplotlib, used only while a figure is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rare_topics.runtime.places import ensure_matplotlib_folder

FONT_FAMILY = ("Noto Sans SC", "DejaVu Sans")
# Ten hues of similar lightness, legible on white and on near-black; figures and report share them. Chosen by eye.
PALETTE = (
    "#3b7dd8", "#c8641b", "#2a9168", "#c24d8f", "#8a63c9", "#a1772b", "#d04545", "#2c8fa3", "#7a8a2a", "#5f6fb0",
)  # fmt: skip
GREY = "#868e96"
TEXT_COLOUR = "#444444"
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
# Forms of articles by the language of the body, on the map of figures and report.
BODY_MARKERS = {"zh": "o", "en": "s", "": "^"}
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
    with matplotlib.style.context(_settings(), after_reset=True):
        yield


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    """Read the style sheet, and add the palette."""
    from matplotlib import rc_params_from_file
    from matplotlib.rcsetup import cycler

    with as_file(files("rare_topics") / "data" / "style.mplstyle") as sheet:
        settings = rc_params_from_file(sheet, use_default_template=False)
    return {**dict(settings.items()), "axes.prop_cycle": cycler(color=PALETTE)}


def cluster_colour(cluster: int) -> str:
    """Return the colour of a cluster: the largest ones, which come first, have their own, all others are grey."""
    return PALETTE[cluster] if 0 <= cluster < len(PALETTE) else GREY


def colours(count: int) -> list[str]:
    """Return so many colours of the palette, from the start again where they run out."""
    return [PALETTE[number % len(PALETTE)] for number in range(count)]

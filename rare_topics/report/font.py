"""The characters of a page, cut out of the Chinese font, so that no reader sees boxes."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from importlib.metadata import version

from rare_topics.plots.style import font_path
from rare_topics.runtime.cache import DiskCache

# What a browser may add of its own: bullets, ellipses, quotation marks, arrows.
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "–—‘’“”…•×→←↑↓✓✕、。《》「」（），：；！？％"


# In a Chinese font this dot is as wide as a character; every other font has it in its own width.
NEVER = "·"


def embedded_font(text: str) -> str:
    """Cut the font down to the characters of a text.

    Parameters
    ----------
    text
        Everything that the page can show.

    Returns
    -------
    str
        A WOFF2 file as a ``data:`` address; the same characters give the same bytes.
    """
    characters = "".join(sorted({*text, *ALWAYS} - {*NEVER}))
    memo = DiskCache("font", version("zhplot"), version("fonttools"), characters)
    if "address" not in memo:
        memo["address"] = _subset(characters)
        memo.keep()
    return str(memo["address"])


@lru_cache(maxsize=4)
def _subset(characters: str) -> str:
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(flavor="woff2", layout_features=["kern", "locl"], hinting=False, recalc_timestamp=False)
    options.notdef_outline = True
    font = load_font(str(font_path()), options)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    file = io.BytesIO()
    save_font(font, file, options)
    return "data:font/woff2;base64," + base64.b64encode(file.getvalue()).decode("ascii")

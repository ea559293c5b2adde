"""What the page brings along: its scripts, Vega, the specifications of its charts, and its font."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from rare_topics.plots.style import cluster_colour, font_path
from rare_topics.runtime.cache import DiskCache

# In the order in which they are joined: a script uses what stands before it.
SCRIPTS = (
    "dom.js",
    "state.js",
    "search.js",
    "text.js",
    "charts.js",
    "views.js",
    "narratives.js",
    "claims.js",
    "reader.js",
    "main.js",
)
# ASCII and the signs that a browser adds by itself: bullets, ellipses, quotation marks, arrows.
ALWAYS_IN_FONT = "".join(map(chr, range(0x20, 0x7F))) + "–—‘’“”…•×→←↑↓✓✕、。《》「」（），：；！？％"
# In a Chinese font this dot is as wide as a Chinese character; without it the browser takes a narrow one elsewhere.
NEVER_IN_FONT = "·"


def read_asset(name: str) -> str:
    """Read a file of ``data/report`` as text with plain line ends."""
    return (files("rare_topics") / "data" / "report" / name).read_text("utf-8").replace("\r\n", "\n")


def page_script() -> str:
    """Join the package's scripts to one, whose names are visible to no other script."""
    sources = "\n".join(map(read_asset, SCRIPTS))
    return f'(() => {{\n"use strict";\n{sources}}})();\n'


def vega_bundle() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script that loads nothing."""

    def bundle() -> str:
        from vl_convert import javascript_bundle

        return str(javascript_bundle("window.vegaEmbed = vegaEmbed;"))

    return _from_cache(DiskCache("vega", version("vl-convert-python")), bundle)


def chart_specs(n_clusters: int) -> dict[str, dict[str, Any]]:
    """Read the charts from ``data/report/charts.json`` and give each cluster its colour, the ten largest their own.

    Parameters
    ----------
    n_clusters
        Number of clusters.

    Returns
    -------
    dict
        Vega-Lite by name, without rows, which the page adds. A text that begins with ``@`` is a
        key of ``messages.toml``, which the page puts in the reader's language.
    """
    specs: dict[str, dict[str, Any]] = json.loads(read_asset("charts.json"))
    clusters = [*range(n_clusters), -1]
    specs["map"]["encoding"]["color"]["scale"] = {"domain": clusters, "range": [*map(cluster_colour, clusters)]}
    return specs


def embedded_font(text: str) -> str:
    """Cut the Chinese font down to the characters of a text.

    Parameters
    ----------
    text
        Everything that the page can show.

    Returns
    -------
    str
        A WOFF2 file as a ``data:`` URL; the same characters give the same bytes.
    """
    characters = "".join(sorted({*text, *ALWAYS_IN_FONT} - {*NEVER_IN_FONT}))
    cache = DiskCache("font", version("zhplot"), version("fonttools"), characters)
    return _from_cache(cache, lambda: subset_font(characters))


def subset_font(characters: str) -> str:
    """Return the font with nothing but some characters, as a ``data:`` URL."""
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


def _from_cache(cache: DiskCache, make: Callable[[], str]) -> str:
    """Return the only entry of a cache, made and saved where it is not there yet."""
    if "content" not in cache:
        cache["content"] = make()
        cache.save()
    return str(cache["content"])

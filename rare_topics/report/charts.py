"""The pictures of the page as Vega-Lite, without their numbers, which the page fills in."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

# Told apart by eye on white and on near-black; the last is for what belongs nowhere.
COLOURS = ("#3b7dd8", "#c8641b", "#2a9168", "#c24d8f", "#8a63c9", "#a1772b", "#d04545", "#2c8fa3", "#7a8a2a", "#5f6fb0")
GREY = "#868e96"


def chart_specs(n_clusters: int) -> dict[str, dict[str, Any]]:
    """Describe the pictures, as ``data/report/charts.json`` has them.

    Parameters
    ----------
    n_clusters
        Number of clusters, each of which takes a colour.

    Returns
    -------
    dict
        Vega-Lite by name; the page adds the rows. A text that begins with ``@`` is a key of the
        page's words, put in the reader's language by the page.
    """
    source = files("rare_topics") / "data" / "report" / "charts.json"
    specs: dict[str, dict[str, Any]] = json.loads(source.read_text("utf-8"))
    numbers = [*range(n_clusters), -1]
    palette = [COLOURS[number % len(COLOURS)] for number in range(n_clusters)] + [GREY]
    specs["map"]["encoding"]["color"]["scale"] = {"domain": numbers, "range": palette}
    return specs

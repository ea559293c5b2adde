"""The tree of topics or of clusters, drawn: a figure with a choice, and so none of those that a run writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rare_topics.figures.figure import named_in
from rare_topics.plots.hierarchy import draw_hierarchy
from rare_topics.plots.style import figure_style
from rare_topics.study.validation import require_study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rare_topics.study import Study


def plot_hierarchy(study: Study, ax: Axes | None = None, *, kind: str = "topic", lang: str = "both") -> Axes:
    """Draw which topics, or which clusters, are nearest to each other.

    Parameters
    ----------
    study
        A fitted study.
    ax
        Axes to draw into; those of a new figure of fitting size if None.
    kind
        ``"topic"`` or ``"cluster"``; see `Study.hierarchy`, whose tree is drawn.
    lang
        Language of the names: ``"en"``, ``"zh"`` or ``"both"``.

    Returns
    -------
    Axes
        The same axes.

    Raises
    ------
    InputError
        If there is no such kind or language, or nothing to join.
    """
    require_study(study)
    tree = study.hierarchy(kind)
    leaves = pd.DataFrame(
        [(number, zh, en) for number, (en, zh) in zip(tree.numbers, tree.labels, strict=True)],
        columns=["number", "label_zh", "label_en"],
    )
    leaves = named_in(leaves, lang)
    if ax is None:
        import matplotlib.pyplot as plt

        with figure_style():
            _, ax = plt.subplots(figsize=(9, 1.8 + 0.5 * len(leaves)))
    return draw_hierarchy(leaves, ax, merges=tree.merges, kind=kind, n_corpus=len(study.corpus))

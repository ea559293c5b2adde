"""Trees: which topics or clusters are joined at which distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import name_rows, styled_axes, title
from rare_topics.plots.labels import bilingual_label, own_words
from rare_topics.plots.style import colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

# Columns of `labels.display_width`.
NAME_WIDTH = 56
# Distance between two leaves in the coordinates of `scipy.cluster.hierarchy.dendrogram`, and place of the first.
LEAF_STEP = 10
FIRST_LEAF = 5


def draw_hierarchy(
    leaves: pd.DataFrame, ax: Axes | None = None, *, merges: NDArray[np.float64], kind: str, n_corpus: int
) -> Axes:
    """Draw a tree, its leaves as rows and its joins at their distance.

    Parameters
    ----------
    leaves
        Columns number, label_zh, label_en.
    ax
        Axes to draw into; a new figure's if None.
    merges : ndarray of shape (n_leaves - 1, 4)
        As `scipy.cluster.hierarchy.linkage` writes them, distances from 0 to 1.
    kind
        ``topic`` or ``cluster``.
    n_corpus
        Number of articles.

    Returns
    -------
    Axes
        The same axes.
    """
    from matplotlib.collections import LineCollection
    from scipy.cluster.hierarchy import dendrogram

    tree = dendrogram(merges, no_plot=True)
    rows = (np.array(tree["icoord"]) - FIRST_LEAF) / LEAF_STEP
    ordered = leaves.iloc[tree["leaves"]]
    labels = zip(ordered["number"], ordered["label_zh"], ordered["label_en"], strict=True)
    names = [f"{number}  {bilingual_label(zh, en, NAME_WIDTH)}" for number, zh, en in labels]
    with styled_axes(ax) as axes:
        joins = np.stack([np.array(tree["dcoord"]), rows], axis=-1)
        axes.add_collection(LineCollection(list(joins), colors=colours(1), linewidths=1.6, capstyle="round"))
        name_rows(axes, names, linespacing=1.3)
        axes.set_xlim(0, 1.05 * max(float(merges[:, 2].max()), 0.05))
        axes.grid(axis="x")
        axes.set_xlabel(own_words("Distance of what is joined, 0 to 1 ∙ 合并时的距离(0 至 1)"))
        title(
            axes,
            "Tree of topics ∙ 主题层次" if kind == "topic" else "Tree of clusters ∙ 聚类层次",
            n=Label(
                zh=f"{n_corpus:,} 篇文章，{len(leaves):,} 个{'主题' if kind == 'topic' else '聚类'}",
                en=f"{n_corpus:,} articles, {len(leaves):,} {kind}s",
            ),
            note="The farther left two are joined, the more alike they are ∙ 越靠左合并越相似",
        )
    return axes

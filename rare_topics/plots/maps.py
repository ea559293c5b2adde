"""The map: articles as points, clusters as bands with their names, titles beside their points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from rare_topics.cluster import UNPLACED
from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import article_count, grid_axes, root_figure, styled_axes, title
from rare_topics.plots.labels import bilingual_label, own_words, shorten, wrap
from rare_topics.plots.style import BODY_MARKERS, GREY, TEXT_COLOUR, cluster_colour

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

POINTS_PER_INCH = 72
# More titles would cover the points (chosen by hand).
MOST_TITLES = 60
# Sizes of fonts in points, widths in columns of `labels.display_width`.
TITLE_SIZE = 7.2
TITLE_WIDTH = 26
TITLE_LINES = 2
CLUSTER_NAME_SIZE = 10.5
CLUSTER_NAME_WIDTH = 44
LEGEND_NAME_WIDTH = 74
# Area of a marker in square points at confidence 0 and 1; markers of more than so many articles are smaller.
SMALLEST_MARKER = 14
LARGEST_MARKER = 130
MOST_FULL_SIZE = 150
# Width of the band along a cluster, in points.
BAND_WIDTH = 26
# Added to distances and ends of lines: no visible length, and yet not 0.
TINY = 1e-9
# Colour of a cluster's name as a share of that of its points, so that letters are legible on white.
TEXT_BRIGHTNESS = 0.68
UNPLACED_NAME = "unplaced ∙ 未归类"
OTHERS_NAME = "smaller clusters ∙ 其他聚类"
BODY_NAMES = {"zh": "Chinese body ∙ 中文正文", "en": "English body ∙ 英文正文", "": "other body ∙ 其他正文"}


def draw_map(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw articles on the map, with clusters as bands and short titles as labels.

    Parameters
    ----------
    table
        Columns x, y, title, body_lang, cluster (-1: unplaced), confidence (0 to 1), label_zh,
        label_en. The clusters that come first, as many as there are colours, have a band and a name.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with styled_axes(ax) as axes:
        for cluster, rows in _named_clusters(table):
            _draw_band(axes, rows[["x", "y"]].to_numpy(dtype=float), colour=cluster_colour(cluster))
        _draw_articles(axes, table)
        _remove_ticks(axes)
        axes.legend(
            handles=_form_legend(table), loc="upper left", bbox_to_anchor=(0, -0.01), ncols=6, borderaxespad=0,
            handletextpad=0.3,
        )  # fmt: skip
        placed = table.loc[table["cluster"] != UNPLACED, "cluster"]
        n_clusters = len(set(placed))
        title(
            axes,
            "Map of articles ∙ 文章地图",
            n=Label(
                zh=f"{len(table):,} 篇文章，其中 {len(placed):,} 篇属于 {n_clusters} 个聚类",
                en=f"{len(table):,} articles, {len(placed):,} of them in {n_clusters} cluster{'s' * (n_clusters != 1)}",
            ),
            note="Near means alike; distances between clusters mean little ∙ 相近即相似；聚类之间的距离意义不大",
        )
        _write_labels(axes, table)
    return axes


def draw_map_states(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the maps of several random states side by side, colours as on the map.

    Parameters
    ----------
    table
        Columns random_state, x, y, body_lang, cluster (-1: unplaced), confidence (0 to 1), label_zh,
        label_en.
    ax
        Axes whose place is divided; a new figure's if None.

    Returns
    -------
    Axes
        The same axes, without a frame; the panels are axes of the same figure.
    """
    states = list(table.groupby("random_state"))
    with styled_axes(ax) as axes:
        for panel, (state, rows) in zip(grid_axes(axes, len(states), columns=3, sharey=True), states, strict=True):
            _draw_articles(panel, rows, scale=0.5)
            _remove_ticks(panel, adjustable="box")
            panel.set_title(f"{own_words('random state ∙ 随机种子')} {state}", fontsize=10)
        axes.legend(handles=_cluster_legend(table), loc="upper left", bbox_to_anchor=(0, 0), ncols=2, borderaxespad=0)
        title(
            axes,
            "The map under several random states ∙ 不同随机种子下的地图",
            n=article_count(len(states[0][1])),
            note="What stays together in every panel can be trusted ∙ 每幅图中都在一起的才可信",
        )
    return axes


def _draw_articles(ax: Axes, table: pd.DataFrame, *, scale: float = 1.0) -> None:
    """Draw a point for each article: colour is the cluster, form the language of the body, size the confidence."""
    for language, marker in BODY_MARKERS.items():
        rows = table[table["body_lang"].eq(language)]
        ax.scatter(
            rows["x"], rows["y"], s=scale * _marker_areas(rows["confidence"], len(table)), marker=marker,
            color=[cluster_colour(cluster) for cluster in rows["cluster"]], alpha=0.85, edgecolor="white",
            linewidth=0.6, zorder=3,
        )  # fmt: skip


def _named_clusters(table: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    """Return the clusters that have a colour of their own, and their articles."""
    named = (number for number in sorted(set(table["cluster"])) if cluster_colour(number) != GREY)
    return [(number, table[table["cluster"] == number]) for number in named]


def _darken(colour: str) -> str:
    """Mix a colour with black."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = to_rgb(colour)
    return to_hex((TEXT_BRIGHTNESS * red, TEXT_BRIGHTNESS * green, TEXT_BRIGHTNESS * blue))


def _marker_areas(confidence: Sequence[float] | pd.Series[float], count: int) -> NDArray[np.float64]:
    shrink = min(1.0, MOST_FULL_SIZE / count)
    share = np.clip(np.nan_to_num(np.asarray(confidence, dtype=float)), 0, 1)
    areas: NDArray[np.float64] = shrink * (SMALLEST_MARKER + (LARGEST_MARKER - SMALLEST_MARKER) * share)
    return areas


def _marker_radii(ax: Axes, confidence: pd.Series[float], count: int) -> NDArray[np.float64]:
    """Return radii of markers in pixels, the unit in which textalloc measures."""
    radii: NDArray[np.float64] = np.sqrt(_marker_areas(confidence, count)) / 2 * root_figure(ax).dpi / POINTS_PER_INCH
    return radii


def _draw_band(ax: Axes, points: NDArray[np.float64], *, colour: str) -> None:
    """Draw a band along the articles of a cluster.

    A convex hull would take in articles of other clusters wherever a cluster lies in two places.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    lines = spanning_lines(points)
    path = Path(lines.reshape(-1, 2), [Path.MOVETO, Path.LINETO] * len(lines))
    ax.add_patch(PathPatch(path, fill=False, edgecolor=colour, alpha=0.16, lw=BAND_WIDTH, capstyle="round", zorder=0))


def spanning_lines(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lines of the minimum spanning tree of points, by Euclidean distance.

    Parameters
    ----------
    points : ndarray of shape (n, 2)

    Returns
    -------
    ndarray of shape (n_lines, 2, 2)
        Line, end, coordinate; a single point gives one line of no length.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial.distance import pdist, squareform

    # A distance of 0 would mean no edge, and a line of no length would be drawn without round ends.
    tree = minimum_spanning_tree(csr_array(squareform(pdist(points) + TINY))).tocoo()
    edges = list(zip(tree.row, tree.col, strict=True)) or [(0, 0)]
    return np.array([(points[start], points[end] + TINY) for start, end in edges])


def _name_anchor(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return the article of a cluster that is nearest to the others, beside which its name stands."""
    points = rows[["x", "y"]].to_numpy(dtype=float)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2).sum(axis=1)
    nearest: NDArray[np.float64] = points[distances.argmin()]
    return nearest


def _remove_ticks(ax: Axes, *, adjustable: Literal["box", "datalim"] = "datalim") -> None:
    """Remove the ticks, as coordinates of the map have no unit, and draw a frame."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.margins(x=0.1, y=0.14)
    ax.set_aspect("equal", adjustable=adjustable)
    ax.spines[:].set_visible(True)
    ax.spines[:].set_color("#dddddd")


def _write_labels(ax: Axes, table: pd.DataFrame) -> None:
    """Write names of clusters and titles of articles where they cover neither each other nor a point."""
    import textalloc
    from matplotlib.patheffects import withStroke

    titled = _titled_articles(table)
    clusters = _named_clusters(table)
    anchors = [_name_anchor(rows) for _, rows in clusters]
    names = [_cluster_name(rows, CLUSTER_NAME_WIDTH) for _, rows in clusters]
    titles = ["\n".join(wrap(shorten(title, TITLE_LINES * TITLE_WIDTH), TITLE_WIDTH)) for title in titled["title"]]
    lines = [line for _, rows in clusters for line in spanning_lines(rows[["x", "y"]].to_numpy(dtype=float))]
    # Free room is looked for in the final layout, so the layout is made first and then kept.
    root_figure(ax).draw_without_rendering()
    ax.autoscale(enable=False)
    textalloc.allocate(
        ax,
        [*(x for x, _ in anchors), *titled["x"]],
        [*(y for _, y in anchors), *titled["y"]],
        [*names, *titles],
        x_scatter=table["x"].to_numpy(),
        y_scatter=table["y"].to_numpy(),
        x_lines=[line[:, 0] for line in lines],
        y_lines=[line[:, 1] for line in lines],
        scatter_sizes=cast("Any", _marker_radii(ax, table["confidence"], len(table))),
        text_scatter_sizes=cast("Any", [*[0.0] * len(clusters), *_marker_radii(ax, titled["confidence"], len(table))]),
        textsize=[CLUSTER_NAME_SIZE] * len(clusters) + [TITLE_SIZE] * len(titled),
        textcolor=[_darken(cluster_colour(cluster)) for cluster, _ in clusters] + [TEXT_COLOUR] * len(titled),
        linecolor="#bbbbbb",
        linewidth=0.6,
        margin=0.006,
        min_distance=0.009,
        max_distance=0.25,
        draw_all=False,
        nbr_candidates=800,
        path_effects=[withStroke(linewidth=2.2, foreground="white", alpha=0.8)],
    )
    # Limits are settled; were they fixed as well, Matplotlib would log that a picture of another size moves them.
    ax.get_xlim()
    ax.set_autoscale_on(True)


def _cluster_name(rows: pd.DataFrame, width: int) -> str:
    return bilingual_label(rows["label_zh"].iloc[0], rows["label_en"].iloc[0], width)


def _titled_articles(table: pd.DataFrame) -> pd.DataFrame:
    """Return the articles whose titles are written: all, or those of highest confidence, of each cluster in turn."""
    if len(table) <= MOST_TITLES:
        return table
    ranked = table.sort_values(["confidence", "title"], ascending=[False, True])
    ranked = ranked.assign(turn=ranked.groupby("cluster").cumcount())
    return ranked.sort_values("turn", kind="stable").head(MOST_TITLES)


def _form_legend(table: pd.DataFrame) -> list[Artist]:
    """Explain sizes, forms, and the grey of articles without a cluster of their own colour."""
    sizes = {share: float(np.sqrt(_marker_areas([share], len(table))[0])) for share in (0.25, 0.5, 1.0)}
    handles = [_handle(own_words("Confidence ∙ 置信度"), marker="", size=0)]
    handles += [_handle(f"{share:.0%}", size=size) for share, size in sizes.items()]
    languages = [language for language in BODY_MARKERS if table["body_lang"].eq(language).any()]
    handles += [_handle(own_words(BODY_NAMES[name]), marker=BODY_MARKERS[name], size=sizes[0.5]) for name in languages]
    return handles + [_handle(name, colour=GREY, size=sizes[0.5]) for name in _grey_names(table)]


def _cluster_legend(table: pd.DataFrame) -> list[Artist]:
    handles = [
        _handle(_cluster_name(rows, LEGEND_NAME_WIDTH), colour=cluster_colour(cluster))
        for cluster, rows in _named_clusters(table)
    ]
    return handles + [_handle(name, colour=GREY) for name in _grey_names(table)]


def _grey_names(table: pd.DataFrame) -> list[str]:
    """Name what grey points are, if there are any."""
    is_placed = (table["cluster"] != UNPLACED)[table["cluster"].map(cluster_colour) == GREY]
    others = [OTHERS_NAME] * bool(is_placed.any()) + [UNPLACED_NAME] * bool((~is_placed).any())
    return [own_words(name) for name in others]


def _handle(name: str, *, marker: str = "o", colour: str = TEXT_COLOUR, size: float = 8) -> Artist:
    from matplotlib.lines import Line2D

    return Line2D([], [], ls="", marker=marker, color=colour, mec="white", ms=size, label=name)

"""The map: articles as points, clusters as bands, titles beside their points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from rare_topics.cluster import UNPLACED
from rare_topics.plots.axes import grid_axes, root_figure, styled_axes, title
from rare_topics.plots.labels import bilingual_label, shorten
from rare_topics.plots.style import GREY, MARKERS, TEXT_COLOUR, colours

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

POINTS_PER_INCH = 72
# More titles would cover the points (chosen by hand).
MOST_TITLES = 60
# Sizes of fonts in points, widths in columns of `labels.display_width`.
TITLE_SIZE = 7.5
TITLE_WIDTH = 26
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


def draw_map(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw articles on the map, with clusters as bands and short titles as labels.

    Parameters
    ----------
    table
        Columns x, y, title, cluster (-1: unplaced), confidence (0 to 1), label_zh, label_en.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    with styled_axes(ax) as axes:
        styles = _cluster_styles(table["cluster"])
        for cluster, rows in _rows_by_cluster(table):
            colour, marker = styles[cluster]
            points = rows[["x", "y"]].to_numpy(dtype=float)
            if cluster != UNPLACED:
                _draw_band(axes, points, colour=colour)
            axes.scatter(
                points[:, 0], points[:, 1], s=_marker_areas(rows["confidence"], len(table)), color=colour,
                marker=marker, alpha=0.85, edgecolor="white", linewidth=0.6, zorder=3,
            )  # fmt: skip
        _remove_ticks(axes)
        axes.legend(
            handles=_size_legend(table), loc="upper left", bbox_to_anchor=(0, -0.01), ncols=5, borderaxespad=0,
            handletextpad=0.3,
        )  # fmt: skip
        placed = table.loc[table["cluster"] != UNPLACED, "cluster"]
        n_clusters = len(set(placed))
        title(
            axes,
            "Map of articles ∙ 文章地图",
            n=f"{len(table):,} articles, {len(placed):,} of them in {n_clusters} cluster{'s' * (n_clusters != 1)}",
            note="Near means alike; distances between clusters mean little ∙ 相近即相似;簇间距离意义不大",
        )
        _write_labels(axes, table, styles)
    return axes


def draw_map_states(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the maps of several random states side by side, colours as on the map.

    Parameters
    ----------
    table
        Columns random_state, x, y, cluster (-1: unplaced), confidence (0 to 1), label_zh, label_en.
    ax
        Axes whose place is divided; a new figure's if None.

    Returns
    -------
    Axes
        The same axes, without a frame; the panels are axes of the same figure.
    """
    states = list(table.groupby("random_state"))
    with styled_axes(ax) as axes:
        styles = _cluster_styles(table["cluster"])
        for panel, (state, rows) in zip(grid_axes(axes, len(states), columns=3, sharey=True), states, strict=True):
            for cluster, members in _rows_by_cluster(rows):
                colour, marker = styles[cluster]
                panel.scatter(
                    members["x"], members["y"], s=0.5 * _marker_areas(members["confidence"], len(rows)), color=colour,
                    marker=marker, alpha=0.85, edgecolor="white", linewidth=0.5,
                )  # fmt: skip
            _remove_ticks(panel, adjustable="box")
            panel.set_title(f"random state ∙ 随机种子 {state}", fontsize=10)
        axes.legend(
            handles=_cluster_legend(table, styles), loc="upper left", bbox_to_anchor=(0, 0), ncols=2, borderaxespad=0
        )
        title(
            axes,
            "The map under several random states ∙ 不同随机种子下的地图",
            n=f"{len(states[0][1]):,} articles",
            note="What stays together in every panel can be trusted ∙ 每幅图中都在一起的才可信",
        )
    return axes


def _cluster_styles(clusters: pd.Series[int]) -> dict[int, tuple[str, str]]:
    """Give each cluster a colour and a marker; clusters of one colour differ in their markers."""
    placed = sorted(set(clusters) - {UNPLACED})
    palette = colours(len(placed))
    n_colours = len(set(palette)) or 1
    styles = {
        cluster: (palette[number], MARKERS[number // n_colours % len(MARKERS)]) for number, cluster in enumerate(placed)
    }
    return {**styles, UNPLACED: (GREY, "o")}


def _rows_by_cluster(table: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    return [(cluster, table[table["cluster"] == cluster]) for cluster in sorted(set(table["cluster"]))]


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

    lines = _spanning_lines(points)
    path = Path(lines.reshape(-1, 2), [Path.MOVETO, Path.LINETO] * len(lines))
    ax.add_patch(PathPatch(path, fill=False, edgecolor=colour, alpha=0.16, lw=BAND_WIDTH, capstyle="round", zorder=0))


def _spanning_lines(points: NDArray[np.float64]) -> NDArray[np.float64]:
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


def _name_anchor(rows: pd.DataFrame, table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the article of a cluster farthest from the middle of the map, where its name has room."""
    points = rows[["x", "y"]].to_numpy(dtype=float)
    middle = (table[["x", "y"]].min() + table[["x", "y"]].max()).to_numpy() / 2
    farthest: NDArray[np.float64] = points[np.linalg.norm(points - middle, axis=1).argmax()]
    return farthest


def _remove_ticks(ax: Axes, *, adjustable: Literal["box", "datalim"] = "datalim") -> None:
    """Remove the ticks, as coordinates of the map have no unit, and draw a frame."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.margins(x=0.09, y=0.12)
    ax.set_aspect("equal", adjustable=adjustable)
    ax.spines[:].set_visible(True)
    ax.spines[:].set_color("#dddddd")


def _write_labels(ax: Axes, table: pd.DataFrame, styles: dict[int, tuple[str, str]]) -> None:
    """Write names of clusters and titles of articles where they cover neither each other nor a point."""
    import textalloc
    from matplotlib.patheffects import withStroke

    titled = _titled_articles(table)
    clusters = [(cluster, rows) for cluster, rows in _rows_by_cluster(table) if cluster != UNPLACED]
    anchors = [_name_anchor(rows, table) for _, rows in clusters]
    names = [_cluster_name(rows, CLUSTER_NAME_WIDTH) for _, rows in clusters]
    titles = [shorten(title, TITLE_WIDTH) for title in titled["title"]]
    lines = [line for _, rows in clusters for line in _spanning_lines(rows[["x", "y"]].to_numpy(dtype=float))]
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
        textcolor=[_darken(styles[cluster][0]) for cluster, _ in clusters] + [TEXT_COLOUR] * len(titled),
        linecolor="#bbbbbb",
        linewidth=0.6,
        margin=0.006,
        min_distance=0.009,
        max_distance=0.2,
        draw_all=False,
        nbr_candidates=400,
        path_effects=[withStroke(linewidth=2.2, foreground="white", alpha=0.8)],
    )


def _cluster_name(rows: pd.DataFrame, width: int) -> str:
    return bilingual_label(rows["label_zh"].iloc[0], rows["label_en"].iloc[0], width)


def _titled_articles(table: pd.DataFrame) -> pd.DataFrame:
    """Return the articles whose titles are written: all, or those of highest confidence, of each cluster in turn."""
    if len(table) <= MOST_TITLES:
        return table
    ranked = table.sort_values(["confidence", "title"], ascending=[False, True])
    ranked = ranked.assign(turn=ranked.groupby("cluster").cumcount())
    return ranked.sort_values("turn", kind="stable").head(MOST_TITLES)


def _size_legend(table: pd.DataFrame) -> list[Artist]:
    from matplotlib.lines import Line2D

    sizes = {share: float(np.sqrt(_marker_areas([share], len(table))[0])) for share in (0.25, 0.5, 1.0)}
    handles: list[Artist] = [
        Line2D([], [], ls="", marker="o", color=TEXT_COLOUR, mec="white", ms=size, label=f"{share:.0%}")
        for share, size in sizes.items()
    ]
    handles.insert(0, Line2D([], [], ls="", label="Confidence ∙ 置信度"))
    if (table["cluster"] == UNPLACED).any():
        handles.append(Line2D([], [], ls="", marker="o", color=GREY, mec="white", ms=sizes[0.5], label=UNPLACED_NAME))
    return handles


def _cluster_legend(table: pd.DataFrame, styles: dict[int, tuple[str, str]]) -> list[Artist]:
    from matplotlib.lines import Line2D

    handles: list[Artist] = []
    for cluster, rows in sorted(_rows_by_cluster(table), key=lambda item: item[0] == UNPLACED):
        colour, marker = styles[cluster]
        name = UNPLACED_NAME
        if cluster != UNPLACED:
            name = _cluster_name(rows, LEGEND_NAME_WIDTH)
        handles.append(Line2D([], [], ls="", marker=marker, color=colour, mec="white", ms=8, label=name))
    return handles

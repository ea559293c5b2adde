"""The map: articles as points, clusters as bands, titles beside their points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from rare_topics.cluster import UNPLACED
from rare_topics.plots.labels import label, shorten
from rare_topics.plots.style import GREY, INK, MARKERS, canvas, colours, figure_of, head, panels

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

POINTS_PER_INCH = 72
# Titles beyond this many would cover the points.
MOST_TITLES = 60
TITLE_SIZE = 7.5
TITLE_WIDTH = 26
CLUSTER_SIZE = 10.5
CLUSTER_WIDTH = 44
# Area of a marker in square points, at confidence 0 and 1, up to FULL_SIZE articles.
SMALLEST, LARGEST = 14, 130
FULL_SIZE = 150
# Width of the band along a cluster, in points.
BAND = 26
SMALLEST_STEP = 1e-9
TEXT_DEPTH = 0.68


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
    with canvas(ax) as axes:
        looks = _looks(table["cluster"])
        for cluster, rows in _by_cluster(table):
            colour, marker = looks[cluster]
            points = rows[["x", "y"]].to_numpy(dtype=float)
            if cluster != UNPLACED:
                _band(axes, points, colour=colour)
            axes.scatter(
                points[:, 0], points[:, 1], s=_areas(rows["confidence"], len(table)), color=colour, marker=marker,
                alpha=0.85, edgecolor="white", linewidth=0.6, zorder=3,
            )  # fmt: skip
        _bare(axes)
        axes.legend(
            handles=_size_key(table), loc="upper left", bbox_to_anchor=(0, -0.01), ncols=5, borderaxespad=0,
            handletextpad=0.3,
        )  # fmt: skip
        placed = table.loc[table["cluster"] != UNPLACED, "cluster"]
        n_clusters = len(set(placed))
        head(
            axes,
            "Map of articles ∙ 文章地图",
            n=f"{len(table):,} articles, {len(placed):,} of them in {n_clusters} cluster{'s' * (n_clusters != 1)}",
            note="Near means alike; distances between clusters mean little ∙ 相近即相似;簇间距离意义不大",
        )
        _label(axes, table, looks)
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
    with canvas(ax) as axes:
        looks = _looks(table["cluster"])
        for panel, (state, rows) in zip(panels(axes, len(states), columns=3, sharey=True), states, strict=True):
            for cluster, members in _by_cluster(rows):
                colour, marker = looks[cluster]
                panel.scatter(
                    members["x"], members["y"], s=0.5 * _areas(members["confidence"], len(rows)), color=colour,
                    marker=marker, alpha=0.85, edgecolor="white", linewidth=0.5,
                )  # fmt: skip
            _bare(panel, adjustable="box")
            panel.set_title(f"random state ∙ 随机种子 {state}", fontsize=10)
        axes.legend(
            handles=_cluster_key(table, looks), loc="upper left", bbox_to_anchor=(0, 0), ncols=2, borderaxespad=0
        )
        head(
            axes,
            "The map under several random states ∙ 不同随机种子下的地图",
            n=f"{len(states[0][1]):,} articles",
            note="What stays together in every panel can be trusted ∙ 每幅图中都在一起的才可信",
        )
    return axes


def _looks(clusters: pd.Series[int]) -> dict[int, tuple[str, str]]:
    """Give each cluster a colour and, when colours run out, another marker."""
    placed = sorted(set(clusters) - {UNPLACED})
    palette = colours(len(placed))
    cycle = len(set(palette)) or 1
    looks = {
        cluster: (palette[number], MARKERS[number // cycle % len(MARKERS)]) for number, cluster in enumerate(placed)
    }
    return {**looks, UNPLACED: (GREY, "o")}


def _by_cluster(table: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    return [(cluster, table[table["cluster"] == cluster]) for cluster in sorted(set(table["cluster"]))]


def _darker(colour: str) -> str:
    """Mix a colour with black, so that letters in it are legible on white."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = to_rgb(colour)
    return to_hex((TEXT_DEPTH * red, TEXT_DEPTH * green, TEXT_DEPTH * blue))


def _areas(confidence: Sequence[float] | pd.Series[float], count: int) -> NDArray[np.float64]:
    shrink = min(1.0, FULL_SIZE / count)
    share = np.clip(np.nan_to_num(np.asarray(confidence, dtype=float)), 0, 1)
    areas: NDArray[np.float64] = shrink * (SMALLEST + (LARGEST - SMALLEST) * share)
    return areas


def _radii(ax: Axes, confidence: pd.Series[float], count: int) -> NDArray[np.float64]:
    """Return radii of markers in pixels, the unit in which room for labels is measured."""
    radii: NDArray[np.float64] = np.sqrt(_areas(confidence, count)) / 2 * figure_of(ax).dpi / POINTS_PER_INCH
    return radii


def _band(ax: Axes, points: NDArray[np.float64], *, colour: str) -> None:
    """Draw a band along the articles of a cluster.

    A convex hull would take in articles of other clusters wherever a cluster lies in two places.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    lines = _tree(points)
    path = Path(lines.reshape(-1, 2), [Path.MOVETO, Path.LINETO] * len(lines))
    ax.add_patch(PathPatch(path, fill=False, edgecolor=colour, alpha=0.16, lw=BAND, capstyle="round", zorder=0))


def _tree(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lines of the shortest tree that joins the points, as (line, end, coordinate)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial.distance import pdist, squareform

    # No distance may be 0, which stands for no edge, and no line be a point, which has no round ends.
    tree = minimum_spanning_tree(csr_array(squareform(pdist(points) + SMALLEST_STEP))).tocoo()
    edges = [*zip(tree.row, tree.col, strict=True)] or [(0, 0)]
    return np.array([(points[one], points[other] + SMALLEST_STEP) for one, other in edges])


def _outermost(rows: pd.DataFrame, table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the article of a cluster farthest from the middle of the map, where its name has room."""
    points = rows[["x", "y"]].to_numpy(dtype=float)
    middle = (table[["x", "y"]].min() + table[["x", "y"]].max()).to_numpy() / 2
    farthest: NDArray[np.float64] = points[np.linalg.norm(points - middle, axis=1).argmax()]
    return farthest


def _bare(ax: Axes, *, adjustable: Literal["box", "datalim"] = "datalim") -> None:
    """Take the ticks away: the map's coordinates have no unit."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.margins(x=0.09, y=0.12)
    ax.set_aspect("equal", adjustable=adjustable)
    ax.spines[:].set_visible(True)
    ax.spines[:].set_color("#dddddd")


def _label(ax: Axes, table: pd.DataFrame, looks: dict[int, tuple[str, str]]) -> None:
    """Write names of clusters, then titles, where they cover neither each other nor a point."""
    import textalloc
    from matplotlib.patheffects import withStroke

    titled = _titled(table)
    placed = [(cluster, rows) for cluster, rows in _by_cluster(table) if cluster != UNPLACED]
    anchors = [_outermost(rows, table) for _, rows in placed]
    names = [label(rows["label_zh"].iloc[0], rows["label_en"].iloc[0], CLUSTER_WIDTH) for _, rows in placed]
    lines = [line for _, rows in placed for line in _tree(rows[["x", "y"]].to_numpy(dtype=float))]
    # Places are found on the final layout, so it has to be made first, and lines to labels must not change it.
    figure_of(ax).draw_without_rendering()
    ax.autoscale(enable=False)
    textalloc.allocate(
        ax,
        [*(x for x, _ in anchors), *titled["x"]],
        [*(y for _, y in anchors), *titled["y"]],
        [*names, *(shorten(title, TITLE_WIDTH) for title in titled["title"])],
        x_scatter=table["x"].to_numpy(),
        y_scatter=table["y"].to_numpy(),
        x_lines=[line[:, 0] for line in lines],
        y_lines=[line[:, 1] for line in lines],
        scatter_sizes=cast("Any", _radii(ax, table["confidence"], len(table))),
        text_scatter_sizes=cast("Any", [0.0] * len(placed) + list(_radii(ax, titled["confidence"], len(table)))),
        textsize=[CLUSTER_SIZE] * len(placed) + [TITLE_SIZE] * len(titled),
        textcolor=[*(_darker(looks[cluster][0]) for cluster, _ in placed), *[INK] * len(titled)],
        linecolor="#bbbbbb",
        linewidth=0.6,
        margin=0.006,
        min_distance=0.009,
        max_distance=0.2,
        draw_all=False,
        nbr_candidates=400,
        path_effects=[withStroke(linewidth=2.2, foreground="white", alpha=0.8)],
    )


def _titled(table: pd.DataFrame) -> pd.DataFrame:
    """Pick the articles whose titles are written: all, or the surest of each cluster in turn."""
    if len(table) <= MOST_TITLES:
        return table
    surest = table.sort_values(["confidence", "title"], ascending=[False, True])
    return surest.assign(turn=surest.groupby("cluster").cumcount()).sort_values("turn", kind="stable").head(MOST_TITLES)


def _size_key(table: pd.DataFrame) -> list[Artist]:
    from matplotlib.lines import Line2D

    sizes = {share: float(np.sqrt(_areas([share], len(table))[0])) for share in (0.25, 0.5, 1.0)}
    key: list[Artist] = [
        Line2D([], [], ls="", marker="o", color=INK, mec="white", ms=size, label=f"{share:.0%}")
        for share, size in sizes.items()
    ]
    key.insert(0, Line2D([], [], ls="", label="Confidence ∙ 置信度"))
    if (table["cluster"] == UNPLACED).any():
        key.append(Line2D([], [], ls="", marker="o", color=GREY, mec="white", ms=sizes[0.5], label="unplaced ∙ 未归类"))
    return key


def _cluster_key(table: pd.DataFrame, looks: dict[int, tuple[str, str]]) -> list[Artist]:
    from matplotlib.lines import Line2D

    key: list[Artist] = []
    for cluster, rows in sorted(_by_cluster(table), key=lambda item: item[0] == UNPLACED):
        colour, marker = looks[cluster]
        named = label(rows["label_zh"].iloc[0], rows["label_en"].iloc[0], CLUSTER_WIDTH + 30)
        name = "unplaced ∙ 未归类" if cluster == UNPLACED else named
        key.append(Line2D([], [], ls="", marker=marker, color=colour, mec="white", ms=8, label=name))
    return key

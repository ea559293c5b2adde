"""Grids of shades: articles or countries by columns, with numbers or letters in their cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.plots.labels import shorten
from rare_topics.plots.style import GREY, INK

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

TITLE_WIDTH = 44
COLUMN_WIDTH = 22
# From this share of the scale on, Blues are dark.
DARK = 0.6
# Sides of a theme, roles and stages in Chinese, in the order of a chain.
NAMES = {
    "reserve": "储量",
    "mine": "开采",
    "separation": "分离",
    "magnet": "磁体",
    "producer": "生产",
    "would-be producer": "拟生产",
    "processor": "加工",
    "would-be self-supplier": "拟自给",
    "transit": "中转",
    "buyer": "买方",
    "partner": "伙伴",
    "reliance": "依赖",
    "imports": "进口",
    "shortage": "短缺",
    "processing abroad": "境外加工",
    "hard to replace": "难以替代",
    "leverage": "筹码",
    "controls": "管制",
    "tightening": "收紧",
    "licences": "许可",
    "bans": "禁令",
    "easing": "放宽",
    "rare earths": "稀土",
    "soybeans": "大豆",
    "fentanyl": "芬太尼",
    "semiconductors": "芯片",
    "tariffs": "关税",
    "truces": "休战",
}


def grid_of(
    table: pd.DataFrame, column: str, order: Sequence[str], value: str
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Return values by article and column, and the articles, in the order of the table."""
    articles = table.drop_duplicates("article_id")
    pivot = table.pivot_table(index="article_id", columns=column, values=value, fill_value=0)
    return pivot.loc[articles["article_id"], list(order)].to_numpy(dtype=float), articles


def draw_grid(
    axes: Axes,
    grid: NDArray[np.float64],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    most: float,
    texts: Sequence[Sequence[str]] | None = None,
) -> None:
    """Draw a grid of shades with its numbers, or with texts of its own, names beside and above."""
    axes.imshow(grid, vmin=0, vmax=most, aspect="auto")
    for row, column in np.ndindex(grid.shape):
        text = texts[row][column] if texts else f"{grid[row, column]:.0f}"
        if grid[row, column] or (texts and text):
            ink = "white" if grid[row, column] > DARK * most else INK
            axes.text(column, row, text, ha="center", va="center", fontsize=7.5, color=ink)
    axes.set_yticks(range(len(rows)), rows, fontsize=8)
    axes.set_xticks(range(len(columns)), columns, fontsize=7.5)
    axes.tick_params(top=False, labeltop=False, bottom=False, labelbottom=True, length=0)
    axes.set_xticks(np.arange(grid.shape[1] - 1) + 0.5, minor=True)
    axes.grid(which="minor", axis="x", color=GREY, lw=0.3)
    axes.tick_params(which="minor", length=0)
    axes.spines[:].set_visible(False)


def article_names(articles: pd.DataFrame) -> list[str]:
    """Name articles by headline and day."""
    pairs = zip(articles["title"], articles["published"], strict=True)
    return [f"{shorten(title, TITLE_WIDTH)}  {day}" for title, day in pairs]


def column_name(zh: str, en: str) -> str:
    """Name a narrow column, its parts below each other."""
    parts = [part for text in (zh, en) for part in text.replace(":", " · ").split(" · ")]
    return "\n".join(shorten(part.strip(), COLUMN_WIDTH) for part in parts)


def n_of(articles: pd.DataFrame, table: pd.DataFrame) -> str:
    """Say how many articles of how many are shown."""
    return f"{len(articles):,} of {int(table['n_corpus'].iloc[0]):,} articles"

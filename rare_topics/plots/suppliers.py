"""Suppliers: who is what in which article, and at which stage of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.plots.heatmaps import NAMES, article_names, draw_grid, grid_of, n_of
from rare_topics.plots.labels import bilingual
from rare_topics.plots.style import canvas, head

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LETTERS = {
    "producer": "P",
    "would-be producer": "p",
    "processor": "R",
    "would-be self-supplier": "s",
    "transit": "T",
    "buyer": "B",
    "partner": "A",
}


def draw_supplier_articles(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw who is what in which article.

    Parameters
    ----------
    table
        Columns country, country_zh, country_en, article_id, published, title, roles (joined by
        ``; ``), strength (0 to 3) and n_corpus; articles in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    countries = _ranked(table, "country")
    grid, articles = grid_of(table, "country", list(countries["country"]), "strength")
    rows = {article: number for number, article in enumerate(articles["article_id"])}
    columns = {country: number for number, country in enumerate(countries["country"])}
    texts = [["" for _ in columns] for _ in rows]
    for article, country, roles in table[["article_id", "country", "roles"]].to_numpy():
        texts[rows[article]][columns[country]] = "".join(LETTERS[role] for role in roles.split("; "))
    names = [f"{zh}\n{en}" for zh, en in zip(countries["country_zh"], countries["country_en"], strict=True)]
    key = "  ".join(f"{letter} {NAMES[role]} {role}" for role, letter in LETTERS.items())
    with canvas(ax) as axes:
        draw_grid(axes, grid, article_names(articles), names, most=3, texts=texts)
        axes.tick_params(axis="x", labelrotation=90)
        head(
            axes,
            "Who could supply ∙ 谁能供应",
            n=n_of(articles, table),
            note=f"Shade: strength as a supplier, 0 to 3 ∙ 颜色:作为供应国的强度\n{key}",
        )
    return axes


def draw_supplier_stages(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many articles see a country at each stage of the chain and in each role.

    Parameters
    ----------
    table
        Columns country, country_zh, country_en, stage, n_articles and n_corpus; countries in the
        order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    countries = table.drop_duplicates("country")
    stages = [name for name in NAMES if name in set(table["stage"])]
    pivot = table.pivot_table(index="country", columns="stage", values="n_articles", fill_value=0)
    grid = pivot.loc[countries["country"], stages].to_numpy()
    rows = [bilingual(*pair) for pair in zip(countries["country_zh"], countries["country_en"], strict=True)]
    with canvas(ax) as axes:
        draw_grid(axes, grid, rows, [f"{NAMES[name]}\n{name}" for name in stages], most=float(grid.max()))
        head(
            axes,
            "Stages of the chain and roles ∙ 产业链环节与角色",
            n=f"{int(table['n_corpus'].iloc[0]):,} articles",
            note="Number of articles that say so ∙ 如此表述的文章数",
        )
    return axes


def _ranked(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the values of a column, strongest first."""
    total = table.groupby(column)["strength"].sum()
    first = table.drop_duplicates(column)
    return first.assign(rank=-first[column].map(total)).sort_values(["rank", column]).drop(columns="rank")

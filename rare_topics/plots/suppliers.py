"""Suppliers: of which country it is said that it supplies, builds or plans, and at which stage of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import article_count, styled_axes, title
from rare_topics.plots.heatmaps import fill_heatmap, keep_first
from rare_topics.plots.labels import join_languages, labels_in_order, stack_languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

MOST_COUNTRIES = 20
# What is said of a supplier, the most definite first, and of a country in another role.
STATUS_LABELS = {
    "running": Label(zh="现已供应", en="supplies"),
    "building": Label(zh="在建", en="is building"),
    "planned": Label(zh="计划供应", en="plans to\nsupply"),
    "reserves": Label(zh="有储量", en="has reserves"),
    "denied": Label(zh="不供应", en="does not\nsupply"),
    "self_supplier": Label(zh="谋求自给", en="wants to\nsupply itself"),
    "transit": Label(zh="转口", en="transit"),
    "buyer": Label(zh="买方", en="buyer"),
    "partner": Label(zh="合作方", en="partner"),
}
MAIN_STATUSES = ("running", "building", "planned", "reserves", "denied")


def draw_suppliers_by_status(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many articles say of each country that it supplies, builds, plans and so on.

    Parameters
    ----------
    table
        Columns country, country_zh, country_en, status (of `STATUS_LABELS`), n_articles and
        n_corpus; countries in the order of the picture, of which the first twenty are drawn.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    return _draw_counts(table, ax, column="status", labels=STATUS_LABELS, name="Suppliers by status ∙ 各国供应状态")


def draw_supplier_stages(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many articles see a country at each stage of the chain.

    Parameters
    ----------
    table
        Columns country, country_zh, country_en, stage, n_articles and n_corpus; countries in the
        order of the picture, of which the first twenty are drawn. ``table.attrs["labels"]`` may hold
        labels of stages, in the order of columns.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    labels = table.attrs.get("labels", {})
    return _draw_counts(table, ax, column="stage", labels=labels, name="Stages of the chain ∙ 产业链环节")


def _draw_counts(table: pd.DataFrame, ax: Axes | None, *, column: str, labels: Mapping[str, Label], name: str) -> Axes:
    """Draw numbers of articles by country and another column."""
    table = keep_first(table, "country", MOST_COUNTRIES)
    countries = table.drop_duplicates("country")
    found = labels_in_order(table[column], labels)
    pivot = table.pivot_table(index="country", columns=column, values="n_articles", fill_value=0)
    counts = pivot.loc[countries["country"], list(found)].to_numpy()
    rows = [join_languages(zh, en) for zh, en in zip(countries["country_zh"], countries["country_en"], strict=True)]
    columns = [stack_languages(*label) for label in found.values()]
    with styled_axes(ax) as axes:
        fill_heatmap(axes, counts, rows=rows, columns=columns, maximum=max(float(counts.max()), 3.0))
        note = "Number of articles that say so ∙ 如此表述的文章数"
        title(axes, name, n=article_count(int(table["n_corpus"].iloc[0])), note=note)
    return axes

"""Suppliers: who is what in which article, and at which stage of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import styled_axes, title
from rare_topics.plots.heatmaps import article_matrix, fill_heatmap, shown_of_all
from rare_topics.plots.labels import join_languages, labels_in_order, stack_languages, titles_with_dates

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TITLE_WIDTH = 44
# Roles of a country, those of a supplier with their status, in the order of columns.
ROLE_LABELS = {
    "supplier running": Label(zh="供应", en="supplies"),
    "supplier building": Label(zh="在建", en="is building"),
    "supplier planned": Label(zh="拟供应", en="plans to supply"),
    "supplier reserves": Label(zh="有储量", en="has reserves"),
    "supplier denied": Label(zh="不供应", en="does not supply"),
    "self_supplier": Label(zh="谋求自给", en="wants to supply itself"),
    "transit": Label(zh="中转", en="transit"),
    "buyer": Label(zh="买方", en="buyer"),
    "partner": Label(zh="伙伴", en="partner"),
}
# Letters of the roles in a cell.
LETTERS = {
    "supplier running": "S",
    "supplier building": "b",
    "supplier planned": "p",
    "supplier reserves": "r",
    "supplier denied": "x",
    "self_supplier": "s",
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
    countries = _by_total_strength(table)
    strengths, articles = article_matrix(table, column="country", order=countries["country"], value="strength")
    roles_of = dict(zip(zip(table["article_id"], table["country"], strict=True), table["roles"], strict=True))
    letters = [
        [_letters(roles_of.get((article, country), "")) for country in countries["country"]]
        for article in articles["article_id"]
    ]
    names = [stack_languages(zh, en) for zh, en in zip(countries["country_zh"], countries["country_en"], strict=True)]
    legend = "  ".join(f"{letter} {ROLE_LABELS[role].zh} {ROLE_LABELS[role].en}" for role, letter in LETTERS.items())
    with styled_axes(ax) as axes:
        fill_heatmap(
            axes, strengths, rows=titles_with_dates(articles, TITLE_WIDTH), columns=names, maximum=3, texts=letters
        )
        axes.tick_params(axis="x", labelrotation=90)
        title(
            axes,
            "Who could supply ∙ 谁能供应",
            n=shown_of_all(articles, table),
            note=f"Shade: strength as a supplier, 0 to 3 ∙ 颜色:作为供应国的强度\n{legend}",
        )
    return axes


def draw_supplier_stages(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many articles see a country at each stage of the chain and in each role.

    Parameters
    ----------
    table
        Columns country, country_zh, country_en, stage, n_articles and n_corpus; countries in the
        order of the picture. ``table.attrs["labels"]`` may hold labels of stages, in the order of
        columns; the roles stand behind them.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    countries = table.drop_duplicates("country")
    stages = labels_in_order(table["stage"], {**table.attrs.get("labels", {}), **ROLE_LABELS})
    pivot = table.pivot_table(index="country", columns="stage", values="n_articles", fill_value=0)
    counts = pivot.loc[countries["country"], list(stages)].to_numpy()
    rows = [join_languages(zh, en) for zh, en in zip(countries["country_zh"], countries["country_en"], strict=True)]
    columns = ["\n".join(dict.fromkeys(label)) for label in stages.values()]
    with styled_axes(ax) as axes:
        fill_heatmap(axes, counts, rows=rows, columns=columns, maximum=float(counts.max()))
        title(
            axes,
            "Stages of the chain and roles ∙ 产业链环节与角色",
            n=f"{int(table['n_corpus'].iloc[0]):,} articles",
            note="Number of articles that say so ∙ 如此表述的文章数",
        )
    return axes


def _letters(roles: str) -> str:
    """Abbreviate roles that are joined by ``; ``."""
    return "".join(LETTERS[role] for role in roles.split("; ") if role)


def _by_total_strength(table: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each country, the country of the largest sum of strengths first."""
    total = table.groupby("country")["strength"].sum()
    countries = table.drop_duplicates("country")
    return countries.assign(rank=-countries["country"].map(total)).sort_values(["rank", "country"])

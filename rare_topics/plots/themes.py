"""Themes: where they stand, when, beside which topics, and in which aspects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.corpus.languages import Label
from rare_topics.plots.axes import (
    annotate_right,
    article_count,
    dated_article_count,
    integer_ticks,
    name_rows,
    styled_axes,
    title,
)
from rare_topics.plots.heatmaps import article_matrix, fill_heatmap, fill_month_table, keep_first, shown_of_all
from rare_topics.plots.labels import (
    SEPARATOR,
    join_languages,
    labels_in_order,
    own_words,
    shorten,
    stack_languages,
    stacked_label,
    titles_with_dates,
)
from rare_topics.plots.style import colours
from rare_topics.plots.topics import MAIN_TOPICS
from rare_topics.themes.strength import STRONG

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Widths in columns of `labels.display_width`.
TITLE_WIDTH = 44
COLUMN_WIDTH = 22
# Themes that are drawn; the others stand in the data (chosen by hand).
MAIN_THEMES = 12


def draw_theme_strength(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the strength of every theme in every article.

    Parameters
    ----------
    table
        Columns article_id, published, title, theme, title_zh, title_en, strength (0 to 3) and
        n_corpus; articles in the order of the picture. The twelve themes of most articles are drawn.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    n_strong = (table["strength"] >= STRONG).groupby(table["theme"], sort=False).sum()
    widest = n_strong.sort_values(ascending=False, kind="stable").index[:MAIN_THEMES]
    themes = table.drop_duplicates("theme").set_index("theme", drop=False).loc[widest]
    strengths, articles = article_matrix(table, column="theme", order=themes["theme"], value="strength")
    columns = [stack_languages(zh, en) for zh, en in zip(themes["title_zh"], themes["title_en"], strict=True)]
    with styled_axes(ax) as axes:
        fill_heatmap(axes, strengths, rows=titles_with_dates(articles, TITLE_WIDTH), columns=columns, maximum=3)
        axes.tick_params(axis="x", labelrotation=90)
        title(
            axes,
            "Themes of each article ∙ 各文章的叙事",
            n=shown_of_all(articles, table),
            note="1 mentioned, 2 dealt with, 3 what it is about ∙ 1 提到，2 谈到，3 文章主旨",
        )
    return axes


def draw_themes_by_month(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many of a month's articles deal with each theme.

    Parameters
    ----------
    table
        Columns theme, title_zh, title_en, month, n_articles, n_strong and share; a row for every
        theme and month, share not a number in an empty month; themes in the order of the picture.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    table = keep_first(table, "theme", MAIN_THEMES)
    themes = table.drop_duplicates("theme")
    names = [join_languages(zh, en) for zh, en in zip(themes["title_zh"], themes["title_en"], strict=True)]
    with styled_axes(ax) as axes:
        fill_month_table(axes, table, count="n_strong", names=names)
        title(
            axes,
            "Themes by month ∙ 各月叙事",
            n=dated_article_count(table),
            note="Articles that deal with it, of those of the month ∙ 谈到该叙事的篇数/当月篇数",
        )
    return axes


def draw_theme_topics(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw which share of each topic's passages a theme explains.

    Parameters
    ----------
    table
        Columns topic, label_zh, label_en, theme, title_zh, title_en, share (0 to 1), n_passages.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes.
    """
    widest = table.groupby("theme", sort=False)["share"].max().sort_values(ascending=False, kind="stable").index
    table = table[table["theme"].isin(widest[:MAIN_THEMES])]
    topics, themes = table.drop_duplicates("topic").head(MAIN_TOPICS), table.drop_duplicates("theme")
    pivot = table.pivot_table(index="theme", columns="topic", values="share", fill_value=0)
    shares = pivot.loc[themes["theme"], topics["topic"]].to_numpy()
    theme_names = zip(themes["title_zh"], themes["title_en"], strict=True)
    topic_names = zip(topics["label_zh"], topics["label_en"], strict=True)
    rows = [shorten(join_languages(zh, en), TITLE_WIDTH) for zh, en in theme_names]
    columns = [stacked_label(zh, en, COLUMN_WIDTH) for zh, en in topic_names]
    texts = [[f"{share:.0%}" for share in row] for row in shares]
    n_passages = int(table["n_passages"].iloc[0])
    with styled_axes(ax) as axes:
        fill_heatmap(axes, shares, rows=rows, columns=columns, maximum=float(shares.max()), texts=texts)
        title(
            axes,
            "Themes and topics ∙ 叙事与主题",
            n=Label(zh=f"{n_passages:,} 个段落", en=f"{n_passages:,} passages"),
            note="Share of the topic's passages that the theme explains ∙ 主题段落中由该叙事解释的份额",
        )
    return axes


def draw_theme_aspects(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw in how many articles each aspect of a theme is spoken of.

    Parameters
    ----------
    table
        Columns article_id, aspect, n_passages and n_corpus. ``table.attrs`` may hold the ``labels``
        of aspects, and the ``title``.
    ax
        Axes to draw into; a new figure's if None.

    Returns
    -------
    Axes
        The same axes; the aspects of most articles on top.
    """
    counts = table.groupby("aspect", sort=False).agg(
        n_articles=("article_id", "nunique"), n_passages=("n_passages", "sum")
    )
    labels = labels_in_order(counts.index, table.attrs.get("labels", {}))
    counts = counts.loc[list(labels)].sort_values("n_articles", ascending=False, kind="stable")
    n_corpus = int(table["n_corpus"].iloc[0])
    with styled_axes(ax) as axes:
        axes.barh(range(len(counts)), counts["n_articles"], height=0.62, color=colours(1))
        for row, (n_articles, n_passages) in enumerate(counts.itertuples(index=False)):
            annotate_right(
                axes, n_articles, row, f"{n_articles}/{n_corpus}   ({own_words('passages ∙ 段落')} {n_passages})"
            )
        name_rows(axes, [join_languages(*labels[aspect]) for aspect in counts.index])
        axes.set_xlim(0, counts["n_articles"].max() * 1.3)
        integer_ticks(axes.xaxis)
        axes.set_xlabel(own_words("Articles ∙ 篇数"))
        title(axes, _heading(table), n=article_count(table["article_id"].nunique(), n_corpus))
    return axes


def _heading(table: pd.DataFrame) -> str:
    """Return the title in both languages, English first, of a table whose ``attrs`` hold one."""
    label = table.attrs.get("title") or Label(zh="叙事的各个方面", en="Aspects of a theme")
    return label.en if label.en == label.zh else f"{label.en}{SEPARATOR}{label.zh}"

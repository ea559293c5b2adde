"""The figures of the themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics import plots
from rare_topics.figures import theme_tables as tables
from rare_topics.figures.figure import Figure, by_panels

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.figures.figure import Size


def _grid(*, column: str, row: str = "article_id", left: float = 4.6, each: float = 0.8) -> Size:
    """Grow with columns and rows: so many inches for each different value."""

    def size(table: pd.DataFrame) -> tuple[float, float]:
        return max(left + each * table[column].nunique(), 9.5), 3.4 + 0.25 * table[row].nunique()

    return size


def _timeline(table: pd.DataFrame) -> tuple[float, float]:
    return 14.0, 2.8 + 0.28 * len(table)


THEME_FIGURES = (
    Figure(
        name="theme_strength",
        question="What is each article about?",
        caption="Strength of each theme in each article, articles by date: 1 in passing, 2 a real part, 3 what the "
        "article is about. Themes that are a real part of no article are left out.",
        table=tables.theme_strength_table,
        draw=plots.draw_theme_strength,
        size=_grid(column="theme", each=0.5),
    ),
    Figure(
        name="themes_by_month",
        question="Which themes come and go?",
        caption="Share of a month's articles of which a theme is a real part, the eight widest themes. Lines are 95 % "
        "bootstrap intervals over the articles of that month alone; a hollow dot stands for one or two articles, too "
        "few for an interval; an empty month stays empty.",
        table=tables.themes_by_month_table,
        draw=plots.draw_themes_by_month,
        size=by_panels(9.5, column="theme", columns=2, each=1.55),
    ),
    Figure(
        name="theme_topics",
        question="How do themes and discovered topics relate?",
        caption="Share of each topic's passages that a theme explains. A topic that no theme explains is news to the "
        "themes; a theme spread over all topics is no topic of its own.",
        table=tables.theme_topics_table,
        draw=plots.draw_theme_topics,
        size=_grid(column="topic", row="theme", each=1.0),
    ),
    Figure(
        name="dependence_aspects",
        question="In what do the United States depend on China?",
        caption="Passages of each article by the side of the dependence they speak of; one may speak of several.",
        table=tables.dependence_aspects_table,
        draw=plots.draw_dependence_aspects,
        size=_grid(column="aspect", each=0.9),
    ),
    Figure(
        name="control_timeline",
        question="How did the Chinese controls come about?",
        caption="Articles of which the Chinese controls are a real part, by date of publication, each with its "
        "clearest passage. Colour says whether that passage tells of controls, tightening, licences, bans or easing.",
        table=tables.control_timeline_table,
        draw=plots.draw_control_timeline,
        size=_timeline,
    ),
    Figure(
        name="supplier_articles",
        question="Who could supply instead, and who is only on the way?",
        caption="Countries by article with their roles. Shade is the strength of the country as a supplier; a letter "
        "without shade is a country that buys, lets through or signs, but does not supply.",
        table=tables.supplier_articles_table,
        draw=plots.draw_supplier_articles,
        size=_grid(column="country", each=0.55),
    ),
    Figure(
        name="supplier_stages",
        question="Ore or processing: at which stage of the chain does each country stand?",
        caption="Number of articles that see a country at a stage (reserve, mine, separation, magnet) or in a role.",
        table=tables.supplier_stages_table,
        draw=plots.draw_supplier_stages,
        size=_grid(column="stage", row="country", left=2.6, each=0.85),
    ),
    Figure(
        name="bargaining_chips",
        question="What lies on the table between Washington and Beijing?",
        caption="Passages of each article that lay a chip on the table, by chip.",
        table=tables.bargaining_chips_table,
        draw=plots.draw_bargaining_chips,
        size=_grid(column="aspect", each=0.9),
    ),
)

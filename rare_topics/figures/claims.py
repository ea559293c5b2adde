"""The figures of the claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics import plots
from rare_topics.figures import claim_tables as tables
from rare_topics.figures.figure import Figure

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.figures.figure import Size


def _rows(width: float, *, each: float, more: float = 1.9) -> Size:
    return lambda table: (width, more + each * len(table))


def _sides(table: pd.DataFrame) -> tuple[float, float]:
    return 14.0, 2.4 + 0.42 * int(table["measure"].value_counts().max())


CLAIM_FIGURES = (
    Figure(
        name="stated_shares",
        question="What share of processing and of mining is stated?",
        caption="Each dot is a statement, a line its printed range; an arrow points where the text says over, at "
        "least, nearly or up to. Colours are definitions: to refine is not to separate, and a metal is no oxide.",
        table=tables.stated_shares_table,
        draw=plots.draw_stated_shares,
        size=_sides,
    ),
    Figure(
        name="number_told_twice",
        question="Which number is told in several ways?",
        caption="One number of four digits or more that articles give to different things, with the sentences it "
        "stands in. Such a number is not shared by chance: at most one of the tellings is right.",
        table=tables.number_told_twice_table,
        draw=plots.draw_number_told_twice,
        size=_rows(13.0, each=0.85),
    ),
    Figure(
        name="money_needed",
        question="How does the money announced compare with the money said to be needed?",
        caption="Sums in the currency that most are printed in, on a logarithmic scale; the end of a range is the "
        "paler part. Sums are as printed, of different years and purposes: compare their magnitude, and add nothing.",
        table=tables.money_table,
        draw=plots.draw_money_needed,
        size=_rows(11.0, each=0.36),
    ),
    Figure(
        name="catch_up_years",
        question="How many years is catching up said to take?",
        caption="Each dot is a statement; an arrow to the right says at least. The lag that is behind and the time "
        "that is ahead are both here, as the quotes say.",
        table=tables.catch_up_table,
        draw=plots.draw_catch_up,
        size=_rows(11.0, each=0.5),
    ),
)

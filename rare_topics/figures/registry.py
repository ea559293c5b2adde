"""The registry: each figure's name, question, caption, numbers, drawing and size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from rare_topics import plots
from rare_topics.errors import InputError
from rare_topics.figures import tables

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from rare_topics.study import Study

    Size = Callable[[pd.DataFrame], tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure that can be drawn from any study.

    Attributes
    ----------
    name
        Name of its files.
    question
        What the figure answers.
    caption
        What is drawn and how to read it.
    table
        Takes a study, returns the numbers drawn.
    draw
        Takes these numbers and axes, returns the axes.
    size
        Takes these numbers, returns width and height in inches.
    """

    name: str
    question: str
    caption: str
    table: Callable[[Study], pd.DataFrame]
    draw: Callable[[pd.DataFrame, Axes | None], Axes]
    size: Size

    def plot(self, study: Study, ax: Axes | None = None) -> Axes:
        """Draw the figure.

        Parameters
        ----------
        study
            A fitted study.
        ax
            Axes to draw into; those of a new figure of fitting size if None.

        Returns
        -------
        Axes
            The same axes.

        Raises
        ------
        InputError
            If the study holds nothing to draw.
        """
        table = self.table(study)
        if table.empty:
            raise InputError(f"the study holds no data for the figure {self.name}")
        if ax is None:
            import matplotlib.pyplot as plt

            with plots.style():
                _, ax = plt.subplots(figsize=self.size(table))
        return self.draw(table, ax)


def _fixed(width: float, height: float) -> Size:
    return lambda _: (width, height)


def _by_rows(width: float, *, column: str, each: float) -> Size:
    """Grow with the rows: so many inches for each different value of a column."""
    return lambda table: (width, 1.6 + each * table[column].nunique())


def _by_panels(width: float, *, column: str, columns: int, each: float) -> Size:
    return lambda table: (width, 1.1 + each * -(-table[column].nunique() // columns))


def _heat_size(table: pd.DataFrame) -> tuple[float, float]:
    return 4.2 + 0.8 * table["topic"].nunique(), 2.0 + 0.24 * table["article_id"].nunique()


FIGURES = MappingProxyType(
    {
        figure.name: figure
        for figure in (
            Figure(
                name="articles_by_month",
                question="When were the articles published, and in which language are their bodies?",
                caption="Articles per month, stacked by the language of the body, which is judged on the body itself "
                "and not on the headline. Months without an article are shown as 0.",
                table=tables.months_table,
                draw=plots.draw_months,
                size=_fixed(8, 3.8),
            ),
            Figure(
                name="articles_by_source",
                question="Who published them?",
                caption="Articles per source as printed, stacked by the language of the body. Where one source "
                "holds most of the corpus, every other figure shows mostly that source's view.",
                table=tables.sources_table,
                draw=plots.draw_sources,
                size=_by_rows(8, column="source", each=0.3),
            ),
            Figure(
                name="terms",
                question="Which concepts stand in most articles, in either language?",
                caption="The twenty concepts that stand in most articles, with the share of English and of Chinese "
                "bodies that name them. Lines are 95 % Wilson intervals: wide where a language has few bodies.",
                table=tables.terms_table,
                draw=plots.draw_terms,
                size=_by_rows(8, column="concept", each=0.3),
            ),
            Figure(
                name="topic_terms",
                question="What are the topics about?",
                caption="The eight likeliest concepts of each topic. Dots are probabilities within the topic, lines "
                "their range over resamples of the corpus; a topic's stability is the share of it that comes back.",
                table=tables.topic_terms_table,
                draw=plots.draw_topic_terms,
                size=_by_panels(9.5, column="topic", columns=2, each=2.75),
            ),
            Figure(
                name="topic_shares",
                question="How large is each topic, and how far can it be trusted?",
                caption="Share of the corpus that belongs to each topic, with a 95 % bootstrap interval over "
                "articles. The paler a bar, the less stable its topic under resampling.",
                table=tables.topic_shares_table,
                draw=plots.draw_topic_shares,
                size=_by_rows(9, column="topic", each=0.5),
            ),
            Figure(
                name="article_topics",
                question="Which topics does each article mix?",
                caption="Weight of each topic in each article, articles by date. Weights under 10 % are coloured "
                "but not printed.",
                table=tables.article_topics_table,
                draw=plots.draw_article_topics,
                size=_heat_size,
            ),
            Figure(
                name="topics_by_month",
                question="Which topics come and go?",
                caption="Mean weight of each topic in the articles of a month. Lines are 95 % bootstrap intervals "
                "over articles; a hollow dot stands for one or two articles, too few for an interval; an empty month "
                "stays empty.",
                table=tables.topics_by_month_table,
                draw=plots.draw_topics_by_month,
                size=_by_panels(9.5, column="topic", columns=2, each=1.55),
            ),
            Figure(
                name="map",
                question="Which articles tell the same story?",
                caption="Articles that share concepts lie close together. Hulls are clusters, the size of a dot is "
                "the share of resamples that agree on its place, grey dots belong to no cluster. Read neighbours, "
                "not distances between clusters.",
                table=tables.map_table,
                draw=plots.draw_map,
                size=_fixed(10, 8),
            ),
            Figure(
                name="map_states",
                question="Which parts of the map are there by chance?",
                caption="The same articles mapped under several random states, turned and mirrored to match. Only "
                "what stays together in every panel is a property of the articles.",
                table=tables.map_states_table,
                draw=plots.draw_map_states,
                size=_by_panels(9.5, column="random_state", columns=3, each=3.3),
            ),
            Figure(
                name="topic_stability",
                question="How many topics does the corpus support?",
                caption="How well the topics come back when the corpus is resampled, for each number of topics "
                "tried. Lines are ranges over topics; the diamond is the number that was used.",
                table=tables.topic_stability_table,
                draw=plots.draw_topic_stability,
                size=_fixed(8, 4.2),
            ),
        )
    }
)


def pick(names: Iterable[str] | None = None) -> list[Figure]:
    """Look figures up by name.

    Parameters
    ----------
    names
        Names of figures; None for all.

    Returns
    -------
    list of Figure
        In the order of the registry, each once.

    Raises
    ------
    InputError
        If a name is unknown; the message lists the known ones.
    """
    if names is None:
        return list(FIGURES.values())
    wanted = {names} if isinstance(names, str) else set(names)
    unknown = sorted(wanted - set(FIGURES))
    if unknown:
        raise InputError(
            f"no figure is named {', '.join(map(repr, unknown))}", fix=f"the figures are: {', '.join(FIGURES)}"
        )
    return [figure for name, figure in FIGURES.items() if name in wanted]

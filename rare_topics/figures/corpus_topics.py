"""Figures of the corpus, its topics and its map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics import plots
from rare_topics.figures import corpus_topics_tables as tables
from rare_topics.figures.figure import Figure, by_panels, by_rows, fixed

if TYPE_CHECKING:
    import pandas as pd


def _heat_size(table: pd.DataFrame) -> tuple[float, float]:
    return 4.2 + 0.9 * table["topic"].nunique(), 2.3 + 0.24 * table["article_id"].nunique()


def _states_size(table: pd.DataFrame) -> tuple[float, float]:
    """Give every panel, and below the title every second cluster, its height."""
    return 9.5, 1.2 + 2.9 * -(-table["random_state"].nunique() // 3) + 0.36 * -(-table["cluster"].nunique() // 2)


CORE_FIGURES = (
    Figure(
        name="articles_by_month",
        question="When were the articles published, and in which language are their bodies?",
        caption="Articles per month, stacked by the language of the body, which is judged on the body itself "
        "and not on the headline. Months without an article are shown as 0.",
        table=tables.months_table,
        draw=plots.draw_months,
        size=fixed(8, 3.8),
    ),
    Figure(
        name="articles_by_source",
        question="Who published them?",
        caption="Articles per source as printed, stacked by the language of the body. Where one source "
        "holds most of the corpus, every other figure shows mostly that source's view.",
        table=tables.sources_table,
        draw=plots.draw_sources,
        size=by_rows(8, column="source", each=0.3),
    ),
    Figure(
        name="terms",
        question="Which concepts stand in most articles, in either language?",
        caption="The twenty concepts that stand in most articles, with the share of English and of Chinese "
        "bodies that name them. Lines are 95 % Wilson intervals: wide where a language has few bodies.",
        table=tables.terms_table,
        draw=plots.draw_terms,
        size=by_rows(8, column="concept", each=0.3),
    ),
    Figure(
        name="topic_terms",
        question="What are the topics about?",
        caption="The eight likeliest concepts of each topic. Dots are probabilities within the topic, lines "
        "their range over resamples of the corpus; a topic's stability is the share of it that comes back.",
        table=tables.topic_terms_table,
        draw=plots.draw_topic_terms,
        size=by_panels(9.5, column="topic", columns=2, each=2.75),
    ),
    Figure(
        name="topic_shares",
        question="How large is each topic, and how far can it be trusted?",
        caption="Share of the corpus that belongs to each topic, with a 95 % bootstrap interval over "
        "articles. The paler a bar, the less stable its topic under resampling.",
        table=tables.topic_shares_table,
        draw=plots.draw_topic_shares,
        size=by_rows(9, column="topic", each=0.5),
    ),
    Figure(
        name="article_topics",
        question="Which topics does each article mix?",
        caption="Weight of each topic in each article, articles by date. Weights under 10 % are coloured "
        "but not printed. Beside the number of a topic stands its stability: a column is worth no more than that.",
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
        size=by_panels(9.5, column="topic", columns=2, each=1.55),
    ),
    Figure(
        name="map",
        question="Which articles tell the same story?",
        caption="Articles that share concepts lie close together. Bands join the articles of a cluster, "
        "the size of a dot is the share of resamples that agree on its place, grey dots belong to no cluster. "
        "Read neighbours, not distances between clusters, and not the length of a band.",
        table=tables.map_table,
        draw=plots.draw_map,
        size=fixed(10, 8),
    ),
    Figure(
        name="map_states",
        question="Which parts of the map are there by chance?",
        caption="The same articles mapped under several random states, turned and mirrored to match. Only "
        "what stays together in every panel is a property of the articles.",
        table=tables.map_states_table,
        draw=plots.draw_map_states,
        size=_states_size,
    ),
    Figure(
        name="topic_stability",
        question="How many topics does the corpus support?",
        caption="How well the topics come back when the corpus is resampled, for each number of topics "
        "tried. Lines are ranges over topics; the diamond is the number that was used.",
        table=tables.topic_stability_table,
        draw=plots.draw_topic_stability,
        size=fixed(8, 4.2),
    ),
)

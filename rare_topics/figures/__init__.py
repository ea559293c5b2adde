"""Figures of a study: a registry, a function for each, and a folder of files."""

from rare_topics.figures.figure import Figure
from rare_topics.figures.registry import FIGURES, pick
from rare_topics.figures.save import Outcome, save_figures
from rare_topics.figures.wrappers import (
    plot_article_topics,
    plot_bargaining_chips,
    plot_control_timeline,
    plot_dependence_aspects,
    plot_map,
    plot_map_states,
    plot_months,
    plot_sources,
    plot_supplier_articles,
    plot_supplier_stages,
    plot_terms,
    plot_theme_strength,
    plot_theme_topics,
    plot_themes_by_month,
    plot_topic_shares,
    plot_topic_stability,
    plot_topic_terms,
    plot_topics_by_month,
)

__all__ = [
    "FIGURES",
    "Figure",
    "Outcome",
    "pick",
    "plot_article_topics",
    "plot_bargaining_chips",
    "plot_control_timeline",
    "plot_dependence_aspects",
    "plot_map",
    "plot_map_states",
    "plot_months",
    "plot_sources",
    "plot_supplier_articles",
    "plot_supplier_stages",
    "plot_terms",
    "plot_theme_strength",
    "plot_theme_topics",
    "plot_themes_by_month",
    "plot_topic_shares",
    "plot_topic_stability",
    "plot_topic_terms",
    "plot_topics_by_month",
    "save_figures",
]

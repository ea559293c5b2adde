"""One function for each figure: a study in, axes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.figures.registry import FIGURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rare_topics.study import Study


def plot_months(study: Study, ax: Axes | None = None) -> Axes:
    """Draw how many articles each month has; see `Figure.plot`."""
    return FIGURES["articles_by_month"].plot(study, ax)


def plot_sources(study: Study, ax: Axes | None = None) -> Axes:
    """Draw how many articles each source has; see `Figure.plot`."""
    return FIGURES["articles_by_source"].plot(study, ax)


def plot_terms(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the most widespread concepts, by language; see `Figure.plot`."""
    return FIGURES["terms"].plot(study, ax)


def plot_topic_terms(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the likeliest concepts of every topic; see `Figure.plot`."""
    return FIGURES["topic_terms"].plot(study, ax)


def plot_topic_shares(study: Study, ax: Axes | None = None) -> Axes:
    """Draw how large and how stable each topic is; see `Figure.plot`."""
    return FIGURES["topic_shares"].plot(study, ax)


def plot_article_topics(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the topics of every article; see `Figure.plot`."""
    return FIGURES["article_topics"].plot(study, ax)


def plot_topics_by_month(study: Study, ax: Axes | None = None) -> Axes:
    """Draw each topic's share of every month; see `Figure.plot`."""
    return FIGURES["topics_by_month"].plot(study, ax)


def plot_map(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the map of articles and clusters; see `Figure.plot`."""
    return FIGURES["map"].plot(study, ax)


def plot_map_states(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the map under several random states; see `Figure.plot`."""
    return FIGURES["map_states"].plot(study, ax)


def plot_topic_stability(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the stability of each number of topics; see `Figure.plot`."""
    return FIGURES["topic_stability"].plot(study, ax)


def plot_theme_strength(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the strength of every theme in every article; see `Figure.plot`."""
    return FIGURES["theme_strength"].plot(study, ax)


def plot_themes_by_month(study: Study, ax: Axes | None = None) -> Axes:
    """Draw each theme's share of every month; see `Figure.plot`."""
    return FIGURES["themes_by_month"].plot(study, ax)


def plot_theme_topics(study: Study, ax: Axes | None = None) -> Axes:
    """Draw what themes explain of the topics; see `Figure.plot`."""
    return FIGURES["theme_topics"].plot(study, ax)


def plot_dependence_aspects(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the sides of the American dependence; see `Figure.plot`."""
    return FIGURES["dependence_aspects"].plot(study, ax)


def plot_control_timeline(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the Chinese controls over time; see `Figure.plot`."""
    return FIGURES["control_timeline"].plot(study, ax)


def plot_supplier_articles(study: Study, ax: Axes | None = None) -> Axes:
    """Draw who could supply, by article; see `Figure.plot`."""
    return FIGURES["supplier_articles"].plot(study, ax)


def plot_supplier_stages(study: Study, ax: Axes | None = None) -> Axes:
    """Draw the stages of the chain that countries stand at; see `Figure.plot`."""
    return FIGURES["supplier_stages"].plot(study, ax)


def plot_bargaining_chips(study: Study, ax: Axes | None = None) -> Axes:
    """Draw what lies on the table of the talks; see `Figure.plot`."""
    return FIGURES["bargaining_chips"].plot(study, ax)


def plot_stated_shares(study: Study, ax: Axes | None = None) -> Axes:
    """Draw what shares of processing and mining are stated; see `Figure.plot`."""
    return FIGURES["stated_shares"].plot(study, ax)


def plot_number_told_twice(study: Study, ax: Axes | None = None) -> Axes:
    """Draw one number that is told of different things; see `Figure.plot`."""
    return FIGURES["number_told_twice"].plot(study, ax)


def plot_money_needed(study: Study, ax: Axes | None = None) -> Axes:
    """Draw sums announced and sums said to be needed; see `Figure.plot`."""
    return FIGURES["money_needed"].plot(study, ax)


def plot_catch_up_years(study: Study, ax: Axes | None = None) -> Axes:
    """Draw how many years catching up is said to take; see `Figure.plot`."""
    return FIGURES["catch_up_years"].plot(study, ax)

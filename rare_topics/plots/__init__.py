"""Drawings: prepared numbers and axes in, the same axes out; nothing is fitted or computed here."""

from rare_topics.plots.bars import draw_months, draw_sources, draw_terms, draw_topic_shares
from rare_topics.plots.claims import draw_catch_up, draw_money_needed, draw_number_told_twice, draw_stated_shares
from rare_topics.plots.labels import bilingual, label, shorten
from rare_topics.plots.maps import draw_map, draw_map_states
from rare_topics.plots.style import FONT_FAMILY, canvas, font_path, style
from rare_topics.plots.suppliers import draw_supplier_articles, draw_supplier_stages
from rare_topics.plots.themes import (
    draw_bargaining_chips,
    draw_control_timeline,
    draw_dependence_aspects,
    draw_theme_strength,
    draw_theme_topics,
    draw_themes_by_month,
)
from rare_topics.plots.topics import draw_article_topics, draw_topic_stability, draw_topic_terms, draw_topics_by_month

__all__ = [
    "FONT_FAMILY",
    "bilingual",
    "canvas",
    "draw_article_topics",
    "draw_bargaining_chips",
    "draw_catch_up",
    "draw_control_timeline",
    "draw_dependence_aspects",
    "draw_map",
    "draw_map_states",
    "draw_money_needed",
    "draw_months",
    "draw_number_told_twice",
    "draw_sources",
    "draw_stated_shares",
    "draw_supplier_articles",
    "draw_supplier_stages",
    "draw_terms",
    "draw_theme_strength",
    "draw_theme_topics",
    "draw_themes_by_month",
    "draw_topic_shares",
    "draw_topic_stability",
    "draw_topic_terms",
    "draw_topics_by_month",
    "font_path",
    "label",
    "shorten",
    "style",
]

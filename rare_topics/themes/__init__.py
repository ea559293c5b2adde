"""Narratives: what a corpus says about each theme, how strongly, and in which words."""

from rare_topics.themes.concept_list import concepts
from rare_topics.themes.finder import ThemeFinder
from rare_topics.themes.matches import PackedMatch
from rare_topics.themes.theme_file import Theme, read_themes
from rare_topics.themes.themes import ThemeResult, Themes

__all__ = ["PackedMatch", "Theme", "ThemeFinder", "ThemeResult", "Themes", "concepts", "read_themes"]

"""Narratives: what a corpus says about each theme, how strongly, and in which words."""

from rare_topics.themes.finder import ThemeFinder
from rare_topics.themes.matcher import Found
from rare_topics.themes.theme import ThemeResult
from rare_topics.themes.theme_file import Theme, read_themes
from rare_topics.themes.themes import Themes

__all__ = ["Found", "Theme", "ThemeFinder", "ThemeResult", "Themes", "read_themes"]

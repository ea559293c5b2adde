"""Narratives: what a corpus says about each theme, how strongly, and in which words."""

from rare_topics.themes.finder import ThemeFinder
from rare_topics.themes.marks import Found
from rare_topics.themes.one import ThemeResult
from rare_topics.themes.results import Themes
from rare_topics.themes.rules import Theme, read_themes

__all__ = ["Found", "Theme", "ThemeFinder", "ThemeResult", "Themes", "read_themes"]

"""Drawings: a table of prepared numbers and axes in, the same axes out; nothing is fitted or computed here.

Each ``draw_*`` function stands in the module of its subject and is imported from there, so that a new one is listed
nowhere else.
"""

from rare_topics.plots.style import FONT_FAMILY, figure_style, font_path

__all__ = ["FONT_FAMILY", "figure_style", "font_path"]

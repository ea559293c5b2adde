"""Figures of a study: ``FIGURES`` holds them by name, ``plot_NAME(study)`` draws one, `save_figures` writes files.

``plot_NAME`` is ``FIGURES["NAME"]`` under the name of a function: a new figure has its own without being listed here.
"""

from rare_topics.figures.figure import Figure
from rare_topics.figures.hierarchy import plot_hierarchy
from rare_topics.figures.registry import FIGURES, select_figures
from rare_topics.figures.save import Outcome, check_figures_folder, save_figures

__all__ = ["FIGURES", "Figure", "Outcome", "check_figures_folder", "plot_hierarchy", "save_figures", "select_figures"]

# Functions whose names are shorter than those of their files.
_SHORT_NAMES = {"articles_by_month": "plot_months", "articles_by_source": "plot_sources"}
_PLOTS = {_SHORT_NAMES.get(name, f"plot_{name}"): entry for name, entry in FIGURES.items()}


def __getattr__(name: str) -> Figure:
    if name not in _PLOTS:
        raise AttributeError(f"module 'rare_topics.figures' has no attribute '{name}'")
    return _PLOTS[name]


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLOTS])

"""The registry: every figure by its name, in the order of the page that shows them."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from rare_topics.errors import InputError
from rare_topics.figures import claims, corpus_topics, themes
from rare_topics.figures.figure import Figure

# A module's figures stand in the order in which they are written there.
FIGURES = MappingProxyType(
    {
        figure.name: figure
        for module in (corpus_topics, themes, claims)
        for figure in vars(module).values()
        if isinstance(figure, Figure)
    }
)


def select_figures(names: Iterable[str] | None = None) -> list[Figure]:
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

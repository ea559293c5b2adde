"""The registry: every figure by its name, in the order of the page that shows them."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from rare_topics.errors import InputError
from rare_topics.figures.claims import CLAIM_FIGURES
from rare_topics.figures.corpus_topics import CORE_FIGURES
from rare_topics.figures.figure import Figure
from rare_topics.figures.themes import THEME_FIGURES

FIGURES = MappingProxyType({figure.name: figure for figure in (*CORE_FIGURES, *THEME_FIGURES, *CLAIM_FIGURES)})


def pick(names: Iterable[str] | None = None) -> list[Figure]:
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

"""What a file of themes may name: concepts with their forms, groups, categories."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.clauses.passage_reader import PassageReader
from rare_topics.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

CONCEPT_COLUMNS = ["name", "category", "zh", "en"]


def concepts(query: str = "", *, lexicon: str | Path | None = None) -> pd.DataFrame:
    """List what may be written in a file of themes, in `Study.seed_topics` and in searches.

    Parameters
    ----------
    query
        A part of a name, of a form in either language or of a category; empty lists all.
    lexicon
        A lexicon file of the user's own, whose concepts go before the package's.

    Returns
    -------
    DataFrame
        name (a concept, ``@group`` or ``category:name``), category, zh, en: forms, the first is the
        label; of a group its members. What is called so itself stands first.

    Raises
    ------
    InputError
        If the query is no text.

    Examples
    --------
    >>> concepts("dysprosium").iloc[0, :2].tolist()
    ['dysprosium', 'element']
    """
    import pandas as pd

    if not isinstance(query, str):
        raise InputError(f"a query of the type {type(query).__name__}", fix="give a word, as concepts('price')")
    wanted = query.strip().casefold()
    known = PassageReader(lexicon).lexicon.concepts
    rows = [(name, one.category, "; ".join(one.zh), "; ".join(one.en)) for name, one in known.items()]
    rows += [(f"@{name}", "group", "", "; ".join(map(str, members))) for name, members in _groups().items()]
    rows += [(f"category:{name}", "category", "", "") for name in sorted({one.category for one in known.values()})]
    found = [row for row in rows if any(wanted in cell.casefold() for cell in row)]
    found.sort(key=lambda row: (_rank(row, wanted), row[0]))
    return pd.DataFrame(found, columns=CONCEPT_COLUMNS)


def _rank(row: tuple[str, str, str, str], wanted: str) -> int:
    """Return 0 for what is called so, 1 for what has such a form, 2 for what is named like it, 3 for the others."""
    name, _, zh, en = (cell.casefold() for cell in row)
    if name == wanted:
        return 0
    if wanted in {*zh.split("; "), *en.split("; ")} and not name.startswith("@"):
        return 1
    return 2 if wanted in name else 3


def _groups() -> dict[str, list[object]]:
    """Return the groups of the package's themes, which a file of one's own may name."""
    text = (files("rare_topics") / "data" / "themes.toml").read_text("utf-8")
    return dict(tomllib.loads(text).get("groups", {}))

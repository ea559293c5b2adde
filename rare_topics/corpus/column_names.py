"""Which column of a table is the title, the text, the date: as the user says, or by the usual names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rare_topics.errors import InputError, list_names

TEXT_COLUMNS = ("title", "text")
OPTIONAL_COLUMNS = ("id", "published", "source", "lang", "label")
TABLE_COLUMNS = TEXT_COLUMNS + OPTIONAL_COLUMNS
_NAME_GAPS = re.compile(r"[\s_\-.]+")


@lru_cache(maxsize=1)
def input_words() -> Mapping[str, Any]:
    """Return what ``data/input.toml`` says of names of columns and of encodings."""
    return tomllib.loads((files("rare_topics") / "data" / "input.toml").read_text("utf-8"))


def field_columns(
    columns: Iterable[object], *, where: str, columns_of: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Find the columns that make up an article.

    Parameters
    ----------
    columns
        Names of the table's columns.
    where
        File and line, for messages.
    columns_of
        Column of a field by the user's word, as ``{"text": "Abstract"}``; other fields are found.

    Returns
    -------
    dict of str to str
        Column by field; fields are those of `TABLE_COLUMNS`, in that order.

    Raises
    ------
    InputError
        If two columns have one name, no column is a title or a text, or the user names a field
        or a column that is not there.
    """
    names = list(map(str, columns))
    if len(set(names)) < len(names):
        raise InputError("two columns of one name", where=where, fix="name each column once")
    chosen = _checked_choice(columns_of or {}, names, where)
    taken = set(chosen.values())
    for field in TABLE_COLUMNS:
        if field in names and field not in chosen and field not in taken:
            chosen[field] = field
            taken.add(field)
    for field in TABLE_COLUMNS:
        found = None if field in chosen else _by_usual_name(field, names, taken)
        if found is not None:
            chosen[field] = found
            taken.add(found)
    if not any(field in chosen for field in TEXT_COLUMNS):
        raise InputError(
            f"no column text and no column title; the columns are {list_names(names) or 'none'}",
            where=where,
            fix=(
                f"name the columns {', '.join(TEXT_COLUMNS)} and, where there are such, "
                f"{', '.join(OPTIONAL_COLUMNS)}, or say which is which: columns={{'text': …}}"
            ),
        )
    return {field: chosen[field] for field in TABLE_COLUMNS if field in chosen}


def _checked_choice(columns_of: Mapping[str, str], names: Collection[str], where: str) -> dict[str, str]:
    """Check what the user says of columns."""
    if not isinstance(columns_of, Mapping):
        raise InputError(
            f"columns is a {type(columns_of).__name__}", where=where, fix="give a dict, as {'text': 'Abstract'}"
        )
    for field, column in columns_of.items():
        if field not in TABLE_COLUMNS:
            raise InputError(f"no field '{field}'", where=where, fix=f"take one of {', '.join(TABLE_COLUMNS)}")
        if str(column) not in names:
            raise InputError(
                f"no column '{column}' for {field}; the columns are {list_names(names) or 'none'}",
                where=where,
                fix="name one of them",
            )
    return {field: str(column) for field, column in columns_of.items()}


def _by_usual_name(field: str, names: Iterable[str], taken: Collection[str]) -> str | None:
    """Return the column with the surest of the names that tables give to a field."""
    rank = {_plain(name): number for number, name in enumerate(input_words()["columns"][field])}
    candidates = [name for name in names if name not in taken and _plain(name) in rank]
    return min(candidates, key=lambda name: rank[_plain(name)], default=None)


def _plain(name: str) -> str:
    return _NAME_GAPS.sub(" ", name).strip().casefold()

"""Texts of the page in both languages: fixed words, sentences with numbers in them, names of things."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from rare_topics.corpus.languages import LANGUAGES, Label

# A name in braces, as `re.escape` leaves it.
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


@lru_cache(maxsize=1)
def messages() -> dict[str, dict[str, str]]:
    """Read ``data/report/messages.toml``: texts by key and language."""
    text = (files("rare_topics") / "data" / "report" / "messages.toml").read_text("utf-8")
    return tomllib.loads(text)


def message(key: str, **values: Any) -> Label:  # noqa: ANN401 - whatever a format takes
    """Return a text of the page, its placeholders filled.

    Parameters
    ----------
    key
        Of the text in ``messages.toml``.
    **values
        By placeholder; a `Label` gives each language its own value.

    Returns
    -------
    Label

    Examples
    --------
    >>> message("agreed", n=2, total=3).zh
    '有多个数字的 3 个事项中，2 个说法一致。'
    """
    texts = {}
    for lang in LANGUAGES:
        own = {name: value.in_language(lang) if isinstance(value, Label) else value for name, value in values.items()}
        texts[lang] = messages()[key][lang].format(**own)
    return Label(**texts)


def name_message(prefix: str, name: str) -> Label:
    """Return the text for a name in the data: ``("verdict", "differ by date")`` is under ``verdict_differ_by_date``.

    Parameters
    ----------
    prefix
        What the name is of: ``verdict``, ``qualifier``, ``role``.
    name
        As it stands in the tables.

    Returns
    -------
    Label
    """
    return message(f"{prefix}_{name.replace('-', '_').replace(' ', '_')}")


def warning_wording(warning: str) -> Label:
    """Return a warning of a study in both languages; one without a Chinese form stays as it is.

    Parameters
    ----------
    warning
        As `Study.warnings` has it.

    Returns
    -------
    Label

    Examples
    --------
    >>> warning_wording("1 article belongs to no cluster").zh
    '1 篇文章不属于任何聚类'
    """
    for pattern, zh in _warning_forms():
        found = pattern.fullmatch(warning)
        if found:
            return Label(zh=zh.format(**found.groupdict()), en=warning)
    return Label(zh=warning, en=warning)


@cache
def _warning_forms() -> list[tuple[re.Pattern[str], str]]:
    """Read ``data/report/warnings.toml``: a pattern of each English form, and the Chinese form."""
    text = (files("rare_topics") / "data" / "report" / "warnings.toml").read_text("utf-8")
    return [
        (re.compile(_PLACEHOLDER.sub(r"(?P<\1>.{1,400}?)", re.escape(form["en"]))), form["zh"])
        for form in tomllib.loads(text)["warning"]
    ]


def row_label(row: Mapping[str, Any], column: str) -> Label:
    """Return the columns ``COLUMN_zh`` and ``COLUMN_en`` of a row.

    Parameters
    ----------
    row
        A row of the page's data.
    column
        Name without the language.

    Returns
    -------
    Label
    """
    return Label(zh=row[f"{column}_zh"], en=row[f"{column}_en"])

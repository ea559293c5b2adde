"""Texts of the page in both languages: fixed words, sentences with numbers in them, names of things."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from rare_topics.corpus.languages import LANGUAGES, Label

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?)?")
_QUARTER = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")
# A name in braces, as `re.escape` leaves it.
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
_DECADE = re.compile(r"(?P<year>\d{3}0)s")


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


def date_wording(date: str) -> Label:
    """Write a date as readers of either language do.

    Parameters
    ----------
    date
        As precisely as it is known: ``2025``, ``2025-10``, ``2025-10-09``, ``2025-Q1``, or any other text,
        which stays as it is.

    Returns
    -------
    Label

    Examples
    --------
    >>> date_wording("2025-10-09")
    Label(zh='2025年10月9日', en='9 Oct 2025')
    """
    quarter = _QUARTER.fullmatch(date)
    if quarter:
        year, number = quarter["year"], quarter["quarter"]
        return Label(zh=f"{year}年第{'一二三四'[int(number) - 1]}季度", en=f"Q{number} {year}")
    decade = _DECADE.fullmatch(date)
    if decade:
        return Label(zh=f"{decade['year']}年代", en=date)
    known = _DATE.fullmatch(date)
    if not known:
        return Label(zh=date, en=date)
    year, month, day = known["year"], int(known["month"] or 0), int(known["day"] or 0)
    zh = f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    return Label(zh=zh, en=" ".join(filter(None, (str(day or ""), MONTHS[month - 1] if month else "", year))))


def source_label(source: str) -> Label:
    """Return the name of a publisher in both languages; one that is not known stays as it is printed.

    Parameters
    ----------
    source
        As the page prints it, often a name in pinyin.

    Returns
    -------
    Label

    Examples
    --------
    >>> source_label("Sou Hu Cai Jing")
    Label(zh='搜狐财经', en='Sohu Finance')
    """
    return source_names().get(source.replace(" ", "").lower(), Label(zh=source, en=source))


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


@cache
def source_names() -> dict[str, Label]:
    """Return the publishers of ``data/source_names.tsv``, by their names in lower case and without blanks."""
    lines = (files("rare_topics") / "data" / "source_names.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return {printed.replace(" ", "").lower(): Label(zh=zh, en=en) for printed, zh, en in rows}


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

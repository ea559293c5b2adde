"""Dates and publishers as readers of either language write them: 9 Oct 2025, 2025年10月9日; Sohu Finance, 搜狐财经."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from rare_topics.corpus.languages import Label

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?)?")
_QUARTER = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")
_DECADE = re.compile(r"(?P<year>\d{3}0)s")


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


@cache
def source_names() -> dict[str, Label]:
    """Return the publishers of ``data/source_names.tsv``, by their names in lower case and without blanks."""
    lines = (files("rare_topics") / "data" / "source_names.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return {printed.replace(" ", "").lower(): Label(zh=zh, en=en) for printed, zh, en in rows}

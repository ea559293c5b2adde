"""Parts of the sentences over figures, in both languages: lists, numbers of things, shares."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from rare_topics.corpus.languages import Label

_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_word(n: int) -> str:
    """Write a small number in words, as English prose does, a larger one in digits."""
    return _NUMBER_WORDS[n] if n < len(_NUMBER_WORDS) else f"{n:,}"


def counted(n: int, noun: str) -> str:
    """Write a number and what it counts: ``1 article``, ``34 articles``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def some_of(n: int, total: int) -> Label:
    """Write how many of the articles: ``28 of 34 articles``, ``34 篇中有 28 篇``; where it is all, that."""
    if n == total:
        return Label(zh=f"全部 {total} 篇", en=f"All {counted(total, 'article')}")
    return Label(zh=f"{total} 篇中有 {n} 篇", en=f"{n} of {counted(total, 'article')}")


def listing(names: Sequence[Label], *, most: int | None = None, unit: str = "个") -> Label:
    """Join names as prose does.

    Parameters
    ----------
    names
        At least one.
    most
        Number of names from which on the others are only counted.
    unit
        Chinese word that counts them.

    Returns
    -------
    Label

    Examples
    --------
    >>> listing([Label("日本", "Japan"), Label("印度", "India"), Label("越南", "Vietnam")])
    Label(zh='日本、印度和越南', en='Japan, India and Vietnam')
    >>> listing([Label("日本", "Japan"), Label("印度", "India"), Label("越南", "Vietnam")], most=1)
    Label(zh='日本等3个', en='Japan and two others')
    """
    if most is not None and len(names) > most + 1:
        shown, n_others = names[:most], len(names) - most
        return Label(
            zh="、".join(name.zh for name in shown) + f"等{len(names)}{unit}",
            en=", ".join(name.en for name in shown) + f" and {number_word(n_others)} others",
        )
    *first, last = names
    if not first:
        return last
    return Label(
        zh="、".join(name.zh for name in first) + "和" + last.zh,
        en=", ".join(name.en for name in first) + " and " + last.en,
    )


def label_parts(label: Label) -> Label:
    """Write the label of a topic or cluster, whose parts are joined by dots, as prose.

    Examples
    --------
    >>> label_parts(Label("大豆 · 关税", "soybean · tariff"))
    Label(zh='大豆、关税', en='soybean, tariff')
    """
    return Label(zh=label.zh.replace(" · ", "、"), en=label.en.replace(" · ", ", "))


def column_label(row: Mapping[Hashable, Any], column: str) -> Label:
    """Return the columns ``COLUMN_zh`` and ``COLUMN_en`` of a row of a table."""
    return Label(zh=row[f"{column}_zh"], en=row[f"{column}_en"])

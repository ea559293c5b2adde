"""Words beside a number: how sure it is, and whether it is a rise or a fall."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

WINDOW = 64
# Characters by which most words are told from those of a list.
STEM = 3


class Wording(NamedTuple):
    """The word list of quantities, ready to be matched."""

    before: tuple[tuple[str, re.Pattern[str]], ...]
    after: tuple[tuple[str, re.Pattern[str]], ...]
    changes: tuple[tuple[float, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]
    compared: re.Pattern[str]
    multiples_zh: dict[str, float]
    multiples_en: dict[str, float]
    halved_zh: tuple[str, ...]
    halved_en: tuple[str, ...]
    half_zh: tuple[str, ...]


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("rare_topics") / "data" / "quantity_words.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def wording() -> Wording:
    """Read the word list."""
    data = _data()
    filler = rf"(?:(?:{'|'.join(data['filler']['zh'])}) ?|(?<![A-Za-z])(?:{'|'.join(data['filler']['en'])}) ){{0,5}}"
    qualifiers = data["qualifier"].items()
    return Wording(
        before=tuple((name, _ending(words["zh"], words["en"])) for name, words in qualifiers),
        after=tuple((name, _opening(words["zh_after"], words["en_after"])) for name, words in qualifiers),
        changes=tuple(
            (
                sign,
                _ending(words["zh"], words["en"], filler),
                _ending(words["zh"], words["en"], rf"(?:(?:[A-Za-z\d'.,-]+ ){{0,8}}by )?{filler}"),
                _nouns_after(words["zh_after"], words["en_after"]),
            )
            for sign, words in ((1.0, data["change"]["rise"]), (-1.0, data["change"]["fall"]))
        ),
        compared=_nouns_after(data["compared"]["zh_after"], data["compared"]["en_after"]),
        multiples_zh=data["multiple"]["zh"],
        multiples_en=data["multiple"]["en"],
        halved_zh=tuple(data["halved"]["zh"]),
        halved_en=tuple(data["halved"]["en"]),
        half_zh=tuple(data["half"]["zh"]),
    )


def longest_first(forms: Iterable[str]) -> str:
    """Join forms to the alternatives of a pattern, none hidden by a shorter one."""
    return "|".join(sorted(forms, key=len, reverse=True)) or "(?!)"


def openings(words: Iterable[str]) -> str:
    """Match where one of these words may begin, by its first characters: cheaper than to try each of them."""
    stems = sorted({word[:STEM].lower() for word in words})
    initials = "".join(sorted({stem[0] for stem in stems}))
    return rf"(?<![A-Za-z])(?=[{initials}])(?:{'|'.join(map(re.escape, stems))})"


def _ending(zh: list[str], en: list[str], filler: str = "") -> re.Pattern[str]:
    """Match at the end of what stands before a number."""
    return re.compile(rf"(?:(?:{longest_first(zh)}) ?|(?<![A-Za-z-])(?:{longest_first(en)}) ){filler}$", re.IGNORECASE)


def _opening(zh: list[str], en: list[str]) -> re.Pattern[str]:
    """Match at the beginning of what stands behind a number."""
    return re.compile(rf" ?(?:{longest_first(zh)})|,? (?:{longest_first(en)})(?![A-Za-z-])|(?=\+)\+", re.IGNORECASE)


def _nouns_after(zh: list[str], en: list[str]) -> re.Pattern[str]:
    return re.compile(rf" ?的?(?:{longest_first(zh)})|[ -](?:{longest_first(en)})(?![A-Za-z-])", re.IGNORECASE)


def qualifier_of(text: str, start: int, end: int) -> str:
    """Say how sure a number is: about, nearly, over, at least, up to, under, or nothing."""
    words = wording()
    before = text[max(0, start - WINDOW) : start]
    found = [(match.start(), name) for name, pattern in words.before if (match := pattern.search(before))]
    if found:
        return min(found)[1]
    after = text[end : end + WINDOW]
    for name, pattern in words.after:
        match = pattern.match(after)
        if match:
            return "over" if match[0] == "+" else name
    return ""


def change_of(text: str, start: int, end: int, *, relative: bool) -> float:
    """Say whether a number is how much something rose (1) or fell (-1), or neither (0).

    Parameters
    ----------
    text
        The passage.
    start, end
        The number.
    relative
        Whether it is a percentage, of which a noun behind it (a 75% drop) speaks too; of an
        amount only a verb that says by how much does.
    """
    before, after = text[max(0, start - WINDOW) : start], text[end : end + WINDOW]
    words = wording()
    found = [
        (match.start(), sign)
        for sign, plain, by, _ in words.changes
        for pattern in ((plain, by) if relative else (by,))
        if (match := pattern.search(before))
    ]
    if not relative:
        return max(found)[1] if found else 0.0
    for sign, _, _, noun in words.changes:
        if noun.match(after):
            return sign
    if found:
        return max(found)[1]
    acting = [(match.start(), sign) for sign, pattern in _acting() if (match := pattern.search(before))]
    if acting and not after.startswith("的"):
        return max(acting)[1]
    return _direction(text, start) if words.compared.match(after) else 0.0


def _direction(text: str, start: int) -> float:
    """Say which way things went in the sentence before a number, up where it says nothing."""
    sentence = re.split(r"[。;!?]|\. ", text[max(0, start - 4 * WINDOW) : start])[-1]
    found = [(match.end(), sign) for sign, anywhere in _anywhere() for match in anywhere.finditer(sentence)]
    return max(found)[1] if found else 1.0


def moves(before: str) -> bool:
    """Whether something moves to a second number, so that the two are no range: from 9 to 15, cut by 4 to 58."""
    origin = re.search(r"(?:\bfrom|\bby|从|由)[^,.;。]{0,14}$", before)
    if not origin:
        return False
    if origin[0].startswith("by"):
        return True
    return any(anywhere.search(before[: origin.start()]) for _, anywhere in _anywhere())


@lru_cache(maxsize=1)
def _acting() -> tuple[tuple[float, re.Pattern[str]], ...]:
    """Match a Chinese verb with its object, at the end of what stands before a number."""
    ways = ((1.0, _data()["change"]["rise"]["zh"]), (-1.0, _data()["change"]["fall"]["zh"]))
    verbs = [(sign, longest_first(form for form in forms if len(form) > 1)) for sign, forms in ways]
    return tuple((sign, re.compile(rf"(?:{forms})[^,。;\d到至为对占达的]{{1,6}}$")) for sign, forms in verbs)


@lru_cache(maxsize=1)
def _anywhere() -> tuple[tuple[float, re.Pattern[str]], ...]:
    data = _data()["change"]
    return tuple(
        (
            sign,
            re.compile(
                rf"{longest_first(words['zh'])}|(?<![A-Za-z-])(?:{longest_first(words['en'])})(?![A-Za-z-])",
                re.IGNORECASE,
            ),
        )
        for sign, words in ((1.0, data["rise"]), (-1.0, data["fall"]))
    )

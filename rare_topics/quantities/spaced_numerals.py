"""Chinese numbers whose characters stand apart, as line breaks and typesetting leave them: 两千 四 百 五 is 2450."""

from __future__ import annotations

import re

import numpy as np

from rare_topics.quantities.chinese_numerals import chinese_value
from rare_topics.text.readable_text import ReadableText

_NUMERALS = "零〇一二两三四五六七八九十百千万亿兆半"
_DIGITS = "零〇一二两三四五六七八九"
_CHARACTERS = rf"[{_NUMERALS}点分之又负折成余多个\d.]"
# No printed number has more pieces, which bounds the time for any text.
_MAX_PIECES = 16
_SPACED = re.compile(rf"{_CHARACTERS}{{1,24}}(?: {{1,4}}{_CHARACTERS}{{1,24}})+")
_NUMBER = rf"负?(?:[{_NUMERALS}]+(?:点[{_DIGITS}]+[万亿]*)?|\d[\d.]*[百千万亿]+)"
_WHOLE = re.compile(
    rf"(?:(?P<more>[{_NUMERALS}]+)[余多][万亿]+|(?:{_NUMBER}又)?(?P<base>{_NUMBER}|\d+)分之(?:{_NUMBER}|\d[\d.]*)"
    rf"|(?P<number>{_NUMBER})(?P<unit>个?百分点|[折成])?)"
)
# 成员 and 折叠 begin a word of their own.
_BEGINS_WORD = re.compile(r"[折成]$")
_BEHIND_WORD_START = re.compile(r"[\u3400-\u9fff]")
_BEHIND_SHARE = re.compile("[的以左,半]")


def close_up(text: str) -> ReadableText:
    """Leave out the spaces within Chinese numbers.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    ReadableText
        Spaces go only where the characters between them make one number together: not in 三万 五家, whose last
        digit begins another number, nor in the columns 一百 二百.
    """
    gaps: list[int] = []
    for run in _SPACED.finditer(text):
        gaps += _gaps_in_numbers(text, run)
    if not gaps:
        return ReadableText(text, None)
    keep = np.ones(len(text) + 1, dtype=bool)
    keep[gaps] = False
    offsets = np.flatnonzero(keep).astype(np.int64)
    return ReadableText("".join(text[offset] for offset in offsets[:-1]), offsets)


def _gaps_in_numbers(text: str, run: re.Match[str]) -> list[int]:
    """Return the offsets of the spaces of a run that stand within a number."""
    pieces = [(match.start(), match.end()) for match in re.compile(r"\S+").finditer(text, run.start(), run.end())]
    gaps: list[int] = []
    first = 0
    while first < len(pieces) - 1:
        last = _last_of_number(text, pieces[first : first + _MAX_PIECES]) + first
        for (_, end), (start, _) in zip(pieces[first:last], pieces[first + 1 : last + 1], strict=True):
            gaps += range(end, start)
        first = last + 1
    return gaps


def _last_of_number(text: str, pieces: list[tuple[int, int]]) -> int:
    """Return the index of the last piece that belongs to one number with the first."""
    for last in range(len(pieces) - 1, 0, -1):
        parts = [text[start:end] for start, end in pieces[: last + 1]]
        if _is_number(parts, text[pieces[last][1] : pieces[last][1] + 1]):
            return last
    return 0


def _is_number(parts: list[str], follow: str) -> bool:
    """Whether parts make one number together, before the character that follows."""
    joined = "".join(parts)
    whole = _WHOLE.fullmatch(joined)
    if whole is None:
        return False
    if whole["unit"] in {"折", "成"} and _BEHIND_WORD_START.match(follow) and not _BEHIND_SHARE.match(follow):
        return False
    number = (whole["number"] or "").removeprefix("负")
    if not number or number[0].isdigit() or whole["unit"]:
        return True
    is_spaced_throughout = any(len(part) == 1 for part in parts[:-1])
    begins_another = parts[-1] in _DIGITS and not is_spaced_throughout
    bare_digits = not set(number) - set(_DIGITS)
    return not begins_another and not bare_digits and chinese_value(number.partition("点")[0]) is not None

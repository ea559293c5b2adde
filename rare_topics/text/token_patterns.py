"""What a token looks like: numbers, codes, Latin words and runs of Han characters."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.languages import HAN_RANGES, is_han
from rare_topics.runtime.cache import DiskCache

if TYPE_CHECKING:
    from numpy.typing import NDArray

# From so many characters on a table of all characters is faster than a dictionary.
LONG = 2000
# Full-width digits, letters and signs that numbers are made of; a comma stays, it separates clauses.
_FOLD = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FOLD |= {0xFF04: ord("$"), 0xFF05: ord("%"), 0xFF0E: ord("."), 0xFFE5: ord("\u00a5"), 0x2019: ord("'")}

_AMOUNT = r"\d+(?:[,.]\d+)*"
_SCALE = r"(?:\s?(?:trillion|billion|million|thousand|hundred|percent|tons?|tonnes?)(?![A-Za-z])|[十百千万亿兆]+)"
_MEASURE = (
    "(?:公斤|千克|公里|平方|英里|英尺|美元|欧元|日元|澳元|卢布|港元|人民币|世纪|年代|个月|小时|分钟|季度|"
    "[年月日号天时分秒周岁成倍次个项吨克米家种人名位台辆架艘枚元级条件座届%]|年前|年后)"
)
# Most words stand before a space, a comma or the end of a sentence, where no other pattern can begin with them.
_WORD = r"[A-Za-z]++(?= (?![\d\u2212-])|[,;:)!?\"\n])|[A-Za-z]{2,}+(?=\.(?:\s|\Z))"
_PATTERNS = {
    # A single space between Han characters is the end of a line that was wrapped.
    "han": rf"[{HAN_RANGES}]+(?: [{HAN_RANGES}]+)*",
    "word": _WORD,
    "citation": r"\[\d+\]",
    "code": (
        r"(?<![A-Za-z0-9])(?:[A-Z]{1,6}\.[A-Z]{2}(?![A-Za-z.])|\d{4,6}\.(?:SH|SZ|HK|BJ)(?![A-Za-z0-9])"
        r"|[A-Za-z]+(?:-?\d+)+(?:-?[A-Za-z0-9]+)*|\d{1,2}[A-Z](?![A-Za-z0-9]))"
    ),
    "number": (
        rf"(?:(?:US|AU|A|C|HK)?\$|AUD |USD |RMB |[\u20ac\u00a3\u00a5])?[-\u2212]?{_AMOUNT}"
        rf"(?:(?:st|nd|rd|th|s)(?![A-Za-z])|%|{_SCALE})?(?:\s?(?:-|\u2013|~|\u81f3|\u5230)\s?\$?{_AMOUNT}%?)?"
        rf"(?:{_SCALE})?{_MEASURE}?"
    ),
    "latin": r"(?:[A-Za-z]\.){2,}|[A-Z]\.[A-Z](?![A-Za-z])|[A-Z]&[A-Z](?![A-Za-z])|[^\W\d_"
    + HAN_RANGES
    + r"]+(?:'[a-z]+)?",
}
# A token begins with a letter, a digit, a bracket or a sign: elsewhere no pattern need be tried.
TOKEN = re.compile(
    r"(?=[\w\[$\u20ac\u00a3\u00a5\u2212-])(" + "|".join(f"(?:{pattern})" for pattern in _PATTERNS.values()) + ")"
)
_KINDS = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items() if kind != "word"}
_POSSESSIVE = re.compile(r"'s?$")
# No Han character stands before this one.
FIRST_HAN = "\u3400"
UNITS = "年月日号天吨个名项家倍成次元"
_NUMERAL = re.compile(f"[零〇一二两三四五六七八九十百千万亿几数多余半第]+[{UNITS}]?")


@lru_cache(maxsize=100_000)
def token_of(found: str) -> tuple[str, str]:
    """Tell what `TOKEN` found: the text to look up, and its kind.

    A run of Han characters has the kind ``"han"`` and is yet to be cut; of a word that was cut
    out of one, the kind is ``"number"`` where it is a numeral. No two patterns share a text, so
    the text alone tells which one found it.
    """
    if is_han(found):
        word = found.replace(" ", "")
        return word, "number" if _NUMERAL.fullmatch(word) else "han"
    kind = next(kind for kind, pattern in _KINDS.items() if pattern.fullmatch(found))
    return _POSSESSIVE.sub("", found), kind


def folded(text: str) -> str:
    """Turn full-width digits, letters and signs into narrow ones and traditional characters into simplified ones.

    Returns
    -------
    str
        Of the same length, so that offsets stay.
    """
    if text.isascii():
        return text
    if len(text) < LONG:
        return text.translate(_folding())
    return _folding_by_code()[codes_of(text)].tobytes().decode("utf-32-le", "surrogatepass")


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text, of shape (n_characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def simplified(text: str) -> str:
    """Turn traditional characters into simplified ones, one for one.

    Parameters
    ----------
    text
        Han characters.

    Returns
    -------
    str
        Of the same length; the text itself where it holds no traditional character.
    """
    return text if text.isascii() else text.translate(_simplifying())


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    return {**_simplifying(), **{wide: chr(narrow) for wide, narrow in _FOLD.items()}}


@lru_cache(maxsize=1)
def _folding_by_code() -> NDArray[np.uint32]:
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    table[list(_folding())] = [ord(char) for char in _folding().values()]
    return table


@lru_cache(maxsize=1)
def _simplifying() -> dict[int, str]:
    memo = DiskCache("simplified", version("opencc"))
    if not memo:
        from opencc import OpenCC

        characters = "".join(map(chr, range(0x3400, 0xA000)))
        pairs = zip(characters, OpenCC("t2s").convert(characters), strict=True)
        memo.update({traditional: simple for traditional, simple in pairs if traditional != simple})
        memo.save()
    return {ord(traditional): simple for traditional, simple in memo.items()}

"""Patterns of tokens (numbers, codes, Latin words, runs of Han characters), and the normal form of characters."""

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

# Length of a text from which a look-up by code point is faster than `str.translate`.
MIN_TABLE_LENGTH = 2000
# Full-width digits, letters and signs of numbers, by code point; a full-width comma stays, it separates clauses.
_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HALF_WIDTH |= {0xFF04: ord("$"), 0xFF05: ord("%"), 0xFF0E: ord("."), 0xFFE5: ord("\u00a5"), 0x2019: ord("'")}

# A full-width comma separates clauses, but between full-width digits it groups them.
_WIDE_GROUPS = re.compile("(?<=[\uff10-\uff19])\uff0c(?=[\uff10-\uff19]{3}(?![\uff10-\uff19]))")

_DIGITS = r"\d+(?:[,.]\d+)*"
_SCALE = r"(?:\s?(?:trillion|billion|million|thousand|hundred|percent|tons?|tonnes?)(?![A-Za-z])|[十百千万亿兆]+)"
_UNIT = (
    "(?:公斤|千克|公里|平方|英里|英尺|美元|欧元|日元|澳元|卢布|港元|人民币|世纪|年代|个月|小时|分钟|季度|"
    "[年月日号天时分秒周岁成倍次个项吨克米家种人名位台辆架艘枚元级条件座届%]|年前|年后)"
)
# Tried early because it is fast: most words stand before a space, a comma or the end of a sentence, where no other
# pattern can match them.
_WORD = r"[A-Za-z]++(?= (?![\d\u2212-])|[,;:)!?\"\n])|[A-Za-z]{2,}+(?=\.(?:\s|\Z))"
_PATTERNS = {
    # A single space between Han characters is the end of a wrapped line.
    "han": rf"[{HAN_RANGES}]+(?: [{HAN_RANGES}]+)*",
    "word": _WORD,
    "citation": r"\[\d+\]",
    "code": (
        r"(?<![A-Za-z0-9])(?:[A-Z]{1,6}\.[A-Z]{2}(?![A-Za-z.])|\d{4,6}\.(?:SH|SZ|HK|BJ)(?![A-Za-z0-9])"
        r"|[A-Za-z]+\d+(?:\.\d+)+(?![A-Za-z0-9])|[A-Za-z]+(?:-?\d+)+(?:-?[A-Za-z0-9]+)*|\d{1,2}[A-Z](?![A-Za-z0-9]))"
    ),
    "number": (
        rf"(?:(?:US|AU|A|C|HK)?\$|AUD |USD |RMB |[\u20ac\u00a3\u00a5])?[-\u2212]?{_DIGITS}"
        rf"(?:(?:st|nd|rd|th|s)(?![A-Za-z])|%|{_SCALE})?(?:\s?(?:-|\u2013|~|\u81f3|\u5230)\s?\$?{_DIGITS}%?)?"
        rf"(?:{_SCALE})?{_UNIT}?"
    ),
    "latin": r"(?:[A-Za-z]\.){2,}|[A-Z]\.[A-Z](?![A-Za-z])|[A-Z]&[A-Z](?![A-Za-z])|[\u30a0-\u30ff]+|[\u3040-\u309f]+|"
    rf"[^\W\d_{HAN_RANGES}\u3040-\u30ff]+(?:'[a-z]+)?",
}
# The look-ahead skips characters that no token begins with.
TOKEN_PATTERN = re.compile(
    r"(?=[\w\[$\u20ac\u00a3\u00a5\u2212-])(" + "|".join(f"(?:{pattern})" for pattern in _PATTERNS.values()) + ")"
)
_KINDS = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items() if kind != "word"}
_POSSESSIVE = re.compile(r"'s?$")
# The first Han character.
FIRST_HAN = "\u3400"
MEASURE_WORDS = "年月日号天吨个名项家倍成次元"
_NUMERAL = re.compile(f"[零〇一二两三四五六七八九十百千万亿几数多余半第]+[{MEASURE_WORDS}]?")


@lru_cache(maxsize=100_000)
def classify_token(matched: str) -> tuple[str, str]:
    """Return the text for look-ups and the kind of a match of `TOKEN_PATTERN`, or of a word cut out of one.

    A run of Han characters has the kind ``"han"``, a Han word that is a numeral ``"number"``. The
    patterns exclude each other, so the text alone decides the kind.
    """
    if is_han(matched):
        word = matched.replace(" ", "")
        return word, "number" if _NUMERAL.fullmatch(word) else "han"
    kind = next(kind for kind, pattern in _KINDS.items() if pattern.fullmatch(matched))
    return _POSSESSIVE.sub("", matched), kind


def normalize_characters(text: str) -> str:
    """Replace full-width digits, letters and signs by half-width ones, and traditional by simplified characters.

    Returns
    -------
    str
        Of the same length, so that offsets stay valid.
    """
    if text.isascii():
        return text
    if "\uff0c" in text:
        text = _WIDE_GROUPS.sub(",", text)
    if len(text) < MIN_TABLE_LENGTH:
        return text.translate(_normal_forms())
    return _normal_form_table()[code_points(text)].tobytes().decode("utf-32-le", "surrogatepass")


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text, of shape (n_characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def to_simplified(text: str) -> str:
    """Replace traditional characters by simplified ones, one for one.

    Parameters
    ----------
    text
        Han characters.

    Returns
    -------
    str
        Of the same length.
    """
    return text if text.isascii() else text.translate(_simplified_forms())


@lru_cache(maxsize=1)
def _normal_forms() -> dict[int, str]:
    return {**_simplified_forms(), **{wide: chr(narrow) for wide, narrow in _HALF_WIDTH.items()}}


@lru_cache(maxsize=1)
def _normal_form_table() -> NDArray[np.uint32]:
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    table[list(_normal_forms())] = [ord(char) for char in _normal_forms().values()]
    return table


@lru_cache(maxsize=1)
def _simplified_forms() -> dict[int, str]:
    cache = DiskCache("simplified", version("opencc"))
    if not cache:
        from opencc import OpenCC

        characters = "".join(map(chr, range(0x3400, 0xA000)))
        pairs = zip(characters, OpenCC("t2s").convert(characters), strict=True)
        cache.update({traditional: simple for traditional, simple in pairs if traditional != simple})
        cache.save()
    return {ord(traditional): simple for traditional, simple in cache.items()}

"""Parts of a whole in words: fractions, tenths and hundredths, so many in every so many."""

from __future__ import annotations

import re
from typing import NamedTuple

from rare_topics.quantities.numerals import SCALES_EN, digits_at, han_at, words_at
from rare_topics.quantities.units import unit_at


class Phrase(NamedTuple):
    """A quantity read from a phrase: where it stands, its value in a unit, and what kind it is."""

    start: int
    end: int
    value: float
    unit: str
    kind: str
    value_high: float | None = None


_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twelfth": 12, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
HAN = "[零〇一二两三四五六七八九十百\\d.]{1,8}"
ONES = "one|two|three|four|five|six|seven|eight|nine|ten"
_BASES = {"百": 1.0, "千": 0.1, "万": 0.01}
# What a bare "a third" stands before where it is a part, and not the third of several.
_PART_ENDS = re.compile(r" (?:of|less|more|lower|higher|below|above|is|was|to|as|at)\b|[,.;:)\[]|$| -")
_NOT_HALF_AFTER = re.compile(r"(?:first|second|other|latter|last|year|previous|next)[- ]$|\ba $|\d $")
_WHOLES = frozenset({10.0, 100.0})
PATTERNS = {
    "percent_zh": rf"(?P<base>百|千|万)分之(?P<percent>{HAN})"
    rf"(?:(?: ?(?:到|至|-|~) ?)(?:百|千|万)分之(?P<percent_high>{HAN}))?",
    "fraction_zh": rf"(?P<below>{HAN})分之(?P<above>{HAN})",
    "half_unit": r"half (?:of )?an? "
    r"(?=point|percentage|per cent|million|billion|trillion|year|decade|ton|tonne|day|hour|century)",
    "fraction_en": rf"(?P<count>(?:an?|{ONES}))[- ](?P<part>{'|'.join(_PARTS)})s?\b(?! an? )",
    "decade": r"a (?P<long>decade|century)(?! (?:later|earlier))\b",
    "half_en": r"half(?![a-z-])",
    "in_every": rf"(?P<of>(?:{ONES}|\d{{1,2}}))(?: parts?)? (?:in|out of|of the|of) (?:every )?"
    rf"(?P<out>(?:{ONES}|ten|hundred)|\d{{1,3}})(?![\d.,]*\d)(?! (?:years?|months?|days?|weeks?)\b)",
}


def number_of(printed: str | None) -> float | None:
    """Read a numeral of either language that is printed alone."""
    if not printed:
        return None
    reader = digits_at if printed[0].isdigit() else words_at if printed.isascii() else han_at
    numeral = reader(printed, 0)
    return numeral.low if numeral and numeral.end == len(printed) else None


def made(match: re.Match[str], value: float, unit: str, kind: str) -> Phrase:
    """Make a phrase of all that matched."""
    return Phrase(match.start(), match.end(), value, unit, kind)


def percent_zh(match: re.Match[str]) -> Phrase | None:
    """Read hundredths and thousandths in Chinese, also a range of them."""
    base, low, high = _BASES[match["base"]], number_of(match["percent"]), number_of(match["percent_high"])
    if low is None:
        return None
    return made(match, low * base, "%", "share")._replace(value_high=None if high is None else high * base)


def fraction_zh(match: re.Match[str]) -> Phrase | None:
    """Read a fraction in Chinese, whose lower number stands first."""
    below, above = number_of(match["below"]), number_of(match["above"])
    return made(match, 100 * above / below, "%", "share") if below and above is not None and above < below else None


def fraction_en(match: re.Match[str]) -> Phrase | None:
    """Read a fraction in English: two thirds, a quarter."""
    name, part = match["count"].lower(), match["part"].lower()
    article = name in {"a", "an"}
    count = 1.0 if article else number_of(name)
    if count is None or count >= _PARTS[part]:
        return None
    if article and part not in {"half", "quarter"} and not _PART_ENDS.match(match.string, match.end()):
        return None
    return made(match, 100 * count / _PARTS[part], "%", "share")


def half(match: re.Match[str]) -> Phrase | None:
    """Read a half, unless it is a half of a year or of a match."""
    before = match.string[max(0, match.start() - 14) : match.start()].lower()
    return None if _NOT_HALF_AFTER.search(before) else made(match, 50.0, "%", "share")


def decade(match: re.Match[str]) -> Phrase | None:
    """Read a decade and a century as years."""
    return made(match, 10.0 if match["long"].lower() == "decade" else 100.0, "years", "duration")


def half_unit(match: re.Match[str]) -> Phrase | None:
    """Read half of a unit: half a point, half a million tons."""
    scale = next((name for name in SCALES_EN if match.string.startswith(name, match.end())), "")
    found = unit_at(match.string, match.end() + len(scale))
    if found is None:
        return None
    unit, end = found
    return Phrase(match.start(), end, 0.5 * SCALES_EN.get(scale, 1) * unit.factor, unit.name, unit.kind)


def in_every(match: re.Match[str]) -> Phrase | None:
    """Read one in three, nine in every ten; 15 of 19 are two numbers."""
    of, out = number_of(match["of"].lower()), number_of(match["out"].lower())
    stated = "in" in match[0].lower().split()
    if of is None or not out or of >= out or (out not in _WHOLES and not stated) or match["of"].isdigit():
        return None
    return made(match, 100 * of / out, "%", "share")

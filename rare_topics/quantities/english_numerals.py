"""Numerals in English words, read as numbers."""

from __future__ import annotations

import re

from rare_topics.quantities.numerals import SCALES_EN, Numeral, fraction_of, part_of_scale

_WORD = re.compile(r"[A-Za-z]+")
_GAP = re.compile(r"(?: +and +|-and-| - | +|-)(?=[A-Za-z])")
_ODD = re.compile(r"[- ]odd\b")
_POINT = re.compile(r" +point +", re.IGNORECASE)
_SCALE_BEHIND = re.compile(r"[ -](?P<scale>hundred|thousand|million|billion|trillion|lakh|crore)s?\b", re.IGNORECASE)
ONES = {
    "zero": 0, "nought": 0, "naught": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
# A printed number has fewer words; what is longer is not a number.
MAX_WORDS = 24
_TEN = 10


def parse_english(text: str, start: int) -> Numeral | None:
    """Read a number in English words, with "point" and "and a half".

    Parameters
    ----------
    text
        The text.
    start
        Offset of the first word.

    Returns
    -------
    Numeral or None
        None where no number word stands there.

    Examples
    --------
    >>> parse_english("one hundred and fifty million tons", 0).low
    150000000.0
    >>> parse_english("one point two million", 0).low, parse_english("two and a half million", 0).low
    (1200000.0, 2500000.0)
    """
    value, scale, end = _whole_number(text, start)
    if end == start:
        return None
    decimals, after_point = _decimals(text, end)
    part = part_of_scale(text, end)
    if decimals is not None:
        value, end = value + decimals, after_point
    elif part:
        # "a billion and three quarters of a million" has a scale of its own behind the part.
        lower = _SCALE_BEHIND.match(text, part.end())
        own = SCALES_EN[lower["scale"].lower()] if lower else scale
        is_lower = lower is not None and SCALES_EN["thousand"] <= own < scale
        value += fraction_of(part) * (own if is_lower else scale if scale >= SCALES_EN["thousand"] else 1.0)
        end = lower.end() if lower and is_lower else part.end()
    if decimals is not None or part:
        behind = _SCALE_BEHIND.match(text, end)
        if behind and scale < SCALES_EN["thousand"]:
            scale = float(SCALES_EN[behind["scale"].lower()])
            value, end = value * scale, behind.end()
    odd = _ODD.match(text, end)
    return Numeral(start, odd.end() if odd else end, value, value, scale, bool(odd), "word")


def _whole_number(text: str, start: int) -> tuple[float, float, int]:
    """Read number words: the value, the factor of the last scale word, the offset of the end."""
    # `total` is what scale words from "thousand" on have closed, `section` the number below a thousand that is open.
    total, section, scale = 0.0, 0.0, 1.0
    position, end, last = start, start, ""
    for _ in range(MAX_WORDS):
        word = _WORD.match(text, position)
        name = word[0].lower() if word else ""
        name = name.removesuffix("s") if name.removesuffix("s") in {"dozen", "lakh", "crore"} else name
        if not word or not _continues(last, name):
            break
        if name == "hundred":
            section = max(section, 1.0) * SCALES_EN[name]
        elif name == "dozen" and section % SCALES_EN["hundred"]:
            # "three hundred and two dozen" are 324.
            section += section % SCALES_EN["hundred"] * (SCALES_EN[name] - 1)
        elif name in SCALES_EN:
            factor = float(SCALES_EN[name])
            scale = scale * factor if last in SCALES_EN and last != "hundred" else factor
            total, section = (total or 1.0) * factor if section == 0 else total + section * factor, 0.0
        else:
            section += ONES.get(name, 0) + TENS.get(name, 0)
        end, last = word.end(), name
        gap = _GAP.match(text, end)
        if not gap or part_of_scale(text, end):
            break
        position = gap.end()
    return total + section, scale, end


def _decimals(text: str, end: int) -> tuple[float | None, int]:
    """Read "point two five" behind a number: 0.25, or None where there is none."""
    point = _POINT.match(text, end)
    digits, position = "", point.end() if point else end
    while point and (word := _WORD.match(text, position)):
        name = word[0].lower()
        if name in ONES and (ONES[name] < _TEN or not digits):
            digits += str(ONES[name])
        elif name in TENS and not digits:
            unit = _WORD.match(text, word.end() + 1)
            ones = ONES.get(unit[0].lower(), _TEN) if unit and text[word.end()] in "- " else _TEN
            digits = str(TENS[name] + (ones if ones < _TEN else 0))
            end = unit.end() if unit and ones < _TEN else word.end()
            return float(f"0.{digits}"), end
        else:
            break
        end = word.end()
        position = end + (text[end : end + 1] == " ")
    return (float(f"0.{digits}"), end) if digits else (None, end)


def _continues(last: str, name: str) -> bool:
    """Whether a number word may follow another within one number."""
    if not last:
        return name in ONES or name in TENS or name in SCALES_EN
    if name in ONES:
        return (last in TENS and 0 < ONES[name] < _TEN) or last in SCALES_EN
    if name in TENS:
        return last in SCALES_EN
    return name in SCALES_EN and (last not in SCALES_EN or SCALES_EN[name] > SCALES_EN[last])


def number_word_pattern() -> str:
    """Return the alternatives of a pattern that matches any English number word, the longest first."""
    return "|".join(sorted([*ONES, *TENS, *SCALES_EN], key=len, reverse=True))

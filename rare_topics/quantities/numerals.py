"""Numerals in digits, Chinese characters and English words, read as numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

# Digits and marks are read as one run, so that the time for malformed input grows with its length only.
_RUN = re.compile(r"\d[\d,.]*")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?")
_HAN_RUN = re.compile(r"[零〇一二两三四五六七八九十百千万亿兆半]+(?:点[零〇一二两三四五六七八九]+)?")
_WORD = re.compile(r"[A-Za-z]+")
_GAP = re.compile(r"(?: and |-and-| |-)(?=[A-Za-z])")
_ODD = re.compile(r"[- ]odd\b")
_SCALE_ZH = re.compile(r"(?P<over>[多余来几]?)(?: ?(?P<scale>[百千十]?[万亿兆]+|[百千])(?P<after>[多余来]?))")
_MORE_ZH = re.compile(r" ?[多余来](?!自)")
_SCALE_EN = re.compile(
    r"[ -]?(?P<scale>hundred|thousand|million|billion|trillion|bn|mln|mn|tn)(?![A-Za-z])", re.IGNORECASE
)
_SHORT_SCALE = re.compile(r"(?P<scale>[kKmMbB])(?![A-Za-z0-9])")

DIGITS_ZH = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
POWERS_ZH = {"兆": 1e12, "亿": 1e8, "万": 1e4, "千": 1e3, "百": 1e2, "十": 1e1}
SCALES_ZH = frozenset("万亿兆")
ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES_EN = {"hundred": 10**2, "dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SHORT_SCALES = {"bn": 10**9, "mln": 10**6, "mn": 10**6, "tn": 10**12, "k": 10**3, "m": 10**6, "b": 10**9}
# A printed number has fewer characters, or words; what is longer is not a number.
MAX_HAN_LENGTH = 24
MAX_WORDS = 24
_YEAR_LENGTH = 4


class Numeral(NamedTuple):
    """A number in a text.

    Attributes
    ----------
    start, end
        Character offsets in the text.
    low, high
        Bounds of the value. They differ where the numeral is itself a range, as 七八 (seven or
        eight).
    scale
        Factor of its scale word (1e6 for "million"), 1 without one.
    over
        Whether the numeral says that more is meant, as 三十多 and "thirty-odd".
    form
        ``digits``, ``han`` or ``word``.
    """

    start: int
    end: int
    low: float
    high: float
    scale: float
    over: bool
    form: str


def parse_digits(text: str, start: int, *, short_scales: bool = False) -> Numeral | None:
    """Read a number in digits, with the scale word behind it.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.
    start
        Offset of the first digit.
    short_scales
        Whether ``5m`` and ``10k`` mean millions and thousands, as they do behind a currency sign.

    Returns
    -------
    Numeral or None
        None where the digits and marks are not a number, as ``1,23,4``.
    """
    run = _RUN.match(text, start)
    if not run:
        return None
    printed = run[0].rstrip(",.")
    if not _AMOUNT.fullmatch(printed):
        return None
    scale, over, end = _scale_at(text, start + len(printed), short_scales=short_scales)
    value = float(printed.replace(",", "")) * scale
    return Numeral(start, end, value, value, scale, over, "digits")


def _scale_at(text: str, end: int, *, short_scales: bool) -> tuple[float, bool, int]:
    """Read the scale word behind digits: its factor, whether more is meant, and the offset of its end."""
    han = _SCALE_ZH.match(text, end)
    if han:
        scale = 1.0
        for char in han["scale"]:
            scale *= POWERS_ZH[char]
        return scale, bool(han["over"] or han["after"]), han.end()
    over = _MORE_ZH.match(text, end)
    if over:
        return 1.0, True, over.end()
    english = _SCALE_EN.match(text, end) or (_SHORT_SCALE.match(text, end) if short_scales else None)
    if english:
        name = english["scale"].lower()
        return float(SCALES_EN.get(name) or SHORT_SCALES[name]), False, english.end()
    return 1.0, False, end


def parse_chinese(text: str, start: int) -> Numeral | None:
    """Read a number in Chinese characters.

    Parameters
    ----------
    text
        Text in simplified characters.
    start
        Offset of the first character of the number.

    Returns
    -------
    Numeral or None
        None where the characters are not a number, as 三千五千.
    """
    run = _HAN_RUN.match(text, start)
    if not run or len(run[0]) > MAX_HAN_LENGTH:
        return None
    whole, _, fraction = run[0].partition("点")
    bounds = chinese_value(whole)
    if bounds is None:
        return None
    low, high = bounds
    end = run.end()
    if fraction:
        low = high = low + float("0." + "".join(str(DIGITS_ZH[char]) for char in fraction))
    power = POWERS_ZH.get(whole[-1], 0.0)
    few = bool(power) and text[end : end + 1] == "几"
    over = _MORE_ZH.match(text, end) if power else None
    if few:
        high, end = low + 0.9 * power, end + 1
    end = over.end() if over else end
    scale = 1.0
    while (few or over) and text[end : end + 1] in SCALES_ZH and end < len(text):
        scale, end = scale * POWERS_ZH[text[end]], end + 1
    return Numeral(start, end, low * scale, high * scale, scale, bool(over), "han")


def chinese_value(run: str) -> tuple[float, float] | None:
    """Value of a run of Chinese numerals.

    Returns
    -------
    (low, high) or None
        Both bounds of what may be a range; None where the characters are not a number.

    Examples
    --------
    >>> chinese_value("三千八百三十四")
    (3834.0, 3834.0)
    >>> chinese_value("七八")
    (7.0, 8.0)
    >>> chinese_value("千万"), chinese_value("三千五千")
    ((10000000.0, 10000000.0), None)
    """
    if run.endswith("半") and len(run) > 1:
        whole = chinese_value(run[:-1])
        return (whole[0] + 0.5, whole[1] + 0.5) if whole else None
    if run == "半":
        return 0.5, 0.5
    for char, power in POWERS_ZH.items():
        if char not in run:
            continue
        head, _, tail = run.rpartition(char)
        if char in head or (power < POWERS_ZH["万"] and not set(head) <= DIGITS_ZH.keys()):
            return None
        over, under = chinese_value(head) if head else (1.0, 1.0), _below(tail, power)
        return None if over is None or under is None else (over[0] * power + under[0], over[1] * power + under[1])
    return _digits(run)


def _below(tail: str, power: float) -> tuple[float, float] | None:
    """Value of what follows a power; a single digit counts the next lower power, as 三百五 is 350."""
    if not tail:
        return 0.0, 0.0
    value = chinese_value(tail.lstrip("零〇"))
    if value is None:
        return None
    if set(tail) <= DIGITS_ZH.keys() and tail[0] not in "零〇":
        value = value[0] * power / 10, value[1] * power / 10
    return value if value[1] < power else None


def _digits(run: str) -> tuple[float, float] | None:
    """Read one digit, two consecutive digits that mean either of them (七八), or the four of a year."""
    digits = "".join(str(DIGITS_ZH[char]) for char in run if char in DIGITS_ZH)
    if len(digits) == len(run) == 1 or (len(digits) == len(run) == _YEAR_LENGTH):
        return float(digits), float(digits)
    if len(digits) == len(run) == 2 and int(digits[1]) - int(digits[0]) == 1:  # noqa: PLR2004 - a pair
        return float(digits[0]), float(digits[1])
    return None


def parse_english(text: str, start: int) -> Numeral | None:
    """Read a number in English words.

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
    """
    # `total` is what scale words from "thousand" on have closed, `section` the number below a thousand that is open.
    total, section, scale = 0.0, 0.0, 1.0
    position, end, last = start, start, ""
    for _ in range(MAX_WORDS):
        word = _WORD.match(text, position)
        name = word[0].lower() if word else ""
        if not word or not _continues(last, name):
            break
        if name == "hundred":
            section = max(section, 1.0) * SCALES_EN[name]
        elif name in SCALES_EN:
            scale = float(SCALES_EN[name])
            total, section = total + max(section, 1.0) * scale, 0.0
        else:
            section += ONES.get(name, 0) + TENS.get(name, 0)
        end, last = word.end(), name
        gap = _GAP.match(text, end)
        if not gap:
            break
        position = gap.end()
    if end == start:
        return None
    odd = _ODD.match(text, end)
    value = total + section
    return Numeral(start, odd.end() if odd else end, value, value, scale, bool(odd), "word")


def _continues(last: str, name: str) -> bool:
    """Whether a number word may follow another within one number."""
    if not last:
        return name in ONES or name in TENS or name in SCALES_EN
    if name in ONES:
        return (last in TENS and ONES[name] < 10) or last in SCALES_EN  # noqa: PLR2004 - twenty-five, not twenty-ten
    if name in TENS:
        return last in SCALES_EN
    return name in SCALES_EN and (last not in SCALES_EN or SCALES_EN[name] > SCALES_EN[last])


def number_word_pattern() -> str:
    """Return the alternatives of a pattern that matches any English number word, the longest first."""
    return "|".join(sorted([*ONES, *TENS, *SCALES_EN], key=len, reverse=True))

"""Numerals in Chinese characters, read as numbers."""

from __future__ import annotations

import re

from rare_topics.quantities.numerals import DIGITS_ZH, NOT_UNIT_ZH, POWERS_ZH, Numeral

# 两 is no decimal: 两百点两.
_DECIMAL = "[零〇一二三四五六七八九]"
# 百, 千 and 兆 that begin a unit (千克, 兆瓦) are not part of the number.
# Behind a numeral 两 is a weight (三两, 十两) unless it counts a power; 一两 is one or two.
_TWO = "两(?=[百千万亿兆])|(?<![二三四五六七八九十零])两"
_NUMERAL = rf"(?:[零〇一二三四五六七八九十万亿]|{_TWO}|百(?!帕)|[千兆]{NOT_UNIT_ZH})"
_HAN_RUN = re.compile(rf"{_NUMERAL}+半?(?:点{_DECIMAL}+(?:[百千]?[万亿兆]*)?)?|半")
_MORE_ZH = re.compile(r" ?[多余来](?!自)")
_COUNTED_SCALE = re.compile("个(?P<scale>[百千]?[万亿])(?![一二两三四五六七八九])")
_FRACTION_BEHIND = re.compile(r"又?(?P<base>[二三四五六七八九十百]{1,3})分之(?P<part>[一二三四五六七八九十百]{1,3})")
SCALES_ZH = frozenset("万亿兆")
# A printed number has fewer characters; what is longer is not a number.
MAX_LENGTH = 24
_YEAR_LENGTH = 4
# Two digits side by side that mean one or the other although they are not neighbours: 三五天 (some days).
_PAIRS = frozenset({(3, 5)})


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
    if not run or len(run[0]) > MAX_LENGTH:
        return None
    # 一百零几万 is a hundred and some.
    printed = run[0][:-1] if run[0][-1] in "零〇" and text[run.end() : run.end() + 1] == "几" else run[0]
    bounds = _value_with_decimals(printed)
    return None if bounds is None else _with_scale(text, start, run.end(), bounds, printed)


def _value_with_decimals(printed: str) -> tuple[float, float] | None:
    """Value of a numeral with 点, behind which a scale word may follow: 七点五万."""
    whole, _, fraction = printed.partition("点")
    bounds = chinese_value(whole)
    if bounds is None or not fraction:
        return bounds
    digits = fraction.rstrip("百千万亿兆")
    value = bounds[0] + float("0." + "".join(str(DIGITS_ZH[char]) for char in digits))
    for char in fraction[len(digits) :]:
        value *= POWERS_ZH[char]
    return value, value


def _with_scale(text: str, start: int, end: int, bounds: tuple[float, float], printed: str) -> Numeral:
    """Read 多, 几 and 个亿 behind a numeral, and tell which scale a lower bound before it would share."""
    low, high = bounds
    power = POWERS_ZH.get(printed[-1], 0.0)
    few = bool(power) and text[end : end + 1] == "几"
    over = _MORE_ZH.match(text, end) if power else None
    if few:
        high, end = low + 0.9 * power, end + 1
    end = over.end() if over else end
    scale = 1.0
    while (few or over) and text[end : end + 1] in SCALES_ZH and end < len(text):
        scale, end = scale * POWERS_ZH[text[end]], end + 1
    counted = _COUNTED_SCALE.match(text, end) if not (few or over) else None
    if counted:
        for char in counted["scale"]:
            scale *= POWERS_ZH[char]
        end = counted.end()
    low, high = low * scale, high * scale
    return Numeral(start, end, low, high, max(scale, _last_scale(printed)), bool(over), "han")


def _last_scale(printed: str) -> float:
    """Factor of the scale words that end a numeral: 1e8 of 九千亿, 1e3 of 三千, 1 of 一万五."""
    scale = 1.0
    rest = printed
    while rest and rest[-1] in SCALES_ZH:
        scale, rest = scale * POWERS_ZH[rest[-1]], rest[:-1]
    if scale == 1 and len(printed) == 2 and printed[-1] in "百千":  # noqa: PLR2004 - a digit and its power
        return POWERS_ZH[printed[-1]]
    return scale


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
    >>> chinese_value("七八"), chinese_value("三五百")
    ((7.0, 8.0), (300.0, 500.0))
    >>> chinese_value("千万"), chinese_value("三千五千")
    ((10000000.0, 10000000.0), None)
    """
    if run.endswith("半") and len(run) > 1:
        whole = chinese_value(run[:-1])
        half = 0.5 * POWERS_ZH.get(run[-2], 1.0)
        return (whole[0] + half, whole[1] + half) if whole else None
    if run == "半":
        return 0.5, 0.5
    for char, power in POWERS_ZH.items():
        if char not in run:
            continue
        head, _, tail = run.rpartition(char)
        if power < POWERS_ZH["万"] and (char in head or not set(head) <= DIGITS_ZH.keys()):
            return None
        if char in head and (char != "万" or tail):
            return None
        head = head.lstrip("零〇") if power < POWERS_ZH["万"] else head
        over, under = chinese_value(head) if head else (1.0, 1.0), _below(tail, power)
        return None if over is None or under is None else (over[0] * power + under[0], over[1] * power + under[1])
    return _digits(run)


def _below(tail: str, power: float) -> tuple[float, float] | None:
    """Value of what follows a power; a single digit counts the next lower power, as 三百五 is 350."""
    if not tail:
        return 0.0, 0.0
    rest = tail.lstrip("零〇")
    value = chinese_value(rest) if rest else None
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
    if len(digits) == len(run) == 2:  # noqa: PLR2004 - a pair
        first, second = int(digits[0]), int(digits[1])
        if second - first == 1 or (first, second) in _PAIRS:
            return float(first), float(second)
    return None

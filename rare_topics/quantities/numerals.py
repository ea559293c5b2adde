"""Numerals in digits, with the scale words and letters behind them, read as numbers.

Numerals in Chinese characters are read in `quantities.chinese_numerals`, in English words in
`quantities.english_numerals`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rare_topics.quantities.units import unit_at

# Digits and marks are read as one run, so that the time for malformed input grows with its length only.
_RUN = re.compile(r"\d[\d,.]*")
# Groups of three digits, the groups of India (1,23,45,678), or none.
_AMOUNT = re.compile(
    r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,2}(?:,\d{2}){1,5},\d{3}|\d{1,24})(?:\.\d{1,9})?",
)
# 3,5 and 1.234,56: a comma before the decimals, which counts before a unit or a scale word only.
_DECIMAL_COMMA = re.compile(r"\d{1,3}(?:\.\d{3}){0,4},\d{1,2}")
_TWO_KINDS_OF_MARKS = re.compile(r"\d{1,3}(?:\.\d{3}){1,4},\d{1,2}")
_SPACE_GROUPS = re.compile(r"\d{1,3}(?: \d{3}){1,4}(?![\d,]|\.\d)")
_BEHIND_GROUPS = re.compile(r" ?%| (?:million|billion|[a-z]+s\b|people\b)|$|[.;)]| (?:is|was) ")
_VULGAR = {
    "½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5,
    "⅙": 1 / 6, "⅚": 5 / 6, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8,
}  # fmt: skip
VULGAR_FRACTIONS = "".join(_VULGAR)
_FRACTION = re.compile(r"[ -](?P<part>\d{1,2})/(?P<whole>\d{1,2})(?![\d/])")
# Halves, quarters, eighths and so on before a unit; other quotients are dates and scores.
_SLASHED = re.compile(r"/(?P<base>2|3|4|5|6|8|10|12|16|32|64)(?![\d/]|[.,]\d)")
_VULGAR_BEHIND = re.compile(rf"[ -]?(?P<sign>[{VULGAR_FRACTIONS}])")
_POWER_OF_TEN = re.compile(r" ?[x\u00d7*] ?10(?:\^(?P<plain>-?\d{1,2})|(?P<raised>\u207b?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,2}))|\^(?P<own>[+-]?\d{1,2})(?![\w])|[eE](?P<exponent>[+-]?\d{1,2})(?![\w])")  # fmt: skip  # noqa: E501
_RAISED = str.maketrans("\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "-0123456789")
# 兆 and 千 that begin a unit (兆瓦, 千克) are no scale, nor is 百 of 百帕.
NOT_UNIT_ZH = "(?!瓦|赫|帕|焦|伏|卡|字节|比特|米|克(?!拉))"
_SMALL_SCALE_ZH = f"(?:百(?!帕)|千{NOT_UNIT_ZH})"
_SCALE_ZH = re.compile(
    rf"(?P<over>[多余来几]?)(?:(?: |个(?=[百千]?[万亿]))?(?P<scale>[百千十]?[万亿]+|[万亿]*兆{NOT_UNIT_ZH}|"
    rf"{_SMALL_SCALE_ZH})(?P<after>[多余来]?))"
)
_LOWER_PART = re.compile(
    rf"(?: (?=\d+ ?[百千万]))?(?P<zero>[零〇]?)(?P<digits>\d{{1,8}}(?:\.\d{{1,4}})?)"
    rf"(?:(?P<scale> ?(?:[百千]?[万亿]|{_SMALL_SCALE_ZH}))|(?![\d,.年]))"
)
_MORE_ZH = re.compile(r" ?[多余来](?!自)")
_SCALE_EN = re.compile(
    r"[ -]?(?P<scale>hundred|thousand|million|billion|trillion|dozens?|dzs?|lakhs?|crores?|(?-i:MM)|"
    r"bn|mln|mn|tn)(?![A-Za-z])",
    re.IGNORECASE,
)
_SHORT_SCALE = re.compile(r"(?P<space> ?)(?P<scale>[kKmMbB])(?![A-Za-z0-9])")
_PLURAL_BEHIND = re.compile(r"[ -](?:[a-z-]+ ){0,2}(?!(?:is|was|has|this|its|across|less|plus|as)\b)(?:[a-z]+s|people|men|women|staff)\b")  # fmt: skip  # noqa: E501
_PART_OF_SCALE = re.compile(
    r"(?:,? and |-and-)(?:(?:an? |a-)(?P<article>half|quarter|third|fourth|fifth|sixth|eighth|tenth)|"
    r"(?P<count>two|three) (?P<parts>thirds|quarters|fourths|fifths))(?![A-Za-z-])(?! of\b)"
)
_PARTS = {
    "half": 1 / 2, "quarter": 1 / 4, "third": 1 / 3, "fourth": 1 / 4, "fifth": 1 / 5, "sixth": 1 / 6, "eighth": 1 / 8,
    "tenth": 1 / 10,
}  # fmt: skip
# "4 thousand 3 hundred and 21": what is below a scale word in digits.
_LOWER_PART_EN = re.compile(
    r" (?:(?P<scaled>\d{1,3}) (?P<scale>hundred|thousand|million)|and (?P<ones>[1-9]\d?))"
    r"(?![\w%]|[,.]\d| (?:hundred|thousand|[a-z]+illion)\b)"
)
_COUNTS = {"two": 2, "three": 3}

DIGITS_ZH = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
POWERS_ZH = {"兆": 1e12, "亿": 1e8, "万": 1e4, "千": 1e3, "百": 1e2, "十": 1e1}
SCALES_EN = {
    "hundred": 10**2, "dozen": 12, "thousand": 10**3, "lakh": 10**5, "million": 10**6, "crore": 10**7,
    "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
SHORT_SCALES = {
    "bn": 10**9, "mln": 10**6, "mn": 10**6, "mm": 10**6, "dz": 12, "tn": 10**12, "k": 10**3, "m": 10**6, "b": 10**9,
}  # fmt: skip
# Numbers of so many digits and more take a capital K or M as a scale: 10K, 10M; 3M and 4K are names.
_MIN_CAPITAL_LENGTH = 2
_MILLION = 1e6


# Characters of financial writing, and the ordinary ones of the same value.
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
# One of them alone is an ordinary character (大陆, 队伍, 拾起); two of them, or one beside a numeral, are a number.
_FORMAL_RUN = re.compile(
    r"[壹贰叁肆伍陆柒捌玖拾佰仟](?=分之|又[一二三四五六七八九十\d]| ?点 ?[一二三四五六七八九])|"
    r"(?:(?<=分之)|(?<=分 之))[壹贰叁肆伍陆柒捌玖拾佰仟]|(?<=[负又])[壹贰叁肆伍陆柒捌玖拾佰仟]|"
    r"(?<![大登着内水海退入队老])[壹贰叁肆伍陆柒捌玖拾佰仟零〇一二两三四五六七八九十百千万亿]{2,24}"
)
_FORMAL_CHARACTER = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟]")
_PAIR_OF_THOUSANDS = re.compile("俩(?=[千百万亿仟佰])")
_GROUP_SPACE = re.compile("(?<=\\d)[\u00a0\u2007\u2009\u202f](?=\\d{3}(?!\\d))")
_MARKS = str.maketrans(
    "\uff1c\uff1e\uff1d\uff5e\uff0b\uff0d\uff0f\u2212\u00a0\u2007\u2009\u202f\u2002\u2003\u3000\t", "<>=~+-/-        "
)


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


class _Scale(NamedTuple):
    """A scale word: its factor, whether more is meant, the offset of its end, what a lower part behind it adds."""

    factor: float
    over: bool
    end: int
    lower_part: float = 0.0


def normalize_number_characters(text: str) -> str:
    """Replace formal numerals, signs and spaces of print by the ordinary ones.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    str
        Of the same length: 叁仟万 is 三千万, a thin space that groups digits a comma.
    """
    if text.isascii():
        return text.replace("\t", " ")
    text = _GROUP_SPACE.sub(",", text).translate(_MARKS)
    if _FORMAL_CHARACTER.search(text):
        text = _FORMAL_RUN.sub(lambda run: run[0].translate(_FORMAL), text)
    return _PAIR_OF_THOUSANDS.sub("两", text)


def parse_digits(text: str, start: int, *, short_scales: bool = False) -> Numeral | None:
    """Read a number in digits, with the fraction and the scale word behind it.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.
    start
        Offset of the first digit, or of a sign such as ½.
    short_scales
        Whether ``5m`` and ``10k`` mean millions and thousands in any case, as they do behind a
        currency sign; otherwise what follows decides.

    Returns
    -------
    Numeral or None
        None where the digits and marks are not a number, as ``1,23,4``.
    """
    read = _printed_value(text, start)
    if read is None:
        return None
    value, end = read
    scale = _scale_at(text, end, short_scales=short_scales, n_digits=end - start)
    value = value * scale.factor + scale.lower_part
    end = scale.end
    part = _PART_OF_SCALE.match(text, end)
    if part and scale.factor in {1.0, *map(float, SCALES_EN.values())}:
        value, end = value + fraction_of(part) * max(scale.factor, 1.0), part.end()
        if scale.factor == 1:
            scale = _scale_at(text, end, short_scales=False, n_digits=0)
            value, end = value * scale.factor, scale.end
    return Numeral(start, end, value, value, scale.factor, scale.over, "digits")


def part_of_scale(text: str, position: int) -> re.Match[str] | None:
    """Match "and a half" and "and three quarters" behind a number."""
    return _PART_OF_SCALE.match(text, position)


def fraction_of(match: re.Match[str]) -> float:
    """Return the value of a match of `part_of_scale`."""
    if match["article"]:
        return _PARTS[match["article"].lower()]
    return _COUNTS[match["count"].lower()] * _PARTS[match["parts"].lower().removesuffix("s")]


def _printed_value(text: str, start: int) -> tuple[float, int] | None:
    """Read digits with their marks: the value, and the offset of the end."""
    if text[start : start + 1] in _VULGAR and start < len(text):
        return _VULGAR[text[start]], start + 1
    run = _RUN.match(text, start)
    if not run:
        return None
    grouped = _SPACE_GROUPS.match(text, start)
    if grouped and _stands_before_unit(text, grouped.end(), plural=True):
        return float(grouped[0].replace(" ", "")), grouped.end()
    printed = run[0].rstrip(",.")
    end = start + len(printed)
    if _AMOUNT.fullmatch(printed):
        value = float(printed.replace(",", ""))
    elif _TWO_KINDS_OF_MARKS.fullmatch(printed) or (
        _DECIMAL_COMMA.fullmatch(printed) and (printed.endswith(",00") or _stands_before_unit(text, end, plural=False))
    ):
        value = float(printed.replace(".", "").replace(",", "."))
    else:
        return None
    return _with_fraction(text, value, end)


def _with_fraction(text: str, value: float, end: int) -> tuple[float, int]:
    """Add a fraction in digits behind a whole number, 10 1/2 and 1½, and take a power of ten."""
    vulgar = _VULGAR_BEHIND.match(text, end)
    if vulgar and value.is_integer():
        return value + _VULGAR[vulgar["sign"]], vulgar.end()
    slashed = _SLASHED.match(text, end)
    if slashed and 0 < value < int(slashed["base"]) and _is_measured(text, slashed.end()):
        return value / int(slashed["base"]), slashed.end()
    fraction = _FRACTION.match(text, end)
    if fraction and value.is_integer() and 0 < int(fraction["part"]) < int(fraction["whole"]):
        return value + int(fraction["part"]) / int(fraction["whole"]), fraction.end()
    power = _POWER_OF_TEN.match(text, end)
    if power and power["own"]:
        is_small = 0 < value < SCALES_EN["thousand"]
        return (value ** int(power["own"]), power.end()) if is_small else (value, end)
    if power:
        exponent = int(power["plain"] or power["exponent"] or power["raised"].translate(_RAISED))
        return value * 10.0**exponent, power.end()
    return value, end


def _is_measured(text: str, end: int) -> bool:
    """Whether a unit follows of which there are parts: 1/2 cup, 3/4-mile."""
    found = unit_at(text, end)
    return found is not None and found[0].kind in {"mass", "size", "money", "duration"}


def _stands_before_unit(text: str, end: int, *, plural: bool) -> bool:
    """Whether a unit, a scale word, or a noun in the plural follows."""
    if _SCALE_EN.match(text, end) or _SCALE_ZH.match(text, end) or (plural and _BEHIND_GROUPS.match(text, end)):
        return True
    return unit_at(text, end) is not None


def _scale_at(text: str, end: int, *, short_scales: bool, n_digits: int) -> _Scale:
    """Read the scale word behind digits."""
    han = _SCALE_ZH.match(text, end)
    if han:
        factor = 1.0
        for char in han["scale"]:
            factor *= POWERS_ZH[char]
        over = bool(han["over"] or han["after"])
        lower_part, last = (0.0, han.end()) if over else _lower_part(text, han.end(), factor)
        return _Scale(factor, over, last, lower_part)
    over_without_scale = _MORE_ZH.match(text, end)
    if over_without_scale:
        return _Scale(1.0, True, over_without_scale.end())
    factor, last = 1.0, end
    while (english := _SCALE_EN.match(text, last)) and (factor == 1 or _scale_value(english) > 1):
        factor, last = factor * _scale_value(english), english.end()
        if factor > SCALES_EN["trillion"]:
            break
    if factor > 1:
        lower_part, last = _lower_part_en(text, last, factor)
        return _Scale(factor, False, last, lower_part)
    letter = _SHORT_SCALE.match(text, end)
    if letter and ((short_scales and not letter["space"]) or _is_letter_scale(text, letter, n_digits)):
        return _Scale(_scale_value(letter), False, letter.end())
    return _Scale(1.0, False, end)


def _lower_part_en(text: str, end: int, factor: float) -> tuple[float, int]:
    """Read what follows an English scale word within one number."""
    total, below = 0.0, factor
    while lower := _LOWER_PART_EN.match(text, end):
        if lower["ones"]:
            # After "hundred" only: "4 million and 5" are two numbers.
            is_part = below == SCALES_EN["hundred"]
            return (total + float(lower["ones"]), lower.end()) if is_part else (total, end)
        scale = float(SCALES_EN[lower["scale"]])
        if scale >= below:
            break
        total, end, below = total + float(lower["scaled"]) * scale, lower.end(), scale
    return total, end


def _scale_value(match: re.Match[str]) -> float:
    name = match["scale"].lower()
    return float(SCALES_EN.get(name) or SCALES_EN.get(name.removesuffix("s")) or SHORT_SCALES[name.removesuffix("s")])


def _lower_part(text: str, end: int, factor: float) -> tuple[float, int]:
    """Read what follows a Chinese scale word within one number: 3万4000, 3亿2千万, 1千零1."""
    total, below = 0.0, factor
    while lower := _LOWER_PART.match(text, end):
        scale = 1.0
        for char in (lower["scale"] or "").strip():
            scale *= POWERS_ZH[char]
        value = float(lower["digits"]) * scale
        # Without a zero or a scale word of its own, the lower part has all its digits: 3万4000, not 3万4.
        is_complete = bool(lower["zero"]) or scale > 1 or 10 * value >= below
        if value >= below or not is_complete or ("." in lower["digits"] and scale == 1):
            break
        total, end, below = total + value, lower.end(), max(scale, 1.0)
        if scale == 1:
            break
    return total, end


def _is_letter_scale(text: str, letter: re.Match[str], n_digits: int) -> bool:
    """Whether a letter behind a number without a currency is a scale: 250k jobs, 2.5m tonnes, not 5m high."""
    name, end = letter["scale"], letter.end()
    is_decimal = "." in text[letter.start() - n_digits : letter.start()]
    if letter["space"]:
        return is_decimal and name in "kKMB"
    if name == "k":
        return True
    unit = unit_at(text, end, allow_symbols=False) if text[end : end + 1] == " " else None
    counts = bool(_PLURAL_BEHIND.match(text, end)) if unit is None else unit[0].kind in {"mass", "money", "count"}
    if name in "KM":
        return n_digits >= _MIN_CAPITAL_LENGTH or counts
    return counts or (name in "bB" and is_decimal)

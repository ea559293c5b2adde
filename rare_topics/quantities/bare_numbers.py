"""Every number of a text, also those that count nothing, and fractions: 二十五分之四, three eighths, 1 1/2."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rare_topics.quantities.chinese_numerals import parse_chinese
from rare_topics.quantities.english_numerals import ONES, TENS, number_word_pattern, parse_english
from rare_topics.quantities.numerals import SCALES_EN, Numeral, normalize_number_characters, parse_digits
from rare_topics.quantities.parser import end_of_run, numeral_at, with_minus
from rare_topics.quantities.spaced_numerals import close_up
from rare_topics.quantities.starts import starts_of_quantities

_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_NUMBER_ZH = rf"(?:[{_NUMERALS}]{{1,24}}(?:点[零〇一二三四五六七八九]{{1,12}})?|\d{{1,12}}(?:\.\d{{1,9}})?)"
_FRACTION_ZH = re.compile(
    rf"(?:(?P<whole>{_NUMBER_ZH})又)?(?P<base_sign>负?)(?P<base>{_NUMBER_ZH})分之(?P<part_sign>负?)(?P<part>{_NUMBER_ZH})"
)
_SLASHED = re.compile(r"(?<![\d/.])(?:(?P<whole>\d{1,4}) {1,2})?(?P<part>\d{1,4})/(?P<base>[1-9]\d{0,3})(?![\d/]|\.\d)")
_ORDINAL_ONES = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
}  # fmt: skip
_ORDINALS = {
    **{name: value for name, value in _ORDINAL_ONES.items() if value > 2},  # noqa: PLR2004 - no firsts, no seconds
    "half": 2, "halve": 2, "quarter": 4, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19,
    **{name.removesuffix("y") + "ieth": value for name, value in TENS.items()},
    **{f"{name}th": value for name, value in SCALES_EN.items() if name not in {"dozen", "lakh", "crore"}},
}  # fmt: skip
_TENS = "|".join(TENS)
_GAP = r"(?: - |[ -])"
_SCALED = rf"(?:(?: of)?(?: an?)? {{1,2}}(?P<scale>{'|'.join(SCALES_EN)})s?(?![A-Za-z]))?"
# What follows a number that is the upper part of a fraction.
_PARTS_EN = re.compile(
    rf"{_GAP}(?:(?P<tens>{_TENS})[ -](?P<ones>{'|'.join(_ORDINAL_ONES)})|(?P<plain>{'|'.join(_ORDINALS)}))"
    rf"(?P<plural>s?)(?![A-Za-z]){_SCALED}",
    re.IGNORECASE,
)
_ONE_PART_EN = re.compile(
    rf"\b(?:an? (?P<named>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})|(?P<half>half|quarter))(?![A-Za-z-])"
    rf"{_SCALED}",
    re.IGNORECASE,
)
_QUOTIENT_EN = re.compile(rf" (?:over|out of) (?=\d|(?:{number_word_pattern()})\b)", re.IGNORECASE)


def find_numerals(text: str) -> list[Numeral]:
    """Find every number of a text, also those that count nothing and are no quantities.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    list of Numeral
        In order of the text, without overlaps, negative behind a minus; a fraction is one number.
    """
    closed = close_up(normalize_number_characters(text))
    numerals: list[Numeral] = []
    for one in sorted([*_fractions(closed.text), *_plain_numerals(closed.text)], key=lambda one: (one.start, -one.end)):
        if numerals and one.start < numerals[-1].end:
            continue
        start, factor = with_minus(closed.text, one.start, "")
        start, end = closed.span(start, one.end)
        numerals.append(one._replace(start=start, end=end, low=factor * one.low, high=factor * one.high))
    return numerals


def _plain_numerals(text: str) -> Iterator[Numeral]:
    """Yield the numbers of a text, each with the fraction that it begins."""
    position = 0
    for match in starts_of_quantities(text):
        if match.start() < position:
            continue
        numeral = numeral_at(text, match, short_scales=True)
        if numeral is None:
            position = max(end_of_run(text, match), match.start() + 1)
            continue
        yield numeral
        if numeral.form != "han":
            yield from (fraction for fraction in (_parts(text, numeral), _quotient(text, numeral)) if fraction)
        position = max(numeral.end, match.start() + 1)


def _fractions(text: str) -> Iterator[Numeral]:
    """Yield the fractions that are told by their own pattern."""
    for match in _FRACTION_ZH.finditer(text):
        whole, base, part = (_value(match[name]) for name in ("whole", "base", "part"))
        if base and part is not None:
            sign = -1.0 if bool(match["base_sign"]) != bool(match["part_sign"]) else 1.0
            is_spelt_out = not match["whole"] and match["base_sign"]
            # A minus before the base is that of the whole number where one stands there.
            yield _fraction(match, (whole or 0.0) + sign * part / base, "han" if is_spelt_out else "digits")
    for match in _SLASHED.finditer(text):
        yield _fraction(match, float(match["whole"] or 0) + int(match["part"]) / int(match["base"]), "digits")
    for match in _ONE_PART_EN.finditer(text):
        base = _ORDINALS[(match["named"] or match["half"]).lower()]
        yield _fraction(match, _scaled(match) / base, "word")


def _fraction(match: re.Match[str], value: float, form: str) -> Numeral:
    return Numeral(match.start(), match.end(), value, value, 1.0, over=False, form=form)


def _scaled(match: re.Match[str]) -> float:
    return float(SCALES_EN[match["scale"].lower()]) if match["scale"] else 1.0


def _value(printed: str | None) -> float | None:
    """Value of a text that is one numeral of digits or of Chinese characters."""
    if not printed:
        return None
    if printed[0].isdigit():
        return float(printed)
    numeral = parse_chinese(printed, 0)
    return numeral.low if numeral and numeral.end == len(printed) else None


def _parts(text: str, numeral: Numeral) -> Numeral | None:
    """Read "eighths" behind a number of them; behind "and" a smaller number of them is added to what stands before.

    "one hundred thirty fifths" are a hundred of thirty-fifths, "fifty-four hundredths" hundredths.
    """
    match = _PARTS_EN.match(text, numeral.end)
    # One twenty-fifth and three of them; "the two millionth" is an ordinal.
    if match is None or not (match["plural"] or numeral.low == 1):
        return None
    if match["tens"]:
        base = TENS[match["tens"].lower()] + _ORDINAL_ONES[match["ones"].lower()]
    else:
        base = _ORDINALS[match["plain"].lower()]
    value = numeral.low / base
    before, _, last = text[numeral.start : numeral.end].lower().rpartition(" ")
    if last in TENS and base < ONES["ten"] and text[numeral.end] == " " and before and not before.endswith("and"):
        value = (numeral.low - TENS[last]) / (TENS[last] + base)
    whole, _, added = text[numeral.start : numeral.end].rpartition(" and ")
    below = parse_english(added, 0) if whole else None
    if below and below.low < base:
        value = numeral.low - below.low + below.low / base
    value *= _scaled(match)
    return Numeral(numeral.start, match.end(), value, value, 1.0, over=False, form="word")


def _quotient(text: str, numeral: Numeral) -> Numeral | None:
    """Read "two out of three hundred" and "one over twenty"."""
    between = _QUOTIENT_EN.match(text, numeral.end)
    if between is None:
        return None
    parse = parse_digits if text[between.end()].isdigit() else parse_english
    base = parse(text, between.end())
    if base is None or base.low <= numeral.low:
        return None
    value = numeral.low / base.low
    return Numeral(numeral.start, base.end, value, value, 1.0, over=False, form="word")

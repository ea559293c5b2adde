"""Quantities of a text: numbers with unit, range, qualifier, kind and sign.

`find_quantities` finds the dates and the expressions (`quantities.dates`, `quantities.expressions`)
and reads every other number with its unit; what stands around a number refines it
(`quantities.modifiers`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rare_topics.quantities.dates import DateMention, find_dates
from rare_topics.quantities.exclusions import is_code, is_count, is_indefinite, is_name_or_vague
from rare_topics.quantities.expressions import Expression, find_expressions
from rare_topics.quantities.modifiers import apply_context, inherit_units, is_change_of_level, qualifier_of
from rare_topics.quantities.numerals import (
    DIGITS_ZH,
    Numeral,
    number_word_pattern,
    parse_chinese,
    parse_digits,
    parse_english,
)
from rare_topics.quantities.quantity_words import word_start_pattern
from rare_topics.quantities.units import (
    NO_UNIT,
    YEARS_PER_UNIT,
    Quantity,
    Unit,
    currency_of_sign,
    currency_sign_pattern,
    currency_signs,
    unit_at,
)

_RUN = re.compile(r"[\d,.]+|[零〇一二两三四五六七八九十百千万亿兆半]+|[A-Za-z]+")
_RANGE_MARK = re.compile(r" ?(?:-|\u2013|\u2014|~|\u301c|至|到|to|or|and) ?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween (?:[a-z]+ ){0,2}\S?$|介于$|在$", re.IGNORECASE)
# Behind 两成 these are no hundredths: 两成五个 is not 25 %.
_NOT_AFTER_HUNDREDTHS = frozenset("个家成年多")
# Larger numbers are not values but runs of digits.
MAX_VALUE = 1e17
# Characters before a range in which words such as "between" and "from" are looked for.
RANGE_WINDOW = 60
# Characters behind a range mark in which a date is looked for.
DATE_WINDOW = 12


class _Amount(NamedTuple):
    """A number with its unit, and the offset at which the two end."""

    numeral: Numeral
    unit: Unit
    end: int


@lru_cache(maxsize=1)
def _start_pattern() -> re.Pattern[str]:
    """Match where a quantity may begin.

    The look-ahead is fast to fail: most characters of a text are no digit, numeral, sign or
    beginning of a number word.
    """
    numerals = "零一二两三四五六七八九十百千万亿半"
    words = word_start_pattern(
        [*number_word_pattern().split("|"), *(sign for sign in currency_signs() if sign[0].isalpha())]
    )
    return re.compile(
        rf"(?=[\d{numerals}]|[^\w\s]|{words})"
        rf"(?:(?P<sign>(?:{currency_sign_pattern()}) ?)?(?P<digit>(?(sign)|(?<![A-Za-z\d_]))\d)"
        rf"|(?P<han>[{numerals}])"
        rf"|(?<![A-Za-z-])(?P<word>(?:{number_word_pattern()}))(?![A-Za-z]))",
        re.IGNORECASE,
    )


def find_quantities(text: str) -> tuple[list[Quantity], list[DateMention]]:
    """Find the quantities and the dates of a text, in time linear in its length.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    (list of Quantity, list of DateMention)
        Each in order of the text; quantities do not overlap.
    """
    dates = find_dates(text)
    expressions = [found for found in find_expressions(text) if not _is_within(found.start, dates)]
    quantities = [_of_expression(text, expression) for expression in expressions]
    taken = [(date.start, date.end) for date in dates] + [(found.start, found.end) for found in expressions]
    quantities += _plain_quantities(text, sorted(taken))
    return inherit_units(text, _without_overlaps(quantities)), dates


def _is_within(offset: int, dates: Sequence[DateMention]) -> bool:
    last = bisect_right(dates, offset, key=lambda date: date.start) - 1
    return last >= 0 and offset < dates[last].end


def _of_expression(text: str, expression: Expression) -> Quantity:
    quantity = Quantity(
        start=expression.start,
        end=expression.end,
        value=expression.value,
        value_high=expression.value_high,
        unit=expression.unit,
        kind=expression.kind,
        qualifier=qualifier_of(text, expression.start, expression.end),
    )
    return apply_context(text, quantity)


def _plain_quantities(text: str, taken: Sequence[tuple[int, int]]) -> list[Quantity]:
    """Find the quantities that are a number and a unit, outside of the spans that are taken."""
    starts = [start for start, _ in taken]
    found: list[Quantity] = []
    position = 0
    while match := _start_pattern().search(text, position):
        start = match.start()
        covering = bisect_right(starts, match.end() - 1) - 1
        if covering >= 0 and taken[covering][1] > start:
            position = max(taken[covering][1], start + 1)
            continue
        quantity = _quantity_at(text, match)
        if quantity:
            found.append(quantity)
        position = max(quantity.end if quantity else _end_of_run(text, match), start + 1)
    return found


def _end_of_run(text: str, match: re.Match[str]) -> int:
    """Where the whole run of digits, of numerals or of letters ends that was no quantity."""
    run = _RUN.match(text, match.start(match.lastgroup or 0))
    return run.end() if run else match.end()


def _without_overlaps(quantities: Iterable[Quantity]) -> list[Quantity]:
    """Keep the first of two that overlap, and of two that begin together the longer."""
    kept: list[Quantity] = []
    for quantity in sorted(quantities, key=lambda one: (one.start, -one.end)):
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _quantity_at(text: str, match: re.Match[str]) -> Quantity | None:
    """Read the quantity that begins at a match of `_start_pattern`, or None where there is no quantity."""
    sign, start = (match["sign"] or "").rstrip(), match.start()
    numeral = _numeral_at(text, match, short_scales=bool(sign))
    if numeral is None or numeral.high > MAX_VALUE or is_name_or_vague(text, start, numeral):
        return None
    unit, end = (currency_of_sign(sign), numeral.end) if sign else _unit_of(text, numeral)
    low, high = numeral.low, numeral.high
    if unit.name == "%" and unit.factor > 1:
        low, high, end = _with_hundredths(text, low, high, end)
    low, high = low * unit.factor, high * unit.factor
    upper = _upper_end(text, _Amount(numeral, unit, end), sign=sign)
    if upper is not None:
        low = high = _lower_value(numeral, unit, upper)
        unit = upper.unit
        if not _is_level_before_change(text, end, numeral):
            high, end = upper.numeral.high * unit.factor, upper.end
    elif unit is NO_UNIT and not is_count(text, numeral):
        return None
    start, factor = _with_minus(text, start)
    quantity = Quantity(
        start=start,
        end=end,
        value=factor * _rounded(low),
        value_high=_rounded(high) if high > low else None,
        unit=unit.name,
        kind=unit.kind,
        qualifier="over" if numeral.over else qualifier_of(text, start, end),
    )
    return apply_context(text, quantity)


def _numeral_at(text: str, match: re.Match[str], *, short_scales: bool) -> Numeral | None:
    if match["digit"]:
        return parse_digits(text, match.start("digit"), short_scales=short_scales)
    return parse_chinese(text, match.start()) if match["han"] else parse_english(text, match.start())


def _unit_of(text: str, numeral: Numeral) -> tuple[Unit, int]:
    """Read the unit behind a number, and where it ends; `NO_UNIT` where the number is an article or a code."""
    found = unit_at(text, numeral.end, allow_symbols=numeral.form == "digits")
    if found is None or (numeral.form == "han" and is_indefinite(text, numeral)):
        return NO_UNIT, numeral.end
    if numeral.form == "digits" and is_code(text, found[1]) and text[found[1]] not in "-\u2013":
        return NO_UNIT, numeral.end
    return found


def _with_hundredths(text: str, low: float, high: float, end: int) -> tuple[float, float, int]:
    """Read hundredths behind tenths: 两成五 is 25 %, 一成半 15 %."""
    follow, next_one = text[end : end + 1], text[end + 1 : end + 2]
    if follow == "半":
        return low + 0.5, high + 0.5, end + 1
    if follow in DIGITS_ZH and follow and next_one not in _NOT_AFTER_HUNDREDTHS and low == high:
        return low + DIGITS_ZH[follow] / 10, high + DIGITS_ZH[follow] / 10, end + 1
    return low, high, end


def _with_minus(text: str, start: int) -> tuple[int, float]:
    """Include a minus before a number: the offset at which it begins, and the factor -1 or 1."""
    has_minus = start > 1 and text[start - 1] in "-\u2212" and text[start].isdigit()
    return (start - 1, -1.0) if has_minus and text[start - 2] in " (:,为是至到" else (start, 1.0)


def _rounded(value: float) -> float:
    """Drop the error of binary fractions, so that 2.1 times 10,000 is 21,000."""
    return float(f"{value:.12g}")


def _upper_end(text: str, lower: _Amount, *, sign: str) -> _Amount | None:
    """Read the upper end of a range, or None where no range begins with the amount."""
    mark = _RANGE_MARK.match(text, lower.end)
    if not mark:
        return None
    if mark[0].strip().lower() == "and" and not _BETWEEN.search(_before_range(text, lower.numeral)):
        return None
    match = _start_pattern().match(text, mark.end())
    numeral = _numeral_at(text, match, short_scales=bool(sign)) if match else None
    if match is None or numeral is None or _begins_with_date(text[match.start() : match.start() + DATE_WINDOW]):
        return None
    any_sign = sign or (match["sign"] or "").rstrip()
    unit, end = (currency_of_sign(any_sign), numeral.end) if any_sign else _unit_of(text, numeral)
    if unit is NO_UNIT and lower.unit.name == "%":
        unit, end = lower.unit, numeral.end
    if lower.unit is not NO_UNIT and unit.kind != lower.unit.kind:
        return None
    if lower.unit is NO_UNIT and unit is NO_UNIT and not is_count(text, numeral):
        return None
    upper = _Amount(numeral, unit, end)
    return upper if _lower_value(lower.numeral, lower.unit, upper) < numeral.high * unit.factor else None


def _begins_with_date(text: str) -> bool:
    return any(date.start == 0 for date in find_dates(text))


def _before_range(text: str, first: Numeral) -> str:
    return text[max(0, first.start - RANGE_WINDOW) : first.start]


def _is_level_before_change(text: str, end: int, first: Numeral) -> bool:
    """Whether a number is a level that changed to the next, so that both are quantities and not a range."""
    mark = _RANGE_MARK.match(text, end)
    word = mark[0].strip().lower() if mark else ""
    return word in {"to", "到", "至"} and is_change_of_level(_before_range(text, first))


def _lower_value(first: Numeral, unit: Unit, upper: _Amount) -> float:
    """Value of the lower end of a range in the unit of the upper end.

    The lower end shares the unit and the scale word that are printed with the upper end alone:
    "5-7 billion" is 5 to 7 billion.
    """
    is_unscaled = first.scale == 1 and first.low < upper.numeral.low / upper.numeral.scale
    if unit is NO_UNIT:
        scale = upper.numeral.scale if is_unscaled else 1.0
        return first.low * scale * upper.unit.factor
    if unit.name != upper.unit.name and unit.name in YEARS_PER_UNIT:
        return first.low * YEARS_PER_UNIT[unit.name] * unit.factor / YEARS_PER_UNIT[upper.unit.name]
    scale = upper.numeral.scale if unit.kind == "money" and is_unscaled else 1.0
    return first.low * unit.factor * scale

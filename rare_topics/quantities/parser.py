"""Quantities in a text: a number, its unit, its range, and how sure it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from rare_topics.quantities.context import compared, in_context
from rare_topics.quantities.dates import Date, dates
from rare_topics.quantities.exclusions import counts, is_article, is_code, is_name
from rare_topics.quantities.expressions import phrases
from rare_topics.quantities.fractions import Phrase
from rare_topics.quantities.modifiers import moves, openings, qualifier_of
from rare_topics.quantities.numerals import DIGITS_ZH, Numeral, cardinal_words, digits_at, han_at, words_at
from rare_topics.quantities.quantity import Quantity
from rare_topics.quantities.units import BARE, IN_YEARS, Unit, currency_before, prefix_pattern, prefixes, unit_at

_RUN = re.compile(r"[\d,.]+|[零〇一二两三四五六七八九十百千万亿兆半]+|[A-Za-z]+")
_SEPARATOR = re.compile(r" ?(?:-|\u2013|\u2014|~|\u301c|至|到|to|or|and) ?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween (?:[a-z]+ ){0,2}\S?$|介于$|在$", re.IGNORECASE)
_TENTHS_END = frozenset("个家成年多")
LARGEST = 1e17
BEFORE = 60


@lru_cache(maxsize=1)
def _start() -> re.Pattern[str]:
    """Match where a quantity may begin; where no digit, numeral, sign or word does, nothing else is tried."""
    numerals = "零一二两三四五六七八九十百千万亿半"
    words = openings([*cardinal_words().split("|"), *(sign for sign in prefixes() if sign[0].isalpha())])
    return re.compile(
        rf"(?=[\d{numerals}]|[^\w\s]|{words})"
        rf"(?:(?P<sign>(?:{prefix_pattern()}) ?)?(?P<digit>(?(sign)|(?<![A-Za-z\d_]))\d)"
        rf"|(?P<han>[{numerals}])"
        rf"|(?<![A-Za-z-])(?P<word>(?:{cardinal_words()}))(?![A-Za-z]))",
        re.IGNORECASE,
    )


def quantities(text: str) -> tuple[list[Quantity], list[Date]]:
    """Find the quantities and the dates of a text, in time that grows with its length.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    (list of Quantity, list of Date)
        Each in order of the text.
    """
    printed_dates = dates(text)
    special = [phrase for phrase in phrases(text) if not _within(phrase.start, printed_dates)]
    found = [_of_phrase(text, phrase) for phrase in special]
    taken = [(date.start, date.end) for date in printed_dates] + [(phrase.start, phrase.end) for phrase in special]
    found += _plain(text, sorted(taken))
    return compared(text, _apart(found)), printed_dates


def _within(place: int, printed: Sequence[Date]) -> bool:
    at = bisect_right(printed, place, key=lambda date: date.start) - 1
    return at >= 0 and place < printed[at].end


def _plain(text: str, taken: Sequence[tuple[int, int]]) -> list[Quantity]:
    """Find the quantities that are a number and a unit, where nothing else has been found."""
    starts = [start for start, _ in taken]
    found: list[Quantity] = []
    position = 0
    while match := _start().search(text, position):
        begin = match.start()
        covering = bisect_right(starts, match.end() - 1) - 1
        if covering >= 0 and taken[covering][1] > begin:
            position = max(taken[covering][1], begin + 1)
            continue
        quantity = _quantity_at(text, match)
        if quantity:
            found.append(quantity)
        position = max(quantity.end if quantity else _after(text, match), begin + 1)
    return found


def _apart(found: list[Quantity]) -> list[Quantity]:
    """Keep the first of two that overlap, and of two that begin together the longer."""
    kept: list[Quantity] = []
    for quantity in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _after(text: str, match: re.Match[str]) -> int:
    """Skip what was no quantity: the whole run of digits, the numeral or the word."""
    run = _RUN.match(text, match.start(match.lastgroup or 0))
    return run.end() if run else match.end()


def _of_phrase(text: str, phrase: Phrase) -> Quantity:
    quantity = Quantity(
        start=phrase.start, end=phrase.end, value=phrase.value, value_high=phrase.value_high, unit=phrase.unit,
        kind=phrase.kind, qualifier=qualifier_of(text, phrase.start, phrase.end),
    )  # fmt: skip
    return in_context(text, quantity)


def _numeral(text: str, match: re.Match[str], *, short: bool) -> Numeral | None:
    if match["digit"]:
        return digits_at(text, match.start("digit"), short=short)
    return han_at(text, match.start()) if match["han"] else words_at(text, match.start())


def _quantity_at(text: str, match: re.Match[str]) -> Quantity | None:
    """Read the quantity that begins at a match, or None where there is no quantity."""
    sign, begin = (match["sign"] or "").rstrip(), match.start()
    numeral = _numeral(text, match, short=bool(sign))
    if numeral is None or numeral.high > LARGEST or is_name(text, begin, numeral):
        return None
    unit, end = (currency_before(sign), numeral.end) if sign else _unit_of(text, numeral)
    low, high = numeral.low, numeral.high
    if unit.name == "%" and unit.factor > 1:
        low, high, end = _tenths(text, low, high, end)
    low, high = low * unit.factor, high * unit.factor
    second = _second(text, end, numeral, unit, sign=sign)
    if second is not None:
        upper, upper_unit, stop = second
        low = high = _shared(numeral, unit, upper, upper_unit)
        unit = upper_unit
        if not _moved(text, end, numeral):
            high, end = upper.high * upper_unit.factor, stop
    elif unit is BARE and not counts(text, numeral):
        return None
    begin, negative = _with_minus(text, begin)
    quantity = Quantity(
        start=begin, end=end, value=negative * _clean(low), value_high=_clean(high) if high > low else None,
        unit=unit.name, kind=unit.kind, qualifier="over" if numeral.over else qualifier_of(text, begin, end),
    )  # fmt: skip
    return in_context(text, quantity)


def _clean(value: float) -> float:
    """Drop what binary fractions add: 2.1 times ten thousand is 21000."""
    return float(f"{value:.12g}")


def _unit_of(text: str, numeral: Numeral) -> tuple[Unit, int]:
    """Read the unit behind a number; a bare one where there is none, or where the numeral is none."""
    found = unit_at(text, numeral.end, symbols=numeral.form == "digits")
    if found is None or (numeral.form == "han" and is_article(text, numeral)):
        return BARE, numeral.end
    if numeral.form == "digits" and is_code(text, found[1]) and text[found[1]] not in "-\u2013":
        return BARE, numeral.end
    return found


def _with_minus(text: str, begin: int) -> tuple[int, float]:
    signed = begin > 1 and text[begin - 1] in "-\u2212" and text[begin].isdigit()
    return (begin - 1, -1.0) if signed and text[begin - 2] in " (:,为是至到" else (begin, 1.0)


def _tenths(text: str, low: float, high: float, end: int) -> tuple[float, float, int]:
    """Read tenths with hundredths behind them: two tenths five is 25 %."""
    follow, next_one = text[end : end + 1], text[end + 1 : end + 2]
    if follow == "半":
        return low + 0.5, high + 0.5, end + 1
    if follow in DIGITS_ZH and follow and next_one not in _TENTHS_END and low == high:
        return low + DIGITS_ZH[follow] / 10, high + DIGITS_ZH[follow] / 10, end + 1
    return low, high, end


def _second(text: str, end: int, first: Numeral, unit: Unit, *, sign: str) -> tuple[Numeral, Unit, int] | None:
    """Read the upper end of a range with its unit."""
    separator = _SEPARATOR.match(text, end)
    if not separator or not _joins(separator[0].strip().lower(), text[max(0, first.start - BEFORE) : first.start]):
        return None
    match = _start().match(text, separator.end())
    numeral = _numeral(text, match, short=bool(sign)) if match else None
    if (
        match is None
        or numeral is None
        or any(date.start == 0 for date in dates(text[match.start() : match.start() + 12]))
    ):
        return None
    upper_sign = (match["sign"] or "").rstrip()
    found = (currency_before(sign or upper_sign), numeral.end) if sign or upper_sign else _unit_of(text, numeral)
    upper, stop = (unit, numeral.end) if found[0] is BARE and unit.name == "%" else found
    if unit is not BARE and upper.kind != unit.kind:
        return None
    if unit is BARE and upper is BARE and not counts(text, numeral):
        return None
    return (numeral, upper, stop) if _shared(first, unit, numeral, upper) < numeral.high * upper.factor else None


def _joins(word: str, before: str) -> bool:
    """Whether a word between two numbers makes a range of them."""
    return word != "and" or bool(_BETWEEN.search(before))


def _moved(text: str, end: int, first: Numeral) -> bool:
    """Whether something moves from a number to the next, so that each is a quantity, in the unit of the next."""
    separator = _SEPARATOR.match(text, end)
    word = separator[0].strip().lower() if separator else ""
    return word in {"to", "到", "至"} and moves(text[max(0, first.start - BEFORE) : first.start])


def _shared(first: Numeral, unit: Unit, upper: Numeral, upper_unit: Unit) -> float:
    """Value of the lower end: it shares the unit and the scale that are printed with the upper end alone."""
    if unit is BARE:
        scale = upper.scale if first.scale == 1 and first.low < upper.low / upper.scale else 1.0
        return first.low * scale * upper_unit.factor
    if unit.name != upper_unit.name and unit.name in IN_YEARS:
        return first.low * IN_YEARS[unit.name] * unit.factor / IN_YEARS[upper_unit.name]
    scale = upper.scale if unit.kind == "money" and first.scale == 1 and first.low < upper.low / upper.scale else 1.0
    return first.low * unit.factor * scale

"""Units of measure and currencies of both languages."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

_EN_WORDS = re.compile(
    r"[ -]?(?P<first>[A-Za-z%\u2103\u00b0][A-Za-z.]*)(?:[ -](?P<second>[A-Za-z]+))?(?:[ -](?P<third>[A-Za-z]+))?"
)
LONGEST_ZH = 6
# Symbols of one or two letters are units only behind digits.
SYMBOL_LENGTH = 3


class Unit(NamedTuple):
    """A unit: its normal name, what it measures, and the factor that turns a printed number into it."""

    name: str
    kind: str
    factor: float
    country: str = ""


# What has no unit is counted, or stands for itself.
BARE = Unit("items", "count", 1.0)
# Units of time in years.
IN_YEARS = {
    "seconds": 1 / 31_557_600,
    "minutes": 1 / 525_960,
    "hours": 1 / 8766,
    "days": 1 / 365.25,
    "weeks": 7 / 365.25,
    "months": 1 / 12,
    "quarters": 1 / 4,
    "years": 1.0,
}


class _Units(NamedTuple):
    zh: dict[str, Unit]
    en: dict[str, Unit]
    prefix: dict[str, Unit]


@lru_cache(maxsize=1)
def _units() -> _Units:
    found = _Units({}, {}, {})
    lines = (files("rare_topics") / "data" / "units.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        name, kind, factor, zh, en, prefix, country = line.split("\t")
        unit = Unit(name, kind, float(factor), country)
        for forms, known in zip((zh, en, prefix), found, strict=True):
            for form in filter(None, map(str.strip, forms.split(";"))):
                known.setdefault(form.lower() if known is found.en and len(form) >= SYMBOL_LENGTH else form, unit)
    return found


@lru_cache(maxsize=1)
def prefixes() -> tuple[str, ...]:
    """Give every currency sign that stands before a number, the longest first."""
    return tuple(sorted(_units().prefix, key=len, reverse=True))


def prefix_pattern() -> str:
    """Give every currency sign that stands before a number, as a pattern's alternatives.

    Letters count as they are printed, whatever the flags of the pattern: TRY 5 is money, and a try is none.
    """
    return "|".join(
        rf"(?<![A-Za-z])(?-i:{re.escape(form)})" if form[0].isalpha() else re.escape(form) for form in prefixes()
    )


def currency_before(sign: str) -> Unit:
    """Return the currency of a sign."""
    return _units().prefix[sign]


@lru_cache(maxsize=1)
def currencies() -> dict[str, Unit]:
    """Return the currency of each country that has one in the list, by concept."""
    units = (*_units().zh.values(), *_units().en.values())
    return {unit.country: unit for unit in units if unit.country and unit.factor == 1}


def unit_at(text: str, start: int, *, symbols: bool = True, han: bool = False) -> tuple[Unit, int] | None:
    """Read the unit at a place.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.
    start
        Where the number ends.
    symbols
        Whether letters such as ``t`` and ``kg`` count, as they do behind digits.
    han
        Whether only Chinese forms of two characters and more are looked for.

    Returns
    -------
    (unit, end) or None
        The longest form that fits.
    """
    if han:
        found = _zh_unit(text, start)
        return found if found and found[1] - start > 1 else None
    return _zh_unit(text, start) or _en_unit(text, start, symbols=symbols)


def _zh_unit(text: str, start: int) -> tuple[Unit, int] | None:
    begin = start + (text[start : start + 1] == " " and text[start + 1 : start + 2] > "\u3400")
    known = _units().zh
    for length in range(LONGEST_ZH, 0, -1):
        unit = known.get(text[begin : begin + length])
        if unit and begin + length <= len(text):
            return unit, begin + length
    return None


def _en_unit(text: str, start: int, *, symbols: bool) -> tuple[Unit, int] | None:
    words = _EN_WORDS.match(text, start)
    if not words:
        return None
    known = _units().en
    for last in ("third", "second", "first"):
        if not words[last]:
            continue
        printed = text[words.start("first") : words.end(last)]
        # Symbols tell g from G; words stand in either case.
        phrase = printed.lower() if len(printed) >= SYMBOL_LENGTH else printed if symbols else ""
        for form in (phrase, phrase.removesuffix("s"), phrase.rstrip(".")):
            unit = known.get(form) or known.get(form.replace("-", " "))
            if unit:
                return unit, words.end(last) - (phrase.endswith(".") and not form.endswith("."))
    return None

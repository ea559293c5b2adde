"""Quantities, and the units of measure and currencies that they are printed in, from ``data/units.tsv``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

# A unit has up to three words, which spaces or hyphens join: "metric tons", "sq. km", "km2", "US-dollar".
_EN_WORDS = re.compile(
    r"[ -]?(?P<first>[A-Za-z%\u2030\u2103\u2109\u00b0\u00b5\u03bc][A-Za-z.]*"
    r"(?:/[a-z]{1,11}(?![a-z])|[\u00b2\u00b3]|[23](?!\w))?)"
    r"(?:[ -](?P<second>[A-Za-z]+(?:[\u00b2\u00b3]|[23](?!\w))?))?(?:[ -](?P<third>[A-Za-z]+))?"
)
# A currency sign behind its number: "10 \u20ac"; before another number it belongs to that one.
_SIGN_BEHIND = re.compile(
    r" ?(?P<sign>[$\u20ac\u00a3\u20bd\u20b9\u20a9\u20b1\u20ad\u20ae\u20b4])(?! ?\d[\d,.]*(?![\d,.]| ?[$\u20ac\u00a3]))"
)
# A unit may stand in brackets: 20 (kg).
_BRACKETED = re.compile(r" ?(?:\((?=[^()]{1,12}\))|\{(?=[^{}]{1,12}\})|<(?=[^<>]{1,12}>))")
# Words that begin with the character of a unit.
_IN_WORD = re.compile(
    "两[天日年月个次句下家口杯手面者国岸地千百万三位名条种大]|毛[利重坯病巾衣皮发笔]|角(?:[落度色逐]|大 ?楼)|"
    "担[任心保当]|码头|寸步|丈夫|帕金"
)
# 位 counts people, and bits before one of these.
_BITS = re.compile("位(?=(?:操作)?系统|微?处理器|架构|总线|单片机|宽|地址|二进制|是?(?:最小的?)?存储)")
# No Chinese form of a unit has more characters.
_MAX_ZH_LENGTH = 6
# These name a currency behind a number only.
_NOT_BEFORE = frozenset({"元", "圆", "块钱", "元人民币", "个比特币"})
# Forms of fewer letters are symbols: units only behind digits, and told by their case (g and G).
_MIN_WORD_LENGTH = 3
# Symbols that are typed into a search, and mean nothing else there.
_SEARCHED_SYMBOLS = frozenset({"kt"})
KINDS = (
    "share",
    "money",
    "mass",
    "rate",
    "price",
    "count",
    "duration",
    "percent change",
    "ratio",
    "rank",
    "date",
    "purity",
    "score",
    "size",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity as it is printed.

    Attributes
    ----------
    start, end
        Character offsets of number and unit.
    value, value_high
        In `unit`; the second is None unless a range is printed. A fall is negative.
    unit
        Normalised name: ``%``, ``t``, the code of a currency, ``USD/kg`` for a price, ``t/year``
        for a rate, ``items`` for what is counted.
    kind
        One of `KINDS`.
    qualifier
        about, nearly, over, at least, up to, under, or empty.
    """

    start: int
    end: int
    value: float
    value_high: float | None = None
    unit: str = "items"
    kind: str = "count"
    qualifier: str = ""


class Unit(NamedTuple):
    """A form of a unit.

    Attributes
    ----------
    name
        Normalised name, as in `Quantity.unit`.
    kind
        What it measures, one of `KINDS`.
    factor
        A printed number times this is the value in `name`: 0.001 for kilograms, whose name is ``t``.
    country
        Concept of the country whose currency it is, else empty.
    """

    name: str
    kind: str
    factor: float
    country: str = ""


# Unit of a number that is printed without one.
NO_UNIT = Unit("items", "count", 1.0)
YEARS_PER_UNIT = {
    "seconds": 1 / 31_557_600,
    "minutes": 1 / 525_960,
    "hours": 1 / 8766,
    "days": 1 / 365.25,
    "weeks": 7 / 365.25,
    "months": 1 / 12,
    "quarters": 1 / 4,
    "years": 1.0,
}


class _UnitForms(NamedTuple):
    """Units by the forms they are printed in; `sign` holds those that stand before a number."""

    zh: dict[str, Unit]
    en: dict[str, Unit]
    sign: dict[str, Unit]


@lru_cache(maxsize=1)
def _unit_forms() -> _UnitForms:
    forms = _UnitForms({}, {}, {})
    lines = (files("rare_topics") / "data" / "units.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        name, kind, factor, zh, en, signs, country = line.split("\t")
        unit = Unit(name, kind, float(factor), country)
        for form in _listed(zh):
            forms.zh.setdefault(form, unit)
        for form in _listed(en):
            forms.en.setdefault(form.lower() if len(form) >= _MIN_WORD_LENGTH else form, unit)
        for form in _listed(signs):
            forms.sign.setdefault(form, unit)
    return forms


@lru_cache(maxsize=1)
def unit_names_zh() -> dict[str, str]:
    """Return the Chinese name of each unit, by its normalised name: the first form that is worth one of it."""
    names: dict[str, str] = {"items": "", "times": "倍"}
    for form, unit in _unit_forms().zh.items():
        if unit.factor == 1:
            names.setdefault(unit.name, form)
    return names


def unit_forms(unit: str) -> list[str]:
    """List what a unit of weight or money and its multiples are called: tonne, kilotonne, 吨, 千吨; without symbols.

    Parameters
    ----------
    unit
        Normalised name.
    """
    forms = _unit_forms()
    named = [(form, one) for names in (forms.zh, forms.en) for form, one in names.items()]
    return [
        form
        for form, one in named
        if one.name == unit
        and one.kind in {"mass", "money"}
        and one.factor >= 1
        and (len(form) >= _MIN_WORD_LENGTH or not form.isascii() or form in _SEARCHED_SYMBOLS)
    ]


def _listed(cell: str) -> list[str]:
    return [form.strip() for form in cell.split(";") if form.strip()]


@lru_cache(maxsize=1)
def currency_signs() -> tuple[str, ...]:
    """Return every currency sign that stands before a number, the longest first."""
    return tuple(sorted(_unit_forms().sign, key=len, reverse=True))


def currency_sign_pattern() -> str:
    """Return the alternatives of a pattern that matches any currency sign before a number.

    Letters must be printed in their own case, whatever the flags of the pattern, so that "TRY 5"
    is money and "try 5" is not.
    """
    forms = [
        rf"(?<![A-Za-z])(?-i:{re.escape(form)})" if form[0].isalpha() else re.escape(form) for form in currency_signs()
    ]
    # "hk $", "AUD$" and "aud $": letters before a sign of dollars in either case, also apart from it.
    letters = {form.rstrip("$").lower() for form in currency_signs() if form.endswith("$") or form.isalpha()}
    before_dollar = "|".join(sorted((form for form in letters if form.isalpha() and len(form) > 1), key=len)[::-1])
    return "|".join([rf"(?<![A-Za-z])(?:{before_dollar}) ?\$", *forms])


def currency_of_sign(sign: str) -> Unit:
    """Return the currency of one of `currency_signs`."""
    signs = _unit_forms().sign
    if sign in signs:
        return signs[sign]
    # The letters of "hk $" and "AUD$" without regard to case.
    by_letters = {form.rstrip("$").lower(): unit for form, unit in signs.items() if form.rstrip("$").isalpha()}
    return by_letters[sign.rstrip("$ ").lower()]


@lru_cache(maxsize=1)
def currency_names_zh() -> dict[str, Unit]:
    """Return the Chinese names of currencies that may stand before a number, as in 港币两千元."""
    forms = _unit_forms().zh.items()
    return {form: unit for form, unit in forms if unit.kind == "money" and unit.factor == 1 and form not in _NOT_BEFORE}


_MINOR_ZH = re.compile("(?P<word>[角毛]钱?|分钱?)")
_MINOR_FACTORS = {"角": 0.1, "毛": 0.1, "分": 0.01}


def minor_unit_of(text: str, start: int, currency: Unit) -> tuple[float, int] | None:
    """Read the name of a coin of a currency: what it is worth, and the offset of its end; None for another word."""
    if currency.factor != 1:
        return None
    minor = _MINOR_ZH.match(text, start) if currency.name == "CNY" else None
    if minor:
        return _MINOR_FACTORS[minor["word"][0]], minor.end()
    found = unit_at(text, start)
    is_minor = found and found[0].name == currency.name and found[0].factor < 1
    return (found[0].factor, found[1]) if found and is_minor else None


@lru_cache(maxsize=1)
def currency_of_country() -> dict[str, Unit]:
    """Return the currency of each country that has one in the list, by the country's concept."""
    units = (*_unit_forms().zh.values(), *_unit_forms().en.values())
    return {unit.country: unit for unit in units if unit.country and unit.factor == 1}


def national_currency(family: str, *, country: str) -> Unit | None:
    """Return the currency of a country if it is one of a family, as the Philippine of "pesos", else None."""
    unit = currency_of_country().get(country)
    ending = f" {family.removesuffix('s')}"
    is_of_family = unit and any(form.endswith(ending) for form, one in _unit_forms().en.items() if one == unit)
    return unit if is_of_family else None


def unit_at(
    text: str, start: int, *, allow_symbols: bool = True, chinese_words_only: bool = False
) -> tuple[Unit, int] | None:
    """Read the unit behind a number.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.
    start
        Offset at which the number ends.
    allow_symbols
        Whether one or two letters, such as ``t`` and ``kg``, may be a unit, as they are behind
        digits.
    chinese_words_only
        Whether only Chinese forms of two characters and more are looked for.

    Returns
    -------
    (unit, end) or None
        The longest form that fits, and the offset of its end.
    """
    bracket = _BRACKETED.match(text, start)
    if bracket and not chinese_words_only:
        inner = unit_at(text, bracket.end(), allow_symbols=allow_symbols)
        return (inner[0], inner[1] + 1) if inner and text[inner[1]] in ")}>" else None
    if chinese_words_only:
        found = _zh_unit(text, start)
        return found if found and found[1] - start > 1 else None
    return _zh_unit(text, start) or _en_unit(text, start, allow_symbols=allow_symbols)


def _zh_unit(text: str, start: int) -> tuple[Unit, int] | None:
    has_space = text[start : start + 1] == " " and text[start + 1 : start + 2] > "\u3400"
    begin = start + has_space
    for length in range(_MAX_ZH_LENGTH, 0, -1):
        unit = _unit_forms().zh.get(text[begin : begin + length])
        if unit and length == 1 and _IN_WORD.match(text, begin):
            continue
        if unit and _BITS.match(text, begin):
            unit = _unit_forms().zh["位元"]
        if unit and begin + length <= len(text):
            return unit, begin + length
    return None


def _en_unit(text: str, start: int, *, allow_symbols: bool) -> tuple[Unit, int] | None:
    sign = _SIGN_BEHIND.match(text, start)
    if sign:
        return _unit_forms().sign[sign["sign"]], sign.end()
    words = _EN_WORDS.match(text, start)
    if not words:
        return None
    for last in ("third", "second", "first"):
        if not words[last]:
            continue
        printed = text[words.start("first") : words.end(last)]
        unit = _unit_of_phrase(printed, allow_symbols=allow_symbols and not (printed == "p" and text[start] == " "))
        if unit and not text[words.end(last) : words.end(last) + 1].isdigit():
            return unit, words.end(last)
        shorter, slash, _ = printed.partition("/")
        unit = _unit_of_phrase(shorter, allow_symbols=allow_symbols) if slash and last == "first" else None
        if unit:
            return unit, words.start("first") + len(shorter)
        if last == "first" and printed.endswith("."):
            unit = _unit_of_phrase(printed.rstrip("."), allow_symbols=allow_symbols)
            if unit:
                return unit, words.start("first") + len(printed.rstrip("."))
    return None


def _unit_of_phrase(printed: str, *, allow_symbols: bool) -> Unit | None:
    """Look up a form, also in the plural, with hyphens and with the full stops of its abbreviations left out."""
    is_symbol = len(printed) < _MIN_WORD_LENGTH
    if is_symbol:
        return _unit_forms().en.get(printed) if allow_symbols else None
    phrase = printed.lower()
    units = _unit_forms().en
    first, _, rest = phrase.partition(" ")
    # "degrees Celsius" has the plural in its first word.
    singular_first = f"{first.removesuffix('s')} {rest}" if rest else phrase
    for form in (phrase, phrase.removesuffix("s"), phrase.replace("-", " "), phrase.replace(". ", " "), singular_first):
        unit = units.get(form) or units.get(form.removesuffix("s"))
        if unit:
            return unit
    return None

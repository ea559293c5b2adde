"""Numbers as readers of either language write them: US$8.5bn, 85亿美元; over 80%, 超过80%."""

from __future__ import annotations

import math

from rare_topics.corpus.languages import Label
from rare_topics.corpus.wording import date_wording
from rare_topics.quantities import Quantity
from rare_topics.quantities.units import unit_names_zh

_SCALES_EN = ((1e12, "trillion", "tn"), (1e9, "billion", "bn"), (1e6, "million", "m"))
_SCALES_ZH = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
# How a currency is written before its number in English; others by their code.
_SIGNS = {"USD": "US$", "EUR": "€", "GBP": "£", "AUD": "A$", "CAD": "C$"}
UNIT_NAMES_EN = {"t": "tonnes", "items": "", "times": "times", "%": "%"}
# What stands before a number, by its qualifier.
QUALIFIERS_ZH = {
    "": "", "about": "约", "nearly": "近", "over": "超过", "at least": "至少", "up to": "至多", "under": "不到",
}  # fmt: skip
# Units that stand in prices alone.
_UNITS_ZH = {"kg": "公斤"}
_PERIODS_ZH = {"year": "每年", "month": "每月", "day": "每天"}
_SIGNIFICANT_DIGITS = 4
_NEARLY_ALL = 99


def number_wording(quantity: Quantity, *, as_of: str = "") -> Label:
    """Write a number with its unit and qualifier in both languages.

    Parameters
    ----------
    quantity
        As read from a text in either language.
    as_of
        The date that a number of the kind ``date`` stands for, as precisely as the text gives it.

    Returns
    -------
    Label
        Large numbers with the scale words of the language, money with its currency; a change in
        percent has its sign.

    Examples
    --------
    >>> from rare_topics.quantities import find_quantities
    >>> number_wording(find_quantities("超过85亿美元")[0][0])
    Label(zh='超过85亿美元', en='over US$8.5bn')
    """
    qualifier = quantity.qualifier
    if quantity.kind == "date" and as_of and quantity.value_high is None:
        return date_wording(as_of)
    return Label(
        zh=QUALIFIERS_ZH[qualifier] + _in_chinese(quantity), en=f"{qualifier} {_in_english(quantity)}".lstrip()
    )


def scale_wording(value: float) -> Label:
    """Write a large number with the scale words of either language: ``10亿``, ``1bn``.

    Parameters
    ----------
    value
        Any number.

    Returns
    -------
    Label
    """
    return Label(zh=_scaled_zh(value), en=_scaled_en(value, short=True))


def _in_english(quantity: Quantity) -> str:
    unit, _, per = quantity.unit.partition("/")
    values = _ends(quantity)
    if quantity.kind == "date":
        return "–".join(f"{value:.0f}" for value in values)
    if quantity.kind == "rank":
        return "no. " + "–".join(f"{value:g}" for value in values)
    sign = "+" if quantity.kind == "percent change" and values[0] > 0 else ""
    if unit == "%":
        return sign + "–".join(map(_percentage, values)) + "%"
    if _is_currency(unit):
        before = _SIGNS.get(unit, f"{unit} ")
        amount = f"{sign}{before}{'–'.join(_scaled_en(value, short=True) for value in values)}"
    else:
        name = UNIT_NAMES_EN.get(unit, unit)
        name = name.removesuffix("s") if values == [1] and len(name) > 1 else name
        amount = f"{sign}{'–'.join(_scaled_en(value) for value in values)} {name}".strip()
    return f"{amount} per {UNIT_NAMES_EN.get(per, per).removesuffix('s')}" if per else amount


def _in_chinese(quantity: Quantity) -> str:
    unit, _, per = quantity.unit.partition("/")
    values = _ends(quantity)
    if quantity.kind == "date":
        return "至".join(f"{value:.0f}年" for value in values)
    if quantity.kind == "rank":
        return "第" + "至".join(f"{value:g}" for value in values)
    sign = "+" if quantity.kind == "percent change" and values[0] > 0 else ""
    if unit == "%":
        return sign + "至".join(_percentage(value) + "%" for value in values)
    period = _PERIODS_ZH.get(per, f"每{_UNITS_ZH.get(per) or unit_names_zh().get(per, per)}" if per else "")
    return f"{period}{sign}{'至'.join(map(_scaled_zh, values))}{unit_names_zh().get(unit, unit)}"


def _ends(quantity: Quantity) -> list[float]:
    """Return the value, or both ends of a range."""
    high = quantity.value_high
    return [quantity.value] if high is None or math.isnan(high) else [quantity.value, high]


def _is_currency(unit: str) -> bool:
    return len(unit) == len("USD") and unit.isupper()


def _plain(value: float) -> str:
    """Write a number in full, without digits that say nothing."""
    return f"{value:,.10g}".replace("-", "−")


def _percentage(value: float) -> str:
    """Write a percentage; a purity keeps its nines, a third is 33.33."""
    return f"{value:.6g}" if value > _NEARLY_ALL else f"{value:.{_SIGNIFICANT_DIGITS}g}".replace("-", "−")


def _scaled_en(value: float, *, short: bool = False) -> str:
    for power, long_name, short_name in _SCALES_EN:
        if abs(value) >= power:
            return f"{value / power:,.{_SIGNIFICANT_DIGITS}g}{short_name if short else f' {long_name}'}"
    return _plain(value)


def _scaled_zh(value: float) -> str:
    for power, name in _SCALES_ZH:
        if abs(value) >= power:
            return f"{value / power:.{_SIGNIFICANT_DIGITS}g}{name}"
    return f"{value:.10g}".replace("-", "−")

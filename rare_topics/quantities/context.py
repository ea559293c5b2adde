"""What stands around a number and makes it a price, a rate, a change or a purity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rare_topics.quantities.modifiers import change_of
from rare_topics.quantities.quantity import Quantity

WINDOW = 48
_EACH = "吨|公斤|千克|克|磅|盎司|桶|股|英亩|小时|辆|台"
_PER = re.compile(
    r" ?(?:/|per |an? |every |每)(?P<each>(?:metric )?tonn?e?|t|kg|kilo(?:gram(?:me)?)?|g|gram|pound|lb|ounce|oz|"
    rf"bushel|barrel|mtu|share|acre|hour|kWh|car|unit|{_EACH})(?![A-Za-z])"
)
_PER_BEFORE = re.compile(rf"每(?P<each>{_EACH})[^,。;\d]{{0,8}}$")
_PER_NAMES = {
    "ton": "t", "tonne": "t", "metric ton": "t", "metric tonne": "t", "吨": "t", "公斤": "kg", "千克": "kg",
    "kilo": "kg", "kilogram": "kg", "kilogramme": "kg", "gram": "g", "克": "g", "pound": "lb", "磅": "lb",
    "ounce": "oz", "盎司": "oz", "桶": "barrel", "股": "share", "英亩": "acre", "小时": "hour", "辆": "car",
    "台": "unit",
}  # fmt: skip
# A yearly amount says so at once, behind the thing measured, or before.
_OFTEN = (
    (
        "year",
        re.compile(
            r"[^,.;:。\d]{0,44}?\b(?:annually|yearly|a year|per year|each year|per annum)\b|/年|/year", re.IGNORECASE
        ),
        re.compile(
            r"\b(?:annual(?:ly)?|yearly)(?: [A-Za-z-]+){0,6} $"
            r"|(?:年产能?量?|每年|年均|年处理|年薪|年省)[^,。;\d]{0,12}$",
            re.IGNORECASE,
        ),
    ),
    (
        "day",
        re.compile(r"[^,.;:。\d]{0,30}?\b(?:daily|per day|a day|each day)\b|/天|/day", re.IGNORECASE),
        re.compile(r"\b(?:daily|per day)(?: [A-Za-z-]+){0,4} $|(?:每天|每日|日产|日均)[^,。;\d]{0,6}$", re.IGNORECASE),
    ),
)
_PURITY = re.compile(r"purit|纯度", re.IGNORECASE)
PURE = 90.0
_REACHED = re.compile(r"[涨跌跳升降增减回落]{0,2}[到至]了?约?")
# Sums that are compared are not more than so many times apart.
COMPARED = 10.0
# Quantities that are looked back at, and how far.
RECENT, FAR = 3, 160
_COMPARED = re.compile(
    r"(?:\b(?:up|down)? ?from|against|versus|compared (?:to|with)|vs\.?)(?: [a-z]+){0,2} $", re.IGNORECASE
)


def in_context(text: str, quantity: Quantity) -> Quantity:
    """Read what stands around a quantity.

    Parameters
    ----------
    text
        The passage.
    quantity
        A number with its unit alone.

    Returns
    -------
    Quantity
        With its unit, kind and sign as the context makes them.
    """
    if quantity.kind == "money":
        quantity = _price(text, quantity)
    if quantity.kind in {"money", "mass", "size"}:
        quantity = _often(text, quantity)
    return _changed(text, quantity)


def _price(text: str, quantity: Quantity) -> Quantity:
    per = _PER.match(text, quantity.end)
    each = per or _PER_BEFORE.search(text[max(0, quantity.start - WINDOW) : quantity.start])
    if not each:
        return quantity
    name = _PER_NAMES.get(each["each"], each["each"])
    return replace(
        quantity, unit=f"{quantity.unit}/{name}", kind="price", end=per.end() if per else quantity.end
    )  # fmt: skip


def _often(text: str, quantity: Quantity) -> Quantity:
    before = text[max(0, quantity.start - WINDOW) : quantity.start]
    for name, behind, ahead in _OFTEN:
        if behind.match(text, quantity.end) or ahead.search(before):
            return replace(quantity, unit=f"{quantity.unit}/{name}", kind="rate")
    return quantity


def _changed(text: str, quantity: Quantity) -> Quantity:
    """Tell a share from a change and from a purity; a fall is negative."""
    if quantity.value < 0 or quantity.kind in {"purity", "ratio", "rank"}:
        return quantity
    relative = quantity.unit in {"%", "percentage points"}
    sign = change_of(text, quantity.start, quantity.end, relative=relative)
    if relative and sign:
        return replace(_signed(quantity, sign), kind="percent change")
    if sign < 0 and quantity.kind in {"mass", "money", "size", "rate", "price", "count"}:
        return _signed(quantity, sign)
    around = text[max(0, quantity.start - WINDOW) : quantity.end + WINDOW]
    if quantity.kind == "share" and quantity.value > PURE and _PURITY.search(around):
        return replace(quantity, kind="purity")
    return quantity


def _signed(quantity: Quantity, sign: float) -> Quantity:
    high = None if quantity.value_high is None else sign * quantity.value_high
    return replace(quantity, value=sign * quantity.value, value_high=high)


def compared(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Let what a price or a change is compared with be one too: 452,000 yuan per ton, against 141,000 yuan.

    Parameters
    ----------
    text
        The passage.
    found
        Its quantities, in order.

    Returns
    -------
    list of Quantity
        The same, some with another unit or kind.
    """
    result = list(found)
    for order in (range(len(result)), range(len(result) - 1, -1, -1)):
        for number in order:
            near = [*range(number - RECENT, number), *range(number + 1, number + 1 + RECENT)]
            known = [result[other] for other in near if 0 <= other < len(result)]
            like = next((one for one in known if _is_compared(text, one, result[number])), None)
            if like is not None:
                result[number] = replace(result[number], unit=like.unit, kind=like.kind)
    return result


def _is_compared(text: str, one: Quantity, other: Quantity) -> bool:
    """Whether a second quantity is of the kind of the first, which says it in full."""
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    if len(between) > FAR or re.search(r"[。;]|\. ", between):
        return False
    if one.kind == "price" and other.kind in {"money", "count"}:
        same = one.unit.startswith(f"{other.unit}/")
        reached = other.unit == "items" and other.start > one.end and _REACHED.fullmatch(between)
        near = max(abs(one.value), abs(other.value)) <= COMPARED * min(abs(one.value), abs(other.value))
        return near and bool(same or reached)
    changed = one.kind == "percent change" and other.kind == "share" and one.unit == other.unit
    return changed and one.end <= other.start and len(between) < WINDOW and bool(_COMPARED.search(between))

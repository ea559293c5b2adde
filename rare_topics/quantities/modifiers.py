"""What stands around a number and refines it: qualifier, price per unit, rate per year, rise or fall, purity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rare_topics.quantities.quantity_words import quantity_words
from rare_topics.quantities.units import Quantity

# Lengths in characters and other bounds of this file were chosen by hand on the seed pages.
# How far around a number words are looked for that say how sure it is and whether it is a change.
WINDOW = 64
# How far around a number words are looked for that make a price, a rate or a purity of it.
UNIT_WINDOW = 48
# A share above this, in per cent, is a purity where the text speaks of purity.
MIN_PURITY = 90.0
# Two prices that are compared are at most this factor apart.
MAX_PRICE_RATIO = 10.0
# A quantity takes its unit from one of so many before or behind it, at most so many characters away.
MAX_NEIGHBORS, MAX_NEIGHBOR_DISTANCE = 3, 160

_SENTENCE_END = re.compile(r"[。;!?]|\. ")
_EACH_ZH = "吨|公斤|千克|克拉|克|磅|盎司|桶|股|英亩|小时|辆|台|升|千瓦时|度电|加仑|立方米|平方米"
_PER_AFTER = re.compile(
    r"(?: ?(?:/|(?:for )?(?:per|an?|every|each) |每 ?)|-an?-|-per-)"
    r"(?P<each>(?:metric )?tonn?e?|t|kg|kilo(?:gram(?:me)?)?|g|gram|pound|lb|(?:troy )?ounce|oz|carat|"
    rf"bushel|barrel|mtu|share|acre|hour|kWh|MWh|litre|liter|gallon|car|unit|{_EACH_ZH})(?![A-Za-z])"
)
_PER_BEFORE = re.compile(rf"每 ?(?P<each>{_EACH_ZH})[^,。;\d]{{0,8}}$")
_EACH_NAMES = {
    "ton": "t", "tonne": "t", "metric ton": "t", "metric tonne": "t", "吨": "t", "公斤": "kg", "千克": "kg",
    "kilo": "kg", "kilogram": "kg", "kilogramme": "kg", "gram": "g", "克": "g", "pound": "lb", "磅": "lb",
    "ounce": "oz", "troy ounce": "oz", "克拉": "carat", "liter": "litre", "升": "litre", "千瓦时": "kWh", "度电": "kWh",
    "加仑": "gallon", "立方米": "m³", "平方米": "m²", "盎司": "oz",
    "桶": "barrel", "股": "share", "英亩": "acre", "小时": "hour", "辆": "car",
    "台": "unit",
}  # fmt: skip
# Period, and what says it behind a number and before it.
_PERIODS = (
    (
        "year",
        re.compile(
            r"[^,.;:。\d]{0,44}?\b(?:annually|yearly|a year|per year|each year|per annum)\b|/年|/year", re.IGNORECASE
        ),
        re.compile(
            r"\b(?:annual(?:ly)?|yearly)(?: [A-Za-z-]+){0,6} $"
            r"|(?:(?<![半\d去今前明])年产能?量?|每年|年均|年处理|年薪|年省)[^,。;\d]{0,12}$",
            re.IGNORECASE,
        ),
    ),
    (
        "day",
        re.compile(r"[^,.;:。\d]{0,30}?\b(?:daily|per day|a day|each day)\b|/天|/day", re.IGNORECASE),
        re.compile(r"\b(?:daily|per day)(?: [A-Za-z-]+){0,4} $|(?:每天|每日|日产|日均)[^,。;\d]{0,6}$", re.IGNORECASE),
    ),
)
_POUNDS = re.compile(r"pounds?$", re.IGNORECASE)
_TEMPERATURES = frozenset({"°C", "°F"})
TONNES_PER_POUND = 0.00045359237
_REACHED = ("到", "至", "达")
_PURITY = re.compile(r"purit|纯度", re.IGNORECASE)
# Between a price and the next number: the price reaches it.
_REACHES = re.compile(r"[涨跌跳升降增减回落]{0,2}[到至]了?约?")
_LEVEL_REACHED = re.compile(r"(?:[至到]了?约?| to )")
_COMPARED_WITH = re.compile(
    r"(?:\b(?:up|down)? ?from|against|versus|compared (?:to|with)|vs\.?)(?: [a-z]+){0,2} $", re.IGNORECASE
)
_ORIGIN = re.compile(r"(?:\bfrom|\bby|从|由)[^,.;。]{0,14}$")


def qualifier_of(text: str, start: int, end: int) -> str:
    """Read how sure a number is.

    Parameters
    ----------
    text
        The passage.
    start, end
        Offsets of the number with its unit.

    Returns
    -------
    str
        about, nearly, over, at least, up to, under, or empty. Words before the number go before
        words behind it.
    """
    words = quantity_words()
    before = text[max(0, start - WINDOW) : start]
    found = []
    if words.any_qualifier_before.search(before):
        matches = ((name, pattern.search(before)) for name, pattern in words.qualifiers_before)
        found = [(match.start(), name) for name, match in matches if match]
    after = text[end : end + WINDOW]
    behind = next((name for name, pattern in words.qualifiers_after if pattern.match(after)), "")
    behind = "over" if after.startswith("+") else behind
    # In 平均水平的五倍多 the word before belongs to the noun.
    if not found or (behind and before.endswith("的")):
        return behind
    first, name = min(found)
    turned = words.negated_qualifiers.get(name)
    return turned if turned and words.negation.search(before[:first]) else name


def change_direction(text: str, start: int, end: int, *, relative: bool) -> float:
    """Tell whether a number says by how much something rose or fell.

    Parameters
    ----------
    text
        The passage.
    start, end
        Offsets of the number with its unit.
    relative
        Whether it is a percentage, which a noun behind it makes a change, too ("a 75% drop"); an
        amount is a change only behind a verb that says by how much.

    Returns
    -------
    float
        1 for a rise, -1 for a fall, 0 for neither.
    """
    before, after = text[max(0, start - WINDOW) : start], text[end : end + WINDOW]
    # Money that is sunk into something does not fall.
    if not relative and after.startswith(" into "):
        return 0.0
    words = quantity_words()
    found = []
    for change in words.changes:
        match = change.before_by.search(before)
        if not match:
            continue
        found.append((match.start(), change.sign))
        # The words of a change may also stand nearer, without what "by" needs.
        if relative and (nearer := change.before.search(before)):
            found.append((nearer.start(), change.sign))
    if not relative:
        return max(found)[1] if found else 0.0
    for change in words.changes:
        if change.after.match(after):
            return change.sign
    if found:
        return max(found)[1]
    verbs = [
        (match.start(), change.sign) for change in words.changes if (match := change.verb_with_object.search(before))
    ]
    if verbs and not after.startswith("的"):
        return max(verbs)[1]
    return _direction_of_sentence(text, start) if words.compared_after.match(after) else 0.0


def _direction_of_sentence(text: str, start: int) -> float:
    """Direction of the last word of change in the sentence before a number, a rise where there is none."""
    sentence = _SENTENCE_END.split(text[max(0, start - 4 * WINDOW) : start])[-1]
    found = [
        (match.end(), change.sign)
        for change in quantity_words().changes
        for match in change.anywhere.finditer(sentence)
    ]
    return max(found)[1] if found else 1.0


def is_change_of_level(before: str) -> bool:
    """Whether two numbers are a level before and after a change, and not a range.

    Parameters
    ----------
    before
        What stands before the first of them: "rose from" (9 to 15), "cut by" (4 to 58).
    """
    origin = _ORIGIN.search(before)
    if not origin:
        return False
    if origin[0].startswith("by"):
        return True
    return any(change.anywhere.search(before[: origin.start()]) for change in quantity_words().changes)


def apply_context(text: str, quantity: Quantity) -> Quantity:
    """Refine a quantity by what stands around it.

    Parameters
    ----------
    text
        The passage.
    quantity
        A number with its unit alone.

    Returns
    -------
    Quantity
        Money as a price or a rate where the text says per what; a fall negative; a percentage as
        a change or a purity.
    """
    if quantity.kind == "mass":
        quantity = _pounds_as_money(text, quantity)
    if quantity.unit == "times":
        quantity = _with_the_base(text, quantity)
    if quantity.kind == "money":
        quantity = _per_unit(text, quantity)
    if quantity.kind in {"money", "mass", "size"}:
        quantity = _per_period(text, quantity)
    return _as_change_or_purity(text, quantity)


def _pounds_as_money(text: str, quantity: Quantity) -> Quantity:
    """Make pounds sterling of pounds where the sentence speaks of money."""
    words = quantity_words()
    if quantity.unit != "t" or not _POUNDS.search(text, quantity.start, quantity.end):
        return quantity
    sentence = _SENTENCE_END.split(text[max(0, quantity.start - WINDOW) : quantity.start])[-1]
    says_money = words.pounds_of_money_after.match(text, quantity.end) or (
        words.pounds_of_money.search(sentence) and not words.pounds_of_mass.match(text, quantity.end)
    )
    if not says_money:
        return quantity
    value, high = quantity.value / TONNES_PER_POUND, quantity.value_high
    high = None if high is None else float(f"{high / TONNES_PER_POUND:.12g}")
    return replace(quantity, value=float(f"{value:.9g}"), value_high=high, unit="GBP", kind="money")


def _with_the_base(text: str, quantity: Quantity) -> Quantity:
    """Make the multiple of what was of one by which it rose: 上涨了一倍 is twice as much."""
    before = text[max(0, quantity.start - WINDOW) : quantity.start]
    rises = quantity_words().changes[0].before.search(before)
    if text[quantity.end - 1] != "倍" or not rises or before.endswith(_REACHED):
        return quantity
    high = None if quantity.value_high is None else quantity.value_high + 1
    return replace(quantity, value=quantity.value + 1, value_high=high)


def _per_unit(text: str, quantity: Quantity) -> Quantity:
    after = _PER_AFTER.match(text, quantity.end)
    each = after or _PER_BEFORE.search(text[max(0, quantity.start - UNIT_WINDOW) : quantity.start])
    if not each:
        return quantity
    name = _EACH_NAMES.get(each["each"], each["each"])
    end = after.end() if after else quantity.end
    return replace(quantity, unit=f"{quantity.unit}/{name}", kind="price", end=end)


def _per_period(text: str, quantity: Quantity) -> Quantity:
    before = text[max(0, quantity.start - UNIT_WINDOW) : quantity.start]
    for period, said_behind, said_before in _PERIODS:
        if said_behind.match(text, quantity.end) or said_before.search(before):
            return replace(quantity, unit=f"{quantity.unit}/{period}", kind="rate")
    return quantity


def _as_change_or_purity(text: str, quantity: Quantity) -> Quantity:
    if quantity.kind in {"purity", "ratio", "rank"} or quantity.unit in _TEMPERATURES:
        return quantity
    relative = quantity.unit in {"%", "percentage points"}
    if quantity.value < 0:
        is_change = relative and change_direction(text, quantity.start, quantity.end, relative=True)
        return replace(quantity, kind="percent change") if is_change else quantity
    sign = change_direction(text, quantity.start, quantity.end, relative=relative)
    if relative and sign:
        return replace(_with_sign(quantity, sign), kind="percent change")
    if sign < 0 and quantity.kind in {"mass", "money", "size", "rate", "price", "count"}:
        return _with_sign(quantity, sign)
    around = text[max(0, quantity.start - UNIT_WINDOW) : quantity.end + UNIT_WINDOW]
    if quantity.kind == "share" and quantity.value > MIN_PURITY and _PURITY.search(around):
        return replace(quantity, kind="purity")
    return quantity


def _with_sign(quantity: Quantity, sign: float) -> Quantity:
    high = None if quantity.value_high is None else sign * quantity.value_high
    return replace(quantity, value=sign * quantity.value, value_high=high)


def inherit_units(text: str, quantities: Sequence[Quantity]) -> list[Quantity]:
    """Give a number the unit and kind of the price or the change that it is compared with.

    In "452,000 yuan per ton, against 141,000 yuan" the second number is a price per ton, too.

    Parameters
    ----------
    text
        The passage.
    quantities
        Its quantities, in order.

    Returns
    -------
    list of Quantity
        The same in the same order, some with another unit and kind.
    """
    result = list(quantities)
    forward = range(len(result))
    for order in (forward, reversed(forward)):
        for number in order:
            nearby = [*range(number - MAX_NEIGHBORS, number), *range(number + 1, number + 1 + MAX_NEIGHBORS)]
            for other in nearby:
                if 0 <= other < len(result) and _shares_unit(text, result[other], result[number]):
                    result[number] = replace(result[number], unit=result[other].unit, kind=result[other].kind)
                    break
    return result


def _shares_unit(text: str, complete: Quantity, other: Quantity) -> bool:
    """Whether a quantity has the unit of another one, which is printed completely."""
    between = text[min(complete.end, other.end) : max(complete.start, other.start)]
    if len(between) > MAX_NEIGHBOR_DISTANCE or re.search(r"[。;]|\. ", between):
        return False
    if complete.kind == "price" and other.kind in {"money", "count"}:
        same_currency = complete.unit.startswith(f"{other.unit}/")
        is_reached = other.unit == "items" and other.start > complete.end and _REACHES.fullmatch(between)
        low, high = sorted((abs(complete.value), abs(other.value)))
        # A change of a price and the price that it reaches may be far apart.
        is_level = same_currency and _LEVEL_REACHED.fullmatch(between)
        return bool(is_level) or (high <= MAX_PRICE_RATIO * low and bool(same_currency or is_reached))
    both_relative = complete.kind == "percent change" and other.kind == "share" and complete.unit == other.unit
    is_behind = complete.end <= other.start and len(between) < UNIT_WINDOW
    return both_relative and is_behind and bool(_COMPARED_WITH.search(between))

"""Quantities of a text: numbers with unit, range, qualifier, kind and sign.

`find_quantities` finds the dates and the expressions (`quantities.dates`, `quantities.expressions`)
and reads every other number with its unit; what stands around a number refines it
(`quantities.modifiers`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from rare_topics.quantities.chinese_numerals import parse_chinese
from rare_topics.quantities.dates import DateMention, find_dates
from rare_topics.quantities.english_numerals import ONES, parse_english
from rare_topics.quantities.exclusions import is_code, is_count, is_indefinite, is_name_or_vague
from rare_topics.quantities.expressions import Expression, find_expressions
from rare_topics.quantities.modifiers import (
    apply_context,
    change_direction,
    inherit_units,
    is_change_of_level,
    qualifier_of,
)
from rare_topics.quantities.numerals import (
    DIGITS_ZH,
    VULGAR_FRACTIONS,
    Numeral,
    normalize_number_characters,
    parse_digits,
)
from rare_topics.quantities.spaced_numerals import close_up
from rare_topics.quantities.starts import start_pattern, starts_of_quantities
from rare_topics.quantities.units import (
    NO_UNIT,
    YEARS_PER_UNIT,
    Quantity,
    Unit,
    currency_names_zh,
    currency_of_sign,
    minor_unit_of,
    unit_at,
)
from rare_topics.text.readable_text import ReadableText, readable_text

_RUN = re.compile(r"[\d,.]+|[零〇一二两三四五六七八九十百千万亿兆半]+|[A-Za-z]+")
_RANGE_MARK = re.compile(r" ?(?:-|\u2013|\u2014|~|\u301c|至|到|to|or|and|和|与) ?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween (?:[a-z]+ ){0,2}\S?$|介于$|在$", re.IGNORECASE)
_BETWEEN_BEHIND = re.compile(" ?之?间")
_TOWARDS = frozenset({"to", "到", "至"})
# A level lies so many times above the change that led to it, or the two are the ends of a range.
MIN_LEVEL_RATIO = 3.0
_MINUS = re.compile(
    r"(?:(?:^|(?<=[ (:,\u3400-\u9fff]))[-\u2212]|(?<![背担身肩抱欠胜自])负|零下 ?|\b(?:minus|negative) )$",
    re.IGNORECASE,
)
# Behind these Chinese characters a dash before any number is a minus; behind others before per cent and degrees only.
_BEFORE_MINUS_ZH = "为是至到在达"
_VAGUE_FROM = re.compile("(?<![以成向])上$")
_COUNTED_HALF = re.compile("个半(?P<unit>月|小时|钟头|世纪|星期|季度)")
_HALF_BEHIND = re.compile("半(?![年天月个小载价日导])")
# 块 is a piece or the colloquial yuan: the latter before coins (三块五毛, 三块五) and, of ten and more, before no noun.
_COINS_BEHIND = re.compile(
    "块(?=[一二两三四五六七八九\\d]{1,2}[毛角]|[二三四五六七八九](?:[^\u3400-\u9fff]|[的了一每]|$))"
)
_YUAN_BEHIND = re.compile("块(?=[^\\w\\s]|[左的了出起]|以[上下内]|$)")
MIN_YUAN = 10
_TENTH_BEHIND = re.compile("[二三四五六七八九](?=[^\\w]|[的了一每]|$)")
# Behind tenths a lone digit counts hundredths: 三块五毛二.
_LAST_COIN = re.compile(
    r" ?(?P<digit>[一二三四五六七八九]|one|two|three|four|five|six|seven|eight|nine)(?=[^\w]|[的了一每]|$)"
)
_MINOR_GAP = re.compile(r"又|,? and |,? ")
# "15 dollars 50": two digits at the end of what is said, without a unit of their own.
_HUNDREDTHS = re.compile(r"(?P<coins>\d\d)(?=[.;!?](?!\d)|$)")
_BASE_CURRENCY_ZH = ("元", "圆", "块", "块钱")
_JAPAN = re.compile(r"\b(?:Japan(?:ese)?|Tokyo|Osaka|Nagoya|yen)\b|日本|东京|日元|大阪")
_CHINA = re.compile(r"\b(?:Chin(?:a|ese)|Beijing|Shanghai|yuan|RMB|renminbi)\b|中国|人民币|北京|上海")
# Behind 两成 these are no hundredths: 两成五个 is not 25 %.
_NOT_AFTER_HUNDREDTHS = frozenset("个家成年多")
# Units that a dash behind any word makes negative.
_SIGNED_UNITS = frozenset({"%", "percentage points", "°C", "°F"})
# A currency has at most so many of its smaller unit.
MINOR_PER_UNIT = 100
# Larger numbers are not values but runs of digits.
MAX_VALUE = 1e17
# Characters before 度 in which the text speaks of a temperature.
TEMPERATURE_WINDOW = 12
_TEMPERATURE = re.compile("[气水体室高低油]温|温度|零下")
_DEGREE_ZH = frozenset({"度"})
# Characters before a range in which words such as "between" and "from" are looked for.
RANGE_WINDOW = 60
# Characters behind a range mark in which a date is looked for.
DATE_WINDOW = 12


class _Amount(NamedTuple):
    """A number with its unit, the offset at which the two end, and what a half or a coin behind the unit adds."""

    numeral: Numeral
    unit: Unit
    end: int
    added: float = 0.0


def find_quantities(text: str, *, published: date | None = None) -> tuple[list[Quantity], list[DateMention]]:
    """Find the quantities and the dates of a text, in time linear in its length.

    Parameters
    ----------
    text
        Text in half-width and simplified characters. Tags, entities, addresses and invisible
        characters in it are read over.
    published
        Date of publication, from which dates without a year take it; see `find_dates`.

    Returns
    -------
    (list of Quantity, list of DateMention)
        Each in order of the text; quantities do not overlap.
    """
    readable = readable_text(text)
    closed = close_up(normalize_number_characters(readable.text))
    quantities, dates = _read(closed.text, published)
    for layer in (closed, readable):
        if layer.offsets is not None:
            quantities = [_moved(quantity, layer) for quantity in quantities]
            spans = [layer.span(mention.start, mention.end) for mention in dates]
            dates = [one._replace(start=start, end=end) for one, (start, end) in zip(dates, spans, strict=True)]
    return quantities, dates


def _moved(quantity: Quantity, layer: ReadableText) -> Quantity:
    start, end = layer.span(quantity.start, quantity.end)
    return replace(quantity, start=start, end=end)


def _read(text: str, published: date | None) -> tuple[list[Quantity], list[DateMention]]:
    dates = find_dates(text, published=published)
    expressions = [found for found in find_expressions(text) if not _is_within(found.start, dates)]
    quantities = [_of_expression(text, expression) for expression in expressions]
    taken = [(mention.start, mention.end) for mention in dates] + [(found.start, found.end) for found in expressions]
    quantities += _plain_quantities(text, sorted(taken))
    if not quantities:
        return [], dates
    return inherit_units(text, _without_overlaps(quantities)), dates


def _is_within(offset: int, dates: Sequence[DateMention]) -> bool:
    last = bisect_right(dates, offset, key=lambda mention: mention.start) - 1
    return last >= 0 and offset < dates[last].end


def _of_expression(text: str, expression: Expression) -> Quantity:
    start, factor = with_minus(text, expression.start, expression.unit)
    high = expression.value_high
    quantity = Quantity(
        start=start,
        end=expression.end,
        value=factor * expression.value,
        value_high=None if high is None else factor * high,
        unit=expression.unit,
        kind=expression.kind,
        qualifier=qualifier_of(text, start, expression.end),
    )
    return apply_context(text, quantity)


def _plain_quantities(text: str, taken: Sequence[tuple[int, int]]) -> list[Quantity]:
    """Find the quantities that are a number and a unit, outside of the spans that are taken."""
    starts = [start for start, _ in taken]
    found: list[Quantity] = []
    position = 0
    for match in starts_of_quantities(text):
        start = match.start()
        if start < position:
            continue
        covering = bisect_right(starts, match.end() - 1) - 1
        if covering >= 0 and taken[covering][1] > start:
            position = max(taken[covering][1], start + 1)
            continue
        quantity = _quantity_at(text, match)
        if quantity:
            found.append(quantity)
        position = max(quantity.end if quantity else end_of_run(text, match), start + 1)
    return found


def end_of_run(text: str, match: re.Match[str]) -> int:
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
    """Read the quantity that begins at a match of `start_pattern`, or None where there is no quantity."""
    sign, start = (match["sign"] or "").rstrip(), match.start()
    numeral = numeral_at(text, match, short_scales=bool(sign))
    if numeral is None or is_name_or_vague(text, start, numeral):
        return None
    amount = _amount_at(text, numeral, sign)
    if numeral.high > MAX_VALUE and amount.unit is NO_UNIT:
        return None
    if match["name"]:
        amount, start = _with_currency_name(text, match, amount)
    unit, end = amount.unit, amount.end
    low, high = numeral.low, numeral.high
    if unit.name == "%" and unit.factor > 1:
        low, high, end = _with_hundredths(text, low, high, end)
    low, high = low * unit.factor + amount.added, high * unit.factor + amount.added
    upper = _upper_end(text, amount._replace(end=end), sign=sign, start=start)
    if upper is not None:
        low = high = _lower_value(numeral, unit, upper)
        unit = upper.unit
        if not _is_level_before_change(text, end, numeral):
            high, end = upper.numeral.high * unit.factor + upper.added, upper.end
    elif unit is NO_UNIT and not is_count(text, numeral):
        return None
    start, factor = with_minus(text, start, unit.name)
    is_over = numeral.over or (numeral.form == "han" and _is_vague_bound(text, numeral))
    quantity = Quantity(
        start=start,
        end=end,
        value=factor * _rounded(low),
        value_high=_rounded(high) if high > low else None,
        unit=unit.name,
        kind=unit.kind,
        qualifier="over" if is_over else qualifier_of(text, start, end),
    )
    return apply_context(text, quantity)


def _is_vague_bound(text: str, numeral: Numeral) -> bool:
    """Whether a number says "more than" by 上 before a bare power: 上万名."""
    return text[numeral.start] in "百千万亿" and bool(
        _VAGUE_FROM.search(text[max(0, numeral.start - 2) : numeral.start])
    )


def _amount_at(text: str, numeral: Numeral, sign: str) -> _Amount:
    """Read the unit of a number, from its currency sign or from what follows it."""
    if sign and not (sign.islower() and _unit_of(text, numeral)[0] is not NO_UNIT):
        unit = currency_of_sign(sign)
        if sign == "\u00a5" and _JAPAN.search(text) and not _CHINA.search(text):
            unit = currency_of_sign("JPY")
        return _Amount(numeral, unit, numeral.end)
    half = _COUNTED_HALF.match(text, numeral.end)
    counted = unit_at("个" + half["unit"], 0) if half else None
    if half and counted:
        return _Amount(numeral, counted[0], half.end(), 0.5 * counted[0].factor)
    unit, end = _unit_of(text, numeral)
    if unit.kind in {"mass", "duration", "size"} and numeral.form != "word" and _HALF_BEHIND.match(text, end):
        return _Amount(numeral, unit, end + 1, 0.5 * unit.factor)
    if unit.kind == "money":
        return _Amount(numeral, unit, *_with_minor_units(text, unit, end))
    return _Amount(numeral, unit, end)


def _with_minor_units(text: str, unit: Unit, end: int) -> tuple[int, float]:
    """Read the coins behind an amount, 50元6角 and "3 dollars 50 cents": where they end, and what they add."""
    added = 0.0
    tenth = _TENTH_BEHIND.match(text, end) if text[end - 1] == "块" else None
    if tenth:
        return tenth.end(), DIGITS_ZH[tenth[0]] / 10
    for _ in range(2):
        gap = _MINOR_GAP.match(text, end)
        position = gap.end() if gap else end
        match = start_pattern().match(text, position)
        numeral = numeral_at(text, match, short_scales=False) if match and not match["sign"] else None
        minor = minor_unit_of(text, numeral.end, unit) if numeral and numeral.low < MINOR_PER_UNIT else None
        hundredths = _HUNDREDTHS.match(text, position)
        if minor is None and not added and unit.factor == 1 and hundredths and text[end - 1].isalpha():
            return hundredths.end(), int(hundredths["coins"]) / MINOR_PER_UNIT
        if numeral is None or minor is None:
            break
        added, end = added + numeral.low * minor[0], minor[1]
        last = _LAST_COIN.match(text, end) if 10 * minor[0] == 1 else None
        if last:
            digit = last["digit"]
            return last.end(), added + (DIGITS_ZH.get(digit) or ONES[digit]) / MINOR_PER_UNIT
    return end, added


def _with_currency_name(text: str, match: re.Match[str], amount: _Amount) -> tuple[_Amount, int]:
    """Take the currency that is named before a number, unless another unit stands behind it: 港币两千元."""
    numeral = amount.numeral
    printed = text[numeral.end : amount.end].strip()
    is_compared = text[match.start() - 1 : match.start()] in {"兑", "对"}
    if is_compared or not (amount.unit is NO_UNIT or printed in _BASE_CURRENCY_ZH):
        return amount, numeral.start
    return amount._replace(unit=currency_names_zh()[match["name"].rstrip()]), match.start()


def numeral_at(text: str, match: re.Match[str], *, short_scales: bool) -> Numeral | None:
    """Read the number that begins at a match of `start_pattern`; see `parse_digits` for `short_scales`."""
    start = match.start(match.lastgroup or 0)
    if text[start].isdigit() or text[start] in VULGAR_FRACTIONS:
        return parse_digits(text, start, short_scales=short_scales)
    if match["word"]:
        return parse_english(text, start)
    return None if text.startswith("零下", start) else parse_chinese(text, start)


def _unit_of(text: str, numeral: Numeral) -> tuple[Unit, int]:
    """Read the unit behind a number, and where it ends; `NO_UNIT` where the number is an article or a code."""
    coins = _COINS_BEHIND.match(text, numeral.end)
    if coins is None and numeral.low >= MIN_YUAN:
        coins = _YUAN_BEHIND.match(text, numeral.end)
    if coins:
        return currency_of_sign("CNY"), coins.end()
    found = unit_at(text, numeral.end, allow_symbols=numeral.form == "digits")
    if found and text[numeral.end : found[1]].strip() in _DEGREE_ZH:
        found = _degrees(text, numeral.start) or found[0], found[1]
    if found is None or (numeral.form == "han" and is_indefinite(text, numeral)):
        return NO_UNIT, numeral.end
    if numeral.form == "digits" and is_code(text, found[1]) and text[found[1]] not in "-\u2013/":
        return NO_UNIT, numeral.end
    return found


def _degrees(text: str, start: int) -> Unit | None:
    """Read what 度 measures from what stands before the number: degrees of temperature, else None."""
    before = text[max(0, start - TEMPERATURE_WINDOW) : start]
    named = next((scale for scale in ("华氏", "摄氏") if scale in before), None)
    if named is None and not _TEMPERATURE.search(before):
        return None
    found = unit_at(f"{named}度" if named else "角度", 0)
    return found[0] if found else None


def _with_hundredths(text: str, low: float, high: float, end: int) -> tuple[float, float, int]:
    """Read hundredths behind tenths: 两成五 is 25 %, 一成半 15 %."""
    follow, next_one = text[end : end + 1], text[end + 1 : end + 2]
    if follow == "半":
        return low + 0.5, high + 0.5, end + 1
    if follow in DIGITS_ZH and follow and next_one not in _NOT_AFTER_HUNDREDTHS and low == high:
        return low + DIGITS_ZH[follow] / 10, high + DIGITS_ZH[follow] / 10, end + 1
    return low, high, end


def with_minus(text: str, start: int, unit: str) -> tuple[int, float]:
    """Include a minus, 负, 零下 or "minus" before a number: the offset at which it begins, and the factor -1 or 1."""
    minus = _MINUS.search(text, max(0, start - 10), start)
    if not minus:
        return start, 1.0
    if minus[0] in "-\u2212":
        before = text[minus.start() - 1 : minus.start()]
        is_name = before > "\u3400" and before not in _BEFORE_MINUS_ZH and unit not in _SIGNED_UNITS
        if is_name or not (text[start].isdigit() or text[start] in VULGAR_FRACTIONS):
            return start, 1.0
    return minus.start(), -1.0


def _rounded(value: float) -> float:
    """Drop the error of binary fractions, so that 2.1 times 10,000 is 21,000."""
    return float(f"{value:.12g}")


def _upper_end(  # noqa: PLR0911 - one return for each reason that there is no range
    text: str, lower: _Amount, *, sign: str, start: int
) -> _Amount | None:
    """Read the upper end of a range, or None where no range begins with the amount."""
    mark = _RANGE_MARK.match(text, lower.end)
    if not mark:
        return None
    word = mark[0].strip().lower()
    if word == "and" and not _BETWEEN.search(_before_range(text, lower.numeral)):
        return None
    match = start_pattern().match(text, mark.end())
    numeral = numeral_at(text, match, short_scales=bool(sign)) if match else None
    if match is None or numeral is None or _begins_with_date(text[match.start() : match.start() + DATE_WINDOW]):
        return None
    any_sign = sign or (match["sign"] or "").rstrip()
    upper = _amount_at(text, numeral, any_sign)
    if word in {"和", "与"} and not _BETWEEN_BEHIND.match(text, upper.end):
        return None
    if word in _TOWARDS and _is_change_before_level(text, start, lower, upper, own_sign=bool(match["sign"])):
        return None
    if upper.unit is NO_UNIT and lower.unit.name == "%":
        upper = upper._replace(unit=lower.unit, end=numeral.end)
    if lower.unit is not NO_UNIT and upper.unit.kind != lower.unit.kind:
        return None
    if lower.unit is NO_UNIT and upper.unit is NO_UNIT and not is_count(text, numeral):
        return None
    return upper if _lower_value(lower.numeral, lower.unit, upper) < numeral.high * upper.unit.factor else None


def _is_change_before_level(text: str, start: int, lower: _Amount, upper: _Amount, *, own_sign: bool) -> bool:
    """Whether two numbers are a change and the level that it led to: "fell 4.5 percent to 3,200"."""
    if lower.unit is NO_UNIT:
        return False
    relative = lower.unit.name in {"%", "percentage points"}
    if not change_direction(text, start, lower.end, relative=relative):
        return False
    if relative:
        return upper.unit.name != lower.unit.name
    has_own_unit = own_sign or upper.end > upper.numeral.end or upper.unit is NO_UNIT
    return (
        has_own_unit
        and upper.numeral.high * upper.unit.factor >= MIN_LEVEL_RATIO * lower.numeral.high * lower.unit.factor
    )


def _begins_with_date(text: str) -> bool:
    return any(mention.start == 0 for mention in find_dates(text))


def _before_range(text: str, first: Numeral) -> str:
    return text[max(0, first.start - RANGE_WINDOW) : first.start]


def _is_level_before_change(text: str, end: int, first: Numeral) -> bool:
    """Whether a number is a level that changed to the next, so that both are quantities and not a range."""
    mark = _RANGE_MARK.match(text, end)
    word = mark[0].strip().lower() if mark else ""
    return word in _TOWARDS and is_change_of_level(_before_range(text, first))


def _lower_value(first: Numeral, unit: Unit, upper: _Amount) -> float:
    """Value of the lower end of a range in the unit of the upper end.

    The lower end shares the unit and the scale word that are printed with the upper end alone:
    "5-7 billion" is 5 to 7 billion.
    """
    is_unscaled = first.scale < upper.numeral.scale and first.low < upper.numeral.low / upper.numeral.scale
    if unit is NO_UNIT:
        scale = upper.numeral.scale if is_unscaled else 1.0
        return first.low * scale * upper.unit.factor
    if unit.name != upper.unit.name and unit.name in YEARS_PER_UNIT:
        return first.low * YEARS_PER_UNIT[unit.name] * unit.factor / YEARS_PER_UNIT[upper.unit.name]
    scale = upper.numeral.scale if unit.kind == "money" and is_unscaled else 1.0
    return first.low * unit.factor * scale

"""Quantities that are not a number and a unit side by side: fractions, multiples, ranks, ratios, zero."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from rare_topics.corpus.languages import HAN_RANGES
from rare_topics.quantities.chinese_numerals import parse_chinese
from rare_topics.quantities.english_numerals import number_word_pattern, parse_english
from rare_topics.quantities.hints import Hints
from rare_topics.quantities.numerals import DIGITS_ZH, SCALES_EN, parse_digits
from rare_topics.quantities.quantity_words import longest_first, quantity_words, word_start_pattern
from rare_topics.quantities.units import NO_UNIT, unit_at


class Expression(NamedTuple):
    """A quantity read from an expression: character offsets, value in `unit`, kind, upper bound of a range."""

    start: int
    end: int
    value: float
    unit: str
    kind: str
    value_high: float | None = None


class _Form(NamedTuple):
    """A form of expression: its pattern, what reads a match, and whether it begins where an English word does."""

    pattern: str
    read: Callable[[re.Match[str]], Expression | None]
    at_word: bool = False


_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "1st": 1, "2nd": 2, "3rd": 3,
}  # fmt: skip
_ORDINAL = "|".join(_ORDINALS)
_DENOMINATORS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twelfth": 12, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_NUMBER_ZH = "[零〇一二两三四五六七八九十百\\d.]{1,8}"
# A number in digits or characters, with decimals.
_DECIMAL_ZH = (
    r"(?:\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,6})?|"
    r"[零〇一二两三四五六七八九十百千万]{1,12}(?:点[零〇一二三四五六七八九]{1,6})?)"
)
_ONES = "one|two|three|four|five|six|seven|eight|nine|ten"
# Per cent in one of what stands before 分之: 百分之 is hundredths, 千分之 thousandths.
_PERCENT_PER_BASE = {"百": 1.0, "千": 0.1, "万": 0.01}
_PPM_PER_BASE = {"百万": 1.0, "十亿": 0.001, "万万": 0.01, "亿": 0.01}
# Before 折 a price stands as a share of the full one; behind it these make other words of it.
_NOT_DISCOUNT = "[叠腾磨旧扣算射中返线断合现回服页子纸戟桂损]"
_WORLD = "全球|世界|排名|位居|位列"
# Nouns of which the largest is a rank; before others "the largest" is praise.
_RANKED_EN = (
    "reserves?|producers?|suppliers?|buyers?|deposits?|importers?|exporters?|economy|shareholders?|markets?|consumers?|"
    "holders?|mines?|pile|source|customers?|miner|makers?|refiners?|resources?|countr(?:y|ies)|project"
)
_RANKED_ZH = "国|股东|储量|生产商|供应商|市场|买家|出口商|矿|基地|企业|经济体|项目|来源"
# Behind 第三 these make no rank (第三季度), behind 前三 no group of leaders (前三天).
_NOT_RANK_ZH = "[季次步个阶批代方国条号期届轮年天月日]"
_NOT_LEADERS_ZH = "[年天月日个次周季段期后任妻面端者所沿往来线台提景途言置身]"
_ONE_OF_THE = re.compile(r"(?:one of the|[a-z]th|second|third|nd|rd)[- ]$|之一|第.$|[二三四五六七八九十]$")
# What follows "a third" where it is a part, and not the third of several.
_BEHIND_PART = re.compile(r" (?:of|less|more|lower|higher|below|above|is|was|to|as|at)\b|[,.;:)\[]|$| -")
_BEFORE_PART = re.compile(r"\b(?:by|over|than|nearly|almost|about|roughly|only|least|drop(?:ped)?|fell|lost|rose) $")
_HALF_OF_TIME_OR_PAIR = re.compile(r"(?:first|second|other|latter|last|year|previous|next)[- ]$|\ba $|\d $")
_WHOLES = frozenset({10.0, 100.0})
_HOURS_OF_DAY, _MINUTES_LENGTH = 24.0, 2


@lru_cache(maxsize=1)
def _forms() -> dict[str, _Form]:
    """Return the forms by name; where several fit, the first counts."""
    return {**_rank_and_purity_forms(), **_multiple_forms(), **_fraction_forms()}


def _rank_and_purity_forms() -> dict[str, _Form]:
    return {
        "rank_zh": _Form(
            rf"第(?P<rank_zh_number>{_NUMBER_ZH})[大代]"
            rf"|(?:{_WORLD}|居|排)第(?P<rank_zh_place>{_NUMBER_ZH})(?!{_NOT_RANK_ZH})",
            _rank,
        ),
        "top_zh": _Form(
            rf"(?:{_WORLD}|跻身|全国)?前(?P<top_zh_number>[三四五六七八九十])(?:大|强|名|位)?(?!{_NOT_LEADERS_ZH})",
            _top,
        ),
        "most_zh": _Form(rf"(?:全球|世界|全国)?最大(?=的?[^,。;、的]{{0,10}}?(?:{_RANKED_ZH}))", _most),
        "nines_zh": _Form(r"(?P<nines_zh_count>[二三四五六七八九\d])个(?:9|九)", _nines),
        "nines_en": _Form(rf"(?P<nines_en_count>(?:{_ONES}|\d))[- ]nines", _nines, at_word=True),
        "rank_en": _Form(
            rf"(?P<rank_en_word>{_ORDINAL})[- ](?:largest|biggest|most|richest|highest|leading|generation)"
            rf"|(?:ranks?|ranked|ranking|placed) (?P<rank_en_place>{_ORDINAL})"
            rf"|(?P<rank_en_world>{_ORDINAL}) (?:in the world|worldwide|globally)",
            _rank,
            at_word=True,
        ),
        "top_en": _Form(rf"top[- ](?P<top_en_word>{_ONES}|\d{{1,2}})(?![\d.,%])", _top, at_word=True),
        "most_en": _Form(rf"(?:largest|biggest)(?=(?: [a-z-]+){{0,3}}? (?:{_RANKED_EN})\b)", _most, at_word=True),
    }


def _multiple_forms() -> dict[str, _Form]:
    words = quantity_words()
    return {
        "ratio": _Form(r"(?<![\d:])(?P<left>\d{1,4}(?:\.\d{1,3})?):(?P<right>\d{1,3}(?:\.\d{1,3})?)(?![\d:])", _ratio),
        "multiple_zh": _Form(longest_first(words.multiples_zh), _multiple),
        "multiple_en": _Form(rf"(?:{longest_first(words.multiples_en)})(?![a-z-])", _multiple, at_word=True),
        "fold": _Form(
            rf"(?P<fold_number>\d{{1,5}}(?:\.\d{{1,2}})?|{number_word_pattern()})-?fold\b", _fold, at_word=True
        ),
        "halved_zh": _Form(longest_first(words.halved_zh), _halved),
        "halved_en": _Form(rf"(?:{longest_first(words.halved_en)})\b", _halved, at_word=True),
        "half_zh": _Form(longest_first(words.half_zh), _half),
        "zero": _Form(r"(?<=to )zero|(?<=at )zero|清零|归零|(?<=降至)零|(?<=为)零(?![零部配])", _zero),
    }


def _fraction_forms() -> dict[str, _Form]:
    return {
        "percent_zh": _Form(
            rf"(?P<base>一?百万|一?十亿|一?万万|一?亿|一?百|一?千|一?万)分之(?P<percent>{_DECIMAL_ZH})"
            rf"(?:(?: ?(?:到|至|-|~) ?)(?:百|千|万)分之(?P<percent_high>{_DECIMAL_ZH}))?",
            _percent_zh,
        ),
        "mixed_zh": _Form(
            rf"(?P<whole_zh>{_NUMBER_ZH})又(?P<mixed_base>{_NUMBER_ZH})分之(?P<mixed_part>{_NUMBER_ZH})", _mixed_zh
        ),
        "fraction_zh": _Form(rf"(?P<denominator>{_NUMBER_ZH})分之(?P<numerator>{_NUMBER_ZH})", _fraction_zh),
        "discount": _Form(
            r"(?<![波百曲周骨转打对\d.])(?:(?P<discount_zh>[一二两三四五六七八九](?:点?[一二三四五六七八九])?)|"
            rf"(?P<discount_digits>[1-9](?:\.\d|\d)?)) ?折(?!{_NOT_DISCOUNT})|(?<=打)对折",
            _discount,
        ),
        "half_unit": _Form(
            r"(?:an?[- ])?(?P<half>half|quarter)(?:[- ](?:of )?an?)?[- ](?P<half_scale>million|billion|trillion|dozen)"
            r"(?![A-Za-z])|half (?:of )?an? "
            r"(?=point|percentage|per cent|year|decade|ton|tonne|day|hour|century)",
            _half_unit,
            at_word=True,
        ),
        "parts_of_scale": _Form(
            rf"(?P<parts>(?:an?|{_ONES}))[- ](?P<parts_name>{'|'.join(_DENOMINATORS)})s?(?: of)?(?: an?)? "
            r"(?P<parts_scale>thousand|million|billion|trillion)(?![A-Za-z])",
            _parts_of_scale,
            at_word=True,
        ),
        "slashed": _Form(
            r"(?<![\d/.])(?P<over_line>\d{1,2})/(?P<under_line>\d{1,3})(?= of (?:the|all|its)\b|的)",
            _slashed,
        ),
        "fraction_en": _Form(
            rf"(?P<count>(?:an?|{_ONES}))[- ](?P<part>{'|'.join(_DENOMINATORS)})s?\b(?! an? )",
            _fraction_en,
            at_word=True,
        ),
        "decade": _Form(r"a (?P<long>decade|century)(?! (?:later|earlier))\b", _decade, at_word=True),
        "half_en": _Form(r"half(?![a-z-])", _half, at_word=True),
        "in_every": _Form(
            rf"(?P<some>(?:{_ONES}|\d{{1,2}}))(?: parts?)? (?:in|out of|of the|of) (?:every )?"
            rf"(?P<all>(?:{_ONES}|ten|hundred)|\d{{1,3}})(?![\d.,]*\d)(?! (?:years?|months?|days?|weeks?)\b)",
            _in_every,
            at_word=True,
        ),
    }


@lru_cache(maxsize=1)
def _expression_pattern() -> re.Pattern[str]:
    named = "|".join(
        rf"(?P<{name}>{'(?<![A-Za-z-])' if form.at_word else ''}(?:{form.pattern}))" for name, form in _forms().items()
    )
    return re.compile(rf"(?={_first_characters(named)})(?:{named})", re.IGNORECASE)


@lru_cache(maxsize=1)
def _hints() -> Hints:
    """Return what stands in every text with an expression; English words in lower case."""
    words = quantity_words()
    parts = {*_DENOMINATORS, *(f"{name}s" for name in _DENOMINATORS), "decade", "century", "zero", "zeros"}
    ranks = {"largest", "biggest", "top", "nines", "rank", "ranks", "ranked", "ranking", "placed", "st", "nd", "rd"}
    ones = _ONES.split("|")
    folds = {"fold", *(f"{name}fold" for name in number_word_pattern().split("|"))}
    multiples = {max(reversed(form.split()), key=len) for form in (*words.multiples_en, *words.halved_en)}
    return Hints(
        re.compile("[第前最折零:/]"),
        frozenset({*_ORDINALS, *ones, *parts, *ranks, *folds, *multiples}),
        ("个9", "个九", "分之", *words.multiples_zh, *words.halved_zh, *words.half_zh),
    )


def _first_characters(patterns: str) -> str:
    """Match where an expression may begin, so that the forms are tried nowhere else."""
    words = [*_ORDINALS, *number_word_pattern().split("|"), *quantity_words().multiples_en, *quantity_words().halved_en]
    words += ["rank", "placed", "top", "largest", "biggest", "half", "quarter", "a ", "a-", "an ", "an-"]
    han = "".join(sorted(set(re.findall(f"[〇{HAN_RANGES}]", patterns))))
    return rf"[\d.{han}]|{word_start_pattern(word for word in words if word[0].isalpha())}"


def find_expressions(text: str) -> list[Expression]:
    """Find the quantities that are printed as expressions.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    list of Expression
        In order of the text, without overlaps.
    """
    if not _hints().are_in(text):
        return []
    found = []
    for match in _expression_pattern().finditer(text):
        form = next(form for name, form in _forms().items() if match[name] is not None)
        expression = form.read(match)
        if expression is not None:
            found.append(expression)
    return found


def _expression(
    match: re.Match[str], value: float, unit: str, kind: str, *, value_high: float | None = None
) -> Expression:
    return Expression(match.start(), match.end(), value, unit, kind, value_high)


def _number(printed: str | None) -> float | None:
    """Value of a text that is one numeral of either language, else None."""
    bounds = _bounds(printed)
    return None if bounds is None else bounds[0]


def _bounds(printed: str | None) -> tuple[float, float] | None:
    """Both bounds of a text that is one numeral of either language, else None."""
    if not printed:
        return None
    parse = parse_digits if printed[0].isdigit() else parse_english if printed.isascii() else parse_chinese
    numeral = parse(printed, 0)
    return (numeral.low, numeral.high) if numeral and numeral.end == len(printed) else None


def _rank(match: re.Match[str]) -> Expression | None:
    groups = ("rank_zh_number", "rank_zh_place", "rank_en_word", "rank_en_place", "rank_en_world")
    printed = next(match[group] for group in groups if match[group]).lower()
    value = _ORDINALS.get(printed) or _number(printed)
    return None if value is None else _expression(match, float(value), "rank", "rank")


def _top(match: re.Match[str]) -> Expression | None:
    value = _number((match["top_zh_number"] or match["top_en_word"]).lower())
    return None if value is None else _expression(match, value, "rank", "rank")


def _most(match: re.Match[str]) -> Expression | None:
    before = match.string[max(0, match.start() - 12) : match.start()].lower()
    return None if _ONE_OF_THE.search(before) else _expression(match, 1.0, "rank", "rank")


def _nines(match: re.Match[str]) -> Expression | None:
    """Read a purity by its nines: five nines are 99.999 %."""
    printed = (match["nines_zh_count"] or match["nines_en_count"]).lower()
    count = int(DIGITS_ZH.get(printed) or _number(printed) or 0)
    return _expression(match, round(100 - 10.0 ** (2 - count), count), "%", "purity")


def _ratio(match: re.Match[str]) -> Expression | None:
    left, right = float(match["left"]), float(match["right"])
    is_time_of_day = len(match["right"]) == _MINUTES_LENGTH and left <= _HOURS_OF_DAY
    return _expression(match, left / right, "ratio", "ratio") if right and not is_time_of_day else None


def _multiple(match: re.Match[str]) -> Expression | None:
    words, printed = quantity_words(), match[0].lower()
    return _expression(match, words.multiples_zh.get(printed) or words.multiples_en[printed], "times", "ratio")


def _fold(match: re.Match[str]) -> Expression | None:
    value = _number(match["fold_number"].lower())
    return None if value is None else _expression(match, value, "times", "ratio")


def _halved(match: re.Match[str]) -> Expression | None:
    return _expression(match, -50.0, "%", "percent change")


def _half(match: re.Match[str]) -> Expression | None:
    """Read a half, unless it is half of a year or of a pair."""
    before = match.string[max(0, match.start() - 14) : match.start()].lower()
    return None if _HALF_OF_TIME_OR_PAIR.search(before) else _expression(match, 50.0, "%", "share")


def _zero(match: re.Match[str]) -> Expression | None:
    return _expression(match, 0.0, "items", "count")


def _percent_zh(match: re.Match[str]) -> Expression | None:
    """Read hundredths, thousandths and millionths in Chinese, also a range of them."""
    bounds, last = _bounds(match["percent"]), _bounds(match["percent_high"])
    if bounds is None:
        return None
    base = match["base"].removeprefix("一")
    factor = _PPM_PER_BASE.get(base) or _PERCENT_PER_BASE[base]
    low, high = bounds[0] * factor, (last or bounds)[1] * factor
    unit = "ppm" if base in _PPM_PER_BASE else "%"
    return _expression(match, low, unit, "share", value_high=high if high > low else None)


def _discount(match: re.Match[str]) -> Expression:
    """Read a price as a share of the full price: 八折 is 80 %, 七五折 75 %."""
    if match[0] == "对折":
        return _expression(match, 50.0, "%", "share")
    printed = match["discount_digits"]
    if printed is None:
        printed = "".join(str(DIGITS_ZH[char]) for char in match["discount_zh"].replace("点", ""))
    value = float(printed.replace(".", ""))
    return _expression(match, value if len(printed.replace(".", "")) > 1 else 10 * value, "%", "share")


def _slashed(match: re.Match[str]) -> Expression | None:
    """Read a fraction with a stroke: 1/2 of the mines."""
    part, whole = int(match["over_line"]), int(match["under_line"])
    return _expression(match, 100 * part / whole, "%", "share") if 0 < part < whole else None


def _fraction_zh(match: re.Match[str]) -> Expression | None:
    """Read a fraction in Chinese, whose denominator stands first."""
    denominator, numerator = _number(match["denominator"]), _number(match["numerator"])
    if not denominator or numerator is None or numerator >= denominator:
        return None
    return _expression(match, 100 * numerator / denominator, "%", "share")


def _fraction_en(match: re.Match[str]) -> Expression | None:
    """Read a fraction in English: two thirds, a quarter."""
    count_word, part = match["count"].lower(), match["part"].lower()
    has_article = count_word in {"a", "an"}
    count = 1.0 if has_article else _number(count_word)
    if count is None or count >= _DENOMINATORS[part]:
        return None
    if has_article and part not in {"half", "quarter"} and not _BEHIND_PART.match(match.string, match.end()):
        before = match.string[max(0, match.start() - 12) : match.start()].lower()
        if not _BEFORE_PART.search(before):
            return None
    return _expression(match, 100 * count / _DENOMINATORS[part], "%", "share")


def _half_unit(match: re.Match[str]) -> Expression | None:
    """Read half of a unit or of a scale word: half a point, half a million tons, a quarter million dollars."""
    name = (match["half_scale"] or "").lower()
    if unit_at(match.string, match.end()) is None and not name:
        return None
    part = 0.25 if (match["half"] or "half").lower() == "quarter" else 0.5
    return _with_unit(match, part * SCALES_EN.get(name, 1))


def _mixed_zh(match: re.Match[str]) -> Expression | None:
    """Read a whole number with a fraction and its unit: 一又二分之一吨."""
    whole, base, part = (_number(match[group]) for group in ("whole_zh", "mixed_base", "mixed_part"))
    if whole is None or not base or part is None or part >= base:
        return None
    return _with_unit(match, whole + part / base)


def _parts_of_scale(match: re.Match[str]) -> Expression | None:
    """Read three quarters of a million tonnes."""
    count = 1.0 if match["parts"].lower() in {"a", "an"} else _number(match["parts"].lower())
    base = _DENOMINATORS[match["parts_name"].lower()]
    if count is None or count >= base:
        return None
    return _with_unit(match, count / base * SCALES_EN[match["parts_scale"].lower()])


def _with_unit(match: re.Match[str], value: float) -> Expression:
    """Give an expression the unit behind it."""
    unit, end = unit_at(match.string, match.end()) or (NO_UNIT, match.end())
    return Expression(match.start(), end, value * unit.factor, unit.name, unit.kind)


def _decade(match: re.Match[str]) -> Expression | None:
    return _expression(match, 10.0 if match["long"].lower() == "decade" else 100.0, "years", "duration")


def _in_every(match: re.Match[str]) -> Expression | None:
    """Read "one in three" and "nine out of ten"; "15 of 19" is two numbers."""
    some, every = _number(match["some"].lower()), _number(match["all"].lower())
    says_in = "in" in match[0].lower().split()
    if some is None or not every or some >= every or match["some"].isdigit():
        return None
    return _expression(match, 100 * some / every, "%", "share") if says_in or every in _WHOLES else None

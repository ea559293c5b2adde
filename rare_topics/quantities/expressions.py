"""Quantities without a number and a unit side by side: parts, multiples, ranks, ratios, nought."""

from __future__ import annotations

import re
from functools import lru_cache

from rare_topics.corpus.languages import HAN_RANGES
from rare_topics.quantities.fractions import (
    HAN,
    ONES,
    PATTERNS,
    Phrase,
    decade,
    fraction_en,
    fraction_zh,
    half,
    half_unit,
    in_every,
    made,
    number_of,
    percent_zh,
)
from rare_topics.quantities.modifiers import longest_first, openings, wording
from rare_topics.quantities.numerals import DIGITS_ZH, cardinal_words

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "1st": 1, "2nd": 2, "3rd": 3,
}  # fmt: skip
_ORDINAL = "|".join(_ORDINALS)
_WORLD = "全球|世界|排名|位居|位列"
# What can be the largest of its kind: others are praise.
_RANKED_EN = (
    "reserves?|producers?|suppliers?|buyers?|deposits?|importers?|exporters?|economy|shareholders?|markets?|consumers?|"
    "holders?|mines?|pile|source|customers?|miner|makers?|refiners?|resources?|countr(?:y|ies)|project"
)
_RANKED_ZH = "国|股东|储量|生产商|供应商|市场|买家|出口商|矿|基地|企业|经济体|项目|来源"
_NO_PLACE = "[季次步个阶批代方国条号期届轮年天月日]"
_NO_TOP = "[年天月日个次周季段期后任妻面端者所沿往来线台提景途言置身]"
_ONE_OF = re.compile(r"(?:one of the|[a-z]th|second|third|nd|rd)[- ]$|之一|第.$|[二三四五六七八九十]$")
HOURS, MINUTES_LENGTH = 24.0, 2

_WORD_START = frozenset(
    {
        "half_unit",
        "fraction_en",
        "half_en",
        "decade",
        "in_every",
        "nines_en",
        "rank_en",
        "top_en",
        "most_en",
        "fold",
        "halved_en",
        "multiple_en",
    }
)


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    """Join every pattern; English words begin where words do."""
    words = wording()
    patterns = {
        "rank_zh": rf"第(?P<rank_zh_number>{HAN})[大代]"
        rf"|(?:{_WORLD}|居|排)第(?P<rank_zh_place>{HAN})(?!{_NO_PLACE})",
        "top_zh": rf"(?:{_WORLD}|跻身|全国)?前(?P<top_zh_number>[三四五六七八九十])(?:大|强|名|位)?(?!{_NO_TOP})",
        "most_zh": rf"(?:全球|世界|全国)?最大(?=的?[^,。;、的]{{0,10}}?(?:{_RANKED_ZH}))",
        "nines_zh": r"(?P<nines_zh_count>[二三四五六七八九\d])个(?:9|九)",
        "nines_en": rf"(?P<nines_en_count>(?:{ONES}|\d))[- ]nines",
        "rank_en": rf"(?P<rank_en_word>{_ORDINAL})[- ](?:largest|biggest|most|richest|highest|leading|generation)"
        rf"|(?:ranks?|ranked|ranking|placed) (?P<rank_en_place>{_ORDINAL})"
        rf"|(?P<rank_en_world>{_ORDINAL}) (?:in the world|worldwide|globally)",
        "top_en": rf"top[- ](?P<top_en_word>{ONES}|\d{{1,2}})(?![\d.,%])",
        "most_en": rf"(?:largest|biggest)(?=(?: [a-z-]+){{0,3}}? (?:{_RANKED_EN})\b)",
        "ratio": r"(?<![\d:])(?P<one>\d{1,4}(?:\.\d{1,3})?):(?P<other>\d{1,3}(?:\.\d{1,3})?)(?![\d:])",
        "multiple_zh": longest_first(words.multiples_zh),
        "multiple_en": rf"(?:{longest_first(words.multiples_en)})(?![a-z-])",
        "fold": rf"(?P<fold_number>\d{{1,5}}(?:\.\d{{1,2}})?|{cardinal_words()})-?fold\b",
        "halved_zh": longest_first(words.halved_zh),
        "halved_en": rf"(?:{longest_first(words.halved_en)})\b",
        "half_zh": longest_first(words.half_zh),
        "zero": r"(?<=to )zero|(?<=at )zero|清零|归零|(?<=降至)零|(?<=为)零(?![零部配])",
        **PATTERNS,
    }
    named = "|".join(
        rf"(?P<{name}>{'(?<![A-Za-z-])' if name in _WORD_START else ''}(?:{pattern}))"
        for name, pattern in patterns.items()
    )
    return re.compile(rf"(?={_opening(named)})(?:{named})", re.IGNORECASE)


def _opening(patterns: str) -> str:
    """Match where a phrase may begin: a digit, a Han character that a pattern has, a word; nothing else is tried."""
    words = [*_ORDINALS, *cardinal_words().split("|"), *wording().multiples_en, *wording().halved_en]
    words += ["rank", "placed", "top", "largest", "biggest", "half", "a ", "a-", "an ", "an-"]
    han = "".join(sorted(set(re.findall(f"[〇{HAN_RANGES}]", patterns))))
    return rf"[\d.{han}]|{openings(word for word in words if word[0].isalpha())}"


def phrases(text: str) -> list[Phrase]:
    """Find the quantities that are phrases.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.

    Returns
    -------
    list of Phrase
        In order, never overlapping.
    """
    found = (
        next(reader for name, reader in _READERS.items() if match[name] is not None)(match)
        for match in _phrases().finditer(text)
    )
    return [phrase for phrase in found if phrase is not None]


def _place(printed: str | None) -> float | None:
    return float(_ORDINALS[printed.lower()]) if printed and printed.lower() in _ORDINALS else number_of(printed)


def _rank(match: re.Match[str]) -> Phrase | None:
    groups = ("rank_zh_number", "rank_zh_place", "rank_en_word", "rank_en_place", "rank_en_world")
    value = _place(next((match[group] for group in groups if match[group]), None))
    return None if value is None else made(match, value, "rank", "rank")


def _top(match: re.Match[str]) -> Phrase | None:
    value = number_of((match["top_zh_number"] or match["top_en_word"]).lower())
    return None if value is None else made(match, value, "rank", "rank")


def _most(match: re.Match[str]) -> Phrase | None:
    before = match.string[max(0, match.start() - 12) : match.start()].lower()
    return None if _ONE_OF.search(before) else made(match, 1.0, "rank", "rank")


def _ratio(match: re.Match[str]) -> Phrase | None:
    one, other = float(match["one"]), float(match["other"])
    time_of_day = len(match["other"]) == MINUTES_LENGTH and one <= HOURS
    return made(match, one / other, "ratio", "ratio") if other and not time_of_day else None


def _multiple(match: re.Match[str]) -> Phrase | None:
    words, name = wording(), match[0].lower()
    return made(match, words.multiples_zh.get(name) or words.multiples_en[name], "times", "ratio")


def _fold(match: re.Match[str]) -> Phrase | None:
    value = number_of(match["fold_number"].lower())
    return None if value is None else made(match, value, "times", "ratio")


def _nines(match: re.Match[str]) -> Phrase | None:
    printed = (match["nines_zh_count"] or match["nines_en_count"]).lower()
    count = int(DIGITS_ZH.get(printed) or number_of(printed) or 0)
    return made(match, round(100 - 10.0 ** (2 - count), count), "%", "purity")


def _halved(match: re.Match[str]) -> Phrase | None:
    return made(match, -50.0, "%", "percent change")


def _zero(match: re.Match[str]) -> Phrase | None:
    return made(match, 0.0, "items", "count")


_READERS = {
    "percent_zh": percent_zh,
    "fraction_zh": fraction_zh,
    "nines_zh": _nines,
    "nines_en": _nines,
    "rank_zh": _rank,
    "top_zh": _top,
    "most_zh": _most,
    "rank_en": _rank,
    "top_en": _top,
    "most_en": _most,
    "ratio": _ratio,
    "half_unit": half_unit,
    "multiple_zh": _multiple,
    "multiple_en": _multiple,
    "fold": _fold,
    "halved_zh": _halved,
    "halved_en": _halved,
    "half_zh": half,
    "zero": _zero,
    "fraction_en": fraction_en,
    "half_en": half,
    "in_every": in_every,
    "decade": decade,
}

"""The words beside numbers that change what they say, from ``data/quantity_words.toml``, as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

# The first letters by which `word_start_pattern` recognises a word.
_STEM_LENGTH = 3


# Between a bound and its number the whole may stand that it is a share of: 低于合同额的20%.
# In 低于去年同期的80% the number is what is compared with, and exact.
_COMPARED_NOUN = r"(?:(?![去上前往]年|同期|上[月周个]|此前|原先|当时|以往|之前|预期)[\u4e00-\u9fff]{2,6}的)?"


class ChangePatterns(NamedTuple):
    """The words for a rise, or for a fall.

    Attributes
    ----------
    sign
        1 for a rise, -1 for a fall.
    before
        Matches a word at the end of what stands before the number: "rose 5%".
    before_by
        The same, also with an object and "by" between: "cut output by 5%".
    verb_with_object
        Matches a Chinese verb with its object at the end of what stands before the number.
    anywhere
        Matches a word at any place.
    after
        Matches a noun behind the number: "a 5% drop".
    """

    sign: float
    before: re.Pattern[str]
    before_by: re.Pattern[str]
    verb_with_object: re.Pattern[str]
    anywhere: re.Pattern[str]
    after: re.Pattern[str]


class QuantityWords(NamedTuple):
    """The word list as patterns.

    Attributes
    ----------
    qualifiers_before, qualifiers_after
        Qualifier and the pattern of its words on that side of a number.
    any_qualifier_before
        Matches where one of `qualifiers_before` does, so that most numbers are compared once.
    negation, negated_qualifiers
        Matches a negation at the end of what stands before a qualifier; what the qualifier then is.
    pounds_of_money, pounds_of_money_after, pounds_of_mass
        Match what makes "pounds" a currency, before and behind them, and what makes them a mass.
    changes
        Words for a rise and for a fall.
    compared_after
        Matches what makes a change of the percentage before it: "5% year on year".
    multiples_zh, multiples_en
        Words for a multiple, as "doubled", and their values.
    halved_zh, halved_en, half_zh
        Words for a fall by half, and for a half.
    """

    qualifiers_before: tuple[tuple[str, re.Pattern[str]], ...]
    any_qualifier_before: re.Pattern[str]
    qualifiers_after: tuple[tuple[str, re.Pattern[str]], ...]
    negation: re.Pattern[str]
    negated_qualifiers: dict[str, str]
    pounds_of_money: re.Pattern[str]
    pounds_of_money_after: re.Pattern[str]
    pounds_of_mass: re.Pattern[str]
    changes: tuple[ChangePatterns, ...]
    compared_after: re.Pattern[str]
    multiples_zh: dict[str, float]
    multiples_en: dict[str, float]
    halved_zh: tuple[str, ...]
    halved_en: tuple[str, ...]
    half_zh: tuple[str, ...]


@lru_cache(maxsize=1)
def quantity_words() -> QuantityWords:
    """Read the word list."""
    data = tomllib.loads((files("rare_topics") / "data" / "quantity_words.toml").read_text("utf-8"))
    filler_zh, filler_en = "|".join(data["filler"]["zh"]), "|".join(data["filler"]["en"])
    filler = rf"(?:(?:{filler_zh}) ?|(?<![A-Za-z])(?:{filler_en}) ){{0,5}}"
    qualifiers = data["qualifier"].items()
    all_zh, all_en = ([word for words in data["qualifier"].values() for word in words[lang]] for lang in ("zh", "en"))
    return QuantityWords(
        qualifiers_before=tuple(
            (name, _before(words["zh"], words["en"], _COMPARED_NOUN)) for name, words in qualifiers
        ),
        any_qualifier_before=_before(all_zh, all_en, _COMPARED_NOUN),
        qualifiers_after=tuple((name, _after(words["zh_after"], words["en_after"])) for name, words in qualifiers),
        negation=_before(data["negation"]["zh"], data["negation"]["en"]),
        negated_qualifiers=data["negation"]["turns"],
        pounds_of_money=re.compile(rf"\b(?:{'|'.join(data['pounds_of_money']['before'])})\b", re.IGNORECASE),
        pounds_of_money_after=re.compile(rf" (?:{'|'.join(data['pounds_of_money']['after'])})", re.IGNORECASE),
        pounds_of_mass=re.compile(rf" (?:{'|'.join(data['pounds_of_money']['of_mass'])})\b"),
        changes=(
            _change_patterns(1.0, data["change"]["rise"], filler),
            _change_patterns(-1.0, data["change"]["fall"], filler),
        ),
        compared_after=_noun_after(data["compared"]["zh_after"], data["compared"]["en_after"]),
        multiples_zh=data["multiple"]["zh"],
        multiples_en=data["multiple"]["en"],
        halved_zh=tuple(data["halved"]["zh"]),
        halved_en=tuple(data["halved"]["en"]),
        half_zh=tuple(data["half"]["zh"]),
    )


def longest_first(forms: Iterable[str]) -> str:
    """Return the alternatives of a pattern that matches any of the forms, the longest that fits."""
    return "|".join(sorted(forms, key=len, reverse=True)) or "(?!)"


def word_start_pattern(words: Iterable[str]) -> str:
    """Return a pattern that matches where one of these English words may begin.

    It compares the first three letters only, which is faster than to try each word.
    """
    stems = {word[:_STEM_LENGTH].lower() for word in words}
    initials = sorted({stem[0] for stem in stems})
    # By first letter, so that a word is compared with the few stems that begin as it does.
    groups = (
        f"{initial}(?:{'|'.join(sorted(re.escape(stem[1:]) for stem in stems if stem[0] == initial))})"
        for initial in initials
    )
    return rf"(?<![A-Za-z])(?=[{''.join(initials)}])(?:{'|'.join(groups)})"


def _change_patterns(sign: float, words: dict[str, Any], filler: str) -> ChangePatterns:
    zh, en = words["zh"], words["en"]
    verbs_zh = longest_first(form for form in zh if len(form) > 1)
    return ChangePatterns(
        sign=sign,
        before=_before(zh, en, filler),
        before_by=_before(zh, en, rf"(?:(?:[A-Za-z\d'.,-]+ ){{0,8}}by )?{filler}"),
        verb_with_object=re.compile(rf"(?:{verbs_zh})[^,。;\d到至为对占达的]{{1,6}}$"),
        anywhere=re.compile(rf"{longest_first(zh)}|(?<![A-Za-z-])(?:{longest_first(en)})(?![A-Za-z-])", re.IGNORECASE),
        after=_noun_after(words["zh_after"], words["en_after"]),
    )


def _before(zh: list[str], en: list[str], filler: str = "") -> re.Pattern[str]:
    """Match at the end of what stands before a number; the look-aheads keep the words from being tried everywhere."""
    initials = {form[0] for word in zh for form in word.removeprefix("(?:").partition(")")[0].split("|")}
    words_zh = rf"(?=[{re.escape(''.join(sorted(initials)))}])(?:{longest_first(zh)}) ?"
    words_en = rf"(?=[A-Za-z])(?<![A-Za-z-])(?:{longest_first(en)}) "
    return re.compile(rf"(?:{words_zh}|{words_en}){filler}$", re.IGNORECASE)


def _after(zh: list[str], en: list[str]) -> re.Pattern[str]:
    """Match at the beginning of what stands behind a number; "5+" is over 5."""
    return re.compile(rf" ?(?:{longest_first(zh)})|,? (?:{longest_first(en)})(?![A-Za-z-])|(?=\+)\+", re.IGNORECASE)


def _noun_after(zh: list[str], en: list[str]) -> re.Pattern[str]:
    """Match a noun that takes the number before it as its attribute."""
    return re.compile(rf" ?的?(?:{longest_first(zh)})|[ -](?:{longest_first(en)})(?![A-Za-z-])", re.IGNORECASE)

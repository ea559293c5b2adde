"""Where in a text a quantity can begin: at a digit, a numeral, a number word or the sign of a currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rare_topics.quantities.english_numerals import number_word_pattern
from rare_topics.quantities.hints import Hints
from rare_topics.quantities.numerals import VULGAR_FRACTIONS
from rare_topics.quantities.quantity_words import longest_first
from rare_topics.quantities.units import currency_names_zh, currency_sign_pattern, currency_signs

_NUMERALS = "零一二两三四五六七八九十百千万亿半"


@lru_cache(maxsize=1)
def start_pattern() -> re.Pattern[str]:
    """Match what a quantity begins with."""
    names = longest_first(currency_names_zh())
    return re.compile(
        rf"(?:(?P<sign>(?=[{_first_of_signs()}A-Za-z])(?:{currency_sign_pattern()}) ?)?"
        rf"(?P<digit>(?(sign)|(?<![A-Za-z\d_]))[\d{VULGAR_FRACTIONS}])"
        rf"|(?P<name>(?=[{_first_of_names()}])(?:{names}) ?)(?P<named>[\d{_NUMERALS}])"
        rf"|(?P<han>[{_NUMERALS}])"
        rf"|(?<![A-Za-z-])(?P<word>(?:{number_word_pattern()}))(?![A-Za-z]))",
        re.IGNORECASE,
    )


def starts_of_quantities(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of `start_pattern`, in order.

    Most characters of a text are no digit, numeral or sign, and most words no number and no currency, so that the
    pattern itself is tried at few places.
    """
    if not _start_hints().are_in(text):
        return
    for place in _place_pattern().finditer(text):
        if place[1] is None or place[1].lower() in _start_words():
            match = start_pattern().match(text, place.start())
            if match:
                yield match


@lru_cache(maxsize=1)
def _place_pattern() -> re.Pattern[str]:
    return re.compile(rf"([A-Za-z]+)|\d+|[{_NUMERALS}{VULGAR_FRACTIONS}{_first_of_names()}{_first_of_signs()}]")


@lru_cache(maxsize=1)
def _start_hints() -> Hints:
    # A sign, or a name of a currency, stands before a digit or numeral.
    return Hints(re.compile(rf"[\d{_NUMERALS}{VULGAR_FRACTIONS}]"), frozenset(number_word_pattern().split("|")))


@lru_cache(maxsize=1)
def _start_words() -> frozenset[str]:
    """Return the number words, and the letters that begin a currency sign, in lower case."""
    letters = (re.match("[A-Za-z]*", sign) for sign in currency_signs())
    return _start_hints().words.union(found[0].lower() for found in letters if found)


def _first_of_names() -> str:
    return "".join(sorted({name[0] for name in currency_names_zh()}))


def _first_of_signs() -> str:
    return re.escape("".join(sorted({sign[0] for sign in currency_signs() if not sign[0].isalpha()})))

"""Units that a number leaves out because the one before it has printed them: "80 tons in May, 95 in April"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rare_topics.quantities import Quantity

# Kinds whose units are left out.
KINDS = frozenset({"mass", "rate", "money", "price", "duration"})
# By so many times a number may differ from the one before whose unit it takes.
MAX_RATIO = 6.0
# What follows a number without a noun of its own: an end, or a word that is none.
_NO_NOUN = re.compile(
    r" ?(?:[,;.)\u2014]|$)|"
    r" (?:in|on|at|by|for|from|to|per|a|an|the|last|this|had|have|has|were|was|is|are|and|or|but|when|while|as|after|"
    r"before|during|between|earlier|now|then|so|which|if|of (?:it|them|which|this))(?![A-Za-z])"
)
# Words that say what the numbers behind them count.
_COUNT = re.compile(r"\bnumbers? of ")
_IS_YEAR = re.compile(r"(?:19|20)\d\d")
_SENTENCE_END = re.compile(r"[.!?] ")
_DIGITS_AFTER = re.compile(r"\.\d")


def with_elided_units(quantities: Iterable[Quantity], text: str) -> list[Quantity]:
    """Give a bare number the unit of the number before it in its sentence.

    A number is bare where no noun follows it. It is about as large as the other, and no year.

    Parameters
    ----------
    quantities
        Quantities of an English text, in its order; Chinese numbers do not leave out their units.
    text
        The text.
    """
    completed: list[Quantity] = []
    for quantity in quantities:
        # A change in between does not part two amounts: "6,420 tons, up by a quarter, only to fall to 4,900".
        before = next((one for one in reversed(completed) if one.kind not in {"percent change", "date"}), None)
        if before is None or not _lacks_unit_of(before, quantity, text):
            completed.append(quantity)
            continue
        is_scaled = not text[quantity.start : quantity.end][-1].isdigit()
        value = quantity.value * (1.0 if is_scaled else _scale(before, text))
        completed.append(replace(quantity, unit=before.unit, kind=before.kind, value=value))
    return completed


def _lacks_unit_of(before: Quantity, quantity: Quantity, text: str) -> bool:
    is_bare = (
        quantity.kind == "count"
        and quantity.value_high is None
        and text[quantity.start : quantity.end].endswith((*"0123456789", "million", "billion"))
    )
    if not is_bare or before.kind not in KINDS or not quantity.value or not before.value:
        return False
    if _IS_YEAR.fullmatch(text, quantity.start, quantity.end) or not _NO_NOUN.match(text, quantity.end):
        return False
    if _DIGITS_AFTER.match(text, quantity.end) or not text[: quantity.start].endswith(" "):
        return False
    is_scaled = not text[quantity.start : quantity.end][-1].isdigit()
    if _COUNT.search(text, before.end, quantity.start):
        return False
    ratio = abs(quantity.value * (1.0 if is_scaled else _scale(before, text)) / before.value)
    is_in_sentence = not _SENTENCE_END.search(text, before.end, quantity.start)
    return is_in_sentence and 1 / MAX_RATIO <= ratio <= MAX_RATIO


def _scale(quantity: Quantity, text: str) -> float:
    """Return what the unit of a printed number is worth in the normalised one: 0.001 of a kilogram in tons."""
    printed = re.match(
        r"\D*(\d[\d,]*(?:\.\d+)?)(?! (?:million|billion|trillion|thousand))", text[quantity.start : quantity.end]
    )
    value = float(printed[1].replace(",", "")) if printed else 0.0
    return abs(quantity.value) / value if value else 1.0

"""Numbers that are no quantities: names, codes, numbering, citation marks, articles in disguise."""

from __future__ import annotations

import re

from rare_topics.corpus.languages import HAN_RANGES
from rare_topics.quantities.numerals import Numeral
from rare_topics.quantities.units import unit_at

_NAMED = re.compile(
    r"(?:\b(?:[Nn]o\.|[Nn]umber|Section|Article|Group|Phase|Chapter|Figure|Table|Announcement|Model|Page|Stage|Class|Level|"
    r"Type|Series|Version|Windows|iPhone|Falcon|Boeing|Airbus|Apollo|Resolution|Annex|Item|Route|Highway|Gen|Mark|Order|"
    r"CSI|S&P|Dow|Nikkei|Fortune|Global) ?|[#第])$"
)
_JOINED = re.compile(r"[A-Za-z\d][-\u2013.:/_]$")
_CODE_AFTER = re.compile(r"[A-Za-z]|[-\u2013]?[A-Z](?![a-z])|号(?!称)|:\d\d| ?[至到-] ?\d{1,2} ?月|\.[A-Z]{2}(?![a-z])")
_PHONE = re.compile(r"\+?\d{1,4}(?:[- ]\d{2,5}){2,}(?![\d%])")
# One of these before a Chinese numeral makes a name or a vague number of it.
_NO_NUMERAL_AFTER = re.compile(r"(?:[第之统唯几数]|万一|好几|若干)$")
_NO_ONE_AFTER = re.compile(r"[这那每有同上下哪某另统之唯万同任何逐]$")
# "One" with a classifier is the article "a"; with these units it is the number.
_ONE_COUNTS = re.compile(
    r"一 ?(?:年|成(?!不)|个月|个季度|周(?!围|边)|天|个世纪|小时|分钟|倍|吨|公斤|克(?!服)|美元|元|欧元|亿|万)"
)
_HALF_COUNTS = re.compile(r"半 ?(?:年(?!报)|个月|天|小时|个世纪|吨|公斤|亿|万)")
_TWO_NAMES = re.compile(r" ?(?:位数|轮车|国|岸|会(?!议)|党)")
# A bare number that is glued to a Chinese noun numbers it.
_NUMBERED = re.compile(rf"(?![为是达至到从约近超有共仅逾过])[{HAN_RANGES}]$")
_PAIR = re.compile(r"(?:the|these|those|between|both|its|their|our|of|other|all) $")
_LONE_WORDS = frozenset({"one", "hundred", "thousand", "million", "billion", "trillion", "dozen", "zero"})
_COUNTED = re.compile(
    r"(?: (?!(?:of|in|to|by|and|or|the|for|at|on|with|from|as|is|was|were|are|than|that|if|when)\b)[A-Za-z'-]+){0,3}? "
    r"(?:[a-z-]+(?:s|ren)|people|staff|aircraft|personnel)\b(?!')"
)
_SINGULAR_S = re.compile(r" (?:is|was|has|does|this|its|less|business|process|times|as)\b")
LARGE = 1e8
TWO = 2.0


def is_name(text: str, begin: int, numeral: Numeral) -> bool:
    """Whether a number names something or is vague: No. 61, Section 232, F-35, [3], a telephone, several dozen.

    Parameters
    ----------
    text
        The passage.
    begin
        Where the number, or the sign before it, begins.
    numeral
        The number.
    """
    before = text[max(0, begin - 16) : begin]
    if numeral.form == "han":
        return bool(_NO_NUMERAL_AFTER.search(before)) or unit_at(text, numeral.start, han=True) is not None
    if before[-1:] == "[" and text[numeral.end : numeral.end + 1] == "]":
        return True
    if numeral.form == "digits" and (_JOINED.search(before) or _PHONE.match(text, begin)):
        return True
    return bool(_NAMED.search(before))


def is_code(text: str, end: int) -> bool:
    """Whether letters follow a number at once, as in 5G, or it is the number of something."""
    return bool(_CODE_AFTER.match(text, end))


def is_article(text: str, numeral: Numeral) -> bool:
    """Whether a Chinese numeral with a unit is no number: one with a classifier, two in words such as the two sides."""
    printed = text[numeral.start : numeral.end]
    if printed in {"二", "零"}:
        return True
    if printed == "半":
        return not _HALF_COUNTS.match(text, numeral.start)
    if printed == "两" and _TWO_NAMES.match(text, numeral.end):
        return True
    if printed != "一":
        return False
    before = text[max(0, numeral.start - 1) : numeral.start]
    return not _ONE_COUNTS.match(text, numeral.start) or bool(_NO_ONE_AFTER.search(before))


def counts(text: str, numeral: Numeral) -> bool:
    """Whether a number without a unit counts something or stands for itself."""
    if numeral.form == "han":
        return numeral.low >= LARGE
    if numeral.form == "digits":
        glued = numeral.scale == 1 and _NUMBERED.search(text[max(0, numeral.start - 1) : numeral.start])
        return not is_code(text, numeral.end) and not glued
    word = text[numeral.start : numeral.end].lower()
    if word in _LONE_WORDS:
        return False
    before = text[max(0, numeral.start - 12) : numeral.start].lower()
    if numeral.low == TWO and _PAIR.search(before):
        return False
    return bool(_COUNTED.match(text, numeral.end)) and not _SINGULAR_S.match(text, numeral.end)

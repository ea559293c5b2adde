"""Numbers that are not quantities: parts of names, codes, numbering, citation marks, indefinite articles."""

from __future__ import annotations

import re

from rare_topics.corpus.languages import HAN_RANGES
from rare_topics.quantities.numerals import Numeral
from rare_topics.quantities.units import unit_at

_BEHIND_NAME = re.compile(
    r"(?:\b(?:[Nn]o\.|[Nn]umber|Section|Article|Group|Phase|Chapter|Figure|Table|Announcement|Model|Page|Stage|Class|Level|"
    r"Type|Series|Version|Windows|iPhone|Falcon|Boeing|Airbus|Apollo|Resolution|Annex|Item|Route|Highway|Gen|Mark|Order|"
    r"CSI|S&P|Dow|Nikkei|Fortune|Global|Motel|Forever|Century|Agenda|Vision|Horizon|Channel|Pier|Gate|Flight|Room|Rule|"
    r"Part|Day|Week|Division|Formula|Unit|Zone|Block|Covid|COVID|Lot|Hall|Interstate|Proposition|Psalm) ?|[#第])$"
)
_BEHIND_CODE = re.compile(r"[A-Za-z\d][-\u2013.:/_=]$")
_CODE_AFTER = re.compile(
    r"[A-Za-z]|[-\u2013]?[A-Z](?![a-z])|[-\u2013][A-Z][a-z]|号(?!称)|:\d\d|/\d|"
    r" ?[至到-] ?\d{1,2} ?月|\.[A-Z]{2}(?![a-z])"
)
# A name ends with a dash and a number: 神舟-20.
_BEHIND_DASHED_NAME = re.compile(rf"[{HAN_RANGES}A-Za-z]-$")
# In Chinese a number stands before a measure word or one of these; before another character it is part of a name
# (58同城, 360公司) or names somebody (90后).
_NOUN_BEHIND = re.compile(
    rf"(?![左上以之多余和与及或至到的了是为不等而且但比被由从在时有点元起万亿千百兆])[{HAN_RANGES}]"
)
# In these idioms the numeral says "many" or "all".
_IDIOM = re.compile(
    "四处|四面八方|五湖四海|三番五次|七嘴八舌|五花八门|两员(?:大|老|干|猛)将|三令五申|千方百计|万众一心"
)
# Two numbers of a game: won 3-2.
_SCORE = re.compile(r"[-\u2013:]\d")
_BEHIND_GAME = re.compile(r"\b(?:won|wins?|lost|beat(?:en)?|drew|tied|defeated|lead|led|prevailed|triumphed)(?: by)? $")
# 十四五 names a plan unless something is counted.
_PLAN = re.compile(r"(?:十[一二三四五]五)(?!吨|个|年|天|万|亿|元|家|倍|公|人|%|成|种|岁|分)")
_BEHIND_VAGUE_EN = re.compile(
    r"\b(?:couple(?: of)?|few|several|many|tens of|hundreds of|thousands of|dozens of)[ -]$", re.IGNORECASE
)
_VAGUE_SCALES = ("hundred", "thousand", "million", "billion", "trillion", "dozen", "lakh", "crore")
# 上万 and 上百 say "more than"; 成千上万 says "many".
_MANY = re.compile(r"(?:成[百千]$|[百千]上$|成$)")
_PHONE = re.compile(r"\+?\d{1,4}(?:[- ]\d{2,5}){2,}(?![\d%])")
# Before a Chinese numeral these make a name (第三) or a vague number (几百) of it.
_BEHIND_VAGUE = re.compile(r"(?:[第之统唯几数]|万一|好几|若干)$")
_BEHIND_PRONOUN = re.compile(r"[这那每有同上下哪某另统之唯万同任何逐]$")
# 一 with a classifier is the indefinite article; with these units it is the number one.
_ONE_OF_UNIT = re.compile(
    r"一 ?(?:年|位(?=是最小的?存储|存储|二进制)|"
    r"成(?!不)|个月|个季度|周(?!围|边)|天|个世纪|小时|分钟|倍|吨|公斤|克(?!服)|千[克瓦米]|兆瓦|"
    r"吉瓦|公里|英里|公顷|度电|桶|磅|盎司|英镑|日元|美元|元|欧元|亿|万)"
)
_MEASURED = frozenset({"mass", "size", "rate", "money"})
_HALF_OF_UNIT = re.compile(r"半 ?(?:年(?!报)|个月|天|小时|个世纪|吨|公斤|亿|万|成)")
_AFTER_TWO_IN_NAME = re.compile(r" ?(?:位数|轮车|国|岸|会(?!议)|党)")
# A number without a unit directly behind a Chinese noun numbers it.
_BEHIND_NOUN = re.compile(rf"(?![为是达至到从约近超有共仅逾过])[{HAN_RANGES}]$")
_BEHIND_DETERMINER = re.compile(r"(?:the|these|those|between|both|its|their|our|of|other|all) $")
_NOT_COUNTING_WORDS = frozenset(
    {
        "one",
        "hundred",
        "thousand",
        "million",
        "billion",
        "trillion",
        "dozen",
        "zero",
        "nought",
        "naught",
        "lakh",
        "crore",
    }
)
_BEFORE_PLURAL = re.compile(
    r"(?: (?!(?:of|in|to|by|and|or|the|for|at|on|with|from|as|is|was|were|are|than|that|if|when)\b)[A-Za-z'-]+){0,3}? "
    r"(?:[a-z-]+(?:s|ren)|people|staff|aircraft|personnel)\b(?!')"
)
_BEFORE_SINGULAR = re.compile(r" (?:is|was|has|does|this|its|less|business|process|times|as)\b")
# A Chinese numeral without a unit is a count from here on; smaller ones are mostly parts of words.
MIN_CHINESE_COUNT = 1e8


def is_name_or_vague(text: str, start: int, numeral: Numeral) -> bool:
    """Whether a number is part of a name or vague: No. 61, Section 232, F-35, [3], a telephone number, 几百.

    Parameters
    ----------
    text
        The passage.
    start
        Offset of the number, or of the currency sign before it.
    numeral
        The number.
    """
    before = text[max(0, start - 16) : start]
    if numeral.form == "han":
        if (
            _PLAN.match(text, numeral.start)
            or _IDIOM.match(text, numeral.start)
            or (_MANY.search(before) and text[numeral.start] in "百千万亿")
        ):
            return True
        return bool(_BEHIND_VAGUE.search(before)) or unit_at(text, numeral.start, chinese_words_only=True) is not None
    if numeral.form == "word" and text[numeral.start : numeral.end].lower().startswith(_VAGUE_SCALES):
        return bool(_BEHIND_VAGUE_EN.search(text[max(0, start - 20) : start])) or bool(_BEHIND_NAME.search(before))
    if before[-1:] == "[" and text[numeral.end : numeral.end + 1] == "]":
        return True
    if numeral.form == "digits" and (_BEHIND_CODE.search(before) or _PHONE.match(text, start)):
        return True
    return bool(_BEHIND_NAME.search(before))


def is_code(text: str, end: int) -> bool:
    """Whether a number is a code or a numbering by what follows it, as in 5G and 61号.

    Parameters
    ----------
    text
        The passage.
    end
        Offset at which the number ends.
    """
    return bool(_CODE_AFTER.match(text, end))


def is_indefinite(text: str, numeral: Numeral) -> bool:
    """Whether a Chinese numeral before a unit is not a number: the article 一, or part of a word as in 两国.

    Parameters
    ----------
    text
        The passage.
    numeral
        A number in Chinese characters.
    """
    printed = text[numeral.start : numeral.end]
    if printed in {"二", "零"}:
        return True
    if printed == "半":
        return not _HALF_OF_UNIT.match(text, numeral.start)
    if printed == "两" and _AFTER_TWO_IN_NAME.match(text, numeral.end):
        return True
    if printed != "一":
        return False
    before = text[max(0, numeral.start - 1) : numeral.start]
    unit = unit_at(text, numeral.end, chinese_words_only=True)
    is_measure = (unit is not None and unit[0].kind in _MEASURED) or bool(_ONE_OF_UNIT.match(text, numeral.start))
    return not is_measure or bool(_BEHIND_PRONOUN.search(before))


def is_count(text: str, numeral: Numeral) -> bool:
    """Whether a number without a unit counts something, or is a value by itself.

    Parameters
    ----------
    text
        The passage.
    numeral
        The number.
    """
    if numeral.form == "han":
        return numeral.low >= MIN_CHINESE_COUNT
    if numeral.form == "digits":
        if _is_name_or_score(text, numeral):
            return False
        is_numbering = numeral.scale == 1 and _BEHIND_NOUN.search(text[max(0, numeral.start - 1) : numeral.start])
        return not is_code(text, numeral.end) and not is_numbering
    word = text[numeral.start : numeral.end].lower()
    if word in _NOT_COUNTING_WORDS:
        return False
    before = text[max(0, numeral.start - 12) : numeral.start].lower()
    if word == "two" and _BEHIND_DETERMINER.search(before):
        return False
    return bool(_BEFORE_PLURAL.match(text, numeral.end)) and not _BEFORE_SINGULAR.match(text, numeral.end)


def _is_name_or_score(text: str, numeral: Numeral) -> bool:
    """Whether digits without a unit are part of a name or the score of a game."""
    before = text[max(0, numeral.start - 24) : numeral.start]
    if _BEHIND_DASHED_NAME.search(before) or _SCORE.match(text, numeral.end) or _BEHIND_GAME.search(before):
        return True
    return numeral.scale == 1 and numeral.low.is_integer() and bool(_NOUN_BEHIND.match(text, numeral.end))

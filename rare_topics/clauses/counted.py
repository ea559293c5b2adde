"""Numbers that weigh in an argument: shares of half or more, purities, countries counted, durations.

Whichever way they are written: with figures, in words of either language, as so many out of so many.
"""

from __future__ import annotations

import re

from rare_topics.lexicon import Mention

# Concepts that stand for kinds of numbers.
LARGE_SHARE = "large_share"
PURITY = "high_purity"
MANY_COUNTRIES = "many_word"
DURATION = "duration"

_SIX_TO_NINE = "six|seven|eight|nine"
_LARGE_SHARES = re.compile(
    r"(?<![\d.])(?:[5-9]\d(?:\.\d+)?|100)\s?(?:%|percent|per cent)"
    rf"|\b(?:{_SIX_TO_NINE})(?: (?:out of|in|of) (?:every )?ten|[ -]tenths)\b"
    r"|\b(?:three|four) (?:out of|in|of) (?:every )?(?:four|five)\b"
    r"|\b(?:two[ -]thirds|three[ -](?:quarters|fifths)|four[ -]fifths)\b"
    r"|\b(?:fif|six|seven|eigh|nine)ty(?:[ -]\w+)? (?:of (?:every|each) hundred|per ?cent)\b"
    r"|\bof (?:every|each) hundred\b"
    r"|[5-9五六七八九]成|百分之(?:[五六七八九]十|百)|三分之二|四分之三|五分之[三四]|十分之[六七八九]"
    r"|十\w[里中]有?[六七八九]|每(?:一?百|十)\w[^。]{0,12}?[六七八九]十?\w",
    re.IGNORECASE,
)
# Shares of so many nines are purities.
_PURITIES = re.compile(r"(?<![\d.])99\.\d+\s?%")
_UP_TO_TEN = "three|four|five|six|seven|eight|nine|ten|several|many"
_ENGLISH_COUNTS = rf"{_UP_TO_TEN}|eleven|twelve|\w{{3,5}}teen|twenty|thirty|\d{{1,2}}|dozens of|a dozen|all"
_ENGLISH_COUNTRIES = (
    "countries|nations|governments|importers|members|ministers|capitals|partners|allies|economies|states"
)
_MANY_COUNTRIES = re.compile(
    rf"\b(?:{_ENGLISH_COUNTS})(?:-\w+)? (?:\w+[ -]){{0,3}}(?:{_ENGLISH_COUNTRIES})\b"
    r"|(?:[三四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?|\d{1,2}|多|数)个?"
    r"(?:国(?!有|际|内|产|道|企)|成员国|经济体|盟国|盟友|伙伴国)",
    re.IGNORECASE,
)
_DURATIONS = re.compile(
    rf"\b(?:\d{{1,3}}|two|{_UP_TO_TEN}|eleven|twelve|ninety) (?:working |more )?(?:days|weeks|months)\b"
    r"|(?:\d{1,3}|[一二三四五六七八九十两几数]{1,3})(?:个?工作日|天|周|个月)",
    re.IGNORECASE,
)


_HINTS_OF_SHARES = (
    "%", "percent", "per cent", " ten", "tenths", "thirds", "quarters", "fifths", " four", " five", "hundred", "成",
    "分之", "十",
)  # fmt: skip
# Each pattern with what stands in every text that it matches: most texts are done with after that.
_COUNTED = (
    (LARGE_SHARE, _LARGE_SHARES, _HINTS_OF_SHARES),
    (MANY_COUNTRIES, _MANY_COUNTRIES, (*_ENGLISH_COUNTRIES.split("|"), "国", "经济体", "盟友")),
    (DURATION, _DURATIONS, ("days", "weeks", "months", "天", "周", "月", "工作日")),
)


def counted_mentions(text: str) -> list[Mention]:
    """Return the numbers of a text that weigh in an argument, as concepts.

    Parameters
    ----------
    text
        A passage.

    Returns
    -------
    list of Mention
        Of the concepts `LARGE_SHARE`, `PURITY`, `MANY_COUNTRIES` and `DURATION`, kind by kind.
    """
    lowered = text.lower()
    purities = [Mention(PURITY, 1.0, *found.span()) for found in _PURITIES.finditer(text)] if "99." in text else []
    starts = {purity.start for purity in purities}
    others = [
        Mention(concept, 1.0, *found.span())
        for concept, pattern, hints in _COUNTED
        if any(map(lowered.__contains__, hints))
        for found in pattern.finditer(text)
    ]
    return [*purities, *(one for one in others if one.start not in starts)]

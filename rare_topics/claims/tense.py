"""Whether a number holds now, held once, is planned, or is only supposed, by the words of its clause."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from rare_topics.claims.context import PassageContext
from rare_topics.quantities import Quantity

NOW, HISTORY, PLAN, HYPOTHETICAL = "now", "history", "plan", "hypothetical"
TENSES = (NOW, HISTORY, PLAN, HYPOTHETICAL)
# A number of so many years before the publication is history.
MIN_YEARS_PAST = 3
_AND = re.compile(r" and |并|而")
# What stands between the parts of a sentence that have a verb of their own.
_PART = re.compile(r"[,;，；。]|\b(?:and|but|while|whereas)\b|并|而|但")
_YEAR = re.compile(r"(?:19|20)\d\d")


def tense_of(quantity: Quantity, context: PassageContext, *, as_of: str = "", published: datetime | None = None) -> str:
    """Tell the tense of a number.

    A condition goes before a date, a date of the future or of long ago before the words of plan
    and of history.

    Parameters
    ----------
    quantity
        One of the quantities of the passage.
    context
        The passage.
    as_of
        The date at which the number holds.
    published
        When the article was published, None if it is not known.

    Returns
    -------
    str
        One of `TENSES`.
    """
    clauses = context.clauses
    clause = clauses.number_at(quantity.start)
    text = context.text[clauses.starts[clause] : clauses.end_of(clause)]
    sentence = context.text[clauses.starts[clauses.start_of_sentence(clause)] : clauses.end_of(clause)]
    # "If one looks at output alone" says what is counted, and sets no condition.
    text, sentence = (_pattern("counting").sub("", words) for words in (text, sentence))
    if _pattern(HYPOTHETICAL).search(text) or _CONDITION.search(sentence):
        return HYPOTHETICAL
    last = _YEAR.findall(as_of)
    if last and published:
        if as_of[: len("2025-01")] > f"{published:%Y-%m}" and int(last[-1]) >= published.year:
            return PLAN
        if int(last[-1]) <= published.year - MIN_YEARS_PAST:
            return HISTORY
        return NOW
    if _pattern(HISTORY).search(_own_words(quantity, context, clause)):
        return HISTORY
    start = clauses.starts[clause]
    words = _own_words(quantity, context, clause)
    behind = _AND.split(words[words.find(context.text[quantity.start : quantity.end]) :])[0]
    is_planned = _pattern(PLAN).search(context.text, start, quantity.start) or _pattern(PLAN).search(behind)
    return PLAN if is_planned else NOW


def names_start(passage: str, *, date: str) -> bool:
    """Tell whether a sentence with a date to come says that something starts to be produced then.

    Parameters
    ----------
    passage
        The sentence.
    date
        As the sentence prints it; what only grows by then, says its own part of the sentence, has started before.
    """
    before = _PART.split(passage[: max(passage.find(date), 0)])[-1]
    return (
        bool(_pattern("start").search(passage))
        and not _pattern("no_start").search(passage)
        and not _pattern("growth").search(before)
    )


def names_lag(term: str) -> bool:
    """Tell whether the word that names a time of catching up says how far one is behind, not what one needs."""
    return bool(_pattern("lag").search(term))


def _own_words(quantity: Quantity, context: PassageContext, clause: int) -> str:
    """Return the part of a clause that lies between the numbers around one."""
    start, end = context.clauses.starts[clause], context.clauses.end_of(clause)
    before = (other.end for other in context.quantities if other.end <= quantity.start)
    after = (other.start for other in context.quantities if other.start >= quantity.end)
    return context.text[max([start, *before]) : min([end, *after])]


_CONDITION = re.compile(r"(?<![A-Za-z])[Ii]f |如果|一旦|假如|倘若")


@lru_cache(maxsize=16)
def _pattern(tense: str) -> re.Pattern[str]:
    data = tomllib.loads((files("rare_topics") / "data" / "tense_words.toml").read_text("utf-8"))[tense]
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(data['en'])})(?![A-Za-z])|{'|'.join(data['zh'])}", re.IGNORECASE)

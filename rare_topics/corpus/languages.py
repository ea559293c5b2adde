"""The two languages of the package, the scripts they are written in, and how wide text is printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

LANGUAGES = ("zh", "en")
# Share of Han characters among the letters from which a text counts as Chinese; chosen by hand on the seed pages.
MIN_HAN_SHARE = 0.3
# A language with a smaller share of the texts counts as quoted, not as a second language; chosen by hand.
MIN_LANGUAGE_SHARE = 0.02
# Ranges for a regular expression's character class: unified ideographs with extension A, compatibility ideographs,
# and the planes beyond the first.
HAN_RANGES = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# Marks that end a sentence, in both scripts: . ! ? and their full-width forms.
SENTENCE_MARKS = ".!?\u3002\uff01\uff1f"
# Quotes and brackets that may close after such a mark.
CLOSING_MARKS = "\"'\u201d\u2019)\\]\uff09\u300b\u300d\u300f\u3011"
# Feeds print the full-width marks of Chinese text as ASCII; in the layout they were wide.
_NARROWED_MARKS = ",:;?!()"
_HAN_CHAR = re.compile(f"[{HAN_RANGES}]")
_HAN_RUN = re.compile(f"[{HAN_RANGES}]+")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")


class Label(NamedTuple):
    """One name in both languages.

    Examples
    --------
    >>> Label(zh="稀土", en="rare earths").in_language("zh")
    '稀土'
    """

    zh: str
    en: str

    def in_language(self, lang: str) -> str:
        """Return the name in ``"zh"`` or ``"en"``."""
        return self[LANGUAGES.index(lang)]


def language_of(text: str) -> str:
    """Tell Chinese from English by the share of Han characters.

    Returns
    -------
    str
        ``"zh"``, ``"en"``, or ``""`` for a text without letters.
    """
    if not has_letters(text):
        return ""
    return "zh" if han_share(text) >= MIN_HAN_SHARE else "en"


def is_bilingual(langs: Mapping[str, int]) -> bool:
    """Return whether texts are in both languages, and not in one with a few strays.

    Parameters
    ----------
    langs
        Number of texts by language, as `language_of` names it.
    """
    n_in_second = min(langs.get(lang, 0) for lang in LANGUAGES)
    return n_in_second > MIN_LANGUAGE_SHARE * sum(langs.values())


def language_named(name: str) -> str | None:
    """Tell which language a name or code stands for.

    Parameters
    ----------
    name
        A tag of BCP 47 with any region or script (``"zh-CN"``, ``"en_US"``), a code of ISO 639, or
        a name in either language (``"Chinese"``, ``"中文"``); case does not count.

    Returns
    -------
    str or None
        ``"zh"`` or ``"en"``; None for another language.
    """
    whole = " ".join(re.sub(r"[-_()（）,]+", " ", name.casefold()).split())
    languages = _language_of_name()
    return languages.get(whole) or languages.get(whole.partition(" ")[0])


@cache
def _language_of_name() -> dict[str, str]:
    text = resources.files("rare_topics.data").joinpath("language_names.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {name.strip(): language for language, names in rows for name in names.split(";")}


def han_share(text: str) -> float:
    """Return the share of Han characters among the letters of a text, 0 where there are no letters."""
    if text.isascii():
        return 0.0
    letters = sum(map(len, _LETTERS.findall(text)))
    return sum(map(len, _HAN_RUN.findall(text))) / letters if letters else 0.0


def has_letters(text: str) -> bool:
    """Return whether a text contains any letter, Han or other."""
    return bool(_LETTER.search(text))


def is_han(text: str) -> bool:
    """Return whether the first character of a text is a Han character."""
    return bool(_HAN_CHAR.match(text))


def printed_width(text: str) -> int:
    """Return the columns a Chinese text fills in print: two for each full-width character, one for each other."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" or char in _NARROWED_MARKS else 1 for char in text)

"""What script a character belongs to, and how wide it is printed."""

from __future__ import annotations

import re
import unicodedata

# Unified ideographs with extension A, compatibility ideographs, and the planes beyond.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# Marks that end a sentence, in both scripts: . ! ? and their full-width twins.
SENTENCE_MARKS = ".!?\u3002\uff01\uff1f"
# What may close after such a mark: quotes and brackets.
CLOSERS = "\"'\u201d\u2019)\\]\uff09\u300b\u300d\u300f\u3011"
# Feeds print the full-width marks of Chinese text as ASCII; in the layout they were wide.
_NARROWED_MARKS = ",:;?!()"
_HAN_CHAR = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")


def han_share(text: str) -> float:
    """Share of Han characters among the letters of a text, 0 where there are none."""
    if text.isascii():
        return 0.0
    letters = sum(map(len, _LETTERS.findall(text)))
    return sum(map(len, _HAN_RUN.findall(text))) / letters if letters else 0.0


def has_letters(text: str) -> bool:
    """Whether a text holds any letter, Han or other."""
    return bool(_LETTER.search(text))


def is_han(char: str) -> bool:
    """Whether the first character is Han."""
    return bool(_HAN_CHAR.match(char))


def printed_width(text: str) -> int:
    """Columns that Chinese text filled where it was wrapped; a Han character fills two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" or char in _NARROWED_MARKS else 1 for char in text)

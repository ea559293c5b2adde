"""Labels: both languages in one, shortened by the width they take when printed."""

from __future__ import annotations

import unicodedata

# Where a label may be cut.
BREAKS = frozenset(" ,、;;:,。!!??:·…“”\"'《》")
# A cut is moved back to a break only if this share of the width stays filled.
LEAST_FILL = 0.5


def display_width(text: str) -> int:
    """Count the columns a text takes: two for a Chinese character, one for a Latin letter."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def bilingual(zh: str, en: str) -> str:
    """Join a label's two languages, or return the one there is.

    Examples
    --------
    >>> bilingual("关税", "tariff")
    '关税 · tariff'
    >>> bilingual("MP Materials", "MP Materials")
    'MP Materials'
    """
    return " · ".join(dict.fromkeys(part for part in (zh, en) if part))


def label(zh: str, en: str, width: int) -> str:
    """Join a label's two languages on one line if they fit and name one thing, else on a line each.

    Parameters
    ----------
    zh, en
        The label in both languages; one may be empty.
    width
        Most columns of a line; what exceeds them is cut.

    Returns
    -------
    str
        One line, or two joined by a line feed.
    """
    joined = bilingual(zh, en)
    if joined in {zh, en} or (display_width(joined) <= width and joined.count(" · ") == 1):
        return shorten(joined, width)
    return f"{shorten(zh, width)}\n{shorten(en, width)}"


def shorten(text: str, width: int) -> str:
    """Cut a text to a width, at a punctuation mark or space where one is near.

    Parameters
    ----------
    text
        Text in either language.
    width
        Most columns, two for a Chinese character.

    Returns
    -------
    str
        The text itself if it fits, else its beginning with ``…``.

    Examples
    --------
    >>> shorten("稀土专家离职引发关注:技术优势保卫战如何打响?", 24)
    '稀土专家离职引发关注…'
    """
    text = " ".join(text.split())
    if display_width(text) <= width:
        return text
    return text[: _cut(text, width - 1)].rstrip("".join(BREAKS) + ".") + "…"


def _cut(text: str, width: int) -> int:
    """Find where to end a line: after the last break that leaves it filled well enough."""
    used, end, at_break = 0, 0, 0
    for position, character in enumerate(text):
        used += display_width(character)
        if used > width:
            break
        end = position + 1
        if character in BREAKS and used >= LEAST_FILL * width:
            at_break = end
    # A cut right before a break is as good as one after it.
    if end < len(text) and text[end] in BREAKS:
        return end
    return at_break or _word_start(text, end) or max(end, 1)


def _word_start(text: str, end: int) -> int:
    """Go back to where the Latin word begins that a cut at `end` would split; 0 if it is the first."""
    while 0 < end < len(text) and text[end].isascii() and text[end - 1].isascii() and text[end - 1] not in BREAKS:
        end -= 1
    return end

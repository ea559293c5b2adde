"""Labels: both languages in one, shortened by the width they take when printed."""

from __future__ import annotations

import unicodedata

# What stands between the parts of a label. The font's own middle dot is as wide as a Chinese character and
# tears English apart; it has none of this one, which comes from the narrow fallback.
DOT = " ∙ "
# Where a label may be cut.
BREAKS = frozenset(" ,、;;:,。!!??:·∙…“”\"'《》")
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
    '关税 ∙ tariff'
    >>> bilingual("MP Materials", "MP Materials")
    'MP Materials'
    """
    return DOT.join(dict.fromkeys(narrow(part) for part in (zh, en) if part))


def narrow(text: str) -> str:
    """Write the dots between the parts of a label as narrow as letters."""
    return text.replace(" · ", DOT)


def label(zh: str, en: str, width: int) -> str:
    """Join a label's two languages on one line if they fit and name one thing, else on a line each.

    Parameters
    ----------
    zh, en
        The label in both languages, its parts joined by a dot; one may be empty.
    width
        Most columns of a line; parts that exceed them are left out, a single one is cut.

    Returns
    -------
    str
        One line, or two joined by a line feed.
    """
    joined = bilingual(zh, en)
    if joined in {narrow(zh), narrow(en)}:
        return _whole_parts(joined, width)
    if display_width(joined) <= width and joined.count(DOT) == 1:
        return joined
    return f"{_whole_parts(zh, width)}\n{_whole_parts(en, width)}"


def _whole_parts(text: str, width: int) -> str:
    """Keep as many parts of a label as fit on a line."""
    parts = narrow(text).split(DOT)
    while len(parts) > 1 and display_width(DOT.join(parts)) > width:
        parts.pop()
    return shorten(DOT.join(parts), width)


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
    text = narrow(" ".join(text.split()))
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

"""The part of a text that is read: without tags, entities, addresses and invisible characters, with its offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rare_topics.corpus.languages import HAN_RANGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Soft hyphen, zero-width characters, marks of direction and of byte order.
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_INLINE_TAGS = (
    "abbr|acronym|a|big|bdi|bdo|b|cite|code|em|font|i|ins|del|kbd|mark|q|small|span|strong|sub|sup|s|tt|u|wbr"
)
_BLOCK_TAGS = (
    "article|aside|audio|blockquote|body|br|button|caption|center|col|colgroup|dd|details|div|dl|dt|figcaption|figure|"
    "footer|form|h[1-6]|head|header|hr|html|iframe|img|input|label|link|li|main|meta|nav|noscript|ol|option|picture|"
    "pre|p|script|section|select|source|style|summary|svg|table|tbody|td|textarea|tfoot|thead|th|title|tr|ul|video"
)
# The longest tag and the longest parts of an address that are looked for, which bounds the time for any text.
_HIDDEN = re.compile(
    rf"(?P<nothing>[{_INVISIBLE}]+|</?(?:{_INLINE_TAGS})(?:\s[^<>\0]{{0,500}})?/?>)"
    rf"|(?P<space></?(?:{_BLOCK_TAGS})(?:\s[^<>\0]{{0,500}})?/?>|<!--[^<>\0]{{0,500}}-->"
    rf"|(?<![A-Za-z])(?:(?:https?|ftp)://|www\.)[!-~]+(?:[{HAN_RANGES}]{{1,20}}[/?=&#][!-~]*)*"
    r"|(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"
    r"|(?P<entity>&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});)",
    re.IGNORECASE,
)
_MAY_BE_HIDDEN = re.compile(rf"[<&@{_INVISIBLE}]|://|www\.", re.IGNORECASE)


class ReadableText(NamedTuple):
    """A text without what is not read.

    Attributes
    ----------
    text
        The characters that are read.
    offsets : ndarray of shape (len(text) + 1,) or None
        Offset of each of them in the whole text, and of the end; None where nothing was left out.
    """

    text: str
    offsets: NDArray[np.int64] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the whole text of the characters from `start` to `end`."""
        if self.offsets is None:
            return start, end
        return int(self.offsets[start]), int(self.offsets[end - 1]) + 1 if end > start else int(self.offsets[start])


def readable_text(text: str) -> ReadableText:
    """Leave out tags, addresses of pages and mail, and invisible characters; decode entities.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    ReadableText
        A tag that ends a line or a block, and an address, become a space; other tags, soft hyphens
        and zero-width characters become nothing, so that what they cut is one word.
    """
    if not _MAY_BE_HIDDEN.search(text):
        return ReadableText(text, None)
    pieces: list[str] = []
    offsets: list[NDArray[np.int64]] = []
    position = 0
    for match in _hidden(text):
        instead = {"nothing": "", "space": " "}.get(match.lastgroup or "")
        if instead is None:
            instead = _decoded(match[0])
            if not instead:
                continue
        pieces += [text[position : match.start()], instead]
        offsets += [
            np.arange(position, match.start(), dtype=np.int64),
            np.full(len(instead), match.start(), dtype=np.int64),
        ]
        position = match.end()
    if not position:
        return ReadableText(text, None)
    pieces.append(text[position:])
    offsets.append(np.arange(position, len(text) + 1, dtype=np.int64))
    return ReadableText("".join(pieces), np.concatenate(offsets))


def _hidden(text: str) -> Iterator[re.Match[str]]:
    """Yield what is not read; of texts that are joined by NULs, of which it holds none, only those are searched."""
    end = 0
    for hint in _MAY_BE_HIDDEN.finditer(text):
        if hint.start() < end:
            continue
        start = max(end, text.rfind("\0", end, hint.start()))
        end = text.find("\0", hint.end())
        end = len(text) if end < 0 else end
        yield from _HIDDEN.finditer(text, start, end)


def _decoded(entity: str) -> str:
    """Return the character of an entity, a space for one that prints nothing, and nothing for what is no entity."""
    decoded = unescape(entity)
    if decoded == entity:
        return ""
    return decoded[0] if decoded.isprintable() and decoded.strip() else " "

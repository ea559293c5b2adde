"""HTML that stands in a cell of a table, as text."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15})(?:[\s/][^<>]*)?>|<!--")
# What only markup has: the end of an element that surrounds text, an empty element of a line, an entity.
_MARKUP = re.compile(
    r"</(?:p|div|span|a|b|i|u|em|strong|ul|ol|li|table|tr|td|h[1-6]|body|html|section|article|blockquote)\s*>"
    r"|<(?:br|p|hr)\s{0,9}/?>|<img\s|&(?:nbsp|amp|quot|lt|gt|apos|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|#\d{1,6}|#x[0-9a-f]{1,5});",
    re.IGNORECASE,
)
_HIDDEN = frozenset({"script", "style", "head", "template", "noscript"})
_BREAKING = frozenset(
    ("p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "article")
) | {"blockquote", "figure", "figcaption", "body", "html", "header", "footer"}
_BLANKS = re.compile(r"[ \t\xa0]+")
_LINES = re.compile(r" ?\n[ \n]*")


def is_html(text: str) -> bool:
    """Tell whether a text is written in HTML: it has tags of text or entities."""
    return ("<" in text or "&" in text) and _MARKUP.search(text) is not None


def html_to_text(text: str) -> str:
    """Read HTML as text.

    Parameters
    ----------
    text
        HTML, whole or a piece.

    Returns
    -------
    str
        Without tags, scripts, styles and comments; paragraphs and breaks are line ends, entities
        the characters they stand for. Takes time in proportion to the text.
    """
    parts: list[str] = []
    position = 0
    while found := _TAG.search(text, position):
        parts.append(text[position : found.start()])
        position = found.end()
        if found["name"] is None:
            after = text.find("-->", position)
            position = len(text) if after < 0 else after + 3
            continue
        name = found["name"].lower()
        if name in _BREAKING:
            parts.append("\n")
        elif name in _HIDDEN and not found["close"]:
            end = re.compile(f"</{name}", re.IGNORECASE).search(text, position)
            position = len(text) if end is None else end.start()
    parts.append(text[position:])
    plain = _BLANKS.sub(" ", unescape("".join(parts)).replace("\r", "\n"))
    return _LINES.sub("\n", plain).strip()

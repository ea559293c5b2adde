"""Labels: names in both languages, shortened by the width they take when drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from rare_topics.corpus.languages import Label

if TYPE_CHECKING:
    import pandas as pd

# Separator of the parts of a label. The Chinese font draws the middle dot · as wide as a Chinese character, which
# tears English apart; it lacks the bullet operator ∙, which is drawn from the narrow fallback font.
SEPARATOR = " ∙ "
# Where a label may be cut.
BREAK_CHARACTERS = frozenset(" ,，、;；:：。!！?？）·∙…“”\"'《》")
# What opens belongs to what follows: no line ends with it.
OPENING_MARKS = frozenset("“《（(")
# A last line of fewer columns is no line: the one before it is cut earlier (chosen by hand).
LEAST_LAST_LINE = 4
# A cut is moved back to such a character only if this share of the width stays filled (chosen by hand).
LEAST_FILL = 0.5


_drawn_language: ContextVar[str] = ContextVar("drawn_language", default="both")


@contextmanager
def drawn_in(lang: str) -> Iterator[None]:
    """Draw the package's own words in one language within a block: axes, legends, notes.

    Parameters
    ----------
    lang
        ``"en"``, ``"zh"`` or ``"both"``.
    """
    token = _drawn_language.set(lang)
    try:
        yield
    finally:
        _drawn_language.reset(token)


def drawn_languages(label: Label) -> tuple[str, ...]:
    """Return a label in the language that is drawn, or in both, Chinese first; each text once, none that is empty."""
    lang = _drawn_language.get()
    ranked = label if lang != "en" else (label.en, label.zh)
    texts = tuple(dict.fromkeys(text for text in ranked if text))
    return texts if lang == "both" else texts[:1]


def own_words(text: str) -> str:
    """Return of words in both languages, English first, those of the language that is drawn.

    Parameters
    ----------
    text
        Such as ``"Articles ∙ 篇数"``; a line feed stands for `SEPARATOR` where each language has a line.
    """
    lang = _drawn_language.get()
    if lang == "both" or not text:
        return text
    en, zh = text.split(SEPARATOR if SEPARATOR in text else "\n")
    return zh if lang == "zh" else en


def display_width(text: str) -> int:
    """Count the columns a text takes in a figure: two for a Chinese character, one for a Latin letter.

    Not `rare_topics.corpus.languages.printed_width`, which measures the lines of a saved page: there ASCII marks stand
    for full-width ones and characters of ambiguous width were wide; the fonts of figures draw both narrow.
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def join_languages(zh: str, en: str) -> str:
    """Write a name in both languages on one line, once if both are the same or one is empty.

    Parameters
    ----------
    zh, en
        The name in Chinese and in English.

    Returns
    -------
    str
        ``"zh ∙ en"``, or the one there is.

    Examples
    --------
    >>> join_languages("关税", "tariff")
    '关税 ∙ tariff'
    >>> join_languages("MP Materials", "MP Materials")
    'MP Materials'
    """
    return SEPARATOR.join(dict.fromkeys(map(narrow_separators, drawn_languages(Label(zh=zh, en=en)))))


def stack_languages(zh: str, en: str) -> str:
    """Write a name in both languages on a line each, once if both are the same."""
    return "\n".join(drawn_languages(Label(zh=zh, en=en)))


def narrow_separators(text: str) -> str:
    """Replace the middle dots between the parts of a label by `SEPARATOR`."""
    return text.replace(" · ", SEPARATOR)


def bilingual_label(zh: str, en: str, width: int) -> str:
    """Write a label in both languages: on one line if it has one part and fits, else on a line each.

    Parameters
    ----------
    zh, en
        The label in both languages, its parts joined by a dot; one may be empty.
    width
        Most columns of a line (see `display_width`); parts that exceed them are left out, a single one is cut.

    Returns
    -------
    str
        One line, or two joined by a line feed.
    """
    joined = join_languages(zh, en)
    if joined in {narrow_separators(zh), narrow_separators(en)}:
        return _fit_parts(joined, width)
    if display_width(joined) <= width and joined.count(SEPARATOR) == 1:
        return joined
    return f"{_fit_parts(zh, width)}\n{_fit_parts(en, width)}"


def _fit_parts(text: str, width: int) -> str:
    """Keep as many parts of a label as fit on a line, at least the first, shortened."""
    parts = narrow_separators(text).split(SEPARATOR)
    while len(parts) > 1 and display_width(SEPARATOR.join(parts)) > width:
        parts.pop()
    return shorten(SEPARATOR.join(parts), width)


def stacked_label(zh: str, en: str, width: int) -> str:
    """Write the parts of a label in both languages below each other, to name a narrow column.

    Parameters
    ----------
    zh, en
        The label in both languages, its parts joined by a dot.
    width
        Most columns of a line (see `display_width`).

    Returns
    -------
    str
        A line for each part.
    """
    parts = [part for text in dict.fromkeys((zh, en)) for part in narrow_separators(text).split(SEPARATOR)]
    return "\n".join(shorten(part, width) for part in parts)


def labels_in_order(names: Iterable[str], labels: Mapping[str, Label]) -> dict[str, Label]:
    """Return the labels of names, in the order of the labels; names without a label come last, as they are.

    Parameters
    ----------
    names
        Values of a column, with repetitions.
    labels
        Known labels, of which some names may not occur.

    Returns
    -------
    dict of str to Label
        By name.
    """
    occurring = dict.fromkeys(names)
    ordered = {name: label for name, label in labels.items() if name in occurring}
    return ordered | {name: Label(zh=name, en=name) for name in occurring if name not in ordered}


def titles_with_dates(articles: pd.DataFrame, width: int) -> list[str]:
    """Name articles by their shortened title and their date.

    Parameters
    ----------
    articles
        Columns title and published, a row for each article.
    width
        Most columns of a title (see `display_width`).
    """
    pairs = zip(articles["title"], articles["published"], strict=True)
    return [f"{shorten(title, width)}  {published}" for title, published in pairs]


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
    text = narrow_separators(" ".join(text.split()))
    if display_width(text) <= width:
        return text
    return text[: _find_break(text, width - 1)].rstrip("".join(BREAK_CHARACTERS) + ".") + "…"


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of a width, after a mark or between words, within a Chinese word where there are none.

    Parameters
    ----------
    text
        Text in either language.
    width
        Most columns of a line, two for a Chinese character; a mark may hang over by its own width.

    Returns
    -------
    list of str
        Lines that give the text again where they are joined, blanks aside.

    Examples
    --------
    >>> wrap("Only Australia is said to produce today", 24)
    ['Only Australia is said', 'to produce today']
    """
    lines = []
    while display_width(text) > width:
        end = _end_of_line(text, width)
        missing = LEAST_LAST_LINE - display_width(text[end:].lstrip())
        if 0 < missing < LEAST_LAST_LINE < width:
            end = _end_of_line(text, width - missing)
        lines.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*lines, text] if text else lines


def _end_of_line(text: str, width: int) -> int:
    """Find where to end a line that closing marks may hang over, and that no opening mark ends."""
    end = max(_find_break(text, width), 1)
    while end < len(text) and _is_break(text, end) and not text[end].isspace() and text[end] not in OPENING_MARKS:
        end += 1
    while end > 1 and text[end - 1] in OPENING_MARKS:
        end -= 1
    return end


def _is_break(text: str, position: int) -> bool:
    """Tell whether a line may end at a character; a number stays with what it counts, as in 4 国."""
    if text[position] not in BREAK_CHARACTERS:
        return False
    is_before_unit = text[position - 1 : position].isdigit() and not text[position + 1 : position + 2].isascii()
    return not (text[position].isspace() and is_before_unit)


def _find_break(text: str, width: int) -> int:
    """Find where to end a line: after the last break that leaves it filled well enough."""
    used, end, at_break = 0, 0, 0
    for position, character in enumerate(text):
        used += display_width(character)
        if used > width:
            break
        end = position + 1
        if _is_break(text, position) and used >= LEAST_FILL * width:
            at_break = end
    # A cut right before a break is as good as one after it.
    if end < len(text) and _is_break(text, end):
        return end
    return at_break or _word_start(text, end) or end


def _word_start(text: str, end: int) -> int:
    """Go back to where the Latin word begins that a cut at `end` would split; 0 if it is the first."""
    while (
        0 < end < len(text)
        and text[end].isascii()
        and text[end - 1].isascii()
        and text[end - 1] not in BREAK_CHARACTERS
    ):
        end -= 1
    return end

"""Split a body into passages: a summary into its items under headings, other text into sentences.

Summaries look like ``Core Viewpoint - First item. [1][2] Group 1: Ore - Second item. [3]``. Other text
was wrapped to lines and may break off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from rare_topics.corpus.feed_pages import TRUNCATION_MARK
from rare_topics.corpus.languages import CLOSING_MARKS, SENTENCE_MARKS, language_of, printed_width
from rare_topics.corpus.records import Article, Passage

TITLE, SUBHEADING = "title", "heading"
KINDS = (TITLE, "item", "sentence", SUBHEADING)
SEPARATOR = " - "
LEAD_LABEL = re.compile(r"Core [A-Z][a-z]+")
GROUP_LABEL = re.compile(r"Group \d+(?:: (?P<heading>\S.*))?")
SECTIONS_LABEL = "Summary by Sections"
CITATIONS = re.compile(r"\[\d+\](?:\s*\[\d+\])*\.?")
HEADING = re.compile(r"(?=[A-Z0-9\"'])(?:[^.!?\[\]]|vs\.|[A-Z]\.)+")
MAX_HEADING_LENGTH = 100
UNCITED_END = re.compile(rf"[.!?][{CLOSING_MARKS}]*(?P<group>\s+Group \d+(?:: [^.!?]+)?)?$")
ITEM_START = re.compile(r"[A-Z0-9\"'$]")

SENTENCE_END = re.compile(rf"[{SENTENCE_MARKS}\u2026]+[{CLOSING_MARKS}]*(?:\s*(?:\[\d+\])+)*")
NO_SENTENCE_END = re.compile(r"(?:\b(?:[A-Z]|vs|Mr|Mrs|Ms|Dr|Prof|Inc|Corp|Co|Ltd|No|St|Jr|Gen|Sen|Gov)\.)$")
# What a line cannot break: a Latin run or one character, with the marks that may not begin a line.
FIRST_UNBREAKABLE = re.compile(r"(?:[A-Za-z0-9.%]+|.)[\u3001\u3002,;:!?)\u300b\u201d\"]*", re.DOTALL)
# Digits are narrower than half a Han character, so a full line can be one Han character short of the widest.
WIDTH_SLACK = 2
# The widest line may be one with marks or Latin letters that hang over, so a line that ends within a sentence is full
# from so large a part of it on: of headings, which end so as well, few are as long.
FULL_PART = 0.92
# Lines of print are wider; where all that spaces separate is narrower, the spaces were none of a line's end.
MIN_LINE_WIDTH = 20
# A space between Latin letters or digits stands within a line of Chinese: "Q2 2025", "3,200 t".
_LATIN_BEFORE, _LATIN_AFTER = re.compile(r"[A-Za-z0-9]$"), re.compile(r"[A-Za-z0-9]")
# A question mark within the address of a page ends no sentence.
_ADDRESS_BEFORE = re.compile(r"(?:https?://|www\.)[!-~]{0,200}$")


class Span(NamedTuple):
    """Offsets of a passage, its kind (one of `KINDS`), and the heading it stands under."""

    start: int
    end: int
    kind: str
    section: str = ""


def split_passages(article: Article) -> tuple[Passage, ...]:
    """Split an article into its title and the passages of its body.

    Returns
    -------
    tuple of Passage
        The title first, then the body in order. A summary has one passage per item, without
        citation marks; other text has one per sentence, and one per line that is not a sentence
        (captions, subheadings).
    """
    return tuple(make_passage(article, number, span) for number, span in numbered_spans(article))


def numbered_spans(article: Article) -> Iterator[tuple[int, Span]]:
    """Yield the running number and the span of each passage of an article, without empty ones."""
    title = Span(0, len(article.title), TITLE)
    return (
        (number, span) for number, span in enumerate(chain([title], body_spans(article.body))) if span.start < span.end
    )


def make_passage(article: Article, number: int, span: Span) -> Passage:
    """Make the record of a passage.

    Parameters
    ----------
    article
        The article that contains it.
    number
        Running number within the article.
    span
        Its offsets, kind and section.
    """
    text = article.title if span.kind == TITLE else article.body
    return Passage(
        passage_id=f"{article.article_id}:{number:02d}",
        article_id=article.article_id,
        section=span.section,
        kind=span.kind,
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
    )


def body_spans(body: str) -> Iterator[Span]:
    """Yield the spans of the passages of a body; spans may be empty."""
    label, separator, _ = body.partition(SEPARATOR)
    if separator and _is_summary(label, body):
        yield from _item_spans(body)
        return
    paragraphs = list(_paragraphs(body))
    for number, (start, end) in enumerate(paragraphs, 1):
        yield from _sentence_spans(body, start, end, last=number == len(paragraphs))


def _is_summary(label: str, body: str) -> bool:
    if LEAD_LABEL.fullmatch(label) or GROUP_LABEL.fullmatch(label):
        return True
    opens_item = ITEM_START.match(body, len(label) + len(SEPARATOR))
    return bool(opens_item and _is_heading(label) and CITATIONS.search(body))


def _is_heading(text: str) -> bool:
    return len(text) <= MAX_HEADING_LENGTH and bool(HEADING.fullmatch(text))


def _item_spans(body: str) -> Iterator[Span]:
    label, _, _ = body.partition(SEPARATOR)
    section = _section_name(label)
    start = done = len(label) + len(SEPARATOR)
    end = _length_before_truncation(body)
    for separator in re.finditer(re.escape(SEPARATOR), body[:end]):
        if separator.start() < done:
            continue
        # No item ends before `done`, so each part of the body is searched once.
        ending = _item_ending(body[done : separator.start()], body[separator.end() : separator.end() + 1])
        if ending is not None:
            length, heading = ending
            yield _stripped_span(body, start, done + length, "item", section)
            section = _section_name(heading) if heading else section
            start = separator.end()
        done = separator.end()
    tail = body[done:end].rstrip()
    yield _stripped_span(body, start, done + _length_before_citations(tail), "item", section)


def _item_ending(text: str, after: str) -> tuple[int, str] | None:
    """Return where in the text before a separator an item ends, and the heading behind it; None within an item."""
    marks = None
    for marks in CITATIONS.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    if marks:
        heading = text[marks.end() :].strip()
        if not heading or _is_heading(heading):
            return marks.start(), heading
    uncited = UNCITED_END.search(text.rstrip())
    if uncited and uncited["group"]:
        return uncited.start("group"), uncited["group"].strip()
    return (len(text), "") if uncited and ITEM_START.match(after) else None


def _length_before_citations(text: str) -> int:
    """Return the length of a text without the citation marks it ends with."""
    return next((marks.start() for marks in CITATIONS.finditer(text) if marks.end() == len(text)), len(text))


def _section_name(heading: str) -> str:
    """Return a heading without the number of a group and the labels that every page repeats."""
    heading = heading.strip().removeprefix(SECTIONS_LABEL).strip()
    if LEAD_LABEL.fullmatch(heading):
        return ""
    group = GROUP_LABEL.fullmatch(heading)
    return group["heading"] or heading if group else heading


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of paragraphs. In Chinese text a space was the end of a line or of a paragraph."""
    for block in re.finditer(r"[^\n]+", body[: _length_before_truncation(body)]):
        if " " not in block[0] or language_of(block[0]) != "zh":
            yield block.span()
        else:
            yield from _unwrapped_paragraphs(body, *block.span())


def _length_before_truncation(body: str) -> int:
    cut = TRUNCATION_MARK.search(body)
    return cut.start() if cut else len(body)


def _unwrapped_paragraphs(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Join lines that were wrapped: those on which the beginning of the next line had no room.

    The room is the width of the widest line.
    """
    lines = [(start + line.start(), start + line.end()) for line in re.finditer(r"[^ ]+", body[start:end])]
    line_width = max(printed_width(body[a:b]) for a, b in lines)
    if line_width < MIN_LINE_WIDTH:
        yield start, end
        return
    begin = lines[0][0]
    for (line_start, line_end), (next_start, next_end) in pairwise(lines):
        if _LATIN_BEFORE.search(body, line_start, line_end) and _LATIN_AFTER.match(body, next_start):
            continue
        unbreakable = FIRST_UNBREAKABLE.match(body[next_start:next_end])
        needed_width = printed_width(body[line_start:line_end]) + (printed_width(unbreakable[0]) if unbreakable else 0)
        ends_sentence = body[line_end - 1] in SENTENCE_MARKS + CLOSING_MARKS
        if needed_width <= (line_width - WIDTH_SLACK if ends_sentence else FULL_PART * line_width):
            yield begin, line_end
            begin = next_start
    yield begin, lines[-1][1]


def _sentence_spans(body: str, start: int, end: int, *, last: bool) -> Iterator[Span]:
    begin = start
    for mark in SENTENCE_END.finditer(body, start, end):
        if _ends_sentence(body, mark, end):
            yield _stripped_span(body, begin, mark.end(), "sentence")
            begin = mark.end()
    if body[begin:end].strip():
        whole_line = begin == start and not last
        yield _stripped_span(body, begin, end, "heading" if whole_line else "sentence")


def _ends_sentence(body: str, mark: re.Match[str], end: int) -> bool:
    """Return whether a mark ends a sentence: not a decimal point, an abbreviation or an initial."""
    if not mark[0].startswith("."):
        return not (mark[0] == "?" and _ADDRESS_BEFORE.search(body, max(0, mark.start() - 210), mark.start()))
    if mark.end() < end and not body[mark.end()].isspace():
        return False
    return not NO_SENTENCE_END.search(body, max(0, mark.start() - 6), mark.start() + 1)


def _stripped_span(body: str, start: int, end: int, kind: str, section: str = "") -> Span:
    text = body[start:end]
    return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()), kind, section)

"""The grammar of a body: a summary's items under headings, or text that was wrapped and cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from rare_topics.corpus.feed_pages import CUT_MARK
from rare_topics.corpus.languages import CLOSING_MARKS, SENTENCE_MARKS, language_of, printed_width
from rare_topics.corpus.records import Article, Passage

TITLE, SUBHEADING = "title", "heading"
KINDS = (TITLE, "item", "sentence", SUBHEADING)
SEPARATOR = " - "
LEAD = re.compile(r"Core [A-Z][a-z]+")
GROUP = re.compile(r"Group \d+(?:: (?P<heading>\S.*))?")
SECTIONS_MARK = "Summary by Sections"
CITATIONS = re.compile(r"\[\d+\](?:\s*\[\d+\])*\.?")
HEADING = re.compile(r"(?=[A-Z0-9\"'])(?:[^.!?\[\]]|vs\.|[A-Z]\.)+")
HEADING_LENGTH = 100
UNCITED_END = re.compile(rf"[.!?][{CLOSING_MARKS}]*(?P<group>\s+Group \d+(?:: [^.!?]+)?)?$")
ITEM_START = re.compile(r"[A-Z0-9\"'$]")

SENTENCE_END = re.compile(rf"[{SENTENCE_MARKS}\u2026]+[{CLOSING_MARKS}]*(?:\s*(?:\[\d+\])+)*")
NO_SENTENCE_END = re.compile(r"(?:\b(?:[A-Z]|vs|Mr|Mrs|Ms|Dr|Prof|Inc|Corp|Co|Ltd|No|St|Jr|Gen|Sen|Gov)\.)$")
# A character that may not begin a line hangs on to the one before it; Latin runs do not break.
FIRST_UNIT = re.compile(r"(?:[A-Za-z0-9.%]+|.)[\u3001\u3002,;:!?)\u300b\u201d\"]*", re.DOTALL)
# Digits are a little narrower than a column, so a full line can miss the widest by one Han character.
WIDTH_SLACK = 2


class Span(NamedTuple):
    """Offsets of a passage, its kind, and the heading it stands under."""

    start: int
    end: int
    kind: str
    section: str = ""


def passages_of(article: Article) -> tuple[Passage, ...]:
    """Cut an article into its title and the passages of its body.

    Returns
    -------
    tuple of Passage
        The title first, then the body in order. A summary gives one passage an item, without
        its citation marks; other text one a sentence, and one for each line that is no
        sentence (captions, subheadings).
    """
    return tuple(passage_at(article, number, span) for number, span in spans_of(article))


def spans_of(article: Article) -> Iterator[tuple[int, Span]]:
    """Find the passages of an article, each with its running number; empty ones are left out."""
    title = Span(0, len(article.title), TITLE)
    return (
        (number, span) for number, span in enumerate(chain([title], body_spans(article.body))) if span.start < span.end
    )


def passage_at(article: Article, number: int, span: Span) -> Passage:
    """Quote a passage of an article."""
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
    """Find the passages of a body, whichever way it is written."""
    label, separator, _ = body.partition(SEPARATOR)
    if separator and _opens_summary(label, body):
        yield from _item_spans(body)
        return
    paragraphs = list(_paragraphs(body))
    for number, (start, end) in enumerate(paragraphs, 1):
        yield from _sentence_spans(body, start, end, last=number == len(paragraphs))


def _opens_summary(label: str, body: str) -> bool:
    if LEAD.fullmatch(label) or GROUP.fullmatch(label):
        return True
    opens_item = ITEM_START.match(body, len(label) + len(SEPARATOR))
    return bool(opens_item and _is_heading(label) and CITATIONS.search(body))


def _is_heading(text: str) -> bool:
    return len(text) <= HEADING_LENGTH and bool(HEADING.fullmatch(text))


def _item_spans(body: str) -> Iterator[Span]:
    label, _, _ = body.partition(SEPARATOR)
    section = _section(label)
    start = done = len(label) + len(SEPARATOR)
    end = _end_of_text(body)
    for separator in re.finditer(re.escape(SEPARATOR), body[:end]):
        if separator.start() < done:
            continue
        # What stands before the last separator has no ending, so each part is looked at once.
        ending = _item_ending(body[done : separator.start()], body[separator.end() : separator.end() + 1])
        if ending is not None:
            length, heading = ending
            yield _trimmed(body, start, done + length, "item", section)
            section = _section(heading) if heading else section
            start = separator.end()
        done = separator.end()
    tail = body[done:end].rstrip()
    yield _trimmed(body, start, done + _before_citations(tail), "item", section)


def _item_ending(text: str, after: str) -> tuple[int, str] | None:
    """Where an item ends before a separator, and the heading behind it; None within an item."""
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


def _before_citations(text: str) -> int:
    """Length of a text without the citation marks it ends in."""
    return next((marks.start() for marks in CITATIONS.finditer(text) if marks.end() == len(text)), len(text))


def _section(heading: str) -> str:
    """Keep what a heading says: not the number of a group, nor a label every page repeats."""
    heading = heading.strip().removeprefix(SECTIONS_MARK).strip()
    if LEAD.fullmatch(heading):
        return ""
    group = GROUP.fullmatch(heading)
    return group["heading"] or heading if group else heading


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    """Undo the wrapping: a line that its next word would have overfilled was wrapped.

    Chinese text has no spaces of its own, so each space in it was the end of a line or of a
    paragraph; the width of the column is that of the widest line.
    """
    for block in re.finditer(r"[^\n]+", body[: _end_of_text(body)]):
        if " " not in block[0] or language_of(block[0]) != "zh":
            yield block.span()
        else:
            yield from _unwrapped(body, *block.span())


def _end_of_text(body: str) -> int:
    cut = CUT_MARK.search(body)
    return cut.start() if cut else len(body)


def _unwrapped(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lines = [(start + line.start(), start + line.end()) for line in re.finditer(r"[^ ]+", body[start:end])]
    column = max(printed_width(body[a:b]) for a, b in lines)
    begin = lines[0][0]
    for (line_start, line_end), (next_start, next_end) in pairwise(lines):
        unit = FIRST_UNIT.match(body[next_start:next_end])
        reach = printed_width(body[line_start:line_end]) + (printed_width(unit[0]) if unit else 0)
        if reach <= column - WIDTH_SLACK:
            yield begin, line_end
            begin = next_start
    yield begin, lines[-1][1]


def _sentence_spans(body: str, start: int, end: int, *, last: bool) -> Iterator[Span]:
    begin = start
    for mark in SENTENCE_END.finditer(body, start, end):
        if _ends_sentence(body, mark, end):
            yield _trimmed(body, begin, mark.end(), "sentence")
            begin = mark.end()
    if body[begin:end].strip():
        whole_line = begin == start and not last
        yield _trimmed(body, begin, end, "heading" if whole_line else "sentence")


def _ends_sentence(body: str, mark: re.Match[str], end: int) -> bool:
    """Tell a full stop from a decimal point, an abbreviation or an initial."""
    if not mark[0].startswith("."):
        return True
    if mark.end() < end and not body[mark.end()].isspace():
        return False
    return not NO_SENTENCE_END.search(body, max(0, mark.start() - 6), mark.start() + 1)


def _trimmed(body: str, start: int, end: int, kind: str, section: str = "") -> Span:
    text = body[start:end]
    return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()), kind, section)

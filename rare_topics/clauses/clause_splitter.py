"""Boundaries of sentences and clauses in both languages.

A clause is the part of a sentence that says one thing of one actor. It ends at a stop, at a
semicolon or colon, at a comma or conjunction behind which something new is said, and at a word that
subordinates or contrasts. Commas that list things or enclose an apposition end none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rare_topics.text.token_patterns import normalize_characters

# A full stop ends a sentence before a space and a capital; ``U.S.`` and initials end none.
_SENTENCE_END = re.compile(r"[。!?！？;；\n]+|(?<![A-Z])(?<!\b[A-Z])\.(?=\s+[A-Z\"“(]|\s*$)")
_CLAUSE_END = re.compile(
    r"[:：]\s*|(?:(?<=[\u4e00-\u9fff]),|,(?!\d))"
    r"(?!\s*(?:(?:19|20)\d\d\b|including|such as|like|especially|particularly|notably|"
    r"with an?|with its|with capacity)\b)\s*|\s(?=(?:while|whereas|although|though|but|despite|because|so that|"
    r"yet(?! to\b)|neither|nor)\b)|[—–]+|(?<=\s)-(?=\s)"
    # What follows "and" is a clause of its own where it has a verb of its own at once.
    r"|\s(?=and (?:is|are|was|were|will|has|have|had|wants?|plans?|plans to|aims?|targets?|"
    r"makes?|bought|follows|expects?)\b)"
    r"|\s(?=and the [a-z]+ plant\b)"
    r"|(?=但|而(?!且|是)|不过|却|然而|则(?=愿|是|把))"
)
# A piece between commas that is shorter than this and holds no verb is an item of a list; in characters.
_LIST_ITEM = re.compile(
    r"^\W*(?:and |or |including |such as |like |especially |particularly |the )*[\w.'’ -]{0,40}\W*$"
)
_LONGEST_NAME = 30
_NAME = re.compile(r"\s*(?:The |the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)*,\s*")
# "in Kuantan, Malaysia, produced": the country of a place, and what the sentence goes on with.
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|of|from|outside|to) [A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3},\s*$")
_LONGEST_PLACE = 60
_COUNTRY_OF_PLACE = re.compile(r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)?,\s*")
# "to the United States, Japan and South Korea under long contracts": the end of a list of names.
_END_OF_LIST = re.compile(
    r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)?,? (?:and|or) (?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)?"
    r"(?: (?:under|for|in|on|with|by|at|as|until|through|via|during|over|this|last|next)\b[^,]*)?(?:\s|\.|;|\[\d+\])*"
)
_NAME_BEFORE = re.compile(r"\b[A-Z][\w.’'-]{0,40},\s{0,9}$")
_GOES_ON = re.compile(r"[a-z]")
_OPENER = re.compile(
    r"\W*(?:because|while|whereas|although|though|but|despite|yet|so|if|when|since|after|before)\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|will|would|can|could|may|might|must|should|do|does|did|"
    r"[a-z]{3,}(?:ed|ing|es)|said|says|told|held|sold|made|rose|fell|bought|took|take|takes|put|need|needs|"
    r"ha[sd]|plan|plans|want|wants|hold|holds|remain|remains|supply|supplies|account|accounts|which|who|that|"
    r"[a-z]{3,}s)\b"
)


class Span(NamedTuple):
    """A clause in a text.

    Attributes
    ----------
    sentence
        Number of the sentence, from 0.
    start, end
        Offsets of characters.
    """

    sentence: int
    start: int
    end: int


def split_clauses(text: str) -> list[Span]:
    """Split a passage into clauses.

    Parameters
    ----------
    text
        A passage.

    Returns
    -------
    list of Span
        In order, without gaps: a clause ends where the next one begins.
    """
    text = normalize_characters(text)
    spans: list[Span] = []
    for number, (start, end) in enumerate(_sentences(text)):
        cuts = [start]
        for boundary in _CLAUSE_END.finditer(text, start, end):
            if boundary.end() > cuts[-1] and boundary.end() < end:
                cuts.append(boundary.end())
        pieces = list(zip(cuts, [*cuts[1:], end], strict=True))
        spans += [Span(number, *piece) for piece in _join_lists(text, pieces)]
    return spans


def _sentences(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    pieces = zip(cuts, [*cuts[1:], len(text)], strict=True)
    return [(start, end) for start, end in pieces if text[start:end].strip()]


def _is_opening_name(piece: str) -> bool:
    """Return whether a piece is no more than a name: the first item of a list."""
    return len(piece) <= _LONGEST_NAME and bool(_NAME.fullmatch(piece))


def _join_lists(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join items of a list, of English text, to the clause before them."""
    joined: list[tuple[int, int]] = []
    is_apposition = False
    for start, end in pieces:
        piece = text[start:end]
        if joined and is_apposition and _GOES_ON.match(piece) and not _OPENER.match(piece):
            joined[-1], is_apposition = (joined[-1][0], end), False
            continue
        before = max(joined[-1][0], start - _LONGEST_PLACE) if joined else start
        if joined and _END_OF_LIST.fullmatch(piece) and _NAME_BEFORE.search(text, before, start):
            joined[-1] = (joined[-1][0], end)
            continue
        is_apposition = bool(
            joined and _COUNTRY_OF_PLACE.fullmatch(piece) and _PLACE_BEFORE.search(text, before, start)
        )
        if len(joined) == 1 and piece.isascii() and _is_opening_name(text[slice(*joined[0])]):
            joined[0] = (joined[0][0], end)
            continue
        if (
            joined
            and piece.isascii()
            and not _OPENER.match(piece)
            and _LIST_ITEM.match(piece)
            and not _VERB.search(piece.lower())
        ):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined

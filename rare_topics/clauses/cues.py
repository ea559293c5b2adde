"""Cue words: forms of both languages that show the mood of a clause, or name an act.

A cue is a form and no concept: it keeps the inflection ("was", "will be"), which concepts drop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from rare_topics.corpus.languages import is_han
from rare_topics.corpus.limits import decode_text, read_bytes
from rare_topics.runtime.cache import BoundedDict

# A word of English or a sign that is a cue by itself.
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*(?:-[A-Za-z]+)*|[?？]")
# Fewest letters before the star of a form: shorter stems would match too much.
_SHORTEST_STEM = 2


class Cue(NamedTuple):
    """A cue where a text has it.

    Attributes
    ----------
    kind
        First column of its file: ``planned``, ``denied``, ``buy`` …
    start, end
        Offsets of characters in the text.
    """

    kind: str
    start: int
    end: int


class CueFinder:
    """Find cue words in a text, in time linear in its length.

    Parameters
    ----------
    forms_by_kind
        English and Chinese forms of each kind of cue. In an English form, ``*`` at the end of a
        word stands for any ending.
    """

    def __init__(self, forms_by_kind: Mapping[str, Iterable[str]]) -> None:
        self._han: dict[str, list[tuple[str, str]]] = {}
        self._exact: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for kind, forms in forms_by_kind.items():
            for form in forms:
                self._add(form, kind)
        self._longest_stem = max(map(len, self._stems), default=0)
        for entries in self._han.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        self._first_han = re.compile(f"[{''.join(self._han)}]" if self._han else "(?!)")
        self._known_words: BoundedDict[str, list[tuple[tuple[str, ...], str]]] = BoundedDict()

    def find(self, text: str) -> tuple[Cue, ...]:
        """Return the cues of a text in order; of two of one kind that overlap, the longer one.

        Parameters
        ----------
        text
            In half-width and simplified characters.
        """
        found = [*self._find_han(text), *self._find_words(text)]
        found.sort(key=lambda cue: (cue.start, -cue.end))
        cues: list[Cue] = []
        last_end: dict[str, int] = {}
        for cue in found:
            if cue.end > last_end.get(cue.kind, 0):
                last_end[cue.kind] = cue.end
                cues.append(cue)
        return tuple(cues)

    def _add(self, form: str, kind: str) -> None:
        if is_han(form[0]):
            self._han.setdefault(form[0], []).append((form, kind))
            return
        head, *rest = form.lower().split()
        forms, head = (self._stems, head[:-1]) if head.endswith("*") else (self._exact, head)
        forms.setdefault(head, []).append((tuple(rest), kind))

    def _find_han(self, text: str) -> Iterable[Cue]:
        for match in self._first_han.finditer(text):
            position = match.start()
            for form, kind in self._han[match[0]]:
                if text.startswith(form, position):
                    yield Cue(kind, position, position + len(form))

    def _find_words(self, text: str) -> Iterable[Cue]:
        # "May" with a capital is the month.
        found = (match for match in _WORD.finditer(text) if match.group() != "May")
        spans, words = [], []
        for match in found:
            spans.append(match.span())
            words.append(match[0].lower().replace("’", "'"))
        for number, word in enumerate(words):
            for rest, kind in self._forms_with(word):
                end = number + 1 + len(rest)
                if not rest or (end <= len(words) and all(map(_fits, words[number + 1 : end], rest))):
                    yield Cue(kind, spans[number][0], spans[end - 1][1])

    def _forms_with(self, word: str) -> list[tuple[tuple[str, ...], str]]:
        """Return the forms whose first word this one can be: the words behind it, and the kind of each."""
        forms = self._known_words.get(word)
        if forms is None:
            lengths = range(_SHORTEST_STEM, min(len(word), self._longest_stem) + 1)
            stems = (form for length in lengths for form in self._stems.get(word[:length], ()))
            forms = self._known_words[word] = [*self._exact.get(word, ()), *stems]
        return forms


def _fits(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


@lru_cache(maxsize=4)
def load_cues(*names: str) -> CueFinder:
    """Load the cues of files of the package's data.

    Parameters
    ----------
    names
        Files with the columns cue, zh, en; forms are separated by ``;``.

    Returns
    -------
    CueFinder
    """
    forms: dict[str, list[str]] = {}
    for name in names:
        file = Path(str(files("rare_topics") / "data" / name))
        for line in decode_text(read_bytes(file), name=file.name).splitlines()[1:]:
            kind, *columns = line.split("\t")
            found = (form.strip() for column in columns for form in column.split(";"))
            forms.setdefault(kind, []).extend(form for form in found if form)
    return CueFinder(forms)

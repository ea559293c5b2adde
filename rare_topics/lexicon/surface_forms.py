"""Surface forms of concepts, and the longest one that begins at a token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol, Self

from rare_topics.lexicon.lemmas import lemma
from rare_topics.text.lexicon_file import Concept
from rare_topics.text.segmenter import Segmenter, Token

_WORD_MARK = "\x1f"
_SENTINEL = "\x1e"
# What a token may end with in a key: a whole word, or any character of Han.
_PART = re.compile(f"{_WORD_MARK}[^{_SENTINEL}]*{_SENTINEL}|[^{_WORD_MARK}]")


class Readable(Protocol):
    """What a token is looked up by."""

    @property
    def text(self) -> str:
        """Text to look up."""

    @property
    def kind(self) -> str:
        """Kind of the token."""


class Form(NamedTuple):
    """A surface form: what it names, its English words, and the characters between them."""

    concept: str
    words: tuple[str, ...] = ()
    gap: int = 0


class Forms:
    """The forms of concepts in both languages; of two concepts that claim one form the first has it.

    Parameters
    ----------
    known
        Forms by their key, with which words are looked up.
    prefixes
        What keys of several tokens may begin with.
    """

    def __init__(self, known: dict[str, Form] | None = None, prefixes: set[str] | None = None) -> None:
        self.known = known or {}
        self.prefixes = prefixes or set()
        self._keys: dict[tuple[str, str], str] = {}

    @classmethod
    def of(cls, concepts: Iterable[Concept]) -> Self:
        """Take in concepts, in the order of their claims."""
        forms = cls()
        for concept in concepts:
            forms.add(concept)
        return forms

    def __contains__(self, word: str) -> bool:
        return word in self.known

    def get(self, word: str) -> Form | None:
        """Return the form that is a single Chinese word."""
        return self.known.get(word)

    def add(self, concept: Concept) -> None:
        """Take in the forms of a concept."""
        for form in concept.zh:
            # Latin letters and digits in a Chinese form are tokens of their own.
            mixed = any(character.isascii() for character in form)
            key = "".join(map(self.key, plain_tokens(form))) if mixed else form
            self._claim(key, Form(concept.concept))
        for form in concept.en:
            tokens = plain_tokens(form)
            new = Form(concept.concept, tuple(token.text for token in tokens), _gap(tokens))
            key = "".join(map(self.key, tokens))
            known = self._claim(key, new)
            if known.concept == new.concept and known.gap < new.gap:
                self.known[key] = new

    def key(self, token: Readable) -> str:
        """Return what a token is in the key of a form: a Chinese word itself, another by its lemma."""
        if token.kind == "han":
            return token.text
        known = self._keys.get((token.text, token.kind))
        if known is None:
            known = self._keys[token.text, token.kind] = _WORD_MARK + lemma(token.text) + _SENTINEL
        return known

    def begins(self, token: Readable) -> bool:
        """Whether a form of several words may begin with a token."""
        return self.key(token) in self.prefixes

    def go_on(self, words: Sequence[Readable], pairs: Iterable[tuple[int, int]]) -> list[bool]:
        """Whether a form begins with, or is, each pair of words, given by their positions."""
        keys = list(map(self.key, words))
        joined = [keys[one] + keys[two] for one, two in pairs]
        return [key in self.prefixes or key in self.known for key in joined]

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """Find the longest form that begins at a token: its concept and number of tokens."""
        key, best, length = "", "", 0
        for number in range(at, len(tokens)):
            key += self.key(tokens[number])
            form = self.known.get(key)
            if form is None and key not in self.prefixes:
                break
            words = tokens[at : number + 1]
            if form and _gap(words) <= form.gap and _case_fits(form.words, words):
                best, length = form.concept, len(words)
        return best, length

    def _claim(self, key: str, form: Form) -> Form:
        self.prefixes.update(key[: end.end()] for end in [*_PART.finditer(key)][:-1])
        return self.known.setdefault(key, form)


@lru_cache(maxsize=50_000)
def plain_tokens(text: str) -> list[Token]:
    """Tokenize a form or a sense, with no words but those of the general dictionary."""
    return Segmenter(words=()).tokenize(text)


def _gap(tokens: Sequence[Token]) -> int:
    """Count the characters between tokens: words on both sides of a full stop are no phrase."""
    return sum(after.start - token.end for token, after in pairwise(tokens))


def _case_fits(form: Sequence[str], tokens: Sequence[Token]) -> bool:
    """Whether the text is in upper case wherever the form is; a plural s is free."""
    return all(
        token.text[:1].isupper() and (token.text[: len(word)].isupper() or not word.isupper())
        for word, token in zip(form, tokens, strict=False)
        if word[:1].isupper()
    )

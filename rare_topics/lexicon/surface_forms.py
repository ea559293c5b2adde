"""Surface forms of concepts, and the longest form that begins at a token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol, Self

from rare_topics.lexicon.lemmas import lemma
from rare_topics.text.lexicon_file import Concept
from rare_topics.text.tokenizer import MixedTextTokenizer, Token

# In keys a lemma stands between these two control characters, a Han word stands as it is.
_LEMMA_START = "\x1f"
_LEMMA_END = "\x1e"
PEOPLED_CATEGORIES = frozenset({"country", "alliance", "place"})
# A lemma of a key, or one Han character of it; every prefix of a key ends with one.
_KEY_PART = re.compile(f"{_LEMMA_START}[^{_LEMMA_START}{_LEMMA_END}]*{_LEMMA_END}|[^{_LEMMA_START}]")


class TokenLike(Protocol):
    """What has the text and kind of a token, with or without offsets."""

    @property
    def text(self) -> str:
        """Text for look-ups."""

    @property
    def kind(self) -> str:
        """Kind of the token."""


class SurfaceForm(NamedTuple):
    """A surface form.

    Attributes
    ----------
    concept
        Name of the concept.
    words
        English words as written in the lexicon, empty for a Chinese form.
    n_between
        Characters between the words, such as spaces.
    """

    concept: str
    words: tuple[str, ...] = ()
    n_between: int = 0


class SurfaceForms:
    """The forms of concepts in both languages; a form belongs to the first concept that claims it.

    Parameters
    ----------
    forms
        Forms by key: the lemmas of English words and the Chinese words, joined.
    prefixes
        Proper prefixes of the keys.
    """

    def __init__(self, forms: dict[str, SurfaceForm] | None = None, prefixes: set[str] | None = None) -> None:
        self.forms = forms or {}
        self.prefixes = prefixes or set()
        self._keys: dict[tuple[str, str], str] = {}

    @classmethod
    def from_concepts(cls, concepts: Iterable[Concept]) -> Self:
        """Add concepts in the order of precedence."""
        forms = cls()
        for concept in concepts:
            forms.add(concept)
        return forms

    def __contains__(self, word: str) -> bool:
        return word in self.forms

    def get(self, word: str) -> SurfaceForm | None:
        """Return the form that consists of one Chinese word."""
        return self.forms.get(word)

    def add(self, concept: Concept) -> None:
        """Add the forms of a concept that no other concept has claimed."""
        for form in concept.zh:
            # Latin letters and digits in a Chinese form are tokens of their own.
            mixed = any(character.isascii() for character in form)
            key = "".join(map(self.token_key, general_tokens(form))) if mixed else form
            self._add_form(key, SurfaceForm(concept.concept))
        for form in (*concept.en, *_plural_peoples(concept)):
            tokens = general_tokens(form)
            new = SurfaceForm(concept.concept, tuple(token.text for token in tokens), _characters_between(tokens))
            key = "".join(map(self.token_key, tokens))
            known = self._add_form(key, new)
            if known.concept == new.concept and known.n_between < new.n_between:
                self.forms[key] = new

    def add_hyphenated(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Let two words, with a hyphen or a space between them, name what the one word names: cease-fire, ceasefire.

        Parameters
        ----------
        pairs
            First and second part of each word.
        """
        for first, second in pairs:
            whole = lemma(first + second)
            known = self.forms.get(_LEMMA_START + whole + _LEMMA_END)
            key = "".join(_LEMMA_START + lemma(part) + _LEMMA_END for part in (first, second))
            self._add_form(key, SurfaceForm(known.concept if known else whole, (first, second), 1))

    def token_key(self, token: TokenLike) -> str:
        """Return the part of a key that a token makes: a Chinese word itself, an English word's lemma."""
        if token.kind == "han":
            return token.text
        key = self._keys.get((token.text, token.kind))
        if key is None:
            key = self._keys[token.text, token.kind] = _LEMMA_START + lemma(token.text) + _LEMMA_END
        return key

    def begins_phrase(self, token: TokenLike) -> bool:
        """Return whether a form of several words can begin with a token."""
        return self.token_key(token) in self.prefixes

    def begin_with_pairs(self, words: Sequence[TokenLike], pairs: Iterable[tuple[int, int]]) -> list[bool]:
        """Return for each pair of words whether a form can begin with, or is, the two.

        Parameters
        ----------
        words
            Distinct words.
        pairs
            Positions of a first and a second word.
        """
        keys = list(map(self.token_key, words))
        joined = [keys[first] + keys[second] for first, second in pairs]
        return [key in self.prefixes or key in self.forms for key in joined]

    def goes_on(self, token: TokenLike, behind: TokenLike) -> bool:
        """Return whether a form can begin with, or is, a token and the one behind it."""
        key = self.token_key(token) + self.token_key(behind)
        return key in self.prefixes or key in self.forms

    def longest_match(self, tokens: Sequence[Token], start: int) -> tuple[str, int]:
        """Find the longest form that begins at a token.

        Parameters
        ----------
        tokens
            Of one text.
        start
            Position of the first token.

        Returns
        -------
        concept, n_tokens
            An empty string and 0 if no form begins there.
        """
        key, concept, length = "", "", 0
        for position in range(start, len(tokens)):
            key += self.token_key(tokens[position])
            form = self.forms.get(key)
            if form is None and key not in self.prefixes:
                break
            words = tokens[start : position + 1]
            if form and _characters_between(words) <= form.n_between and _case_matches(form.words, words):
                concept, length = form.concept, len(words)
        return concept, length

    def _add_form(self, key: str, form: SurfaceForm) -> SurfaceForm:
        self.prefixes.update(key[: part.end()] for part in [*_KEY_PART.finditer(key)][:-1])
        return self.forms.setdefault(key, form)


@lru_cache(maxsize=50_000)
def general_tokens(text: str) -> list[Token]:
    """Tokenize a form or a sense with the general dictionary only."""
    return MixedTextTokenizer(words=()).tokenize(text)


def _plural_peoples(concept: Concept) -> list[str]:
    """Return the plurals of a country's people that the lemmatizer does not know: Americans, Iraqis."""
    if concept.category not in PEOPLED_CATEGORIES:
        return []
    return [f"{form}s" for form in concept.en if form.isalpha() and form[0].isupper() and form.endswith(("n", "i"))]


def _characters_between(tokens: Sequence[Token]) -> int:
    """Count the characters between tokens; words on both sides of a full stop are not a phrase."""
    return sum(after.start - token.end for token, after in pairwise(tokens))


def _case_matches(form: Sequence[str], tokens: Sequence[Token]) -> bool:
    """Return whether the text is in upper case wherever the form is; a plural s may be in lower case."""
    return all(
        token.text[:1].isupper() and (token.text[: len(word)].isupper() or not word.isupper())
        for word, token in zip(form, tokens, strict=False)
        if word[:1].isupper()
    )

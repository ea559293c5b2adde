"""Texts that were cut into words elsewhere: by a function of the user's own, or by an earlier step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np

from rare_topics.errors import InputError
from rare_topics.text.token_patterns import classify_token, normalize_characters
from rare_topics.text.token_table import TokenTable, Word
from rare_topics.text.tokenizer import MixedTextTokenizer, Token

Tokenizer = Callable[[str], Iterable[Any]]


class TokenizedText(str):
    """A text with its tokens; the text is the tokens joined by spaces.

    Attributes
    ----------
    tokens : list of Token
        In order, with offsets into the text.
    """

    __slots__ = ("tokens",)
    tokens: list[Token]

    @classmethod
    def of(cls, words: Iterable[Any], *, where: str) -> Self:
        """Make a text of its words.

        Parameters
        ----------
        words
            Strings, or what `Segmenter` gives.
        where
            Place for messages.

        Raises
        ------
        InputError
            If a word is neither.
        """
        parts = [_word(word, where) for word in words]
        text = cls(" ".join(text for text, _ in parts))
        text.tokens, start = [], 0
        for part, kind in parts:
            text.tokens.append(Token(part, start, start + len(part), kind))
            start += len(part) + 1
        return text


class GivenTokens(MixedTextTokenizer):
    """A tokenizer that takes the words that a function or an earlier step gives.

    Parameters
    ----------
    tokenizer
        Takes a text, returns its words; None for texts that are all `TokenizedText`.
    """

    def __init__(self, tokenizer: Tokenizer | None = None) -> None:
        super().__init__()
        self.tokenizer = tokenizer

    def tokenize(self, text: str) -> list[Token]:
        """Return the tokens of a text; a word that the text does not print stands where the last one ended."""
        if isinstance(text, TokenizedText):
            return text.tokens
        if self.tokenizer is None:
            raise InputError("a text among lists of words", fix="give lists of words alone, or texts alone")
        tokens: list[Token] = []
        position = 0
        for given in self.tokenizer(text):
            word, kind = _word(given, "tokenizer")
            start = text.find(word, position)
            start, end = (start, start + len(word)) if start >= 0 else (position, position)
            tokens.append(Token(word, start, end, kind))
            position = end
        return tokens

    def token_table(self, texts: Sequence[str]) -> TokenTable:
        """Tokenize many texts; see `MixedTextTokenizer.token_table`."""
        tokens_of_texts = [self.tokenize(text) for text in texts]
        tokens = [token for tokens in tokens_of_texts for token in tokens]
        keys = [Word(token.text, token.kind, token.text) for token in tokens]
        words = sorted(set(keys))
        number = {word: position for position, word in enumerate(words)}
        return TokenTable(
            words,
            np.fromiter((number[key] for key in keys), np.int64, len(keys)),
            np.fromiter((token.start for token in tokens), np.int64, len(tokens)),
            np.fromiter((token.end for token in tokens), np.int64, len(tokens)),
            np.cumsum([0, *map(len, tokens_of_texts)]),
        )


def _word(word: Any, where: str) -> tuple[str, str]:  # noqa: ANN401 - what a tokenizer gives
    """Return a word for look-ups, and its kind."""
    if isinstance(word, Token):
        return word.text, word.kind
    if not isinstance(word, str):
        raise InputError(f"a word of the type {type(word).__name__}", where=where, fix="return strings")
    normal = normalize_characters(word)
    try:
        return classify_token(normal)
    except StopIteration:  # no token of this package's own: a mark, or words that are joined
        return normal, "latin" if any(map(str.isalpha, normal)) else "number"

"""Tokens of mixed Chinese and English text, with their offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple, cast, overload

from rare_topics.corpus.languages import is_han
from rare_topics.text.jieba_engines import Engine, WordCutter, word_cutter
from rare_topics.text.lexicon_file import domain_words
from rare_topics.text.person_names import join_person_names
from rare_topics.text.readable_text import readable_text
from rare_topics.text.token_patterns import (
    FIRST_HAN,
    MEASURE_WORDS,
    TOKEN_PATTERN,
    classify_token,
    normalize_characters,
)
from rare_topics.text.token_table import TokenTable, make_token_table


class Token(NamedTuple):
    """One token.

    Attributes
    ----------
    text
        Text for look-ups: without line ends and possessive endings, characters normalized.
    start, end
        Character offsets into the text.
    kind
        ``han``, ``latin``, ``number`` or ``code`` (a ticker, ``F-35``, ``5G``).
    """

    text: str
    start: int
    end: int
    kind: str


class TextTokens(Sequence[Token]):
    """Some consecutive tokens of a table; each is made when it is looked at.

    Parameters
    ----------
    columns
        The tokens of many texts.
    start, end
        The first of them, and the one behind the last.
    """

    def __init__(self, columns: TokenTable, start: int, end: int) -> None:
        self._columns, self._start, self._end = columns, start, end

    def __len__(self) -> int:
        return self._end - self._start

    @overload
    def __getitem__(self, key: int) -> Token: ...
    @overload
    def __getitem__(self, key: slice) -> list[Token]: ...
    def __getitem__(self, key: int | slice) -> Token | list[Token]:
        if isinstance(key, slice):
            return [self[number] for number in range(*key.indices(len(self)))]
        if not 0 <= key < len(self):
            raise IndexError(key)
        number = self._start + key
        words, ids, starts, ends, _ = self._columns
        word = words[ids[number]]
        return Token(word.text, int(starts[number]), int(ends[number]), word.kind)


class MixedTextTokenizer:
    """Split mixed Chinese and English text into tokens with offsets; see `Segmenter`, which is one.

    Parameters
    ----------
    words
        Chinese words to add to the dictionary; None adds those of the domain lexicon.
    engine
        ``"rjieba"``, ``"jieba"``, or ``"auto"``: rjieba where it is installed.
    """

    def __init__(self, words: Sequence[str] | None = None, *, engine: Engine = "auto") -> None:
        self.words = words
        self.engine = engine

    def tokenize(self, text: str) -> list[Token]:
        """Tokenize one text.

        Parameters
        ----------
        text
            Any text.

        Returns
        -------
        list of Token
            In order, without overlaps.
        """
        readable = readable_text(text)
        parts = TOKEN_PATTERN.split(normalize_characters(readable.text))
        bounds = list(accumulate(map(len, parts)))
        tokens: list[Token] = []
        for matched, start, end in zip(parts[1::2], bounds[::2], bounds[1::2], strict=False):
            word, kind = classify_token(matched) if matched[0] < FIRST_HAN else (matched, "han")
            if kind == "han" and is_han(matched):
                tokens += _han_tokens(matched, start, self._cut)
            elif kind != "citation":
                tokens.append(Token(word, start, end, kind))
        if readable.offsets is None:
            return tokens
        spans = (readable.span(token.start, token.end) for token in tokens)
        return [token._replace(start=begin, end=end) for token, (begin, end) in zip(tokens, spans, strict=True)]

    def token_table(self, texts: Sequence[str]) -> TokenTable:
        """Tokenize many texts at once.

        Returns
        -------
        TokenTable
            The tokens of `tokenize` for each text, as arrays over all texts.
        """
        return make_token_table(texts, self._cut)

    def __getstate__(self) -> dict[str, Any]:
        state = cast("dict[str, Any]", super().__getstate__())
        return {name: value for name, value in state.items() if name != "_cutter"}

    @property
    def _cut(self) -> WordCutter:
        """The function that splits runs of Han characters, made anew when a parameter was changed."""
        name, words, cut = self.__dict__.get("_cutter", ("", None, None))
        if cut is None or name != self.engine or words is not self.words:
            known = domain_words() if self.words is None else tuple(self.words)
            cut = join_person_names(word_cutter(self.engine, known))
            self._cutter = (self.engine, self.words, cut)
        return cut  # type: ignore[no-any-return]


def _han_tokens(run: str, offset: int, cut: WordCutter) -> Iterator[Token]:
    """Split a run of Han characters; single spaces in it are line ends. A measure word continues a numeral."""
    offsets: Sequence[int] = range(offset, offset + len(run))
    if " " in run:
        offsets = [place for place, char in zip(offsets, run, strict=True) if char != " "]
        run = run.replace(" ", "")
    position, kind = 0, ""
    for word in cut(run):
        last = position + len(word) - 1
        continues_number = kind == "number" and word in MEASURE_WORDS
        kind = "number" if continues_number else classify_token(word)[1]
        yield Token(word, offsets[position], offsets[last] + 1, kind)
        position = last + 1

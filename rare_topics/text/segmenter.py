"""Tokens of mixed Chinese and English text, with their offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from rare_topics.corpus.languages import is_han
from rare_topics.corpus.texts import texts_of
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

if TYPE_CHECKING:
    from numpy.typing import NDArray


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


class Segmenter(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]
    """Split mixed Chinese and English text into tokens with offsets.

    Numbers with their units, tickers, codes and Latin words are matched first; only runs of
    Han characters reach jieba. Citation marks, tags, addresses of pages and mail are not tokens;
    soft hyphens and zero-width characters do not cut a word; a person's name is one token.

    Parameters
    ----------
    words
        Chinese words to add to the dictionary; None adds those of the domain lexicon.
    engine
        ``"rjieba"``, ``"jieba"``, or ``"auto"``: rjieba where it is installed. Both give the
        same tokens, except where two ways to split a run are equally likely.

    Examples
    --------
    >>> [token.text for token in Segmenter().tokenize("F-35 needs 2.1万项稀土专利, U.S. says [3].")]
    ['F-35', 'needs', '2.1万项', '稀土', '专利', 'U.S.', 'says']
    """

    def __init__(self, words: Sequence[str] | None = None, *, engine: Engine = "auto") -> None:
        self.words = words
        self.engine = engine

    def fit(self, texts: Iterable[str], y: object = None) -> Segmenter:
        """Do nothing: a segmenter learns nothing from texts."""
        return self

    def transform(self, texts: Iterable[str]) -> list[list[Token]]:
        """Tokenize each text, or each article of a corpus; see `tokenize`."""
        return [self.tokenize(text) for text in texts_of(texts)]

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the name of what comes out: lists of tokens."""
        return np.array(["tokens"], dtype=object)

    def set_output(self, *, transform: str | None = None) -> Segmenter:
        """Do nothing: tokens are lists in any container."""
        return self

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

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_cutter"}

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

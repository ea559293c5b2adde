"""Mixed Chinese and English text to tokens that know where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sklearn.base import BaseEstimator, TransformerMixin

from rare_topics.corpus.languages import is_han
from rare_topics.text.jieba_engines import Cut, Engine, engine
from rare_topics.text.lexicon_file import domain_words
from rare_topics.text.token_patterns import FIRST_HAN, TOKEN, UNITS, folded, token_of
from rare_topics.text.token_table import Columns, cut_columns


class Token(NamedTuple):
    """One token.

    Attributes
    ----------
    text
        As it is looked up: without line wraps and possessive endings, Han characters simplified.
    start, end
        Where it is printed: character offsets into the text.
    kind
        ``han``, ``latin``, ``number`` or ``code`` (a ticker, ``F-35``, ``5G``).
    """

    text: str
    start: int
    end: int
    kind: str


class Segmenter(TransformerMixin, BaseEstimator):
    """Cut mixed Chinese and English text into tokens with offsets.

    Numbers with their units, tickers, codes and Latin words are cut out first; only runs of
    Han characters reach jieba, through a tokenizer of its own. Citation marks give no token.

    Parameters
    ----------
    words
        Chinese words the dictionary must know; None takes those of the domain lexicon.
    engine
        ``"rjieba"``, ``"jieba"``, or ``"auto"``: rjieba where it is installed. Both give the
        same tokens, save where a text repeats itself and two cuts are exactly as likely.

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
        """Tokenize each text; see `tokenize`."""
        return [self.tokenize(text) for text in texts]

    def tokenize(self, text: str) -> list[Token]:
        """Tokenize one text.

        Parameters
        ----------
        text
            Any text; offsets count its characters.

        Returns
        -------
        list of Token
            In order, never overlapping.
        """
        parts = TOKEN.split(folded(text))
        tokens: list[Token] = []
        at = 0
        for gap, found in zip(parts[::2], parts[1::2], strict=False):
            at += len(gap)
            word, kind = token_of(found) if found[0] < FIRST_HAN else (found, "han")
            if kind == "han" and is_han(found):
                tokens += _han_tokens(found, at, self._cut)
            elif kind != "citation":
                tokens.append(Token(word, at, at + len(found), kind))
            at += len(found)
        return tokens

    def columns(self, texts: Sequence[str]) -> Columns:
        """Tokenize many texts at once.

        Returns
        -------
        Columns
            The tokens that `tokenize` gives for each text, as arrays over all texts.
        """
        return cut_columns(texts, self._cut)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_made"}

    @property
    def _cut(self) -> Cut:
        """The engine, looked up anew only where a parameter was changed."""
        name, words, cut = self.__dict__.get("_made", ("", None, None))
        if cut is None or name != self.engine or words is not self.words:
            known = domain_words() if self.words is None else tuple(self.words)
            cut = engine(self.engine, known)
            self._made = (self.engine, self.words, cut)
        return cut  # type: ignore[no-any-return]


def _han_tokens(run: str, offset: int, cut: Cut) -> Iterator[Token]:
    joined = run.replace(" ", "")
    at = [number for number, char in enumerate(run) if char != " "] if len(joined) < len(run) else None
    position, kind = 0, ""
    for word in cut(joined):
        last = position + len(word) - 1
        start, end = (position, last + 1) if at is None else (at[position], at[last] + 1)
        counted = kind == "number" and word in UNITS
        kind = "number" if counted else token_of(word)[1]
        yield Token(word, offset + start, offset + end, kind)
        position = last + 1

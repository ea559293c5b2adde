"""The tokens of many texts at once, as arrays over one list of distinct words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rare_topics.corpus.languages import is_han
from rare_topics.text.jieba_engines import WordCutter
from rare_topics.text.readable_text import readable_text
from rare_topics.text.token_patterns import (
    FIRST_HAN,
    MEASURE_WORDS,
    TOKEN_PATTERN,
    classify_token,
    code_points,
    normalize_characters,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Joins the texts to one string; no token contains it.
_TEXT_SEPARATOR = "\x00"


class Word(NamedTuple):
    """A distinct token: its text for look-ups, its kind, and its text as printed."""

    text: str
    kind: str
    printed: str


class TokenTable(NamedTuple):
    """Tokens of several texts.

    Attributes
    ----------
    words : list of Word
        Distinct tokens, sorted, so that their numbers depend on the texts alone.
    ids : ndarray of shape (n_tokens,)
        Number of each token's word.
    starts, ends : ndarray of shape (n_tokens,)
        Character offsets of each token into its text.
    bounds : ndarray of shape (n_texts + 1,)
        Tokens ``bounds[i]:bounds[i + 1]`` are those of text i.
    """

    words: list[Word]
    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    bounds: NDArray[np.int64]


def make_token_table(texts: Sequence[str], cut: WordCutter) -> TokenTable:
    """Tokenize texts; see `MixedTextTokenizer.token_table`.

    Parameters
    ----------
    texts
        Any texts.
    cut
        Splits runs of Han characters.
    """
    text_starts = np.fromiter(accumulate((len(text) + 1 for text in texts), initial=0), np.int64, len(texts) + 1)
    readable = readable_text(_TEXT_SEPARATOR.join(texts))
    joined = readable.text
    normalized = normalize_characters(joined)
    tokens, starts, opens_match = _cut_matches(TOKEN_PATTERN.split(normalized), cut)
    ends = starts + np.fromiter(map(len, tokens), np.int64, len(tokens))
    for number in _changed_tokens(joined, normalized, starts, ends).tolist():
        tokens[number] = joined[starts[number] : ends[number]]
    if readable.offsets is not None:
        starts, ends = readable.offsets[starts], readable.offsets[ends - 1] + 1
    words, ids = _number_words(tokens, opens_match)
    is_token = np.array([word.kind != "citation" for word in words], dtype=bool)[ids]
    ids, starts, ends = ids[is_token], starts[is_token], ends[is_token]
    bounds = np.searchsorted(starts, text_starts)
    offsets = np.repeat(text_starts[:-1], np.diff(bounds))
    return TokenTable(words, ids, starts - offsets, ends - offsets, bounds)


def _cut_matches(parts: list[str], cut: WordCutter) -> tuple[list[str], NDArray[np.int64], NDArray[np.bool_]]:
    """Split the runs of Han characters among the matches of `TOKEN_PATTERN`.

    Parameters
    ----------
    parts
        Gaps and matches in turn, as ``TOKEN_PATTERN.split`` gives them.
    cut
        Splits a run without spaces.

    Returns
    -------
    tokens, starts, opens_match
        All tokens, their offsets, and whether each is the first of its match.
    """
    matches = parts[1::2]
    n_tokens = np.ones(len(matches), dtype=np.int64)
    tokens: list[str] = []
    after_line_end: list[int] = []
    done = 0
    for number in [number for number, match in enumerate(matches) if match[0] >= FIRST_HAN and is_han(match)]:
        tokens += matches[done:number]
        done = number + 1
        if " " in matches[number]:
            words, line_starts = _cut_wrapped_run(matches[number], cut)
            after_line_end += [len(tokens) + position for position in line_starts]
        else:
            words = cut(matches[number])
        tokens += words
        n_tokens[number] = len(words)
    tokens += matches[done:]
    first = np.cumsum(n_tokens) - n_tokens
    # One longer than the tokens: the last match may have no token.
    opens_match = np.zeros(len(tokens) + 1, dtype=bool)
    opens_match[first] = True
    gaps = np.zeros(len(tokens), dtype=np.int64)
    gaps[first] = np.fromiter(map(len, parts[:-1:2]), np.int64, len(n_tokens))
    gaps[after_line_end] += 1
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    return tokens, np.cumsum(gaps + lengths) - lengths, opens_match[:-1]


def _cut_wrapped_run(run: str, cut: WordCutter) -> tuple[list[str], list[int]]:
    """Split a run that line ends interrupt: its words as printed, and the numbers of words that begin a line."""
    offsets = [number for number, char in enumerate(run) if char != " "]
    words: list[str] = []
    line_starts: list[int] = []
    position = 0
    for word in cut(run.replace(" ", "")):
        last = position + len(word) - 1
        if position and offsets[position] > offsets[position - 1] + 1:
            line_starts.append(len(words))
        words.append(run[offsets[position] : offsets[last] + 1])
        position = last + 1
    return words, line_starts


def _changed_tokens(
    printed: str, normalized: str, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the numbers of the tokens in which a character was normalized."""
    if normalized == printed:
        return np.zeros(0, dtype=np.int64)
    changed = np.flatnonzero(code_points(printed) != code_points(normalized))
    token = np.searchsorted(starts, changed, side="right") - 1
    return np.unique(token[(token >= 0) & (changed < ends[token])])


def _number_words(tokens: list[str], opens_match: NDArray[np.bool_]) -> tuple[list[Word], NDArray[np.int64]]:
    """Give each distinct token a number; a measure word that follows a Han numeral is part of a number."""
    printed = sorted(set(tokens))
    id_of_word = {word: number for number, word in enumerate(printed)}
    ids = np.fromiter(map(id_of_word.__getitem__, tokens), np.int64, len(tokens))
    words = list(map(_make_word, printed))
    is_measure = np.array([word.kind == "han" and word.text in MEASURE_WORDS for word in words], dtype=bool)
    is_numeral = np.array([word.kind == "number" and is_han(word.text) for word in words], dtype=bool)
    follows = is_measure[ids] & ~opens_match
    # The last token before a series of measure words.
    leader = np.maximum.accumulate(np.where(follows, 0, np.arange(len(ids))))
    in_number = follows & is_numeral[ids[leader]]
    number_id = {word: len(words) + position for position, word in enumerate(np.flatnonzero(is_measure).tolist())}
    words += [words[word]._replace(kind="number") for word in number_id]
    ids[in_number] = [number_id[word] for word in ids[in_number].tolist()]
    return words, ids


@lru_cache(maxsize=100_000)
def _make_word(printed: str) -> Word:
    return Word(*classify_token(normalize_characters(printed)), printed)

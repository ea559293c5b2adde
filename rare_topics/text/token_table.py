"""The tokens of many texts at once, as columns of numbers over one list of distinct words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rare_topics.corpus.languages import is_han
from rare_topics.text.jieba_engines import Cut
from rare_topics.text.token_patterns import FIRST_HAN, TOKEN, UNITS, codes_of, folded, token_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Stands between texts while they are one string; no pattern of a token takes it in.
_BETWEEN = "\x00"


class Word(NamedTuple):
    """A distinct token: the text to look up, its kind, and how it is printed."""

    text: str
    kind: str
    printed: str


class Columns(NamedTuple):
    """Tokens of several texts.

    Attributes
    ----------
    words : list of Word
        Distinct tokens, sorted, so that their numbers depend on the texts alone.
    ids : ndarray of shape (n_tokens,)
        Position of each token among the words.
    starts, ends : ndarray of shape (n_tokens,)
        Where each is printed: character offsets into its text.
    bounds : ndarray of shape (n_texts + 1,)
        Tokens ``bounds[i]:bounds[i + 1]`` are those of text i.
    """

    words: list[Word]
    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    bounds: NDArray[np.int64]


def cut_columns(texts: Sequence[str], cut: Cut) -> Columns:
    """Tokenize texts; see `Segmenter.columns`."""
    origins = np.fromiter(accumulate((len(text) + 1 for text in texts), initial=0), np.int64, len(texts) + 1)
    joined = _BETWEEN.join(texts)
    plain = folded(joined)
    found, starts, opens = _pieces(TOKEN.split(plain), cut)
    ends = starts + np.fromiter(map(len, found), np.int64, len(found))
    for number in _printed_otherwise(joined, plain, starts, ends).tolist():
        found[number] = joined[starts[number] : ends[number]]
    words, ids = _distinct(found, opens)
    kept = np.array([word.kind != "citation" for word in words], dtype=bool)[ids]
    ids, starts, ends = ids[kept], starts[kept], ends[kept]
    bounds = np.searchsorted(starts, origins)
    shift = np.repeat(origins[:-1], np.diff(bounds))
    return Columns(words, ids, starts - shift, ends - shift, bounds)


def _printed_otherwise(
    joined: str, plain: str, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Find the tokens that hold a character which was folded."""
    if plain == joined:
        return np.zeros(0, dtype=np.int64)
    at = np.flatnonzero(codes_of(joined) != codes_of(plain))
    token = np.searchsorted(starts, at, side="right") - 1
    return np.unique(token[(token >= 0) & (at < ends[token])])


def _pieces(parts: list[str], cut: Cut) -> tuple[list[str], NDArray[np.int64], NDArray[np.bool_]]:
    """Cut the runs of Han characters: all tokens as printed, their starts, and whether each opens a run."""
    found: list[str] = []
    wraps: list[int] = []
    pieces = parts[1::2]
    sizes = np.ones(len(pieces), dtype=np.int64)
    at = 0
    for number in [place for place, piece in enumerate(pieces) if piece[0] >= FIRST_HAN and is_han(piece)]:
        found += pieces[at:number]
        at = number + 1
        if " " in pieces[number]:
            words, gaps = _unwrapped(pieces[number], cut)
            wraps += [len(found) + gap for gap in gaps]
        else:
            words = cut(pieces[number])
        found += words
        sizes[number] = len(words)
    found += pieces[at:]
    opens = np.zeros(len(found) + 1, dtype=bool)
    first = np.cumsum(sizes) - sizes
    opens[first] = True
    gaps_before = np.zeros(len(found), dtype=np.int64)
    gaps_before[first] = np.fromiter(map(len, parts[:-1:2]), np.int64, len(sizes))
    gaps_before[wraps] += 1
    lengths = np.fromiter(map(len, found), np.int64, len(found))
    return found, np.cumsum(gaps_before + lengths) - lengths, opens[:-1]


def _unwrapped(run: str, cut: Cut) -> tuple[list[str], list[int]]:
    """Cut a wrapped run; its words as printed, and the numbers of those that a line end stands before."""
    at = [number for number, char in enumerate(run) if char != " "]
    words: list[str] = []
    gaps: list[int] = []
    position = 0
    for word in cut(run.replace(" ", "")):
        last = position + len(word) - 1
        if position and at[position] > at[position - 1] + 1:
            gaps.append(len(words))
        words.append(run[at[position] : at[last] + 1])
        position = last + 1
    return words, gaps


@lru_cache(maxsize=100_000)
def _word(printed: str) -> Word:
    return Word(*token_of(folded(printed)), printed)


def _distinct(found: list[str], opens: NDArray[np.bool_]) -> tuple[list[Word], NDArray[np.int64]]:
    """Give each distinct token a number; a unit that follows a numeral within its run is a number."""
    printed = sorted(set(found))
    number = {word: position for position, word in enumerate(printed)}
    ids = np.fromiter(map(number.__getitem__, found), np.int64, len(found))
    words = list(map(_word, printed))
    unit = np.array([word.kind == "han" and word.text in UNITS for word in words], dtype=bool)
    follows = unit[ids] & ~opens
    leader = np.maximum.accumulate(np.where(follows, 0, np.arange(len(ids))))
    numeral = np.array([word.kind == "number" and is_han(word.text) for word in words], dtype=bool)
    counted = follows & numeral[ids[leader]]
    again = {word: len(words) + position for position, word in enumerate(np.flatnonzero(unit).tolist())}
    words += [words[word]._replace(kind="number") for word in again]
    ids[counted] = [again[word] for word in ids[counted].tolist()]
    return words, ids

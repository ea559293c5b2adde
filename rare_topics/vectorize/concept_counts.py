"""The concepts of many texts, counted without a step of Python for every token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, overload

import numpy as np
from scipy import sparse

from rare_topics.lexicon.lexicon import Lexicon
from rare_topics.runtime.parallel import parallel_map
from rare_topics.runtime.progress import report_progress
from rare_topics.text.segmenter import Segmenter, Token
from rare_topics.text.token_table import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Texts are read in blocks of about so many characters, whatever the number of processes: what is done for each
# distinct word is then done for many texts at once.
BLOCK = 3_000_000
# From so many blocks on more processes gain more than they cost to start.
MANY_BLOCKS = 7

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Tally:
    """How often things stand in texts: whole numbers, so that parts may be counted anywhere and added up.

    Attributes
    ----------
    texts
        Number of texts that name each concept.
    words
        How often each word stands outside of phrases: (text to look up, kind, as printed).
    phrases
        How often each phrase stands: (concept, as printed).
    """

    texts: Counter[str]
    words: Counter[tuple[str, str, str]]
    phrases: Counter[tuple[str, str]]

    def add(self, other: Tally) -> None:
        """Add what is counted over other texts."""
        for own, others in ((self.texts, other.texts), (self.words, other.words), (self.phrases, other.phrases)):
            own.update(others)  # type: ignore[arg-type]

    def surfaces(self, lexicon: Lexicon) -> dict[str, dict[str, float]]:
        """Weigh the printed forms of each concept."""
        found: dict[str, dict[str, float]] = {concept: {} for concept in sorted(self.texts)}
        for word, number in sorted(self.words.items()):
            token = Token(word[0], 0, len(word[0]), word[1])
            for concept, weight in lexicon.alone(token):
                forms = found[concept]
                forms[word[2]] = forms.get(word[2], 0.0) + number * weight
        for (concept, printed), number in sorted(self.phrases.items()):
            forms = found[concept]
            forms[printed] = forms.get(printed, 0.0) + number
        return found


@dataclass(frozen=True)
class Reading:
    """What texts name.

    Attributes
    ----------
    concepts
        Sorted.
    counts
        csr_array of shape (n_texts, n_concepts); a word of several senses counts 1 in all. A
        row depends on its text alone, to the last bit.
    words, phrases
        See `Tally`.
    """

    concepts: list[str]
    counts: sparse.csr_array
    words: Counter[tuple[str, str, str]]
    phrases: Counter[tuple[str, str]]

    @property
    def tally(self) -> Tally:
        """What is counted over all texts."""
        numbers = np.bincount(self.counts.indices, minlength=len(self.concepts)).tolist()
        return Tally(Counter(dict(zip(self.concepts, numbers, strict=True))), self.words, self.phrases)


def read_texts(
    texts: Sequence[str],
    lexicon: Lexicon,
    segmenter: Segmenter,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Count the concepts of texts.

    Parameters
    ----------
    texts
        One string a document.
    lexicon, segmenter
        What reads them.
    n_jobs
        Processes; None takes one for a small collection and one a core for a large one, -1
        always one a core. The answer is the same, to the last bit.
    progress
        Called with the number of texts read, and of all.
    """
    return joined(list(read_blocks(texts, lexicon, segmenter, n_jobs=n_jobs, progress=progress)))


def read_blocks(
    texts: Sequence[str],
    lexicon: Lexicon,
    segmenter: Segmenter,
    *,
    groups: NDArray[np.int64] | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Reading]:
    """Count the concepts of texts, one block of them after the other.

    Parameters
    ----------
    texts, lexicon, segmenter, n_jobs, progress
        See `read_texts`.
    groups : ndarray of shape (n_texts,), optional
        Texts with the same number stand together, and in one block.
    """
    blocks = list(_blocks(texts, groups))
    if n_jobs is None:
        n_jobs = -1 if len(blocks) >= MANY_BLOCKS else 1
    read = _in_processes(texts, blocks, lexicon, segmenter, n_jobs) if n_jobs != 1 else (
        read_block(texts[start:end], lexicon, segmenter) for start, end in blocks
    )  # fmt: skip
    for (_, end), part in zip(blocks, read, strict=True):
        report_progress(end, len(texts))
        if progress:
            progress(end, len(texts))
        yield part
    lexicon.save_caches()


def read_block(texts: Sequence[str], lexicon: Lexicon, segmenter: Segmenter) -> Reading:
    """Count the concepts of as many texts as fit into memory as tokens."""
    columns = segmenter.columns(texts)
    meanings = [lexicon.alone(word) for word in columns.words]
    row = np.repeat(np.arange(len(texts)), np.diff(columns.bounds))
    consumed = np.zeros(len(columns.ids), dtype=bool)
    phrases: Counter[tuple[str, str]] = Counter()
    places: list[tuple[int, str]] = []
    until = 0
    for at in _openings(columns, lexicon).tolist():
        if at < until:
            continue
        tokens = _Tokens(columns, at, int(columns.bounds[row[at] + 1]))
        named, length = lexicon.phrase(tokens, 0)
        until = at + length
        consumed[at:until] = True
        for mention in named:
            places.append((int(row[at]), mention.concept))
            phrases[mention.concept, texts[row[at]][mention.start : mention.end]] += 1
    concepts = sorted({name for name, _ in chain.from_iterable(meanings)}.union(name for _, name in places))
    column = {name: number for number, name in enumerate(concepts)}
    shape = (len(texts), len(columns.words))
    alone = ~consumed
    tokens_of = _ones(row[alone], columns.ids[alone], shape)
    together = _ones([place for place, _ in places], [column[name] for _, name in places], (len(texts), len(concepts)))
    counts = sparse.csr_array(tokens_of @ _senses(meanings, column) + together)
    used = np.flatnonzero(np.bincount(counts.indices, minlength=len(concepts)))
    totals = np.bincount(columns.ids[alone], minlength=len(columns.words)).tolist()
    words: Counter[tuple[str, str, str]] = Counter()
    for word, senses, number in zip(columns.words, meanings, totals, strict=True):
        if senses and number:
            # Plain tuples travel between processes in a quarter of the time.
            words[word.text, word.kind, word.printed] = number
    return Reading([concepts[number] for number in used], sparse.csr_array(counts[:, used]), words, phrases)


def joined(parts: Sequence[Reading]) -> Reading:
    """Join the readings of consecutive texts."""
    concepts = sorted(set().union(*(part.concepts for part in parts)))
    column = {name: number for number, name in enumerate(concepts)}
    words: Counter[tuple[str, str, str]] = Counter()
    phrases: Counter[tuple[str, str]] = Counter()
    for part in parts:
        words.update(part.words)
        phrases.update(part.phrases)
    places = [np.array([column[name] for name in part.concepts], dtype=np.int32) for part in parts]
    return Reading(concepts, _stacked([part.counts for part in parts], places, len(concepts)), words, phrases)


def _stacked(
    counts: Sequence[sparse.csr_array], places: Sequence[NDArray[np.int32]], n_concepts: int
) -> sparse.csr_array:
    """Stack counts whose columns have their places among all."""
    data = np.concatenate([part.data for part in counts]) if counts else np.zeros(0)
    indices = [place[part.indices] for part, place in zip(counts, places, strict=True)]
    sizes = np.concatenate([[0], *(np.diff(part.indptr) for part in counts)]).astype(np.int64)
    stacked = sparse.csr_array(
        (data, np.concatenate(indices) if indices else np.zeros(0, np.int32), np.cumsum(sizes)),
        shape=(len(sizes) - 1, n_concepts),
    )
    stacked.sort_indices()
    return stacked


def _blocks(texts: Sequence[str], groups: NDArray[np.int64] | None = None) -> Iterator[tuple[int, int]]:
    starts = np.ones(len(texts) + 1, dtype=bool)
    if groups is not None:
        starts[1:-1] = np.diff(groups) != 0
    start = length = 0
    for number, text in enumerate(texts, 1):
        length += len(text)
        if (length >= BLOCK and starts[number]) or number == len(texts):
            yield start, number
            start, length = number, 0


def _in_processes(
    texts: Sequence[str],
    blocks: Sequence[tuple[int, int]],
    lexicon: Lexicon,
    segmenter: Segmenter,
    n_jobs: int,
) -> Iterator[Reading]:
    work = partial(read_block, lexicon=lexicon, segmenter=segmenter)
    return parallel_map(work, (texts[start:end] for start, end in blocks), n_jobs=n_jobs)


def _openings(columns: Columns, lexicon: Lexicon) -> NDArray[np.int64]:
    """Find the tokens that may begin a phrase: each pair of distinct words is looked up once."""
    opening = np.array([lexicon.begins(word) for word in columns.words], dtype=bool)
    if not len(columns.ids):
        return np.zeros(0, dtype=np.int64)
    inner = np.ones(len(columns.ids), dtype=bool)
    inner[columns.bounds[1:] - 1] = False
    inner[-1] = False
    at = np.flatnonzero(opening[columns.ids] & inner)
    pairs = columns.ids[at] * len(columns.words) + columns.ids[at + 1]
    distinct, number = np.unique(pairs, return_inverse=True)
    firsts, seconds = np.divmod(distinct, len(columns.words))
    goes_on = lexicon.go_on(columns.words, list(zip(firsts.tolist(), seconds.tolist(), strict=True)))
    return np.asarray(at[np.array(goes_on, dtype=bool)[number]])


def _ones(
    rows: NDArray[np.int64] | list[int], columns: NDArray[np.int64] | list[int], shape: tuple[int, int]
) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (np.asarray(rows, np.int64), np.asarray(columns, np.int64))), shape)


def _senses(meanings: Sequence[Sequence[tuple[str, float]]], column: dict[str, int]) -> sparse.csr_array:
    """Weights of the concepts of each word, of shape (n_words, n_concepts)."""
    sizes = np.fromiter(map(len, meanings), np.int64, len(meanings))
    flat = list(chain.from_iterable(meanings))
    weights = np.fromiter((weight for _, weight in flat), np.float64, len(flat))
    columns = np.fromiter((column[name] for name, _ in flat), np.int64, len(flat))
    return sparse.csr_array((weights, columns, np.cumsum([0, *sizes])), shape=(len(meanings), len(column)))


class _Tokens(Sequence[Token]):
    """Tokens of a text from one of them on, each made when it is looked at."""

    def __init__(self, columns: Columns, start: int, end: int) -> None:
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

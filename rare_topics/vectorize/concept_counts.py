"""The concepts of many texts, counted without a step of Python for every token."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse

from rare_topics.lexicon.lexicon import Lexicon
from rare_topics.lexicon.many_texts import phrase_starts
from rare_topics.lexicon.word_senses import word_senses
from rare_topics.runtime.parallel import N_FIRST, parallel_map
from rare_topics.runtime.progress import report_progress
from rare_topics.text.token_table import TokenTable
from rare_topics.text.tokenizer import MixedTextTokenizer, TextTokens, Token

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Texts are counted in blocks of about so many characters, whatever the number of processes: what is done for each
# distinct word is then done for many texts at once.
BLOCK_CHARS = 3_000_000
# From so many blocks on several processes gain more than they cost to start.
MIN_BLOCKS_FOR_PROCESSES = 7

Progress = Callable[[int, int], None]
# A word outside of phrases: (text to look up, kind, as printed). Plain tuples travel between processes in a quarter of
# the time that records take.
WordKey = tuple[str, str, str]
# A phrase: (concept, as printed).
PhraseKey = tuple[str, str]


@dataclass(frozen=True)
class ConceptTotals:
    """What is counted over all texts, in whole numbers, so that parts may be counted anywhere and added up.

    Attributes
    ----------
    n_texts
        Number of texts that name each concept.
    words
        Number of times each word is printed outside of phrases.
    phrases
        Number of times each phrase is printed.
    """

    n_texts: Counter[str]
    words: Counter[WordKey]
    phrases: Counter[PhraseKey]

    @classmethod
    def empty(cls) -> Self:
        """Totals of no text."""
        return cls(Counter(), Counter(), Counter())

    def add(self, other: ConceptTotals) -> None:
        """Add the totals of other texts."""
        self.n_texts.update(other.n_texts)
        self.words.update(other.words)
        self.phrases.update(other.phrases)

    def surface_forms(self, lexicon: Lexicon) -> dict[str, dict[str, float]]:
        """Weigh the printed forms of each concept.

        Parameters
        ----------
        lexicon
            The one that the texts were counted with.

        Returns
        -------
        dict of str to dict of str to float
            By concept and printed form, the number of times; a word of several senses counts for
            each of them by its share.
        """
        found: dict[str, dict[str, float]] = {concept: {} for concept in sorted(self.n_texts)}
        for (text, kind, printed), number in sorted(self.words.items()):
            for concept, weight in lexicon.word_concepts(Token(text, 0, len(text), kind)):
                forms = found[concept]
                forms[printed] = forms.get(printed, 0.0) + number * weight
        for (concept, printed), number in sorted(self.phrases.items()):
            forms = found[concept]
            forms[printed] = forms.get(printed, 0.0) + number
        return found


@dataclass(frozen=True)
class BlockCounts:
    """Counts of the concepts of some texts, in columns of their own.

    Attributes
    ----------
    concepts
        Names of the columns, sorted.
    counts
        csr_array of shape (n_texts, n_concepts); a word of several senses counts 1 in all. A
        row depends on its text alone, to the last bit.
    words, phrases
        See `ConceptTotals`.
    """

    concepts: list[str]
    counts: sparse.csr_array
    words: Counter[WordKey]
    phrases: Counter[PhraseKey]

    @property
    def totals(self) -> ConceptTotals:
        """What is counted over all texts of the block."""
        n_texts = np.bincount(self.counts.indices, minlength=len(self.concepts)).tolist()
        return ConceptTotals(Counter(dict(zip(self.concepts, n_texts, strict=True))), self.words, self.phrases)


def count_texts(
    texts: Sequence[str],
    lexicon: Lexicon,
    segmenter: MixedTextTokenizer,
    *,
    block_chars: int = BLOCK_CHARS,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> BlockCounts:
    """Count the concepts of texts.

    Parameters
    ----------
    texts, lexicon, segmenter, block_chars, n_jobs, progress
        See `count_blocks`.

    Returns
    -------
    BlockCounts
        All texts as one block.
    """
    blocks = count_blocks(texts, lexicon, segmenter, block_chars=block_chars, n_jobs=n_jobs, progress=progress)
    return concatenate_counts(list(blocks))


def count_blocks(  # noqa: PLR0913 - settings, all by name
    texts: Sequence[str],
    lexicon: Lexicon,
    segmenter: MixedTextTokenizer,
    *,
    groups: NDArray[np.int64] | None = None,
    block_chars: int = BLOCK_CHARS,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[BlockCounts]:
    """Count the concepts of texts, one block of them after the other.

    Parameters
    ----------
    texts
        One string a document.
    lexicon, segmenter
        Concepts of words, and words of texts.
    groups : ndarray of shape (n_texts,), optional
        Texts with the same number stand side by side, and come into the same block.
    block_chars
        Characters of a block, about.
    n_jobs
        Processes; None takes one for a small collection and one a core for a large one, -1
        always one a core. The answer is the same, to the last bit.
    progress
        Called with the number of texts counted, and of all.

    Yields
    ------
    BlockCounts
        In the order of the texts.
    """
    bounds = list(_block_bounds(texts, groups, block_chars))
    if n_jobs is None:
        n_jobs = -1 if len(bounds) >= MIN_BLOCKS_FOR_PROCESSES else 1
    blocks = (texts[start:end] for start, end in bounds)
    count = partial(count_block, lexicon=lexicon, segmenter=segmenter)
    if n_jobs != 1:
        # Dictionaries are loaded here, once, for all processes that are forked.
        count(texts[:N_FIRST])
    counted = map(count, blocks) if n_jobs == 1 else parallel_map(count, blocks, n_jobs=n_jobs)
    for (_, end), block in zip(bounds, counted, strict=True):
        report_progress(end, len(texts))
        if progress:
            progress(end, len(texts))
        yield block
    lexicon.save_caches()


def count_block(texts: Sequence[str], lexicon: Lexicon, segmenter: MixedTextTokenizer) -> BlockCounts:
    """Count the concepts of as many texts as fit into memory as tokens.

    Parameters
    ----------
    texts
        One string a document.
    lexicon, segmenter
        Concepts of words, and words of texts.

    Returns
    -------
    BlockCounts
    """
    columns = segmenter.token_table(texts)
    senses = [lexicon.word_concepts(word) for word in columns.words]
    row = np.repeat(np.arange(len(texts)), np.diff(columns.bounds))
    in_phrase, named = _find_phrases(texts, columns, row, lexicon)
    # A word in its everyday sense counts as a phrase does: for one concept, whatever the word names elsewhere.
    for position, text, everyday in list(_everyday_words(columns, np.flatnonzero(~in_phrase), row, lexicon)):
        in_phrase[position] = True
        named.append((text, everyday, columns.words[columns.ids[position]].printed))
    alone = ~in_phrase
    concepts = sorted({name for name, _ in chain.from_iterable(senses)}.union(name for _, name, _ in named))
    column = {name: number for number, name in enumerate(concepts)}
    words_of_texts = _indicator(row[alone], columns.ids[alone], (len(texts), len(columns.words)))
    phrase_rows = np.array([text for text, _, _ in named], dtype=np.int64)
    phrase_columns = np.array([column[name] for _, name, _ in named], dtype=np.int64)
    phrase_counts = _indicator(phrase_rows, phrase_columns, (len(texts), len(concepts)))
    counts = sparse.csr_array(words_of_texts @ _sense_weights(senses, column) + phrase_counts)
    used = np.flatnonzero(np.bincount(counts.indices, minlength=len(concepts)))
    n_printed = np.bincount(columns.ids[alone], minlength=len(columns.words)).tolist()
    words: Counter[WordKey] = Counter()
    for word, concepts_of_word, number in zip(columns.words, senses, n_printed, strict=True):
        if concepts_of_word and number:
            words[word.text, word.kind, word.printed] = number
    phrases: Counter[PhraseKey] = Counter((name, printed) for _, name, printed in named)
    return BlockCounts([concepts[number] for number in used], sparse.csr_array(counts[:, used]), words, phrases)


def _everyday_words(
    columns: TokenTable, alone: NDArray[np.int64], row: NDArray[np.int64], lexicon: Lexicon
) -> Iterator[tuple[int, int, str]]:
    """Yield position, text and concept of the words whose neighbours give them their everyday sense."""
    ambiguous = [number for number, word in enumerate(columns.words) if word.text.lower() in word_senses()]
    for position in alone[np.isin(columns.ids[alone], ambiguous)].tolist():
        text = int(row[position])
        start, end = int(columns.bounds[text]), int(columns.bounds[text + 1])
        everyday = lexicon.everyday_sense(TextTokens(columns, start, end), position - start)
        if everyday:
            yield position, text, everyday


def concatenate_counts(blocks: Sequence[BlockCounts]) -> BlockCounts:
    """Join the counts of consecutive texts to one block."""
    concepts = sorted(set().union(*(block.concepts for block in blocks)))
    column = {name: number for number, name in enumerate(concepts)}
    words: Counter[WordKey] = Counter()
    phrases: Counter[PhraseKey] = Counter()
    data, indices = [np.zeros(0)], [np.zeros(0, dtype=np.int32)]
    row_sizes = [np.zeros(1, dtype=np.int64)]
    for block in blocks:
        words.update(block.words)
        phrases.update(block.phrases)
        new_columns = np.array([column[name] for name in block.concepts], dtype=np.int32)
        data.append(block.counts.data)
        indices.append(new_columns[block.counts.indices])
        row_sizes.append(np.diff(block.counts.indptr).astype(np.int64))
    row_ends = np.cumsum(np.concatenate(row_sizes))
    counts = sparse.csr_array(
        (np.concatenate(data), np.concatenate(indices), row_ends), shape=(len(row_ends) - 1, len(concepts))
    )
    counts.sort_indices()
    return BlockCounts(concepts, counts, words, phrases)


class DiskCounts:
    """Counts of blocks in a temporary file, so that memory holds one block at a time.

    `words` and `phrases` of the blocks are not kept.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        self._concepts: list[list[str]] = []
        # Blocks share most of their concepts; each name is held once.
        self._unique_names: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def append(self, block: BlockCounts) -> None:
        """Write the counts of a block."""
        self._concepts.append([self._unique_names.setdefault(name, name) for name in block.concepts])
        for part in (block.counts.data, block.counts.indices, block.counts.indptr):
            np.save(self._file, part, allow_pickle=False)

    def __iter__(self) -> Iterator[BlockCounts]:
        """Read the blocks again, in their order."""
        self._file.seek(0)
        for concepts in self._concepts:
            data, indices, indptr = (np.load(self._file, allow_pickle=False) for _ in range(3))
            counts = sparse.csr_array((data, indices, indptr), shape=(len(indptr) - 1, len(concepts)))
            yield BlockCounts(concepts, counts, Counter(), Counter())


def _block_bounds(
    texts: Sequence[str], groups: NDArray[np.int64] | None, block_chars: int
) -> Iterator[tuple[int, int]]:
    """Cut texts into blocks: number of the first text, and of the first one after the block."""
    may_end = np.ones(len(texts) + 1, dtype=bool)
    if groups is not None:
        may_end[1:-1] = np.diff(groups) != 0
    start = length = 0
    for number, text in enumerate(texts, 1):
        length += len(text)
        if (length >= block_chars and may_end[number]) or number == len(texts):
            yield start, number
            start, length = number, 0


def _find_phrases(
    texts: Sequence[str], columns: TokenTable, row: NDArray[np.int64], lexicon: Lexicon
) -> tuple[NDArray[np.bool_], list[tuple[int, str, str]]]:
    """Find the lexicon's phrases: which tokens are in one, and the text, concept and printed form of each."""
    in_phrase = np.zeros(len(columns.ids), dtype=bool)
    named: list[tuple[int, str, str]] = []
    end = 0
    for start in phrase_starts(columns, lexicon).tolist():
        if start < end:
            continue
        text = int(row[start])
        mentions, length = lexicon.phrase_at(TextTokens(columns, start, int(columns.bounds[text + 1])), 0)
        end = start + length
        in_phrase[start:end] = True
        named += [(text, mention.concept, texts[text][mention.start : mention.end]) for mention in mentions]
    return in_phrase, named


def _indicator(rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]) -> sparse.csr_array:
    """Count 1 for each pair of row and column; pairs that come again add up."""
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape)


def _sense_weights(senses: Sequence[Sequence[tuple[str, float]]], column: dict[str, int]) -> sparse.csr_array:
    """Weights of the concepts of each word, of shape (n_words, n_concepts)."""
    sizes = np.fromiter(map(len, senses), np.int64, len(senses))
    flat = list(chain.from_iterable(senses))
    weights = np.fromiter((weight for _, weight in flat), np.float64, len(flat))
    columns = np.fromiter((column[name] for name, _ in flat), np.int64, len(flat))
    return sparse.csr_array((weights, columns, np.cumsum([0, *sizes])), shape=(len(senses), len(column)))

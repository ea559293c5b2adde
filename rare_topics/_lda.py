"""Compiled loops of latent Dirichlet allocation by collapsed variational Bayes.

The method is CVB0 (Asuncion, Welling, Smyth and Teh, "On smoothing and inference for
topic models", UAI 2009), made incremental in the manner of Neal and Hinton (1998): the
documents are visited block by block, and a block's old expected counts are exchanged for
its new ones before the next block is visited.

CVB0 takes a token's own expected count out before assigning the token anew. Storing that
count would cost a row of topics for every pair of document and word; here it is computed
again from the current counts, so nothing is stored per token.

Blocks are cut into parts, each with its own table of fresh counts. Blocks and parts follow
from the corpus, never from the number of threads, and tables are added in a fixed order:
any number of threads gives the same bits.

Rows of topics are padded with zeros to whole SIMD lanes. Tables are indexed by [row, k]
instead of through row views, because numba counts references to views in the inner loop.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import psi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scipy import sparse

    Run = Callable[[Callable[..., Any], list[tuple[Any, ...]]], list[Any]]

Floats = NDArray[np.float32]
Function = TypeVar("Function", bound="Callable[..., Any]")

LANES = 8
LARGEST_BATCH = 512
MOST_BLOCKS = 8
MOST_PARTS = 8
SMALLEST_PART = 32_768
ALPHA_RANGE = (1e-4, 10.0)
ALPHA_FIRST, ALPHA_EVERY = 10, 5
TRACE = 1e-3

_ZERO, _ONE, _TINY = np.float32(0), np.float32(1), np.float32(1e-30)
# LLVM takes arrays closer than one unrolled vector step for overlapping and leaves the SIMD loop.
_APART = 32


class Batch(NamedTuple):
    """Pairs of document and word, sorted by word, of documents few enough for the cache."""

    first: int
    last: int
    documents: NDArray[np.int32]
    words: NDArray[np.int32]
    counts: Floats


class Part(NamedTuple):
    """Batches of consecutive documents, visited by one thread."""

    first: int
    last: int
    batches: list[Batch]


class Rows(NamedTuple):
    """Counts in compressed rows: document d has the pairs ``starts[d]`` to ``starts[d + 1]``."""

    starts: NDArray[np.int64]
    words: NDArray[np.int32]
    counts: Floats


class Topics(NamedTuple):
    """What a document meets: words x topics, and per topic 1 / total and alpha."""

    word_counts: Floats
    inverse_totals: Floats
    alpha: Floats
    eta: np.float32


class Settings(NamedTuple):
    """Priors, stopping rule and threads of one run."""

    alpha: NDArray[np.float64]
    eta: float
    learn_alpha: bool
    max_iter: int
    tol: float
    n_jobs: int


class Learned(NamedTuple):
    """Expected counts (words x topics, prior left out), alpha, passes made."""

    word_counts: Floats
    alpha: NDArray[np.float64]
    n_iter: int


def learn(
    documents: sparse.csr_matrix,
    settings: Settings,
    *,
    random_state: np.random.RandomState,
    past: NDArray[Any] | None = None,
) -> Learned:
    """Learn topics from counts (documents x words).

    `past` (words x topics) holds expected counts of documents seen earlier: they stay as
    they are, and the new documents start from the topics they describe.
    """
    shuffled = documents[random_state.permutation(documents.shape[0])]
    n_topics = len(settings.alpha)
    doc_counts = _spread_evenly(shuffled, n_topics)
    learner = _Learner(settings, _cut(shuffled), doc_counts, documents.shape[1])
    if past is None:
        mixtures = random_state.dirichlet(np.ones(n_topics), len(doc_counts))
        doc_counts[:, :n_topics] *= n_topics * mixtures
        learner.start_from(shuffled, mixtures)
    else:
        learner.start_after(past)
    n_iter = learner.run(tolerated=settings.tol * float(documents.sum()))
    return Learned(learner.learned_counts(), learner.alpha, n_iter)


def fold_in(documents: sparse.csr_matrix, topic_term: NDArray[np.float64], settings: Settings) -> NDArray[np.float64]:
    """Return expected counts (documents x topics), the topics held fixed."""
    n_topics = len(settings.alpha)
    table = _pad(topic_term.T)
    topics = Topics(table, np.ones(table.shape[1], np.float32), _pad(settings.alpha), _ZERO)
    doc_counts = _spread_evenly(documents, n_topics)
    rows = Rows(
        documents.indptr.astype(np.int64),
        documents.indices.astype(np.int32, copy=False),
        documents.data.astype(np.float32, copy=False),
    )
    limits = settings.max_iter, settings.tol
    with _threads(settings.n_jobs) as run:
        spans = _even_spans(len(doc_counts), 4 * settings.n_jobs)
        run(_settle, [(rows, span, doc_counts, topics, limits) for span in spans])
    return doc_counts[:, :n_topics].astype(np.float64)


class _Learner:
    """Tables of one run of `learn`, updated in place pass by pass."""

    def __init__(self, settings: Settings, blocks: list[list[Part]], doc_counts: Floats, words: int) -> None:
        self.settings = settings
        self.alpha = settings.alpha
        self._blocks = blocks
        self._doc_counts = doc_counts
        shape = words, doc_counts.shape[1]
        self._word_counts = _pad(np.full((words, len(self.alpha)), settings.eta))
        self._old = np.zeros((len(blocks), *shape), np.float32)
        self._fresh = np.zeros((len(blocks[0]), *shape), np.float32)
        self._totals = self._word_counts.sum(axis=0, dtype=np.float64)

    def start_from(self, documents: sparse.csr_matrix, mixtures: NDArray[np.float64]) -> None:
        """Let every word of a document have the document's mixture."""
        for old, block in zip(self._old, self._blocks, strict=True):
            rows = slice(block[0].first, block[-1].last)
            old[:, : len(self.alpha)] = documents[rows].T @ mixtures[rows]
            self._word_counts += old
        self._totals = self._word_counts.sum(axis=0, dtype=np.float64)

    def start_after(self, past: NDArray[Any]) -> None:
        """Add counts of earlier documents, which no pass takes out again."""
        self._word_counts[:, : len(self.alpha)] += past
        self._totals = self._word_counts.sum(axis=0, dtype=np.float64)

    def learned_counts(self) -> Floats:
        return self._word_counts[:, : len(self.alpha)] - np.float32(self.settings.eta)

    def run(self, *, tolerated: float) -> int:
        """Make passes until one moves no more than `tolerated`; return how many."""
        with _threads(min(self.settings.n_jobs, len(self._fresh))) as run:
            for n_iter in range(1, self.settings.max_iter + 1):
                moved = sum(self._renew(block, run) for block in range(len(self._blocks)))
                if moved <= tolerated:
                    break
                if self.settings.learn_alpha and _alpha_is_due(n_iter):
                    self.alpha = minka_step(self._doc_counts[:, : len(self.alpha)], self.alpha)
        return n_iter

    def _renew(self, block: int, run: Run) -> float:
        parts, words = self._blocks[block], len(self._word_counts)
        topics = self._topics()
        run(
            _visit_all,
            [(part, self._doc_counts, topics, self._fresh[p]) for p, part in enumerate(parts)],
        )
        totals = np.zeros((len(parts), self._word_counts.shape[1]))
        moved = run(
            _exchange,
            [
                (self._fresh, self._old[block], self._word_counts, span, totals[p])
                for p, span in enumerate(_even_spans(words, len(parts)))
            ],
        )
        self._totals = totals.sum(axis=0)
        return float(sum(moved))

    def _topics(self) -> Topics:
        inverse = np.zeros(len(self._totals), np.float32)
        np.divide(1, self._totals, out=inverse, where=self._totals > 0, casting="same_kind")
        eta = np.float32(self.settings.eta)
        return Topics(self._word_counts, inverse, _pad(self.alpha), eta)


def minka_step(doc_counts: NDArray[Any], alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """One fixed-point step of alpha (Minka 2000) on expected counts.

    An expected count of 0.01 is most likely no token at all; weighting by the Poisson
    chance of at least one keeps such traces from driving alpha up.
    """
    lengths = doc_counts.sum(axis=1, dtype=np.float64)
    wanted = (psi(lengths + alpha.sum()) - psi(alpha.sum())).sum()
    step = np.empty_like(alpha)
    for topic, prior in enumerate(alpha):
        expected = doc_counts[doc_counts[:, topic] > TRACE, topic].astype(np.float64)
        present = -np.expm1(-expected)
        step[topic] = prior * (present * (psi(expected / present + prior) - psi(prior))).sum()
    learned: NDArray[np.float64] = np.clip(step / max(wanted, 1e-30), *ALPHA_RANGE)
    return learned


def _compiled(function: Function) -> Function:
    compiler = njit(cache=True, fastmath=True, nogil=True, error_model="numpy")
    return cast("Function", compiler(function))


@_compiled
def _visit(batch: Batch, doc_counts: Floats, topics: Topics, fresh: Floats) -> None:
    """Assign the batch's words anew: `doc_counts` is replaced, `fresh` added to.

    Going word by word keeps the word's two rows in the nearest cache, and a batch's
    documents in the next.
    """
    word_counts, inverse, alpha, eta = topics
    lanes = doc_counts.shape[1]
    mixtures = doc_counts + alpha
    doc_counts[:] = _ZERO
    scratch = np.empty((2, lanes + _APART), np.float32)
    share, chance = scratch[0], scratch[1]
    previous = -1
    for pair in range(len(batch.words)):
        count = batch.counts[pair]
        # Unsigned, so that numba need not ask whether an index counts from the end.
        d, w = np.uint64(batch.documents[pair]), np.uint64(batch.words[pair])
        if batch.words[pair] != previous:
            previous = batch.words[pair]
            for k in range(lanes):
                chance[k] = word_counts[w, k] * inverse[k]
        total = _TINY
        for k in range(lanes):
            total += mixtures[d, k] * chance[k]
        # A pair of weight below 1 contributed that weight, not a whole token.
        own = min(count, _ONE) / total
        total = _TINY
        for k in range(lanes):
            own_count = mixtures[d, k] * (chance[k] * own)
            in_document = max(mixtures[d, k] - own_count, alpha[k])
            in_topic = max(word_counts[w, k] - own_count, eta)
            share[k] = in_document * in_topic * inverse[k]
            total += share[k]
        scale = count / total
        for k in range(lanes):
            assigned = share[k] * scale
            doc_counts[d, k] += assigned
            fresh[w, k] += assigned


@_compiled
def _exchange(
    fresh: Floats,
    old: Floats,
    word_counts: Floats,
    span: tuple[int, int],
    totals: NDArray[np.float64],
) -> float:
    """Exchange a block's old counts for its fresh ones on the words of `span`.

    `fresh` (parts x words x topics) is left zero for the next block. `totals` receives the
    span's counts per topic; the return value is the count that changed its topic.
    """
    parts, _, lanes = fresh.shape
    moved = 0.0
    for word in range(span[0], span[1]):
        w = np.uint64(word)
        for p in range(1, parts):
            part = np.uint64(p)
            for k in range(lanes):
                fresh[0, w, k] += fresh[part, w, k]
            for k in range(lanes):
                fresh[part, w, k] = _ZERO
        row_moved = _ZERO
        for k in range(lanes):
            row_moved += abs(fresh[0, w, k] - old[w, k])
        for k in range(lanes):
            word_counts[w, k] += fresh[0, w, k] - old[w, k]
        for k in range(lanes):
            old[w, k] = fresh[0, w, k]
        for k in range(lanes):
            fresh[0, w, k] = _ZERO
        for k in range(lanes):
            totals[k] += word_counts[w, k]
        moved += float(row_moved)
    return moved / 2


@_compiled
def _settle(
    rows: Rows,
    span: tuple[int, int],
    doc_counts: Floats,
    topics: Topics,
    limits: tuple[int, float],
) -> None:
    """Repeat the assignment of each document of `span` by itself until it stays.

    Own counts stay in: with the topics fixed, taking them out predicts the rest of a short
    document worse, and costs a second sweep.
    """
    chance, _, alpha, _ = topics
    lanes = doc_counts.shape[1]
    scratch = np.empty((2, lanes + _APART), np.float32)
    mixture, fresh = scratch[0], scratch[1]
    for document in range(span[0], span[1]):
        d = np.uint64(document)
        length = rows.counts[rows.starts[d] : rows.starts[d + 1]].sum()
        for _ in range(limits[0]):
            for k in range(lanes):
                mixture[k] = doc_counts[d, k] + alpha[k]
            fresh[:] = _ZERO
            for pair in range(rows.starts[d], rows.starts[d + 1]):
                w = np.uint64(rows.words[pair])
                total = _TINY
                for k in range(lanes):
                    total += mixture[k] * chance[w, k]
                scale = rows.counts[pair] / total
                for k in range(lanes):
                    fresh[k] += mixture[k] * chance[w, k] * scale
            moved = _ZERO
            for k in range(lanes):
                moved += abs(fresh[k] - doc_counts[d, k])
                doc_counts[d, k] = fresh[k]
            if moved <= 2 * limits[1] * length:
                break


def _visit_all(part: Part, doc_counts: Floats, topics: Topics, fresh: Floats) -> None:
    for batch in part.batches:
        _visit(batch, doc_counts[batch.first : batch.last], topics, fresh)


def _cut(documents: sparse.csr_matrix) -> list[list[Part]]:
    """Cut the documents into blocks of parts of batches, each of about as many pairs."""
    pairs, words = documents.nnz, documents.shape[1]
    n_blocks = int(np.clip(pairs // (4 * words), 1, MOST_BLOCKS))
    n_parts = int(np.clip(pairs // (4 * words * n_blocks), 2, MOST_PARTS))
    if pairs < SMALLEST_PART * n_blocks:
        n_parts = 1
    targets = np.linspace(0, pairs, n_blocks * n_parts + 1)[1:-1]
    cuts = [0, *np.searchsorted(documents.indptr[1:], targets, side="right"), documents.shape[0]]
    spans = pairwise(cuts)
    parts = [Part(*span, _batches(documents, *span)) for span in spans]
    return [parts[p : p + n_parts] for p in range(0, len(parts), n_parts)]


def _batches(documents: sparse.csr_matrix, first: int, last: int) -> list[Batch]:
    batches = []
    for start in range(first, last, LARGEST_BATCH):
        stop = min(start + LARGEST_BATCH, last)
        by_word = documents[start:stop].tocsc()
        words = np.repeat(np.arange(documents.shape[1], dtype=np.int32), np.diff(by_word.indptr))
        counts = by_word.data.astype(np.float32, copy=False)
        batches.append(Batch(start, stop, by_word.indices.astype(np.int32), words, counts))
    return batches


def _spread_evenly(documents: sparse.csr_matrix, n_topics: int) -> Floats:
    lengths = np.asarray(documents.sum(axis=1), dtype=np.float32).reshape(-1, 1)
    return _pad(np.repeat(lengths / n_topics, n_topics, axis=1))


def _padded(n_topics: int) -> int:
    return -(-n_topics // LANES) * LANES


def _pad(values: NDArray[Any]) -> Floats:
    """Copy values with topics on the last axis into whole lanes of float32."""
    padded = np.zeros((*values.shape[:-1], _padded(values.shape[-1])), np.float32)
    padded[..., : values.shape[-1]] = values
    return padded


def _even_spans(length: int, parts: int) -> list[tuple[int, int]]:
    bounds = [length * part // parts for part in range(parts + 1)]
    return list(pairwise(bounds))


def _alpha_is_due(n_iter: int) -> bool:
    return n_iter >= ALPHA_FIRST and n_iter % ALPHA_EVERY == 0


@contextmanager
def _threads(n_jobs: int) -> Iterator[Run]:
    """Yield a function that runs one compiled loop on many arguments, in their order."""
    if n_jobs == 1:
        yield lambda function, tasks: [function(*task) for task in tasks]
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        yield lambda function, tasks: list(pool.map(lambda task: function(*task), tasks))

"""Order of the work: a corpus cut into blocks, parts and batches, and passes over them.

CVB0 is made incremental in the manner of Neal and Hinton (1998): the documents are visited
block by block, and a block's old expected counts are exchanged for its new ones before the
next block is visited.

Blocks are cut into parts, each with its own table of fresh counts. Blocks and parts follow
from the corpus, never from the number of threads, and tables are added in a fixed order:
any number of threads gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import psi

from rare_topics.topics._loops import Batch, Floats, Rows, Topics, exchange, pad, settle, visit

Run = Callable[[Callable[..., Any], list[tuple[Any, ...]]], list[Any]]

LARGEST_BATCH = 512
MOST_BLOCKS = 8
MOST_PARTS = 8
SMALLEST_PART = 32_768
ALPHA_RANGE = (1e-4, 10.0)
ALPHA_FIRST, ALPHA_EVERY = 10, 5
TRACE = 1e-3


class Part(NamedTuple):
    """Batches of consecutive documents, visited by one thread."""

    first: int
    last: int
    batches: list[Batch]


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
    table = pad(topic_term.T)
    topics = Topics(table, np.ones(table.shape[1], np.float32), pad(settings.alpha), np.float32(0))
    doc_counts = _spread_evenly(documents, n_topics)
    rows = Rows(
        documents.indptr.astype(np.int64),
        documents.indices.astype(np.int32, copy=False),
        documents.data.astype(np.float32, copy=False),
    )
    limits = settings.max_iter, settings.tol
    with _threads(settings.n_jobs) as run:
        spans = _even_spans(len(doc_counts), 4 * settings.n_jobs)
        run(settle, [(rows, span, doc_counts, topics, limits) for span in spans])
    return doc_counts[:, :n_topics].astype(np.float64)


class _Learner:
    """Tables of one run of `learn`, updated in place pass by pass."""

    def __init__(self, settings: Settings, blocks: list[list[Part]], doc_counts: Floats, words: int) -> None:
        self.settings = settings
        self.alpha = settings.alpha
        self._blocks = blocks
        self._doc_counts = doc_counts
        shape = words, doc_counts.shape[1]
        self._word_counts = pad(np.full((words, len(self.alpha)), settings.eta))
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
            exchange,
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
        return Topics(self._word_counts, inverse, pad(self.alpha), eta)


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


def _visit_all(part: Part, doc_counts: Floats, topics: Topics, fresh: Floats) -> None:
    for batch in part.batches:
        visit(batch, doc_counts[batch.first : batch.last], topics, fresh)


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
    return pad(np.repeat(lengths / n_topics, n_topics, axis=1))


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

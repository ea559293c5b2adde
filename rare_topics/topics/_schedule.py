"""How learning proceeds: from a random start on a part of the documents to passes over all.

A random start tells topics apart slowly, and that is found out on few documents as well as on
many. So learning starts from what some passes over a random half of the documents have found,
and these from a half of that half, as long as there are enough.

A block's words are split between parts that write to no common row, and sums over parts have
a fixed order: any number of threads gives the same bits.
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

from rare_topics.topics._kernels import ALPHA, Documents, Floats, Plan, Tables, close, gather, passes, settle, visit
from rare_topics.topics._learner import Learner, Settings, filled, lengths, spread_evenly
from rare_topics.topics._plan import cut
from rare_topics.topics._registers import plain, table

Run = Callable[[Callable[..., Any], list[tuple[Any, ...]]], list[Any]]

# Topics that fewer documents suggest are in the way later.
SMALLEST_START = 300
PASSES_BEFORE_DOUBLING = 4
ALPHA_RANGE = (1e-4, 10.0)
ALPHA_FIRST, ALPHA_EVERY = 10, 5
TRACE = 1e-3


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
    start: NDArray[Any] | None = None,
) -> Learned:
    """Learn topics from counts (documents x words).

    `past` (words x topics) holds expected counts of documents seen earlier: they stay as
    they are, and the new documents start from the topics they describe. `start` is like
    `past`, but forgotten after the first pass.
    """
    shuffled = documents[random_state.permutation(documents.shape[0])]
    if past is None and start is None:
        start = _start(shuffled, settings, random_state)
    plan = cut(shuffled)
    with _threads(min(settings.n_jobs, plan.groups.shape[1])) as run:
        learner = _OnThreads(settings, shuffled, plan, run)
        if past is not None:
            learner.start_after(past)
        elif start is not None:
            learner.start_after(start)
            learner.forget_start()
        else:
            learner.start_anywhere(shuffled, random_state)
        n_iter = learner.settle(tolerated=settings.tol * float(documents.sum()))
    word_counts = learner.learned_counts()
    return Learned(word_counts if past is None else word_counts + past, learner.alpha, n_iter)


def _start(documents: sparse.csr_matrix, settings: Settings, random_state: np.random.RandomState) -> Floats | None:
    """Learn roughly from the first half, which starts from its own first half, and so on."""
    half = documents[: documents.shape[0] // 2]
    if half.shape[0] < SMALLEST_START or half.nnz == 0:
        return None
    roughly = settings._replace(max_iter=PASSES_BEFORE_DOUBLING, tol=0.0, learn_alpha=False)
    return learn(half, roughly, random_state=random_state).word_counts


def fold_in(documents: sparse.csr_matrix, topic_term: NDArray[np.float64], settings: Settings) -> NDArray[np.float64]:
    """Return expected counts (documents x topics), the topics held fixed."""
    n_topics = len(settings.alpha)
    topics = filled(topic_term.T), filled(settings.alpha.reshape(1, -1))
    doc_counts = filled(spread_evenly(documents, n_topics))
    rows = Documents(
        documents.indptr.astype(np.int64),
        documents.indices.astype(np.int32, copy=False),
        documents.data.astype(np.float32, copy=False),
    )
    limits = settings.max_iter, settings.tol
    n_spans = 1 if settings.n_jobs == 1 else 4 * settings.n_jobs
    spans = pairwise(np.linspace(0, len(doc_counts), n_spans + 1).astype(int).tolist())
    tasks = [(rows, span, doc_counts, topics, limits) for span in spans]
    with _threads(settings.n_jobs) as run:
        run(settle, tasks) if run else settle(*tasks[0])
    return plain(doc_counts)[:, :n_topics].astype(np.float64)


class _OnThreads(Learner):
    """Visits documents in memory, the parts of a block by as many threads as there are."""

    def __init__(self, settings: Settings, documents: sparse.csr_matrix, plan: Plan, run: Run | None) -> None:
        n_blocks, n_parts, _ = plan.groups.shape
        super().__init__(settings, n_words=documents.shape[1], n_blocks=n_blocks)
        n_topics = len(self.alpha)
        self._plan, self._run = plan, run
        self._tables = Tables(
            word_counts=self.word_counts,
            old=self.old,
            fresh=table(documents.shape[1], n_topics),
            mixtures=filled(spread_evenly(documents, n_topics) + self.alpha),
            gathered=table((n_parts, int(np.diff(plan.bounds).max())), n_topics),
            changed=table(n_parts, n_topics),
            constants=self.constants,
            totals=self.totals,
            seen=np.zeros(n_blocks, np.float32),
        )

    def start_anywhere(self, documents: sparse.csr_matrix, random_state: np.random.RandomState) -> None:
        """Let every word of a document have the document's random mixture."""
        n_topics = len(self.alpha)
        mixtures = random_state.dirichlet(np.ones(n_topics), documents.shape[0])
        plain(self._tables.mixtures)[:, :n_topics] = mixtures * lengths(documents) + self.alpha
        for old, (first, last) in zip(plain(self.old), pairwise(self._plan.bounds), strict=True):
            old[:, :n_topics] = documents[first:last].T @ mixtures[first:last]
            plain(self.word_counts)[:] += old
        self._tables.seen[:] = 1
        self.count_totals()

    def passes(self, most: int, tolerated: float) -> tuple[int, float]:
        """Leave the passes to compiled code where there is one thread; else do the same in several."""
        if self._run is None:
            made, moved = passes(self._plan, self._tables, self.eta, (most, tolerated))
            return int(made), float(moved)
        n_iter, moved = 0, np.inf
        while n_iter < most and moved > tolerated:
            n_iter, moved = n_iter + 1, 0.0
            for block in range(len(self.old)):
                places = [(self._plan, self._tables, block, part) for part in range(len(self._tables.gathered))]
                for part_moved in self._run(visit, [(*place, self.eta) for place in places]):
                    moved += float(part_moved)
                self._run(gather, places)
                close(self._tables, block)
        return n_iter, moved

    def settle(self, *, tolerated: float, made: int = 0) -> int:
        """Make passes as ever; where alpha is learned, fit it to the mixtures in between."""
        if not self.settings.learn_alpha:
            return super().settle(tolerated=tolerated, made=made)
        while made < self.settings.max_iter:
            due = ALPHA_EVERY if made else ALPHA_FIRST
            more, moved = self.passes(min(due, self.settings.max_iter - made), tolerated)
            made += more
            if moved <= tolerated:
                break
            if more == due:
                self._learn_alpha()
        return made

    def _learn_alpha(self) -> None:
        mixtures, n_topics = plain(self._tables.mixtures), len(self.alpha)
        learned = minka_step(mixtures[:, :n_topics] - self.alpha.astype(np.float32), self.alpha)
        mixtures[:, :n_topics] += learned - self.alpha
        plain(self.constants)[ALPHA, :n_topics] = learned
        self.alpha = learned


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


@contextmanager
def _threads(n_jobs: int) -> Iterator[Run | None]:
    """Yield a function that runs one compiled loop on many arguments, in their order; None for one thread."""
    if n_jobs == 1:
        yield None
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        yield lambda function, tasks: list(pool.map(lambda task: function(*task), tasks))

"""How topics are learned: from a random start on a part of the documents to passes over all of them.

A random start separates topics slowly, and few documents show that as well as many. So learning
starts from what some passes over a random half of the documents have found, and these from a half
of that half, as long as there are enough.

The order of the visits follows from the corpus and never from the number of threads: a corpus is
cut into blocks, visited one after the other; a block into parts that share no word, visited at
once by several threads; a part into batches of documents that fit the cache. Sums over parts are
added in a fixed order, so any number of threads gives the same bits.
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

from rare_topics.topics._kernels import (
    ALPHA_ROW,
    INVERSE_TOTALS_ROW,
    CompressedRows,
    ExpectedCounts,
    Floats,
    Rows,
    VisitPlan,
    e_step_block,
    fold_in_documents,
    passes_on_one_thread,
    reduce_mixtures,
    update_totals,
)
from rare_topics.topics.simd_rows import as_array, zero_rows

RunTasks = Callable[[Callable[..., Any], list[tuple[Any, ...]]], list[Any]]

# Topics that fewer documents suggest stay in the way when the others join. This and the next four
# were chosen with benchmarks/speed_lda.py on its split 0 (two cores).
MIN_START_DOCUMENTS = 300
PASSES_PER_START = 4
MAX_BATCH_DOCUMENTS = 1024
MAX_BLOCKS = 8
MAX_PARTS = 4
# With fewer pairs in a block than this for each word, exchanging counts costs more than it teaches.
MIN_PAIRS_PER_WORD = 4
# A smaller part is done before another thread has woken.
MIN_PART_PAIRS = 8_192
# Alpha is held within this range, and fitted after so many passes and then every so many; by hand.
ALPHA_RANGE = (1e-4, 10.0)
FIRST_ALPHA_UPDATE, ALPHA_UPDATE_INTERVAL = 10, 5
# Smaller expected counts of a topic in a document do not speak for the topic's alpha.
MIN_ALPHA_COUNT = 1e-3


class LdaSettings(NamedTuple):
    """Priors, stopping rule and threads of one run; see `TopicModel`.

    Attributes
    ----------
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures.
    eta : float
        Prior of the topics' words.
    learn_alpha : bool
        Whether alpha is fitted.
    max_iter : int
        Largest number of passes.
    tol : float
        Share of all tokens that may still move.
    n_jobs : int
        Threads, one or more.
    """

    alpha: NDArray[np.float64]
    eta: float
    learn_alpha: bool
    max_iter: int
    tol: float
    n_jobs: int


class LearnedTopics(NamedTuple):
    """What learning gives.

    Attributes
    ----------
    word_topic : ndarray of shape (n_words, n_topics)
        Expected counts N_wk, without eta.
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures, as given or as fitted.
    n_iter : int
        Passes over all documents.
    """

    word_topic: Floats
    alpha: NDArray[np.float64]
    n_iter: int


def learn(
    documents: sparse.csr_matrix,
    settings: LdaSettings,
    *,
    random_state: np.random.RandomState,
    past: NDArray[Any] | None = None,
    start: NDArray[Any] | None = None,
) -> LearnedTopics:
    """Learn topics from counts.

    Parameters
    ----------
    documents : csr_matrix of shape (n_documents, n_words)
        Counts of words.
    settings
        Priors, stopping rule, threads.
    random_state
        Shuffles the documents and draws the start.
    past : ndarray of shape (n_words, n_topics), optional
        Expected counts of documents seen earlier: they stay as they are, and the new documents
        start from the topics they describe.
    start : ndarray of shape (n_words, n_topics), optional
        Like `past`, but forgotten after the first pass.

    Returns
    -------
    LearnedTopics
        Expected counts, `past` included.
    """
    shuffled = documents[random_state.permutation(documents.shape[0])]
    if past is None and start is None:
        start = _learn_from_half(shuffled, settings, random_state)
    plan = plan_visits(shuffled)
    with _threads(min(settings.n_jobs, plan.part_groups.shape[1])) as run_tasks:
        learner = _Learner(settings, shuffled, plan, run_tasks)
        if past is not None:
            learner.add_counts(past)
        elif start is not None:
            learner.add_counts(start)
            learner.make_passes(1, 0.0)
            learner.remove_added_counts()
        else:
            learner.start_at_random(shuffled, random_state)
        n_iter = learner.make_passes_until_stable(settings.tol * float(documents.sum()))
    word_topic = learner.learned_word_topic()
    return LearnedTopics(word_topic if past is None else word_topic + past, learner.alpha, n_iter)


def _learn_from_half(
    documents: sparse.csr_matrix, settings: LdaSettings, random_state: np.random.RandomState
) -> Floats | None:
    """Learn roughly from the first half, which starts from its own first half, and so on."""
    half = documents[: documents.shape[0] // 2]
    if half.shape[0] < MIN_START_DOCUMENTS or half.nnz == 0:
        return None
    few_passes = settings._replace(max_iter=PASSES_PER_START, tol=0.0, learn_alpha=False)
    return learn(half, few_passes, random_state=random_state).word_topic


def fold_in(
    documents: sparse.csr_matrix, topic_term: NDArray[np.float64], settings: LdaSettings
) -> NDArray[np.float64]:
    """Find how many words of each document belong to each topic, the topics held fixed.

    Parameters
    ----------
    documents : csr_matrix of shape (n_documents, n_words)
        Counts of words.
    topic_term : ndarray of shape (n_topics, n_words)
        Topics; rows sum to 1.
    settings
        `max_iter` rounds at most, until less than `tol` of a document's words move.

    Returns
    -------
    ndarray of shape (n_documents, n_topics)
        Expected counts N_kj, without alpha.
    """
    n_topics = len(settings.alpha)
    topics = padded_rows(topic_term.T), padded_rows(settings.alpha.reshape(1, -1))
    doc_topic = padded_rows(_even_counts(documents, n_topics))
    rows = CompressedRows(
        documents.indptr.astype(np.int64),
        documents.indices.astype(np.int32, copy=False),
        documents.data.astype(np.float32, copy=False),
    )
    limits = settings.max_iter, settings.tol
    n_spans = 1 if settings.n_jobs == 1 else 4 * settings.n_jobs
    spans = pairwise(np.linspace(0, len(doc_topic), n_spans + 1).astype(int).tolist())
    tasks = [(rows, span, doc_topic, topics, limits) for span in spans]
    with _threads(settings.n_jobs) as run_tasks:
        run_tasks(fold_in_documents, tasks) if run_tasks else fold_in_documents(*tasks[0])
    return as_array(doc_topic)[:, :n_topics].astype(np.float64)


class _Learner:
    """Expected counts of one run, renewed in place pass by pass.

    Parameters
    ----------
    settings
        Priors and stopping rule.
    documents : csr_matrix of shape (n_documents, n_words)
        Counts of words.
    plan
        Order of the visits; from `plan_visits`.
    run_tasks
        Runs a loop on several threads; None for one thread.
    """

    def __init__(
        self, settings: LdaSettings, documents: sparse.csr_matrix, plan: VisitPlan, run_tasks: RunTasks | None
    ) -> None:
        n_blocks, n_parts, _ = plan.part_groups.shape
        n_words, n_topics = documents.shape[1], len(settings.alpha)
        self.alpha = settings.alpha
        self._settings, self._eta = settings, np.float32(settings.eta)
        self._plan, self._run_tasks = plan, run_tasks
        constants = zero_rows(3, n_topics)
        as_array(constants)[ALPHA_ROW, :n_topics] = self.alpha
        self._expected = ExpectedCounts(
            word_topic=padded_rows(np.full((n_words, n_topics), settings.eta)),
            block_word_topic=zero_rows((n_blocks, n_words), n_topics),
            new_word_topic=zero_rows(n_words, n_topics),
            doc_topic=padded_rows(_even_counts(documents, n_topics) + self.alpha),
            part_doc_topic=zero_rows((n_parts, int(np.diff(plan.block_bounds).max())), n_topics),
            part_change=zero_rows(n_parts, n_topics),
            constants=constants,
            topic_totals=np.zeros(as_array(constants).shape[1]),
            is_visited=np.zeros(n_blocks, np.float32),
        )

    def start_at_random(self, documents: sparse.csr_matrix, random_state: np.random.RandomState) -> None:
        """Draw a mixture for each document, and assign all its words by it.

        Parameters
        ----------
        documents : csr_matrix of shape (n_documents, n_words)
            Counts of words.
        random_state
            Draws the mixtures.
        """
        n_topics = len(self.alpha)
        mixtures = random_state.dirichlet(np.ones(n_topics), documents.shape[0])
        as_array(self._expected.doc_topic)[:, :n_topics] = mixtures * _lengths(documents) + self.alpha
        word_topic, by_block = as_array(self._expected.word_topic), as_array(self._expected.block_word_topic)
        for of_block, (first, last) in zip(by_block, pairwise(self._plan.block_bounds), strict=True):
            of_block[:, :n_topics] = documents[first:last].T @ mixtures[first:last]
            word_topic += of_block
        self._expected.is_visited[:] = 1
        self._sum_totals()

    def add_counts(self, word_topic: NDArray[Any]) -> None:
        """Add expected counts (words x topics) that no pass takes out again."""
        as_array(self._expected.word_topic)[:, : len(self.alpha)] += word_topic
        self._sum_totals()

    def remove_added_counts(self) -> None:
        """Keep only the counts that the documents have been assigned, and eta."""
        as_array(self._expected.word_topic)[:, : len(self.alpha)] = self.learned_word_topic() + self._eta
        self._sum_totals()

    def make_passes(self, max_passes: int, max_moved: float) -> tuple[int, float]:
        """Visit all blocks up to `max_passes` times, until a pass moves no more than `max_moved` words.

        Parameters
        ----------
        max_passes
            Largest number of passes.
        max_moved
            Count of words that may still change their topic.

        Returns
        -------
        n_passes, words_moved
            Passes made, and the count that the last one moved.
        """
        expected, plan, run_tasks = self._expected, self._plan, self._run_tasks
        if run_tasks is None:
            n_passes, words_moved = passes_on_one_thread(plan, expected, self._eta, (max_passes, max_moved))
            return int(n_passes), float(words_moved)
        n_blocks, n_parts, _ = plan.part_groups.shape
        n_passes, words_moved = 0, np.inf
        while n_passes < max_passes and words_moved > max_moved:
            n_passes, words_moved = n_passes + 1, 0.0
            for block in range(n_blocks):
                parts = [(plan, expected, block, part) for part in range(n_parts)]
                for moved in run_tasks(e_step_block, [(*arguments, self._eta) for arguments in parts]):
                    words_moved += float(moved)
                run_tasks(reduce_mixtures, parts)
                update_totals(expected, block)
        return n_passes, words_moved

    def make_passes_until_stable(self, max_moved: float) -> int:
        """Make passes until one moves no more than `max_moved` words; fit alpha in between if wanted.

        Returns
        -------
        int
            Passes made.
        """
        max_iter, n_passes = self._settings.max_iter, 0
        if not self._settings.learn_alpha:
            return self.make_passes(max_iter, max_moved)[0]
        while n_passes < max_iter:
            interval = ALPHA_UPDATE_INTERVAL if n_passes else FIRST_ALPHA_UPDATE
            made, words_moved = self.make_passes(min(interval, max_iter - n_passes), max_moved)
            n_passes += made
            if words_moved <= max_moved:
                break
            if made == interval:
                self._update_alpha()
        return n_passes

    def learned_word_topic(self) -> Floats:
        """Return N_wk of all blocks, of shape (n_words, n_topics), without eta and what was added."""
        counts: Floats = as_array(self._expected.block_word_topic)[..., : len(self.alpha)].sum(axis=0)
        return counts

    def _update_alpha(self) -> None:
        doc_topic, n_topics = as_array(self._expected.doc_topic), len(self.alpha)
        fitted = minka_fixed_point(doc_topic[:, :n_topics] - self.alpha.astype(np.float32), self.alpha)
        doc_topic[:, :n_topics] += fitted - self.alpha
        as_array(self._expected.constants)[ALPHA_ROW, :n_topics] = fitted
        self.alpha = fitted

    def _sum_totals(self) -> None:
        """Sum N_k anew, and renew the factors 1 / N_k."""
        totals = self._expected.topic_totals
        totals[:] = as_array(self._expected.word_topic).sum(axis=0, dtype=np.float64)
        inverse = as_array(self._expected.constants)[INVERSE_TOTALS_ROW]
        np.divide(1, totals, out=inverse, where=totals > 0, casting="same_kind")


def minka_fixed_point(doc_topic: NDArray[Any], alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make one step of the fixed-point iteration for alpha (Minka 2000, eq. 55) on expected counts.

    An expected count of 0.01 is most likely no token at all; weighting by the Poisson chance of
    at least one keeps such traces from driving alpha up.

    Parameters
    ----------
    doc_topic : ndarray of shape (n_documents, n_topics)
        Expected counts N_kj, without alpha.
    alpha : ndarray of shape (n_topics,)
        Where the step starts from.

    Returns
    -------
    ndarray of shape (n_topics,)
        The next alpha, within `ALPHA_RANGE`.
    """
    lengths = doc_topic.sum(axis=1, dtype=np.float64)  # N_j
    denominator = (psi(lengths + alpha.sum()) - psi(alpha.sum())).sum()
    numerators = np.empty_like(alpha)
    for topic, prior in enumerate(alpha):
        expected = doc_topic[doc_topic[:, topic] > MIN_ALPHA_COUNT, topic].astype(np.float64)
        present = -np.expm1(-expected)
        numerators[topic] = prior * (present * (psi(expected / present + prior) - psi(prior))).sum()
    fitted: NDArray[np.float64] = np.clip(numerators / max(denominator, 1e-30), *ALPHA_RANGE)
    return fitted


class _PartPlan(NamedTuple):
    """What one thread visits in a block; as in `VisitPlan`, with the number of pairs in each group."""

    documents: NDArray[np.int32]
    counts: NDArray[np.float32]
    words: NDArray[np.int32]
    group_sizes: NDArray[np.int64]
    is_first_of_word: NDArray[np.bool_]
    is_last_of_word: NDArray[np.bool_]


def plan_visits(documents: sparse.csr_matrix) -> VisitPlan:
    """Plan the visits of documents (documents x words), in their order."""
    n_words = documents.shape[1]
    n_blocks = int(np.clip(documents.nnz // (MIN_PAIRS_PER_WORD * n_words), 1, MAX_BLOCKS))
    block_bounds = np.unique(_even_spans(documents.indptr, n_blocks))
    n_blocks = len(block_bounds) - 1
    n_parts = MAX_PARTS if documents.nnz >= MIN_PART_PAIRS * MAX_PARTS * n_blocks else 1
    pairs_before_word = np.append(0, np.cumsum(np.bincount(documents.indices, minlength=n_words)))
    word_bounds = _even_spans(pairs_before_word, n_parts)
    parts = []
    for first, last in pairwise(block_bounds):
        starts = range(first, last, MAX_BATCH_DOCUMENTS)
        batches = [documents[start : min(start + MAX_BATCH_DOCUMENTS, last)].tocsc() for start in starts]
        parts += [_plan_part(batches, starts, low, high) for low, high in pairwise(word_bounds)]
    group_ends = np.cumsum([len(part.words) for part in parts])
    part_groups = np.stack([np.append(0, group_ends[:-1]), group_ends], axis=1)
    return VisitPlan(
        documents=np.concatenate([part.documents for part in parts]),
        counts=np.concatenate([part.counts for part in parts]),
        words=np.concatenate([part.words for part in parts]),
        starts=np.append(0, np.cumsum(np.concatenate([part.group_sizes for part in parts]))),
        is_first_of_word=np.concatenate([part.is_first_of_word for part in parts]),
        is_last_of_word=np.concatenate([part.is_last_of_word for part in parts]),
        part_groups=part_groups.reshape(-1, n_parts, 2),
        block_bounds=block_bounds,
    )


def _plan_part(batches: list[sparse.csc_matrix], starts: range, low: int, high: int) -> _PartPlan:
    """Take the words from `low` to `high` out of every batch; batch b begins with document ``starts[b]``."""
    documents, counts, words, group_sizes = [], [], [], []
    for batch, start in zip(batches, starts, strict=True):
        pairs = slice(batch.indptr[low], batch.indptr[high])
        sizes = np.diff(batch.indptr[low : high + 1])
        documents.append(batch.indices[pairs] + start)
        counts.append(batch.data[pairs])
        words.append(np.flatnonzero(sizes) + low)
        group_sizes.append(sizes[sizes > 0])
    words_in_order = np.concatenate(words)
    return _PartPlan(
        documents=np.concatenate(documents, dtype=np.int32),
        counts=np.concatenate(counts, dtype=np.float32),
        words=words_in_order.astype(np.int32),
        group_sizes=np.concatenate(group_sizes, dtype=np.int64),
        is_first_of_word=_first_occurrences(words_in_order),
        is_last_of_word=_first_occurrences(words_in_order[::-1])[::-1],
    )


def _first_occurrences(words: NDArray[Any]) -> NDArray[np.bool_]:
    """Mark where each word stands for the first time."""
    is_first = np.zeros(len(words), bool)
    is_first[np.unique(words, return_index=True)[1]] = True
    return is_first


def _even_spans(ends: NDArray[Any], n_spans: int) -> NDArray[np.int64]:
    """Cut rows into spans of about as many entries; row r has the entries ``ends[r]`` to ``ends[r + 1]``."""
    targets = np.linspace(0, ends[-1], n_spans + 1)[1:-1]
    return np.array([0, *np.searchsorted(ends, targets), len(ends) - 1], np.int64)


def padded_rows(values: NDArray[Any]) -> Rows:
    """Copy an array (rows x topics) into rows as the compiled loops take them."""
    rows = zero_rows(len(values), values.shape[1])
    as_array(rows)[:, : values.shape[1]] = values
    return rows


def _even_counts(documents: sparse.csr_matrix, n_topics: int) -> NDArray[np.float32]:
    """Give each topic an equal part of each document's words, of shape (n_documents, n_topics)."""
    return np.repeat(_lengths(documents) / n_topics, n_topics, axis=1)


def _lengths(documents: sparse.csr_matrix) -> NDArray[np.float32]:
    """Count the words of each document, of shape (n_documents, 1)."""
    return np.asarray(documents.sum(axis=1), dtype=np.float32).reshape(-1, 1)


@contextmanager
def _threads(n_jobs: int) -> Iterator[RunTasks | None]:
    """Yield a function that runs one compiled loop on many arguments, in their order; None for one thread."""
    if n_jobs == 1:
        yield None
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        yield lambda function, tasks: list(pool.map(lambda task: function(*task), tasks))

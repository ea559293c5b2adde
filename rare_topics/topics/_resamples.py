"""Fits of topics to random parts of the articles, in several threads."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

from rare_topics.runtime.parallel import single_blas_thread


class ArticleSampler:
    """Draws random articles for a fit.

    Parameters
    ----------
    counts : csr_matrix of shape (n_documents, n_words)
        Counts of the documents to draw from.
    groups : ndarray of shape (n_documents,)
        Article of each document.
    word_shares : ndarray of shape (n_words,)
        Share of each word in the corpus.
    n_articles_per_run
        Articles to draw.
    max_shuffled
        Of more articles, some are drawn without shuffling all.

    Attributes
    ----------
    words : ndarray
        Words that the documents have; `counts` and `word_shares` are restricted to them, since
        a fit spends its time on words.
    articles : ndarray
        The articles to draw from.
    """

    def __init__(
        self,
        counts: sparse.csr_matrix,
        groups: NDArray[np.int64],
        *,
        word_shares: NDArray[np.float64],
        n_articles_per_run: int,
        max_shuffled: float,
    ) -> None:
        self.words = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
        self.counts, self.word_shares = counts[:, self.words], word_shares[self.words]
        self.articles = np.unique(groups)
        self._groups = groups
        self._n_articles = min(n_articles_per_run, len(self.articles))
        self._is_shuffled = len(self.articles) <= max_shuffled

    def draw_rows(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw articles, and return the rows of all their documents."""
        if self._is_shuffled:
            drawn = rng.permutation(self.articles)[: self._n_articles]
        else:
            drawn = rng.choice(self.articles, self._n_articles, replace=False, shuffle=False)
        return np.flatnonzero(np.isin(self._groups, drawn))


class ResampleFits:
    """Fits to the first few of some random parts of the articles; each is made once, whoever asks for it.

    Parameters
    ----------
    sampler
        Draws the parts.
    learn
        Makes a fit: `learn_parts` or `learn_topics`.
    n_draws
        Number of parts.
    random_state
        Seed of the parts, and of the seeds of the fits.
    pool
        Makes as many fits at a time as it has threads.
    """

    def __init__(
        self,
        sampler: ArticleSampler,
        *,
        learn: Callable[..., NDArray[np.float64]],
        n_draws: int,
        random_state: int,
        pool: ThreadPoolExecutor,
    ) -> None:
        rng = np.random.default_rng(random_state)
        self._draws = [(sampler.draw_rows(rng), int(rng.integers(2**31))) for _ in range(n_draws)]
        self._counts, self._learn, self._pool = sampler.counts, learn, pool
        self._fits: dict[tuple[int, int], Future[sparse.csr_array]] = {}

    def begin(self, n_topics: int, n_runs: int) -> None:
        """Begin the fits of so many topics to the first `n_runs` parts, but for those begun before."""
        for number in range(n_runs):
            if (n_topics, number) not in self._fits:
                self._fits[n_topics, number] = self._pool.submit(self._fit, n_topics, number)

    def topics(self, n_topics: int, n_runs: int) -> list[NDArray[np.float64]]:
        """Return the topics of these fits, each of shape (n_topics, n_words)."""
        self.begin(n_topics, n_runs)
        return [self._fits[n_topics, number].result().toarray() for number in range(n_runs)]

    def _fit(self, n_topics: int, number: int) -> sparse.csr_array:
        rows, random_state = self._draws[number]
        # All fits are kept until a number of topics is chosen, and most words of most topics are 0.
        return sparse.csr_array(self._learn(self._counts[rows], n_topics, random_state=random_state))


@contextmanager
def fitting_threads(n_jobs: int) -> Iterator[ThreadPoolExecutor]:
    """Start threads for fits, in each of which linear algebra uses no more threads of its own.

    Parameters
    ----------
    n_jobs
        Number of threads.

    Yields
    ------
    ThreadPoolExecutor
    """
    with single_blas_thread(), warnings.catch_warnings():
        # Topics of single fits are averaged, so that the last digits of one do not matter.
        warnings.simplefilter("ignore", ConvergenceWarning)
        pool = ThreadPoolExecutor(n_jobs)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)

"""The passes that renew expected counts, whoever visits the documents.

CVB0 is made incremental in the manner of Neal and Hinton (1998): the documents are visited
block by block, and a block's old expected counts are exchanged for its new ones before the
next block is visited. Within a block everything is read as it was when the block began, so
its documents may be visited by several threads, or on several machines.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rare_topics.topics._kernels import ALPHA, INVERSE, Floats, Rows
from rare_topics.topics._registers import plain, table


class Settings(NamedTuple):
    """Priors, stopping rule and threads of one run; see `TopicModel`."""

    alpha: NDArray[np.float64]
    eta: float
    learn_alpha: bool
    max_iter: int
    tol: float
    n_jobs: int


class Learner(ABC):
    """Expected counts of one run, renewed in place pass by pass.

    Parameters
    ----------
    settings
        Priors and stopping rule.
    n_words, n_blocks
        Size of the vocabulary, and number of blocks that the documents are cut into.
    """

    def __init__(self, settings: Settings, *, n_words: int, n_blocks: int) -> None:
        n_topics = len(settings.alpha)
        self.settings, self.alpha, self.eta = settings, settings.alpha, np.float32(settings.eta)
        self.word_counts = filled(np.full((n_words, n_topics), settings.eta))
        self.old = table((n_blocks, n_words), n_topics)
        self.constants = table(3, n_topics)
        self.totals = np.zeros(plain(self.constants).shape[1])
        plain(self.constants)[ALPHA, :n_topics] = self.alpha

    @abstractmethod
    def passes(self, most: int, tolerated: float) -> tuple[int, float]:
        """Visit all blocks up to `most` times, until one pass moves no more than `tolerated`.

        Returns
        -------
        made, moved
            Passes made, and the count that the last one moved.
        """

    def start_after(self, past: NDArray[Any]) -> None:
        """Add counts of earlier documents, which no pass takes out again."""
        plain(self.word_counts)[:, : len(self.alpha)] += past
        self.count_totals()

    def forget_start(self) -> None:
        """Make a pass, and keep but what it has assigned."""
        self.passes(1, 0.0)
        self.forget_all_but_learned()

    def forget_all_but_learned(self) -> None:
        """Keep but what the documents have been assigned."""
        plain(self.word_counts)[:, : len(self.alpha)] = self.learned_counts() + self.eta
        self.count_totals()

    def settle(self, *, tolerated: float, made: int = 0) -> int:
        """Make passes after those `made` until one moves no more than `tolerated`; return how many."""
        return made + self.passes(self.settings.max_iter - made, tolerated)[0]

    def learned_counts(self) -> Floats:
        """Return what all blocks have given, words x topics."""
        counts: Floats = plain(self.old)[..., : len(self.alpha)].sum(axis=0)
        return counts

    def count_totals(self) -> None:
        """Sum the counts of each topic anew."""
        self.totals[:] = plain(self.word_counts).sum(axis=0, dtype=np.float64)
        self.invert_totals()

    def invert_totals(self) -> None:
        """Renew the factors that the loops multiply by."""
        inverse = plain(self.constants)[INVERSE]
        np.divide(1, self.totals, out=inverse, where=self.totals > 0, casting="same_kind")


def filled(values: NDArray[Any]) -> Rows:
    """Return a table of rows that hold `values`."""
    rows = table(len(values), values.shape[1])
    plain(rows)[:, : values.shape[1]] = values
    return rows


def spread_evenly(documents: sparse.csr_matrix, n_topics: int) -> NDArray[np.float32]:
    """Give each topic an equal part of each document's words."""
    return np.repeat(lengths(documents) / n_topics, n_topics, axis=1)


def lengths(documents: sparse.csr_matrix) -> NDArray[np.float32]:
    """Count the words of each document, of shape (n_documents, 1)."""
    return np.asarray(documents.sum(axis=1), dtype=np.float32).reshape(-1, 1)

"""Documents of a block that are visited apart from the others, wherever they lie.

Within a block everything is read as it was when the block began, so bundles of its documents
are visited by themselves, by the same compiled loops, and their counts added up. Sums are
kept in whole numbers of a thousand-millionth: they are the same in whatever order and on
however many machines they are added.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rare_topics.topics._kernels import ALPHA, INVERSE, Floats, Plan, Tables, gather, visit
from rare_topics.topics._learner import filled, lengths
from rare_topics.topics._registers import plain, table

# A count of 1 in the whole numbers that are added up.
ONE = 2.0**30


class Bundle(NamedTuple):
    """Documents in the order in which they are visited, word by word.

    Attributes
    ----------
    documents, counts : ndarray of shape (n_pairs,)
        Document and count of each pair of a document and a word.
    words, sizes : ndarray of shape (n_words_of_the_bundle,)
        Its words, and how many pairs each has.
    lengths : ndarray of shape (n_documents,)
        Words of each document.
    """

    documents: NDArray[np.int32]
    counts: Floats
    words: NDArray[np.int32]
    sizes: NDArray[np.int32]
    lengths: Floats

    @classmethod
    def of(cls, documents: sparse.csr_array) -> Self:
        """Put counts (documents x words) in the order of the visit."""
        by_word = documents.tocsc()
        sizes = np.diff(by_word.indptr)
        words = np.flatnonzero(sizes)
        return cls(
            by_word.indices.astype(np.int32),
            by_word.data.astype(np.float32),
            words.astype(np.int32),
            sizes[words].astype(np.int32),
            lengths(documents).ravel(),
        )


class State(NamedTuple):
    """What all bundles of a block are visited with.

    Attributes
    ----------
    word_counts : ndarray of shape (n_words, n_topics)
        Counts in all documents, eta added.
    alpha, inverse : ndarray of shape (n_topics,)
        Prior of the mixtures, and 1 / total of each topic.
    eta
        Prior of the topics.
    seen
        Whether the block has been visited before.
    """

    word_counts: Floats
    alpha: NDArray[np.float64]
    inverse: Floats
    eta: np.float32
    seen: bool


class Visitor:
    """Visits bundles of one block and adds up what they give.

    Attributes
    ----------
    words : ndarray of shape (n_words_of_the_bundles,)
        Words of the bundles visited.
    sums : ndarray of int64 and shape (n_words_of_the_bundles, n_topics)
        Their expected counts, in units of 1 / `ONE`.
    """

    def __init__(self, state: State) -> None:
        n_words, n_topics = state.word_counts.shape
        self._state, self._word_counts = state, filled(state.word_counts)
        self._fresh, self._none = table(n_words, n_topics), table((1, 1), n_topics)
        self._constants = table(3, n_topics)
        plain(self._constants)[ALPHA, :n_topics] = state.alpha
        plain(self._constants)[INVERSE, :n_topics] = state.inverse
        self._sums, self._touched = np.zeros((n_words, n_topics), np.int64), np.zeros(n_words, bool)

    def visit(self, bundle: Bundle, mixtures: Floats | None) -> Floats:
        """Assign the words of a bundle anew.

        Parameters
        ----------
        bundle
            Documents.
        mixtures : ndarray of shape (n_documents, n_topics), optional
            Their counts with alpha added, as the last visit left them; None spreads them evenly.

        Returns
        -------
        ndarray of shape (n_documents, n_topics)
            The new ones.
        """
        n_topics, n_documents = len(self._state.alpha), len(bundle.lengths)
        if mixtures is None:
            mixtures = (bundle.lengths[:, None] / n_topics + self._state.alpha).astype(np.float32)
        tables = Tables(
            word_counts=self._word_counts,
            old=self._none,
            fresh=self._fresh,
            mixtures=filled(mixtures),
            gathered=table((1, n_documents), n_topics),
            changed=table(1, n_topics),
            constants=self._constants,
            totals=np.zeros(0),
            seen=np.full(1, self._state.seen, np.float32),
        )
        plan = _plan(bundle)
        visit(plan, tables, 0, 0, self._state.eta)
        gather(plan, tables, 0, 0)
        given = plain(self._fresh)[bundle.words, :n_topics].astype(np.float64)
        self._sums[bundle.words] += np.rint(given * ONE).astype(np.int64)
        self._touched[bundle.words] = True
        return plain(tables.mixtures)[:, :n_topics]

    @property
    def words(self) -> NDArray[np.int64]:
        return np.flatnonzero(self._touched)

    @property
    def sums(self) -> NDArray[np.int64]:
        return np.asarray(self._sums[self._touched])


def _plan(bundle: Bundle) -> Plan:
    """Visit every word once, and leave the counts of all documents as they are: no group closes a word."""
    n_groups = len(bundle.words)
    return Plan(
        documents=np.array(bundle.documents),
        counts=np.array(bundle.counts),
        words=np.array(bundle.words),
        starts=np.append(0, np.cumsum(bundle.sizes, dtype=np.int64)),
        opens=np.ones(n_groups, bool),
        closes=np.zeros(n_groups, bool),
        groups=np.array([[[0, n_groups]]], np.int64),
        bounds=np.array([0, len(bundle.lengths)], np.int64),
    )

"""The words that make a topic what it is, and how often they stand together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# Power of the part of a word that is a topic's own; of 0 to 3 the one of the most coherent words on the seed pages, the
# second set of pages, BBC and Fudan, where 1 to 3 differ by less than .07.
EXCLUSIVITY = 3


def best_words(topics: NDArray[np.float64], counts: sparse.sparray, n_words: int) -> list[list[int]]:
    """List the words that describe each topic: heavy in it, its own, and not of two or three articles alone.

    Frequency and exclusivity together describe a topic best (Bischof and Airoldi 2012).

    Parameters
    ----------
    topics : ndarray of shape (n_topics, n_concepts)
        Weights, rows sum to 1.
    counts : sparse array of shape (n_documents, n_concepts)
        In which the documents that name a word are counted.
    n_words
        Words of a topic at most.

    Returns
    -------
    list of list of int
        Columns by topic, the best first; words without weight are left out.
    """
    own_part = topics / np.maximum(topics.sum(axis=0), 1e-300)
    n_documents = np.bincount(counts.nonzero()[1], minlength=topics.shape[1])
    scores = topics * own_part**EXCLUSIVITY * np.sqrt(n_documents)
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :n_words]
    return [[int(word) for word in words if row[word] > 0] for words, row in zip(ranked, scores, strict=True)]


def topic_npmi(topics: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> NDArray[np.float64]:
    """Compute the mean normalised pointwise mutual information of the words of each topic (Bouma 2009).

    Parameters
    ----------
    topics : sequence of sequences of int
        Columns of each topic's words.
    counts : csr_matrix of shape (n_documents, n_words)
        Counts; a document is taken as the set of its words.

    Returns
    -------
    ndarray of shape (n_topics,)
        -1 (words that never meet) to 1; 0 for a topic of fewer than two words.
    """
    n_documents = counts.shape[0]
    present = sparse.csc_matrix(counts > 0)
    found = np.zeros(len(topics))
    for number, words in enumerate(topics):
        if len(words) > 1:
            columns = present[:, list(words)].toarray()
            together = columns.T.astype(np.float64) @ columns.astype(np.float64) / n_documents
            pairs = np.triu_indices(len(words), 1)
            single, joint = together.diagonal(), together[pairs]
            with np.errstate(divide="ignore", invalid="ignore"):
                npmi = np.log(joint / (single[pairs[0]] * single[pairs[1]])) / -np.log(joint)
            found[number] = np.where(joint == 0, -1, np.where(joint == 1, 1, npmi)).mean()
    return found

"""Compiled loops of latent Dirichlet allocation by collapsed variational Bayes (CVB0).

CVB0 (Asuncion, Welling, Smyth and Teh, "On smoothing and inference for topic models", UAI 2009)
assigns the tokens of word w in document j to topic k in proportion to

    gamma_wjk ~ (N_wk - own_wjk + eta) * (N_kj - own_wjk + alpha_k) / N_k

with N_wk, N_kj and N_k the expected counts of a word in a topic, of a topic in a document and of
a topic in the corpus; own_wjk is what one token of the pair itself adds to them. Storing own_wjk
would cost a row of topics for every pair of a word and a document; here it is computed again
from the current counts.

Documents are cut into blocks. Within a block the counts are read as they were when the block
began, and renewed when it ends (incremental EM: Neal and Hinton 1998). A block is visited word by
word, so that the E step of a word's tokens and the M step of its counts happen while its row is
in registers; see `simd_rows` for the arithmetic on whole rows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba.core import event
from numpy.typing import NDArray

from rare_topics.runtime.numba_cache import njit
from rare_topics.topics.simd_rows import load_row, row_abs, row_max, row_sum, store_row

Floats = NDArray[np.float32]
# Structured arrays with one row of topics per entry, see `simd_rows.zero_rows`.
Rows = NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., Any])

_ONE, _TINY = np.float32(1), np.float32(1e-30)
# Rows of `ExpectedCounts.constants`.
ZERO_ROW, ALPHA_ROW, INVERSE_TOTALS_ROW = np.uint64(0), np.uint64(1), np.uint64(2)

logger = logging.getLogger(__name__)


class VisitPlan(NamedTuple):
    """Pairs of a document and a word in the order in which they are visited.

    Attributes
    ----------
    documents, counts : ndarray of shape (n_pairs,)
        Document j of each pair, and how often the word stands in it.
    words, starts : ndarray of shape (n_groups,) and (n_groups + 1,)
        A group is the pairs of one word w in one batch of documents: pairs ``starts[g]`` to
        ``starts[g + 1]``.
    is_first_of_word, is_last_of_word : ndarray of bool, of shape (n_groups,)
        Whether the group is the word's first, or its last, in the block.
    part_groups : ndarray of shape (n_blocks, n_parts, 2)
        First group of each part of a block, and the one after its last. No word stands in two
        parts of a block.
    block_bounds : ndarray of shape (n_blocks + 1,)
        First document of each block, and the number of documents.
    """

    documents: NDArray[np.int32]
    counts: Floats
    words: NDArray[np.int32]
    starts: NDArray[np.int64]
    is_first_of_word: NDArray[np.bool_]
    is_last_of_word: NDArray[np.bool_]
    part_groups: NDArray[np.int64]
    block_bounds: NDArray[np.int64]


class ExpectedCounts(NamedTuple):
    """Expected counts of topics, renewed in place; K' is the padded number of topics.

    Attributes
    ----------
    word_topic : rows of shape (n_words,)
        N_wk + eta, over all documents.
    block_word_topic : rows of shape (n_blocks, n_words)
        What each block added to `word_topic` when it was last visited.
    new_word_topic : rows of shape (n_words,)
        What the block being visited has added so far.
    doc_topic : rows of shape (n_documents,)
        N_kj + alpha_k.
    part_doc_topic : rows of shape (n_parts, n_documents of the largest block)
        What each part of the block being visited adds to the documents.
    part_change : rows of shape (n_parts,)
        Change of the totals N_k made by each part.
    constants : rows of shape (3,)
        Zeros, alpha, and 1 / N_k.
    topic_totals : ndarray of shape (K',)
        N_k, the sums of `word_topic`.
    is_visited : ndarray of shape (n_blocks,)
        1 where a block has been visited, else 0: only then do the counts hold its tokens.
    """

    word_topic: Rows
    block_word_topic: Rows
    new_word_topic: Rows
    doc_topic: Rows
    part_doc_topic: Rows
    part_change: Rows
    constants: Rows
    topic_totals: NDArray[np.float64]
    is_visited: Floats


class CompressedRows(NamedTuple):
    """Counts of documents in compressed rows, as `scipy.sparse.csr_array` names its parts."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: Floats


def _compiled(function: Function) -> Function:
    return cast("Function", njit(cache=True, nogil=True, error_model="numpy")(function))


class _CompilationLogger(event.Listener):  # type: ignore[misc]
    """Logs the first compilation of this module's loops in a process; loops found on disk are not compiled."""

    has_logged = False

    def on_start(self, event: Any) -> None:  # noqa: ANN401 -- numba has no types
        if event.data["dispatcher"].py_func.__module__ == __name__ and not self.has_logged:
            logger.info("compiling the loops of LDA for this machine, once: they are kept on disk")
            self.has_logged = True

    def on_end(self, event: Any) -> None:  # noqa: ANN401 -- numba has no types
        pass


# numba hands every compilation of the process to its listeners; this one ignores those of other modules.
event.register("numba:compile", _CompilationLogger())  # type: ignore[no-untyped-call]


@_compiled
def e_step_block(plan: VisitPlan, expected: ExpectedCounts, block: int, part: int, eta: np.float32) -> float:
    """Assign the tokens of one part of a block to topics, and renew the counts of its words.

    Parameters
    ----------
    plan, expected
        Order of the visit, and the counts.
    block, part
        Which part of which block.
    eta
        Prior of a topic's words.

    Returns
    -------
    float
        Expected count of tokens that changed their topic since the last visit.
    """
    word_topic, new_word_topic, doc_topic = expected.word_topic, expected.new_word_topic, expected.doc_topic
    block_word_topic, part_doc_topic = expected.block_word_topic[block], expected.part_doc_topic[part]
    zero, alpha = load_row(expected.constants, ZERO_ROW), load_row(expected.constants, ALPHA_ROW)
    inverse_totals = load_row(expected.constants, INVERSE_TOTALS_ROW)  # 1 / N_k
    # Unsigned, so that numba need not ask whether an index counts from the end.
    first_document, one = np.uint64(plan.block_bounds[block]), np.uint64(1)
    is_visited = expected.is_visited[block]
    total_change, moved = zero, zero
    for number in range(plan.part_groups[block, part, 0], plan.part_groups[block, part, 1]):
        group = np.uint64(number)
        w = np.uint64(plan.words[group])
        word_counts = load_row(word_topic, w)  # N_wk + eta
        word_probability = word_counts * inverse_totals
        new = zero
        if not plan.is_first_of_word[group]:
            new = load_row(new_word_topic, w)
        for position in range(plan.starts[group], plan.starts[group + one]):
            pair = np.uint64(position)
            j, count = np.uint64(plan.documents[pair]), plan.counts[pair]
            doc_counts = load_row(doc_topic, j)  # N_kj + alpha
            joint = doc_counts * word_probability
            # own_wjk; a pair of weight below 1 added that weight, not a whole token.
            own = joint * (is_visited * min(count, _ONE) / (row_sum(joint) + _TINY))
            gamma = row_max(doc_counts - own, alpha) * row_max(word_counts - own, eta) * inverse_totals
            assigned = gamma * (count / (row_sum(gamma) + _TINY))
            new = new + assigned
            place = j - first_document
            store_row(part_doc_topic, place, load_row(part_doc_topic, place) + assigned)
        if plan.is_last_of_word[group]:
            change = new - load_row(block_word_topic, w)
            store_row(word_topic, w, word_counts + change)
            store_row(block_word_topic, w, new)
            total_change = total_change + change
            moved = moved + row_abs(change)
        else:
            store_row(new_word_topic, w, new)
    store_row(expected.part_change, part, total_change)
    # A token that moves leaves one topic and joins another.
    tokens_moved: float = row_sum(moved) / np.float32(2)
    return tokens_moved


@_compiled
def reduce_mixtures(plan: VisitPlan, expected: ExpectedCounts, block: int, part: int) -> None:
    """Sum what all parts of a block added to its documents, for one of `n_parts` equal spans of them.

    Parameters
    ----------
    plan, expected
        Order of the visit, and the counts.
    block, part
        Block, and which span of its documents.
    """
    part_doc_topic, constants = expected.part_doc_topic, expected.constants
    zero, alpha = load_row(constants, ZERO_ROW), load_row(constants, ALPHA_ROW)
    n_parts, first, last = len(part_doc_topic), plan.block_bounds[block], plan.block_bounds[block + 1]
    n_documents = last - first
    for place in range(n_documents * part // n_parts, n_documents * (part + 1) // n_parts):
        mixture = alpha
        for p in range(n_parts):
            mixture = mixture + load_row(part_doc_topic[p], np.uint64(place))
            store_row(part_doc_topic[p], np.uint64(place), zero)
        store_row(expected.doc_topic, np.uint64(first + place), mixture)


@_compiled
def update_totals(expected: ExpectedCounts, block: int) -> None:
    """Renew N_k and 1 / N_k after all parts of a block have been visited.

    Parameters
    ----------
    expected
        The counts.
    block
        The block that was visited.
    """
    for part in range(len(expected.part_change)):
        change = expected.part_change[part].topics
        for k in range(len(expected.topic_totals)):
            expected.topic_totals[k] += change[k]
    inverse_totals = expected.constants[INVERSE_TOTALS_ROW].topics
    for k in range(len(expected.topic_totals)):
        inverse_totals[k] = 1 / expected.topic_totals[k] if expected.topic_totals[k] > 0 else 0
    expected.is_visited[block] = _ONE


@_compiled
def passes_on_one_thread(
    plan: VisitPlan, expected: ExpectedCounts, eta: np.float32, limits: tuple[int, float]
) -> tuple[int, float]:
    """Visit all blocks again and again, until few tokens change their topic.

    Parameters
    ----------
    plan, expected
        Order of the visit, and the counts.
    eta
        Prior of a topic's words.
    limits
        Largest number of passes, and the count of tokens that may still move in the last one.

    Returns
    -------
    n_passes, tokens_moved
        Passes made, and the count that the last one moved.
    """
    n_passes, tokens_moved = 0, np.inf
    while n_passes < limits[0] and tokens_moved > limits[1]:
        n_passes, tokens_moved = n_passes + 1, 0.0
        for block in range(len(expected.block_word_topic)):
            for part in range(len(expected.part_doc_topic)):
                tokens_moved += e_step_block(plan, expected, block, part, eta)
            for part in range(len(expected.part_doc_topic)):
                reduce_mixtures(plan, expected, block, part)
            update_totals(expected, block)
    return n_passes, tokens_moved


@_compiled
def fold_in_documents(
    documents: CompressedRows,
    span: tuple[int, int],
    doc_topic: Rows,
    topics: tuple[Rows, Rows],
    limits: tuple[int, float],
) -> None:
    """Find the mixtures of documents, the topics held fixed, each document by itself.

    Own counts stay in: with the topics fixed, taking them out predicts the rest of a short
    document worse, and costs a second sum.

    Parameters
    ----------
    documents
        Counts of words.
    span
        First document, and the one after the last.
    doc_topic
        N_kj, renewed in place; where it starts from.
    topics
        Probability of each word in all topics, one row per word; and one row of alpha.
    limits
        Largest number of rounds, and the share of a document's tokens that may still move.
    """
    word_probabilities, alpha = topics[0], load_row(topics[1], np.uint64(0))
    for document in range(span[0], span[1]):
        j = np.uint64(document)
        first, last = documents.indptr[j], documents.indptr[j + np.uint64(1)]
        length = np.float32(0)
        for pair in range(first, last):
            length += documents.data[pair]
        old = load_row(doc_topic, j)  # N_kj
        for _ in range(limits[0]):
            mixture = old + alpha
            new = old * np.float32(0)
            for pair in range(first, last):
                p = np.uint64(pair)
                gamma = mixture * load_row(word_probabilities, np.uint64(documents.indices[p]))
                new = new + gamma * (documents.data[p] / (row_sum(gamma) + _TINY))
            moved = row_sum(row_abs(new - old))
            old = new
            if moved <= 2 * limits[1] * length:
                break
        store_row(doc_topic, j, old)

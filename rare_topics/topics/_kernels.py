"""Compiled loops of latent Dirichlet allocation by collapsed variational Bayes.

The method is CVB0 (Asuncion, Welling, Smyth and Teh, "On smoothing and inference for
topic models", UAI 2009).

CVB0 takes a token's own expected count out before assigning the token anew. Storing that
count would cost a row of topics for every pair of document and word; here it is computed
again from the current counts, so nothing is stored per token.

A block is visited word by word, in one sweep: assigning the word's tokens (E) and renewing
its counts (M) happen while its rows are in registers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numba.core import event
from numpy.typing import NDArray

from rare_topics.topics._registers import larger, load, magnitude, store, total

Floats = NDArray[np.float32]
# Structured arrays of rows of topics, see `_registers.table`.
Rows = NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., Any])

_ONE, _TINY = np.float32(1), np.float32(1e-30)
# Rows of `Tables.constants`.
ZERO, ALPHA, INVERSE = np.uint64(0), np.uint64(1), np.uint64(2)

logger = logging.getLogger(__name__)


class Plan(NamedTuple):
    """Pairs of document and word in the order in which they are visited.

    Attributes
    ----------
    documents, counts : ndarray of shape (n_pairs,)
        Document and count of each pair.
    words, starts : ndarray of shape (n_groups,) and (n_groups + 1,)
        A group is a word's pairs in one batch of documents: ``starts[g]`` to ``starts[g + 1]``.
    opens, closes : ndarray of bool, of shape (n_groups,)
        Whether the group is the word's first, and its last, in the block.
    groups : ndarray of shape (n_blocks, n_parts, 2)
        First group of each part of a block, and the one after its last. No word stands in two parts.
    bounds : ndarray of shape (n_blocks + 1,)
        First document of each block.
    """

    documents: NDArray[np.int32]
    counts: Floats
    words: NDArray[np.int32]
    starts: NDArray[np.int64]
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]
    groups: NDArray[np.int64]
    bounds: NDArray[np.int64]


class Tables(NamedTuple):
    """Expected counts, renewed in place; a row per word, per document or per part of a block.

    Attributes
    ----------
    word_counts : table of shape (n_words,)
        Counts in all documents, eta added.
    old : table of shape (n_blocks, n_words)
        What each block gave to `word_counts` when last visited.
    fresh : table of shape (n_words,)
        What the block being visited has given so far.
    mixtures : table of shape (n_documents,)
        Counts of each document, alpha added.
    gathered : table of shape (n_parts, n_documents of the largest block)
        What each part gives to the documents of the block being visited.
    changed : table of shape (n_parts,)
        Change of the totals.
    constants : table of shape (3,)
        Zeros, alpha, and 1 / total per topic.
    totals : ndarray of shape (width,)
        Sums of `word_counts`.
    seen : ndarray of shape (n_blocks,)
        1 where a block has been visited, else 0.
    """

    word_counts: Rows
    old: Rows
    fresh: Rows
    mixtures: Rows
    gathered: Rows
    changed: Rows
    constants: Rows
    totals: NDArray[np.float64]
    seen: Floats


class Documents(NamedTuple):
    """Counts in compressed rows: document d has the pairs ``starts[d]`` to ``starts[d + 1]``."""

    starts: NDArray[np.int64]
    words: NDArray[np.int32]
    counts: Floats


def _compiled(function: Function) -> Function:
    return cast("Function", njit(cache=True, nogil=True, error_model="numpy")(function))


class _Announcer(event.Listener):  # type: ignore[misc]
    """Says once when loops are compiled; those found on disk are not."""

    said = False

    def on_start(self, event: Any) -> None:  # noqa: ANN401
        if event.data["dispatcher"].py_func.__module__ == __name__ and not self.said:
            logger.info("compiling the loops of LDA for this machine, once: they are kept on disk")
            self.said = True

    def on_end(self, event: Any) -> None:  # noqa: ANN401
        pass


event.register("numba:compile", _Announcer())  # type: ignore[no-untyped-call]


@_compiled
def visit(plan: Plan, tables: Tables, block: int, part: int, eta: np.float32) -> float:
    """Assign the words of a part of a block anew; return the count that changed its topic."""
    word_counts, fresh, mixtures = tables.word_counts, tables.fresh, tables.mixtures
    old, gathered, constants = tables.old[block], tables.gathered[part], tables.constants
    zero, alpha, inverse = load(constants, ZERO), load(constants, ALPHA), load(constants, INVERSE)
    # Unsigned, so that numba need not ask whether an index counts from the end.
    first, one = np.uint64(plan.bounds[block]), np.uint64(1)
    seen = tables.seen[block]
    changed, moved = zero, zero
    for number in range(plan.groups[block, part, 0], plan.groups[block, part, 1]):
        group = np.uint64(number)
        w = np.uint64(plan.words[group])
        of_word = load(word_counts, w)
        chance = of_word * inverse
        new = zero
        if not plan.opens[group]:
            new = load(fresh, w)
        for place in range(plan.starts[group], plan.starts[group + one]):
            pair = np.uint64(place)
            d, count = np.uint64(plan.documents[pair]), plan.counts[pair]
            mixture = load(mixtures, d)
            joint = mixture * chance
            # A pair of weight below 1 contributed that weight, not a whole token.
            own = joint * (seen * min(count, _ONE) / (total(joint) + _TINY))
            share = larger(mixture - own, alpha) * larger(of_word - own, eta) * inverse
            assigned = share * (count / (total(share) + _TINY))
            new = new + assigned
            store(gathered, d - first, load(gathered, d - first) + assigned)
        if plan.closes[group]:
            change = new - load(old, w)
            store(word_counts, w, of_word + change)
            store(old, w, new)
            changed = changed + change
            moved = moved + magnitude(change)
        else:
            store(fresh, w, new)
    store(tables.changed, part, changed)
    words_moved: float = total(moved) / np.float32(2)
    return words_moved


@_compiled
def gather(plan: Plan, tables: Tables, block: int, part: int) -> None:
    """Add up what all parts gave to the documents in one of as many equal spans."""
    gathered, constants = tables.gathered, tables.constants
    zero, alpha = load(constants, ZERO), load(constants, ALPHA)
    parts, first, last = len(gathered), plan.bounds[block], plan.bounds[block + 1]
    length = last - first
    for place in range(length * part // parts, length * (part + 1) // parts):
        mixture = alpha
        for p in range(parts):
            mixture = mixture + load(gathered[p], np.uint64(place))
            store(gathered[p], np.uint64(place), zero)
        store(tables.mixtures, np.uint64(first + place), mixture)


@_compiled
def close(tables: Tables, block: int) -> None:
    """Renew the totals after all parts of a block."""
    for part in range(len(tables.changed)):
        change = tables.changed[part].topics
        for k in range(len(tables.totals)):
            tables.totals[k] += change[k]
    inverse = tables.constants[INVERSE].topics
    for k in range(len(tables.totals)):
        inverse[k] = 1 / tables.totals[k] if tables.totals[k] > 0 else 0
    tables.seen[block] = _ONE


@_compiled
def passes(plan: Plan, tables: Tables, eta: np.float32, limits: tuple[int, float]) -> tuple[int, float]:
    """Visit all blocks until few counts move; return passes made, and the count that the last one moved.

    `limits` are the most passes, and the count that may still move.
    """
    n_iter, moved = 0, np.inf
    while n_iter < limits[0] and moved > limits[1]:
        n_iter, moved = n_iter + 1, 0.0
        for block in range(len(tables.old)):
            for part in range(len(tables.gathered)):
                moved += visit(plan, tables, block, part, eta)
            for part in range(len(tables.gathered)):
                gather(plan, tables, block, part)
            close(tables, block)
    return n_iter, moved


@_compiled
def settle(
    documents: Documents,
    span: tuple[int, int],
    doc_counts: Rows,
    topics: tuple[Rows, Rows],
    limits: tuple[int, float],
) -> None:
    """Repeat the assignment of each document of `span` by itself until it stays.

    `topics` holds a word's probabilities in a row each, and alpha in one. Own counts stay in:
    with the topics fixed, taking them out predicts the rest of a short document worse, and
    costs a second sum.
    """
    chances, alpha = topics[0], load(topics[1], np.uint64(0))
    for document in range(span[0], span[1]):
        d = np.uint64(document)
        pairs = documents.starts[d], documents.starts[d + np.uint64(1)]
        length = np.float32(0)
        for pair in range(pairs[0], pairs[1]):
            length += documents.counts[pair]
        old = load(doc_counts, d)
        for _ in range(limits[0]):
            mixture = old + alpha
            new = old * np.float32(0)
            for pair in range(pairs[0], pairs[1]):
                p = np.uint64(pair)
                joint = mixture * load(chances, np.uint64(documents.words[p]))
                new = new + joint * (documents.counts[p] / (total(joint) + _TINY))
            moved = total(magnitude(new - old))
            old = new
            if moved <= 2 * limits[1] * length:
                break
        store(doc_counts, d, old)

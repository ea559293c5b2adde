"""Compiled loops of latent Dirichlet allocation by collapsed variational Bayes.

The method is CVB0 (Asuncion, Welling, Smyth and Teh, "On smoothing and inference for
topic models", UAI 2009).

CVB0 takes a token's own expected count out before assigning the token anew. Storing that
count would cost a row of topics for every pair of document and word; here it is computed
again from the current counts, so nothing is stored per token.

Rows of topics are padded with zeros to whole SIMD lanes. Tables are indexed by [row, k]
instead of through row views, because numba counts references to views in the inner loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Function = TypeVar("Function", bound=Callable[..., Any])

LANES = 8

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


def pad(values: NDArray[Any]) -> Floats:
    """Copy values with topics on the last axis into whole lanes of float32."""
    lanes = -(-values.shape[-1] // LANES) * LANES
    padded = np.zeros((*values.shape[:-1], lanes), np.float32)
    padded[..., : values.shape[-1]] = values
    return padded


def _compiled(function: Function) -> Function:
    compiler = njit(cache=True, fastmath=True, nogil=True, error_model="numpy")
    return cast("Function", compiler(function))


@_compiled
def visit(batch: Batch, doc_counts: Floats, topics: Topics, fresh: Floats) -> None:
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
def exchange(
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
def settle(
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

"""Articles that tell the story of another again: copies with small edits, and the story in the other language."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfTransformer

from rare_topics.corpus.languages import LANGUAGES
from rare_topics.vectorize.concept_space import log_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Cosine of an article and its translation at least. Of 281 news articles and their translations 95 % of the pairs
# reach it, and no other two articles.
MIN_TRANSLATION_SIMILARITY = 0.4
# A translation is published within so long.
MAX_TRANSLATION_DELAY = timedelta(days=3)
# Rows compared at a time.
BATCH_ROWS = 512
# Stands for the date of an article without one.
UNDATED = datetime.min  # noqa: DTZ901 - feeds print no time zone


class StoryPair(NamedTuple):
    """Two articles that tell one story.

    Attributes
    ----------
    one, other
        Their positions, the earlier first.
    similarity
        0 to 1.
    kind
        ``"copy"`` or ``"translation"``.
    """

    one: int
    other: int
    similarity: float
    kind: str


def translation_pairs(
    counts: sparse.csr_array,
    langs: Sequence[str],
    published: Sequence[datetime | None],
    *,
    min_similarity: float = MIN_TRANSLATION_SIMILARITY,
    max_delay: timedelta = MAX_TRANSLATION_DELAY,
) -> Iterator[StoryPair]:
    """Find articles that tell in the other language what one of the same days tells.

    Parameters
    ----------
    counts : csr_array of shape (n_articles, n_concepts)
        Counts of concepts, of which both languages have the same; articles are in order of
        their dates.
    langs : sequence of str
        Languages of the bodies.
    published : sequence of datetime or None
        Their dates; articles without one are compared among themselves.
    min_similarity
        Cosine of their TF-IDF rows at least.
    max_delay
        Time between two dated articles at most.

    Yields
    ------
    StoryPair
        Two articles, each the other's nearest in its language.
    """
    is_shared = np.bincount(counts.indices, minlength=counts.shape[1]) > 1
    tfidf = TfidfTransformer().fit(counts)
    rows = sparse.csr_array(tfidf.transform(log_counts(counts, is_shared), copy=False))
    dates = [UNDATED if date is None else date for date in published]
    for undated in (False, True):
        zh, en = (
            np.array([row for row, date in enumerate(dates) if langs[row] == lang and (date == UNDATED) == undated])
            for lang in LANGUAGES
        )
        if len(zh) and len(en):
            yield from _mutual_nearest(_Dated(rows, dates, max_delay), zh, en, min_similarity)


def first_tellings(n_articles: int, pairs: Iterable[StoryPair]) -> NDArray[np.int64]:
    """Give each article the position of the first article that tells its story.

    Parameters
    ----------
    n_articles
        Number of articles.
    pairs
        Articles that tell one story; pairs that share an article are of one story.

    Returns
    -------
    ndarray of shape (n_articles,)
        Its own position for an article that repeats none before it.
    """
    edges = np.array([(pair.one, pair.other) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    graph = sparse.csr_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n_articles, n_articles))
    _, story = connected_components(graph, directed=False)
    _, first = np.unique(story, return_index=True)
    return np.asarray(first[story])


class _Dated(NamedTuple):
    """TF-IDF rows of articles in order of their dates, and how far apart two may be."""

    rows: sparse.csr_array
    dates: Sequence[datetime]
    max_delay: timedelta


def _mutual_nearest(
    articles: _Dated, zh: NDArray[np.int64], en: NDArray[np.int64], min_similarity: float
) -> Iterator[StoryPair]:
    nearest_en, similarity = _nearest(articles, zh, en)
    nearest_zh, _ = _nearest(articles, en, zh)
    for number, (match, value) in enumerate(zip(nearest_en, similarity, strict=True)):
        if value >= min_similarity and nearest_zh[match] == number:
            one, other = sorted((int(zh[number]), int(en[match])))
            yield StoryPair(one, other, round(float(value), 4), "translation")


def _nearest(
    articles: _Dated, queries: NDArray[np.int64], candidates: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the nearest candidate of each query among those of the same days: its number, and the cosine."""
    rows, _, max_delay = articles
    nearest, similarity = np.zeros(len(queries), dtype=np.int64), np.zeros(len(queries))
    candidate_dates = [articles.dates[row] for row in candidates]
    for start in range(0, len(queries), BATCH_ROWS):
        batch = queries[start : start + BATCH_ROWS]
        dates = [articles.dates[row] for row in batch]
        first, end = 0, len(candidates)
        is_dated = dates[0] != UNDATED
        if is_dated:
            first = bisect_left(candidate_dates, _moved(dates[0], -max_delay))
            end = bisect_right(candidate_dates, _moved(dates[-1], max_delay))
        if first == end:
            continue
        cosines = (rows[batch] @ rows[candidates[first:end]].T).toarray()
        if is_dated:
            delays = np.array(dates, dtype="M8[m]")[:, None] - np.array(candidate_dates[first:end], dtype="M8[m]")
            cosines[np.abs(delays) > np.timedelta64(max_delay)] = 0
        nearest[start : start + BATCH_ROWS] = cosines.argmax(axis=1) + first
        similarity[start : start + BATCH_ROWS] = cosines.max(axis=1)
    return nearest, similarity


def _moved(date: datetime, delay: timedelta) -> datetime:
    """Return the date so much later or earlier, within the calendar."""
    try:
        return date + delay
    except OverflowError:
        return datetime.max if delay > timedelta(0) else datetime.min  # noqa: DTZ901 - feeds print no time zone

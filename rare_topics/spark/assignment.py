"""The place of every article in what was learned: topics, cluster with confidence, point on the map.

Memory of a worker: what was learned, of which the largest parts are the directions of the
vectors (8 bytes x components x concepts) and the articles that the map was learned from, and
one batch of articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rare_topics.spark.columns import cells, counts_of, names_of, values
from rare_topics.spark.sums import SUMS, added_up, sums_of, whole
from rare_topics.topics import leading

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

    from rare_topics.cluster import ConsensusClusterer
    from rare_topics.projection.map_projector import MapProjector
    from rare_topics.topics import StableTopicModel
    from rare_topics.vectorize.concept_space import ConceptSpace

    Batches = Iterator[pa.RecordBatch]

# Articles that are placed at a time.
BATCH = 1000
PLACED = "row bigint, article_id string, topics binary, cluster bigint, confidence double, x double, y double"
# Digits that are told.
DIGITS = 4


class Learned(NamedTuple):
    """What articles are placed by."""

    space: ConceptSpace
    topics: StableTopicModel
    clusters: ConsensusClusterer
    map: MapProjector


class Known(NamedTuple):
    """Places of the articles that all was learned from.

    Attributes
    ----------
    rows : ndarray of shape (n_known,)
        Positions of these articles, sorted.
    topics : ndarray of shape (n_known, n_topics)
    clusters, confidence : ndarray of shape (n_known,)
    points : ndarray of shape (n_known, 2)
    """

    rows: NDArray[np.int64]
    topics: NDArray[np.float64]
    clusters: NDArray[np.int64]
    confidence: NDArray[np.float64]
    points: NDArray[np.float64]


def place(counts: DataFrame, learned: Learned, known: Known, *, n_concepts: int) -> DataFrame:
    """Place all articles.

    Parameters
    ----------
    counts
        From `words.count`.
    learned
        What articles are placed by.
    known
        Those that keep their places.
    n_concepts
        Size of the vocabulary.

    Returns
    -------
    DataFrame
        A row for each article.
    """

    def place_all(batches: Batches) -> Batches:
        for batch in batches:
            for start in range(0, batch.num_rows, BATCH):
                yield _placed(batch.slice(start, BATCH), learned, known, n_concepts)

    return counts.select("row", "article_id", "concepts", "weights").mapInArrow(place_all, PLACED)


def tables(placed: DataFrame, names: Mapping[int, tuple[str, str]]) -> dict[str, DataFrame]:
    """Lay places into tables, with the columns of the files of a run.

    Parameters
    ----------
    placed
        From `place`.
    names
        Chinese and English label of each cluster, and of the unplaced.

    Returns
    -------
    dict of str to DataFrame
        article_topics, clusters, map.
    """
    return {
        "article_topics": placed.select("article_id", "topics").mapInArrow(
            _leading, "article_id string, topic bigint, weight double"
        ),
        "clusters": placed.select("article_id", "cluster", "confidence").mapInArrow(
            _named(dict(names)),
            "article_id string, cluster bigint, confidence double, label_zh string, label_en string",
        ),
        "map": placed.select("article_id", "x", "y").mapInArrow(_rounded, "article_id string, x double, y double"),
    }


def shares(placed: DataFrame, n_topics: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the share of each topic in all articles, and the number of articles of which it makes up most."""

    def add(batches: Batches) -> Batches:
        total = np.zeros((n_topics, 2), np.int64)
        for batch in batches:
            mixtures = values(batch["topics"], "float64")[0].reshape(-1, n_topics)
            total[:, 0] += whole(mixtures).sum(axis=0)
            total[:, 1] += np.bincount(mixtures.argmax(axis=1), minlength=n_topics)
        yield sums_of(np.arange(n_topics), total)

    weights, numbers = added_up(placed.select("topics").mapInArrow(add, SUMS), (n_topics, 2)).T
    return weights / weights.sum(), numbers


def _leading(batches: Batches) -> Batches:
    import pyarrow as pa

    for batch in batches:
        flat, _ = values(batch["topics"], "float64")
        ids = batch["article_id"].to_pylist()
        mixtures = flat.reshape(len(ids), -1) if ids else flat
        rows = [(one, *place) for one, mixture in zip(ids, mixtures, strict=True) for place in leading(mixture)]
        yield pa.RecordBatch.from_pylist(
            [dict(zip(("article_id", "topic", "weight"), row, strict=True)) for row in rows],
            schema=pa.schema({"article_id": pa.string(), "topic": pa.int64(), "weight": pa.float64()}),
        )


def _named(names: dict[int, tuple[str, str]]) -> Callable[[Batches], Batches]:
    def name(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            labels = [names[cluster] for cluster in batch["cluster"].to_pylist()]
            columns = {
                "article_id": batch["article_id"],
                "cluster": batch["cluster"],
                "confidence": _rounded_cells(batch["confidence"]),
                "label_zh": pa.array([zh for zh, _ in labels], pa.string()),
                "label_en": pa.array([en for _, en in labels], pa.string()),
            }
            yield pa.RecordBatch.from_pydict(columns)

    return name


def _rounded(batches: Batches) -> Batches:
    import pyarrow as pa

    for batch in batches:
        points = {name: np.round(batch[name].to_numpy(), DIGITS) for name in ("x", "y")}
        yield pa.RecordBatch.from_pydict({"article_id": batch["article_id"], **points})


def _rounded_cells(numbers: pa.Array) -> list[float]:
    return [round(number, DIGITS) for number in numbers.to_pylist()]


def _placed(batch: pa.RecordBatch, learned: Learned, known: Known, n_concepts: int) -> pa.RecordBatch:
    import pyarrow as pa

    rows = batch["row"].to_numpy()
    at = np.minimum(np.searchsorted(known.rows, rows), len(known.rows) - 1)
    seen = known.rows[at] == rows
    places = [np.array(part[at]) for part in known[1:]]
    if not seen.all():
        found = _found(counts_of(batch, n_concepts)[~seen], learned)
        for place, new in zip(places, found, strict=True):
            place[~seen] = new
    topics, clusters, confidence, points = places
    mixtures = cells(np.ascontiguousarray(topics).ravel(), np.arange(len(topics) + 1) * topics.shape[1])
    columns = [batch["row"], batch["article_id"], mixtures, clusters.astype(np.int64), confidence, *points.T]
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns], names=names_of(PLACED))


def _found(counts: Any, learned: Learned) -> tuple[NDArray[Any], ...]:  # noqa: ANN401 - sparse counts
    vectors = learned.space.transform(counts)
    labels, confidence = learned.clusters.assign(vectors)
    return learned.topics.transform(counts), labels, confidence, learned.map.transform(vectors)

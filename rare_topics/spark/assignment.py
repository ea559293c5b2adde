"""Every article among what was learned: its topic mixture, its cluster with confidence, its point on the map.

Memory of a worker: the fitted model, of which the largest parts are the directions of the vectors
(8 bytes x components x concepts) and the articles that the map was learned from, and one batch of
articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rare_topics.spark.arrays import column_names, counts_from_cells, from_cells, to_cells
from rare_topics.topics import leading_topics

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame
    from scipy import sparse

    from rare_topics.cluster import ConsensusClusterer
    from rare_topics.projection import MapProjector
    from rare_topics.topics import StableTopicModel
    from rare_topics.vectorize import ConceptSpace

    Batches = Iterator[pa.RecordBatch]

# Articles that are assigned at a time.
BATCH = 1000
ASSIGNED = "row bigint, article_id string, topics binary, cluster bigint, confidence double, x double, y double"
# Digits that tables show.
DIGITS = 4
# Shares are added up in whole numbers of this unit, so that the partitions do not matter.
UNITS_PER_ONE = 2.0**30


class Model(NamedTuple):
    """Fitted estimators."""

    space: ConceptSpace
    topic_model: StableTopicModel
    clusterer: ConsensusClusterer
    projector: MapProjector


class Known(NamedTuple):
    """Results of the articles that the model was fitted on, which they keep.

    Attributes
    ----------
    rows : ndarray of int, shape (n_known,)
        Their positions among all articles, sorted.
    topics : ndarray of shape (n_known, n_topics)
    clusters, confidence : ndarray of shape (n_known,)
    coordinates : ndarray of shape (n_known, 2)
    """

    rows: NDArray[np.int64]
    topics: NDArray[np.float64]
    clusters: NDArray[np.int64]
    confidence: NDArray[np.float64]
    coordinates: NDArray[np.float64]


def assign(counts: DataFrame, model: Model, known: Known, *, n_concepts: int) -> DataFrame:
    """Take all articles through the fitted estimators.

    Parameters
    ----------
    counts
        From `concept_counts.count_concepts`.
    model
        What articles are assigned by.
    known
        Articles whose results stand already.
    n_concepts
        Size of the vocabulary.

    Returns
    -------
    DataFrame
        A row for each article, with the columns `ASSIGNED`.
    """

    def assign_batches(batches: Batches) -> Batches:
        for batch in batches:
            for start in range(0, batch.num_rows, BATCH):
                yield _assign_batch(batch.slice(start, BATCH), model, known, n_concepts)

    return counts.select("row", "article_id", "concepts", "weights").mapInArrow(assign_batches, ASSIGNED)


def tables(assigned: DataFrame, labels: Mapping[int, tuple[str, str, str]]) -> dict[str, DataFrame]:
    """Lay the results out as tables, with the columns of the files of a run.

    Parameters
    ----------
    assigned
        From `assign`.
    labels
        Chinese and English label and typical title of each cluster, and of the unplaced.

    Returns
    -------
    dict of str to DataFrame
        article_topics, clusters, map.
    """
    return {
        "article_topics": assigned.select("article_id", "topics").mapInArrow(
            _leading_topics, "article_id string, topic bigint, weight double"
        ),
        "clusters": assigned.select("article_id", "cluster", "confidence").mapInArrow(
            _with_labels(dict(labels)),
            "article_id string, cluster bigint, confidence double, "
            "label_zh string, label_en string, typical_title string",
        ),
        "map": assigned.select("article_id", "x", "y").mapInArrow(_rounded, "article_id string, x double, y double"),
    }


def topic_shares(assigned: DataFrame, n_topics: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum the topics of all articles up.

    Parameters
    ----------
    assigned
        From `assign`.
    n_topics
        Length of a mixture.

    Returns
    -------
    shares, n_articles : ndarray of shape (n_topics,)
        Share of each topic in all articles, and the number of articles of which it is the
        largest.
    """

    def sum_partition(batches: Batches) -> Batches:
        import pyarrow as pa

        units, n_articles = np.zeros(n_topics, np.int64), np.zeros(n_topics, np.int64)
        for batch in batches:
            mixtures = from_cells(batch["topics"], "float64")[0].reshape(-1, n_topics)
            units += np.rint(mixtures * UNITS_PER_ONE).astype(np.int64).sum(axis=0)
            n_articles += np.bincount(mixtures.argmax(axis=1), minlength=n_topics)
        yield pa.RecordBatch.from_pydict({"topic": np.arange(n_topics), "units": units, "n_articles": n_articles})

    schema = "topic bigint, units bigint, n_articles bigint"
    sums = assigned.select("topics").mapInArrow(sum_partition, schema).groupBy("topic").sum("units", "n_articles")
    columns = sums.toArrow().sort_by("topic").to_pydict()
    units, n_articles = np.array(columns["sum(units)"]), np.array(columns["sum(n_articles)"])
    return units / units.sum(), n_articles


def _assign_batch(batch: pa.RecordBatch, model: Model, known: Known, n_concepts: int) -> pa.RecordBatch:
    import pyarrow as pa

    rows = batch["row"].to_numpy()
    position = np.minimum(np.searchsorted(known.rows, rows), len(known.rows) - 1)
    is_known = known.rows[position] == rows
    results = [np.array(part[position]) for part in known[1:]]
    if not is_known.all():
        assigned = _assign_counts(counts_from_cells(batch, n_concepts)[~is_known], model)
        for result, new in zip(results, assigned, strict=True):
            result[~is_known] = new
    topics, clusters, confidence, coordinates = results
    mixtures = to_cells(np.ascontiguousarray(topics).ravel(), np.arange(len(topics) + 1) * topics.shape[1])
    columns = [batch["row"], batch["article_id"], mixtures, clusters.astype(np.int64), confidence, *coordinates.T]
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns], names=column_names(ASSIGNED))


def _assign_counts(counts: sparse.csr_array, model: Model) -> tuple[NDArray[Any], ...]:
    vectors = model.space.transform(counts)
    labels, confidence = model.clusterer.assign(vectors)
    return model.topic_model.transform(counts), labels, confidence, model.projector.transform(vectors)


def _leading_topics(batches: Batches) -> Batches:
    import pyarrow as pa

    schema = pa.schema({"article_id": pa.string(), "topic": pa.int64(), "weight": pa.float64()})
    for batch in batches:
        ids = batch["article_id"].to_pylist()
        flat, _ = from_cells(batch["topics"], "float64")
        mixtures = flat.reshape(len(ids), -1) if ids else flat
        rows = [
            {"article_id": article_id, "topic": topic, "weight": weight}
            for article_id, mixture in zip(ids, mixtures, strict=True)
            for topic, weight in leading_topics(mixture)
        ]
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def _with_labels(labels: dict[int, tuple[str, str, str]]) -> Callable[[Batches], Batches]:
    def add_labels(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            of_article = [labels[cluster] for cluster in batch["cluster"].to_pylist()]
            columns = {
                "article_id": batch["article_id"],
                "cluster": batch["cluster"],
                "confidence": [round(number, DIGITS) for number in batch["confidence"].to_pylist()],
                "label_zh": pa.array([zh for zh, *_ in of_article], pa.string()),
                "label_en": pa.array([en for _, en, _ in of_article], pa.string()),
                "typical_title": pa.array([title for *_, title in of_article], pa.string()),
            }
            yield pa.RecordBatch.from_pydict(columns)

    return add_labels


def _rounded(batches: Batches) -> Batches:
    import pyarrow as pa

    for batch in batches:
        coordinates = {name: np.round(batch[name].to_numpy(), DIGITS) for name in ("x", "y")}
        yield pa.RecordBatch.from_pydict({"article_id": batch["article_id"], **coordinates})

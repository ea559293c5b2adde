"""All articles on the workers: what the steps ask of every one of them, as sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.spark import topics
from rare_topics.spark.columns import cells, cells_of, counts_of, names_of, values
from rare_topics.spark.sums import SUMS, added_up, sums_of, whole
from rare_topics.topics import TopicModel
from rare_topics.topics._bundle import ONE
from rare_topics.topics._documents import among, among_all, shared
from rare_topics.topics.lda import expected, probabilities, usual_settings

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

    from rare_topics.spark.checkpoints import Checkpoints
    from rare_topics.vectorize.concept_space import ConceptSpace

    Batches = Iterator[pa.RecordBatch]

LANGS = ("zh", "en")
NAMED = "row bigint, n_concepts int, length double, concepts binary, weights binary"


class Collection:
    """Counts of all articles, and what is summed over them.

    Sums are kept in whole numbers, so that they do not depend on the partitions.

    Parameters
    ----------
    counts
        From `words.count`.
    n_concepts
        Size of the vocabulary.
    checkpoints
        Where passes over the articles are kept.
    """

    def __init__(self, counts: DataFrame, n_concepts: int, checkpoints: Checkpoints) -> None:
        self.counts, self.n_concepts, self._checkpoints = counts, n_concepts, checkpoints

    @cached_property
    def n_documents(self) -> int:
        """Number of articles."""
        return self.counts.count()

    @property
    def n_articles(self) -> int:
        """Number of articles, which are the documents of large collections."""
        return self.n_documents

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """Number of articles that name each concept, of shape (n_concepts,)."""
        return self._totals[0]

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of each concept in all counts, of shape (n_concepts,)."""
        return self._totals[1]

    def sample(self, rows: NDArray[np.int64]) -> sparse.csr_array:
        """Fetch the counts of some articles, in their order."""
        found = chosen(self.counts.select("row", "concepts", "weights"), rows, self.n_articles)
        return counts_of(found, self.n_concepts)

    def languages(self, space: ConceptSpace) -> dict[str, tuple[int, NDArray[np.float64]]]:
        """Sum up the vectors of each language, and count them; see `ConceptSpace.learn_language`."""
        n_concepts, width = self.n_concepts, space.n_components_

        def place(batch: pa.RecordBatch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
            langs = np.array(batch["lang"].to_pylist())
            placed = whole(space.transform_raw(counts_of(batch, n_concepts)))
            members = [langs == lang for lang in LANGS]
            sums = [np.append(placed[member].sum(axis=0), member.sum()) for member in members]
            return np.arange(len(LANGS)), np.array(sums)

        found = self._summed(("lang", "concepts", "weights"), place, (len(LANGS), width + 1))
        return {lang: (int(row[-1]), row[:-1] / ONE) for lang, row in zip(LANGS, found, strict=True)}

    def largest_parts(self, topic_term: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of each topic's words that stand in the article which holds most of them."""
        n_concepts = self.n_concepts
        model = TopicModel().with_topics(topic_term)

        def weigh(batches: Batches) -> Batches:
            import pyarrow as pa

            largest, total = np.zeros(len(topic_term)), np.zeros(len(topic_term))
            for batch in batches:
                counts = counts_of(batch, n_concepts)
                words = model.transform(counts.astype(np.float32)) * counts.sum(axis=1)[:, None]
                largest, total = np.maximum(largest, words.max(axis=0, initial=0)), total + words.sum(axis=0)
            columns = [cells(numbers, [0, len(numbers)]) for numbers in (largest, total)]
            yield pa.RecordBatch.from_arrays(columns, names=["largest", "total"])

        found = self.counts.select("concepts", "weights").mapInArrow(weigh, "largest binary, total binary").toArrow()
        largest, total = (values(found[name], "float64")[0].reshape(-1, len(topic_term)) for name in found.column_names)
        return np.asarray(largest.max(axis=0) / np.maximum(total.sum(axis=0), 1e-12))

    def learn(self, topic_term: NDArray[np.float64], *, random_state: int) -> NDArray[np.float64]:
        """Learn topics from all articles where they lie and the words that they share, starting from those given."""
        words = shared(self.frequencies)
        bundles = topics.bundled(self._named(words), len(words), random_state=random_state)
        settings, start = usual_settings(len(topic_term)), expected(among(words, topic_term), bundles.total)
        learned = topics.learn(bundles, settings, start=start, checkpoints=self._checkpoints)[0]
        return among_all(probabilities(learned), words, self.n_concepts)

    def _named(self, words: NDArray[np.int64]) -> DataFrame:
        """Take the counts as if there were no other words."""
        n_concepts = self.n_concepts

        def take(batches: Batches) -> Batches:
            import pyarrow as pa

            for batch in batches:
                counts = sparse.csr_array(counts_of(batch, n_concepts)[:, words])
                sizes = np.diff(counts.indptr).astype(np.int32)
                columns = [batch["row"], sizes, counts.sum(axis=1), *cells_of(counts, counts.indptr)]
                yield pa.RecordBatch.from_arrays(columns, names=names_of(NAMED))

        return self.counts.select("row", "concepts", "weights").mapInArrow(take, NAMED)

    @cached_property
    def _totals(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        n_concepts = self.n_concepts

        def count(batch: pa.RecordBatch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
            counts = counts_of(batch, n_concepts)
            numbers, weights = np.zeros(n_concepts, np.int64), np.zeros(n_concepts, np.int64)
            np.add.at(numbers, counts.indices, 1)
            np.add.at(weights, counts.indices, whole(counts.data))
            named = np.flatnonzero(numbers)
            return named, np.stack([numbers[named], weights[named]], axis=1)

        found = self._summed(("concepts", "weights"), count, (n_concepts, 2))
        return found[:, 0], found[:, 1] / found[:, 1].sum()

    def _summed(
        self,
        columns: tuple[str, ...],
        part: Callable[[pa.RecordBatch], tuple[NDArray[np.int64], NDArray[np.int64]]],
        shape: tuple[int, int],
    ) -> NDArray[np.int64]:
        """Add up what each batch gives to some of the rows of a table of that shape."""

        def add(batches: Batches) -> Batches:
            total, touched = np.zeros(shape, np.int64), np.zeros(shape[0], bool)
            for batch in batches:
                places, sums = part(batch)
                total[places] += sums
                touched[places] = True
            yield sums_of(np.flatnonzero(touched), total[touched])

        return added_up(self.counts.select(*columns).mapInArrow(add, SUMS), shape)


def chosen(table: DataFrame, rows: NDArray[np.int64], n: int) -> pa.Table:
    """Fetch some of the `n` rows of a table that has a column `row`, in their order."""
    import pyarrow as pa
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    if len(rows) < n:
        wanted = table.sparkSession.createDataFrame(pa.table({"row": rows}))
        table = table.join(F.broadcast(wanted), "row")
    return table.toArrow().sort_by("row")

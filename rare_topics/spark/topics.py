"""Latent Dirichlet allocation over documents that stay on the workers.

The passes are those of one machine: the same blocks of documents, visited one after the
other by the same compiled loops. Only who visits a block differs: its documents lie in
bundles of about 512 on the workers, and per visit the counts of words in topics go out, and
what the bundles give comes back as sums.

Every pass is written down: mixtures of the documents and sums by bundle, and the counts on the
driver. So a worker that is lost costs the visit that it was in, and a driver that is started
anew the pass.

Memory of a Python worker: a batch of bundles as Spark sends them (8 bytes for each pair of a
document and a word in it, and 8 for each word of a bundle; 64 MB at most as Spark 4.3 is set),
and five tables of words x topics, of 4 or 8 bytes an entry. The driver holds 13 bytes for each
document while it lays out the blocks, and a table for each of up to eight blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rare_topics.spark.columns import cells, counts_of, names_of, values
from rare_topics.spark.sums import SUMS, added_up, sums_of
from rare_topics.topics._bundle import ONE, Bundle, State, Visitor
from rare_topics.topics._kernels import INVERSE
from rare_topics.topics._learner import Learner, Settings
from rare_topics.topics._plan import blocks_of
from rare_topics.topics._registers import plain

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

    from rare_topics.spark.checkpoints import Checkpoints

    Batches = Iterator[pa.RecordBatch]

# Documents of a block that are visited together, about.
BUNDLE = 512
# Bundles that a task visits, about: with fewer of them it is busier with the counts it is sent than with documents.
PER_TASK = 16
ENTRIES = "row bigint, concepts binary, weights binary"
BUNDLED = "bundle bigint, documents binary, counts binary, words binary, sizes binary, lengths binary"
VISITED = f"bundle bigint, mixtures binary, {SUMS}"
TYPES = ("int32", "float32", "int32", "int32", "float32")


class Bundles(NamedTuple):
    """Documents on the workers, in bundles.

    Attributes
    ----------
    bundles
        A row for each bundle; those of a block have numbers next to each other.
    n_blocks, per_block
        Number of blocks, and of bundles in each.
    n_tasks
        Tasks that visit a block.
    n_words
        Size of the vocabulary.
    total
        Words of all documents.
    """

    bundles: DataFrame
    n_blocks: int
    per_block: int
    n_tasks: int
    n_words: int
    total: float


def bundled(counts: DataFrame, n_words: int, *, random_state: int, per_task: int = PER_TASK) -> Bundles:
    """Lay documents into bundles, blocks being those of one machine.

    Parameters
    ----------
    counts
        `row`, counting from 0 without a gap, `n_concepts`, `length`, `concepts` and `weights`, as
        `words.count` gives them.
    n_words
        Size of the vocabulary.
    random_state
        Seed of the order in which documents are visited.
    per_task
        Bundles that a task visits, about.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    sizes = counts.select("row", "n_concepts").toArrow().sort_by("row")["n_concepts"].to_numpy()
    order = np.random.RandomState(random_state).permutation(len(sizes))
    bounds = blocks_of(np.append(0, np.cumsum(sizes[order], dtype=np.int64)), n_words)
    block = np.empty(len(order), np.uint8)
    block[order] = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    n_blocks = len(bounds) - 1
    span = BUNDLE * n_blocks
    per_block = -(-len(order) // span)
    n_tasks = -(-per_block // per_task)
    total = counts.agg(F.sum(F.col("length").cast("decimal(38,6)"))).collect()[0][0]

    def number(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            rows = batch["row"].to_numpy()
            bundle = pa.array(block[rows].astype(np.int64) * per_block + rows // span)
            yield pa.RecordBatch.from_arrays([bundle, *batch.columns], names=["bundle", *batch.schema.names])

    def pack(table: pa.Table) -> pa.Table:
        return _packed(table.sort_by("row"), n_words)

    plain_counts = counts.select("row", "concepts", "weights")
    numbered = plain_counts.mapInArrow(number, f"bundle bigint, {ENTRIES}")
    bundles = numbered.groupBy("bundle").applyInArrow(pack, BUNDLED).repartition(n_tasks, "bundle")
    bundles = bundles.sortWithinPartitions("bundle").persist()
    return Bundles(bundles, n_blocks, per_block, n_tasks, n_words, float(total or 0))


def learn(
    documents: Bundles, settings: Settings, *, start: NDArray[np.float64], checkpoints: Checkpoints
) -> tuple[NDArray[np.float32], int]:
    """Learn topics from documents on the workers; see `rare_topics.topics`.

    Parameters
    ----------
    documents
        From `bundled`.
    settings
        Priors and stopping rule; alpha stays as it is.
    start : ndarray of shape (n_words, n_topics)
        Expected counts to start from, forgotten after the first pass.
    checkpoints
        Where every pass is kept, and the last one found again after an interruption.

    Returns
    -------
    word_counts, n_iter
        Expected counts (words x topics), and passes made.
    """
    learner = _OnWorkers(settings, documents, checkpoints)
    if not learner.restore():
        learner.start_after(start)
        learner.forget_start()
    tolerated = settings.tol * documents.total
    if learner.moved > tolerated:
        # The pass that forgets the start is not counted.
        learner.settle(tolerated=tolerated, made=learner.made - 1)
    documents.bundles.unpersist()
    return learner.learned_counts(), learner.made - 1


class _OnWorkers(Learner):
    """Visits documents where they lie; their mixtures are written down, and sums come to the driver.

    Attributes
    ----------
    made
        Passes over all documents so far.
    moved
        Count that the last one moved.
    """

    def __init__(self, settings: Settings, documents: Bundles, checkpoints: Checkpoints) -> None:
        super().__init__(settings, n_words=documents.n_words, n_blocks=documents.n_blocks)
        self._documents, self._checkpoints = documents, checkpoints
        self.made, self.moved = 0, np.inf

    def passes(self, most: int, tolerated: float) -> tuple[int, float]:
        """Visit the blocks in turn, and keep each pass that is done."""
        before = self.made
        while self.made < before + most:
            self.moved = sum(self._renewed(block) for block in range(self._documents.n_blocks))
            self.made += 1
            counts: dict[str, NDArray[Any]] = {"word_counts": plain(self.word_counts), "totals": self.totals}
            about = {"made": np.array(self.made), "moved": np.array(self.moved)}
            self._checkpoints.keep(f"pass-{self.made % 2}", {**counts, **about})
            if self.moved <= tolerated:
                break
        return self.made - before, self.moved

    def forget_start(self) -> None:
        """Make a pass, and keep but what it has assigned."""
        super().forget_start()
        self.moved = np.inf

    def restore(self) -> bool:
        """Go on after the last pass that was kept, if there is one."""
        found = [state for slot in range(2) if (state := self._checkpoints.kept(f"pass-{slot}"))]
        if not found:
            return False
        last = max(found, key=lambda state: int(state["made"]))
        self.made, self.moved = int(last["made"]), float(last["moved"])
        for block, old in enumerate(plain(self.old)):
            old[:, : len(self.alpha)] = self._given(block, self.made)
        plain(self.word_counts)[:] = last["word_counts"]
        self.totals[:] = last["totals"]
        self.invert_totals()
        if self.made == 1:
            self.forget_all_but_learned()
            self.moved = np.inf
        return True

    def _renewed(self, block: int) -> float:
        """Exchange what a block gave for what it gives now; return the count that moved."""
        fresh, old = np.zeros_like(plain(self.old)[block]), plain(self.old)[block]
        fresh[:, : len(self.alpha)] = self._visited(block)
        change = fresh - old
        plain(self.word_counts)[:] += change
        old[:] = fresh
        self.totals += change.sum(axis=0, dtype=np.float64)
        self.invert_totals()
        return float(np.abs(change).sum(dtype=np.float64) / 2)

    def _visited(self, block: int) -> NDArray[np.float64]:
        """Send the counts out, and have new mixtures and sums written down; return the sums."""
        from pyspark.sql import functions as F  # noqa: N812

        n_topics = len(self.alpha)
        inverse = plain(self.constants)[INVERSE, :n_topics]
        counts = np.array(plain(self.word_counts)[:, :n_topics])
        state = State(counts, self.alpha, np.array(inverse), self.eta, seen=self.made > 0)
        first = block * self._documents.per_block
        bundles = self._documents.bundles.where(f"bundle between {first} and {first + self._documents.per_block - 1}")
        if self.made:
            before = self._checkpoints.table(self._name(block, self.made), VISITED)
            before = before.where("bundle is not null").select("bundle", "mixtures")
            before = before.repartition(self._documents.n_tasks, "bundle")
            bundles = bundles.join(before.hint("shuffle_hash"), "bundle")
        else:
            bundles = bundles.withColumn("mixtures", F.lit(None).cast("binary"))
        visited = bundles.mapInArrow(lambda batches: _visit_all(batches, state), VISITED)
        self._checkpoints.write(self._name(block, self.made + 1), visited)
        return self._given(block, self.made + 1)

    def _given(self, block: int, made: int) -> NDArray[np.float64]:
        """Add up what the bundles of a block gave in a pass that was written down."""
        sums = self._checkpoints.table(self._name(block, made), VISITED).where("bundle is null")
        shape = self._documents.n_words, len(self.alpha)
        return added_up(sums.select("places", "sums"), shape, n_tasks=self._documents.n_tasks) / ONE

    @staticmethod
    def _name(block: int, made: int) -> str:
        """Name the mixtures that a pass left behind; those of the pass before it stay until the next."""
        return f"mixtures-{made % 2}-{block}"


def _packed(table: pa.Table, n_words: int) -> pa.Table:
    """Put the documents of a bundle in the order in which they are visited."""
    import pyarrow as pa

    arrays = Bundle.of(counts_of(table, n_words).astype(np.float32))
    columns = [pa.array([table["bundle"][0].as_py()]), *(cells(array, [0, len(array)]) for array in arrays)]
    return pa.table(columns, names=names_of(BUNDLED))


def _visit_all(batches: Batches, state: State) -> Batches:
    import pyarrow as pa

    visitor, n_topics = Visitor(state), len(state.alpha)
    names = names_of(VISITED)
    empty = pa.array([None], pa.binary())
    for row in (batch.slice(number, 1) for batch in batches for number in range(batch.num_rows)):
        arrays = (values(row[name], kind)[0] for name, kind in zip(Bundle._fields, TYPES, strict=True))
        before = None if row["mixtures"][0].as_py() is None else values(row["mixtures"], "float32")[0]
        mixtures = visitor.visit(Bundle(*arrays), None if before is None else before.reshape(-1, n_topics))
        column = cells(np.ascontiguousarray(mixtures).ravel(), [0, mixtures.size])
        yield pa.RecordBatch.from_arrays([row["bundle"], column, empty, empty], names=names)
    if len(visitor.words):
        found = sums_of(visitor.words, visitor.sums)
        yield pa.RecordBatch.from_arrays([pa.array([None], pa.int64()), empty, *found.columns], names=names)

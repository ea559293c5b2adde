"""Specification of a worker's memory: that of a block of articles, however many a partition holds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.records import Article
from rare_topics.spark import extraction, from_corpus
from rare_topics.spark.concept_counts import Reader

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    Blocks = Callable[[Iterator[Any]], Iterator[list[Any]]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="how much memory a process may take is limited on Linux alone"),
]
EXTRACTOR = extraction.Extractor(Reader(None, None, gloss=True), None)
# Each takes 400 kB, nearly all of it lines without a word, which are soon read.
SAID = "中国控制着全球90%的稀土加工。", "Australia's Lynas is an alternative supplier."
LINES, ARTICLES = 200_000, 400
# A third of what the articles of the partition take together.
HEADROOM = 52 * 2**20


@pytest.fixture(scope="module")
def articles(spark: SparkSession) -> Iterator[DataFrame]:
    """Give one partition that a worker gets in batches of ten articles."""
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    article = Article(article_id="", title="Rare earths", body=("\n" * LINES).join(SAID), body_lang="zh")
    one = from_corpus(spark, Corpus((article,))).articles.drop("row", "article_id")
    names = F.col("id").alias("row"), F.format_string("%04d", "id").alias("article_id")
    batch = "spark.sql.execution.arrow.maxRecordsPerBatch"
    spark.conf.set(batch, "10")
    yield spark.range(ARTICLES, numPartitions=1).select(*names).crossJoin(F.broadcast(one))
    spark.conf.unset(batch)


def within(headroom: int, blocks: Blocks, *, together: bool) -> Blocks:
    """Let a worker that has read its first block grow by so many bytes; `together` has it take the others as one."""

    def limited(source: Iterator[Any]) -> Iterator[list[Any]]:
        import resource

        left = blocks(source)
        yield next(left)
        usual, most = resource.getrlimit(resource.RLIMIT_AS)
        held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + headroom, most))
        try:
            yield from [list(chain.from_iterable(left))] if together else left
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (usual, most))

    return limited


def reasons(articles: DataFrame) -> list[str | None]:
    """Say of each article why it could not be extraction."""
    return extraction.extract(articles, EXTRACTOR).select("reason").toArrow()["reason"].to_pylist()


def test_a_partition_of_any_size_is_told_in_the_memory_of_a_block(
    articles: DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "_blocks", within(HEADROOM, extraction._blocks, together=False))
    assert reasons(articles) == [None] * ARTICLES


def test_a_worker_that_took_its_partition_whole_would_meet_the_limit(
    articles: DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "_blocks", within(HEADROOM, extraction._blocks, together=True))
    with pytest.raises(Exception, match="MemoryError"):
        reasons(articles)

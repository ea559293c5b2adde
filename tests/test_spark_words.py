"""Specification of the words read on Spark: the vocabulary and the counts of one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from benchmarks.archive import write

from rare_topics.corpus import Corpus
from rare_topics.spark import words
from rare_topics.spark.columns import counts_of
from rare_topics.vectorize import ConceptVectorizer, summed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus.from_table(write(tmp_path_factory.mktemp("archive") / "archive.jsonl", 300))


def table(spark: SparkSession, corpus: Corpus, n_partitions: int) -> DataFrame:
    names = ("article_id", "title", "body", "body_lang")
    rows = [(row, *(getattr(article, name) for name in names)) for row, article in enumerate(corpus)]
    return spark.createDataFrame(rows, ["row", *names]).repartition(n_partitions)


@pytest.mark.parametrize("n_partitions", [1, 5])
def test_the_vocabulary_is_that_of_one_machine(spark: SparkSession, corpus: Corpus, n_partitions: int) -> None:
    alone = ConceptVectorizer()
    counts = alone.fit_transform([passage.text for passage in corpus.passages])
    articles = table(spark, corpus, n_partitions)
    together = ConceptVectorizer().learn_languages(words.languages(articles))
    blocks = words.read(articles, words.Reader.of(together)).persist()
    together.learn_vocabulary(words.tally(blocks))
    assert together.glossed_ == alone.glossed_
    assert together.vocabulary_ == alone.vocabulary_
    assert together.surfaces_ == alone.surfaces_
    assert together.general_weight_ == alone.general_weight_
    counted = words.count(blocks, together.known).orderBy("row").toArrow()
    blocks.unpersist()
    assert counted["article_id"].to_pylist() == [article.article_id for article in corpus]
    found = counts_of(counted, len(alone.vocabulary_))
    assert (found != summed(counts, corpus.passages.article, len(corpus))).nnz == 0

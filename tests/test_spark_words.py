"""Specification of the words read on Spark: the vocabulary and the counts of one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.archive import write

from rare_topics.corpus.corpus import Corpus
from rare_topics.lexicon import Lexicon
from rare_topics.spark import concept_counts as words
from rare_topics.spark.arrays import counts_from_cells
from rare_topics.text.segmenter import Segmenter
from rare_topics.vectorize.vectorizer import ConceptVectorizer
from rare_topics.vectorize.vocabulary import sum_rows_by_group

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
    together = ConceptVectorizer().fit_languages(words.count_languages(articles))
    blocks = words.read_blocks(articles, words.Reader.of(together)).persist()
    together.fit_vocabulary(words.sum_totals(blocks))
    assert together.glossed_ == alone.glossed_
    assert together.vocabulary_ == alone.vocabulary_
    assert together.surfaces_ == alone.surfaces_
    assert together.general_weight_ == alone.general_weight_
    counted = words.count_concepts(blocks, together.fitted_vocabulary).orderBy("row").toArrow()
    blocks.unpersist()
    assert counted["article_id"].to_pylist() == [article.article_id for article in corpus]
    found = counts_from_cells(counted, len(alone.vocabulary_))
    assert (found != sum_rows_by_group(counts, corpus.passages.article_rows, len(corpus))).nnz == 0


@pytest.mark.parametrize("n_partitions", [1, 12])
def test_an_article_that_cannot_be_read_is_named_and_the_others_are_read(
    spark: SparkSession, corpus: Corpus, n_partitions: int
) -> None:
    """Alone in its partition too."""
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    some = Corpus(corpus.articles[:12])
    alone = ConceptVectorizer()
    counts = sum_rows_by_group(
        alone.fit_transform([passage.text for passage in some.passages]), some.passages.article_rows, len(some)
    )
    articles = table(spark, some, n_partitions)
    poisoned = articles.withColumn("title", F.when(F.col("row") != 7, F.col("title")))
    assert sum(words.count_languages(poisoned).values()) > 0
    read = (
        words.count_concepts(words.read_blocks(poisoned, words.Reader.of(alone)), alone.fitted_vocabulary)
        .orderBy("row")
        .toArrow()
    )
    assert read["article_id"].to_pylist() == [article.article_id for article in some]
    reasons = read["reason"].to_pylist()
    assert [row for row, reason in enumerate(reasons) if reason is not None] == [7]
    expected = counts.toarray()
    expected[7] = 0
    assert (counts_from_cells(read, len(alone.vocabulary_)).toarray() == expected).all()


def test_a_text_that_the_reader_fails_on_takes_no_other_with_it() -> None:
    lexicon = Lexicon()

    class Fails(Segmenter):
        def token_table(self, texts):
            if any("poison" in text for text in texts):
                raise RuntimeError("a bug")
            return super().token_table(texts)

    about = {"row": 0, "reason": None}
    block = [({**about}, ["rare earths", "magnets"]), ({**about}, ["magnets and poison"]), ({**about}, ["rare earths"])]
    reading = words._read_safely(block, lexicon, Fails(lexicon.words))
    assert [of_article["reason"] for of_article, _ in block] == [None, "RuntimeError: a bug", None]
    assert reading.counts.shape[0] == 4
    assert np.diff(reading.counts.indptr).tolist()[2] == 0
    assert (np.diff(reading.counts.indptr)[[0, 1, 3]] > 0).all()

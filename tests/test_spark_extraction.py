"""Specification of what is extraction on Spark: themes, evidence, suppliers and claims as one machine finds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from rare_topics.claims import Claims
from rare_topics.corpus.corpus import Corpus
from rare_topics.lexicon import Lexicon
from rare_topics.spark import extraction
from rare_topics.spark.articles import from_corpus
from rare_topics.spark.concept_counts import Reader
from rare_topics.text.segmenter import Segmenter
from rare_topics.themes import ThemeFinder, Themes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.slow
EXTRACTOR = extraction.Extractor(Reader(None, None, gloss=True), None)


@pytest.fixture(scope="module")
def themes(seeds: Corpus) -> Themes:
    return ThemeFinder().find_themes(seeds)


@pytest.fixture(scope="module")
def claims(seeds: Corpus) -> Claims:
    lexicon = Lexicon()
    return Claims(seeds, lexicon=lexicon, segmenter=Segmenter(lexicon.words))


@pytest.fixture(scope="module")
def said(spark: SparkSession, seeds: Corpus) -> Iterator[DataFrame]:
    read = extraction.extract(from_corpus(spark, seeds).articles.repartition(3), EXTRACTOR).persist()
    yield read
    read.unpersist()


def same(found: DataFrame, expected: pd.DataFrame) -> None:
    """Compare row by row, whatever the order: a table on a cluster has none."""
    columns = list(expected.columns)
    assert found.columns == columns
    rows = pd.DataFrame(found.toArrow().to_pydict()).astype(expected.dtypes.to_dict())
    frames = [frame.sort_values(columns, ignore_index=True) for frame in (rows, expected)]
    pd.testing.assert_frame_equal(*frames)
    assert len(expected) > 0


@pytest.mark.parametrize("name", ["themes", "evidence", "suppliers"])
def test_themes_are_those_of_one_machine(said: DataFrame, themes: Themes, name: str) -> None:
    same(extraction.tables(said, EXTRACTOR)[name], themes.table if name == "themes" else getattr(themes, name))


def test_claims_are_those_of_one_machine(said: DataFrame, claims: Claims) -> None:
    same(extraction.tables(said, EXTRACTOR)["claims"], claims.table)


def test_claims_disagree_as_on_one_machine(said: DataFrame, claims: Claims) -> None:
    found, nth = extraction.disagreements(said)
    assert nth == 1
    pd.testing.assert_frame_equal(found, claims.disagreements)


def test_the_driver_makes_themes_from_the_matches(said: DataFrame, seeds: Corpus, themes: Themes) -> None:
    marks = extraction.theme_matches(said.orderBy("row").select("matches").toArrow().to_pylist())
    assert ThemeFinder().themes_from_matches(seeds, marks).matches == themes.matches


def test_the_driver_makes_claims_from_the_rows(said: DataFrame, claims: Claims) -> None:
    assert tuple(extraction.claims(said.orderBy("row").toArrow().to_pylist())) == claims.claims


def test_of_too_many_claims_those_of_an_even_sample_are_compared(said: DataFrame) -> None:
    found, nth = extraction.disagreements(said, max_claims=150)
    rows = {row["article_id"]: row["row"] for row in said.select("article_id", "row").collect()}
    assert nth > 1
    assert {rows[article] % nth for article in found["article_id"]} == {0}


def test_an_article_that_a_step_fails_on_is_named_and_the_others_are_told(
    spark: SparkSession, seeds: Corpus, said: DataFrame, claims: Claims
) -> None:
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    poisoned = seeds[3].article_id
    without_title = F.when(F.col("article_id") != poisoned, F.col("title"))
    broken = extraction.extract(
        from_corpus(spark, seeds).articles.withColumn("title", without_title), EXTRACTOR
    ).persist()
    assert [row["article_id"] for row in broken.where("reason is not null").collect()] == [poisoned]
    rest = claims.table[claims.table["article_id"] != poisoned]
    same(extraction.tables(broken, EXTRACTOR)["claims"], rest)
    rows = broken.orderBy("row").toArrow().to_pylist()
    assert len(rows) == len(seeds)
    assert {claim.article_id for claim in extraction.claims(rows)} == set(rest["article_id"])
    assert {mark.article for mark in extraction.theme_matches(rows)} == set(range(len(seeds))) - {3}

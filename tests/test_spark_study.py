"""Specification of a study on Spark: that of one machine, with tables of all articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from benchmarks.archive import write

from rare_topics.cluster import ConsensusClusterer
from rare_topics.corpus import Corpus
from rare_topics.export.run_folder import run_tables, write_run
from rare_topics.projection import MapProjector
from rare_topics.spark import SparkPipeline, concept_counts, extraction
from rare_topics.spark.articles import unread_articles
from rare_topics.study import Study, load
from rare_topics.themes import ThemeFinder
from rare_topics.topics import StableTopicModel
from rare_topics.vectorize import ConceptVectorizer
from rare_topics.vectorize.vocabulary import sum_rows_by_group

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.slow
SETTINGS = {"n_topics": 4, "n_clusters": 4, "random_state": 0}
N_ARTICLES, MAX_SAMPLE = 140, 105
# One of topics, of the map, of themes, of suppliers and of claims each: their tables are those of one machine.
FIGURES = ("map", "stated_shares", "supplier_stages", "theme_strength", "topic_shares")


def table_of(study: Study, name: str) -> pd.DataFrame:
    return pd.concat(run_tables(study)[name]())


def same_rows(table: object, expected: pd.DataFrame) -> bool:
    """Compare the rows of a table on Spark with those of one machine, whatever their order."""
    found = table.toArrow().to_pandas()
    assert list(found.columns) == list(expected.columns)
    rows = (frame.astype(object).where(frame.notna(), None).to_dict("records") for frame in (found, expected))
    one, other = (sorted(map(str, (list(row.values()) for row in some))) for some in rows)
    return one == other


class TestOfAllArticles:
    """Where all articles fit into the sample, nothing differs."""

    @pytest.fixture(scope="class")
    def steps(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("steps")

    @pytest.fixture(scope="class")
    def distributed(self, spark: SparkSession, seeds: Corpus, steps: Path) -> Study:
        return Study(random_state=0, spark=spark).fit(seeds, checkpoints=steps)

    def test_what_is_learned_is_the_same_to_the_last_bit(self, distributed: Study, study: Study) -> None:
        assert distributed.corpus.articles == study.corpus.articles
        assert distributed.state.vectorizer.vocabulary_ == study.state.vectorizer.vocabulary_
        assert np.array_equal(distributed.state.topic_model.topic_term_, study.state.topic_model.topic_term_)
        for name in ("vectors", "doc_topic", "cluster_labels", "confidence", "coordinates"):
            assert np.array_equal(getattr(distributed.state, name), getattr(study.state, name)), name

    @pytest.mark.parametrize(
        "name", ["articles", "passages", "article_topics", "clusters", "map", "themes", "evidence", "suppliers"]
    )
    def test_tables_on_spark_are_those_of_a_run(self, distributed: Study, study: Study, name: str) -> None:
        assert same_rows(distributed.tables[name], table_of(study, name))

    @pytest.mark.parametrize("name", ["aspects", "over_time", "uncovered_passages", "topic_coverage"])
    def test_themes_here_are_made_from_what_workers_found(self, distributed: Study, study: Study, name: str) -> None:
        assert distributed.themes.matches == study.themes.matches
        pd.testing.assert_frame_equal(getattr(distributed.themes, name), getattr(study.themes, name))

    def test_claims_here_are_those_that_workers_read(self, distributed: Study, study: Study) -> None:
        here, expected = distributed.claims, study.claims
        assert here.claims == expected.claims
        pd.testing.assert_frame_equal(here.table, expected.table)
        pd.testing.assert_frame_equal(here.disagreements, expected.disagreements)
        pd.testing.assert_frame_equal(here.about("processing share"), expected.about("processing share"))

    def test_a_driver_that_is_started_again_does_no_step_twice(
        self, spark: SparkSession, seeds: Corpus, distributed: Study, steps: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for estimator in (StableTopicModel, ConsensusClusterer, MapProjector):
            monkeypatch.setattr(estimator, "fit", None)
        monkeypatch.setattr(concept_counts, "read_blocks", None)
        monkeypatch.setattr(extraction, "extract", None)
        again = Study(random_state=0, spark=spark).fit(seeds, checkpoints=steps)
        assert np.array_equal(again.state.cluster_labels, distributed.state.cluster_labels)
        assert same_rows(again.tables["map"], distributed.map)
        assert again.themes.matches == distributed.themes.matches
        assert again.claims.claims == distributed.claims.claims

    def test_it_is_saved_loaded_and_added_to_as_ever(self, distributed: Study, seeds: Corpus, tmp_path: Path) -> None:
        again = load(distributed.save(tmp_path / "study"))
        pd.testing.assert_frame_equal(again.topics, distributed.topics)
        grown = again.add(seeds)
        pd.testing.assert_frame_equal(grown.clusters, distributed.clusters)


class TestWithAPoisonedArticle:
    """An article of the sample that themes and claims fail on, wherever they are read."""

    @pytest.fixture(scope="class")
    def poisoned(self, seeds: Corpus) -> str:
        return seeds[3].article_id

    @pytest.fixture(scope="class")
    def fitted(self, spark: SparkSession, seeds: Corpus, poisoned: str) -> Iterator[Study]:
        blocks = extraction._blocks

        def without_its_title(batches: Iterator) -> Iterator:
            for block in blocks(batches):
                yield [(row, replace(one, title=None) if one.article_id == poisoned else one) for row, one in block]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(extraction, "_blocks", without_its_title)
            for reader in ("themes.matcher.ThemeMatcher.__call__", "claims.ClaimReader.read"):
                patch.setattr(f"rare_topics.{reader}", None)
            yield Study(random_state=0, spark=spark).fit(seeds)

    def test_it_alone_is_missing_and_named(self, fitted: Study, study: Study, poisoned: str) -> None:
        matches = tuple(match for match in study.themes.matches if match.passage.article_id != poisoned)
        claims = tuple(claim for claim in study.claims.claims if claim.article_id != poisoned)
        assert len(matches) < len(study.themes.matches)
        assert len(claims) < len(study.claims)
        assert fitted.themes.matches == matches
        assert fitted.claims.claims == claims
        assert [row["article"] for row in fitted.tables["quarantine"].collect()] == [poisoned]

    def test_a_run_with_figures_and_report_is_written(self, fitted: Study, poisoned: str, tmp_path: Path) -> None:
        out = Path(write_run(fitted, tmp_path / "build", figures=FIGURES))
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
        assert manifest["spark"]["quarantined"] == 1
        assert pq.read_table(out / "quarantine.parquet")["article"].to_pylist() == [poisoned]
        assert {path.stem for path in (out / "figures").glob("*.png")} == {*FIGURES}
        assert fitted.corpus[poisoned].title in (out / "report.html").read_text("utf-8")


class TestOfMoreArticles:
    """Where there are more articles than the sample holds, the others are folded in and assigned."""

    @pytest.fixture(scope="class")
    def archive(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write(tmp_path_factory.mktemp("archive") / "archive.jsonl", N_ARTICLES, n_topics=4)

    @pytest.fixture(scope="class")
    def everything(self, archive: Path) -> Corpus:
        return Corpus.from_table(archive)

    @pytest.fixture(scope="class")
    def steps(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("steps")

    @pytest.fixture(scope="class")
    def distributed(self, spark: SparkSession, archive: Path, steps: Path) -> Study:
        return Study(**SETTINGS, spark=SparkPipeline(spark, max_sample=MAX_SAMPLE)).fit(archive, checkpoints=steps)

    def test_the_vocabulary_is_that_of_all(self, distributed: Study, everything: Corpus) -> None:
        alone = ConceptVectorizer().fit(everything.passages.texts)
        assert len(distributed.corpus) == MAX_SAMPLE
        assert distributed.state.vectorizer.vocabulary_ == alone.vocabulary_
        assert distributed.state.vectorizer.surfaces_ == alone.surfaces_

    def test_every_article_has_its_row_in_every_table(self, distributed: Study, everything: Corpus) -> None:
        ids = {article.article_id for article in everything}
        for name in ("article_topics", "map", "clusters", "articles", "themes"):
            found = distributed.tables[name].toArrow().to_pandas()
            assert list(found.columns) == list(table_of(distributed, name).columns), name
            assert set(found["article_id"]) == ids, name

    def test_articles_of_the_sample_keep_what_was_learned(self, distributed: Study) -> None:
        for name in ("map", "clusters", "article_topics"):
            found = distributed.tables[name].toArrow().to_pandas()
            here = {article.article_id for article in distributed.corpus}
            kept = found[found["article_id"].isin(here)].sort_values(list(found.columns), ignore_index=True)
            expected = table_of(distributed, name).sort_values(list(found.columns), ignore_index=True)
            pd.testing.assert_frame_equal(kept, expected, check_dtype=False)

    def test_the_others_are_what_the_fitted_steps_say(self, distributed: Study, everything: Corpus) -> None:
        state = distributed.state
        here = {article.article_id for article in distributed.corpus}
        others = Corpus(tuple(article for article in everything if article.article_id not in here))
        passage_counts = state.vectorizer.transform(others.passages.texts)
        counts = sum_rows_by_group(passage_counts, others.passages.article_rows, len(others))
        labels, _ = state.clusterer.assign(state.space.transform(counts))
        found = distributed.tables["clusters"].toArrow().to_pandas().set_index("article_id")["cluster"]
        assert [found[article.article_id] for article in others] == labels.tolist()

    def test_shares_of_topics_are_those_of_all(self, distributed: Study) -> None:
        weights = distributed.tables["article_topics"].toArrow().to_pandas()
        assert distributed.topics["n_articles"].sum() == N_ARTICLES
        shares = weights.groupby("topic")["weight"].sum() / N_ARTICLES
        # Weights under a twentieth are left out of the table.
        assert distributed.topics["share"].to_numpy() == pytest.approx(shares.to_numpy(), abs=0.05)

    def test_themes_and_claims_here_are_those_of_the_sample(self, distributed: Study) -> None:
        themes = ThemeFinder().find_themes(distributed.corpus)
        assert distributed.themes.matches == themes.matches
        claims = distributed.tables["claims"].toArrow().to_pandas()
        here = {article.article_id for article in distributed.corpus}
        assert set(distributed.claims.table["claim_id"]) == set(claims[claims["article_id"].isin(here)]["claim_id"])
        assert len(distributed.claims) < len(claims)

    def test_the_reader_is_told_what_is_shown(self, distributed: Study) -> None:
        assert any(f"{MAX_SAMPLE} of {N_ARTICLES} articles" in warning for warning in distributed.warnings)

    def test_a_driver_that_is_started_again_goes_on_after_its_last_step(
        self, spark: SparkSession, archive: Path, distributed: Study, steps: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No step that was finished is done again, and the answer is the same to the last bit."""
        monkeypatch.setattr(concept_counts, "read_blocks", None)
        monkeypatch.setattr(StableTopicModel, "fit", None)
        pipeline = SparkPipeline(spark, max_sample=MAX_SAMPLE)
        again = Study(**SETTINGS, spark=pipeline).fit(archive, checkpoints=steps)
        for name in ("doc_topic", "cluster_labels", "coordinates"):
            assert np.array_equal(getattr(again.state, name), getattr(distributed.state, name)), name


def test_articles_that_a_step_could_not_read_are_named_once_in_the_quarantine(spark: SparkSession) -> None:
    columns = "article_id string, reason string"
    words = spark.createDataFrame([("a", None), ("b", "RuntimeError: words"), ("c", "ValueError: both")], columns)
    said = spark.createDataFrame([("a", "TypeError: said"), ("b", None), ("c", "ValueError: both")], columns)
    named = {row["article"]: row["reason"] for row in unread_articles(words, said).collect()}
    assert named == {"a": "TypeError: said", "b": "RuntimeError: words", "c": "ValueError: both"}
    assert unread_articles(words, said).count() == len(named)

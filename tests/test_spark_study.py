"""Specification of a study on Spark: that of one machine, with tables of all articles."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from benchmarks.archive import write
from rare_topics.spark.topics import _OnWorkers
from rare_topics.study.distributed import Distributed, _unread
from spark_study import SAMPLE, SETTINGS, N, few_for_many
from standalone_cluster import Process, environment

from rare_topics.corpus.corpus import Corpus
from rare_topics.export.run_folder import run_tables, write_run
from rare_topics.spark import extraction as told
from rare_topics.study import Study, load

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).parent / "spark_study.py"


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
        for name in ("vectors", "doc_topic", "labels", "confidence", "places"):
            assert np.array_equal(getattr(distributed, name), getattr(study, name)), name

    @pytest.mark.parametrize(
        "name", ["articles", "passages", "article_topics", "clusters", "map", "themes", "evidence", "suppliers"]
    )
    def test_tables_on_spark_are_those_of_a_run(self, distributed: Study, study: Study, name: str) -> None:
        assert same_rows(distributed.tables[name], table_of(study, name))

    @pytest.mark.parametrize("name", ["aspects", "over_time", "unexplained", "topics"])
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
        for step in ("read_words", "find_vectors", "find_topics", "find_clusters", "draw_map"):
            monkeypatch.setattr(Study, f"_{step}", None)
        for step in ("words.read", "told.tell"):
            monkeypatch.setattr(f"rare_topics.spark.{step}", None)
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
        blocks = told._blocks

        def without_its_title(batches: Iterator) -> Iterator:
            for block in blocks(batches):
                yield [(row, replace(one, title=None) if one.article_id == poisoned else one) for row, one in block]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(told, "_blocks", without_its_title)
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
        out = Path(write_run(fitted, tmp_path / "build"))
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
        assert manifest["spark"]["quarantined"] == 1
        assert pq.read_table(out / "quarantine.parquet")["article"].to_pylist() == [poisoned]
        assert (out / "figures" / "theme_strength.png").exists()
        assert fitted.corpus[poisoned].title in (out / "report.html").read_text("utf-8")


class TestOfMoreArticles:
    """Where there are more articles than the sample holds, all of them are learned from."""

    @pytest.fixture(scope="class")
    def archive(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write(tmp_path_factory.mktemp("archive") / "archive.jsonl", N, n_topics=4)

    @pytest.fixture(scope="class")
    def both(self, spark: SparkSession, archive: Path) -> tuple[Study, Study]:
        with few_for_many():
            alone = Study(**SETTINGS).fit(Corpus.from_table(archive))
            return alone, Study(**SETTINGS, spark=spark).fit(archive, checkpoints=archive.parent / "steps")

    def test_vocabulary_and_weights_are_those_of_all(self, both: tuple[Study, Study]) -> None:
        alone, distributed = both
        assert len(distributed.corpus) == SAMPLE
        assert distributed.state.vectorizer.vocabulary_ == alone.state.vectorizer.vocabulary_
        assert distributed.state.vectorizer.surfaces_ == alone.state.vectorizer.surfaces_
        assert distributed.state.space.idf_ == pytest.approx(alone.state.space.idf_, abs=1e-12)
        assert distributed.state.space.language_ == pytest.approx(alone.state.space.language_, abs=1e-6)

    def test_topics_are_learned_from_all(self, both: tuple[Study, Study]) -> None:
        alone, distributed = both
        assert distributed.state.topic_model.topic_term_ == pytest.approx(alone.state.topic_model.topic_term_, abs=1e-5)
        assert distributed.topics["share"].to_numpy() == pytest.approx(alone.state.doc_topic.mean(axis=0), abs=1e-3)
        assert distributed.topics["n_articles"].sum() == N

    def test_every_article_has_its_topics_and_place(self, both: tuple[Study, Study]) -> None:
        alone, distributed = both
        for name in ("article_topics", "map", "clusters", "articles", "themes"):
            expected = table_of(alone, name)
            found = distributed.tables[name].toArrow().to_pandas()
            assert list(found.columns) == list(expected.columns), name
            assert set(found["article_id"]) == set(expected["article_id"]), name
        place = ["article_id", "topic"]
        both_weights = table_of(alone, "article_topics").merge(
            distributed.tables["article_topics"].toArrow().to_pandas(), on=place, how="outer"
        )
        assert (both_weights["weight_x"].fillna(0.05) - both_weights["weight_y"].fillna(0.05)).abs().max() < 1e-3

    def test_themes_and_claims_here_are_those_of_the_sample(self, both: tuple[Study, Study]) -> None:
        alone, distributed = both
        assert distributed.themes.matches == alone.themes.subset(distributed.corpus).matches
        assert distributed.claims.claims == alone.claims.subset(distributed.corpus).claims
        assert len(distributed.claims) < len(alone.claims)

    def test_the_reader_is_told_what_is_shown(self, both: tuple[Study, Study]) -> None:
        assert any("300 of 420 articles" in warning for warning in both[1].warnings)

    def test_a_driver_that_was_killed_goes_on_after_the_last_pass(
        self, spark: SparkSession, archive: Path, both: tuple[Study, Study], tmp_path: Path, monkeypatch
    ) -> None:
        """No step that was finished is done again, nor a pass; and the topics are the same to the last bit."""
        steps, resumed = tmp_path / "steps", []
        with Process(sys.executable, SCRIPT, archive, steps, folder=tmp_path, **environment()) as driver:
            while not list(steps.glob("*/pass-1/_SUCCESS")):
                assert driver.process.poll() is None, driver.said
                time.sleep(0.05)
        assert not list(steps.glob("*/step-topics"))
        for step in ("_read_words", "_find_vectors"):
            monkeypatch.setattr(Distributed, step, None)
        visit = _OnWorkers._visited
        monkeypatch.setattr(_OnWorkers, "_visited", lambda self, block: resumed.append(self.made) or visit(self, block))
        with few_for_many():
            again = Study(**SETTINGS, spark=spark).fit(archive, checkpoints=steps)
        assert min(resumed) >= 1
        for name in ("topic_term_", "doc_topic_"):
            assert np.array_equal(getattr(again.state.topic_model, name), getattr(both[1].topic_model_, name))
        assert np.array_equal(again.state.coordinates, both[1].places)


def test_articles_that_a_step_could_not_read_are_named_once_in_the_quarantine(spark: SparkSession) -> None:
    columns = "article_id string, reason string"
    words = spark.createDataFrame([("a", None), ("b", "RuntimeError: words"), ("c", "ValueError: both")], columns)
    told = spark.createDataFrame([("a", "TypeError: told"), ("b", None), ("c", "ValueError: both")], columns)
    named = {row["article"]: row["reason"] for row in _unread(words, told).collect()}
    assert named == {"a": "TypeError: told", "b": "RuntimeError: words", "c": "ValueError: both"}
    assert _unread(words, told).count() == len(named)

"""Specification of a run on Spark: long tables as Parquet that workers write, the rest as ever, all or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest

from rare_topics.corpus.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.export.run_folder import MANIFEST, REPORT, check_run_url, write_run
from rare_topics.export.spark_folder import remove_steps, replaced_destination
from rare_topics.spark import from_corpus
from rare_topics.study import Study, load
from rare_topics.study.study import study_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.slow
LONG = {"articles.parquet", "passages.parquet", "quarantine.parquet"}
SHORT = {"topics.csv", "similar.csv", "repeats.csv", "disagreements.csv", MANIFEST, REPORT, "study"}


@pytest.fixture(scope="module")
def fitted(spark: SparkSession, seeds: Corpus, study: Study) -> Study:
    """Give a study with tables on Spark."""
    articles = from_corpus(spark, seeds).articles.drop("row")
    lost = [("file:/a.txt", "", "no page"), ("file:/b.csv", "7", "no title"), ("file:/b.csv", "8", "no title")]
    tables = {
        "articles": articles.repartition(3, "article_id"),
        "passages": articles.selectExpr("article_id", "body AS text"),
        "quarantine": spark.createDataFrame(lost, "file string, article string, reason string"),
        "disagreements": spark.createDataFrame(study.claims.disagreements.head(5).to_dict("records")),
    }
    return study_of(study.state.keeping_tables(archive_tables=tables))


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".crc")}


def test_long_tables_are_parquet_and_short_ones_csv(fitted: Study, seeds: Corpus, tmp_path: Path) -> None:
    out = Path(write_run(fitted, tmp_path / "build", figures=False))
    assert visible(out) == LONG | SHORT
    assert set(pq.read_table(out / "articles.parquet")["article_id"].to_pylist()) == {one.article_id for one in seeds}
    assert len(pd.read_csv(out / "disagreements.csv")) == 5
    assert len(load(out).corpus) == len(seeds)
    manifest = json.loads((out / MANIFEST).read_text("utf-8"))
    assert manifest["articles"] == manifest["passages"] == len(seeds)
    assert manifest["spark"]["master"] == "local[2]"
    assert manifest["spark"]["partitions"] == 3
    assert (manifest["spark"]["quarantined"], manifest["spark"]["files_with_quarantine"]) == (3, 2)
    assert "articles.parquet" in manifest["seconds"]
    write_run(fitted, out, figures=False)
    assert visible(out) == LONG | SHORT


def test_a_run_goes_to_an_address_and_takes_the_place_of_the_last(fitted: Study, tmp_path: Path) -> None:
    for _ in range(2):
        write_run(fitted, f"file://{tmp_path}/build", figures=False)
        assert visible(tmp_path / "build") == LONG | SHORT | {"_SUCCESS"}
        assert visible(tmp_path) == {"build"}


@pytest.mark.parametrize("address", [False, True])
def test_a_run_that_fails_leaves_the_last_one(fitted: Study, tmp_path: Path, address: bool) -> None:
    out = f"file://{tmp_path}/build" if address else tmp_path / "build"
    write_run(fitted, out, figures=False)
    before = (tmp_path / "build" / MANIFEST).read_bytes()

    def fail_at_the_report(name: str) -> None:
        if name == REPORT:
            raise OSError("the disk is full")

    with pytest.raises((OSError, InputError)):
        write_run(fitted, out, figures=False, progress=fail_at_the_report)
    assert (tmp_path / "build" / MANIFEST).read_bytes() == before
    assert visible(tmp_path) - {".build.lock"} == {"build"}


def test_what_no_run_wrote_is_not_replaced(fitted: Study, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").touch()
    for out in (tmp_path / "letters", f"file://{tmp_path}/letters"):
        with pytest.raises(InputError, match="no run wrote"):
            write_run(fitted, out, figures=False)
    assert visible(tmp_path / "letters") == {"mine.txt"}


def test_at_an_address_a_manifest_alone_makes_no_run(fitted: Study, spark: SparkSession, tmp_path: Path) -> None:
    """What is not listed, or was changed since, is somebody's; this is asked before the work."""
    url = f"file://{tmp_path}/build"
    write_run(fitted, url, figures=False)
    check_run_url(url, spark)
    listed = json.loads((tmp_path / "build" / MANIFEST).read_text("utf-8"))["files"]
    assert any(name.startswith("articles.parquet/part-") for name in listed)
    for name in ("articles.parquet/mine.parquet", "study/mine.txt", "mine"):
        (tmp_path / "build" / name).write_text("mine", "ascii")
        with pytest.raises(InputError, match=f"holds '{name}', which no run wrote"):
            check_run_url(url, spark)
        (tmp_path / "build" / name).unlink()
    with pytest.raises(InputError, match="holds the input"):
        check_run_url(url, spark, inputs=[None, tmp_path / "build" / "topics.csv"])
    for name in (".topics.csv.crc", "topics.csv"):
        (tmp_path / "build" / name).unlink()
    check_run_url(url, spark)
    (tmp_path / "build" / "topics.csv").write_text("mine", "ascii")
    with pytest.raises(InputError, match=r"holds 'topics\.csv', which was changed after the run"):
        write_run(fitted, url, figures=False)
    assert (tmp_path / "build" / "topics.csv").read_text("ascii") == "mine"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / MANIFEST).write_text(json.dumps({"files": [MANIFEST], "mark": "mine"}), "ascii")
    with pytest.raises(InputError, match="no run wrote"):
        check_run_url(f"file://{tmp_path}/data", spark)


def test_what_a_killed_run_left_at_an_address_does_not_stop_the_next(spark: SparkSession, tmp_path: Path) -> None:
    left = tmp_path / "build"
    (left / "articles.parquet").mkdir(parents=True)
    (left / "_RARE_TOPICS_UNFINISHED").touch()
    (left / "articles.parquet" / "part-0").touch()
    check_run_url(f"file://{left}", spark)
    (left / "letters.txt").touch()
    with pytest.raises(InputError, match=r"holds 'letters\.txt', which no run wrote"):
        check_run_url(f"file://{left}", spark)


def test_steps_are_removed_and_nothing_beside_them(spark: SparkSession, tmp_path: Path) -> None:
    for name in ("0" * 32, "letters"):
        (tmp_path / "run.steps" / name).mkdir(parents=True)
    for _ in range(2):
        remove_steps(f"file://{tmp_path}/run.steps", spark)
        assert visible(tmp_path / "run.steps") == {"letters"}
    (tmp_path / "run.steps" / "letters").rename(tmp_path / "run.steps" / ("f" * 32))
    remove_steps(f"file://{tmp_path}/run.steps", spark)
    assert visible(tmp_path) == set()


def test_an_address_that_spark_does_not_know_is_an_error(fitted: Study) -> None:
    with pytest.raises(InputError, match="nowhere://bucket/run: cannot be written"):
        write_run(fitted, "nowhere://bucket/run", figures=False)


def test_in_an_object_store_the_mark_of_success_comes_last(spark: SparkSession, tmp_path: Path) -> None:
    """There a rename would copy everything, so that results are written where they stay."""
    destination = tmp_path / "build"

    def write(text: str, failure: Exception | None = None) -> None:
        with replaced_destination(f"file://{destination}", spark, check=lambda _: None, has_rename=False) as draft:
            assert draft.url == f"file://{destination}"
            assert not (destination / "_SUCCESS").exists()
            (draft.folder / MANIFEST).write_text(text, "utf-8")
            if failure:
                raise failure

    for text in ("first", "second"):
        write(text)
        assert visible(destination) == {MANIFEST, "_SUCCESS"}
        assert (destination / MANIFEST).read_text("utf-8") == text
    with pytest.raises(OSError, match="the line is down"):
        write("third", OSError("the line is down"))
    assert not destination.exists()

"""Specification of inputs read on Spark: the articles of one machine, in its order, and what is left out by name."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.archive import articles as drawn
from conftest import SEEDS, page_text

from rare_topics.corpus.corpus import Corpus, read
from rare_topics.corpus.limits import Limits
from rare_topics.corpus.records import Article, articles_from_arrow
from rare_topics.errors import InputError
from rare_topics.spark import articles as reading

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.slow


def in_order(articles: DataFrame) -> list[Article]:
    table = articles.orderBy("row").toArrow()
    assert table["row"].to_pylist() == list(range(len(table)))
    return articles_from_arrow(table)


def left_out(found: reading.Reading) -> list[tuple[str, str, str]]:
    rows = found.quarantine.collect()
    return sorted((row["file"].rpartition("/")[2], row["article"], row["reason"]) for row in rows)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return list(drawn(120, n_topics=4))


def test_pages_are_read_as_on_one_machine(spark: SparkSession, seeds: Corpus) -> None:
    found = reading.read_articles(spark, SEEDS)
    assert in_order(found.articles) == list(seeds)
    assert found.n_articles == len(seeds)
    assert found.warnings == seeds.warnings
    assert found.inputs == seeds.inputs
    found.release()


def test_a_corpus_is_given_as_it_is_read(spark: SparkSession, seeds: Corpus) -> None:
    given = reading.from_corpus(spark, seeds).articles
    assert in_order(given) == list(seeds)
    assert given.schema == reading.read_articles(spark, SEEDS / "*.txt").articles.schema


@pytest.mark.parametrize("name", ["archive.jsonl", "archive.jsonl.gz", "archive.parquet", "archive.tsv"])
def test_a_table_is_read_as_on_one_machine(spark: SparkSession, tmp_path: Path, rows: list, name: str) -> None:
    path = tmp_path / name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif name.endswith(".tsv"):
        path.write_text("\n".join("\t".join(row) for row in (list(rows[0]), *(row.values() for row in rows))), "utf-8")
    else:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        path.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    found = reading.read_articles(spark, path)
    assert in_order(found.articles) == list(read(path))
    assert left_out(found) == []


@pytest.mark.parametrize(("n_articles", "n_parts"), [(4, 1), (120, 2)])
def test_a_small_input_is_one_part_and_a_larger_one_no_more_than_a_shuffle_has(
    spark: SparkSession, tmp_path: Path, rows: list, n_articles: int, n_parts: int
) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows[:n_articles])), "utf-8")
    articles = reading.read_articles(spark, tmp_path / "a.jsonl").articles
    assert articles.selectExpr("spark_partition_id()").distinct().count() == n_parts


def test_many_files_of_several_kinds_are_one_input(spark: SparkSession, tmp_path: Path, rows: list) -> None:
    for number in range(3):
        lines = (json.dumps(row) for row in rows[number::3])
        (tmp_path / f"part {number}.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "page.txt").write_text(page_text([("标题", "来源· 2025-01-02 03:04", "正文。")]), "utf-8")
    (tmp_path / "notes.md").write_text("what is no input is left alone", "utf-8")
    parts = [article for file in tmp_path.glob("*.jsonl") for article in read(file)]
    page = list(read(tmp_path / "page.txt"))
    every = sorted([*parts, *page], key=lambda article: (article.published.isoformat(), article.article_id))
    assert in_order(reading.read_articles(spark, tmp_path).articles) == every
    assert in_order(reading.read_articles(spark, f"file://{tmp_path}/part*.jsonl").articles) == [
        a for a in every if a not in page
    ]


def test_what_is_poisoned_is_named_and_the_rest_goes_on(spark: SparkSession, tmp_path: Path, rows: list) -> None:
    good = [json.dumps(row).encode() for row in rows[:4]]
    bad = [b'{"id": "x", "title": "no', b'{"title": "\xff", "text": "t"}', b'{"id": "y", "price": 1}']
    dated = json.dumps({"id": "late", "title": "t", "text": "b", "published": "someday"}).encode()
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([good[0], bad[0], good[1], bad[1], good[2], bad[2], dated, good[3]]))
    (tmp_path / "b.csv").write_text('title,text\n"one","two"\nthree\n"four","five"\n"six","se"ven"\n', "utf-8")
    (tmp_path / "c.txt").write_bytes(b"\xff\xfe no page")
    pq.write_table(pa.Table.from_pylist([{"title": "whole", "text": "row"}]), tmp_path / "d.parquet")
    (tmp_path / "e.parquet").write_bytes(b"PAR1 and no more")
    found = reading.read_articles(spark, tmp_path, limits=Limits(file_bytes=100_000))
    assert [article.title for article in in_order(found.articles) if not article.published] == [
        *("one", "whole", "four", "t"),
    ]
    assert found.n_articles == 8
    named = [(file, article, reason.partition(": ")[2][:30]) for file, article, reason in left_out(found)]
    assert named == [
        ("a.jsonl", "", "no JSON object (Unterminated st"[:30]),
        ("a.jsonl", "", "not UTF-8 (byte 0xff) but, as it looks"[:30]),
        ("a.jsonl", "", "no column text and no column title"[:30]),
        ("b.csv", "", "1 cells in a table of 2 column"[:30]),
        ("b.csv", "", "broken row (',' expected after"[:30]),
        ("c.txt", "", "not UTF-8 (byte 0xff) but, as it looks"[:30]),
        ("e.parquet", "", "nothing in it can be read; it "[:30]),
    ]
    assert {reason.split(": ")[0] for file, _, reason in left_out(found) if file == "a.jsonl"} == {
        f"a.jsonl:{line}" for line in (2, 4, 6)
    }
    assert found.warnings[-1] == "7 files or articles are left out; see the table quarantine"


def test_parquet_of_other_types_than_its_neighbours_is_refused_in_one_line(spark: SparkSession, tmp_path: Path) -> None:
    pq.write_table(pa.table({"title": ["a"], "text": ["b"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"title": ["a"], "text": [["b"]]}), tmp_path / "b.parquet")
    try:
        found = reading.read_articles(spark, tmp_path)
    except InputError as error:
        line = str(error)  # which of the two Spark meets first is its own
    else:
        line = found.warnings[0]
    assert ".parquet" in line
    assert "\n" not in line


def test_one_id_for_two_articles_leaves_the_second_out(spark: SparkSession, tmp_path: Path) -> None:
    texts = {"one": "春天来了，稀土价格上涨。" * 9, "two": "An entirely different story about magnets. " * 9}
    for name, text in texts.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"id": "7", "title": name, "text": text}), "utf-8")
    found = reading.read_articles(spark, tmp_path)
    assert [article.title for article in in_order(found.articles)] == ["one"]
    ((file, article, reason),) = left_out(found)
    assert (file, article) == ("two.jsonl", "7")
    assert reason.startswith("the id '7' stands for 'one' and for 'two'")


def test_the_fuller_of_two_printings_is_kept_with_the_pages_of_both(spark: SparkSession, tmp_path: Path) -> None:
    for name, body in {"a.txt": "稀土出口", "b.txt": "稀土出口管制。"}.items():
        text = page_text([("标题", "来源· 2025-01-02 03:04", body)], tag=name[0])
        (tmp_path / name).write_text(text, "utf-8")
    (once,) = in_order(reading.read_articles(spark, tmp_path).articles)
    assert once == replace(read(tmp_path)[0], pages=("a.txt", "b.txt"), tags=("a", "b"))


@pytest.mark.parametrize("content", [None, "title,text\n"])
def test_nothing_to_read_is_an_error(spark: SparkSession, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "table.csv"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(InputError, match="no such file" if content is None else "no article"):
        reading.read_articles(spark, path)


def test_an_address_of_a_kind_unknown_to_spark_is_an_error(spark: SparkSession) -> None:
    with pytest.raises(InputError, match=r"Spark cannot read it \(No FileSystem"):
        reading.read_articles(spark, "nowhere://bucket/archive")

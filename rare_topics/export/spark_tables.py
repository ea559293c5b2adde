"""What a study on Spark adds to a run: tables that the workers write, and what the cluster was."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rare_topics.errors import InputError
from rare_topics.export.spark_folder import Draft

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

# Tables of a cluster that are no longer than what they sum up.
SUMMARIES = frozenset({"disagreements"})
QUARANTINE = "quarantine"


def summaries(tables: Mapping[str, DataFrame]) -> dict[str, pd.DataFrame]:
    """Fetch the tables that are short."""
    return {name: table.toArrow().to_pandas() for name, table in tables.items() if name in SUMMARIES}


def write_tables(tables: Mapping[str, DataFrame], draft: Draft) -> Iterator[tuple[str, float]]:
    """Have the workers write the tables that are long, as folders of Parquet.

    Yields
    ------
    name, seconds
        Of each table, once it is written.

    Raises
    ------
    InputError
        If the workers write to disks of their own.
    """
    for name, table in tables.items():
        if name in SUMMARIES:
            continue
        start = time.perf_counter()
        table.write.parquet(f"{draft.url}/{name}.parquet")
        if draft.url == f"file://{draft.folder}" and not any((draft.folder / f"{name}.parquet").glob("part-*")):
            raise InputError(
                "the workers write to disks of their own",
                where=str(draft.folder.parent),
                fix="give an address that all of them reach, such as hdfs://HOST/FOLDER or s3a://BUCKET/FOLDER",
            )
        yield f"{name}.parquet", round(time.perf_counter() - start, 3)


def facts(tables: Mapping[str, DataFrame], *, sample: int) -> dict[str, Any]:
    """Say for the manifest what a study on Spark was: how many articles, where, and what was left out."""
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    articles = tables["articles"]
    session = articles.sparkSession
    left_out = {"quarantined": 0, "files_with_quarantine": 0}
    if QUARANTINE in tables:
        counts = tables[QUARANTINE].agg(F.count("*"), F.count_distinct("file")).collect()[0]
        left_out = dict(zip(left_out, counts, strict=True))
    parts = articles.select(F.spark_partition_id().alias("part")).distinct().count()
    return {
        "articles": articles.count(),
        "passages": tables["passages"].count(),
        "spark": {
            "version": session.version,
            "master": session.conf.get("spark.master", ""),
            "partitions": parts,
            "articles_in_study": sample,
            **left_out,
        },
    }

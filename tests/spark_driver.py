"""What tests run as a process of its own on a cluster: read an input, and write down all that was told of it.

python spark_driver.py MASTER INPUT OUT [SETTING=VALUE ...]
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.spark import read_all, session, told
from rare_topics.spark.words import Reader

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def say(text: str) -> None:
    """Tell the test where the driver is."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def tell_of_tasks(spark: SparkSession) -> None:
    """Say again and again how many tasks run."""
    tracker = spark.sparkContext.statusTracker()
    while spark.sparkContext._jsc is not None:
        stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
        if running := sum(stage.numActiveTasks for stage in stages if stage):
            say(f"running {running}")
        time.sleep(0.05)


def digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """Digest the rows of a table, whatever their order."""
    lines = sorted(json.dumps(dict(row), default=str, sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def main(master: str, path: str, out: str, *settings: str) -> None:
    """Tell what the articles of an input say."""
    given = {"spark.executor.memory": "512m", **dict(setting.split("=", 1) for setting in settings)}
    with session(master, given) as spark:
        threading.Thread(target=tell_of_tasks, args=(spark,), daemon=True).start()
        say("step reading")
        reading = read_all(spark, path)
        say("step telling")
        finder = told.Finder(Reader(None, None, gloss=True), None)
        said = told.tell(reading.articles.repartition(12, "article_id"), finder).persist()
        tables = {"articles": reading.articles.drop("row"), **told.tables(said, finder)}
        found = {name: digest(table.toArrow().to_pylist()) for name, table in tables.items()}
    Path(out).write_text(json.dumps(found), "utf-8")
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])

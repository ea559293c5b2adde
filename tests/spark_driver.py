"""What tests run as a process of its own on Spark: fit a study, and say where it is.

python spark_driver.py MASTER INPUT CHECKPOINTS OUT
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.spark import SparkPipeline, session
from rare_topics.study import Study

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {"n_topics": 4, "n_clusters": 4, "random_state": 0}
N_ARTICLES, MAX_SAMPLE = 280, 210
# Few articles need few tasks.
CONFIGURATION = {
    "spark.executor.memory": "512m",
    "spark.sql.shuffle.partitions": "6",
    "spark.ui.enabled": "false",
}


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


def main(master: str, path: str, checkpoints: str, out: str) -> None:
    """Fit, and write down the labels in topics.csv and the clusters of all articles."""
    with session(master, CONFIGURATION) as spark:
        threading.Thread(target=tell_of_tasks, args=(spark,), daemon=True).start()
        study = Study(**SETTINGS, spark=SparkPipeline(spark, max_sample=MAX_SAMPLE))
        study.fit(path, checkpoints=checkpoints, progress=lambda step: say(f"step {step}"))
        clusters = study.tables["clusters"].orderBy("article_id").collect()
        Path(out).write_text(json.dumps([study.topics.to_dict("list"), list(map(list, clusters))]), "utf-8")
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])

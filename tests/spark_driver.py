"""What tests run as a process of its own on Spark: fit a study, and say where it is.

python spark_driver.py MASTER INPUT CHECKPOINTS
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from rare_topics.spark import session
from rare_topics.study import Study

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {"n_topics": 4, "n_clusters": 4, "random_state": 0}
# Of small tables: Spark compiles every query, and takes longer for that than to interpret it. The command has all
# compiled, as users have.
INTERPRETED = {
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.ui.enabled": "false",
}
CONFIGURATION = {
    **INTERPRETED,
    "spark.executor.memory": "512m",
    # Few articles need few tasks.
    "spark.sql.shuffle.partitions": "6",
    # Who was killed does not answer later either.
    "spark.shuffle.io.retryWait": "1s",
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


def main(master: str, path: str, checkpoints: str) -> None:
    """Fit."""
    with session(master, CONFIGURATION) as spark:
        threading.Thread(target=tell_of_tasks, args=(spark,), daemon=True).start()
        study = Study(**SETTINGS, spark=spark)
        study.fit(path, checkpoints=checkpoints, progress=lambda step: say(f"step {step}"))
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])

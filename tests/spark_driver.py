"""What tests run as a process of its own on a cluster: learn topics several times, and write down what was found.

python spark_driver.py MASTER FOLDER OUT NAME ...
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from planted_counts import SETTINGS, blurred, drawn, on_workers

from rare_topics.spark import session, topics
from rare_topics.spark.checkpoints import Checkpoints

if TYPE_CHECKING:
    import numpy as np
    from pyspark.sql import SparkSession


class Telling(topics._OnWorkers):
    """Says which pass it is in."""

    def _visited(self, block: int) -> np.ndarray:
        say(f"pass {self.made}")
        return super()._visited(block)


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


def main(master: str, folder: str, out: str, *names: str) -> None:
    """Learn once for each name, from the same start."""
    topics._OnWorkers = Telling
    counts, found = drawn(), {}
    with session(master, {"spark.executor.memory": "512m"}) as spark:
        threading.Thread(target=tell_of_tasks, args=(spark,), daemon=True).start()
        for name in names:
            documents = on_workers(spark, counts)
            say(f"step {name}")
            checkpoints = Checkpoints(spark, folder, name)
            learned, _ = topics.learn(documents, SETTINGS, start=blurred(counts), checkpoints=checkpoints)
            found[name] = hashlib.sha256(learned.tobytes()).hexdigest()
            say(f"done {name}")
    Path(out).write_text(json.dumps(found), "utf-8")
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])

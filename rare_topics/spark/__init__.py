"""The same steps on a Spark cluster: partitions, sums and checkpoints, and no second way to do a step."""

from rare_topics.spark.session import page, session

__all__ = ["page", "session"]

"""The same steps on a Spark cluster: partitions, sums and checkpoints, and no second way to do a step."""

from rare_topics.spark.articles import Reading, from_corpus, inputs_of, read, read_all
from rare_topics.spark.session import page, session, tasks

__all__ = ["Reading", "from_corpus", "inputs_of", "page", "read", "read_all", "session", "tasks"]

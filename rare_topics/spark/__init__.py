"""The same steps on a Spark cluster, where articles are read and assigned on the workers."""

from rare_topics.spark.articles import Reading, from_corpus, inputs_of, read_articles
from rare_topics.spark.pipeline import SparkPipeline
from rare_topics.spark.session import running_tasks, session, ui_address

__all__ = [
    "Reading",
    "SparkPipeline",
    "from_corpus",
    "inputs_of",
    "read_articles",
    "running_tasks",
    "session",
    "ui_address",
]

"""The same steps on a Spark cluster: articles are read and assigned on the workers, and no step is done in a second way."""

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

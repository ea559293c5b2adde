"""Learn how a passage tells the role of a country in supply, and print how right it is on a set that was left out.

    python tests/benchmarks/learn_suppliers.py [--write]

A logistic regression for each class, on the features of ``rare_topics/themes/supply_features.py``. It
learns from the sets of articles of ``tests/gold/`` and from the labelled passages of
``tests/gold/passages/suppliers.jsonl``. For each set of articles the table says how right a model is
that has not seen this set. The same predictions calibrate the probabilities (Platt 1999), so that a
confidence is the share of statements that are right. ``--write`` learns from everything and writes
``rare_topics/data/supply_weights.tsv``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
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
CLASSES = ("running", "coming", "denied", "buyer", "transit", "partner", "self_supplier")
# Classes that are compared; the others are asked for by nobody who counts.
COMPARED = CLASSES[:2] + CLASSES[3:5]
BLOCS = {"eu", "europe"}
PUBLISHED_ON = datetime.fromisoformat("2026-03-15")
SAME = {"czechia": "czech_republic", "cote_divoire": "ivory_coast"}
# Inverse strength of the penalty; of .3, 1 and 3 all within .02 on sets left out, this one reads plain sentences best.
PENALTY = 1.0
# A feature that fewer training passages have is not learned, a weight that is less not written.
FEWEST, LEAST_WEIGHT = 2, 0.02
# Probability from which on a role is published.
PUBLISHED = 0.5

Role = tuple[str, str, str]


class Example(NamedTuple):
    """A country in a passage: where, what is looked at, the classes that hold there and elsewhere in its article."""

    group: str
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


def of_articles(name: str, finder: ThemeFinder) -> Iterator[Example]:
    """Return the countries of a set of articles; a class holds in the passage that its evidence stands in."""
    corpus = rt.read_pages(ROOT / "seeds" if name == "seeds" else GOLD / name / "pages")
    ids = {row["title"]: row["id"] for row in rows(GOLD / name / "articles.jsonl")}
    marks: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows(GOLD / name / "suppliers.jsonl"):
        if row["role"] != "none":
            marks[row["article"], SAME.get(row["country"], row["country"])].append(row)
    for article in corpus:
        clauses = finder.matcher.read_clauses(split_passages(article), published=article.published)
        for country, passage, features in candidates(clauses, finder.supply_domain):
            text = squeezed(passage[0].passage.text)
            of_country = marks[ids[article.title], country]
            here = {
                class_of(row["role"], row["status"])
                for row in of_country
                if row["evidence"] and (squeezed(row["evidence"])[:25] in text or text in squeezed(row["evidence"]))
            }
            elsewhere = {
                class_of(row["role"], status) for row in of_country for status in (row["status"], *row.get("also", []))
            }
            yield Example(name, ids[article.title], country, features, here, elsewhere)


def of_passages(finder: ThemeFinder) -> Iterator[Example]:
    """Return the countries of the labelled passages, each read as an article of its own about rare earths."""
    for number, row in enumerate(rows(GOLD / PASSAGES / "suppliers.jsonl")):
        language = language_of(row["text"])
        title = "稀土市场观察" if language == "zh" else "A look at rare earths"
        article = Article(
            article_id=str(number),
            title=title,
            body=row["text"],
            published=PUBLISHED_ON,
            title_lang=language,
            body_lang=language,
        )
        clauses = finder.matcher.read_clauses(split_passages(article), published=PUBLISHED_ON)
        roles = {SAME.get(country, country): set(classes) for country, classes in row["roles"].items()}
        for country, passage, features in candidates(clauses, finder.supply_domain):
            if passage[0].passage.kind != "title":
                found = roles.get(country, set())
                yield Example(PASSAGES, str(number), country, features, found, found)


class Learned:
    """A logistic regression for each class."""

    def __init__(self, examples: Sequence[Example]) -> None:
        counts = Counter(feature for one in examples for feature in one.features)
        self.features = sorted(name for name, count in counts.items() if count >= FEWEST)
        self.column = {name: number for number, name in enumerate(self.features)}
        rows = self._rows(examples)
        self.weights = np.zeros((len(self.features), len(CLASSES)))
        for number, name in enumerate(CLASSES):
            # Where another passage of the article says it, this one may say it too.
            kept = [name in one.classes or name not in one.elsewhere for one in examples]
            holds = [name in one.classes for one in examples]
            fitted = LogisticRegression(C=PENALTY, max_iter=2000, fit_intercept=False)
            fitted.fit(rows[kept], np.array(holds)[kept])
            self.weights[:, number] = fitted.coef_[0]

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


def of_articles_at_most(examples: Sequence[Example], scores: NDArray[np.float64]) -> dict[Role, float]:
    """Return the most that some passage of an article gives to a role."""
    most: dict[Role, float] = defaultdict(lambda: -np.inf)
    for one, row in zip(examples, scores, strict=True):
        for name, score in zip(CLASSES, row, strict=True):
            most[one.article, one.country, name] = max(most[one.article, one.country, name], score)
    return most


class Marks:
    """What readers marked in a set of articles: what is to be found, and what may be."""

    def __init__(self, name: str) -> None:
        self.wanted: dict[Role, set[Role]] = {}
        self.right: set[Role] = set()
        for row in rows(GOLD / name / "suppliers.jsonl"):
            country = SAME.get(row["country"], row["country"])
            if row["role"] == "none":
                self.right |= set() if row["certain"] else {(row["article"], country, one) for one in CLASSES}
                continue
            classes = [class_of(row["role"], status) for status in (row["status"], *row.get("also", []))]
            roles = {(row["article"], country, one) for one in classes}
            self.right |= roles
            if row["certain"] and classes[0] in COMPARED and not row.get("bloc"):
                self.wanted[row["article"], country, classes[0]] = roles

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
    examples = [one for name in names for one in of_articles(name, finder)] + list(of_passages(finder))
    left_out = {name: _left_out(examples, name) for name in names}
    marks = {name: Marks(name) for name in names}
    pairs = [
        (score, role in marks[name].right)
        for name, scores in left_out.items()
        for role, score in scores.items()
        if role[2] in COMPARED and role[1] not in BLOCS
    ]
    slope, intercept = calibration(*zip(*pairs, strict=True))
    limit = (np.log(PUBLISHED / (1 - PUBLISHED)) - intercept) / slope
    print("| set left out | precision | recall |\n|---|---|---|")
    for name in names:
        precision, recall = marks[name].agreement([role for role, score in left_out[name].items() if score >= limit])
        print(f"| {name} | {precision:.2f} | {recall:.2f} |")
    if arguments.write:
        _write(Learned(examples), slope, intercept)


def _left_out(examples: Sequence[Example], name: str) -> dict[Role, float]:
    inside = [one for one in examples if one.group == name]
    return of_articles_at_most(inside, Learned([one for one in examples if one.group != name]).scores(inside))


def _write(learned: Learned, slope: float, intercept: float) -> None:
    lines = ["\t".join(("feature", *CLASSES))]
    for name, weights in zip(learned.features, learned.weights * slope, strict=True):
        values = weights + (intercept if name == "bias" else 0)
        if max(abs(values)) >= LEAST_WEIGHT:
            lines.append(
                "\t".join(
                    (
                        name,
                        *(
                            f"{value:.2f}".replace("0.", ".").replace("-.00", "0").replace(".00", "0")
                            for value in values
                        ),
                    )
                )
            )
    (ROOT / "rare_topics" / "data" / WEIGHT_FILE).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()

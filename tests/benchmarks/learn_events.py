"""Learn how clauses tell of acts of export control, and print how right it is on a set that was left out.

    python tests/benchmarks/learn_events.py [--write]

Three models on the features of ``rare_topics/themes/control_*.py``: a multinomial logistic regression tells
which direction a clause tells of, conditional logits (McFadden 1974) choose its date and who acts. They
learn from the sets of articles of ``tests/gold/`` and from the articles, contrast sets and sentences of
``tests/gold/passages/``. For each set the table says how right models are that have not seen it, by direction,
and by month of what tightens and eases. The same predictions calibrate the probabilities (Platt 1999).
``--write`` learns from everything and writes the weights to ``rare_topics/data/``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

import rare_topics as rt
from rare_topics.clauses.clauses import Clause
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article
from rare_topics.text.token_patterns import normalize_characters
from rare_topics.themes import ThemeFinder
from rare_topics.themes.control_actors import ControlActors
from rare_topics.themes.control_dates import ControlDates
from rare_topics.themes.control_features import SPEAKING, ControlClauses, is_beside
from rare_topics.themes.events import (
    DIRECTIONS,
    EASED,
    TIGHTENED,
    WEIGHT_FILES,
    ControlAct,
    ControlModels,
    find_control_acts,
)
from rare_topics.themes.linear_model import INTERCEPT, SLOPE, LinearModel
from rare_topics.themes.supply_domain import SupplyDomain

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
TITLE_OF_SENTENCES = "稀土市场观察"
CLASSES = ("none", *DIRECTIONS)
COUNTRY_NAMES = {"czechia": "czech_republic", "cote_divoire": "ivory_coast"}
# Inverse strengths of the penalties; for the directions of .1, .3 and 1, within .02 on sets left out, the middle one.
PENALTY, PENALTY_OF_CHOICES = 0.3, 1.0
# What a clause beside says counts less: .5 and .3 were better on sets left out than 1.
SHARE_BESIDE = 0.5
# An uncertain mark teaches less; a long article more, as such are read, and so a sentence that says it outright; and a
# passage less whose variants say most of it again. Chosen on sets left out.
SHARE_UNCERTAIN, SHARE_OF_MORE, SHARE_OF_VARIANT = 0.3, 2.0, 0.3
ARTICLES = {
    "event_articles.jsonl": 1.0,
    "contrast_passages.jsonl": SHARE_OF_VARIANT,
    "long_articles.jsonl": SHARE_OF_MORE,
}
# Files of sentences, and what they are called.
SENTENCES = {"event_sentences.jsonl": "sentences", "obligation_sentences.jsonl": "obligations"}
# A feature that fewer sets or authors have used is not learned: an invented name is no feature.
FEWEST_AUTHORS = 2
# A weight that is less is not written.
LEAST_WEIGHT = 0.02
# A clause that tells of a direction with less has no part in how sure one is.
SMALLEST_SHARE = 0.02
# Characters of an evidence by which its clause is found, where neither holds the other.
PROBE = 14
SHORTEST = 4

Option = tuple[str, set[str]]


class Text(NamedTuple):
    """A labelled article: its set, how much it counts, its clauses and the acts that readers marked."""

    group: str
    name: str
    share: float
    clauses: Sequence[Clause]
    acts: Sequence[dict[str, Any]]


class Example(NamedTuple):
    """A clause that may tell of an act, with the marked acts that it tells of."""

    text: Text
    number: int
    features: set[str]
    acts: Sequence[dict[str, Any]]


class Choice(NamedTuple):
    """Options of which some are right."""

    group: str
    options: Sequence[Option]
    right: Collection[int]
    share: float


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def read_texts(finder: ThemeFinder) -> Iterator[Text]:
    """Read all labelled articles, those without goods left out."""
    for path in sorted(GOLD.glob("*/events.jsonl")):
        yield from _of_set(path.parent.name, finder)
    for file, share in ARTICLES.items():
        for number, row in enumerate(rows(GOLD / "passages" / file)):
            clauses = _clauses(_article(row["title"], row["text"], row["published"]), finder)
            acts = [_mark(act) for act in row["events"]]
            yield Text(row["author"], f"{number} {row['title']}", share, clauses, acts)
    for file, group in SENTENCES.items():
        for row in rows(GOLD / "passages" / file):
            article = _article(TITLE_OF_SENTENCES, row["text"], row["published"])
            acts = [dict(zip(("date", "actor", "direction"), act.split(" "), strict=True)) for act in row["acts"]]
            marks = [_mark(act | {"evidence": row["text"]}) for act in acts]
            yield Text(group, row["text"], SHARE_OF_MORE, _clauses(article, finder), marks)


def _of_set(name: str, finder: ThemeFinder) -> Iterator[Text]:
    corpus = rt.read_pages(ROOT / "seeds" if name == "seeds" else GOLD / name / "pages")
    ids = {row["title"]: row["id"] for row in rows(GOLD / name / "articles.jsonl")}
    acts = defaultdict(list)
    for row in rows(GOLD / name / "events.jsonl"):
        acts[row["article"]].append(_mark(row))
    for article in corpus:
        yield Text(name, ids[article.title], SHARE_OF_MORE, _clauses(article, finder), acts[ids[article.title]])


def _article(title: str, body: str, published: str) -> Article:
    return Article(
        article_id="labelled",
        title=title,
        body=body,
        published=datetime.fromisoformat(published),
        title_lang=language_of(title),
        body_lang=language_of(body),
    )


def _clauses(article: Article, finder: ThemeFinder) -> Sequence[Clause]:
    return finder.matcher.read_clauses(split_passages(article), published=article.published)


def _mark(row: dict[str, Any]) -> dict[str, Any]:
    """Bring what readers marked into one form."""
    actor = row.get("actor") or ""
    return {
        "direction": row["direction"],
        "directions": {row["direction"], *row.get("direction_also", row.get("also", []))},
        "month": (row["date"] or "")[:7],
        "dates": {row["date"] or "", *(date or "" for date in row.get("date_also", []))},
        "actor": COUNTRY_NAMES.get(actor, actor),
        "evidence": [squeezed(one) for one in (row["evidence"], *row.get("evidence_also", [])) if one],
        "certain": row.get("certain", True),
    }


def squeezed(text: str) -> str:
    return "".join(normalize_characters(text).split()).lower()


def _tells(clause: Clause, evidence: str) -> bool:
    text = squeezed(clause.text).strip('.,;:。!?"“”')
    if len(text) < SHORTEST:
        return False
    return (
        text in evidence
        or evidence in text
        or (len(evidence) >= PROBE and (evidence[:PROBE] in text or evidence[-PROBE:] in text))
    )


def examples_of(texts: Sequence[Text], domain: SupplyDomain) -> list[Example]:
    examples = []
    for text in texts:
        read = ControlClauses(text.clauses, domain)
        for number in read.candidates():
            clause = text.clauses[number]
            acts = [act for act in text.acts if any(_tells(clause, one) for one in act["evidence"])]
            examples.append(Example(text, number, read.features(number), acts))
    return examples


class Columns:
    """Features as columns of a matrix."""

    def __init__(self, sets: Sequence[set[str]], authors: Sequence[str]) -> None:
        used: dict[str, set[str]] = defaultdict(set)
        for features, author in zip(sets, authors, strict=True):
            for feature in features:
                used[feature].add(author)
        self.names = sorted(name for name, by in used.items() if len(by) >= FEWEST_AUTHORS)
        self._number = {name: number for number, name in enumerate(self.names)}
        self._share = np.array([SHARE_BESIDE if is_beside(name) else 1.0 for name in self.names])

    def matrix(self, sets: Sequence[set[str]]) -> sparse.csr_array:
        known = [[self._number[name] for name in sorted(features & self._number.keys())] for features in sets]
        columns = np.array([column for row in known for column in row])
        bounds = np.cumsum([0, *map(len, known)])
        return sparse.csr_array((self._share[columns], columns, bounds), shape=(len(sets), len(self.names)))

    def model(self, classes: Sequence[str], weights: NDArray[np.float64]) -> LinearModel:
        shared = weights * self._share[:, None]
        return LinearModel(
            tuple(classes), {name: tuple(row) for name, row in zip(self.names, shared.tolist(), strict=True)}
        )


def learn_directions(examples: Sequence[Example]) -> LinearModel:
    columns = Columns([one.features for one in examples], [one.text.group for one in examples])
    labels = [label for number, one in enumerate(examples) for label in _labels(number, one)]
    numbers, classes, shares = zip(*labels, strict=True)
    matrix = columns.matrix([examples[number].features for number in numbers])
    fitted = LogisticRegression(C=PENALTY, max_iter=3000, fit_intercept=False)
    fitted.fit(matrix, np.array(classes), sample_weight=np.array(shares))
    return columns.model(DIRECTIONS, (fitted.coef_[1:] - fitted.coef_[0]).T)


def _labels(number: int, example: Example) -> Iterator[tuple[int, int, float]]:
    certain = {act["direction"] for act in example.acts if act["certain"]}
    share = example.text.share
    if certain:
        yield from ((number, CLASSES.index(name), share / len(certain)) for name in sorted(certain))
    elif example.acts:
        yield number, CLASSES.index(example.acts[0]["direction"]), share * SHARE_UNCERTAIN
    else:
        yield number, 0, share


def choices_of(examples: Sequence[Example]) -> tuple[list[Choice], list[Choice]]:
    """Return the choices of the dates and of the actors of marked acts."""
    dates, actors = [], []
    told: dict[int, list[tuple[Example, dict[str, Any]]]] = defaultdict(list)
    for one in examples:
        for act in one.acts:
            told[id(act)].append((one, act))
    readers: dict[int, tuple[ControlDates, ControlActors]] = {}
    for tellings in told.values():
        for one, act in tellings:
            clauses, group = one.text.clauses, one.text.group
            if len(tellings) > 1 and not clauses[one.number].has(*SPEAKING):
                continue
            share, direction = one.text.share / len(tellings), act["direction"]
            read = readers.setdefault(id(clauses), (ControlDates(clauses), ControlActors(clauses)))
            options = read[0].options(one.number, direction)
            exact = {number for number, (date, _) in enumerate(options) if date in act["dates"]}
            right = exact or {number for number, (date, _) in enumerate(options) if _fits_month(date, act)}
            dates.append(Choice(group, options, right, share))
            countries = read[1].options(one.number, direction)
            right = {number for number, (country, _) in enumerate(countries) if country == act["actor"]}
            actors.append(Choice(group, countries, right, share))
    return [one for one in dates if one.right], [one for one in actors if one.right]


def _fits_month(date: str, act: dict[str, Any]) -> bool:
    return any(date.startswith(one[:7]) if one else not date for one in act["dates"])


def learn_choice(choices: Sequence[Choice], name: str) -> LinearModel:
    """Fit a conditional logit: the probability of the right options among all is the highest."""
    features = [set().union(*(features for _, features in one.options)) for one in choices]
    columns = Columns(features, [one.group for one in choices])
    matrix = columns.matrix([features for one in choices for _, features in one.options])
    owner = np.repeat(np.arange(len(choices)), [len(one.options) for one in choices])
    right = np.array([number in one.right for one in choices for number in range(len(one.options))])
    share = np.array([one.share for one in choices])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = matrix @ weights
        most = np.full(len(choices), -np.inf)
        np.maximum.at(most, owner, scores)
        odds = np.exp(scores - most[owner])
        total, good = np.bincount(owner, odds), np.maximum(np.bincount(owner, odds * right), 1e-300)
        slope = matrix.T @ ((odds / total[owner] - odds * right / good[owner]) * share[owner])
        value = share @ (np.log(total) - np.log(good)) + weights @ weights / (2 * PENALTY_OF_CHOICES)
        return float(value), slope + weights / PENALTY_OF_CHOICES

    fitted = minimize(loss, np.zeros(len(columns.names)), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return columns.model((name,), fitted.x[:, None])


def learn(examples: Sequence[Example], dates: Sequence[Choice], actors: Sequence[Choice]) -> ControlModels:
    return ControlModels(learn_directions(examples), learn_choice(dates, "date"), learn_choice(actors, "actor"))


class Telling(NamedTuple):
    """The clause that tells surest of an act of a direction and month: its log-odds, and the directions it tells of."""

    log_odds: float
    told: Collection[str]


def calibrated(model: LinearModel, left_out: Sequence[tuple[Example, ControlModels]]) -> LinearModel:
    """Give a model slopes and intercepts of the log-odds that an act is told of (Platt 1999).

    An act is told of where its clause is a reader's evidence, or where the month is right too. The predictions are
    those of models that had not seen the article.
    """
    surest: dict[str, dict[tuple[str, str, str], Telling]] = {name: {} for name in DIRECTIONS}
    texts = {}
    dates: dict[int, ControlDates] = {}
    for one, unseeing in left_out:
        clauses = one.text.clauses
        texts[one.text.group, one.text.name] = one.text
        told = {name for act in one.acts for name in act["directions"]}
        for name, share in unseeing.directions.shares(one.features).items():
            month = ""
            if _is_dated(name) and share > SMALLEST_SHARE:
                read = dates.setdefault(id(clauses), ControlDates(clauses))
                month = unseeing.dates.choose(read.options(one.number, name))[:7]
            key = one.text.group, one.text.name, month
            telling = Telling(float(np.log(share / (1 - share))), told)
            surest[name][key] = max(surest[name].get(key, telling), telling, key=lambda one: one.log_odds)
    rows = []
    for name, tellings in surest.items():
        holds = [
            name in telling.told
            or any(_fits((name, month), act, by_month=_is_dated(name)) for act in texts[group, text].acts)
            for (group, text, month), telling in tellings.items()
        ]
        scores = np.array([telling.log_odds for telling in tellings.values()])
        fitted = LogisticRegression(C=1e6).fit(scores[:, None], holds)
        rows.append((float(fitted.coef_[0, 0]), float(fitted.intercept_[0])))
    slopes, intercepts = zip(*rows, strict=True)
    return model._replace(weights={**model.weights, SLOPE: slopes, INTERCEPT: intercepts})


def agreement(texts: Sequence[Text], acts: Sequence[Sequence[ControlAct]], *, by_month: bool) -> tuple[float, float]:
    """Return precision and recall of the directions of each article, or of what tightens and eases by month."""
    good = bad = hits = wanted = 0
    for text, found in zip(texts, acts, strict=True):
        keys = {
            (act.direction, act.date[:7] if by_month else "")
            for act in found
            if not by_month or _is_dated(act.direction)
        }
        marks = {
            (act["direction"], act["month"] if by_month else ""): act
            for act in text.acts
            if act["certain"] and (not by_month or _is_dated(act["direction"]))
        }
        for key in keys:
            fitting = [act for act in text.acts if _fits(key, act, by_month=by_month)]
            good += any(act["certain"] for act in fitting)
            bad += not fitting
        wanted += len(marks)
        hits += sum(any(_fits(key, act, by_month=by_month) for key in keys) for act in marks.values())
    return good / max(1, good + bad), hits / max(1, wanted)


def _is_dated(direction: str) -> bool:
    return direction in {TIGHTENED, EASED}


def _fits(key: tuple[str, str], act: dict[str, Any], *, by_month: bool) -> bool:
    return key[0] in act["directions"] and (not by_month or _fits_month(key[1], act))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="learn from everything and write the weights")
    arguments = parser.parse_args()
    finder = ThemeFinder()
    domain = finder.supply_domain
    texts = [text for text in read_texts(finder) if any(map(domain.is_named_in, text.clauses))]
    examples = examples_of(texts, domain)
    dates, actors = choices_of(examples)
    groups = list(dict.fromkeys(text.group for text in texts))
    models = {
        group: learn(
            [one for one in examples if one.text.group != group],
            [one for one in dates if one.group != group],
            [one for one in actors if one.group != group],
        )
        for group in groups
    }
    left_out = [(one, models[one.text.group]) for one in examples]
    print("| set left out | directions: P | R | F1 | months: P | R | F1 |\n|---|---|---|---|---|---|---|")
    for group in groups:
        model = models[group]._replace(directions=calibrated(models[group].directions, left_out))
        inside = [text for text in texts if text.group == group]
        acts = [find_control_acts(text.clauses, domain, models=model) for text in inside]
        cells = [group]
        for by_month in (False, True):
            precision, recall = agreement(inside, acts, by_month=by_month)
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            cells += [f"{value:.2f}" for value in (precision, recall, f1)]
        print(f"| {' | '.join(cells)} |")
    if arguments.write:
        learned = learn(examples, dates, actors)
        _write(learned._replace(directions=calibrated(learned.directions, left_out)))


def _write(models: ControlModels) -> None:
    for name, model in zip(WEIGHT_FILES, models, strict=True):
        lines = ["\t".join(("feature", *model.classes))]
        for feature, weights in sorted(model.weights.items()):
            if max(map(abs, weights)) >= LEAST_WEIGHT:
                # No minus stands before a zero that was rounded.
                lines.append("\t".join((feature, *(f"{round(weight, 2) + 0.0:g}" for weight in weights))))
        (ROOT / "rare_topics" / "data" / name).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()

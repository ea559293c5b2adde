"""Learn which passages raise a theme, and how much of an article it is; print how right that is on sets left out.

    python tests/benchmarks/learn_themes.py [--write]

A logistic regression for each theme on the features of a passage, and one for strength 2 and 3 each on those of an
article (``rare_topics/themes/theme_features.py``), for all themes together and for all suppliers together. They
learn from the sets of articles of ``tests/gold/``, from the labelled articles of
``tests/gold/passages/``, short and long ones, and passages also from ``tests/theme_sentences.json``. For each set and
each author the table says how right a model is that has not seen them, beside the frames alone: macro-F1 of the
themes, F1 of all suppliers together. The same predictions calibrate the probabilities (Platt 1999), and the
strengths are learned from them. ``--write`` learns from everything and writes the weights to ``rare_topics/data/``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from gold import THEMES as THEME_OF_MARK
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

import rare_topics as rt
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article, Passage
from rare_topics.themes import ThemeFinder
from rare_topics.themes.learned_strength import PASSAGE_FILE, STRENGTH_FILE, SUPPLIERS, THEMES
from rare_topics.themes.matcher import LEAST_OF_SUPPLY, ArticleReading
from rare_topics.themes.strength import LEAST_CONFIDENCE, MAIN, STRONG
from rare_topics.themes.theme_features import roles_of_countries, supplier_features, theme_features

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
LEARNED = tuple(THEME_OF_MARK.values())
SUPPLIER = "alt_supplier"
COUNTRY_NAMES = {"czechia": "czech_republic", "cote_divoire": "ivory_coast"}
PUBLISHED_ON = "2026-03-15"
# Inverse strengths of the penalties, of passages and of articles; .3 and 3 are no better on sets left out.
PENALTY, PENALTY_OF_STRENGTH = 1.0, 3.0
# A feature that fewer passages have, or fewer authors use, is not learned; a weight that is less is not written.
FEWEST, FEWEST_AUTHORS, LEAST_WEIGHT = 3, 2, 0.02
# How much more a long article teaches of strengths than a short one, which says more in less; and what frames
# that find a real part add to the log-odds of it. Chosen on sets left out.
SHARE_OF_SETS, FRAMES_ADD = 2.0, 2.2
# A sentence that was written for a theme or against it counts so much: what is said outright is to be read right.
SHARE_OF_SENTENCES = 3.0
# A passage of a set counts so much more than one of an author, as the pages that are read are of its kind; chosen on
# sets and authors left out.
SHARE_OF_PASSAGES = 3.0
# Characters of an evidence by which its passage is found.
PROBE = 25
# Prefix of the groups of authors of short articles.
SHORT = "author"
# Prefix of the groups of sentences, before the name of the theme that they are about.
SENTENCES = "sentences on "
# Log-odds of a half, from which on something is published.
EVEN = np.log(LEAST_CONFIDENCE / (1 - LEAST_CONFIDENCE))
# A theme that an article only brushes counts neither way.
BRUSHED = 1


class Text(NamedTuple):
    """A labelled article: its set, what was read, the strength of its themes, and the marked passages of each."""

    group: str
    name: str
    reading: ArticleReading
    strengths: Mapping[str, int]
    marked: Mapping[str, set[int]]


class Row(NamedTuple):
    """A theme of an article: its kind, the strength that readers give it, what it is told by, and that by frames."""

    group: str
    kind: str
    theme: str
    wanted: int
    features: Mapping[str, float]
    by_frames: int


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def read_texts(finder: ThemeFinder) -> Iterator[Text]:
    """Read all labelled articles."""
    for path in sorted(GOLD.glob("*/themes.jsonl")):
        name = path.parent.name
        ids = {row["title"]: row["id"] for row in rows(GOLD / name / "articles.jsonl")}
        themes = {row["id"]: row["themes"] for row in rows(path)}
        for article in rt.read_pages(ROOT / "seeds" if name == "seeds" else GOLD / name / "pages"):
            yield _text(name, ids[article.title], article, themes.get(ids[article.title], []), finder)
    for file, of_author in (("theme_articles.jsonl", f"{SHORT} "), ("long_articles.jsonl", "")):
        for row in rows(GOLD / "passages" / file):
            article = _article(row["title"], row["text"], published=row.get("published", PUBLISHED_ON))
            yield _text(of_author + row["author"], row["title"], article, row["themes"], finder)


def read_sentences(finder: ThemeFinder) -> Iterator[Text]:
    """Read the sentences of each theme, which only say whether they raise it."""
    sentences = json.loads((ROOT / "tests" / "theme_sentences.json").read_text("utf-8"))
    for theme, kinds in sentences.items():
        for kind, texts in kinds.items():
            for text in texts:
                article = _article("稀土市场观察" if language_of(text) == "zh" else "A look at rare earths", text)
                found = _text(f"{SENTENCES}{theme}", text, article, [], finder)
                body = set(range(1, len(found.reading.passages)))
                strength = STRONG if kind == "speaks" else 0
                yield found._replace(strengths={theme: strength}, marked={theme: body})


def _article(title: str, body: str, *, published: str = PUBLISHED_ON) -> Article:
    return Article(
        article_id="labelled",
        title=title,
        body=body,
        published=datetime.fromisoformat(published),
        title_lang=language_of(title),
        body_lang=language_of(body),
    )


def _text(group: str, name: str, article: Article, themes: Iterable[dict[str, Any]], finder: ThemeFinder) -> Text:
    passages = split_passages(article)
    strengths: dict[str, int] = {}
    marked: dict[str, set[int]] = {}
    for row in themes:
        theme = _theme_name(row["theme"])
        strengths[theme] = max(row["strength"], strengths.get(theme, 0))
        for evidence in (row.get("evidence"), *row.get("evidence_also", [])):
            marked.setdefault(theme, set()).update(n for n, one in enumerate(passages) if _tells(one, evidence or ""))
    reading = finder.matcher.read_article(passages, published=article.published)
    return Text(group, name, reading, strengths, marked)


def _theme_name(name: str) -> str:
    kind, _, country = name.partition(":")
    return f"{SUPPLIER}_{COUNTRY_NAMES.get(country, country)}" if country else THEME_OF_MARK.get(kind, kind)


def _tells(passage: Passage, evidence: str) -> bool:
    text, evidence = "".join(passage.text.split()), "".join(evidence.split())
    return bool(evidence) and (evidence[:PROBE] in text or (len(text) > PROBE // 2 and text in evidence))


class PassageModel:
    """A logistic regression for each theme, on the features of passages."""

    def __init__(self, texts: Sequence[Text]) -> None:
        places = [(text, number) for text in texts for number in range(len(text.reading.features))]
        features = [text.reading.features[number] for text, number in places]
        counts = Counter(feature for one in features for feature in one)
        authors: dict[str, set[str]] = defaultdict(set)
        for text, number in places:
            for name in text.reading.features[number]:
                authors[name].add(SENTENCES if text.group.startswith(SENTENCES) else text.group)
        self.features = sorted(
            name for name, count in counts.items() if count >= FEWEST and len(authors[name]) >= FEWEST_AUTHORS
        )
        self.column = {name: number for number, name in enumerate(self.features)}
        self.weights = np.zeros((len(self.features), len(LEARNED)))
        matrix = self._matrix(features)
        shares = np.array([_share(text.group) for text, _ in places])
        for number, theme in enumerate(LEARNED):
            labels = [label_of(text, place, theme) for text, place in places]
            kept = [row for row, label in enumerate(labels) if label is not None]
            fitted = LogisticRegression(C=PENALTY, solver="liblinear", fit_intercept=False)
            fitted.fit(matrix[kept], [bool(labels[row]) for row in kept], sample_weight=shares[kept])
            self.weights[:, number] = fitted.coef_[0]

    def _matrix(self, features: Sequence[set[str]]) -> sparse.csr_array:
        pairs = [(row, self.column[name]) for row, one in enumerate(features) for name in one if name in self.column]
        numbers, columns = np.array(pairs, dtype=np.int32).T
        return sparse.csr_array((np.ones(len(pairs)), (numbers, columns)), shape=(len(features), len(self.column)))

    def scores(self, text: Text) -> NDArray[np.float64]:
        """Return the log-odds of each theme: one row a passage."""
        if not text.reading.features:
            return np.zeros((0, len(LEARNED)))
        return self._matrix(text.reading.features) @ self.weights


def _share(group: str) -> float:
    if group.startswith(SENTENCES):
        return SHARE_OF_SENTENCES
    return SHARE_OF_PASSAGES if (GOLD / group).is_dir() else 1.0


def label_of(text: Text, passage: int, theme: str) -> bool | None:
    """Return whether a passage raises a theme; None where nobody says."""
    if text.group.startswith(SENTENCES) and theme not in text.strengths:
        return None
    strength = text.strengths.get(theme, 0)
    if strength >= STRONG and passage in text.marked.get(theme, ()):
        return True
    return None if strength else False


def strength_rows(text: Text, scores: NDArray[np.float64], finder: ThemeFinder) -> Iterator[Row]:
    """Return the themes of an article with what their strength is told by."""
    reading = text.reading
    probabilities = 1 / (1 + np.exp(-scores))
    of_name = {theme.name: theme for theme in finder.themes}
    for number, theme in enumerate(LEARNED):
        frames = reading.by_frames(of_name[theme], theme)
        features: dict[str, float] = {}
        if reading.features:
            features = theme_features(theme, reading.passages, probabilities[:, number].tolist(), frames)
        yield Row(text.group, THEMES, theme, text.strengths.get(theme, 0), features, frames.strength)
    roles = roles_of_countries(reading.facts, reading.passages)
    wanted = {name.removeprefix(f"{SUPPLIER}_") for name in text.strengths if name.startswith(SUPPLIER)}
    for country in sorted(wanted | roles.keys()):
        name = f"{SUPPLIER}_{country}"
        frames = reading.by_frames(of_name[SUPPLIER], name)
        features = {}
        if country in roles:
            features = supplier_features(country, reading.passages, reading.countries, roles, frames)
        yield Row(text.group, SUPPLIERS, name, text.strengths.get(name, 0), features, frames.strength)


class StrengthModel:
    """Logistic regressions for strength 2 and for 3 of one kind of theme."""

    def __init__(self, kind: str, found: Iterable[Row]) -> None:
        kept = [row for row in found if row.kind == kind and row.features]
        self.features = sorted({name for row in kept for name in row.features})
        matrix = self._matrix(kept)
        strong = [row.wanted >= STRONG for row in kept]
        certain = [row.wanted != BRUSHED for row in kept]
        main = [row.wanted >= MAIN for row in kept]
        shares = np.array([1.0 if row.group.startswith(SHORT) else SHARE_OF_SETS for row in kept])
        self.weights = np.column_stack(
            [
                self._fit(matrix[certain], np.array(strong)[certain], shares[certain]),
                self._fit(matrix, np.array(main), shares),
            ]
        )
        self.weights[self.features.index(f"frames={STRONG}"), 0] += FRAMES_ADD

    def _matrix(self, found: Sequence[Row]) -> NDArray[np.float64]:
        return np.array([[row.features.get(name, 0.0) for name in self.features] for row in found])

    def _fit(
        self, matrix: NDArray[np.float64], holds: NDArray[np.bool_], shares: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        scale = np.abs(matrix).max(axis=0)
        scale[scale == 0] = 1
        fitted = LogisticRegression(C=PENALTY_OF_STRENGTH, max_iter=5000, fit_intercept=False)
        weights: NDArray[np.float64] = fitted.fit(matrix / scale, holds, shares).coef_[0] / scale
        return weights

    def is_strong(self, row: Row) -> bool:
        if not row.features:
            return row.by_frames >= STRONG
        least = EVEN if row.kind == THEMES else np.log(LEAST_OF_SUPPLY / (1 - LEAST_OF_SUPPLY))
        is_told = "frames=1" in row.features or max(row.features["best"], row.features["title"]) >= least
        return is_told and float(self._matrix([row])[0] @ self.weights[:, 0]) >= EVEN


def f1(pairs: Iterable[tuple[int, bool]]) -> tuple[int, int, int]:
    """Count hits, wrong and missed ones."""
    pairs = [(wanted, found) for wanted, found in pairs if wanted != BRUSHED]
    hits = sum(wanted >= STRONG and found for wanted, found in pairs)
    return hits, sum(found for _, found in pairs) - hits, sum(wanted >= STRONG for wanted, _ in pairs) - hits


def score(found: Sequence[Row], is_strong: Callable[[Row], bool], *, macro: bool = True) -> float:
    """Return the mean F1 of the themes that are wanted at all, or that of all their articles together."""
    names = sorted({row.theme for row in found}) if macro else [""]
    counts = [f1((row.wanted, is_strong(row)) for row in found if name in ("", row.theme)) for name in names]
    scores = [2 * hits / (2 * hits + wrong + missed) for hits, wrong, missed in counts if hits + missed]
    return float(np.mean(scores)) if scores else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="learn from everything and write the weights")
    arguments = parser.parse_args()
    finder = ThemeFinder()
    texts = list(read_texts(finder))
    sentences = list(read_sentences(finder))
    groups = list(dict.fromkeys(text.group for text in texts))
    scores: dict[int, NDArray[np.float64]] = {}
    for group in groups:
        model = PassageModel([text for text in texts if text.group != group] + sentences)
        scores |= {number: model.scores(text) for number, text in enumerate(texts) if text.group == group}
    slope, intercept = _calibration(texts, scores)
    found = [
        row
        for number, text in enumerate(texts)
        for row in strength_rows(text, slope * scores[number] + intercept, finder)
    ]
    _print_table(groups, found)
    if arguments.write:
        _write_passages(PassageModel(texts + sentences), slope, intercept)
        _write_strengths({kind: StrengthModel(kind, found) for kind in (THEMES, SUPPLIERS)})


def _calibration(texts: Sequence[Text], scores: Mapping[int, NDArray[np.float64]]) -> tuple[float, float]:
    """Return slope and intercept of the log-odds that a passage raises a theme, over its score (Platt 1999)."""
    pairs = [
        (scores[number][passage, column], label)
        for number, text in enumerate(texts)
        for passage in range(len(text.reading.features))
        for column, theme in enumerate(LEARNED)
        if (label := label_of(text, passage, theme)) is not None
    ]
    values, labels = zip(*pairs, strict=True)
    fitted = LogisticRegression(C=1e6).fit(np.array(values)[:, None], labels)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _print_table(groups: Sequence[str], found: Sequence[Row]) -> None:
    print("| left out | themes by frames | learned | suppliers by frames | learned |\n|---|---|---|---|---|")
    right: dict[int, bool] = {}
    for group in groups:
        rest = [row for row in found if row.group != group]
        models = {kind: StrengthModel(kind, rest) for kind in (THEMES, SUPPLIERS)}
        right |= {id(row): models[row.kind].is_strong(row) for row in found if row.group == group}
    parts = [(group, [row for row in found if row.group == group]) for group in groups]
    parts += [
        ("all sets of articles", [row for row in found if not row.group.startswith(SHORT)]),
        ("all authors", [row for row in found if row.group.startswith(SHORT)]),
    ]
    for name, part in parts:
        cells = [
            score([row for row in part if row.kind == kind], judge, macro=kind == THEMES)
            for kind in (THEMES, SUPPLIERS)
            for judge in (lambda row: row.by_frames >= STRONG, lambda row: right[id(row)])
        ]
        print("|", " | ".join([name, *(f"{cell:.2f}" for cell in cells)]), "|")


def _write_passages(learned: PassageModel, slope: float, intercept: float) -> None:
    lines = ["\t".join(("feature", *LEARNED))]
    for name, weights in zip(learned.features, learned.weights * slope, strict=True):
        values = weights + (intercept if name == "bias" else 0)
        if max(abs(values)) >= LEAST_WEIGHT:
            lines.append("\t".join((name, *map(_short, values))))
    (ROOT / "rare_topics" / "data" / PASSAGE_FILE).write_text("\n".join(lines) + "\n", "utf-8")


def _write_strengths(models: Mapping[str, StrengthModel]) -> None:
    columns = [(kind, number) for kind in models for number in range(2)]
    lines = ["\t".join(("feature", *(f"{kind} {(STRONG, MAIN)[number]}" for kind, number in columns)))]
    weights = [
        dict(zip(models[kind].features, models[kind].weights[:, n].tolist(), strict=True)) for kind, n in columns
    ]
    names = sorted({name for model in models.values() for name in model.features})
    lines += ["\t".join((name, *(f"{one.get(name, 0.0):.3f}" for one in weights))) for name in names]
    (ROOT / "rare_topics" / "data" / STRENGTH_FILE).write_text("\n".join(lines) + "\n", "utf-8")


def _short(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0").rstrip("0").rstrip(".") or "0"


if __name__ == "__main__":
    main()

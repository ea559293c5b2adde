"""A study and new articles to a new study: the known ones recognised, the rest placed or learned from."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.cluster import UNPLACED
from rare_topics.corpus.corpus import Corpus
from rare_topics.study.changes import same_groups
from rare_topics.study.checks import shown_by
from rare_topics.study.diff import Diff
from rare_topics.study.parts import OF_ARTICLES, OF_PASSAGES
from rare_topics.study.rows import inherited, spliced
from rare_topics.vectorize.vectorizer import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.runtime.progress import Progress
    from rare_topics.study.steps import Study

# A new article's confidence is the share of so many of its nearest first articles that are in its cluster.
NEIGHBOURS = 5
# With a smaller share it is left unplaced.
PLACED = 0.2
# Every mixture holds a little of every topic, so two topics are alike by chance; to be the same takes more.
SAME_TOPIC = 0.5


def grow(study: Study, arrivals: Corpus, *, progress: Progress | bool | None = None) -> Study:
    """Add articles to a study; see `Study.add`.

    What comes out depends on the first articles and on all that were added since, and not on
    the order in which they were.
    """
    corpus = study.corpus.joined(arrivals)
    start, new = study.start, copy.copy(study)
    fresh = [row for row, article in enumerate(corpus) if not start.is_first(article)]
    texts = [f"{corpus[row].title}\n{corpus[row].body}" for row in fresh]
    if study.refitted or start.outgrown(study.vectorizer_.known_share(texts)):
        new.fit(corpus, progress=progress)
        _keep_numbers(new, study)
        new.refitted = True
        said = f"new articles no longer fit what the {len(start.texts)} first ones taught: all were fitted again"
    else:
        new.forget()
        new.start, new.grown = start, True
        _place(new, study, corpus, fresh)
        new.warnings += shown_by(new)
        said = f"{len(fresh)} of {len(corpus)} articles are placed by what the {len(start.texts)} first ones taught"
    new.start, new.grown = start, True
    new.warnings.append(said)
    new.diff = Diff.between(study, new, arrivals)
    return new


def _keep_numbers(new: Study, study: Study) -> None:
    """Give topics and clusters that were there at first the numbers they had."""
    start, corpus = study.start, new.corpus
    position = {article.article_id: row for row, article in enumerate(corpus)}
    first = [position[article_id] for article_id in start.texts]
    main = _indicators(new.doc_topic.argmax(axis=1), new.doc_topic.shape[1])
    same = same_groups(start.doc_topic, new.doc_topic[first], least=SAME_TOPIC)
    _number_topics(new, _numbers(same, start.doc_topic.shape[1], _first_days(corpus, main)))
    old = _indicators(start.labels, start.labels.max(initial=UNPLACED) + 1)
    found = _indicators(new.labels, new.labels.max(initial=UNPLACED) + 1)
    numbers = np.array([*_numbers(same_groups(old, found[first]), old.shape[1], _first_days(corpus, found)), UNPLACED])
    new.labels = numbers[new.labels]


def _number_topics(new: Study, numbers: list[int]) -> None:
    """Put the topics in the order of their numbers, in all that is by topic."""
    order = np.argsort(numbers)
    new.topic_ids = sorted(numbers)
    new.doc_topic = new.doc_topic[:, order]
    if new.passage_topic is not None:
        new.passage_topic = new.passage_topic[:, order]
    model = new.topic_model_
    for name in ("topic_term_", "low_", "high_", "stability_"):
        setattr(model, name, getattr(model, name)[order])
    model.doc_topic_ = model.doc_topic_[:, order]


def _numbers(known: dict[int, int], n_before: int, days: Sequence[str]) -> list[int]:
    """Give groups that were there before their numbers, and the others the next ones by their first articles."""
    others = sorted((day, column) for column, day in enumerate(days) if column not in known)
    known |= {column: n_before + rank for rank, (_, column) in enumerate(others)}
    return [known[column] for column in range(len(days))]


def _first_days(corpus: Corpus, members: NDArray[np.float64]) -> list[str]:
    """Name the first article of each group with its date; a group without one comes last."""
    firsts = [corpus[int(column.argmax())] if column.any() else None for column in members.T]
    return [f"{first.published or ''} {first.article_id}" if first else "~" for first in firsts]


def _indicators(labels: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
    return np.asarray((labels[:, None] == np.arange(n_groups)).astype(np.float64))


def _place(new: Study, study: Study, corpus: Corpus, fresh: Sequence[int]) -> None:
    """Keep the first articles as they are, and lay the others beside them by what the study has learned."""
    new.corpus, new.warnings, new.seconds = corpus, list(corpus.warnings), {}
    if not fresh:
        return
    added = Corpus(tuple(corpus[row] for row in fresh))
    placed = _placed(study, added)
    rows = {article.article_id: row for row, article in enumerate(study.corpus)}
    rows |= {article.article_id: len(study.corpus) + row for row, article in enumerate(added)}
    order = [rows[article.article_id] for article in corpus]
    for name in OF_ARTICLES:
        setattr(new, name, spliced(getattr(study, name), placed[name], order))
    bounds = np.append(study.corpus.passages.bounds, added.passages.bounds[1:] + len(study.corpus.passages))
    passage_order = np.concatenate([np.arange(bounds[row], bounds[row + 1]) for row in order])
    for name in OF_PASSAGES:
        if getattr(study, name) is not None:
            setattr(new, name, spliced(getattr(study, name), placed[name], passage_order.tolist()))


def _placed(study: Study, added: Corpus) -> dict[str, NDArray[np.float64]]:
    """Take new articles through the fitted steps."""
    passage_article = added.passages.article
    passage_counts = study.vectorizer_.transform(added.passages.texts)
    counts = summed(passage_counts, passage_article, len(added))
    vectors = study.space_.transform(counts)
    mixtures = study.topic_model_.transform(passage_counts if study.by_passage else counts)
    lengths = np.asarray(passage_counts.sum(axis=1)).ravel()
    labels = study.clusterer_.predict(vectors)
    confidence = _agreement(study, vectors, labels)
    return {
        "passage_counts": passage_counts,
        "passage_topic": mixtures,
        "counts": counts,
        "vectors": vectors,
        "doc_topic": inherited(mixtures, lengths, passage_article) if study.by_passage else mixtures,
        "labels": np.where(confidence < PLACED, UNPLACED, labels),
        "confidence": confidence,
        "places": study.projector_.transform(vectors),
    }


def _agreement(study: Study, vectors: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of each new article's nearest first articles that are in its cluster, 0 where it has no vector."""
    first = [row for row, article in enumerate(study.corpus) if study.start.is_first(article)]
    likeness = vectors @ study.vectors[first].T
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :NEIGHBOURS]
    agree = (study.labels[first][nearest] == labels[:, None]).mean(axis=1)
    return np.where(vectors.any(axis=1), agree, 0.0)

"""New articles for a study: known ones are recognised, the others are placed, or all is fitted again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from rare_topics.cluster import MIN_CONFIDENCE, UNPLACED
from rare_topics.corpus import Corpus
from rare_topics.study.baseline import Baseline
from rare_topics.study.changes import match_groups
from rare_topics.study.diff import diff
from rare_topics.study.edit_log import highest_number
from rare_topics.study.edits import repeat_edits
from rare_topics.study.embeddings import embeddings_with, vectors_of
from rare_topics.study.first_state import baseline_of
from rare_topics.study.pipeline import article_mixtures
from rare_topics.study.state import ARTICLE_FIELDS, PASSAGE_FIELDS, StudyState
from rare_topics.study.validation import result_warnings
from rare_topics.vectorize.vocabulary import sum_rows_by_group

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.topics import StableTopicModel

# The confidence of a new article is the share of so many of its nearest first articles that are in its cluster.
NEAREST_FIRST = 5
# Every mixture holds a little of every topic, so two topics are similar by chance; the same topics are more so.
SAME_TOPIC = 0.5


def update(
    state: StudyState,
    arrivals: Corpus,
    *,
    refit: Callable[[Corpus, NDArray[np.float32] | None], StudyState],
    vectors: Any = None,  # noqa: ANN401 - whatever the user gives
) -> StudyState:
    """Add articles to a study; see `Study.add`.

    Parameters
    ----------
    state
        A fitted study; it stays as it is.
    arrivals
        Articles, known ones included.
    refit
        Fits a corpus, and its embeddings where the study has some, with the settings of the study.
    vectors : array-like of shape (n_arrivals, n_columns), optional
        Embeddings of the arrivals; None has them embedded where the study has embeddings.

    Returns
    -------
    StudyState
        Depends on the first articles and on all that were added since, never on the order in
        which they came.

    Raises
    ------
    InputError
        If one id stands for two articles, or an article lacks an embedding.
    """
    corpus = state.corpus.union(arrivals)
    embeddings = embeddings_with(state, corpus, arrivals=arrivals, vectors=vectors)
    baseline = baseline_of(state)
    new_rows = [row for row, article in enumerate(corpus) if not baseline.contains(article)]
    coverage = state.vectorizer.vocabulary_coverage([f"{corpus[row].title}\n{corpus[row].body}" for row in new_rows])
    n_first = len(baseline.texts)
    if state.is_refitted or baseline.reason_to_refit(coverage):
        fitted = refit(corpus, embeddings)
        taken = highest_number(state.edits)
        updated = replace(_with_baseline_numbers(fitted, baseline, taken), baseline=baseline, is_refitted=True)
        updated = repeat_edits(replace(updated, edits=()), state.edits)
        said = f"new articles no longer fit what the {n_first} first ones taught: all were fitted again"
        themes = updated.themes.subset(corpus, passage_topics=updated.passage_topics)
        updated = updated.keeping_tables(themes=themes)
    else:
        first = replace(state, baseline=baseline, seconds={}, archive_tables={})
        updated = _with_placed(first, corpus, new_rows, embeddings)
        updated = updated.keeping_tables(warnings=(*corpus.warnings, *result_warnings(updated)))
        said = f"{len(new_rows)} of {len(corpus)} articles are placed by what the {n_first} first ones taught"
    updated = updated.keeping_tables(warnings=(*updated.warnings, said))
    return updated.keeping_tables(diff=diff(state, updated, arrivals=arrivals))


def _with_baseline_numbers(fitted: StudyState, baseline: Baseline, taken: int) -> StudyState:
    """Give topics and clusters that were there at first the numbers they had, and others none up to `taken`."""
    corpus = fitted.corpus
    position = {article.article_id: row for row, article in enumerate(corpus)}
    first_rows = [position[article_id] for article_id in baseline.texts]

    same = match_groups(baseline.doc_topic, fitted.doc_topic[first_rows], least=SAME_TOPIC)
    main_topic = _indicators(fitted.doc_topic.argmax(axis=1), fitted.doc_topic.shape[1])
    n_before = max(baseline.doc_topic.shape[1], taken + 1)
    topic_ids = _numbers(same, n_before, _first_articles(corpus, main_topic))

    old = _indicators(baseline.cluster_labels, baseline.cluster_labels.max(initial=UNPLACED) + 1)
    found = _indicators(fitted.cluster_labels, fitted.cluster_labels.max(initial=UNPLACED) + 1)
    cluster_ids = _numbers(match_groups(old, found[first_rows]), old.shape[1], _first_articles(corpus, found))
    # The last entry is the number of the unplaced, whose label is -1.
    cluster_labels = np.array([*cluster_ids, UNPLACED])[fitted.cluster_labels]
    return replace(_with_topic_ids(fitted, topic_ids), cluster_labels=cluster_labels)


def _with_topic_ids(fitted: StudyState, topic_ids: list[int]) -> StudyState:
    """Put the topics in the order of their numbers, in all that is by topic."""
    order = np.argsort(topic_ids)
    passage_topic = fitted.passage_topic
    return replace(
        fitted,
        topic_ids=sorted(topic_ids),
        topic_model=_with_topic_order(fitted.topic_model, order),
        doc_topic=fitted.doc_topic[:, order],
        passage_topic=None if passage_topic is None else passage_topic[:, order],
    )


def _with_topic_order(model: StableTopicModel, order: NDArray[np.int64]) -> StableTopicModel:
    reordered = copy(model)
    reordered.topic_term_ = model.topic_term_[order]
    reordered.low_, reordered.high_ = model.low_[order], model.high_[order]
    reordered.stability_ = model.stability_[order]
    reordered.doc_topic_ = model.doc_topic_[:, order]
    return reordered


def _numbers(known: dict[int, int], n_before: int, first_articles: Sequence[str]) -> list[int]:
    """Give known groups their numbers, and the others the next ones in the order of their first articles."""
    others = sorted((first, column) for column, first in enumerate(first_articles) if column not in known)
    known |= {column: n_before + rank for rank, (_, column) in enumerate(others)}
    return [known[column] for column in range(len(first_articles))]


def _first_articles(corpus: Corpus, is_member: NDArray[np.float64]) -> list[str]:
    """Return date and id of the first article of each group; a group without one comes last."""
    firsts = [corpus[int(column.argmax())] if column.any() else None for column in is_member.T]
    return [f"{first.published or ''} {first.article_id}" if first else "~" for first in firsts]


def _indicators(labels: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
    """Return 1 where an article is in a group, of shape (n_articles, n_groups)."""
    return np.asarray((labels[:, None] == np.arange(n_groups)).astype(np.float64))


def _with_placed(
    state: StudyState, corpus: Corpus, new_rows: Sequence[int], embeddings: NDArray[np.float32] | None
) -> StudyState:
    """Keep the first articles as they are, and place the new ones among them."""
    changes: dict[str, Any] = {"corpus": corpus, "themes": None, "claims": None}
    if not new_rows:
        return replace(state, **changes)
    added = Corpus(tuple(corpus[row] for row in new_rows))
    placed = place_articles(state, added, None if embeddings is None else embeddings[new_rows])
    row_of = {article.article_id: row for row, article in enumerate(state.corpus)}
    row_of |= {article.article_id: len(state.corpus) + row for row, article in enumerate(added)}
    order = np.array([row_of[article.article_id] for article in corpus])
    bounds = np.append(state.corpus.passages.bounds, added.passages.bounds[1:] + len(state.corpus.passages))
    passage_order = np.concatenate([np.arange(bounds[row], bounds[row + 1]) for row in order])
    for names, rows in ((ARTICLE_FIELDS, order), (PASSAGE_FIELDS, passage_order)):
        for name in names:
            if getattr(state, name) is not None:
                changes[name] = _stacked(getattr(state, name), placed[name])[rows]
    return replace(state, **changes)


def _stacked(old: Any, new: Any) -> Any:  # noqa: ANN401 - an array, dense or sparse
    if isinstance(old, sparse.csr_array):
        return sparse.csr_array(sparse.vstack([old, new], format="csr"))
    return np.concatenate([old, new])


def place_articles(state: StudyState, added: Corpus, embeddings: NDArray[np.float32] | None = None) -> dict[str, Any]:
    """Take new articles through the fitted steps.

    Parameters
    ----------
    state
        A fitted study; it stays as it is.
    added
        The articles.
    embeddings : ndarray of shape (n_added, n_columns), optional
        Of the articles, where the study has embeddings.

    Returns
    -------
    dict
        What `StudyState` holds of articles and of passages, by the name of the field.
    """
    passages = added.passages
    passage_counts = state.vectorizer.transform(passages.texts)
    counts = sum_rows_by_group(passage_counts, passages.article_rows, len(added))
    vectors = vectors_of(state, counts, embeddings)
    mixtures = state.topic_model.transform(passage_counts if state.by_passage else counts)
    doc_topic = mixtures
    if state.by_passage:
        doc_topic = article_mixtures(state.topic_model, counts, passage_counts, mixtures, passages.article_rows)
    labels = state.clusterer.predict(vectors)
    confidence = _agreement_of_nearest(state, vectors, labels)
    return {
        "passage_counts": passage_counts,
        "passage_topic": mixtures,
        "counts": counts,
        "embeddings": embeddings,
        "vectors": vectors,
        "doc_topic": doc_topic,
        "cluster_labels": np.where(confidence < MIN_CONFIDENCE, UNPLACED, labels),
        "confidence": confidence,
        "coordinates": state.projector.transform(vectors),
    }


def _agreement_of_nearest(
    state: StudyState, vectors: NDArray[np.float64], labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the share of each new article's nearest first articles that are in its cluster, 0 without a vector."""
    baseline = baseline_of(state)
    first_rows = [row for row, article in enumerate(state.corpus) if baseline.contains(article)]
    similarity = vectors @ state.vectors[first_rows].T
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :NEAREST_FIRST]
    agrees = (state.cluster_labels[first_rows][nearest] == labels[:, None]).mean(axis=1)
    return np.where(vectors.any(axis=1), agrees, 0.0)

"""What a fitted study found, as tables: functions of its state, each computed once for a state."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.cluster import UNPLACED
from rare_topics.projection import MapProjector
from rare_topics.study.edit_log import names_by_hand
from rare_topics.study.embeddings import vectors_with_language
from rare_topics.study.labels import Namer, log_odds
from rare_topics.study.metrics import coherence, diversity, language_leakage
from rare_topics.study.state import StudyState, computed_once, computed_once_for_words
from rare_topics.study.stories import is_first_telling
from rare_topics.topics import best_words, leading_topics
from rare_topics.vectorize.collocations import find_collocations

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TERMS_PER_TOPIC = 10
# Power of the share of a cluster's articles that name a concept, by which its log-odds count; by eye on seven corpora.
WEIGHT_OF_FREQUENCY = 0.25
# So many are looked at, since some are no subjects.
CANDIDATES_PER_TERM = 2
# Maps that are compared by `maps`.
MAP_RANDOM_STATES = 3
# Passages that are searched for terms of several words at most.
COLLOCATION_PASSAGES = 10_000
# A z-score of the log-odds below this sets no concept apart.
LEAST_Z_SCORE = 0.01
# What the lexicon's field is about, and the share of articles that name it where a corpus is of that field: nine tenths
# of the two sets of pages, none of six other corpora.
FIELD, MIN_SHARE_OF_FIELD = ("rare_earths", "critical_minerals"), 0.2
UNNAMED = {"zh": "未命名", "en": "unnamed"}
UNPLACED_LABELS = {"label_zh": "未归类", "label_en": "unplaced"}


@computed_once
def topics(state: StudyState) -> pd.DataFrame:
    """List the topics.

    Returns
    -------
    DataFrame
        topic, label_zh, label_en, terms_zh, terms_en, share (mean weight over the articles,
        each story once), stability (share of fits in which it comes back), n_articles (of which
        it is the largest topic), typical_title (of the article that has most of it).
    """
    import pandas as pd

    names = namer(state)
    main_topic = state.doc_topic.argmax(axis=1)
    shares = state.doc_topic[is_first_telling(state)].mean(axis=0)
    rows = []
    for column, (topic, terms) in enumerate(zip(state.topic_ids, _topic_concepts(state), strict=True)):
        rows.append(
            {
                "topic": topic,
                **_labels_by(state, "topic", topic, names, terms),
                "terms_zh": "; ".join(names.terms(terms, "zh")),
                "terms_en": "; ".join(names.terms(terms, "en")),
                "share": round(float(shares[column]), 4),
                "stability": round(float(state.topic_model.stability_[column]), 4),
                "n_articles": int((main_topic == column).sum()),
                "typical_title": state.corpus[int((state.doc_topic[:, column] * _is_first(state)).argmax())].title,
            }
        )
    return pd.DataFrame(rows)


@computed_once
def topic_terms(state: StudyState) -> pd.DataFrame:
    """List the terms that set each topic apart, with their probability and its range over resamples.

    Returns
    -------
    DataFrame
        topic, concept, term_zh, term_en, probability, low, high.
    """
    import pandas as pd

    names, model = namer(state), state.topic_model
    rows = []
    for row, (topic, concepts) in enumerate(zip(state.topic_ids, _topic_concepts(state), strict=True)):
        for concept in concepts:
            column = state.vectorizer.vocabulary_[concept]
            rows.append(
                {
                    "topic": topic,
                    "concept": concept,
                    "term_zh": names.name(concept, "zh"),
                    "term_en": names.name(concept, "en"),
                    "probability": round(float(model.topic_term_[row, column]), 6),
                    "low": round(float(model.low_[row, column]), 6),
                    "high": round(float(model.high_[row, column]), 6),
                }
            )
    return pd.DataFrame(rows)


@computed_once
def article_topics(state: StudyState) -> pd.DataFrame:
    """List the topics that make up at least a twentieth of each article, heaviest first.

    Returns
    -------
    DataFrame
        article_id, topic, weight.
    """
    import pandas as pd

    rows = [
        (article.article_id, state.topic_ids[column], weight)
        for article, mixture in zip(state.corpus, state.doc_topic, strict=True)
        for column, weight in leading_topics(mixture)
    ]
    return pd.DataFrame(rows, columns=["article_id", "topic", "weight"])


@computed_once
def clusters(state: StudyState) -> pd.DataFrame:
    """List the cluster of each article.

    Returns
    -------
    DataFrame
        article_id, cluster (-1 for none), confidence, label_zh, label_en, typical_title (of the
        cluster's article that is most like all of them).
    """
    import pandas as pd

    names = namer(state)
    labels = {
        number: _labels_by(state, "cluster", number, names, concepts)
        for number, concepts in zip(cluster_ids(state), _cluster_concepts(state), strict=True)
    }
    labels[UNPLACED] = UNPLACED_LABELS
    titles = {number: _typical_title(state, state.cluster_labels == number) for number in cluster_ids(state)}
    return pd.DataFrame(
        {
            "article_id": article.article_id,
            "cluster": int(cluster),
            "confidence": round(float(confidence), 4),
            **labels[int(cluster)],
            "typical_title": titles.get(int(cluster), ""),
        }
        for article, cluster, confidence in zip(state.corpus, state.cluster_labels, state.confidence, strict=True)
    )


@computed_once
def map_coordinates(state: StudyState) -> pd.DataFrame:
    """List the position of each article on the map: article_id, x, y."""
    return _coordinates_frame(state, state.coordinates)


@computed_once
def maps(state: StudyState) -> pd.DataFrame:
    """Lay the map out from several random states, each turned and mirrored to lie over the first.

    Returns
    -------
    DataFrame
        article_id, x, y, random_state.
    """
    import pandas as pd

    frames = []
    for offset in range(MAP_RANDOM_STATES):
        random_state = state.settings.random_state + offset
        projector = state.projector
        # The map itself is one of them, unless articles were added to it.
        if projector.random_state != random_state or not np.array_equal(projector.embedding_, state.coordinates):
            projector = MapProjector(random_state=random_state).fit(state.vectors)
        coordinates = projector.align_to(state.coordinates)
        frames.append(_coordinates_frame(state, coordinates).assign(random_state=random_state))
    return pd.concat(frames)


@computed_once
def model_selection(state: StudyState) -> pd.DataFrame:
    """List how steadily topics come back for each number considered; empty where the number was given.

    Returns
    -------
    DataFrame
        n_topics, stability (mean over the topics of the share of fits that have them), low and
        high (of the least and the most stable topic), coherence (mean NPMI), chosen.
    """
    import pandas as pd

    rows = [
        (
            n_topics,
            *np.round([stability.mean(), stability.min(), stability.max(), coherence.mean()], 4),
            n_topics == state.topic_model.n_topics_per_run_,
        )
        for n_topics, stability, coherence in state.topic_model.model_selection_
    ]
    return pd.DataFrame(rows, columns=["n_topics", "stability", "low", "high", "coherence", "chosen"])


@computed_once
def terms(state: StudyState) -> pd.DataFrame:
    """List the concepts by the number of articles that name them.

    Returns
    -------
    DataFrame
        concept, term_en, term_zh, n_articles, share_en and share_zh (of the bodies in that
        language).
    """
    import pandas as pd

    langs = np.array([article.body_lang for article in state.corpus])
    present = sparse.csc_array(state.counts > 0)
    frame = pd.DataFrame({"concept": state.concepts, "n_articles": np.asarray(present.sum(axis=0)).ravel()})
    for lang in ("en", "zh"):
        n_articles = np.asarray(present[langs == lang].sum(axis=0)).ravel()
        frame[f"share_{lang}"] = np.round(n_articles / max((langs == lang).sum(), 1), 4)
    frame = frame.sort_values(["n_articles", "concept"], ascending=[False, True], ignore_index=True)
    for lang in ("zh", "en"):
        frame.insert(1, f"term_{lang}", namer(state).names(frame["concept"].tolist(), lang))
    return frame


@computed_once
def scores(state: StudyState) -> dict[str, float | None]:
    """Return figures of merit of the fitted steps; None where a corpus of one language has none."""
    langs = [article.body_lang for article in state.corpus]
    columns = [state.vectorizer.concept_columns(concepts) for concepts in _topic_concepts(state)]
    return {
        "n_topics": state.topic_model.n_topics_,
        "n_clusters": state.clusterer.n_clusters_,
        "topic_stability": round(float(state.topic_model.stability_.mean()), 4),
        "cluster_confidence": round(float(state.confidence.mean()), 4),
        "trustworthiness": round(state.projector.trustworthiness_, 4),
        **coherence(columns, state.documents),
        "topic_diversity": diversity(columns),
        **language_leakage(vectors_with_language(state), state.cluster_labels, state.coordinates, langs),
    }


@computed_once_for_words
def namer(state: StudyState) -> Namer:
    """Return what names concepts, and terms of several concepts, as the corpus prints them."""
    vectorizer, passages = state.vectorizer, state.corpus.passages
    every_nth = -(-len(passages) // COLLOCATION_PASSAGES)
    sample = passages[::every_nth]
    texts = [passage.text for passage in sample]
    mentions = (vectorizer.lexicon_.mentions(vectorizer.segmenter_.tokenize(text)) for text in texts)
    found = find_collocations(texts, mentions, articles=[passage.article_id for passage in sample])
    return Namer(
        vectorizer.lexicon_,
        vectorizer.surfaces_,
        found,
        has_domain=_has_domain(state),
        has_chinese=any("zh" in (article.body_lang, article.title_lang) for article in state.corpus),
    )


def _has_domain(state: StudyState) -> bool:
    """Tell whether the corpus is of the lexicon's field, by the share of articles that name what it is about."""
    columns = [state.vectorizer.vocabulary_[name] for name in FIELD if name in state.vectorizer.vocabulary_]
    named = sparse.csc_array(state.counts)[:, columns].sum(axis=1) if columns else np.zeros(1)
    return bool((np.asarray(named) > 0).mean() >= MIN_SHARE_OF_FIELD)


def of_all_articles(state: StudyState, part: StudyState, rows: NDArray[np.int64]) -> StudyState:
    """Give a state of some articles the tables and labels of all.

    Parameters
    ----------
    state
        All articles.
    part
        Some of them; it has made no table yet.
    rows : ndarray of int, shape (n_articles_of_part,)
        Their positions among all.

    Returns
    -------
    StudyState
        `part`, whose topics, terms, scores and labels are those of `state`.
    """
    for table in (topics, topic_terms, model_selection, scores, namer):
        part.remember(table, table(state))
    part.remember(clusters, clusters(state).iloc[rows].reset_index(drop=True))
    return part


def _typical_title(state: StudyState, is_member: NDArray[np.bool_]) -> str:
    """Return the title of the member whose vector is nearest to the mean of all members'."""
    members = np.flatnonzero(is_member & (_is_first(state) | ~(is_member & _is_first(state)).any()))
    vectors = state.vectors[members]
    return state.corpus[int(members[(vectors @ vectors.mean(axis=0)).argmax()])].title


@computed_once
def _is_first(state: StudyState) -> NDArray[np.bool_]:
    """Tell which articles name topics and clusters: those that were there before articles were added."""
    if state.baseline is None or state.is_refitted:
        return np.ones(len(state.corpus), dtype=bool)
    return np.array([article.article_id in state.baseline.texts for article in state.corpus])


def cluster_ids(state: StudyState) -> list[int]:
    """Return the numbers of the clusters, sorted."""
    return sorted({int(label) for label in state.cluster_labels} - {UNPLACED})


@computed_once
def _topic_concepts(state: StudyState) -> list[list[str]]:
    """List the concepts that set each topic apart."""
    if state.topic_model.method == "nmf":
        words = best_words(state.topic_model.topic_term_, state.counts, CANDIDATES_PER_TERM * TERMS_PER_TOPIC)
        return [_subjects(state, columns) for columns in words]
    totals = np.asarray(state.counts.sum(axis=0)).ravel()
    topic_mass = state.doc_topic.sum(axis=0)[:, None] / len(state.corpus) * totals.sum()
    return _distinctive_concepts(state, state.topic_model.topic_term_ * topic_mass)


@computed_once
def _cluster_concepts(state: StudyState) -> list[list[str]]:
    """List the concepts that set each cluster apart."""
    is_member = sparse.csr_array(
        (state.cluster_labels == np.array(cluster_ids(state), dtype=np.int64)[:, None]).astype(np.float64)
    )
    n_members = np.maximum(np.asarray(is_member.sum(axis=1)).ravel(), 1)[:, None]
    shares = (is_member @ sparse.csr_array(state.counts > 0)).toarray() / n_members
    return _distinctive_concepts(state, (is_member @ state.counts).toarray(), weights=shares**WEIGHT_OF_FREQUENCY)


def _distinctive_concepts(
    state: StudyState, group_counts: NDArray[np.float64], *, weights: NDArray[np.float64] | float = 1.0
) -> list[list[str]]:
    """List the concepts that set each group apart and that more than one article names.

    Parameters
    ----------
    state
        The counts and names of concepts.
    group_counts : ndarray of shape (n_groups, n_concepts)
        How often each group names each concept.
    weights : ndarray of shape (n_groups, n_concepts)
        By which a concept that sets a group apart counts more or less.
    """
    totals, concepts = np.asarray(state.counts.sum(axis=0)).ravel(), state.concepts
    is_shared = np.bincount(state.counts.indices, minlength=len(concepts)) > 1
    z_scores = np.where(is_shared, log_odds(group_counts, totals), -np.inf)
    # A group that nothing sets apart, such as the whole corpus, is described by what it names most.
    by_count = ~(z_scores > LEAST_Z_SCORE).any(axis=1) | (len(group_counts) == 1)
    z_scores = np.multiply(z_scores, weights, out=z_scores.copy(), where=z_scores > 0)
    z_scores[by_count] = group_counts[by_count] * np.where(is_shared, 1, LEAST_Z_SCORE)
    ranked = np.argsort(-z_scores, axis=1, kind="stable")[:, : CANDIDATES_PER_TERM * TERMS_PER_TOPIC]
    return [
        _subjects(state, [int(column) for column in columns if row[column] > 0])
        for columns, row in zip(ranked, z_scores, strict=True)
    ]


def _subjects(state: StudyState, columns: Sequence[int]) -> list[str]:
    """Name the first concepts of some columns that may be a subject."""
    names, concepts = namer(state), state.concepts
    named = (str(concepts[column]) for column in columns)
    return list(islice(filter(names.is_subject, named), TERMS_PER_TOPIC))


def _labels_by(state: StudyState, kind: str, number: int, names: Namer, concepts: Sequence[str]) -> dict[str, str]:
    """Return the labels of a topic or cluster: those given by hand, those it had at first, or those of its concepts."""
    known = _baseline_labels(state, f"{kind}_names", number)
    return {**(known or _labels(names, concepts)), **names_by_hand(state.edits, kind).get(number, {})}


def _baseline_labels(state: StudyState, kind: str, number: int) -> dict[str, str]:
    """Return the labels that a topic or cluster had before articles were added, if it was there."""
    names = getattr(state.baseline, kind).get(str(number)) if state.baseline else None
    return dict(zip(("label_zh", "label_en"), names, strict=True)) if names else {}


def _labels(names: Namer, concepts: Sequence[str]) -> dict[str, str]:
    leading_concepts = names.domain_first(concepts)
    return {f"label_{lang}": names.label(leading_concepts, lang) or unnamed for lang, unnamed in UNNAMED.items()}


def _coordinates_frame(state: StudyState, coordinates: NDArray[np.float64]) -> pd.DataFrame:
    import pandas as pd

    ids = [article.article_id for article in state.corpus]
    x, y = np.round(coordinates, 4).T
    return pd.DataFrame({"article_id": ids, "x": x, "y": y})

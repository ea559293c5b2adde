"""Whether settings, results and stored parts hold together."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from rare_topics.corpus import Corpus
from rare_topics.encoder.model_file import find_model_file
from rare_topics.errors import InputError, shown_in_line
from rare_topics.study.edit_log import highest_number, is_restructured
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.stories import repeats

FEWEST_ARTICLES = 3
LARGEST_RANDOM_STATE = 2**31 - 1
# Confidence below which an article's cluster is a suggestion.
SURE = 0.5
TOPIC_METHODS = ("nmf", "lda")
NO_STABLE_TOPICS = (
    "no stable topics: none came back in half of the resamples and led two articles; the one shown is the corpus"
)
NO_STRUCTURE = "no clusters stand out: articles of the same spread without any structure fall together as surely"


def validate_settings(settings: StudySettings, corpus: Corpus) -> None:
    """Make sure that a corpus can give what is asked for.

    Parameters
    ----------
    settings
        Numbers of topics and clusters, and the random state.
    corpus
        The articles.

    Raises
    ------
    InputError
        If there are fewer than three articles, a setting is not a whole number in its range, or the role encoder
        is asked for and not installed.
    """
    n_articles = len(corpus)
    if n_articles < FEWEST_ARTICLES:
        raise InputError(
            f"{n_articles} article{'s' * (n_articles != 1)}: topics and clusters need at least {FEWEST_ARTICLES}",
            fix="add pages or rows",
        )
    n_documents = n_articles if n_articles >= settings.passages_below else len(corpus.passages)
    ranges = {
        "n_clusters": (settings.n_clusters, 1, n_articles),
        "n_topics": (settings.n_topics, 1, n_documents),
        "random_state": (settings.random_state, 0, LARGEST_RANDOM_STATE),
    }
    if settings.topic_method not in TOPIC_METHODS:
        raise InputError(f"topic_method is {settings.topic_method!r}", fix=f"give {' or '.join(TOPIC_METHODS)}")
    if not isinstance(settings.role_encoder, bool):
        raise InputError(f"role_encoder is {settings.role_encoder!r}", fix="give True or False")
    if settings.role_encoder:
        find_model_file()
    for name, (value, least, most) in ranges.items():
        if value is None and name != "random_state":
            continue
        if not isinstance(value, Integral) or not least <= int(value) <= most:
            raise InputError(
                f"{name} is {value!r} for {n_articles} articles", fix=f"give a whole number from {least} to {most}"
            )


def validate_for_spark(settings: StudySettings) -> None:
    """Make sure that nothing is asked for that is done on this machine alone.

    Raises
    ------
    InputError
        If words that are not counted, topics that shall be there, embeddings or the role encoder are asked for.
    """
    asked = {
        "stop_words and seed_topics": bool(settings.stop_words or settings.seed_topics),
        "embed and vectors": settings.embed is not None or settings.vectors is not None,
        "roles by role_encoder": settings.role_encoder,
    }
    for names, is_asked in asked.items():
        if is_asked:
            raise InputError(f"{names} are not known on Spark", fix="leave out one or the other")


def checked_words(name: str, words: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever the user gives
    """Return words of a setting.

    Raises
    ------
    InputError
        If they are no list of texts.
    """
    if words is None:
        return ()
    if isinstance(words, (str, bytes)) or not hasattr(words, "__iter__"):
        raise InputError(f"{name} is a {type(words).__name__}", fix="give a list of words")
    if wrong := [word for word in words if not isinstance(word, str) or not word.strip()]:
        raise InputError(f"{name} holds {shown_in_line(repr(wrong[0]), max_length=40)}", fix="give a list of words")
    return tuple(words)


def checked_seeds(seeds: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401
    """Return the words of seeded topics by name.

    Raises
    ------
    InputError
        If they are no lists of words by name.
    """
    if seeds is None:
        return {}
    if not isinstance(seeds, Mapping) or not all(isinstance(name, str) and name.strip() for name in seeds):
        raise InputError("seed_topics is no mapping of names to words", fix="give {'smuggling': ['走私', 'smuggling']}")
    found = {name: checked_words(f"seed_topics['{name}']", words) for name, words in seeds.items()}
    if empty := [name for name, words in found.items() if not words]:
        raise InputError(f"seed_topics has no words for '{empty[0]}'", fix="give some, or leave the topic out")
    return found


def result_warnings(state: StudyState) -> list[str]:
    """List what a reader should know before trusting the results.

    Parameters
    ----------
    state
        All steps have run.
    """
    warnings = []
    is_empty = ~(np.asarray(state.counts.sum(axis=1)).ravel().astype(bool) | state.vectors.any(axis=1))
    empty = [article.article_id for article, is_one in zip(state.corpus, is_empty, strict=True) if is_one]
    if empty:
        warnings.append(f"no concept in {'; '.join(empty)}: these articles have no place of their own")
    if state.topic_model.is_whole_corpus_:
        warnings.append(NO_STABLE_TOPICS)
    elif dropped := state.topic_model.n_dropped_:
        warnings.append(f"{dropped} topics dropped: they did not come back, or led fewer than two articles")
    n_clusters, wanted = state.clusterer.n_clusters_, state.settings.n_clusters
    if state.baseline is None and not state.clusterer.has_structure_ and wanted != 1:
        warnings.append(NO_STRUCTURE)
    if n_clusters < (wanted or 0):
        warnings.append(f"{n_clusters} of the {wanted} clusters asked for hold two articles or more")
    unsure = int(((state.cluster_labels >= 0) & (state.confidence < SURE)).sum())
    if unsure and state.baseline is None:
        warnings.append(
            f"{unsure} of {len(state.corpus)} articles are with their cluster in less than half of the resamples: "
            "read these clusters as a suggestion"
        )
    if unplaced := int((state.cluster_labels < 0).sum()):
        warnings.append(f"{unplaced} article{'s belong' if unplaced > 1 else ' belongs'} to no cluster")
    warnings += [f"by hand: {edit.line()}" for edit in state.edits]
    warnings += [
        f"{row.article_id} tells the story of {row.first_id} again "
        f"({row.kind}, similarity {row.similarity:.2f}); shares count it once"
        for row in repeats(state).itertuples()
    ]
    if state.by_passage and state.baseline is None:
        warnings.append(
            f"{len(state.corpus)} articles: topics are learned from {len(state.corpus.passages)} passages; "
            "read stability and confidence before the labels"
        )
    return warnings


def validate_stored_settings(settings: StudySettings, corpus: Corpus) -> None:
    """Make sure that the settings of a study that was stored are ones a fit takes.

    Raises
    ------
    ValueError
        If one is no whole number in its range, or not what it should be.
    """
    most = max(len(corpus), len(corpus.passages))
    ranges = {"n_clusters": (1, most), "n_topics": (1, most), "random_state": (0, LARGEST_RANDOM_STATE)}
    if settings.topic_method not in TOPIC_METHODS:
        raise ValueError(
            f"topic_method: expected {' or '.join(TOPIC_METHODS)}, got {str(settings.topic_method)[:40]!r}"
        )
    if type(settings.role_encoder) is not bool:
        raise ValueError("role_encoder: expected true or false")
    for name, value in settings.numbers.items():
        least, largest = ranges[name]
        if value is None and name != "random_state":
            continue
        if type(value) is not int or not least <= value <= largest:
            raise ValueError(f"{name}: expected a whole number from {least} to {largest}, got {str(value)[:40]!r}")


def validate_state(state: StudyState) -> None:
    """Make sure that the parts of a state that was stored fit together; each by itself is as it should be.

    Raises
    ------
    ValueError
        If a part contradicts another; the message names it.
    """
    baseline = state.baseline
    n_topics, n_clusters = state.topic_model.n_topics_, state.clusterer.n_clusters_
    first_topics = n_topics if baseline is None else baseline.doc_topic.shape[1]
    first_clusters = 0 if baseline is None else int(baseline.cluster_labels.max(initial=-1)) + 1
    is_edited = is_restructured(state.edits)
    shifted = first_topics if state.is_refitted or is_edited else 0
    laws = {
        "embedding_space": (state.embedding_space is None) == (state.embeddings is None),
        "passage_counts": state.passage_counts is not None or not state.by_passage,
        "topic_ids": len(state.topic_ids) == n_topics
        and state.topic_ids == sorted({*state.topic_ids})
        and max(state.topic_ids, default=-1) < shifted + n_topics + highest_number(state.edits) + 1
        and (state.is_refitted or is_edited or state.topic_ids == list(range(n_topics))),
        "labels": state.cluster_labels.max(initial=-1) < n_clusters + first_clusters
        and len(np.unique(state.cluster_labels[state.cluster_labels >= 0])) <= max(n_clusters, first_clusters),
        "is_refitted": baseline is not None or not state.is_refitted,
        "diff": state.diff is None or (baseline is not None and state.diff.refitted == state.is_refitted),
        "baseline": baseline is None or _is_ancestor(state),
    }
    for part, holds in laws.items():
        if not holds:
            raise ValueError(f"{part} does not fit the other parts")


def _is_ancestor(state: StudyState) -> bool:
    """Tell whether the first state has articles of the corpus, topics of this one, and names by number."""
    first = state.baseline
    if first is None:
        return True
    n_topics, n_clusters = first.doc_topic.shape[1], int(first.cluster_labels.max(initial=-1)) + 1
    return (
        {*first.texts} <= {article.article_id for article in state.corpus}
        and (state.is_refitted or is_restructured(state.edits) or n_topics == state.topic_model.n_topics_)
        and (is_restructured(state.edits) or {*first.topic_names} <= {str(number) for number in range(n_topics)})
        and {*first.cluster_names} <= {str(number) for number in range(n_clusters)}
    )


def require_study(value: Any) -> None:  # noqa: ANN401 - whatever was given
    """Make sure that something is no corpus, path or table where a fitted study is needed.

    Parameters
    ----------
    value
        What was given.

    Raises
    ------
    InputError
        If it is one of these; the message says how it becomes a study.
    """
    if value is None or isinstance(value, (Corpus, str, Path, list, tuple, dict)) or hasattr(value, "columns"):
        kind = type(value).__name__
        fix = "load it: rt.load(…)" if isinstance(value, (str, Path)) else "fit one: rt.Study(random_state=0).fit(…)"
        raise InputError(f"a {kind} where a fitted study was expected", fix=fix)

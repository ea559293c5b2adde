"""Whether settings, results and stored parts hold together."""

from __future__ import annotations

from numbers import Integral

from rare_topics.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.stories import repeats

FEWEST_ARTICLES = 3
LARGEST_RANDOM_STATE = 2**31 - 1


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
        If there are fewer than three articles, or a setting is not a whole number in its range.
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
    for name, (value, least, most) in ranges.items():
        if value is None and name != "random_state":
            continue
        if not isinstance(value, Integral) or not least <= int(value) <= most:
            raise InputError(
                f"{name} is {value!r} for {n_articles} articles", fix=f"give a whole number from {least} to {most}"
            )


def result_warnings(state: StudyState) -> list[str]:
    """List what a reader should know before trusting the results.

    Parameters
    ----------
    state
        All steps have run.
    """
    warnings = []
    lengths = state.counts.sum(axis=1)
    empty = [article.article_id for article, length in zip(state.corpus, lengths, strict=True) if not length]
    if empty:
        warnings.append(f"no concept in {'; '.join(empty)}: these articles have no place of their own")
    if dropped := state.topic_model.n_dropped_:
        warnings.append(f"{dropped} topics dropped: they did not come back, or were a single article's")
    n_clusters, wanted = state.clusterer.n_clusters_, state.settings.n_clusters
    if n_clusters < (wanted or 0):
        warnings.append(f"{n_clusters} of the {wanted} clusters asked for hold two articles or more")
    if unplaced := int((state.cluster_labels < 0).sum()):
        warnings.append(f"{unplaced} article{'s belong' if unplaced > 1 else ' belongs'} to no cluster")
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


def validate_state(state: StudyState) -> None:
    """Make sure that the parts of a state that was stored fit together.

    Raises
    ------
    ValueError
        If a part has another shape than the corpus and the other parts ask for.
    AttributeError
        If a part is missing.
    """
    n_articles, n_passages, n_concepts = len(state.corpus), len(state.corpus.passages), len(state.concepts)
    n_topics, n_components = state.topic_model.n_topics_, state.space.n_components_
    shapes = [
        (state.counts, (n_articles, n_concepts)),
        (state.vectors, (n_articles, n_components)),
        (state.doc_topic, (n_articles, n_topics)),
        (state.topic_model.topic_term_, (n_topics, n_concepts)),
        (state.cluster_labels, (n_articles,)),
        (state.confidence, (n_articles,)),
        (state.clusterer.centers_, (state.clusterer.n_clusters_, n_components)),
        (state.coordinates, (n_articles, 2)),
    ]
    if state.passage_counts is not None or state.by_passage:
        shapes.append((state.passage_counts, (n_passages, n_concepts)))
    if state.passage_topic is not None:
        shapes.append((state.passage_topic, (n_passages, n_topics)))
    for part, shape in shapes:
        if part.shape != shape:
            raise ValueError(f"a part of the size {part.shape} where {shape} was expected")
    if len(state.topic_ids) != n_topics:
        raise ValueError("topics have other numbers")
    if state.baseline and len(state.baseline.cluster_labels) != len(state.baseline.doc_topic):
        raise ValueError("the first articles have other clusters")

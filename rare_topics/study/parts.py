"""What the steps of a study learn, and how it fits together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rare_topics.study.steps import Study

# What each step learns; the rest of a study, its themes and tables, is made from it.
PARTS = {
    "words": ("by_passage", "vectorizer_", "passage_counts", "counts"),
    "vectors": ("space_", "vectors"),
    "topics": ("topic_model_", "doc_topic", "passage_topic", "topic_ids"),
    "clusters": ("clusterer_", "labels", "confidence"),
    "map": ("projector_", "places"),
    "growth": ("grown", "refitted", "start", "diff"),
}
# What each article and each passage has a row in.
OF_ARTICLES = ("counts", "vectors", "doc_topic", "labels", "confidence", "places")
OF_PASSAGES = ("passage_counts", "passage_topic")


def check_parts(study: Study) -> None:
    """Make sure that what was learned fits together.

    Raises
    ------
    ValueError
        If the size of a part is another than that of the corpus and the other parts.
    AttributeError
        If a part is missing.
    """
    n, n_passages, n_concepts = len(study.corpus), len(study.corpus.passages), len(study.concepts)
    n_topics, n_components = study.topic_model_.n_topics_, study.space_.n_components_
    by_passage = ((study.passage_counts, (n_passages, n_concepts)), (study.passage_topic, (n_passages, n_topics)))
    sizes = (
        *((part, size) for part, size in by_passage if study.by_passage or part is not None),
        (study.counts, (n, n_concepts)),
        (study.vectors, (n, n_components)),
        (study.doc_topic, (n, n_topics)),
        (study.topic_model_.topic_term_, (n_topics, n_concepts)),
        (study.labels, (n,)),
        (study.confidence, (n,)),
        (study.clusterer_.centers_, (study.clusterer_.n_clusters_, n_components)),
        (study.places, (n, 2)),
    )
    if len(study.topic_ids) != n_topics or len(study.start.labels) != len(study.start.doc_topic):
        raise ValueError("topics or clusters have other numbers")
    for part, size in sizes:
        if part.shape != size:
            raise ValueError(f"a part of the size {part.shape} where {size} was expected")

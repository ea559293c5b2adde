"""What a saved study may hold, part by part: types, sizes, ranges, and what has to hold together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rare_topics.cluster import ConsensusClusterer
from rare_topics.projection.map_projector import MapProjector
from rare_topics.study.changes import ARTICLE_COLUMNS, GROUP_COLUMNS, SHARE_COLUMNS
from rare_topics.study.edit_log import ACTIONS, is_restructured
from rare_topics.study.schema import (
    Array,
    Csr,
    Each,
    Fields,
    Flag,
    Json,
    Named,
    Node,
    OneOf,
    Optional,
    Real,
    Record,
    Row,
    Scope,
    Size,
    Some,
    Text,
    Whole,
    content,
    refuse,
)
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.topics import StableTopicModel
from rare_topics.vectorize.concept_space import ConceptSpace
from rare_topics.vectorize.embedding_space import EmbeddingSpace
from rare_topics.vectorize.vectorizer import ConceptVectorizer

# Shares that are computed exceed 1 by rounding.
MOST = 1 + 1e-6
# Topics that one change by hand may name, and characters of a name, an id or a word.
MOST_TOPICS = 1000
MOST_CHARACTERS = 1000


class Vocabulary:
    """Concepts in the order of their names, each with its column."""

    def check(self, data: Json, where: str, scope: Scope) -> None:
        """See `Node`."""
        columns = content(data, "dict", dict, where)
        for name in columns:
            Text().check(name, where, scope)
        if list(columns) != sorted(columns) or any(
            type(column) is not int or column != number for number, column in enumerate(columns.values())
        ):
            refuse(where, "names in order, each with the number of its column", "others")
        scope.size("concepts", len(columns), where)


class Vectors:
    """A row of length 1 for each article, as wide as those of its concepts and its embedding together."""

    def check(self, data: Json, where: str, scope: Scope) -> None:
        """See `Node`."""
        Array("float", ("articles", "components"), rows="direction").check(data, where, scope)
        wanted = scope.sizes["concept_components"] + scope.sizes.get("embedding_columns", 0)
        if scope.sizes["components"] != wanted:
            refuse(where, f"{wanted} columns", scope.sizes["components"])


def _surfaces_of_the_vocabulary(state: Mapping[str, Json], where: str, _: Scope) -> None:
    if list(state["surfaces_"]["dict"]) != list(state["vocabulary_"]["dict"]):
        refuse(f"{where}.surfaces_", "the concepts of the vocabulary", "others")


def _numbers_of_topics(state: Mapping[str, Json], where: str, scope: Scope) -> None:
    if not scope.is_edited and state["n_topics_per_run_"] - state["n_dropped_"] != state["n_topics_"]:
        refuse(f"{where}.n_dropped_", "the topics of a run that were not kept", state["n_dropped_"])
    for entry in state["model_selection_"]["list"]:
        number, *measures = entry["tuple"]
        if any(len(scope.arrays[measure["array"]]) != number for measure in measures):
            refuse(f"{where}.model_selection_", "stability and coherence of each topic", number)


def _runs_of_clusters(state: Mapping[str, Json], where: str, scope: Scope) -> None:
    """Each run has centers in each view, and each center a share of each cluster."""
    shares = scope.arrays[state["_group_shares"]["array"]]
    centers = [scope.arrays[entry["array"]] for entry in state["_run_centers"]["list"]]
    fits = sum(map(len, centers)) == len(shares) or not len(shares)
    if len(shares):
        fits &= bool(centers) and all(view.shape[1] == shares.shape[1] for view in centers)
        fits &= shares.shape[2] == scope.sizes["clusters"]
    fits &= all(view.shape[2] == scope.sizes["components"] for view in centers)
    if not fits:
        refuse(f"{where}._run_centers", "centers in the size of vectors and clusters", "others")


def _defaults(estimator: Any, *left_out: str) -> dict[str, Any]:  # noqa: ANN401 - any estimator
    """Return the parameters as a fit sets them."""
    return {name: value for name, value in estimator.get_params(deep=False).items() if name not in left_out}


LABELS = Fields((Text(), Text()), kind="list")
TFIDF = Record(
    "TfidfTransformer",
    {
        "n_features_in_": Size("concepts"),
        "idf_": Array("float", ("concepts",), low=0),
        "_sklearn_version": Text(longest=40),
    },
    {"norm": "l2", "use_idf": True, "smooth_idf": True, "sublinear_tf": False},
)
VECTORIZER = Record(
    "ConceptVectorizer",
    {
        "glossed_": Flag(),
        "vocabulary_": Vocabulary(),
        "surfaces_": Named(Named(Real(low=0)), count="concepts"),
        "domain_": Array("bool", ("concepts",)),
        "general_weight_": Real(0, 1),
    },
    _defaults(ConceptVectorizer(), "lexicon", "glosses"),
    (_surfaces_of_the_vocabulary,),
)
SPACE = Record(
    "ConceptSpace",
    {
        "n_components_": Size("concept_components"),
        "_is_shared": Array("bool", ("concepts",)),
        "_tfidf": TFIDF,
        "idf_": Array("float", ("concepts",), low=0),
        "_cooccurrence": Optional(
            Fields((Csr(("fitted_passages", "concepts")), Array("float", ("concepts",), low=0, high=1)))
        ),
        "_used_columns": Array("int", ("used_columns",), low=0, below="concepts"),
        "_directions": Array("float", ("used_columns", "concept_components")),
        "language_": Optional(Array("float", ("concept_components",), low=-MOST, high=MOST)),
    },
    _defaults(ConceptSpace()),
)
EMBEDDING_SPACE = Record(
    "EmbeddingSpace",
    {
        "n_components_": Size("embedding_columns"),
        "language_": Optional(Array("float", ("embedding_columns",), low=-MOST, high=MOST)),
    },
    _defaults(EmbeddingSpace()),
)
TOPIC_MODEL = Record(
    "StableTopicModel",
    {
        "n_features_in_": Size("concepts"),
        "n_topics_": Size("topics"),
        "n_topics_per_run_": Whole(1),
        "n_dropped_": Whole(),
        "is_whole_corpus_": Flag(),
        "idf_": Array("float", ("concepts",), low=0),
        "model_selection_": Each(
            Fields((Whole(1), Array("float", (None,), low=0, high=MOST), Array("float", (None,), low=-MOST, high=MOST)))
        ),
        "stability_": Array("float", ("topics",), low=0, high=MOST),
        "topic_term_": Array("float", ("topics", "concepts"), low=0, rows="distribution"),
        "low_": Array("float", ("topics", "concepts"), low=0, high=MOST),
        "high_": Array("float", ("topics", "concepts"), low=0, high=MOST),
        "doc_topic_": Array("float", ("fitted_documents", "topics"), low=0, rows="distribution"),
    },
    _defaults(StableTopicModel(n_jobs=-1)),
    (_numbers_of_topics,),
)
CLUSTERER = Record(
    "ConsensusClusterer",
    {
        "n_features_in_": Size("components"),
        "n_clusters_": Size("clusters"),
        "labels_": Array("int", ("fitted_articles",), low=-1, below="clusters"),
        "confidence_": Array("float", ("fitted_articles",), low=0, high=MOST),
        "community_counts_": Each(Whole()),
        "structure_": Real(0, MOST),
        "has_structure_": Flag(),
        "min_confidence_": Real(0, 1),
        "_run_centers": Each(Array("float", (None, None, None)), most=1),
        "_group_shares": Array("float", (None, None, None), low=0, high=MOST),
        "centers_": Array("float", ("clusters", "components")),
    },
    _defaults(ConsensusClusterer()),
    (_runs_of_clusters,),
)
PROJECTOR = Record(
    "MapProjector",
    {
        "n_features_in_": Size("components"),
        "_rows": Array("float", ("map_rows", "components"), rows="direction"),
        "n_neighbors_": Whole(1, below="map_rows"),
        "_center": Array("float", ("components",)),
        "_axes": Array("float", (2, "components"), low=-MOST, high=MOST),
        "_uses_umap": Flag(),
        "_points": Array("float", ("map_rows", 2)),
        "embedding_": Array("float", ("projected_articles", 2)),
        "trustworthiness_": Real(high=MOST),
    },
    _defaults(MapProjector()),
)
BASELINE = Record(
    "Baseline",
    {
        "texts": Named(Text(longest=16), count="first_articles"),
        "doc_topic": Array("float", ("first_articles", "first_topics"), low=0, rows="distribution"),
        "cluster_labels": Array("int", ("first_articles",), low=-1, below="first_articles"),
        "topic_names": Named(LABELS),
        "cluster_names": Named(LABELS),
        "least_coverage": Real(0, MOST),
    },
)
ARTICLE_CELLS: dict[str, Node] = {
    **dict.fromkeys(ARTICLE_COLUMNS, Text()),
    "change": OneOf(("new", "updated", "known")),
    "cluster": Whole(-1),
    "topic": Whole(-1),
}
GROUP_CELLS: dict[str, Node] = {
    **dict.fromkeys(GROUP_COLUMNS, Text()),
    "number": Whole(),
    "change": OneOf(("new", "grown", "shrunk", "changed", "same", "split", "merged", "died")),
    "other": Optional(Whole()),
    "n_before": Whole(),
    "n_articles": Whole(),
}
DIFF = Record(
    "Diff",
    {
        "refitted": Flag(),
        "rows": Row(
            {
                "articles": Each(Row(ARTICLE_CELLS)),
                "topics": Each(Row({**GROUP_CELLS, **dict.fromkeys(SHARE_COLUMNS, Real(0, MOST))})),
                "clusters": Each(Row(GROUP_CELLS)),
            }
        ),
    },
)
EDITS = Each(
    Row(
        {
            "action": OneOf(ACTIONS),
            "numbers": Some(Whole(-1), most=MOST_TOPICS),
            "texts": Some(Text(longest=MOST_CHARACTERS), most=2),
        }
    )
)
WORD_LIST = Each(Text(longest=MOST_CHARACTERS))
WORDS = Row({"stop_words": WORD_LIST, "seed_topics": Named(WORD_LIST)})
# By the name of the part in a saved study, in the order in which sizes become known.
SCHEMA: Mapping[str, Node] = {
    "vectorizer": VECTORIZER,
    "passage_counts": Optional(Csr(("passages", "concepts"))),
    "counts": Csr(("articles", "concepts")),
    "space": SPACE,
    "embeddings": Optional(Array("float", ("articles", "embedding_columns"))),
    "embedding_space": Optional(EMBEDDING_SPACE),
    "vectors": Vectors(),
    "topic_model": TOPIC_MODEL,
    "topic_ids": Each(Whole()),
    "doc_topic": Array("float", ("articles", "topics"), low=0, rows="distribution"),
    "passage_topic": Optional(Array("float", ("passages", "topics"), low=0, rows="distribution")),
    "clusterer": CLUSTERER,
    "labels": Array("int", ("articles",), low=-1),
    "confidence": Array("float", ("articles",), low=0, high=MOST),
    "projector": PROJECTOR,
    "places": Array("float", ("articles", 2)),
    "baseline": Optional(BASELINE),
    "is_refitted": Flag(),
    "diff": Optional(DIFF),
}


def check_parts(
    parts: Mapping[str, Json], names: Mapping[str, str], arrays: Mapping[str, Any], state: StudyState
) -> None:
    """Check the stored parts of a step before anything is made from them.

    Parameters
    ----------
    parts
        From `rare_topics.study.serialization.pack`, by name.
    names
        Names of the parts to check.
    arrays
        The arrays that they name.
    state
        The state before the step, which knows sizes and settings.

    Raises
    ------
    ValueError
        If a part is missing or not as declared; the message names it.
    """
    scope = scope_of(state, arrays)
    for name in names:
        if name not in parts:
            raise ValueError(f"'{name}' is missing")
        SCHEMA[name].check(parts[name], name, scope)


def topic_model(settings: StudySettings) -> StableTopicModel:
    """Return the topic model that a study fits.

    Numbers of topics start from five, since fewer hardly tell a reader anything. A factorisation
    differs less between resamples than LDA, so that more numbers are tried with fewer and smaller
    fits.
    """
    by_method = {
        "nmf": {"max_topics": 24, "n_selection_runs": 5, "max_run_samples": 1000},
        "lda": {"max_topics": 12, "n_selection_runs": 8, "max_run_samples": 2000},
    }
    return StableTopicModel(
        settings.n_topics,
        method=settings.topic_method,
        min_topics=5,
        random_state=settings.random_state,
        n_jobs=-1,
        **by_method[settings.topic_method],
    )


def scope_of(state: StudyState, arrays: Mapping[str, Any]) -> Scope:
    """Return what is known of sizes and parameters before a step."""
    sizes = {"articles": len(state.corpus), "passages": len(state.corpus.passages)}
    if state.vectorizer is not None:
        sizes["concepts"] = len(state.vectorizer.vocabulary_)
    if state.vectors is not None:
        sizes["components"] = state.vectors.shape[1]
    if state.topic_model is not None:
        sizes["topics"] = state.topic_model.n_topics_
    seed: dict[str, Any] = {"random_state": state.settings.random_state}
    stop_words = list(state.settings.stop_words)
    settings: dict[str, dict[str, Any]] = {
        "ConceptVectorizer": {"stop_words": {"list": stop_words} if stop_words else None},
        "ConceptSpace": seed,
        "StableTopicModel": topic_model(state.settings).get_params(deep=False),
        "ConsensusClusterer": {**seed, "n_clusters": state.settings.n_clusters},
        "MapProjector": seed,
    }
    is_edited = bool(state.settings.seed_topics) or is_restructured(state.edits)
    return Scope(arrays, sizes, settings, is_edited)

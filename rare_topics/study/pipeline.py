"""The steps of a fit, in their order, and the pipeline that runs them on one machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy import sparse

from rare_topics.claims import Claims
from rare_topics.cluster import ConsensusClusterer, mixture_views
from rare_topics.corpus import Corpus, Limits, read
from rare_topics.projection import MapProjector
from rare_topics.runtime.parallel import PARALLEL_FROM, single_blas_thread
from rare_topics.runtime.progress import Progress, step_progress
from rare_topics.study.ahead import AheadOfSteps, with_map
from rare_topics.study.checkpoints import FileCheckpoints
from rare_topics.study.edit_log import Edit
from rare_topics.study.embeddings import embeddings_of
from rare_topics.study.seeded_topics import seed_topics
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.step import Checkpoints, Step
from rare_topics.study.stored_parts import topic_model
from rare_topics.study.text_reading import TextReading
from rare_topics.study.topic_consensus import TopicDocuments
from rare_topics.study.validation import result_warnings, validate_settings
from rare_topics.topics import StableTopicModel
from rare_topics.topics.factorization import tfidf
from rare_topics.topics.mixtures import mean_mixtures
from rare_topics.vectorize import ConceptSpace, ConceptVectorizer
from rare_topics.vectorize.concept_space import SMALL_COLLECTION
from rare_topics.vectorize.embedding_space import EmbeddingSpace, join_vectors
from rare_topics.vectorize.vocabulary import sum_rows_by_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


class Pipeline(Protocol):
    """What fits a study."""

    def fit(
        self,
        settings: StudySettings,
        source: Corpus | str | Path,
        *,
        progress: Progress | bool | None,
        checkpoints: str | Path | None,
        limits: Limits,
    ) -> StudyState:
        """Read a source and run the steps on it; see `Study.fit`."""


def vectorize(state: StudyState) -> StudyState:
    """Learn the vocabulary and count the concepts of each article, and of each passage of a small corpus."""
    stop_words = list(state.settings.stop_words) or None
    vectorizer = ConceptVectorizer(state.settings.lexicon, glosses=state.settings.glosses, stop_words=stop_words)
    passages = state.corpus.passages
    if len(state.corpus) > SMALL_COLLECTION:
        counts = vectorizer.fit_transform_groups(passages.texts, groups=passages.article_rows)
        return replace(state, vectorizer=vectorizer, counts=counts)
    passage_counts = vectorizer.fit_transform(passages.texts)
    counts = sum_rows_by_group(passage_counts, passages.article_rows, len(state.corpus))
    return replace(state, vectorizer=vectorizer, passage_counts=passage_counts, counts=counts)


def fit_space(state: StudyState) -> StudyState:
    """Learn vectors of articles in which the language does not count."""
    vectorizer = state.vectorizer
    smoothable = vectorizer.domain_ if vectorizer.glossed_ else None
    langs = [article.body_lang or article.title_lang for article in state.corpus]
    space = ConceptSpace(random_state=state.settings.random_state)
    vectors = space.fit_transform(
        state.counts,
        langs=langs,
        passages=state.passage_counts,
        smoothable=smoothable,
        names=vectorizer.get_feature_names_out().tolist(),
    )
    if state.embeddings is None:
        return replace(state, space=space, vectors=vectors)
    embedding_space = EmbeddingSpace().fit(state.embeddings, langs=langs)
    vectors = join_vectors(vectors, embedding_space.transform(state.embeddings))
    return replace(state, space=space, embedding_space=embedding_space, vectors=vectors)


def fit_topics(state: StudyState) -> StudyState:
    """Learn topics, of a small corpus with the mixtures of its passages."""
    model = topic_model(state.settings)
    if state.passage_counts is not None and len(state.corpus) < state.settings.passages_below:
        article_of_passage = state.corpus.passages.article_rows
        passage_topic = model.fit(state.passage_counts, groups=article_of_passage).doc_topic_
        doc_topic = article_mixtures(model, state.counts, state.passage_counts, passage_topic, article_of_passage)
    else:
        passage_topic = None
        doc_topic = model.fit(state.counts, groups=np.arange(len(state.corpus))).doc_topic_
    topic_ids = list(range(model.n_topics_))
    learned = replace(state, topic_model=model, topic_ids=topic_ids, doc_topic=doc_topic, passage_topic=passage_topic)
    return with_seeded_topics(learned) if state.settings.seed_topics else learned


def with_seeded_topics(state: StudyState) -> StudyState:
    """Learn the topics again with those that were asked for before them; see `seed_topics`."""
    model = seed_topics(state.topic_model, state.vectorizer, state.settings.seed_topics, topic_documents(state))
    return with_mixtures(replace(state, topic_model=model, topic_ids=list(range(model.n_topics_))))


def with_mixtures(state: StudyState) -> StudyState:
    """Find the mixtures of articles and passages anew, where the topics are others."""
    if not state.by_passage or state.passage_counts is None:
        state.topic_model.doc_topic_ = doc_topic = state.topic_model.transform(state.counts)
        return replace(state, doc_topic=doc_topic)
    rows = state.corpus.passages.article_rows
    state.topic_model.doc_topic_ = passage_topic = state.topic_model.transform(state.passage_counts)
    doc_topic = article_mixtures(state.topic_model, state.counts, state.passage_counts, passage_topic, rows)
    return replace(state, doc_topic=doc_topic, passage_topic=passage_topic)


def topic_documents(state: StudyState) -> TopicDocuments:
    """Return what the topics are learned from: by LDA counts of passages or articles, else TF-IDF of articles."""
    model = state.topic_model
    if model.method == "nmf":
        weights = tfidf(sparse.csr_matrix(state.counts), model.idf_)
        return TopicDocuments(weights, np.arange(len(state.corpus)), state.doc_topic)
    if state.by_passage:
        return TopicDocuments(
            sparse.csr_matrix(state.documents), state.corpus.passages.article_rows, state.passage_topics
        )
    return TopicDocuments(sparse.csr_matrix(state.counts), np.arange(len(state.corpus)), state.doc_topic)


def article_mixtures(
    model: StableTopicModel,
    counts: sparse.csr_array,
    passage_counts: sparse.csr_array,
    passage_topic: NDArray[np.float64],
    article_of_passage: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the mixtures of articles: by LDA, which knows passages alone, the mean of their passages' mixtures."""
    if model.method == "nmf":
        return model.transform(counts)
    lengths = np.asarray(passage_counts.sum(axis=1)).ravel()
    return mean_mixtures(passage_topic, lengths, article_of_passage)


def fit_clusters(state: StudyState) -> StudyState:
    """Cluster the articles by their vectors, and those of a small corpus by what they are mixed of as well."""
    settings = state.settings
    views = mixture_views(state.space.concept_weights(state.counts))
    clusterer = ConsensusClusterer(settings.n_clusters, random_state=settings.random_state)
    clusterer.fit(state.vectors, views=views)
    return replace(state, clusterer=clusterer, cluster_labels=clusterer.labels_, confidence=clusterer.confidence_)


def project(state: StudyState) -> StudyState:
    """Lay the articles out on a map."""
    return with_map(state, MapProjector(random_state=state.settings.random_state).fit(state.vectors))


def find_themes(state: StudyState) -> StudyState:
    """Find the narratives with their evidence."""
    themes = state.settings.theme_finder.find_themes(state.corpus, passage_topics=state.passage_topics)
    return state.keeping_tables(themes=themes)


def read_claims(state: StudyState) -> StudyState:
    """Read what the articles state in numbers."""
    claims = Claims(state.corpus, lexicon=state.vectorizer.lexicon_, segmenter=state.vectorizer.segmenter_)
    return state.keeping_tables(claims=claims)


# Themes and claims are made from the articles again sooner than they are read from a disk.
STEPS = (
    Step("vectorize", vectorize, {"vectorizer": "vectorizer", "passage_counts": "passage_counts", "counts": "counts"}),
    Step("space", fit_space, {name: name for name in ("space", "embeddings", "embedding_space", "vectors")}),
    Step(
        "topics",
        fit_topics,
        {name: name for name in ("topic_model", "topic_ids", "doc_topic", "passage_topic")},
    ),
    Step("clusters", fit_clusters, {"clusterer": "clusterer", "labels": "cluster_labels", "confidence": "confidence"}),
    Step("map", project, {"projector": "projector", "places": "coordinates"}),
    Step("themes", find_themes, {}),
    Step("claims", read_claims, {}),
)


@dataclass(frozen=True)
class LocalPipeline:
    """Runs the steps of a fit on one machine.

    Attributes
    ----------
    steps
        In their order.
    helper
        A process from `rare_topics.runtime.parallel.helper_process` that does, of a collection of few thousand
        articles, what does not wait for topics and clusters; a large one is read in several processes anyway.
    reading
        What another process reads in the texts that are fitted, with `rare_topics.study.text_reading.read_texts`.
    """

    steps: tuple[Step, ...] = STEPS
    helper: Executor | None = None
    reading: Future[TextReading | None] | None = None

    def fit(
        self,
        settings: StudySettings,
        source: Corpus | str | Path,
        *,
        progress: Progress | bool | None = None,
        checkpoints: str | Path | None = None,
        limits: Limits,
    ) -> StudyState:
        """Read a source and run the steps on it; see `Study.fit`."""
        start = time.perf_counter()
        seconds = {}
        if not isinstance(source, Corpus):
            source = read(source, limits=limits)
            seconds["reading"] = round(time.perf_counter() - start, 3)
        state = initial_state(settings, source, seconds=seconds)
        kept = None if checkpoints is None else FileCheckpoints(Path(checkpoints), state)
        ahead = AheadOfSteps(self.helper if len(source) < PARALLEL_FROM else None, reading=self.reading)
        state = run_steps(state, self.steps, ahead=ahead, checkpoints=kept, progress=progress)
        return ahead.finish("mixtures", state) or state


def initial_state(settings: StudySettings, corpus: Corpus, *, seconds: Mapping[str, float]) -> StudyState:
    """Return the state before the first step.

    Parameters
    ----------
    settings
        What the study is asked for.
    corpus
        The articles.
    seconds
        Times of what was done before.

    Raises
    ------
    InputError
        If the corpus is too small for what is asked for, or a file of the user's own or the
        embeddings are unusable.
    """
    validate_settings(settings, corpus)
    if settings.themes is not None or settings.lexicon is not None:
        # A file of the user's own that is none is reported before the long steps begin.
        _ = settings.theme_finder
    return StudyState(
        settings=settings,
        corpus=corpus,
        own_files=settings.read_own_files(),
        embeddings=embeddings_of(settings, corpus),
        edits=tuple(
            Edit(action="seed_topic", numbers=(number,), texts=(name, name))
            for number, name in enumerate(settings.seed_topics)
        ),
        warnings=corpus.warnings,
        seconds=seconds,
    )


def run_steps(
    state: StudyState,
    steps: Sequence[Step],
    *,
    ahead: AheadOfSteps | None = None,
    checkpoints: Checkpoints | None = None,
    progress: Progress | bool | None = None,
    detail: Callable[[], str] | None = None,
) -> StudyState:
    """Run the steps of a fit, one after the other.

    Parameters
    ----------
    state
        From `initial_state`.
    steps
        In their order.
    ahead
        Does steps before their turn in another process; None does all of them here.
    checkpoints
        Where finished steps are kept; None keeps none.
    progress
        Called with the name of each step as it begins; True shows a bar.
    detail
        Asked every second how far the running step is.

    Returns
    -------
    StudyState
        With the time of each step and the warnings that the results give rise to.
    """
    ahead = ahead or AheadOfSteps()
    with single_blas_thread(), step_progress(progress, total=len(steps), detail=detail) as begin:
        for step in steps:
            begin(step.name)
            start = time.perf_counter()
            with _naming(step):
                state = _run_or_load(step, state, ahead, checkpoints)
            ahead.begin(state, after=step.name)
            took = {step.name: round(time.perf_counter() - start, 3)}
            state = state.keeping_tables(seconds={**state.seconds, **took})
    return state.keeping_tables(warnings=(*state.warnings, *result_warnings(state)))


def _run_or_load(step: Step, state: StudyState, ahead: AheadOfSteps, checkpoints: Checkpoints | None) -> StudyState:
    finished = checkpoints.load(step, state) if checkpoints and step.parts else None
    if finished is not None:
        return finished
    state = ahead.finish(step.name, state) or step.run(state)
    if checkpoints and step.parts:
        checkpoints.save(step, state)
    return state


@contextmanager
def _naming(step: Step) -> Iterator[None]:
    """Name the step in whatever goes wrong in it."""
    try:
        yield
    except Exception as error:
        error.add_note(f"in the step '{step.name}' of a study")
        raise

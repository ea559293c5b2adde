"""What a fit has learned, as one frozen record, and the settings that it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from scipy import sparse

from rare_topics.corpus import Corpus
from rare_topics.corpus.limits import read_bytes
from rare_topics.study.stored_files import check_bare_name
from rare_topics.themes import ThemeFinder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.claims import Claims
    from rare_topics.cluster import ConsensusClusterer
    from rare_topics.projection import MapProjector
    from rare_topics.study.baseline import Baseline
    from rare_topics.study.changes import Diff
    from rare_topics.study.edit_log import Edit
    from rare_topics.themes import Themes
    from rare_topics.topics import StableTopicModel
    from rare_topics.vectorize import ConceptSpace, ConceptVectorizer
    from rare_topics.vectorize.embedding_space import EmbeddingSpace

# Stands in a field until the step has run that fills it.
NOT_LEARNED: Any = None
T = TypeVar("T")
# Keys of what is computed of articles and their words alone.
_OF_WORDS: set[str] = set()


@dataclass(frozen=True, kw_only=True)
class StudySettings:
    """What a study is asked for.

    Attributes
    ----------
    n_topics, n_clusters
        Numbers of topics and of clusters; None lets the fit choose.
    lexicon, glosses, themes
        Paths of the user's own files; None takes those of the package.
    topic_method
        ``"nmf"`` or ``"lda"``, see `rare_topics.topics.StableTopicModel`.
    role_encoder
        Whether a sentence model reads the roles of countries as well.
    random_state
        Seed of every step.
    passages_below
        A corpus of fewer articles has its topics learned from passages, since a topic model
        needs some hundred documents.
    stop_words
        Words of either language that are not counted.
    seed_topics
        Words by the name of a topic that shall be there; these topics come first, in this order.
    embed
        Takes a list of texts and returns their embeddings, an array of one row each.
    vectors
        Embeddings of the articles that are fitted, in the order of the corpus.
    """

    n_topics: int | None = None
    n_clusters: int | None = None
    lexicon: str | Path | None = None
    glosses: str | Path | None = None
    themes: str | Path | None = None
    topic_method: str = "nmf"
    role_encoder: bool = False
    random_state: int = 0
    passages_below: int = 200
    stop_words: tuple[str, ...] = ()
    seed_topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    embed: Callable[[list[str]], Any] | None = field(default=None, compare=False, repr=False)
    vectors: Any = field(default=None, compare=False, repr=False)

    @property
    def numbers(self) -> dict[str, Any]:
        """Settings that are numbers, by parameter."""
        return {"n_topics": self.n_topics, "n_clusters": self.n_clusters, "random_state": self.random_state}

    @property
    def words(self) -> dict[str, Any]:
        """Settings that are words, by parameter."""
        seeds = {name: list(words) for name, words in self.seed_topics.items()}
        return {"stop_words": list(self.stop_words), "seed_topics": seeds}

    @property
    def parameters(self) -> dict[str, Any]:
        """Settings but for the user's own files and words, by parameter."""
        return {**self.numbers, "topic_method": self.topic_method, "role_encoder": self.role_encoder}

    @property
    def paths(self) -> dict[str, str | Path | None]:
        """Paths of the user's own files, by parameter."""
        return {"lexicon": self.lexicon, "glosses": self.glosses, "themes": self.themes}

    def read_own_files(self) -> dict[str, tuple[str, bytes]]:
        """Read the user's own files.

        Returns
        -------
        dict of str to (str, bytes)
            File name and content, by parameter.

        Raises
        ------
        InputError
            If a file is missing, larger than the usual limit, or has a name that no study can keep.
        """
        own = {parameter: Path(path) for parameter, path in self.paths.items() if path is not None}
        return {parameter: (check_bare_name(path), read_bytes(path)) for parameter, path in own.items()}

    @cached_property
    def theme_finder(self) -> ThemeFinder:
        """Finder of the themes that were asked for, loaded once."""
        return ThemeFinder(
            self.themes, lexicon=self.lexicon, role_encoder=self.role_encoder, random_state=self.random_state
        )


@dataclass(frozen=True, kw_only=True)
class StudyState:
    """A corpus and all that was learned from it.

    Each step of `rare_topics.study.pipeline` returns a new state with the fields that it
    fills; a field is None until then.

    Attributes
    ----------
    settings : StudySettings
    corpus : Corpus
        The articles; of a large archive on Spark, an even sample of them.
    own_files : mapping of str to (str, bytes)
        Name and content of the user's own files, by parameter.
    vectorizer : ConceptVectorizer
    passage_counts : csr_array of shape (n_passages, n_concepts) or None
        None for large corpora, which do not need it.
    counts : csr_array of shape (n_articles, n_concepts)
    space : ConceptSpace
    embeddings : ndarray of float32, shape (n_articles, n_columns), or None
        What was given of the articles beside their words.
    embedding_space : EmbeddingSpace or None
    vectors : ndarray of shape (n_articles, n_components)
        Of the concepts, joined with the embeddings where there are some.
    topic_model : StableTopicModel
    topic_ids : list of int
        Number of the topic in each column of the mixtures.
    doc_topic : ndarray of shape (n_articles, n_topics)
        Mixture of each article; rows add up to 1.
    passage_topic : ndarray of shape (n_passages, n_topics) or None
        Mixture of each passage where topics were learned from passages.
    clusterer : ConsensusClusterer
    cluster_labels : ndarray of int, shape (n_articles,)
        Number of each article's cluster, -1 for none.
    confidence : ndarray of shape (n_articles,)
        Share of resamples that agree on an article's cluster.
    projector : MapProjector
    coordinates : ndarray of shape (n_articles, 2)
        Position of each article on the map.
    themes, claims : Themes, Claims
        None until they are first asked for, in a study that was loaded or updated.
    baseline : Baseline or None
        The first state of a study to which articles were added.
    is_refitted : bool
        Whether all was fitted again when articles were added.
    diff : Diff or None
        What the last addition changed.
    edits : tuple of Edit
        What was changed by hand, in order.
    warnings : tuple of str
        What a reader should know before trusting the results.
    seconds : mapping of str to float
        Time of each step.
    archive_tables : mapping
        Tables of all articles where the corpus is a sample of them, by file name of a run.
    """

    settings: StudySettings
    corpus: Corpus
    own_files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    vectorizer: ConceptVectorizer = NOT_LEARNED
    passage_counts: sparse.csr_array | None = None
    counts: sparse.csr_array = NOT_LEARNED
    space: ConceptSpace = NOT_LEARNED
    embeddings: NDArray[np.float32] | None = None
    embedding_space: EmbeddingSpace | None = None
    vectors: NDArray[np.float64] = NOT_LEARNED
    topic_model: StableTopicModel = NOT_LEARNED
    topic_ids: list[int] = NOT_LEARNED
    doc_topic: NDArray[np.float64] = NOT_LEARNED
    passage_topic: NDArray[np.float64] | None = None
    clusterer: ConsensusClusterer = NOT_LEARNED
    cluster_labels: NDArray[np.int64] = NOT_LEARNED
    confidence: NDArray[np.float64] = NOT_LEARNED
    projector: MapProjector = NOT_LEARNED
    coordinates: NDArray[np.float64] = NOT_LEARNED
    themes: Themes = NOT_LEARNED
    claims: Claims = NOT_LEARNED
    baseline: Baseline | None = None
    is_refitted: bool = False
    diff: Diff | None = None
    edits: tuple[Edit, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    archive_tables: Mapping[str, Any] = field(default_factory=dict)
    # Results of functions decorated with `computed_once`, by the function.
    _computed: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def by_passage(self) -> bool:
        """Whether topics were learned from passages."""
        return self.passage_topic is not None

    @property
    def documents(self) -> sparse.csr_array:
        """Counts of the documents of the topic model: passages of a small corpus, articles of a large one."""
        return self.passage_counts if self.by_passage and self.passage_counts is not None else self.counts

    @property
    def passage_topics(self) -> NDArray[np.float64]:
        """Mixture of each passage where passages have their own, else of each article."""
        return self.doc_topic if self.passage_topic is None else self.passage_topic

    @property
    def concepts(self) -> NDArray[np.object_]:
        """The vocabulary, in the order of the columns of the counts."""
        return self.vectorizer.get_feature_names_out()

    def keeping_tables(self, **changes: Any) -> StudyState:  # noqa: ANN401 - fields of the state
        """Return a state with some fields changed that no table depends on."""
        changed = replace(self, **changes)
        changed._computed.update(self._computed)  # noqa: SLF001 - of this class
        return changed

    def changing_groups(self, **changes: Any) -> StudyState:  # noqa: ANN401 - fields of the state
        """Return a state with other topics or clusters of the same articles and words."""
        changed = replace(self, **changes)
        of_words = {key: result for key, result in self._computed.items() if key in _OF_WORDS}
        changed._computed.update(of_words)  # noqa: SLF001 - of this class
        return changed

    def compute_once(self, function: Callable[[StudyState], T]) -> T:
        """Return what a function makes of this state, remembered from its first call."""
        key = _key(function)
        if key not in self._computed:
            self._computed[key] = function(self)
        return self._computed[key]  # type: ignore[no-any-return]

    def remember(self, function: Callable[[StudyState], T], result: T) -> None:
        """Have a function that is computed once return a result that was made elsewhere.

        Parameters
        ----------
        function
            Decorated with `computed_once`.
        result
            What it shall return for this state.
        """
        self._computed[_key(function)] = result


def computed_once(function: Callable[[StudyState], T]) -> Callable[[StudyState], T]:
    """Compute a function once for each state; the state, which is frozen, remembers the result."""

    @wraps(function)
    def look_up(state: StudyState) -> T:
        return state.compute_once(function)

    return look_up


def computed_once_for_words(function: Callable[[StudyState], T]) -> Callable[[StudyState], T]:
    """Compute a function of articles and their words once for all states that differ in topics and clusters alone."""
    _OF_WORDS.add(_key(function))
    return computed_once(function)


def _key(function: Callable[[StudyState], Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


# Fields with a row for each article, and for each passage.
ARTICLE_FIELDS = ("counts", "embeddings", "vectors", "doc_topic", "cluster_labels", "confidence", "coordinates")
PASSAGE_FIELDS = ("passage_counts", "passage_topic")

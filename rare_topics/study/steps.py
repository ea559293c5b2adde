"""A study: the steps in their order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import numpy as np
from sklearn.exceptions import NotFittedError

from rare_topics.cluster import ConsensusClusterer
from rare_topics.corpus.corpus import Corpus, read
from rare_topics.corpus.limits import DEFAULT, Limits
from rare_topics.projection.map_projector import MapProjector
from rare_topics.runtime.parallel import limit_blas_threads
from rare_topics.runtime.progress import Progress, step_progress
from rare_topics.study import archive
from rare_topics.study.asked import Asked
from rare_topics.study.checkpoints import Checkpoints
from rare_topics.study.checks import check_asked, shown_by
from rare_topics.study.diff import Diff
from rare_topics.study.growth import grow
from rare_topics.study.results import PASSAGES_BELOW, Results
from rare_topics.study.rows import inherited
from rare_topics.themes import ThemeFinder
from rare_topics.topics import StableTopicModel
from rare_topics.vectorize.concept_space import FEW_ARTICLES, ConceptSpace
from rare_topics.vectorize.vectorizer import ConceptVectorizer, summed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from rare_topics.study.distributed import Distributed

STEPS = ("words", "vectors", "topics", "clusters", "map", "themes", "claims")


class Study(Asked, Results):
    """Read a corpus: its topics, clusters and map, each statement with its confidence.

    Parameters
    ----------
    n_topics, n_clusters
        Numbers; None chooses those that come back most steadily.
    lexicon
        A lexicon file whose forms go before those of the package.
    glosses
        A release of CC-CEDICT to gloss general Chinese words by; None takes the installed one.
    themes
        A file of themes to look for; None takes the package's.
    random_state
        Seed of every step.
    spark
        A session of Spark, whose workers read the articles and learn from all of them.

    Attributes
    ----------
    corpus : Corpus
        What was read; on Spark an even sample of up to 20,000 articles.
    tables : dict of str to DataFrame
        On Spark, tables of all articles, by the name of the file that a run writes.
    seconds : dict of str to float
        Time of each step.
    warnings : list of str
        What the reader should know before trusting the results.
    diff : Diff or None
        What `add` has changed; None where nothing was added.

    Examples
    --------
    >>> import rare_topics as rt
    >>> study = rt.Study(random_state=0).fit(rt.read_pages("seeds"))
    >>> len(study.clusters)
    34
    """

    tables: Mapping[str, DataFrame]

    def __init__(  # noqa: PLR0913 - settings of a study, all by name
        self,
        *,
        n_topics: int | None = None,
        n_clusters: int | None = None,
        lexicon: str | Path | None = None,
        glosses: str | Path | None = None,
        themes: str | Path | None = None,
        random_state: int = 0,
        spark: SparkSession | None = None,
    ) -> None:
        self.n_topics = n_topics
        self.n_clusters = n_clusters
        self.lexicon = lexicon
        self.glosses = glosses
        self.themes_file = themes
        self.random_state = random_state
        self.spark = spark

    def fit(
        self,
        corpus: Corpus | str | Path,
        *,
        progress: Progress | bool | None = None,
        checkpoints: str | Path | None = None,
        limits: Limits = DEFAULT,
    ) -> Self:
        """Run the steps on a corpus.

        Parameters
        ----------
        corpus
            From `read_pages` or `read_table`, or what these take. On Spark, a folder, file, glob or
            address that Spark reads.
        progress
            Called with the name of each step as it begins; True shows a bar.
        checkpoints
            A folder in which finished steps are kept, and found again after an interruption. On
            Spark, a folder or address that all workers reach.
        limits
            How much of a file is taken at the most.

        Returns
        -------
        Study
            This study.

        Raises
        ------
        InputError
            If there are fewer than three articles, more topics or clusters are asked for than
            articles can hold, a number is none, or the theme file is no such file.
        """
        over = self._distributed(corpus, checkpoints, limits)
        reading = {"reading": over.seconds} if over else {}
        if over:
            corpus = over.sample
        elif isinstance(corpus, (str, Path)):
            begun = time.perf_counter()
            corpus = read(corpus, limits=limits)
            reading = {"reading": round(time.perf_counter() - begun, 3)}
        check_asked(self, corpus)
        finder = ThemeFinder(self.themes_file, lexicon=self.lexicon, random_state=self.random_state)
        self.own_files = self.read_own_files()
        self.corpus, self.warnings = corpus, list(corpus.warnings)
        self.seconds: dict[str, float] = reading
        self.grown, self.refitted = False, False
        self.diff: Diff | None = None
        self.forget()
        self.finder = finder
        kept = over or Checkpoints(None if checkpoints is None else Path(checkpoints), self)
        with (
            limit_blas_threads(len(corpus)),
            step_progress(progress, total=len(STEPS), detail=over.progress if over else None) as begin,
        ):
            for name, run in zip(STEPS, over.steps if over else self.steps, strict=True):
                begin(name)
                start = time.perf_counter()
                if not kept.restore(name, self):
                    run()
                    kept.keep(name, self)
                self.seconds[name] = round(time.perf_counter() - start, 3)
        self.warnings += shown_by(self)
        if over:
            over.finish()
        # What is on the workers lasts as long as the study.
        self._over = over
        return self

    def add(
        self, pages: Corpus | str | Path | Sequence[str | Path], *, progress: Progress | bool | None = None
    ) -> Study:
        """Add articles, and leave this study as it is.

        Known articles are recognised, and a fuller text takes the place of a shorter one.
        New ones are placed by what the study has learned; where too many of them name what it
        does not know, all is fitted again, which the warnings and the diff say. Topics and
        clusters keep their numbers and names. The answer depends on the first articles and on
        all that were added since, never on the order in which they came.

        Parameters
        ----------
        pages
            Articles, or what `read_pages` or `read_table` takes.
        progress
            Called with the name of each step, where all is fitted again; True shows a bar.

        Returns
        -------
        Study
            A new study; its `diff` says what has changed.

        Raises
        ------
        InputError
            If the input is unusable, or an id stands for two articles.
        """
        if isinstance(pages, (str, Path)):
            pages = read(pages)
        return grow(self, pages if isinstance(pages, Corpus) else Corpus.from_pages(pages), progress=progress)

    def save(self, folder: str | Path) -> Path:
        """Write the study into a folder, whole or not at all.

        Parameters
        ----------
        folder
            Where it goes; a study that was saved there is replaced in one step.

        Returns
        -------
        Path
            The folder. It holds Parquet, JSON and NPZ without objects, with a checksum of each
            file and the user's own lexicon and glosses; `rare_topics.load` reads it.

        Raises
        ------
        NotFittedError
            Before `fit`.
        InputError
            If the folder cannot be written, is being written by another process, or holds
            something else.
        """
        return archive.save(self, Path(folder))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            if "corpus" not in vars(self):
                raise NotFittedError(f"this Study has no '{name}' yet; call fit(corpus) first")
            raise AttributeError(f"a Study has no '{name}'")

    def _distributed(
        self, source: Corpus | str | Path, folder: str | Path | None, limits: Limits
    ) -> Distributed | None:
        """Read articles on Spark, where there is a session."""
        if self.spark is None:
            return None
        from rare_topics.study.distributed import Distributed

        return Distributed(self, self.spark, source, folder, limits=limits)

    @property
    def steps(self) -> tuple[Callable[[], object], ...]:
        """What is run for each step, in their order."""
        return (
            *(self._read_words, self._find_vectors, self._find_topics, self._find_clusters, self._draw_map),
            lambda: self.themes,
            lambda: self.claims,
        )

    def forget(self) -> None:
        """Drop the tables of an earlier fit."""
        for name in [name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)]:
            delattr(self, name)

    def _read_words(self) -> None:
        self.by_passage = len(self.corpus) < PASSAGES_BELOW
        self.vectorizer_ = ConceptVectorizer(self.lexicon, glosses=self.glosses)
        texts, article = self.corpus.passages.texts, self.passage_article
        if len(self.corpus) <= FEW_ARTICLES:
            self.passage_counts = self.vectorizer_.fit_transform(texts)
            self.counts = summed(self.passage_counts, article, len(self.corpus))
        else:
            self.passage_counts = None
            self.counts = self.vectorizer_.fit_count(texts, groups=article)

    def _find_vectors(self) -> None:
        steady = self.vectorizer_.domain_ if self.vectorizer_.glossed_ else None
        langs = [article.body_lang for article in self.corpus]
        self.space_ = ConceptSpace(random_state=self.random_state)
        self.vectors = self.space_.fit_transform(self.counts, langs=langs, passages=self.passage_counts, steady=steady)

    def _find_topics(self) -> None:
        documents = self.documents
        groups = self.passage_article if self.by_passage else np.arange(len(self.corpus))
        self.topic_model_ = StableTopicModel(self.n_topics, random_state=self.random_state, n_jobs=-1)
        mixtures = self.topic_model_.fit(documents, groups=groups).doc_topic_
        self.doc_topic = inherited(mixtures, documents.sum(axis=1), groups) if self.by_passage else mixtures
        self.topic_ids = list(range(self.topic_model_.n_topics_))
        self.passage_topic = mixtures if self.by_passage else None

    def _find_clusters(self) -> None:
        views = [np.sqrt(self.doc_topic)] if self.by_passage else []
        self.clusterer_ = ConsensusClusterer(self.n_clusters, random_state=self.random_state)
        self.clusterer_.fit(self.vectors, views=views)
        self.labels, self.confidence = self.clusterer_.labels_, self.clusterer_.confidence_

    def _draw_map(self) -> None:
        self.projector_ = MapProjector(random_state=self.random_state).fit(self.vectors)
        self.places = self.projector_.embedding_

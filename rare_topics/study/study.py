"""A study: fit it on a corpus, read its tables, add articles, save it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sklearn.exceptions import NotFittedError

from rare_topics.corpus import Corpus, Limits, Readable, read
from rare_topics.corpus.limits import DEFAULT_LIMITS
from rare_topics.errors import InputError
from rare_topics.runtime.html import count_noun, html_summary
from rare_topics.runtime.progress import Progress
from rare_topics.study import edits as editing
from rare_topics.study import hierarchy as tree
from rare_topics.study import networks, prediction, selection, stories, tables, topic_shares, word_use
from rare_topics.study import search as searching
from rare_topics.study.article_table import cite, to_frame
from rare_topics.study.embeddings import check_in_order, checked_embed
from rare_topics.study.methods import edit_of_state, of_state, result_of_state
from rare_topics.study.pipeline import LocalPipeline, Pipeline, find_themes, read_claims
from rare_topics.study.provenance import settings_shown
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.storage import load_state, save
from rare_topics.study.subset import subset
from rare_topics.study.update import update
from rare_topics.study.validation import checked_seeds, checked_words, validate_for_spark
from rare_topics.study.workbook import to_excel

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame, SparkSession

    from rare_topics.claims import Claims
    from rare_topics.study.changes import Diff
    from rare_topics.themes import Themes


class Study:
    """Read a corpus: its topics, clusters and map, each statement with its confidence.

    Parameters
    ----------
    n_topics, n_clusters
        Numbers; None chooses the topics that are most coherent and come back, and as many
        clusters as similar articles fall into.
    topic_method
        ``"nmf"`` learns more coherent topics, ``"lda"`` the classical ones, whose mixtures are probabilities of words.
    lexicon
        A lexicon file whose forms go before those of the package.
    glosses
        A release of CC-CEDICT to gloss general Chinese words by; None takes the installed one.
    themes
        A file of themes to look for; None takes the package's.
    stop_words
        Words of either language that are not counted.
    seed_topics
        Topics that shall be there beside those that are found: words of either language by a name,
        as ``{"smuggling": ["走私", "transshipment"]}``. They get the first numbers.
    embed
        Takes a list of texts and returns an array of one row each, as the `encode` of a sentence
        model does; articles are then compared by their embeddings as well as by their words.
    vectors
        Such an array for a `Corpus` that is fitted, one row an article in its order, in place of `embed`.
    role_encoder
        Whether a sentence model reads the roles of countries as well, where the words leave them open; needs the
        extra ``encoder``, and takes much longer.
    random_state
        Seed of every step.
    spark
        A session of Spark, whose workers read the articles; or a pipeline with settings of its own, as
        `rare_topics.spark.SparkPipeline`; None works on this machine.

    Attributes
    ----------
    state : StudyState
        All that was learned: fitted estimators, counts, vectors, mixtures, labels, coordinates.

    Examples
    --------
    >>> import rare_topics as rt
    >>> study = rt.Study(random_state=0).fit(rt.read_pages("seeds"))
    >>> len(study.clusters)
    34
    """

    def __init__(  # noqa: PLR0913 - settings of a study, all by name
        self,
        *,
        n_topics: int | None = None,
        n_clusters: int | None = None,
        lexicon: str | Path | None = None,
        glosses: str | Path | None = None,
        themes: str | Path | None = None,
        stop_words: Iterable[str] | None = None,
        seed_topics: Mapping[str, Iterable[str]] | None = None,
        topic_method: str = "nmf",
        embed: Callable[[list[str]], Any] | None = None,
        vectors: Any = None,  # noqa: ANN401 - an array of any kind
        role_encoder: bool = False,
        random_state: int = 0,
        spark: SparkSession | Pipeline | None = None,
    ) -> None:
        self.n_topics = n_topics
        self.n_clusters = n_clusters
        self.lexicon = lexicon
        self.glosses = glosses
        self.themes_file = themes
        self.stop_words = stop_words
        self.seed_topics = seed_topics
        self.topic_method = topic_method
        self.embed = embed
        self.vectors = vectors
        self.role_encoder = role_encoder
        self.random_state = random_state
        self.spark = spark
        self._state: StudyState | None = None

    def fit(  # noqa: PLR0913 - data and how it is read, by name
        self,
        corpus: Readable,
        y: object = None,
        *,
        columns: Mapping[str, str] | None = None,
        progress: Progress | bool | None = None,
        checkpoints: str | Path | None = None,
        limits: Limits = DEFAULT_LIMITS,
        vectors: Any = None,  # noqa: ANN401
    ) -> Self:
        """Run the steps on a corpus.

        Parameters
        ----------
        corpus
            Whatever `read` takes: a corpus, a path, a DataFrame, a list of texts. On Spark, a
            folder, file, glob or address that Spark reads.
        y
            Ignored.
        columns
            Which column of a table is which, where that is not found, as ``{"text": "Abstract"}``.
        progress
            Called with the name of each step as it begins; True shows a bar.
        checkpoints
            A folder in which finished steps are kept, and found again after an interruption. On
            Spark, a folder or address that all workers reach.
        limits
            How much of a file is taken at the most.
        vectors
            Embeddings of the articles of a `Corpus`, in its order; None takes those of the study.

        Returns
        -------
        Study
            This study.

        Raises
        ------
        InputError
            If there are fewer than three articles, or a setting, a file of the user's own or an embedding is unusable.
        """
        settings = self._settings if vectors is None else replace(self._settings, vectors=vectors)
        if settings.vectors is not None:
            check_in_order(corpus)
        if columns is not None or not isinstance(corpus, (Corpus, str, Path)):
            corpus = read(corpus, columns=columns, limits=limits)
        if not isinstance(self._pipeline, LocalPipeline):
            validate_for_spark(settings)
        self._state = self._pipeline.fit(settings, corpus, progress=progress, checkpoints=checkpoints, limits=limits)
        return self

    def add(
        self,
        pages: Readable,
        *,
        columns: Mapping[str, str] | None = None,
        progress: Progress | bool | None = None,
        vectors: Any = None,  # noqa: ANN401
    ) -> Study:
        """Add articles, and leave this study as it is.

        Known articles are recognised, and a fuller text takes the place of a shorter one. New ones are placed by what
        the study has learned; where too many of them name what it does not know, all is fitted again, which the
        warnings and the diff say. Topics and clusters keep their numbers and names. The answer depends on the first
        articles and on all that were added since, never on the order in which they came.

        Parameters
        ----------
        pages
            Whatever `read` takes.
        columns
            Which column of a table is which, where that is not found.
        progress
            Called with the name of each step, where all is fitted again; True shows a bar.
        vectors
            Embeddings of the articles of a `Corpus`, in its order, where the study has embeddings;
            None has them embedded.

        Returns
        -------
        Study
            A new study; its `diff` says what has changed.

        Raises
        ------
        InputError
            If the input is unusable, an id stands for two articles, or an article lacks an embedding.
        """
        if vectors is not None:
            check_in_order(pages)
        arrivals = read(pages, columns=columns)

        def refit(corpus: Corpus, embeddings: NDArray[np.float32] | None) -> StudyState:
            settings = replace(self._settings, vectors=embeddings)
            return self._pipeline.fit(settings, corpus, progress=progress, checkpoints=None, limits=DEFAULT_LIMITS)

        return self._with_state(update(self.state, arrivals, refit=refit, vectors=vectors))

    def subset(self, n_articles: int) -> Study:
        """Return a study of at most so many articles, evenly spaced in time, its topics those of all.

        Parameters
        ----------
        n_articles
            How many at most; a study that has no more is returned as it is.
        """
        if len(self.corpus) <= n_articles:
            return self
        _ = self.themes, self.claims
        return self._with_state(subset(self.state, n_articles))

    def save(self, folder: str | Path) -> Path:
        """Write the study into a folder, whole or not at all.

        Parameters
        ----------
        folder
            Where it goes; a study that was saved there is replaced in one step.

        Returns
        -------
        Path
            Parquet, JSON and NPZ without objects, with checksums and the user's own files; `rare_topics.load` reads it.

        Raises
        ------
        NotFittedError
            Before `fit`.
        InputError
            If the folder cannot be written, is being written by another process, or holds something else.
        """
        return save(self.state, Path(folder))

    @property
    def state(self) -> StudyState:
        """All that was learned.

        Raises
        ------
        NotFittedError
            Before `fit`, as every result does.
        """
        if self._state is None:
            raise NotFittedError("this Study has no results yet; call fit(corpus) first")
        return self._state

    @property
    def corpus(self) -> Corpus:
        """The articles; on Spark, an even sample of them."""
        return self.state.corpus

    topics = result_of_state(tables.topics)
    topic_terms = result_of_state(tables.topic_terms)
    article_topics = result_of_state(tables.article_topics)
    clusters = result_of_state(tables.clusters)
    similar = result_of_state(stories.similar)
    repeats = result_of_state(stories.repeats)
    map = result_of_state(tables.map_coordinates)
    maps = result_of_state(tables.maps)
    model_selection = result_of_state(selection.model_selection)
    collocations = result_of_state(word_use.collocations)
    terms = result_of_state(tables.terms)
    scores = result_of_state(tables.scores)

    search = of_state(searching.search)
    find_topics = of_state(searching.find_topics)
    kwic = of_state(searching.kwic)
    mentions = of_state(searching.mentions)
    cite = of_state(cite)
    keyness = of_state(word_use.keyness)
    cooccurrence = of_state(word_use.cooccurrence)
    topics_over_time = of_state(topic_shares.topics_over_time)
    topics_by = of_state(topic_shares.topics_by)
    predict = of_state(prediction.predict)

    hierarchy = of_state(tree.hierarchy)
    rename_topic = edit_of_state(editing.rename_topic)
    rename_cluster = edit_of_state(editing.rename_cluster)
    merge_topics = edit_of_state(editing.merge_topics)
    reduce_topics = edit_of_state(editing.reduce_topics)
    split_topic = edit_of_state(editing.split_topic)
    drop_topic = edit_of_state(editing.drop_topic)
    move = edit_of_state(editing.move)

    to_networkx = of_state(networks.to_networkx)
    to_gexf = of_state(networks.to_gexf)
    to_gensim = of_state(networks.to_gensim)
    to_pyldavis = of_state(networks.to_pyldavis)

    def to_frame(self) -> pd.DataFrame:
        """Put all that is known of an article into one row; see `rare_topics.study.article_table.to_frame`."""
        _ = self.themes, self.claims
        return to_frame(self.state)

    def to_excel(self, path: str | Path) -> Path:
        """Write a workbook, a sheet for each table; see `rare_topics.study.workbook.to_excel`."""
        _ = self.themes, self.claims
        return to_excel(self.state, path)

    @property
    def edits(self) -> list[str]:
        """What was changed by hand, in order."""
        return [edit.line() for edit in self.state.edits]

    def representative(self, kind: str, number: Any, n: int = searching.DEFAULT_N) -> pd.DataFrame:  # noqa: ANN401
        """List the articles that stand for a topic, cluster or theme; see `rare_topics.study.search.representative`."""
        if kind == "theme":
            _ = self.themes
        return searching.representative(self.state, kind, number, n)

    @property
    def suppliers(self) -> pd.DataFrame:
        """Who supplies, buys, passes on or joins in, by article; see `Themes.suppliers`."""
        return self.themes.suppliers

    @property
    def events(self) -> pd.DataFrame:
        """Acts of export control by the date of the act; see `Themes.events`."""
        return self.themes.events

    @property
    def themes(self) -> Themes:
        """Narratives with their evidence, by name."""
        if self.state.themes is None:
            self._state = find_themes(self.state)
        return self.state.themes

    @property
    def claims(self) -> Claims:
        """What the articles state in numbers, and where they disagree."""
        if self.state.claims is None:
            self._state = read_claims(self.state)
        return self.state.claims

    @property
    def warnings(self) -> list[str]:
        """What a reader should know before trusting the results."""
        return list(self.state.warnings)

    @property
    def seconds(self) -> dict[str, float]:
        """Time of each step."""
        return dict(self.state.seconds)

    @property
    def diff(self) -> Diff | None:
        """What `add` has changed; None where nothing was added."""
        return self.state.diff

    @property
    def tables(self) -> Mapping[str, DataFrame]:
        """On Spark, tables of all articles, by the name of the file that a run writes; else empty."""
        return self.state.archive_tables

    @property
    def settings(self) -> dict[str, Any]:
        """What was asked for, by parameter; files by their names."""
        return settings_shown(self._settings)

    @property
    def _settings(self) -> StudySettings:
        return StudySettings(
            n_topics=self.n_topics,
            n_clusters=self.n_clusters,
            lexicon=self.lexicon,
            glosses=self.glosses,
            themes=self.themes_file,
            topic_method=self.topic_method,
            role_encoder=self.role_encoder,
            random_state=self.random_state,
            stop_words=checked_words("stop_words", self.stop_words),
            seed_topics=checked_seeds(self.seed_topics),
            embed=checked_embed(self.embed),
            vectors=self.vectors,
        )

    @property
    def _pipeline(self) -> Pipeline:
        if self.spark is None:
            return LocalPipeline()
        if hasattr(self.spark, "fit"):
            return self.spark
        # The package of Spark registers its pipeline in pyproject.toml, so that nothing here depends on it.
        (registered,) = entry_points(group="rare_topics.pipelines", name="spark")
        return registered.load()(self.spark)  # type: ignore[no-any-return]

    def _with_state(self, state: StudyState) -> Study:
        """Return a study with the settings of this one and another state."""
        return study_of(state).set_params(**self._settings.numbers)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return what was asked for, by parameter, as estimators of scikit-learn do; `deep` is ignored."""
        others = ("stop_words", "seed_topics", "embed", "vectors", "spark")
        return {**self._settings.parameters, **self._settings.paths, **{name: getattr(self, name) for name in others}}

    def set_params(self, **params: Any) -> Self:  # noqa: ANN401 - values of any parameter
        """Change what the next `fit` is asked for.

        Raises
        ------
        InputError
            If there is no such parameter.
        """
        for name, value in params.items():
            if name not in self.get_params():
                raise InputError(f"no parameter '{name}'", fix=f"take one of {', '.join(self.get_params())}")
            setattr(self, "themes_file" if name == "themes" else name, value)
        return self

    def __dir__(self) -> list[str]:
        """Name what is public and nothing else."""
        return sorted(name for name in {*super().__dir__(), *self.__dict__} if not name.startswith("_"))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - raises
        if not name.startswith("_") and hasattr(type(self), name):
            # A property has failed; what failed is said, not that there is no such property.
            return object.__getattribute__(self, name)
        meant = [] if name.startswith("_") else get_close_matches(name, dir(self), n=3, cutoff=0.6)
        fix = f"did you mean {' or '.join(meant)}?" if meant else "dir(study) lists what it has"
        raise AttributeError(f"'Study' object has no attribute '{name}'; {fix}", name=name, obj=self)

    def __repr__(self) -> str:
        return f"<study: {self._summary()}>"

    def _repr_html_(self) -> str:
        if self._state is None:
            return html_summary("Study", [self._summary()])
        clusters = self.clusters.groupby(["cluster", "label_zh", "label_en"]).size().reset_index(name="n_articles")
        topics = self.topics[["topic", "label_zh", "label_en", "share", "stability", "n_articles"]]
        return html_summary("Study", [self._summary(), *self.warnings], topics, clusters)

    def _summary(self) -> str:
        """Count articles, topics and clusters."""
        if self._state is None:
            return "not fitted"
        sizes = {"article": len(self.corpus), "topic": len(self.topics), "cluster": self.state.clusterer.n_clusters_}
        return ", ".join(count_noun(size, noun) for noun, size in sizes.items())


def load(folder: str | Path, *, embed: Callable[[list[str]], Any] | None = None) -> Study:
    """Read a study that `Study.save` or ``rare-topics run`` wrote.

    Parameters
    ----------
    folder
        The folder of the study, or that of the run which holds it.
    embed
        Embeds new articles, as `Study(embed=…)`; no function is ever saved.

    Returns
    -------
    Study
        Assigns new articles exactly as the one that was saved.

    Raises
    ------
    InputError
        If the folder holds no study, one of another format, or one that was cut or altered;
        nothing in it is ever executed.
    """
    state = load_state(folder)
    if embed is not None:
        state = state.keeping_tables(settings=replace(state.settings, embed=checked_embed(embed)))
    return study_of(state)


def study_of(state: StudyState) -> Study:
    """Return the study of a state that was fitted elsewhere."""
    settings = state.settings
    words = {name: value or None for name, value in settings.words.items()}
    asked: dict[str, Any] = {**settings.parameters, **settings.paths, **words, "embed": settings.embed}
    study = Study(**asked)
    study._state = state  # noqa: SLF001 - of this class
    return study

"""A fit on Spark: articles are read on the workers, topics, clusters and map are learned on the driver.

The steps are those of `rare_topics.study.pipeline`. Words, themes and claims of all articles are
read on the workers. Topics, clusters and map are learned by the same estimators from an even
sample of the articles, which also is the corpus of the study; every other article is then
folded in and assigned on the workers.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.claims import Claims
from rare_topics.cluster import UNPLACED
from rare_topics.corpus import Corpus, Limits
from rare_topics.corpus.records import articles_from_arrow
from rare_topics.errors import InputError
from rare_topics.runtime.progress import Progress
from rare_topics.runtime.sampling import sample_rows
from rare_topics.spark import assignment, concept_counts, extraction
from rare_topics.spark.arrays import counts_from_cells, fetch_rows
from rare_topics.spark.articles import Reading, article_tables, from_corpus, read_articles, unread_articles
from rare_topics.spark.checkpoints import SparkCheckpoints
from rare_topics.spark.session import running_tasks
from rare_topics.study import STEPS, StudySettings, StudyState
from rare_topics.study.checkpoints import input_digest
from rare_topics.study.pipeline import initial_state, run_steps
from rare_topics.study.tables import UNPLACED_LABELS, clusters, topics
from rare_topics.vectorize import ConceptVectorizer
from rare_topics.vectorize.concept_space import SMALL_COLLECTION

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame, SparkSession

    from rare_topics.study.step import Step


class ArchiveTables(dict[str, Any]):
    """Tables of all articles, by the name of the file that a run writes.

    Attributes
    ----------
    folder : TemporaryDirectory or None
        What the tables are read from, where it is temporary: it lasts as long as they do.
    """

    folder: tempfile.TemporaryDirectory[str] | None = None


@dataclass(frozen=True)
class SparkPipeline:
    """Runs the steps of a fit on a Spark cluster.

    Parameters
    ----------
    session
        A running session.
    max_sample
        Articles that topics, clusters and map are learned from at most, and that the study
        holds; they have to fit into the memory of the driver. Where the corpus is not larger,
        the answer equals that of one machine.
    """

    session: SparkSession
    max_sample: int = 200_000

    def fit(
        self,
        settings: StudySettings,
        source: Corpus | str | Path,
        *,
        progress: Progress | bool | None = None,
        checkpoints: str | Path | None = None,
        limits: Limits,
    ) -> StudyState:
        """Read a source and run the steps on it; see `Study.fit`.

        Parameters
        ----------
        settings
            What the study is asked for.
        source
            A corpus, or what `rare_topics.spark.read_articles` takes.
        progress
            Called with the name of each step as it begins; True shows a bar.
        checkpoints
            A folder or address that all workers reach; None takes a temporary folder of this
            machine, which is enough where the workers are on it.
        limits
            How much of a file is taken at the most.
        """
        start = time.perf_counter()
        reading = self._read(source, limits)
        rows = sample_rows(reading.n_articles, self.max_sample, random_state=settings.random_state)
        sample = articles_from_arrow(fetch_rows(reading.articles, rows, reading.n_articles))
        corpus = Corpus(tuple(sample), reading.inputs, reading.warnings)
        state = initial_state(settings, corpus, seconds={"reading": round(time.perf_counter() - start, 3)})
        temporary = None if checkpoints else tempfile.TemporaryDirectory(prefix="rare-topics-")
        fit = _Fit(self.session, reading, rows, str(checkpoints or (temporary and temporary.name)), state)
        state = run_steps(
            state,
            fit.steps,
            checkpoints=fit.checkpoints,
            progress=progress,
            detail=partial(running_tasks, self.session),
        )
        state = fit.with_archive_tables(state)
        state.archive_tables.folder = temporary  # type: ignore[attr-defined]
        return state

    def _read(self, source: Corpus | str | Path, limits: Limits) -> Reading:
        if isinstance(source, Corpus):
            return from_corpus(self.session, source)
        return read_articles(self.session, source, limits=limits)


class _Fit:
    """One fit: all articles on the workers, and the steps that are done there."""

    def __init__(
        self,
        session: SparkSession,
        reading: Reading,
        sample: NDArray[np.int64],
        folder: str,
        state: StudyState,
    ) -> None:
        self._session, self._reading, self._sample, self._folder = session, reading, sample, folder
        self.checkpoints = SparkCheckpoints(session, folder, self._key(state))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of a fit, those that read articles done on the workers."""
        on_workers = {"vectorize": self._vectorize, "themes": self._find_themes, "claims": self._read_claims}
        return tuple(replace(step, run=on_workers.get(step.name, step.run)) for step in STEPS)

    def with_archive_tables(self, state: StudyState) -> StudyState:
        """Assign every article, and give the state its tables of all of them."""
        model = assignment.Model(state.space, state.topic_model, state.clusterer, state.projector)
        known = assignment.Known(
            self._sample, state.doc_topic, state.cluster_labels, state.confidence, state.coordinates
        )
        assigned = assignment.assign(self._counts, model, known, n_concepts=len(state.concepts)).persist()
        extracted = self._extracted(state)
        disagreements, every_nth = extraction.disagreements(extracted)
        tables = ArchiveTables(
            {
                **article_tables(self._reading.articles),
                **assignment.tables(assigned, _labels_of_clusters(state)),
                **extraction.tables(extracted, self._extractor(state)),
                "disagreements": self._as_spark_table(disagreements),
                "quarantine": self._reading.quarantine.unionByName(unread_articles(self._counts, extracted)),
            }
        )
        warnings = list(state.warnings)
        if every_nth > 1:
            warnings.append(f"claims disagree as far as those of every {every_nth}th article do")
        if self._n_articles > len(self._sample):
            warnings.append(
                f"tables here, figures and report show {len(self._sample):,} of {self._n_articles:,} articles, "
                "drawn evenly; all of them are in the tables on Spark"
            )
        with_tables = state.keeping_tables(archive_tables=tables, warnings=tuple(warnings))
        if self._n_articles > len(self._sample):
            shares, n_articles = assignment.topic_shares(assigned, state.topic_model.n_topics_)
            with_tables.remember(topics, topics(state).assign(share=np.round(shares, 4), n_articles=n_articles))
        return with_tables

    @property
    def _n_articles(self) -> int:
        return self._reading.n_articles

    def _vectorize(self, state: StudyState) -> StudyState:
        vectorizer = ConceptVectorizer(state.settings.lexicon, glosses=state.settings.glosses)
        vectorizer.fit_languages(concept_counts.count_languages(self._reading.articles))
        reader = concept_counts.Reader.of(vectorizer)
        blocks = concept_counts.read_blocks(self._reading.articles, reader).persist()
        vectorizer.fit_vocabulary(concept_counts.sum_totals(blocks))
        self.checkpoints.write_table("counts", concept_counts.count_concepts(blocks, vectorizer.fitted_vocabulary))
        blocks.unpersist()
        if self._counts.count() != self._n_articles:
            raise InputError(
                "the workers write to disks of their own",
                where=self._folder,
                fix="give checkpoints=, a folder or address that all of them reach",
            )
        sample = fetch_rows(self._counts.select("row", "concepts", "weights"), self._sample, self._n_articles)
        passage_counts = None
        if self._n_articles <= SMALL_COLLECTION:
            passage_counts = vectorizer.transform(self._readable_passages(state.corpus))
        counts = counts_from_cells(sample, len(vectorizer.vocabulary_))
        return replace(state, vectorizer=vectorizer, passage_counts=passage_counts, counts=counts)

    def _readable_passages(self, corpus: Corpus) -> list[str]:
        """Return the passages of a small corpus; those of an article that cannot be read are empty."""
        unread = set(unread_articles(self._counts).toArrow()["article"].to_pylist())
        return ["" if passage.article_id in unread else passage.text for passage in corpus.passages]

    def _find_themes(self, state: StudyState) -> StudyState:
        matches = extraction.theme_matches(self._extracted_of_sample(state, "matches"))
        finder = state.settings.theme_finder
        return state.keeping_tables(
            themes=finder.themes_from_matches(state.corpus, matches, passage_topics=state.passage_topics)
        )

    def _read_claims(self, state: StudyState) -> StudyState:
        claims = extraction.claims(self._extracted_of_sample(state, "claims"))
        vectorizer = state.vectorizer
        return state.keeping_tables(
            claims=Claims(state.corpus, lexicon=vectorizer.lexicon_, segmenter=vectorizer.segmenter_, claims=claims)
        )

    @cached_property
    def _counts(self) -> DataFrame:
        return self.checkpoints.read_table("counts", concept_counts.COUNTS)

    def _extracted(self, state: StudyState) -> DataFrame:
        """Read what all articles say, once: a driver that is started again finds it."""
        known = self.checkpoints.read_whole_table("extracted", extraction.EXTRACTED, n_rows=self._n_articles)
        if known is not None:
            return known
        extracted = extraction.extract(self._reading.articles, self._extractor(state))
        return self.checkpoints.write_table("extracted", extracted)

    def _extracted_of_sample(self, state: StudyState, name: str) -> list[dict[str, Any]]:
        """Fetch one column of what the articles of the study say, in their order."""
        extracted = self._extracted(state).select("row", "article_id", name)
        return list(fetch_rows(extracted, self._sample, self._n_articles).to_pylist())

    @staticmethod
    def _extractor(state: StudyState) -> extraction.Extractor:
        themes = state.own_files.get("themes", ("", None))[1]
        return extraction.Extractor(concept_counts.Reader.of(state.vectorizer), themes)

    def _as_spark_table(self, frame: Any) -> DataFrame:  # noqa: ANN401 - a frame of pandas
        import pyarrow as pa

        return self._session.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False))

    def _key(self, state: StudyState) -> str:
        """Digest all articles and settings that the work depends on."""
        from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

        articles = self._reading.articles
        digest_of_row = F.xxhash64(*articles.columns).cast("decimal(38,0)")
        total = articles.agg(F.sum(digest_of_row)).collect()[0][0]
        return hashlib.sha256(f"{input_digest(state)} {self._n_articles} {total}".encode()).hexdigest()[:32]


def _labels_of_clusters(state: StudyState) -> dict[int, tuple[str, str, str]]:
    """Return Chinese and English label and typical title of each cluster, and of the unplaced."""
    rows = clusters(state).drop_duplicates("cluster")
    labels = zip(rows["cluster"], rows["label_zh"], rows["label_en"], rows["typical_title"], strict=True)
    unplaced = (UNPLACED_LABELS["label_zh"], UNPLACED_LABELS["label_en"], "")
    return {UNPLACED: unplaced, **{int(cluster): (zh, en, title) for cluster, zh, en, title in labels}}

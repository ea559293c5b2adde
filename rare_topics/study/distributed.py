"""A study of articles that are on the workers of a Spark cluster: the same steps, learned from all of them."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable
from functools import cached_property, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.cluster import UNPLACED
from rare_topics.corpus.arrow import from_arrow
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.limits import DEFAULT, Limits
from rare_topics.errors import InputError
from rare_topics.runtime.sampling import sample_rows
from rare_topics.spark import assignment as places
from rare_topics.spark import concept_counts as words
from rare_topics.spark import extraction as told
from rare_topics.spark import from_corpus, read_all, tasks
from rare_topics.spark import tables as texts
from rare_topics.spark.checkpoints import Checkpoints
from rare_topics.spark.collection import Collection, chosen
from rare_topics.study.checkpoints import key_of
from rare_topics.study.packing import pack, unpack
from rare_topics.study.parts import PARTS
from rare_topics.study.results import PASSAGES_BELOW, UNPLACED_NAMES
from rare_topics.vectorize.concept_space import FEW_ARTICLES
from rare_topics.vectorize.vectorizer import ConceptVectorizer

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from rare_topics.study.steps import Study

# Articles that come to the driver: what is learned from a sample is learned from these.
SAMPLE = 200_000


class Distributed:
    """Runs the steps of a study on all articles; the study itself holds a sample of them.

    Parameters
    ----------
    study
        What is being fitted.
    session
        Spark.
    source
        A corpus, or what `rare_topics.spark.read_all` takes.
    folder
        Where finished work is kept, a folder or address that all workers reach; None takes a
        temporary folder of this machine, which is enough where the workers are on it.
    limits
        How much of a file is taken at the most.

    Attributes
    ----------
    sample : Corpus
        Up to 200,000 articles, drawn evenly; all where there are no more.
    seconds : float
        Time of reading.
    """

    def __init__(
        self,
        study: Study,
        session: SparkSession,
        source: Corpus | str | Path,
        folder: str | Path | None,
        *,
        limits: Limits = DEFAULT,
    ) -> None:
        start = time.perf_counter()
        self._study, self._session = study, session
        # It goes with the study.
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="rare-topics-")
        self._folder = self._temporary.name if self._temporary else str(folder)
        self._lost: DataFrame | None = None
        if isinstance(source, Corpus):
            self._articles, self._n = from_corpus(session, source), len(source)
            inputs, warnings = source.inputs, source.warnings
        else:
            reading = read_all(session, source, limits=limits)
            self._articles, self._n, self._lost = reading.articles, reading.n_articles, reading.quarantine
            inputs, warnings = reading.inputs, reading.warnings
        self._rows = sample_rows(self._n, SAMPLE, random_state=study.random_state)
        self.sample = Corpus(tuple(from_arrow(chosen(self._articles, self._rows, self._n))), inputs, warnings)
        self.seconds = round(time.perf_counter() - start, 3)

    def progress(self) -> str:
        """Say how far the running step is."""
        return tasks(self._session)

    @property
    def steps(self) -> tuple[Callable[[], object], ...]:
        """What is run for each step, in the order of `STEPS`."""
        study = self._study
        return (self._read_words, *study.steps[1:5], self._take_themes, self._take_claims)

    def restore(self, step: str, study: Study) -> bool:
        """Take a step over if it was finished before, on the same articles with the same settings."""
        arrays = self._checkpoints.kept(f"step-{step}") if step in PARTS else None
        if arrays is None:
            return False
        parts = json.loads(arrays.pop("parts").tobytes())
        paths = {"ConceptVectorizer": {"lexicon": study.lexicon, "glosses": study.glosses}}
        vars(study).update({name: unpack(part, arrays, paths) for name, part in parts.items()})
        return True

    def keep(self, step: str, study: Study) -> None:
        """Keep a finished step."""
        if step in PARTS:
            arrays: dict[str, Any] = {}
            parts = {name: pack(getattr(study, name), arrays) for name in PARTS[step]}
            packed = np.frombuffer(json.dumps(parts, ensure_ascii=False).encode(), dtype=np.uint8)
            self._checkpoints.keep(f"step-{step}", {"parts": packed, **arrays})

    def finish(self) -> None:
        """Give the study its tables of all articles, and the shares of its topics among all of them."""
        study = self._study
        learned = places.Learned(study.space_, study.topic_model_, study.clusterer_, study.projector_)
        known = places.Known(self._rows, study.doc_topic, study.labels, study.confidence, study.places)
        counts = self._collection.counts
        placed = places.place(counts, learned, known, n_concepts=len(study.concepts)).persist()
        study.tables = {
            **texts.tables(self._articles),
            **places.tables(placed, self._names),
            **told.tables(self._told, self._finder),
            "disagreements": self._disagreements(),
        }
        lost = _unread(counts, self._told)
        study.tables["quarantine"] = lost if self._lost is None else self._lost.unionByName(lost)
        if self._n > len(self._rows):
            self._tell_of_all(placed)

    @property
    def _names(self) -> dict[int, tuple[str, str]]:
        """Labels of each cluster, and of the unplaced."""
        known = self._study.clusters.drop_duplicates("cluster")
        named = zip(known["cluster"], known["label_zh"], known["label_en"], strict=True)
        return {UNPLACED: (*UNPLACED_NAMES.values(),), **{int(cluster): (zh, en) for cluster, zh, en in named}}

    def _disagreements(self) -> DataFrame:
        import pyarrow as pa

        found, nth = told.disagreements(self._told)
        if nth > 1:
            self._study.warnings.append(f"claims disagree as far as those of every {nth}th article do")
        return self._session.createDataFrame(pa.Table.from_pandas(found, preserve_index=False))

    def _tell_of_all(self, placed: DataFrame) -> None:
        weights, numbers = places.shares(placed, self._study.topic_model_.n_topics_)
        vars(self._study)["topics"] = self._study.topics.assign(share=np.round(weights, 4), n_articles=numbers)
        self._study.warnings.append(
            f"tables here, figures and report show {len(self._rows):,} of {self._n:,} articles, drawn evenly; "
            "all of them are in the tables on Spark"
        )

    def _read_words(self) -> None:
        study = self._study
        vectorizer = ConceptVectorizer(study.lexicon, glosses=study.glosses)
        vectorizer.learn_languages(words.languages(self._articles))
        blocks = words.read(self._articles, words.Reader.of(vectorizer)).persist()
        study.vectorizer_ = vectorizer.learn_vocabulary(words.tally(blocks))
        self._checkpoints.write("counts", words.count(blocks, vectorizer.known))
        blocks.unpersist()
        if self._collection.n_articles != self._n:
            raise InputError(
                "the workers write to disks of their own",
                where=self._folder,
                fix="give checkpoints=, a folder or address that all of them reach",
            )
        study.by_passage = self._n < PASSAGES_BELOW
        few = self._n <= FEW_ARTICLES
        study.passage_counts = vectorizer.transform(self._readable_texts()) if few else None
        study.counts = self._collection.sample(self._rows)

    def _readable_texts(self) -> list[str]:
        """Passages of the few articles there are; those of an article that cannot be read are empty."""
        unread = set(_unread(self._collection.counts).toArrow()["article"].to_pylist())
        return ["" if one.article_id in unread else one.text for one in self._study.corpus.passages]

    def _take_themes(self) -> None:
        self._study.take_themes(told.marks_in(self._told_of_sample("marks")))

    def _take_claims(self) -> None:
        self._study.take_claims(told.claims_in(self._told_of_sample("claims")))

    def _told_of_sample(self, name: str) -> list[dict[str, Any]]:
        """Fetch what was told of the articles of the study, in their order."""
        rows = chosen(self._told.select("row", "article_id", name), self._rows, self._n)
        return list(rows.to_pylist())

    @cached_property
    def _finder(self) -> told.Finder:
        study = self._study
        return told.Finder(words.Reader.of(study.vectorizer_), study.own_files.get("themes", ("", None))[1])

    @cached_property
    def _told(self) -> DataFrame:
        """What all articles say, told once: a driver that is started again finds it."""
        kept = self._checkpoints.whole("told", told.TOLD, n=self._n)
        if kept is not None:
            return kept
        return self._checkpoints.write("told", told.tell(self._articles, self._finder))

    @cached_property
    def _collection(self) -> Collection:
        counts = self._checkpoints.table("counts", words.COUNTED)
        return Collection(counts, len(self._study.vectorizer_.vocabulary_))

    @cached_property
    def _checkpoints(self) -> Checkpoints:
        """Name the work by all articles and settings that it depends on."""
        from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

        every = F.xxhash64(*self._articles.columns).cast("decimal(38,0)")
        total = self._articles.agg(F.sum(every)).collect()[0][0]
        key = hashlib.sha256(f"{key_of(self._study)} {self._n} {total}".encode()).hexdigest()[:32]
        return Checkpoints(self._session, self._folder, key)


def _unread(*tables: DataFrame) -> DataFrame:
    """Name the articles that a step could not read, each once; rows of the table of what is left out."""
    from pyspark.sql import DataFrame
    from pyspark.sql import functions as F  # noqa: N812

    named = (table.where("reason is not null").select("article_id", "reason") for table in tables)
    once = reduce(DataFrame.unionByName, named).groupBy("article_id").agg(F.min("reason").alias("reason"))
    return once.selectExpr("'' AS file", "article_id AS article", "reason")

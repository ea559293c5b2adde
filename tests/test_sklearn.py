"""Specification of the steps as estimators: pipelines, grids and frames, on texts and on corpora."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from test_study import CHINESE, ENGLISH, SUBJECTS

import rare_topics as rt

TEXTS = [text for rows in (ENGLISH, CHINESE) for _, text in rows]
CLASSES = SUBJECTS * 2
LANGS = ["en"] * 12 + ["zh"] * 12


@pytest.fixture(scope="module")
def corpus() -> rt.Corpus:
    frame = pd.DataFrame({"text": TEXTS, "title": [title for rows in (ENGLISH, CHINESE) for title, _ in rows]})
    return rt.read(frame.assign(id=[f"n{number:02d}" for number in range(len(TEXTS))]))


PIPELINES: dict[str, Pipeline] = {
    "k-means": make_pipeline(rt.ConceptVectorizer(), rt.ConceptSpace(), KMeans(2, n_init=5, random_state=0)),
    "topics": make_pipeline(rt.ConceptVectorizer(), rt.TopicModel(2, random_state=0)),
    "stable topics": make_pipeline(rt.ConceptVectorizer(), rt.StableTopicModel(2, n_runs=3)),
    "clusters": make_pipeline(rt.ConceptVectorizer(), rt.ConceptSpace(), rt.ConsensusClusterer(2, n_resamples=20)),
    "map": make_pipeline(rt.ConceptVectorizer(), rt.ConceptSpace(), rt.MapProjector()),
    "tf-idf": make_pipeline(rt.ConceptVectorizer(), rt.ConceptTfidf(), LogisticRegression()),
    "tokens": make_pipeline(rt.Segmenter(), rt.ConceptVectorizer(), rt.ConceptTfidf(), LogisticRegression()),
}


# What a pipeline is given its first step alone reads, and there are two of them.
FIRST_STEPS = [(name, kind) for name in ("k-means", "tokens") for kind in ("series", "array")]


@pytest.mark.parametrize(("name", "kind"), [*product(PIPELINES, ("list", "corpus")), *FIRST_STEPS])
def test_every_step_works_in_a_pipeline_on_texts_and_on_corpora(name: str, kind: str, corpus: rt.Corpus) -> None:
    documents = {"list": TEXTS, "series": pd.Series(TEXTS), "array": np.array(TEXTS), "corpus": corpus}[kind]
    pipeline = clone(PIPELINES[name]).fit(documents, CLASSES)
    method = pipeline.predict if hasattr(pipeline, "predict") else pipeline.transform
    assert len(method(documents)) == 24
    assert len(method(TEXTS[:3])) == 3


def test_the_two_languages_meet_where_the_languages_are_told() -> None:
    pipeline = clone(PIPELINES["k-means"])
    labels = pipeline.fit_predict(TEXTS, conceptspace__langs=LANGS)
    assert (labels[:12] == labels[12:]).mean() > 0.9


@pytest.mark.parametrize("kind", ["list", "corpus"])
def test_a_grid_is_searched_over_texts_and_corpora(kind: str, corpus: rt.Corpus) -> None:
    """Any parameter of any step by its name."""
    pipeline = Pipeline([("words", rt.ConceptVectorizer()), ("topics", rt.TopicModel(2, random_state=0))])
    grid = GridSearchCV(pipeline, {"topics__n_topics": [2, 3], "words__min_df": [1, 2]}, cv=2)
    grid.fit(corpus if kind == "corpus" else TEXTS)
    assert set(grid.best_params_) == {"topics__n_topics", "words__min_df"}
    assert np.isfinite(grid.cv_results_["mean_test_score"]).all()


def test_classes_are_predicted_across_languages() -> None:
    """What is learned from one language holds in the other."""
    pipeline = make_pipeline(rt.ConceptVectorizer(gloss="always"), rt.ConceptTfidf(), LogisticRegression())
    assert pipeline.fit(TEXTS[:12], SUBJECTS).score(TEXTS[12:], SUBJECTS) > 0.9
    assert cross_val_score(pipeline, TEXTS, CLASSES, cv=3).mean() > 0.8


class TestFrames:
    """`set_output` and names of columns."""

    @pytest.mark.parametrize("name", ["topics", "stable topics", "map"])
    def test_a_pipeline_puts_out_frames(self, name: str) -> None:
        pipeline = clone(PIPELINES[name]).set_output(transform="pandas")
        table = pipeline.fit_transform(TEXTS)
        assert isinstance(table, pd.DataFrame)
        assert list(table.columns) == list(pipeline.get_feature_names_out())
        assert np.allclose(table.to_numpy(), clone(PIPELINES[name]).fit_transform(TEXTS))

    @pytest.mark.parametrize("steps", [[rt.ConceptVectorizer()], [rt.ConceptVectorizer(), rt.ConceptTfidf()]])
    def test_sparse_output_is_a_sparse_frame_of_concepts(self, steps: list) -> None:
        pipeline = make_pipeline(*map(clone, steps)).set_output(transform="pandas")
        table = pipeline.fit_transform(TEXTS)
        assert list(table.columns) == list(pipeline[0].get_feature_names_out())
        assert table.sparse.density < 0.5
        expected = make_pipeline(*map(clone, steps)).fit_transform(TEXTS)
        assert np.allclose(table.to_numpy(), expected.toarray())

    def test_the_global_setting_holds_too(self) -> None:
        with config_context(transform_output="pandas"):
            table = rt.ConceptVectorizer().fit_transform(TEXTS)
        assert "soybean" in table.columns

    def test_a_pipeline_of_tokens_has_names(self) -> None:
        pipeline = make_pipeline(rt.Segmenter(), rt.ConceptVectorizer()).set_output(transform="pandas")
        assert "soybean" in pipeline.fit_transform(TEXTS).columns
        assert "soybean" in pipeline.get_feature_names_out()


class TestWords:
    """Stop words and tokenizers of one's own."""

    def test_tokens_of_the_segmenter_count_as_the_texts_they_come_from(self) -> None:
        vectorizer = rt.ConceptVectorizer()
        by_text = vectorizer.fit_transform(TEXTS)
        segmenter = rt.Segmenter(words=vectorizer.lexicon_.words)
        other = rt.ConceptVectorizer()
        by_tokens = other.fit_transform(segmenter.transform(TEXTS))
        assert other.vocabulary_ == vectorizer.vocabulary_
        assert np.allclose(by_tokens.toarray(), by_text.toarray())

    @pytest.mark.parametrize("word", ["soybean", "soybeans", "大豆"])
    def test_a_stop_word_of_either_language_stops_its_concept_in_both(self, word: str) -> None:
        assert "soybean" in rt.ConceptVectorizer().fit(TEXTS).vocabulary_
        assert "soybean" not in rt.ConceptVectorizer(stop_words=[word]).fit(TEXTS).vocabulary_

    def test_words_of_an_own_tokenizer_become_concepts(self) -> None:
        vectorizer = rt.ConceptVectorizer(tokenizer=str.split).fit(["tariffs on soybeans !", "关税 大豆 rare_earth"])
        assert {"tariff", "soybean", "rare_earth"} <= set(vectorizer.vocabulary_)
        counts = vectorizer.transform(["大豆 大豆"])
        assert counts.sum() == counts[:, [vectorizer.vocabulary_["soybean"]]].sum() == 2

    @pytest.mark.parametrize(
        ("options", "documents", "said"),
        [
            ({}, "one text", "one string where texts were expected"),
            ({}, 5, "the type int where texts were expected"),
            ({}, [1], "text 0 is no string but int"),
            ({"stop_words": "soybean"}, TEXTS, "stop_words is one string"),
            ({"tokenizer": lambda text: [len(text)]}, TEXTS, "a word of the type int"),
            ({"min_df": 99}, TEXTS, "no concept stands in 99 texts"),
        ],
    )
    def test_what_cannot_be_counted_is_refused_in_one_line(self, options: dict, documents: object, said: str) -> None:
        with pytest.raises(rt.InputError, match=said):
            rt.ConceptVectorizer(**options).fit(documents)

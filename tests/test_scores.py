"""Specification of the figures of merit: planted quality is rated above none, and nothing is ever nan."""

from __future__ import annotations

import numpy as np
import pytest
from gensim.corpora import Dictionary
from gensim.models import CoherenceModel
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from rare_topics.study.metrics import coherence, diversity, language_leakage

PLANTED = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
SHUFFLED = [[0, 4, 8, 1], [5, 9, 2, 6], [10, 3, 7, 11]]


def documents(n: int = 90) -> sparse.csr_array:
    """Documents that each speak of one of three subjects of four words; word 12 is never said."""
    rng = np.random.default_rng(0)
    rows = np.zeros((n, 13))
    for number, row in enumerate(rows):
        subject = 4 * (number % 3)
        row[subject : subject + 4] = rng.random(4) < 0.7
        row[rng.integers(12)] += 1
    return sparse.csr_array(rows)


class TestCoherence:
    """Do the terms of a topic stand together?"""

    def test_planted_topics_are_more_coherent_than_shuffled_ones(self) -> None:
        planted, shuffled = coherence(PLANTED, documents()), coherence(SHUFFLED, documents())
        for measure in ("npmi", "c_v"):
            assert planted[measure] > shuffled[measure] + 0.1
        assert -1 <= shuffled["npmi"] < 0 < planted["npmi"] <= 1
        assert 0 <= planted["c_v"] <= 1

    @settings(max_examples=10)
    @given(st.lists(st.lists(st.integers(0, 12), max_size=5, unique=True), max_size=3))
    def test_scores_are_numbers_or_none(self, topics: list[list[int]]) -> None:
        """Never nan and never infinite, absent terms included; None where there is no pair of terms."""
        scores = coherence(topics, documents(12))
        rated = any(len(terms) > 1 for terms in topics)
        assert set(scores) == {"npmi", "c_v"}
        assert all((value is not None and np.isfinite(value)) == rated for value in scores.values())

    @settings(max_examples=20)
    @given(
        st.lists(st.permutations(range(13)).map(lambda order: order[:4]), min_size=1, max_size=3), st.integers(1, 90)
    )
    def test_it_is_what_gensim_computes_by_document(self, topics: list[list[int]], n: int) -> None:
        """With a window as long as the longest document."""
        counts = documents(n)
        texts = [[str(column) for column in sorted(counts[[row]].indices)] for row in range(n)]
        wanted = sorted({str(column) for terms in topics for column in terms})
        texts = [[word for word in text if word in wanted] for text in texts] + [wanted]
        words = [[str(column) for column in terms] for terms in topics]
        for name, measure in (("npmi", "c_npmi"), ("c_v", "c_v")):
            model = CoherenceModel(
                topics=words, texts=texts, dictionary=Dictionary(texts), coherence=measure, window_size=99, processes=1
            )
            assert coherence(topics, counts)[name] == pytest.approx(model.get_coherence(), abs=1e-4)

    def test_terms_that_are_in_no_document_are_no_error(self) -> None:
        nothing = sparse.csr_array((5, 3), dtype=np.float64)
        assert all(np.isfinite(value) for value in coherence([[0, 1, 2]], nothing).values())


class TestDiversity:
    """Do topics differ?"""

    @pytest.mark.parametrize(
        ("topics", "expected"),
        [(PLANTED, 1.0), ([[0, 1], [0, 1]], 0.5), ([[0, 1], [1, 2]], 0.75), ([[0], []], 1.0), ([], None), ([[]], None)],
    )
    def test_it_is_the_share_of_different_terms(self, topics: list[list[int]], expected: float | None) -> None:
        assert diversity(topics) == expected


class TestLanguageLeakage:
    """Can the language of a body be told?"""

    LANGS = np.array(["zh", "en"] * 40)
    ZH = LANGS == "zh"

    def vectors(self, leak: float) -> np.ndarray:
        rows = np.random.default_rng(0).normal(size=(80, 4))
        rows[:, 0] += leak * self.ZH
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def test_planted_language_is_seen_in_clusters_and_map(self) -> None:
        vectors = self.vectors(leak=20.0)
        scores = language_leakage(vectors, self.ZH.astype(int), vectors[:, :2], self.LANGS.tolist())
        assert scores["language_from_clusters"] == 1
        assert scores["language_on_map"] > 0.3

    def test_a_shift_between_languages_is_gone_once_its_direction_is_taken_out(self) -> None:
        vectors = self.vectors(leak=2.0)
        scores = language_leakage(vectors, np.arange(80) % 5, vectors[:, :2], self.LANGS.tolist())
        assert scores["language_from_vectors"] < 0.7

    def test_where_there_is_none_the_classifier_guesses(self) -> None:
        vectors = self.vectors(leak=0.0)
        labels = np.arange(80) // 4 % 5
        scores = language_leakage(vectors, labels, vectors[:, :2], self.LANGS.tolist())
        assert 0.3 < scores["language_from_vectors"] < 0.7
        assert abs(scores["language_from_clusters"]) < 0.1
        assert abs(scores["language_on_map"]) < 0.1

    def test_many_articles_of_one_language_are_no_excuse(self) -> None:
        """Balanced accuracy: always guessing the commoner language is worth a half."""
        langs = ["zh"] * 8 + ["en"] * 72
        vectors = np.random.default_rng(1).normal(size=(80, 4)) / 2
        scores = language_leakage(vectors, np.zeros(80, dtype=int), vectors[:, :2], langs)
        assert scores["language_from_vectors"] < 0.75

    @pytest.mark.parametrize("n_zh", [0, 3, 80])
    def test_with_one_language_there_is_nothing_to_tell(self, n_zh: int) -> None:
        """Nor with three articles of the other."""
        langs = ["zh"] * n_zh + ["en"] * (80 - n_zh)
        vectors = self.vectors(leak=0.0)
        scores = language_leakage(vectors, np.zeros(80, dtype=int), vectors[:, :2], langs)
        assert set(scores) == {"language_from_vectors", "language_from_clusters", "language_on_map"}
        assert set(scores.values()) == {None}

    def test_few_articles_of_a_language_are_told_by_fewer_folds(self) -> None:
        langs = ["zh"] * 4 + ["en"] * 8
        vectors = self.vectors(leak=0.0)[:12]
        scores = language_leakage(vectors, np.arange(12) % 3, vectors[:, :2], langs)
        assert all(value is not None and np.isfinite(value) for value in scores.values())

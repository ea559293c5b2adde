"""Specification of the vectors: shared concepts make articles alike, their language does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from rare_topics.projection.neighbors import similar_pairs
from rare_topics.vectorize.concept_space import SMALL_COLLECTION, ConceptSpace

SMALL = hnp.arrays(np.int64, st.tuples(st.integers(2, 8), st.integers(1, 8)), elements=st.integers(0, 3))


def counts(rows: object) -> sparse.csr_array:
    return sparse.csr_array(np.asarray(rows, dtype=np.float64))


def planted(n_articles: int, *, n_subjects: int = 4, seed: int = 0) -> tuple[sparse.csr_array, np.ndarray]:
    """Articles on subjects of ten concepts each; two of three words are on the subject."""
    rng = np.random.default_rng(seed)
    subjects = np.arange(n_articles) % n_subjects
    shares = np.full((n_subjects, 10 * n_subjects), 1 / 3 / (10 * n_subjects))
    for subject in range(n_subjects):
        shares[subject, 10 * subject : 10 * (subject + 1)] += 2 / 30
    return counts([rng.multinomial(60, shares[subject]) for subject in subjects]), subjects


def is_unit_or_zero(vectors: np.ndarray) -> bool:
    lengths = np.linalg.norm(vectors, axis=1)
    return bool((np.isclose(lengths, 1) | np.isclose(lengths, 0)).all())


class TestRows:
    """A vector is a direction."""

    @settings(max_examples=25)
    @given(SMALL)
    def test_rows_have_length_one_or_zero(self, matrix: np.ndarray) -> None:
        """Whatever was counted; nothing becomes nan."""
        vectors = ConceptSpace().fit_transform(counts(matrix), langs=["zh", "en"] * 4 if len(matrix) == 8 else None)
        assert np.isfinite(vectors).all()
        assert is_unit_or_zero(vectors)

    @settings(max_examples=25)
    @given(SMALL)
    def test_training_rows_transform_to_what_fit_gave(self, matrix: np.ndarray) -> None:
        """Together or one by one."""
        space = ConceptSpace()
        fitted = space.fit_transform(counts(matrix))
        alone = np.vstack([space.transform(counts(matrix[[row]])) for row in range(len(matrix))])
        assert fitted.shape == (len(matrix), space.n_components_)
        assert np.allclose(space.transform(counts(matrix)), fitted)
        assert np.allclose(alone, fitted)

    @settings(max_examples=25)
    @given(SMALL, st.data())
    def test_the_order_of_the_articles_changes_no_cosine(self, matrix: np.ndarray, data: st.DataObject) -> None:
        """Permuting the rows permutes the similarities."""
        order = np.array(data.draw(st.permutations(range(len(matrix)))))
        vectors, permuted = (ConceptSpace().fit_transform(counts(rows)) for rows in (matrix, matrix[order]))
        assert np.allclose(permuted @ permuted.T, (vectors @ vectors.T)[np.ix_(order, order)], atol=1e-7)

    def test_articles_without_a_known_concept_stand_at_zero(self) -> None:
        """And nobody is like them."""
        space = ConceptSpace().fit(counts([[1, 1, 0], [1, 1, 0], [0, 0, 1]]))
        assert space.transform(counts([[0, 0, 0], [0, 0, 5]])).tolist() == np.zeros((2, space.n_components_)).tolist()

    def test_nothing_is_served_before_fit(self) -> None:
        with pytest.raises(NotFittedError):
            ConceptSpace().transform(counts([[1]]))

    def test_a_clone_carries_the_settings_and_nothing_learned(self) -> None:
        space = clone(ConceptSpace(7, random_state=3).fit(counts(np.eye(3))))
        assert (space.n_components, space.random_state) == (7, 3)
        assert not hasattr(space, "idf_")


class TestSimilarity:
    """What makes two articles alike."""

    @settings(max_examples=25)
    @given(SMALL, st.integers(1, 50), st.data())
    def test_a_concept_of_one_article_alone_changes_no_cosine(
        self, matrix: np.ndarray, times: int, data: st.DataObject
    ) -> None:
        """However often that article names it."""
        only = np.zeros((len(matrix), 1))
        only[data.draw(st.integers(0, len(matrix) - 1))] = times
        without = ConceptSpace().fit_transform(counts(np.hstack([matrix, np.zeros_like(only)])))
        with_it = ConceptSpace().fit_transform(counts(np.hstack([matrix, only])))
        assert np.allclose(without @ without.T, with_it @ with_it.T, atol=1e-7)

    def test_concepts_of_one_passage_bring_their_articles_closer(self) -> None:
        """Articles that share no concept are alike where passages name theirs in one breath."""
        articles = counts([[2, 0, 0], [1, 0, 1], [0, 2, 0], [0, 1, 1], [0, 0, 1]])
        apart, together = counts(np.eye(3)), counts([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
        strangers, neighbours = (ConceptSpace().fit_transform(articles, passages=rows) for rows in (apart, together))
        assert strangers[0] @ strangers[2] == pytest.approx(0, abs=1e-9)
        assert neighbours[0] @ neighbours[2] > 0.1
        assert neighbours[0] @ neighbours[2] < neighbours[0] @ neighbours[1]

    def test_a_guessed_concept_takes_on_no_weight(self) -> None:
        """Only smoothable concepts do."""
        articles = counts([[2, 0, 0], [1, 0, 1], [0, 2, 0], [0, 1, 1], [0, 0, 1]])
        together = counts([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
        vectors = ConceptSpace().fit_transform(articles, passages=together, smoothable=np.zeros(3, dtype=bool))
        assert vectors[0] @ vectors[2] == pytest.approx(0, abs=1e-9)

    @pytest.mark.parametrize("n_articles", [SMALL_COLLECTION // 2, SMALL_COLLECTION + 100], ids=["few", "many"])
    def test_articles_on_one_subject_are_closest(self, n_articles: int) -> None:
        """In small collections and in large ones."""
        matrix, subjects = planted(n_articles)
        vectors = ConceptSpace(random_state=0).fit_transform(matrix)
        cosines = vectors @ vectors.T
        np.fill_diagonal(cosines, -1)
        assert (subjects[cosines.argmax(axis=1)] == subjects).mean() > 0.95


class TestManyArticles:
    """Beyond 200 articles the leading directions are the vectors."""

    def test_the_number_of_directions_is_the_one_asked_for(self) -> None:
        matrix, _ = planted(SMALL_COLLECTION + 1)
        space = ConceptSpace(6).fit(matrix)
        assert space.n_components_ == space.transform(matrix[:2]).shape[1] == 6

    def test_more_directions_than_concepts_are_no_error(self) -> None:
        matrix, _ = planted(SMALL_COLLECTION + 1)
        assert is_unit_or_zero(ConceptSpace(500).fit_transform(matrix))

    def test_the_directions_of_an_even_sample_place_all_articles(self) -> None:
        """Articles on one subject are closest, whether they were in the sample or not."""
        matrix, subjects = planted(SMALL_COLLECTION + 100)
        vectors = ConceptSpace(6, max_fit_samples=80).fit_transform(matrix)
        cosines = vectors @ vectors.T - 2 * np.eye(len(vectors))
        assert (subjects[cosines.argmax(axis=1)] == subjects).mean() > 0.9

    def test_where_a_collection_is_large_is_a_setting(self) -> None:
        matrix, _ = planted(30)
        assert ConceptSpace(6, small_collection=29).fit(matrix).n_components_ == 6
        assert ConceptSpace(6, small_collection=30).fit(matrix).n_components_ > 6

    def test_the_same_seed_gives_the_same_bits(self) -> None:
        matrix, _ = planted(SMALL_COLLECTION + 1)
        one, other = (ConceptSpace(6, random_state=1).fit_transform(matrix) for _ in range(2))
        assert np.array_equal(one, other)


class TestShortTexts:
    """Titles on one subject seldom share a word."""

    @staticmethod
    def titles(n_titles: int = 400) -> tuple[sparse.csr_array, np.ndarray, list[str]]:
        """Three words of twenty on each of four subjects, which are all written with one sign of their own."""
        rng = np.random.default_rng(0)
        subjects = np.arange(n_titles) % 4
        rows = np.zeros((n_titles, 84))
        for row, subject in zip(rows, subjects, strict=True):
            row[20 * subject + rng.choice(20, 3, replace=False)] = 1
        names = [f"{'股房球学'[column // 20]}{chr(0x5000 + column)}" for column in range(80)]
        return counts(rows), subjects, [*names, "股票", "股市", "房产", "rare"]

    def test_words_that_stand_beside_the_same_others_bring_titles_closer(self) -> None:
        matrix, subjects, _ = self.titles()
        vectors = ConceptSpace().fit_transform(matrix)
        shares_nothing = (matrix @ matrix.T).toarray() == 0
        is_same = subjects[:, None] == subjects
        cosines = vectors @ vectors.T
        assert cosines[shares_nothing & is_same].min() > cosines[shares_nothing & ~is_same].max()

    def test_a_word_of_one_title_is_known_by_its_signs(self) -> None:
        matrix, subjects, names = self.titles()
        rows = matrix.toarray()
        rows[:3], rows[0, 80], rows[1, 82], rows[2, 83] = 0, 1, 1, 1
        vectors = ConceptSpace().fit_transform(counts(rows), names=names)
        cosines = vectors[:3] @ np.array([vectors[3:][subjects[3:] == subject].mean(axis=0) for subject in range(4)]).T
        assert cosines[:2].argmax(axis=1).tolist() == [0, 1]
        assert cosines[2].max() < cosines[:2].max(axis=1).min() / 2

    def test_titles_seen_later_are_placed_the_same(self) -> None:
        matrix, _, names = self.titles()
        space = ConceptSpace()
        fitted = space.fit_transform(matrix, names=names)
        assert np.allclose(space.transform(matrix[:5]), fitted[:5])
        assert space.fit_transform(matrix, names=names).tobytes() == fitted.tobytes()

    def test_texts_of_one_word_are_no_error(self) -> None:
        vectors = ConceptSpace().fit_transform(counts(np.eye(3)[np.arange(300) % 3]), names=["股", "房", "x"])
        assert is_unit_or_zero(vectors)
        is_same = np.arange(300)[:, None] % 3 == np.arange(300) % 3
        cosines = vectors @ vectors.T
        assert np.allclose(cosines[is_same], 1)
        assert cosines[~is_same].max() < 0.5


class TestLanguage:
    """Language is a direction, and it is taken out."""

    @pytest.mark.parametrize("n_articles", [60, SMALL_COLLECTION + 60], ids=["few", "many"])
    def test_the_mean_articles_of_both_languages_coincide_along_it(self, n_articles: int) -> None:
        """Where one language always names a concept of its own."""
        matrix, subjects = planted(n_articles)
        zh = (np.arange(n_articles) // 4) % 2 == 0
        marked = sparse.csr_array(sparse.hstack([matrix, counts(5 * zh[:, None])]))
        langs = ["zh" if flag else "en" for flag in zh]
        plain = ConceptSpace().fit_transform(marked)
        space = ConceptSpace()
        vectors = space.fit_transform(marked, langs=langs)
        assert np.linalg.norm(space.language_) == pytest.approx(1)
        assert (vectors[zh] @ space.language_).mean() == pytest.approx(
            (vectors[~zh] @ space.language_).mean(), abs=1e-9
        )
        gap, gap_before = (np.linalg.norm(v[zh].mean(axis=0) - v[~zh].mean(axis=0)) for v in (vectors, plain))
        assert gap < gap_before / 2
        cosines = vectors @ vectors.T - 2 * np.eye(n_articles)
        assert (subjects[cosines.argmax(axis=1)] == subjects).mean() > 0.9

    @pytest.mark.parametrize("langs", [None, ["zh"] * 4, ["zh", "en", "en", "en"], [""] * 4])
    def test_without_a_second_language_nothing_is_taken_out(self, langs: list[str] | None) -> None:
        """One article does not show what a language looks like."""
        matrix = counts([[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1]])
        space = ConceptSpace().fit(matrix, langs=langs)
        assert space.language_ is None
        assert np.array_equal(space.transform(matrix), ConceptSpace().fit_transform(matrix))

    def test_on_the_embedded_pages_a_headline_finds_its_like_in_the_other_language(self, study: object) -> None:
        """Likeness across languages is on the scale of likeness within one."""
        vectors, langs = study.state.vectors, np.array([article.body_lang for article in study.corpus])  # type: ignore[attr-defined]
        cosines = vectors @ vectors.T
        across = cosines[np.ix_(langs == "zh", langs == "en")]
        assert across.max(axis=1).min() > 0.02


class TestNearestPairs:
    """Similarities, without a table of all pairs."""

    VECTORS = np.array([[1, 0], [0.8, 0.6], [0, 1], [-1, 0]])

    def test_every_pair_comes_once(self) -> None:
        pairs = {(one, other): value for one, other, value in similar_pairs(self.VECTORS)}
        assert sorted(pairs) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
        assert pairs[0, 1] == pytest.approx(0.8)
        assert pairs[0, 3] == pytest.approx(-1)

    @pytest.mark.parametrize(("n_neighbors", "expected"), [(1, 1), (2, 2), (10, 3)])
    def test_only_the_nearest_are_given_where_asked(self, n_neighbors: int, expected: int) -> None:
        """The nearest first, and never an article with itself."""
        pairs = list(similar_pairs(self.VECTORS, n_neighbors=n_neighbors))
        for row in range(4):
            values = [value for one, _, value in pairs if one == row]
            assert len(values) == expected
            assert values == sorted(values, reverse=True)
        assert all(one != other for one, other, _ in pairs)
        assert pairs[0][:2] == (0, 1)

    def test_the_nearest_may_be_looked_for_among_candidates(self) -> None:
        """All of them are no other answer; sparse rows are compared alike."""
        everyone = np.array(
            [[other for other in range(len(self.VECTORS)) if other != one] for one in range(len(self.VECTORS))]
        )
        for rows in (self.VECTORS, sparse.csr_array(self.VECTORS)):
            found = list(similar_pairs(rows, n_neighbors=3, candidates=everyone))
            wanted = list(similar_pairs(self.VECTORS, n_neighbors=3))
            assert [pair[:2] for pair in found] == [pair[:2] for pair in wanted]
            assert np.allclose([near for *_, near in found], [near for *_, near in wanted])

    def test_the_size_of_a_batch_does_not_matter(self) -> None:
        assert list(similar_pairs(self.VECTORS, batch_size=3)) == list(similar_pairs(self.VECTORS))

    def test_the_vectors_stay_as_they_are(self) -> None:
        vectors = self.VECTORS.copy()
        list(similar_pairs(vectors, n_neighbors=1))
        assert np.array_equal(vectors, self.VECTORS)

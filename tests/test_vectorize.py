"""Specification of the vectorizer: weighted counts of concepts, one vocabulary for both languages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.pipeline import make_pipeline

from rare_topics.corpus.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.lexicon import Lexicon
from rare_topics.vectorize.vectorizer import ConceptVectorizer
from rare_topics.vectorize.vocabulary import sum_rows_by_group

LEXICON = Lexicon()
TEXTS = ["关税上调,他们买了稀土。", "Tariffs on rare earths rise.", "稀土,稀土,稀土!", "New South Wales opens a mine."]


def counts(texts: list[str], **settings: object) -> tuple[ConceptVectorizer, np.ndarray]:
    """Fit a vectorizer and give it with its dense counts."""
    vectorizer = ConceptVectorizer(LEXICON, **settings)  # type: ignore[arg-type]
    return vectorizer, vectorizer.fit_transform(texts).toarray()


class TestCounts:
    """A row a text, a column a concept."""

    def test_both_languages_share_their_columns(self) -> None:
        """A concept is counted wherever it is named."""
        vectorizer, matrix = counts(TEXTS)
        rare_earths, tariff = (vectorizer.vocabulary_[name] for name in ("rare_earths", "tariff"))
        assert matrix[:, rare_earths].tolist() == [1, 1, 3, 0]
        assert matrix[:2, tariff].tolist() == [1, 1]

    def test_columns_are_in_alphabetical_order(self) -> None:
        """As their names are."""
        vectorizer, matrix = counts(TEXTS)
        names = list(vectorizer.get_feature_names_out())
        assert names == sorted(names) == sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
        assert matrix.shape == (len(TEXTS), len(names))

    def test_transform_gives_what_fit_transform_gave(self) -> None:
        """On the same texts."""
        vectorizer, matrix = counts(TEXTS)
        assert np.array_equal(vectorizer.transform(TEXTS).toarray(), matrix)

    def test_unseen_concepts_are_left_out(self) -> None:
        """And a text without any is a row of zeros."""
        vectorizer, _ = counts(["稀土"])
        assert vectorizer.transform(["tariff", "", "rare earths"]).toarray().tolist() == [[0], [0], [1]]

    def test_boilerplate_is_not_counted(self) -> None:
        """Labels and marks of a page change nothing."""
        _, plain = counts(["Rare earths matter to the mirror trade"])
        _, marked = counts(["Core Viewpoint - Rare earths matter to the mirror trade [1][13]. Group 2 - "])
        assert np.array_equal(plain, marked)

    def test_a_concept_remembers_the_words_that_named_it(self) -> None:
        """As printed, with how often."""
        vectorizer, _ = counts([*TEXTS, "关 税"])
        assert vectorizer.surfaces_["rare_earths"] == {"稀土": 4, "rare earths": 1}
        assert vectorizer.surfaces_["tariff"] == {"关税": 1, "Tariffs": 1, "关 税": 1}

    def test_rare_concepts_may_be_left_out(self) -> None:
        """By the number of texts they stand in."""
        vectorizer, matrix = counts(TEXTS, min_df=3)
        assert vectorizer.get_feature_names_out().tolist() == ["rare_earths"]
        assert set(vectorizer.surfaces_) == {"rare_earths"}
        assert matrix.tolist() == [[1], [1], [3], [0]]

    @given(st.permutations(range(len(TEXTS))))
    def test_permuting_the_texts_permutes_the_rows(self, order: list[int]) -> None:
        """And nothing else."""
        _, matrix = counts(TEXTS)
        _, permuted = counts([TEXTS[number] for number in order])
        assert np.array_equal(permuted, matrix[order])

    @given(st.lists(st.text(st.sampled_from("稀土关税镜子美中国大学 rate.A1"), min_size=1), max_size=5))
    def test_counts_of_a_text_do_not_depend_on_its_neighbours(self, texts: list[str]) -> None:
        """A row is a matter of its own text."""
        vectorizer, _ = counts([*TEXTS, *texts], gloss="always")
        together = vectorizer.transform(texts).toarray()
        alone = [vectorizer.transform([text]).toarray()[0] for text in texts]
        assert np.array_equal(together, np.array(alone).reshape(together.shape))


class TestGlossing:
    """General Chinese words become English where the texts hold both languages."""

    @pytest.mark.parametrize(
        ("texts", "glossed"),
        [
            (["稀土的镜子", "关税"], False),
            (["The mirror", "A tariff"], False),
            (["稀土的镜子", "The mirror"], True),
            (["稀土的镜子"] * 99 + ["The mirror"], False),
        ],
    )
    def test_auto_looks_at_the_texts(self, texts: list[str], glossed: bool) -> None:
        """A quotation is no second language."""
        vectorizer = ConceptVectorizer().fit(texts)
        assert vectorizer.glossed_ is glossed
        assert ("镜子" in vectorizer.vocabulary_) is (not glossed and "镜" in texts[0])

    @pytest.mark.parametrize(("gloss", "name"), [("always", "mirror"), ("never", "镜子")])
    def test_it_may_be_settled(self, gloss: str, name: str) -> None:
        """Whatever the texts."""
        vectorizer = ConceptVectorizer(gloss=gloss).fit(["稀土的镜子", "The magnet"])  # type: ignore[arg-type]
        assert name in vectorizer.vocabulary_


class TestTheEstimator:
    """A step of a scikit-learn pipeline."""

    def test_it_is_cloned_with_its_settings(self) -> None:
        """Without what was learned."""
        vectorizer = clone(ConceptVectorizer(min_df=2).fit(["稀土", "稀土"]))
        assert vectorizer.min_df == 2
        with pytest.raises(NotFittedError):
            vectorizer.transform(["稀土"])

    def test_tf_idf_follows_in_a_pipeline(self) -> None:
        """Rows of length 1."""
        weights = make_pipeline(ConceptVectorizer(LEXICON), TfidfTransformer()).fit_transform(TEXTS)
        assert np.allclose(np.sqrt((weights.toarray() ** 2).sum(axis=1)), 1)

    def test_a_second_fit_forgets_the_first(self) -> None:
        """Rerunning is safe."""
        vectorizer = ConceptVectorizer(LEXICON).fit(TEXTS)
        assert list(vectorizer.fit(["关税"]).vocabulary_) == ["tariff"]

    @pytest.mark.parametrize(
        ("texts", "settings", "problem"),
        [
            ([], {}, "no text holds a word"),
            (["", "[1] - 2025", "的"], {}, "no text holds a word"),
            ("稀土", {}, "one string"),
            (["稀土", None], {}, "text 1 is no string but NoneType"),
            (["稀土", "关税"], {"min_df": 2}, "no concept stands in 2 texts"),
        ],
    )
    def test_texts_that_give_nothing_are_refused(self, texts: object, settings: dict[str, int], problem: str) -> None:
        """With what to do."""
        with pytest.raises(InputError, match=problem) as error:
            ConceptVectorizer(LEXICON, **settings).fit(texts)  # type: ignore[arg-type]
        assert error.value.fix

    def test_the_seeds_are_about_rare_earths_in_both_languages(self, seeds: Corpus) -> None:
        """The commonest concept of all, and every article has some."""
        vectorizer = ConceptVectorizer()
        matrix = vectorizer.fit_transform(article.body for article in seeds)
        assert vectorizer.glossed_
        assert matrix.sum(axis=1).min() > 0
        totals = dict(zip(vectorizer.get_feature_names_out(), matrix.sum(axis=0), strict=True))
        assert max(totals, key=totals.__getitem__) in {"rare_earths", "china", "usa"}
        assert {"稀土", "rare earth"} <= set(vectorizer.surfaces_["rare_earths"])


def test_a_lexicon_that_does_not_gloss_leaves_general_words_their_weight():
    """Whatever the languages of the texts."""
    texts = ["美国对钢铁加征关税", "A tariff on steel is announced by farmers"]
    vectorizer = ConceptVectorizer(Lexicon(gloss=False))
    vectorizer.fit(texts)
    assert not vectorizer.glossed_
    assert vectorizer.general_weight_ == 1


class TestCoverage:
    """How much of a text the vocabulary holds."""

    def test_it_is_the_share_of_the_mentions_by_weight(self) -> None:
        vectorizer, _ = counts(["稀土", "A tariff"], gloss="never")
        coverage = vectorizer.vocabulary_coverage(["rare earths", "rare earths and mirrors", "mirrors", ""])
        assert coverage.tolist() == [1, 0.5, 0, 1]

    def test_columns_are_given_in_the_order_asked_for(self) -> None:
        vectorizer, _ = counts(["稀土", "A tariff"])
        assert vectorizer.concept_columns(["tariff", "rare_earths"]) == [1, 0]
        with pytest.raises(KeyError):
            vectorizer.concept_columns(["mirror"])


class TestGroups:
    """Texts that are counted together, as the passages of an article are."""

    def test_their_rows_are_sums_to_the_last_bit(self, seeds: Corpus) -> None:
        """And what is learned is the same, however many blocks there are."""
        one, other = ConceptVectorizer(LEXICON), ConceptVectorizer(LEXICON, block_chars=500)
        single = one.fit_transform(seeds.passages.texts)
        sums = other.fit_transform_groups(seeds.passages.texts, groups=seeds.passages.article_rows)
        expected = sum_rows_by_group(single, seeds.passages.article_rows, len(seeds))
        assert np.array_equal(sums.toarray(), expected.toarray())
        assert np.array_equal(sums.indices, expected.indices)
        assert other.vocabulary_ == one.vocabulary_
        assert other.surfaces_ == one.surfaces_
        assert other.general_weight_ == one.general_weight_

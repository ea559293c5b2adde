"""Specification of the labels: what sets a group apart, named as the corpus prints it, in both languages."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rare_topics.lexicon import Lexicon
from rare_topics.study.labels import MAX_TERMS_IN_LABEL, Namer, log_odds

LEXICON = Lexicon()
GROUPS = hnp.arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 8)), elements=st.integers(0, 40))


def namer(**surfaces: dict[str, float]) -> Namer:
    return Namer(LEXICON, {concept: Counter(printed) for concept, printed in surfaces.items()})


class TestNames:
    """One concept, a name in each language."""

    def test_a_domain_concept_has_the_lexicon_s_names(self) -> None:
        """Whatever form the corpus prints most."""
        names = namer(usa={"美": 9, "Americans": 9})
        assert names.name("usa", "en") == LEXICON.label("usa", "en")
        assert names.name("usa", "zh") == LEXICON.label("usa", "zh") == "美国"

    def test_a_general_word_is_named_as_the_corpus_prints_it_most(self) -> None:
        names = namer(harbour={"Harbours": 1, "harbour": 2, "港口": 2, "海港": 1})
        assert names.name("harbour", "en") == "harbour"
        assert names.name("harbour", "zh") == "港口"

    def test_capitals_and_possessives_are_one_form(self) -> None:
        names = namer(harbour={"Harbour": 1, "harbour's": 1, "HARBOUR": 1, "port": 2})
        assert names.name("harbour", "en") == "harbour"

    def test_of_equally_common_forms_the_first_in_the_alphabet_is_taken(self) -> None:
        """Whatever the order they were met in."""
        assert namer(x={"beta": 1, "alpha": 1}).name("x", "en") == namer(x={"alpha": 1, "beta": 1}).name("x", "en")

    def test_line_wraps_within_a_chinese_word_leave_no_space(self) -> None:
        assert namer(x={"港 口": 1}).name("x", "zh") == "港口"

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_a_concept_never_printed_in_a_language_has_a_name_all_the_same(self, lang: str) -> None:
        assert namer().name("harbor", lang)

    def test_a_chinese_word_that_was_not_glossed_has_an_english_name(self) -> None:
        """As in a corpus of Chinese alone."""
        assert namer(学生={"学生": 3}).name("学生", "en") == "student"
        assert namer(学生={"学生": 3}).name("学生", "zh") == "学生"

    def test_a_name_that_another_concept_has_gives_way_to_the_dictionary_s(self) -> None:
        """What is printed for both names the first of them."""
        names = namer(globe={"全球": 5, "global": 3}, world={"全球": 4, "world": 2})
        assert names.names(["globe", "world"], "zh") == ["全球", "世界"]
        assert names.names(["globe", "world"], "en") == ["global", "world"]

    def test_a_name_that_the_dictionary_has_for_both_stands_twice(self) -> None:
        names = namer(world={"世界": 4}, globe={"世界": 5}, 世界={"世界": 3})
        assert names.names(["世界", "world"], "zh") == ["世界", "世界"]


class TestOutsideTheField:
    """In a corpus of another field the lexicon's concepts are what the corpus calls them."""

    COFFEE = Namer(
        LEXICON,
        {
            "mining_quota": {"quotas": 9, "quota": 4},
            "neodymium": {"nd": 3},
            "brazil": {"Brazil's": 2, "Brazilian": 5},
            "coffee": {"coffee": 20},
            "gold": {"gold": 2},
            "court": {"court": 4},
        },
        has_domain=False,
        has_chinese=False,
    )

    def test_a_quota_is_no_mining_quota_and_letters_are_no_element(self) -> None:
        assert self.COFFEE.label(["coffee", "mining_quota", "neodymium"], "en") == "coffee · quotas · nd"

    def test_proper_names_stay_what_they_are(self) -> None:
        assert self.COFFEE.name("brazil", "en") == "Brazil"
        assert self.COFFEE.name("brazil", "zh") == "巴西"

    def test_concepts_of_the_lexicon_are_not_preferred(self) -> None:
        assert self.COFFEE.domain_first(["coffee", "mining_quota"]) == ["coffee", "mining_quota"]

    def test_without_chinese_text_only_what_is_certain_has_a_chinese_name(self) -> None:
        """A first gloss of court would be 朝廷."""
        assert self.COFFEE.label(["gold", "court", "mining_quota"], "zh") == "黄金 · court · quotas"

    def test_a_term_without_a_certain_name_keeps_its_english_one_as_a_whole(self) -> None:
        names = Namer(
            LEXICON,
            {"prime": {"prime": 3}, "rate": {"rate": 3}},
            {("prime", "rate"): {"prime rate": 3.0}},
            has_domain=False,
            has_chinese=False,
        )
        assert names.label(["rate", "prime"], "zh") == "prime rate"


class TestGlosses:
    """A dictionary names, or it explains."""

    @pytest.mark.parametrize(
        ("word", "name"), [("拉萨", "Lhasa"), ("曼德拉", "Nelson Mandela"), ("金日成", "金日成"), ("学生", "student")]
    )
    def test_what_stands_behind_a_name_is_left_out(self, word: str, name: str) -> None:
        assert namer(**{word: {word: 3}}).name(word, "en") == name


class TestSubjects:
    """Who publishes is not what is written about."""

    @pytest.mark.parametrize("word", ["reuters", "Reuter", "新华社", "记者", "AFP"])
    def test_agencies_and_parts_of_a_page_are_none(self, word: str) -> None:
        assert not namer(**{word: {word: 5}}).is_subject(word)

    @pytest.mark.parametrize("word", ["coffee", "tariff", "学生", "usa"])
    def test_other_words_are(self, word: str) -> None:
        assert namer(**{word: {word: 5}}).is_subject(word)

    def test_no_two_terms_have_one_name(self) -> None:
        """Two concepts that are printed alike in one language."""
        names = namer(world={"全球": 4, "world": 2}, globe={"全球": 5, "global": 3})
        assert names.terms(["world", "globe"], "zh") == ["全球"]
        assert names.terms(["world", "globe"], "en") == ["world", "global"]


class TestTerms:
    """Concepts that the corpus prints as one term are named together."""

    RATES = Namer(
        LEXICON,
        {"interest": {"interest": 5, "利率": 2, "利益": 9}, "rate": {"rates": 4, "利率": 2}, "bank": {"bank": 1}},
        {("interest", "rate"): {"interest rate": 3.0, "Interest  rate": 1.0, "interest rates": 1.0}},
    )

    def test_a_term_is_named_as_it_is_printed_most(self) -> None:
        assert self.RATES.terms(["rate", "bank", "interest"], "en") == ["interest rate", "bank"]

    def test_a_language_that_has_one_word_for_it_takes_that_word(self) -> None:
        """Both concepts were named by it."""
        assert self.RATES.terms(["rate", "interest"], "zh") == ["利率"]

    def test_a_term_is_not_made_of_what_is_not_asked_for(self) -> None:
        assert self.RATES.terms(["rate", "bank"], "en") == ["rates", "bank"]


class TestLabel:
    """Three terms at most, none said twice."""

    WORDS = namer(**{word: {word: 1} for word in ("oil", "crude oil", "gas", "coal", "wind", "gasoline")})

    def test_the_first_three_terms_make_the_label(self) -> None:
        assert self.WORDS.label(["oil", "gas", "coal", "wind"], "en") == "oil · gas · coal"

    def test_of_names_that_repeat_each_other_the_longest_is_kept(self) -> None:
        """In the place of the first."""
        assert self.WORDS.label(["oil", "gas", "crude oil", "coal"], "en") == "crude oil · gas · coal"
        assert self.WORDS.label(["crude oil", "oil", "gas"], "en") == "crude oil · gas"

    def test_nothing_gives_an_empty_label(self) -> None:
        assert self.WORDS.label([], "en") == ""

    @given(st.lists(st.sampled_from(["oil", "crude oil", "gas", "coal", "wind", "gasoline", "usa", "tariff"])))
    def test_no_term_of_a_label_stands_within_another(self, concepts: list[str]) -> None:
        for lang in ("zh", "en"):
            terms = self.WORDS.label(concepts, lang).split(" · ")
            assert len(terms) <= MAX_TERMS_IN_LABEL
            assert not any(one in other for one in terms for other in terms if one is not other)

    PHRASES = Namer(
        LEXICON,
        {
            "supply": {"supply": 20, "供应": 9},
            "money": {"money": 90},
            "water": {"water": 30, "水": 4},
            "fresh": {"fresh": 6},
            "m-1": {"m-1": 5},
        },
        {
            ("money", "supply"): {"money supply": 7.0},
            ("m-1", "money", "supply"): {"m-1 money supply": 4.0},
            ("fresh", "water"): {"fresh water": 6.0},
        },
    )

    def test_a_word_that_mostly_stands_in_one_term_is_named_by_the_term(self) -> None:
        """Where the term stands in a longer one it counts as well; the longer one is but a part of it."""
        assert self.PHRASES.label(["supply", "water"], "en") == "money supply · water"
        assert self.PHRASES.label(["fresh"], "en") == "fresh water"

    def test_a_word_of_many_terms_is_named_alone(self) -> None:
        assert self.PHRASES.label(["water", "money"], "en") == "water · money"

    def test_what_one_language_prints_as_a_term_is_none_in_the_other(self) -> None:
        assert self.PHRASES.label(["supply"], "zh") == "供应"

    def test_a_term_is_said_once_whichever_of_its_words_asks_for_it(self) -> None:
        assert self.PHRASES.label(["supply", "money"], "en") == "money supply"

    def test_concepts_of_the_lexicon_come_before_general_words(self) -> None:
        """Each kind in the order given."""
        assert namer().domain_first(["harbour", "tariff", "wind", "usa"]) == ["tariff", "usa", "harbour", "wind"]


class TestLogOdds:
    """How much more a group uses a concept than the rest does."""

    def test_a_group_s_own_words_come_first(self) -> None:
        """Planted: words 0 to 2 belong to the first group, 3 to 5 to the second, word 6 to both."""
        groups = np.array([[9.0, 8, 7, 1, 0, 1, 30], [1, 0, 1, 9, 8, 7, 30]])
        scores = log_odds(groups, groups.sum(axis=0))
        assert set(np.argsort(-scores[0])[:3]) == {0, 1, 2}
        assert set(np.argsort(-scores[1])[:3]) == {3, 4, 5}
        assert np.abs(scores[:, 6]).max() < 0.5

    def test_an_often_seen_difference_counts_more_than_a_rare_one(self) -> None:
        """Twenty of twenty tell more than one of one."""
        groups = np.array([[20.0, 1, 40], [0, 0, 60]])
        scores = log_odds(groups, groups.sum(axis=0))
        assert scores[0, 0] > scores[0, 1] > 0

    @given(GROUPS)
    def test_any_counts_give_finite_scores(self, groups: np.ndarray) -> None:
        """Empty groups, absent concepts and a vocabulary of one word included."""
        with np.errstate(all="raise", under="ignore"):
            assert np.isfinite(log_odds(groups.astype(float), groups.sum(axis=0).astype(float))).all()

    @given(GROUPS, st.data())
    def test_the_order_of_groups_and_concepts_does_not_matter(self, groups: np.ndarray, data: st.DataObject) -> None:
        rows = data.draw(st.permutations(range(groups.shape[0])))
        columns = data.draw(st.permutations(range(groups.shape[1])))
        scores = log_odds(groups.astype(float), groups.sum(axis=0))
        permuted = log_odds(groups[np.ix_(rows, columns)].astype(float), groups.sum(axis=0)[columns])
        assert np.allclose(permuted, scores[np.ix_(rows, columns)], atol=1e-4)

    def test_the_whole_corpus_is_set_apart_by_nothing(self) -> None:
        counts = np.array([[5.0, 3, 2]])
        assert np.allclose(log_odds(counts, counts[0]), 0, atol=1e-4)

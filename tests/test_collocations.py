"""Specification of collocations: concepts that stand side by side more often than chance are one term."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from rare_topics.lexicon import Lexicon, Mention
from rare_topics.text.segmenter import Segmenter
from rare_topics.vectorize.collocations import find_collocations, longest_terms

LEXICON = Lexicon()
SEGMENTER = Segmenter(words=LEXICON.words)
RATES = [
    "The discount rate fell.",
    "A discount rate of zero.",
    "Discount-rate worries again.",
    "The new discount rate.",
]
OTHERS = ["Farmers sold wheat.", "Wheat fell at the auction.", "The ferry sank.", "A discount on ferry tickets."]


def found(texts: list[str], **settings: object) -> dict:
    mentions = [LEXICON.mentions(SEGMENTER.tokenize(text)) for text in texts]
    return find_collocations(texts, mentions, **settings)


class TestFinding:
    """What stands together again and again."""

    def test_words_that_keep_together_are_one_term(self) -> None:
        """With every form it is printed in."""
        terms = found([*RATES, *OTHERS], min_count=3)
        assert terms == {("discount", "rate"): {"discount rate": 3.0, "Discount-rate": 1.0}}

    def test_words_with_another_between_them_are_none(self) -> None:
        """A comma, a full stop or a function word ends a term."""
        apart = ["The discount, rate and all.", "A discount. Rate it!", "The discount of the rate."]
        assert not found([*apart, *OTHERS], min_count=2)

    def test_a_rare_pair_is_none(self) -> None:
        assert not found([*RATES, *OTHERS], min_count=5)

    def test_the_turn_of_phrase_of_one_article_is_none(self) -> None:
        one = ["a"] * len(RATES) + ["b"] * len(OTHERS)
        assert not found([*RATES, *OTHERS], articles=one, min_count=3)

    def test_three_words_make_one_term(self) -> None:
        texts = ["The buffer stock manager sold.", "Buffer stock managers bought.", "A buffer stock manager fell ill."]
        assert ("buffer", "stock", "manager") in found([*texts, *OTHERS], min_count=2)

    def test_chinese_words_make_terms_too(self) -> None:
        texts = ["艺术创作很重要。", "他谈艺术创作。", "艺术创作要自由。"]
        plain = Lexicon(gloss=False)
        mentions = [plain.mentions(SEGMENTER.tokenize(text)) for text in texts]
        printed = find_collocations(texts, mentions, min_count=2)
        assert all(set(forms) <= {"艺术创作"} for forms in printed.values())

    def test_of_a_word_s_senses_the_heaviest_stands_for_it(self) -> None:
        senses = [Mention("rate", 0.3, 4, 6), Mention("interest", 0.7, 4, 6)]
        texts = ["银行 利率", "银行 利率", "别的"]
        mentions = [[Mention("bank", 1.0, 0, 2), *senses]] * 2 + [[Mention("other", 1.0, 0, 2)]]
        mentions = [[mention._replace(start=max(0, mention.start - 1)) for mention in named] for named in mentions]
        assert set(find_collocations(texts, mentions, min_count=2)) == {("bank", "interest")}


class TestLongestTerms:
    """Concepts of a list, those of one term joined."""

    KNOWN: ClassVar = {("interest", "rate"): {"interest rate": 9.0}, ("rate", "cut"): {"rate cut": 20.0}}

    def test_a_term_stands_where_its_first_concept_stood(self) -> None:
        assert longest_terms(["bank", "rate", "loan", "interest"], self.KNOWN) == [
            ("bank",),
            ("interest", "rate"),
            ("loan",),
        ]

    def test_of_two_terms_that_share_a_concept_the_commoner_is_taken(self) -> None:
        assert longest_terms(["interest", "rate", "cut"], self.KNOWN) == [("interest",), ("rate", "cut")]

    def test_a_longer_term_goes_first(self) -> None:
        known = {**self.KNOWN, ("interest", "rate", "cut"): {"interest rate cut": 2.0}}
        assert longest_terms(["cut", "interest", "rate"], known) == [("interest", "rate", "cut")]

    @given(st.lists(st.sampled_from(["interest", "rate", "cut", "bank", "loan"]), unique=True))
    def test_every_concept_is_there_once(self, concepts: list[str]) -> None:
        terms = longest_terms(concepts, self.KNOWN)
        assert sorted(concept for term in terms for concept in term) == sorted(concepts)

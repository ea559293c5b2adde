"""Specification of near-duplicates: planted ones are found, strangers are not, and work grows with the texts."""

from __future__ import annotations

import random
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.near_duplicates import (
    MAX_COPIES_COMPARED,
    MIN_AGREEMENT,
    N_BINS,
    candidate_pairs,
    near_duplicates,
    signature,
)

HAN = "稀土矿山复工产量磁材企业出口管制价格上涨关税中国美国日本供应链储备项目投资公司市场技术发展经济政策"


def story(number: int, *, alphabet: str = HAN, length: int = 400) -> str:
    """Write a text like no other."""
    draw = random.Random(number)  # noqa: S311 - no secret
    return "".join(draw.choices(alphabet, k=length))


def edited(text: str, share: float) -> str:
    """Change a share of the characters, spread over the text."""
    step = round(1 / share)
    return "".join("某" if at % step == 0 else char for at, char in enumerate(text))


class TestFinding:
    """What is planted is what is found."""

    @pytest.mark.parametrize("alphabet", [HAN, string.ascii_lowercase + "  "])
    @pytest.mark.parametrize("length", [60, 400, 3000])
    def test_a_story_with_small_edits_is_found_among_strangers(self, alphabet: str, length: int) -> None:
        texts = [story(number, alphabet=alphabet, length=length) for number in range(60)]
        planted = {(number, 60 + number) for number in range(20)}
        texts += [edited(texts[number], 0.05) for number in range(20)]
        found = list(near_duplicates(texts))
        assert {(one, other) for one, other, _ in found} == planted
        assert all(0.5 <= similarity < 1 for *_, similarity in found)

    def test_similarity_is_counted_and_not_estimated(self) -> None:
        """Of 398 shingles all but the last are common."""
        assert list(near_duplicates([story(1), story(1) + "某"])) == [(0, 1, round(397 / 398, 4))]

    def test_spaces_and_case_do_not_count(self) -> None:
        text = story(2, alphabet=string.ascii_lowercase)
        assert list(near_duplicates([text, f"{text[:50].upper()} {text[50:]}"])) == [(0, 1, 1.0)]

    @pytest.mark.parametrize("text", ["", "a", "  ", "稀土矿", "     "])
    def test_texts_without_a_shingle_are_no_duplicates(self, text: str) -> None:
        assert list(near_duplicates([text, text])) == []

    def test_no_text_is_no_error(self) -> None:
        assert list(near_duplicates([])) == []


class TestLaws:
    """What holds for every text."""

    @given(st.text())
    def test_any_text_has_a_signature_of_its_own(self, text: str) -> None:
        """The same each time."""
        assert signature(text).shape == (N_BINS,)
        assert np.array_equal(signature(text), signature(text))

    def test_bins_agree_as_often_as_shingles_are_shared(self) -> None:
        """Over many pairs, within two hundredths."""
        agreement = [
            (signature(story(number)) == signature(story(number)[:200] + story(number + 500)[:200])).mean()
            for number in range(100)
        ]
        assert abs(np.mean(agreement) - 197 / 597) < 0.02

    @pytest.mark.parametrize("alphabet", [HAN, string.ascii_lowercase])
    @pytest.mark.parametrize("length", [150, 400, 3000])
    def test_signatures_of_texts_that_share_half_agree_in_more_bins_than_are_required(
        self, alphabet: str, length: int
    ) -> None:
        """Edits as far apart as they can be and still leave half of the shingles."""
        texts = [story(number, alphabet=alphabet, length=length) for number in range(100)]
        assert all((signature(text) == signature(edited(text, 1 / 12))).mean() > MIN_AGREEMENT for text in texts)

    def test_work_grows_with_the_number_of_copies_and_not_with_its_square(self) -> None:
        """Each copy is compared with the nearest before it."""
        assert len(list(near_duplicates([story(3)] * 300))) <= 300 * MAX_COPIES_COMPARED

    def test_strangers_are_never_compared(self) -> None:
        """Only candidates cost an exact comparison."""
        signatures = np.stack([signature(story(number)) for number in range(400)])
        assert len(list(candidate_pairs(signatures))) <= 4

"""Specification of scripts: how much of a text is Chinese."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.languages import HAN_RANGES, han_share


@given(st.one_of(st.text(max_size=60), st.text(alphabet="稀土 rareé½٣_,。\n12", max_size=60)))
def test_the_share_of_han_is_that_of_letters_counted_one_by_one(text: str) -> None:
    letters = [char for char in text if re.fullmatch(r"[^\W\d_]", char)]
    # Planes of Han have places that no character has yet, and those are no letters.
    han = [char for char in text if re.fullmatch(f"[{HAN_RANGES}]", char)]
    assert han_share(text) == (len(han) / len(letters) if letters else 0)


@pytest.mark.parametrize(("text", "share"), [("", 0), ("F-35, 2025", 0), ("稀土 ab", 0.5), ("稀土。", 1)])
def test_digits_and_signs_are_of_no_script(text: str, share: float) -> None:
    assert han_share(text) == share

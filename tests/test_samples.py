"""Specification of samples: each row at most once, in order, the same ones for the same seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.runtime.sampling import sample_rows


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 2**31))
def test_rows_are_drawn_once_each_in_order(n: int, max_rows: int, seed: int) -> None:
    rows = sample_rows(n, max_rows, random_state=seed)
    assert len(rows) == min(n, max_rows)
    assert (np.diff(rows) > 0).all()
    assert ((rows >= 0) & (rows < n)).all()
    assert np.array_equal(rows, sample_rows(n, max_rows, random_state=seed))


def test_every_row_has_its_turn() -> None:
    """Over many seeds each of ten rows is drawn about as often."""
    times = np.bincount(np.concatenate([sample_rows(10, 4, random_state=seed) for seed in range(500)]))
    assert times.min() > 150
    assert times.max() < 250

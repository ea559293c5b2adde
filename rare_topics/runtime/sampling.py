"""A part of many rows that stands for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sample_rows(n: int, most: int, *, random_state: int | None = 0) -> NDArray[np.int64]:
    """Draw rows to learn from.

    Parameters
    ----------
    n
        Number of rows.
    most
        So many are drawn at the most.
    random_state
        Seed.

    Returns
    -------
    ndarray of shape (min(n, most),)
        Their positions in order, each once; all where there are no more.
    """
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, most, replace=False, shuffle=False))

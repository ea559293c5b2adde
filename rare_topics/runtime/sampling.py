"""Samples of rows, and intervals of means and shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The 2.5 % and 97.5 % quantiles of the resampled means: a 95 % interval.
INTERVAL = (0.025, 0.975)
# 97.5 % point of the normal distribution, the z of Wilson's interval.
NORMAL_QUANTILE = 1.959964
# Rows below which no interval is given: two rows resample to almost nothing but themselves.
LEAST_FOR_INTERVAL = 3


def sample_rows(n: int, max_rows: int, *, random_state: int | None = 0) -> NDArray[np.int64]:
    """Draw rows at random without replacement.

    Parameters
    ----------
    n
        Number of rows.
    max_rows
        Number of rows to draw; all are taken if there are no more.
    random_state
        Seed.

    Returns
    -------
    ndarray of shape (min(n, max_rows),)
        Row numbers in ascending order.
    """
    if n <= max_rows:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, max_rows, replace=False, shuffle=False))


def bootstrap_interval(
    values: NDArray[np.float64], *, n_resamples: int = 1000, random_state: int = 0
) -> NDArray[np.float64]:
    """Estimate the 95 % interval of the mean of each column by resampling rows (Efron 1979).

    Parameters
    ----------
    values : ndarray of shape (n, n_columns)
        What is averaged.
    n_resamples
        Number of resamples.
    random_state
        Seed.

    Returns
    -------
    ndarray of shape (2, n_columns)
        The low and the high end of each column's mean; nan for fewer than three rows.
    """
    n, n_columns = values.shape
    if n < LEAST_FOR_INTERVAL:
        return np.full((2, n_columns), np.nan)
    generator = np.random.default_rng(random_state)
    means = [values[generator.integers(n, size=n)].mean(axis=0) for _ in range(n_resamples)]
    ends: NDArray[np.float64] = np.quantile(means, INTERVAL, axis=0)
    return ends


def bootstrap_share_interval(
    n: int, k: int, *, generator: np.random.Generator, n_resamples: int = 2000
) -> tuple[float, float]:
    """Estimate the 95 % interval of the share k / n, as `bootstrap_interval` does for a column of k ones.

    The number of ones in a resample is binomial, so it is drawn at once instead of row by row.

    Parameters
    ----------
    n, k
        Number of rows, and how many of them are counted.
    generator
        Source of random numbers.
    n_resamples
        Number of resamples.

    Returns
    -------
    tuple of float
        The low and the high end; nan for fewer than three rows.
    """
    if n < LEAST_FOR_INTERVAL:
        return np.nan, np.nan
    low, high = np.quantile(generator.binomial(n, k / n, n_resamples) / n, INTERVAL)
    return float(low), float(high)


def wilson_interval(share: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return 95 % intervals of shares of n (Wilson 1927).

    Parameters
    ----------
    share : ndarray of shape (n_shares,)
        Observed shares.
    n
        Observations that each is a share of.

    Returns
    -------
    low, high : ndarrays of shape (n_shares,)
        Not a number where n is 0.
    """
    if not n:
        return np.full_like(share, np.nan), np.full_like(share, np.nan)
    z = NORMAL_QUANTILE
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)

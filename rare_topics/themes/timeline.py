"""Themes by month, each month from its own articles alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.corpus import Corpus
from rare_topics.runtime.sampling import bootstrap_share_interval
from rare_topics.themes.strength import STRONG

if TYPE_CHECKING:
    import pandas as pd


def by_month(corpus: Corpus, table: pd.DataFrame, *, random_state: int = 0) -> pd.DataFrame:
    """Count in how many articles of each month a theme is a real part.

    Parameters
    ----------
    corpus
        The articles; the printed date decides, undated ones are left out.
    table
        article_id, theme, strength.
    random_state
        Seed of the resamples.

    Returns
    -------
    DataFrame
        theme, month (``YYYY-MM``, every month from the first to the last), n_articles, n_strong
        (strength 2 and more), share, low, high. A month without an article has no share, one with
        fewer than three no interval. Low and high are the ends of a 95 % bootstrap interval over
        the articles of that month (Efron 1979).
    """
    import pandas as pd

    month_of = {a.article_id: f"{a.published:%Y-%m}" for a in corpus if a.published}
    months = calendar_months(month_of.values())
    dated = table.assign(month=table["article_id"].map(month_of)).dropna(subset="month")
    sizes = pd.Series(list(month_of.values()), dtype=object).value_counts()
    strong = dated[dated["strength"] >= STRONG].groupby(["theme", "month"]).size()
    random = np.random.default_rng(random_state)
    rows = []
    for theme in dict.fromkeys(table["theme"]):
        for month in months:
            n, k = int(sizes.get(month, 0)), int(strong.get((theme, month), 0))
            rows.append((theme, month, n, k, *_share(n, k, random)))
    return pd.DataFrame(rows, columns=["theme", "month", "n_articles", "n_strong", "share", "low", "high"])


def calendar_months(months: Iterable[str]) -> list[str]:
    """Return every month from the first to the last of those given (``YYYY-MM``; empty ones are skipped)."""
    import pandas as pd

    dated = set(months) - {""}
    return [str(month) for month in pd.period_range(min(dated), max(dated), freq="M")] if dated else []


def _share(n: int, k: int, random: np.random.Generator) -> tuple[float, float, float]:
    """Return the share k / n and the ends of its interval, rounded; nan where there are too few articles."""
    if not n:
        return np.nan, np.nan, np.nan
    low, high = bootstrap_share_interval(n, k, generator=random)
    return round(k / n, 4), round(low, 4), round(high, 4)

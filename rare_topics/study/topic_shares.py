"""How much room topics take over time and by source, with intervals, and whether the differences could be chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.corpus.records import Article
from rare_topics.errors import InputError, list_names, shown_in_line
from rare_topics.study.state import StudyState
from rare_topics.study.stories import is_first_telling
from rare_topics.study.tables import topics

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Periods by name, as strftime writes them; quarters and weeks apart.
FREQUENCIES = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
COLUMNS: Mapping[str, Any] = {
    "source": lambda article: article.source,
    "lang": lambda article: article.body_lang,
    "label": lambda article: article.label,
    "tag": lambda article: "; ".join(article.tags),
    "truncated": lambda article: str(article.truncated),
}
N_BOOTSTRAP = 1000
N_PERMUTATIONS = 2000
TAILS = (2.5, 97.5)
# Fewer articles have no interval.
MIN_ARTICLES = 2


def topics_over_time(state: StudyState, freq: str = "M") -> pd.DataFrame:
    """List the share of each topic in each period.

    Parameters
    ----------
    state
        A fitted study.
    freq
        ``"D"``, ``"W"``, ``"M"``, ``"Q"`` or ``"Y"``: day, week (its Monday), month, quarter, year.

    Returns
    -------
    DataFrame
        period, topic, label_zh, label_en, n_articles (dated, each story once), share (mean weight),
        low, high (95 %, over resamples of the articles; NaN for fewer than two). A period without
        an article has no row.

    Raises
    ------
    InputError
        If the frequency is none of these, or no article has a date.
    """
    if freq not in FREQUENCIES:
        known = ", ".join(f"{name} ({period})" for name, period in FREQUENCIES.items())
        raise InputError(f"no frequency {shown_in_line(repr(freq), max_length=40)}", fix=f"take one of {known}")
    periods = [_period(article, freq) for article in state.corpus]
    if not any(periods):
        raise InputError("no article has a date", fix="give the table a column of dates")
    return _shares(state, periods, name="period")


def topics_by(state: StudyState, column: str | Sequence[Any] | Mapping[str, Any]) -> pd.DataFrame:
    """List the share of each topic by source, or by any other column, and whether it differs from that elsewhere.

    Parameters
    ----------
    state
        A fitted study.
    column
        ``"source"``, ``"lang"``, ``"label"``, ``"tag"``, ``"truncated"``; or values of one's own:
        one for each article in the order of the corpus, or by its id (a dict or Series).

    Returns
    -------
    DataFrame
        value, topic, label_zh, label_en, n_articles, share, low, high (95 %), difference (from the
        mean of all other articles), p_value, p_adjusted (the chance that among all topics and
        values at least one as large a difference arises where the values say nothing).

    Raises
    ------
    InputError
        If there is no such column, the values do not fit the articles, or all are one.

    Notes
    -----
    Shares count each story once. Differences are compared with those under 2,000 permutations of
    the values over the articles, each in units of its own deviation under them; `p_adjusted`
    compares with the largest of each permutation (Westfall and Young 1993, maxT).
    """
    values = _values(state, column)
    table = _shares(state, values, name="value")
    return _with_tests(state, values, table)


def _values(state: StudyState, column: Any) -> list[str]:  # noqa: ANN401 - see `topics_by`
    if isinstance(column, str):
        if column not in COLUMNS:
            fix = f"take one of {', '.join(COLUMNS)}, or give a value for each article"
            raise InputError(f"no column '{shown_in_line(column, max_length=40)}'", fix=fix)
        return [COLUMNS[column](article) for article in state.corpus]
    ids = [article.article_id for article in state.corpus]
    if hasattr(column, "index") and hasattr(column, "to_dict") and {*ids} <= {*column.index}:
        column = column.to_dict()
    if isinstance(column, Mapping):
        if missing := [name for name in ids if name not in column]:
            raise InputError(f"no value for {list_names(missing)}", fix="give one for each article, by its id")
        return [_shown(column[name]) for name in ids]
    if not isinstance(column, Iterable):
        kind = type(column).__name__
        raise InputError(f"a column of the type {kind}", fix="give a name, or a value for each article")
    values = [_shown(value) for value in column]
    if len(values) != len(ids):
        raise InputError(f"{len(values)} values for {len(ids)} articles", fix="give one for each article")
    return values


def _shown(value: Any) -> str:  # noqa: ANN401 - a cell
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN


def _period(article: Article, freq: str) -> str:
    day = article.published
    if day is None:
        return ""
    if freq == "Q":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    if freq == "W":
        from datetime import timedelta

        return f"{day - timedelta(days=day.weekday()):%Y-%m-%d}"
    return day.strftime({"D": "%Y-%m-%d", "M": "%Y-%m", "Y": "%Y"}[freq])


def _shares(state: StudyState, values: Sequence[str], *, name: str) -> pd.DataFrame:
    """List shares by value and topic; articles without a value have no row."""
    import pandas as pd

    is_counted = is_first_telling(state)
    labels = topics(state)[["topic", "label_zh", "label_en"]].to_numpy().tolist()
    rng = np.random.default_rng(state.settings.random_state)
    rows = []
    for value in sorted({value for value, counted in zip(values, is_counted, strict=True) if value and counted}):
        members = np.flatnonzero(is_counted & (np.array(values, dtype=object) == value))
        mixtures = state.doc_topic[members]
        low, high = _interval(mixtures, rng)
        for column, label in enumerate(labels):
            numbers = (mixtures[:, column].mean(), low[column], high[column])
            rows.append((value, *label, len(members), *(round(float(number), 4) for number in numbers)))
    return pd.DataFrame(rows, columns=[name, "topic", "label_zh", "label_en", "n_articles", "share", "low", "high"])


def _interval(
    mixtures: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n = len(mixtures)
    if n < MIN_ARTICLES:
        nothing = np.full(mixtures.shape[1], np.nan)
        return nothing, nothing
    weights = rng.multinomial(n, np.full(n, 1 / n), size=N_BOOTSTRAP) / n
    low, high = np.percentile(weights @ mixtures, TAILS, axis=0)
    return low, high


def _with_tests(state: StudyState, values: Sequence[str], table: pd.DataFrame) -> pd.DataFrame:
    """Add the differences and what permutations say of them."""
    is_counted = is_first_telling(state) & (np.array(values, dtype=object) != "")
    mixtures, own = state.doc_topic[is_counted], np.array(values, dtype=object)[is_counted]
    names = sorted({*own})
    if len(names) < MIN_ARTICLES:
        raise InputError("all articles have one value, or none", fix="take a column of several values")
    membership = (own[None, :] == np.array(names, dtype=object)[:, None]).astype(np.float64)
    observed = _differences(membership, mixtures)
    rng = np.random.default_rng(state.settings.random_state)
    permuted = np.array([_differences(membership, mixtures[rng.permutation(len(own))]) for _ in range(N_PERMUTATIONS)])
    deviation = np.maximum(permuted.std(axis=0), 1e-12)
    size, sizes = np.abs(observed) / deviation, np.abs(permuted) / deviation
    p_values = (1 + (sizes >= size).sum(axis=0)) / (1 + N_PERMUTATIONS)
    largest = sizes.max(axis=(1, 2))
    p_adjusted = (1 + (largest[:, None, None] >= size).sum(axis=0)) / (1 + N_PERMUTATIONS)
    # The rows of the table run by value and, within it, by topic.
    for name, numbers in (("difference", observed), ("p_value", p_values), ("p_adjusted", p_adjusted)):
        table[name] = np.round(numbers.ravel(), 4)
    return table


def _differences(membership: NDArray[np.float64], mixtures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each group's mixtures less that of all others, of shape (n_groups, n_topics)."""
    sizes = membership.sum(axis=1, keepdims=True)
    sums = membership @ mixtures
    return np.asarray(sums / sizes - (mixtures.sum(axis=0) - sums) / np.maximum(len(mixtures) - sizes, 1))

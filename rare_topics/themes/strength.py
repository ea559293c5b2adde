"""Strength of themes: in an article, from its passages; in a month, from its articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.passage_splitter import SUBHEADING, TITLE
from rare_topics.corpus.records import Passage
from rare_topics.runtime.sampling import bootstrap_share_interval

if TYPE_CHECKING:
    import pandas as pd

# From this strength on a theme is a real part of an article.
STRONG = 2
# From this one on it is what the article is about.
MAIN = 3
# A strength that fewer of the resamples share is not published.
LEAST_CONFIDENCE = 0.5
# The weights below were chosen by hand against a reader's marks of the 34 seed articles.
# A headline says what an article is about, but it is also bait: it adds a fifth of the body.
TITLE_WEIGHT = 0.2
# The first passage of a body sums the article up.
LEAD_WEIGHT = 0.1
# Share of the article from which the strength is 2, and 3, and score from which on one passage without a second
# makes a theme a real part. The first and the last were chosen on five sets of articles with readers' marks (the mean
# of macro-F1 is within .01 of the best) and on sentences written afresh, of which they let the most be read.
STRONG_SHARE, MAIN_SHARE = 0.1, 0.45
UNDOUBTED_SCORE = 0.7
# Passages longer than this count like one of this length, in characters.
MAX_PASSAGE_LENGTH = 400


class Strength(NamedTuple):
    """How much of an article speaks of a theme.

    Attributes
    ----------
    strength
        0 absent, 1 in passing, 2 a real part, 3 what the article is about.
    confidence
        Share, 0 to 1, of the passages without which the strength stays the same (jackknife,
        Quenouille 1956).
    mass
        Share of the article that speaks of the theme, with additions for title and lead.
    """

    strength: int
    confidence: float
    mass: float


def article_strength(
    passages: Sequence[Passage], scores: Mapping[str, float], *, weight: float = 1.0, is_clear: bool | None = None
) -> Strength:
    """Return the strength of a theme in an article.

    Parameters
    ----------
    passages
        All passages of the article, the title first.
    scores
        Score of each passage that speaks of the theme, 0 to 1, by `passage_id`.
    weight
        Factor of the theme's scores.
    is_clear
        Whether some passage is clearly about the theme: one of these is enough for strength 2,
        otherwise two passages are needed, or one without doubt. None leaves all to the mass.

    Returns
    -------
    Strength
        Where fewer than half of the resamples have the strength, the largest that half of them
        reach, with their share: what is below one half is not published.
    """
    passage_scores = [weight * scores.get(passage.passage_id, 0.0) for passage in passages]
    if not any(passage_scores):
        return Strength(0, 1.0, 0.0)
    sizes = [_size(passage) for passage in passages]
    theme_sizes = [size * score for size, score in zip(sizes, passage_scores, strict=True)]
    title_scores = [
        score if passage.kind == TITLE else 0.0 for passage, score in zip(passages, passage_scores, strict=True)
    ]
    body = [number for number, passage in enumerate(passages) if passage.kind != TITLE]
    body_scores = [passage_scores[number] for number in body]
    lead = body_scores[0] if body_scores else 0.0
    second = body_scores[1] if len(body_scores) > 1 else 0.0
    mass = _mass(sum(theme_sizes), sum(sizes), sum(title_scores), lead)
    by_mass = _strength_of_mass(mass, mentioned=True)
    # Of a short article that says little else, one passage is enough.
    strengths = (
        _limits([scores.get(passages[number].passage_id, 0.0) for number in body], is_clear=is_clear)
        if by_mass < MAIN
        else (0, MAIN)
    )
    strength = min(max(by_mass, strengths[0]), strengths[1])
    # The same without each passage in turn; without the lead, the second passage takes its place.
    without_one = zip(
        _sums_without_each(theme_sizes),
        _sums_without_each(sizes),
        _sums_without_each(title_scores),
        [second if number in body[:1] else lead for number in range(len(passages))],
        strict=True,
    )
    others = _sums_without_each([float(score > 0) for score in passage_scores])
    resamples = [
        min(max(_strength_of_mass(_mass(*sums), mentioned=n_others > 0), strengths[0]), strengths[1])
        if n_others > 0
        else 0
        for sums, n_others in zip(without_one, others, strict=True)
    ]
    share = sum(one == strength for one in resamples) / len(passages)
    while share < LEAST_CONFIDENCE and strength > 0:
        share = sum(one >= strength for one in resamples) / len(passages)
        strength -= share < LEAST_CONFIDENCE
    return Strength(strength, round(share, 4) if strength else 1.0, round(mass, 4))


def _limits(body_scores: Sequence[float], *, is_clear: bool | None) -> tuple[int, int]:
    """Return the least and the largest strength that the number and the clearness of passages allow."""
    if is_clear is None:
        return 0, MAIN
    if is_clear:
        return STRONG, MAIN
    spoken = [score for score in body_scores if score > 0]
    return 0, MAIN if len(spoken) > 1 or max(spoken, default=0.0) >= UNDOUBTED_SCORE else STRONG - 1


def monthly_shares(corpus: Corpus, table: pd.DataFrame, *, random_state: int = 0) -> pd.DataFrame:
    """Count in how many articles of each month a theme is a real part.

    Parameters
    ----------
    corpus
        The articles; the printed date decides, undated ones are left out.
    table
        Columns article_id, theme, strength.
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

    month_of = {article.article_id: f"{article.published:%Y-%m}" for article in corpus if article.published}
    months = calendar_months(month_of.values())
    dated = table.assign(month=table["article_id"].map(month_of)).dropna(subset="month")
    n_articles = pd.Series(list(month_of.values()), dtype=object).value_counts()
    n_strong = dated[dated["strength"] >= STRONG].groupby(["theme", "month"]).size()
    generator = np.random.default_rng(random_state)
    rows = []
    for theme in dict.fromkeys(table["theme"]):
        for month in months:
            n, k = int(n_articles.get(month, 0)), int(n_strong.get((theme, month), 0))
            rows.append((theme, month, n, k, *_share_with_interval(n, k, generator)))
    return pd.DataFrame(rows, columns=["theme", "month", "n_articles", "n_strong", "share", "low", "high"])


def calendar_months(months: Iterable[str]) -> list[str]:
    """Return every month from the first to the last of those given (``YYYY-MM``; empty ones are skipped)."""
    import pandas as pd

    dated = set(months) - {""}
    return [str(month) for month in pd.period_range(min(dated), max(dated), freq="M")] if dated else []


def _size(passage: Passage) -> float:
    """Return the weight of a passage: the root of its length, 0 for titles and headings."""
    return 0.0 if passage.kind in {TITLE, SUBHEADING} else min(len(passage.text), MAX_PASSAGE_LENGTH) ** 0.5


def _mass(theme_size: float, total_size: float, title_score: float, lead_score: float) -> float:
    share = theme_size / total_size if total_size else 0.0
    return share + TITLE_WEIGHT * title_score + LEAD_WEIGHT * lead_score


def _strength_of_mass(mass: float, *, mentioned: bool) -> int:
    if mass >= MAIN_SHARE:
        return 3
    return 2 if mass >= STRONG_SHARE else int(mentioned)


def _sums_without_each(values: Sequence[float]) -> list[float]:
    """Return for each value the sum of all others.

    The sums before and behind it are added: subtracting it from the total would leave a rounding
    error where the sum is exactly 0.
    """
    before = accumulate(values, initial=0.0)
    behind = list(accumulate(reversed(values), initial=0.0))
    return list(map(add, before, behind[-2::-1]))


def _share_with_interval(n: int, k: int, generator: np.random.Generator) -> tuple[float, float, float]:
    """Return the share k / n and the ends of its interval, rounded; nan where there are too few articles."""
    if not n:
        return np.nan, np.nan, np.nan
    low, high = bootstrap_share_interval(n, k, generator=generator)
    return round(k / n, 4), round(low, 4), round(high, 4)

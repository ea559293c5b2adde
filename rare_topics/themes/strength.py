"""From matches in passages to the strength of a theme in an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import add
from typing import NamedTuple

from rare_topics.corpus.passage_splitter import SUBHEADING, TITLE
from rare_topics.corpus.records import Passage

# A headline says what an article is about, but it is also bait: it counts like a fifth of the body.
TITLE_WORTH = 0.2
# The first passage of a body sums the article up.
LEAD_WORTH = 0.1
# Share of the article from which a theme is a real part of it (2), and what it is about (3).
REAL_PART, WHOLE = 0.115, 0.45
LONGEST = 400
# From this strength on a theme is a real part of an article.
STRONG = 2


class Strength(NamedTuple):
    """How much of an article speaks of a theme.

    Attributes
    ----------
    strength
        0 absent, 1 in passing, 2 a real part, 3 what the article is about.
    confidence
        Share of the readings that leave out one passage, or the title, and come to the same
        strength, 0 to 1.
    mass
        Share of the article that speaks of the theme, title and lead counted extra.
    """

    strength: int
    confidence: float
    mass: float


def strength_of(passages: Sequence[Passage], scores: Mapping[str, float], *, weight: float = 1.0) -> Strength:
    """Weigh the passages of an article.

    Parameters
    ----------
    passages
        Of one article, the title first.
    scores
        Score of each passage that speaks of the theme, 0 to 1, by `passage_id`.
    weight
        What the theme's share of an article is multiplied by.
    """
    found = [weight * scores.get(passage.passage_id, 0.0) for passage in passages]
    if not any(found):
        return Strength(0, 1.0, 0.0)
    weights = [_weight(passage) for passage in passages]
    told = [size * score for size, score in zip(weights, found, strict=True)]
    titles = [score if passage.kind == TITLE else 0.0 for passage, score in zip(passages, found, strict=True)]
    body = [at for at, passage in enumerate(passages) if passage.kind != TITLE]
    first, second, *_ = *(found[at] for at in body[:2]), 0.0, 0.0
    mass = _mass(sum(told), sum(weights), sum(titles), first)
    strength = _step(mass, told=True)
    # The article again without each of its passages; without its lead the next one leads.
    leads = [second if at in body[:1] else first for at in range(len(passages))]
    without = zip(*map(_without_each, (told, weights, titles)), leads, strict=True)
    others = _without_each([float(score > 0) for score in found])
    same = sum(_step(_mass(*sums), told=n > 0) == strength for sums, n in zip(without, others, strict=True))
    return Strength(strength, round(same / len(passages), 4), round(mass, 4))


def _weight(passage: Passage) -> float:
    """Long passages count more, but not in proportion; headings within the text count nothing."""
    return 0.0 if passage.kind in {TITLE, SUBHEADING} else min(len(passage.text), LONGEST) ** 0.5


def _mass(told: float, total: float, titles: float, lead: float) -> float:
    return (told / total if total else 0.0) + TITLE_WORTH * titles + LEAD_WORTH * lead


def _step(mass: float, *, told: bool) -> int:
    return 3 if mass >= WHOLE else 2 if mass >= REAL_PART else int(told)


def _without_each(values: Sequence[float]) -> list[float]:
    """Sum all other values of each; of zeros exactly 0, which a difference of sums need not be."""
    before, after = accumulate(values, initial=0.0), list(accumulate(reversed(values), initial=0.0))
    return list(map(add, before, after[-2::-1]))

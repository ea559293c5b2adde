"""From matches in passages to the strength of a theme in an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rare_topics.records import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    weights = np.array([_weight(passage) for passage in passages])
    found = weight * np.array([scores.get(passage.passage_id, 0.0) for passage in passages])
    title = np.array([passage.kind == "title" for passage in passages])
    mass = _mass(weights, found, title)
    strength = _step(mass, found)
    if not found.any():
        return Strength(0, 1.0, 0.0)
    same = 0
    for left_out in range(len(passages)):
        keep = np.arange(len(passages)) != left_out
        same += _step(_mass(weights[keep], found[keep], title[keep]), found[keep]) == strength
    return Strength(strength, round(same / len(passages), 4), round(float(mass), 4))


def _weight(passage: Passage) -> float:
    """Long passages count more, but not in proportion; headings within the text count nothing."""
    return 0.0 if passage.kind in {"title", "heading"} else min(len(passage.text), LONGEST) ** 0.5


def _mass(weights: NDArray[np.float64], found: NDArray[np.float64], title: NDArray[np.bool_]) -> float:
    total = weights.sum()
    share = float((weights * found).sum() / total) if total else 0.0
    body = np.flatnonzero(~title)
    lead = float(found[body[0]]) if len(body) else 0.0
    return share + TITLE_WORTH * float(found[title].sum()) + LEAD_WORTH * lead


def _step(mass: float, found: NDArray[np.float64]) -> int:
    return 3 if mass >= WHOLE else 2 if mass >= REAL_PART else int(found.any())

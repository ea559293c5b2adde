"""The learned strength of themes: which passages raise them, and how likely they are a real part of an article.

A logistic regression for each theme over the features of a passage, and two for strength 2 and for 3 over what
`theme_features` tells of an article; learned from readers' marks by ``tests/benchmarks/learn_themes.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import exp

import numpy as np
from numpy.typing import NDArray

from rare_topics.themes.linear_model import load_model
from rare_topics.themes.strength import LEAST_CONFIDENCE, MAIN, STRONG, Strength

PASSAGE_FILE, STRENGTH_FILE = "theme_weights.tsv", "strength_weights.tsv"
THEMES, SUPPLIERS = "theme", "supplier"


def theme_probabilities(features: Sequence[set[str]]) -> dict[str, list[float]]:
    """Return how likely each passage raises each of the learned themes.

    Parameters
    ----------
    features
        Of each passage, as `theme_features.passage_features` returns them.
    """
    row_of, weights = _passage_weights()
    # In a fixed order, so that the last bit is the same in every process.
    rows = [sorted(row for row in map(row_of.get, one) if row is not None) for one in features]
    scores = np.array([weights[found].sum(axis=0) for found in rows]).reshape(-1, weights.shape[1])
    columns = (1 / (1 + np.exp(-scores))).T.tolist()
    return dict(zip(load_model(PASSAGE_FILE).classes, columns, strict=True))


@cache
def _passage_weights() -> tuple[dict[str, int], NDArray[np.float64]]:
    model = load_model(PASSAGE_FILE)
    matrix = np.array(list(model.weights.values()), dtype=np.float64).reshape(-1, len(model.classes))
    return {name: row for row, name in enumerate(model.weights)}, matrix


def learned_strength(kind: str, features: Mapping[str, float], *, best: float) -> Strength:
    """Return the strength of a theme in an article.

    Parameters
    ----------
    kind
        ``theme`` or ``supplier``.
    features
        As `theme_features` and `supplier_features` of the room of that name return them.
    best
        Score of the passage that raises the theme most.
    """
    strong, main = (_probability(f"{kind} {least}", features) for least in (STRONG, MAIN))
    if strong < LEAST_CONFIDENCE:
        return Strength(1, round(best, 4), round(best, 4))
    is_main = main >= LEAST_CONFIDENCE
    return Strength(MAIN if is_main else STRONG, round(main if is_main else strong, 4), round(best, 4))


def _probability(column: str, features: Mapping[str, float]) -> float:
    model = load_model(STRENGTH_FILE)
    number = model.classes.index(column)
    weights = model.weights
    return 1 / (1 + exp(-sum(weights[name][number] * value for name, value in features.items() if name in weights)))

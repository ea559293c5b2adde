"""Learned readings: weights of features, for each class or for the option that is chosen.

The weights are learned from texts in which readers marked what they say, by
``tests/benchmarks/learn_suppliers.py`` and ``learn_events.py``; they are data, one line for each feature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from math import exp, fsum, log
from typing import NamedTuple, TypeVar

# Rows of a table of weights that belong to no feature.
SLOPE, INTERCEPT = "(slope)", "(intercept)"
_Option = TypeVar("_Option")


class LinearModel(NamedTuple):
    """Weights of features for each class.

    Attributes
    ----------
    classes
        What the weights speak for.
    weights
        Of each feature, one for each class.
    """

    classes: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]

    def scores(self, features: set[str]) -> list[float]:
        """Return the sum of the weights for each class; unknown features count nothing."""
        rows = filter(None, map(self.weights.get, features))
        # Sums that are exact do not depend on the order.
        return [fsum(column) for column in zip(*rows, strict=True)] or [0.0] * len(self.classes)

    def shares(self, features: set[str]) -> dict[str, float]:
        """Return how likely each class is, where one of them holds or none: multinomial logistic regression.

        Parameters
        ----------
        features
            Of what is read.

        Returns
        -------
        dict
            Of the classes, 0 to 1 each, calibrated by the rows `SLOPE` and `INTERCEPT` where the model has them
            (Platt 1999), because a clause that is doubtful may have others beside it that say the same.
        """
        scores = self.scores(features)
        slopes, intercepts = self.weights.get(SLOPE), self.weights.get(INTERCEPT)
        odds = [exp(score) for score in scores]
        others = 1 + sum(odds)
        shares = {}
        for number, (name, score) in enumerate(zip(self.classes, scores, strict=True)):
            log_odds = score - log(others - odds[number])
            if slopes and intercepts:
                log_odds = slopes[number] * log_odds + intercepts[number]
            shares[name] = 1 / (1 + exp(-log_odds))
        return shares

    def choose(self, options: Sequence[tuple[_Option, set[str]]], *, least: float = 0.0) -> _Option | None:
        """Return the likeliest of some options, by the first class: conditional logit (McFadden 1974).

        Parameters
        ----------
        options
            One at least, each with its features; of equal ones the first is chosen.
        least
            Probability of the choice below which none is made.

        Returns
        -------
        object or None
            None where no option is as likely as that.
        """
        scores = [self.scores(features)[0] for _, features in options]
        most = max(scores)
        if least * fsum(exp(score - most) for score in scores) > 1:
            return None
        return options[scores.index(most)][0]

    @property
    def concepts(self) -> frozenset[str]:
        """Names of the concepts that the features ask for."""
        return frozenset(name.partition("=")[2] for name in self.weights if "concept=" in name)


@cache
def load_model(name: str) -> LinearModel:
    """Return the model of a file of the package.

    Parameters
    ----------
    name
        Of a table in ``data``: a feature and its weights in each line, the names of the classes in the first.
    """
    header, *lines = resources.files("rare_topics").joinpath("data", name).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return LinearModel(tuple(header.split("\t")[1:]), {name: tuple(map(float, row)) for name, *row in rows})

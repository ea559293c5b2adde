"""The learned reading of roles in supply: logistic regression on what a passage says around a country.

Its weights are learned from passages in which readers marked the role of each country, by
``tests/benchmarks/learn_suppliers.py``; they are data, one line for each feature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from math import exp
from typing import NamedTuple

WEIGHT_FILE = "supply_weights.tsv"


class SupplyModel(NamedTuple):
    """Weights of features for each class.

    Attributes
    ----------
    classes
        ``running``, ``coming`` and ``denied`` supply, and the other roles.
    weights
        Of each feature, one for each class.
    """

    classes: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """Return how likely each class is.

        Parameters
        ----------
        features
            As `country_features` returns them; unknown ones count nothing.

        Returns
        -------
        dict
            Of the classes, 0 to 1 each: a country may have several roles, or none.
        """
        sums = [0.0] * len(self.classes)
        # In a fixed order, so that the last bit is the same in every process.
        for feature in sorted(self.weights.keys() & features):
            for number, weight in enumerate(self.weights[feature]):
                sums[number] += weight
        return {name: 1 / (1 + exp(-total)) for name, total in zip(self.classes, sums, strict=True)}

    @property
    def concepts(self) -> frozenset[str]:
        """Names of the concepts that the features ask for."""
        return frozenset(name.partition("=")[2] for name in self.weights if "concept=" in name)


@cache
def load_supply_model() -> SupplyModel:
    """Return the model of the package."""
    text = resources.files("rare_topics").joinpath("data", WEIGHT_FILE).read_text("utf-8")
    header, *lines = text.splitlines()
    rows = (line.split("\t") for line in lines)
    return SupplyModel(tuple(header.split("\t")[1:]), {name: tuple(map(float, row)) for name, *row in rows})

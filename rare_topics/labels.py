"""Names for topics and clusters, in both languages, from the concepts that set them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.scripts import is_han

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.lexicon import Lexicon

# Pseudo-counts of the Dirichlet prior in the log-odds of a cluster against the rest.
PRIOR_STRENGTH = 50.0
TERMS_IN_LABEL = 3
# Keeps the odds of words that are never said, or alone are said, finite.
LEAST_COUNT = 1e-6


@dataclass(frozen=True)
class Namer:
    """Names of concepts as a corpus prints them.

    Attributes
    ----------
    lexicon
        Labels of domain concepts.
    surfaces
        Printed words by concept, from `ConceptVectorizer.surfaces_`.
    """

    lexicon: Lexicon
    surfaces: Mapping[str, Mapping[str, float]]

    def name(self, concept: str, lang: str) -> str:
        """Name a concept: by its label in the lexicon, else by its commonest printed form.

        Parameters
        ----------
        concept
            A concept of the vocabulary.
        lang
            ``"zh"`` or ``"en"``.

        Returns
        -------
        str
            Where the corpus never names the concept in that language, its dictionary form.
        """
        if concept in self.lexicon.concepts:
            return self.lexicon.label(concept, lang)
        printed: dict[str, float] = {}
        for word, weight in self.surfaces.get(concept, {}).items():
            if is_han(word) == (lang == "zh"):
                plain = word.replace(" ", "") if lang == "zh" else word.lower().removesuffix("'s")
                printed[plain] = printed.get(plain, 0.0) + weight
        if printed:
            return min(printed, key=lambda word: (-printed[word], word))
        return self.lexicon.translate(concept) if lang == "zh" else concept

    def label(self, concepts: Sequence[str], lang: str) -> str:
        """Join the first terms to a label, the longest name kept of those that repeat each other.

        Returns
        -------
        str
            At most three terms, separated by ``" · "``.
        """
        names: list[str] = []
        for concept in concepts:
            name = self.name(concept, lang)
            repeated = [known for known in names if known in name or name in known]
            if not repeated:
                names.append(name)
            elif len(repeated) == 1 and len(name) > len(repeated[0]):
                names[names.index(repeated[0])] = name
        return " · ".join(names[:TERMS_IN_LABEL])

    def telling(self, concepts: Sequence[str]) -> list[str]:
        """Put the concepts of the lexicon before general words, each in the order given."""
        domain = self.lexicon.concepts
        return [*(name for name in concepts if name in domain), *(name for name in concepts if name not in domain)]


def log_odds(groups: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rate concepts by how much more a group uses them than the rest of the corpus does.

    Parameters
    ----------
    groups : ndarray of shape (n_groups, n_concepts)
        Counts of each group: of a cluster's articles, or of a topic's words.
    total : ndarray of shape (n_concepts,)
        Counts of the corpus.

    Returns
    -------
    ndarray of shape (n_groups, n_concepts)
        z-scores of the log-odds ratio with an informative Dirichlet prior; above 0 the group
        uses the concept more.

    References
    ----------
    B. Monroe, M. Colaresi, K. Quinn. Fightin' words. 2008.
    """
    prior = PRIOR_STRENGTH * total / max(total.sum(), 1e-12) + LEAST_COUNT
    inside = groups + prior
    outside = np.maximum(total - groups, 0) + prior
    return np.asarray((_log_odds(inside) - _log_odds(outside)) / np.sqrt(1 / inside + 1 / outside))


def _log_odds(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    rest = counts.sum(axis=1, keepdims=True) - counts
    return np.asarray(np.log(counts / np.maximum(rest, LEAST_COUNT)))

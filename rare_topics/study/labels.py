"""Names for topics and clusters, in both languages, from the concepts that set them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.languages import is_han
from rare_topics.vectorize.collocations import Phrase, longest_terms

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
    collocations
        Printed forms of terms of several concepts, from `find_collocations`.
    """

    lexicon: Lexicon
    surfaces: Mapping[str, Mapping[str, float]]
    collocations: Mapping[Phrase, Mapping[str, float]] = field(default_factory=dict)

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
        printed = _printed(self.surfaces.get(concept, {}), lang)
        if printed:
            return _commonest(printed)
        return concept if is_han(concept) == (lang == "zh") else self.lexicon.translate(concept)

    def terms(self, concepts: Sequence[str], lang: str) -> list[str]:
        """Name concepts, those that make up one term together.

        Returns
        -------
        list of str
            In order; a term whose language prints it as one word, or never, is named by that
            word, or by its first concept.
        """
        return [self._term(term, lang) for term in longest_terms(concepts, self.collocations)]

    def _term(self, term: Phrase, lang: str) -> str:
        if printed := _printed(self.collocations.get(term, {}), lang):
            return _commonest(printed)
        forms = [_printed(self.surfaces.get(concept, {}), lang) for concept in term]
        if shared := set(forms[0]).intersection(*forms[1:]) if len(term) > 1 else ():
            return _commonest({word: min(form[word] for form in forms) for word in shared})
        return self.name(term[0], lang)

    def label(self, concepts: Sequence[str], lang: str) -> str:
        """Join the first terms to a label, the longest name kept of those that repeat each other.

        Returns
        -------
        str
            At most three terms, separated by ``" · "``.
        """
        names: list[str] = []
        for name in self.terms(concepts, lang):
            repeated = [known for known in names if known in name or name in known]
            if not repeated:
                names.append(name)
            elif len(repeated) == 1 and len(name) > len(repeated[0]):
                names[names.index(repeated[0])] = name
        return " · ".join(names[:TERMS_IN_LABEL])

    def domain_first(self, concepts: Sequence[str]) -> list[str]:
        """Put the concepts of the lexicon before general words, each kind in the order given."""
        return sorted(concepts, key=lambda concept: concept not in self.lexicon.concepts)


def _printed(surfaces: Mapping[str, float], lang: str) -> dict[str, float]:
    """Weigh the forms that a language prints, capitals, possessives and line wraps undone."""
    printed: dict[str, float] = {}
    for word, weight in surfaces.items():
        if is_han(word) == (lang == "zh"):
            plain = word.replace(" ", "") if lang == "zh" else " ".join(word.lower().removesuffix("'s").split())
            printed[plain] = printed.get(plain, 0.0) + weight
    return printed


def _commonest(printed: Mapping[str, float]) -> str:
    return min(printed, key=lambda word: (-printed[word], word))


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

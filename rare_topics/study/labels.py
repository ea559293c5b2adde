"""Names of concepts, topics and clusters in both languages, and the concepts that set a group apart."""

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

MAX_TERMS_IN_LABEL = 3
# Keeps the odds of a concept finite that a group never names, or that is the only one it names.
MIN_COUNT = 1e-6


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
        if forms := _normalised_forms(self.surfaces.get(concept, {}), lang):
            return _commonest(forms)
        return concept if is_han(concept) == (lang == "zh") else self.lexicon.translate(concept)

    def terms(self, concepts: Sequence[str], lang: str) -> list[str]:
        """Name concepts; those that make up a term of several words get one name together.

        Parameters
        ----------
        concepts
            Concepts, each once.
        lang
            ``"zh"`` or ``"en"``.

        Returns
        -------
        list of str
            In order. A term is named by its commonest printed form in that language, else by a
            word that names all its concepts, else by its first concept.
        """
        return [self._term_name(term, lang) for term in longest_terms(concepts, self.collocations)]

    def _term_name(self, term: Phrase, lang: str) -> str:
        if forms := _normalised_forms(self.collocations.get(term, {}), lang):
            return _commonest(forms)
        forms_of_concepts = [_normalised_forms(self.surfaces.get(concept, {}), lang) for concept in term]
        common_words = set(forms_of_concepts[0]).intersection(*forms_of_concepts[1:])
        if len(term) > 1 and common_words:
            return _commonest({word: min(forms[word] for forms in forms_of_concepts) for word in common_words})
        return self.name(term[0], lang)

    def label(self, concepts: Sequence[str], lang: str) -> str:
        """Join the names of the first terms; of names that contain each other the longest is taken.

        Parameters
        ----------
        concepts
            Concepts, the most important first.
        lang
            ``"zh"`` or ``"en"``.

        Returns
        -------
        str
            At most three terms, separated by ``" · "``.
        """
        names: list[str] = []
        for name in self.terms(concepts, lang):
            overlapping = [earlier for earlier in names if earlier in name or name in earlier]
            if not overlapping:
                names.append(name)
            elif len(overlapping) == 1 and len(name) > len(overlapping[0]):
                names[names.index(overlapping[0])] = name
        return " · ".join(names[:MAX_TERMS_IN_LABEL])

    def domain_first(self, concepts: Sequence[str]) -> list[str]:
        """Put the concepts of the lexicon before general words, each kind in the order given."""
        return sorted(concepts, key=lambda concept: concept not in self.lexicon.concepts)


def _normalised_forms(surfaces: Mapping[str, float], lang: str) -> dict[str, float]:
    """Weigh the surface forms of one language, without capitals, possessives and line wraps."""
    forms: dict[str, float] = {}
    for word, weight in surfaces.items():
        if is_han(word) == (lang == "zh"):
            form = word.replace(" ", "") if lang == "zh" else " ".join(word.lower().removesuffix("'s").split())
            forms[form] = forms.get(form, 0.0) + weight
    return forms


def _commonest(forms: Mapping[str, float]) -> str:
    """Return the form of the largest weight; of equal ones the first in the alphabet."""
    return min(forms, key=lambda form: (-forms[form], form))


def log_odds(
    groups: NDArray[np.float64], total: NDArray[np.float64], *, prior_strength: float = 50.0
) -> NDArray[np.float64]:
    """Score concepts by how much more a group uses them than the rest of the corpus does.

    Parameters
    ----------
    groups : ndarray of shape (n_groups, n_concepts)
        Counts of each group: of a cluster's articles, or of a topic's words.
    total : ndarray of shape (n_concepts,)
        Counts of the corpus.
    prior_strength
        Sum of the pseudo-counts of the Dirichlet prior (the paper's alpha_0); chosen by hand on
        the seed pages.

    Returns
    -------
    ndarray of shape (n_groups, n_concepts)
        z-scores of the log-odds ratio with an informative Dirichlet prior; above 0 the group
        uses the concept more.

    References
    ----------
    B. Monroe, M. Colaresi, K. Quinn. Fightin' words. 2008.
    """
    prior = prior_strength * total / max(total.sum(), 1e-12) + MIN_COUNT
    inside = groups + prior
    outside = np.maximum(total - groups, 0) + prior
    return np.asarray((_log_odds(inside) - _log_odds(outside)) / np.sqrt(1 / inside + 1 / outside))


def _log_odds(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    rest = counts.sum(axis=1, keepdims=True) - counts
    return np.asarray(np.log(counts / np.maximum(rest, MIN_COUNT)))

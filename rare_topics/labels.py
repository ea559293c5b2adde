"""Names for topics and clusters, in both languages, from the concepts that set them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.scripts import is_han

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.lexicon import Lexicon

# Weight of a concept's own probability against its lift (Sievert and Shirley 2014 found 0.6).
RELEVANCE = 0.6
# Pseudo-counts of the Dirichlet prior in the log-odds of a cluster against the rest.
PRIOR_STRENGTH = 50.0
TERMS_IN_LABEL = 3


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
    surfaces: Mapping[str, Counter[str]]

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
        printed: Counter[str] = Counter()
        for word, weight in self.surfaces.get(concept, {}).items():
            if is_han(word) == (lang == "zh"):
                printed[word.replace(" ", "") if lang == "zh" else word.lower().removesuffix("'s")] += weight
        if printed:
            return min(printed, key=lambda word: (-printed[word], word))
        return self.lexicon.translate(concept) if lang == "zh" else concept

    def label(self, concepts: Sequence[str], lang: str) -> str:
        """Join the first terms to a label: domain concepts before general words.

        Returns
        -------
        str
            At most three terms that do not repeat each other, separated by ``" · "``.
        """
        known = [concept for concept in concepts if concept in self.lexicon.concepts]
        ranked = [*known, *(concept for concept in concepts if concept not in known)]
        names: list[str] = []
        for concept in ranked:
            name = self.name(concept, lang)
            if not any(name in other or other in name for other in names):
                names.append(name)
        return " · ".join(names[:TERMS_IN_LABEL])


def relevance(topic_term: NDArray[np.float64], term_share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rate concepts by how well they tell a topic.

    Parameters
    ----------
    topic_term : ndarray of shape (n_topics, n_concepts)
        Probabilities; rows sum to 1.
    term_share : ndarray of shape (n_concepts,)
        Share of each concept in the corpus.

    Returns
    -------
    ndarray of shape (n_topics, n_concepts)
        Log probability and log lift, weighted; larger is more telling.

    References
    ----------
    C. Sievert, K. Shirley. LDAvis: a method for visualizing and interpreting topics. 2014.
    """
    log_topic = np.log(np.maximum(topic_term, 1e-12))
    return RELEVANCE * log_topic + (1 - RELEVANCE) * (log_topic - np.log(np.maximum(term_share, 1e-12)))


def log_odds(counts: sparse.csr_array, labels: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
    """Rate concepts by how much more a group of articles uses them than the rest does.

    Parameters
    ----------
    counts : csr_array of shape (n_articles, n_concepts)
        Counts.
    labels : ndarray of shape (n_articles,)
        Group of each article; -1 belongs to none.
    n_groups
        Number of groups.

    Returns
    -------
    ndarray of shape (n_groups, n_concepts)
        z-scores of the log-odds ratio with an informative Dirichlet prior.

    References
    ----------
    B. Monroe, M. Colaresi, K. Quinn. Fightin' words. 2008.
    """
    total = np.asarray(counts.sum(axis=0)).ravel()
    prior = PRIOR_STRENGTH * total / max(total.sum(), 1e-12) + 1e-9
    scores = np.zeros((n_groups, counts.shape[1]))
    for group in range(n_groups):
        inside = np.asarray(counts[np.flatnonzero(labels == group)].sum(axis=0)).ravel()
        outside = total - inside
        a, b = inside + prior, outside + prior
        odds = np.log(a / (a.sum() - a)) - np.log(b / (b.sum() - b))
        scores[group] = odds / np.sqrt(1 / a + 1 / b)
    return scores

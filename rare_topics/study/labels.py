"""Names of concepts, topics and clusters in both languages, and the concepts that set a group apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
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
# A word of which this share of the mentions stands in one term is named by the term: hardly any topic is on "rates".
CARRIED_SHARE = 0.5
# Categories of the lexicon that are proper names, the same in any field.
PROPER_NAMES = frozenset({"alliance", "company", "country", "institution", "person", "place", "project"})
# What a dictionary says after a name: "Lhasa, capital city of …", "Mandela (1918-2013)".
EXPLANATION = re.compile(r"(?<!\s)\s*[,;(].*")
# A gloss of more words explains and names nothing.
MAX_WORDS_OF_GLOSS = 4


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
    has_domain
        Whether the corpus is of the lexicon's field. Where it is not, a quota is no mining quota,
        and concepts that are no proper names are named as they are printed.
    has_chinese
        Whether the corpus has Chinese. Where it has none, a word whose Chinese name is not
        certain keeps its English one.
    """

    lexicon: Lexicon
    surfaces: Mapping[str, Mapping[str, float]]
    collocations: Mapping[Phrase, Mapping[str, float]] = field(default_factory=dict)
    has_domain: bool = True
    has_chinese: bool = True

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
        printed = self.surfaces.get(concept, {})
        if self._has_label(concept, printed):
            return self.lexicon.label(concept, lang)
        if forms := _normalised_forms(printed, lang):
            return _commonest(forms)
        if lang == "zh" and not self.has_chinese:
            english = _normalised_forms(printed, "en")
            return _commonest(english) if english else concept
        return self._dictionary_form(concept, lang)

    def names(self, concepts: Sequence[str], lang: str) -> list[str]:
        """Name concepts; one whose name an earlier one has goes by its dictionary form, if that is free.

        全球 is printed for global and for world, but 世界 for world alone.

        Parameters
        ----------
        concepts
            Concepts, the most important first.
        lang
            ``"zh"`` or ``"en"``.

        Returns
        -------
        list of str
            A name for each.
        """
        has_dictionary = lang == "en" or self.has_chinese
        names: dict[str, str] = {}
        taken: set[str] = set()
        for concept in concepts:
            name = self.name(concept, lang)
            own = self._dictionary_form(concept, lang) if name in taken and has_dictionary else name
            names[concept] = name if own in taken or is_han(own) != (lang == "zh") else own
            taken.add(names[concept])
        return list(names.values())

    def _dictionary_form(self, concept: str, lang: str) -> str:
        if concept in self.lexicon.concepts:
            return self.lexicon.label(concept, lang)
        return concept if is_han(concept) == (lang == "zh") else self._translate(concept)

    def _has_label(self, concept: str, printed: Mapping[str, float]) -> bool:
        """Tell whether the lexicon's labels name what the corpus means: its field, a proper name, or the very word."""
        entry = self.lexicon.concepts.get(concept)
        if entry is None:
            return False
        if self.has_domain or entry.category in PROPER_NAMES:
            return True
        first_forms = {form.casefold() for form in (*entry.zh[:1], *entry.en[:1])}
        forms = {**_normalised_forms(printed, "zh"), **_normalised_forms(printed, "en")}
        return bool(forms) and _commonest(forms).casefold() in first_forms

    def _translate(self, word: str) -> str:
        """Translate a word; the word itself where the dictionary explains it instead of naming it."""
        name = EXPLANATION.sub("", self.lexicon.translate(word))
        return name if name and len(name.split()) <= MAX_WORDS_OF_GLOSS else word

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
            In order, none twice. A term is named by its commonest printed form in that language,
            else by a word that names all its concepts, else by its first concept.
        """
        names = [self._term_name(term, lang) for term in longest_terms(concepts, self.collocations)]
        return list(dict.fromkeys(names))

    def _term_name(self, term: Phrase, lang: str) -> str:
        printed_in = "en" if lang == "zh" and not self.has_chinese else lang
        if forms := _normalised_forms(self.collocations.get(term, {}), printed_in):
            return _commonest(forms)
        forms_of_concepts = [_normalised_forms(self.surfaces.get(concept, {}), lang) for concept in term]
        common_words = set(forms_of_concepts[0]).intersection(*forms_of_concepts[1:])
        if len(term) > 1 and common_words:
            return _commonest({word: min(forms[word] for forms in forms_of_concepts) for word in common_words})
        return self.name(term[0], lang)

    def _carrying_term(self, term: Phrase, lang: str) -> Phrase:
        """Return the longer term in which half of a concept's mentions in a language stand, else the term itself."""
        if len(term) > 1:
            return term
        least = CARRIED_SHARE * sum(_normalised_forms(self.surfaces.get(term[0], {}), lang).values())
        counts = {
            phrase: sum(_normalised_forms(forms, lang).values())
            for phrase, forms in self.collocations.items()
            if term[0] in phrase
        }
        # "Money supply" is printed in "M1 money supply" as well.
        totals = {
            phrase: sum(counts[other] for other in counts if _contains(other, phrase))
            for phrase, count in counts.items()
            if count
        }
        carrying = [phrase for phrase, total in totals.items() if total >= least]
        return min(carrying, key=lambda phrase: (-counts[phrase], phrase), default=term)

    def label(self, concepts: Sequence[str], lang: str) -> str:
        """Join the names of the first terms; of names that contain each other the longest is taken.

        A word that mostly stands in one term of several words is named by that term.

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
        terms = longest_terms(concepts, self.collocations)
        for name in (self._term_name(self._carrying_term(term, lang), lang) for term in terms):
            overlapping = [earlier for earlier in names if earlier in name or name in earlier]
            if not overlapping:
                names.append(name)
            elif len(overlapping) == 1 and len(name) > len(overlapping[0]):
                names[names.index(overlapping[0])] = name
        return " · ".join(names[:MAX_TERMS_IN_LABEL])

    def domain_first(self, concepts: Sequence[str]) -> list[str]:
        """Put the concepts of the lexicon before general words, each kind in the order given, in their field."""
        return sorted(concepts, key=lambda concept: self.has_domain and concept not in self.lexicon.concepts)

    def is_subject(self, concept: str) -> bool:
        """Tell whether a concept may be a subject: names of agencies and parts of a page are none."""
        names = {concept.casefold(), *(self.name(concept, lang).casefold() for lang in ("zh", "en"))}
        return not names & label_exclusions()


@cache
def label_exclusions() -> frozenset[str]:
    """Load the words that are never a term of a topic or a label, in lower case."""
    text = resources.files("rare_topics.data").joinpath("label_exclusions.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word.strip().casefold() for line in lines for word in line.split(";") if word.strip())


def _contains(phrase: Phrase, part: Phrase) -> bool:
    """Tell whether the concepts of one term stand side by side, in their order, in another."""
    return any(phrase[at : at + len(part)] == part for at in range(len(phrase) - len(part) + 1))


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

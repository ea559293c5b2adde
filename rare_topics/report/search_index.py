"""An index by concept, so that a word of either language finds articles of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from rare_topics.claims.number_wording import UNIT_NAMES_EN
from rare_topics.lexicon.lemmas import irregular_forms
from rare_topics.quantities.units import unit_forms, unit_names_zh
from rare_topics.study.tables import namer
from rare_topics.vectorize.concept_counts import count_block

if TYPE_CHECKING:
    from rare_topics.study import Study

# Share of a word's mentions that must go to a concept for the word to count as its name; chosen by hand: a majority.
MIN_SENSE_SHARE = 0.5
# A concept with one form only is found by the letters of that form.
MIN_FORMS = 2


def search_index(study: Study) -> dict[str, Any]:
    """List the forms that name each concept, and the articles that mention it.

    Parameters
    ----------
    study
        A fitted study.

    Returns
    -------
    dict
        ``forms``: concept numbers by form, in lower case; ``labels``: names of each concept,
        Chinese and English; ``postings``: of each concept the numbers of its articles, each as
        the difference from the one before (gap encoding of an inverted index).
    """
    vectorizer = study.state.vectorizer
    # Counts of general concepts are weighted down; undone here, so that a count is a number of mentions.
    weights = np.where(vectorizer.domain_, 1.0, vectorizer.general_weight_)
    mentions = study.state.counts.multiply(1 / weights[None, :])
    mentioned = sparse.csc_array(mentions >= MIN_SENSE_SHARE)
    index: dict[str, Any] = {"forms": {}, "labels": [], "postings": []}
    names = namer(study.state)
    concepts_of_form = _concepts_by_printed_form(study)
    for column, concept in enumerate(map(str, study.state.concepts)):
        articles = np.sort(mentioned.indices[mentioned.indptr[column] : mentioned.indptr[column + 1]])
        forms = _forms(study, concept, concepts_of_form) if len(articles) else []
        if len(forms) < MIN_FORMS:
            continue
        for form in forms:
            index["forms"].setdefault(form, []).append(len(index["labels"]))
        index["labels"].append([names.name(concept, lang) for lang in ("zh", "en")])
        index["postings"].append(np.diff(articles, prepend=0).tolist())
    _add_units(index, study)
    # The page takes regular endings off a word by itself.
    irregular = {form: base for form, base in irregular_forms().items() if base in index["forms"]}
    index["forms"] = {**{form: index["forms"][base] for form, base in irregular.items()}, **index["forms"]}
    vectorizer.lexicon_.save_caches()
    return index


def _add_units(index: dict[str, Any], study: Study) -> None:
    """Let the names of a unit find the articles that state a number in it, or in a multiple of it."""
    numbers = {article.article_id: number for number, article in enumerate(study.corpus)}
    articles: dict[str, set[int]] = defaultdict(set)
    for claim in study.claims.claims:
        articles[claim.quantity.unit.partition("/")[0]].add(numbers[claim.article_id])
    for unit in sorted(articles):
        forms = sorted({form.lower() for form in unit_forms(unit)})
        if not forms:
            continue
        for form in forms:
            index["forms"].setdefault(form, []).append(len(index["labels"]))
        index["labels"].append([unit_names_zh().get(unit, unit), UNIT_NAMES_EN.get(unit, unit)])
        index["postings"].append(np.diff(sorted(articles[unit]), prepend=0).tolist())


def _forms(study: Study, concept: str, concepts_of_form: Mapping[str, Collection[str]]) -> list[str]:
    """List what names a concept, in lower case: its forms in the lexicon, and those printed in the corpus."""
    entry = study.state.vectorizer.lexicon_.concepts.get(concept)
    forms = [*entry.zh, *entry.en] if entry else [concept]
    forms += [form for form in study.state.vectorizer.surfaces_[concept] if concept in concepts_of_form[form]]
    return sorted({" ".join(form.lower().split()) for form in forms})


def _concepts_by_printed_form(study: Study) -> dict[str, set[str]]:
    """List for each printed form the concepts that most of its mentions go to; a word of several senses has several."""
    vectorizer = study.state.vectorizer
    forms = sorted(set().union(*vectorizer.surfaces_.values()))
    counted = count_block(forms, vectorizer.lexicon_, vectorizer.segmenter_)
    concepts_of_form: dict[str, set[str]] = {form: set() for form in forms}
    for row, column in zip(*(counted.counts >= MIN_SENSE_SHARE).nonzero(), strict=True):
        concepts_of_form[forms[row]].add(counted.concepts[column])
    return concepts_of_form

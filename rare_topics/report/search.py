"""An index by concept, so that a word of either language finds articles of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rare_topics.study import Study

# A word of several senses names the one that carries at least this share of it.
OWN_SENSE = 0.5
# A word that is spelled one way only is found by its letters.
FEWEST_FORMS = 2


def search_index(study: Study) -> dict[str, Any]:
    """List the forms that name each concept, and the articles that do.

    Parameters
    ----------
    study
        A fitted study.

    Returns
    -------
    dict
        ``forms``: concept number by form, in lower case; ``labels``: names of each concept,
        Chinese and English; ``postings``: of each concept the numbers of its articles, each as
        the distance from the one before.
    """
    vectorizer = study.vectorizer_
    weights = np.where(vectorizer.domain_, 1.0, vectorizer.general_weight_)
    plain = study.counts.multiply(1 / weights[None, :])
    present = sparse.csc_array(plain >= OWN_SENSE)
    index: dict[str, Any] = {"forms": {}, "labels": [], "postings": []}
    for column, concept in enumerate(study.concepts):
        articles = np.sort(present.indices[present.indptr[column] : present.indptr[column + 1]])
        forms = _forms(study, str(concept))
        if len(articles) and len(forms) >= FEWEST_FORMS:
            for form in forms:
                index["forms"].setdefault(form, []).append(len(index["labels"]))
            index["labels"].append([study.namer.name(concept, "zh"), study.namer.name(concept, "en")])
            index["postings"].append(np.diff(articles, prepend=0).tolist())
    vectorizer.lexicon_.keep()
    return index


def _forms(study: Study, concept: str) -> list[str]:
    """List what names a concept: its forms in the lexicon, and what the corpus prints for it."""
    entry = study.vectorizer_.lexicon_.concepts.get(concept)
    known = (*entry.zh, *entry.en) if entry else (concept,)
    printed = (form for form in study.vectorizer_.surfaces_[concept] if _means(study, form, concept))
    return sorted(_lowered([*known, *printed]))


def _lowered(forms: Iterable[str]) -> set[str]:
    return {" ".join(form.lower().split()) for form in forms}


def _means(study: Study, form: str, concept: str) -> bool:
    vectorizer = study.vectorizer_
    mentions = vectorizer.lexicon_.mentions(vectorizer.segmenter_.tokenize(form))
    return sum(mention.weight for mention in mentions if mention.concept == concept) >= OWN_SENSE

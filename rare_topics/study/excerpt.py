"""A part of a large study that can be shown where all of it cannot."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.corpus import Corpus
from rare_topics.study.parts import OF_ARTICLES, OF_PASSAGES

if TYPE_CHECKING:
    from rare_topics.study.steps import Study

# Tables of topics, and names, stay those of all articles.
KEPT = ("topics", "topic_terms", "choice", "scores", "namer", "start", "concepts")


def excerpt(study: Study, most: int) -> Study:
    """Return a study of some of the articles, evenly chosen in their order, which is that of their dates.

    Parameters
    ----------
    study
        A fitted study.
    most
        Number of articles at most.

    Returns
    -------
    Study
        The study itself where it has no more; else one with the same topics, clusters, places,
        themes and claims of fewer articles.
    """
    n = len(study.corpus)
    if n <= most:
        return study
    rows = np.unique(np.linspace(0, n - 1, most).round().astype(np.int64))
    part = copy(study)
    part.forget()
    part.corpus = Corpus(tuple(study.corpus.articles[row] for row in rows), study.corpus.inputs, study.corpus.warnings)
    for name in OF_ARTICLES:
        setattr(part, name, getattr(study, name)[rows])
    passages = np.flatnonzero(np.isin(study.passage_article, rows))
    for name in OF_PASSAGES:
        if getattr(study, name) is not None:
            setattr(part, name, getattr(study, name)[passages])
    vars(part).update({name: getattr(study, name) for name in KEPT})
    vars(part).update(
        clusters=study.clusters.iloc[rows].reset_index(drop=True),
        themes=study.themes.subset(part.corpus, passage_topics=part.mixtures),
        claims=study.claims.among(part.corpus),
    )
    return part

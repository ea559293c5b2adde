"""A part of a large study, to be shown where all of it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rare_topics.corpus import Corpus
from rare_topics.study.state import ARTICLE_FIELDS, PASSAGE_FIELDS, StudyState
from rare_topics.study.tables import of_all_articles


def subset(state: StudyState, n_articles: int) -> StudyState:
    """Return a study of some of the articles, evenly spaced in their order, which is that of their dates.

    Parameters
    ----------
    state
        A fitted study.
    n_articles
        How many at most.

    Returns
    -------
    StudyState
        The study itself where it has no more; else one with fewer articles, whose tables of
        topics, names and scores are still those of all articles.
    """
    n_all = len(state.corpus)
    if n_all <= n_articles:
        return state
    rows = np.unique(np.linspace(0, n_all - 1, n_articles).round().astype(np.int64))
    passages = np.flatnonzero(np.isin(state.corpus.passages.article_rows, rows))
    articles = tuple(state.corpus.articles[row] for row in rows)
    changes: dict[str, Any] = {"corpus": Corpus(articles, state.corpus.inputs, state.corpus.warnings)}
    for names, kept in ((ARTICLE_FIELDS, rows), (PASSAGE_FIELDS, passages)):
        for name in names:
            part = getattr(state, name)
            changes[name] = None if part is None else part[kept]
    part = replace(state, **changes)
    part = part.keeping_tables(
        themes=state.themes.subset(part.corpus, passage_topics=part.passage_topics),
        claims=state.claims.subset(part.corpus),
    )
    return of_all_articles(state, part, rows)

"""What can be asked of a corpus, and what its results warn of."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

from rare_topics.errors import InputError
from rare_topics.study.results import PASSAGES_BELOW

if TYPE_CHECKING:
    from rare_topics.corpus.corpus import Corpus
    from rare_topics.study.steps import Study

FEWEST_ARTICLES = 3
LARGEST_STATE = 2**31 - 1


def check_asked(study: Study, corpus: Corpus) -> None:
    """Make sure that a corpus can give what is asked for.

    Raises
    ------
    InputError
        If there are fewer than three articles, more topics or clusters are asked for than
        articles can hold, or a number is none.
    """
    n = len(corpus)
    if n < FEWEST_ARTICLES:
        raise InputError(
            f"{n} article{'s' * (n != 1)}: topics and clusters need at least {FEWEST_ARTICLES}",
            fix="add pages or rows",
        )
    n_documents = n if n >= PASSAGES_BELOW else len(corpus.passages)
    for name, value, least, most in (
        ("n_clusters", study.n_clusters, 1, n),
        ("n_topics", study.n_topics, 1, n_documents),
        ("random_state", study.random_state, 0, LARGEST_STATE),
    ):
        if value is None and name != "random_state":
            continue
        if not isinstance(value, Integral) or not least <= int(value) <= most:
            raise InputError(f"{name} is {value!r} for {n} articles", fix=f"give a whole number from {least} to {most}")


def shown_by(study: Study) -> list[str]:
    """List what the results themselves warn of."""
    warnings = []
    empty = [a.article_id for a, length in zip(study.corpus, study.counts.sum(axis=1), strict=True) if not length]
    if empty:
        warnings.append(f"no concept in {'; '.join(empty)}: these articles have no place of their own")
    if study.topic_model_.dropped_:
        dropped = study.topic_model_.dropped_
        warnings.append(f"{dropped} topics dropped: they did not come back, or were a single article's")
    found = study.clusterer_.n_clusters_
    if found < (study.n_clusters or 0):
        warnings.append(f"{found} of the {study.n_clusters} clusters asked for hold two articles or more")
    unplaced = int((study.labels < 0).sum())
    if unplaced:
        warnings.append(f"{unplaced} article{'s belong' if unplaced > 1 else ' belongs'} to no cluster")
    warnings += [
        f"{row.article_id} tells the story of {row.first_id} again "
        f"({row.kind}, similarity {row.similarity:.2f}); shares count it once"
        for row in study.repeats.itertuples()
    ]
    if study.by_passage and not study.grown:
        warnings.append(
            f"{len(study.corpus)} articles: topics are learned from {len(study.corpus.passages)} passages; "
            "read stability and confidence before the labels"
        )
    return warnings

"""Which articles are alike, and which tell a story that another has told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rare_topics.projection.neighbors import MAX_EXACT_ROWS, nearest_rows, similar_pairs
from rare_topics.study.similarity import similarity_rows
from rare_topics.study.state import StudyState, computed_once
from rare_topics.vectorize.story_groups import StoryPair, first_tellings, translation_pairs

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Collections of up to so many articles have all pairs listed, larger ones each article's nearest ten.
ALL_PAIRS_UP_TO, NEAREST = 500, 10
# In a large collection the nearest ten are chosen among forty that are near by their vectors: comparing all counts
# would grow with the square of the articles. The number was chosen by hand.
CANDIDATES = 40


@computed_once
def similar(state: StudyState) -> pd.DataFrame:
    """List the similarity of articles: of all pairs of a small corpus, else of each one and its ten nearest.

    Returns
    -------
    DataFrame
        article_id, other_id, similarity.
    """
    import pandas as pd

    ids = [article.article_id for article in state.corpus]
    nearest = None if len(ids) <= ALL_PAIRS_UP_TO else NEAREST
    candidates = nearest_rows(state.vectors, CANDIDATES).rows if len(ids) > MAX_EXACT_ROWS else None
    pairs = similar_pairs(similarity_rows(state), n_neighbors=nearest, candidates=candidates)
    return pd.DataFrame(
        [(ids[one], ids[other], round(float(value), 4)) for one, other, value in pairs],
        columns=["article_id", "other_id", "similarity"],
    )


@computed_once
def repeats(state: StudyState) -> pd.DataFrame:
    """List the articles that repeat an earlier one, with small edits or in the other language.

    Returns
    -------
    DataFrame
        article_id, first_id (the story's first article), kind (``copy`` or ``translation``),
        similarity.
    """
    import pandas as pd

    ids = [article.article_id for article in state.corpus]
    first_of_story = _first_of_story(state)
    closest: dict[int, StoryPair] = {}
    for pair in _repeating_pairs(state):
        for row in {pair.one, pair.other} - {int(first_of_story[pair.one])}:
            closest[row] = max(closest.get(row, pair), pair, key=lambda found: (found.similarity, found.kind))
    return pd.DataFrame(
        [(ids[row], ids[first_of_story[row]], closest[row].kind, closest[row].similarity) for row in sorted(closest)],
        columns=["article_id", "first_id", "kind", "similarity"],
    )


@computed_once
def is_first_telling(state: StudyState) -> NDArray[np.bool_]:
    """Tell whether each article is the first of its story; shares are taken over these alone.

    Returns
    -------
    ndarray of bool, shape (n_articles,)
    """
    return np.asarray(_first_of_story(state) == np.arange(len(state.corpus)))


@computed_once
def _first_of_story(state: StudyState) -> NDArray[np.int64]:
    return first_tellings(len(state.corpus), _repeating_pairs(state))


@computed_once
def _repeating_pairs(state: StudyState) -> list[StoryPair]:
    position = {article.article_id: row for row, article in enumerate(state.corpus)}
    copies = [
        StoryPair(position[one], position[other], similarity, "copy")
        for one, other, similarity in state.corpus.near_duplicates
    ]
    langs = [article.body_lang for article in state.corpus]
    published = [article.published for article in state.corpus]
    return [*copies, *translation_pairs(state.counts, langs, published)]

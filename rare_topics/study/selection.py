"""What speaks for each number of topics: how steadily they come back, how well they predict, how much they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.runtime.sampling import sample_rows
from rare_topics.study import tables
from rare_topics.study.metrics import coherence
from rare_topics.study.search import passage_documents
from rare_topics.study.state import StudyState, computed_once
from rare_topics.topics import TopicModel

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Every so many-th article is held out.
HELD_OUT = 5
# Documents that the topics are learned from and judged on at the most.
MAX_DOCUMENTS = 2000
# Words of a topic that its exclusivity and coherence are of.
N_TERMS = 10


@computed_once
def model_selection(state: StudyState) -> pd.DataFrame:
    """List what speaks for each number of topics that was considered; empty where the number was given.

    Returns
    -------
    DataFrame
        n_topics, stability (mean over the topics), low, high, chosen; perplexity (of the words of
        every fifth article, which the topics were not learned from; lower is better), exclusivity
        (mean share of a topic in its own ten leading words, 0 to 1), npmi (coherence of these words,
        -1 to 1). The number is chosen by stability alone; the others are for the reader.

    References
    ----------
    J. Bischof, E. Airoldi. Summarizing topical content with word frequency and exclusivity. 2012.
    """
    table = tables.model_selection(state).copy()
    documents, articles = passage_documents(state)
    kept = sample_rows(documents.shape[0], MAX_DOCUMENTS, random_state=state.settings.random_state)
    documents, articles = documents[kept], articles[kept]
    is_held_out = articles % HELD_OUT == HELD_OUT - 1
    seen, unseen = documents[np.flatnonzero(~is_held_out)], documents[np.flatnonzero(is_held_out)]
    judged: dict[str, Any] = {"perplexity": [], "exclusivity": [], "npmi": []}
    for n_topics in table["n_topics"]:
        model = TopicModel(int(n_topics), random_state=state.settings.random_state).fit(seen)
        leading = np.argsort(-model.topic_term_, axis=1, kind="stable")[:, :N_TERMS]
        judged["perplexity"].append(round(float(model.perplexity(unseen)), 2) if unseen.nnz else None)
        judged["exclusivity"].append(round(exclusivity(model.topic_term_, leading), 4))
        judged["npmi"].append(coherence(leading.tolist(), documents)["npmi"])
    return table.assign(**judged)


def exclusivity(topic_term: NDArray[np.float64], leading: NDArray[np.int64]) -> float:
    """Return how far the leading words of topics belong to them alone.

    Parameters
    ----------
    topic_term : ndarray of shape (n_topics, n_words)
        Probability of each word in each topic.
    leading : ndarray of shape (n_topics, n_leading)
        Columns of the leading words.

    Returns
    -------
    float
        Mean over topics and words of the topic's share of the word's probability in all topics.
    """
    shares = topic_term / np.maximum(topic_term.sum(axis=0), 1e-300)
    return float(np.take_along_axis(shares, leading, axis=1).mean())

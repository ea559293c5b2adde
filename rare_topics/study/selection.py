"""What speaks for each number of topics: how steadily they come back, how well they predict, how much they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from rare_topics.runtime.sampling import sample_rows
from rare_topics.study import tables
from rare_topics.study.state import StudyState, computed_once
from rare_topics.study.topic_consensus import learn_freely, mixtures_of
from rare_topics.topics import TopicModel
from rare_topics.topics.factorization import inverse_document_frequencies, tfidf

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Every so many-th article is held out.
HELD_OUT = 5
# Documents that the topics are learned from and judged on at the most.
MAX_DOCUMENTS = 2000
# Words of a topic that its exclusivity is of.
N_TERMS = 10
# Added to the counts of each word in a topic, as the prior of LDA does.
SMOOTHING = 0.1


@computed_once
def model_selection(state: StudyState) -> pd.DataFrame:
    """List what speaks for each number of topics that was considered; empty where the number was given.

    Returns
    -------
    DataFrame
        n_topics, stability (mean over the topics), low, high, coherence, chosen; perplexity (of the
        words of every fifth article, which the topics were not learned from; lower is better) and
        exclusivity (mean share of a topic in its own ten leading words, 0 to 1). The number is
        chosen by stability and coherence; the others are for the reader.

    References
    ----------
    J. Bischof, E. Airoldi. Summarizing topical content with word frequency and exclusivity. 2012.
    """
    table = tables.model_selection(state).copy()
    method, random_state = state.topic_model.method, state.settings.random_state
    kept = sample_rows(len(state.corpus), MAX_DOCUMENTS, random_state=random_state)
    counts = sparse.csr_matrix(state.counts[kept])
    is_held_out = np.arange(len(kept)) % HELD_OUT == HELD_OUT - 1
    seen, unseen = counts[np.flatnonzero(~is_held_out)], counts[np.flatnonzero(is_held_out)]
    rows = tfidf(seen, inverse_document_frequencies(seen)) if method == "nmf" else seen
    judged: dict[str, Any] = {"perplexity": [], "exclusivity": []}
    for n_topics in table["n_topics"]:
        topic_term = learn_freely(rows, int(n_topics), method=method, random_state=random_state)
        leading = np.argsort(-topic_term, axis=1, kind="stable")[:, :N_TERMS]
        # A topic of TF-IDF is one of words by the counts in the articles that it makes up.
        words = mixtures_of(rows, topic_term, method=method).T @ seen + SMOOTHING
        model = TopicModel().with_topics(normalize(np.asarray(words), norm="l1"))
        judged["perplexity"].append(round(float(model.perplexity(unseen)), 2) if unseen.nnz else None)
        judged["exclusivity"].append(round(exclusivity(topic_term, leading), 4))
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

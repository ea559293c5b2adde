"""Topics that come back: many fits matched to each other, and how often each topic returns."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from rare_topics.topics._checks import require_words
from rare_topics.topics.model import TopicModel

# Topics are compared by what they say beyond the corpus as a whole; above this they are the same one.
SAME_TOPIC = 0.5
PUBLISHED_STABILITY = 0.5
MATCHING_ROUNDS = 3
SUBSAMPLE = 0.8
FEWEST_TOPICS, MOST_TOPICS = 3, 12
JUDGING_RUNS = 8
# Numbers of topics whose mean likeness is this close to the best are equals; the largest of them says most.
EQUAL = 0.05
# A topic that holds more of one article than of all others together is that article, no topic.
ONE_ARTICLE = 0.5
# Probability of a word in a topic that no fit ever gave it to.
FLOOR = 1e-7


class Matched(NamedTuple):
    """The topics of many fits, one to one.

    Attributes
    ----------
    topics : ndarray of shape (n_runs, n_topics, n_concepts)
        Word distributions; topic k of every fit is the same topic.
    likeness : ndarray of shape (n_runs, n_topics)
        Cosine of each topic with the mean of its matches, beyond the corpus as a whole.
    """

    topics: NDArray[np.float64]
    likeness: NDArray[np.float64]

    @property
    def stability(self) -> NDArray[np.float64]:
        """Share of the fits that hold each topic, of shape (n_topics,)."""
        return np.asarray((self.likeness >= SAME_TOPIC).mean(axis=0))


class StableTopicModel(TransformerMixin, BaseEstimator):
    """Latent Dirichlet allocation whose topics are the consensus of many fits.

    Each fit sees a random part of the articles and starts elsewhere. Topics are matched
    across fits and averaged; a topic that fewer than half of the fits hold is dropped, and so
    is one of whose words more than half stand in a single article.

    Parameters
    ----------
    n_topics
        Number of topics; None takes the largest number, 3 to 12, whose topics come back as
        often as those of the steadiest number.
    n_runs
        Number of fits.
    random_state
        Seed.

    Attributes
    ----------
    topic_term_ : ndarray of shape (n_topics_, n_concepts)
        Mean of the matched topics; rows sum to 1, the most stable first.
    low_, high_ : ndarray of shape (n_topics_, n_concepts)
        5th and 95th percentile over the fits.
    stability_ : ndarray of shape (n_topics_,)
        Share of the fits that hold the topic.
    doc_topic_ : ndarray of shape (n_documents, n_topics_)
        Mixtures of the documents; rows sum to 1.
    chosen_ : int
        Topics of each fit.
    n_topics_ : int
        Topics kept.
    dropped_ : int
        Topics that did not come back, or were a single article's.
    choice_ : list of (int, ndarray)
        Mean likeness of the matched topics for each number considered, by topic; empty where
        the number was given.

    References
    ----------
    D. Greene, D. O'Callaghan, P. Cunningham. How many topics? Stability analysis for topic
    models. 2014.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_topics": [None, Interval(Integral, 1, None, closed="left")],
        "n_runs": [Interval(Integral, 1, None, closed="left")],
        "random_state": [Interval(Integral, 0, None, closed="left")],
    }

    def __init__(self, n_topics: int | None = None, *, n_runs: int = 20, random_state: int = 0) -> None:
        self.n_topics = n_topics
        self.n_runs = n_runs
        self.random_state = random_state

    def fit(self, X: sparse.csr_array, y: object = None, *, groups: NDArray[np.int64] | None = None) -> Self:
        """Learn the topics of documents.

        Parameters
        ----------
        X : csr_array of shape (n_documents, n_concepts)
            Counts of articles, or of their passages.
        y : object
            Ignored.
        groups : ndarray of shape (n_documents,), optional
            Article of each document; a fit draws articles whole.

        Returns
        -------
        StableTopicModel
            This estimator.

        Raises
        ------
        ValueError
            If a parameter is out of its range, `X` has negative or no counts, or `groups`
            another length.
        """
        self._validate_params()
        require_words(X)
        groups = _articles(X, groups)
        self.choice_: list[tuple[int, NDArray[np.float64]]] = []
        n_topics = int(self._choose(X, groups) if self.n_topics is None else self.n_topics)
        matched = match(self._runs(X, groups, n_topics, self.n_runs), _share(X))
        self._keep(matched, matched.stability >= PUBLISHED_STABILITY)
        spread = _largest_part(self.transform(X), X, groups) <= ONE_ARTICLE
        if spread.any() and not spread.all():
            self._keep(matched, np.isin(np.arange(n_topics), self._kept[spread]))
        self.chosen_, self.dropped_ = n_topics, n_topics - self.n_topics_
        self.doc_topic_ = self.transform(X)
        return self

    def transform(self, X: sparse.csr_array) -> NDArray[np.float64]:
        """Return the mixtures of documents, of shape (n_documents, n_topics_), topics held fixed."""
        check_is_fitted(self, "topic_term_")
        return TopicModel().with_topics(self.topic_term_).transform(X)

    def _choose(self, counts: sparse.csr_array, groups: NDArray[np.int64]) -> int:
        share = _share(counts)
        most = min(MOST_TOPICS, max(FEWEST_TOPICS, len(np.unique(groups)) // 3))
        for n_topics in range(FEWEST_TOPICS, most + 1):
            runs = self._runs(counts, groups, n_topics, JUDGING_RUNS)
            self.choice_.append((n_topics, match(runs, share).likeness.mean(axis=0)))
        best = max(likeness.mean() for _, likeness in self.choice_)
        return max(n for n, likeness in self.choice_ if likeness.mean() >= best - EQUAL)

    def _keep(self, matched: Matched, wanted: NDArray[np.bool_]) -> None:
        """Average the wanted topics, or the steadiest where none is wanted."""
        if not wanted.any():
            wanted = matched.stability == matched.stability.max()
        rank = np.lexsort((-matched.likeness.mean(axis=0), -matched.stability))
        self._kept = rank[wanted[rank]]
        topics = matched.topics[:, self._kept]
        self.n_topics_, self.stability_ = len(self._kept), matched.stability[self._kept]
        self.topic_term_ = normalize(topics.mean(axis=0) + FLOOR, norm="l1")
        self.low_, self.high_ = np.percentile(topics, [5, 95], axis=0)

    def _runs(
        self, counts: sparse.csr_array, groups: NDArray[np.int64], n_topics: int, n_runs: int
    ) -> list[NDArray[np.float64]]:
        rng = np.random.default_rng(self.random_state)
        articles = np.unique(groups)
        size = max(2, round(SUBSAMPLE * len(articles)))
        runs = []
        for _ in range(n_runs):
            drawn = counts[np.flatnonzero(np.isin(groups, rng.permutation(articles)[:size]))]
            model = TopicModel(n_topics, random_state=int(rng.integers(2**31))).fit(drawn)
            # The prior's share is alike in all topics; without it they are told apart.
            runs.append(normalize(np.maximum(model.components_ - model.eta_, 0), norm="l1"))
        return runs


def match(runs: Sequence[NDArray[np.float64]], share: NDArray[np.float64]) -> Matched:
    """Match the topics of many fits one to one.

    Starts from the fit that the others resemble most and alternates between assigning
    (Hungarian method; Kuhn 1955) and averaging.

    Parameters
    ----------
    runs : sequence of ndarray of shape (n_topics, n_concepts)
        Word distributions of each fit.
    share : ndarray of shape (n_concepts,)
        Share of each concept in the corpus.

    Returns
    -------
    Matched
        The topics in the order of the first matching.
    """
    contrasts = [_contrast(run, share) for run in runs]
    center = contrasts[_medoid(contrasts)]
    orders: list[NDArray[np.int64]] = []
    for _ in range(MATCHING_ROUNDS):
        orders = [_assignment(center, contrast) for contrast in contrasts]
        center = normalize(np.mean([one[order] for one, order in zip(contrasts, orders, strict=True)], axis=0))
    topics = np.array([run[order] for run, order in zip(runs, orders, strict=True)])
    likeness = np.array([(center * one[order]).sum(axis=1) for one, order in zip(contrasts, orders, strict=True)])
    return Matched(topics, likeness)


def _articles(counts: sparse.csr_array, groups: NDArray[np.int64] | None) -> NDArray[np.int64]:
    articles = np.arange(counts.shape[0]) if groups is None else np.asarray(groups)
    if articles.shape != (counts.shape[0],):
        raise ValueError(
            f"groups: expected one article per document, {counts.shape[0]} in all, got shape {articles.shape}"
        )
    return articles


def _largest_part(
    mixtures: NDArray[np.float64], counts: sparse.csr_array, groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Share of each topic's words that stand in the article which holds most of them."""
    words = mixtures * np.asarray(counts.sum(axis=1)).reshape(-1, 1)
    _, article = np.unique(groups, return_inverse=True)
    parts = np.zeros((article.max() + 1, mixtures.shape[1]))
    np.add.at(parts, article, words)
    return np.asarray(parts.max(axis=0) / np.maximum(parts.sum(axis=0), 1e-12))


def _share(counts: sparse.csr_array) -> NDArray[np.float64]:
    total = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    return np.asarray(total / total.sum())


def _contrast(topics: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Square roots of the distributions, without the part that the corpus as a whole explains."""
    roots, base = np.sqrt(topics), np.sqrt(share)
    if len(topics) == 1:
        # The only topic is the corpus as a whole, and comes back every time.
        return np.asarray(normalize(roots))
    return np.asarray(normalize(roots - np.outer(roots @ base, base)))


def _medoid(contrasts: Sequence[NDArray[np.float64]]) -> int:
    agreement = [sum(float((a * b[_assignment(a, b)]).sum()) for b in contrasts) for a in contrasts]
    return int(np.argmax(agreement))


def _assignment(center: NDArray[np.float64], contrast: NDArray[np.float64]) -> NDArray[np.int64]:
    _, order = linear_sum_assignment(-(center @ contrast.T))
    return np.asarray(order)

"""Topics that come back: many fits matched to each other, and how often each topic returns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from numbers import Integral
from typing import Any, ClassVar, Self

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from rare_topics.runtime.sampling import sample_rows
from rare_topics.topics._alignment import Matched, match
from rare_topics.topics._documents import Documents, InMemory, among_all
from rare_topics.topics._validation import require_words, word_counts
from rare_topics.topics.lda import TopicModel, learn_topics

PUBLISHED_STABILITY = 0.5
SUBSAMPLE = 0.8
# Documents that show whether a topic comes back; more of them cost time and say the same.
MOST_DRAWN = 2000
# What makes up less of an article is not said of it.
LEADING = 0.05
# The fits draw from a sample of so many articles.
LEARNED_FROM = 20_000
FEWEST_TOPICS, MOST_TOPICS = 3, 12
JUDGING_RUNS = 8
# Numbers of topics whose mean likeness is this close to the best are equals; the largest of them says most.
EQUAL = 0.05
# A topic that holds more of one article than of all others together is that article, no topic.
ONE_ARTICLE = 0.5
# Probability of a word in a topic that no fit ever gave it to.
FLOOR = 1e-7


class StableTopicModel(TransformerMixin, BaseEstimator):
    """Latent Dirichlet allocation whose topics are the consensus of many fits.

    Each fit sees a random part of the articles and starts elsewhere. Topics are matched
    across fits and averaged; a topic that fewer than half of the fits hold is dropped, and so
    is one of whose words more than half stand in a single article.

    A fit sees 80 % of the articles, but no more than about 2,000 documents. Where that is less
    than 80 %, the topics that came back are where one last fit to all documents starts, by the
    words that more than one of them names.

    Parameters
    ----------
    n_topics
        Number of topics; None takes the largest number, 3 to 12, whose topics come back as
        often as those of the steadiest number.
    n_runs
        Number of fits.
    random_state
        Seed.
    n_jobs
        Threads, each busy with a fit of its own; None means one, -1 all. The answer is the
        same, bit by bit.

    Attributes
    ----------
    topic_term_ : ndarray of shape (n_topics_, n_concepts)
        Mean of the matched topics, or what the last fit made of it; rows sum to 1, the most
        stable first.
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

    topic_term_: NDArray[np.float64]

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_topics": [None, Interval(Integral, 1, None, closed="left")],
        "n_runs": [Interval(Integral, 1, None, closed="left")],
        "random_state": [Interval(Integral, 0, None, closed="left")],
        "n_jobs": [None, Integral],
    }

    def __init__(
        self, n_topics: int | None = None, *, n_runs: int = 20, random_state: int = 0, n_jobs: int | None = None
    ) -> None:
        self.n_topics = n_topics
        self.n_runs = n_runs
        self.random_state = random_state
        self.n_jobs = n_jobs

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
        counts = word_counts(self, X, reset=True)
        require_words(counts)
        groups = _articles(counts, groups)
        articles = np.unique(groups)
        some = articles[sample_rows(len(articles), LEARNED_FROM, random_state=self.random_state)]
        rows = np.flatnonzero(np.isin(groups, some)) if len(some) < len(articles) else np.arange(len(groups))
        self._learn(_Draw(counts[rows], groups[rows], InMemory(counts, groups, self.n_jobs)))
        self.doc_topic_ = self.transform(counts)
        return self

    def fit_sample(self, X: sparse.csr_array, documents: Documents) -> Self:
        """Learn topics of documents that are elsewhere, as `fit` does.

        Parameters
        ----------
        X : csr_array of shape (n_sampled, n_concepts)
            Counts of some of the articles, of which each fit draws some; `doc_topic_` is theirs.
        documents
            All documents, wherever they are.

        Returns
        -------
        StableTopicModel
            This estimator.
        """
        self._validate_params()
        counts = word_counts(self, X, reset=True)
        self._learn(_Draw(counts, np.arange(counts.shape[0]), documents))
        self.doc_topic_ = self.transform(counts)
        return self

    def transform(self, X: sparse.csr_array) -> NDArray[np.float64]:
        """Return the mixtures of documents, of shape (n_documents, n_topics_), topics held fixed."""
        check_is_fitted(self, "topic_term_")
        return TopicModel(n_jobs=self.n_jobs).with_topics(self.topic_term_).transform(X)

    def _learn(self, draw: _Draw) -> None:
        """Learn from a sample what can be learned from one, and the rest from all documents."""
        self.choice_: list[tuple[int, NDArray[np.float64]]] = []
        n_topics = int(self._choose(draw) if self.n_topics is None else self.n_topics)
        matched = match(self._runs(draw, n_topics, self.n_runs), draw.share_of_words)
        self._keep(matched, draw.words, matched.stability >= PUBLISHED_STABILITY)
        spread = draw.documents.largest_parts(self.topic_term_) <= ONE_ARTICLE
        if spread.any() and not spread.all():
            self._keep(matched, draw.words, np.isin(np.arange(n_topics), self._kept[spread]))
        if draw.share < SUBSAMPLE:
            learned = draw.documents.learn(self.topic_term_, random_state=self.random_state)
            self.topic_term_ = _with_floor(learned)
        self.chosen_, self.dropped_ = n_topics, n_topics - self.n_topics_

    def _choose(self, draw: _Draw) -> int:
        most = min(MOST_TOPICS, max(FEWEST_TOPICS, len(draw.articles) // 3))
        for n_topics in range(FEWEST_TOPICS, most + 1):
            runs = self._runs(draw, n_topics, JUDGING_RUNS)
            self.choice_.append((n_topics, match(runs, draw.share_of_words).likeness.mean(axis=0)))
        best = max(likeness.mean() for _, likeness in self.choice_)
        return max(n for n, likeness in self.choice_ if likeness.mean() >= best - EQUAL)

    def _keep(self, matched: Matched, words: NDArray[np.int64], wanted: NDArray[np.bool_]) -> None:
        """Average the wanted topics, or the steadiest where none is wanted."""
        if not wanted.any():
            wanted = matched.stability == matched.stability.max()
        rank = np.lexsort((-matched.likeness.mean(axis=0), -matched.stability))
        self._kept = rank[wanted[rank]]
        self.n_topics_, self.stability_ = len(self._kept), matched.stability[self._kept]
        n_words = int(self.n_features_in_)
        self.topic_term_ = _with_floor(among_all(matched.mean(self._kept), words, n_words))
        self.low_, self.high_ = among_all(matched.percentiles(self._kept, [5, 95]), words, n_words)

    def _runs(self, draw: _Draw, n_topics: int, n_runs: int) -> list[NDArray[np.float64]]:
        rng = np.random.default_rng(self.random_state)
        draws = [(draw.rows(rng), int(rng.integers(2**31))) for _ in range(n_runs)]

        def fit(drawn: tuple[NDArray[np.int64], int]) -> NDArray[np.float64]:
            rows, random_state = drawn
            return learn_topics(draw.counts[rows], n_topics, random_state=random_state)

        with ThreadPoolExecutor(effective_n_jobs(self.n_jobs)) as pool:
            return list(pool.map(fit, draws))


class _Draw:
    """What the fits draw their articles from."""

    def __init__(self, counts: sparse.csr_matrix, groups: NDArray[np.int64], documents: Documents) -> None:
        # A sample of many documents names a part of their words, and a fit spends its time on words.
        self.words = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
        self.counts, self.documents = counts[:, self.words], documents
        self.share_of_words = documents.share[self.words]
        self._groups, self.articles = groups, np.unique(groups)
        # Part of all articles that a fit sees.
        self.share = min(SUBSAMPLE, MOST_DRAWN / documents.n_documents)
        self._size = min(max(2, round(self.share * documents.n_articles)), len(self.articles))

    def rows(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw articles whole; of many without a look at each."""
        if len(self.articles) <= MOST_DRAWN / SUBSAMPLE:
            some = rng.permutation(self.articles)[: self._size]
        else:
            some = rng.choice(self.articles, self._size, replace=False, shuffle=False)
        return np.flatnonzero(np.isin(self._groups, some))


def _with_floor(topics: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(normalize(topics + FLOOR, norm="l1"))


def _articles(counts: sparse.csr_matrix, groups: NDArray[np.int64] | None) -> NDArray[np.int64]:
    articles = np.arange(counts.shape[0]) if groups is None else np.asarray(groups)
    if articles.shape != (counts.shape[0],):
        raise ValueError(
            f"groups: expected one article per document, {counts.shape[0]} in all, got shape {articles.shape}"
        )
    return articles


def leading(mixture: NDArray[np.float64]) -> list[tuple[int, float]]:
    """List the topics that make up at least a twentieth of an article, the largest first, with their weights."""
    ranked = np.argsort(-mixture, kind="stable").tolist()
    return [(topic, round(float(mixture[topic]), 4)) for topic in ranked if mixture[topic] >= LEADING]

"""Topics that come back: many fits matched to each other, and how often each topic returns."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from rare_topics.runtime.sampling import sample_rows
from rare_topics.topics._alignment import MatchedTopics, match_topics
from rare_topics.topics._resamples import ArticleSampler, ResampleFits, fitting_threads
from rare_topics.topics._validation import check_counts, require_words
from rare_topics.topics.coherence import best_words, topic_npmi
from rare_topics.topics.factorization import inverse_document_frequencies, learn_parts, part_mixtures, tfidf
from rare_topics.topics.lda import TopicModel, learn_topics

# Probability, before normalising, of a word in a topic that no fit ever gave it to.
MIN_PROBABILITY = 1e-7
# Words by which the coherence of a topic is judged.
COHERENCE_WORDS = 10
# A topic leads the articles in which it is the largest.
MIN_ARTICLES_LED = 2
# Numbers of topics are considered one by one up to the first, by twos up to the second, then by fours.
STEP_LIMITS = (12, 20)


class StableTopicModel(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Topics that are the consensus of many fits.

    Each fit sees a random part of the articles and starts elsewhere. Topics are matched
    across fits and averaged; a topic that fewer than half of the fits have is dropped, and so
    is one of whose words more than half stand in a single article, or that leads fewer than
    two articles. Where none is left, the corpus as a whole is the only topic.

    A fit of LDA sees 80 % of the articles, but no more than about 2,000 documents. Where that is less
    than 80 %, the topics that came back are the start of one last fit to all documents, by the
    words that stand in more than one of them.

    Parameters
    ----------
    n_topics
        Number of topics; None takes the smallest number between `min_topics` and `max_topics`
        whose topics are as coherent and come back as surely as those of the best number,
        within its standard error.
    method
        ``"lda"``: latent Dirichlet allocation of the documents. ``"nmf"``: non-negative
        factorisation of the TF-IDF of the articles, whose topics are more coherent; a
        probability then is a word's share in the TF-IDF of a topic.
    n_runs
        Number of fits.
    min_topics, max_topics
        Numbers of topics considered where `n_topics` is None; never more than a third of the
        articles.
    n_selection_runs
        Fits for each number of topics considered.
    min_stability
        A topic that a smaller share of the fits have is dropped.
    min_similarity
        Cosine from which a topic of a fit is the matched topic, see `match_topics`. By hand.
    max_article_share
        A topic of whose words a larger share stand in one article is dropped.
    subsample
        Share of the articles that a fit sees.
    max_run_samples
        Documents that a fit sees at most, about; more of them take time and do not change
        which topics come back.
    max_fit_samples
        Of more articles, the fits draw from an even sample of this size.
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
        Share of the fits that have the topic.
    doc_topic_ : ndarray of shape (n_documents, n_topics_)
        Mixtures of the documents; rows sum to 1.
    n_topics_per_run_ : int
        Topics of each fit.
    n_topics_ : int
        Topics kept.
    n_dropped_ : int
        Topics that did not come back, stand in a single article, or lead fewer than two.
    is_whole_corpus_ : bool
        Whether no topic was left, so that the corpus stands for one.
    idf_ : ndarray of shape (n_concepts,)
        Weights of the words; all 1 for LDA.
    model_selection_ : list of (int, ndarray, ndarray)
        Stability and coherence (NPMI of the ten best words) of each matched topic for each
        number considered; empty where the number was given.

    References
    ----------
    D. Greene, D. O'Callaghan, P. Cunningham. How many topics? Stability analysis for topic
    models. ECML PKDD 2014.
    """

    topic_term_: NDArray[np.float64]

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_topics": [None, Interval(Integral, 1, None, closed="left")],
        "method": [StrOptions({"lda", "nmf"})],
        "n_runs": [Interval(Integral, 1, None, closed="left")],
        "min_topics": [Interval(Integral, 1, None, closed="left")],
        "max_topics": [Interval(Integral, 1, None, closed="left")],
        "n_selection_runs": [Interval(Integral, 1, None, closed="left")],
        "min_stability": [Interval(Real, 0, 1, closed="both")],
        "min_similarity": [Interval(Real, -1, 1, closed="both")],
        "max_article_share": [Interval(Real, 0, 1, closed="right")],
        "subsample": [Interval(Real, 0, 1, closed="right")],
        "max_run_samples": [Interval(Integral, 2, None, closed="left")],
        "max_fit_samples": [Interval(Integral, 2, None, closed="left")],
        "random_state": [Interval(Integral, 0, None, closed="left")],
        "n_jobs": [None, Integral],
    }

    def __init__(  # noqa: PLR0913 -- an estimator's settings are its constructor's arguments
        self,
        n_topics: int | None = None,
        *,
        method: str = "lda",
        n_runs: int = 20,
        min_topics: int = 3,
        max_topics: int = 12,
        n_selection_runs: int = 8,
        min_stability: float = 0.5,
        min_similarity: float = 0.5,
        max_article_share: float = 0.5,
        subsample: float = 0.8,
        max_run_samples: int = 2000,
        max_fit_samples: int = 20_000,
        random_state: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_topics = n_topics
        self.method = method
        self.n_runs = n_runs
        self.min_topics = min_topics
        self.max_topics = max_topics
        self.n_selection_runs = n_selection_runs
        self.min_stability = min_stability
        self.min_similarity = min_similarity
        self.max_article_share = max_article_share
        self.subsample = subsample
        self.max_run_samples = max_run_samples
        self.max_fit_samples = max_fit_samples
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
        if self.max_topics < self.min_topics:
            raise ValueError(
                f"max_topics: expected at least min_topics={self.min_topics}, got {self.max_topics}; "
                "widen the range, or give n_topics"
            )
        counts = check_counts(self, X, reset=True)
        require_words(counts)
        groups = _article_of_documents(counts, groups)
        self.idf_ = np.ones(counts.shape[1])
        self.model_selection_: list[tuple[int, NDArray[np.float64], NDArray[np.float64]]] = []
        documents, articles = counts, groups
        if self.method == "nmf":
            documents = _sum_by_article(counts, groups)
            articles = np.arange(documents.shape[0])
            self.idf_ = inverse_document_frequencies(documents)
            documents = tfidf(documents, self.idf_)
        if self.idf_.any():
            self._fit_documents(documents, articles)
        else:
            # No two articles share a word, so that nothing can come back.
            self.idf_, self.n_topics_per_run_, self.n_dropped_ = np.ones(counts.shape[1]), 1, 0
            self._take_whole_corpus(counts)
        self.doc_topic_ = self.transform(counts)
        return self

    def transform(self, X: sparse.csr_array) -> NDArray[np.float64]:
        """Return the mixtures of documents, of shape (n_documents, n_topics_), topics held fixed."""
        check_is_fitted(self, "topic_term_")
        if self.method == "nmf":
            return part_mixtures(tfidf(check_counts(self, X, reset=False), self.idf_), self.topic_term_)
        # A frame is checked for the names of its columns here; the inner model has seen none.
        counts = check_counts(self, X, reset=False) if hasattr(X, "columns") else X
        return TopicModel(n_jobs=self.n_jobs).with_topics(self.topic_term_).transform(counts)

    @property
    def _n_features_out(self) -> int:
        """Number of the columns that come out, for their names."""
        return self.n_topics_

    def _fit_documents(self, documents: sparse.csr_matrix, groups: NDArray[np.int64]) -> None:
        """Learn topics from counts, or from TF-IDF, of documents of articles."""
        # Share of the documents that a fit sees.
        run_share = min(self.subsample, self.max_run_samples / documents.shape[0])
        sampler = self._article_sampler(documents, groups, np.unique(groups), run_share)
        matched = self._matched_runs(sampler)
        n_topics = len(matched.runs[0])
        is_kept = matched.stability >= self.min_stability
        self.is_whole_corpus_ = False
        while is_kept.any():
            kept = self._average_topics(matched, sampler.words, is_kept)
            is_shared = self._are_shared(documents, groups)
            if is_shared.all():
                break
            is_kept = np.isin(np.arange(n_topics), kept[is_shared])
        if not is_kept.any():
            self._take_whole_corpus(documents)
        elif run_share < self.subsample and self.method == "lda":
            self.topic_term_ = self._learn_from_all(documents)
        self.n_topics_per_run_, self.n_dropped_ = n_topics, n_topics - self.n_topics_

    def _are_shared(self, documents: sparse.csr_matrix, groups: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which topics are of several articles: they lead two or more, and none has most of their words."""
        if self.method == "nmf":
            mixtures = part_mixtures(documents, self.topic_term_)
        else:
            mixtures = TopicModel(n_jobs=self.n_jobs).with_topics(self.topic_term_).transform(documents)
        by_article = _topic_words_by_article(documents, groups, mixtures)
        largest_shares = by_article.max(axis=0) / np.maximum(by_article.sum(axis=0), 1e-12)
        is_shared = largest_shares <= self.max_article_share
        # Where articles are fewer than twice the topics, not all can lead two of them.
        n_led = np.bincount(by_article.argmax(axis=1), minlength=by_article.shape[1])
        return np.asarray(is_shared & ((n_led >= MIN_ARTICLES_LED) | (self.max_article_share == 1)))

    def _take_whole_corpus(self, documents: sparse.csr_matrix) -> None:
        """Have one topic, the words of all documents."""
        totals = np.asarray(documents.sum(axis=0), dtype=np.float64).reshape(1, -1)
        self.topic_term_ = _with_min_probability(normalize(totals, norm="l1"))
        self.low_ = self.high_ = self.topic_term_
        self.n_topics_, self.stability_, self.is_whole_corpus_ = 1, np.ones(1), True

    def _article_sampler(
        self, counts: sparse.csr_matrix, groups: NDArray[np.int64], articles: NDArray[np.int64], run_share: float
    ) -> ArticleSampler:
        """Prepare what the fits draw their articles from."""
        fit_articles = articles[sample_rows(len(articles), self.max_fit_samples, random_state=self.random_state)]
        rows = np.arange(len(groups))
        if len(fit_articles) < len(articles):
            rows = np.flatnonzero(np.isin(groups, fit_articles))
        totals = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
        return ArticleSampler(
            counts[rows],
            groups[rows],
            word_shares=totals / totals.sum(),
            n_articles_per_run=max(2, round(run_share * len(articles))),
            # Up to here, shuffling all articles is cheap; it decides which articles a seed draws.
            max_shuffled=self.max_run_samples / self.subsample,
        )

    def _select_n_topics(self, sampler: ArticleSampler, fits: ResampleFits) -> int:
        """Choose the smallest number of topics that are about as coherent and as stable as those of the best number."""
        most = len(sampler.articles) // 3
        largest = min(self.max_topics, max(self.min_topics, most))
        smallest = min(self.min_topics, max(MIN_ARTICLES_LED, most))
        numbers = _numbers_considered(smallest, min(largest, max(smallest, most)))
        for n_topics in numbers:
            fits.begin(n_topics, self.n_selection_runs)
        qualities = []
        for n_topics in numbers:
            matched = self._match(fits.topics(n_topics, self.n_selection_runs), sampler)
            words = best_words(matched.mean(np.arange(n_topics)), sampler.counts, COHERENCE_WORDS)
            coherence = topic_npmi(words, sampler.counts)
            self.model_selection_.append((n_topics, matched.stability, coherence))
            qualities.append(np.maximum(coherence, 0) * np.maximum(matched.similarity.mean(axis=0), 0))
        means = [float(quality.mean()) for quality in qualities]
        best = int(np.argmax(means))
        error = float(qualities[best].std() / np.sqrt(len(qualities[best])))
        return min(
            n_topics
            for (n_topics, *_), mean in zip(self.model_selection_, means, strict=True)
            if mean >= means[best] - error
        )

    def _matched_runs(self, sampler: ArticleSampler) -> MatchedTopics:
        """Choose the number of topics where none is given, and match the topics of all fits of that number."""
        with fitting_threads(effective_n_jobs(self.n_jobs)) as pool:
            fits = ResampleFits(
                sampler,
                learn=learn_parts if self.method == "nmf" else learn_topics,
                n_draws=max(self.n_runs, self.n_selection_runs),
                random_state=self.random_state,
                pool=pool,
            )
            n_topics = int(self._select_n_topics(sampler, fits) if self.n_topics is None else self.n_topics)
            return self._match(fits.topics(n_topics, self.n_runs), sampler)

    def _match(self, runs: list[NDArray[np.float64]], sampler: ArticleSampler) -> MatchedTopics:
        return match_topics(runs, sampler.word_shares, min_similarity=self.min_similarity)

    def _average_topics(
        self, matched: MatchedTopics, words: NDArray[np.int64], is_wanted: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Average the wanted topics; return their numbers."""
        rank = np.lexsort((-matched.similarity.mean(axis=0), -matched.stability))
        kept = rank[is_wanted[rank]]
        self.n_topics_, self.stability_ = len(kept), matched.stability[kept]
        n_words = int(self.n_features_in_)
        topics = _expand_words(matched.mean(kept), words, n_words)
        # LDA takes logarithms of probabilities; least squares do not.
        self.topic_term_ = normalize(topics, norm="l1") if self.method == "nmf" else _with_min_probability(topics)
        percentiles = matched.percentiles(kept, percentages=[5, 95])
        self.low_, self.high_ = _expand_words(percentiles, words, n_words)
        return np.asarray(kept)

    def _learn_from_all(self, counts: sparse.csr_matrix) -> NDArray[np.float64]:
        """Fit the topics to all documents, starting from those that came back.

        A word of a single document says nothing of what documents have in common, and such words
        are the larger part of the vocabulary of an archive; they are left out.
        """
        n_words = counts.shape[1]
        document_frequencies = np.bincount(counts.indices, minlength=n_words)
        words = np.flatnonzero(document_frequencies > 1)
        if not len(words):
            words = np.arange(n_words)
        learned = learn_topics(
            counts[:, words],
            len(self.topic_term_),
            random_state=self.random_state,
            start=np.asarray(normalize(self.topic_term_[:, words], norm="l1")),
            n_jobs=self.n_jobs,
        )
        return _with_min_probability(_expand_words(learned, words, n_words))


def leading_topics(mixture: NDArray[np.float64], *, min_weight: float = 0.05) -> list[tuple[int, float]]:
    """List the topics that make up a notable part of an article.

    Parameters
    ----------
    mixture : ndarray of shape (n_topics,)
        Weights of the topics; they sum to 1.
    min_weight
        Smallest weight listed.

    Returns
    -------
    list of (int, float)
        Topics with their weights, rounded to four digits; the largest first.
    """
    ranked = np.argsort(-mixture, kind="stable").tolist()
    return [(topic, round(float(mixture[topic]), 4)) for topic in ranked if mixture[topic] >= min_weight]


def _article_of_documents(counts: sparse.csr_matrix, groups: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Check `groups`; without them each document is an article."""
    articles = np.arange(counts.shape[0]) if groups is None else np.asarray(groups)
    if articles.shape != (counts.shape[0],):
        raise ValueError(
            f"groups: expected one article per document, {counts.shape[0]} in all, got shape {articles.shape}"
        )
    return articles


def _numbers_considered(smallest: int, largest: int) -> list[int]:
    """List numbers of topics, in growing steps: from 20 to 21 topics hardly anything changes."""
    one_by_one, by_twos = STEP_LIMITS
    numbers = [*range(1, one_by_one), *range(one_by_one, by_twos, 2), *range(by_twos, largest + 1, 4)]
    return [number for number in numbers if smallest <= number <= largest]


def _sum_by_article(counts: sparse.csr_matrix, groups: NDArray[np.int64]) -> sparse.csr_matrix:
    """Add the counts of the documents of each article, the articles in the order of their numbers."""
    articles, rows = np.unique(groups, return_inverse=True)
    if len(articles) == len(groups) and (np.diff(rows) > 0).all():
        return counts
    shape = (len(articles), len(groups))
    member = sparse.csr_matrix((np.ones(len(groups), np.float32), (rows, np.arange(len(groups)))), shape=shape)
    return sparse.csr_matrix(member @ counts)


def _topic_words_by_article(
    counts: sparse.csr_matrix, groups: NDArray[np.int64], mixtures: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute how many words of each topic stand in each article, of shape (n_articles, n_topics)."""
    topic_words = mixtures * np.asarray(counts.sum(axis=1)).reshape(-1, 1)
    _, article = np.unique(groups, return_inverse=True)
    by_article = np.zeros((article.max() + 1, mixtures.shape[1]))
    np.add.at(by_article, article, topic_words)
    return by_article


def _expand_words(values: NDArray[np.float64], words: NDArray[np.int64], n_words: int) -> NDArray[np.float64]:
    """Put values of some words into arrays of all words, 0 elsewhere; words are the last axis."""
    expanded = np.zeros((*values.shape[:-1], n_words))
    expanded[..., words] = values
    return expanded


def _with_min_probability(topics: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(normalize(topics + MIN_PROBABILITY, norm="l1"))

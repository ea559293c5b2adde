"""What a model does with topics that do not change: mixtures, perplexity, the way to gensim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from rare_topics.topics._gensim import make_gensim_model
from rare_topics.topics._validation import check_alpha, check_counts, check_topics, require_words

if TYPE_CHECKING:
    from gensim.models import LdaModel

    from rare_topics.topics.training import LdaSettings

# Best, or within 2 % of the best, on held-out words of news and abstracts in both languages, with
# 10 and 40 topics.
DEFAULT_ETA = 0.1
# Rounds of folding in, and the share of a document's words that may still move; chosen by hand.
FOLD_IN_ITERATIONS = 50
FOLD_IN_TOLERANCE = 1e-2
# So many words that a later `partial_fit`, and gensim, hardly change the given probabilities.
WORDS_PER_GIVEN_TOPIC = 1e6


class FixedTopics(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """The part of `TopicModel` that uses topics and does not change them."""

    topic_term_: NDArray[np.float64]
    components_: NDArray[np.float64]
    alpha_: NDArray[np.float64]
    eta_: float
    n_iter_: int
    n_features_in_: int

    n_topics: int
    alpha: float | ArrayLike | None
    eta: float | None
    learn_alpha: bool
    max_iter: int
    tol: float
    n_jobs: int | None

    def with_topics(self, topic_term: ArrayLike) -> Self:
        """Return a new model whose topics are given and stay as they are.

        The new model has this one's settings, but for `n_topics`, and is ready for
        `transform`, `perplexity` and `to_gensim`. It has seen no documents, so it has no
        `doc_topic_`, and its `alpha_` is not learned. This model is left as it was.

        Parameters
        ----------
        topic_term : array-like of shape (n_topics, n_features)
            Probability of each word in each topic; rows sum to 1.

        Returns
        -------
        TopicModel
            The new model.

        Raises
        ------
        ValueError
            If `topic_term` has another shape, a negative entry or a row that does not sum
            to 1, or a setting is out of its range.

        Examples
        --------
        >>> from rare_topics.topics import TopicModel
        >>> model = TopicModel().with_topics([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]])
        >>> model.transform([[8, 1, 0]]).round(1)
        array([[0.9, 0.1]])
        """
        self._validate_params()
        topics = check_topics(topic_term)
        model = cast("Self", clone(self).set_params(n_topics=len(topics)))
        model.topic_term_, model.components_ = topics, topics * WORDS_PER_GIVEN_TOPIC
        model.alpha_ = check_alpha(self.alpha, len(topics))
        model.eta_ = self._settings(model.alpha_).eta
        model.n_iter_, model.n_features_in_ = 0, topics.shape[1]
        return model

    def transform(self, X: ArrayLike | sparse.spmatrix) -> NDArray[np.float64]:
        """Mixtures of documents, the topics held fixed.

        Each document is folded in by itself, so its mixture does not depend on the others
        in `X`. An empty document gets the prior's mixture, which is uniform unless
        `alpha` says otherwise.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_documents, n_features)
            Counts of words.

        Returns
        -------
        ndarray of shape (n_documents, n_topics)
            Mixtures; rows sum to 1.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If `X` has negative counts or another number of words.
        """
        check_is_fitted(self)
        return self._mixtures(check_counts(self, X, reset=False))

    def perplexity(self, X: ArrayLike | sparse.spmatrix) -> float:
        """Perplexity per word by document completion; lower is better.

        Of each document's distinct words, in order of their columns, every second one is
        observed; the mixture folded in from these predicts the others (Wallach et al.
        2009). Nothing is drawn at random.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_documents, n_features)
            Counts of words.

        Returns
        -------
        float
            exp of minus the mean log probability of a held-out word; infinite if no topic
            gives such a word any.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If `X` has negative counts, no counts, or another number of words.
        """
        check_is_fitted(self)
        documents = check_counts(self, X, reset=False)
        require_words(documents)
        observed, held_out = _observed_and_held_out(documents)
        return _completion_perplexity(held_out, mixtures=self._mixtures(observed), topic_term=self.topic_term_)

    def score(self, X: ArrayLike | sparse.spmatrix, y: object = None) -> float:
        """Mean log probability of a held-out word, minus log of `perplexity`.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_documents, n_features)
            Counts of words.
        y : object, default=None
            Ignored.

        Returns
        -------
        float
            Higher is better.
        """
        return -float(np.log(self.perplexity(X)))

    def to_gensim(self, vocabulary: Sequence[str]) -> LdaModel:
        """Convert the topics to a model of gensim.

        Parameters
        ----------
        vocabulary : sequence of str of length n_features_in_
            The words, in the order of the columns; no word twice.

        Returns
        -------
        gensim.models.LdaModel
            A model with the same topics, for gensim's own tools and pyLDAvis. Its
            `id2word` is a gensim `Dictionary`.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If the vocabulary has another length, or a word twice.
        """
        check_is_fitted(self)
        return make_gensim_model(vocabulary, components=self.components_, alpha=self.alpha_, eta=self.eta_)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 -- scikit-learn has no types
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags

    @property
    def _n_features_out(self) -> int:
        return len(self.components_)

    def _mixtures(self, documents: sparse.csr_matrix) -> NDArray[np.float64]:
        from rare_topics.topics import training

        settings = self._settings(self.alpha_)._replace(max_iter=FOLD_IN_ITERATIONS, tol=FOLD_IN_TOLERANCE)
        counts = training.fold_in(documents, self.topic_term_, settings) + self.alpha_
        return cast("NDArray[np.float64]", counts / counts.sum(axis=1, keepdims=True))

    def _settings(self, alpha: NDArray[np.float64]) -> LdaSettings:
        from rare_topics.topics.training import LdaSettings

        return LdaSettings(
            alpha=alpha,
            eta=DEFAULT_ETA if self.eta is None else float(self.eta),
            learn_alpha=self.learn_alpha,
            max_iter=self.max_iter,
            tol=self.tol,
            n_jobs=effective_n_jobs(self.n_jobs),
        )


def _observed_and_held_out(documents: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Split each row's entries alternately into observed and held-out ones (Wallach et al. 2009)."""
    documents = documents.copy()
    documents.eliminate_zeros()
    position = np.arange(documents.nnz) - np.repeat(documents.indptr[:-1], np.diff(documents.indptr))
    parts = []
    for parity in (1, 0):
        part = documents.copy()
        part.data[position % 2 != parity] = 0
        part.eliminate_zeros()
        parts.append(part)
    return parts[0], parts[1]


def _completion_perplexity(
    held_out: sparse.csr_matrix, *, mixtures: NDArray[np.float64], topic_term: NDArray[np.float64]
) -> float:
    """Compute the perplexity per held-out word; infinite where no topic has a word."""
    rows = np.repeat(np.arange(held_out.shape[0]), np.diff(held_out.indptr))
    likelihood = np.zeros(held_out.nnz)
    for mixture, topic in zip(mixtures.T, topic_term, strict=True):
        likelihood += mixture[rows] * topic[held_out.indices]
    with np.errstate(divide="ignore"):
        return float(np.exp(-np.average(np.log(likelihood), weights=held_out.data)))

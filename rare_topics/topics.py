"""Topics: counts of words in documents in, mixtures of topics out."""

from __future__ import annotations

from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np
from joblib import effective_n_jobs
from scipy import sparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted, validate_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gensim.models import LdaModel
    from numpy.typing import ArrayLike, NDArray

    from rare_topics._lda import Settings

# Best or within 2 % of it on held-out words of news and abstracts, zh and en, K = 10 and 40.
ETA = 0.1
FOLD_IN_ITERATIONS = 50
FOLD_IN_TOLERANCE = 1e-2


class TopicModel(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Latent Dirichlet allocation by collapsed variational Bayes (CVB0).

    Passes over the documents are repeated until the expected counts of words in topics
    have settled, so the number of passes need not be chosen. Results depend on
    `random_state` alone, never on `n_jobs`.

    Parameters
    ----------
    n_topics : int, default=10
        Number of topics, K.
    alpha : float or array-like of shape (n_topics,), default=None
        Dirichlet prior of a document's mixture, per topic, in words. None means
        1 / n_topics.
    eta : float, default=None
        Dirichlet prior of a topic's words, per word of the vocabulary, in words.
        None means 0.1.
    learn_alpha : bool, default=False
        Fit one alpha per topic while learning (Minka 2000). It helps on long documents
        and overfits short ones.
    max_iter : int, default=200
        Most passes over the documents.
    tol : float, default=2e-3
        Learning stops after a pass in which less than this share of all words (by
        expected count) moved between topics.
    n_jobs : int, default=None
        Threads; None means one, -1 all. The answer is the same, bit by bit.
    random_state : int, RandomState instance or None, default=None
        Start of the search. Pass an int for the same topics in every run.

    Attributes
    ----------
    topic_term_ : ndarray of shape (n_topics, n_features_in_)
        Probability of each word in each topic; rows sum to 1.
    doc_topic_ : ndarray of shape (n_documents, n_topics)
        Mixtures of the documents last given to `fit` or `partial_fit`; rows sum to 1.
        Equal to `transform` of those documents.
    components_ : ndarray of shape (n_topics, n_features_in_)
        Expected counts of words in topics, with `eta` added.
    alpha_ : ndarray of shape (n_topics,)
        Prior of the mixtures: `alpha`, or what was learned.
    eta_ : float
        Prior of the topics.
    n_iter_ : int
        Passes made by the last `fit` or `partial_fit`.
    n_features_in_ : int
        Number of words in the vocabulary, V.

    Notes
    -----
    Memory while learning is 4 bytes x V x (K rounded up to a multiple of 8) x at most
    17 tables, plus 4 bytes x documents x the same number of topics.

    References
    ----------
    A. Asuncion, M. Welling, P. Smyth, Y. W. Teh. On smoothing and inference for topic
    models. UAI 2009.

    T. Minka. Estimating a Dirichlet distribution. 2000.

    Examples
    --------
    >>> from rare_topics.topics import TopicModel
    >>> counts = [[3, 2, 0, 0], [2, 3, 0, 0], [0, 0, 3, 2], [0, 0, 2, 3]]
    >>> TopicModel(n_topics=2, random_state=0).fit_transform(counts).argmax(axis=1).shape
    (4,)
    """

    topic_term_: NDArray[np.float64]
    doc_topic_: NDArray[np.float64]
    components_: NDArray[np.float64]
    alpha_: NDArray[np.float64]
    eta_: float
    n_iter_: int
    n_features_in_: int

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_topics": [Interval(Integral, 1, None, closed="left")],
        "alpha": [None, Interval(Real, 0, None, closed="neither"), "array-like"],
        "eta": [None, Interval(Real, 0, None, closed="neither")],
        "learn_alpha": ["boolean"],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
        "n_jobs": [None, Integral],
        "random_state": ["random_state"],
    }

    def __init__(  # noqa: PLR0913 -- scikit-learn keeps each setting as an argument
        self,
        n_topics: int = 10,
        *,
        alpha: float | ArrayLike | None = None,
        eta: float | None = None,
        learn_alpha: bool = False,
        max_iter: int = 200,
        tol: float = 2e-3,
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_topics = n_topics
        self.alpha = alpha
        self.eta = eta
        self.learn_alpha = learn_alpha
        self.max_iter = max_iter
        self.tol = tol
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, X: ArrayLike | sparse.spmatrix, y: object = None) -> Self:
        """Learn topics from `X` alone, whatever was learned before.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_documents, n_features)
            Counts of words, zero or more; they need not be whole numbers. Documents may
            be empty.
        y : object, default=None
            Ignored.

        Returns
        -------
        TopicModel
            This estimator.

        Raises
        ------
        ValueError
            If a parameter is out of its range, or `X` has negative or no counts.
        """
        self._validate_params()
        documents = self._counts(X, reset=True)
        return self._learn(documents, past=None)

    def partial_fit(self, X: ArrayLike | sparse.spmatrix, y: object = None) -> Self:
        """Learn from further documents, keeping what earlier ones have taught.

        The counts of earlier documents stay as they are; the new ones are visited until
        they have settled. The first call is a `fit`.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_documents, n_features)
            Counts of words of the new documents.
        y : object, default=None
            Ignored.

        Returns
        -------
        TopicModel
            This estimator.

        Raises
        ------
        ValueError
            As `fit`, or if the number of words or topics differs from the first block's.
        """
        if not hasattr(self, "components_"):
            return self.fit(X)
        self._validate_params()
        if self.n_topics != len(self.components_):
            raise ValueError(
                f"partial_fit expected n_topics={len(self.components_)} as in the first block, "
                f"got {self.n_topics}; call fit to start anew"
            )
        documents = self._counts(X, reset=False)
        return self._learn(documents, past=self.components_.T - self.eta_)

    def fit_transform(
        self,
        X: ArrayLike | sparse.spmatrix,
        y: object = None,
        **fit_params: object,
    ) -> NDArray[np.float64]:
        """Learn topics from `X` and return the mixtures of its documents, `doc_topic_`.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_documents, n_features)
            Counts of words.
        y : object, default=None
            Ignored.
        **fit_params : object
            None are known.

        Returns
        -------
        ndarray of shape (n_documents, n_topics)
            Mixtures; rows sum to 1.
        """
        return self.fit(X, y, **fit_params).doc_topic_.copy()

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
        return self._mixtures(self._counts(X, reset=False))

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
            exp of minus the mean log probability of a held-out word.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If `X` has negative counts, no counts, or another number of words.
        """
        check_is_fitted(self)
        documents = self._counts(X, reset=False)
        _require_words(documents)
        observed, held_out = _halves(documents)
        mixtures = self._mixtures(observed)
        rows = np.repeat(np.arange(held_out.shape[0]), np.diff(held_out.indptr))
        likelihood = np.zeros(held_out.nnz)
        for mixture, topic in zip(mixtures.T, self.topic_term_, strict=True):
            likelihood += mixture[rows] * topic[held_out.indices]
        return float(np.exp(-np.average(np.log(likelihood), weights=held_out.data)))

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
        """Hand the topics to gensim.

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
        from gensim.corpora import Dictionary
        from gensim.models import LdaModel

        words = [str(word) for word in vocabulary]
        if len(words) != self.n_features_in_ or len(set(words)) != len(words):
            raise ValueError(
                f"vocabulary: expected {self.n_features_in_} different words, one per column, "
                f"got {len(words)} of which {len(set(words))} differ; "
                "pass the words of the vectorizer that made the counts"
            )
        dictionary = Dictionary()
        dictionary.token2id = {word: column for column, word in enumerate(words)}
        dictionary.id2token = dict(enumerate(words))
        model = LdaModel(
            id2word=dictionary,
            num_topics=len(self.components_),
            alpha=self.alpha_.astype(np.float32),
            eta=self.eta_,
            random_state=0,
        )
        model.state.sstats = (self.components_ - self.eta_).astype(np.float32)
        model.sync_state()
        return model

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 -- scikit-learn has no types
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags

    @property
    def _n_features_out(self) -> int:
        return len(self.components_)

    def _counts(self, X: ArrayLike | sparse.spmatrix, *, reset: bool) -> sparse.csr_matrix:
        checked = validate_data(self, X, reset=reset, accept_sparse="csr", dtype=np.float32)
        counts = sparse.csr_matrix(checked)
        if not counts.has_canonical_format:
            counts = counts.copy() if sparse.issparse(X) else counts
            counts.sum_duplicates()
        if counts.nnz and counts.data.min() < 0:
            raise ValueError(
                "Negative values in data passed to TopicModel: expected counts of 0 or more, "
                f"got {counts.data.min():g}; pass counts of words, neither centred nor logged"
            )
        return counts

    def _learn(self, documents: sparse.csr_matrix, past: NDArray[np.float64] | None) -> Self:
        from rare_topics import _lda

        _require_words(documents)
        settings = self._settings(self._prior() if past is None else self.alpha_)
        learned = _lda.learn(documents, settings, random_state=check_random_state(self.random_state), past=past)
        self.eta_ = settings.eta
        self.alpha_ = learned.alpha
        self.components_ = learned.word_counts.T.astype(np.float64) + self.eta_
        self.topic_term_ = self.components_ / self.components_.sum(axis=1, keepdims=True)
        self.n_iter_ = learned.n_iter
        self.doc_topic_ = self._mixtures(documents)
        return self

    def _mixtures(self, documents: sparse.csr_matrix) -> NDArray[np.float64]:
        from rare_topics import _lda

        settings = self._settings(self.alpha_)._replace(max_iter=FOLD_IN_ITERATIONS, tol=FOLD_IN_TOLERANCE)
        counts = _lda.fold_in(documents, self.topic_term_, settings) + self.alpha_
        return cast("NDArray[np.float64]", counts / counts.sum(axis=1, keepdims=True))

    def _prior(self) -> NDArray[np.float64]:
        alpha = np.asarray(1 / self.n_topics if self.alpha is None else self.alpha, dtype=np.float64)
        if alpha.shape not in {(), (self.n_topics,)} or not (alpha > 0).all():
            raise ValueError(
                f"alpha: expected one number above 0 or n_topics={self.n_topics} of them, got {self.alpha!r}"
            )
        return np.broadcast_to(alpha, self.n_topics)

    def _settings(self, alpha: NDArray[np.float64]) -> Settings:
        from rare_topics import _lda

        return _lda.Settings(
            alpha=alpha,
            eta=ETA if self.eta is None else float(self.eta),
            learn_alpha=self.learn_alpha,
            max_iter=self.max_iter,
            tol=self.tol,
            n_jobs=effective_n_jobs(self.n_jobs),
        )


def _require_words(documents: sparse.csr_matrix) -> None:
    if documents.sum() == 0:
        raise ValueError(
            f"expected at least one word, got {documents.shape[0]} empty documents; "
            "check the vectorizer's vocabulary and frequency limits"
        )


def _halves(documents: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Part each row's entries alternately into observed and held-out ones."""
    documents = documents.copy()
    documents.eliminate_zeros()
    position = np.arange(documents.nnz) - np.repeat(documents.indptr[:-1], np.diff(documents.indptr))
    halves = []
    for parity in (1, 0):
        half = documents.copy()
        half.data[position % 2 != parity] = 0
        half.eliminate_zeros()
        halves.append(half)
    return halves[0], halves[1]

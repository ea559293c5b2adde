"""`TopicModel`: latent Dirichlet allocation as a scikit-learn estimator."""

from __future__ import annotations

from functools import cached_property
from numbers import Integral, Real
from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval

from rare_topics.topics._fixed import FixedTopics
from rare_topics.topics._validation import check_alpha, check_counts, require_words


class TopicModel(FixedTopics):
    """Latent Dirichlet allocation by collapsed variational Bayes (CVB0).

    Passes over the documents are repeated until the expected counts of words in topics
    hardly change, so the number of passes need not be chosen. Results depend on
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
        Equal to `transform` of those documents, and computed when first read: a copy
        of their counts is kept until then.
    components_ : ndarray of shape (n_topics, n_features_in_)
        Expected counts of words in topics, with `eta` added.
    alpha_ : ndarray of shape (n_topics,)
        Prior of the mixtures: `alpha`, or what was learned.
    eta_ : float
        Prior of the topics.
    n_iter_ : int
        Passes over all documents made by the last `fit` or `partial_fit`. Before them, `fit`
        starts on halves of 300 documents or more, which is no more work than 6 passes.
    n_features_in_ : int
        Number of words in the vocabulary, V.

    Notes
    -----
    Memory while learning: 4 bytes x V x K' x at most 11 tables and while the result is handed
    over 24 bytes x V x K, 6 bytes x documents x K', and 24 bytes per pair of a document and a
    word in it. K' is K rounded up to a multiple of 16, or 8 where K is no more. What is kept
    is 16 bytes x V x K.

    Counts beyond memory are streamed: ``partial_fit`` takes one block of documents after the
    other, such as rows of a memory-mapped matrix, and needs memory for that block alone.
    Blocks of some thousand documents in random order are best, since the first one shapes
    the topics.

    The loops are compiled when first run, in some seconds and once for each K', and kept on
    disk; the logger of this package says so.

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
        documents = check_counts(self, X, reset=True)
        return self._learn(documents, past=None)

    def partial_fit(self, X: ArrayLike | sparse.spmatrix, y: object = None) -> Self:
        """Learn from further documents, keeping what was learned from earlier ones.

        The counts of earlier documents stay as they are; the new ones are visited until
        theirs hardly change. The first call is a `fit`.

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
        documents = check_counts(self, X, reset=False)
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

    @cached_property
    def doc_topic_(self) -> NDArray[np.float64]:
        """Mixtures of the documents last learned from, computed when first read."""
        if "_documents" not in vars(self):
            raise AttributeError("doc_topic_: expected a model fitted to documents; call fit first")
        return self._mixtures(self.__dict__.pop("_documents"))

    def _learn(self, documents: sparse.csr_matrix, past: NDArray[np.float64] | None) -> Self:
        from rare_topics.topics import training

        require_words(documents)
        settings = self._settings(check_alpha(self.alpha, self.n_topics) if past is None else self.alpha_)
        learned = training.learn(documents, settings, random_state=check_random_state(self.random_state), past=past)
        self.eta_ = settings.eta
        self.alpha_ = learned.alpha
        self.components_ = learned.word_topic.T.astype(np.float64) + self.eta_
        self.topic_term_ = self.components_ / self.components_.sum(axis=1, keepdims=True)
        self.n_iter_ = learned.n_iter
        # The caller may change the counts before the mixtures are asked for.
        self._documents = documents.copy()
        self.__dict__.pop("doc_topic_", None)
        return self


def learn_topics(
    documents: sparse.csr_matrix,
    n_topics: int,
    *,
    random_state: int,
    start: NDArray[np.float64] | None = None,
    n_jobs: int | None = None,
) -> NDArray[np.float64]:
    """Learn topics as `TopicModel` does by default, without its checks and without eta in the result.

    Eta adds the same to every topic; without it topics of different fits are easier to compare.

    Parameters
    ----------
    documents : csr_matrix of float32, of shape (n_documents, n_words)
        Checked counts.
    n_topics
        Number of topics.
    random_state
        Seed.
    start : ndarray of shape (n_topics, n_words), optional
        Topics to start from; rows sum to 1.
    n_jobs
        Threads; None means one, -1 all. The answer is the same, bit by bit.

    Returns
    -------
    ndarray of shape (n_topics, n_words)
        Rows sum to 1, or to 0 where a topic has no words.
    """
    from rare_topics.topics import training

    model = TopicModel(n_topics, n_jobs=n_jobs)
    start_counts = None
    if start is not None:
        start_counts = np.asarray(start.T * (float(documents.sum()) / n_topics))
    learned = training.learn(
        documents,
        model._settings(check_alpha(None, n_topics)),  # noqa: SLF001 -- the class of this module
        random_state=np.random.RandomState(random_state),
        start=start_counts,
    )
    topics = learned.word_topic.T.astype(np.float64)
    return cast("NDArray[np.float64]", topics / np.maximum(topics.sum(axis=1, keepdims=True), 1e-30))

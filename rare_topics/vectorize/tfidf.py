"""Counts of concepts to TF-IDF: what single articles are about, before any direction is taken together."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.utils.validation import check_is_fitted

from rare_topics.vectorize.frame_output import FrameOutput, sparse_rows


class ConceptTfidf(FrameOutput, TransformerMixin, BaseEstimator):
    """Weigh concepts by TF-IDF.

    A concept counts by the logarithm of 1 + its number of mentions, times the inverse of the share
    of documents that name it (smoothed); rows have length 1, so that the inner product of two is
    their cosine.

    Parameters
    ----------
    log_counts
        Whether mentions enter by their logarithm; else as they are.

    Attributes
    ----------
    idf_ : ndarray of shape (n_concepts,)
        Inverse document frequencies.

    References
    ----------
    G. Salton, C. Buckley. Term-weighting approaches in automatic text retrieval. 1988.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from rare_topics import ConceptVectorizer
    >>> rows = make_pipeline(ConceptVectorizer(), ConceptTfidf()).fit_transform(["Tariffs rise.", "关税上调。"])
    >>> bool((rows @ rows.T).toarray()[0, 1] > 0)
    True
    """

    def __init__(self, *, log_counts: bool = True) -> None:
        self.log_counts = log_counts

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ANN401 - arrays and frames of any kind
        """Learn the inverse document frequencies.

        Parameters
        ----------
        X : array-like, sparse array or DataFrame of shape (n_documents, n_concepts)
            Counts, as `ConceptVectorizer` gives them.
        y : object
            Ignored.
        """
        self.feature_names_in_ = np.asarray(X.columns, dtype=object) if hasattr(X, "columns") else None
        self._tfidf = TfidfTransformer().fit(sparse_rows(X))
        self.idf_ = self._tfidf.idf_
        return self

    def transform(self, X: Any) -> Any:  # noqa: ANN401
        """Weigh the concepts of documents.

        Parameters
        ----------
        X : array-like, sparse array or DataFrame of shape (n_documents, n_concepts)
            Counts.

        Returns
        -------
        csr_array or DataFrame of shape (n_documents, n_concepts)
            Rows of length 1, or 0 where a document has no concept.
        """
        check_is_fitted(self, "idf_")
        counts = sparse_rows(X).astype(np.float64)
        if self.log_counts:
            counts = sparse.csr_array((np.log1p(counts.data), counts.indices, counts.indptr), shape=counts.shape)
        return self.in_frame(sparse.csr_array(self._tfidf.transform(counts)))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ANN401
        """Return the names of the columns: those that came in, or their numbers."""
        check_is_fitted(self, "idf_")
        names = self.feature_names_in_ if input_features is None else np.asarray(input_features, dtype=object)
        return np.array([f"x{n}" for n in range(len(self.idf_))], dtype=object) if names is None else names

"""Sparse counts as a data frame, where a pipeline was asked for frames."""

from __future__ import annotations

from typing import Any

from scipy import sparse
from sklearn import get_config


class FrameOutput:
    """Lets an estimator whose output is sparse follow ``set_output(transform="pandas")``.

    scikit-learn wraps dense output alone; here columns are sparse ones of pandas.
    """

    def in_frame(self, rows: sparse.csr_array) -> Any:  # noqa: ANN401 - rows, or a frame
        """Return rows as they are, or as a DataFrame where that was asked for.

        Parameters
        ----------
        rows : csr_array of shape (n_documents, n_features)
            What the estimator puts out.

        Returns
        -------
        csr_array or DataFrame
            The columns are those of ``get_feature_names_out``.
        """
        configured = getattr(self, "_sklearn_output_config", {}).get("transform", get_config()["transform_output"])
        if configured != "pandas":
            return rows
        import pandas as pd

        names = self.get_feature_names_out()  # type: ignore[attr-defined]
        return pd.DataFrame.sparse.from_spmatrix(sparse.csr_matrix(rows), columns=names)  # type: ignore[attr-defined]


def sparse_rows(X: Any) -> sparse.csr_array:  # noqa: ANN401 - arrays and frames of any kind
    """Return an array, sparse or not, or a DataFrame as sparse rows.

    Parameters
    ----------
    X : array-like, sparse array or DataFrame of shape (n_documents, n_features)
        Counts or weights.

    Returns
    -------
    csr_array of shape (n_documents, n_features)
    """
    if hasattr(X, "sparse") and hasattr(X, "columns"):
        return sparse.csr_array(X.sparse.to_coo())
    return sparse.csr_array(X.to_numpy() if hasattr(X, "to_numpy") else X)

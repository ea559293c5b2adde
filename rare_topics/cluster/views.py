"""Further descriptions of a small collection, in which groups stand apart that vectors alone do not show."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

from rare_topics.cluster._kmeans import Views

# Collections of these sizes get further views; in larger ones they were no gain.
MIN_VIEWED_ROWS, MAX_VIEWED_ROWS = 10, 200
# Powers of the cosine, and the eigenvectors kept of each; chosen by hand on the 34 seed articles, weak evidence.
SPECTRAL_VIEWS = ((3, 5), (4, 6), (6, 7))
# Numbers of parts that articles are mixed of. All of them together find a reader's groups in the two sets of pages and
# six classes of 154 articles better than any three, whatever the number of clusters from 6 to 9.
N_PARTS = range(4, 13)
MAX_NMF_ITERATIONS = 200


def mixture_views(weights: sparse.csr_array) -> Views:
    """Describe the rows of a small collection as mixtures of few parts, of several numbers of parts.

    Parts are those of non-negative matrix factorisation (Lee and Seung 1999), started from the
    singular vectors, which makes the answer one of the rows alone.

    Parameters
    ----------
    weights : csr_array of shape (n_samples, n_concepts)
        Weights, none negative, such as TF-IDF.

    Returns
    -------
    list of ndarray of shape (n_samples, n_parts)
        Square roots of shares that add up to 1, which makes their Euclidean distance Hellinger's;
        none for fewer than 10 or more than 200 rows.
    """
    n = weights.shape[0]
    if not MIN_VIEWED_ROWS <= n <= MAX_VIEWED_ROWS:
        return []
    # NMF is one of scikit-learn's that take no sparse arrays in older versions.
    rows = sparse.csr_matrix(weights)
    views = []
    for n_parts in N_PARTS:
        if n_parts >= min(rows.shape):
            break
        model = NMF(n_parts, init="nndsvda", max_iter=MAX_NMF_ITERATIONS, random_state=0)
        with warnings.catch_warnings():
            # A view need not be the best factorisation.
            warnings.simplefilter("ignore", ConvergenceWarning)
            views.append(np.sqrt(normalize(model.fit_transform(rows), norm="l1")))
    return views


def spectral_views(vectors: NDArray[np.float64]) -> Views:
    """Describe the rows of a small collection by the leading eigenvectors of their affinities.

    With few rows in many dimensions all distances are nearly equal, and k-means finds little;
    in the eigenvectors of powers of the cosine matrix (Ng, Jordan and Weiss 2002) groups stand
    apart.

    Parameters
    ----------
    vectors : ndarray of shape (n_samples, n_features)
        Rows, compared by cosine.

    Returns
    -------
    list of ndarray of shape (n_samples, any)
        One view for each power; none for fewer than 10 or more than 200 rows.
    """
    n = len(vectors)
    if not MIN_VIEWED_ROWS <= n <= MAX_VIEWED_ROWS:
        return []
    unit = normalize(vectors)
    cosines = np.maximum(unit @ unit.T, 0)
    np.fill_diagonal(cosines, 0)
    # Equal rows get their common mean: the eigenvectors of equal eigenvalues would tear them apart.
    _, distinct = np.unique(np.round(vectors, 9), axis=0, return_inverse=True)
    mean_of_equal = (distinct[:, None] == distinct).astype(np.float64)
    mean_of_equal /= mean_of_equal.sum(axis=1, keepdims=True)
    views = []
    for power, n_eigenvectors in SPECTRAL_VIEWS:
        affinity = cosines**power
        scale = 1 / np.sqrt(np.maximum(affinity.sum(axis=1), 1e-12))
        _, eigenvectors = np.linalg.eigh(scale[:, None] * affinity * scale)
        views.append(np.asarray(mean_of_equal @ normalize(eigenvectors[:, -n_eigenvectors:])))
    return views

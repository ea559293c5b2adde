"""Quality measures: how coherent and diverse topics are, and whether vectors, clusters and map show the language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, balanced_accuracy_score, silhouette_score
from sklearn.model_selection import StratifiedKFold

from rare_topics.vectorize.concept_space import language_direction, remove_direction

N_FOLDS = 5
# Added to shares of documents, so that the logarithm of terms that never stand together is finite; gensim's value.
EPSILON = 1e-12
# Fewer articles of a language than this cannot train and test a classifier.
MIN_ARTICLES_OF_LANGUAGE = 4


def coherence(
    topics: Sequence[Sequence[int]], counts: sparse.csr_array, *, max_documents: int = 20_000
) -> dict[str, float | None]:
    """Measure how often the terms of each topic stand together in documents.

    Parameters
    ----------
    topics : sequence of sequences of int
        Columns of each topic's terms.
    counts : csr_array of shape (n_documents, n_concepts)
        Counts; a document is taken as the set of its concepts.
    max_documents
        Of more documents every second, third and so on is counted.

    Returns
    -------
    dict
        Mean ``npmi`` (-1 to 1) and ``c_v`` (0 to 1) over topics of two terms and more; None
        where there is none. They are gensim's ``c_npmi`` and ``c_v`` with a window as long as
        the longest document.

    References
    ----------
    M. Röder, A. Both, A. Hinneburg. Exploring the space of topic coherence measures. 2015.
    """
    topics = [list(terms) for terms in topics if len(terms) > 1]
    if not topics:
        return {"npmi": None, "c_v": None}
    columns = sorted({column for terms in topics for column in terms})
    step = -(-counts.shape[0] // max_documents) or 1
    present = sparse.csr_array(sparse.csc_array(counts[::step])[:, columns] > 0, dtype=np.float64)
    # One more document holds every term, so that nothing is divided by a count of zero.
    n_together = (present.T @ present).toarray() + 1
    npmi_of_pairs = _npmi(n_together / (present.shape[0] + 1))
    npmi, c_v = [], []
    for terms in topics:
        rows = np.searchsorted(columns, terms)
        table = npmi_of_pairs[np.ix_(rows, rows)]
        npmi.append(table[~np.eye(len(table), dtype=bool)].mean())
        c_v.append(_mean_cosine_to_sum(table))
    return {"npmi": round(float(np.mean(npmi)), 4), "c_v": round(float(np.mean(c_v)), 4)}


def _npmi(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normalised pointwise mutual information of pairs of terms, from the share of documents that hold both."""
    single = np.diag(shares)
    joint = shares + EPSILON
    return np.asarray(np.log(joint / np.outer(single, single)) / -np.log(joint))


def _mean_cosine_to_sum(table: NDArray[np.float64]) -> float:
    """Mean cosine of each term's NPMI with all terms and the sum of these rows: the indirect confirmation of C_v."""
    total = table.sum(axis=0)
    lengths = np.linalg.norm(table, axis=1) * np.linalg.norm(total)
    return float(np.mean(np.divide(table @ total, lengths, out=np.zeros(len(table)), where=lengths > 0)))


def diversity(topics: Sequence[Sequence[int]]) -> float | None:
    """Share of different terms among the terms of all topics (Dieng et al. 2020).

    Parameters
    ----------
    topics : sequence of sequences of int
        Columns of each topic's terms.

    Returns
    -------
    float or None
        Between 0 and 1; None without terms.
    """
    terms = [column for topic in topics for column in topic]
    return round(len(set(terms)) / len(terms), 4) if terms else None


def language_leakage(
    vectors: NDArray[np.float64],
    labels: NDArray[np.int64],
    coordinates: NDArray[np.float64],
    langs: Sequence[str],
    *,
    max_articles: int = 5000,
) -> dict[str, float | None]:
    """Measure how well the language of a body can be predicted from vectors, clusters and map.

    Parameters
    ----------
    vectors : ndarray of shape (n_articles, n_components)
        From `ConceptSpace.transform_raw`; the direction of language is learned on the training
        folds and removed from all, so that the test fold is as unseen articles are.
    labels : ndarray of shape (n_articles,)
        Their clusters.
    coordinates : ndarray of shape (n_articles, 2)
        Their points on the map.
    langs : sequence of str
        Languages of their bodies.
    max_articles
        Of more articles, so many at equal distances are used.

    Returns
    -------
    dict
        ``language_from_vectors``: balanced accuracy of a linear classifier, cross-validated,
        0.5 where it guesses; ``language_from_clusters``: adjusted Rand index, 0 where
        clusters and languages are independent; ``language_on_map``: silhouette, 0 where the
        languages lie among each other. None with fewer than four articles of a language.
    """
    rows = np.linspace(0, len(langs) - 1, min(len(langs), max_articles)).astype(int)
    is_zh = np.array([langs[row] == "zh" for row in rows])
    n_smaller = int(min(is_zh.sum(), (~is_zh).sum()))
    if n_smaller < MIN_ARTICLES_OF_LANGUAGE:
        return dict.fromkeys(("language_from_vectors", "language_from_clusters", "language_on_map"))
    predicted = _predict_language(vectors[rows], [langs[row] for row in rows], n_folds=min(N_FOLDS, n_smaller))
    return {
        "language_from_vectors": round(float(balanced_accuracy_score(is_zh, predicted)), 4),
        "language_from_clusters": round(float(adjusted_rand_score(is_zh, labels[rows])), 4),
        "language_on_map": round(float(silhouette_score(coordinates[rows], is_zh)), 4),
    }


def _predict_language(vectors: NDArray[np.float64], langs: Sequence[str], *, n_folds: int) -> NDArray[np.bool_]:
    """Predict for each article whether it is Chinese, by a classifier that was trained on the other folds."""
    is_zh = np.array([lang == "zh" for lang in langs])
    predicted = np.zeros(len(langs), dtype=bool)
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=0)
    for train, test in folds.split(vectors, is_zh):
        direction = language_direction(vectors[train], [langs[row] for row in train])
        neutral = vectors if direction is None else remove_direction(vectors, direction)
        # The penalty of the classifier expects features of about unit variance; rows have length 1.
        scaled = neutral * np.sqrt(len(vectors))
        classifier = LogisticRegression(class_weight="balanced", max_iter=2000).fit(scaled[train], is_zh[train])
        predicted[test] = classifier.predict(scaled[test])
    return predicted

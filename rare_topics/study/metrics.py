"""Figures of merit: how coherent and different topics are, and whether the language can be seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, balanced_accuracy_score, silhouette_score
from sklearn.model_selection import StratifiedKFold

from rare_topics.vectorize.concept_space import language_direction, remove_direction

# Documents that coherence is counted on at most; more change nothing but the time.
COHERENCE_SAMPLE = 20_000
FOLDS = 5
# Keeps the logarithm of terms that never stand together finite, as gensim does.
LEAST_SHARE = 1e-12
# Articles by which languages are told apart at most.
TOLD_BY = 5000
# Fewer articles of a language than this cannot train and test a classifier.
FEWEST_TO_TELL = 4


def coherence(topics: Sequence[Sequence[int]], counts: sparse.csr_array) -> dict[str, float | None]:
    """Rate how much the terms of each topic stand together in documents.

    Parameters
    ----------
    topics : sequence of sequences of int
        Columns of each topic's terms.
    counts : csr_array of shape (n_documents, n_concepts)
        Documents; their concepts are taken as a set.

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
    wanted = sorted({column for terms in topics for column in terms})
    place = {column: number for number, column in enumerate(wanted)}
    sample = sparse.csc_array(counts[:: -(-counts.shape[0] // COHERENCE_SAMPLE) or 1])
    present = sparse.csr_array(sample[:, wanted] > 0, dtype=np.float64)
    # One more document holds every term, so that nothing is divided by a count of zero.
    together = (present.T @ present).toarray() + 1
    information = _npmi(together / (present.shape[0] + 1))
    tables = [information[np.ix_(terms, terms)] for terms in ([place[column] for column in one] for one in topics)]
    apart = [table[~np.eye(len(table), dtype=bool)].mean() for table in tables]
    values = {"npmi": float(np.mean(apart)), "c_v": float(np.mean([_likeness(table) for table in tables]))}
    return {name: round(value, 4) for name, value in values.items()}


def _npmi(together: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normalised pointwise mutual information of terms, from the share of documents that hold two of them."""
    alone = np.diag(together)
    joint = together + LEAST_SHARE
    return np.asarray(np.log(joint / np.outer(alone, alone)) / -np.log(joint))


def _likeness(table: NDArray[np.float64]) -> float:
    """Mean cosine of each term's row of information with the sum of all rows."""
    total = table.sum(axis=0)
    lengths = np.linalg.norm(table, axis=1) * np.linalg.norm(total)
    return float(np.mean(np.divide(table @ total, lengths, out=np.zeros(len(table)), where=lengths > 0)))


def diversity(topics: Sequence[Sequence[int]]) -> float | None:
    """Share of different terms among the terms of all topics (Dieng et al. 2020).

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
    points: NDArray[np.float64],
    langs: Sequence[str],
) -> dict[str, float | None]:
    """Rate how well the language of a body can be told from vectors, clusters and map.

    Parameters
    ----------
    vectors : ndarray of shape (n_articles, n_components)
        From `ConceptSpace.transform_raw`; each fold takes out the direction of language that
        the other folds show, so that the one judged has not shown its own.
    labels : ndarray of shape (n_articles,)
        Their clusters.
    points : ndarray of shape (n_articles, 2)
        Their places on the map.
    langs : sequence of str
        Languages of their bodies.

    Returns
    -------
    dict
        ``language_from_vectors``: balanced accuracy of a linear classifier, cross-validated,
        0.5 where it guesses; ``language_from_clusters``: adjusted Rand index, 0 where
        clusters and languages are independent; ``language_on_map``: silhouette, 0 where the
        languages lie among each other. None with one language.
    """
    some = np.linspace(0, len(langs) - 1, min(len(langs), TOLD_BY)).astype(int)
    vectors, labels, points, langs = vectors[some], labels[some], points[some], [langs[row] for row in some]
    zh = np.array([lang == "zh" for lang in langs])
    fewest = int(min(zh.sum(), (~zh).sum()))
    names = ("language_from_vectors", "language_from_clusters", "language_on_map")
    if fewest < FEWEST_TO_TELL:
        return dict.fromkeys(names)
    guesses = np.zeros(len(zh), dtype=bool)
    folds = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=0)
    for known, judged in folds.split(vectors, zh):
        direction = language_direction(vectors[known], [langs[row] for row in known])
        neutral = vectors if direction is None else remove_direction(vectors, direction)
        # Rows of length 1 are spread to the scale the classifier's penalty is made for.
        spread = neutral * np.sqrt(len(vectors))
        classifier = LogisticRegression(class_weight="balanced", max_iter=2000).fit(spread[known], zh[known])
        guesses[judged] = classifier.predict(spread[judged])
    values = (balanced_accuracy_score(zh, guesses), adjusted_rand_score(zh, labels), silhouette_score(points, zh))
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}

"""Figures of merit: how coherent and different topics are, and whether the language can be seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, balanced_accuracy_score, silhouette_score
from sklearn.model_selection import StratifiedKFold

from rare_topics.space import language_direction, taken_out

# Documents that coherence is counted on at most; more change nothing but the time.
COHERENCE_SAMPLE = 20_000
FOLDS = 5
MEASURES = {"npmi": "c_npmi", "c_v": "c_v"}
# Fewer articles of a language than this cannot train and test a classifier.
FEWEST_TO_TELL = 4


def coherence(topics: Sequence[Sequence[int]], counts: sparse.csr_array) -> dict[str, float | None]:
    """Rate how much the terms of each topic stand together, by gensim's measures.

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
        where there is none.

    References
    ----------
    M. Röder, A. Both, A. Hinneburg. Exploring the space of topic coherence measures. 2015.
    """
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    topics = [list(terms) for terms in topics if len(terms) > 1]
    if not topics:
        return {"npmi": None, "c_v": None}
    wanted = {str(column) for terms in topics for column in terms}
    rows = range(0, counts.shape[0], max(1, counts.shape[0] // COHERENCE_SAMPLE))
    texts = [[name for name in map(str, counts[[row]].indices) if name in wanted] for row in rows]
    # One more document holds every term, so that gensim never divides by a count of zero.
    texts.append(sorted(wanted))
    dictionary = Dictionary(texts)
    words = [[str(column) for column in terms] for terms in topics]
    scores: dict[str, float | None] = {}
    for name, measure in MEASURES.items():
        model = CoherenceModel(topics=words, texts=texts, dictionary=dictionary, coherence=measure, processes=1)
        values = np.nan_to_num(np.array(model.get_coherence_per_topic(), dtype=float), posinf=0.0, neginf=0.0)
        scores[name] = round(float(values.mean()), 4)
    return scores


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
        From `ConceptSpace.with_language`; each fold takes out the direction of language that
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
    zh = np.array([lang == "zh" for lang in langs])
    fewest = int(min(zh.sum(), (~zh).sum()))
    names = ("language_from_vectors", "language_from_clusters", "language_on_map")
    if fewest < FEWEST_TO_TELL:
        return dict.fromkeys(names)
    guesses = np.zeros(len(zh), dtype=bool)
    folds = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=0)
    for known, judged in folds.split(vectors, zh):
        direction = language_direction(vectors[known], [langs[row] for row in known])
        neutral = vectors if direction is None else taken_out(vectors, direction)
        # Rows of length 1 are spread to the scale the classifier's penalty is made for.
        spread = neutral * np.sqrt(len(vectors))
        classifier = LogisticRegression(class_weight="balanced", max_iter=2000).fit(spread[known], zh[known])
        guesses[judged] = classifier.predict(spread[judged])
    values = (balanced_accuracy_score(zh, guesses), adjusted_rand_score(zh, labels), silhouette_score(points, zh))
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}

"""What a fitted study says of texts that it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from rare_topics.cluster import UNPLACED
from rare_topics.corpus import Corpus, Readable, read
from rare_topics.corpus.memory_tables import text_rows
from rare_topics.corpus.records import Article
from rare_topics.corpus.tables import articles_of_rows
from rare_topics.corpus.texts import texts_of
from rare_topics.runtime.sampling import sample_rows
from rare_topics.study.embeddings import check_in_order, embeddings_with
from rare_topics.study.search import weighted_articles, weighted_concepts
from rare_topics.study.state import StudyState, computed_once
from rare_topics.study.tables import UNPLACED_LABELS, clusters, topics
from rare_topics.study.update import place_articles

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Strength from which on a theme is a real part of an article.
LEAST_STRENGTH = 2
# Of the study's articles all but so many percent are more like their nearest than a text must be to one of them.
LEAST_PERCENTAGE = 5
# Articles of the study by which that is judged.
JUDGED_ARTICLES = 500
UNPLACED_TOPIC = -1


def predict(state: StudyState, texts: Readable, *, vectors: Any = None) -> pd.DataFrame:  # noqa: ANN401
    """Say of texts what the study says of its articles, the study unchanged.

    Parameters
    ----------
    state
        A fitted study.
    texts
        A text, a list of texts, or whatever `read` takes.
    vectors : array-like of shape (n_texts, n_columns), optional
        Embeddings of a list of texts or of a corpus, in its order, where the study has embeddings;
        None has them embedded.

    Returns
    -------
    DataFrame
        One row each, texts in their order: article_id, title, topic (the largest) with topic_weight,
        topic_zh, topic_en; cluster with confidence, cluster_zh, cluster_en; x, y on the map; themes
        (names of those that are a real part, joined by semicolons); similarity (largest cosine with an
        article of the study) and coverage (share of its words' weight that the study knows). A text
        that is less like any article than nearly all articles are like their nearest has topic and
        cluster -1: the study says nothing of it.

    Raises
    ------
    InputError
        If there is nothing to read, or a text lacks an embedding.
    """
    import pandas as pd

    added = _in_order(texts)
    if vectors is not None and not isinstance(texts, (str, list, tuple, np.ndarray)):
        check_in_order(texts)
    embeddings = embeddings_with(state, added, arrivals=added, vectors=vectors)
    placed = place_articles(state, added, embeddings)
    topic_labels = topics(state).set_index("topic")
    cluster_labels = clusters(state).drop_duplicates("cluster").set_index("cluster")[["label_zh", "label_en"]]
    themes = state.settings.theme_finder.find_themes(added).table
    real = themes[themes["strength"] >= LEAST_STRENGTH].groupby("article_id")["theme"].agg("; ".join).to_dict()
    similarity = _similarity(state, added)
    is_alike = similarity >= _least_similarity(state)
    coverage = state.vectorizer.vocabulary_coverage([f"{one.title}\n{one.body}" for one in added])
    rows = []
    for row, article in enumerate(added):
        mixture = placed["doc_topic"][row]
        number = int(placed["cluster_labels"][row]) if is_alike[row] else UNPLACED
        topic = state.topic_ids[int(mixture.argmax())] if is_alike[row] else UNPLACED_TOPIC
        named = topic_labels.loc[topic] if is_alike[row] else UNPLACED_LABELS
        label = cluster_labels.loc[number].to_dict() if number in cluster_labels.index else UNPLACED_LABELS
        rows.append(
            {
                "article_id": article.article_id,
                "title": article.title,
                "topic": topic,
                "topic_weight": round(float(mixture.max()), 4) if is_alike[row] else 0.0,
                "topic_zh": named["label_zh"],
                "topic_en": named["label_en"],
                "cluster": number,
                "confidence": round(float(placed["confidence"][row]), 4),
                "cluster_zh": label["label_zh"],
                "cluster_en": label["label_en"],
                "x": round(float(placed["coordinates"][row, 0]), 4),
                "y": round(float(placed["coordinates"][row, 1]), 4),
                "themes": real.get(article.article_id, ""),
                "similarity": round(float(similarity[row]), 4),
                "coverage": round(float(coverage[row]), 4),
            }
        )
    return pd.DataFrame(rows)


def _similarity(state: StudyState, added: Corpus) -> NDArray[np.float64]:
    """Return the largest cosine of each text with an article, by weighted concepts."""
    counts = state.vectorizer.transform(texts_of(added))
    cosines = sparse.csr_array(weighted_concepts(state, counts) @ weighted_articles(state).T)
    return np.asarray(cosines.max(axis=1).toarray()).ravel()


@computed_once
def _least_similarity(state: StudyState) -> float:
    """Return the similarity that nearly all articles have to their nearest."""
    weighted = weighted_articles(state)
    rows = sample_rows(weighted.shape[0], JUDGED_ARTICLES, random_state=state.settings.random_state)
    cosines = sparse.lil_array(weighted[rows] @ weighted.T)
    cosines[np.arange(len(rows)), rows] = 0
    nearest = np.asarray(sparse.csr_array(cosines).max(axis=1).toarray()).ravel()
    return float(np.percentile(nearest, LEAST_PERCENTAGE))


def _in_order(texts: Readable) -> Corpus:
    """Return texts as a corpus in the order given, where a text that comes twice stands twice."""
    if isinstance(texts, str) and ("\n" in texts or " " in texts or not texts.isascii()):
        texts = [texts]
    if isinstance(texts, (list, tuple, np.ndarray)) and texts and all(isinstance(text, str) for text in texts):
        articles, warnings = articles_of_rows(text_rows(texts), name="texts")
        return Corpus(tuple(articles), (), tuple(warnings))
    if isinstance(texts, Article):
        return Corpus((texts,))
    return read(texts)

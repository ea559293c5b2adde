"""What a fitted study says of texts that it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus import Corpus, Readable, read
from rare_topics.corpus.memory_tables import text_rows
from rare_topics.corpus.records import Article
from rare_topics.corpus.tables import articles_of_rows
from rare_topics.study.state import StudyState
from rare_topics.study.tables import UNPLACED_LABELS, clusters, topics
from rare_topics.study.update import place_articles

if TYPE_CHECKING:
    import pandas as pd

# Strength from which on a theme is a real part of an article.
LEAST_STRENGTH = 2


def predict(state: StudyState, texts: Readable) -> pd.DataFrame:
    """Say of texts what the study says of its articles, the study unchanged.

    Parameters
    ----------
    state
        A fitted study.
    texts
        A text, a list of texts, or whatever `read` takes.

    Returns
    -------
    DataFrame
        One row each, texts in their order: article_id, title, topic (the largest) with topic_weight,
        topic_zh, topic_en; cluster (-1 for none) with confidence, cluster_zh, cluster_en; x, y on the
        map; themes (names of those that are a real part, joined by ``; ``); coverage (share of its
        words' weight that the study knows: below a half the row says little).

    Raises
    ------
    InputError
        If there is nothing to read.
    """
    import pandas as pd

    added = _in_order(texts)
    placed = place_articles(state, added)
    topic_labels = topics(state).set_index("topic")
    cluster_labels = clusters(state).drop_duplicates("cluster").set_index("cluster")[["label_zh", "label_en"]]
    themes = state.settings.theme_finder.find_themes(added).table
    real = themes[themes["strength"] >= LEAST_STRENGTH].groupby("article_id")["theme"].agg("; ".join).to_dict()
    coverage = state.vectorizer.vocabulary_coverage([f"{one.title}\n{one.body}" for one in added])
    rows = []
    for row, article in enumerate(added):
        mixture, number = placed["doc_topic"][row], int(placed["cluster_labels"][row])
        topic = state.topic_ids[int(mixture.argmax())]
        label = cluster_labels.loc[number].to_dict() if number in cluster_labels.index else UNPLACED_LABELS
        rows.append(
            {
                "article_id": article.article_id,
                "title": article.title,
                "topic": topic,
                "topic_weight": round(float(mixture.max()), 4),
                "topic_zh": topic_labels.loc[topic, "label_zh"],
                "topic_en": topic_labels.loc[topic, "label_en"],
                "cluster": number,
                "confidence": round(float(placed["confidence"][row]), 4),
                "cluster_zh": label["label_zh"],
                "cluster_en": label["label_en"],
                "x": round(float(placed["coordinates"][row, 0]), 4),
                "y": round(float(placed["coordinates"][row, 1]), 4),
                "themes": real.get(article.article_id, ""),
                "coverage": round(float(coverage[row]), 4),
            }
        )
    return pd.DataFrame(rows)


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

"""Articles as rows: everything that a study says of one, and what a row of another table is quoted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rare_topics.errors import InputError
from rare_topics.study.state import StudyState
from rare_topics.study.stories import repeats
from rare_topics.study.tables import clusters, topics

if TYPE_CHECKING:
    import pandas as pd


def to_frame(state: StudyState) -> pd.DataFrame:
    """Put everything that is known of an article into one row.

    Parameters
    ----------
    state
        A fitted study whose themes and claims were read.

    Returns
    -------
    DataFrame
        article_id, title, source, published, utc_offset, lang, label, truncated; topic (the
        largest) with topic_weight, topic_en, topic_zh; cluster with confidence, cluster_en,
        cluster_zh; x, y; repeats (the article whose story it tells again); themes (those that are a
        real part, joined by ``; ``), suppliers (countries), n_events, n_claims; a column
        ``topic_N`` with the weight of each topic and ``theme_NAME`` with the strength of each theme,
        0 to 3; the text. In the order of the corpus.
    """
    import pandas as pd

    articles = state.corpus.articles
    placed = clusters(state)
    main = state.doc_topic.argmax(axis=1)
    labels = topics(state).set_index("topic")
    numbers = [state.topic_ids[column] for column in main]
    frame = pd.DataFrame(
        {
            "article_id": [article.article_id for article in articles],
            "title": [article.title for article in articles],
            "source": [article.source for article in articles],
            "published": pd.Series([article.published for article in articles], dtype="datetime64[us]"),
            "utc_offset": [article.utc_offset for article in articles],
            "lang": [article.body_lang for article in articles],
            "label": [article.label for article in articles],
            "truncated": [article.truncated for article in articles],
            "topic": numbers,
            "topic_weight": np.round(state.doc_topic.max(axis=1), 4),
            "topic_en": labels.loc[numbers, "label_en"].to_numpy(),
            "topic_zh": labels.loc[numbers, "label_zh"].to_numpy(),
            "cluster": placed["cluster"].to_numpy(),
            "confidence": placed["confidence"].to_numpy(),
            "cluster_en": placed["label_en"].to_numpy(),
            "cluster_zh": placed["label_zh"].to_numpy(),
            "x": np.round(state.coordinates[:, 0], 4),
            "y": np.round(state.coordinates[:, 1], 4),
        }
    )
    weights = pd.DataFrame(np.round(state.doc_topic, 4), columns=[f"topic_{number}" for number in state.topic_ids])
    said = _said(state, frame["article_id"])
    bodies = pd.DataFrame({"text": [article.body for article in articles]})
    return pd.concat([frame, said, weights, _strengths(state, frame["article_id"]), bodies], axis=1)


def cite(state: StudyState, table: pd.DataFrame) -> pd.DataFrame:
    """Put before the rows of a table what they are quoted by: date, source and title of their article.

    Parameters
    ----------
    state
        A fitted study.
    table
        Any table of the study with a column ``article_id``.

    Returns
    -------
    DataFrame
        published (``YYYY-MM-DD``), source and title, then the other columns of the table, with its index.

    Raises
    ------
    InputError
        If the table has no column ``article_id``, or one of the articles is not in the study.
    """
    import pandas as pd

    if "article_id" not in table:
        raise InputError("the table has no column article_id", fix=f"its columns are: {', '.join(map(str, table))}")
    articles = [state.corpus[str(article_id)] for article_id in table["article_id"]]
    sources = pd.DataFrame(
        [(f"{one.published:%Y-%m-%d}" if one.published else "", one.source, one.title) for one in articles],
        columns=["published", "source", "title"],
        index=table.index,
    )
    return pd.concat([sources, table.drop(columns=["article_id", *sources], errors="ignore")], axis=1)


def _said(state: StudyState, ids: pd.Series[str]) -> pd.DataFrame:
    """Return what the articles say: stories told again, themes, suppliers, numbers of events and claims."""
    import pandas as pd

    themes, claims = state.themes, state.claims
    strong = themes.table[themes.table["strength"] >= 2]  # noqa: PLR2004 - a real part
    again = dict(zip(repeats(state)["article_id"], repeats(state)["first_id"], strict=True))
    countries = themes.suppliers[themes.suppliers["role"] == "supplier"].drop_duplicates(["article_id", "country"])
    return pd.DataFrame(
        {
            "repeats": ids.map(again).fillna(""),
            "themes": ids.map(strong.groupby("article_id")["theme"].agg("; ".join)).fillna(""),
            "suppliers": ids.map(countries.groupby("article_id")["country"].agg("; ".join)).fillna(""),
            "n_events": ids.map(themes.events.groupby("article_id").size()).fillna(0).astype(int),
            "n_claims": ids.map(claims.table.groupby("article_id").size()).fillna(0).astype(int),
        }
    )


def _strengths(state: StudyState, ids: pd.Series[str]) -> pd.DataFrame:
    wide = state.themes.table.pivot_table(index="article_id", columns="theme", values="strength", aggfunc="max")
    wide = wide.reindex(index=ids, columns=[name for name in state.themes if name in wide]).reset_index(drop=True)
    wide.columns = [f"theme_{name}" for name in wide.columns]
    return wide.fillna(0).astype(int)

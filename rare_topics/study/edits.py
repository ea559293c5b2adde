"""Changes by hand: each takes a state and returns a new one, whose log says what was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from rare_topics.cluster import UNPLACED
from rare_topics.corpus.records import Article
from rare_topics.errors import UNPRINTABLE, InputError, shown_in_line
from rare_topics.study.edit_log import Edit, highest_number
from rare_topics.study.first_state import baseline_of
from rare_topics.study.groups import check_cluster, topic_column
from rare_topics.study.hierarchy import hierarchy
from rare_topics.study.pipeline import article_mixtures, topic_documents, with_mixtures
from rare_topics.study.search import check_count
from rare_topics.study.state import StudyState
from rare_topics.study.tables import topics
from rare_topics.study.topic_consensus import ConsensusTopics, learn_freely, learn_from, mixtures_of
from rare_topics.topics.factorization import tfidf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.study.baseline import Baseline

# Characters of a name.
MAX_NAME_LENGTH = 100
# The confidence of an article that is moved is the share of so many of its nearest articles that are in its cluster.
N_NEAREST = 5
# Documents of which a topic is at least so much are counted where it is split.
LEAST_SHARE = 0.1
# Words of documents that are looked at together.
ENTRIES_AT_A_TIME = 1_000_000


def rename_topic(state: StudyState, topic: int, en: str | None = None, zh: str | None = None) -> StudyState:
    """Give a topic a name.

    Parameters
    ----------
    state
        A fitted study.
    topic
        Its number.
    en, zh
        Its name in English, in Chinese, or in both; in a language without one the label stays.

    Returns
    -------
    StudyState

    Raises
    ------
    InputError
        If there is no such topic, or no name.
    """
    topic_column(state, topic)
    return _logged(state, Edit(action="rename_topic", numbers=(int(topic),), texts=_names(en, zh)))


def rename_cluster(state: StudyState, cluster: int, en: str | None = None, zh: str | None = None) -> StudyState:
    """Give a cluster a name.

    Parameters
    ----------
    state
        A fitted study.
    cluster
        Its number.
    en, zh
        Its name in English, in Chinese, or in both; in a language without one the label stays.

    Returns
    -------
    StudyState

    Raises
    ------
    InputError
        If there is no such cluster, or no name.
    """
    number = check_cluster(state, cluster)
    return _logged(state, Edit(action="rename_cluster", numbers=(number,), texts=_names(en, zh)))


def merge_topics(state: StudyState, *numbers: int) -> StudyState:
    """Merge topics into the first of them.

    Parameters
    ----------
    state
        A fitted study.
    *numbers
        Two of them or more, or one list of them.

    Returns
    -------
    StudyState
        The topic keeps the first number, and its name if it was given by hand; its words are those of
        all, by how much room each takes, its stability that of the least stable.

    Raises
    ------
    InputError
        If there are fewer than two, or one does not exist.
    """
    chosen = _flat(numbers)
    columns = [topic_column(state, topic) for topic in chosen]
    if len({*columns}) < 2 or len({*columns}) < len(columns):  # noqa: PLR2004 - two topics
        raise InputError(f"topics {', '.join(map(str, chosen)) or 'none'} to merge", fix="give two or more, each once")
    first, others = columns[0], columns[1:]
    mass = np.maximum(state.doc_topic[:, columns].sum(axis=0), 1e-12)
    model = copy(state.topic_model)
    for name in ("topic_term_", "low_", "high_"):
        rows = getattr(model, name).copy()
        rows[first] = (rows[columns] * mass[:, None]).sum(axis=0) / mass.sum()
        setattr(model, name, np.delete(rows, others, axis=0))
    stability = model.stability_.copy()
    stability[first] = stability[columns].min()
    model.stability_ = np.delete(stability, others)

    def merged(mixtures: NDArray[np.float64]) -> NDArray[np.float64]:
        summed = mixtures.copy()
        summed[:, first] = mixtures[:, columns].sum(axis=1)
        return np.delete(summed, others, axis=1)

    topic_ids = [number for column, number in enumerate(state.topic_ids) if column not in others]
    model.doc_topic_ = merged(model.doc_topic_)
    passage_topic = None if state.passage_topic is None else merged(state.passage_topic)
    edit = Edit(action="merge_topics", numbers=tuple(map(int, chosen)))
    return _with_topics(state, model, topic_ids, merged(state.doc_topic), passage_topic, edit)


def reduce_topics(state: StudyState, n_topics: int) -> StudyState:
    """Merge topics along their hierarchy until so many are left.

    Parameters
    ----------
    state
        A fitted study.
    n_topics
        How many shall be left.

    Returns
    -------
    StudyState

    Raises
    ------
    InputError
        If there are not more topics than that.
    """
    check_count(n_topics)
    if n_topics >= len(state.topic_ids):
        raise InputError(f"{len(state.topic_ids)} topics cannot be reduced to {n_topics}", fix="give a smaller number")
    groups: dict[int, list[int]] = {}
    for number, group in hierarchy(state, "topic").cut(n_topics).items():
        groups.setdefault(group, []).append(number)
    for numbers in groups.values():
        state = merge_topics(state, *numbers) if len(numbers) > 1 else state
    return state


def split_topic(state: StudyState, topic: int, n_parts: int = 2) -> StudyState:
    """Split a topic into parts, learned from the words that are its share of each document.

    Parameters
    ----------
    state
        A fitted study.
    topic
        Its number; the largest part keeps it, the others get new ones.
    n_parts
        How many parts.

    Returns
    -------
    StudyState
        Other topics stay as they are; the parts of a document's weight add up to what it was. The
        stability of a part is the share of twenty resamples that come to it again.

    Raises
    ------
    InputError
        If there is no such topic, or too little of it to be split.
    """
    column = topic_column(state, topic)
    check_count(n_parts)
    model = copy(state.topic_model)
    method, random_state = model.method, state.settings.random_state
    documents = topic_documents(state)
    shares = _share_of_topic(documents.rows, documents.mixtures, model.topic_term_, column)
    n_sharing = np.count_nonzero(documents.mixtures[:, column] >= LEAST_SHARE)
    if n_parts < 2 or n_sharing <= n_parts:  # noqa: PLR2004 - two parts
        raise InputError(f"topic {topic} cannot be split into {n_parts}", fix="give 2 or a few more parts")
    start = learn_freely(shares, n_parts, method=method, random_state=random_state)
    parts = learn_from(start, shares, documents.groups, method=method, random_state=random_state)
    mass = np.asarray(shares.sum(axis=1)).reshape(-1, 1)
    order = np.argsort(-(mixtures_of(shares, parts.topic_term, method=method) * mass).sum(axis=0), kind="stable")
    parts = ConsensusTopics(*(part[order] for part in parts))
    next_number = 1 + max(*state.topic_ids, highest_number(state.edits), _first_topics(state) - 1)
    new_numbers = list(range(next_number, next_number + n_parts - 1))

    def split(weights: NDArray[np.float64], rows: sparse.csr_matrix) -> NDArray[np.float64]:
        own = _share_of_topic(rows, weights, state.topic_model.topic_term_, column)
        pieces = weights[:, [column]] * mixtures_of(own, parts.topic_term, method=method)
        kept = weights.copy()
        kept[:, column] = pieces[:, 0]
        return np.hstack([kept, pieces[:, 1:]])

    for name, rows in zip(("topic_term_", "low_", "high_", "stability_"), parts, strict=True):
        whole = getattr(model, name).copy()
        whole[column] = rows[0]
        setattr(model, name, np.concatenate([whole, rows[1:]]))
    model.is_whole_corpus_ = False
    topic_ids = [*state.topic_ids, *new_numbers]
    edit = Edit(action="split_topic", numbers=(int(topic), *new_numbers))
    passage_topic = None
    if state.by_passage:
        passage_topic = split(state.passage_topics, _rows_of(state, state.documents))
    if passage_topic is not None and method == "lda":
        rows_of_articles = state.corpus.passages.article_rows
        doc_topic = article_mixtures(model, state.counts, state.documents, passage_topic, rows_of_articles)
    else:
        doc_topic = split(state.doc_topic, _rows_of(state, state.counts))
    return _with_topics(state, model, topic_ids, doc_topic, passage_topic, edit)


def drop_topic(state: StudyState, topic: int) -> StudyState:
    """Drop a topic; its words go to the others.

    Parameters
    ----------
    state
        A fitted study.
    topic
        Its number.

    Returns
    -------
    StudyState
        The mixtures are those that new articles would get from the topics that are left.

    Raises
    ------
    InputError
        If there is no such topic, or no other.
    """
    column = topic_column(state, topic)
    if len(state.topic_ids) == 1:
        raise InputError("the only topic cannot be dropped", fix="split it first")
    model = copy(state.topic_model)
    for name in ("topic_term_", "low_", "high_", "stability_"):
        setattr(model, name, np.delete(getattr(model, name), column, axis=0))
    model.n_topics_ = len(model.topic_term_)
    anew = with_mixtures(state.changing_groups(topic_model=model))
    topic_ids = [number for number in state.topic_ids if number != topic]
    edit = Edit(action="drop_topic", numbers=(int(topic),))
    return _with_topics(state, model, topic_ids, anew.doc_topic, anew.passage_topic, edit)


def move(state: StudyState, article: str | Article, cluster: int) -> StudyState:
    """Move an article to another cluster.

    Parameters
    ----------
    state
        A fitted study.
    article
        The article or its id.
    cluster
        Number of the cluster, -1 for none.

    Returns
    -------
    StudyState
        Its confidence is the share of its five nearest articles that are in the cluster.

    Raises
    ------
    InputError
        If there is no such article or cluster.
    """
    article_id = article.article_id if isinstance(article, Article) else article
    if not isinstance(article_id, str):
        raise InputError(f"an article of the type {type(article).__name__}", fix="give the article or its id")
    known = state.corpus[article_id]
    number = check_cluster(state, cluster, or_unplaced=True)
    row = next(row for row, one in enumerate(state.corpus) if one.article_id == known.article_id)
    labels, confidence = state.cluster_labels.copy(), state.confidence.copy()
    labels[row] = number
    similarity = state.vectors @ state.vectors[row]
    similarity[row] = -np.inf
    nearest = np.argsort(-similarity, kind="stable")[:N_NEAREST]
    confidence[row] = 0.0 if number == UNPLACED else float((labels[nearest] == number).mean())
    edit = Edit(action="move", numbers=(number,), texts=(known.article_id,))
    return _logged(state.changing_groups(cluster_labels=labels, confidence=confidence), edit)


def repeat_edits(state: StudyState, edits: Iterable[Edit]) -> StudyState:
    """Make the changes of a log again, where all was fitted again.

    Parameters
    ----------
    state
        A state whose topics and clusters have the numbers that the log means.
    edits
        The log.

    Returns
    -------
    StudyState
        A change of what is no longer there is left out, and said in the warnings.
    """
    for edit in edits:
        try:
            state = _repeated(state, edit)
        except InputError as error:
            state = state.keeping_tables(warnings=(*state.warnings, f"not repeated: {edit.line()} ({error.problem})"))
    return state


def _repeated(state: StudyState, edit: Edit) -> StudyState:
    first, *others = edit.numbers
    if edit.action == "seed_topic":
        topic_column(state, first)
        return _logged(state, edit)
    again: dict[str, Callable[[], StudyState]] = {
        "rename_topic": lambda: rename_topic(state, first, *edit.texts),
        "rename_cluster": lambda: rename_cluster(state, first, *edit.texts),
        "merge_topics": lambda: merge_topics(state, first, *others),
        "split_topic": lambda: split_topic(state, first, 1 + len(others)),
        "drop_topic": lambda: drop_topic(state, first),
        "move": lambda: move(state, edit.texts[0], first),
    }
    return again[edit.action]()


def _with_topics(
    state: StudyState,
    model: Any,  # noqa: ANN401 - a StableTopicModel
    topic_ids: list[int],
    doc_topic: NDArray[np.float64],
    passage_topic: NDArray[np.float64] | None,
    edit: Edit,
) -> StudyState:
    """Return a state with other topics, whose first state is remembered as it was."""
    if state.archive_tables:
        raise InputError("the tables of all articles are on Spark", fix="save the study, load it, and edit that")
    # Columns stand in the order of their numbers.
    order = np.argsort(topic_ids)
    for name in ("topic_term_", "low_", "high_", "stability_"):
        setattr(model, name, getattr(model, name)[order])
    doc_topic = doc_topic[:, order]
    passage_topic = None if passage_topic is None else passage_topic[:, order]
    model.n_topics_ = len(topic_ids)
    model.doc_topic_ = doc_topic if passage_topic is None else passage_topic
    baseline = baseline_of(state)
    edited = state.changing_groups(
        topic_model=model,
        topic_ids=sorted(topic_ids),
        doc_topic=doc_topic,
        passage_topic=passage_topic,
        baseline=baseline,
        diff=None,
    )
    if state.themes is not None:
        edited = edited.changing_groups(themes=state.themes.subset(state.corpus, passage_topics=edited.passage_topics))
    return _logged(_with_new_labels(edited, baseline, edit), edit)


def _with_new_labels(edited: StudyState, baseline: Baseline, edit: Edit) -> StudyState:
    """Remember new labels of the topics that were changed, so that no later addition changes them."""
    numbers = [number for number in edit.numbers if number in edited.topic_ids]
    kept = {name: labels for name, labels in baseline.topic_names.items() if int(name) not in edit.numbers}
    unnamed = edited.changing_groups(baseline=replace(baseline, topic_names=kept), edits=())
    rows = topics(unnamed).set_index("topic")[["label_zh", "label_en"]]
    new = {str(number): list(map(str, rows.loc[number])) for number in numbers}
    return unnamed.changing_groups(baseline=replace(baseline, topic_names={**kept, **new}), edits=edited.edits)


def _logged(state: StudyState, edit: Edit) -> StudyState:
    said = f"by hand: {edit.line()}"
    return state.changing_groups(edits=(*state.edits, edit), warnings=(*state.warnings, said))


def _share_of_topic(
    documents: sparse.csr_matrix, mixtures: NDArray[np.float64], topic_term: NDArray[np.float64], column: int
) -> sparse.csr_matrix:
    """Return the part of each document's weight of a word that one topic accounts for."""
    documents = sparse.csr_matrix(documents, dtype=np.float64)
    rows = np.repeat(np.arange(documents.shape[0]), np.diff(documents.indptr))
    data = np.empty(documents.nnz)
    for start in range(0, documents.nnz, ENTRIES_AT_A_TIME):
        entries = slice(start, start + ENTRIES_AT_A_TIME)
        weights, words = mixtures[rows[entries]], topic_term[:, documents.indices[entries]].T
        total = np.maximum(np.einsum("ij,ij->i", weights, words), 1e-300)
        data[entries] = documents.data[entries] * weights[:, column] * words[:, column] / total
    shares = sparse.csr_matrix((data, documents.indices.copy(), documents.indptr.copy()), shape=documents.shape)
    shares.eliminate_zeros()
    return shares


def _rows_of(state: StudyState, counts: sparse.csr_array) -> sparse.csr_matrix:
    """Return counts as the topic model looks at them."""
    rows = sparse.csr_matrix(counts)
    return tfidf(rows, state.topic_model.idf_) if state.topic_model.method == "nmf" else rows


def _first_topics(state: StudyState) -> int:
    return 0 if state.baseline is None else int(state.baseline.doc_topic.shape[1])


def _flat(numbers: tuple[Any, ...]) -> list[Any]:
    is_list = len(numbers) == 1 and isinstance(numbers[0], (list, tuple, set, np.ndarray))
    return list(numbers[0]) if is_list else list(numbers)


def _names(en: str | None, zh: str | None) -> tuple[str, str]:
    """Check names, and return them as one line each, empty where there is none."""
    names = []
    for lang, name in (("en", en), ("zh", zh)):
        if name is not None and not isinstance(name, str):
            raise InputError(f"{lang} is a {type(name).__name__}", fix="give a text")
        line = " ".join((name or "").split())
        if len(line) > MAX_NAME_LENGTH or UNPRINTABLE.search(line):
            shown = shown_in_line(line, max_length=40)
            raise InputError(
                f"'{shown}' is no name", fix=f"give at most {MAX_NAME_LENGTH} characters that can be printed"
            )
        names.append(line)
    if not any(names):
        raise InputError("no name", fix="give en='…', zh='…' or both")
    return names[0], names[1]

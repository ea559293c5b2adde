"""Topics that somebody asks for by some of their words, learned beside those that come back by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from rare_topics.errors import InputError, list_names, shown_in_line
from rare_topics.study.topic_consensus import TopicDocuments, learn_from

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rare_topics.topics import StableTopicModel
    from rare_topics.vectorize import ConceptVectorizer

# Share of a seeded topic at its start that is its seeds; the rest is what stands beside them. By hand.
SEED_SHARE = 0.5
# A topic that holds more than this share of the seeds in the corpus becomes the seeded one. By hand.
TAKEN_SHARE = 0.4


def seed_topics(
    model: StableTopicModel,
    vectorizer: ConceptVectorizer,
    seeds: Mapping[str, Sequence[str]],
    documents: TopicDocuments,
) -> StableTopicModel:
    """Put topics with given words before those of a model, and learn all of them again from there.

    A topic of the model that holds the greatest part of the words already becomes the seeded one.

    Parameters
    ----------
    model
        A fitted model; it stays as it is.
    vectorizer
        Fitted; knows the words.
    seeds
        Words in either language, by the name of the topic.
    documents
        What the model was fitted to.

    Returns
    -------
    StableTopicModel
        Its first topics are those that were seeded, its mixtures are still to be found; stability
        is the share of twenty resamples that, from the same start, come to a topic again.

    Raises
    ------
    InputError
        If the corpus names none of a topic's words.

    References
    ----------
    J. Jagarlamudi, H. Daumé III, R. Udupa. Incorporating lexical priors into topic models. 2012;
    here the words set the start of each fit.
    """
    columns = {name: _seed_columns(vectorizer, name, words) for name, words in seeds.items()}
    mass = documents.mixtures.T @ np.asarray(documents.rows.sum(axis=1)).ravel()
    word_mass = model.topic_term_ * mass[:, None]
    starts: list[NDArray[np.float64]] = []
    taken: list[int] = []
    for own in columns.values():
        held = word_mass[:, own].sum(axis=1)
        held[taken] = 0
        best = int(held.argmax())
        if held[best] > TAKEN_SHARE * word_mass[:, own].sum():
            taken.append(best)
            starts.append(_start(own, model.topic_term_[best]))
        else:
            starts.append(_start(own, _beside(own, documents.rows)))
    start = np.vstack([*starts, np.delete(model.topic_term_, taken, axis=0)])
    found = learn_from(start, documents.rows, documents.groups, method=model.method, random_state=model.random_state)
    seeded = copy(model)
    seeded.topic_term_, seeded.low_, seeded.high_, seeded.stability_ = found
    seeded.n_topics_, seeded.is_whole_corpus_ = len(start), False
    return seeded


def _seed_columns(vectorizer: ConceptVectorizer, name: str, words: Sequence[str]) -> list[int]:
    """Return the columns of the concepts that the words of a topic name."""
    columns = sorted({column for word in words for column in _columns(vectorizer, word)})
    if not columns:
        shown = shown_in_line(name, max_length=60)
        raise InputError(
            f"the corpus names none of the words of the topic '{shown}': {list_names(words)}",
            where="seed_topics",
            fix="give other words; concepts() lists what is known",
        )
    return columns


def _beside(columns: list[int], documents: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return the concepts of the documents that name a seed, less what stands everywhere."""
    is_named = np.asarray(documents[:, columns].sum(axis=1)).ravel() > 0
    beside = np.asarray(documents[np.flatnonzero(is_named)].sum(axis=0)).ravel()
    return np.asarray(beside * beside / np.maximum(np.asarray(documents.sum(axis=0)).ravel(), 1e-12))


def _start(columns: list[int], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the start of a topic, of shape (n_concepts,): its words, and others with them."""
    own = np.zeros(len(others))
    own[columns] = 1 / len(columns)
    return np.asarray(SEED_SHARE * own + (1 - SEED_SHARE) * normalize(others[None], norm="l1")[0])


def _columns(vectorizer: ConceptVectorizer, word: str) -> list[int]:
    """Return the columns of the concepts that a word names, or that are called so."""
    vocabulary = vectorizer.vocabulary_
    if word in vocabulary:
        return [vocabulary[word]]
    mentions = vectorizer.lexicon_.mentions(vectorizer.segmenter_.tokenize(word))
    return [vocabulary[mention.concept] for mention in mentions if mention.concept in vocabulary]

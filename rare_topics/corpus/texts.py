"""Documents of a step, however they are given, as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rare_topics.corpus.records import Article, Passage
from rare_topics.errors import InputError


def texts_of(documents: Any) -> Sequence[Any]:  # noqa: ANN401 - whatever a pipeline hands over
    """Return documents as texts.

    Parameters
    ----------
    documents
        Texts, articles or passages: a list, an array, a Series, or a `Corpus`, whose articles are
        their title and body. What is none of these stays as it is.

    Returns
    -------
    sequence
        One entry a document.

    Raises
    ------
    InputError
        If it is one text, or nothing that has entries.
    """
    if isinstance(documents, (str, bytes)):
        raise InputError("one string where texts were expected", fix="give a list of strings")
    if not hasattr(documents, "__iter__"):
        kind = type(documents).__name__
        raise InputError(f"the type {kind} where texts were expected", fix="give a list of strings, or a corpus")
    if hasattr(documents, "articles"):
        documents = documents.articles
    if isinstance(documents, Sequence) and not any(isinstance(entry, (Article, Passage)) for entry in documents[:1]):
        return documents
    return list(_texts(documents))


def _texts(documents: Iterable[Any]) -> Iterator[Any]:
    for document in documents:
        if isinstance(document, Article):
            yield f"{document.title}\n{document.body}" if document.title else document.body
        else:
            yield document.text if isinstance(document, Passage) else document

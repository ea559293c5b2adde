"""Embeddings that a study is given beside the words of its articles: checked, and kept with the articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.corpus import Article, Corpus
from rare_topics.errors import InputError
from rare_topics.study.baseline import text_digest
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.vectorize.embedding_space import embedded_text, join_vectors, unit_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

Embed = Callable[[list[str]], Any]
# Two models of the same width embed a text without any likeness, one model the same text nearly alike.
LEAST_LIKENESS = 0.5


def checked_embed(embed: Any) -> Embed | None:  # noqa: ANN401 - whatever the user gives
    """Return what embeds texts.

    Raises
    ------
    InputError
        If it cannot be called.
    """
    if embed is not None and not callable(embed):
        raise InputError(f"embed is a {type(embed).__name__}", fix="give a function of a list of texts")
    return embed  # type: ignore[no-any-return]


def check_in_order(corpus: object) -> None:
    """Make sure that vectors come with articles whose order is known.

    Raises
    ------
    InputError
        If the articles are no `Corpus`, which is sorted by date when it is read.
    """
    if not isinstance(corpus, Corpus):
        raise InputError(
            f"vectors for a {type(corpus).__name__}, whose articles may be read in another order",
            fix="read it first, corpus = rt.read(…), and give a row for each article of the corpus",
        )


def embeddings_of(settings: StudySettings, corpus: Corpus) -> NDArray[np.float32] | None:
    """Return the embeddings of a corpus that is fitted.

    Parameters
    ----------
    settings
        With `vectors`, or `embed`, or neither.
    corpus
        The articles.

    Returns
    -------
    ndarray of shape (n_articles, n_columns), or None where none were asked for

    Raises
    ------
    InputError
        If they are not one row of finite numbers for each article.
    """
    if settings.vectors is not None:
        return _checked_rows(settings.vectors, name="vectors", n_rows=len(corpus))
    return None if settings.embed is None else _embed(settings.embed, corpus.articles)


def embeddings_with(
    state: StudyState,
    corpus: Corpus,
    *,
    arrivals: Corpus,
    vectors: Any = None,  # noqa: ANN401 - whatever the user gives
) -> NDArray[np.float32] | None:
    """Return the embeddings of articles some of which a study may know.

    Parameters
    ----------
    state
        A fitted study; articles with the same text are known.
    corpus
        The articles.
    arrivals
        Those of them that are added.
    vectors : array-like of shape (n_arrivals, n_columns), optional
        Embeddings of the arrivals; None has them embedded.

    Returns
    -------
    ndarray of shape (n_articles, n_columns), or None where the study has no embeddings

    Raises
    ------
    InputError
        If an article has no embedding, or they are of another width or model.
    """
    if state.embeddings is None:
        if vectors is not None:
            raise InputError("vectors for a study that was fitted without any", fix="fit it with embed= or vectors=")
        return None
    known = dict(zip(map(_key, state.corpus), state.embeddings, strict=True))
    n_columns = state.embeddings.shape[1]
    if vectors is not None:
        rows = _checked_rows(vectors, name="vectors", n_rows=len(arrivals), n_columns=n_columns)
        known |= zip(map(_key, arrivals), rows, strict=True)
    if missing := [article for article in corpus if _key(article) not in known]:
        known |= zip(map(_key, missing), _embed_as_before(state, missing), strict=True)
    return np.array([known[_key(article)] for article in corpus])


def vectors_of(
    state: StudyState, counts: sparse.csr_array, embeddings: NDArray[np.float32] | None
) -> NDArray[np.float64]:
    """Return the vectors of articles: of their concepts, joined with their embeddings where the study has some.

    Parameters
    ----------
    state
        A study whose space is fitted.
    counts : csr_array of shape (n_articles, n_concepts)
    embeddings : ndarray of shape (n_articles, n_columns) or None
    """
    vectors = state.space.transform(counts)
    if state.embedding_space is None or embeddings is None:
        return vectors
    return join_vectors(vectors, state.embedding_space.transform(embeddings))


def vectors_with_language(state: StudyState) -> NDArray[np.float64]:
    """Return the vectors of a study before the directions of language are removed."""
    vectors = state.space.transform_raw(state.counts)
    return vectors if state.embeddings is None else join_vectors(vectors, unit_rows(state.embeddings))


def embeddings_shown(state: StudyState) -> dict[str, Any]:
    """Describe the embeddings of a study for its manifest: nothing where it has none."""
    if state.embeddings is None:
        return {}
    digest = sha256(state.embeddings.tobytes()).hexdigest()
    return {"embeddings": {"columns": state.embeddings.shape[1], "sha256": digest}}


def _key(article: Article) -> tuple[str, str]:
    return article.article_id, text_digest(article)


def _embed_as_before(state: StudyState, articles: Sequence[Article]) -> NDArray[np.float32]:
    """Embed articles by the model of a study, which is tried on its first article."""
    if state.settings.embed is None or state.embeddings is None:
        raise InputError(
            f"{len(articles)} articles are new and have no vectors",
            fix="give vectors= with the new articles, or embed= to rt.load or rt.Study",
        )
    n_columns = state.embeddings.shape[1]
    first, *rows = _embed(state.settings.embed, [state.corpus[0], *articles], n_columns=n_columns)
    likeness = (unit_rows(first[None]) @ unit_rows(state.embeddings[:1]).T).item()
    if likeness < LEAST_LIKENESS and state.embeddings[0].any():
        raise InputError("embed gives other vectors than the study was fitted with", fix="give the same model")
    return np.array(rows)


def _embed(embed: Embed, articles: Sequence[Article], *, n_columns: int | None = None) -> NDArray[np.float32]:
    rows = embed([embedded_text(article) for article in articles])
    return _checked_rows(rows, name="what embed returns", n_rows=len(articles), n_columns=n_columns)


def _checked_rows(
    rows: Any,  # noqa: ANN401 - whatever the user gives
    *,
    name: str,
    n_rows: int,
    n_columns: int | None = None,
) -> NDArray[np.float32]:
    """Return rows of finite numbers in single precision, or say in one line what is wrong with them."""
    fix = f"give an array of one row of numbers for each of {n_rows} articles"
    try:
        array = np.asarray(rows)
    except (TypeError, ValueError):  # rows of different lengths
        array = np.array(None)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name}: a {type(rows).__name__} that is no array of numbers", fix=fix)
    if array.ndim != 2 or not array.shape[1]:  # noqa: PLR2004 - a table
        raise InputError(f"{name}: an array of the shape {array.shape}", fix=fix)
    if len(array) != n_rows:
        raise InputError(f"{name}: {len(array)} rows for {n_rows} articles", fix=fix)
    if n_columns not in (None, array.shape[1]):
        raise InputError(f"{name}: {array.shape[1]} columns where the study has {n_columns}", fix="give the same model")
    is_finite = (np.abs(array) <= np.finfo(np.float32).max).all(axis=1)
    if not is_finite.all():
        raise InputError(f"{name}: NaN or infinity in row {int(is_finite.argmin())}", fix="leave the article out")
    return np.ascontiguousarray(array, dtype=np.float32)

"""Search by concept in both languages: articles for a text or an example, topics for a text, passages for a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from rare_topics.corpus.records import Article, Passage
from rare_topics.corpus.texts import texts_of
from rare_topics.errors import InputError, shown_in_line
from rare_topics.study.groups import check_cluster, topic_column
from rare_topics.study.state import StudyState, computed_once
from rare_topics.study.tables import topics

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FOUND_COLUMNS = ["article_id", "score", "title", "published", "source", "quote", "passage_id", "start", "end"]
KWIC_COLUMNS = [
    "article_id", "passage_id", "left", "keyword", "right", "concept", "start", "end", "lang", "title", "published",
]  # fmt: skip
KINDS = ("topic", "cluster", "theme")
# Share of a word's mentions that goes to a concept for the word to name it: a majority.
MIN_SENSE_SHARE = 0.5
# Shorter passages say little as a quote; characters, chosen by hand.
MIN_QUOTE_LENGTH = 15
# Articles that a figure of a topic or cluster gives unless more are asked for.
DEFAULT_N = 5


def search(state: StudyState, query: str | Article, n: int = 10) -> pd.DataFrame:
    """Find the articles that are about what a text says, in both languages.

    Parameters
    ----------
    state
        A fitted study.
    query
        Words or a text in either language; or an example: an article or its id.
    n
        How many at the most.

    Returns
    -------
    DataFrame
        article_id, score (0 to 1: half the cosine of the weighted concepts, half that of the
        vectors), title, published, source, and the passage that fits best: quote, passage_id,
        start, end. Articles that share nothing with the query are not listed; the example itself
        is not either.

    Raises
    ------
    InputError
        If the query is empty, or none of its words is known to the study.
    """
    check_count(n)
    text, example = _query_text(state, query)
    counts = state.vectorizer.transform([text])
    if not counts.nnz:
        raise _unknown(text)
    wanted = weighted_concepts(state, counts)
    lexical = np.asarray((weighted_articles(state) @ wanted.T).todense()).ravel()
    wanted_vector = state.space.transform(counts)[0]
    # A query is words: it is compared with what vectors have of words.
    of_concepts = state.vectors[:, : len(wanted_vector)]
    if state.embedding_space is not None:
        of_concepts = normalize(of_concepts)
    semantic = np.maximum(of_concepts @ wanted_vector, 0)
    scores = np.where(lexical > 0, (lexical + semantic) / 2, 0)
    if example is not None:
        scores[example] = 0
    ranked = np.argsort(-scores, kind="stable")[:n]
    rows = [row for row in ranked.tolist() if scores[row] > 0]
    return _found_frame(state, rows, [float(scores[row]) for row in rows], wanted)


def find_topics(state: StudyState, query: str, n: int = DEFAULT_N) -> pd.DataFrame:
    """Find the topics that a text belongs to.

    Parameters
    ----------
    state
        A fitted study.
    query
        Words or a text in either language.
    n
        How many at the most.

    Returns
    -------
    DataFrame
        topic, probability (weight in the mixture of the text, topics held fixed), label_zh,
        label_en; the most probable first.

    Raises
    ------
    InputError
        If the query is empty, or none of its words is known to the study.
    """
    check_count(n)
    text, _ = _query_text(state, query)
    counts = state.vectorizer.transform([text])
    if not counts.nnz:
        raise _unknown(text)
    mixture = state.topic_model.transform(counts)[0]
    table = topics(state)[["topic", "label_zh", "label_en"]]
    table.insert(1, "probability", np.round(mixture, 4))
    return table.sort_values("probability", ascending=False, kind="stable").head(n).reset_index(drop=True)


def representative(state: StudyState, kind: str, number: Any, n: int = DEFAULT_N) -> pd.DataFrame:  # noqa: ANN401
    """List the articles that stand for a topic, a cluster or a theme best, each with a quote.

    Parameters
    ----------
    state
        A fitted study.
    kind
        ``"topic"``, ``"cluster"`` or ``"theme"``.
    number
        Number of the topic or cluster, or name of the theme.
    n
        How many at the most.

    Returns
    -------
    DataFrame
        article_id, score (weight of the topic; cosine with the mean of the cluster; score of the
        passage for the theme), title, published, source, quote, passage_id, start, end.

    Raises
    ------
    InputError
        If there is no such kind or number.
    """
    check_count(n)
    if kind not in KINDS:
        raise InputError(f"no kind '{shown_in_line(kind, max_length=40)}'", fix=f"take one of {', '.join(KINDS)}")
    if kind == "theme":
        return _of_theme(state, number, n)
    if kind == "topic":
        column = topic_column(state, number)
        scores = state.doc_topic[:, column]
        wanted = weighted_concepts(state, sparse.csr_array(state.topic_model.topic_term_[[column]]))
    else:
        is_member = state.cluster_labels == check_cluster(state, number)
        center = normalize(state.vectors[is_member].mean(axis=0)[None])[0]
        scores = np.where(is_member, state.vectors @ center, -1.0)
        mean_counts = np.asarray(state.counts[np.flatnonzero(is_member)].mean(axis=0))
        wanted = weighted_concepts(state, sparse.csr_array(mean_counts.reshape(1, -1)))
    rows = [row for row in np.argsort(-scores, kind="stable")[:n].tolist() if scores[row] >= 0]
    return _found_frame(state, rows, [float(scores[row]) for row in rows], wanted)


def kwic(state: StudyState, query: str, *, width: int = 40) -> pd.DataFrame:
    """List every place where a word, or any word of either language for the same concept, is printed.

    Parameters
    ----------
    state
        A fitted study.
    query
        A word, or the name of a concept (`rare_topics.concepts`). What names no concept of the
        study is looked for by its letters.
    width
        Characters of the text on each side.

    Returns
    -------
    DataFrame
        article_id, passage_id, left, keyword (as printed), right, concept, start, end (offsets of
        the keyword into the body, or into the title where the passage is the title), lang, title,
        published; in the order of the corpus.

    Raises
    ------
    InputError
        If the query is empty.
    """
    import pandas as pd

    if not isinstance(width, int) or width < 0:
        raise InputError(f"width is {shown_in_line(width, max_length=40)}", fix="give a number of characters")
    word = _checked_text(query)
    concept = concept_of(state, word)
    places = _literal_places(state, word) if concept is None else _concept_places(state, concept)
    rows = []
    for passage, start, end in places:
        article = state.corpus[passage.article_id]
        text, lang = (
            (article.title, article.title_lang) if passage.kind == "title" else (article.body, article.body_lang)
        )
        left, right = text[max(0, start - width) : start], text[end : end + width]
        context = (" ".join(left.split()), text[start:end], " ".join(right.split()))
        date = f"{article.published:%Y-%m-%d}" if article.published else ""
        rows.append(
            (article.article_id, passage.passage_id, *context, concept or "", start, end, lang, article.title, date)
        )
    return pd.DataFrame(rows, columns=KWIC_COLUMNS)


def mentions(state: StudyState) -> pd.DataFrame:
    """List every mention of a concept in the bodies.

    Parameters
    ----------
    state
        A fitted study.

    Returns
    -------
    DataFrame
        article_id, lang (of the body), concept, weight (1 for a word of the domain; a general word
        shares its weight among its senses), printed, start, end (offsets into the body); in the
        order of the corpus.
    """
    import pandas as pd

    tokenize, find = state.vectorizer.segmenter_.tokenize, state.vectorizer.lexicon_.mentions
    rows = [
        (article.article_id, article.body_lang, concept, weight, article.body[start:end], start, end)
        for article in state.corpus
        for concept, weight, start, end in find(tokenize(article.body))
    ]
    return pd.DataFrame(rows, columns=["article_id", "lang", "concept", "weight", "printed", "start", "end"])


def concept_of(state: StudyState, word: str) -> str | None:
    """Return the concept of the study's vocabulary that a word names, or that has this name; None if none does."""
    vectorizer = state.vectorizer
    if word in vectorizer.vocabulary_:
        return word
    tokens = vectorizer.segmenter_.tokenize(word)
    # Words that name several things, or none, are looked for as they stand.
    whole = [
        mention
        for mention in vectorizer.lexicon_.mentions(tokens)
        if (mention.start, mention.end) == (tokens[0].start, tokens[-1].end) and mention.weight >= MIN_SENSE_SHARE
    ]
    is_one = len(whole) == 1 and whole[0].concept in vectorizer.vocabulary_
    return str(whole[0].concept) if is_one else None


def check_count(n: int) -> None:
    """Raise InputError unless `n` is a whole number above 0."""
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
        raise InputError(f"n is {shown_in_line(n, max_length=40)}", fix="give a whole number above 0")


def best_passage(state: StudyState, row: int, wanted: sparse.csr_array) -> Passage | None:
    """Return the passage of an article that has most of some weighted concepts for its length.

    Parameters
    ----------
    state
        A fitted study.
    row
        Of the article.
    wanted : csr_array of shape (1, n_concepts)
        Weighted concepts, of length 1.
    """
    passages = state.corpus.passages
    first, last = int(passages.bounds[row]), int(passages.bounds[row + 1])
    if state.passage_counts is not None:
        counts = state.passage_counts[first:last]
    else:
        counts = state.vectorizer.transform(passages.texts[first:last])
    scores = np.asarray((weighted_concepts(state, counts) @ wanted.T).todense()).ravel()
    found = passages.of_article(row)
    quotable = [len(one.text) >= MIN_QUOTE_LENGTH and one.kind != "heading" for one in found]
    if any(quotable):
        scores = np.where(quotable, scores, -1.0)
    return found[int(scores.argmax())] if found else None


def _of_theme(state: StudyState, name: str, n: int) -> pd.DataFrame:
    themes = state.themes if state.themes is not None else state.settings.theme_finder.find_themes(state.corpus)
    if name not in themes:
        known = ", ".join(themes) or "none: no theme was found"
        raise InputError(f"no theme '{shown_in_line(name, max_length=40)}'", fix=f"take one of {known}")
    evidence = themes[name].evidence.drop_duplicates("article_id").head(n)
    passages = [themes.passage(passage_id) for passage_id in evidence["passage_id"]]
    return _frame(state, passages, evidence["score"].tolist())


def _found_frame(
    state: StudyState, rows: Sequence[int], scores: Sequence[float], wanted: sparse.csr_array
) -> pd.DataFrame:
    found = [(best_passage(state, row, wanted), score) for row, score in zip(rows, scores, strict=True)]
    passages = [passage for passage, _ in found if passage is not None]
    return _frame(state, passages, [score for passage, score in found if passage is not None])


def _frame(state: StudyState, passages: Sequence[Passage], scores: Sequence[float]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for passage, score in zip(passages, scores, strict=True):
        article = state.corpus[passage.article_id]
        date = f"{article.published:%Y-%m-%d}" if article.published else ""
        about = (article.article_id, round(float(score), 4), article.title, date, article.source)
        rows.append((*about, passage.text, passage.passage_id, passage.start, passage.end))
    return pd.DataFrame(rows, columns=FOUND_COLUMNS)


def _query_text(state: StudyState, query: str | Article) -> tuple[str, int | None]:
    """Return the text that is looked for, and the row of the article that it is, if any."""
    if isinstance(query, Article):
        known = [row for row, article in enumerate(state.corpus) if article.article_id == query.article_id]
        return str(texts_of([query])[0]), known[0] if known else None
    text = _checked_text(query)
    for row, article in enumerate(state.corpus):
        if article.article_id == text:
            return str(texts_of([article])[0]), row
    return text, None


def _checked_text(query: object) -> str:
    if not isinstance(query, str):
        raise InputError(f"a query of the type {type(query).__name__}", fix="give words, a text, or an article's id")
    if not query.strip():
        raise InputError("an empty query", fix="give words, a text, or an article's id")
    return query.strip()


def _unknown(text: str) -> InputError:
    shown = shown_in_line(text, max_length=60)
    return InputError(
        f"no word of '{shown}' is known to the study", fix="take other words, or kwic, which looks for letters"
    )


def weighted_concepts(state: StudyState, counts: sparse.csr_array) -> sparse.csr_array:
    """Weigh counts by the logarithm of 1 + count times the inverse document frequency; rows have length 1."""
    rows = sparse.csr_array(counts, dtype=np.float64, copy=True)
    rows.data = np.log1p(rows.data) * state.space.idf_[rows.indices]
    return sparse.csr_array(normalize(rows))


@computed_once
def weighted_articles(state: StudyState) -> sparse.csr_array:
    """Return the weighted concepts of the articles, of shape (n_articles, n_concepts); see `weighted_concepts`."""
    return weighted_concepts(state, state.counts)


def _concept_places(state: StudyState, concept: str) -> Iterator[tuple[Passage, int, int]]:
    """Yield the places where a concept is named, with offsets into body or title."""
    vectorizer, passages = state.vectorizer, state.corpus.passages
    column = vectorizer.vocabulary_[concept]
    named = sparse.csc_array(state.counts)[:, [column]].nonzero()[0]
    for row in sorted(named.tolist()):
        for passage in passages.of_article(row):
            spans = {
                (mention.start, mention.end)
                for mention in vectorizer.lexicon_.mentions(vectorizer.segmenter_.tokenize(passage.text))
                if mention.concept == concept and mention.weight >= MIN_SENSE_SHARE
            }
            for start, end in sorted(spans):
                yield passage, passage.start + start, passage.start + end


def _literal_places(state: StudyState, word: str) -> Iterator[tuple[Passage, int, int]]:
    """Yield the places where letters are printed, whatever their case."""
    pattern = re.compile(r"\s+".join(map(re.escape, word.split())), re.IGNORECASE)
    for passage in state.corpus.passages:
        for found in pattern.finditer(passage.text):
            yield passage, passage.start + found.start(), passage.start + found.end()


def passage_documents(state: StudyState) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """Return the counts of the documents in which concepts stand together, and the article of each."""
    documents = state.documents
    if documents.shape[0] == len(state.corpus):
        return documents, np.arange(len(state.corpus))
    return documents, state.corpus.passages.article_rows

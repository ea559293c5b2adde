"""Words that set groups of articles apart, and words that stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.errors import InputError
from rare_topics.study.groups import Group, group_rows
from rare_topics.study.labels import MIN_COUNT
from rare_topics.study.search import check_count, passage_documents
from rare_topics.study.state import StudyState, computed_once
from rare_topics.study.tables import namer

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Sum of the pseudo-counts of the prior, as for labels.
PRIOR_STRENGTH = 50.0
N_BOOTSTRAP = 400
# 95 % intervals.
TAILS = (2.5, 97.5)
# Concepts whose pairs are counted at most: the most common ones.
MOST_PAIRED_CONCEPTS = 3000


def keyness(state: StudyState, group: Group, against: Group | None = None, *, n: int = 30) -> pd.DataFrame:
    """List the concepts that a group of articles names more, and less, than another.

    Parameters
    ----------
    state
        A fitted study.
    group
        ``("cluster", 3)``, ``("topic", 2)``, ``{"source": "Xinhua"}``, a corpus, ids or a mask.
    against
        The same, to compare with; None takes all other articles.
    n
        Concepts at each end.

    Returns
    -------
    DataFrame
        concept, term_en, term_zh, n_articles (of the group, that name it), n_articles_against,
        log_odds (above 0 the group names it more), low, high (95 %, over resamples of the
        articles of both), z_score; those of the group first. Concepts that one article alone
        names are left out.

    Raises
    ------
    InputError
        If a group is none or empty, or the two are the same articles.

    References
    ----------
    B. Monroe, M. Colaresi, K. Quinn. Fightin' words. 2008; log-odds with an informative Dirichlet
    prior. Words of one article depend on each other, so intervals resample articles.
    """
    import pandas as pd

    check_count(n)
    own = group_rows(state, group)
    others = np.arange(len(state.corpus)) if against is None else group_rows(state, against)
    others = np.setdiff1d(others, own)
    if not len(others):
        raise InputError("no article outside the group to compare with", fix="take a smaller group, or other articles")
    both = state.counts[np.concatenate([own, others])]
    columns = np.flatnonzero(np.bincount(both.indices, minlength=both.shape[1]) > 1)
    counts = sparse.csr_array(both[:, columns])
    is_own = np.arange(counts.shape[0]) < len(own)
    odds, deviation = _log_odds(counts, is_own, np.ones((1, counts.shape[0])))
    low, high = np.percentile(_resampled(state, counts, is_own), TAILS, axis=0)
    present = counts > 0
    table = pd.DataFrame(
        {
            "concept": state.concepts[columns],
            "n_articles": np.asarray(present[np.flatnonzero(is_own)].sum(axis=0)).ravel(),
            "n_articles_against": np.asarray(present[np.flatnonzero(~is_own)].sum(axis=0)).ravel(),
            "log_odds": np.round(odds[0], 4),
            "low": np.round(low, 4),
            "high": np.round(high, 4),
            "z_score": np.round(odds[0] / deviation[0], 4),
        }
    )
    table = table.sort_values(["z_score", "concept"], ascending=[False, True], ignore_index=True)
    table = table if len(table) <= 2 * n else pd.concat([table.head(n), table.tail(n)], ignore_index=True)
    return _with_terms(state, table, "concept")


def cooccurrence(state: StudyState, n: int = 50) -> pd.DataFrame:
    """List the pairs of concepts that stand together most surely.

    Parameters
    ----------
    state
        A fitted study.
    n
        Pairs.

    Returns
    -------
    DataFrame
        concept, other, n_together (passages of a small corpus, articles of a large one), n_articles
        (in which they stand together), npmi (-1 to 1), log_likelihood (by which they are ranked),
        and the terms of both in both languages. Pairs of one article alone are left out, and so are
        the senses of one word.

    References
    ----------
    T. Dunning. Accurate methods for the statistics of surprise and coincidence. 1993.
    """
    import pandas as pd

    check_count(n)
    documents, article_of_document = passage_documents(state)
    present = sparse.csr_array(documents > 0, dtype=np.float64)
    totals = np.asarray(present.sum(axis=0)).ravel()
    columns = np.sort(np.argsort(-totals, kind="stable")[:MOST_PAIRED_CONCEPTS])
    columns = columns[totals[columns] > 1]
    present, totals = sparse.csr_array(present[:, columns]), totals[columns]
    pairs = sparse.coo_array(sparse.triu(present.T @ present, k=1))
    one, other = pairs.coords
    together, n_documents = pairs.data, present.shape[0]
    likelihood = np.where(
        together * n_documents > totals[one] * totals[other],
        _log_likelihood(together, totals[one], totals[other], n_documents),
        0,
    )
    ranked = np.lexsort((other, one, -likelihood))
    membership = sparse.csr_array(
        (np.ones(n_documents), (article_of_document, np.arange(n_documents))), (len(state.corpus), n_documents)
    )
    surfaces = state.vectorizer.surfaces_
    rows = []
    for pair in ranked.tolist():
        first, second = int(one[pair]), int(other[pair])
        names = (str(state.concepts[columns[first]]), str(state.concepts[columns[second]]))
        if surfaces[names[0]].keys() & surfaces[names[1]].keys():
            continue
        both = present[:, [first]].multiply(present[:, [second]])
        n_articles = int((membership @ both).sum(axis=1).astype(bool).sum())
        if n_articles > 1:
            joint = together[pair] / n_documents
            npmi = np.log(joint * n_documents**2 / (totals[first] * totals[second])) / max(-np.log(joint), 1e-12)
            rows.append((*names, int(together[pair]), n_articles, round(npmi, 4), round(likelihood[pair], 2)))
        if len(rows) == n or likelihood[pair] <= 0:
            break
    table = pd.DataFrame(rows, columns=["concept", "other", "n_together", "n_articles", "npmi", "log_likelihood"])
    return _with_terms(state, _with_terms(state, table, "concept"), "other", prefix="other_")


@computed_once
def collocations(state: StudyState) -> pd.DataFrame:
    """List the terms of several concepts, with what is printed for them.

    Returns
    -------
    DataFrame
        term (concepts joined by spaces), n, printed_en, printed_zh (forms, the commonest first).
    """
    import pandas as pd

    from rare_topics.corpus.languages import language_of

    rows = []
    for term, forms in namer(state).collocations.items():
        ranked = sorted(forms, key=lambda form: (-forms[form], form))
        by_lang = {
            lang: "; ".join(" ".join(form.split()) for form in ranked if language_of(form) == lang)
            for lang in ("en", "zh")
        }
        rows.append((" ".join(term), int(sum(forms.values())), by_lang["en"], by_lang["zh"]))
    table = pd.DataFrame(rows, columns=["term", "n", "printed_en", "printed_zh"])
    return table.sort_values(["n", "term"], ascending=[False, True], ignore_index=True)


def _log_odds(
    counts: sparse.csr_array, is_own: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return log-odds and their deviation, of shape (n_resamples, n_concepts), for weights of the articles."""
    inside = np.asarray((weights * is_own) @ counts)
    outside = np.asarray((weights * ~is_own) @ counts)
    totals = np.asarray(counts.sum(axis=0)).ravel()
    prior = PRIOR_STRENGTH * totals / max(totals.sum(), 1e-12) + MIN_COUNT
    inside, outside = inside + prior, outside + prior
    odds = [np.log(part / np.maximum(part.sum(axis=1, keepdims=True) - part, MIN_COUNT)) for part in (inside, outside)]
    return odds[0] - odds[1], np.sqrt(1 / inside + 1 / outside)


def _resampled(state: StudyState, counts: sparse.csr_array, is_own: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the log-odds of resamples of the articles within each group."""
    rng = np.random.default_rng(state.settings.random_state)
    weights = np.zeros((N_BOOTSTRAP, counts.shape[0]))
    for members in (np.flatnonzero(is_own), np.flatnonzero(~is_own)):
        weights[:, members] = rng.multinomial(len(members), np.full(len(members), 1 / len(members)), size=N_BOOTSTRAP)
    return _log_odds(counts, is_own, weights)[0]


def _log_likelihood(
    together: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64], n_documents: int
) -> NDArray[np.float64]:
    """Return Dunning's statistic of two concepts in documents, from their counts."""
    cells = (together, one - together, other - together, n_documents - one - other + together)
    shares = (one * other, one * (n_documents - other), (n_documents - one) * other)
    expected = [share / n_documents for share in (*shares, (n_documents - one) * (n_documents - other))]
    terms = [
        np.where(cell > 0, cell * np.log(np.maximum(cell, 1e-12) / np.maximum(mean, 1e-12)), 0)
        for cell, mean in zip(cells, expected, strict=True)
    ]
    return np.asarray(2 * sum(terms))


def _with_terms(state: StudyState, table: pd.DataFrame, column: str, *, prefix: str = "") -> pd.DataFrame:
    """Put the names of concepts in both languages behind their column."""
    place = list(table.columns).index(column) + 1
    for lang in ("zh", "en"):
        table.insert(place, f"{prefix}term_{lang}", [namer(state).name(concept, lang) for concept in table[column]])
    return table

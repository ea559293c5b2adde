"""Concepts that stand side by side more often than chance, and so are one term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import log

from rare_topics.lexicon import Mention

Phrase = tuple[str, ...]

FEWEST = 5
# Normalised pointwise mutual information, 1 where two concepts only ever stand together.
LEAST_NPMI = 0.5
# Between the words of one term stands nothing but these.
_JOINTS = " -'\n"


def find_collocations(
    texts: Sequence[str],
    mentions: Iterable[Sequence[Mention]],
    *,
    articles: Sequence[str] | None = None,
    min_count: int = FEWEST,
) -> dict[Phrase, dict[str, float]]:
    """Find terms of two to four concepts.

    Parameters
    ----------
    texts
        Passages.
    mentions
        What each of them names, in the same order.
    articles
        Article of each passage: what a single one prints is its own turn of phrase. None takes
        each passage for an article.
    min_count
        How often a term must be printed.

    Returns
    -------
    dict
        Concepts of each term in their order, with its printed forms and how often each stands.

    References
    ----------
    G. Bouma. Normalized (pointwise) mutual information in collocation extraction. 2009;
    applied twice, as by gensim's `Phrases`.
    """
    owners = range(len(texts)) if articles is None else articles
    read = zip(owners, texts, mentions, strict=True)
    runs = [(article, text, run) for article, text, named in read for run in _runs(text, named)]
    words: list[list[Phrase]] = [[(mention.concept,) for mention in run] for *_, run in runs]
    printed: dict[Phrase, dict[str, float]] = {}
    within: dict[Phrase, set[object]] = {}
    for (article, text, run), terms in zip(runs, _joined(_joined(words, min_count), min_count), strict=True):
        at = 0
        for term in terms:
            if len(term) > 1:
                form = text[run[at].start : run[at + len(term) - 1].end]
                forms = printed.setdefault(term, {})
                forms[form] = forms.get(form, 0.0) + 1
                within.setdefault(term, set()).add(article)
            at += len(term)
    return {term: forms for term, forms in printed.items() if len(within[term]) > 1}


def _joined(runs: Sequence[Sequence[Phrase]], min_count: int) -> list[list[Phrase]]:
    """Join neighbours that stand together more often than chance, from left to right."""
    counts = Counter(term for run in runs for term in run)
    n_terms = counts.total()
    beside = {pair for run in runs for pair in pairwise(run)}
    counts.update(one + other for run in runs for one, other in pairwise(run))

    def keep_together(one: Phrase, other: Phrase) -> bool:
        alone, together = counts[one] / n_terms * (counts[other] / n_terms), counts[one + other] / n_terms
        return counts[one + other] >= min_count and log(together / alone) / -log(together) > LEAST_NPMI

    terms = {pair for pair in beside if keep_together(*pair)}
    return [list(_in_pairs(run, terms)) for run in runs]


def _in_pairs(run: Sequence[Phrase], pairs: set[tuple[Phrase, Phrase]]) -> Iterator[Phrase]:
    at = 0
    while at < len(run):
        if tuple(run[at : at + 2]) in pairs:
            yield run[at] + run[at + 1]
            at += 2
        else:
            yield run[at]
            at += 1


def longest_terms(concepts: Sequence[str], known: Mapping[Phrase, Mapping[str, float]]) -> list[Phrase]:
    """Join concepts of a list that are one term, the longest and commonest first.

    Returns
    -------
    list of tuple of str
        Each concept once, a term in the place of the first of its concepts.
    """
    rank = {concept: number for number, concept in enumerate(concepts)}
    terms: list[Phrase] = []
    fitting = (phrase for phrase in known if all(concept in rank for concept in phrase))
    left = set(rank)
    for phrase in sorted(fitting, key=lambda phrase: (-len(phrase), -sum(known[phrase].values()), phrase)):
        if left.issuperset(phrase) and len(set(phrase)) == len(phrase):
            terms.append(phrase)
            left.difference_update(phrase)
    terms += [(concept,) for concept in left]
    return sorted(terms, key=lambda term: min(rank[concept] for concept in term))


def _runs(text: str, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Cut a reading where other words or marks stand between; of a word's senses the heaviest counts."""
    run: list[Mention] = []
    for mention in mentions:
        last = run[-1] if run else None
        if last and (mention.start, mention.end) == (last.start, last.end):
            run[-1] = max(last, mention, key=lambda sense: sense.weight)
            continue
        if last and text[last.end : mention.start].strip(_JOINTS):
            yield run
            run = []
        run.append(mention)
    if run:
        yield run

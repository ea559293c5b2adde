"""Concepts that stand side by side more often than chance, and so are one term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rare_topics.lexicon import Mention

# Concepts of a term in their order.
Phrase = tuple[str, ...]

# Between the words of one term stands nothing but these.
_JOINTS = " -'\n"
_DELIMITER = "\x1f"


def find_collocations(
    texts: Sequence[str],
    mentions: Iterable[Sequence[Mention]],
    *,
    articles: Sequence[str] | None = None,
    min_count: int = 5,
    min_npmi: float = 0.5,
) -> dict[Phrase, dict[str, float]]:
    """Find terms of two to four concepts.

    Parameters
    ----------
    texts
        Passages.
    mentions
        The concepts of each passage.
    articles
        Article of each passage; a term must be printed in two articles. None takes each passage
        for an article.
    min_count
        How often a term must be printed.
    min_npmi
        Normalised pointwise mutual information of its concepts at least; it is 1 where two
        concepts only ever stand together. The default was chosen by hand on the seed pages.

    Returns
    -------
    dict of tuple of str to dict of str to float
        By term, its printed forms and how often each is printed.

    References
    ----------
    G. Bouma. Normalized (pointwise) mutual information in collocation extraction. 2009;
    by gensim's `Phrases`, applied twice.
    """
    from gensim.models.phrases import Phrases

    articles_of_texts = range(len(texts)) if articles is None else articles
    runs = [
        (article, text, run)
        for article, text, named in zip(articles_of_texts, texts, mentions, strict=True)
        for run in _adjacent_runs(text, named)
    ]
    concepts = [[mention.concept for mention in run] for *_, run in runs]
    settings = {"min_count": min_count, "threshold": min_npmi, "scoring": "npmi", "delimiter": _DELIMITER}
    pairs = Phrases(concepts, **settings)[concepts]
    terms_of_runs = Phrases(pairs, **settings)[pairs]
    forms_of_terms: dict[Phrase, dict[str, float]] = {}
    articles_of_terms: dict[Phrase, set[object]] = {}
    for (article, text, run), terms in zip(runs, terms_of_runs, strict=True):
        start = 0
        for term in terms:
            phrase = tuple(term.split(_DELIMITER))
            end = start + len(phrase)
            if len(phrase) > 1:
                form = text[run[start].start : run[end - 1].end]
                forms = forms_of_terms.setdefault(phrase, {})
                forms[form] = forms.get(form, 0.0) + 1
                articles_of_terms.setdefault(phrase, set()).add(article)
            start = end
    return {phrase: forms for phrase, forms in forms_of_terms.items() if len(articles_of_terms[phrase]) > 1}


def longest_terms(concepts: Sequence[str], collocations: Mapping[Phrase, Mapping[str, float]]) -> list[Phrase]:
    """Join those concepts of a list that make up one term, the longest and commonest terms first.

    Parameters
    ----------
    concepts
        Concepts, each once.
    collocations
        From `find_collocations`.

    Returns
    -------
    list of tuple of str
        Each concept once; a term stands in the place of the first of its concepts.
    """
    rank = {concept: number for number, concept in enumerate(concepts)}
    candidates = [phrase for phrase in collocations if all(concept in rank for concept in phrase)]
    candidates.sort(key=lambda phrase: (-len(phrase), -sum(collocations[phrase].values()), phrase))
    terms: list[Phrase] = []
    unused = set(rank)
    for phrase in candidates:
        if unused.issuperset(phrase) and len(set(phrase)) == len(phrase):
            terms.append(phrase)
            unused.difference_update(phrase)
    terms += [(concept,) for concept in unused]
    return sorted(terms, key=lambda term: min(rank[concept] for concept in term))


def _adjacent_runs(text: str, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Cut mentions where other words or marks stand between; of a word's senses the heaviest is taken."""
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

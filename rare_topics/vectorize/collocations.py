"""Concepts that stand side by side more often than chance, and so are one term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rare_topics.lexicon import Mention

Phrase = tuple[str, ...]

FEWEST = 5
# Normalised pointwise mutual information, 1 where two concepts only ever stand together.
LEAST_NPMI = 0.5
# Between the words of one term stands nothing but these.
_JOINTS = " -'\n"
_DELIMITER = "\x1f"


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
    by gensim's `Phrases`, applied twice.
    """
    from gensim.models.phrases import Phrases

    owners = range(len(texts)) if articles is None else articles
    read = zip(owners, texts, mentions, strict=True)
    runs = [(article, text, run) for article, text, named in read for run in _runs(text, named)]
    words = [[mention.concept for mention in run] for *_, run in runs]
    pairs = Phrases(words, min_count=min_count, threshold=LEAST_NPMI, scoring="npmi", delimiter=_DELIMITER)
    joined = pairs[words]
    longer = Phrases(joined, min_count=min_count, threshold=LEAST_NPMI, scoring="npmi", delimiter=_DELIMITER)
    printed: dict[Phrase, dict[str, float]] = {}
    within: dict[Phrase, set[object]] = {}
    for (article, text, run), terms in zip(runs, longer[joined], strict=True):
        at = 0
        for term in terms:
            phrase = tuple(term.split(_DELIMITER))
            if len(phrase) > 1:
                form = text[run[at].start : run[at + len(phrase) - 1].end]
                forms = printed.setdefault(phrase, {})
                forms[form] = forms.get(form, 0.0) + 1
                within.setdefault(phrase, set()).add(article)
            at += len(phrase)
    return {phrase: forms for phrase, forms in printed.items() if len(within[phrase]) > 1}


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

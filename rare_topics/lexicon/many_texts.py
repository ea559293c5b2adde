"""The concepts of many texts at once, with a step of Python only for the tokens that may name one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rare_topics.lexicon.lexicon import AskedConcepts, Lexicon, Mention
from rare_topics.text.token_table import TokenTable
from rare_topics.text.tokenizer import TextTokens

if TYPE_CHECKING:
    from numpy.typing import NDArray


def mentions_of_texts(columns: TokenTable, lexicon: Lexicon, *, asked: AskedConcepts) -> list[list[Mention]]:
    """Find the concepts that the tokens of texts name.

    Parameters
    ----------
    columns
        The tokens of the texts.
    lexicon
        Concepts of words.
    asked
        Concepts that are asked for; others may be left out.

    Returns
    -------
    list of list of Mention
        Of each text those of `Lexicon.mentions`.
    """
    alone = [lexicon.concepts_alone(word, asked) for word in columns.words]
    begins_phrase = np.zeros(len(columns.ids), dtype=bool)
    begins_phrase[phrase_starts(columns, lexicon)] = True
    may_name = np.array([known is None or bool(known[0]) for known in alone], dtype=bool)
    looked_at = np.flatnonzero(may_name[columns.ids] | begins_phrase)
    bounds = columns.bounds.tolist()
    mentions: list[list[Mention]] = [[] for _ in bounds[1:]]
    end = 0
    for position, text, word, is_start in zip(
        looked_at.tolist(),
        (np.searchsorted(columns.bounds, looked_at, side="right") - 1).tolist(),
        columns.ids[looked_at].tolist(),
        begins_phrase[looked_at].tolist(),
        strict=True,
    ):
        if position < end:
            continue
        known = alone[word]
        if known is None or is_start:
            tokens = TextTokens(columns, bounds[text], bounds[text + 1])
            found, end_in_text = lexicon.mentions_at(tokens, position - bounds[text], asked=asked)
            mentions[text] += found
            end = bounds[text] + end_in_text
        else:
            start, stop = int(columns.starts[position]), int(columns.ends[position])
            mentions[text] += [Mention(name, weight, start, stop) for name, weight in known[0]]
    return mentions


def phrase_starts(columns: TokenTable, lexicon: Lexicon) -> NDArray[np.int64]:
    """Find the tokens that may begin a phrase; each pair of distinct words is looked up once.

    Parameters
    ----------
    columns
        The tokens of texts.
    lexicon
        Knows the phrases.

    Returns
    -------
    ndarray of int
        Their positions, in order.
    """
    if not len(columns.ids):
        return np.zeros(0, dtype=np.int64)
    begins = np.array([lexicon.begins_phrase(word) for word in columns.words], dtype=bool)
    has_next = np.ones(len(columns.ids), dtype=bool)
    has_next[columns.bounds[1:] - 1] = False
    has_next[-1] = False
    starts = np.flatnonzero(begins[columns.ids] & has_next)
    pairs = columns.ids[starts] * len(columns.words) + columns.ids[starts + 1]
    distinct, number = np.unique(pairs, return_inverse=True)
    firsts, seconds = np.divmod(distinct, len(columns.words))
    goes_on = lexicon.begin_with_pairs(columns.words, list(zip(firsts.tolist(), seconds.tolist(), strict=True)))
    return np.asarray(starts[np.array(goes_on, dtype=bool)[number]])

"""Actors that a clause leaves unnamed: taken from the clause, the sentence or the title before it.

The nearest antecedent goes first, and the farther it is the less sure the actor is (Hobbs 1978,
"Resolving pronoun references", with distance in clauses and sentences for his walk of the tree).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.participants import Participant
from rare_topics.clauses.passage_reader import AGENT, DOER
from rare_topics.corpus.languages import is_han

# Confidence in an actor by where it was found; chosen by hand on the seed pages.
NAMED, IN_SENTENCE, IN_SENTENCE_BEFORE = 1.0, 0.9, 0.7
# What remains of it where the sentence before names nobody either.
_PASSED_ON = 0.9
# Words that take up what was named last: "which", "these countries", 两国.
# No sentence of a person has more clauses before or behind one of its own.
CLAUSES_AROUND = 12
_POINTS_BACK = re.compile(
    r"^\W*(?:which|who|whose|where)\b|\b(?:these|those|both|the two|the three) (?:countries|nations|states|allies)\b"
    r"|两国|三国|这些国家|这几国|该国|后者|它们?|他们|其中"
)
# A sentence of English that takes up the subject of the one before: "Last year it sent", "The company".
_TAKES_UP = re.compile(
    r"\W*(?:(?:[A-Za-z]+ ){0,2}(?:it|they)|its|their|the (?:country|kingdom|republic|island|government|company|firm|"
    r"group|miner|mine|plant|refinery|smelter|owners?|project|line))\b",
    re.IGNORECASE,
)
# Words for one of two that were named.
_FORMER = re.compile(r"\bthe former\b|前者")
_LATTER = re.compile(r"\bthe latter\b|后者")
# Words for the place that was named last.
_IN_THE_SAME_PLACE = re.compile(r"当地|该国|那里|本地|境内")


class Actor(NamedTuple):
    """Who acts in a clause, and how sure this is.

    Attributes
    ----------
    participant
        The country, as a participant of this clause or of one before.
    confidence
        1 where the clause names it, less the farther away it is named.
    """

    participant: Participant
    confidence: float


def actors_of_clauses(clauses: Sequence[Clause]) -> list[tuple[Actor, ...]]:
    """Find who acts in each clause of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.

    Returns
    -------
    list of tuple of Actor
        One tuple for each clause: the countries that it names as actors; where it names none, those
        of the clause before in its sentence, else of the sentence before in running Chinese text.
    """
    actors: list[tuple[Actor, ...]] = []
    for number, clause in enumerate(clauses):
        named = tuple(Actor(one, NAMED) for one in clause.participants if one.case in {DOER, AGENT} and not one.speaks)
        if named or not number:
            actors.append(named)
            continue
        before = clauses[number - 1]
        if one_of_two := _one_of_two(clauses, number):
            actors.append((Actor(one_of_two, IN_SENTENCE),))
            continue
        if before.sentence == clause.sentence and before.participants and _POINTS_BACK.search(clause.text):
            last = before.participants[-1].list_id
            inherited = tuple(Actor(one, IN_SENTENCE) for one in before.participants if one.list_id == last)
        elif before.sentence == clause.sentence:
            inherited = tuple(Actor(one, min(sure, IN_SENTENCE)) for one, sure in actors[-1])
        elif _continues(before, clause):
            most = IN_SENTENCE if _IN_THE_SAME_PLACE.search(clause.text) else IN_SENTENCE_BEFORE
            inherited = tuple(
                Actor(one, sure * _PASSED_ON if sure <= IN_SENTENCE_BEFORE else min(sure, most))
                for one, sure in _topic(clauses, actors, number)
            )
        else:
            inherited = ()
        actors.append(inherited)
    return actors


def clauses_around(clauses: Sequence[Clause], number: int) -> Sequence[Clause]:
    """Return a clause with those beside it: all that a rule may look at, so that any text takes linear time.

    Parameters
    ----------
    clauses
        Of one article, in order.
    number
        Position of the clause.

    Returns
    -------
    sequence of Clause
        In order; twelve before and twelve behind it at most.
    """
    return clauses[max(0, number - CLAUSES_AROUND) : number + CLAUSES_AROUND + 1]


def _one_of_two(clauses: Sequence[Clause], number: int) -> Participant | None:
    """Return the first or the last of the countries named side by side before "the former" or "the latter"."""
    text = clauses[number].text
    which = 0 if _FORMER.search(text) else 1 if _LATTER.search(text) else -1
    if which < 0:
        return None
    for clause in reversed(clauses[max(0, number - CLAUSES_AROUND) : number]):
        countries = {one.country: one for one in clause.participants if not one.speaks}
        if len(countries) > 1:
            return tuple(countries.values())[-2:][which]
    return None


def _continues(before: Clause, clause: Clause) -> bool:
    """Return whether a sentence goes on with the subject of the one before, as running text does."""
    is_running_text = before.passage.kind == clause.passage.kind == "sentence"
    text = clause.text.strip()
    return is_running_text and bool(text) and (is_han(text[0]) or bool(_TAKES_UP.match(text)))


def _topic(clauses: Sequence[Clause], actors: Sequence[tuple[Actor, ...]], number: int) -> tuple[Actor, ...]:
    """Return the actors of the first clause of the sentence before: its subject."""
    sentence = clauses[number - 1].sentence
    first = number - 1
    while first > 0 and clauses[first - 1].sentence == sentence:
        first -= 1
    return next((found for found in actors[first:number] if found), ())

"""Senses of words that name a thing of the field here and something of everyday life there: a bank's deposit is no ore.

The words stand in ``data/word_senses.tsv``; only the sense that a whole form of several words has
("ore deposit") is sure without its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from rare_topics.lexicon.surface_forms import TokenLike

# Words on either side that are looked at. Reach and categories were chosen by hand on sentences of the tests.
REACH = 6
# Concepts of these categories are of the field: among them a deposit is one of ore.
DOMAIN_CATEGORIES = frozenset({"element", "mineral", "material", "project"})
ALWAYS, UNLESS, UNLESS_LOWER, NEEDS, BEHIND, BEHIND_IN_CAPITALS = (
    "always", "unless", "unless_lower", "needs", "behind", "behind_in_capitals",
)  # fmt: skip


class WordSense(NamedTuple):
    """An ambiguous form.

    Attributes
    ----------
    concept, everyday
        The concept of the field that the form may name, and that of everyday life.
    policy
        When it is the everyday one: ``always``; ``unless`` and ``unless_lower``, with a neighbour
        of the list near and none of the field (the second in small letters only); ``needs``,
        without a neighbour of the list or of the field; ``behind``, right behind a concept of the list;
        ``behind_in_capitals``, right behind a word of the list in a text of capitals.
    neighbours
        Words in small letters, and concepts.
    """

    concept: str
    everyday: str
    policy: str
    neighbours: frozenset[str]


@lru_cache(maxsize=1)
def word_senses() -> dict[str, WordSense]:
    """Read the ambiguous forms, by form in small letters."""
    senses = {}
    for line in _data().splitlines()[1:]:
        form, concept, everyday, policy, neighbours = line.split("\t")
        listed = frozenset(name.strip() for name in neighbours.split(";") if name.strip())
        senses[form] = WordSense(concept, everyday, policy, listed)
    return senses


def word_senses_digest() -> str:
    """Identify the content of the list."""
    return sha256(_data().encode()).hexdigest()[:16]


def _data() -> str:
    return (files("rare_topics") / "data" / "word_senses.tsv").read_text("utf-8")


def is_everyday(
    sense: WordSense,
    tokens: Sequence[TokenLike],
    position: int,
    *,
    concepts_of: Callable[[TokenLike], Sequence[str]],
    category_of: Callable[[str], str],
) -> bool:
    """Return whether an ambiguous form has its everyday sense among its neighbours.

    Parameters
    ----------
    sense
        The form's senses.
    tokens, position
        Tokens of the text, and where the form stands among them.
    concepts_of
        Concepts of a token by itself.
    category_of
        Category of a concept in the lexicon, empty for one that is not there.
    """
    if sense.policy == ALWAYS:
        return True
    if sense.policy == BEHIND_IN_CAPITALS:
        letters = [token.text for token in tokens[max(0, position - REACH) : position + REACH] if token.text.isalpha()]
        is_capitals = len(letters) > 2 and all(word.isupper() for word in letters)  # noqa: PLR2004 - a headline
        return is_capitals and position > 0 and tokens[position - 1].text.lower() in sense.neighbours
    if sense.policy == BEHIND:
        return position > 0 and not sense.neighbours.isdisjoint(concepts_of(tokens[position - 1]))
    if sense.policy == UNLESS_LOWER and not tokens[position].text.islower():
        return False
    around = [*tokens[max(0, position - REACH) : position], *tokens[position + 1 : position + 1 + REACH]]
    concepts = {concept for token in around for concept in concepts_of(token)}
    if any(category_of(concept) in DOMAIN_CATEGORIES for concept in concepts - {sense.concept}):
        return False
    is_near = not sense.neighbours.isdisjoint(concepts.union(token.text.lower() for token in around))
    return is_near != (sense.policy == NEEDS)

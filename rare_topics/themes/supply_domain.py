"""What the trade of suppliers and controls is about: its goods and countries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rare_topics.clauses.clauses import Clause
from rare_topics.text.token_patterns import normalize_characters


@dataclass(frozen=True, kw_only=True)
class SupplyDomain:
    """What the trade is about, in concepts.

    Attributes
    ----------
    goods
        Rare earths and other critical minerals.
    other_goods
        What is traded besides: soybeans, chips, oil.
    companies
        Mines and companies of the field, known by name.
    countries
        Countries that may have a role: all but those of the question itself.
    home
        Those of the question itself: China, the United States.
    """

    goods: frozenset[str]
    other_goods: frozenset[str]
    companies: frozenset[str]
    countries: frozenset[str]
    home: frozenset[str]

    def is_named_in(self, clause: Clause) -> bool:
        """Return whether a clause names goods, also within a longer term ("controls on rare earth exports")."""
        return clause.names(self.goods) or _names_rare_earths(clause.lowered)

    def goods_named_in(self, clauses: Iterable[Clause]) -> list[str]:
        """Return the goods that clauses name, in order; rare earths within a longer term where they name no others."""
        clauses = list(clauses)
        names = [mention.concept for one in clauses for mention in one.mentions if mention.concept in self.goods]
        if not names and RARE_EARTHS in self.goods and any(_names_rare_earths(one.lowered) for one in clauses):
            return [RARE_EARTHS]
        return list(dict.fromkeys(names))

    def may_be_named_in(self, texts: Iterable[str], concepts: frozenset[str]) -> bool:
        """Return whether a clause of these texts, which name these concepts, may name goods."""
        if not concepts.isdisjoint(self.goods):
            return True
        return any(_names_rare_earths(normalize_characters(text).lower()) for text in texts)


RARE_EARTHS = "rare_earths"
# The goods within a term of the lexicon that stands for something else, such as a control.
_RARE_EARTH = re.compile(r"\brare[- ]earths?\b|稀土")


def _names_rare_earths(text: str) -> bool:
    return ("rare" in text or "稀土" in text) and bool(_RARE_EARTH.search(text))

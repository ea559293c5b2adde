"""What the trade of suppliers and controls is about: its goods and countries, and those of an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.text.token_patterns import normalize_characters

BLOCS = frozenset({"eu"})
# Clauses that name goods, or a country, from which on an article is about them, and the least share of all its
# mentions of countries that the main one has; chosen by hand on three sets of pages.
CLAUSES_OF_SUBJECT, MAIN_SHARE = 3, 0.5


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

    def names_other_goods(self, clause: Clause) -> bool:
        """Return whether a clause names other goods, not counting those that a firm is named after."""
        others = [one for one in clause.mentions if one.concept in self.other_goods]
        return any(not _FIRM_BEHIND.match(clause.lowered[one.end - clause.start :]) for one in others)

    def is_named_in(self, clause: Clause) -> bool:
        """Return whether a clause names goods, also within a longer term ("controls on rare earth exports")."""
        return clause.names(self.goods) or bool(_RARE_EARTH.search(clause.lowered))

    def may_be_named_in(self, texts: Iterable[str], concepts: frozenset[str]) -> bool:
        """Return whether a clause of these texts, which name these concepts, may name goods."""
        if not concepts.isdisjoint(self.goods):
            return True
        return any(_RARE_EARTH.search(normalize_characters(text).lower()) for text in texts)


# What makes a firm of the goods before it.
_FIRM_BEHIND = re.compile(r"^[ -]?(?:firm|compan|maker|manufactur|giant|group|producer)|^(?:厂|企业|公司|商|巨头|制造)")
# The goods within a term of the lexicon that stands for something else, such as a control.
_RARE_EARTH = re.compile(r"\brare[- ]earths?\b|稀土")


class ArticleSubject(NamedTuple):
    """What an article is about as a whole.

    Attributes
    ----------
    domain
        What the trade is about.
    is_of_goods
        Whether its title or several of its clauses name goods.
    main_country
        The only country of a role in its title, else the one that most mentions are of, or empty.
    """

    domain: SupplyDomain
    is_of_goods: bool
    main_country: str

    @classmethod
    def of(cls, clauses: Sequence[Clause], domain: SupplyDomain) -> ArticleSubject:
        """Find what the clauses of an article are about."""
        naming = [one for one in clauses if domain.is_named_in(one) or one.has("separation", "magnet")]
        is_of_goods = len(naming) >= CLAUSES_OF_SUBJECT or any(one.passage.kind == "title" for one in naming)
        titled = {one.country for clause in clauses if clause.passage.kind == "title" for one in clause.participants}
        if len(of_title := titled & domain.countries) == 1:
            return cls(domain, is_of_goods, *of_title)
        named = [one.country for clause in clauses for one in clause.participants if not one.speaks]
        counts = Counter(country for country in named if country not in BLOCS)
        country, n = next(iter(counts.most_common(1)), ("", 0))
        is_main = n >= CLAUSES_OF_SUBJECT and n > MAIN_SHARE * counts.total() and country in domain.countries
        return cls(domain, is_of_goods, country if is_main else "")

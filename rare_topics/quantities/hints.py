"""What stands in every text that a pattern can match, so that most texts are done with before it is tried."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile("[a-z]+")


class Hints(NamedTuple):
    """Signs that a pattern may match a text; it matches no text without any of them.

    Attributes
    ----------
    characters
        Matches single characters.
    words
        Runs of Latin letters, in lower case.
    strings
        Parts of a text.
    """

    characters: re.Pattern[str]
    words: frozenset[str]
    strings: tuple[str, ...] = ()

    def are_in(self, text: str) -> bool:
        """Return whether a text has any of them."""
        return (
            bool(self.characters.search(text))
            or any(map(text.__contains__, self.strings))
            or not self.words.isdisjoint(_words_of(text))
        )


# Several patterns are tried on one text, one after the other.
@lru_cache(maxsize=2)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))

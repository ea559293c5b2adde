"""A passage as signs: what it names, in which clause, and how each country stands in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from rare_topics.corpus.limits import decode, read_bytes
from rare_topics.lexicon import Lexicon, Mention
from rare_topics.text.lexicon_file import read_lexicon
from rare_topics.text.segmenter import Segmenter, Token

SHARE = "share"
MONEY = "money"
YEARS = "years_word"
TONNES = "tonnes"
DOER, AGENT, SOURCE, PARTNER, PLACE, TARGET = "doer", "agent", "source", "partner", "place", "target"

_CLAUSE_END = re.compile(r"[;:!?。；：！？，]|,(?!\d)|\b(?:while|whereas|although|though|but|despite)\b|(?:但|而|不过)")
_SHARE = re.compile(r"(?:%|percent|[成倍]|分之)")
_YEARS = re.compile(r"^(?!(?:19|20)\d\d)\S{1,4}年$")
_TONNES = re.compile(r"(?:\btons?|\btonnes?|吨)$")
_MONEY = re.compile(r"(?:^[$\u20ac\u00a3\u00a5]|^(?:US|AU|A|C)\$|[元])")
_JOINED = re.compile(r"\s*(?:(?:[,、/&-]|和|与|及|以及|或)\s*|(?:,\s*)?(?:and|or)\b\s*)?(?:the\s+)?")
# Words before a country that tell how it stands; words such as "the" and "southern" are passed over.
_BEFORE = {
    AGENT: "by 被 由 遭",
    SOURCE: "from 来自 从 自 产自",
    PARTNER: "with alongside 与 和 同 跟 联合 联手 携手",
    PLACE: "in at across inside near within 在 于 位于",
    TARGET: "to on upon for against toward towards over 对 向 往 给 为",
}
_CASES = {word: case for case, words in _BEFORE.items() for word in words.split()}
# Chinese verbs whose last character tells how the country behind them stands: 流向, 卖给, 购自.
_VERB_ENDS = {**dict.fromkeys("向往给到进入回至", TARGET), "自": SOURCE}
_PASSED_OVER = frozenset(
    ("the", "a", "an", "its", "their", "his", "far", "new", "local", "central", "northern", "southern", "western")
) | {"eastern", "north", "south", "west", "east"}
_LOOK_BACK = 3
# A Chinese compound that no list knows is what its last character names.
_HEADS = {"矿": "mine", "厂": "factory"}


class Sign(NamedTuple):
    """A concept where it stands.

    Attributes
    ----------
    concept
        Its name; ``share``, ``money`` and ``tonnes`` stand for percentages, sums and weights.
    at
        Position among the tokens of the passage.
    clause
        Number of the clause.
    country
        Country, or alliance, that it is or belongs to; empty where it has none.
    case
        How a country stands: ``doer``, ``agent`` (by), ``source`` (from), ``partner`` (with),
        ``place`` (in) or ``target`` (to, on, against).
    list_id
        Countries with the same number are named side by side.
    start, end
        Offsets in the passage.
    """

    concept: str
    at: int
    clause: int
    country: str
    case: str
    list_id: int
    start: int
    end: int


class Reader:
    """Read passages as signs.

    Parameters
    ----------
    lexicon
        A lexicon file whose forms go before those of the package.
    """

    def __init__(self, lexicon: str | Path | None = None) -> None:
        data = Path(str(files("rare_topics") / "data"))
        more = (*read_lexicon(data / "acts.tsv"), *read_lexicon(data / "places.tsv"))
        self.lexicon = Lexicon(lexicon, gloss=False, more=more)
        self.segmenter = Segmenter(words=self.lexicon.words)
        self.homes = dict(homes())
        for name, concept in self.lexicon.concepts.items():
            if concept.category in {"country", "alliance"}:
                self.homes.setdefault(name, name)

    def read(self, text: str, *, only: Container[str] | None = None) -> tuple[Sign, ...]:
        """Return the signs of a passage, in order.

        Parameters
        ----------
        text
            The passage.
        only
            Concepts that are asked for, beside those of countries and of what belongs to one; None for all.
        """
        tokens = self.segmenter.tokenize(text)
        starts = [token.start for token in tokens]
        clause_ends = [mark.end() for mark in _CLAUSE_END.finditer(text)]
        signs: list[Sign] = []
        last: Sign | None = None
        for mention in self._mentions(tokens, only):
            at = bisect_right(starts, mention.start) - 1
            country = self.homes.get(mention.concept, "")
            case, group = DOER, len(signs)
            if country:
                case = _case(tokens, at)
                if last is not None and _JOINED.fullmatch(text, last.end, mention.start):
                    case, group = last.case, last.list_id
            sign = Sign(
                self._head(mention.concept), at, bisect_right(clause_ends, mention.start), country, case, group,
                mention.start, mention.end,
            )  # fmt: skip
            signs.append(sign)
            last = sign if country else last
        return tuple(signs)

    def _mentions(self, tokens: Sequence[Token], only: Container[str] | None) -> list[Mention]:
        found = [*self.lexicon.mentions(tokens), *_figures(tokens)]
        if only is not None:
            found = [named for named in found if named.concept in self.homes or self._head(named.concept) in only]
        return sorted(found, key=lambda mention: (mention.start, mention.end))

    def _head(self, name: str) -> str:
        return name if name in self.lexicon.concepts else _HEADS.get(name[-1], name)


@lru_cache(maxsize=1)
def homes() -> dict[str, str]:
    """Return the country of each company, institution, person, place and project that has one."""
    file = Path(str(files("rare_topics") / "data" / "homes.tsv"))
    rows = [line.split("\t") for line in decode(read_bytes(file), name=file.name).splitlines()[1:]]
    return {concept: country for country, concepts in rows for concept in concepts.split("; ")}


def _figures(tokens: Sequence[Token]) -> list[Mention]:
    found = []
    for token in tokens:
        if token.kind == "number":
            kinds = ((SHARE, _SHARE), (MONEY, _MONEY), (YEARS, _YEARS), (TONNES, _TONNES))
            names = [name for name, pattern in kinds if pattern.search(token.text)]
            found += [Mention(name, 1.0, token.start, token.end) for name in names[:1]]
    return found


def _case(tokens: Sequence[Token], at: int) -> str:
    for token in reversed(tokens[max(0, at - _LOOK_BACK) : at]):
        word = token.text.lower()
        case = _CASES.get(word) or (_VERB_ENDS.get(word[-1]) if len(word) > 1 else None)
        if case is not None:
            return case
        if word not in _PASSED_OVER:
            break
    return DOER

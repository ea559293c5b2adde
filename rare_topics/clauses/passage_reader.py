"""The concepts of a passage, each with its clause, its country, and the part that this country plays."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache, partial
from importlib.resources import files
from operator import add, attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rare_topics.clauses.counted import MANY_COUNTRIES, counted_mentions
from rare_topics.corpus.limits import decode_text, read_bytes
from rare_topics.lexicon import AskedConcepts, Lexicon, Mention
from rare_topics.lexicon.many_texts import mentions_of_texts
from rare_topics.text.lexicon_file import read_lexicon
from rare_topics.text.token_table import TokenTable
from rare_topics.text.tokenizer import MixedTextTokenizer, TextTokens, Token

# Concepts that stand for kinds of numbers; see also `counted`.
SHARE = "share"
MONEY = "money"
YEARS = "years_word"
TONNES = "tonnes"
# So many countries side by side are many.
_LISTED_COUNTRIES = 3
# Semantic cases: the part that a country plays in its clause (Fillmore 1968, "The case for case").
DOER, AGENT, SOURCE, PARTNER, PLACE, TARGET = "doer", "agent", "source", "partner", "place", "target"

_CLAUSE_BOUNDARY = re.compile(
    r"[;:!?。；：！？，]|,(?!\d)|\b(?:while|whereas|although|though|but|despite)\b|(?:但|而|不过)"
)
_LIST_CONJUNCTION = re.compile(r"\s*(?:(?:[,、/&-]|和|与|及|以及|或)\s*|(?:,\s*)?(?:and|or)\b\s*)?(?:the\s+)?")
_NUMBER_KINDS = (
    (SHARE, re.compile(r"(?:%|percent|[成倍]|分之)")),
    (MONEY, re.compile(r"(?:^[$\u20ac\u00a3\u00a5]|^(?:US|AU|A|C)\$|[元])")),
    (YEARS, re.compile(r"^(?!(?:19|20)\d\d)\S{1,4}年$")),
    (TONNES, re.compile(r"(?:\btons?|\btonnes?|吨)$")),
)
# Prepositions before a country, by the case that they mark.
_PREPOSITIONS = {
    AGENT: "by 被 由 遭",
    SOURCE: "from 来自 从 自 产自",
    PARTNER: "with alongside 与 和 同 跟 联合 联手 携手",
    PLACE: "in at across inside near within 在 于 位于",
    TARGET: "to on upon for against toward towards over 对 向 往 给 为",
}
_CASE_OF_PREPOSITION = {word: case for case, words in _PREPOSITIONS.items() for word in words.split()}
# Chinese verbs whose last character marks the case of the country behind them: 流向, 卖给, 购自.
_CASE_OF_VERB_ENDING = {**dict.fromkeys("向往给到进入回至", TARGET), "自": SOURCE}
# Chinese characters that mark a target and are joined to the name of its country: 对美, 赴日, 输欧.
_TARGET_PREFIXES = frozenset("对赴输")
# Words that may stand between a preposition and its country: "in far northern Australia".
_MODIFIERS = frozenset(
    ("the", "a", "an", "its", "their", "his", "far", "new", "local", "central", "northern", "southern", "western")
) | {"eastern", "north", "south", "west", "east"}
# Tokens before a country among which its preposition is looked for; chosen by hand on the seed pages.
_PREPOSITION_WINDOW = 3
# Trade, and organs of a state, that the dictionary joins to the name of the country.
_TRADE = {"进口": "import", "出口": "export"}
_JOINED = re.compile(r"(?:政府|议会|国会|总统|总理|首相|当局|海关|内阁|外交部|商务部|财政部|市场|进口|出口)$")
# A capital letter behind the first word.
_PROPER_NAME = re.compile(r"\w\W+[A-Z][a-z]")
# Words that stand for the country that was spoken of last; "it is hard to" stands for nothing.
_PRONOUNS = re.compile(
    r"\b(?:its|their|they|the (?:country|nation|republic|kingdom)(?:['’]s)?"
    r"|it(?! (?:is|was|will be|would be|may be|might be|could be|has been|seems|appears|takes|took|remains|looks)\b))\b"
    r"|该国|本国|它(?!们)|其(?![他中实余次它])",
    re.IGNORECASE,
)
# The concept of a Chinese compound that the lexicon does not hold, by its last character.
_COMPOUND_HEADS = {"矿": "mine", "厂": "factory"}


class ConceptMention(NamedTuple):
    """A concept where a passage names it.

    Attributes
    ----------
    concept
        Its name; ``share``, ``money``, ``tonnes`` and ``years_word`` stand for kinds of numbers.
    token_index
        Position of its first token among the tokens of the passage.
    clause
        Number of the clause, from 0.
    country
        Country, or alliance, that the concept is or belongs to; empty where it has none.
    case
        Part that the country plays: ``doer``, ``agent`` (by), ``source`` (from), ``partner`` (with),
        ``place`` (in) or ``target`` (to, on, against).
    list_id
        Countries that are listed side by side ("Japan and India") have the same number.
    start, end
        Offsets of characters in the passage.
    is_pronoun
        Whether a pronoun or "the country" stands for it.
    """

    concept: str
    token_index: int
    clause: int
    country: str
    case: str
    list_id: int
    start: int
    end: int
    is_pronoun: bool = False


class NamedText(NamedTuple):
    """A text with the concepts that its words name, each alone.

    Attributes
    ----------
    text
        The text.
    tokens
        Its tokens.
    token_starts
        Their offsets in the text.
    mentions
        What they name, in the order of the text.
    """

    text: str
    tokens: Sequence[Token]
    token_starts: list[int]
    mentions: list[Mention]


class PassageReader:
    """Find the concepts of passages.

    Parameters
    ----------
    lexicon
        A lexicon file whose forms go before those of the package.

    Attributes
    ----------
    lexicon : Lexicon
        The package's lexicon with the word families of ``acts.tsv`` and ``places.tsv``.
    country_of : dict of str to str
        The country of each company, institution, person, place and project that has one; of a
        country or an alliance itself.
    """

    def __init__(self, lexicon: str | Path | None = None) -> None:
        data = Path(str(files("rare_topics") / "data"))
        more = (*read_lexicon(data / "acts.tsv"), *read_lexicon(data / "places.tsv"))
        self._path = lexicon
        self.lexicon = Lexicon(lexicon, gloss=False, extra_concepts=more)
        self.segmenter = MixedTextTokenizer(words=self.lexicon.words)
        self.country_of = dict(_read_country_of())
        self._country_of_form: dict[str, str] = {}
        for name, concept in self.lexicon.concepts.items():
            if concept.category in {"country", "alliance"}:
                self.country_of.setdefault(name, name)
                self._country_of_form.update(dict.fromkeys(concept.zh, name))
        self._asked: dict[frozenset[str] | None, AskedConcepts] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return _shared_reader, (self._path,)

    def read(self, text: str, *, concepts: frozenset[str] | None = None, topic: str = "") -> tuple[ConceptMention, ...]:
        """Return the concepts that a passage mentions, in the order of the text.

        Parameters
        ----------
        text
            The passage.
        concepts
            Concepts to look for; those that have a country are always returned. None looks for all.
        topic
            Country that the text before speaks of: a pronoun stands for it that no country in this
            text goes before. Empty where there is none.

        Returns
        -------
        tuple of ConceptMention
        """
        return self.read_named(self.name_concepts([text], concepts=concepts)[0], topic=topic)

    def read_named(self, named: NamedText, *, topic: str = "") -> tuple[ConceptMention, ...]:
        """Return the concepts that a passage mentions; see `read`.

        Parameters
        ----------
        named
            The passage, from `name_concepts`.
        topic
            As for `read`.
        """
        text, tokens, token_starts, found = named
        pronoun = _PRONOUNS.search(text) if topic else None
        if not found and not pronoun:
            return ()
        clause_starts = [boundary.end() for boundary in _CLAUSE_BOUNDARY.finditer(text)]
        mentions: list[ConceptMention] = []
        last_country: ConceptMention | None = None
        listed: defaultdict[int, set[str]] = defaultdict(set)
        for one in found:
            token_index = bisect_right(token_starts, one.start) - 1
            country = self.country_of.get(one.concept, "")
            case, list_id = DOER, len(mentions)
            if country:
                case = _case(tokens, token_index)
                if text[one.start] in _TARGET_PREFIXES:
                    case = TARGET
                elif last_country is not None and _LIST_CONJUNCTION.fullmatch(text, last_country.end, one.start):
                    case, list_id = last_country.case, last_country.list_id
            clause = bisect_right(clause_starts, one.start)
            concept = self._known_concept(one.concept)
            mention = ConceptMention(concept, token_index, clause, country, case, list_id, one.start, one.end)
            mentions.append(mention)
            if country:
                last_country = mention
                listed[list_id].add(country)
                if len(listed[list_id]) == _LISTED_COUNTRIES:
                    mentions.append(mention._replace(concept=MANY_COUNTRIES, country="", list_id=len(mentions)))
        if pronoun and not _names_somebody(text[: pronoun.start()], mentions):
            at = bisect_left(mentions, pronoun.start(), key=attrgetter("start"))
            token_index = bisect_right(token_starts, pronoun.start()) - 1
            clause = bisect_right(clause_starts, pronoun.start())
            mentions.insert(
                at,
                ConceptMention(
                    topic, token_index, clause, topic, DOER, len(mentions), *pronoun.span(), is_pronoun=True
                ),
            )
        return tuple(mentions)

    def name_concepts(self, texts: Sequence[str], *, concepts: frozenset[str] | None = None) -> list[NamedText]:
        """Find the concepts that the words of texts name, of all texts at once.

        Parameters
        ----------
        texts
            Passages.
        concepts
            As for `read`.
        """
        asked = self._asked.get(concepts)
        if asked is None:
            asked = self._asked[concepts] = AskedConcepts(partial(self._names_any, concepts=concepts))
        columns = self.segmenter.token_table(texts)
        bounds, starts = columns.bounds.tolist(), columns.starts.tolist()
        return [
            NamedText(
                text, TextTokens(columns, first, last), starts[first:last], self._with_numbers(named, numbers, concepts)
            )
            for text, first, last, named, numbers in zip(
                texts,
                bounds,
                bounds[1:],
                mentions_of_texts(columns, self.lexicon, asked=asked),
                map(add, _number_mentions(columns), map(counted_mentions, texts)),
                strict=False,
            )
        ]

    def _with_numbers(
        self, named: Sequence[Mention], numbers: list[Mention], concepts: frozenset[str] | None
    ) -> list[Mention]:
        found = [part for one in named for part in self._parts(one)] + numbers
        if concepts is not None:
            found = [one for one in found if self._is_asked(one.concept, concepts)]
        return sorted(found, key=attrgetter("start", "end")) if numbers else found

    def _names_any(self, name: str, *, concepts: frozenset[str] | None) -> bool:
        """Return whether a concept, or a part of it, is asked for."""
        parts = self._parts(Mention(name, 1.0, 0, len(name)))
        return concepts is None or any(self._is_asked(part.concept, concepts) for part in parts)

    def _is_asked(self, name: str, concepts: frozenset[str]) -> bool:
        return name in self.country_of or self._known_concept(name) in concepts

    def _parts(self, mention: Mention) -> list[Mention]:
        """Return the country of a word of the dictionary that joins it to an organ or to trade: 智利政府, 美国进口."""
        name = mention.concept
        if name in self.lexicon.concepts or not (joined := _JOINED.search(name)):
            return [mention]
        country, middle = self._country_of_form.get(name[: joined.start()]), mention.start + joined.start()
        if not country:
            return [mention]
        act = _TRADE.get(joined[0])
        acts = [mention._replace(concept=act, start=middle)] if act else []
        return [mention._replace(concept=country, end=middle), *acts]

    def _known_concept(self, name: str) -> str:
        """Return the concept itself, or for a compound outside the lexicon that of its last character."""
        return name if name in self.lexicon.concepts else _COMPOUND_HEADS.get(name[-1], name)


def _number_mentions(columns: TokenTable) -> list[list[Mention]]:
    """Return the numbers of each text whose form shows their kind; of several kinds the first counts."""
    kinds = [_kind_of_number(word.text) if word.kind == "number" else "" for word in columns.words]
    has_kind = np.array(list(map(bool, kinds)), dtype=bool)
    positions = np.flatnonzero(has_kind[columns.ids])
    mentions: list[list[Mention]] = [[] for _ in columns.bounds[1:]]
    texts = np.searchsorted(columns.bounds, positions, side="right") - 1
    for position, text in zip(positions.tolist(), texts.tolist(), strict=True):
        kind = kinds[columns.ids[position]]
        mentions[text].append(Mention(kind, 1.0, int(columns.starts[position]), int(columns.ends[position])))
    return mentions


def _kind_of_number(number: str) -> str:
    return next((name for name, pattern in _NUMBER_KINDS if pattern.search(number)), "")


def _names_somebody(before: str, mentions: Sequence[ConceptMention]) -> bool:
    """Return whether a country, or a proper name, that acts stands before a pronoun: it goes back to that."""
    acts = any(one.country and one.case == DOER and one.start < len(before) for one in mentions)
    return acts or bool(_PROPER_NAME.search(before))


def _case(tokens: Sequence[Token], token_index: int) -> str:
    """Return the case of a country by the preposition or verb ending before it."""
    for token in reversed(tokens[max(0, token_index - _PREPOSITION_WINDOW) : token_index]):
        word = token.text.lower()
        case = _CASE_OF_PREPOSITION.get(word)
        if case is None and len(word) > 1:
            case = _CASE_OF_VERB_ENDING.get(word[-1])
        if case is not None:
            return case
        if word not in _MODIFIERS:
            break
    return DOER


@lru_cache(maxsize=4)
def _shared_reader(lexicon: str | Path | None) -> PassageReader:
    """Build a reader in another process, once for all copies that are sent there."""
    return PassageReader(lexicon)


@lru_cache(maxsize=1)
def _read_country_of() -> dict[str, str]:
    """Return the country of each concept that belongs to one, from ``country_of.tsv``."""
    file = Path(str(files("rare_topics") / "data" / "country_of.tsv"))
    rows = [line.split("\t") for line in decode_text(read_bytes(file), name=file.name).splitlines()[1:]]
    return {concept: country for country, concepts in rows for concept in concepts.split("; ")}

"""What is looked at to tell the role of a country in a passage: concepts, cues, moods, parts and neighbouring words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.clauses.participants import Participant
from rare_topics.themes.supply_domain import SupplyDomain
from rare_topics.themes.supply_knowledge import known_of_any_mineral, known_of_minerals, known_trade

# A run of Chinese characters, or an English word.
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z]+")
_SUFFIXES = ("ing", "ies", "ied", "es", "ed", "s")
# A stem keeps this many letters at least.
_SHORTEST_STEM = 4
# Words next to a country that are looked at as they stand, and what stands for the end of a clause and for a country.
_N_NEIGHBOURS = 2
_EDGE, _COUNTRY = "(end)", "(country)"
_MOST_COUNTRIES, _MOST_COUNTED = 3, 5
_PATTERNS = {
    "number": re.compile(r"\d"),
    "tonnes": re.compile(r"吨|\bton(?:ne)?s?\b"),
    "share": re.compile(r"%|成|per ?cent|\bshare|\btenth|\bhalf\b|\bthird"),
    "year to come": re.compile(r"\b20[2-4]\d\b|20[2-4]\d年|明年|next year"),
}


class Surroundings(NamedTuple):
    """What an article says around a passage.

    Attributes
    ----------
    following
        Features of the passages behind it that name no country: they go on about its countries.
    goods
        Goods that the article names.
    n_clauses
        Number of clauses of the article that name each country.
    """

    following: frozenset[str]
    goods: frozenset[str]
    n_clauses: Mapping[str, int]


def country_features(country: str, passage: Sequence[Clause], around: Surroundings, domain: SupplyDomain) -> set[str]:
    """Return the features of a country in a passage, of either language.

    Parameters
    ----------
    country
        A participant of one of its clauses.
    passage
        Clauses of the passage.
    around
        What the article says around it.
    domain
        What the trade is about.

    Returns
    -------
    set of str
        ``kind=value`` each: mood, tense, part, cue, concept and word pieces of its clauses; with
        ``sentence``, of the clauses of its sentences; with ``next``, of what follows; with
        ``known``, what is publicly known of the country, and of it and the minerals that are named.
    """
    own = clauses_naming(country, passage)
    features = {"bias", *around.following, *_known(country, passage, around, domain)}
    for clause in own:
        text = _without_names(clause, country)
        features.update(_of_clause(clause, country, text, domain))
        features.update(_beside(country, clause, text, domain))
    sentences = {one.sentence for one in own}
    for clause in passage:
        if clause.sentence in sentences:
            features.update(_in_sum("sentence", clause))
            features.update(f"sentence concept={name}" for name in _things(clause, country))
            if domain.is_named_in(clause):
                features.add("sentence=goods")
            if clause not in own:
                text = _without_names(clause, country)
                features.update(f"sentence word={piece}" for piece in word_pieces(text))
    if any(map(domain.is_named_in, passage)):
        features.add("passage=goods")
    features.add(f"clauses={min(around.n_clauses[country], _MOST_COUNTED)}")
    return features


def following_features(clauses: Sequence[Clause]) -> frozenset[str]:
    """Return the features of what goes on about the countries of a passage, the same for each of them."""
    return frozenset(
        chain.from_iterable(
            ("next", *_in_sum("next", clause), *(f"next word={piece}" for piece in word_pieces(clause.lowered)))
            for clause in clauses
        )
    )


def clauses_naming(country: str, clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses in which a country, or what stands for it, takes part."""
    return [one for one in clauses if country in one.countries]


def _known(country: str, passage: Sequence[Clause], around: Surroundings, domain: SupplyDomain) -> Iterator[str]:
    trade = known_trade().get(country, ())
    yield from (f"known={what}" for what in trade)
    yield f"known together={', '.join(trade)}"
    yield f"known of any mineral={known_of_any_mineral(country)}"
    here = {concept for clause in passage for concept in clause.concepts & domain.goods}
    yield from (f"known of minerals of passage={what}" for what in known_of_minerals(country, here))
    yield from (f"known of minerals of article={what}" for what in known_of_minerals(country, around.goods))


def _in_sum(where: str, clause: Clause) -> Iterator[str]:
    yield f"{where} mood={clause.mood}"
    yield from (f"{where} cue={kind}" for kind in clause.kinds)


def _of_clause(clause: Clause, country: str, text: str, domain: SupplyDomain) -> Iterator[str]:
    yield f"mood={clause.mood}"
    yield f"tense={clause.tense}"
    yield f"countries={min(len(clause.countries), _MOST_COUNTRIES)}"
    for part in clause.participants:
        yield from _of_participant(part, country, domain)
    for kind in clause.kinds:
        yield f"cue={kind}"
        yield f"mood={clause.mood} cue={kind}"
    yield from (f"concept={name}" for name in _things(clause, country))
    if domain.is_named_in(clause):
        yield "clause=goods"
    yield from (f"word={piece}" for piece in word_pieces(text))
    yield from (f"says={name}" for name, pattern in _PATTERNS.items() if pattern.search(text))


def _of_participant(part: Participant, country: str, domain: SupplyDomain) -> Iterator[str]:
    if part.country == country:
        yield f"part={part.case}"
        yield f"named by={part.category}"
        yield f"named by={part.category} part={part.case} possessor={part.is_possessor}"
        if part.speaks:
            yield "part=speaks"
        if part.is_possessor:
            yield "part=possessor"
    else:
        yield f"part of {_side(part, domain)}={part.case}"


def _side(part: Participant, domain: SupplyDomain) -> str:
    return part.country if part.country in domain.home else "others"


def _beside(country: str, clause: Clause, text: str, domain: SupplyDomain) -> set[str]:
    """Return what stands before and behind a country up to the next one: of a list, a verb belongs to one."""
    own = [part for part in clause.participants if part.country == country]
    others = [part for part in clause.participants if part.country != country]
    sides = {f"{_side(part, domain)}={part.case}" for part in others}
    features = {f"part={case} with {side}" for case in {part.case for part in own} for side in sides}
    ends, starts = sorted(part.end for part in others), sorted(part.start for part in others)
    cue_ends, cue_starts = _by_place(clause.cues, "end"), _by_place(clause.cues, "start")
    for start, end in {(part.start, part.end) for part in own}:
        n_before, n_to_start = bisect_right(ends, start), bisect_left(starts, end)
        first = ends[n_before - 1] if n_before else clause.start
        last = starts[n_to_start] if n_to_start < len(starts) else clause.end
        before = word_pieces(_between(text, first - clause.start, start - clause.start))
        behind = word_pieces(_between(text, end - clause.start, last - clause.start))
        features.update(_neighbours("before", before[::-1], is_last=not n_before))
        features.update(_neighbours("behind", behind, is_last=n_to_start == len(starts)))
        features.update(f"cue before={kind}" for kind in _nearest(cue_ends, bisect_right(cue_ends[0], start) - 1))
        features.update(f"cue behind={kind}" for kind in _nearest(cue_starts, bisect_left(cue_starts[0], end)))
    return features


def _between(text: str, start: int, end: int) -> str:
    return text[max(0, start) : max(0, end)]


def _neighbours(where: str, pieces: Sequence[str], *, is_last: bool) -> list[str]:
    """Return the pieces on one side of a country, nearest first, and the first one and two of them as they stand."""
    nearest = [*pieces[:_N_NEIGHBOURS], _EDGE if is_last else _COUNTRY][:_N_NEIGHBOURS]
    return [
        *(f"{where}={piece}" for piece in pieces),
        *(f"next {where}={' '.join(nearest[:number])}" for number in range(1, len(nearest) + 1)),
    ]


def _by_place(cues: Sequence[Cue], which: str) -> tuple[list[int], list[set[str]]]:
    """Return the places at which cues start or end, in order, and the kinds of those at each."""
    kinds: dict[int, set[str]] = {}
    for cue in cues:
        kinds.setdefault(getattr(cue, which), set()).add(cue.kind)
    places = sorted(kinds)
    return places, [kinds[place] for place in places]


def _nearest(cues: tuple[list[int], list[set[str]]], number: int) -> set[str]:
    return cues[1][number] if 0 <= number < len(cues[1]) else set()


def _things(clause: Clause, country: str) -> Iterator[str]:
    """Return the concepts of a clause, those not that stand for the country: which one it is must not count."""
    return (mention.concept for mention in clause.mentions if mention.country != country)


def _without_names(clause: Clause, country: str) -> str:
    """Return the text of a clause with blanks in place of what stands for the country, be it a place or a firm."""
    names = [one for one in clause.mentions if one.country == country]
    return blanked(clause.lowered, [(one.start - clause.start, one.end - clause.start) for one in names])


def blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text with blanks in place of some spans, in time linear in its length.

    Parameters
    ----------
    text
        Any.
    spans
        Start and end of each, in characters; what lies outside the text is left.
    """
    if not spans:
        return text
    letters = list(text)
    for start, end in spans:
        inside = slice(max(0, start), max(0, end))
        letters[inside] = " " * len(letters[inside])
    return "".join(letters)


def word_pieces(text: str) -> list[str]:
    """Return the stems of English words and the pairs of neighbouring Chinese characters, in order.

    Parameters
    ----------
    text
        In lower case.
    """
    pieces: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii():
            pieces.append(_stem(run))
        else:
            pieces += [run[start : start + 2] for start in range(len(run) - 1)] or [run]
    return pieces


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + _SHORTEST_STEM:
            return word.removesuffix(suffix)
    return word

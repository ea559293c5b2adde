"""The countries that may act in an act of export control, and what is looked at to choose between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import Actor, actors_of_clauses, clauses_around
from rare_topics.clauses.participants import Participant
from rare_topics.themes.control_features import VERBS
from rare_topics.themes.supply_features import word_pieces

# Who only asks, in the direction of that name.
DEMANDED = "demanded"
# Whose controls most pages of the field speak of, and who asks.
_USUAL = frozenset({"china", "usa", "eu"})
_ASKING, _OBLIGED = ("demanded", "ask", "wish"), ("obligation",)
# Words behind a name that tell whether it asks.
_WORDS_BESIDE = 3
# Characters on either side of a name in which its neighbours are looked for.
_SIDE = 20
_SENTENCES = {0: "sentence", -1: "last sentence", -2: "far", 1: "next sentence"}


class ControlActors:
    """Who may act in the clauses of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.
    """

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self.clauses = clauses
        self._actors: Sequence[tuple[Actor, ...]] = actors_of_clauses(clauses)
        self._parts = {id(clause): _parts_of(clause) for clause in clauses}
        self._counts = Counter(part.country for clause in clauses for part in self._parts[id(clause)])

    def options(self, number: int, direction: str) -> list[tuple[str, set[str]]]:
        """Return the countries that may act, each with its features.

        Parameters
        ----------
        number
            Position of the clause that tells of the act.
        direction
            Of the act.

        Returns
        -------
        list of tuple
            The countries of the article, in the order of the text around the clause, and an empty one.
        """
        clause = self.clauses[number]
        asks = direction == DEMANDED
        features: dict[str, set[str]] = defaultdict(set)
        verb = _first_verb(clause, asks=asks)
        for other in clauses_around(self.clauses, number):
            for part in self._parts[id(other)]:
                features[part.country].update(_of_part(part, other, clause, asks=asks))
                if other is clause:
                    features[part.country].update(_of_own(part, clause, verb, asks=asks))
        for part in self._titled():
            features[part.country].add(f"in=title case={part.case}")
        for actor, sure in self._actors[number]:
            features[actor.country] |= {f"actor={round(sure, 1)}", f"actor asks={asks}"}
        so_far = self._named_so_far(number)
        obliged = self._obliged(number) if asks else set()
        for country in self._counts:
            features[country] |= self._of_country(country, so_far, asks=asks)
        for country in obliged:
            features[country].add("has to")
        if self._counts:
            features[self._counts.most_common(1)[0][0]].add("most named")
        is_named = len(self._counts) > 0
        none = {f"none of={direction}", f"none own={not self._parts[id(clause)]}", f"none named={is_named}"}
        return [*features.items(), ("", none | {f"none sentence={not so_far}"})]

    def _titled(self) -> Iterator[Participant]:
        for other in clauses_around(self.clauses, 0):
            if other.passage.kind == "title":
                yield from self._parts[id(other)]

    def _named_so_far(self, number: int) -> list[str]:
        """Return the countries of a sentence up to a clause of it."""
        clause = self.clauses[number]
        return [
            part.country
            for other in clauses_around(self.clauses, number)
            if other.sentence == clause.sentence and other.start <= clause.start
            for part in self._parts[id(other)]
        ]

    def _obliged(self, number: int) -> set[str]:
        """Return who has to do something in the sentence of a clause: the last country before the verb that says so."""
        return {
            part.country
            for other in clauses_around(self.clauses, number)
            if other.sentence == self.clauses[number].sentence
            for verb in other.cues_of(*_OBLIGED)
            for part in [part for part in self._parts[id(other)] if part.start < verb.start][-1:]
        }

    def _of_country(self, country: str, so_far: Sequence[str], *, asks: bool) -> set[str]:
        name = country if country in _USUAL else "other"
        share = 4 * self._counts[country] // self._counts.total()
        features = {f"is={name}", f"is={name} asks={asks}", f"share={share}"}
        if len(self._counts) == 1:
            features.add("alone")
        if country in so_far:
            features.add(f"first={country == so_far[0]} last={country == so_far[-1]}")
        return features


def _parts_of(clause: Clause) -> list[Participant]:
    """Return the countries of a clause, in order of the text, those too that a head of state or a law stands for."""
    places = {part.start for part in clause.participants}
    others = [
        Participant(one.country, one.case, one.start, one.end, "deputy", False, False, one.list_id)
        for one in clause.mentions
        if one.country and one.start not in places
    ]
    return sorted([*clause.participants, *others], key=lambda part: part.start)


def _of_part(part: Participant, other: Clause, clause: Clause, *, asks: bool) -> Iterator[str]:
    """Yield where a country is named, and which part it plays there."""
    where = _SENTENCES.get(other.sentence - clause.sentence)
    if where is None:
        return
    if other is clause:
        where = "own"
    elif where == "sentence":
        where = "before" if other.start < clause.start else "behind"
    yield f"in={where}"
    yield f"in={where} case={part.case}"
    yield f"in={where} case={part.case} asks={asks}"
    yield f"in={where} case={part.case} owns={part.is_possessor} speaks={part.speaks}"
    yield f"in={where} named by={part.category}"
    if asks:
        yield f"in={where} speaks={part.speaks} asks"


def _first_verb(clause: Clause, *, asks: bool) -> tuple[str, int | None]:
    """Return what the first verb of an act is, or that of asking for one or of having to do it, and where it stands."""
    kinds = (("has to", _OBLIGED), ("asks", _ASKING)) if asks else ()
    for options in (kinds, (("verb", VERBS),)):
        starts = [(verb.start, name) for name, cues in options for verb in clause.cues_of(*cues)]
        if starts:
            start, name = min(starts, key=itemgetter(0))
            return name, start
    return "verb", None


def _of_own(part: Participant, clause: Clause, verb: tuple[str, int | None], *, asks: bool) -> Iterator[str]:
    """Yield where the country stands in the clause of the act: before or behind the first verb."""
    name, start = verb
    place = "before" if start is not None and part.start < start else "behind"
    yield f"{name} {place}"
    yield f"{name} {place} case={part.case} asks={asks}"
    left = word_pieces(clause.lowered[max(0, part.start - clause.start - _SIDE) : part.start - clause.start])[-1:]
    right = word_pieces(clause.lowered[part.end - clause.start : part.end - clause.start + _SIDE])
    yield from (f"left={piece}" for piece in left)
    yield from (f"right={piece}" for piece in right[:1])
    if asks:
        yield from (f"right={piece} asks" for piece in right[:_WORDS_BESIDE])

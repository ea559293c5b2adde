"""How well the subjects of two claims fit: things, places and measures, equal, nested or two views of one."""

from __future__ import annotations

from typing import NamedTuple

from rare_topics.claims.concept_relations import broader_of, country_of, is_a, matter_of
from rare_topics.claims.extractor import Claim
from rare_topics.claims.measures import measures

# Measures that are two views of one quantity, by the kinds of quantities where they are: what A imports from B is
# what B exports to A; the part that comes from abroad is the dependence on it; what is or can be made is what is mined.
TRADE = "trade in goods"
VIEWS = {
    "price": {"cost": "price"},
    "share": {"import": "dependence"},
    "mass": {"import": TRADE, "export": TRADE, "capacity": "mining"},
    "rate": {"import": TRADE, "export": TRADE, "capacity": "mining"},
}
# Words that do not tell a measure: "price" of a price.
NEUTRAL_MEASURES = frozenset({"", "cost", "need", "effort", "investment", "projects", "elements"})
# Places that are one for the purpose of comparison.
SAME_PLACES = {"europe": "eu", "european_countries": "eu", "western_countries": "usa"}
# An equal thing or place that one of the claims takes from its title counts as nested.
EQUAL, NESTED, UNKNOWN, DIFFERENT = 2.0, 1.5, 1.0, -2.0


class SubjectLikeness(NamedTuple):
    """How well measure, thing and place of two claims fit: 2 equal, 1.5 nested, 1 unknown, below 0 different."""

    measure: float
    thing: float
    place: float

    @property
    def total(self) -> float:
        """Sum of the three."""
        return self.measure + self.thing + self.place

    @property
    def is_excluded(self) -> bool:
        """Whether two of the three differ, or the things have nothing to do with each other."""
        return sum(part < 0 for part in self) > 1


def likeness(one: Claim, other: Claim) -> SubjectLikeness:
    """Compare the subjects of two claims.

    Parameters
    ----------
    one, other
        Claims in one dimension.
    """
    return SubjectLikeness(_of_measures(one, other), _of_things(one, other), _of_places(one, other))


def are_views_of_one(measure: str, kind: str) -> str:
    """Return the name that a measure shares with those that are other views of the same quantity."""
    return VIEWS.get(kind, {}).get(measure, measure)


def state_place(place: str) -> str:
    """Return the place by which states are compared: Europe is the European Union."""
    return SAME_PLACES.get(place, place)


def state_thing(thing: str) -> str:
    """Return the thing by which states are compared: an oxide is what it is an oxide of."""
    return matter_of(thing)


def things_fit(one: str, other: str) -> bool:
    """Whether two things are one, or one is a kind of the other; an unnamed one fits nothing."""
    return bool(one and other) and (is_a(one, other) or is_a(other, one))


def _of_measures(one: Claim, other: Claim) -> float:
    names = [are_views_of_one(claim.subject.measure, claim.quantity.kind) for claim in (one, other)]
    if one.subject.whole != other.subject.whole:
        return DIFFERENT
    if names[0] == names[1]:
        return EQUAL if names[0] else UNKNOWN
    if set(names) & NEUTRAL_MEASURES:
        return UNKNOWN
    return DIFFERENT / 2


def _of_things(one: Claim, other: Claim) -> float:
    names = (one.subject.object or one.subject.topic, other.subject.object or other.subject.topic)
    is_inherited = any("t" in claim.subject.inherited or not claim.subject.object for claim in (one, other))
    if names[0] == names[1] and names[0]:
        return NESTED if is_inherited else EQUAL
    if things_fit(*names) or _ignore_things(one, other):
        return NESTED
    if not all(names):
        return UNKNOWN
    if is_inherited:
        return UNKNOWN / 2
    parents = [broader_of(name) for name in names]
    return UNKNOWN if parents[0] and parents[0] == parents[1] else DIFFERENT


def _ignore_things(one: Claim, other: Claim) -> bool:
    """Whether both are of one measure whose subjects are not told apart by things."""
    measure = measures().get(one.subject.measure)
    return measure is not None and one.subject.measure == other.subject.measure and "object" in measure.ignores


def _of_places(one: Claim, other: Claim) -> float:
    names = [state_place(claim.subject.place) for claim in (one, other)]
    is_inherited = "p" in one.subject.inherited + other.subject.inherited
    if names[0] == names[1]:
        return (NESTED if is_inherited else EQUAL) if names[0] else UNKNOWN
    is_trade = all(are_views_of_one(claim.subject.measure, claim.quantity.kind) == TRADE for claim in (one, other))
    if not all(names) or is_trade:
        return UNKNOWN
    countries = [country_of().get(name, name) for name in names]
    if countries[0] == countries[1]:
        return NESTED
    return UNKNOWN / 2 if is_inherited else DIFFERENT

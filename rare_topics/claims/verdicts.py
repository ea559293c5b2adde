"""Whether claims about one subject can all be true, and whether dates can be."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Protocol

from rare_topics.claims.concept_relations import are_kinds_of_one, is_a
from rare_topics.claims.extractor import Claim
from rare_topics.quantities.units import YEARS_PER_UNIT

AGREE = "agree"
PRECISION = "agree at different precision"
DEFINITION = "differ by definition"
DATE = "differ by date"
DIFFER = "differ"
IMPLAUSIBLE = "implausible"
CONTRADICT = "contradict"
COPIES = "agree as copies of one text"
CONTRADICTS_PUBLICATION = "contradicts publication"
VERDICTS = (AGREE, PRECISION, COPIES, DEFINITION, DATE, DIFFER, CONTRADICT, IMPLAUSIBLE, CONTRADICTS_PUBLICATION)

# The bounds below were chosen by hand on the seed pages.
# Two statements of one value that are this factor apart cannot both be meant.
IMPLAUSIBLE_RATIO = 100.0
# How far the value may lie from the printed number, as a share of it: with "about", "nearly", and behind a bound.
ABOUT_TOLERANCE, NEARLY_TOLERANCE, BOUND_TOLERANCE = 0.05, 0.1, 0.25
# Values this near to each other, as a share, are printed equal.
EQUAL_TOLERANCE = 1e-3
MAX_PERCENT = 100.0
# A feed prints news, which speaks of this month and of so many months before it.
RECENT_MONTHS = 1
_MONTHS_PER_YEAR = 12
_UNITS_PER_TONNE = {"t": 1.0, "kg": 1e3, "g": 1e6, "lb": 2204.62}
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-\d\d)?$")


def common_unit(claim: Claim) -> tuple[str, float]:
    """Return the unit in which a claim is compared with others.

    Returns
    -------
    (unit, factor)
        The claim's value times the factor is the value in that unit. Durations are compared in
        years, prices per tonne, other quantities in their own unit.
    """
    unit, kind = claim.quantity.unit, claim.quantity.kind
    if kind == "duration":
        return "years", YEARS_PER_UNIT.get(unit, 1.0)
    currency, _, each = unit.partition("/")
    if kind == "price" and each in _UNITS_PER_TONNE:
        return f"{currency}/t", _UNITS_PER_TONNE[each]
    return ("items" if kind in {"count", "score"} else unit), 1.0


def value_interval(claim: Claim) -> tuple[float, float]:
    """Return the lowest and the highest value that a claim allows, in its common unit.

    These are the bounds as printed, widened by half of the last digit's place, or by what the
    qualifier allows.
    """
    quantity, (_, factor) = claim.quantity, common_unit(claim)
    if quantity.kind == "date":
        return quantity.value, quantity.value
    low, high = sorted((quantity.value, quantity.value if quantity.value_high is None else quantity.value_high))
    below, above = _rounding_error(low), _rounding_error(high)
    qualifier = quantity.qualifier
    if qualifier == "about":
        below, above = max(below, ABOUT_TOLERANCE * abs(low)), max(above, ABOUT_TOLERANCE * abs(high))
    elif qualifier == "nearly":
        below, above = NEARLY_TOLERANCE * abs(low), 0.0
    elif qualifier in {"over", "at least"}:
        below, above = 0.0, BOUND_TOLERANCE * abs(high)
    elif qualifier in {"under", "up to"}:
        below, above = BOUND_TOLERANCE * abs(low), 0.0
    return (low - below) * factor, (high + above) * factor


def _rounding_error(value: float) -> float:
    """Half of the place of the last digit that is not zero, at most `ABOUT_TOLERANCE` of the value."""
    if not value:
        return 0.0
    printed = f"{abs(value):.12g}"
    digits = printed.rstrip("0") if "." in printed else f"{abs(value):.0f}"
    decimals = digits.partition(".")[2]
    place = -len(decimals) if decimals else len(digits) - len(digits.rstrip("0"))
    return min(0.5 * 10.0**place, ABOUT_TOLERANCE * abs(value))


def are_compatible(claims: Sequence[Claim]) -> bool:
    """Return whether one value lies in the intervals of all claims."""
    intervals = [value_interval(claim) for claim in claims]
    if _are_signed_and_not(claims):
        intervals = [(min(map(abs, ends)), max(map(abs, ends))) for ends in intervals]
    highest_low, lowest_high = max(low for low, _ in intervals), min(high for _, high in intervals)
    # Roundings that only touch are two values: 140 is no 150.
    return highest_low < lowest_high or len(set(intervals)) == 1


def have_equal_values(claims: Sequence[Claim]) -> bool:
    """Return whether all claims print the same value, or the same range."""
    if any(claim.quantity.kind == "date" for claim in claims):
        return len({claim.quantity.value for claim in claims}) == 1
    values = [claim.quantity.value * common_unit(claim)[1] for claim in claims]
    if _are_signed_and_not(claims):
        values = list(map(abs, values))
    highs = [claim.quantity.value_high or 0.0 for claim in claims]
    return all(math.isclose(value, values[0], rel_tol=EQUAL_TOLERANCE) for value in values) and all(
        math.isclose(high, highs[0], rel_tol=EQUAL_TOLERANCE) for high in highs
    )


def _are_signed_and_not(claims: Sequence[Claim]) -> bool:
    """Whether a change has its sign in some claims, and is told as a part in others: 跌去一半, "less than half"."""
    return len({claim.quantity.kind for claim in claims} & {"share", "percent change"}) > 1


class KnownStories(Protocol):
    """Tells which claims stand in articles that tell one story, and in copies of one text."""

    def are_related(self, one: Claim, other: Claim) -> bool:
        """Whether two claims stand in articles that tell one story."""
        ...

    def are_copies(self, one: Claim, other: Claim) -> bool:
        """Whether two claims stand in copies of one text."""
        ...


def verdict(claims: Sequence[Claim], *, stories: KnownStories | None = None) -> str:
    """Tell whether and why claims disagree.

    Parameters
    ----------
    claims
        Two or more about one subject.
    stories
        Says which articles tell one story; None if none do.

    Returns
    -------
    str
        One of `VERDICTS`.
    """
    if _are_implausible(claims):
        return IMPLAUSIBLE
    if are_compatible(claims) or have_equal_values(claims):
        return _agreement(claims, stories)
    return _disagreement(claims, stories)


def _agreement(claims: Sequence[Claim], stories: KnownStories | None) -> str:
    if stories and all(stories.are_copies(claims[0], claim) for claim in claims[1:]):
        return COPIES
    # Two tellings of one story give a number one meaning, however they name it.
    if _differ_in_thing(claims) and not (stories and _tell_one_story(claims, stories)):
        return DEFINITION
    return AGREE if have_equal_values(claims) else PRECISION


def _disagreement(claims: Sequence[Claim], stories: KnownStories | None) -> str:
    if _differ_in_thing(claims) and _are_compatible_within(claims, lambda claim: claim.subject.object):
        return DEFINITION
    are_dated = all(claim.as_of for claim in claims)
    if are_dated and _are_compatible_within(claims, lambda claim: claim.as_of):
        return DATE
    return CONTRADICT if stories and _tell_one_story(claims, stories) else DIFFER


def _differ_in_thing(claims: Sequence[Claim]) -> bool:
    """Whether articles name things of which none is a kind of another, and that are not sold together either."""
    if len({claim.article_id for claim in claims}) < 2:  # noqa: PLR2004 - one article means one thing
        return False
    named = {claim.subject.object for claim in claims if claim.subject.object and "t" not in claim.subject.inherited}
    return any(
        not (is_a(one, other) or is_a(other, one) or are_kinds_of_one(one, other))
        for one, other in combinations(sorted(named), 2)
    )


def _tell_one_story(claims: Sequence[Claim], stories: KnownStories) -> bool:
    pairs = combinations(claims, 2)
    return all(one.article_id == other.article_id or stories.are_related(one, other) for one, other in pairs)


def dimension(claim: Claim) -> str:
    """Return what the numbers of a claim can be compared in: its unit, whatever the period that it is per.

    A price per tonne is compared with prices per tonne, an amount a year with amounts.
    """
    unit, kind = common_unit(claim)[0], claim.quantity.kind
    if kind in {"mass", "rate", "size"}:
        return unit.partition("/")[0]
    return f"{unit} {kind}" if kind == "percent change" else unit


def _are_compatible_within(claims: Sequence[Claim], key: Callable[[Claim], str]) -> bool:
    """Whether there are several keys and the claims of each key are compatible."""
    parts: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        parts[key(claim)].append(claim)
    return len(parts) > 1 and all(are_compatible(part) for part in parts.values())


def _are_implausible(claims: Sequence[Claim]) -> bool:
    if any(claim.quantity.kind in {"share", "purity"} and claim.quantity.value > MAX_PERCENT for claim in claims):
        return True
    values = [abs(claim.quantity.value) * common_unit(claim)[1] for claim in claims if claim.quantity.value]
    return bool(values) and max(values) >= IMPLAUSIBLE_RATIO * min(values)


def date_conflicts(claims: Iterable[Claim], published: Mapping[str, datetime | None]) -> list[Claim]:
    """Find the claims whose date contradicts that of their article.

    Parameters
    ----------
    claims
        Claims of any articles.
    published
        Date of publication by article_id, None where it is unknown.

    Returns
    -------
    list of Claim
        In the order given.
    """
    return [claim for claim in claims if contradicts_publication(claim.as_of, published.get(claim.article_id))]


def contradicts_publication(as_of: str, published: datetime | None) -> bool:
    """Tell whether a date is probably a slip of the year.

    A month of a past year is taken for a misprint where the same month of the year of publication
    is this month or the last one: "October 9, 2023" in an article of October 2025.

    Parameters
    ----------
    as_of
        A date as the text gives it, ``YYYY-MM-DD`` or less.
    published
        Date of publication, None where it is unknown.

    Returns
    -------
    bool
    """
    month = _MONTH.match(as_of)
    if published is None or month is None:
        return False
    years, months = published.year - int(month["year"]), published.month - int(month["month"])
    months_before = _MONTHS_PER_YEAR * years + months
    return months_before >= _MONTHS_PER_YEAR and months_before % _MONTHS_PER_YEAR <= RECENT_MONTHS

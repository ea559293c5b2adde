"""Whether claims about one subject can all be true."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from rare_topics.claims.extractor import Claim
from rare_topics.quantities.units import IN_YEARS

AGREE = "agree"
PRECISION = "agree at different precision"
DEFINITION = "differ by definition"
DATE = "differ by date"
DIFFER = "differ"
IMPLAUSIBLE = "implausible"
CONTRADICTS = "contradicts publication"
VERDICTS = (AGREE, PRECISION, DEFINITION, DATE, DIFFER, IMPLAUSIBLE, CONTRADICTS)

# Two statements of one thing that are this many times apart cannot both be meant.
CANNOT_BE = 100.0
# How far a number with a qualifier may lie from the printed one.
ABOUT, NEARLY, BEYOND = 0.05, 0.1, 0.25
SAME = 1e-3
WHOLE = 100.0
# Prices are compared per tonne.
_PER_TONNE = {"t": 1.0, "kg": 1e3, "g": 1e6, "lb": 2204.62}


def comparable(claim: Claim) -> tuple[str, float]:
    """Return the unit in which a claim is compared, and the factor to it.

    Returns
    -------
    (unit, factor)
        Durations in years, prices per tonne; other units are their own.
    """
    unit, kind = claim.quantity.unit, claim.quantity.kind
    if kind == "duration":
        return "years", IN_YEARS.get(unit, 1.0)
    currency, _, each = unit.partition("/")
    if kind == "price" and each in _PER_TONNE:
        return f"{currency}/t", _PER_TONNE[each]
    return ("items" if kind in {"count", "score"} else unit), 1.0


def interval(claim: Claim) -> tuple[float, float]:
    """Return the values a claim allows: half of its last place either way, and what its qualifier adds."""
    quantity, (_, factor) = claim.quantity, comparable(claim)
    low, high = sorted((quantity.value, quantity.value if quantity.value_high is None else quantity.value_high))
    below, above = _rounding(low), _rounding(high)
    qualifier = quantity.qualifier
    if qualifier == "about":
        below, above = max(below, ABOUT * abs(low)), max(above, ABOUT * abs(high))
    elif qualifier == "nearly":
        below, above = NEARLY * abs(low), 0.0
    elif qualifier in {"over", "at least"}:
        below, above = 0.0, BEYOND * abs(high)
    elif qualifier in {"under", "up to"}:
        below, above = BEYOND * abs(low), 0.0
    return (low - below) * factor, (high + above) * factor


def _rounding(value: float) -> float:
    """Half of the place of the last digit that is not zero, at most a twentieth of the value."""
    if not value:
        return 0.0
    digits = f"{abs(value):.12g}".rstrip("0") if "." in f"{abs(value):.12g}" else f"{abs(value):.0f}"
    place = -len(digits.partition(".")[2]) if "." in digits.rstrip(".") else len(digits) - len(digits.rstrip("0"))
    return min(0.5 * 10.0**place, ABOUT * abs(value))


def compatible(claims: Sequence[Claim]) -> bool:
    """Whether one value would satisfy every claim."""
    ends = [interval(claim) for claim in claims]
    return max(low for low, _ in ends) <= min(high for _, high in ends)


def equal(claims: Sequence[Claim]) -> bool:
    """Whether all print the same value."""
    values = [(claim.quantity.value * comparable(claim)[1], claim.quantity.value_high or 0.0) for claim in claims]
    return all(
        math.isclose(one, values[0][0], rel_tol=SAME) and math.isclose(high, values[0][1], rel_tol=SAME)
        for one, high in values
    )


def verdict(claims: Sequence[Claim]) -> str:
    """Judge a group of claims.

    Parameters
    ----------
    claims
        Two or more about one subject.

    Returns
    -------
    str
        One of `VERDICTS`.
    """
    if _impossible(claims):
        return IMPLAUSIBLE
    # One article that says its number twice means one thing, however short its headline is.
    several = len({_definition(claim) for claim in claims}) > 1 and len({claim.article_id for claim in claims}) > 1
    if equal(claims):
        return DEFINITION if several else AGREE
    if compatible(claims) and not several:
        return PRECISION
    if several and _apart(claims, by_date=False):
        return DEFINITION
    return DATE if _apart(claims, by_date=True) else DIFFER


def _definition(claim: Claim) -> str:
    return claim.subject.of


def _apart(claims: Sequence[Claim], *, by_date: bool) -> bool:
    """Whether claims agree as soon as those of another date, or of another definition, are set aside."""
    parts: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        parts[claim.as_of if by_date else _definition(claim)].append(claim)
    return len(parts) > 1 and all(compatible(part) for part in parts.values())


def _impossible(claims: Sequence[Claim]) -> bool:
    if any(claim.quantity.kind in {"share", "purity"} and claim.quantity.value > WHOLE for claim in claims):
        return True
    values = [abs(claim.quantity.value) * comparable(claim)[1] for claim in claims if claim.quantity.value]
    return bool(values) and max(values) >= CANNOT_BE * min(values)

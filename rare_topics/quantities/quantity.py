"""The record of a quantity."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "share",
    "money",
    "mass",
    "rate",
    "price",
    "count",
    "duration",
    "percent change",
    "ratio",
    "rank",
    "date",
    "purity",
    "score",
    "size",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity as it is printed.

    Attributes
    ----------
    start, end
        Offsets of number and unit.
    value, value_high
        In `unit`; the second is None unless a range is printed. A fall is negative.
    unit
        Normal name: ``%``, ``t``, a currency's code, ``USD/kg`` for a price, ``items`` for what is
        counted.
    kind
        One of `KINDS`.
    qualifier
        about, nearly, over, at least, up to, under, or empty.
    """

    start: int
    end: int
    value: float
    value_high: float | None = None
    unit: str = "items"
    kind: str = "count"
    qualifier: str = ""

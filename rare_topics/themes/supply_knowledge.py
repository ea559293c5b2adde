"""What is publicly known of countries: what they mine, have in the ground, use and pass on.

The tables are written by hand from what is generally known in 2025, and were not checked row by row against
a statistical source: they inform the model and are never shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

TRADE_FILE, MINERAL_FILE = "country_trade.tsv", "mineral_trade.tsv"
# What is known of a country and a mineral.
MINED, IN_THE_GROUND, NOTHING, NO_MINERAL = "mined", "in the ground", "nothing", "no mineral"


class MineralTrade(NamedTuple):
    """Where a mineral comes from.

    Attributes
    ----------
    mined
        Countries that mine, refine or make it today.
    in_the_ground
        Countries with deposits or projects.
    """

    mined: frozenset[str]
    in_the_ground: frozenset[str]


@cache
def known_trade() -> dict[str, tuple[str, ...]]:
    """Return what is known of each country: its mines, deposits and industry, whether goods pass or money comes."""
    header, *rows = _rows(TRADE_FILE)
    return {name: tuple(what for what, value in zip(header[1:], row, strict=True) if value) for name, *row in rows}


@cache
def mineral_trade() -> dict[str, MineralTrade]:
    """Return where the mineral that a concept stands for comes from."""
    _, *rows = _rows(MINERAL_FILE)
    lists = [[cell.split("; ") for cell in row] for row in rows]
    return {
        concept: MineralTrade(frozenset(mined), frozenset(deposits))
        for concepts, mined, deposits in lists
        for concept in concepts
    }


def known_of_minerals(country: str, concepts: Collection[str]) -> Iterator[str]:
    """Yield what is known of a country and each mineral among some concepts."""
    trades = [mineral_trade()[concept] for concept in concepts if concept in mineral_trade()]
    if not trades:
        yield NO_MINERAL
    for trade in trades:
        yield _known(country, trade)


@cache
def known_of_any_mineral(country: str) -> str:
    """Return what is known of a country and minerals altogether."""
    mined, deposits = (frozenset().union(*column) for column in zip(*mineral_trade().values(), strict=True))
    return _known(country, MineralTrade(mined, deposits))


def _known(country: str, trade: MineralTrade) -> str:
    names = ((MINED, trade.mined), (IN_THE_GROUND, trade.in_the_ground))
    return ", ".join(name for name, countries in names if country in countries) or NOTHING


def _rows(name: str) -> list[list[str]]:
    text = resources.files("rare_topics").joinpath("data", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()]

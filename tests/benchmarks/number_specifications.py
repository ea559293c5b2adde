"""Values of numbers read right, beside quantulum3 (English) and JioNLP (Chinese money), as a Markdown table.

    python tests/benchmarks/number_specifications.py FOLDER [--list]

FOLDER holds the specifications of Recognizers-Text (Microsoft, MIT) as JSON lines, one file a model and
language: `input`, and `results` with `text`, `start`, `end`, `value` and `unit`. Every result that has a value is
asked for. It is right where what is read at its place has its value with sign and scale, to one part in a
thousand:

- a value with a unit is that in the project's name of the unit (90 kilograms are 0.09 t), so a lost scale word or
  a wrong unit is wrong;
- a rate or a price is right in its unit (12 cents a share are 0.12 USD/share), parts of a million as per cent;
- a fall is negative here and a plain amount there: behind a word of falling the amount is asked for, elsewhere the
  sign is;
- per cent is per cent, a number a number; a range is right with one of its ends.

Numbers that count nothing are asked of `find_numerals`, since they are no claims; units, money and per cent of
`find_quantities`. Kinds that are not claimed are named in the table and not asked for: units that no row of
`data/units.tsv` knows. Nor are addresses of networks (192.168.1.2) and "per cent of 22" for 22 %. quantulum3 and
JioNLP give values in the printed unit and are asked for that; `pip install quantulum3==0.10.0 jionlp==1.5.31` puts
them beside the project. The cell of one that is not installed says so.
`--list` prints what this project misses.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rare_topics.quantities import find_numerals, find_quantities
from rare_topics.quantities.modifiers import change_direction
from rare_topics.quantities.units import Unit, unit_at
from rare_topics.text.token_patterns import normalize_characters

# Right is a value within one part in a thousand, which is the rounding of the specifications.
TOLERANCE = 1e-3
NUMBER, PERCENT, RANGE = "NumberModel", "PercentModel", "NumberRangeModel"
# Names of units in the specifications that stand for several, and the one that a text of news means.
NAMES = {
    "Dollar": "dollar", "Cent": "cent", "Pound": "pound sterling", "F": "°F", "C": "°C", "Degree": "degrees",
    "Chinese yuan": "yuan", "United States dollar": "US dollar", "Penny": "penny", "Jin": "斤", "Liang": "两",
    "Percent": "%",
}  # fmt: skip
_NOT_CLAIMED = re.compile(r"\d+\.\d+\.\d+\.\d+|\bper ?cent(?:age)?s? of ", re.IGNORECASE)


class Reading(NamedTuple):
    """A value that is read between two offsets, with the name of its unit."""

    start: int
    end: int
    value: float
    unit: str = ""


Reader = Callable[[str], list[Reading]]


class Wanted(NamedTuple):
    """A value that is asked for: where it stands, what it is worth, and in which unit (None where there is none)."""

    start: int
    end: int
    value: float
    unit: str | None


def own_quantities(text: str) -> list[Reading]:
    """Return the quantities that the project reads in a text; a fall also as a plain amount."""
    normal = normalize_characters(text)
    found = []
    for one in find_quantities(normal)[0]:
        falls = change_direction(normal, one.start, one.end, relative=one.unit == "%") < 0
        values = [value for value in (one.value, one.value_high) if value is not None]
        values += [-value for value in values if falls]
        # Parts of a million are per cent of their own scale.
        shares = {"ppm": (1e-4, "%"), "percentage points": (1.0, "%")}
        factor, unit = shares.get(one.unit) or (1.0, one.unit.partition("/")[0])
        found += [
            Reading(one.start, one.end, factor * value, name)
            for value in values
            for name in dict.fromkeys((unit, one.unit))
        ]
    return found


def own_numerals(text: str) -> list[Reading]:
    """Return the numerals that the project reads in a text, also those that count nothing."""
    return [Reading(one.start, one.end, one.low) for one in find_numerals(normalize_characters(text))]


def quantulum_values(text: str) -> list[Reading]:
    """Return the values that quantulum3 reads; its classifier of units, of an older scikit-learn, cannot be loaded."""
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [Reading(*quantity.span, float(quantity.value)) for quantity in parser.parse(text)]


def jionlp_values(text: str) -> list[Reading]:
    """Return the sums of money that JioNLP reads."""
    import jionlp

    found = []
    for entity in jionlp.ner.extract_money(text):
        number = entity["detail"]["num"]
        values = number if isinstance(number, list) else [number]
        found += [Reading(*entity["offset"], float(value)) for value in values]
    return found


def cases(file: Path) -> Iterator[tuple[str, list[Wanted]]]:
    """Yield inputs with the values that are asked for."""
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        wanted = [
            Wanted(result["start"], result["end"] + 1, value, result.get("unit") or _unit_of_file(file))
            for result in case["results"]
            if (value := _value(result.get("value"))) is not None
        ]
        if wanted and not _NOT_CLAIMED.search(case["input"]):
            yield case["input"], wanted


def _unit_of_file(file: Path) -> str | None:
    return "Percent" if file.stem.endswith(PERCENT) else None


def _value(printed: str | None) -> float | None:
    try:
        return float((printed or "").rstrip("%"))
    except ValueError:
        return None


def unit_of(name: str, *, is_money: bool) -> Unit | None:
    """Return the project's unit of a name in the specifications, or None where it has none."""
    if name == "Pound" and not is_money:
        return unit_at("pound", 0)[0]  # type: ignore[index]
    printed = NAMES.get(name, name.lower())
    found = unit_at(printed, 0)
    return found[0] if found and found[1] == len(printed) else None


def is_right(wanted: Wanted, found: list[Reading], *, unit: Unit | None) -> bool:
    """Whether a value was read where it stands, with sign and scale, in a unit if one is given."""
    value = wanted.value * (unit.factor if unit else 1.0)
    return any(
        abs(value - one.value) <= TOLERANCE * abs(value)
        and one.start < wanted.end
        and one.end > wanted.start
        and (unit is None or one.unit == unit.name)
        for one in found
    )


class Score(NamedTuple):
    """How many values of a file are right, how many are asked for, those missed, and units that are not claimed."""

    right: int
    total: int
    missed: list[str]
    not_claimed: list[str]


def score(file: Path, reader: Reader, *, own: bool) -> Score:
    """Ask a reader for all values of a file; in the project's units if it is `own`."""
    right, total, missed, not_claimed = 0, 0, [], []
    is_money = "Currency" in file.stem
    for text, values in cases(file):
        found = reader(text)
        for wanted in values:
            unit = unit_of(wanted.unit, is_money=is_money) if wanted.unit else None
            if wanted.unit and unit is None:
                not_claimed.append(wanted.unit)
                continue
            total += 1
            if is_right(wanted, found, unit=unit if own else None):
                right += 1
            else:
                missed.append(f"{file.stem}: {text} | {wanted.value:g} {wanted.unit or ''} | {found}")
    return Score(right, total, missed, sorted(set(not_claimed)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", dest="list_missed")
    arguments = parser.parse_args()
    print("| file | rare_topics | quantulum3 | JioNLP | not claimed |\n|---|---|---|---|---|")
    for file in sorted(arguments.folder.glob("*.jsonl")):
        if file.stem.endswith(RANGE):
            continue
        own = score(file, own_numerals if file.stem.endswith(NUMBER) else own_quantities, own=True)
        peers = [
            ("English" in file.stem, "quantulum3", quantulum_values),
            ("Chinese_Currency" in file.stem, "jionlp", jionlp_values),
        ]
        cells = [_share(own)]
        for is_asked, package, reader in peers:
            is_here = importlib.util.find_spec(package) is not None
            peer = _share(score(file, reader, own=False)) if is_asked and is_here else "not installed"
            cells.append(peer if is_asked else "")
        print(f"| {file.stem} | " + " | ".join([*cells, ", ".join(own.not_claimed)]) + " |", flush=True)
        if arguments.list_missed:
            print("\n".join(own.missed))


def _share(one: Score) -> str:
    return f"{one.right}/{one.total} ({one.right / max(one.total, 1):.3f})"


if __name__ == "__main__":
    main()

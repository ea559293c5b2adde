"""Values of numbers read right, beside quantulum3 (English) and JioNLP (Chinese money), as a Markdown table.

    python tests/benchmarks/number_specifications.py FOLDER [--list]

FOLDER holds the specifications of Recognizers-Text (Microsoft, MIT) as JSON lines, one file a model and
language: `input`, and `results` with `text` and `value`. A value is right where one that is read has it with
sign and scale, to one part in a thousand. Their conventions differ from this project's, so that

- a result without a value (a unit alone), or whose value is a bound or a code, is not asked for;
- units of their own scale count as ours do: kilograms are tonnes, cents are hundredths of a dollar, per cent
  is per cent; a value is also right in the unit that is printed;
- bare numbers of the model Number are asked of the numerals that stand in the text, since a number that counts
  nothing is no claim; powers and fractions of words such as "one hundred thirty fifths" are left out;
- a fall is negative here and a plain amount there, a fraction per cent here and a part of one there;
- an input that must have no result is not asked for.

A method that is not installed has no column. `--list` prints what this project misses.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rare_topics.quantities import find_numerals, find_quantities
from rare_topics.text.token_patterns import normalize_characters

# Right is a value within one part in a thousand, which is the rounding of the specifications.
TOLERANCE = 1e-3
# What a printed unit is worth in the unit of the project's value.
FACTORS = (1.0, 1e3, 1e6, 1e9, 1e12, 100.0, 10.0, 1e-3, 1e-6, 0.01, 2000.0, 1 / 0.00045359237, 1 / 0.90718474, 2.0)
# Powers, quotients of words, addresses of networks: no text of news has them.
_ARITHMETIC = re.compile(
    r"\^|over |(?:fift|thirtiet|first|eight|hundredt|trilliont|milliont)h?s?\b|E\d|\d+\.\d+\.\d+|又|[/／]|分 *之|－－"
)
NUMBER, PERCENT, RANGE, TEMPERATURE = "NumberModel", "PercentModel", "NumberRangeModel", "TemperatureModel"

Reader = Callable[[str], list[float]]


def own_values(text: str, *, bare: bool) -> list[float]:
    """Return the values that the project reads in a text, of bare numerals as well if `bare`."""
    normal = normalize_characters(text)
    quantities, _ = find_quantities(normal)
    found = [value for quantity in quantities for value in (quantity.value, quantity.value_high) if value is not None]
    return found + ([numeral.low for numeral in find_numerals(normal)] if bare else [])


def quantulum_values(text: str) -> list[float]:
    """Return the values that quantulum3 reads."""
    from quantulum3 import parser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [float(quantity.value) for quantity in parser.parse(text)]


def jionlp_values(text: str) -> list[float]:
    """Return the sums of money that JioNLP reads."""
    import jionlp

    found = []
    for entity in jionlp.ner.extract_money(text):
        number = entity["detail"]["num"]
        found += [float(part) for part in (number if isinstance(number, list) else [number])]
    return found


def cases(file: Path) -> Iterator[tuple[str, list[float]]]:
    """Yield inputs with the values asked for."""
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        if file.stem.endswith(NUMBER) and _ARITHMETIC.search(case["input"]):
            continue
        values = [_value(result.get("value")) for result in case["results"]]
        wanted = [value for value in values if value is not None]
        if wanted:
            yield case["input"], wanted


def _value(printed: str | None) -> float | None:
    try:
        return float((printed or "").rstrip("%"))
    except ValueError:
        return None


def is_right(wanted: float, found: list[float], *, scaled: bool) -> bool:
    """Whether a value was read, in the printed unit or in that of the project if `scaled`."""
    factors = FACTORS if scaled else (1.0, 0.01, 1e-4)
    values = [value if wanted < 0 else abs(value) for value in found]
    return any(
        abs(wanted - value * factor) <= TOLERANCE * max(abs(wanted), 1e-12) for value in values for factor in factors
    )


def count_right(file: Path, reader: Reader, *, scaled: bool) -> tuple[int, int, list[str]]:
    """Count the values that are read right, and all; and list the inputs of the others."""
    right, total, missed = 0, 0, []
    for text, wanted in cases(file):
        found = reader(text)
        for value in wanted:
            total += 1
            if is_right(value, found, scaled=scaled):
                right += 1
            else:
                missed.append(f"{file.stem}: {text} | {value:g} | {found}")
    return right, total, missed


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", dest="list_missed")
    arguments = parser.parse_args()
    print("| file | rare_topics | quantulum3 | JioNLP |\n|---|---|---|---|")
    for file in sorted(arguments.folder.glob("*.jsonl")):
        if file.stem.endswith(RANGE):
            continue
        bare = file.stem.endswith(NUMBER)
        scaled = "WithUnit" in file.stem
        right, total, missed = count_right(file, lambda text, bare=bare: own_values(text, bare=bare), scaled=scaled)
        peers = [
            ("English" in file.stem, "quantulum3", quantulum_values),
            ("Chinese_Currency" in file.stem, "jionlp", jionlp_values),
        ]
        cells = [f"{right}/{total} ({right / max(total, 1):.3f})"]
        for is_asked, package, reader in peers:
            if not is_asked or importlib.util.find_spec(package) is None:
                cells.append("")
                continue
            right, total, _ = count_right(file, reader, scaled=scaled)
            cells.append(f"{right}/{total} ({right / max(total, 1):.3f})")
        print(f"| {file.stem} | " + " | ".join(cells) + " |", flush=True)
        if arguments.list_missed:
            print("\n".join(missed))


if __name__ == "__main__":
    main()

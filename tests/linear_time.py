"""Which regular expressions of the package take more than linear time on adversarial text, used as they are used.

    python tests/linear_time.py

A process of its own, so that a pattern that never ends can be stopped. Prints what it found, one pattern a line.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import rare_topics

# Repeated until they fill a text: what parts of patterns begin with and never end.
ADVERSARIAL = (
    *(
        "a",
        "A",
        "1",
        " ",
        "\t",
        "-",
        ".",
        ",",
        "中",
        "a ",
        "1,",
        "1.",
        "A.",
        "1-",
        " - ",
        "[1] ",
        "[1",
        "A1",
        "年",
        "1年",
    ),
    *("1 ", "· ", "·2025-1-1 1", "'s", "A. A", "Group 1: ", "Core A", "$1", "$1-", "1%", "“", "(", "a-1", "a/", "中 "),
    *("!", "。", "约1", "百万", "at least 1 ", "million ", "\n", "a\n", "...", '."', "{{", "<!--", "中1", "1万"),
)
# In characters; a quadratic pattern takes a third of a second and more for the middle one.
SHORT, MIDDLE, LONG = 1 << 12, 1 << 15, 1 << 18
# Eight times the text may take so many times as long; a quadratic pattern takes 64 times.
MAX_GROWTH = 32
# Processor time in seconds below which a measurement is noise; on a machine that others share, a linear pattern can
# take five times what it takes alone, and still takes less.
NEGLIGIBLE = 0.1
# Seconds of the processor after which a pattern is stopped.
TIMEOUT = 20
METHODS = ("match", "fullmatch", "search", "finditer", "sub", "split", "findall")


def pattern_uses() -> dict[tuple[str, int], set[str]]:
    """Find every pattern of the package, and by which methods it is used."""
    modules = [
        importlib.import_module(name) for _, name, _ in pkgutil.walk_packages(rare_topics.__path__, "rare_topics.")
    ]
    named = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    ]
    found: dict[tuple[str, int], set[str]] = {(pattern.pattern, pattern.flags): set() for pattern in named}
    for module in modules:
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
                pattern = vars(module).get(node.value.id)
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    found[pattern.pattern, pattern.flags].add(node.attr)
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = ast.unparse(node.func)
                if name.startswith("re.") and name[3:] in METHODS:
                    found.setdefault((node.args[0].value, int(re.compile(node.args[0].value).flags)), set()).add(
                        name[3:]
                    )
    # A pattern that is passed to other functions may be used in any way.
    return {pattern: methods or {"finditer"} for pattern, methods in found.items()}


def seconds(pattern: re.Pattern[str], method: str, seed: str, length: int) -> float:
    """Return the processor time that a text of one repeated seed takes."""
    text = (seed * (length // len(seed) + 1))[:length] + "\x00"
    start = time.process_time()
    if method == "finditer":
        for _ in pattern.finditer(text):
            pass
    elif method == "sub":
        pattern.sub("", text)
    else:
        getattr(pattern, method)(text)
    return time.process_time() - start


def is_superlinear(pattern: re.Pattern[str], method: str, seed: str, lengths: tuple[int, int]) -> bool:
    """Compare the times of two lengths, one eight times the other; three times, as a busy machine may be slow once."""
    return all(
        large > NEGLIGIBLE and large > MAX_GROWTH * max(small, NEGLIGIBLE / MAX_GROWTH)
        for small, large in (
            (seconds(pattern, method, seed, lengths[0]), seconds(pattern, method, seed, lengths[1])) for _ in range(3)
        )
    )


def slow_seed(pattern: re.Pattern[str], method: str, timeout: int) -> str:
    """Return the seed of a text that makes a pattern slow, or an empty string."""
    times: list[tuple[float, str]] = []
    for seed in ADVERSARIAL:
        signal.setitimer(signal.ITIMER_PROF, timeout)
        middle = seconds(pattern, method, seed, MIDDLE)
        if middle > NEGLIGIBLE and is_superlinear(pattern, method, seed, (SHORT, MIDDLE)):
            return seed
        times.append((middle, seed))
    _, seed = max(times)
    signal.setitimer(signal.ITIMER_PROF, timeout)
    return seed if is_superlinear(pattern, method, seed, (MIDDLE, LONG)) else ""


class Stopped(Exception):  # noqa: N818 - a signal, no error
    """A pattern that took longer than the timeout."""


def stop(*_: object) -> None:
    raise Stopped


def slow_patterns(uses: Mapping[tuple[str, int], set[str]], *, timeout: int = TIMEOUT) -> Iterator[str]:
    """Name each pattern that takes more than linear time, and the text that shows it."""
    signal.signal(signal.SIGPROF, stop)
    for (text, flags), methods in sorted(uses.items()):
        for method in sorted(methods):
            try:
                seed = slow_seed(re.compile(text, flags & ~re.UNICODE), method, timeout)
            except Stopped:
                seed = "stopped"
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            if seed:
                yield f"{method} {text[:100]!r} on {seed!r}"


if __name__ == "__main__":
    for line in slow_patterns(pattern_uses()):
        print(line, flush=True)  # noqa: T201 - a command that prints what it finds

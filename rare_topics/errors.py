"""The one error that bad input raises: what was wrong, where, and what to do; in characters that can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Control characters of terminals, marks that change the direction of text, lone surrogates, and U+FFFE and U+FFFF,
# which are no characters and which XML does not take.
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\ufffd"
# Names that a message lists at the most.
MAX_LISTED = 10
# Characters of each part of a message: a line that can still be read, whatever the input holds.
MAX_PART_LENGTH = 1000


class InputError(ValueError):
    """Input that cannot be used as it is.

    Parameters
    ----------
    problem
        What was found and what was expected.
    where
        File, and line where there is one, as ``page.txt:12``.
    fix
        What the user can do about it.
    """

    def __init__(self, problem: str, *, where: str = "", fix: str = "") -> None:
        self.problem, self.where, self.fix = (shown_in_line(part) for part in (problem, where, fix))
        text = f"{self.where}: {self.problem}" if self.where else self.problem
        super().__init__(f"{text}; {self.fix}" if self.fix else text)


def shown_in_line(text: object, *, max_length: int = MAX_PART_LENGTH) -> str:
    """Write a text so that it can be shown in one line.

    Parameters
    ----------
    text
        Any text, or what can be written as one.
    max_length
        Characters; of a longer text the middle is left out.

    Returns
    -------
    str
        With one space for each run of spaces and line ends, and U+FFFD for each unprintable character.
    """
    line = " ".join(UNPRINTABLE.sub(REPLACEMENT, str(text)).split())
    if len(line) <= max_length:
        return line
    kept = max_length // 2
    return f"{line[:kept]} … {line[-kept:]}"


def list_names(names: Iterable[object]) -> str:
    """Join names for a message: the first ten, and how many more there are.

    Examples
    --------
    >>> list_names("abc"), list_names(range(12))
    ('a, b, c', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more')
    """
    names = list(names)
    more = f" and {len(names) - MAX_LISTED:,} more" if len(names) > MAX_LISTED else ""
    return ", ".join(shown_in_line(name, max_length=60) for name in names[:MAX_LISTED]) + more

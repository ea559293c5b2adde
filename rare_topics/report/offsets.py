"""Offsets as a browser counts them."""

from __future__ import annotations

from bisect import bisect_left

# Characters above this take two units in UTF-16.
LAST_SINGLE = 0xFFFF


class Utf16:
    """Turn offsets in characters into offsets in UTF-16 units, which JavaScript slices strings by.

    Parameters
    ----------
    text
        The text that the offsets point into.

    Examples
    --------
    >>> Utf16("a\U00020000b")(2)
    3
    """

    def __init__(self, text: str) -> None:
        self._wide = [number for number, char in enumerate(text) if ord(char) > LAST_SINGLE]

    def __call__(self, offset: int) -> int:
        """Return the number of UTF-16 units before a character."""
        return offset + bisect_left(self._wide, offset)

"""Cells of tables, whatever type a format gives them: as text or as a date, or an error that names the type."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite, isnan
from typing import Any
from uuid import UUID

from rare_topics.corpus.written_dates import MAX_DATE_LENGTH, read_date
from rare_topics.errors import InputError, shown_in_line

# Years that news, and what is printed of history beside it, can be of; a date beyond them is a slip or a placeholder.
FIRST_YEAR, LAST_YEAR = 1500, 2200
# Half of a surrogate pair, which JSON can contain.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# A date of a year with any number of digits and either sign, which the calendar of Python may not hold.
_ANY_YEAR = re.compile(r"([+-]?\d{1,12})-\d{1,2}-\d{1,2}(?:\D.{0,40})?", re.ASCII)
# Characters of a cell that a message quotes.
_MAX_QUOTED = 60


class UnreadableCell:
    """A cell of a binary format that has no value in Python.

    Attributes
    ----------
    reason
        What is wrong with it.
    """

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class DistantDate(UnreadableCell):
    """A date or time so far away that no calendar of Python holds it."""


def cell_text(value: object, *, where: str) -> str:
    """Return the text of a cell.

    Parameters
    ----------
    value
        Text, bytes of UTF-8, a number, a truth value, a date, a time or an identifier; None and
        NaN are empty.
    where
        File and line, for messages.

    Returns
    -------
    str
        Truth values as JSON writes them, dates and times as ISO 8601 does.

    Raises
    ------
    InputError
        If the bytes are no UTF-8, a character is half of one, or the value is of another type:
        a list, a mapping, a duration.
    """
    if value is None or (isinstance(value, float) and isnan(value)) or (isinstance(value, Decimal) and value.is_nan()):
        return ""
    if isinstance(value, str):
        if not value.isascii() and LONE_SURROGATE.search(value):
            raise InputError("half of a surrogate pair is no character", where=where, fix="take it out of the text")
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _decoded(bytes(value), where=where)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, UnreadableCell):
        raise InputError(value.reason, where=where, fix="write text in UTF-8 there")
    if (isinstance(value, float) and not isfinite(value)) or (isinstance(value, Decimal) and not value.is_finite()):
        raise InputError("an infinite number is no text", where=where, fix="write text there")
    if isinstance(value, (int, float, Decimal, date, time, UUID)):
        try:
            return str(value)
        except ValueError as error:  # Python writes no whole number of more than 4,300 digits
            raise InputError("a number of too many digits", where=where, fix="write it as text") from error
    raise InputError(f"{_name_of_type(value)} is no text", where=where, fix="write text there, or leave it empty")


def cell_date(value: object, *, where: str) -> tuple[datetime | None, list[str]]:
    """Return the date of a cell.

    Parameters
    ----------
    value
        A date, a time stamp, or the text of one in a form of `read_date`; None and NaN are empty.
    where
        File and line, for messages.

    Returns
    -------
    published, warnings
        As printed, with the time zone that is printed. None, and a warning, for what is no date,
        and for a year before 1500 or after 2200.
    """
    if isinstance(value, DistantDate):
        return None, [_distant("the date", where)]
    if isinstance(value, datetime):
        return check_year(value, where=where)
    if isinstance(value, UnreadableCell) or not _can_be_date(value):
        reason = value.reason if isinstance(value, UnreadableCell) else f"{_name_of_type(value)} is no date"
        return None, [_undated(reason, where)]
    try:
        return _text_date(cell_text(value, where=where).strip(), where=where)
    except InputError as error:
        return None, [_undated(error.problem, where)]


def _text_date(text: str, *, where: str) -> tuple[datetime | None, list[str]]:
    """Return the date that a text writes."""
    if not text:
        return None, []
    if (found := read_date(text)) is not None:
        return check_year(found, where=where)
    year = _ANY_YEAR.fullmatch(text.replace("/", "-")) if len(text) <= MAX_DATE_LENGTH else None
    if year and not FIRST_YEAR <= int(year[1]) <= LAST_YEAR:
        return None, [_distant(text, where)]
    return None, [_undated(f"'{shown_in_line(text, max_length=_MAX_QUOTED)}' is no date", where)]


def check_year(published: datetime, *, where: str) -> tuple[datetime | None, list[str]]:
    """Return a date, or None and a warning if its year is before 1500 or after 2200."""
    if FIRST_YEAR <= published.year <= LAST_YEAR:
        return published, []
    return None, [_distant(published.isoformat(sep=" ", timespec="minutes"), where)]


def _distant(text: str, where: str) -> str:
    quoted = shown_in_line(text, max_length=_MAX_QUOTED)
    return f"{where}: {quoted} lies outside the years {FIRST_YEAR} to {LAST_YEAR}; the article has no date"


def _undated(reason: str, where: str) -> str:
    return f"{where}: {reason}; the article has none, write dates as 2025-12-31 or 2025-12-31 09:30"


def _can_be_date(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return value is None or isinstance(value, (str, bytes, bytearray, memoryview, int, float, Decimal, date))


def _decoded(data: bytes, *, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 (byte 0x{data[error.start]:02x} of a cell)", where=where, fix="write text in UTF-8 there"
        ) from error


def _name_of_type(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """Name the type of a cell as the formats do."""
    names = {dict: "a structure", list: "a list", tuple: "a list", set: "a list", bool: "a truth value"}
    if type(value) in names:
        return names[type(value)]
    if isinstance(value, time):
        return "a time of day"
    return f"a value of the type {type(value).__name__}"

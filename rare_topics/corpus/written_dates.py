"""Dates as tables and feeds write them: ISO 8601, 2025/3/4, 2025年3月4日, RFC 822, 4 March 2025, seconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Dates are no longer than this.
MAX_DATE_LENGTH = 60
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_TIME = (
    r"(?:[T ,]{1,3}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)? ?(?P<half>[ap]\.?m\.?)?)?"
)
_ZONE = r"(?: ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_FORMS = tuple(
    re.compile(f"{day}{_TIME}{_ZONE}", re.ASCII | re.IGNORECASE)
    for day in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<year>\d{{4}})",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
    )
)
_CHINESE = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]"
    r"(?:[ T]?(?P<half>上午|下午|晚上|晚|早上|中午|凌晨)?(?P<hour>\d{1,2})[:时時点點](?:(?P<minute>\d{1,2})分?)?"
    r"(?::?(?P<second>\d{1,2})秒?)?)?"
)
# Seconds since 1970, from 1973 on, and milliseconds, from 2001 on.
_EPOCH = re.compile(r"(?P<seconds>\d{9,10}(?:\.\d{1,9})?)|(?P<milliseconds>\d{13})", re.ASCII)
_NOON = 12
# The reader of the standard library takes almost anything that has a month's name.
_RFC822 = re.compile(
    r"(?:[a-z]{3,9},? )?\d{1,2} [a-z]{3,9} \d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: .{1,20})?", re.ASCII | re.IGNORECASE
)


def read_date(text: str) -> datetime | None:
    """Read a written date.

    Parameters
    ----------
    text
        At most `MAX_DATE_LENGTH` characters: ISO 8601, ``2025/3/4``, ``2025-3-4 9:30``,
        ``2025年3月4日``, RFC 822 as in feeds, ``4 March 2025``, ``March 4, 2025``, or seconds or
        milliseconds since 1970.

    Returns
    -------
    datetime or None
        With the time zone that is written, if any; seconds since 1970 are in UTC. None where the
        text is no date, or could be two, as 3/4/2025.
    """
    text = text.strip()
    if not text or len(text) > MAX_DATE_LENGTH:
        return None
    readers: tuple[Callable[[str], datetime | None], ...] = (_epoch, _iso, _by_form, _chinese, _rfc822)
    for reader in readers:
        try:
            if (found := reader(text)) is not None:
                return found
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def offset_of(moment: datetime) -> str:
    """Write the offset of a time zone from UTC as ``+08:00``; empty where the date has none."""
    offset = moment.utcoffset()
    if offset is None:
        return ""
    minutes = round(offset / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("/", "-"))


def _by_form(text: str) -> datetime | None:
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _moment(found)
    return None


def _chinese(text: str) -> datetime | None:
    found = _CHINESE.fullmatch(text)
    return _moment(found) if found else None


def _rfc822(text: str) -> datetime | None:
    return parsedate_to_datetime(text) if _RFC822.fullmatch(text) else None


def _epoch(text: str) -> datetime | None:
    found = _EPOCH.fullmatch(text)
    if not found:
        return None
    seconds = float(found["seconds"]) if found["seconds"] else float(found["milliseconds"]) / 1000
    return datetime.fromtimestamp(seconds, UTC)


def _moment(found: re.Match[str]) -> datetime:
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else _month(parts["name"])
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower().replace(".", "")
    if half in {"pm", "下午", "晚上", "晚"} and hour < _NOON:
        hour += _NOON
    elif half in {"am", "凌晨"} and hour == _NOON:
        hour = 0
    clock = f"{hour:02d}:{int(parts['minute'] or 0):02d}:{int(parts['second'] or 0):02d}"
    zone = (parts.get("zone") or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    return datetime.fromisoformat(f"{parts['year']}-{month:02d}-{int(parts['day']):02d}T{clock}{zone}")


def _month(name: str) -> int:
    """Return the number of a month by its English name or the first letters of it."""
    found = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name.lower())]
    if not found and name.lower() != "sept":
        raise ValueError(name)
    return found[0] if found else 9

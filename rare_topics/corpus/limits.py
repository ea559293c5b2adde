"""How much input is taken at the most, and what kinds of files are read at all."""

from __future__ import annotations

import os
import re
import stat
from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from rare_topics.errors import InputError

# Characters that a terminal obeys, that turn the direction of what is printed, or that are half of one.
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
REPLACEMENT = "\ufffd"
# Bytes that are read at a time.
PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much input is taken at the most; what goes beyond is refused, and the message says how to allow it.

    Attributes
    ----------
    file_bytes
        Size of a file.
    expanded_bytes
        Size of a compressed file once it is expanded.
    line_characters
        Length of a line of a page, or of a cell of a table: a whole body stands in one.
    file_articles
        Articles of one page or table.
    token_characters
        Length of a run of Latin letters and digits.

    Raises
    ------
    InputError
        If a limit is no whole number above 0.
    """

    file_bytes: int = 500_000_000
    expanded_bytes: int = 2_000_000_000
    line_characters: int = 2_000_000
    file_articles: int = 1_000_000
    token_characters: int = 10_000

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise InputError(f"the limit {name} is {value!r}", fix="give a whole number above 0")

    @classmethod
    def of(cls, settings: Iterable[str]) -> Limits:
        """Read limits written as ``NAME=NUMBER``.

        Raises
        ------
        InputError
            If a name is unknown or a number is none.
        """
        known = [field.name for field in fields(cls)]
        given = {}
        for setting in settings:
            name, _, number = setting.partition("=")
            if name not in known or not number.isascii() or not number.isdigit():
                raise InputError(f"no limit '{setting[:60]}'", fix=f"write NAME=NUMBER, NAME one of {', '.join(known)}")
            given[name] = int(number[:18])
        return cls(**given)

    def check(self, name: str, found: int, *, where: str, fix: str) -> None:
        """Refuse what goes beyond a limit.

        Raises
        ------
        InputError
            If more was found than the limit of this name allows.
        """
        most = getattr(self, name)
        if found > most:
            raise InputError(
                f"more than {most:,} {_spoken(name)}",
                where=where,
                fix=f"{fix}, or raise the limit {name}",
            )

    def check_text(self, text: str, *, where: str) -> None:
        """Refuse a text that is too long, or one of its words.

        Raises
        ------
        InputError
            If it goes beyond `line_characters` or `token_characters`.
        """
        self.check("line_characters", len(text), where=where, fix="check whether this is an article")
        if len(text) > self.token_characters and _run(self.token_characters + 1).search(text):
            self.check("token_characters", self.token_characters + 1, where=where, fix="take the encoded data out")


DEFAULT = Limits()


def _spoken(name: str) -> str:
    what, unit = name.split("_")
    return f"{unit} in a {what}" if what != "expanded" else f"{unit} once expanded"


@lru_cache(maxsize=8)
def _run(length: int) -> re.Pattern[str]:
    return re.compile(f"[0-9A-Za-z]{{{length}}}")


def read_bytes(path: Path, limits: Limits = DEFAULT) -> bytes:
    """Read a file whole.

    Raises
    ------
    InputError
        If it cannot be read, is larger than allowed, or is no plain file but a pipe, a device
        or a folder.
    """
    try:
        # A pipe without a writer would keep us waiting.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputError("is a folder, a pipe or a device", where=str(path), fix="give a plain file")
            data = read_up_to(file, limits.file_bytes)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"cannot be read ({reason})", where=str(path), fix="check the path and its permissions"
        ) from error
    limits.check("file_bytes", len(data), where=str(path), fix="split the file")
    return data


def read_up_to(file: BinaryIO, most: int) -> bytes:
    """Read a file piece by piece, to a little over `most` bytes; the size that it tells need not be true."""
    pieces, size = [], 0
    while size <= most and (piece := file.read(PIECE)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def decode(data: bytes, *, name: str) -> str:
    """Decode the bytes of a text file.

    Parameters
    ----------
    data
        UTF-8, with or without a byte order mark.
    name
        Of the file, for messages.

    Raises
    ------
    InputError
        If the file is empty, binary, not UTF-8, or cut within a character.
    """
    if not data.removeprefix(BOM_UTF8).strip():
        raise InputError("the file is empty", where=name, fix="save it again or remove it")
    if (nul := data.find(b"\0")) >= 0:
        raise InputError(
            "a NUL byte: the file is binary or damaged",
            where=f"{name}:{_line_of(data, nul)}",
            fix="save it as plain UTF-8 text",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{name}:{_line_of(data, error.start)}"
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise InputError("the file is cut within a character", where=where, fix="save it again") from error
        raise InputError(
            f"not UTF-8 (byte 0x{data[error.start]:02x})",
            where=where,
            fix=f"convert it, for example: iconv -f GB18030 -t UTF-8 {name} > new.txt",
        ) from error


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def check_link(path: Path, folder: Path) -> None:
    """Make sure that a file of a folder is in it, and no link to something elsewhere.

    Raises
    ------
    InputError
        If the link leads out of the folder.
    """
    if not path.is_symlink():
        return
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself
        inside = False
    if not inside:
        raise InputError("a link that leads out of the folder", where=str(path), fix="copy the file, or name it itself")


def printable(text: str) -> tuple[str, str]:
    """Put a mark in the place of each character that must not be printed; no offset changes.

    Returns
    -------
    text, found
        The text, and the code points that were replaced, as ``U+202E, U+0007``.
    """
    found = sorted({f"U+{ord(char):04X}" for char in UNPRINTABLE.findall(text)})
    return (UNPRINTABLE.sub(REPLACEMENT, text), ", ".join(found)) if found else (text, "")

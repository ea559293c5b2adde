"""The concepts of a lexicon with all their forms, made ready once and kept for the next process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from rare_topics.corpus.limits import read_bytes
from rare_topics.lexicon.lemmas import countries, sources
from rare_topics.lexicon.surface_forms import Form, Forms
from rare_topics.runtime.cache import DiskCache
from rare_topics.text.lexicon_file import Concept, read_lexicon


class Prepared(NamedTuple):
    """What a lexicon looks up.

    Attributes
    ----------
    concepts
        Those of the lexicon files and all countries, by name.
    forms
        Their surface forms.
    short
        The concept that a single Han character stands for within compounds.
    """

    concepts: dict[str, Concept]
    forms: Forms
    short: dict[str, str]


def key_of(path: str | Path | None, more: Sequence[Concept]) -> tuple[str, ...]:
    """Tell the state of one lexicon from another: the user's file, further concepts, releases."""
    own = sha256(read_bytes(Path(path))).hexdigest() if path is not None else ""
    return own, repr(more), *sources()


def prepare(path: str | Path | None, more: Sequence[Concept]) -> Prepared:
    """Read the concepts of a user's file, of the package, and further ones; or what an earlier process made of them.

    Raises
    ------
    InputError
        If the file is no lexicon; the message names the line.
    """
    memo = DiskCache("lexicon", *key_of(path, more))
    if "prefixes" not in memo:
        memo.update(_plain(_made(path, more)))
        memo.save()
    concepts = {
        name: Concept(concept=name, category=category, zh=tuple(zh), en=tuple(en), short=tuple(short))
        for name, category, zh, en, short in memo["concepts"]
    }
    known = {key: Form(concept, tuple(words), gap) for key, (concept, words, gap) in memo["forms"].items()}
    return Prepared(concepts, Forms(known, set(memo["prefixes"])), memo["short"])


def _made(path: str | Path | None, more: Sequence[Concept]) -> Prepared:
    own = read_lexicon(path) if path is not None else ()
    names = {concept.concept for concept in own}
    domain = (*own, *(concept for concept in (*read_lexicon(), *more) if concept.concept not in names))
    concepts = {concept.concept: concept for concept in domain}
    forms = Forms.of(domain)
    for country in countries():
        known = forms.get(country.zh[0])
        concept = replace(country, concept=known.concept) if known else country
        concepts.setdefault(concept.concept, concept)
        forms.add(concept)
    return Prepared(concepts, forms, {char: concept.concept for concept in reversed(domain) for char in concept.short})


def _plain(prepared: Prepared) -> dict[str, Any]:
    """Write what was made as values that JSON holds."""
    return {
        "concepts": list(map(astuple, prepared.concepts.values())),
        "forms": prepared.forms.known,
        "prefixes": sorted(prepared.forms.prefixes),
        "short": prepared.short,
    }

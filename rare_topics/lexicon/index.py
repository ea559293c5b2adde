"""The index of a lexicon: its concepts and surface forms, built once and cached for the next process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from rare_topics.corpus.limits import read_bytes
from rare_topics.lexicon.lemmas import cldr_countries, data_versions, hyphenated_words
from rare_topics.lexicon.surface_forms import SurfaceForm, SurfaceForms
from rare_topics.runtime.cache import DiskCache
from rare_topics.text.lexicon_file import Concept, read_lexicon


class LexiconIndex(NamedTuple):
    """What a lexicon looks up.

    Attributes
    ----------
    concepts
        Concepts of the lexicon files and all countries, by name.
    forms
        Their surface forms.
    short_forms
        Concept of each single Han character that stands for it within compounds.
    """

    concepts: dict[str, Concept]
    forms: SurfaceForms
    short_forms: dict[str, str]


def index_key(path: str | Path | None, extra_concepts: Sequence[Concept]) -> tuple[str, ...]:
    """Identify the content of a lexicon: the user's file, further concepts, and the releases of its sources.

    Parameters
    ----------
    path
        Lexicon file of the user, if any.
    extra_concepts
        Further concepts.
    """
    digest = sha256(read_bytes(Path(path))).hexdigest() if path is not None else ""
    return digest, repr(extra_concepts), *data_versions()


def load_index(path: str | Path | None, extra_concepts: Sequence[Concept]) -> LexiconIndex:
    """Build the index of a lexicon, or read it from the cache.

    Parameters
    ----------
    path
        Lexicon file of the user, whose forms take precedence, if any.
    extra_concepts
        Further concepts, which come after those of the package.

    Raises
    ------
    InputError
        If the file is not a lexicon; the message names the line.
    """
    cache = DiskCache("lexicon", *index_key(path, extra_concepts))
    if "prefixes" not in cache:
        cache.update(_to_json(_build_index(path, extra_concepts)))
        cache.save()
    concepts = {
        name: Concept(concept=name, category=category, zh=tuple(zh), en=tuple(en), short=tuple(short))
        for name, category, zh, en, short in cache["concepts"]
    }
    forms = {
        key: SurfaceForm(concept, tuple(words), n_between)
        for key, (concept, words, n_between) in cache["forms"].items()
    }
    return LexiconIndex(concepts, SurfaceForms(forms, set(cache["prefixes"])), cache["short_forms"])


def _build_index(path: str | Path | None, extra_concepts: Sequence[Concept]) -> LexiconIndex:
    own = read_lexicon(path) if path is not None else ()
    own_names = {concept.concept for concept in own}
    others = [concept for concept in (*read_lexicon(), *extra_concepts) if concept.concept not in own_names]
    domain = [*own, *others]
    concepts = {concept.concept: concept for concept in domain}
    forms = SurfaceForms.from_concepts(domain)
    for country in cldr_countries():
        known = forms.get(country.zh[0])
        concept = replace(country, concept=known.concept) if known else country
        listed = concepts.setdefault(concept.concept, concept)
        # The names of Taiwan are words that segmentation must not split, too.
        missing = tuple(form for form in concept.zh if form not in listed.zh and form not in forms)
        concepts[concept.concept] = replace(listed, zh=(*listed.zh, *missing))
        forms.add(concept)
    forms.add_hyphenated(hyphenated_words())
    # Of two concepts with one short form the first has it.
    short_forms = {char: concept.concept for concept in reversed(domain) for char in concept.short}
    return LexiconIndex(concepts, forms, short_forms)


def _to_json(index: LexiconIndex) -> dict[str, Any]:
    return {
        "concepts": list(map(astuple, index.concepts.values())),
        "forms": index.forms.forms,
        "prefixes": sorted(index.forms.prefixes),
        "short_forms": index.short_forms,
    }

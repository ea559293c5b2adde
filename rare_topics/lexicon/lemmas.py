"""English lemmas, function words of both languages, and the names of cldr_countries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from rare_topics.runtime.cache import DiskCache
from rare_topics.text.lexicon_file import Concept
from rare_topics.text.token_patterns import to_simplified

# Names of concepts with their weights.
WeightedConcepts = tuple[tuple[str, float], ...]

# Shorter lemmas say nothing about a subject.
MIN_LEMMA_LENGTH = 3
# A word in capitals of fewer letters is an abbreviation and has no plural: US, BAN.
MIN_CAPITALS_LENGTH = 4
# An ending is respelled behind so many letters: "organise", not "rise".
MIN_STEM_LENGTH = 3
# Endings of forms from which a reader finds the dictionary form.
REGULAR_ENDINGS = ("s", "ed", "ing", "er", "est")
_PLAIN_WORD = re.compile("[a-z]+")
# Two-letter codes of CLDR that are not countries: regions, test locales, the unknown region.
NON_COUNTRY_CODES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the dictionary form of an English word, in lower case, American spelling, and without dots.

    Examples
    --------
    >>> lemma("TARIFFS"), lemma("colours"), lemma("U.S.")
    ('tariff', 'color', 'us')
    """
    if not word.isalpha():
        return word.lower().rstrip(".") if "." not in word[:-1] else word.lower().replace(".", "")
    if word.isupper() and len(word) < MIN_CAPITALS_LENGTH:
        return word.lower()
    if len(word) > 2 and word[:-1].isupper() and word[-1] == "s":  # noqa: PLR2004 - plural of an abbreviation
        return word[:-1].lower()
    lowered = word.lower()
    cached = _lemma_cache().get(lowered)
    if cached is None:
        from simplemma import lemmatize

        cached = _lemma_cache()[lowered] = lemmatize(lowered, lang="en").lower()
    return american_spelling(str(cached))


def american_spelling(lemma: str) -> str:
    """Return the American spelling of a lemma, and the singular of what news print in the plural: people, indices."""
    words, endings = _spellings()
    found = words.get(lemma)
    if found is not None:
        return found
    for ending, instead in endings:
        if lemma.endswith(ending) and len(lemma) - len(ending) >= MIN_STEM_LENGTH:
            return lemma.removesuffix(ending) + instead
    return lemma


@lru_cache(maxsize=1)
def _spellings() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return other spellings of whole words, and of endings, the longest first; a word may stand for itself."""
    pairs = [line.split("\t") for line in _data_lines("spelling.tsv")[1:]]
    words = {british: american for british, american in pairs if not british.startswith("-")}
    endings = [(british[1:], american[1:]) for british, american in pairs if british.startswith("-")]
    return words, tuple(sorted(endings, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=1)
def hyphenated_words() -> tuple[tuple[str, str], ...]:
    """Return the two parts of words that are printed with a hyphen as well as in one: cease-fire."""
    pairs = (line.partition("-") for line in _data_lines("compounds.txt") if not line.startswith("#"))
    return tuple((first, second) for first, _, second in pairs)


def _data_lines(name: str) -> list[str]:
    return (files("rare_topics") / "data" / name).read_text("utf-8").splitlines()


@lru_cache(maxsize=1)
def _lemma_cache() -> DiskCache:
    return DiskCache("lemmas", version("simplemma"))


def save_lemmas() -> None:
    """Save the lemmas on disk, so that the next process need not load the lemmatizer."""
    _lemma_cache().save()


def irregular_forms() -> Mapping[str, str]:
    """Return the lemmas of English forms that no regular ending tells: bought, held, crises, tying.

    Returns
    -------
    mapping
        Lemma by form, from the dictionary of simplemma, both in lower case.
    """
    cache = DiskCache("irregular-forms", version("simplemma"))
    if not cache:
        from simplemma.strategies.dictionaries import DefaultDictionaryFactory

        for form, entry in DefaultDictionaryFactory().get_dictionary("en").items():
            name = entry.decode() if isinstance(entry, bytes) else entry
            is_regular = form.startswith(name[:-1]) and form.endswith(REGULAR_ENDINGS)
            if form != name and not is_regular and all(_PLAIN_WORD.fullmatch(word) for word in (form, name)):
                cache[form] = name
        cache.save()
    return cache


def data_versions() -> tuple[str, ...]:
    """Return the versions of the packages and a digest of the files whose data decide the concepts of a word."""
    own = "\n".join(line for name in ("spelling.tsv", "compounds.txt") for line in _data_lines(name))
    versions = (version(name) for name in ("babel", "jieba", "opencc", "simplemma", "stopwordsiso"))
    return *versions, sha256(own.encode()).hexdigest()


def english_concepts(word: str) -> WeightedConcepts:
    """Return the lemma of a general English word as its concept; none for function words and very short words."""
    name = lemma(word)
    lowered = word.lower()
    if len(name) < MIN_LEMMA_LENGTH or name in stop_words("en") or lowered in stop_words("en"):
        return ()
    return ((name, 1.0),)


@lru_cache(maxsize=2)
def stop_words(lang: str) -> frozenset[str]:
    """Return words that say nothing about a subject: function words, and words of summaries and news in general.

    The package's own list adds words to those of stopwordsiso; a ``!`` before a word takes it out.
    """
    from stopwordsiso import stopwords

    lines = (files("rare_topics") / "data" / f"stopwords_{lang}.txt").read_text("utf-8").splitlines()
    listed = {word for line in lines if not line.startswith("#") for word in line.split()}
    added = {word for word in listed if not word.startswith("!")}
    removed = {word[1:] for word in listed if word.startswith("!")}
    return frozenset((stopwords(lang) | added) - removed)


def cldr_countries() -> list[Concept]:
    """Return a concept for each country that CLDR names in both languages, with its name in Taiwan."""
    from babel import Locale

    zh, taiwan = Locale("zh", script="Hans").territories, Locale("zh", script="Hant").territories
    concepts = []
    for code, name in Locale("en").territories.items():
        plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
        concept = re.sub(r"[^a-z]+", "_", plain).strip("_")
        if len(code) == 2 and code.isalpha() and code in zh and code not in NON_COUNTRY_CODES:  # noqa: PLR2004
            names = (to_simplified(zh[code]), to_simplified(taiwan.get(code, zh[code])))
            kept = (names[0], *(form for form in names[1:] if form != names[0] and "\uff08" not in form))
            concepts.append(Concept(concept=concept, category="country", zh=kept, en=(name,)))
    return concepts

"""English lemmas, function words of both languages, and the names of countries."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files

from rare_topics.runtime.cache import DiskCache
from rare_topics.text.lexicon_file import Concept
from rare_topics.text.token_patterns import simplified

Weighted = tuple[tuple[str, float], ...]

# Codes of CLDR that are no country: regions, test locales, the unknown.
NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Reduce an English word to its dictionary form, in lower case."""
    if not word.isalpha():
        return word.lower().rstrip(".") if "." not in word[:-1] else word.lower().replace(".", "")
    if word.isupper():
        return word.lower()
    if len(word) > 2 and word[:-1].isupper() and word[-1] == "s":  # noqa: PLR2004 - plural of an abbreviation
        return word[:-1].lower()
    lowered = word.lower()
    known = _lemmas().get(lowered)
    if known is None:
        from simplemma import lemmatize

        known = _lemmas()[lowered] = lemmatize(lowered, lang="en").lower()
    return str(known)


@lru_cache(maxsize=1)
def _lemmas() -> DiskCache:
    return DiskCache("lemmas", version("simplemma"))


def save_lemmas() -> None:
    """Keep on disk what was looked up, so that the next process need not load the lemmatizer."""
    _lemmas().save()


def sources() -> tuple[str, ...]:
    """Name the releases that the meaning of a word depends on."""
    return tuple(version(name) for name in ("babel", "jieba", "opencc", "simplemma", "stopwordsiso"))


def latin(word: str) -> Weighted:
    """Reduce a general English word to its lemma; function words and the shortest give nothing."""
    name = lemma(word)
    lowered = word.lower()
    if len(name) < 3 or name in stop_words("en") or lowered in stop_words("en"):  # noqa: PLR2004
        return ()
    return ((name, 1.0),)


@lru_cache(maxsize=2)
def stop_words(lang: str) -> frozenset[str]:
    """Words that say nothing about a subject, and those of the summarising genre itself."""
    from stopwordsiso import stopwords

    own = (files("rare_topics") / "data" / f"stopwords_{lang}.txt").read_text("utf-8").splitlines()
    own_words = {word for line in own if not line.startswith("#") for word in line.split()}
    kept = {word[1:] for word in own_words if word.startswith("!")}
    return frozenset((stopwords(lang) | {word for word in own_words if not word.startswith("!")}) - kept)


def countries() -> list[Concept]:
    """Every country that CLDR names in both languages."""
    from babel import Locale

    zh, en = Locale("zh", script="Hans").territories, Locale("en").territories
    concepts = []
    for code, name in en.items():
        plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
        concept = re.sub(r"[^a-z]+", "_", plain).strip("_")
        if len(code) == 2 and code.isalpha() and code in zh and code not in NO_COUNTRY:  # noqa: PLR2004
            concepts.append(Concept(concept=concept, category="country", zh=(simplified(zh[code]),), en=(name,)))
    return concepts

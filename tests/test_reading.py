"""Specification of reading in bulk: the concepts that one text after the other names, counted at once."""

from __future__ import annotations

import pickle
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.corpus import Corpus
from rare_topics.lexicon import Lexicon
from rare_topics.text.segmenter import Segmenter
from rare_topics.vectorize import concept_counts as reading
from rare_topics.vectorize.concept_counts import Reading, read_texts

LEXICON = Lexicon()
SEGMENTER = Segmenter(words=LEXICON.words)
PIECES = [
    *("稀土", "中美", "中 美", "关税", "镜子", "中", "美", "俄", "的", "出口管制", "關稅", "三年", "2.1万项", "５Ｇ"),
    *("rare earth", "Rare Earths", "New South Wales", "New. South Wales", "United States", "of America", "U.S.", "us"),
    *("U.S.-China", "UAVs", "tariffs", "mirror's", "export controls", "a-", "[3]", "\n", " ", ",", ". "),
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def by_mentions(texts: list[str], lexicon: Lexicon = LEXICON) -> list[dict[str, float]]:
    """Count the mentions of each text, one after the other."""
    found = []
    for text in texts:
        counts: Counter[str] = Counter()
        for mention in lexicon.mentions(SEGMENTER.tokenize(text)):
            counts[mention.concept] += mention.weight
        found.append({name: round(count, 9) for name, count in counts.items()})
    return found


def by_reading(read: Reading) -> list[dict[str, float]]:
    """Give the counts of a reading in the same form."""
    rows = read.counts.toarray()
    return [{read.concepts[column]: round(float(row[column]), 9) for column in np.flatnonzero(row)} for row in rows]


def same(one: Reading, other: Reading) -> bool:
    """Whether two readings are equal to the last bit."""
    equal = one.concepts == other.concepts and one.words == other.words and one.phrases == other.phrases
    return equal and np.array_equal(one.counts.toarray(), other.counts.toarray())


class TestCounts:
    """A reading holds what the mentions say."""

    @given(st.lists(TEXT, max_size=6))
    def test_it_counts_the_mentions_of_each_text(self, texts: list[str]) -> None:
        """Phrases, short forms side by side, words alone."""
        assert by_reading(read_texts(texts, LEXICON, SEGMENTER)) == by_mentions(texts)

    @given(st.lists(TEXT | st.text(max_size=30), max_size=6))
    def test_it_weighs_the_printed_forms_of_the_mentions(self, texts: list[str]) -> None:
        """As printed, wraps and script and all."""
        surfaces = read_texts(texts, LEXICON, SEGMENTER).tally.surfaces(LEXICON)
        expected: dict[str, Counter[str]] = {}
        for text in texts:
            for mention in LEXICON.mentions(SEGMENTER.tokenize(text)):
                expected.setdefault(mention.concept, Counter())[text[mention.start : mention.end]] += mention.weight
        assert surfaces.keys() == expected.keys()
        assert all(surfaces[name] == pytest.approx(forms) for name, forms in expected.items())

    def test_on_the_seeds(self, seeds: Corpus) -> None:
        texts = [passage.text for passage in seeds.passages]
        assert by_reading(read_texts(texts, LEXICON, SEGMENTER)) == by_mentions(texts)

    @pytest.mark.parametrize("texts", [[], [""], ["", "的", "[1]"]])
    def test_texts_that_name_nothing(self, texts: list[str]) -> None:
        """Are rows without columns."""
        read = read_texts(texts, LEXICON, SEGMENTER)
        assert (read.concepts, read.counts.shape) == ([], (len(texts), 0))

    def test_each_distinct_word_is_glossed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """However often it stands."""
        asked: Counter[str] = Counter()
        senses = Lexicon._han
        lexicon = Lexicon()
        lexicon._general.clear()
        monkeypatch.setattr(Lexicon, "_han", lambda self, word: asked.update([word]) or senses(self, word))
        read_texts(["镜子和桌子", "镜子,镜子,镜子"] * 50, lexicon, SEGMENTER)
        assert asked["镜子"] == 1


class TestBlocks:
    """Neither blocks nor processes change the answer."""

    @given(st.lists(TEXT, max_size=8), st.integers(1, 60))
    def test_a_row_does_not_depend_on_its_block(self, texts: list[str], size: int) -> None:
        """To the last bit."""
        whole = read_texts(texts, LEXICON, SEGMENTER)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "BLOCK", size)
            assert same(read_texts(texts, LEXICON, SEGMENTER), whole)

    @pytest.mark.slow
    def test_two_processes_read_as_one_does(self, seeds: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
        """In the same order."""
        monkeypatch.setattr(reading, "BLOCK", 5000)
        texts = [passage.text for passage in seeds.passages]
        assert same(read_texts(texts, LEXICON, SEGMENTER, n_jobs=2), read_texts(texts, LEXICON, SEGMENTER, n_jobs=1))

    def test_progress_is_told_to_the_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "BLOCK", 4)
        told: list[tuple[int, int]] = []
        read_texts(["稀土价格", "关税", "镜子"], LEXICON, SEGMENTER, progress=lambda *done: told.append(done))
        assert told[-1] == (3, 3)
        assert told == sorted(told)

    def test_a_lexicon_is_sent_as_its_settings(self) -> None:
        """Not with its dictionaries."""
        sent = pickle.dumps(LEXICON)
        assert len(sent) < 1000
        copy = pickle.loads(sent)  # noqa: S301 - our own
        assert by_mentions(["中美稀土镜子"], copy) == by_mentions(["中美稀土镜子"])

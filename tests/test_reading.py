"""Specification of reading in bulk: the concepts that one text after the other names, counted at once."""

from __future__ import annotations

import pickle
from collections import Counter
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.corpus import Corpus
from rare_topics.lexicon import Lexicon
from rare_topics.lexicon.cedict import Glosses
from rare_topics.text.segmenter import Segmenter
from rare_topics.vectorize.concept_counts import BlockCounts, DiskCounts, concatenate_counts, count_block, count_texts

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


def by_block(block: BlockCounts) -> list[dict[str, float]]:
    """Give the counts of a reading in the same form."""
    rows = block.counts.toarray()
    return [{block.concepts[column]: round(float(row[column]), 9) for column in np.flatnonzero(row)} for row in rows]


def same(one: BlockCounts, other: BlockCounts) -> bool:
    """Whether two readings are equal to the last bit."""
    equal = one.concepts == other.concepts and one.words == other.words and one.phrases == other.phrases
    return equal and np.array_equal(one.counts.toarray(), other.counts.toarray())


class TestCounts:
    """A reading holds what the mentions say."""

    @given(st.lists(TEXT, max_size=6))
    def test_it_counts_the_mentions_of_each_text(self, texts: list[str]) -> None:
        """Phrases, short forms side by side, words alone."""
        assert by_block(count_texts(texts, LEXICON, SEGMENTER)) == by_mentions(texts)

    @given(st.lists(TEXT | st.text(max_size=30), max_size=6))
    def test_it_weighs_the_printed_forms_of_the_mentions(self, texts: list[str]) -> None:
        """As printed, wraps and script and all."""
        surfaces = count_texts(texts, LEXICON, SEGMENTER).totals.surface_forms(LEXICON)
        expected: dict[str, Counter[str]] = {}
        for text in texts:
            for mention in LEXICON.mentions(SEGMENTER.tokenize(text)):
                expected.setdefault(mention.concept, Counter())[text[mention.start : mention.end]] += mention.weight
        assert surfaces.keys() == expected.keys()
        assert all(surfaces[name] == pytest.approx(forms) for name, forms in expected.items())

    def test_on_the_seeds(self, seeds: Corpus) -> None:
        texts = [passage.text for passage in seeds.passages]
        assert by_block(count_texts(texts, LEXICON, SEGMENTER)) == by_mentions(texts)

    @pytest.mark.parametrize("texts", [[], [""], ["", "的", "[1]"]])
    def test_texts_that_name_nothing(self, texts: list[str]) -> None:
        """Are rows without columns."""
        block = count_texts(texts, LEXICON, SEGMENTER)
        assert (block.concepts, block.counts.shape) == ([], (len(texts), 0))

    def test_each_distinct_word_is_glossed_once(self) -> None:
        """However often it stands."""
        looked_up: Counter[str] = Counter()

        class CountingGlosses(Glosses):
            # A digest of its own: nothing comes from the cache on disk, nor from that of an earlier run.
            digest = f"counting {uuid4()}"

            def senses(self, word: str) -> list[str]:
                looked_up.update([word])
                return super().senses(word)

        count_texts(["镜子和桌子", "镜子,镜子,镜子"] * 50, Lexicon(glosses=CountingGlosses()), SEGMENTER)
        assert looked_up["镜子"] == 1


class TestBlocks:
    """Neither blocks nor processes change the answer."""

    @pytest.mark.slow
    @given(st.lists(TEXT, max_size=8), st.integers(1, 60))
    def test_a_row_does_not_depend_on_its_block(self, texts: list[str], size: int) -> None:
        """To the last bit."""
        whole = count_texts(texts, LEXICON, SEGMENTER)
        assert same(count_texts(texts, LEXICON, SEGMENTER, block_chars=size, n_jobs=1), whole)

    @pytest.mark.slow
    def test_two_processes_read_as_one_does(self, seeds: Corpus) -> None:
        """In the same order."""
        texts = [passage.text for passage in seeds.passages]
        one, two = (count_texts(texts, LEXICON, SEGMENTER, block_chars=5000, n_jobs=n_jobs) for n_jobs in (1, 2))
        assert same(one, two)

    def test_progress_is_reported_to_the_end(self) -> None:
        reported: list[tuple[int, int]] = []
        texts = ["稀土价格", "关税", "镜子"]
        count_texts(texts, LEXICON, SEGMENTER, block_chars=4, progress=lambda *done: reported.append(done))
        assert reported == [(1, 3), (3, 3)]

    def test_counts_on_disk_come_back_in_their_order(self) -> None:
        """Without what is counted over all texts, which nobody asks of them."""
        blocks = [count_block(texts, LEXICON, SEGMENTER) for texts in (["稀土", "关税"], [""], ["tariffs"])]
        with DiskCounts() as on_disk:
            for block in blocks:
                on_disk.append(block)
            found, again = list(on_disk), list(on_disk)
        assert [block.concepts for block in found] == [block.concepts for block in again]
        whole = concatenate_counts(blocks)
        assert np.array_equal(concatenate_counts(found).counts.toarray(), whole.counts.toarray())
        assert not concatenate_counts(found).words

    def test_a_lexicon_is_sent_as_its_settings(self) -> None:
        """Not with its dictionaries."""
        sent = pickle.dumps(LEXICON)
        assert len(sent) < 1000
        copy = pickle.loads(sent)  # noqa: S301 - our own
        assert by_mentions(["中美稀土镜子"], copy) == by_mentions(["中美稀土镜子"])

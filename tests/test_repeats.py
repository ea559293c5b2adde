"""Specification of repeats: a story told in the other language within days is found, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.vectorize.story_groups import (
    MAX_TRANSLATION_DELAY,
    StoryPair,
    first_tellings,
    translation_pairs,
)
from rare_topics.vectorize.vectorizer import ConceptVectorizer

DAY = datetime(2025, 10, 1, 8, 0)  # noqa: DTZ001 - feeds print no time zone
STORIES = (
    ("zh", "澳大利亚莱纳斯公司在得克萨斯州建设稀土精炼厂,美国国防部提供资金,工厂将生产镝和铽。"),
    ("en", "Australia's Lynas builds a rare earth refinery in Texas to produce dysprosium; the Pentagon funds it."),
    ("zh", "巴西大豆出口创纪录,关税打击美国农民,粮仓已满。"),
    ("en", "Brazil's soybean exports set a record; tariffs hit American farmers, whose storage is full."),
    ("zh", "日本电池厂商寻找印度尼西亚的镍矿,电动汽车需求放缓。"),
    ("en", "A volcano in Iceland erupts and closes the airport of the capital for a week."),
)
LANGS = [lang for lang, _ in STORIES]
COUNTS = ConceptVectorizer().fit_transform([text for _, text in STORIES])


def found(dates: list[datetime | None]) -> list[tuple[int, int]]:
    return sorted((pair.one, pair.other) for pair in translation_pairs(COUNTS, LANGS, dates))


class TestTranslations:
    """Two languages, one story."""

    def test_each_story_finds_its_twin_and_no_other(self) -> None:
        assert found([DAY] * 6) == [(0, 1), (2, 3)]

    def test_articles_without_a_date_are_compared_among_themselves(self) -> None:
        assert found([None] * 6) == [(0, 1), (2, 3)]
        assert found([None, DAY, DAY, DAY, DAY, DAY]) == [(2, 3)]

    def test_days_apart_it_is_another_story(self) -> None:
        assert found([DAY + number // 2 * timedelta(days=9) for number in range(6)]) == [(0, 1), (2, 3)]
        assert found([DAY, DAY + MAX_TRANSLATION_DELAY, *[DAY + 2 * MAX_TRANSLATION_DELAY] * 4]) == [(0, 1), (2, 3)]
        assert found([DAY, *[DAY + MAX_TRANSLATION_DELAY + timedelta(minutes=1)] * 5]) == [(2, 3)]

    def test_one_language_has_no_translations(self) -> None:
        assert list(translation_pairs(COUNTS, ["en"] * 6, [DAY] * 6)) == []

    def test_how_alike_they_are_is_said(self) -> None:
        assert all(
            0.4 <= pair.similarity <= 1 and pair.kind == "translation"
            for pair in translation_pairs(COUNTS, LANGS, [DAY] * 6)
        )


class TestFirstTellings:
    """What pairs join is one story."""

    def test_a_chain_of_pairs_is_one_story_of_its_first(self) -> None:
        pairs = [StoryPair(1, 3, 0.9, "copy"), StoryPair(3, 4, 0.5, "translation")]
        assert first_tellings(5, pairs).tolist() == [0, 1, 2, 1, 1]

    def test_without_pairs_every_article_is_its_own(self) -> None:
        assert first_tellings(3, []).tolist() == [0, 1, 2]

    @given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12), st.randoms())
    def test_the_order_of_the_pairs_does_not_matter(self, joined, random) -> None:
        """And a story is its first article's."""
        pairs = [StoryPair(min(pair), max(pair), 1.0, "copy") for pair in joined if pair[0] != pair[1]]
        result = first_tellings(8, pairs)
        random.shuffle(pairs)
        assert np.array_equal(result, first_tellings(8, pairs))
        assert all(result[pair.one] == result[pair.other] for pair in pairs)
        assert all(result[first] == first <= row for row, first in enumerate(result))

"""Specification of reading in blocks: whatever their size and the number of processes, one outcome."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rare_topics.claims import Claims
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.records import Article
from rare_topics.runtime import map_batches as blocks
from rare_topics.runtime.map_batches import map_batches
from rare_topics.themes import ThemeFinder, finder


def titles(articles: Sequence[Article]) -> list[str]:
    return [article.title for article in articles]


@pytest.mark.parametrize("size", [1, 7, 34, 100])
def test_blocks_follow_each_other(seeds: Corpus, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", size)
    found = list(map_batches(titles, seeds.articles))
    assert [title for block in found for title in block] == titles(seeds.articles)
    assert max(map(len, found)) == min(size, len(seeds))


def test_small_blocks_find_the_same_themes_and_claims(seeds: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article is read by itself."""
    part = Corpus(seeds.articles[:6])
    expected = ThemeFinder().find(part).marks, Claims(part).claims
    for module in (blocks, finder):
        monkeypatch.setattr(module, "BLOCK", 2)
    assert (ThemeFinder().find(part).marks, Claims(part).claims) == expected


@pytest.mark.slow
def test_more_processes_find_the_same_themes_and_claims(seeds: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same order."""
    expected = ThemeFinder().find(seeds).marks, Claims(seeds).claims
    monkeypatch.setattr(blocks, "MANY_ARTICLES", 1)
    for module in (blocks, finder):
        monkeypatch.setattr(module, "BLOCK", 5)
    assert (ThemeFinder().find(seeds).marks, Claims(seeds).claims) == expected

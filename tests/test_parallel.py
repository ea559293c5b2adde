"""Specification of reading in batches: whatever their size and the number of processes, one outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from rare_topics.claims import ClaimReader
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.records import Article
from rare_topics.lexicon import Lexicon
from rare_topics.runtime.parallel import map_batches
from rare_topics.text import Segmenter
from rare_topics.themes import ThemeFinder


def titles(articles: Sequence[Article]) -> list[str]:
    return [article.title for article in articles]


@pytest.mark.parametrize("size", [1, 7, 34, 100])
def test_batches_follow_each_other(seeds: Corpus, size: int) -> None:
    found = list(map_batches(titles, seeds.articles, batch_size=size))
    assert [title for batch in found for title in batch] == titles(seeds.articles)
    assert max(map(len, found)) == min(size, len(seeds))


def themes_and_claims(articles: Sequence[Article], *, batch_size: int, **settings: Any) -> list[Any]:
    """Read themes and claims in batches; a theme's article is given by its position in the whole."""
    lexicon = Lexicon()
    claims = map_batches(
        ClaimReader(lexicon, Segmenter(lexicon.words)).read, articles, batch_size=batch_size, **settings
    )
    themes = map_batches(ThemeFinder().matcher, articles, batch_size=batch_size, **settings)
    return [
        *(claim for batch in claims for claim in batch),
        *(
            found._replace(article=number * batch_size + found.article)
            for number, batch in enumerate(themes)
            for found in batch
        ),
    ]


def test_small_batches_find_the_same_themes_and_claims(seeds: Corpus) -> None:
    """An article is read by itself."""
    part = seeds.articles[:6]
    found = themes_and_claims(part, batch_size=2)
    assert found
    assert found == themes_and_claims(part, batch_size=6)


@pytest.mark.slow
def test_more_processes_find_the_same_themes_and_claims(seeds: Corpus) -> None:
    """In the same order."""
    found = themes_and_claims(seeds.articles, batch_size=5, parallel_from=1)
    assert found == themes_and_claims(seeds.articles, batch_size=34, n_jobs=1)

"""Specification of reading in batches: whatever their size and the number of processes, one outcome."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rare_topics.claims import ClaimReader
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.records import Article
from rare_topics.lexicon import Lexicon
from rare_topics.runtime.parallel import helper_process, map_batches, parallel_map
from rare_topics.study import LocalPipeline, Study
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
    part = seeds.articles[:12]
    found = themes_and_claims(part, batch_size=2, parallel_from=1)
    assert found == themes_and_claims(part, batch_size=12, n_jobs=1)


def number_of_this_process(_: int) -> int:
    return os.getpid()


def refuse(number: int) -> int:
    raise ValueError(f"{number} is refused")


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").split()[2] != "Z"
    except OSError:
        return False


def test_an_error_in_another_process_is_raised_here() -> None:
    with pytest.raises(ValueError, match="3 is refused"):
        list(parallel_map(refuse, [3, 4], n_jobs=2))


def test_processes_end_after_the_last_task() -> None:
    numbers = set(parallel_map(number_of_this_process, range(8), n_jobs=2))
    assert os.getpid() not in numbers
    assert not any(map(is_running, numbers))


@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_processes_end_where_what_started_them_is_killed() -> None:
    """Nobody else would end them."""
    work = (
        "import os, time\nfrom rare_topics.runtime.parallel import parallel_map\n"
        "def work(_):\n    print(os.getpid(), flush=True)\n    time.sleep(60)\n"
        "list(parallel_map(work, range(4), n_jobs=2))\n"
    )
    with subprocess.Popen([sys.executable, "-c", work], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        numbers = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(map(is_running, numbers))
        parent.kill()
    deadline = time.monotonic() + 30
    while any(map(is_running, numbers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_running, numbers))


class TestHelper:
    """A process beside this one does some of the steps of a fit."""

    @pytest.mark.parametrize("is_killed", [False, True])
    def test_a_helper_changes_no_table(self, is_killed: bool, seeds: Corpus) -> None:
        """One that is killed, neither."""
        part = Corpus(seeds.articles[:12])
        alone = Study(n_topics=2, n_clusters=2).fit(part)
        with helper_process("rare_topics.themes") as helper:
            assert helper
            if is_killed:
                helper.submit(os._exit, 1)
            helped = Study(n_topics=2, n_clusters=2, spark=LocalPipeline(helper=helper)).fit(part)
        for table in ("similar", "map"):
            pd.testing.assert_frame_equal(getattr(helped, table), getattr(alone, table))
        pd.testing.assert_frame_equal(helped.themes.evidence, alone.themes.evidence)
        pd.testing.assert_frame_equal(helped.themes.topic_coverage, alone.themes.topic_coverage)

    def test_a_helper_shares_what_was_imported_and_ends(self) -> None:
        with helper_process() as helper:
            assert helper
            number = helper.submit(os.getpid).result()
            assert number != os.getpid()
        assert not is_running(number)

"""Specification of reading in batches: whatever their size and the number of processes, one outcome."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import SEEDS

from rare_topics.claims import ClaimReader
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.limits import DEFAULT_LIMITS
from rare_topics.corpus.records import Article
from rare_topics.lexicon import Lexicon
from rare_topics.runtime.parallel import done_beside, helper_process, map_batches, parallel_map
from rare_topics.study import LocalPipeline, Study, StudySettings
from rare_topics.study.text_reading import read_texts
from rare_topics.text import Segmenter
from rare_topics.themes import ThemeFinder

PAGES = sorted(SEEDS.glob("*.txt"))


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


def local_pipeline(reader: Executor, helper: Executor | None, source: Path) -> LocalPipeline:
    """Return a pipeline with one process that reads the texts of a source, and another for the map."""
    reading = reader.submit(read_texts, source, settings=StudySettings(), limits=DEFAULT_LIMITS)
    return LocalPipeline(helper=helper, reading=reading)


class TestHelper:
    """Processes beside this one do some of the steps of a fit."""

    @pytest.mark.parametrize("is_killed", [False, True])
    def test_helpers_change_no_table(self, is_killed: bool) -> None:
        """Those that are killed, neither."""
        page = PAGES[0]
        alone = Study(n_topics=2, n_clusters=2).fit(page)
        with helper_process() as reader, helper_process() as helper:
            assert reader
            assert helper
            if is_killed:
                reader.submit(os._exit, 1)
                helper.submit(os._exit, 1)
            helped = Study(n_topics=2, n_clusters=2, spark=local_pipeline(reader, helper, page)).fit(page)
        for table in ("similar", "map"):
            pd.testing.assert_frame_equal(getattr(helped, table), getattr(alone, table))
        pd.testing.assert_frame_equal(helped.themes.evidence, alone.themes.evidence)
        pd.testing.assert_frame_equal(helped.themes.topic_coverage, alone.themes.topic_coverage)
        pd.testing.assert_frame_equal(helped.claims.table, alone.claims.table)

    def test_what_was_read_of_other_pages_is_left(self) -> None:
        """As where a page changed in between."""
        first, second, *_ = PAGES
        with helper_process() as reader:
            assert reader
            helped = Study(n_topics=2, n_clusters=2, spark=local_pipeline(reader, None, second)).fit(first)
        assert {*helped.claims.table["article_id"]} <= {article.article_id for article in helped.corpus}
        assert len(helped.claims)

    def test_a_helper_shares_what_was_imported_and_ends(self) -> None:
        with helper_process() as helper:
            assert helper
            number = helper.submit(os.getpid).result()
            assert number != os.getpid()
        assert not is_running(number)

    @pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
    def test_an_error_does_not_wait_for_what_a_helper_does(self) -> None:
        numbers = []

        def fail() -> None:
            with helper_process() as helper:
                assert helper
                numbers.append(helper.submit(os.getpid).result())
                helper.submit(time.sleep, 600)
                raise RuntimeError("beside")

        with pytest.raises(RuntimeError, match="beside"):
            fail()
        assert not is_running(*numbers)


class TestDoneBeside:
    """A block of code runs while another process does something."""

    def test_it_is_done_at_the_end_of_the_block(self, tmp_path: Path) -> None:
        with done_beside(lambda: (tmp_path / "number").write_text(str(os.getpid()), "utf-8")):
            pass
        assert (tmp_path / "number").read_text("utf-8") != str(os.getpid())

    def test_what_goes_wrong_in_it_is_raised(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError), done_beside((tmp_path / "missing").read_bytes):
            pass

    def test_an_error_in_the_block_ends_it(self) -> None:
        with pytest.raises(RuntimeError, match="block"), done_beside(lambda: time.sleep(600)):
            raise RuntimeError("block")

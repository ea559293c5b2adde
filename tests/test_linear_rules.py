"""Law: every family of rules reads a passage in time that grows with its length, whatever the passage repeats."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

import pytest

from rare_topics.claims.extractor import ClaimReader
from rare_topics.corpus.feed_pages import parse_page
from rare_topics.corpus.limits import Limits
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article
from rare_topics.quantities import find_quantities
from rare_topics.themes.finder import ThemeFinder

# The time of the rules is measured, not that of counting their lines.
pytestmark = pytest.mark.no_cover
Read = Callable[[str], object]

LENGTH = 3000
# Twice the text takes twice the time where it grows with the length, four times where it grows with the square.
MAX_GROWTH = 3.0
# Seconds of processor time below which a measurement is noise.
NEGLIGIBLE = 0.02
# A busy machine may be slow once.
REPEATS = 3

PAGE = "Search documents\n\nT\nS· 2025-01-02 03:04\n{}\n"

SEEDS = {
    "acts": "ban export mine ",
    "an act with its actors": "China bans rare earth exports to the United States, ",
    "an act with its actors in Chinese": "中国限制稀土出口美国，",
    "countries in a row": "China, Japan and India ",
    "countries in a row in Chinese": "中国、美国、",
    "short forms of countries": "中美",
    "a project": "Lynas's mine in Malaysia ",
    "sums": "$3 billion 3 billion ",
    "shares": "分别为1%、2%、",
    "ranges": "from 5% to 10% ",
    "dates": "January 2025 2025-01-02 ",
    "headings": "Group 1: x - ",
    "citations": "[1] ",
    "digits": "1",
    "numerals": "百万",
    "one character": "稀",
    "no sentence ends": "a,b;",
}


@pytest.fixture(scope="module")
def families() -> Mapping[str, Read]:
    finder = ThemeFinder()
    reader = finder.reader
    claims = ClaimReader(reader.lexicon, reader.segmenter)

    def article(text: str, title: str = "China bans exports") -> Article:
        return Article(article_id="a", title=title, body=text, title_lang="en", body_lang="en")

    return {
        "pages": lambda text: parse_page(PAGE.format(text), name="page.txt", limits=Limits(token_characters=10**6)),
        "passages": lambda text: split_passages(article(text)),
        "segmentation": reader.segmenter.tokenize,
        "lexicon": lambda text: reader.lexicon.mentions(reader.segmenter.tokenize(text)),
        "cases of countries": reader.read,
        "themes": lambda text: finder.matcher([article(text)]),
        "themes of a headline": lambda text: finder.matcher([article("China bans exports. " * 3, title=text)]),
        "themes under a heading": lambda text: finder.matcher([article(f"Group 1: {text}\nA - x. B - y. [1]")]),
        "quantities": find_quantities,
        "claims": lambda text: claims.read([article(text)]),
    }


FAMILIES = (
    *("pages", "passages", "segmentation", "lexicon", "cases of countries", "themes", "themes of a headline"),
    *("themes under a heading", "quantities", "claims"),
)


def seconds(read: Read, text: str) -> float:
    """Return the processor time of reading a text, without that of collecting the garbage of other tests."""
    gc.disable()
    try:
        start = time.process_time()
        read(text)
        return time.process_time() - start
    finally:
        gc.enable()


def grows_faster(read: Read, seed: str, length: int = LENGTH) -> bool:
    """Tell whether twice the text takes more than three times the time, as often as it is tried."""
    once, twice = ((seed * (size // len(seed) + 1))[:size] for size in (length, 2 * length))
    read(once[:200])
    return all(
        large > NEGLIGIBLE and large > MAX_GROWTH * small
        for small, large in ((seconds(read, once), seconds(read, twice)) for _ in range(REPEATS))
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("family", FAMILIES)
def test_twice_the_text_takes_twice_the_time(families: Mapping[str, Read], family: str, seed: str) -> None:
    assert not grows_faster(families[family], SEEDS[seed])


def test_a_rule_that_compares_each_with_each_would_be_found() -> None:
    assert grows_faster(lambda text: sum(one == other for one in text for other in text), "ab", length=1500)


def test_every_family_is_measured(families: Mapping[str, Read]) -> None:
    assert set(families) == set(FAMILIES)

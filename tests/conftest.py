"""Fixtures that several test files share: the embedded corpus and a writer of pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from rare_topics.corpus import Corpus
from rare_topics.study import Study

SEEDS = Path(__file__).parent.parent / "seeds"

# A slow machine is no failure, and no run differs from another.
settings.register_profile("specification", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("specification")

Record = tuple[str, str, str]
PageWriter = Callable[..., Path]


def page_text(records: Sequence[Record], *, tag: str = "稀土", newline: str = "\n", header: Sequence[str] = ()) -> str:
    """Write a page by its grammar: the header, then title, date line and body of each record."""
    lines = [*(header or ("Workflow", tag, "icon")), "Search documents"]
    for title, date_line, body in records:
        lines += [title, date_line, body]
    return newline.join(lines) + newline


@pytest.fixture(scope="session")
def seeds() -> Corpus:
    """Give the corpus of the five embedded pages."""
    return Corpus.from_pages(SEEDS)


@pytest.fixture(scope="session")
def study(seeds: Corpus) -> Study:
    """Give the study of the five embedded pages, fitted once; tests read it and change nothing."""
    return Study(random_state=0).fit(seeds)


@pytest.fixture
def page(tmp_path: Path) -> PageWriter:
    """Give a function that writes a page of (title, date line, body) records and returns its path."""

    def write(*records: Record, name: str = "page.txt", **layout: object) -> Path:
        path = tmp_path / name
        path.write_bytes(page_text(records, **layout).encode("utf-8"))  # type: ignore[arg-type]
        return path

    return write

"""Specification of prepared lexicons: what one process made, the next one finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from rare_topics.errors import InputError
from rare_topics.lexicon import Lexicon
from rare_topics.lexicon import index as prepared
from rare_topics.text.lexicon_file import COLUMNS
from rare_topics.text.segmenter import Segmenter

HEADER = "\t".join(COLUMNS)


@pytest.fixture(autouse=True)
def empty_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)), "utf-8")
    return path


def test_what_was_made_is_found_again_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is read again and no form cut into words."""
    made = prepared.prepare(None, ())
    monkeypatch.setattr(prepared, "_made", None)
    found = prepared.prepare(None, ())
    assert found.concepts == made.concepts
    assert list(found.concepts) == list(made.concepts)
    assert (found.forms.known, found.forms.prefixes) == (made.forms.known, made.forms.prefixes)
    assert found.short == made.short


def test_a_lexicon_that_is_found_reads_as_the_one_that_was_made() -> None:
    text = "中美在New South Wales谈稀土磁体, U.S. rare earths and the MP Materials deal."
    made, found = Lexicon(), Lexicon()
    tokens = Segmenter(words=made.words).tokenize(text)
    assert made.words == found.words
    assert made.mentions(tokens) == found.mentions(tokens) != []


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    file = write(tmp_path / "own.tsv", "blue_stone\tmineral\t\tblue stone\t")
    assert "blue_stone" in prepared.prepare(file, ()).concepts
    write(file, "red_stone\tmineral\t\tred stone\t")
    assert {"blue_stone", "red_stone"} & set(prepared.prepare(file, ()).concepts) == {"red_stone"}


def test_what_is_no_lexicon_is_refused_every_time(tmp_path: Path) -> None:
    """Nothing of it is kept."""
    file = write(tmp_path / "own.tsv", "blue_stone\tno category\t\tblue stone\t")
    for _ in range(2):
        with pytest.raises(InputError, match=r"own.tsv:2"):
            prepared.prepare(file, ())

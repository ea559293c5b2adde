"""Specification of the index of a lexicon: one process builds it, the next one reads it from the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from rare_topics.errors import InputError
from rare_topics.lexicon import Lexicon
from rare_topics.lexicon.index import index_key, load_index
from rare_topics.runtime.cache import DiskCache
from rare_topics.text.lexicon_file import LEXICON_COLUMNS
from rare_topics.text.segmenter import Segmenter

HEADER = "\t".join(LEXICON_COLUMNS)


@pytest.fixture(autouse=True)
def empty_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)), "utf-8")
    return path


def test_an_index_from_the_cache_is_the_one_that_was_built() -> None:
    built = load_index(None, ())
    cached = load_index(None, ())
    assert cached.concepts == built.concepts
    assert list(cached.concepts) == list(built.concepts)
    assert (cached.forms.forms, cached.forms.prefixes) == (built.forms.forms, built.forms.prefixes)
    assert cached.short_forms == built.short_forms


def test_an_index_in_the_cache_is_not_built_again() -> None:
    """What the file in the cache says is believed where it is as it was saved."""
    load_index(None, ())
    cache = DiskCache("lexicon", *index_key(None, ()))
    cache.update({"short_forms": {"龘": "dragons"}, "saved": "again"})
    cache.save()
    assert load_index(None, ()).short_forms == {"龘": "dragons"}


def test_a_lexicon_that_is_found_reads_as_the_one_that_was_made() -> None:
    text = "中美在New South Wales谈稀土磁体, U.S. rare earths and the MP Materials deal."
    made, found = Lexicon(), Lexicon()
    tokens = Segmenter(words=made.words).tokenize(text)
    assert made.words == found.words
    assert made.mentions(tokens) == found.mentions(tokens) != []


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    file = write(tmp_path / "own.tsv", "blue_stone\tmineral\t\tblue stone\t")
    assert "blue_stone" in load_index(file, ()).concepts
    write(file, "red_stone\tmineral\t\tred stone\t")
    assert {"blue_stone", "red_stone"} & set(load_index(file, ()).concepts) == {"red_stone"}


def test_what_is_no_lexicon_is_refused_every_time(tmp_path: Path) -> None:
    """Nothing of it is kept."""
    file = write(tmp_path / "own.tsv", "blue_stone\tno category\t\tblue stone\t")
    for _ in range(2):
        with pytest.raises(InputError, match=r"own.tsv:2"):
            load_index(file, ())

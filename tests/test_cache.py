"""Specification of the cache on disk: it saves time, and changes no result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.lexicon import Lexicon
from rare_topics.runtime import cache
from rare_topics.runtime.cache import MAX_FILES_PER_NAME, DiskCache, cache_folder
from rare_topics.text.segmenter import Segmenter
from rare_topics.text.tokenizer import Token


@pytest.fixture(autouse=True)
def _own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache in a folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def test_what_is_saved_is_known_to_the_next() -> None:
    entries = DiskCache("words", "a")
    entries.update({"稀土": [["rare_earths", 1.0]], "\ud800": 1})
    entries.save()
    assert DiskCache("words", "a") == entries


def test_nothing_is_known_before_it_is_saved() -> None:
    DiskCache("words", "a")["one"] = 1
    assert not DiskCache("words", "a")


def test_a_process_that_reads_for_days_holds_a_bounded_number_of_entries() -> None:
    """Also of numbers, which the lexicon is asked for as words are; it answers as before."""
    entries, lexicon = DiskCache("words", "many", max_entries=5), Lexicon(max_cached=5)
    words = [*map(str, range(20)), "magnets", "稀土"]
    tokens = [Token(word, 0, len(word), "latin" if word == "magnets" else "han") for word in words]
    expected = [Lexicon().word_concepts(token) for token in tokens]
    for token in tokens:
        entries[token.text] = lexicon.word_concepts(token)
        assert entries[token.text] == lexicon.word_concepts(token)
        assert max(len(entries), len(lexicon._single_words), len(lexicon._general_words)) <= 5
    assert [lexicon.word_concepts(token) for token in tokens] == expected


@pytest.mark.parametrize(("name", "key"), [("words", ("b",)), ("words", ()), ("names", ("a",))])
def test_another_name_or_key_is_another_cache(name: str, key: tuple[str, ...]) -> None:
    entries = DiskCache("words", "a")
    entries["one"] = 1
    entries.save()
    assert not DiskCache(name, *key)


def test_another_state_of_the_package_is_another_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = DiskCache("words", "a")
    entries["one"] = 1
    entries.save()
    # The alternative is to edit the package on disk.
    monkeypatch.setattr(cache, "_package_state", lambda: "edited")
    assert not DiskCache("words", "a")


@pytest.mark.parametrize("content", ["", "[1]", "{", "\u7a00", "null"])
def test_a_broken_file_is_as_good_as_none(content: str) -> None:
    entries = DiskCache("words", "a")
    entries.path.write_text(content, "utf-8")
    assert DiskCache("words", "a") == {}
    entries["one"] = 1
    entries.save()
    assert DiskCache("words", "a") == {"one": 1}


def test_a_cache_that_has_grown_too_large_is_not_saved() -> None:
    entries = DiskCache("words", "a", max_saved=2)
    entries.update(one=1, two=2, three=3)
    entries.save()
    assert not entries.path.exists()


def test_old_files_are_removed() -> None:
    for number in range(MAX_FILES_PER_NAME + 5):
        entries = DiskCache("words", str(number))
        entries["one"] = number
        entries.save()
    assert len(list(cache_folder().iterdir())) == MAX_FILES_PER_NAME
    assert entries.path.exists()


def test_a_folder_that_cannot_be_made_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    entries = DiskCache("words", "a")
    entries["one"] = 1
    entries.save()
    assert not DiskCache("words", "a")


@given(st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False) | st.text(max_size=5), min_size=1, max_size=5))
def test_answers_come_back_to_the_last_bit(answers: dict[str, object]) -> None:
    entries = DiskCache("law", json.dumps(answers))
    entries.update(answers)
    entries.save()
    assert DiskCache("law", json.dumps(answers)) == answers


def test_a_lexicon_that_remembers_says_what_one_says_that_looks_up() -> None:
    """Word for word; and it need not load the dictionary."""
    text = "镜子厂的工人买了稀土, miners polish mirrors"
    first = Lexicon()
    looked_up = first.mentions(Segmenter(words=first.words).tokenize(text))
    first.save_caches()
    second = Lexicon()
    second.glosses = None  # type: ignore[assignment]
    assert second.mentions(Segmenter(words=second.words).tokenize(text)) == looked_up

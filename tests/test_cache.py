"""Specification of what is kept on disk: it saves time, and changes nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.lexicon import Lexicon
from rare_topics.runtime import cache
from rare_topics.runtime.cache import DiskCache
from rare_topics.text.segmenter import Segmenter, Token


@pytest.fixture(autouse=True)
def _own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep in a folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    cache.folder.cache_clear()
    yield
    cache.folder.cache_clear()


def test_what_is_kept_is_known_to_the_next() -> None:
    memo = DiskCache("words", "a")
    memo.update({"稀土": [["rare_earths", 1.0]], "\ud800": 1})
    memo.keep()
    assert DiskCache("words", "a") == memo


def test_nothing_is_known_before_it_is_kept() -> None:
    DiskCache("words", "a")["one"] = 1
    assert not DiskCache("words", "a")


def test_a_process_that_reads_for_days_holds_a_bounded_number_of_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of numbers, which the lexicon is asked for as words are; it answers as before."""
    monkeypatch.setattr(cache, "MOST_HELD", 5)
    memo, lexicon = DiskCache("words", "many"), Lexicon()
    words = [*map(str, range(20)), "magnets", "稀土"]
    asked = [Token(word, 0, len(word), "latin" if word == "magnets" else "han") for word in words]
    expected = [Lexicon().alone(token) for token in asked]
    for token in asked:
        memo[token.text] = lexicon.alone(token)
        assert memo[token.text] == lexicon.alone(token)
        assert max(len(memo), len(lexicon._alone), len(lexicon._general)) <= 5
    assert [lexicon.alone(token) for token in asked] == expected


@pytest.mark.parametrize(("name", "key"), [("words", ("b",)), ("words", ()), ("names", ("a",))])
def test_another_name_or_key_is_another_memory(name: str, key: tuple[str, ...]) -> None:
    memo = DiskCache("words", "a")
    memo["one"] = 1
    memo.keep()
    assert not DiskCache(name, *key)


def test_another_state_of_the_package_is_another_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    memo = DiskCache("words", "a")
    memo["one"] = 1
    memo.keep()
    monkeypatch.setattr(cache, "_package", lambda: "edited")
    assert not DiskCache("words", "a")


@pytest.mark.parametrize("content", ["", "[1]", "{", "\u7a00", "null"])
def test_a_broken_file_is_as_good_as_none(content: str) -> None:
    memo = DiskCache("words", "a")
    memo.path.write_text(content, "utf-8")
    assert DiskCache("words", "a") == {}
    memo["one"] = 1
    memo.keep()
    assert DiskCache("words", "a") == {"one": 1}


def test_a_memory_that_has_grown_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_KEPT", 2)
    memo = DiskCache("words", "a")
    memo.update(one=1, two=2, three=3)
    memo.keep()
    assert not memo.path.exists()


def test_memories_of_the_past_are_cleared_away() -> None:
    for number in range(cache.GENERATIONS + 5):
        memo = DiskCache("words", str(number))
        memo["one"] = number
        memo.keep()
    assert len(list(cache.folder().iterdir())) == cache.GENERATIONS
    assert memo.path.exists()


def test_a_folder_that_cannot_be_made_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cache.folder.cache_clear()
    memo = DiskCache("words", "a")
    memo["one"] = 1
    memo.keep()
    assert not DiskCache("words", "a")


@given(st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False) | st.text(max_size=5), min_size=1, max_size=5))
def test_answers_come_back_to_the_last_bit(answers: dict[str, object]) -> None:
    memo = DiskCache("law", json.dumps(answers))
    memo.update(answers)
    memo.keep()
    assert DiskCache("law", json.dumps(answers)) == answers


def test_a_lexicon_that_remembers_says_what_one_says_that_looks_up() -> None:
    """Word for word; and it need not load the dictionary."""
    text = "镜子厂的工人买了稀土, miners polish mirrors"
    first = Lexicon()
    looked_up = first.mentions(Segmenter(words=first.words).tokenize(text))
    first.keep()
    second = Lexicon()
    second.glosses = None  # type: ignore[assignment]
    assert second.mentions(Segmenter(words=second.words).tokenize(text)) == looked_up

"""Specification of progress: told to a function, shown as a bar to whoever asks, else not at all."""

from __future__ import annotations

import threading

import pytest

from rare_topics.runtime import progress
from rare_topics.runtime.parallel import map_batches
from rare_topics.runtime.progress import told, watched


def test_a_function_is_called_with_every_name():
    seen: list[str] = []
    with told(seen.append, total=2) as begin:
        begin("words")
        begin("map")
    assert seen == ["words", "map"]


@pytest.mark.parametrize("silence", [None, False])
def test_nothing_is_shown_to_whoever_did_not_ask(silence, capsys):
    with told(silence, total=1) as begin:
        begin("words")
    assert capsys.readouterr() == ("", "")


def test_a_bar_names_the_step_and_goes_when_all_is_done(capsys):
    with told(True, total=1) as begin:
        begin("words")
    shown = capsys.readouterr().err
    assert "words" in shown
    assert shown.endswith("\r")


def test_a_bar_goes_when_a_step_fails(capsys):
    with pytest.raises(ZeroDivisionError), told(True, total=3):
        1 / 0  # noqa: B018 - a step that fails
    assert capsys.readouterr().err.endswith("\r")


def test_a_bar_says_how_far_a_step_is(capsys, monkeypatch):
    monkeypatch.setattr(progress, "LOOK_AGAIN", 0.0)
    asked = threading.Event()

    def detail():
        asked.set()
        return "3 of 7 tasks"

    with told(True, total=1, detail=detail) as begin:
        begin("words")
        assert asked.wait(10)
        asked.clear()
        assert asked.wait(10)
    assert "3 of 7 tasks" in capsys.readouterr().err


def test_who_watches_hears_how_far_a_step_is_and_nobody_else():
    seen: list[tuple[int, int]] = []
    with watched(lambda done, of: seen.append((done, of))):
        assert list(map_batches(len, [None] * 1200, n_jobs=1)) == [500, 500, 200]
    list(map_batches(len, [None] * 3, n_jobs=1))
    assert seen == [(500, 1200), (1000, 1200), (1200, 1200)]

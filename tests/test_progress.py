"""Specification of progress: reported to a function, shown as a bar on request, else not at all."""

from __future__ import annotations

import threading

import pytest

from rare_topics.runtime.parallel import map_batches
from rare_topics.runtime.progress import report_to, step_progress


def test_a_function_is_called_with_every_name():
    seen: list[str] = []
    with step_progress(seen.append, total=2) as begin:
        begin("words")
        begin("map")
    assert seen == ["words", "map"]


@pytest.mark.parametrize("silence", [None, False])
def test_nothing_is_shown_unless_requested(silence, capsys):
    with step_progress(silence, total=1) as begin:
        begin("words")
    assert capsys.readouterr() == ("", "")


def test_a_bar_names_the_step_and_goes_when_all_is_done(capsys):
    with step_progress(True, total=1) as begin:
        begin("words")
    shown = capsys.readouterr().err
    assert "words" in shown
    assert shown.endswith("\r")


def test_a_bar_goes_when_a_step_fails(capsys):
    with pytest.raises(ZeroDivisionError), step_progress(True, total=3):
        1 / 0  # noqa: B018 - a step that fails
    assert capsys.readouterr().err.endswith("\r")


def test_a_bar_says_how_far_a_step_is(capsys):
    called = threading.Event()

    def detail():
        called.set()
        return "3 of 7 tasks"

    with step_progress(True, total=1, detail=detail, interval=0.0) as begin:
        begin("words")
        assert called.wait(10)
        called.clear()
        assert called.wait(10)
    assert "3 of 7 tasks" in capsys.readouterr().err


def test_the_receiver_and_nobody_else_hears_how_many_texts_are_done():
    seen: list[tuple[int, int]] = []
    with report_to(lambda done, total: seen.append((done, total))):
        assert list(map_batches(len, [None] * 1200, n_jobs=1)) == [500, 500, 200]
    list(map_batches(len, [None] * 3, n_jobs=1))
    assert seen == [(500, 1200), (1000, 1200), (1200, 1200)]

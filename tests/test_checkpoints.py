"""Specification of checkpoints: an interrupted fit goes on from its last finished step, to the same answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_outputs import content
from test_study import ENGLISH, corpus_of

from rare_topics.cli import main
from rare_topics.cluster import ConsensusClusterer
from rare_topics.corpus.limits import DEFAULT_LIMITS
from rare_topics.projection import MapProjector
from rare_topics.study import STEPS, LocalPipeline, Study, StudySettings
from rare_topics.study.checkpoints import checkpoint_folder
from rare_topics.study.study import study_of

NUMBERS = {"n_topics": 2, "n_clusters": 2}


def interrupt_at(step: str):
    """Give a progress that is interrupted when a step begins."""

    def begin(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    return begin


def interrupted(folder: Path, step: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        Study(**NUMBERS).fit(corpus_of(ENGLISH, tmp_path), progress=interrupt_at(step), checkpoints=folder)


def never(*_: object, **__: object) -> None:
    pytest.fail("a finished step ran again")


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class TestResume:
    """What was finished is not done again."""

    @pytest.mark.parametrize(
        ("step", "done"), [("space", ["vectorize"]), ("map", ["vectorize", "space", "topics", "clusters"])]
    )
    def test_finished_steps_are_taken_over(self, step: str, done: list[str], tmp_path: Path) -> None:
        corpus = corpus_of(ENGLISH, tmp_path)
        whole = Study(**NUMBERS).fit(corpus)
        interrupted(tmp_path / "steps", step, tmp_path)
        steps = tuple(replace(one, run=never) if one.name in done else one for one in STEPS)
        settings = StudySettings(**NUMBERS)
        resumed = study_of(
            LocalPipeline(steps).fit(settings, corpus, checkpoints=tmp_path / "steps", limits=DEFAULT_LIMITS)
        )
        for name in ("topics", "clusters", "map", "article_topics", "similar"):
            pd.testing.assert_frame_equal(getattr(resumed, name), getattr(whole, name), check_exact=True)
        assert (resumed.warnings, resumed.scores) == (whole.warnings, whole.scores)

    def test_other_articles_or_settings_begin_anew(self, tmp_path: Path) -> None:
        interrupted(tmp_path / "steps", "topics", tmp_path)
        before = {path.name for path in (tmp_path / "steps").iterdir()}
        other = Study(n_topics=3, n_clusters=2).fit(corpus_of(ENGLISH, tmp_path), checkpoints=tmp_path / "steps")
        fewer = Study(**NUMBERS).fit(corpus_of(ENGLISH[:8], tmp_path), checkpoints=tmp_path / "steps")
        assert len(other.clusters) == 12
        assert len(fewer.clusters) == 8
        assert len({path.name for path in (tmp_path / "steps").iterdir()} - before) == 10

    @pytest.mark.parametrize("damage", [b"", b"x" * 500, None])
    def test_a_damaged_step_is_done_again(self, damage: bytes | None, tmp_path: Path) -> None:
        interrupted(tmp_path / "steps", "topics", tmp_path)
        for path in (tmp_path / "steps").iterdir():
            data = path.read_bytes()
            path.write_bytes(data[: len(data) // 2] if damage is None else damage)
        study = Study(**NUMBERS).fit(corpus_of(ENGLISH, tmp_path), checkpoints=tmp_path / "steps")
        assert len(study.clusters) == 12

    def test_without_room_the_fit_goes_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(np, "savez", full)
        study = Study(**NUMBERS).fit(corpus_of(ENGLISH, tmp_path), checkpoints=tmp_path / "steps")
        assert len(study.clusters) == 12


def test_an_interrupted_run_goes_on_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its folder is that of a run without interruption, byte for byte."""
    corpus_of(ENGLISH, tmp_path)
    words = ["run", str(tmp_path / "news.csv"), "--no-figures", "--topics", "2", "--clusters", "2", "--out"]
    assert main([*words, str(tmp_path / "whole")]) == 0
    with monkeypatch.context() as patch:
        patch.setattr(MapProjector, "fit", interrupt)
        assert main([*words, str(tmp_path / "build")]) == 2
    assert checkpoint_folder(tmp_path / "build").is_dir()
    monkeypatch.setattr(ConsensusClusterer, "fit", never)
    assert main([*words, str(tmp_path / "build")]) == 0
    assert content(tmp_path / "build") == content(tmp_path / "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "news.csv", "whole"]

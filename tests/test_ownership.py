"""Specification of what is replaced: nothing but what this program wrote, asked before the work; one writer."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from rare_topics.cli import main
from rare_topics.errors import InputError
from rare_topics.export.run_folder import check_run_folder, write_run
from rare_topics.figures import check_figures_folder
from rare_topics.report import check_report_path
from rare_topics.report.page import REPORT_MARK
from rare_topics.runtime.atomic_write import lock_folder, replaced_file, replaced_folder
from rare_topics.runtime.cache import DiskCache, cache_folder
from rare_topics.runtime.numba_cache import verified_content
from rare_topics.study import Study
from rare_topics.study.checkpoints import remove_checkpoints


class TestRunFolder:
    """A folder is a run only by its mark."""

    def test_a_data_set_with_a_manifest_of_its_own_stays(self, tmp_path: Path) -> None:
        (tmp_path / "data.csv").write_text("mine", "ascii")
        files = ["data.csv", "manifest.json"]
        for mark in ({}, {"mark": "rare_topics run"}, {"mark": None}):
            (tmp_path / "manifest.json").write_text(json.dumps({"files": files, **mark}), "ascii")
            with pytest.raises(InputError, match=r"holds 'data\.csv', which no run wrote"):
                check_run_folder(tmp_path)

    def test_a_table_that_was_changed_since_stays(self, study: Study, tmp_path: Path) -> None:
        """Report and figures are drawn again where they stand; a table is edited by nobody but the user."""
        out = tmp_path / "build"
        write_run(study, out, figures=False)
        (out / "map.csv").unlink()
        (out / "report.html").write_bytes(b"another " + REPORT_MARK)
        check_run_folder(out)
        (out / "claims.csv").write_text("my own notes", "ascii")
        with pytest.raises(InputError, match=r"holds 'claims\.csv', which was changed after the run that wrote it"):
            write_run(study, out, figures=False)
        (out / "claims.csv").unlink()
        (out / "claims.csv").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(InputError, match=r"holds 'claims\.csv'"):
            check_run_folder(out)

    @pytest.mark.parametrize("out", [".", "", "..", "../..", "/", "file/x", "file", "a\x07b", "x" * 240])
    def test_a_place_that_cannot_be_written_is_refused(
        self, out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("mine", "ascii")
        monkeypatch.chdir(tmp_path)
        with pytest.raises(InputError, match=r"give another folder|name a folder within it"):
            check_run_folder(out)

    def test_an_input_within_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "build").mkdir()
        table = tmp_path / "build" / "articles.csv"
        table.write_text("title,text\n", "ascii")
        with pytest.raises(InputError, match=r"holds the input 'articles\.csv', which would be lost"):
            check_run_folder(tmp_path / "build", inputs=[None, table])

    def test_the_command_asks_before_it_reads(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "file").write_text("mine", "ascii")
        assert main(["run", str(tmp_path / "nothing"), "--out", str(tmp_path / "file" / "x")]) == 2
        assert "cannot be written ('file' is a file)" in capsys.readouterr().err


class TestBesideTheFolder:
    """Hidden files beside an output are ours by their whole name and content, or stay."""

    @pytest.mark.parametrize("name", [".build.draft-notes", ".build.draft-Archived", ".build.old-2024", ".build.old-x"])
    def test_a_folder_of_another_name_stays(self, name: str, tmp_path: Path) -> None:
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text("mine", "ascii")
        with replaced_folder(tmp_path / "build") as draft:
            (draft / "a").write_text("a", "ascii")
        assert (tmp_path / name / "a").read_text("ascii") == "mine"

    def test_an_old_folder_with_something_else_stays(self, tmp_path: Path) -> None:
        (tmp_path / ".build.old-archived").mkdir()
        (tmp_path / ".build.old-archived" / "mine").write_text("mine", "ascii")
        with replaced_folder(tmp_path / "build"):
            pass
        assert (tmp_path / ".build.old-archived" / "mine").read_text("ascii") == "mine"

    def test_a_file_in_the_place_of_the_lock_stays(self, tmp_path: Path) -> None:
        for content in (b"mine", b"\0"):
            (tmp_path / ".build.lock").write_bytes(content)
            with (
                pytest.raises(InputError, match=r"'\.build\.lock' beside it is no lock"),
                lock_folder(tmp_path / "build"),
            ):
                pass
            assert (tmp_path / ".build.lock").read_bytes() == content

    def test_steps_are_removed_and_nothing_beside_them(self, tmp_path: Path) -> None:
        steps = tmp_path / ".build.steps"
        steps.mkdir()
        ours = [f"vectorize-{'0' * 32}", f".map-{'a' * 32}.draft-abcd1234"]
        for name in (*ours, "notes.txt", "vectorize-mine"):
            (steps / name).write_text("mine", "ascii")
        remove_checkpoints(steps)
        assert sorted(path.name for path in steps.iterdir()) == ["notes.txt", "vectorize-mine"]
        (tmp_path / "link").symlink_to(steps)
        remove_checkpoints(tmp_path / "link")
        remove_checkpoints(tmp_path / "none")
        assert len([*steps.iterdir()]) == 2


class TestReportAndFigures:
    """Files among others are replaced only where they are known as ours."""

    def test_a_report_replaces_only_a_report(self, tmp_path: Path) -> None:
        page = tmp_path / "page.html"
        check_report_path(page)
        page.write_bytes(b"<!doctype html>" + REPORT_MARK)
        check_report_path(page)
        page.write_text("mine", "ascii")
        with pytest.raises(InputError, match="is a file that no report wrote"):
            check_report_path(page)

    def test_links_pipes_and_folders_are_no_place_for_a_report(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("nowhere")
        os.mkfifo(tmp_path / "pipe")
        for name, said in (("link", "is a link"), ("pipe", "a device or a pipe"), (".", "is a folder")):
            with pytest.raises(InputError, match=said):
                check_report_path(tmp_path / name)

    @pytest.mark.parametrize("name", ["README.md", "map.csv", "map.png"])
    def test_a_file_under_the_name_of_a_figure_stays(self, name: str, tmp_path: Path) -> None:
        (tmp_path / name).write_text("# Mine\n\n## map\n", "ascii")
        with pytest.raises(InputError, match=f"holds '{name}', which is no figure"):
            check_figures_folder(tmp_path)


class TestConcurrency:
    """One wins, the others are told."""

    def test_threads_that_write_one_folder(self, tmp_path: Path) -> None:
        entered, told = threading.Barrier(2), []

        def write() -> None:
            entered.wait()
            try:
                with replaced_folder(tmp_path / "build"):
                    pass
            except InputError as error:
                told.append(str(error))

        other = threading.Thread(target=write)
        with lock_folder(tmp_path / "build"):
            other.start()
            entered.wait()
            other.join()
        assert len(told) == 1
        assert "another run is writing it" in told[0]
        with replaced_folder(tmp_path / "build") as draft:
            (draft / "a").write_text("a", "ascii")
        assert [path.name for path in tmp_path.iterdir()] == ["build"]

    def test_the_draft_of_a_dead_writer_goes_and_that_of_a_living_one_stays(self, tmp_path: Path) -> None:
        (tmp_path / ".a.html.draft-deadbeef").write_text("left", "ascii")
        with replaced_file(tmp_path / "a.html") as one:
            one.write(b"one")
            with replaced_file(tmp_path / "a.html") as two:
                two.write(b"two")
        assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
        assert (tmp_path / "a.html").read_bytes() == b"one"


class TestCaches:
    """A cache that is not as it was saved is as good as none."""

    @pytest.fixture(autouse=True)
    def _own_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: data.replace(b"7", b"6"),
            lambda data: data[:-1],
            lambda data: data + b" ",
            lambda data: data.partition(b"\n")[2],
            lambda _: b"[" * 200_000,
            lambda _: b'{"one": null}',
            lambda _: b"\n",
        ],
    )
    def test_a_damaged_file(self, damage, tmp_path: Path) -> None:
        entries = DiskCache("words", "a")
        entries["one"] = 7
        entries.save()
        assert DiskCache("words", "a") == {"one": 7}
        entries.path.write_bytes(damage(entries.path.read_bytes()))
        assert DiskCache("words", "a") == {}

    def test_the_file_of_another_key(self) -> None:
        one, other = DiskCache("words", "a"), DiskCache("words", "b")
        one["one"] = 1
        one.save()
        one.path.rename(other.path)
        assert DiskCache("words", "b") == {}

    def test_a_pipe_in_the_place_of_a_file(self) -> None:
        path = DiskCache("words", "a").path
        os.mkfifo(path)
        assert DiskCache("words", "a") == {}

    def test_without_a_home_nothing_is_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", "/dev/null/nowhere")
        assert cache_folder() is None
        entries = DiskCache("words", "a")
        entries["one"] = 1
        entries.save()
        assert DiskCache("words", "a") == {}

    def test_a_compiled_function_is_read_only_with_its_digest(self, tmp_path: Path) -> None:
        (tmp_path / "f.nbi").write_bytes(b"half of an index")
        assert verified_content(tmp_path / "f.nbi") is None
        assert verified_content(tmp_path / "missing") is None

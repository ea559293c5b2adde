"""Specification of the command: exit status 0, or 2 with one line that says what was wrong and what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from rare_topics import cli
from rare_topics.cli import main
from rare_topics.errors import InputError

ROWS = (
    "id,title,text\n"
    "a,Soybeans wait,Farmers store soybeans because tariffs keep buyers away.\n"
    "b,Soybeans slip,Soybean prices fell and tariffs stayed; farmers wait.\n"
    "c,Magnets wait,The factory makes rare earth magnets for motors.\n"
    "d,Magnets slip,Motors stop because the factory sends no magnets.\n"
)


@pytest.fixture(autouse=True)
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a small table of news."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news.csv").write_text(ROWS, "utf-8")
    return tmp_path


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, its output no terminal."""
    script = "import sys; from rare_topics.cli import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, env=environment, check=False
    )


def status(*words: str) -> int:
    try:
        return main(words)
    except SystemExit as stop:
        return int(stop.code or 0)


class TestRun:
    """`rare-topics run`: a table in, a folder out."""

    def test_results_are_printed_on_stdout_and_warnings_on_stderr(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A pipe gets the results alone; without a terminal there is no progress bar."""
        assert status("run", "news.csv", "--out", "news", "--no-figures", "--clusters", "2") == 0
        out, err = capsys.readouterr()
        assert out.splitlines()[0].startswith("4 articles, ")
        assert out.splitlines()[1:] == ["written to news"]
        assert all(line.startswith("rare-topics: ") for line in err.splitlines())
        assert "read stability and confidence before the labels" in err
        assert "\r" not in err
        assert "%|" not in err

    def test_settings_arrive_in_the_manifest(self, workshop: Path) -> None:
        assert status("run", "news.csv", "--no-figures", "--topics", "2", "--clusters", "2", "--random-state", "7") == 0
        manifest = json.loads((workshop / "build" / "manifest.json").read_text("utf-8"))
        assert manifest["settings"] == {
            "glosses": None,
            "lexicon": None,
            "n_clusters": 2,
            "n_topics": 2,
            "random_state": 7,
            "role_encoder": False,
            "themes": None,
            "topic_method": "nmf",
        }
        assert not (workshop / "build" / "figures").exists()

    def test_the_process_ends_with_status_0(self, workshop: Path) -> None:
        done = command("run", "news.csv", "--no-figures", "--topics", "2", "--clusters", "2")
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith("written to build\n")
        assert all(line.startswith("rare-topics: ") for line in done.stderr.splitlines())
        assert (workshop / "build" / "manifest.json").is_file()


class TestReport:
    """One page for a colleague."""

    def test_an_earlier_run_gives_its_page_again(self, workshop: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """From the study it saved, without reading the articles anew."""
        assert status("run", "news.csv", "--no-figures", "--topics", "2", "--clusters", "2") == 0
        (workshop / "news.csv").unlink()
        capsys.readouterr()
        assert status("report", "build", "--out", "news.html") == 0
        assert capsys.readouterr().out == "4 articles, written to news.html\n"
        assert (workshop / "news.html").read_bytes() == (workshop / "build" / "report.html").read_bytes()

    def test_a_table_gives_a_page(self, workshop: Path) -> None:
        assert status("report", "news.csv", "--topics", "2", "--clusters", "2") == 0
        assert (workshop / "report.html").read_text("utf-8").startswith("<!doctype html>")
        assert sorted(path.name for path in workshop.iterdir()) == ["news.csv", "report.html"]

    def test_a_page_cannot_be_written_to_a_folder(
        self, workshop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And the error comes before the articles are read."""
        monkeypatch.setattr(cli, "_fit_study", lambda *_, **__: pytest.fail("the study had begun"))
        assert status("report", "news.csv", "--out", ".") == 2
        assert capsys.readouterr().err == "rare-topics: .: is a folder, not a file; give another --out\n"


BAD_INPUT = {
    "a missing path": ("nowhere", None),
    "a path that is too long": ("x" * 300, None),
    "an empty folder": ("empty/", None),
    "an empty page": ("page.txt", b""),
    "a binary page": ("page.txt", bytes(range(256)) * 4),
    "a page with NUL bytes": ("page.txt", b"Workflow\n\0icon\nSearch documents\n"),
    "a page without its header": ("page.txt", "标题\n正文\n".encode()),
    "a page in GB18030": ("page.txt", "Workflow\n稀土\nSearch documents\n标题\n".encode("gb18030")),
    "a record without its date": ("page.txt", "Workflow\n稀土\nSearch documents\n标题\n没有日期\n正文\n".encode()),
    "an impossible date": (
        "page.txt",
        "Workflow\n稀土\nSearch documents\n标题\n雪球· 2025-02-30 10:00\n正文\n".encode(),
    ),
    "a table without text": ("news.csv", b"title,words\na,b\n"),
    "a table with an id twice": ("news.csv", b"id,title,text\n1,a,b\n1,c,d\n"),
    "a table of one article": ("news.csv", b"title,text\nSoybeans,Farmers wait\n"),
    "a table without a word": ("news.csv", b"title,text\n1,2\n3,4\n5,6\n"),
    "a parquet file that is none": ("news.parquet", b"PAR1"),
    "a gzip file that is none": ("news.csv.gz", b"title,text\n"),
    "a kind of file nobody knows": ("news.docx", b"PK"),
}


class TestBadInput:
    """One line on stderr, status 2, nothing written, no traceback."""

    @pytest.mark.parametrize(("name", "data"), BAD_INPUT.values(), ids=BAD_INPUT)
    def test_input_that_cannot_be_used(
        self, name: str, data: bytes | None, workshop: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if data is not None:
            (workshop / name).write_bytes(data)
        elif name.endswith("/"):
            (workshop / name).mkdir()
        before = sorted(workshop.rglob("*"))
        assert status("run", name, "--out", "build") == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("rare-topics: ")
        assert err.count("\n") == 1
        assert err.endswith("\n")
        assert sorted(workshop.rglob("*")) == before

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ((), "COMMAND"),
            (("walk",), "walk"),
            (("run", "--speed"), "--speed"),
            (("run", "news.csv", "--topics", "many"), "--topics"),
            (("run", "news.csv", "--topics", "2.5"), "2.5"),
            (("run", "news.csv", "--topics", "0"), "n_topics is 0"),
            (("run", "news.csv", "--clusters", "-3"), "n_clusters is -3"),
            (("run", "news.csv", "--clusters", "5"), "from 1 to 4"),
            (("run", "news.csv", "--random-state", "-1"), "the seed is -1"),
            (("run", "news.csv", "--random-state", "9" * 30), "--random-state: the seed is 9999"),
            (("run", "news.csv", "--lexicon", "none.tsv"), "none.tsv"),
            (("run", "news.csv", "--out", "news.csv"), "is a file"),
            (("run", "news.csv", "--out", "news.csv/build"), "cannot be written"),
            (("run", "news.csv", "--out", "."), "is the working folder or one above it"),
            (("run", "news.csv", "--out", "y" * 300), "cannot be written"),
            (("run",), "seeds"),
            (("figures", "no_such_figure"), "no_such_figure"),
            (("figures", "--input", "nowhere"), "nowhere"),
            (("figures", "articles_by_month", "--input", "news.csv", "--out", "news.csv"), "is a file"),
            (("figures", "articles_by_month", "--input", "news.csv", "--out", "news.csv/figures"), "news.csv"),
            (("notebooks", "nowhere"), "nowhere"),
        ],
        ids=" ".join,
    )
    def test_arguments_that_cannot_be_used(
        self, words: tuple[str, ...], said: str, workshop: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert status(*words) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("rare-topics: ")
        assert err.count("\n") == 1
        assert said in err
        assert [path.name for path in workshop.iterdir()] == ["news.csv"]
        assert (workshop / "news.csv").read_text("utf-8") == ROWS

    def test_the_folder_is_checked_before_the_work_begins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody waits for a study that has nowhere to go."""
        monkeypatch.setattr(cli, "_fit_study", lambda *_, **__: pytest.fail("the study had begun"))
        assert status("run", "news.csv", "--out", "news.csv") == 2

    def test_a_process_says_it_without_a_traceback(self, workshop: Path) -> None:
        done = command("run", "nowhere")
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("rare-topics: nowhere: ")
        assert done.stderr.count("\n") == 1

    @pytest.mark.parametrize(
        ("failure", "said"),
        [
            (KeyboardInterrupt(), "interrupted"),
            (PermissionError(13, "Permission denied", "/a/b"), "/a/b: Permission denied"),
            (InputError("no such thing", where="page.txt:3", fix="save it again"), "page.txt:3: no such thing"),
        ],
        ids=["interrupt", "permission", "input"],
    )
    def test_whatever_stops_a_run_is_one_line(
        self,
        failure: BaseException,
        said: str,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise failure

        monkeypatch.setattr(cli, "_fit_study", fail)
        assert status("run", "news.csv") == 2
        err = capsys.readouterr().err
        assert said in err
        assert err.count("\n") == 1


class TestFigures:
    """`rare-topics figures`: some figures, or all."""

    def test_named_figures_are_drawn_and_then_stay_the_same(
        self, workshop: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ("figures", "topic_stability", "--input", "news.csv", "--out", "pictures")
        assert status(*words) == 0
        assert capsys.readouterr().out == "topic_stability: new\n"
        files = {path.name: path.read_bytes() for path in (workshop / "pictures").iterdir()}
        assert set(files) == {"README.md", *(f"topic_stability.{kind}" for kind in ("png", "svg", "csv"))}
        assert status(*words) == 0
        assert capsys.readouterr().out == "topic_stability: same\n"
        assert {path.name: path.read_bytes() for path in (workshop / "pictures").iterdir()} == files


@pytest.mark.slow
@pytest.mark.slow
class TestNotebooks:
    """`rare-topics notebooks`: run again, in place."""

    CELL = (
        '{{"cell_type": "code", "id": "x", "execution_count": null, "metadata": {{}}, "outputs": [], "source": "{}"}}'
    )

    def write(self, path: Path, source: str) -> Path:
        path.parent.mkdir(exist_ok=True)
        cells = self.CELL.format(source)
        path.write_text(f'{{"cells": [{cells}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}', "utf-8")
        return path

    def test_each_notebook_is_named_with_what_became_of_it(
        self, workshop: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.write(workshop / "notebooks" / "a.ipynb", "6 * 7")
        assert status("notebooks") == 0
        assert capsys.readouterr().out == "a.ipynb: changed\n"
        assert status("notebooks") == 0
        assert capsys.readouterr().out == "a.ipynb: same\n"

    def test_a_failing_cell_ends_with_status_2_and_its_name(
        self, workshop: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = self.write(workshop / "books" / "b.ipynb", "unknown_name")
        before = path.read_bytes()
        assert status("notebooks", "books") == 2
        assert capsys.readouterr().err.startswith("rare-topics: b.ipynb: a cell fails: NameError")
        assert path.read_bytes() == before


class TestHelp:
    """The command explains itself."""

    @pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("figures", "--help"), ("notebooks", "-h")])
    def test_help_goes_to_stdout_with_status_0(
        self, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert status(*words) == 0
        out, err = capsys.readouterr()
        assert out.startswith("usage: rare-topics")
        assert err == ""

    def test_every_option_of_a_run_is_described(self, capsys: pytest.CaptureFixture[str]) -> None:
        status("run", "--help")
        out = capsys.readouterr().out
        for option in ("INPUT", "--out", "--topics", "--clusters", "--random-state", "--lexicon", "--no-figures"):
            assert option in out

    def test_the_version_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert status("--version") == 0
        assert capsys.readouterr().out == f"rare-topics {version('rare-topics')}\n"

"""Specification of the notebooks: run in place, the same bytes each time, untouched by a failing cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rare_topics.errors import InputError
from rare_topics.notebooks import execute, notebook_files

pytest.importorskip("nbclient")


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of one text and some code cells, as an editor would save it."""
    code = [
        {
            "cell_type": "code",
            "id": f"random-{number}-{path.stem[:4]}",
            "execution_count": 40 + number,
            "metadata": {"scrolled": True},
            "outputs": [],
            "source": cell,
        }
        for number, cell in enumerate(cells)
    ]
    text = {"cell_type": "markdown", "id": "prose", "metadata": {}, "source": "# 稀土 and more"}
    metadata = {"kernelspec": {"display_name": "mine", "language": "python", "name": "my-own-kernel"}}
    content = {"cells": [text, *code], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_a_notebook_runs_in_its_folder_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    """Outputs are written into it; what an editor or a clock added is gone."""
    (tmp_path / "number.txt").write_text("21", "utf-8")
    path = notebook(tmp_path / "a.ipynb", "n = 2 * int(open('number.txt').read())\nprint('稀土', n)", "{n, n}")
    assert execute(path) is True
    first = path.read_bytes()
    cells = json.loads(first)["cells"]
    assert cells[1]["outputs"][0]["text"] == ["稀土 42\n"]
    assert cells[2]["outputs"][0]["data"]["text/plain"] == ["{42}"]
    assert [cell["id"] for cell in cells] == ["cell-01", "cell-02", "cell-03"]
    assert [cell["metadata"] for cell in cells] == [{}, {}, {}]
    assert execute(path) is False
    assert path.read_bytes() == first
    assert {entry.name for entry in tmp_path.iterdir()} == {"a.ipynb", "number.txt"}


def test_a_failing_cell_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """The error names the notebook and what went wrong, in one line."""
    path = notebook(tmp_path / "broken.ipynb", "print('so far')", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(
        InputError, match=r"^broken\.ipynb: a cell fails: ZeroDivisionError: division by zero; "
    ) as caught:
        execute(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["broken.ipynb"]


def test_a_cell_that_takes_the_kernel_with_it_is_an_error_too(tmp_path: Path) -> None:
    path = notebook(tmp_path / "dead.ipynb", "import os\nos._exit(1)")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"^dead\.ipynb: "):
        execute(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"plain words", b"\xff\xfe\x00"])
def test_a_file_that_is_no_notebook_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"^odd\.ipynb: is no notebook; "):
        execute(path)
    assert path.read_bytes() == content


def test_a_missing_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.ipynb"):
        execute(tmp_path / "none.ipynb")


def test_notebooks_come_in_reading_order(tmp_path: Path) -> None:
    for name in ("02_map.ipynb", "00_start.ipynb", "notes.txt", "01_topics.ipynb"):
        (tmp_path / name).touch()
    assert [path.name for path in notebook_files(tmp_path)] == ["00_start.ipynb", "01_topics.ipynb", "02_map.ipynb"]


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_notebooks_is_an_error(folder: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no notebook"):
        notebook_files(tmp_path / folder)

"""Specification of the notebooks: run in place, the same bytes each time, untouched by a failing cell.

And of those of the project: in reading order, run from the first cell to the last, saying today what they say in print.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rare_topics.errors import InputError
from rare_topics.export.notebooks import execute_notebook, list_notebooks, notebook_text, update_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

if importlib.util.find_spec("nbclient") is None:
    pytest.skip("nbclient is not installed", allow_module_level=True)

ROOT = Path(__file__).parent.parent
OWN = list_notebooks(ROOT / "notebooks")
LONGEST_FUNCTION = 3
each_notebook = pytest.mark.parametrize("path", OWN, ids=[path.stem for path in OWN])


def cells(text: str, kind: str) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == kind]


def outputs_without_pictures(text: str) -> list[list[dict[str, Any]]]:
    """Return what each cell shows, with the kind alone of a picture."""
    outputs = [cell["outputs"] for cell in cells(text, "code")]
    return [[output | {"data": without_pictures(output.get("data", {}))} for output in several] for several in outputs]


def without_pictures(data: dict[str, Any]) -> dict[str, Any]:
    return {kind: None if kind.startswith("image/") else text for kind, text in data.items()}


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


@pytest.mark.slow
def test_a_notebook_runs_in_its_folder_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    """Outputs are written into it; what an editor or a clock added is gone."""
    (tmp_path / "number.txt").write_text("21", "utf-8")
    path = notebook(tmp_path / "a.ipynb", "n = 2 * int(open('number.txt').read())\nprint('稀土', n)", "{n, n}")
    assert update_notebook(path) is True
    first = path.read_bytes()
    written = json.loads(first)["cells"]
    assert written[1]["outputs"][0]["text"] == ["稀土 42\n"]
    assert written[2]["outputs"][0]["data"]["text/plain"] == ["{42}"]
    assert [cell["id"] for cell in written] == ["cell-01", "cell-02", "cell-03"]
    assert [cell["metadata"] for cell in written] == [{}, {}, {}]
    assert update_notebook(path) is False
    assert path.read_bytes() == first
    assert {entry.name for entry in tmp_path.iterdir()} == {"a.ipynb", "number.txt"}


@pytest.mark.slow
def test_what_is_printed_slowly_is_one_output(tmp_path: Path) -> None:
    """A kernel sends its output in pieces by the clock; the file must not show it."""
    slowly = "import time\nfor n in range(3):\n    print(n, flush=True)\n    time.sleep(0.3)"
    path = notebook(tmp_path / "slow.ipynb", slowly)
    update_notebook(path)
    assert [output["text"] for output in cells(path.read_text("utf-8"), "code")[0]["outputs"]] == [
        ["0\n", "1\n", "2\n"]
    ]


@pytest.mark.slow
def test_a_failing_cell_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """The error names the notebook and what went wrong, in one line."""
    path = notebook(tmp_path / "broken.ipynb", "print('so far')", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(
        InputError, match=r"^broken\.ipynb: a cell fails: ZeroDivisionError: division by zero; "
    ) as caught:
        update_notebook(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["broken.ipynb"]


@pytest.mark.slow
def test_a_cell_that_takes_the_kernel_with_it_is_an_error_too(tmp_path: Path) -> None:
    path = notebook(tmp_path / "dead.ipynb", "import os\nos._exit(1)")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"^dead\.ipynb: "):
        update_notebook(path)
    assert path.read_bytes() == before


@pytest.mark.slow
def test_a_cell_that_does_not_end_is_an_error_too(tmp_path: Path) -> None:
    path = notebook(tmp_path / "endless.ipynb", "while True: pass")
    with pytest.raises(InputError, match=r"^endless\.ipynb: a cell does not end within 1 s"):
        update_notebook(path, cell_timeout=1)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"plain words", b"\xff\xfe\x00"])
def test_a_file_that_is_no_notebook_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"^odd\.ipynb: is no notebook; "):
        update_notebook(path)
    assert path.read_bytes() == content


def test_a_missing_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.ipynb"):
        update_notebook(tmp_path / "none.ipynb")


def test_notebooks_come_in_reading_order(tmp_path: Path) -> None:
    for name in ("02_map.ipynb", "00_start.ipynb", "notes.txt", "01_topics.ipynb"):
        (tmp_path / name).touch()
    assert [path.name for path in list_notebooks(tmp_path)] == ["00_start.ipynb", "01_topics.ipynb", "02_map.ipynb"]


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_notebooks_is_an_error(folder: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no notebook"):
        list_notebooks(tmp_path / folder)


@each_notebook
def test_it_was_run_from_its_first_cell_to_its_last(path: Path) -> None:
    """Numbered without a gap, no error, nothing on the error channel, a picture to look at."""
    code = cells(path.read_text("utf-8"), "code")
    outputs = [output for cell in code for output in cell["outputs"]]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@each_notebook
def test_it_opens_with_a_question_and_closes_with_the_version(path: Path) -> None:
    """The question first, then imports and style in one cell; prose leads, and the version comes last."""
    prose, code = (cells(path.read_text("utf-8"), kind) for kind in ("markdown", "code"))
    opening = "".join(prose[0]["source"]).splitlines()
    assert opening[0].startswith(f"# {path.stem[:2]} · ")
    assert any(line.startswith("**") and line.endswith("?**") for line in opening)
    assert "import rare_topics as rt" in "".join(code[0]["source"])
    assert "".join(code[-1]["source"]) == 'print("rare_topics", rt.__version__)'
    assert len(prose) >= len(code) / 2


@each_notebook
def test_it_holds_no_function_longer_than_a_few_lines(path: Path) -> None:
    code = ["".join(cell["source"]) for cell in cells(path.read_text("utf-8"), "code")]
    source = "\n".join(code).replace("%matplotlib", "# %matplotlib")
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.end_lineno - node.lineno > LONGEST_FUNCTION] == []


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Future[NotebookNode]]]:
    """Run copies of the notebooks beside each other, since each waits for its kernel much of the time.

    The first one saves the study that the others load.
    """
    project = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "seeds", "tests/data"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns(".*", "study"))
    copies = {path: project / "notebooks" / path.name for path in OWN}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        first = pool.submit(execute_notebook, copies[OWN[0]])
        first.result()
        yield {OWN[0]: first} | {path: pool.submit(execute_notebook, copies[path]) for path in OWN[1:]}
        pool.shutdown(cancel_futures=True)


@pytest.mark.slow
@each_notebook
def test_it_says_today_what_it_says_in_print(path: Path, runs: dict[Path, Future[NotebookNode]]) -> None:
    """Every table and every line that is committed comes out again, and a picture where there was one."""
    assert outputs_without_pictures(notebook_text(runs[path].result())) == outputs_without_pictures(
        path.read_text("utf-8")
    )


def test_the_readme_lists_every_notebook() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [path.stem for path in OWN if f"(notebooks/{path.name})" not in readme] == []

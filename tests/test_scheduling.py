"""Specification of how tests are given to several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import os
from pathlib import Path

import pytest

@pytest.mark.parametrize("number", range(8))
def test_it(number):
    with (Path(__file__).parent / f"{__name__}.log").open("a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_tests_of_a_file_and_of_spark_share_what_they_start(tmp_path: Path) -> None:
    """Each other file may go to another process."""
    pytest.importorskip("xdist")
    names = ("test_a", "test_b", "test_spark_a", "test_spark_b")
    for name in names:
        (tmp_path / f"{name}.py").write_text(TESTS, "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(Path(__file__).parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "scheduling", "-n", "2", "--no-loadscope-reorder"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    workers = {name: (tmp_path / f"{name}.log").read_text("utf-8").split() for name in names}
    assert all(len(of_one) == 8 and len({*of_one}) == 1 for of_one in workers.values())
    assert workers["test_spark_a"] == workers["test_spark_b"]
    assert workers["test_a"] != workers["test_b"]

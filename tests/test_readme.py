"""Specification of the README: what it prints is what one gets."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


MOST_LINES = 20


def block(language: str, number: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)[number]


def script() -> str:
    """Return the script that the documentation shows whole."""
    page = (ROOT / ".docs" / "start.md").read_text(encoding="utf-8")
    return next(found for found in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "__main__" in found)


@pytest.mark.slow
def test_the_ten_lines_print_what_the_readme_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block("python"), "README.md", "exec"), {})  # noqa: S102 - the README's own lines
    assert printed.getvalue() == block("text")


@pytest.mark.slow
def test_the_script_draws_the_map_and_names_every_article(tmp_path, seeds):
    """As a file of its own, in a folder of its own."""
    source = script()
    (tmp_path / "draw.py").write_text(source, "utf-8")
    command = [sys.executable, "draw.py", str(ROOT / "seeds"), "map.png"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "agg"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert len(source.splitlines()) <= MOST_LINES
    assert [article.title for article in seeds if article.title not in done.stdout] == []
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_continuous_integration_runs_the_second_command_as_printed():
    commands = re.findall(r"```sh\n(.*?)\n```", README)
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links if not link.startswith("https://"))

"""Specification of the layout: imports run strictly downward, and only the command prints."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rare_topics

PACKAGE = Path(rare_topics.__file__).parent
ORDER = [
    "errors",
    "display",
    "progress",
    "files",
    "limits",
    "cache",
    "scripts",
    "records",
    "columnar",
    "pages",
    "passages",
    "tables",
    "duplicates",
    "corpus",
    "lexicon_file",
    "segment",
    "glosses",
    "lexicon",
    "vectorize",
    "samples",
    "neighbors",
    "space",
    "repeats",
    "changes",
    "topics",
    "cluster",
    "project",
    "collocations",
    "labels",
    "scores",
    "blocks",
    "themes",
    "claims",
    "spark",
    "study",
    "plots",
    "figures",
    "manifest",
    "report",
    "outputs",
    "notebooks",
    "cli",
]
FILES = sorted(
    (file, file.relative_to(PACKAGE).parts[0].removesuffix(".py"))
    for file in PACKAGE.rglob("*.py")
    if file != PACKAGE / "__init__.py"
)


def imported_rooms(tree: ast.AST) -> Iterator[str]:
    """Name the modules of the package that a file imports, wherever in the file it does so."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [f"rare_topics.{node.module or alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "rare_topics":
            names = [f"rare_topics.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            if name.startswith("rare_topics."):
                yield name.split(".")[1]


@pytest.mark.parametrize(("file", "room"), FILES, ids=[str(file.relative_to(PACKAGE)) for file, _ in FILES])
def test_a_module_imports_only_those_before_it(file: Path, room: str) -> None:
    """Every module has its place in the order, and takes from the rooms above it alone."""
    assert room in ORDER, f"{room} has no place in the order of modules"
    above = {*ORDER[: ORDER.index(room)], "__version__"}
    if file.parent != PACKAGE:
        above.add(room)
    tree = ast.parse(file.read_text("utf-8"))
    assert set(imported_rooms(tree)) <= above


@pytest.mark.parametrize(("file", "room"), FILES, ids=[str(file.relative_to(PACKAGE)) for file, _ in FILES])
def test_only_the_command_prints(file: Path, room: str) -> None:
    """The library returns values; `cli` alone writes to the terminal."""
    calls = [node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    prints = [call.id for call in calls if isinstance(call, ast.Name) and call.id == "print"]
    assert room == "cli" or not prints


def test_the_walk_sees_every_way_to_import() -> None:
    """The check itself finds plain, from, nested and relative imports."""
    source = (
        "import rare_topics.cli\n"
        "from rare_topics.pages import decode\n"
        "from rare_topics import study\n"
        "def late():\n"
        "    from . import report\n"
        "    from .plots import draw\n"
    )
    assert set(imported_rooms(ast.parse(source))) == {"cli", "pages", "study", "report", "plots"}

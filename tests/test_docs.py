"""Specification of the documentation: its code runs, prints what it says it prints, and nothing public is left out."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import rare_topics as rt
from rare_topics.study import Study

ROOT = Path(__file__).parent.parent
DOCS = ROOT / ".docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if not {"_build", "generated"} & set(path.parts))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())


@pytest.fixture(scope="module")
def workplace(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder as it is after the first command of the README: what was given, and a run in ``build``."""
    folder = tmp_path_factory.mktemp("docs")
    for name in ("seeds", "tests"):
        (folder / name).symlink_to(ROOT / name)
    study.save(folder / "build")
    return folder


@pytest.mark.slow
@each_page
def test_its_code_runs_and_prints_what_stands_below_it(
    page: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks of a page run one after the other, as a reader would run them."""
    monkeypatch.chdir(workplace)
    names: dict[str, object] = {"__name__": page.stem}
    printed = io.StringIO()
    for language, block in BLOCK.findall(page.read_text("utf-8")):
        if language == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(block, page.name, "exec"), names)  # noqa: S102 - the page's own lines
        elif language == "text":
            assert printed.getvalue() == block


@each_page
def test_it_is_reached_from_the_first_page(page: Path) -> None:
    first = (DOCS / "index.md").read_text("utf-8").splitlines()
    assert page.stem == "index" or page.relative_to(DOCS).with_suffix("").as_posix() in first


def test_the_pages_made_of_the_package_hold_every_figure_and_every_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(DOCS)
    from generated_pages import write_generated_pages

    write_generated_pages(tmp_path)
    gallery = (tmp_path / "generated" / "gallery.md").read_text("utf-8")
    names = (tmp_path / "generated" / "names.md").read_text("utf-8")
    assert re.findall(r"\(names/(\w+)\.md\)", names) == rt.__all__
    drawn = {path.stem for path in (ROOT / "figures").glob("*.png")}
    shown = set(re.findall(r"figures/(\w+)\.png", gallery))
    assert shown == {name for name in rt.figures.FIGURES if name in drawn}
    for function in re.findall(r"^ax = figures\.(\w+)\(study\)$", gallery, re.MULTILINE):
        assert callable(getattr(rt.figures, function))

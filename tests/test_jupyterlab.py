"""Specification of the notebooks in a real JupyterLab, in a real browser, with no net but this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from rare_topics.study import Study

ROOT = Path(__file__).parent.parent
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
TIMEOUT = 300
# Seconds after which a notebook none of whose cells has started is started again.
RESTART_AFTER = 30
STARTED_PROMPT = re.compile(r"\[(\*|\d+)\]:")
# One that shows text, tables and pictures; that of displays shows HTML and a fit. That all run, test_notebooks says.
NOTEBOOK = "08_claims_and_disagreements"
DATAFRAME = r"class=\"dataframe\""
HOSTILE = "<img src=x onerror=alert(1)> 稀土"
DISPLAYS = (
    "import rare_topics as rt\n\ncorpus = rt.read_pages('../seeds')\ncorpus",
    f"""from dataclasses import replace

*others, last = corpus
corpus = rt.Corpus((*others, replace(last, title="{HOSTILE}")))
study = rt.Study(random_state=0).fit(corpus, progress=True)
study""",
    "rt.Report(study)",
    "widget = rt.map_widget(study)\nwidget",
    "print('chosen', *widget.selection)",
    f"""import pandas as pd

rt.show_table(pd.DataFrame({{"title": ["{HOSTILE}", *["lithium"] * 20]}}))""",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium was found; install the package chromium"),
]


@pytest.fixture(scope="module")
def project(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the notebooks and what they read, and add one that shows the package's own displays."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*", "study"))
    study.save(folder / "notebooks" / "study")
    (folder / "notebooks" / "displays.ipynb").write_text(notebook_of(DISPLAYS), "utf-8")
    return folder


def notebook_of(sources: Sequence[str]) -> str:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**cell, "id": f"cell-{number}", "source": source} for number, source in enumerate(sources)]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def lab(project: Path) -> Iterator[str]:
    """Start JupyterLab with settings of its own and give its address."""
    pytest.importorskip("jupyterlab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = project / "home"
    settings = home / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    # Every cell stays in the page, also those that have scrolled away.
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', "utf-8")
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "settings"}
    folders |= {"JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython"}
    environment = {**os.environ, **{name: str(home / folder) for name, folder in folders.items()}}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--IdentityProvider.token=",
        f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={project}",
    ]  # fmt: skip
    with (project / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield _answering(f"http://127.0.0.1:{port}", project / "server.log")
    finally:
        server.terminate()
        server.wait(30)


def _answering(address: str, log: Path) -> str:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/api", timeout=5):  # noqa: S310 - the address is this machine's
                return address
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start: {log.read_text('utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield browser
        browser.close()


def run_all(browser: Any, lab: str, path: Path) -> Any:
    """Open a notebook, clear it, run all of its cells by the menu, and wait for the last."""
    name = path.stem
    number = sum(cell["cell_type"] == "code" for cell in json.loads(path.read_text("utf-8"))["cells"])
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(1000 * TIMEOUT)
    page.goto(f"{lab}/lab/workspaces/{name}/tree/notebooks/{name}.ipynb?reset")
    page.wait_for_selector(".jp-NotebookPanel-toolbar [data-status=idle]")
    outputs = page.locator(".jp-CodeCell .jp-OutputArea-output")
    choose_until(page, "Edit", "editmenu:clear-all", lambda: not outputs.count())
    started = page.locator(".jp-InputPrompt", has_text=STARTED_PROMPT)
    choose_until(page, "Run", "runmenu:run-all", started.count)
    page.locator(".jp-InputPrompt", has_text=f"[{number}]:").wait_for(state="attached")
    page.wait_for_selector(".jp-NotebookPanel-toolbar [data-status=idle]")
    return page


def choose(page: Any, menu: str, command: str) -> None:
    page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{menu}$")).click()
    page.locator(f".lm-Menu-item[data-command='{command}']").click()


def choose_until(page: Any, menu: str, command: str, is_done: Callable[[], Any]) -> None:
    """Choose a command until it has had its effect: a laboratory that has just been opened may not hear it."""
    for _ in range(5):
        choose(page, menu, command)
        deadline = time.monotonic() + RESTART_AFTER
        while time.monotonic() < deadline:
            if is_done():
                return
            page.wait_for_timeout(200)
    pytest.fail(f"{command} has no effect")


def error_outputs(page: Any) -> list[str]:
    kinds = ("application/vnd.jupyter.error", "application/vnd.jupyter.stderr")
    return [text for kind in kinds for text in page.locator(f"[data-mime-type='{kind}']").all_inner_texts()]


def test_a_notebook_runs_from_first_to_last(browser: Any, lab: str, project: Path) -> None:
    """No error, nothing on the error channel, and as many tables and pictures as stand in the committed notebook."""
    page = run_all(browser, lab, project / "notebooks" / f"{NOTEBOOK}.ipynb")
    page.screenshot(path=project / f"{NOTEBOOK}.png")
    assert error_outputs(page) == []
    committed = (ROOT / "notebooks" / f"{NOTEBOOK}.ipynb").read_text("utf-8")
    assert page.locator(".jp-RenderedHTMLCommon table.dataframe").count() == committed.count(DATAFRAME)
    widths = page.locator(".jp-RenderedImage img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert len(widths) == committed.count('"image/png": ')
    assert all(widths)
    page.context.close()


@pytest.fixture(scope="module")
def displays(browser: Any, lab: str, project: Path) -> Iterator[Any]:
    """Give the page of the notebook of displays, all of whose cells have run."""
    pytest.importorskip("anywidget")
    pytest.importorskip("itables")
    page = run_all(browser, lab, project / "notebooks" / "displays.ipynb")
    page.on("dialog", lambda dialog: pytest.fail(f"a title ran: {dialog.message}"))
    page.screenshot(path=project / "displays.png")
    yield page
    page.context.close()


def test_corpus_study_and_report_show_themselves(displays: Any) -> None:
    """A bar while the study is made and none afterwards; the report in a frame, drawn and in no need of the net."""
    assert error_outputs(displays) == []
    cells = displays.locator(".jp-CodeCell")
    assert "34 articles from 5 files" in cells.nth(0).inner_text()
    assert "stability" in cells.nth(1).inner_text()
    frame = displays.frame_locator("iframe[title=rare_topics]")
    frame.locator("#map-chart :is(svg, canvas)").first.wait_for()


def test_a_map_is_hovered_clicked_and_lassoed(displays: Any, lab: str, project: Path) -> None:
    """Title and date, the article with its marks, ids in Python; texts stay texts, and nothing is fetched."""
    page = displays
    circles = page.locator(".rare-topics-map circle")
    # The last one lies over all others.
    circles.last.hover()
    assert page.locator(".rare-topics-map .tip b").inner_text() == HOSTILE
    assert re.search(r"2025-\d\d-\d\d", page.locator(".rare-topics-map .tip").inner_text())
    circles.last.click()
    page.locator(".rare-topics-map .reader mark").first.wait_for()
    assert page.locator(".rare-topics-map .reader h4").inner_text() == HOSTILE
    chosen = lasso_left_half(page)
    assert 0 < len(chosen) < circles.count() == 34
    page.locator(f".rare-topics-map .status:has-text('{len(chosen)} selected')").wait_for()
    page.screenshot(path=project / "widgets.png")
    chooser = page.locator(".jp-CodeCell", has_text="'chosen'")
    chooser.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    chooser.locator(".jp-OutputArea-output", has_text=re.compile(r"chosen \w")).wait_for()
    assert set(chooser.locator(".jp-OutputArea-output").inner_text().split()[1:]) == chosen
    assert error_outputs(page) == []
    assert page.locator(".jp-OutputArea-output img").count() == 0
    fetched = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [address for address in fetched if not address.startswith((lab, "data:", "blob:"))] == []


def lasso_left_half(page: Any) -> set[str]:
    """Draw a line around the left half of the map; return the ids of the points in it."""
    page.locator(".rare-topics-map svg").scroll_into_view_if_needed()
    box = page.locator(".rare-topics-map svg").bounding_box()
    left, middle, top, bottom = box["x"] + 2, box["x"] + box["width"] / 2, box["y"] + 2, box["y"] + box["height"] - 2
    page.mouse.move(left, top)
    page.mouse.down()
    for corner in ((middle, top), (middle, bottom), (left, bottom)):
        page.mouse.move(*corner, steps=5)
    page.mouse.up()
    place = "one => [one.dataset.id, one.getBoundingClientRect().x + one.getBoundingClientRect().width / 2]"
    places = page.locator(".rare-topics-map circle").evaluate_all(f"circles => circles.map({place})")
    return {each for each, x in places if x < middle}


def test_a_table_is_searched(displays: Any) -> None:
    search = displays.locator(".jp-CodeCell .dt-search input")
    rows = displays.locator(".jp-CodeCell table.dataTable tbody tr")
    search.wait_for()
    assert rows.count() == 10
    search.fill("onerror")
    displays.wait_for_function("document.querySelectorAll('.jp-CodeCell table.dataTable tbody tr').length === 1")
    assert HOSTILE in rows.inner_text()
    assert displays.locator(".jp-OutputArea-output img").count() == 0

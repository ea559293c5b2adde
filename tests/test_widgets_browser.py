"""Specification of the map widget in a browser, without a mouse and without a kernel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_report_browser import BROWSER, QUIET

import rare_topics as rt

# What anywidget gives a script: values by name, and who is told when one changes. The kernel sends what was opened.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>map</title><style>{css}</style>
<main><h1>Map</h1><h2>Articles</h2><h3>Widget</h3><div id="cell"></div></main>
<script type="module">
const values = {values};
const articles = {articles};
const told = {{}};
const set = (name, value) => {{
  values[name] = value;
  (told[`change:${{name}}`] ?? []).forEach((handler) => handler());
}};
window.model = {{
  get: (name) => values[name],
  set: (name, value) => {{
    set(name, value);
    if (name === "opened") set("article", articles[value] ?? {{}});
  }},
  save_changes: () => {{}},
  on: (name, handler) => (told[name] ??= []).push(handler),
  off: () => {{}},
}};
{script}
render({{ model: window.model, el: document.querySelector("#cell") }});
</script>"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium was found; install the package chromium"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, study: rt.Study, tmp_path: Path) -> Iterator[Any]:
    """Give a page with the map; whatever it says on the console fails the test."""
    pytest.importorskip("anywidget")
    widget = rt.map_widget(study)
    values = {"points": widget.points, "note": widget.note, "article": {}, "opened": "", "selection": []}
    articles = {point["id"]: widget.article_with_marks(point["id"]) for point in widget.points}
    script = widget._esm.replace("export default { render };", "")
    written = PAGE.format(
        css=widget._css,
        script=script,
        values=json.dumps(values),
        articles=json.dumps(articles).replace("</", "<\\/"),
    )
    (tmp_path / "map.html").write_text(written, "utf-8")
    page = chromium.new_context(offline=True, viewport={"width": 1000, "height": 900}).new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto((tmp_path / "map.html").as_uri())
    yield page
    page.context.close()
    assert messages == []


def test_keys_go_from_point_to_point_open_an_article_and_close_it(page: Any, study: rt.Study) -> None:
    """Tab to the map, arrows by date, Enter, Escape; the point that was left is where one comes back to."""
    first, second = study.corpus[0], study.corpus[1]
    page.keyboard.press("Tab")
    assert page.locator(".tip b").inner_text() == first.title
    page.keyboard.press("ArrowRight")
    assert page.locator(".tip b").inner_text() == second.title
    page.keyboard.press("Enter")
    assert page.locator(".reader h4").inner_text() == second.title
    assert page.evaluate("document.activeElement.className") == "reader"
    page.keyboard.press("Escape")
    assert page.locator(".reader").is_hidden()
    assert page.evaluate("document.activeElement.dataset.id") == second.article_id
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.id") == first.article_id


def test_space_picks_a_point_and_gives_it_back(page: Any, study: rt.Study) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("model.get('selection')") == [study.corpus[0].article_id]
    assert "1 selected" in page.locator(".status").inner_text()
    page.keyboard.press("Space")
    assert page.evaluate("model.get('selection')") == []


def test_a_list_says_what_the_map_shows(page: Any, study: rt.Study) -> None:
    """Every article by its date and title; a press opens it, and closing leads back into the list."""
    page.locator(".articles summary").focus()
    page.keyboard.press("Enter")
    buttons = page.locator(".articles button")
    assert buttons.all_inner_texts() == [article.title for article in study.corpus]
    buttons.nth(2).press("Enter")
    assert page.locator(".reader h4").inner_text() == study.corpus[2].title
    page.locator(".reader button").press("Enter")
    assert page.evaluate("document.activeElement.innerText") == study.corpus[2].title


@pytest.mark.parametrize("reading", [False, True])
def test_axe_finds_no_fault(page: Any, *, reading: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if reading:
        page.locator(".articles summary").click()
        page.locator(".articles button").first.click()
    found = axe.run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []


def test_a_saved_notebook_shows_the_picture_where_no_kernel_runs(
    chromium: Any, study: rt.Study, tmp_path: Path
) -> None:
    """Converted to HTML, as sites and viewers do: the picture is there, and is drawn."""
    pytest.importorskip("anywidget")
    nbformat, exporters = pytest.importorskip("nbformat"), pytest.importorskip("nbconvert.exporters")
    data, metadata = rt.map_widget(study)._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cell = nbformat.v4.new_code_cell("rt.map_widget(study)", outputs=[output])
    body, _ = exporters.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    (tmp_path / "saved.html").write_text(re.sub(r'<script src="https?://[^"]+"', "<script ", body), "utf-8")
    page = chromium.new_context(offline=True).new_page()
    page.goto((tmp_path / "saved.html").as_uri())
    picture = page.locator(".jp-OutputArea img")
    assert picture.is_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500
    page.context.close()

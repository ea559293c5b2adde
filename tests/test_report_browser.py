"""Specification of the report in a real browser, with the network cut."""

from __future__ import annotations

import copy
import json
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rare_topics.corpus.corpus import read
from rare_topics.report import Report, write_report
from rare_topics.report.key_findings import KeyFindings
from rare_topics.report.page import render
from rare_topics.report.page_data import page_data
from rare_topics.study import Study

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
HOSTILE = (
    "<script>window.broken = 1</script>",
    "</script><img src=x onerror='window.broken = 1'>",
    "\"quoted\" 'twice' `thrice` &amp; &lt;b&gt;",
    "\u202e从右往左\u202c \u2067mixed\u2069",
    "长" * 10_000,
    "${window.broken = 1} {{ 1 + 1 }} <!-- <b>",
)
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium was found; install the package chromium"),
]


@dataclass
class Opened:
    """A page in the browser, with everything it said and asked for."""

    page: Any
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, path: Path, state: str = "lang=en") -> Opened:
        self.page.goto(f"{path.as_uri()}#{state}")
        self.page.wait_for_selector("#map-chart :is(svg, canvas)")
        return self

    def count(self) -> int:
        return int(self.page.inner_text("#count").split()[0])

    def titles(self) -> list[str]:
        while self.page.is_visible("#more"):
            self.page.click("#more")
        return [element.inner_text() for element in self.page.query_selector_all("#list .title")]

    def search(self, text: str) -> None:
        self.page.fill("#q", text)
        self.page.press("#q", "Enter")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    """Give a browser page without a network; whatever it says or asks for fails the test."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    result = Opened(context.new_page())
    result.page.on("console", lambda message: result.messages.append(message.text))
    result.page.on("pageerror", lambda error: result.messages.append(str(error)))
    result.page.on("request", lambda request: result.requests.append(request.url))
    yield result
    context.close()
    assert result.messages == []
    assert [url for url in result.requests if not url.startswith(("file:", "data:", "about:"))] == []


@pytest.fixture(scope="module")
def data(study: Study) -> dict[str, Any]:
    return page_data(study)


@pytest.fixture(scope="module")
def report(study: Study, data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the report of the embedded pages as a file."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    answers = KeyFindings(study, data).answers()
    path.write_text(render(data, answers), encoding="utf-8", newline="\n")
    return path


class TestOpening:
    """The file opens from disk."""

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_it_shows_every_article_in_the_chosen_language(self, opened: Opened, report: Path, lang: str) -> None:
        opened.go(report, f"lang={lang}")
        assert "34" in opened.page.inner_text("#count")
        assert len(opened.titles()) == 34
        assert opened.page.is_visible(f"h1 .{lang}")
        assert not opened.page.is_visible("h1 .zh" if lang == "en" else "h1 .en")

    def test_the_language_is_switched_in_place(self, opened: Opened, report: Path) -> None:
        opened.go(report).page.select_option("#lang", "zh")
        assert opened.page.evaluate("document.documentElement.lang") == "zh-Hans"
        assert "lang=zh" in opened.page.url

    def test_every_picture_has_its_table(self, opened: Opened, report: Path) -> None:
        opened.go(report)
        pictures = opened.page.query_selector_all(".chart")
        assert len(pictures) == 5
        assert len(opened.page.query_selector_all(".beside")) == len(pictures)
        for details in opened.page.query_selector_all(".beside"):
            details.query_selector("summary").click()
            details.wait_for_selector("tbody tr")


class TestFinding:
    """Search and filters."""

    @pytest.mark.parametrize("query", ["Australia", "australian", "澳洲", "澳大利亚"])
    def test_a_word_finds_the_articles_of_both_languages(
        self, opened: Opened, report: Path, data: dict[str, Any], query: str
    ) -> None:
        opened.go(report)
        opened.search(query)
        opened.page.wait_for_selector("#reading:not(:empty)")
        titles = opened.titles()
        named = {a["title"] for a in data["articles"] if "Australia" in a["body"] or "澳大利亚" in a["body"]}
        assert named <= set(titles)
        assert len(titles) < 34
        assert {a["lang"] for a in data["articles"] if a["title"] in titles} == {"en", "zh"}

    @pytest.mark.parametrize(
        "forms",
        [
            ("buy", "bought", "buying", "buys"),
            ("mine", "mines", "mined", "mining"),
            ("supply", "supplies", "supplied", "供应"),
            ("strategy", "strategies"),
            ("separate", "separated", "separates"),
            ("EU", "European Union", "欧盟"),
            ("US", "U.S.", "美国", "对美"),
            ("ton", "tonnes", "kilotonne", "吨", "千吨"),
        ],
    )
    def test_every_form_of_a_word_finds_the_same(self, opened: Opened, report: Path, forms: tuple[str, ...]) -> None:
        counts = {opened.go(report, f"lang=en&q={form}").count() for form in forms}
        assert len(counts) == 1
        assert 0 < counts.pop() < 34

    def test_several_words_must_all_fit(self, opened: Opened, report: Path) -> None:
        counts = []
        for query in ("Australia", "Japan", "Australia Japan", "澳洲日本", "nothingwhatsoever"):
            opened.go(report, f"lang=en&q={query}")
            counts.append(opened.count())
        assert counts[2] == counts[3] <= min(counts[:2])
        assert counts[4] == 0

    def test_the_filters_count_what_the_articles_say(self, opened: Opened, report: Path, data: dict[str, Any]) -> None:
        opened.go(report).page.select_option("#f-language", "zh")
        assert opened.count() == sum(article["lang"] == "zh" for article in data["articles"])
        opened.page.select_option("#f-from", "2025-10")
        expected = [a for a in data["articles"] if a["lang"] == "zh" and a["date"] >= "2025-10"]
        assert opened.count() == len(expected)
        opened.page.click("#reset")
        assert opened.count() == 34
        opened.page.select_option("#f-theme", "us_dependence")
        theme = next(theme for theme in data["themes"] if theme["id"] == "us_dependence")
        assert opened.count() == len(theme["articles"])
        opened.page.click("#reset")
        opened.page.select_option("#f-cluster", "0")
        assert opened.count() == sum(article["cluster"] == 0 for article in data["articles"])

    def test_an_address_brings_the_view_back(self, opened: Opened, report: Path) -> None:
        opened.go(report).page.select_option("#f-language", "en")
        opened.search("Japan")
        opened.page.wait_for_url("**q=Japan*")
        count, address = opened.count(), opened.page.url
        opened.page.goto("about:blank")
        opened.page.goto(address)
        opened.page.wait_for_selector("#map-chart svg")
        assert opened.count() == count < 34
        assert opened.page.input_value("#q") == "Japan"


class TestThemes:
    """Narratives with their quotes, and who could supply."""

    def test_a_theme_opens_on_its_quotes(self, opened: Opened, report: Path, data: dict[str, Any]) -> None:
        opened.go(report).page.click("[data-theme=chinese_controls] summary")
        quote = opened.page.inner_text("[data-theme=chinese_controls] .quotes blockquote")
        assert any(
            " ".join(quote.split()) in " ".join((a["title"] + " " + a["body"]).split()) for a in data["articles"]
        )

    def test_every_act_of_control_stands_with_its_words(
        self, opened: Opened, report: Path, data: dict[str, Any], study: Study
    ) -> None:
        page = opened.go(report).page
        rows = page.locator("#acts-table tbody tr")
        assert rows.count() == len(study.events) > 20
        assert "China\ttightens\trare earths\t在2010年" in rows.first.inner_text().replace("\n", "")
        page.select_option("#f-language", "zh")
        chinese = {article["id"] for article in data["articles"] if article["lang"] == "zh"}
        assert rows.count() == sum(row["article"] in chinese for row in data["acts"]) > 0

    def test_a_role_opens_on_its_quotes(self, opened: Opened, report: Path, data: dict[str, Any]) -> None:
        opened.go(report)
        cell = opened.page.locator("#suppliers-table button").first
        n = int(cell.inner_text())
        cell.click()
        assert opened.page.locator("#supplier-quotes li").count() == n
        assert opened.page.evaluate("document.activeElement.closest('#supplier-quotes') !== null")
        opened.page.click("#supplier-quotes .cite")
        opened.page.wait_for_selector("#reader .body")
        opened.page.go_back()
        opened.page.wait_for_selector("#reader", state="hidden")
        assert opened.page.locator("#supplier-quotes li").count() == n


class TestClaims:
    """Numbers and disagreements side by side."""

    def test_a_group_opens_on_its_statements(self, opened: Opened, report: Path, data: dict[str, Any]) -> None:
        opened.go(report)
        group = next(group for group in data["disagreements"] if group["verdict"] == "implausible")
        opened.page.click(f"[data-group='{group['group']}'] summary")
        rows = opened.page.locator(f"[data-group='{group['group']}'] tbody tr")
        rows.first.wait_for()
        assert rows.count() == len(group["claims"])
        marked = rows.locator("mark.claim").all_inner_texts()
        assert marked == [
            claim["printed"] for name in group["claims"] for claim in data["claims"] if claim["claim_id"] == name
        ]

    def test_a_picture_of_another_group_is_drawn_on_demand(self, opened: Opened, report: Path) -> None:
        page = opened.go(report).page
        page.wait_for_selector("#claims-chart svg")
        before = page.inner_text("#claims-chart")
        page.select_option("#group", index=page.locator("#group option").count() - 1)
        page.wait_for_timeout(500)
        assert page.inner_text("#claims-chart") != before

    def test_filters_reach_the_claims(self, opened: Opened, report: Path, data: dict[str, Any]) -> None:
        opened.go(report, "lang=en&language=zh").page.select_option("#kind", "share")
        chinese = {article["id"] for article in data["articles"] if article["lang"] == "zh"}
        shares = [c for c in data["claims"] if c["article_id"] in chinese and c["kind"] == "share"]
        assert opened.page.inner_text("#claim-list caption").endswith(f": {len(shares)}")

    def test_every_number_of_an_article_is_marked_where_it_stands(
        self, opened: Opened, report: Path, data: dict[str, Any]
    ) -> None:
        article = max(data["articles"], key=lambda a: sum(c["article_id"] == a["id"] for c in data["claims"]))
        opened.go(report, f"lang=en&article={article['id']}")
        for claim in (claim for claim in data["claims"] if claim["article_id"] == article["id"]):
            parts = opened.page.eval_on_selector_all(
                f"#reader mark[data-spans~='{claim['at']}']", "marks => marks.map(mark => mark.textContent)"
            )
            assert "".join(parts) == claim["printed"]


class TestReading:
    """From an article to its text and back."""

    def test_a_click_opens_an_article_and_back_returns(
        self, opened: Opened, report: Path, data: dict[str, Any]
    ) -> None:
        opened.go(report, "lang=en&language=zh")
        count = opened.count()
        opened.page.click("#list li:first-child .title")
        article = next(article for article in data["articles"] if article["lang"] == "zh")
        assert opened.page.inner_text("#reader-title") == article["title"]
        assert opened.page.text_content("#reader .body") == article["body"]
        opened.page.go_back()
        opened.page.wait_for_selector("#reader", state="hidden")
        assert opened.count() == count

    def test_a_point_of_the_map_leads_to_its_article(self, opened: Opened, report: Path) -> None:
        opened.go(report).page.locator("#map-chart path[aria-roledescription=point]").first.click(force=True)
        opened.page.wait_for_selector("#reader .body")

    def test_a_quote_at_the_top_leads_to_its_mark(self, opened: Opened, report: Path) -> None:
        opened.go(report)
        links = opened.page.locator(".answer .cite")
        for number in range(0, links.count(), 5):
            quote = links.nth(number).get_attribute("title").partition(" · ")[2]
            links.nth(number).click()
            assert opened.page.inner_text("#reader mark.here") in quote
            assert opened.page.is_visible("#reader mark.here")
            opened.page.go_back()
            opened.page.wait_for_selector("#reader", state="hidden")

    def test_what_is_read_in_one_minute_fits_one_screen(self, opened: Opened, report: Path) -> None:
        for lang in ("en", "zh"):
            opened.go(report, f"lang={lang}")
            opened.page.set_viewport_size({"width": 1400, "height": 900})
            box = opened.page.locator("#answers").bounding_box()
            assert box["y"] + box["height"] <= 900
            assert opened.page.evaluate("document.querySelector('nav ul').scrollWidth <= innerWidth")

    def test_every_passage_of_a_theme_is_marked_where_it_stands(
        self, opened: Opened, report: Path, data: dict[str, Any]
    ) -> None:
        for article in data["articles"][:3]:
            opened.go(report, f"lang=en&article={article['id']}")
            for passage in data["evidence"][article["id"]]:
                parts = opened.page.eval_on_selector_all(
                    f"#reader mark[data-spans~='{passage['at']}']", "marks => marks.map(mark => mark.textContent)"
                )
                assert "".join(parts) == article[passage["field"]][passage["start"] : passage["end"]]

    def test_what_was_searched_for_is_marked_in_the_text(
        self, opened: Opened, report: Path, data: dict[str, Any]
    ) -> None:
        opened.go(report, "lang=en&q=Australia&language=zh").page.click("#list li:first-child .title")
        marks = {mark.inner_text().lower() for mark in opened.page.query_selector_all("#reader mark.found")}
        index = data["search"]
        assert marks
        assert marks <= {
            form for form, concepts in index["forms"].items() if index["forms"]["australia"][0] in concepts
        }

    def test_the_keyboard_is_enough(self, opened: Opened, report: Path) -> None:
        opened.go(report).page.keyboard.press("Tab")
        assert opened.page.evaluate("document.activeElement.className") == "skip"
        opened.page.focus("#list li:first-child .title")
        opened.page.keyboard.press("Enter")
        opened.page.wait_for_selector("#reader .body")
        opened.page.keyboard.press("Escape")
        opened.page.wait_for_selector("#reader", state="hidden")
        assert "article=" in opened.page.evaluate("document.activeElement.href")


class TestHostileText:
    """Whatever a title holds is shown as text."""

    def test_titles_are_text(self, opened: Opened, data: dict[str, Any], tmp_path: Path) -> None:
        hostile = copy.deepcopy(data)
        for article, title in zip(hostile["articles"], HOSTILE, strict=False):
            article["title"] = title
            article["source"] = title[:200]
        path = tmp_path / "hostile.html"
        path.write_text(render(hostile), encoding="utf-8", newline="\n")
        opened.go(path)
        assert [e.text_content() for e in opened.page.query_selector_all("#list .title")][: len(HOSTILE)] == [*HOSTILE]
        assert opened.page.evaluate("window.broken") is None
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        opened.page.click("#map-details summary")
        opened.page.click("#list li:first-child .title")
        assert opened.page.inner_text("#reader-title") == HOSTILE[0]

    def test_marks_stand_right_behind_characters_of_two_units(
        self, opened: Opened, data: dict[str, Any], tmp_path: Path
    ) -> None:
        wide = copy.deepcopy(data)
        wide["articles"][0]["body"] = "𠀀😀𠀀 Australia 𠀀"
        path = tmp_path / "wide.html"
        path.write_text(render(wide), encoding="utf-8", newline="\n")
        article = wide["articles"][0]["id"]
        opened.go(path, f"lang=en&q=Australia&article={article}")
        assert opened.page.inner_text("#reader .body mark.found") == "Australia"
        assert opened.page.text_content("#reader .body") == "𠀀😀𠀀 Australia 𠀀"


class TestAnyCorpus:
    """A table of four rows without dates, sources or themes is a corpus too."""

    def test_what_is_not_there_has_no_section(self, opened: Opened, tmp_path: Path) -> None:
        table = tmp_path / "news.jsonl"
        texts = ["Cats chase mice. Dogs chase cats.", "It rained. The river rose.", "Fans cheered. Players sang."]
        table.write_text("".join(json.dumps({"title": text[:9], "text": text}) + "\n" for text in texts), "utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            study = Study(n_topics=2, n_clusters=1).fit(read(table))
        page = opened.go(write_report(study, tmp_path / "report.html")).page
        assert opened.count() == 3
        assert page.locator("#themes, #suppliers, #claims").count() == 0
        assert [
            page.locator(link).count() for link in ("nav [href='#section=themes']", "nav [href='#section=map']")
        ] == [0, 1]
        opened.search("dog")
        page.wait_for_selector("#reading:not(:empty)")
        assert opened.titles() == ["Cats chas"]


class TestEverywhere:
    """Every reader, every screen, paper, and a notebook."""

    @pytest.mark.parametrize("state", ["lang=en&colours=light", "lang=zh&colours=dark"])
    @pytest.mark.parametrize("reading", [False, True])
    def test_axe_finds_no_fault(
        self, opened: Opened, report: Path, data: dict[str, Any], state: str, reading: bool
    ) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        opened.go(
            report, f"{state}&language=zh" + (f"&q=Australia&article={data['articles'][0]['id']}" if reading else "")
        )
        for summary in opened.page.query_selector_all("main summary"):
            summary.evaluate("element => element.parentElement.open = true")
        found = axe.run(opened.page).response["violations"]
        faults = [(fault["id"], fault["nodes"][0]["html"]) for fault in found]
        # Over an open article the first link to be seen is taken for one that skips.
        assert [fault for fault in faults if fault[0] != "skip-link" or not reading] == []

    def test_a_phone_shows_it_without_scrolling_sideways(self, opened: Opened, report: Path) -> None:
        opened.page.set_viewport_size(PHONE)
        opened.go(report)
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        opened.page.click("#list li:first-child .title")
        assert opened.page.evaluate("document.querySelector('#reader').scrollWidth <= innerWidth")

    @pytest.mark.parametrize("state", ["lang=en", "lang=zh"])
    @pytest.mark.parametrize("width", [400, 1400])
    def test_the_names_of_the_map_cover_nothing(
        self, opened: Opened, report: Path, data: dict[str, Any], state: str, width: int
    ) -> None:
        """Each cluster has its name inside the picture, on no point and on no other name."""
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.go(report, state)
        # Of a text the box of its letters: that of the element holds room for accents and descents besides.
        boxes = """selector => [...document.querySelectorAll(`#map-chart ${selector}`)]
            .filter(mark => mark.tagName !== "text" || mark.textContent && mark.getAttribute("opacity") !== "0")
            .map(mark => {
                const box = mark.getBoundingClientRect();
                if (mark.tagName !== "text") return [box.left, box.right, box.top, box.bottom];
                const context = document.createElement("canvas").getContext("2d");
                context.font = getComputedStyle(mark).font;
                const size = context.measureText(mark.textContent);
                const baseline = box.top + size.fontBoundingBoxAscent;
                const [above, below] = [size.actualBoundingBoxAscent, size.actualBoundingBoxDescent];
                return [box.left, box.right, baseline - above, baseline + below];
            })"""
        names, points = (opened.page.evaluate(boxes, kind) for kind in (".mark-text text", ".mark-symbol path"))
        (picture,) = opened.page.evaluate(boxes, "svg")
        assert len(names) == len(data["clusters"])
        for number, (left, right, top, bottom) in enumerate(names):
            assert picture[0] <= left <= right <= picture[1]
            for other in (*points, *names[:number]):
                beside = other[1] <= left or right <= other[0]
                # Names are placed by the size of their font, which Chinese letters exceed by less than two pixels.
                assert beside or other[3] <= top + 2 or bottom - 2 <= other[2]

    def test_the_system_decides_on_light_and_dark(self, opened: Opened, report: Path) -> None:
        opened.page.emulate_media(color_scheme="dark")
        opened.go(report)
        dark = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
        opened.page.select_option("#colours", "light")
        assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") != dark

    @pytest.mark.parametrize("colours", ["light", "dark"])
    def test_paper_has_the_answers_with_their_sources_and_what_one_unfolded(
        self, opened: Opened, report: Path, colours: str
    ) -> None:
        opened.go(report, f"lang=en&colours={colours}")
        opened.page.click("#topics-details summary")
        paper = opened.page.pdf(format="A4")
        assert 1 < paper.count(b"/Type /Page\n") <= 12
        opened.page.emulate_media(media="print")
        for hidden in ("#filters", "nav", "#list", "#acts", "#claim-list", "#map-details", "[data-theme] .quotes"):
            assert not opened.page.locator(hidden).first.is_visible(), hidden
        assert opened.page.is_visible("#topics-table tbody tr")
        cited = opened.page.locator("#answers [data-cited]")
        numbers = set(cited.evaluate_all("links => links.map(link => Number(link.dataset.cited))"))
        assert numbers == {*range(1, opened.page.locator(".paper li").count() + 1)}
        assert "CSV" in opened.page.inner_text(".paper .note")
        assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    def test_paper_has_the_hits_where_one_searched(self, opened: Opened, report: Path) -> None:
        opened.go(report, "lang=en&q=Japan")
        opened.page.emulate_media(media="print")
        assert opened.page.is_visible("#count")
        assert opened.page.is_visible("#list .title")

    def test_it_works_in_the_frame_that_a_notebook_shows(self, opened: Opened, study: Study, tmp_path: Path) -> None:
        host = tmp_path / "notebook.html"
        host.write_text(f"<!doctype html><title>cell</title>{Report(study)._repr_html_()}", encoding="utf-8")
        opened.page.goto(host.as_uri())
        frame = opened.page.frames[-1]
        frame.wait_for_selector("#map-chart svg")
        frame.select_option("#lang", "en")
        frame.fill("#q", "Australia")
        frame.wait_for_selector("#reading:not(:empty)")
        frame.click("#list li:first-child .title")
        frame.wait_for_selector("#reader .body")
        assert opened.page.url == host.as_uri()

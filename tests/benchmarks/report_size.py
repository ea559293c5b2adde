"""Measure the report of many articles: its size, and how long a reader waits.

``python tests/benchmarks/report_size.py [N] [--seeds FOLDER]`` makes N articles out of the passages of the
pages in the folder, fits 20 topics and 20 clusters, and opens the page in a headless Chromium.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rare_topics as rt

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PASSAGES = 12


def main() -> None:
    """Print a line for each thing measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=5000)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "news.jsonl"
        table.write_text("\n".join(rows(rt.read_pages(options.seeds), options.articles)), encoding="utf-8")
        warnings.simplefilter("ignore")
        study = timed("fit", lambda: rt.Study(n_topics=20, n_clusters=20, random_state=0).fit(rt.read_table(table)))
        page = timed("write", lambda: rt.write_report(study, Path(folder) / "report.html"))
        print(f"{'size':<28}{page.stat().st_size / 1e6:8.1f} MB")
        open_in_browser(page)


def rows(corpus: rt.Corpus, count: int) -> list[str]:
    """Compose articles of one language each out of passages of the corpus, at random."""
    generator = random.Random(0)  # noqa: S311 - no secret
    bodies: dict[str, list[str]] = {"en": [], "zh": []}
    for passage in corpus.passages:
        if passage.kind in ("item", "sentence"):
            bodies[corpus[passage.article_id].body_lang].append(passage.text)
    articles = []
    for number in range(count):
        lang = "zh" if number % 3 == 0 else "en"
        text = ("" if lang == "zh" else " ").join(generator.sample(bodies[lang], PASSAGES))
        published = f"2025-{1 + number % 12:02}-{1 + number % 28:02} 08:00"
        articles.append({"id": f"{number:06}", "title": text[:40], "text": text, "published": published, "source": "S"})
    return [json.dumps(article, ensure_ascii=False) for article in articles]


def open_in_browser(page: Path) -> None:
    """Time what a reader does."""
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("no Chromium was found")
        return
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_page()
        timed("open", lambda: (tab.goto(page.as_uri()), tab.wait_for_selector("#map-chart :is(svg, canvas)")))
        for query in ("Australia", "稀土 Japan", ""):
            timed(f"search '{query}'", lambda query=query: (tab.fill("#q", query), tab.press("#q", "Enter")))
        timed("filter by theme", lambda: tab.select_option("#f-theme", "us_dependence"))
        timed("open an article", lambda: (tab.click("#list .title"), tab.wait_for_selector("#reader .body")))
        chromium.close()


def timed(what: str, run: Callable[[], Any]) -> Any:
    """Run, print the seconds, and return what came out."""
    start = time.perf_counter()
    result = run()
    print(f"{what:<28}{time.perf_counter() - start:8.2f} s", flush=True)
    return result


if __name__ == "__main__":
    main()

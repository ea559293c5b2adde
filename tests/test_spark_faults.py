"""Specification of faults: what dies in the middle of a pass costs time, and changes no result."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
from benchmarks.archive import articles as drawn
from spark_driver import digest
from standalone_cluster import Cluster, Process

from rare_topics.claims import Claims
from rare_topics.corpus import Corpus, read
from rare_topics.lexicon import Lexicon
from rare_topics.segment import Segmenter
from rare_topics.themes import ThemeFinder

pytestmark = pytest.mark.slow
DRIVER = Path(__file__).parent / "spark_driver.py"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "archive.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in drawn(200, n_topics=4)), "utf-8")
    return path


@pytest.fixture(scope="module")
def alone(archive: Path) -> dict[str, str]:
    """Give what one machine tells of the archive."""
    corpus: Corpus = read(archive)
    themes, lexicon = ThemeFinder().find(corpus), Lexicon()
    claims = Claims(corpus, lexicon=lexicon, segmenter=Segmenter(lexicon.words)).table
    claims = claims.astype(object).where(claims.notna(), None)
    tables = {"themes": themes.table, "evidence": themes.evidence, "suppliers": themes.suppliers, "claims": claims}
    rows = {name: table.to_dict("records") for name, table in tables.items()}
    articles = [{**asdict(one), "pages": list(one.pages), "tags": list(one.tags)} for one in corpus]
    return {name: digest(found) for name, found in {"articles": articles, **rows}.items()}


def executors(worker: Process) -> list[psutil.Process]:
    """Find the Java process that a worker has started for a driver."""
    return [one for one in psutil.Process(worker.process.pid).children() if one.name() == "java"]


def python_workers(worker: Process) -> list[psutil.Process]:
    """Find the Python processes in which an executor has the work done: those that start no others."""
    inside = [one for java in executors(worker) for one in java.children(recursive=True)]
    return [one for one in inside if not one.children()]


@pytest.mark.parametrize("victims", [executors, python_workers])
def test_what_is_killed_in_the_middle_of_a_pass_costs_time_only(
    standalone: Cluster, archive: Path, alone: dict[str, str], tmp_path: Path, victims
) -> None:
    out = tmp_path / "found.json"
    with standalone.driver(DRIVER, standalone.master, archive, out) as driver:
        driver.says("step telling")
        # A Python process that is idle is not missed: strike until one is.
        while "Lost" not in driver.says("running 2|Lost executor|Lost task|^done")[0]:
            with suppress(psutil.NoSuchProcess):
                for process in victims(standalone.workers[0]):
                    process.kill()
        driver.says("done")
    assert json.loads(out.read_text("utf-8")) == alone

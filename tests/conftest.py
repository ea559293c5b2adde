"""Fixtures that several test files share: the embedded corpus, a writer of pages, Spark in two forms."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings
from scheduling import pytest_xdist_make_scheduler  # noqa: F401 - a hook
from spark_driver import INTERPRETED
from standalone_cluster import Cluster

from rare_topics.corpus.corpus import Corpus
from rare_topics.spark import session
from rare_topics.study import Study, load
from rare_topics.themes import ThemeFinder

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What a test asks for says to which slow group it belongs.
GROUPS = {"java": "spark", "chromium": "browser", "lab": "jupyterlab"}
# Files that take longest, by how their names begin.
LONGEST = ("test_spark_", "test_notebooks", "test_report_browser", "test_jupyterlab", "test_docs", "test_limits")
SEEDS = Path(__file__).parent.parent / "seeds"
# What its doctests would import is of the extra `bench` alone.
collect_ignore = [] if importlib.util.find_spec("torch") else ["benchmarks/learn_role_encoder.py"]

# A slow machine is no failure, and no run differs from another.
settings.register_profile("specification", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("specification")


def pytest_configure(config: pytest.Config) -> None:
    """Have each of several processes compute with one thread: more would wait for the cores of the others."""
    if config.getoption("numprocesses", None):
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow groups; of several processes none waits at the end for one that began a long file late."""
    for item in items:
        for fixture, group in GROUPS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(group)
                item.add_marker("slow")
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=place_in_order)


def place_in_order(item: pytest.Item) -> int:
    """Tell when the file of a test begins."""
    return next((place for place, start in enumerate(LONGEST) if item.path.name.startswith(start)), len(LONGEST))


Record = tuple[str, str, str]
PageWriter = Callable[..., Path]


def page_text(records: Sequence[Record], *, tag: str = "稀土", newline: str = "\n", header: Sequence[str] = ()) -> str:
    """Write a page by its grammar: the header, then title, date line and body of each record."""
    lines = [*(header or ("Workflow", tag, "icon")), "Search documents"]
    for title, date_line, body in records:
        lines += [title, date_line, body]
    return newline.join(lines) + newline


@pytest.fixture(scope="session")
def seeds() -> Corpus:
    """Give the corpus of the five embedded pages."""
    return Corpus.from_pages(SEEDS)


@pytest.fixture(scope="session")
def study(seeds: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Give the study of the five embedded pages; tests read it and change nothing.

    It is fitted once and saved, for all the processes that run tests.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with FileLock(shared / "seeds.lock"):
        if not (shared / "seeds-study").exists():
            return study_saved_in(shared / "seeds-study", seeds)
    loaded = load(shared / "seeds-study")
    # A loaded study reads its articles again when it is first asked what they say; tests expect that done.
    _ = loaded.themes, loaded.claims
    return loaded


def study_saved_in(folder: Path, corpus: Corpus) -> Study:
    """Fit a study and save it; what was fitted and what is loaded are one, as test_storage says."""
    study = Study(random_state=0).fit(corpus)
    study.save(folder)
    return study


@pytest.fixture(scope="session")
def theme_finder() -> ThemeFinder:
    """Give what finds the package's themes; tests read with it and change nothing."""
    return ThemeFinder()


@pytest.fixture
def page(tmp_path: Path) -> PageWriter:
    """Give a function that writes a page of (title, date line, body) records and returns its path."""

    def write(*records: Record, name: str = "page.txt", **layout: object) -> Path:
        path = tmp_path / name
        path.write_bytes(page_text(records, **layout).encode("utf-8"))  # type: ignore[arg-type]
        return path

    return write


@pytest.fixture(scope="session")
def java() -> Iterator[None]:
    """Skip where Spark cannot run, and say why; its machines compile what they run once, as they end soon."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("PySpark is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java, which Spark runs on")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield


@pytest.fixture(scope="session")
def spark(java: None) -> Iterator[SparkSession]:
    """Give a Spark session on two cores of this machine."""
    with session("local[2]", {**INTERPRETED, "spark.sql.shuffle.partitions": "2"}) as started:
        yield started


@pytest.fixture(scope="session")
def standalone(java: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a master and two workers, each a process of its own on loopback; drivers are processes too."""
    with Cluster(tmp_path_factory.mktemp("cluster"), workers=2) as cluster:
        yield cluster

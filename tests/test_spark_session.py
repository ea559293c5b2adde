"""Specification of sessions: what a master may be, what is said where Spark cannot start, where its page is."""

from __future__ import annotations

import shutil
import socket
import sys

import pyarrow as pa
import pytest

from rare_topics.errors import InputError
from rare_topics.spark import running_tasks, session, ui_address

DRIVER = """
import os, sys
import pyarrow as pa
from rare_topics.spark import session, ui_address

def places(batches):
    for batch in batches:
        yield pa.RecordBatch.from_pylist([{"python": sys.executable, "folder": os.getcwd()}])

both = {"spark.cores.max": "2", "spark.scheduler.minRegisteredResourcesRatio": "1"}
with session(sys.argv[1], {"spark.executor.memory": "512m", **both}) as spark:
    found = spark.range(0, 4, numPartitions=4).mapInArrow(places, "python string, folder string").toArrow().to_pylist()
    print("pythons", {row["python"] for row in found}, file=sys.stderr)
    print("executors", len({row["folder"] for row in found}), file=sys.stderr)
    print("page", ui_address(spark), file=sys.stderr)
"""


def refused(master: str) -> str:
    with pytest.raises(InputError) as caught, session(master):
        pass
    return str(caught.value)


@pytest.mark.parametrize("master", ["", "locals", "local[two]", "local[2] ", "http://host", "spark://", "k8s://"])
def test_what_is_no_master_is_told_what_one_looks_like(master):
    assert "is no Spark master" in refused(master)
    assert "local[2]" in refused(master)


def test_a_master_that_does_not_answer_is_named_at_once(java):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers here
        master = f"spark://127.0.0.1:{taken.getsockname()[1]}"
        assert refused(master).startswith(f"{master}: the Spark master does not answer")
    assert "does not answer" in refused("spark://127.0.0.1:none")


def test_without_java_the_user_is_told_to_install_it(monkeypatch, tmp_path):
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "install Java 17" in refused("local[1]")
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "Spark needs Java" in refused("local[1]")


def test_without_pyspark_the_user_is_told_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert "pip install 'rare-topics[spark]'" in refused("local[1]")


def test_workers_run_the_python_of_the_driver_and_have_what_it_has(spark):
    def read(batches):
        for batch in batches:
            import rare_topics

            n = batch.num_rows
            yield pa.RecordBatch.from_pydict({"python": [sys.executable] * n, "home": [rare_topics.__file__] * n})

    import rare_topics

    found = spark.range(2).mapInArrow(read, "python string, home string").toArrow().to_pylist()
    assert found == [{"python": sys.executable, "home": rare_topics.__file__}] * 2


def test_a_session_without_a_page_has_no_address(spark):
    assert ui_address(spark) == ""
    assert ui_address(object()) == ""


def test_what_no_stage_is_running_for_is_not_counted(spark):
    assert running_tasks(spark) == ""
    assert running_tasks(object()) == ""


@pytest.mark.slow
def test_a_standalone_cluster_is_used_by_both_its_workers_and_has_a_page(standalone):
    with standalone.driver("-c", DRIVER, standalone.master) as driver:
        assert driver.says("pythons (.*)")[1] == str({sys.executable})
        assert driver.says(r"executors (\d)")[1] == "2"
        assert driver.says("page (.*)")[1].startswith("http://127.0.0.1:")
        assert driver.process.wait() == 0

"""Specification of the command on Spark: the answer of one machine, what was left out, and where Spark's page is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import SEEDS

import rare_topics
from rare_topics.cli import main
from rare_topics.study import Study

COMMAND = "import sys; from rare_topics.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.slow
def test_a_run_on_spark_gives_the_answer_of_one_machine(java: None, study: Study, tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "build"
    shutil.copytree(SEEDS, pages)
    (pages / "broken.txt").write_bytes(b"\xff no page")
    words = ("run", pages, "--spark", "local[1]", "--out", out, "--no-figures")
    environment = {**os.environ, "PYTHONPATH": str(Path(rare_topics.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{len(study.corpus)} articles, {len(study.topics)} topics, ")
    assert "rare-topics: Spark shows its work at http://127.0.0.1:" in done.stderr
    assert "rare-topics: left out: broken.txt:1: not UTF-8 (byte 0xff)" in done.stderr
    assert pd.read_csv(out / "topics.csv")["terms_zh"].tolist() == study.topics["terms_zh"].tolist()
    clusters = pd.read_parquet(out / "clusters.parquet").set_index("article_id")["cluster"]
    expected = study.clusters.set_index("article_id")["cluster"]
    assert clusters.to_dict() == expected.to_dict()
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["articles"], manifest["spark"]["quarantined"]) == (len(study.corpus), 1)
    assert {path.name for path in tmp_path.iterdir()} == {"pages", "build"}


def test_an_address_is_written_by_spark_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(SEEDS), "--out", "s3a://bucket/run"]) == 2
    assert capsys.readouterr().err.endswith("say where, by --spark MASTER\n")


def test_what_is_no_master_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["run", str(SEEDS), "--spark", "here", "--out", str(tmp_path / "build")]) == 2
    assert capsys.readouterr().err.count("\n") == 1

"""Specification of the readers under a fuzzer: whatever the bytes, an article or one clear error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parent / "fuzz" / "fuzz_inputs.py"
SECONDS = os.environ.get("FUZZ_SECONDS", "30")


@pytest.mark.slow
@pytest.mark.fuzz
def test_no_bytes_break_the_readers() -> None:
    pytest.importorskip("atheris")
    words = [sys.executable, str(TARGET), f"-max_total_time={SECONDS}", "-timeout=60"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace", check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done" in done.stderr

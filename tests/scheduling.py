"""Which of several processes runs which tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class TogetherByFile(LoadScopeScheduling):
    """Has one process run the tests of a file, or of all files of Spark: they share what is costly to start.

    Groups that are named by marks would do, but xdist hands them on in a private attribute of a test, which pytest 9.2
    has no more: each test was a group of its own.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "spark" if Path(path).name.startswith("test_spark_") else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherByFile:
    """Tell xdist how tests are given to processes."""
    return TogetherByFile(config, log)

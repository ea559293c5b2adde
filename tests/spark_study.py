"""A study on Spark of more articles than its sample holds, which tests also run as a process of its own.

python spark_study.py INPUT CHECKPOINTS
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from rare_topics.spark import session
from rare_topics.study import Study
from rare_topics.topics.lda import usual_settings

if TYPE_CHECKING:
    from rare_topics.topics._learner import Settings

N, SAMPLE = 420, 300
SETTINGS = {"n_topics": 4, "n_clusters": 4, "random_state": 0}


@contextmanager
def few_for_many() -> Iterator[None]:
    """Take so few articles for more than are learned from at once, and make few passes over them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rare_topics.study.distributed.SAMPLE", SAMPLE)
        for module in ("space", "topics.stable", "project"):
            patch.setattr(f"rare_topics.{module}.LEARNED_FROM", SAMPLE)
        patch.setattr("rare_topics.topics.stable.MOST_DRAWN", 150)
        for module in ("spark.collection", "topics.model"):
            patch.setattr(f"rare_topics.{module}.usual_settings", few_passes)
        yield


def few_passes(n_topics: int, **settings: int | None) -> Settings:
    """Stop after a few passes, of which each is several jobs of Spark."""
    return usual_settings(n_topics, **settings)._replace(max_iter=4)


def main(path: str, checkpoints: str) -> None:
    """Fit the study on two cores of this machine."""
    with few_for_many(), session("local[2]", {"spark.ui.enabled": "false"}) as spark:
        Study(**SETTINGS, spark=spark).fit(path, checkpoints=checkpoints)


if __name__ == "__main__":
    main(*sys.argv[1:])

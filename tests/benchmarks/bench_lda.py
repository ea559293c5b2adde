"""What a pass of LDA and a fold-in cost, for rows of one, two and four registers.

    pytest tests/benchmarks/bench_lda.py

Counts are drawn at random: 66,000 pairs of document and word, about as many as in 1,200 articles.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from rare_topics.topics import training
from rare_topics.topics.training import LdaSettings

pytest.importorskip("pytest_benchmark")

N_DOCUMENTS, N_WORDS, DENSITY = 1200, 4000, 66_000 / (1200 * 4000)
PASSES = 20


@pytest.fixture(scope="module")
def counts() -> sparse.csr_matrix:
    drawn = sparse.random(N_DOCUMENTS, N_WORDS, DENSITY, format="csr", random_state=0, dtype=np.float32)
    drawn.data = np.ceil(3 * drawn.data)
    return drawn


@pytest.fixture(params=[16, 32, 50])
def settings(request) -> LdaSettings:
    return LdaSettings(np.full(request.param, 0.1), 0.1, False, PASSES, 0.0, 1)


def test_learning(benchmark, counts, settings):
    """A start on halves and twenty passes over all documents."""
    learned = benchmark.pedantic(
        lambda: training.learn(counts, settings, random_state=np.random.RandomState(0)), rounds=10, warmup_rounds=1
    )
    assert learned.n_iter == PASSES


def test_folding_in(benchmark, counts, settings):
    """Twenty rounds of finding the mixtures, the topics held fixed."""
    n_topics = len(settings.alpha)
    topics = np.random.default_rng(0).dirichlet(np.ones(N_WORDS), n_topics)
    found = benchmark.pedantic(lambda: training.fold_in(counts, topics, settings), rounds=10, warmup_rounds=1)
    assert found.shape == (N_DOCUMENTS, n_topics)

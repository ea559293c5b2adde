"""As many threads of linear algebra as the tables are worth."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from threadpoolctl import threadpool_limits

# Fewer articles than this give tables so small that waking a second thread costs more than it gains.
SMALL_TABLES = 1000


def fitting_threads(n_articles: int) -> AbstractContextManager[object]:
    """Let linear algebra use one thread for a small collection, and all of them for a large one."""
    return threadpool_limits(limits=1, user_api="blas") if n_articles < SMALL_TABLES else nullcontext()

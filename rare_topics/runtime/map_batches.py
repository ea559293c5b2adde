"""Articles read in blocks, by one process or by one a core, with the same outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from rare_topics.runtime.parallel import parallel_map
from rare_topics.runtime.progress import advanced

if TYPE_CHECKING:
    from rare_topics.corpus.records import Article

T = TypeVar("T")
# Articles that are read at a time.
BLOCK = 500
# From so many articles on more processes gain more than they cost to start.
MANY_ARTICLES = 4000


def map_batches(
    work: Callable[[Sequence[Article]], T], articles: Sequence[Article], *, n_jobs: int | None = None
) -> Iterator[T]:
    """Read articles, one block after the other.

    Parameters
    ----------
    work
        What reads a block; it travels to other processes.
    articles
        All of them.
    n_jobs
        Processes; None takes one for a small collection and one a core for a large one, -1
        always one a core.

    Yields
    ------
    whatever `work` returns
        In the order of the articles.
    """
    blocks = (articles[start : start + BLOCK] for start in range(0, len(articles), BLOCK))
    if n_jobs is None:
        n_jobs = -1 if len(articles) >= MANY_ARTICLES else 1
    found = map(work, blocks) if n_jobs == 1 else parallel_map(work, blocks, n_jobs=n_jobs)
    for number, block in enumerate(found, 1):
        advanced(min(number * BLOCK, len(articles)), len(articles))
        yield block

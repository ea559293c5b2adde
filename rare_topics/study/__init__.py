"""A study: the steps in their order, and their results as tables."""

from rare_topics.runtime.parallel import limit_blas_threads
from rare_topics.study.archive import WITHIN_A_RUN, is_saved, load, write_into
from rare_topics.study.checkpoints import checkpoint_folder, drop
from rare_topics.study.excerpt import excerpt
from rare_topics.study.steps import STEPS, Study

__all__ = [
    "STEPS",
    "WITHIN_A_RUN",
    "Study",
    "checkpoint_folder",
    "drop",
    "excerpt",
    "is_saved",
    "limit_blas_threads",
    "load",
    "write_into",
]

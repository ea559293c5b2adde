"""A study: the steps of a fit, their results as tables, and what becomes of them when articles are added."""

from typing import TYPE_CHECKING

from rare_topics.runtime.lazy_names import lazy_names

if TYPE_CHECKING:
    from rare_topics.study.pipeline import STEPS, LocalPipeline
    from rare_topics.study.state import StudySettings, StudyState
    from rare_topics.study.study import Study, load

__all__ = ["STEPS", "LocalPipeline", "Study", "StudySettings", "StudyState", "load"]

# Reading texts ahead needs the settings alone, and not the libraries of the steps.
__getattr__ = lazy_names(
    __name__,
    {
        "STEPS": "pipeline",
        "LocalPipeline": "pipeline",
        "Study": "study",
        "StudySettings": "state",
        "StudyState": "state",
        "load": "study",
    },
)

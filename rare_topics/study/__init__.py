"""A study: the steps of a fit, their results as tables, and what becomes of them when articles are added."""

from rare_topics.study.pipeline import STEPS, LocalPipeline
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.study import Study, load

__all__ = ["STEPS", "LocalPipeline", "Study", "StudySettings", "StudyState", "load"]

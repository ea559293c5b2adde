"""A study: the steps in their order, and their results as tables."""

from rare_topics.study.steps import STEPS, Study

__all__ = ["STEPS", "Study"]

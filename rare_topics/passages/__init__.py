"""Articles to passages: quotable pieces that know where they stand."""

from rare_topics.passages.grammar import body_spans, passages_of
from rare_topics.passages.rows import Passages

__all__ = ["Passages", "body_spans", "passages_of"]

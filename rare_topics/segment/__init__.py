"""Mixed Chinese and English text to tokens that know where they stand."""

from rare_topics.segment.columns import Columns
from rare_topics.segment.engines import frequency
from rare_topics.segment.patterns import folded, simplified
from rare_topics.segment.segmenter import Segmenter, Token

__all__ = ["Columns", "Segmenter", "Token", "folded", "frequency", "simplified"]

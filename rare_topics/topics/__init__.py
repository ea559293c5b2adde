"""Topics: counts of words in documents in, mixtures of topics out."""

from rare_topics.topics._alignment import Matched, match
from rare_topics.topics.lda import TopicModel
from rare_topics.topics.stable import PUBLISHED_STABILITY, StableTopicModel, leading

__all__ = ["PUBLISHED_STABILITY", "Matched", "StableTopicModel", "TopicModel", "leading", "match"]

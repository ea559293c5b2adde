"""Topics: counts of words in documents in, mixtures of topics out."""

from rare_topics.topics._alignment import MatchedTopics, match_topics
from rare_topics.topics.coherence import best_words
from rare_topics.topics.lda import TopicModel
from rare_topics.topics.stable import StableTopicModel, leading_topics

__all__ = ["MatchedTopics", "StableTopicModel", "TopicModel", "best_words", "leading_topics", "match_topics"]

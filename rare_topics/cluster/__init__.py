"""Vectors to clusters that come back when the collection is resampled."""

from rare_topics.cluster._coassociation import UNPLACED
from rare_topics.cluster.consensus import MIN_CONFIDENCE, ConsensusClusterer

__all__ = ["MIN_CONFIDENCE", "UNPLACED", "ConsensusClusterer"]

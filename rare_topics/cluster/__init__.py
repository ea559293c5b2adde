"""Vectors to clusters that come back when the collection is resampled."""

from rare_topics.cluster._coassociation import UNPLACED, Consensus
from rare_topics.cluster.consensus import ConsensusClusterer

__all__ = ["UNPLACED", "Consensus", "ConsensusClusterer"]

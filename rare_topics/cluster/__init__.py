"""Vectors to clusters that come back when the collection is resampled."""

from rare_topics.cluster.consensus import UNPLACED, Consensus, ConsensusClusterer

__all__ = ["UNPLACED", "Consensus", "ConsensusClusterer"]

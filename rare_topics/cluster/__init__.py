"""Vectors to clusters that come back when the collection is resampled."""

from rare_topics.cluster._coassociation import UNPLACED
from rare_topics.cluster.consensus import MIN_CONFIDENCE, ConsensusClusterer
from rare_topics.cluster.views import mixture_views

__all__ = ["MIN_CONFIDENCE", "UNPLACED", "ConsensusClusterer", "mixture_views"]

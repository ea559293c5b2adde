"""From vectors to coordinates on a map, and to nearest neighbours."""

from rare_topics.projection.map_projector import MapProjector

__all__ = ["MapProjector"]

"""From text to values with unit, bounds and sign, and to dates."""

from rare_topics.quantities.quantity import Quantity

__all__ = ["Quantity"]

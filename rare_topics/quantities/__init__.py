"""From text to values with unit, bounds and sign, and to dates.

`find_quantities` reads a text; `find_dates` its dates alone.
"""

from rare_topics.quantities.bare_numbers import find_numerals
from rare_topics.quantities.dates import DateMention, find_dates
from rare_topics.quantities.parser import find_quantities
from rare_topics.quantities.units import KINDS, Quantity

__all__ = ["KINDS", "DateMention", "Quantity", "find_dates", "find_numerals", "find_quantities"]

"""Clauses: passages in; who does what to whom, in which mood and when, out."""

from rare_topics.clauses.clauses import Clause, ClauseReader
from rare_topics.clauses.participants import Participant

__all__ = ["Clause", "ClauseReader", "Participant"]

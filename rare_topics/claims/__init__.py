"""Numeric claims: every quantity with its unit, subject, date and place, and where articles disagree."""

from rare_topics.claims.claims import Claims
from rare_topics.claims.extractor import Claim, ClaimReader
from rare_topics.claims.subjects import Subject
from rare_topics.claims.verdicts import VERDICTS

__all__ = ["VERDICTS", "Claim", "ClaimReader", "Claims", "Subject"]

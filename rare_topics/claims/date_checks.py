"""Dates that cannot be right if the date of publication is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from rare_topics.claims.extractor import Claim

_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-\d\d)?$")
# A feed prints news: it speaks of this month and the last.
RECENT_MONTHS = 1
MONTHS = 12


def misdated(claims: Iterable[Claim], published: Mapping[str, datetime | None]) -> list[Claim]:
    """Find the claims whose date contradicts that of their article.

    Where a month is named with a year long past, and the same month of the year of publication
    is this one or the last, the year is taken for a misprint of the year of publication.

    Parameters
    ----------
    claims
        With their dates.
    published
        Date of publication by article, None where unknown.

    Returns
    -------
    list of Claim
        In order.
    """
    return [claim for claim in claims if _contradicts(claim.as_of, published.get(claim.article_id))]


def _contradicts(as_of: str, published: datetime | None) -> bool:
    named = _MONTH.match(as_of)
    if published is None or named is None:
        return False
    behind = MONTHS * (published.year - int(named["year"])) + published.month - int(named["month"])
    return behind >= MONTHS and behind % MONTHS <= RECENT_MONTHS

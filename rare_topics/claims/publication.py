"""Dates that cannot be right if the date of publication is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from rare_topics.claims.extract import Claim

# News speaks of the last months.
RECENT_MONTHS = 3
MONTHS = 12


def misdated(claims: Iterable[Claim], published: Mapping[str, datetime | None]) -> list[Claim]:
    """Find the claims whose date contradicts that of their article.

    A feed prints news: where a month is named with a year long past, and the same month of the
    year of publication has just been, the year is taken for a misprint.

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
    year, _, rest = as_of.partition("-")
    month = rest[:2]
    if published is None or not month.isdigit() or not year.isdigit():
        return False
    behind = MONTHS * (published.year - int(year)) + published.month - int(month)
    return behind >= MONTHS and behind % MONTHS <= RECENT_MONTHS

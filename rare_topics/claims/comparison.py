"""Compares claims: groups them by subject across articles and languages, and tells where they disagree.

Claims of two articles are linked in pairs: where they give the same state of the same thing, where
they print one number for subjects that fit, and, of articles that tell one story, where they are one
quantity; see `stories`. The connected claims are a group.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING

from rare_topics.claims.extractor import Claim
from rare_topics.claims.likeness import UNKNOWN, are_views_of_one, likeness, state_place, state_thing
from rare_topics.claims.measures import measures
from rare_topics.claims.stories import MAX_COMPARED, Link, Stories, claims_by_article
from rare_topics.claims.tense import HISTORY, HYPOTHETICAL, NOW, PLAN
from rare_topics.claims.verdicts import (
    CONTRADICTS_PUBLICATION,
    are_compatible,
    date_conflicts,
    dimension,
    have_equal_values,
    verdict,
)
from rare_topics.quantities.numerals import DIGITS_ZH

if TYPE_CHECKING:
    import pandas as pd

DISAGREEMENT_COLUMNS = (
    "group", "subject", "unit", "claim_id", "article_id", "value", "value_high", "verdict", "printed", "as_of", "title",
)  # fmt: skip
# A number of so many significant digits is not shared by chance; chosen by hand on the seed pages.
MIN_DIGITS = 4
# Kinds of quantities of which a state has one value at a time.
STATE_KINDS = frozenset(
    {"share", "rank", "purity", "price", "mass", "rate", "duration", "money", "count", "score", "size"}
)
# Kinds of which a plan is another quantity than the present one.
AMOUNTS = frozenset({"mass", "rate", "money", "count"})
# Measures of what comes or goes in a time: that of a month is no part of what is compared with that of a year.
FLOWS = frozenset({"import", "export", "mining", "processing", "supply", "demand", "recycling", "licences"})
# What claims of one state share: measure, tense, dimension, thing, place.
StateKey = tuple[str, str, str, str, str]


def compare_claims(
    claims: Sequence[Claim], published: Mapping[str, datetime | None], *, titles: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Put claims about the same subject side by side.

    Parameters
    ----------
    claims
        Claims of any number of articles, in their order.
    published
        Date of publication by article_id, None where it is unknown.
    titles
        Title by article_id; None leaves the column empty.

    Returns
    -------
    DataFrame
        Columns `DISAGREEMENT_COLUMNS`, one row a claim; see `Claims.disagreements`.
    """
    import pandas as pd

    stories = Stories(claims)
    judged = [(name, group, verdict(group, stories=stories)) for name, group in _named_groups(claims, stories)]
    judged += [("date of publication", [claim], CONTRADICTS_PUBLICATION) for claim in date_conflicts(claims, published)]
    rows = []
    for name, group, group_verdict in judged:
        for claim in group:
            quantity = claim.quantity
            subject = claim.subject.name(quantity.kind)
            title = (titles or {}).get(claim.article_id, "")
            values = (quantity.value, quantity.value_high, group_verdict, claim.printed, claim.as_of, title)
            rows.append((name, subject, quantity.unit, claim.claim_id, claim.article_id, *values))
    return pd.DataFrame(rows, columns=list(DISAGREEMENT_COLUMNS)).astype({"value": float, "value_high": float})


def group_claims(claims: Sequence[Claim]) -> list[tuple[str, list[Claim]]]:
    """Group the claims of several articles that are about one quantity.

    A state, such as a share of processing, has one value at a time, so its claims are grouped
    whatever their values; things, places and measures may be nested or two views of one quantity.
    Other measures, such as sums invested, have many values, so their claims are grouped where they
    agree. Articles that share several numbers tell one story; of these also numbers that differ
    are grouped, where each article has one number about the subject.

    Parameters
    ----------
    claims
        Claims of any number of articles.

    Returns
    -------
    list of (name, claims)
        Groups of claims of two articles or more, sorted by name, the claims in the order given.
    """
    return _named_groups(claims, Stories(claims))


def _named_groups(claims: Sequence[Claim], stories: Stories) -> list[tuple[str, list[Claim]]]:
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    row_of = {claim.claim_id: row for row, claim in enumerate(claims)}
    links = [
        *_links_of_states(claims, stories),
        *stories.links,
        *_links_by_number(claims),
        *_links_by_headline(claims),
    ]
    if not links:
        return []
    rows, columns = np.array([(row_of[one.claim_id], row_of[other.claim_id]) for one, other in links]).T
    graph = coo_array((np.ones(len(links)), (rows, columns)), shape=(len(claims), len(claims)))
    _, component_of = connected_components(graph, directed=False)
    members: dict[int, list[Claim]] = defaultdict(list)
    for claim, component in zip(claims, component_of.tolist(), strict=True):
        members[component].append(claim)
    by_name: dict[str, list[list[Claim]]] = defaultdict(list)
    for group in members.values():
        if len({claim.article_id for claim in group}) > 1:
            by_name[_group_name(group)].append(group)
    return [numbered for name in sorted(by_name) for numbered in _with_numbers(name, by_name[name])]


def _group_name(group: Sequence[Claim]) -> str:
    """Most frequent name of the claims' subjects, the first in the alphabet of equals."""
    counts = Counter(claim.subject.name(claim.quantity.kind) for claim in group)
    return min(counts, key=lambda name: (-counts[name], name))


def _with_numbers(name: str, groups: Sequence[list[Claim]]) -> Iterator[tuple[str, list[Claim]]]:
    """Add a number to the names of several groups that have one name."""
    if len(groups) == 1:
        yield name, groups[0]
        return
    for number, group in enumerate(sorted(groups, key=lambda members: members[0].claim_id), 1):
        yield f"{name} ({number})", group


def _links_of_states(claims: Iterable[Claim], stories: Stories) -> Iterator[Link]:
    """Link the claims that give one state of one thing, in whatever form, at one place.

    Where an article of a story gives a state several values, those without a date have their
    partners already; see `Stories`.
    """
    by_state: dict[StateKey, list[Claim]] = defaultdict(list)
    for claim in claims:
        key = _state_key(claim)
        if key:
            by_state[key].append(claim)
    for group in by_state.values():
        members = _without_ambiguous_articles(group)
        by_article = claims_by_article(members)
        several = {article for article, of_it in by_article.items() if len({c.quantity.value for c in of_it}) > 1}
        told_twice = {article for article in several if stories.relatives_of(article) & by_article.keys()}
        members = [claim for claim in members if claim.as_of or claim.article_id not in told_twice]
        yield from ((members[0], claim) for claim in members[1:])


def _state_key(claim: Claim) -> StateKey | None:
    """Return what claims of one state have in common, None where a claim is no state or of nothing in particular."""
    subject, kind = claim.subject, claim.quantity.kind
    if not subject.measure or kind not in STATE_KINDS:
        return None
    measure = measures()[subject.measure]
    place = "" if "place" in measure.ignores else state_place(subject.place)
    thing = "" if "object" in measure.ignores else state_thing(subject.object)
    if not measure.is_state or not (place or thing):
        return None
    # A planned or past amount is no present one; a planned share is the same share at another date.
    is_undated_past = claim.tense == HISTORY and (kind in AMOUNTS or not claim.as_of)
    is_apart = is_undated_past or claim.tense == HYPOTHETICAL or (claim.tense == PLAN and kind in AMOUNTS)
    tense = claim.tense if is_apart else NOW
    if kind in AMOUNTS and subject.measure in FLOWS:
        tense += _period_of(claim.as_of)
    return f"{subject.whole} {are_views_of_one(subject.measure, kind)}", tense, dimension(claim), thing, place


def _period_of(as_of: str) -> str:
    """Return the length of the time that a date names, where it is shorter than a year."""
    if "Q" in as_of:
        return "quarter"
    return "month" if as_of.count("-") == 1 else ""


def _without_ambiguous_articles(group: Sequence[Claim]) -> list[Claim]:
    """Leave out the claims of articles that give a state two values at one date: they mean several things."""
    kept = []
    for of_article in claims_by_article(group).values():
        pairs = combinations(of_article[:MAX_COMPARED], 2)
        if all(are_compatible(pair) or _time_of(pair[0]) != _time_of(pair[1]) for pair in pairs):
            kept += of_article
    return kept


def _time_of(claim: Claim) -> tuple[str, str]:
    return claim.as_of, claim.tense


def _links_by_number(claims: Iterable[Claim]) -> Iterator[Link]:
    """Link claims of one number that has too many digits to be shared by chance."""
    first: dict[tuple[float, str], Claim] = {}
    for claim in claims:
        if has_many_digits(claim):
            known = first.setdefault((claim.quantity.value, dimension(claim)), claim)
            if known is not claim and known.article_id != claim.article_id:
                yield known, claim


def has_many_digits(claim: Claim) -> bool:
    """Return whether a claim's number has `MIN_DIGITS` significant digits or more as printed."""
    digits = re.sub(rf"[^\d{''.join(DIGITS_ZH)}]", "", claim.printed).strip("0零")
    return len(digits) >= MIN_DIGITS and claim.quantity.kind not in {"date", "rank"}


def _links_by_headline(claims: Iterable[Claim]) -> Iterator[Link]:
    """Link a headline's number to the one number of its article that it repeats or rounds."""
    for of_article in claims_by_article(claims).values():
        in_title = [claim for claim in of_article if _is_in_title(claim)]
        in_body = [claim for claim in of_article if not _is_in_title(claim)][:MAX_COMPARED]
        for title in in_title:
            repeated = [body for body in in_body if _is_repeated(title, body)]
            if repeated and have_equal_values(repeated):
                yield title, repeated[0]


def _is_in_title(claim: Claim) -> bool:
    return claim.passage_id.endswith(":00")


def _is_repeated(title: Claim, body: Claim) -> bool:
    same_unit = title.quantity.unit == body.quantity.unit and title.quantity.kind == body.quantity.kind
    same_unit &= likeness(title, body).measure >= UNKNOWN
    return same_unit and title.quantity.kind not in {"count", "date"} and are_compatible([title, body])

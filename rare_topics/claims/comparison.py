"""Compares claims: groups them by subject across articles and languages, and tells where they disagree.

Claims are linked in pairs, by subject, by a number of many digits, and by a headline that rounds
the number of its article; the connected claims are a group.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from rare_topics.claims.extractor import Claim
from rare_topics.claims.measures import measure_label, measures
from rare_topics.claims.verdicts import (
    CONTRADICTS,
    are_compatible,
    common_unit,
    date_conflicts,
    have_equal_values,
    verdict,
)
from rare_topics.quantities.numerals import DIGITS_ZH
from rare_topics.quantities.units import currency_of_country

if TYPE_CHECKING:
    import pandas as pd

DISAGREEMENT_COLUMNS = ("group", "subject", "unit", "claim_id", "article_id", "value", "value_high", "verdict")
# A number of so many significant digits is not shared by chance; chosen by hand on the seed pages.
MIN_DIGITS = 4
# Of one article, at most so many claims about one subject are compared pairwise, which bounds the time.
MAX_COMPARED = 400
# Kinds of quantities of which a state has one value at a time.
STATE_KINDS = frozenset(
    {"share", "rank", "purity", "price", "mass", "rate", "duration", "money", "count", "score", "size"}
)


def compare_claims(claims: Sequence[Claim], published: Mapping[str, datetime | None]) -> pd.DataFrame:
    """Put claims about the same subject side by side.

    Parameters
    ----------
    claims
        Claims of any number of articles, in their order.
    published
        Date of publication by article_id, None where it is unknown.

    Returns
    -------
    DataFrame
        Columns `DISAGREEMENT_COLUMNS`, one row a claim; see `Claims.disagreements`.
    """
    import pandas as pd

    judged = [(name, group, verdict(group)) for name, group in group_claims(claims)]
    judged += [("date of publication", [claim], CONTRADICTS) for claim in date_conflicts(claims, published)]
    rows = []
    for name, group, group_verdict in judged:
        for claim in group:
            quantity = claim.quantity
            subject = claim.subject.name(quantity.kind)
            values = (quantity.value, quantity.value_high)
            rows.append((name, subject, quantity.unit, claim.claim_id, claim.article_id, *values, group_verdict))
    return pd.DataFrame(rows, columns=list(DISAGREEMENT_COLUMNS)).astype({"value": float, "value_high": float})


def group_claims(claims: Sequence[Claim]) -> list[tuple[str, list[Claim]]]:
    """Group the claims about the same subject in the same unit.

    A state has one value at a time, so its claims are grouped whatever their values. Other
    measures, such as sums invested, have many, so their claims are grouped where they agree. A
    number of `MIN_DIGITS` digits is one number whatever its subject; and a headline is grouped with
    the number that it rounds.

    Parameters
    ----------
    claims
        Claims of any number of articles.

    Returns
    -------
    list of (name, claims)
        Groups of two claims or more, sorted by name, the claims in the order given.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    row_of = {claim.claim_id: row for row, claim in enumerate(claims)}
    links = [*_links_by_subject(claims), *_links_by_number(claims), *_links_by_headline(claims)]
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
        if len(group) > 1:
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


def _links_by_subject(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    by_subject: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        subject, kind = claim.subject, claim.quantity.kind
        if not subject.measure or not (subject.object or subject.place):
            continue
        ignored = measures()[subject.measure].ignores
        thing = "" if "object" in ignored else subject.object
        place = "" if "place" in ignored else _place_of(claim)
        by_subject[measure_label(subject.measure, kind).en, thing, place, common_unit(claim)[0]].append(claim)
    for group in by_subject.values():
        if measures()[group[0].subject.measure].is_state and group[0].quantity.kind in STATE_KINDS:
            yield from _links_of_state(_without_ambiguous_articles(group))
        else:
            yield from _links_of_equal_values(group)


def _place_of(claim: Claim) -> str:
    """Place of a claim: of a sum in another currency than dollars, the country of the currency."""
    if claim.quantity.kind == "money" and claim.quantity.unit in _country_of_currency():
        return _country_of_currency()[claim.quantity.unit]
    return claim.subject.place


@lru_cache(maxsize=1)
def _country_of_currency() -> dict[str, str]:
    return {unit.name: country for country, unit in currency_of_country().items() if unit.name != "USD"}


def _without_ambiguous_articles(group: Sequence[Claim]) -> list[Claim]:
    """Leave out the claims of articles that give the subject two values at one date: they mean several things."""
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in group:
        by_article[claim.article_id].append(claim)
    kept = []
    for of_article in by_article.values():
        pairs = combinations(of_article[:MAX_COMPARED], 2)
        if all(are_compatible(pair) or pair[0].as_of != pair[1].as_of for pair in pairs):
            kept += of_article
    return kept


def _links_of_state(group: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Link every claim to the first, unless all stand in one passage and some at one date."""
    has_several_passages = len({claim.passage_id for claim in group}) > 1
    if has_several_passages or len({claim.as_of for claim in group}) == len(group):
        yield from ((group[0], claim) for claim in group[1:])


def _links_of_equal_values(group: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Link each claim to the last one of the same value in another passage."""
    last: dict[tuple[float, float | None], Claim] = {}
    for claim in group:
        value = (claim.quantity.value, claim.quantity.value_high)
        if value in last and last[value].passage_id != claim.passage_id:
            yield last[value], claim
        last[value] = claim


def _links_by_number(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Link claims of one number that has too many digits to be shared by chance."""
    first: dict[tuple[float, str], Claim] = {}
    for claim in claims:
        if has_many_digits(claim):
            known = first.setdefault((claim.quantity.value, claim.quantity.unit), claim)
            if known is not claim and known.passage_id != claim.passage_id:
                yield known, claim


def has_many_digits(claim: Claim) -> bool:
    """Return whether a claim's number has `MIN_DIGITS` significant digits or more as printed."""
    digits = re.sub(rf"[^\d{''.join(DIGITS_ZH)}]", "", claim.printed).strip("0零")
    return len(digits) >= MIN_DIGITS and claim.quantity.kind not in {"date", "rank"}


def _links_by_headline(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Link a headline's number to the one number of its article that it repeats or rounds."""
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article_id].append(claim)
    for of_article in by_article.values():
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
    return same_unit and title.quantity.kind not in {"count", "date"} and are_compatible([title, body])

"""Compares claims: groups them by subject across articles and languages, and tells where they disagree.

Claims of two articles are linked in pairs: where they give the same state of the same thing, where
they print one number for subjects that fit, and, of articles that tell one story, where they alone
speak of a subject. The connected claims are a group.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING

from rare_topics.claims.extractor import Claim
from rare_topics.claims.likeness import NESTED, UNKNOWN, are_views_of_one, likeness, state_place, state_thing
from rare_topics.claims.measures import measures
from rare_topics.claims.subjects import EQUITY_STAKE
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
# Of one article at most so many claims, and of one number at most so many articles, are compared pairwise, which
# bounds the time.
MAX_COMPARED, MAX_SHARING = 400, 40
# Articles tell one story if so many different numbers of one are numbers of the other, about subjects that fit.
MIN_SHARED_NUMBERS = 3
# Articles are copies of one text if they share so many printed numbers, and so large a part of the shorter one's.
MIN_COPIED_NUMBERS, MIN_COPIED_SHARE = 5, 0.7
# What the likeness of two subjects must be where the number has one significant digit (or none), two, three or more:
# the more digits, the less likely that it is shared by chance. Chosen by hand on the seed pages and invented ones.
NEEDED_LIKENESS = (5.0, 5.0, 4.0, 3.0)
# By so much less is needed in articles that tell one story.
LESS_IN_ONE_STORY = 1.0
# So much more is needed of stakes in companies.
MORE_OF_STAKES = 1.5
# Kinds of quantities of which a state has one value at a time.
STATE_KINDS = frozenset(
    {"share", "rank", "purity", "price", "mass", "rate", "duration", "money", "count", "score", "size"}
)
# Kinds of which a plan is another quantity than the present one.
AMOUNTS = frozenset({"mass", "rate", "money", "count"})
# What claims of one state share: measure, tense, dimension, thing, place.
StateKey = tuple[str, str, str, str, str]
Link = tuple[Claim, Claim]


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


class Stories:
    """Which articles tell one story, and which are copies of one text, by the numbers that they share.

    Parameters
    ----------
    claims
        Claims of any number of articles.

    Attributes
    ----------
    links
        Claims of two articles that print one number about subjects that fit.
    related
        Pairs of articles that tell one story, in order of the alphabet.
    copies
        Those of them that are copies of one text.
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.links: list[Link] = []
        doubtful: list[Link] = []
        certain: set[tuple[str, str]] = set()
        shared: dict[tuple[str, str], set[tuple[str, float]]] = defaultdict(set)
        copied: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one, other in _pairs_of_one_number(claims):
            pair = _article_pair(one, other)
            if one.printed == other.printed:
                copied[pair].add(one.printed)
            number = (dimension(one), one.quantity.value)
            if _is_one_number(one, other, less=LESS_IN_ONE_STORY):
                doubtful.append((one, other))
                shared[pair].add(number)
            if _is_one_number(one, other):
                self.links.append((one, other))
                certain.add(pair)
        n_printed = {article: len({c.printed for c in group}) for article, group in _by_article(claims).items()}
        self.related = {pair for pair in certain if len(shared[pair]) >= MIN_SHARED_NUMBERS}
        self.copies = {
            pair
            for pair, printed in copied.items()
            if len(printed) >= MIN_COPIED_NUMBERS
            and len(printed) >= MIN_COPIED_SHARE * min(n_printed[article] for article in pair)
        }
        self.related |= self.copies
        self.links += [link for link in doubtful if self.are_related(*link)]

    def are_related(self, one: Claim, other: Claim) -> bool:
        """Whether two claims stand in articles that tell one story."""
        return _article_pair(one, other) in self.related

    def are_copies(self, one: Claim, other: Claim) -> bool:
        """Whether two claims stand in copies of one text."""
        return one.article_id == other.article_id or _article_pair(one, other) in self.copies


def _named_groups(claims: Sequence[Claim], stories: Stories) -> list[tuple[str, list[Claim]]]:
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    row_of = {claim.claim_id: row for row, claim in enumerate(claims)}
    links = [
        *_links_of_states(claims, stories),
        *stories.links,
        *_links_of_stories(claims, stories),
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


def _by_article(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article_id].append(claim)
    return by_article


def _article_pair(one: Claim, other: Claim) -> tuple[str, str]:
    first, second = sorted((one.article_id, other.article_id))
    return first, second


def _links_of_states(claims: Iterable[Claim], stories: Stories) -> Iterator[Link]:
    """Link the claims that give one state of one thing, in whatever form, at one place.

    Copies of one text that give a state several values say of each the same.
    """
    by_state: dict[StateKey, list[Claim]] = defaultdict(list)
    for claim in claims:
        key = _state_key(claim)
        if key:
            by_state[key].append(claim)
    for group in by_state.values():
        members = _without_ambiguous_articles(group)
        by_article = _by_article(members)
        several = [claims[0] for claims in by_article.values() if len(claims) > 1]
        copied = {one.article_id for one in several if any(stories.are_copies(one, o) for o in several if o is not one)}
        members = [claim for claim in members if claim.article_id not in copied]
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
    return are_views_of_one(subject.measure, kind), tense, dimension(claim), thing, place


def _without_ambiguous_articles(group: Sequence[Claim]) -> list[Claim]:
    """Leave out the claims of articles that give a state two values at one date: they mean several things."""
    kept = []
    for of_article in _by_article(group).values():
        pairs = combinations(of_article[:MAX_COMPARED], 2)
        if all(are_compatible(pair) or _time_of(pair[0]) != _time_of(pair[1]) for pair in pairs):
            kept += of_article
    return kept


def _time_of(claim: Claim) -> tuple[str, str]:
    return claim.as_of, claim.tense


def _pairs_of_one_number(claims: Iterable[Claim]) -> Iterator[Link]:
    """Pair the claims of different articles that print one value in one dimension."""
    by_number: dict[tuple[str, float, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.quantity.kind == "date":
            if claim.as_of.count("-") > 1:
                by_number["date", 0.0, claim.as_of].append(claim)
        elif claim.quantity.kind != "rank" and (claim.quantity.kind != "duration" or claim.subject.measure):
            by_number[dimension(claim), float(f"{claim.quantity.value:.4g}"), ""].append(claim)
    for group in by_number.values():
        if len({claim.article_id for claim in group}) <= MAX_SHARING:
            pairs = combinations(group[:MAX_COMPARED], 2)
            yield from (pair for pair in pairs if pair[0].article_id != pair[1].article_id)


def _is_one_number(one: Claim, other: Claim, *, less: float = 0.0) -> bool:
    """Whether two claims of one value say the same, by their subjects and the number's digits, or `less` likeness."""
    if one.quantity.kind != "date" and not have_equal_values((one, other)):
        return False
    if one.quantity.kind == "duration" and one.subject.measure != other.subject.measure:
        return False
    fit = likeness(one, other)
    n_digits = min(_n_digits(one), _n_digits(other))
    needed = NEEDED_LIKENESS[min(n_digits, len(NEEDED_LIKENESS) - 1)]
    # Round parts of companies are many: the owner alone does not tell which.
    needed += MORE_OF_STAKES if one.subject.measure == EQUITY_STAKE else 0.0
    return fit.total >= needed - less and not fit.is_excluded


def _n_digits(claim: Claim) -> int:
    """Count the significant digits of a number as printed; of a whole date as many as matter."""
    if claim.quantity.kind == "date":
        return len(NEEDED_LIKENESS)
    digits = f"{abs(claim.quantity.value):.6g}".partition("e")[0].replace(".", "").strip("0")
    # A price or a rate says more than an amount: few share its unit.
    return len(digits) + claim.quantity.unit.count("/")


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


def _links_of_stories(claims: Sequence[Claim], stories: Stories) -> Iterator[Link]:
    """Link numbers that differ, of articles that tell one story, where each has only this one about the subject."""
    by_article = _by_article(claims)
    equal: dict[str, set[str]] = defaultdict(set)
    for one, other in stories.links:
        equal[one.claim_id].add(other.article_id)
        equal[other.claim_id].add(one.article_id)
    for first, second in sorted(stories.related):
        ones = [claim for claim in by_article[first] if second not in equal[claim.claim_id]][:MAX_COMPARED]
        others = [claim for claim in by_article[second] if first not in equal[claim.claim_id]][:MAX_COMPARED]
        candidates = [(one, other) for one in ones for other in others if _could_contradict(one, other)]
        of_one = _values_by_claim(candidates)
        of_other = _values_by_claim([(other, one) for one, other in candidates])
        for one, other in candidates:
            if len(of_one[one.claim_id]) == len(of_other[other.claim_id]) == 1:
                yield one, other


def _could_contradict(one: Claim, other: Claim) -> bool:
    """Whether two numbers are of one kind and said of one thing, of places and measures that fit."""
    if one.quantity.kind != other.quantity.kind or dimension(one) != dimension(other) or one.quantity.kind == "date":
        return False
    fit = likeness(one, other)
    measures_of_one = [are_views_of_one(claim.subject.measure, claim.quantity.kind) for claim in (one, other)]
    same = measures_of_one[0] == measures_of_one[1] and one.tense == other.tense
    return same and fit.thing >= NESTED and fit.place >= UNKNOWN


def _values_by_claim(pairs: Iterable[Link]) -> dict[str, set[float]]:
    values: dict[str, set[float]] = defaultdict(set)
    for one, other in pairs:
        values[one.claim_id].add(other.quantity.value)
    return values


def _links_by_headline(claims: Iterable[Claim]) -> Iterator[Link]:
    """Link a headline's number to the one number of its article that it repeats or rounds."""
    for of_article in _by_article(claims).values():
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

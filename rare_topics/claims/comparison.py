"""Claims about the same thing, brought together across articles and languages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from rare_topics.claims.extractor import Claim
from rare_topics.claims.measures import measures, name_of
from rare_topics.claims.subjects import Subject
from rare_topics.claims.verdicts import comparable, compatible, equal
from rare_topics.quantities.numerals import DIGITS_ZH
from rare_topics.quantities.units import currencies

# A number of so many significant digits is not shared by chance.
DISTINCTIVE = 4
# Beyond this many claims of one value, no pair is looked at for being a rounded headline.
MOST_PAIRS = 400
STATE_KINDS = frozenset(
    {"share", "rank", "purity", "price", "mass", "rate", "duration", "money", "count", "score", "size"}
)


def subject_name(subject: Subject, kind: str) -> str:
    """Write a subject in normal form: ``processing share · rare_earths · china``."""
    measured = name_of(subject.measure, kind)
    if subject.term and not subject.measure:
        measured = f"{measured} of {subject.term}"
    return " · ".join(part for part in (measured, subject.of, subject.where) if part)


def grouped(claims: Sequence[Claim]) -> list[tuple[str, list[Claim]]]:
    """Bring claims about the same subject and unit together.

    A state has one value at a time, so its claims join whatever they say. Events, such as sums
    invested, join only where they agree. A number of four significant digits or more joins
    whatever it is said of; and a headline joins the number that it rounds.

    Parameters
    ----------
    claims
        Of any number of articles.

    Returns
    -------
    list of (name, claims)
        Groups of two claims or more, by name.
    """
    links = _Links(len(claims))
    position = {claim.claim_id: number for number, claim in enumerate(claims)}
    for pair in (*_by_subject(claims), *_by_number(claims), *_by_headline(claims)):
        links.join(position[pair[0].claim_id], position[pair[1].claim_id])
    members: dict[int, list[Claim]] = defaultdict(list)
    for number, claim in enumerate(claims):
        members[links.root(number)].append(claim)
    named: dict[str, list[list[Claim]]] = defaultdict(list)
    for group in members.values():
        if len(group) > 1:
            named[_name(group)].append(group)
    return [entry for name in sorted(named) for entry in _numbered(name, named[name])]


class _Links:
    """Disjoint sets (Tarjan 1975)."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low


def _by_subject(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    known = {measure.name: measure for measure in measures()}
    same: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        subject, kind = claim.subject, claim.quantity.kind
        if not subject.measure or not (subject.of or subject.where):
            continue
        ignored = known[subject.measure].ignores
        of, where = "" if "of" in ignored else subject.of, "" if "where" in ignored else _home(claim)
        same[name_of(subject.measure, kind), of, where, comparable(claim)[0]].append(claim)
    for group in same.values():
        state = known[group[0].subject.measure].state and group[0].quantity.kind in STATE_KINDS
        yield from _chained(_speaking(group) if state else group, any_value=state)


def _home(claim: Claim) -> str:
    """Return the place of a claim; a sum in a country's own money is that country's, but dollars are everybody's."""
    if claim.quantity.kind == "money" and claim.quantity.unit in _homes():
        return _homes()[claim.quantity.unit]
    return claim.subject.where


@lru_cache(maxsize=1)
def _homes() -> dict[str, str]:
    return {unit.name: country for country, unit in currencies().items() if unit.name != "USD"}


def _speaking(group: Sequence[Claim]) -> list[Claim]:
    """Leave out what one article says of several things: it gives one subject two values at one time."""
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in group:
        by_article[claim.article_id].append(claim)
    return [
        claim
        for said in by_article.values()
        if all(compatible(pair) or pair[0].as_of != pair[1].as_of for pair in combinations(said[:MOST_PAIRS], 2))
        for claim in said
    ]


def _chained(group: Sequence[Claim], *, any_value: bool) -> Iterator[tuple[Claim, Claim]]:
    """Join every claim of a state to the first, those of events to the last that prints the same."""
    if any_value:
        if len({claim.passage_id for claim in group}) > 1 or len({claim.as_of for claim in group}) == len(group):
            yield from ((group[0], claim) for claim in group[1:])
        return
    last: dict[tuple[float, float | None], Claim] = {}
    for claim in group:
        value = (claim.quantity.value, claim.quantity.value_high)
        if value in last and last[value].passage_id != claim.passage_id:
            yield last[value], claim
        last[value] = claim


def _by_number(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    first: dict[tuple[float, str], Claim] = {}
    for claim in claims:
        if not is_distinctive(claim):
            continue
        known = first.setdefault((claim.quantity.value, claim.quantity.unit), claim)
        if known is not claim and known.passage_id != claim.passage_id:
            yield known, claim


def is_distinctive(claim: Claim) -> bool:
    """Whether a claim's number has so many digits that no two articles share it by chance."""
    digits = re.sub(rf"[^\d{''.join(DIGITS_ZH)}]", "", claim.printed).strip("0零")
    return len(digits) >= DISTINCTIVE and claim.quantity.kind not in {"date", "rank"}


def _by_headline(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Join a headline's number to the one number of its article that it repeats or rounds."""
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article_id].append(claim)
    for said in by_article.values():
        titles = [claim for claim in said if claim.passage_id.endswith(":00")]
        bodies = [claim for claim in said if not claim.passage_id.endswith(":00")][:MOST_PAIRS]
        for title in titles:
            fitting = [body for body in bodies if _repeats(title, body)]
            if fitting and equal(fitting):
                yield title, fitting[0]


def _repeats(title: Claim, body: Claim) -> bool:
    one, other = title.quantity, body.quantity
    return (
        one.unit == other.unit and one.kind == other.kind and one.kind not in {"count", "date"}
        and compatible([title, body])
    )  # fmt: skip


def _name(group: Sequence[Claim]) -> str:
    names = Counter(subject_name(claim.subject, claim.quantity.kind) for claim in group)
    return min(names, key=lambda name: (-names[name], name))


def _numbered(name: str, groups: Sequence[list[Claim]]) -> Iterator[tuple[str, list[Claim]]]:
    """Tell groups of one name apart."""
    if len(groups) == 1:
        yield name, groups[0]
        return
    for number, group in enumerate(sorted(groups, key=lambda members: members[0].claim_id), 1):
        yield f"{name} ({number})", group

"""Which articles tell one story, by the numbers that they share, and which of their numbers are one quantity.

Two articles on one event print many of the same numbers, in either language, however they word
them. A number that few articles of a corpus print, and one of many digits, says more than 90 %.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from rare_topics.claims.extractor import Claim
from rare_topics.claims.likeness import NESTED, UNKNOWN, SubjectLikeness, likeness
from rare_topics.claims.subjects import EQUITY_STAKE
from rare_topics.claims.tense import HISTORY, PLAN
from rare_topics.claims.verdicts import are_compatible, common_unit, dimension, have_equal_values

# Of one article at most so many claims, and of one number at most so many articles, are compared pairwise, which
# bounds the time.
MAX_COMPARED, MAX_SHARING = 400, 40
# Articles tell one story if the numbers that they share weigh so much and are so large a part of the shorter one's;
# chosen by hand on the seed pages and two invented sets, where the nearest pairs of other stories weigh 4.0.
MIN_SHARED_WEIGHT, MIN_SHARED_PART, MIN_SHARED_NUMBERS = 4.5, 0.2, 2
# No number weighs more than one of so many digits; a duration or a count of one digit weighs so little.
MAX_DIGITS, WEIGHT_OF_SMALL = 3, 0.5
# Articles are copies of one text if they share so many printed numbers, and so large a part of the shorter one's.
MIN_COPIED_NUMBERS, MIN_COPIED_SHARE = 5, 0.7
# What the likeness of two subjects must be where the number has one significant digit (or none), two, three or more:
# the more digits, the less likely that it is shared by chance. Chosen by hand on the seed pages and invented ones.
NEEDED_LIKENESS = (5.0, 5.0, 4.0, 3.0)
# So much more is needed of stakes in companies.
MORE_OF_STAKES = 1.5
# In articles that tell one story, of numbers of one digit and of more: what equal ones need where each article has
# several of this value, and where each has one; what those need that round to one.
LIKENESS_OF_EQUAL, LIKENESS_OF_ONLY, LIKENESS_OF_ROUNDED = (2.0, 1.0), (1.0, -3.0), (2.5, 1.0)
# Kinds whose numbers tell more than their digits, because few share their size.
TELLING_KINDS = frozenset({"mass", "rate", "money", "price", "size"})
# What an equal number is before one that rounds to it, when each number is given its partner.
EQUAL_FIRST = 10.0
# Two numbers of a story that differ are one quantity told differently if the larger is at most so many times the other.
MAX_RATIO = 3.0
Link = tuple[Claim, Claim]


class Stories:
    """Which articles tell one story, and which are copies of one text, by the numbers that they share.

    Parameters
    ----------
    claims
        Claims of any number of articles.

    Attributes
    ----------
    links
        Claims of two articles that print one number about subjects that fit, and those of one
        story that are one quantity.
    related
        Pairs of articles that tell one story, in order of the alphabet.
    copies
        Those of them that are copies of one text.
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        by_article = claims_by_article(claims)
        pairs = list(_pairs_of_one_number(claims))
        self.links = [pair for pair in pairs if _is_one_number(*pair)]
        self.copies = _copies(pairs, by_article)
        self.related = self.copies | _related(pairs, by_article)
        self._relatives: dict[str, set[str]] = defaultdict(set)
        for one, other in self.related:
            self._relatives[one].add(other)
            self._relatives[other].add(one)
        for first, second in sorted(self.related):
            self.links += _aligned(by_article[first][:MAX_COMPARED], by_article[second][:MAX_COMPARED])

    def are_related(self, one: Claim, other: Claim) -> bool:
        """Whether two claims stand in articles that tell one story."""
        return _article_pair(one, other) in self.related

    def relatives_of(self, article_id: str) -> set[str]:
        """Return the articles that tell the story of one."""
        return self._relatives.get(article_id, set())

    def are_copies(self, one: Claim, other: Claim) -> bool:
        """Whether two claims stand in copies of one text."""
        return one.article_id == other.article_id or _article_pair(one, other) in self.copies


def claims_by_article(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Return the claims of each article, in the order given."""
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article_id].append(claim)
    return by_article


def _article_pair(one: Claim, other: Claim) -> tuple[str, str]:
    first, second = sorted((one.article_id, other.article_id))
    return first, second


def _number(claim: Claim) -> tuple[str, float, str]:
    """Return what claims of one number share: dimension and value, or the day or month of a date."""
    if claim.quantity.kind == "date":
        return "date", 0.0, claim.as_of
    return dimension(claim), float(f"{claim.quantity.value:.4g}"), ""


def _pairs_of_one_number(claims: Iterable[Claim]) -> Iterator[Link]:
    """Pair the claims of different articles that print one value in one dimension."""
    by_number: dict[tuple[str, float, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.quantity.kind != "rank" and (claim.quantity.kind != "date" or claim.as_of.count("-") > 1):
            by_number[_number(claim)].append(claim)
    for group in by_number.values():
        if len({claim.article_id for claim in group}) <= MAX_SHARING:
            pairs = combinations(group[:MAX_COMPARED], 2)
            yield from (pair for pair in pairs if pair[0].article_id != pair[1].article_id)


def _is_one_number(one: Claim, other: Claim) -> bool:
    """Whether two claims of one value say the same, by their subjects and the number's digits."""
    if one.quantity.kind != "date" and not have_equal_values((one, other)):
        return False
    if one.quantity.kind == "duration" and (not one.subject.measure or one.subject.measure != other.subject.measure):
        return False
    fit = likeness(one, other)
    n_digits = min(_n_digits(one), _n_digits(other))
    needed = NEEDED_LIKENESS[min(n_digits, len(NEEDED_LIKENESS) - 1)]
    # Round parts of companies are many: the owner alone does not tell which.
    needed += MORE_OF_STAKES if one.subject.measure == EQUITY_STAKE else 0.0
    # Of other things at other places the number is shared by chance, however the measures are called.
    is_by_chance = fit.thing < UNKNOWN and fit.place < NESTED
    return fit.total >= needed and not fit.is_excluded and not is_by_chance


def _n_digits(claim: Claim) -> int:
    """Count the significant digits of a number as printed; of a whole date as many as matter."""
    if claim.quantity.kind == "date":
        return len(NEEDED_LIKENESS)
    digits = f"{abs(claim.quantity.value):.6g}".partition("e")[0].replace(".", "").strip("0")
    # A price or a rate says more than an amount: few share its unit.
    return len(digits) + claim.quantity.unit.count("/")


def _copies(pairs: Iterable[Link], by_article: dict[str, list[Claim]]) -> set[tuple[str, str]]:
    copied: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one, other in pairs:
        if one.printed == other.printed:
            copied[_article_pair(one, other)].add(one.printed)
    n_printed = {article: len({claim.printed for claim in group}) for article, group in by_article.items()}
    return {
        pair
        for pair, printed in copied.items()
        if len(printed) >= MIN_COPIED_NUMBERS
        and len(printed) >= MIN_COPIED_SHARE * min(n_printed[article] for article in pair)
    }


def _related(pairs: Iterable[Link], by_article: dict[str, list[Claim]]) -> set[tuple[str, str]]:
    """Find the pairs of articles that share so many and such numbers that they tell one story."""
    shared: dict[tuple[str, str], dict[tuple[str, float, str], float]] = defaultdict(dict)
    fits: Counter[tuple[str, str]] = Counter()
    n_articles = Counter(number for group in by_article.values() for number in {_number(claim) for claim in group})
    rarest = math.log1p(len(by_article) / 2)
    for one, other in pairs:
        pair, number = _article_pair(one, other), _number(one)
        rarity = math.log1p(len(by_article) / n_articles[number]) / rarest
        shared[pair][number] = rarity * _weight(one, other)
        fits[pair] += _fits_in_story(one, other)
    n_numbers = {article: len({_number(claim) for claim in group}) for article, group in by_article.items()}
    return {
        pair
        for pair, weights in shared.items()
        if fits[pair]
        and len(weights) >= MIN_SHARED_NUMBERS
        and sum(weights.values()) >= MIN_SHARED_WEIGHT
        and len(weights) >= MIN_SHARED_PART * min(n_numbers[article] for article in pair)
    }


def _weight(one: Claim, other: Claim) -> float:
    """Say how much a shared number tells: by its digits, which a fraction in words has not."""
    n_digits = min(MAX_DIGITS, _n_digits(one), _n_digits(other))
    if n_digits <= 1 and one.quantity.kind in {"duration", "count", "ratio"}:
        return WEIGHT_OF_SMALL
    return float(min(n_digits, max(1, *(sum(map(str.isdigit, claim.printed)) for claim in (one, other)))))


def _fits_in_story(one: Claim, other: Claim) -> bool:
    fit = likeness(one, other)
    return fit.total >= LIKENESS_OF_ROUNDED[0] and not fit.is_excluded


def _aligned(ones: Sequence[Claim], others: Sequence[Claim]) -> Iterator[Link]:
    """Give each number of an article its partner in another one of the same story.

    Equal numbers are partners if their subjects do not contradict each other, or if each article
    has this number once; numbers that round to one if their subjects fit; of the rest those that
    alone speak of a subject.
    """
    of_dimension: dict[str, list[Claim]] = defaultdict(list)
    for claim in others:
        of_dimension[_loose_dimension(claim)].append(claim)
    candidates = [(one, other) for one in ones for other in of_dimension[_loose_dimension(one)]]
    times = [Counter(map(_loose_number, claims)) for claims in (ones, others)]
    matched: set[str] = set()
    ranked = [(_score_in_story(*pair, times), number) for number, pair in enumerate(candidates)]
    for score, number in sorted(ranked, key=lambda entry: (-entry[0], entry[1])):
        one, other = candidates[number]
        if score and matched.isdisjoint((one.claim_id, other.claim_id)):
            matched |= {one.claim_id, other.claim_id}
            yield one, other
    values = [{claim.quantity.value for claim in claims if claim.claim_id in matched} for claims in (ones, others)]
    left = [
        pair
        for pair in candidates
        if matched.isdisjoint((pair[0].claim_id, pair[1].claim_id))
        # What repeats a number that has its partner says nothing new.
        and pair[0].quantity.value not in values[0]
        and pair[1].quantity.value not in values[1]
        and _may_differ(*pair)
    ]
    of_one, of_other = _partners(left, lambda pair: pair), _partners(left, lambda pair: pair[::-1])
    yield from (pair for pair in left if len(of_one[pair[0].claim_id]) == len(of_other[pair[1].claim_id]) == 1)


def _loose_dimension(claim: Claim) -> str:
    """Return what a number of a story is compared in: a price as the sum of its currency, any percentage as one."""
    return claim.quantity.unit.partition("/")[0] if claim.quantity.kind != "duration" else dimension(claim)


def _loose_number(claim: Claim) -> tuple[str, float]:
    return _loose_dimension(claim), abs(claim.quantity.value)


def _partners(pairs: Iterable[Link], order: Callable[[Link], Link]) -> dict[str, set[float]]:
    """Return the values that the first of each pair meets, by its claim_id."""
    values: dict[str, set[float]] = defaultdict(set)
    for one, other in map(order, pairs):
        values[one.claim_id].add(other.quantity.value)
    return values


def _score_in_story(one: Claim, other: Claim, times: Sequence[Counter[tuple[str, float]]]) -> float:
    """Return how well two numbers of one story that agree fit, 0 where they do not."""
    kinds = {one.quantity.kind, other.quantity.kind}
    if "rank" in kinds or ("date" in kinds and (len(kinds) > 1 or one.as_of != other.as_of)):
        return 0.0
    fit = likeness(one, other)
    has_many = bool(kinds & TELLING_KINDS) or min(_n_digits(one), _n_digits(other)) > 1
    is_only = all(times[side][_loose_number(claim)] == 1 for side, claim in enumerate((one, other)))
    if _are_equal(one, other):
        needed = (LIKENESS_OF_ONLY if is_only else LIKENESS_OF_EQUAL)[has_many]
        fits = fit.total >= needed and (is_only or not fit.is_excluded)
        return EQUAL_FIRST + fit.total if fits else 0.0
    rounds = dimension(one) == dimension(other) and are_compatible((one, other)) and "date" not in kinds
    return fit.total if rounds and fit.total >= LIKENESS_OF_ROUNDED[has_many] and not fit.is_excluded else 0.0


def _are_equal(one: Claim, other: Claim) -> bool:
    """Whether two numbers are printed equal, of units that may be told incompletely."""
    if dimension(one) == dimension(other):
        return have_equal_values((one, other))
    return _loose_number(one) == _loose_number(other) and one.quantity.value_high == other.quantity.value_high


def _may_differ(one: Claim, other: Claim) -> bool:
    """Whether two numbers that differ are of one kind and said of one subject."""
    if one.quantity.kind != other.quantity.kind or (one.tense == HISTORY) != (other.tense == HISTORY):
        return False
    if one.quantity.kind == "date" and one.tense != PLAN:
        return False
    low, high = sorted(abs(claim.quantity.value) * common_unit(claim)[1] for claim in (one, other))
    return bool(low) and high <= MAX_RATIO * low and _is_of_one_subject(likeness(one, other), one, other)


def _is_of_one_subject(fit: SubjectLikeness, one: Claim, other: Claim) -> bool:
    """Whether measure, thing and place do not differ, and one of them is known to be one."""
    is_count = one.quantity.kind == "count" and one.subject.term != other.subject.term
    fits = fit.measure >= UNKNOWN and fit.thing >= UNKNOWN and fit.place >= UNKNOWN
    return fits and not is_count and fit.total >= NESTED + 2 * UNKNOWN

"""What is looked at to tell whether a clause tells of an act of export control, and of which direction.

The cues of ``control_acts.tsv`` are verbs and nouns of control; which verb stands near which noun, and which
word of mood before a verb, says most. Words and the cues of the clauses beside it say the rest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import CLAUSES_AROUND
from rare_topics.corpus.languages import is_han
from rare_topics.themes.supply_domain import SupplyDomain
from rare_topics.themes.supply_features import word_pieces

CUE_FILE = "control_acts.tsv"
# Kinds of nouns by their class.
_NOUNS = {
    "restriction": "control", "ban_word": "control", "rule": "control", "charge": "control", "quota": "control",
    "paper": "control", "hurdle": "control", "licence": "licence", "approval": "licence", "application": "licence",
    "export": "export", "gate": "gate", "home": "home", "relief": "relief",
}  # fmt: skip
VERBS = frozenset({
    "impose", "require", "forbid", "ban_word", "lift", "allow", "grant", "refuse", "raise", "reduce", "keep", "retain",
    "bind", "shut", "propose", "oblige", "handle", "ask", "wish", "weigh",
})  # fmt: skip
_MOODS = frozenset({"planned", "possible", "demanded", "obligation", "denied", "question", "past", "lack", "hearsay"})
CUES = VERBS | _NOUNS.keys() | _MOODS | {"hint"}
# A clause without any of these tells of no act, nor does one beside none of the nouns.
_NOUN_KINDS = frozenset(_NOUNS)
SPEAKING = frozenset({*_NOUNS, "allow", "forbid", "lift", "keep", "refuse", "hint", "grant"})
# Characters between a verb and its noun, and between a negation and its verb, in English and in Chinese.
_REACH, _REACH_HAN, _REACH_OF_NOT, _REACH_OF_NOT_HAN = 60, 18, 30, 8
# What is looked at of a clause of the same sentence, of any other of it, and of the sentence before.
_GOODS, _CONTEXT, _LAST = frozenset({"goods"}), frozenset({"cues", "mood"}), frozenset({"goods", "cues"})
_BESIDE = ("before ", "behind ", "earlier ", "later ", "last ")


class _Form(NamedTuple):
    """A word that is a cue, of one kind or several."""

    start: int
    end: int
    kinds: frozenset[str]


class ControlClauses:
    """The clauses of an article, as acts of control are read from them.

    Parameters
    ----------
    clauses
        Of one article, in order.
    domain
        What counts as goods.
    """

    def __init__(self, clauses: Sequence[Clause], domain: SupplyDomain) -> None:
        self.clauses = clauses
        self.domain = domain
        self._words: dict[int, list[str]] = {}
        self._named: dict[int, tuple[str, ...]] = {}
        self._said: dict[tuple[int, str], frozenset[str]] = {}

    def candidates(self) -> Iterator[int]:
        """Yield the positions of the clauses that may tell of an act."""
        if not any(map(self.domain.is_named_in, self.clauses)):
            return
        controlled = {clause.sentence for clause in self.clauses if not clause.kinds.isdisjoint(_NOUN_KINDS)}
        for number, clause in enumerate(self.clauses):
            if clause.sentence in controlled or not clause.kinds.isdisjoint(SPEAKING):
                yield number

    def features(self, number: int) -> set[str]:
        """Return the features of a clause, of either language.

        Parameters
        ----------
        number
            Its position in the article.

        Returns
        -------
        set of str
            ``kind=value`` each; those of clauses beside it are `is_beside`.
        """
        clause = self.clauses[number]
        features = {"bias"} | self._titled
        features.update(self._of_clause(number))
        if clause.passage.kind == "title":
            features.add("title")
        for other, place in self._around(number):
            is_same = place == 0
            features |= self._beside(other, "sentence " if is_same else "last ", _GOODS if is_same else _LAST)
            if is_same and other != number:
                features |= self._beside(other, "earlier " if other < number else "later ", _CONTEXT)
        for other, tag in ((number - 1, "before "), (number + 1, "behind ")):
            if 0 <= other < len(self.clauses) and self.clauses[other].sentence == clause.sentence:
                features |= self._beside(other, tag, _CONTEXT)
                features.update(f"{tag}word={piece}" for piece in self._pieces(other))
        return features

    def _around(self, number: int) -> Iterator[tuple[int, int]]:
        """Yield the clauses of a sentence and of the one before it, with the distance of their sentence."""
        sentence = self.clauses[number].sentence
        first = max(0, number - CLAUSES_AROUND)
        for other in range(first, min(len(self.clauses), number + CLAUSES_AROUND + 1)):
            distance = self.clauses[other].sentence - sentence
            if distance in {-1, 0}:
                yield other, distance

    @cached_property
    def _titled(self) -> set[str]:
        is_titled = any(self.domain.is_named_in(one) for one in self.clauses if one.passage.kind == "title")
        return {"titled=goods"} if is_titled else set()

    def _pieces(self, number: int) -> list[str]:
        if number not in self._words:
            self._words[number] = word_pieces(self.clauses[number].lowered)
        return self._words[number]

    def _beside(self, number: int, tag: str, what: frozenset[str]) -> frozenset[str]:
        """Return what a clause says beside others: once, because others ask again."""
        key = number, tag
        if key not in self._said:
            clause = self.clauses[number]
            said = {f"{tag}{one}" for one in self._goods(number)} if "goods" in what else set()
            if "cues" in what:
                said |= {f"{tag}cue={kind}" for kind in clause.kinds & CUES}
            if "mood" in what:
                said.add(f"{tag}mood={clause.mood}")
            self._said[key] = frozenset(said)
        return self._said[key]

    def _goods(self, number: int) -> tuple[str, ...]:
        if number not in self._named:
            clause = self.clauses[number]
            named = (("goods", self.domain.is_named_in(clause)), ("other goods", clause.names(self.domain.other_goods)))
            self._named[number] = tuple(name for name, is_named in named if is_named)
        return self._named[number]

    def _of_clause(self, number: int) -> Iterator[str]:
        clause = self.clauses[number]
        yield f"mood={clause.mood}"
        yield f"tense={clause.tense}"
        yield from (f"cue={kind}" for kind in clause.kinds & CUES)
        yield from _of_forms(_forms(clause), clause)
        pieces = self._pieces(number)
        yield from (f"word={piece}" for piece in pieces)
        yield from (f"words={one} {other}" for one, other in pairwise(pieces))
        yield from self._goods(number)
        yield from (f"concept={mention.concept}" for mention in clause.mentions if not mention.country)
        for part in clause.participants:
            yield f"part of {part.country if part.country in self.domain.home else 'others'}={part.case}"
            if part.speaks:
                yield "part=speaks"
        if not clause.participants:
            yield "part=none"
        if clause.dates:
            yield "dated"


def is_beside(feature: str) -> bool:
    """Return whether a feature is one of the clauses beside, which say less."""
    return feature.startswith(_BESIDE)


def _forms(clause: Clause) -> list[_Form]:
    ends: dict[int, int] = {}
    kinds: dict[int, set[str]] = {}
    for cue in clause.cues:
        if cue.kind in CUES:
            ends[cue.start] = max(cue.end, ends.get(cue.start, 0))
            kinds.setdefault(cue.start, set()).add(cue.kind)
    return [_Form(start, ends[start], frozenset(kinds[start])) for start in sorted(ends)]


def _of_forms(forms: Sequence[_Form], clause: Clause) -> Iterator[str]:
    """Yield which cues follow each other, and which verb stands near which noun, negated or not."""
    classes = [frozenset(_NOUNS.get(kind, kind) if kind not in VERBS else kind for kind in one.kinds) for one in forms]
    for before, behind in pairwise(classes):
        yield from (f"pair={first} {second}" for first in before for second in behind if first != second)
    starts = [one.start for one in forms]
    longest = max((one.end - one.start for one in forms), default=0)
    following: frozenset[str] = frozenset()
    for number, form in reversed([*enumerate(forms)]):
        verbs = form.kinds & VERBS
        yield from (f"mood of verb={mood} {verb}" for mood in form.kinds & _MOODS for verb in following)
        following = verbs or following
        if not verbs:
            continue
        is_chinese = is_han(clause.text[form.start - clause.start])
        reach, reach_of_not = (_REACH_HAN, _REACH_OF_NOT_HAN) if is_chinese else (_REACH, _REACH_OF_NOT)
        # No form further off is looked at, so that a clause of any length takes linear time.
        first = bisect_left(starts, form.start - reach - longest)
        denied = any("denied" in one.kinds and 0 <= form.start - one.end <= reach_of_not for one in forms[first:number])
        for other in forms[first : bisect_right(starts, form.end + reach)]:
            gap = max(other.start - form.end, form.start - other.end)
            if not 0 <= gap <= reach:
                continue
            order = "behind" if other.start > form.start else "before"
            for noun in {_NOUNS[kind] for kind in other.kinds & _NOUNS.keys()}:
                for verb in verbs:
                    governed = f"{'not ' * denied}{verb} {noun}"
                    yield f"act={governed}"
                    yield f"act={governed} {order}"

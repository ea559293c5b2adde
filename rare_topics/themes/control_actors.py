"""Who acts in an act of control, who asks for one, and how sure this is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.discourse import Actor
from rare_topics.clauses.participants import Participant
from rare_topics.clauses.passage_reader import AGENT, DOER, PLACE, SOURCE, TARGET

# Confidence by where an actor is found; chosen by hand on the seed pages.
_NAMED, _OWNER, _NEARBY, _LEAST = 1.0, 0.9, 0.85, 0.8
_NOBODY = "", _NEARBY
# Characters around a name that are looked at.
_SIDE = 60
CONDITIONAL = re.compile(r"^\W*(?:if|should|were|unless)\b|若(?!开|干|有所|无)|如果|一旦|倘")
# Whoever gets a licence has not given it.
_HEAD_OF = re.compile(r"\b(?:minister|president|government|parliament|ministry|chancellor|king) of (?:the )?$")
# "China needs to make concessions": who is named before what he has to do is the asked.
_HAS_TO = re.compile(
    r"\s*(?:needs?|must|should|ha[sd] to|have to|ought|meets?|meeting|makes?|making|would(?! (?:like|love|prefer)))\b"
    r"|[方国]?(?:需|须|应|必须|得|要(?!求))"
)
_STATES = frozenset({"country", "place", "alliance", "institution"})
_TELLS = re.compile(r"\b(?:told|tells?|telling|reminded|informed)\s+$|(?:告诉|对|向|告知|转告|致信|致函|上书|照会)$")
# 将11家美国企业列入: what is put on a list does not act.
_OBJECT_HAN = re.compile(
    r"(?:将|把)[^,。;]{0,8}$|\b(?:follow\w*|cop(?:y|ying)|imitat\w+|like|emulat\w+) $|(?:效仿|仿效|学|像|步)$"
)
_RECIPIENT = re.compile(r"\b(?:went to|received|obtained|secured|held by|handed to)\b|拿到|领到|发到|取得|获得")
_GOVERNMENT = re.compile(
    r"^(?:['’]s)?\s*(?:[\w-]+\s+)?(?:prime minister|president|officials?|minister)\b|^(?:的)?(?:总统|总理|官员|外长)"
)


def _is_head_of_government(one: Participant, clause: Clause) -> bool:
    position = one.end - clause.start
    return one.speaks and bool(_GOVERNMENT.match(clause.lowered[position : position + _SIDE]))


# Who acts where no actor is named: a head of government, whose control it is, where it is, from where goods come.
_BY_RANK: tuple[Callable[[Participant, Clause], bool], ...] = (
    _is_head_of_government,
    lambda one, _: one.is_possessor,
    lambda one, _: one.case == PLACE,
    lambda one, _: one.case == SOURCE,
)


def find_actor(
    clause: Clause,
    *,
    sentence: Sequence[Clause],
    before: Sequence[Clause],
    actors: Sequence[Actor],
    acts_at: int | None,
    grants: bool,
) -> tuple[str, float]:
    """Find the country whose act of control a clause tells of.

    Parameters
    ----------
    clause
        The clause.
    sentence
        The clauses of its sentence.
    before
        Those of the sentence before.
    actors
        Who acts in the clause.
    acts_at
        Offset of the verb of the act; None where a noun tells of it.
    grants
        Whether a licence is given: whoever is named last may be who gets it.

    Returns
    -------
    str
        The country; empty where none is named.
    float
        How sure this is, 0 to 1.
    """
    if _RECIPIENT.search(clause.text):
        givers = [one for one in clause.participants if one.case == SOURCE or one.is_possessor]
        return (givers[0].country, _OWNER) if givers else _NOBODY
    before_verb = [
        one
        for one in clause.participants
        if acts_at is not None and one.start < acts_at and not _OBJECT_HAN.search(_left(one, clause))
    ]
    if grants and before_verb:
        return before_verb[0].country, _NAMED
    subjects = [one for one in before_verb if one.case == DOER and not one.speaks]
    if subjects:
        return subjects[-1].country, _NAMED
    so_far = [one for one in sentence if one.start <= clause.start]
    # Who acts in a condition is not who answers.
    conditions = [one for one in so_far if one is not clause and CONDITIONAL.search(one.lowered)]
    for actor, sure in reversed(actors):
        is_conditional = any(one.start <= actor.start < one.end for one in conditions)
        is_object = _OBJECT_HAN.search(_left(actor, clause))
        if actor.case in {DOER, AGENT} and not is_conditional and not is_object:
            return actor.country, max(sure, _LEAST)
    parts = [one for one in so_far if one not in conditions]
    if conditions:
        outside = [one for part in parts if part is not clause for one in part.participants if one.case == DOER]
        if outside:
            return outside[-1].country, _NEARBY
    ranked = [one for fits in _BY_RANK for part in parts for one in part.participants if fits(one, part)]
    answers = [one for one in sentence if one.start >= clause.end] if conditions else []
    # A ministry that is named alone is of the country before it.
    near = before if clause.has("agency") else []
    doers = [one for part in (*answers, *near) for one in part.participants if one.case == DOER]
    found = next(iter((*ranked, *doers)), None)
    return (found.country, _NEARBY) if found else _NOBODY


def find_asker(clause: Clause, *, sentence: Sequence[Clause]) -> tuple[str, float]:
    """Find the country that asks: named before the demand, or whose demand it is; others may be the asked.

    Parameters
    ----------
    clause, sentence
        As of `find_actor`.

    Returns
    -------
    str
        The country; empty where none is named.
    float
        How sure this is, 0 to 1.
    """
    so_far = [one for one in sentence if one.start <= clause.start]
    asked = [cue.start for one in so_far for cue in one.cues_of("demanded", "ask")]
    asked = asked or [cue.start for one in so_far for cue in one.cues_of("wish")]
    named = [one for part in so_far for one in part.participants]
    if asked:
        before = [one for one in named if one.start < asked[0] and _may_ask(one, clause)]
    else:
        named += [one for part in sentence if part.start == clause.end for one in part.participants]
        before = [one for one in named if one.case == DOER and not _TELLS.search(_left(one, clause))][:1]
    if before:
        doers = [one for one in before if one.case == DOER and not one.is_possessor]
        states = [one for one in doers if one.category in _STATES]
        return (states or doers or before)[-1].country, _NAMED
    first, last = (min(asked), max(asked)) if asked else (clause.end, clause.end)
    owners = [one for one in clause.participants if one.is_possessor and one.start < last]
    owners = owners or [one for one in named if one.case == PLACE and one.start < first]
    return (owners[-1].country, _OWNER) if owners else _NOBODY


def _may_ask(one: Participant, clause: Clause) -> bool:
    """Whether somebody acts: "the prime minister of India", but not who is in India, or is told."""
    if _HAS_TO.match(_right(one, clause)) or _TELLS.search(_left(one, clause)):
        return False
    is_head = one.case == PLACE and _HEAD_OF.search(_left(one, clause))
    return bool(is_head) or one.case not in {TARGET, PLACE}


def _right(one: Participant, clause: Clause) -> str:
    return clause.passage.text[one.end : one.end + _SIDE]


def _left(one: Participant, clause: Clause) -> str:
    return clause.passage.text[max(0, one.start - _SIDE) : one.start]

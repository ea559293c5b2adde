"""What becomes of a restriction or of an export in a clause: a verb of a class, and the noun that it governs.

The classes are data (``control_acts.tsv``); what a verb does depends on what it does it to: who ends a
ban eases, who ends exports tightens. Effects compose as polarities do (Moilanen and Pulman 2007,
"Sentiment composition"): a negated easing leaves the control in place, a negated permission forbids.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.clauses.passage_reader import AGENT
from rare_topics.corpus.languages import is_han
from rare_topics.themes.control_nouns import (
    BAN_WORD,
    CONTROLS,
    EXPORT,
    GATE,
    HOME,
    LICENCE,
    RELIEF,
    SIDE,
    cues_between,
    is_ban_verb,
    left_of,
    right_of,
    text_of,
)

TIGHTENED, EASED, STANDING = "tightened", "eased", "standing"
# Effect of each class of verbs on each kind of noun; pairs that are not listed mean nothing.
_EFFECTS = {
    "impose": {**dict.fromkeys(CONTROLS, TIGHTENED), RELIEF: EASED},
    "bind": {EXPORT: TIGHTENED},
    "require": {LICENCE: TIGHTENED, "approval": TIGHTENED, "paper": TIGHTENED, "charge": TIGHTENED},
    "oblige": {EXPORT: TIGHTENED, "paper": TIGHTENED},
    "handle": {"application": EASED},
    "forbid": {EXPORT: TIGHTENED},
    "shut": {GATE: TIGHTENED},
    "retain": {HOME: TIGHTENED},
    "lift": {**dict.fromkeys(CONTROLS, EASED), RELIEF: TIGHTENED},
    "allow": {EXPORT: EASED, GATE: EASED, RELIEF: EASED, LICENCE: EASED, "application": EASED},
    "grant": {LICENCE: EASED, "approval": EASED, "application": EASED, RELIEF: EASED},
    "refuse": {LICENCE: TIGHTENED, "approval": TIGHTENED, "application": TIGHTENED},
    "raise": {"charge": TIGHTENED, "hurdle": TIGHTENED, "quota": EASED},
    "reduce": {"charge": EASED, "hurdle": EASED, "quota": TIGHTENED},
    "keep": dict.fromkeys(CONTROLS, STANDING),
}
# A negation turns the effect of these classes into another; that of all others into nothing.
_NEGATED = {
    "lift": STANDING,
    "grant": STANDING,
    "handle": STANDING,
    "allow": TIGHTENED,
    "require": EASED,
    "oblige": EASED,
    "raise": STANDING,
    "reduce": STANDING,
}
# What stops being done: "stopped issuing licences", "no longer requires".
_STOPPED = {
    "grant": TIGHTENED,
    "handle": TIGHTENED,
    "oblige": EASED,
    "allow": TIGHTENED,
    "require": EASED,
    "impose": EASED,
    "forbid": EASED,
}
_STOPS = re.compile(
    r"\b(?:stop|ceas|quit|halt|suspend|discontinu)\w*\s+(?:to\s+)?$|\bno longer\s+$|(?:停止|暂停|不再|停)(?:为.{1,8})?$"
)
# Firms stop deliveries; only a state controls them.
_FIRM_BEFORE = re.compile(
    r"\b(?:makers?|compan(?:y|ies)|firms?|suppliers?|miners?|producers?|traders?|sellers?|plants?|"
    r"factor(?:y|ies)|mines?|refiner(?:y|ies)|groups?)\s{1,9}(?:(?:have|has|had|also|then|even)\s{1,9}){0,4}$|(?:厂|企业|公司|厂商"
    r"|矿商|集团|车企)(?:已|也|又)?$"
    r"|^\W{0,9}(?:the|an?|its|their|two|three|several|some)? ?(?:[\w-]{1,30} ){0,3}?(?:mines?|pits?|plants?|"
    r"factor(?:y|ies)|smelters?|refiner(?:y|ies)|works|mills?|makers?|compan(?:y|ies)|firms?|operators?) "
    r"(?:(?:in|at|near|of|on|from) (?:[\w-]{1,30} ){1,4}?)?(?:(?:have|has|had|also|then|even)\s{1,9}){0,4}$"
    r"|(?<![原土锂镍锡铜钨锑钽锰铬铝铁锌铅镓钴锗钒铋铌钼铍铀银金石])(?:矿山|矿(?![业产石物砂部的渣精权区])|工厂|公司|集团)[^,把对向]{0,10}$"
)
# Reach between a verb and its noun in characters of English and of Chinese; chosen by hand on the seed pages.
_REACH, _REACH_HAN = 90, 22
_NEGATION_REACH, _NEGATION_REACH_HAN = 28, 7
# What continues an act is right before it: "continues to restrict".
_KEEPS_ON_REACH, _KEEPS_ON_REACH_HAN = 14, 3
_NEGATION = re.compile(
    r"not|no|never|nor|neither|n't|cannot|can't|refus\w*|denie[sd]|deny|rather than|instead of|unlikely|yet to|"
    r"without|没有?|并未|从未|尚未|未|无|不会|不能|不是|并不|并非|拒绝|否认"
)
_INVERTED = re.compile(r"^\W*(?:nor|neither|never|not)\b")
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|be|being|gets?|got)\s+(?:\w+ly\s+|also\s+|now\s+|to be\s+)?$")
# Verbs whose subject is the control itself: "took effect", "expired", "remain".
_INTRANSITIVE = re.compile(
    r"(?:took|takes?|taking|came|comes?|went|goes|go|enter\w*|kick\w*|expir\w*|laps\w*|ends?|ended|begins?|began"
    r"|starts?|gave|gives?|made|makes?|left|"
    r"started|stay\w*|restart\w*|resum\w+|reopen\w*|stood|stands?|remain\w*|still|continu\w*|appl\w*"
    r"|unchanged|untouched|in (?:place|force)|as |"
    r"on (?:ice|hold)|dried|dries|must|ha[sd]|have|obliged|required|compulsory|mandatory|obligatory|"
    r"conditional|contingent|tied|hing\w*|dependent|ground|struck|undone|withdrawn|given|again|not part|has|"
    r"have|persist\w*|new)"
)
_PARTICIPLE = re.compile(
    r"ed\b|ing\b|\b(?:brought|laid|put|set|cut|shut|struck|withdrawn|given"
    r"|withheld|drawn|made)\b"
)
# A verb with an object of its own does nothing to its subject: "exports resumed their climb".
_NO_OBJECT_RIGHT = re.compile(
    r"\s*(?:$|[,.;:)]|(?:in|on|by|since|from|after|before|for|again|until|till|at|last|this|under|when|while|and|"
    r"with|through|over|as|due|because|to|into|of|off|up|down|out|yesterday|today|now|within|against|between)\b|"
    r"(?:[\w-]+ )?customs\b)"
)
# "limited by weak demand" is no act: an act is done by somebody.
_BY_SOMETHING = re.compile(
    r"\s+(?:\w+ly )?by (?!.{0,40}(?:minist|govern|customs|authorit|parliament|president|cabinet|court|\d))"
)
_LET_KNOW = re.compile(r"\s+(?:it|that|him|them|us|be|alone|slip)\b")
_NEITHER_RIGHT = re.compile(r"\s+(?:neither|nothing|none|no)\b")
_NEGATION_LEFT = re.compile(r"(?:不|没|未|无|别|毫不|并不|从不)(?:再|会|能|曾|予|愿|想|加|受)?$")
# Forms that are nouns as often as verbs count as verbs only where their neighbours show it.
_ALSO_NOUN = frozenset(
    [
        "ends",
        "scrap",
        "set",
        "sets",
        "list",
        "lists",
        "cut",
        "cuts",
        "place",
        "places",
        "starts",
        "orders",
        "order",
        "charges",
        "issue",
        "issues",
        "stay",
        "stays",
        "stand",
        "stands",
        "drop",
        "drops",
        "draw",
        "open",
        "hike",
        "strike",
        "end",
        "hand",
        "hands",
        "load",
        "clear",
    ]
)
_VERB_LEFT = re.compile(r"\b(?:to|will|would|could|may|might|must|should|shall|not|and|it|they|who|which)\s+$")
_OBJECT_RIGHT = re.compile(
    r"\s+(?:(?:the|its|their|all|any|an?|his|these|those|some|most|up|off|down|out|under|on|new)\b|"
    r"(?:[\w-]+\s+){0,2}?(?:export|controls?|bans?|licen|permits?|curbs?|restrict|quotas?|duty|duties))"
)
# "No ore leaves the country", "nothing may be shipped": an export that is denied is forbidden.
_NOTHING_LEAVES = re.compile(
    r"\b(?:no|nothing|none|not (?:a|an|one))\b.{0,60}?\b(?:leaves?|left|leaving|crosse[sd]|(?:be"
    r"|been|is) (?:shipped|"
    r"exported|sold abroad))\b"
    r"|\b(?:will|shall) not leave\b|\b(?:may|must|can|could) ?not (?:be )?(?:leave|cross"
    r"|export(?:ed)?|ship(?:ped)?|sold abroad|taken out)\b"
    r"|不(?:会|得|准|许|能|可)(?:离开|离境|运出|出境|流出|外运|出港)"
)
# Who exports has to say something to an office.
_OBLIGES = re.compile(
    r"\b(?:must|ha(?:ve|s|d) (?:had )?to|needs? to|(?:obliged|required|told|ordered) to)"
    r"(?: now| first| also| still)? (?:name|state|declare|disclose|register|report|file|submit|present|"
    r"show|produce|prove|provide|list|specify|document|certify|"
    r"record|reveal|identify|notify|hand over|photograph|attach|supply proof)\b"
    r"|(?:须|需|必须|要求|应当?)[^,。;]{0,14}?(?:登记|申报|报备|提交|提供|披露|注明|出示|填报|说明|载明|附上|写明|备案)"
)
# Who may not leave the raw ore as it is keeps it.
_PROCESSED_AT_HOME = re.compile(
    r"\b(?:must|has to|have to|shall|ha[sd] to|should) (?:first )?be (?:processed|refined|smelted|separated|"
    r"upgraded|treated) (?:at home|locally|domestically|"
    r"in(?:side)? the (?:country|state)|before (?:export|it leaves|they leave|leaving))"
    r"|(?:须|必须|要求|一律|只能)[^,。;]{0,16}(?:境内|国内|本国|本土|当地)(?:完成)?(?:加工|冶炼|分离|提炼|精炼|处理)"
)
# An order to somebody to stop, with who is told in between.
_TELLS_TO_STOP = re.compile(
    r"\b(?:told|tells|ordered|orders|instructed|directed|forced)\b[^,;.]{1,60}?\bto (?:stop|halt"
    r"|cease|suspend|end)\b"
)
# Who may export more, or again, is freed.
_MAY_EXPORT = re.compile(
    r"\b(?:may|can|are free to|is free to|are allowed to|is allowed to)"
    r"(?: now| again| once more)? (?:ship|export|sell|send)\b"
    r"[^,;.]{0,40}\b(?:above|beyond|again|freely|once more)\b"
    r"|(?:又|重新|再度)(?:陆续|开始)?(?:运往|运抵|发往|流向|装船|出口)|(?:可以?|获准|允许)(?:超额|自由|重新|恢复|再次|不限量)[^,。]{0,4}(?:出口|外运|发货|出境)"
)
# Suspended licences are lost, and a suspended licensing is eased.
_PERMITS = re.compile(r"(?:licen[cs]es|permits)|许可证|批文")
_SUSPENDS = re.compile(r"suspend|cancel|terminat|halt|paus|discontinu|暂停|取消|终止|停止")
# One permit is enough: 凭一张许可就能订全年.
_SUFFICES = re.compile(r"^证?(?:就能|即可|便可|就可)")
# A container that is opened is searched.
_SEARCHED = re.compile(r"container|cargo|truck|lorr|load|consignment|集装箱|货柜|卡车|矿车")
# Who loses the licence that he has is a mine.
_ONE_LICENCE = re.compile(r"\b(?:the|its|his|their|a)\s+(?:mining )?$")
_NOBODY = re.compile(r"\b(?:nobody|no one|none|no \w+)\s+$|不$")
# What is taken off a list is no longer controlled.
_TAKES_OFF = re.compile(
    r"\b(?:took|tak(?:es?|en|ing)|struck|strik(?:es?|ing)|dropp\w+|remov\w+|delet\w+|cross(?:ed|es)"
    r"|mov\w+)\b[^,;.]{1,70}?"
    r"\b(?:off|out of)\b"
)
_EVERY_ONE_IS_SEARCHED = re.compile(
    r"\b(?:inspect|open|check|search|scan)\w*\b.{0,20}\b(?:every|each|all)\b.{0,20}\b(?:container|cargo|shipment"
    r"|truck|consignment)"
    r"|逐[箱车批票单件](?:开验|查验|检查|开箱|检验)|全检"
)
_UNDER_STUDY = re.compile(
    r"\b(?:under (?:study|consideration|review|discussion|examination|preparation)|in the works|in preparation"
    r"|on the table|"
    r"being (?:studied|considered|weighed|drafted|prepared|discussed))\b"
)
# "Will levy 10% on concentrates that leave".
_LEVIES = re.compile(
    r"\btax(?:es|ed|ing)?\b[^,;.]{1,50}\bat the border\b|边境[^,。]{0,16}征税|对[^,。]{0,16}出口[^,。]{0,4}征税"
    r"|\b(?:levy|levies|levied|charge[sd]?|tax(?:es|ed)?)\b(?! of)[^,;.]{0,20}\d[^,;.]{0,16}\bon\b"
)
_RAW = re.compile(r"矿|\b(?:ores?|concentrates?|raw|unprocessed|unrefined)\b")
_NONE_IS_SOLD = re.compile(
    r"\blocked in\b|\bkept at home\b"
    r"|\b(?:no longer|does not|do not|will not) (?:lets?|allows?|permits?)\b[^,;.]{1,60}\bout\b"
    r"|(?:一概|一律|概|均)不(?:供|卖|出口|放行|外销)|不(?:再|予)放行"
)
# "Brought its ban forward": the control lies within the verb.
_BRINGS_FORWARD = re.compile(r"\b(?:brought|bring\w*|moved|moves|pulled)\b(?=[^,;.]{1,60}?\bforward\b)")
_STILL = re.compile(r"\bstill\b|\bas before\b|仍|依然|依旧")
_ONLY_WITH = re.compile(
    r"\b(?:without|unless|only (?:with|under|after|if))\b.{0,40}(?:licen|permit|approv|consent"
    r"|clearance|certificat)"
    r"|\bonly (?:as|after|once)\b"
    r"|\bclear(?:ed|ing)?\b.{1,50}\bwith (?:the |its )?(?:ministr|customs|authorit|government|beijing)"
    r"|未经(?:批准|许可|审批)[^,。;]{0,10}不得|只(?:能|准|许|可)以[^,。;]{0,10}(?:出口|外运|出境|离境)"
)
_SUBORDINATE = re.compile(
    r"\b(?:when|because|after|while|although|whereas|unless|since|once"
    r"|despite|in spite of|if)\b"
)
_FEW_WORDS = re.compile(r"\s+(?:[\"“]?[\w-]+\s+){0,4}[\"“]?")
_FEW_CHARACTERS = re.compile(r"[^,。;a-z]{0,20}")


class Effect(NamedTuple):
    """What a clause says of a control.

    Attributes
    ----------
    direction
        ``tightened``, ``eased`` or ``standing``.
    position
        Offset of the verb in the passage.
    verb, noun
        Class of the verb and kind of what it governs.
    """

    direction: str
    position: int
    verb: str
    noun: str


def find_effects(clause: Clause, nouns: Sequence[Cue]) -> list[Effect]:
    """Return what the verbs of a clause do to the controls and exports that it names, in order.

    Parameters
    ----------
    clause
        With the cues of ``control_acts.tsv``.
    nouns
        Its `nouns_of`.
    """
    effects = _effects_by_form(clause, nouns)
    if not nouns:
        return effects
    verbs = _verbs_of(clause, nouns)
    # Who withdraws a licence lifts no control.
    refused = {verb.start for verb in verbs if verb.kind == "refuse"}
    if any(effect.verb == "forbid" for effect in effects):
        verbs = [verb for verb in verbs if verb.kind not in {"allow", "require", "grant"}]
    for verb in verbs:
        if verb.kind in {"forbid", "shut"} and _FIRM_BEFORE.search(left_of(clause, verb)):
            continue
        noun = _governed(clause, verb, nouns)
        if (
            noun
            and verb.kind == "allow"
            and text_of(clause, verb).startswith("open")
            and _SEARCHED.match(text_of(clause, noun))
        ):
            continue
        if noun is None or (noun.kind == LICENCE and _is_of_holder(clause, verb, noun, refused)):
            continue
        if direction := _direction(clause, verb, noun, verbs):
            effects.append(Effect(direction, verb.start, verb.kind, noun.kind))
    return effects


def _effects_by_form(clause: Clause, nouns: Sequence[Cue]) -> list[Effect]:
    """Return what constructions say without a verb that governs a noun: "no ore leaves", "may ship again"."""
    text, start = clause.lowered, clause.start
    effects = []
    if found := _NONE_IS_SOLD.search(text):
        effects.append(Effect(TIGHTENED, start + found.start(), "refuse", EXPORT))
    if found := _EVERY_ONE_IS_SEARCHED.search(text):
        effects.append(Effect(TIGHTENED, start + found.start(), "impose", EXPORT))
    if not nouns:
        return effects
    if (found := _LEVIES.search(text)) and (clause.has(EXPORT) or _RAW.search(text)):
        effects.append(Effect(TIGHTENED, start + found.start(), "impose", "charge"))
    if found := _PROCESSED_AT_HOME.search(text):
        effects.append(Effect(TIGHTENED, start + found.start(), "require", HOME))
    if (found := _MAY_EXPORT.search(text)) and not _NOBODY.search(text[: found.start()]):
        effects.append(Effect(EASED, start + found.start(), "allow", EXPORT))
    nothing_leaves = _NOTHING_LEAVES.search(text)
    if clause.has(EXPORT) and (nothing_leaves or _ONLY_WITH.search(text)):
        direction = STANDING if _STILL.search(text) else TIGHTENED
        effects.append(Effect(direction, start + (nothing_leaves.start() if nothing_leaves else 0), "forbid", EXPORT))
    return effects


def _is_of_holder(clause: Clause, verb: Cue, noun: Cue, refused: Collection[int]) -> bool:
    """Whether a licence is one that its holder loses: of a mine, or of several exporters."""
    if verb.kind == "refuse":
        is_one = not text_of(clause, noun).endswith("s") and _ONE_LICENCE.search(left_of(clause, noun))
        return bool(is_one)
    return verb.kind == "lift" and verb.start in refused


def _verbs_of(clause: Clause, nouns: Sequence[Cue]) -> list[Cue]:
    """Return the verbs of all classes in order, the longest where several begin, without those within a noun."""
    verbs = [cue for cue in clause.cues_of(*_EFFECTS) if _is_verb(clause, cue)]
    verbs += [cue._replace(kind="forbid") for cue in clause.cues_of(BAN_WORD) if is_ban_verb(clause, cue)]
    verbs += [
        Cue("oblige", clause.start + found.start(), clause.start + found.end())
        for found in _OBLIGES.finditer(clause.lowered)
    ]
    verbs += [
        Cue("forbid", clause.start + found.start(), clause.start + found.end())
        for found in _TELLS_TO_STOP.finditer(clause.lowered)
    ]
    verbs += [
        Cue("impose", clause.start + found.start(), clause.start + found.end())
        for found in _BRINGS_FORWARD.finditer(clause.lowered)
    ]
    verbs += [
        Cue("lift", clause.start + found.start(), clause.start + found.end())
        for found in _TAKES_OFF.finditer(clause.lowered)
    ]
    longest: dict[int, int] = {}
    for verb in verbs:
        longest[verb.start] = max(verb.end, longest.get(verb.start, 0))
    return sorted(
        (
            verb
            for verb in verbs
            if verb.end == longest[verb.start]
            and not any(noun.end >= verb.end for noun in cues_between(nouns, verb.start - SIDE, verb.start))
        ),
        key=attrgetter("start"),
    )


def _direction(  # noqa: PLR0911 - one return for each form
    clause: Clause, verb: Cue, noun: Cue, verbs: Sequence[Cue]
) -> str:
    direction = _EFFECTS[verb.kind][noun.kind]
    if verb.kind == "lift" and _PERMITS.fullmatch(text_of(clause, noun)) and _SUSPENDS.match(text_of(clause, verb)):
        return TIGHTENED
    if verb.kind in _STOPPED and _STOPS.search(left_of(clause, verb)):
        return _STOPPED[verb.kind]
    if _is_negated(clause, verb, verbs):
        return _NEGATED.get(verb.kind, "")
    if verb.kind == "oblige" and _STILL.search(text_of(clause, verb)):
        return STANDING
    if verb.kind == "require" and _SUFFICES.search(right_of(clause, noun)):
        return EASED
    if direction == TIGHTENED and verb.kind in {"forbid", "require", "oblige", "shut"} and _keeps_on(clause, verb):
        return STANDING
    return direction


def is_proposed(clause: Clause, nouns: Sequence[Cue]) -> bool:
    """Return whether a clause says that somebody weighs, drafts or threatens a control."""
    if _UNDER_STUDY.search(clause.lowered):
        return True
    for cue in clause.cues_of("propose"):
        for noun in cues_between(nouns, cue.end, cue.end + _REACH):
            between = clause.lowered[cue.end - clause.start : noun.start - clause.start]
            if _FEW_WORDS.fullmatch(between) or _FEW_CHARACTERS.fullmatch(between):
                return True
        if _PASSIVE.search(left_of(clause, cue)) and any(noun.end <= cue.start for noun in nouns):
            return True
    return False


def _is_verb(clause: Clause, cue: Cue) -> bool:
    word = text_of(clause, cue)
    if word in {"let", "lets", "letting"}:
        return not _LET_KNOW.match(right_of(clause, cue))
    if word not in _ALSO_NOUN:
        return True
    left = left_of(clause, cue)
    right = right_of(clause, cue)
    is_alone = word in {"stays", "stands", "ends"} and bool(_NO_OBJECT_RIGHT.match(right))
    shows_it = is_alone or bool(_VERB_LEFT.search(left) or _OBJECT_RIGHT.match(right))
    return shows_it and not left.endswith(("the ", "of ", "by "))


def _governed(clause: Clause, verb: Cue, nouns: Sequence[Cue]) -> Cue | None:
    """Return the noun that a verb governs: its object behind it, or before it where it is passive or intransitive."""
    word = text_of(clause, verb)
    if verb.kind == "oblige":
        return next((noun for noun in nouns if noun.kind in _EFFECTS["oblige"]), None)
    reach = _REACH_HAN if is_han(word[0]) else _REACH
    fitting = [
        noun
        for noun in cues_between(nouns, verb.start - 2 * reach, verb.end + reach)
        if noun.kind in _EFFECTS[verb.kind]
    ]
    behind = [noun for noun in fitting if noun.start >= verb.end]
    # What stands in a clause of time or cause is no object: "halted production when licences failed to arrive".
    if behind and _SUBORDINATE.search(clause.lowered[verb.end - clause.start : behind[0].start - clause.start]):
        behind = []
    before = [noun for noun in fitting if 0 <= verb.start - noun.end <= reach]
    if before and _SUBORDINATE.search(clause.lowered[before[-1].end - clause.start : verb.start - clause.start]):
        before = []
    if not is_han(word[0]):
        right = right_of(clause, verb)
        if verb.kind == "forbid" and _BY_SOMETHING.match(right) and not _is_done_by(clause, verb):
            return None
        is_passive = bool(_PASSIVE.search(left_of(clause, verb)))
        if is_passive and before:
            return before[-1]
        has_subject = _INTRANSITIVE.match(word) or _PARTICIPLE.search(word)
        if not is_passive and not (has_subject and _NO_OBJECT_RIGHT.match(right)):
            before = []
    return behind[0] if behind else (before[-1] if before else None)


def _is_done_by(clause: Clause, verb: Cue) -> bool:
    first = bisect_left(clause.participants, verb.end, key=attrgetter("start"))
    return any(one.case == AGENT for one in clause.participants[first : first + 2])


def _is_negated(clause: Clause, verb: Cue, verbs: Sequence[Cue]) -> bool:
    if _NEITHER_RIGHT.match(right_of(clause, verb)) or _NEGATION_LEFT.search(left_of(clause, verb)):
        return True
    if _INVERTED.match(clause.lowered):
        return True
    for cue in cues_between(clause.cues_of("denied"), verb.start - SIDE, verb.start):
        word = text_of(clause, cue)
        around = cues_between(verbs, cue.start - SIDE, cue.start)
        if any(one.end > cue.start and (one.kind not in {"refuse", "forbid"} or one == verb) for one in around):
            continue
        reach = _NEGATION_REACH_HAN if is_han(word[0]) else _NEGATION_REACH
        if _NEGATION.fullmatch(word) and 0 <= verb.start - cue.end <= reach:
            return True
    return False


def _keeps_on(clause: Clause, verb: Cue) -> bool:
    for cue in cues_between(clause.cues_of("keep"), verb.start - SIDE, verb.start):
        reach = _KEEPS_ON_REACH_HAN if is_han(text_of(clause, cue)[0]) else _KEEPS_ON_REACH
        if 0 <= verb.start - cue.end <= reach:
            return True
    return False

"""What becomes of a restriction or of an export in a clause: a verb of a class, and the noun that it governs.

The classes are data (``control_acts.tsv``); what a verb does depends on what it does it to: who ends a
ban eases, who ends exports tightens. Effects compose as polarities do (Moilanen and Pulman 2007,
"Sentiment composition"): a negated easing leaves the control in place, a negated permission forbids.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.clauses.passage_reader import AGENT
from rare_topics.corpus.languages import is_han

TIGHTENED, EASED, STANDING = "tightened", "eased", "standing"
# Nouns that a verb can govern; `WEAK` ones count only beside an export or a control of their sentence.
RESTRICTION, LICENCE, EXPORT, GATE, HOME, RELIEF = (
    "restriction", "licence", "export", "gate", "home", "relief",
)  # fmt: skip
WEAK = frozenset({"rule", "charge", "quota", "approval", "application", "paper", "hurdle"})
CONTROLS = (RESTRICTION, LICENCE, *sorted(WEAK))
NOUNS = (*CONTROLS, EXPORT, GATE, HOME, RELIEF)
BAN_WORD = "ban_word"
# Effect of each class of verbs on each kind of noun; pairs that are not listed mean nothing.
_EFFECTS = {
    "impose": {**dict.fromkeys(CONTROLS, TIGHTENED), RELIEF: EASED},
    "bind": {EXPORT: TIGHTENED},
    "require": {LICENCE: TIGHTENED, "approval": TIGHTENED, "paper": TIGHTENED},
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
    r"\b(?:makers?|compan(?:y|ies)|firms?|suppliers?|miners?|producers?|traders?|sellers?|plants?|factor(?:y|ies)|mines?|"
    r"refiner(?:y|ies)|groups?)\s+(?:(?:have|has|had|also|then|even)\s+)*$|(?:厂|企业|公司|厂商|矿商|集团|车企)(?:已|也|又)?$"
    r"|^\W*(?:the|an?|its|their|two|three|several|some)? ?(?:[\w-]+ ){0,3}?(?:mines?|pits?|plants?|factor(?:y|ies)|smelters?|"
    r"refiner(?:y|ies)|works|mills?|makers?|compan(?:y|ies)|firms?|operators?) (?:(?:in|at|near|of|on|from) (?:[\w-]+ ){1,4}?)?"
    r"(?:(?:have|has|had|also|then|even)\s+)*$|(?<![原土锂镍锡铜钨锑])(?:矿山|矿(?![业产石物砂部的])|工厂|公司|集团)[^,把对向]{0,10}$"
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
    r"(?:took|takes?|taking|came|comes?|went|goes|go|enter\w*|kick\w*|expir\w*|laps\w*|ends?|ended|begins?|began|starts?|"
    r"started|stay\w*|stood|stands?|remain\w*|still|continu\w*|appl\w*|unchanged|untouched|in (?:place|force)|as |"
    r"on (?:ice|hold)|dried|dries|must|ha[sd]|have|obliged|required|compulsory|mandatory|obligatory|conditional|contingent|"
    r"tied|hing\w*|dependent|ground|struck|undone|withdrawn|given|again|not part|has|"
    r"have|persist\w*|new)"
)
_PARTICIPLE = re.compile(r"ed\b|ing\b|\b(?:brought|laid|put|set|cut|shut|struck|withdrawn|given|withheld|drawn|made)\b")
# A verb with an object of its own does nothing to its subject: "exports resumed their climb".
_NO_OBJECT_RIGHT = re.compile(
    r"\s*(?:$|[,.;:)]|(?:in|on|by|since|from|after|before|for|again|until|till|at|last|this|under|when|while|and|"
    r"with|through|over|as|due|because|to|into|of|off|up|down|out|yesterday|today|now|within|against|between)\b|"
    r"(?:[\w-]+ )?customs\b)"
)
# What grows, or is counted, is no export that somebody stops.
_OF_EXPORTS = re.compile(
    r"\s+(?:growth|orders?|revenues?|markets?|prices?|figures|statistics|data|boom|earnings|credits?)\b|-credit|增速|增长|额|价|订单|数据"
)
# "limited by weak demand" is no act: an act is done by somebody.
_BY_SOMETHING = re.compile(
    r"\s+(?:\w+ly )?by (?!.{0,40}(?:minist|govern|customs|authorit|parliament|president|cabinet|court|\d))"
)
_LET_KNOW = re.compile(r"\s+(?:it|that|him|them|us|be|alone|slip)\b")
_NEITHER_RIGHT = re.compile(r"\s+(?:neither|nothing|none|no)\b")
_NEGATION_LEFT = re.compile(r"(?:不|没|未|无|别|毫不|并不|从不)(?:再|会|能|曾|予|愿|想|加|受)?$")
# "ban on", "the ban", "gallium ban": a noun; "bans exports": a verb.
_EXPORTS = (
    r"(?:exports?|shipments?|sales?|supplies|deliveries|cargoes|exporting|shipping|selling|trade|crossing|leaving)\b"
)
_VERB_BEHIND = re.compile(
    r"\s+(?!(?:on|of|for|over|against|in|and|is|are|was|were|has|had|will|that|to)\b)(?:[\w-]+\s+){0,4}?" + _EXPORTS
)
_NOUN_BEHIND = re.compile(
    r"\s*(?:$|[^\w\s]|(?:on|of|for|over|against|in|to|from|is|are|was|were|has|had|have|will|would|could|may|might|"
    r"and|or|that|which|by|since|as|until|at|with|after|before|when|while|be|been|[a-z]+(?:ed|s)|came|took|went|now|again)\b)"
)
_FROM_LEAVING = re.compile(r"\s+(?:[\w-]+\s+){1,8}?from (?:leaving|being (?:exported|shipped|sold)|crossing|export)")
# Forms that are nouns as often as verbs count as verbs only where their neighbours show it.
_ALSO_NOUN = frozenset(
    [
        "ends",
        "scrap",
        "put",
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
_IMPORT = re.compile(r"\bimport\w*|进口")
# "No ore leaves the country", "nothing may be shipped": an export that is denied is forbidden.
_NOTHING_LEAVES = re.compile(
    r"\b(?:no|nothing|none|not (?:a|an|one))\b.{0,60}?\b(?:leaves?|left|leaving|crosse[sd]|(?:be|been|is) (?:shipped|"
    r"exported|sold abroad))\b"
    r"|\b(?:may|must|can|could) ?not (?:be )?(?:leave|cross|export(?:ed)?|ship(?:ped)?|sold abroad|taken out)\b"
)
# Who exports has to say something to an office.
_OBLIGES = re.compile(
    r"\b(?:must|ha(?:ve|s|d) (?:had )?to|needs? to|(?:obliged|required|told|ordered) to)(?: now| first| also| still)? (?:name|state|"
    r"declare|disclose|register|report|file|submit|present|show|produce|prove|provide|list|specify|document|certify|"
    r"record|reveal|identify|notify|hand over|photograph|attach|supply proof)\b"
    r"|(?:须|需|必须|要求|应当?)[^,。;]{0,14}?(?:登记|申报|报备|提交|提供|披露|注明|出示|填报|说明|载明|附上|写明|备案)"
)
# Who may not leave the raw ore as it is keeps it.
_PROCESSED_AT_HOME = re.compile(
    r"\b(?:must|has to|have to|shall|ha[sd] to|should) (?:first )?be (?:processed|refined|smelted|separated|upgraded|treated) "
    r"(?:at home|locally|domestically|in(?:side)? the (?:country|state)|before (?:export|it leaves|they leave|leaving))"
    r"|(?:须|必须|要求|一律|只能)[^,。;]{0,16}(?:境内|国内|本国|本土|当地)(?:完成)?(?:加工|冶炼|分离|提炼|精炼|处理)"
)
# What is taken off a list is no longer controlled.
_TAKES_OFF = re.compile(
    r"\b(?:took|tak(?:es?|en|ing)|struck|strik(?:es?|ing)|dropp\w+|remov\w+|delet\w+|cross(?:ed|es)|mov\w+)\b[^,;.]{1,70}?"
    r"\b(?:off|out of)\b"
)
_STILL = re.compile(r"\bstill\b|\bas before\b|仍|依然|依旧")
_ONLY_WITH = re.compile(
    r"\b(?:without|unless|only (?:with|under|after|if))\b.{0,40}(?:licen|permit|approv|consent|clearance|certificat)"
    r"|\bonly (?:as|after|once)\b"
)
_OF_WHAT = re.compile(r"\s+(?:on|of|for|to|over|against)\b")
_COMPOUND = re.compile(r"\s*(?:[\w-]+ )?|的.{0,2}|[^,]{0,2}")
# Goods right behind a verb that frees or blocks them stand for their export.
_FREES_OR_BLOCKS = re.compile(
    r"(?:\b(?:releas|free|let|off from|ban|embargo|block|withh[eo]ld|bar|forbid|prohibit|restrict|cut off|unblock)"
    r"\w*\s+"
    r"(?:(?:the|their|its|all|any|raw|chinese|of|more|no|further)\s+){0,3}"
    r"|(?:放行|松绑|放开|禁运|封锁|断供|停供|禁售|限供|卡住|扣下|限制|对))$"
)
_GOODS_THEMSELVES = re.compile(
    r"\s*(?:$|[,.;。;]|(?:to|for|from|in|on|since|by|and|again|until|go|out|through|pass)\b)|[和、及与]|.{0,4}(?:放行|放开|松绑|断供|禁运)"
)
_END_USE = re.compile(r"end-us|最终用[户途]")
# 禁止锂矿出口的法令: the export is what the verb forbids, and does not say what the decree is of.
_OF_RULE = re.compile("的")
_ON_GOODS = re.compile(r"\s+on\b")
_FOR_GOODS = re.compile(r"对[^,。;]{1,16}$")
_UNDER = re.compile(r"\bunder\s+(?:the|its|this|that|a|new|these|those)\s+(?:[\w-]+\s+){0,2}$")
_SUBORDINATE = re.compile(r"\b(?:when|because|after|while|although|whereas|unless|since|once|despite|in spite of|if)\b")
_THEN_FREED = re.compile(r"(?:的)?(?:尽快|尽早|早日|重新|再次|已经|全部|一律)?(?:放行|放开|松绑|断供|禁运)")
_FEW_WORDS = re.compile(r"\s+(?:[\w-]+\s+){0,4}")
_FEW_CHARACTERS = re.compile(r"[^,。;a-z]{0,20}")
# A noun that takes up what was named before.
_DEFINITE = re.compile(
    r"\b(?:the|its|his|their|these|those|this|that|both|same|some of|part of|parts of)\s+(?:[\w-]+\s+){0,3}$"
    r"|(?:上述|该|此|这|那|其|其中|部分|有关|相关|两|多|全部|有些|一些|原有|现有)(?:的|些|项|类|条|份|一|二|三|部分|暂停|新){0,3}$"
)
_OPENS_HAN = re.compile(r"(?:去年|今年)?(?:\d+月)?(?:公布|发布|出台|实施|生效)?的?")
# Characters around a word that rules about it look at.
_SIDE = 100
# Longest stretch between a control and an export that only says of what it is a control.
_MODIFIER_REACH = 25


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


def nouns_of(
    clause: Clause, sentence: Sequence[Clause] = (), goods: Collection[str] = (), *, is_known: bool = False
) -> list[Cue]:
    """Return what a clause names of controls and exports, each with its kind, in order.

    Parameters
    ----------
    clause
        With the cues of ``control_acts.tsv``.
    sentence
        Clauses of its sentence: what they name of exports vouches for a weak noun.
    goods
        Concepts of goods: right behind a verb that frees or blocks them they stand for their export.
    is_known
        Whether a control was named before in the article, so that "the rules" may take it up.
    """
    if not clause.has(*NOUNS, BAN_WORD, "allow", "forbid"):
        return []
    nouns = [*clause.cues_of(*NOUNS)]
    nouns += [cue._replace(kind=RESTRICTION) for cue in clause.cues_of(BAN_WORD) if _is_ban_noun(clause, cue)]
    named = [one for one in clause.mentions if one.concept in goods]
    nouns += [Cue(EXPORT, one.start, one.end) for one in named if _is_object_itself(clause, one.start, one.end)]
    nouns.sort(key=lambda cue: (cue.start, -cue.end, NOUNS.index(cue.kind)))
    outer: list[Cue] = []
    for cue in nouns:
        if not outer or cue.end > outer[-1].end:
            outer.append(cue)
    if not any(cue.kind == EXPORT for cue in outer) and _IMPORT.search(clause.lowered):
        return []
    is_vouched = any(cue.kind not in WEAK and cue.kind != GATE for cue in outer)
    is_vouched = is_vouched or any(one.has(EXPORT, RESTRICTION, LICENCE) for one in sentence)
    is_taken_up = is_known and not is_vouched
    ends = {one.end for one in named}
    controls = [cue for cue in outer if cue.kind in CONTROLS]
    return [
        cue
        for cue in outer
        if _counts(clause, cue, controls, ends, is_vouched=is_vouched or (is_taken_up and _takes_up(clause, cue)))
    ]


def _counts(clause: Clause, noun: Cue, controls: Sequence[Cue], ends: Collection[int], *, is_vouched: bool) -> bool:
    """Whether a noun is a control or an export: a weak one needs a neighbour that says so."""
    if noun.kind == EXPORT:
        return not _OF_EXPORTS.match(_right(clause, noun)) and not _is_modifier(clause, noun, controls)
    if noun.kind not in WEAK or re.search("export|出口", _text(clause, noun)):
        return True
    # A charge is one on exports: others are of imports.
    if is_vouched and (noun.kind != "charge" or clause.has(EXPORT)):
        return True
    if noun.kind in {"application", "hurdle"} and ends:
        return True
    if noun.kind == "paper" and _END_USE.match(_text(clause, noun)):
        return True
    if noun.kind == "rule" and ends and _UNDER.search(_left(clause, noun)):
        return True
    if noun.kind == "quota" and ends:
        return bool(_ON_GOODS.match(_right(clause, noun)) or _FOR_GOODS.search(_left(clause, noun)))
    return noun.kind == "rule" and not {noun.start, noun.start - 1}.isdisjoint(ends)


def _takes_up(clause: Clause, noun: Cue) -> bool:
    """Whether a weak noun takes up a control that was named before: "the rules", "its October package"."""
    left = _left(clause, noun)
    return noun.kind in {"application", "approval", "paper"} or bool(
        _DEFINITE.search(left) or _OPENS_HAN.fullmatch(left)
    )


def find_effects(clause: Clause, nouns: Sequence[Cue]) -> list[Effect]:
    """Return what the verbs of a clause do to the controls and exports that it names, in order.

    Parameters
    ----------
    clause
        With the cues of ``control_acts.tsv``.
    nouns
        Its `nouns_of`.
    """
    if not nouns:
        return []
    verbs = _verbs_of(clause, nouns)
    # Who withdraws a licence lifts no control.
    refused = {verb.start for verb in verbs if verb.kind == "refuse"}
    effects = []
    at_home = _PROCESSED_AT_HOME.search(clause.lowered)
    if at_home:
        effects.append(Effect(TIGHTENED, clause.start + at_home.start(), "require", HOME))
    stays = clause.has(EXPORT) and (_NOTHING_LEAVES.search(clause.lowered) or _ONLY_WITH.search(clause.lowered))
    if stays:
        direction = STANDING if _STILL.search(clause.lowered) else TIGHTENED
        effects.append(Effect(direction, clause.start + stays.start(), "forbid", EXPORT))
        verbs = [verb for verb in verbs if verb.kind not in {"allow", "require", "grant"}]
    for verb in verbs:
        if verb.kind in {"forbid", "shut"} and _FIRM_BEFORE.search(_left(clause, verb)):
            continue
        noun = _governed(clause, verb, nouns)
        if noun is None or (verb.kind == "lift" and noun.kind == LICENCE and verb.start in refused):
            continue
        if direction := _direction(clause, verb, noun, verbs):
            effects.append(Effect(direction, verb.start, verb.kind, noun.kind))
    return effects


def _verbs_of(clause: Clause, nouns: Sequence[Cue]) -> list[Cue]:
    """Return the verbs of all classes in order, the longest where several begin, without those within a noun."""
    verbs = [cue for cue in clause.cues_of(*_EFFECTS) if _is_verb(clause, cue)]
    verbs += [cue._replace(kind="forbid") for cue in clause.cues_of(BAN_WORD) if _is_ban_verb(clause, cue)]
    verbs += [
        Cue("oblige", clause.start + found.start(), clause.start + found.end())
        for found in _OBLIGES.finditer(clause.lowered)
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
            and not any(noun.end >= verb.end for noun in _between(nouns, verb.start - _SIDE, verb.start))
        ),
        key=attrgetter("start"),
    )


def _direction(clause: Clause, verb: Cue, noun: Cue, verbs: Sequence[Cue]) -> str:
    direction = _EFFECTS[verb.kind][noun.kind]
    if verb.kind in _STOPPED and _STOPS.search(_left(clause, verb)):
        return _STOPPED[verb.kind]
    if _is_negated(clause, verb, verbs):
        return _NEGATED.get(verb.kind, "")
    if verb.kind == "oblige" and _STILL.search(_text(clause, verb)):
        return STANDING
    if direction == TIGHTENED and verb.kind in {"forbid", "require", "oblige"} and _keeps_on(clause, verb):
        return STANDING
    return direction


def is_proposed(clause: Clause, nouns: Sequence[Cue]) -> bool:
    """Return whether a clause says that somebody weighs, drafts or threatens a control."""
    for cue in clause.cues_of("propose"):
        for noun in _between(nouns, cue.end, cue.end + _REACH):
            between = clause.lowered[cue.end - clause.start : noun.start - clause.start]
            if _FEW_WORDS.fullmatch(between) or _FEW_CHARACTERS.fullmatch(between):
                return True
    return False


def _between(cues: Sequence[Cue], first: int, last: int) -> Sequence[Cue]:
    """Return the cues that begin from `first` to `last`, of those in order of their starts."""
    low = bisect_left(cues, first, key=attrgetter("start"))
    return cues[low : bisect_right(cues, last, lo=low, key=attrgetter("start"))]


def _text(clause: Clause, cue: Cue) -> str:
    return clause.lowered[cue.start - clause.start : cue.end - clause.start]


def _left(clause: Clause, cue: Cue) -> str:
    position = cue.start - clause.start
    return clause.lowered[max(0, position - _SIDE) : position]


def _right(clause: Clause, cue: Cue) -> str:
    position = cue.end - clause.start
    return clause.lowered[position : position + _SIDE]


def _is_object_itself(clause: Clause, start: int, end: int) -> bool:
    goods = Cue(EXPORT, start, end)
    left, right = _left(clause, goods), _right(clause, goods)
    is_object = _FREES_OR_BLOCKS.search(left) and _GOODS_THEMSELVES.match(right)
    return bool(is_object or _THEN_FREED.match(right))


def _is_ban_verb(clause: Clause, cue: Cue) -> bool:
    right = _right(clause, cue)
    if is_han(_text(clause, cue)[0]):
        is_noun = re.match(r"的|措施|令|政策|$", right)
        return not is_noun and not _left(clause, cue).endswith(("出口", "解除", "取消", "结束", "打破", "的"))
    return bool(_VERB_BEHIND.match(right) or _FROM_LEAVING.match(right))


def _is_ban_noun(clause: Clause, cue: Cue) -> bool:
    if _is_ban_verb(clause, cue) or _left(clause, cue).endswith("price "):
        return False
    return is_han(_text(clause, cue)[0]) or bool(_NOUN_BEHIND.match(_right(clause, cue)))


def _is_verb(clause: Clause, cue: Cue) -> bool:
    word = _text(clause, cue)
    if word in {"let", "lets", "letting"}:
        return not _LET_KNOW.match(_right(clause, cue))
    if word not in _ALSO_NOUN:
        return True
    left = _left(clause, cue)
    right = _right(clause, cue)
    shows_it = _VERB_LEFT.search(left) or _OBJECT_RIGHT.match(right)
    shows_it = shows_it or (word in {"stays", "stands", "ends"} and _NO_OBJECT_RIGHT.match(right))
    return bool(shows_it) and not left.endswith(("the ", "of ", "by "))


def _is_modifier(clause: Clause, export: Cue, controls: Sequence[Cue]) -> bool:
    """Whether an export only says what a control is of: "ban on exports", "export licence"."""
    for noun in _between(controls, export.start - _SIDE, export.end + _MODIFIER_REACH):
        before = clause.lowered[noun.end - clause.start : export.start - clause.start]
        if noun.kind == "rule" and noun.start >= export.end and _OF_RULE.match(_right(clause, export)):
            continue
        is_short = noun.end <= export.start and len(before) < _MODIFIER_REACH
        behind = clause.lowered[export.end - clause.start : noun.start - clause.start]
        if (is_short and _OF_WHAT.match(before)) or (export.end <= noun.start and _COMPOUND.fullmatch(behind)):
            return True
    return False


def _governed(clause: Clause, verb: Cue, nouns: Sequence[Cue]) -> Cue | None:
    """Return the noun that a verb governs: its object behind it, or before it where it is passive or intransitive."""
    word = _text(clause, verb)
    if verb.kind == "oblige":
        return next((noun for noun in nouns if noun.kind in _EFFECTS["oblige"]), None)
    reach = _REACH_HAN if is_han(word[0]) else _REACH
    fitting = [
        noun for noun in _between(nouns, verb.start - 2 * reach, verb.end + reach) if noun.kind in _EFFECTS[verb.kind]
    ]
    behind = [noun for noun in fitting if noun.start >= verb.end]
    # What stands in a clause of time or cause is no object: "halted production when licences failed to arrive".
    if behind and _SUBORDINATE.search(clause.lowered[verb.end - clause.start : behind[0].start - clause.start]):
        behind = []
    before = [noun for noun in fitting if 0 <= verb.start - noun.end <= reach]
    if before and _SUBORDINATE.search(clause.lowered[before[-1].end - clause.start : verb.start - clause.start]):
        before = []
    if not is_han(word[0]):
        right = _right(clause, verb)
        if verb.kind == "forbid" and _BY_SOMETHING.match(right) and not _is_done_by(clause, verb):
            return None
        is_passive = bool(_PASSIVE.search(_left(clause, verb)))
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
    if _NEITHER_RIGHT.match(_right(clause, verb)) or _NEGATION_LEFT.search(_left(clause, verb)):
        return True
    if _INVERTED.match(clause.lowered):
        return True
    for cue in _between(clause.cues_of("denied"), verb.start - _SIDE, verb.start):
        word = _text(clause, cue)
        around = _between(verbs, cue.start - _SIDE, cue.start)
        if any(one.end > cue.start and (one.kind not in {"refuse", "forbid"} or one == verb) for one in around):
            continue
        reach = _NEGATION_REACH_HAN if is_han(word[0]) else _NEGATION_REACH
        if _NEGATION.fullmatch(word) and 0 <= verb.start - cue.end <= reach:
            return True
    return False


def _keeps_on(clause: Clause, verb: Cue) -> bool:
    for cue in _between(clause.cues_of("keep"), verb.start - _SIDE, verb.start):
        reach = _KEEPS_ON_REACH_HAN if is_han(_text(clause, cue)[0]) else _KEEPS_ON_REACH
        if 0 <= verb.start - cue.end <= reach:
            return True
    return False

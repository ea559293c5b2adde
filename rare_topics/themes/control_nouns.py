"""What a clause names of controls and of exports: the nouns that a verb tightens, eases or keeps.

A weak noun ("rules", "applications", 清单) counts beside an export, a control or goods of its sentence, or
where it takes up a control that was named before in the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from operator import attrgetter

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.corpus.languages import is_han

# Nouns that a verb can govern; `WEAK` ones count only beside an export or a control of their sentence.
RESTRICTION, LICENCE, EXPORT, GATE, HOME, RELIEF = (
    "restriction", "licence", "export", "gate", "home", "relief",
)  # fmt: skip
WEAK = frozenset({"rule", "charge", "quota", "approval", "application", "paper", "hurdle"})
CONTROLS = (RESTRICTION, LICENCE, *sorted(WEAK))
NOUNS = (*CONTROLS, EXPORT, GATE, HOME, RELIEF)
BAN_WORD = "ban_word"
# What grows, or is counted, is no export that somebody stops.
_OF_EXPORTS = re.compile(
    r"\s+(?:growth|orders?|revenues?|markets?|prices?|figures|statistics|data|boom|earnings|credits?)\b|-credit|增速|增长|额|价|订单|数据"
)
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
_IMPORT = re.compile(r"\bimport\w*|进口")
_OF_WHAT = re.compile(r"\s+(?:on|of|for|to|over|against)\b")
_COMPOUND = re.compile(r"\s*(?:[\w-]+ )?|的.{0,2}|[^,]{0,2}")
# Goods right behind a verb that frees or blocks them stand for their export.
_FREES_OR_BLOCKS = re.compile(
    r"(?:\b(?:releas|free|let|off from|ban|embargo|block|withh[eo]ld|bar|forbid|prohibit|restrict|cut off|unblock)"
    r"\w*\s+"
    r"(?:(?:the|their|its|all|any|raw|chinese|of|more|no|further|first|some|[\d,.]+|tons?|tonnes|kilograms?|kilos|batch)\s+){0,5}"
    r"|(?:放行|松绑|放开|禁运|封锁|断供|停供|禁售|限供|卡住|扣下|限制|对)(?:的?(?:第一|首|头)?批)?)$"
)
_GOODS_THEMSELVES = re.compile(
    r"\s*(?:$|[,.;。;]|(?:to|for|from|in|on|since|by|and|again|until|go|out|through|pass)\b)|[和、及与]|.{0,4}(?:放行|放开|松绑|断供|禁运)"
)
_END_USE = re.compile(r"end-us|最终用[户途]")
# 禁止锂矿出口的法令: the export is what the verb forbids, and does not say what the decree is of.
_OF_RULE = re.compile("的")
# A duty on ore is one of leaving: nobody taxes the ore that he needs.
_ON_RAW = re.compile(r"\s+on\b[^,;.]{0,40}\b(?:ores?|concentrates?|raw|unprocessed|unrefined|clay)\b")
# What a state releases from its stocks crosses no border.
_ON_RAW_HAN = re.compile(r"对[^,。;]{0,16}(?:原矿|精矿|矿石|矿)[^,。;]{0,12}$")
_OF_STOCKS = re.compile(r"\b(?:stockpiles?|reserves?|inventor\w+)\b|储备|库存")
_ON_GOODS = re.compile(r"[\"”]?\s+on\b")
_FOR_GOODS = re.compile(r"对[^,。;]{1,16}$")
_UNDER = re.compile(r"\bunder\s+(?:the|its|this|that|a|new|these|those)\s+(?:[\w-]+\s+){0,2}$")
_THEN_FREED = re.compile(r"(?:的)?(?:尽快|尽早|早日|重新|再次|已经|全部|一律)?(?:放行|放开|松绑|断供|禁运)")
# A noun that takes up what was named before.
_DEFINITE = re.compile(
    r"\b(?:the|its|his|their|these|those|this|that|both|same|some of|part of|parts of)\s+(?:[\w-]+\s+){0,3}$"
    r"|(?:上述|该|此|这|那|其|其中|部分|有关|相关|两|多|全部|有些|一些|原有|现有)(?:的|些|项|类|条|份|一|二|三|部分|暂停|新){0,3}$"
)
_OPENS_HAN = re.compile(r"(?:去年|今年)?(?:\d+月)?(?:公布|发布|出台|实施|生效)?的?")
# Characters around a word that rules about it look at.
SIDE = 100
# Longest stretch between a control and an export that only says of what it is a control.
_MODIFIER_REACH = 25
_NEXT_WORDS = 25


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


def _counts(  # noqa: PLR0911 - one return for each kind
    clause: Clause, noun: Cue, controls: Sequence[Cue], ends: Collection[int], *, is_vouched: bool
) -> bool:
    """Whether a noun is a control or an export: a weak one needs a neighbour that says so."""
    if noun.kind == EXPORT:
        return not _OF_EXPORTS.match(right_of(clause, noun)) and not _is_modifier(clause, noun, controls)
    if noun.kind == "quota" and text_of(clause, noun).startswith("cap") and _is_no_cap(clause, noun):
        return False
    if noun.kind not in WEAK or re.search("export|出口", text_of(clause, noun)):
        return True
    # A charge is one on exports: others are of imports.
    if is_vouched and (noun.kind != "charge" or clause.has(EXPORT)):
        return True
    if noun.kind == "charge":
        is_on_raw = _ON_RAW.match(right_of(clause, noun)) or _ON_RAW_HAN.search(left_of(clause, noun))
        return bool(ends and is_on_raw)
    if noun.kind == "paper":
        return bool(_END_USE.match(text_of(clause, noun)))
    return bool(ends) and _is_of_goods(clause, noun, ends)


def _is_no_cap(clause: Clause, noun: Cue) -> bool:
    return is_ban_verb(clause, noun) or left_of(clause, noun).endswith("price ")


def _is_of_goods(clause: Clause, noun: Cue, ends: Collection[int]) -> bool:
    """Whether a weak noun of a clause that names goods is one of controls by how it stands to them."""
    if noun.kind in {"application", "hurdle"}:
        return True
    if noun.kind == "quota" and {noun.start, noun.start - 1}.isdisjoint(ends):
        return bool(_ON_GOODS.match(right_of(clause, noun)) or _FOR_GOODS.search(left_of(clause, noun)))
    if noun.kind == "rule" and (_UNDER.search(left_of(clause, noun)) or _is_on_goods(clause, noun, ends)):
        return True
    return noun.kind in {"rule", "quota"} and not {noun.start, noun.start - 1}.isdisjoint(ends)


def _is_on_goods(clause: Clause, noun: Cue, ends: Collection[int]) -> bool:
    is_next = any(noun.end < end <= noun.end + _NEXT_WORDS for end in ends)
    return is_next and bool(_ON_GOODS.match(right_of(clause, noun)))


def _takes_up(clause: Clause, noun: Cue) -> bool:
    """Whether a weak noun takes up a control that was named before: "the rules", "its October package"."""
    left = left_of(clause, noun)
    return noun.kind in {"application", "approval", "paper"} or bool(
        _DEFINITE.search(left) or _OPENS_HAN.fullmatch(left)
    )


def cues_between(cues: Sequence[Cue], first: int, last: int) -> Sequence[Cue]:
    """Return the cues that begin from `first` to `last`, of those in order of their starts."""
    low = bisect_left(cues, first, key=attrgetter("start"))
    return cues[low : bisect_right(cues, last, lo=low, key=attrgetter("start"))]


def text_of(clause: Clause, cue: Cue) -> str:
    """Return the characters of a cue, in lower case."""
    return clause.lowered[cue.start - clause.start : cue.end - clause.start]


def left_of(clause: Clause, cue: Cue) -> str:
    """Return what stands before a cue, up to `SIDE` characters."""
    position = cue.start - clause.start
    return clause.lowered[max(0, position - SIDE) : position]


def right_of(clause: Clause, cue: Cue) -> str:
    """Return what stands behind a cue, up to `SIDE` characters."""
    position = cue.end - clause.start
    return clause.lowered[position : position + SIDE]


def _is_object_itself(clause: Clause, start: int, end: int) -> bool:
    goods = Cue(EXPORT, start, end)
    left, right = left_of(clause, goods), right_of(clause, goods)
    if _OF_STOCKS.search(clause.lowered):
        return False
    is_object = _FREES_OR_BLOCKS.search(left) and _GOODS_THEMSELVES.match(right)
    return bool(is_object or _THEN_FREED.match(right))


def is_ban_verb(clause: Clause, cue: Cue) -> bool:
    """Return whether a word such as "ban" is a verb with an export as its object."""
    right = right_of(clause, cue)
    if is_han(text_of(clause, cue)[0]):
        is_noun = re.match(r"的|措施|令|政策|不变|继续|照旧|仍|依[旧然]|持续|以来|之前|之后|前|后|$", right)
        return not is_noun and not left_of(clause, cue).endswith(("出口", "解除", "取消", "结束", "打破", "的"))
    return bool(_VERB_BEHIND.match(right) or _FROM_LEAVING.match(right))


def _is_ban_noun(clause: Clause, cue: Cue) -> bool:
    if is_ban_verb(clause, cue) or left_of(clause, cue).endswith("price "):
        return False
    return is_han(text_of(clause, cue)[0]) or bool(_NOUN_BEHIND.match(right_of(clause, cue)))


def _is_modifier(clause: Clause, export: Cue, controls: Sequence[Cue]) -> bool:
    """Whether an export only says what a control is of: "ban on exports", "export licence"."""
    for noun in cues_between(controls, export.start - SIDE, export.end + _MODIFIER_REACH):
        before = clause.lowered[noun.end - clause.start : export.start - clause.start]
        if noun.kind == "rule" and noun.start >= export.end and _OF_RULE.match(right_of(clause, export)):
            continue
        is_short = noun.end <= export.start and len(before) < _MODIFIER_REACH
        behind = clause.lowered[export.end - clause.start : noun.start - clause.start]
        if (is_short and _OF_WHAT.match(before)) or (export.end <= noun.start and _COMPOUND.fullmatch(behind)):
            return True
    return False

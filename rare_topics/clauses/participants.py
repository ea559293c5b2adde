"""Participants of a clause: which country plays which part in it.

The parts are semantic cases (Fillmore 1968, "The case for case"), found by the preposition before
a name, the Chinese coverb (从, 由, 被, 对, 向, 在, 经) or the verb that ends in one (流向, 产自).
Companies, mines, plants, cities, adjectives and seats of power stand for their country.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from rare_topics.clauses.passage_reader import AGENT, DOER, PARTNER, PLACE, SOURCE, TARGET, ConceptMention
from rare_topics.corpus.languages import is_han

# Through it goods pass.
ROUTE = "route"
# Longest stretch before a name in which its preposition is looked for, in characters.
_LEFT = 60

_CASES = {
    "from": SOURCE, "in": PLACE, "at": PLACE, "inside": PLACE, "near": PLACE, "across": PLACE, "within": PLACE,
    "of": PLACE, "off": PLACE, "to": TARGET, "into": TARGET, "for": TARGET, "against": TARGET, "toward": TARGET,
    "towards": TARGET, "on": TARGET, "over": TARGET, "with": PARTNER, "between": PARTNER, "alongside": PARTNER,
    "through": ROUTE, "via": ROUTE, "by": AGENT, "behind": TARGET, "by way of": ROUTE,
}  # fmt: skip
_FILLERS = (
    "the|a|an|its|their|his|both|other|some|several|many|various|far|new|northern|southern|eastern|western|north|south|"
    "west|east|central|remote|countries|nations|allies|partners|places|states|ally|partner|country|firms|companies|"
    "buyers|suppliers|customers|like|such as|including|as|especially|mainly|mostly|neighbouring|neighboring|nearby|"
    "state of|province of|city of|port of|coast of|government of|region of|smelters in|mines in|plants in"
)
_ENGLISH = re.compile(rf"\b({'|'.join(_CASES)})\s+(?:(?:{_FILLERS}),?\s+)*[\"'“(]?$")
_CHINESE = (
    (SOURCE, re.compile(r"(?:从|来自|产自|源自|自|购自|出自|进口自|有赖于)$")),
    (ROUTE, re.compile(r"(?:经|经过|途经|经由|通过|取道|借道|绕道|假道)$")),
    (
        TARGET,
        re.compile(
            r"(?:对|向|给|往|到|至|赴|驻|访|流向|运往|销往|卖给|输往|出口|供应|进入|针对|转往|帮助|帮|"
            r"去了|进了|运抵|抵达|送进|流进|流入|驶往)$"
        ),
    ),
    (PLACE, re.compile(r"(?:在|(?<![次高低多少大小早晚属等])于|位于|地处|落户|设在|建在)$")),
    (AGENT, re.compile(r"(?:由|被|遭|受|归)$")),
    (PARTNER, re.compile(r"(?:与|同|跟|和|联合|联手|携手|拉拢|牵手|拉上)$")),
)
# "from a factory in Spain", "to plants in Austria": what lies in a country is what goods come from or go to.
_SITE = (
    r"(?:[a-z'’-]{1,30} ){0,3}(?:factor(?:y|ies)|plants?|mines?|refiner(?:y|ies)|smelters?|foundr(?:y|ies)|mills?|"
    r"suppliers?|makers?|producers?|customers?|buyers?|users?|works|ports?|deposits?|pits?|quarr(?:y|ies)|warehouses?)"
)
_SITE_IN = re.compile(
    rf"\b(from|to|into) {_SITE} (?:in|at|near|outside) (?:the )?$"
    r"|\b(for) (?:the )?(?:[a-z-]+ )?(?:refineries|smelters|makers|customers|buyers|users|plants|"
    r"factories|mills) in (?:the )?$"
)
# A verb whose object is where goods go.
_REACHED = re.compile(
    r"\b(?:reach(?:es|ed)?|enter(?:s|ed)?|feeds?|fed|suppl(?:y|ies|ied|ying)) "
    r"(?:the |an? |two |three |four |several |many |some )?$"
)
_SITE_OUTSIDE = re.compile(rf"\b{_SITE} (?:outside|around) $")
# What counts a firm before its country: 卖给一家德国企业.
_COUNTED = re.compile(r"(?:[一两几多数三]家|一个|某)$")
# 对美, 访华: the coverb and the short name are one word.
_TARGET_PREFIXES = frozenset("对赴访驻援制遏输")
# "a trading house from Tokyo", 来自东京的商社: where somebody comes from who acts.
_ORGANISATION_BEFORE = re.compile(
    r"\b(?:house|firm|company|companies|group|maker|makers|buyer|buyers|trader|traders|delegation|consortium|investors?|"
    r"mills?|utility|utilities|start-?ups?|fund|bank|manufacturers?|importers?|customers?|"
    r"producers?|miners?) from\s+(?:the )?$"
)
_BY = re.compile(r"\bby\b")
_ORGANISATION_BEHIND = re.compile(
    r"^的.{0,6}?(?:商社|企业|公司|厂商|买家|客户|集团|投资者|投资人|财团|贸易商|采购商|用户|代表团|制造商|生产商)"
)
_WITHIN_COUNTRY = re.compile(
    r"(?:['’]s?)? (?:[a-z]+ )?(?:port|harbou?r|city|town|province|state|region|coast|district|village)(?: city)? of |的"
)
_POSSESSIVE = re.compile(r"^(?:['’]s?\b|的)")
# A nationality right before one of these speaks about an act and does not do it.
_SPEAKER = re.compile(
    r"^(?:['’]s)?\s*(?:[\w-]+\s+)?(?:experts?|media|analysts?|officials?|researchers?|scholars?|newspapers?|press|"
    r"commentators?|economists?|diplomats?|embassy|courts?|reporters?|broadcasters?|prime minister|president|"
    r"oil|soybeans?|steel|crude)\b"
    r"|^(?:的)?(?:当地|国内|一些|多名|有)?(?:专家|媒体|媒|官员|学者|分析师|分析人士|记者|网友|舆论|智库|总统|总理|外长|大豆|石油|芯片(?!厂|企业|公司|商|制造))"
)


class Participant(NamedTuple):
    """A country in a clause.

    Attributes
    ----------
    country
        The country, or alliance.
    case
        ``doer``, ``agent`` (by, 由), ``source`` (from, 从), ``target`` (to, 对), ``partner``
        (with, 与), ``place`` (in, of, 在) or ``route`` (through, 经).
    start, end
        Offsets of characters in the passage.
    category
        What stands for the country: ``country``, ``place``, ``company``, ``project`` … as in the
        lexicon.
    is_possessor
        Whether something of the country acts: ``Greenland's mine``.
    speaks
        Whether it only speaks: an expert, a newspaper, an official.
    list_id
        Countries that are listed side by side have the same number.
    """

    country: str
    case: str
    start: int
    end: int
    category: str
    is_possessor: bool
    speaks: bool
    list_id: int


def find_participants(
    text: str, mentions: Sequence[ConceptMention], *, categories: Mapping[str, str], ignored: Container[str] = ()
) -> list[Participant]:
    """Find the countries of a passage with their parts.

    Parameters
    ----------
    text
        The passage, in half-width and simplified characters.
    mentions
        Its concepts, in order.
    categories
        Category of each concept.
    ignored
        Categories of concepts that stand for no country.

    Returns
    -------
    list of Participant
        In order of the text. Countries that are listed side by side play one part.
    """
    participants: list[Participant] = []
    case_of_list: dict[int, str] = {}
    list_id, last_end, last_list = 0, 0, -1
    for mention in mentions:
        category = categories.get(mention.concept, "")
        if not mention.country or category in ignored:
            continue
        # 越南国会, the Philippine Congress: an institution is of the country named right before it.
        if category == "institution" and last_end and text[last_end : mention.start] in {"", " ", "'s "}:
            continue
        # A comma between Chinese names ends a clause; those of a list stand between 、.
        is_new = mention.list_id != last_list or ("," in text[last_end : mention.start] and is_han(text[mention.start]))
        list_id, last_end, last_list = list_id + is_new, mention.end, mention.list_id
        case = case_of_list.setdefault(list_id, _case(text, mention.start, mention.end))
        # "through the Latvian port of Ventspils", 纳米比亚的鲸湾港: a place within its country plays the part of this.
        if participants and participants[-1].country == mention.country:
            gap = text[participants[-1].end : mention.start]
            if _WITHIN_COUNTRY.fullmatch(gap):
                case = case_of_list[list_id] = participants[-1].case
        right = text[mention.end : mention.end + _LEFT]
        participants.append(
            Participant(
                country=mention.country,
                case=case,
                start=mention.start,
                end=mention.end,
                category=category,
                is_possessor=bool(_POSSESSIVE.match(right)),
                speaks=bool(_SPEAKER.match(right)),
                list_id=list_id,
            )
        )
    return participants


def _case(text: str, start: int, end: int) -> str:
    left = text[max(0, start - _LEFT) : start]
    if text[start] in _TARGET_PREFIXES:
        return TARGET
    if not left:
        return DOER
    if is_han(text[start]) or is_han(left[-1]):
        left = left.rstrip()
        bare = _COUNTED.sub("", left)
        if left.endswith("来自") and _ORGANISATION_BEHIND.match(text[end : end + _LEFT]):
            return DOER
        found = next((case for case, pattern in _CHINESE if pattern.search(bare)), DOER)
        # 和一家韩国企业 is an item of a list.
        return DOER if found == PARTNER and bare != left and bare.endswith("和") else found
    return _english_case(left.lower(), text[start:end])


def _english_case(left: str, name: str) -> str:
    if organisation := _ORGANISATION_BEFORE.search(left):
        return AGENT if _BY.search(left, 0, organisation.start()) else DOER
    if site := _SITE_IN.search(left):
        return _CASES[site[1] or site[2]]
    if found := _ENGLISH.search(left):
        return _CASES[found[1]]
    if _REACHED.search(left):
        return TARGET
    return PLACE if name != "China" and _SITE_OUTSIDE.search(left) else DOER

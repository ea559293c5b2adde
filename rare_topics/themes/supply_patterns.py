"""Constructions of the trade that no single cue word settles: lists, denials, openings, deals, origins."""

from __future__ import annotations

import re

POSSESSIVE = re.compile(r"['’]s? |的")
LIST_GAP = re.compile(
    r" ?(?:['’]s? ?(?:arm|unit|subsidiary)? ?)?(?:旗下)?(?:公司|企业|集团)?"
    r"(?:,|、|和|与|及|and|or|&|/|-)? ?(?:and|or|the)? ?(?:the|an?|一家)? ?"
)
ONLY_TRANSIT = re.compile(
    r"\b(?:only|merely|just) (?:as )?(?:a )?transit|只是(?:过境|中转|被当成)|仅(?:仅)?是(?:过境|中转)"
)
NOT_AT_ALL = re.compile(
    r"\b(?:neither|no (?:local )?mines?|does not (?:mine|produce)|do not (?:mine|produce)|only transit)\b"
    r"|不产|(?:没有|无).{0,6}矿|只是(?:过境|中转|被)"
)
WITH_HELP = re.compile(r"\b(?:help|assistance|support|cooperation) (?:from|of)\b|协助|配合")
IMPORTED_ORE = re.compile(r"^(?:的)?进口(?:稀土)?(?:矿|精矿|原料)|^ore imports?\b|^(?:['’]s)? (?:rare earth )?ore\b")
BEGUN = re.compile(
    r"\b(?:has|have|had) (?:begun|started|completed|produced|launched)"
    r"|\b(?:began|started|completed|still|already|currently|now)\b"
    r"|已经|已|一直|开始|完成|如今|目前|仍|成功"
)
SALE = re.compile(r"sold|sells?|ship|export|suppl|deliver|出口|供应|卖|供货")
BUYER_NOUN = re.compile(
    r"^\s*(?:\w+\s+){0,2}(?:buyers?|customers?|importers?|offtakers?)\b|^(?:的)?(?:买家|客户|进口商|买方)"
)
OPENED = re.compile(
    r"\b(?:opened|inaugurated|switched on|fired up|relit|came on stream|came on line|went live|restarted|"
    r"reopened|commissioned|(?:began|started|begun) (?:separating|refining|"
    r"processing|mining|"
    r"production|producing|operat\w+|making|recovering|"
    r"to (?:separate|refine|process|mine|produce|make|recover|operate)))\b"
    r"|点火|开炉|投料|已经开采|满负荷|达产|投运|投产|复产|恢复生产|重启|落成|建成投|已建成"
)
BANNED = re.compile(r"\bban(?:s|ned)?\b|\bprohibit\w*|禁止")
NOT_SO = re.compile(r"\b(?:den(?:y|ies|ied)|not|never)\b|否认|并未|没有")
SUPPLY_DEAL = re.compile(
    r"\b(?:offtake|off-take|supply (?:deal|agreement|contract)|purchase agreement|"
    r"contract\w* with \w+ for \d+)\b|供货|包销|长协|采购协议"
)
REFUSED_OFFER = re.compile(
    r"\b(?:offers?|proposals?|bids?)\b.{0,60}\b(?:not accepted|rejected|refused|turned down|declined)|"
    r"\b(?:rejected|refused|declined|turned down)\b.{0,40}\b(?:offers?|proposals?|bids?)\b"
    r"|拒绝.{0,12}(?:提议|提案|要约|邀请)"
)
ONLY_IN = re.compile(r"(?:只有|仅有|仅|只在|集中在|除了)$|\b(?:only|just) (?:in )?$")
COLLABORATION = re.compile(
    r"^(?:['’]s?)?\s*(?:and \w+['’]s?\s*)?(?:rare[- ]earths?|critical minerals?)\s+"
    r"(?:\w+\s+)?(?:collaborat|cooperat|partnership|deal|agreement|project|ambition|plans?\b|sector)"
)
CURRENCY_OR_PEOPLE = re.compile(r"^(?:克朗|卢比|卢布|盾|林吉特|人)")


# Verbs of taking: of a share of what is produced, or of goods from somewhere. Who does so buys.
# A character of the same sentence; a point within a number ends none.
_NEAR = r"(?:[^.;]|[.](?=\d))"
_TAKES = (
    r"\b(?:tak(?:e|es|en|ing)|took|wants?|gets?|got|getting|receiv\w+|secur\w+|obtain\w*|claim\w*|bag(?:s|ged)|book\w*|"
    r"reserv\w+|lock\w* (?:in|up)|draw[ns]?|drew|sourc(?:e|es|ed|ing))\b"
)
TAKES_OUTPUT = re.compile(
    rf"{_TAKES}{_NEAR}{{0,50}}\b(?:output|production|offtake|tonnage|volumes?)\b|\bspoken for\b"
    rf"|\b(?:tak\w+|took|sign\w*|book\w*)\b{_NEAR}{{0,20}}"
    r"\b(?:supply|offtake|purchase|(?:\w+-)?(?:months?|years?)) contracts?\b"
    r"|(?:包下|买断|锁定|拿下|认购|换取|分走|拿走|预订|承购|吃下).{0,12}(?:产量|产品|产出|产能|份额|半数|一半|[一二三四五六七八九]成)"
    r"|签.{0,8}(?:合同|合约|订单)"
)
TAKES_FROM = re.compile(rf"{_TAKES}{_NEAR}{{0,70}}\bfrom\b")
# Where goods come from, said of the goods.
ORIGIN = re.compile(
    r"\b(?:com(?:e|es|ing)|came|originat\w+|stem\w*|deriv\w+|hail\w*|arriv\w+|drawn|sourced|bought|shipped)\b"
    rf"{_NEAR}{{0,30}}\bfrom\b|来自|出自|产自|源自|源于|取自|购自|采自|进口自"
)
# Export within a measure of control, a tax or a licence supplies nothing.
EXPORT_MEASURE = re.compile(
    r"^(?:关?税|管制|限制|禁令|许可|配额|退税|额度|申请)"
    r"|^ ?(?:tax|lev(?:y|ies)|dut(?:y|ies)|ban|curb|control|licen|restrict|quota|permit)"
)
# What has stopped is not supplied.
STOPPED = re.compile(
    rf"\b(?:stop(?:s|ped)?|ceas\w+|halt\w*|end(?:s|ed)?|suspend\w*|forbid\w*|bar(?:s|red))\b{_NEAR}{{0,30}}$"
    r"|(?:停止|中止|终止|暂停|禁止|不许|不准)了?.{0,12}$"
)
# Goods that pass through a country on their way.
MOVES_THROUGH = re.compile(
    r"\b(?:mov\w+|pass\w*|go(?:es|ing)?|went|travel\w*|flow\w*|cross\w*|truck\w*|haul\w*|"
    r"rail\w*|run(?:s|ning)?|shipped|sent|carried|reach\w*)\b"
    r"|运|走|绕|经"
)
# A claim that somebody rejects.
REJECTED_CLAIM = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject\w*|dismiss\w*|refut\w+|disput\w+)\b|否认|驳斥|辟谣|不实|并非|担心|批评者"
)
# Verbs of supply that no import behind them takes back; of these, verbs that also give loans and advice.
GIVES_ANYTHING = re.compile(r"provid|furnish|contribut|提供|贡献")
GIVES = re.compile(r"provid|furnish|contribut|suppl|accounts|供应|提供|贡献|供给|供货")
# A firm that is named after its goods: "chip maker", 芯片厂.
FIRM_BEHIND = re.compile(r"^[ -]?(?:firm|compan|maker|manufactur|giant|group|producer)|^(?:厂|企业|公司|商|巨头|制造)")
# A plant that somebody has: "its Kuantan plant", 它在关丹的厂.
OWN_PLANT = re.compile(r"\b(?:its|their)\b(?: [\w-]+){0,3} $|(?:它|其|旗下|公司)(?:位于|在)在?.{1,8}$")
# A place behind which the way goes on: "to Aktau and over the Caspian".
ONWARD = re.compile(r"^,? ?(?:and )?(?:then|over|across|via|through|onward)\b|^(?:后|再|中转|,再)")
# Countries that nobody names.
OTHERS = re.compile(r"\bother (?:countries|nations)\b|\belsewhere\b|其他国家|别国|各国")

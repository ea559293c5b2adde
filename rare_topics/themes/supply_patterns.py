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
    r"reopened|commissioned|(?:has|have) built|(?:began|started|begun) (?:separating|refining|"
    r"processing|mining|"
    r"production|producing|operat\w+|making|recovering|"
    r"to (?:separate|refine|process|mine|produce|make|recover|operate)))\b"
    r"|点火|开炉|投料|已经开采|满负荷|达产|投运|投产|复产|重新开工|恢复(?:开采|装船|出货|发运|运营|供应|出口)|恢复生产|重启|落成|建了|建成投|已建成"
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
    r"\b(?:mov\w+|pass\w*|leav\w+|left|ship\w*|sends?|export\w*|load\w*|go(?:es|ing)?|went|travel\w*|flow\w*|cross\w*|truck\w*|haul\w*|"
    r"rail\w*|run(?:s|ning)?|shipped|sent|carried|reach\w*)\b"
    r"|运|走|绕|经|出海|出口|离港"
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
OWN_PLANT = re.compile(r"\b(?:its|their)\b(?: (?!of\b)[\w-]+){0,3} $|(?:它|其|旗下|公司)(?:位于|在)在?.{1,8}$")
# A place behind which the way goes on: "to Aktau and over the Caspian".
ONWARD = re.compile(r"^,? ?(?:and )?(?:then|over|across|via|through|onward)\b|^(?:后|再|中转|,再)")
# Countries that nobody names.
OTHERS = re.compile(r"\bother (?:countries|nations)\b|\belsewhere\b|其他国家|别国|各国")

# What may stand between a country and its goods: "Gabon's high-purity manganese", 加蓬的高品位锰.
QUALIFIES = re.compile(r"(?:['’]s?)?(?: [a-z-]+){0,2} ?|的?[^\W\d_]{0,4}?的?(?:产的|挖的|采的)?")
# A form in which goods are traded.
FORM_OF_GOODS = re.compile(
    r" (?:oxides?|metals?|concentrates?|ores?|carbonates?|sulph?ates?|powders?|magnets?|alloys?|ingots?|steel|scrap)\b"
    r"|(?:氧化物|精矿|矿石|金属|粉|锭|碳酸盐|合金|磁体|料)"
)
# Between a country and a branch that is its own: "the Czech republic's biggest carmaker", 捷克的一家车企.
OWNS_BRANCH = re.compile(r"(?:['’]s?)?(?: [a-z-]+){0,2} ?|的?[^\W\d_]{0,4}")
# Between a branch and where it is: "motor makers in Switzerland".
BRANCH_IN = re.compile(r" (?:in|of|from|across) (?:the )?")
# How long goods are enough for.
LASTS = re.compile(
    r"\b(?:for|of|within|until|last\w*|left)\b[^,;]{0,25}\b(?:days?|weeks?|months?|end of)\b"
    r"|[只仅还][够剩有].{0,8}[天周月]|撑.{0,6}[天周月]|[天周月]内|不够.{0,6}用|等.{0,4}[天周月]"
)
# A branch that makes or sells the goods itself.
SELLS_ITSELF = re.compile(
    r"\b(?:makes?|making|produc\w+|sell\w*|sold|recover\w*|recycl\w+|refin\w+|separat\w+)\b|生产|卖|回收|量产|出口"
)
# Goods of the actor itself: "ships its first monazite".
ITS_GOODS = re.compile(r"\b(?:its|their)(?: [a-z-]+){0,2} $|(?:其|本国的?|自己的).{0,3}$")
# A verb of motion goes into a place.
INTO_PLACE = re.compile(r"\b(?:to|into|in)\b|\b(?:smelters?|plants?|factor\w+|refiner\w+|makers?)\b|[到往在入]")
# A word of denial that is one with the verb behind it: 不产, 未挖.
DENIES_VERB = re.compile(r"[不没未]$|没有$")
# Goods leave a place: "out of a plant outside", "has left the port of".
OUT_OF = re.compile(r"\b(?:out of|leav\w+|left)\b(?: [a-z-]+){0,5} (?:in|of|at|near|outside|around)? ?(?:the )?$")
GOODS_FROM = re.compile(r"\bfrom (?:the |a |an )?(?:\w+ ){0,4}$|来自$|产自$")
INTO_PLANT = re.compile(
    r"\b(?:to|into|feeds?|fed|feeding|suppl(?:y|ies|ied)) (?:[a-z-]+ ){0,3}$|(?:到|往|给|喂)[^,]{0,8}$"
)
# Goods that are not in it: "motors with no magnets".
NOT_IN_IT = re.compile(r"\b(?:no|without|zero|free of|fewer|less) (?:[a-z-]+ ){0,2}$|(?:无|不含|不用|没有)$")
WITHOUT = re.compile(r"\bwithout\b|没有|缺了|离开|一旦断")
# Customs and police, who stop goods on their way.
STOPS_GOODS = re.compile(
    r"^(?:['’]s?)?(?: [a-z]+)? ?(?:customs|border|police|coast guard|port)\b|^的?.{0,2}(?:海关|警方|边防|港|缉私)"
)
CUSTOMS_IN = re.compile(
    r"\b(?:customs|police|guards?|officers?|ports?|harbou?r)\b(?: [a-z]+){0,2} (?:in|of|at) (?:the )?$"
)
# Between a branch and its goods: 光刻机厂的永磁体, "the toolmaker's magnets".
OF_BRANCH = re.compile(r"[^\W\d_]{0,2}的[^\W\d_]{0,3}|['’]s?(?: [a-z-]+){0,2} ")
# A clause whose subject is goods that were named before: "and most of it", 大半.
TAKES_UP_GOODS = re.compile(
    r"\W*(?:and |but )?(?:(?:most|half|part|some|much|all|the rest|[\w-]+ (?:percent|thirds?|quarters?)) of "
    r"(?:it|them|that)|it|they|which|the (?:goods|metal|ore|oxide|material|cargo|consignment|powder|rest))\b"
    r"|(?:大半|大部分|多半|一半|其余|其中|全部|这批货|货|产品|.{0,2}成)"
)
# A weight of goods.
TONNAGE = re.compile(r"\b(?:tons?|tonnes?|kilos?|kilograms?|kg|t)\b|吨|公斤")
CARGO_FROM = re.compile(
    r"\b(?:parcels?|cargo(?:es)?|shipments?|consignments?|deliver(?:y|ies)|loads?|goods|material|ore|metal|powder|oxide)"
    r" from (?:the )?$|来自$"
)
# Acts that end a supply.
HALTS = re.compile(
    r"\b(?:stop(?:s|ped)?|ceas\w+|halt\w*|suspend\w*|forbid\w*|forbade|ban(?:s|ned)?|barred)\b|停止|中止|终止|暂停|禁止|不准"
)
COPULA = re.compile(r"\b(?:is|are|was|were|(?:has|have) become|becom(?:e|es|ing)|became|remains?)\b|已?成为?|是")
# A later clause that says what the sentence speaks of to be over.
CAME_TO_AN_END = re.compile(
    r"\W*(?:and )?(?:(?:has|have|had) )?(?:ended|ceased|stopped|dried up|came to an end|come to an end|collapsed)\b"
    r"|.{0,4}(?:已)?(?:终止|停了|中断|断了)"
)
# Who looks for goods elsewhere needs them, and is no source.
SEEKS = re.compile(
    r"\b(?:look\w* for|search\w*|seek\w*|hunt\w*|scout\w*|after|find\w*|shop\w*)\b|寻找|寻求|另找|另寻|四处找|找"
)
# Somebody has goods in the ground: "has copper", 有镓.
POSSESSES = re.compile(
    r"\b(?:has|have|had|holds?|boasts?) (?:the |some |its |much |large |rich )?$|(?<![没只还仅含])有$|(?:含有|蕴含)$"
)
# What is to come, said of a plan: "years away", "on paper", 停留在图纸上, 还有八年.
NOT_YET = re.compile(
    r"\b(?:years?|decades?|generation) (?:away|off)\b|\bon (?:paper|the drawing board)\b|\bnot (?:exist )?yet\b"
    r"|\byet to (?:be )?(?:buil[dt]|open\w*|start\w*|begin|dig|break|produce|deliver|ship|operate|prove|raise|find|secure)\b"
    r"|\bstill waiting\b|\b(?:awaits|awaiting)\b"
    r"|图纸|纸面|蓝图|沙盘|遥遥无期|[离距].{1,8}(?:还有|尚有|至少).{0,6}年|(?:尚未|还未|仍未|还没有?|没有)(?:打下|动工|开工|奠基|建成|投产|破土)"
    r"|一根桩"
)
# A plant that is at work, said right before its name or behind it.
AT_WORK_BEFORE = re.compile(
    r"\b(?:fully booked|sold-out|busy|working|operating|operational|existing|older|functioning|established|bustling)"
    r" (?:[\w-]+ ){0,3}$|(?:现有|在产|已投产|运转中|满产)的?.{0,4}$"
)
AT_WORK_BEHIND = re.compile(
    r"\b(?:runs?|running|works?|working|operates?|operating) (?:at|near|flat|around|day|to) (?:full|capacity|out|the clock|night)"
    r"|\bat full (?:capacity|tilt|stretch)\b|\b(?:fully booked|sold out|in operation|up and running|in full swing|has run\b)"
    r"|\bresum\w+|\bback in (?:operation|production|business)\b"
    r"|满产|满负荷|满载运|开足马力|投入运[行营转]|投入生产|运转|恢复"
)
# Between a plant and whose it is, named behind it: "a refinery that Saudi Arabia has yet to build".
WHOSE = re.compile(r",? ?(?:(?:that|which) )?(?:the )?")
OWNS_VERB = re.compile(
    r" (?:has|have|had|is|are|was|will|would|plans?|wants?|hopes?|aims?|intends?|built|opened|runs?|operates?|completed|"
    r"inaugurated|may|might|could|never)\b"
)
# Goods that something does without: "motors without rare earths", 不含稀土, 镝的用量为零.
SUBSTITUTED = re.compile(
    r"\b(?:without|free of|no|zero|fewer|less) (?:[a-z-]+ )?$|\b(?:instead of|replace[sd]?|replacing) $|(?:无|不含|不用|零|替代)(?:含|用)?(?:任何)?$"
)
USES_NONE = re.compile(
    r"^(?:的)?(?:用量|含量|消耗)(?:已经?)?(?:降?[为到至]了?)零|^[- ]free\b|^ (?:use|content) (?:fell |is )?(?:to )?zero"
)
# Who lacks goods: "for lack of magnets", 缺磁体; the goods stand right behind.
FOR_LACK = re.compile(
    r"\b(?:for (?:lack|want) of|because of a lack of|(?:could|can|cannot|did|to) (?:not )?(?:get|find|obtain|buy) (?:no|any)|"
    r"waiting for|ran out of|starved of|deprived of) (?:the |any |its |their |new )?(?:[a-z-]+ )?$"
    r"|(?:缺少?|等不到|买不到|拿不到|断了)$"
)
HAS_FITTED = re.compile(r"\b(?:hav(?:e|ing)|had|has|gets?|got) (?:the |its |their )?$")
FITTED = re.compile(r"^ (?:fitted|installed|inserted|mounted|assembled|put in|built in)\b|.{0,8}(?:装配|安装|装上)")
# Somebody's supplier is not that somebody: "its largest supplier", 最大的供应方.
SUPPLIER_NOUN = re.compile(
    r"(?:(?:largest|biggest|main|leading|top|sole|only|key|most important) )?suppliers?\b|供应(?:方|商|国|者)|供货(?:方|商|国)"
)
IS_ONE = re.compile(
    r"\b(?:is|are|was|were|be|been|become|becomes|became|remains?|as|among|called|named|considered)\b(?:[^.;]{0,30})$"
    r"|(?:是|成为|作为|成了|当|做|列为|视为).{0,12}$"
)
OWN_SUPPLIER = re.compile(
    r"(?:['’]s?|\b(?:its|their)) (?:[a-z-]+ ){0,2}$|(?:最大|主要|重要|唯一|其|自己|稳定)的?.{0,3}$"
)
# Where exports go, as a noun: "important destinations", 重要的去向.
DESTINATION = re.compile(
    r"\b(?:destinations?|(?:export )?markets?|customers?|buyers?|importers?|takers?|recipients?)\b|去向|目的地|买家|买方|流向地|出口市场|大客户|最大市场"
)
IS_OR_WERE = re.compile(r"\b(?:is|are|was|were|remains?|remained|became|become)\b|是|为")
EXPORT_BEHIND = re.compile(
    r"^(?:[、,和及与][^,。;]{0,12})?的?(?:客户|用户|企业|买家|厂商|车企)?的?(?:出口|供货|供应|发运|销售|出货|发货)"
)
# A cut that several make together is an aim of theirs, and no need of one of them.
REDUCES = re.compile(
    r"\b(?:cut|reduc\w+|lower\w*|lessen\w*|end|curb\w*|halv\w+|eas\w+)\b|减少|降低|降到|降至|摆脱|缓解"
)
FEW = re.compile(r"不多|很少|寥寥|屈指可数|没几个|\b(?:few|hardly any|scarcely any)\b")
# Goods signed for by those who use them.
SIGNS = re.compile(r"\b(?:sign(?:s|ed|ing)?|agreed terms)\b|签约|签下|签了|签订|签署")
LETTER = re.compile(r"\b(?:letter of intent|memorandum|agreement|contract|deal|terms)\b|意向书|协议|合同|合约|备忘录")
# What mines and plants leave behind, and where it drifts.
WASTE = re.compile(
    r"\b(?:pollut\w+|dust|residues?|waste|sludge|contaminat\w+|spill\w*|run-?off|toxic)\b|污染|粉尘|废水|尾水|残渣|毒|重金属超标"
)
# A plant that came to a stop.
CAME_TO_A_STOP = re.compile(
    r"^(?: (?:has|have|had))? (?:stopped|halted|closed|shut|ceased)\b|^(?:已|被)?(?:停了|停下|关停|关了)"
)
SAMPLE = re.compile(r"\bsamples?\b|\btrial (?:cargo|batch|shipment)\b|样品|试样")
# Words of a way that is no secret.
OPEN_WAY = re.compile(
    r"via|routes?|routed|corridor|transit|waypoint\w*|途经|走廊|通道|经停|过境|过境国|中转|中转站|转运|转港|借道|绕道"
)
# A price or a manager of purchases is no purchase.
NO_PURCHASE = re.compile(r"^(?:价|额|指数|经理|成本|商会)|^ (?:price|manager|power)")
# An offer to do something is no offer of goods.
OFFERS_TO = re.compile(r"offer(?:s|ed)? (?:to|[A-Z]?[a-z]+ (?:a|an|the|to)) ")
# Verbs of sending, whose object may be anything.
SENDS = re.compile(r"sen[dt]|offer|hand|dispatch")

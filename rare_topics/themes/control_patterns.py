"""Constructions of both languages that tell events from what looks like them; `events` says how they are used."""

import re

EASING_NEED = re.compile(r"\b(?:concessions?|conditions?|contingent)\b|让步|条件")
NOT_RESTRICTING = re.compile(r"\bnot (?:\w+ )?(?:restrict|limit|ban|block)|不限制|不再限制")
RELAXATION = re.compile(r"\b(?:relaxation|lifting|easing|removal|resumption|end) of\b")
# Whom something is for is no object of trade: "licences for chip suppliers", 向航空和芯片供应商.
RECIPIENT_BEHIND = re.compile(
    r"^(?:[ ,-]{1,3}(?:and|or)?(?: ?[\w-]{1,30})?){0,3}?[ -]?(?:firms?|compan|makers?|manufactur|suppliers?|producers?"
    r"|industr|"
    r"sectors?|users?|buyers?|plants?|factor|groups?|customers?|giants?|contractors?)"
    r"|^[、和及与\w]{0,8}?(?:厂|企业|公司|商|巨头|制造|行业|产业|用户|客户|买家)"
)
# What changes a control that is not named again: "and was extended to carbonate", 又扩大到碳酸盐.
ALTERS = re.compile(
    r"^\W*(?:and |but |which |that |it |they |these |those |both |all )?(?:(?:have|has|had|was|were|is|are|been|be|"
    r"being|will|would|could|may|might|then|later|now|since|also|again|\w+ly|in [a-z]+|\d+) )*"
    r"(?P<verb>(?:extended|widened|"
    r"expanded|broadened|tightened|stiffened|softened|eased|relaxed|loosened|lifted|suspended|paused|waived|scrapped|"
    r"imposed|introduced|adopted|set aside|put on hold|put off|resumed|restored|restarted|dropped|withdrawn"
    r"|rescinded|revoked|repealed|abolished|remains?|stays?)\b)"
    r"|^\W*(?:which|that) (?:[\w'-]+ ){1,3}?(?:has |had )?(?P<verb_of>imposed|introduced|adopted|announced"
    r"|extended|suspended|eased|"
    r"lifted|relaxed|tightened)\b"
    r"|(?P<verb_zh>扩大(?:到|至)|扩至|扩展(?:到|至)|延伸(?:到|至)|扩及|放宽|放松|松绑|解除|撤销|废止|暂停|恢复(?!性)|重启|中止执行|失效|到期|照旧|"
    r"不变|没有松动)"
)
ASKS_NO_LONGER = re.compile(r"不(?:再)?(?:要求|请求)|\b(?:no longer|not) (?:ask|demand|request|require)")
# Who asks for a licence asks for easing, whatever the verb: "asked Beijing for one-year licences".
ASKS_FOR = re.compile(
    r"\b(?:for|over|about) (?:[\w'’-]+ ){0,5}$|^\W*(?:asked|requested"
    r"|sought) (?:[\w'’-]+ ){0,4}$"
)
ASKS_FOR_HAN = re.compile(r"(?:请求|要求|索要|想要|希望|恳请|提请|呼吁|争取)[^,。;]{0,14}$")
# Who asks that goods be delivered: "demanded that China deliver the yttrium".
ASKS_TO_SUPPLY = re.compile(
    r"\b(?:that|to|like|wants?|asked|urged|demanded)\b[^,;.]{0,40}\b(?:deliver|ship|supply|sell|export|release|clear)\b"
    r"|(?:要求|敦促|呼吁|请求|希望|促请|恳请)[^,。;]{1,8}(?:交付|供应|出口|发货|放行|交货|供货)"
)
RESUMES = re.compile("resumed|restored|restarted|恢复|重启")
# What is wished is done by whoever controls: "hopes that the waiver will be extended".
TO_BE_DONE = re.compile(
    r"\b(?:be|being|get) (?:\w+ly )?(?:lifted|eased|scrapped|dropped|removed|ended|abolished|loosened|waived"
    r"|extended|"
    r"renewed|prolonged|resumed|restored|simplified|relaxed|shortened|granted|issued|cleared|approved|exempted"
    r"|spared)\b"
    r"|尽快|尽早|早日|取消|解除|放宽|延长|恢复|豁免"
)
# What is prolonged or undisturbed is the suspension: the control neither eases further nor returns.
SUSPENSION_STANDS = re.compile(
    r"\b(?:suspension|pause|truce|waiver|exemption|moratorium on)s?\b.{0,60}\b(?:not affected|unaffected|untouched|"
    r"unchanged|remains?|stays?|continues?|runs?|holds?|lasts?|still|in (?:place|force))\b"
    r"|\b(?:remains?|stays?|kept|still) (?:suspended|paused|frozen|on (?:hold|ice))\b"
    r"|(?:暂停|豁免)[^,。]{0,12}(?:不受影响|有效|继续|不变|照旧|维持)|(?:仍|依旧)(?:然)?(?:处于|保持)(?:暂停|中止|搁置|冻结)"
)
REAFFIRMS = re.compile(
    r"\b(?:repeated|reiterat\w+|reaffirm\w*|restat\w+|stressed|insist\w*)\b|重申|再次强调|再度强调|强调|再次表示|坚称"
)
SUPPOSES = re.compile(r"\S \b(?:if|in case|in the event|should|unless)\b(?!.*\b(?:warn|threat))")
NEW = re.compile(
    r"\b(?:new|recent|latest|stricter|tougher|tighter|fresh|additional)(?: \w+){0,3} "
    r"(?:controls?|restrictions?|bans?|curbs|rules?|regulations?|measures|licens\w+|quotas?)\b|新规|新政"
)
# 15日: a day without its month.
DAY_ONLY = re.compile(r"(?<![\d月至到前近连过])(?P<day>[12]?\d|3[01])日(?![均元圆本内前间常益])")
# "up from 265 in March", "brought forward from January": the date of what is compared or replaced.
OF_ANOTHER = re.compile(r"\b(?:from|than|against|instead of) [\d.,%]+ (?:in |on )?$|(?:较|比|由|原定|原定的|原定于)$")
# What would be stopped is hinted at: "gallium would be next", 下一个就轮到镓.
WOULD_BE_NEXT = re.compile(
    r"\b(?:would|could|may|might|will) be next\b|\breserv\w* (?:all|every) options?\b"
    r"|\b(?:more|other) (?:cards|levers)\b|\bha(?:ve|s) more than\b"
    r"|下一个(?:就|便)?(?:轮到|是)|后手|后招|不只有|还有牌"
)
# A clause without a subject goes on with that of the clause before it.
SUBJECTLESS = re.compile(
    r"^\W*(?:and |but |which |that )?(?:has|have|had|is|are|was|were|will|would|could|may|might|stays?|remains?"
    r"|gave|gives|made|"
    r"took|takes|came|comes|went|goes|expired|lapsed|ended|ran|runs|carries|stands?|stood|continues?|applies)\b"
)
# A control that is named with the date of its beginning, before the date and behind it.
CONTROL_BEFORE_DATE = re.compile(
    r"\b(?:ban|embargo|freeze|moratorium|controls?|curbs?|restrictions?|licensing"
    r"|regime)\b[^.;]{0,70}?\b(?:of|dated|"
    r"imposed|introduced|adopted|announced|in force|in place|dating|took effect)(?: on| in| from| since| of"
    r"| back to)*(?: the)? $"
)
CONTROL_BEHIND_DATE = re.compile(
    r"^起?(?:出台|实施|生效|公布|颁布|发布|实行|施行|祭出|推出)[^,。;]{0,24}?(?:禁令|禁运|管制|限制|新规)"
    r"|^的?(?:全面|首次|正式|突然|出口)?(?:禁运|断供|禁令|停供)"
)
# 2025年11月暂停的…禁令: the date belongs to what is said of the control in passing.
IN_PASSING = re.compile(
    r"^的?(?:措施|规定|管制|禁令|新规)[^,。;]{0,10}的|^起?(?:出台|暂停|生效|实施|公布|发布|实行|颁布|开始|禁止|搁置)[^,。;]{0,24}?的"
)
FROM = re.compile(r"\b(?:from|originally|planned for) (?:the )?$|(?:从|由|原定的?|原定于)$")
ADVANCES = re.compile(r"\b(?:brought|bring\w*|mov\w+|advanc\w+)\b.*\bforward\b|提前")
UNTIL = re.compile(
    r"\b(?:until|till|through|by|before|expires? (?:on|in))\s+(?:the )?(?:end of )?$|(?:到|至|截至|直到)$"
)
# "It took until June to clear the first cargo."
NOT_UNTIL = re.compile(r"\b(?:took|waited|not)\b.{0,30}\buntil $|直到$")
UNTIL_BEHIND = re.compile(r"^\s*(?:为止|前|之前|以前|到期)")
EFFECT = re.compile(
    r"\b(?:took|takes|taking|take|came|come) (?:effect|into (?:force|effect))|生效|起施行|起实施|effective|\bdated\b"
)
ENFORCEMENT = re.compile(
    r"\b(?:smuggl\w+|court|cracked down|crackdown|police|arrest\w*|fine[sd]|penalt\w*|prosecut\w*"
    r"|seized)\b|罚款|处罚|查扣|扣押|走私|通报|查获|落网"
)
BACKGROUND = re.compile(
    r"\b(?:before|during|under|despite) (?:the|its|this) \w*\s*(?:ban|control|restriction)|期间|之前|以前|回应"
)
MINING_PERMIT = re.compile(
    r"\b(?:mining|exploration|environmental|project|mine|pit|quarry|deposit|drill\w*|water)\b(?!.{0,40}technolog)"
    r"|(?:采矿|探矿|环评|项目|开采(?:指标|禁令))(?!.{0,20}(?:技术|对外|境))"
)
ASKS = re.compile(
    r"\bwould (?:like|love|prefer)\b|必须(?:取消|解除|撤|废|放)|希望|"
    r"\b(?:has|have|had|ought) to go\b|\b(?:should|must|ought to) (?:be )?(?:lift|eas|scrap|drop|end|remov|go\b)"
    r"|\b(?:top of|high on|wish ?list|agenda)\b|\bwants? (?:the )?[\w-]+ to\b|应当|应该|理应"
    r"|\bwants? (?:[\w-]+ ){1,6}?(?:lifted|eased|scrapped|dropped|replaced|removed|ended|abolished"
    r"|loosened|waived)\b"
)
# "The freeze of February 2025".
DATED_CONTROL = re.compile(
    r"\b(?:ban|freeze|embargo|moratorium|controls|curbs|restrictions|quotas?) (?:of|from|dated) (?:the )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|20\d\d)"
)
REMAINS = re.compile(r"有效(?!期|的)|照旧|照常|不变|沿用|\b(?:in force|in place|as before|unchanged|untouched)\b")
CONDITION_OF = re.compile(r"\b(?:condition|request|demand|wish|plea|appeal)s?\b|条件|诉求|要求|请求")
IS_WHAT_IS_ASKED = re.compile(
    r"^\W*(?:是|为).{0,12}(?:条件|要求|诉求)|^\W*(?:is|was|are|were) .{0,40}(?:condition|demand|request)"
)
IMPERATIVE = re.compile(r"^\W*(?:lift|end|drop|scrap|ease|free|release|open|loosen|remove|abolish)\b|^\W*先.*再")
NOW = re.compile(r"\b(?:now|henceforth|from now on|as of|newly)\b|现在起|即日起|今后|从此")
# An intention with a day on which it begins is announced.
INTENDS = re.compile(r"\b(?:wants?|plans?|intends?|aims?|is to|are to)\b|计划|拟|打算")
SCHEDULED = re.compile(
    r"\b(?:from|as of|starting|effective|beginning) (?:on )?(?:the )?(?:[A-Z]\w+ |\w+ quarter|20|\d)|起"
)
NOT_OF_TRADE = re.compile(
    r"\b(?:tourists?|refugees?|migrants?|travell?ers|visas?|pilgrims|shares|stocks|equities|short selling"
    r"|portfolio)\b"
    r"|游客|难民|移民|签证|旅客|股"
)
# A port that closes for a storm controls nothing.
FORCE_MAJEURE = re.compile(
    r"\b(?:cyclone|typhoon|hurricane|storm|flood\w*|snow|strike|earthquake|landslide|repairs?|maintenance"
    r"|holidays?)\b"
    r"|台风|洪水|暴雪|地震|检修|罢工|假期|春节"
)
NOT_EXCLUDED = re.compile(
    r"\b(?:cannot|can't|could not|not) be (?:excluded|ruled out)\b|\bnot (?:exclude|rule out)\b"
    r"|(?:不能|不|没有|并未|未)排除"
)
OF_A_BILL = re.compile(r"的(?:法案|提案|草案|议案|动议|计划|方案|建议|可能)")
FEAR = re.compile(r"\bfear\w*|\bworr\w+|担心|担忧|生怕")
# An act that is announced, and not only possible: "said it would resume".
ANNOUNCED = re.compile(
    r"\b(?:said|says|announc\w+|agreed|promis\w+|confirmed|pledged)\b[^,;]{0,80}\b(?:would"
    r"|will)\b"
)
PROPOSED = re.compile(r"\b(?:draft|bill|motion|proposal|proposes?)\b|提案|提议|动议|草案|议案|法案|建议|审议|方案")
PASSED = re.compile(r"\b(?:pass|adopt|approv|sign|enact|vot)\w*\b|通过|签署|颁布|获批|批准")
AGREED = re.compile(r"\b(?:agreed|decided|resolved|pledged|promised|confirmed)\b|同意|决定|承诺|商定|达成")
THREAT_BEFORE = re.compile(r"(?:威胁|扬言|警告|放话|放风|声言|暗示)(?:说|称)?[,:\s]*$|\bthreat\w+ that\b")
REFUSED = re.compile(
    r"一律不予|不予批准|(?:没有|未有|无)一?[张份家笔][^,。;]{0,4}(?:批|发|放)|(?:仍|原则上|一概|一律|继续)(?:然)?不(?:予)?(?:批准|受理|放行|签发|发放)|"
    r"\b(?:no|not|never) (?:\w+ )?(?:approve|grant|issue|lift|ease|relax)\w*"
    r"|\brefus\w+ to\b|\bwill not\b|拒绝"
)
# Who will not restrict does nothing.
WILL_NOT_RESTRICT = re.compile(
    r"\b(?:will|would|does|did|do|has|have) (?:not|never) (?:\w+ )?"
    r"(?:bann?|restrict|limit|halt|stop|curb|block|impos|suspend)\w*"
    r"|不(?:会|打算|准备|拟)[^,。;]{0,12}(?:禁止|限制|停止|暂停|切断|收紧|设限|扩大)"
    r"|\b(?:doubt\w*|denie[sd]|deny\w*|dismiss\w*|unlikely)\b|否认|不太可能|怀疑|辟谣"
)
SPEEDS_LICENCES = re.compile(
    r"\b(?:speed|fast-track|accelerat|approv|grant|issu|hand)\w*\b.{0,40}\b(?:licen[cs]es?|permits?|approvals?)\b"
    r"|\b(?:quick|fast|swift|prompt|speed)\w* (?:\w+ )?(?:approval|licen|permit|clearance|handling|processing"
    r"|paper|customs)"
    r"|(?<!tax )\b(?:relief|exemption|leniency)\b"
    r"|\bfor (?:\w+ ){0,4}?(?:licen[cs]es?|permits?|approvals?)\b"
    r"|\bfast (?:lane|track)\b|\bwaivers?\b|\btransition period\b|\b(?:dropped|reopened|scrapped)\b"
    r"|(?:加快|加速|尽快|发放|批准|签发)[^,。]{0,12}许可|快速通道|绿色通道|过渡期|豁免|松绑|放开|开闸"
)
STOPS_PRODUCTION = re.compile(r"\b(?:production|plants?|factor\w+) (?:halt|stop)|停产|生产线")
# Measures that are meant to prevent a stop, and proposals that came to nothing, are no acts.
RULED_OUT = re.compile(
    r"\b(?:reject|resist|oppos|dismiss)\w* (?:\w+ )?(?:calls?|demands?|proposals?|plans?|ideas?)\b"
    r"|(?:拒绝|反对|驳回).*(?:呼声|要求|提议|建议)|"
    r"\b(?:no (?:plans?|intention|reason|need|wish)|(?:not|never|n't) (?:\w+ )?"
    r"(?:plan\w*|consider\w*|intend\w*|want|seek\w*))"
    r" (?:to|of|for)?|(?<!not )\brul(?:e|es|ed|ing) out\b"
    r"|(?:不|未|没有|无意|无计划|从未)(?:考虑|打算|计划|准备|想过|曾考虑)|无意|排除了"
)
PREVENTS = re.compile(r"为防|以防|防止|避免|\b(?:guard|insure|hedge)\w* against\b|\bfor fear of\b|\bin case of\b")
PLAN_DROPPED = re.compile(
    r"\b(?:drop|shelv|abandon|scrap|withdr|bur(?:y|ied)|gave up|gives? up"
    r"|back\w* away from)\w*\b.{0,20}\b(?:plans?|ideas?|proposals?|bills?|threats?|draft)\b"
    r"|(?:放弃|取消|撤回|搁置|收回)[^,。;]{0,20}(?:打算|计划|提案|想法|设想|念头|法案|议案|草案)"
)
VOTED_DOWN = re.compile(
    r"\bvoted down\b|\bdefeated\b|\bshelved\b|否决|束之高阁|搁置[^,。]{0,25}(?:法案|议案|提案|草案|计划)"
)
# A suspension of controls that goes on.
EXTENDS_SUSPENSION = re.compile(
    r"\b(?:extend|prolong|renew)\w*\b.{0,40}\b(?:suspension|pause|waiver|exemption)s?\b"
    r"|\blet\b.{0,20}\b(?:suspension|pause|waiver|exemption)\b.{0,10}\brun on\b|\b(?:leave|keep|leaves|keeps|left"
    r"|kept)\b.{0,40}\bin abeyance\b"
    r"|继续(?:搁置|暂停)|搁置[^,。]{0,8}期限"
    r"|\b(?:suspension|pause|waiver|exemption)s?\b.{0,30}\b(?:was|were|is|has been"
    r"|have been|be) (?:extended|"
    r"prolonged|renewed)\b"
    r"|(?:暂停|豁免|宽限).{0,12}(?:顺延|延长|延续|展期|再延)|(?:顺延|延长|延续).{0,12}(?:暂停|豁免)"
)
SUSPENSION = re.compile(r"\bsuspension\b|\bfast (?:lane|track)\b|暂停(?:安排|措施)|快速通道|绿色通道")
# A suspension that is over brings the control back.
ENDED_SUSPENSION = re.compile(
    r"\b(?:suspension|pause|waiver|exemption|grace period)s?\b.{0,40}\b(?:ended|expired|lapsed|ran out"
    r"|was (?:revoked|cancelled|withdrawn)|"
    r"were (?:revoked|cancelled|withdrawn))\b|(?:暂停|豁免|宽限)"
    r"[^,。]{0,14}(?:已到期|已失效|被取消|被撤销|被收回|已终止|到期后?未)|到期,?未[获予]?延长"
)
# Who begged before is asking no more.
AFTER_ASKING = re.compile(r"\b(?:after|once|since|because)\b[^,;.]{0,60}$")
AFTER_ASKING_HAN = re.compile(r"^.{0,4}?(?:之后|以后|后)")
ANSWERS_A_CONTROL = re.compile(
    r"\b(?:if|unless|should|in case)\b.{0,50}\b(?:shipments?|controls?|licen\w+|exports?|supplies|deliveries"
    r"|curbs?|restrictions?)\b"
    r"|(?:若|如果|一旦|倘)[^。;]{0,20}(?:管制|许可|断供|供应|出口|限制)"
)
ENDS_SUSPENSION = re.compile(
    r"\b(?:suspension|pause|waiver)s?\b.{0,20}\b(?:end|cancelled|expire|revoked|lapse)\b"
    r"|(?:暂停|豁免).{0,10}(?:取消|终止|作废|失效)"
)
# Easing on which something depends has not come: what is to be eased stands.
CONDITION = re.compile(r"\b(?:provided|providing) that\b|\bon condition\b|\bas long as\b|前提是|条件是|只要|除非")
# What is denied is the easing.
NOT_EASED = re.compile(
    r"(?:没有|并未|不会|未曾|毫无|无意)[^,。;]{0,6}(?:松动|放宽|放松|解除|取消|撤销|恢复)"
    r"|\b(?:not|nor|never|no|nothing|none|neither)\b[^,;.]{0,30}\b(?:eas(?:e|ed|ing)|relax\w*|lift\w*|loosen\w*"
    r"|remov\w*|touched|dropped)\b"
)
STRICTER = re.compile(
    r"(?:tight|tough|expand|widen|broaden|add|step|stiff|sharp|harden|rais)|收紧|加码|扩大|升级|加强|提高"
)
DELAYS = re.compile(r"\b(?:put\w* off|delay|postpon|defer|push)\w*|推迟|延期|延后|押后|缓")
FROM_TO = re.compile(r"\b(?:from|to|until|till)\s+(?:the )?$|(?:从|到|至|由)$")

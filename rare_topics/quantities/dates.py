"""Dates printed in Chinese and English text.

This is the only grammar of dates in the package.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - a type
from datetime import timedelta
from itertools import count
from typing import NamedTuple

from rare_topics.quantities.chinese_numerals import chinese_value
from rare_topics.quantities.hints import Hints
from rare_topics.quantities.units import unit_at

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
_MONTH_NAMES = (
    *(name.capitalize() for name in MONTHS),
    *("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec"),
)
_MONTH = rf"(?:{'|'.join(_MONTH_NAMES)})\.?"
_YEAR = r"(?:19|20)\d\d"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY = "|".join(_WEEKDAYS)
_ORDINAL = "(?:st|nd|rd|th)?"
_DAY = r"(?:3[01]|[012]?\d)"
_NUMBER_ZH = r"(?:\d{1,2}|[一二三四五六七八九]|十[一二]?)"
_DAY_ZH = r"(?:\d{1,2}|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])"
# What may stand behind a year in Chinese: half, quarter, first months, months, month, day.
_PART_OF_YEAR_ZH = (
    r"(?: ?(?:(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度?(?!节)|Q(?P<quarter>[1-4])|"
    rf"前(?P<firstmonths>{_NUMBER_ZH})个?月|前(?P<firstquarters>[一二两三2-3])个?季度?|"
    r"(?P<month>\d{1,2}) ?月?份?(?:-|—|–|~|至|到)(?P<lastmonth>\d{1,2}) ?月|"
    rf"(?P<month>{_NUMBER_ZH}) ?月(?!球|亮|有余|革命|花)"
    rf"(?: ?(?P<day>{_DAY_ZH}) ?[日号](?:(?:至|到|-|—|~)(?:\d{{1,2}}月)?\d{{1,2}}[日号])?)?))"
)
_QUARTER_EN = r"(?:Q(?P<quarter>[1-4])|(?P<quarterword>first|second|third|fourth) quarter)"
_HALF_EN = r"(?:H(?P<halfnumber>[12])|(?P<halfword>first|second) half)"
_MONTHS_EN = r"(?:the )?first (?P<firstmonths>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven) months"
_YEAR_WORD_EN = r"(?P<relative>last|this|next) year"
# A year that is counted from the date before it in the text.
_ANAPHOR_EN = r"(?P<anaphor>[Tt]hat(?: same)?|[Tt]he (?:same|following|next|previous|preceding))"
_ANAPHOR_ZH = r"(?P<anaphor>(?:[次翌转同当]|第二)年)"
# What makes another date of a month: "in April 412 permits" has none.
_NO_DAY = (
    rf"(?![A-Za-z])(?! {_DAY}(?!\d|,\d)|,? {_YEAR}(?!\d)|,?(?: of)?(?: the)? "
    r"(?:last|this|next|that|same|following|previous|preceding)(?: same)? year)"
)
# Words before a month without a year, in the English text; a month begins a sentence in names as well.
_BEFORE_MONTH = (
    "|".join(
        rf"(?<=\b{word} )"
        for word in ("by", "until", "till", "from", "to", "through", "early", "late", "mid", "of", "between", "end-of")
    )
    + "|(?<=mid-)"
)
_OF_YEAR_EN = rf"(?: of)?,? (?:(?:fiscal(?: year)? )?(?P<year>{_YEAR})(?!\d)|(?:the )?{_YEAR_WORD_EN})"
# One pattern for each form of date; the names of their groups are the parts of a date. The first form that fits counts.
_FORMS = (
    # 2025年, 2025年10月9日, 2025年第三季度, 2025年上半年, 25年前11个月, 去年10月
    (
        rf"(?:(?<!\d)(?P<year>{_YEAR}) ?(?:财年|年度?)|(?<![\d.,])(?P<shortyear>[0-4]\d)年(?={_PART_OF_YEAR_ZH})|"
        rf"(?P<relative>去年(?!同[期月])|今年|前年|明年|上一?年度?(?=[全,的]))(?!级|度)){_PART_OF_YEAR_ZH}?"
    ),
    # 次年1月1日, 同年; 次月10日
    rf"{_ANAPHOR_ZH}{_PART_OF_YEAR_ZH}",
    r"(?P<anaphor>[次翌同](?:年(?![级龄])|月))(?: ?(?P<day>\d{1,2}) ?[日号])?",
    # 二〇二五年
    r"(?P<hanyear>[一二][零〇九][零〇一二三四五六七八九]{2})年",
    # 上月, 本月, 上季度
    r"(?P<relative>上个?月|本月|上个?季度|本季度|昨[日天]|前[日天](?!然))",
    # 周五, 上周五
    r"(?<![\d一二三四五六七八九十每下个逢])(?P<week>[上本这]?)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![个月年季次期度条家\d])",
    rf"(?<![A-Za-z])(?P<week>on|On|last|Last|late on|since) (?P<weekday>{_WEEKDAY})(?![A-Za-z])",
    # 上世纪90年代, 八十年代
    r"(?:(?:上个?|20|本)世纪)?(?P<decade>[2-9二三四五六七八九]0?十?)年代",
    # April 9 of that year, in the December of the following year; that December, that month, the same year
    rf"(?<![A-Za-z])(?P<month>{_MONTH})(?: (?P<day>{_DAY}){_ORDINAL})?,?(?: of)? {_ANAPHOR_EN} year(?![A-Za-z'])",
    rf"(?<![A-Za-z])(?P<day>{_DAY}){_ORDINAL} (?P<month>{_MONTH}),?(?: of)? {_ANAPHOR_EN} year(?![A-Za-z'])",
    rf"(?<![A-Za-z]){_ANAPHOR_EN} (?P<month>{_MONTH})(?: (?P<day>{_DAY}){_ORDINAL}(?!,?\d))?(?![A-Za-z])",
    rf"(?<![A-Za-z]){_ANAPHOR_EN} (?P<unit>year|month)(?![A-Za-z'])",
    # October 9 of last year, 9 October last year
    rf"(?<![A-Za-z])(?P<month>{_MONTH}) (?P<day>{_DAY}){_ORDINAL},?(?: of)? {_YEAR_WORD_EN}(?![A-Za-z'])",
    rf"(?<![A-Za-z])(?P<day>{_DAY}){_ORDINAL} (?P<month>{_MONTH}),?(?: of)? {_YEAR_WORD_EN}(?![A-Za-z'])",
    # October 9, October 9th, 2025; but not "October 9%" and not "October 9,000"
    rf"(?<![A-Za-z])(?P<month>{_MONTH}) (?P<day>{_DAY}){_ORDINAL}(?!\d|,\d|[.]\d)(?:,? (?P<year>{_YEAR}))?(?! ?%)",
    # 9 October, 9th October 2025
    rf"(?<![A-Za-z])(?P<day>\d{{1,2}}){_ORDINAL} (?P<month>{_MONTH})(?: (?P<year>{_YEAR}))?(?![A-Za-z])",
    # October 2025, January to August 2025
    (
        rf"(?<![A-Za-z])(?P<month>{_MONTH})(?: ?(?:to|through|-|–) ?(?P<lastmonth>{_MONTH}))?,?"
        rf"(?: of)? (?:(?P<year>{_YEAR})(?!\d)|(?:of )?{_YEAR_WORD_EN})"
    ),
    # Q3 2025, third quarter of 2025, first half of last year, H1 2025, first nine months of 2025
    rf"(?<![A-Za-z]){_QUARTER_EN}{_OF_YEAR_EN}",
    rf"(?<![A-Za-z]){_HALF_EN}{_OF_YEAR_EN}",
    rf"(?<![A-Za-z]){_MONTHS_EN}{_OF_YEAR_EN}",
    # in the first quarter, in the second half
    rf"(?<![A-Za-z])(?:[Ii]n|[Ff]or|[Dd]uring) the (?:{_QUARTER_EN}|{_HALF_EN})(?!,? of\b| (?:{_YEAR}))(?![A-Za-z])",
    # 3Q25, 1H 2025, 2025Q3, 2025 H1
    rf"(?<![\w.])(?:(?P<quarter>[1-4])Q|(?P<halfnumber>[12])H) ?(?:(?P<year>{_YEAR})|'?(?P<shortyear>[0-4]\d))(?!\d)",
    rf"(?<![\w.,-])(?P<year>{_YEAR}) ?(?:Q(?P<quarter>[1-4])|H(?P<halfnumber>[12]))(?![\w])",
    # FY2025, FY25, fiscal 2025
    (
        rf"(?<![A-Za-z])(?:FY|(?:F|f)iscal(?: year)?) ?(?:(?P<year>{_YEAR})(?!\d)(?:[/-]\d\d(?!\d))?|"
        r"'?(?P<shortyear>[0-4]\d)(?!\d|,\d|\.\d| ?%))"
    ),
    # 2025-10, 2025-10-09, 2025/10/09, 2025.10.9
    rf"(?<![\w.,-])(?P<year>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?!\d)",
    rf"(?<![\w.,/-])(?P<year>{_YEAR})(?P<mark>[/.])(?P<month>\d{{1,2}})[/.](?P<day>\d{{1,2}})(?![\d/])",
    # 07/04/2025: a day and a month, in the order that the numbers allow
    rf"(?<![\w./-])(?P<one>\d{{1,2}})[/.](?P<other>\d{{1,2}})[/.](?P<year>{_YEAR})(?!\d)",
    # 1990s
    rf"(?<![\w.,])(?P<decade>{_YEAR})s(?![A-Za-z])",
    # last year, this month; in May
    r"(?<![A-Za-z])(?P<relative>(?:last|this|next) year|(?:last|this) (?:month|quarter))(?![A-Za-z'])",
    rf"(?<![A-Za-z])(?:in|since|In|Since) (?P<month>{_MONTH}){_NO_DAY}",
    # between January and March, from April to June; by early December, the half year to December
    rf"(?:{_BEFORE_MONTH})(?P<month>{_MONTH}) (?:and|to|through) (?P<lastmonth>{_MONTH})(?![A-Za-z])(?! \d)",
    rf"(?<![A-Za-z])half[ -]year to (?P<halfend>{_MONTH})(?![A-Za-z])(?! \d)",
    rf"(?:{_BEFORE_MONTH})(?P<month>{_MONTH}){_NO_DAY}",
    # last summer
    r"(?<![A-Za-z])(?P<relative>last|this|next) (?:spring|summer|autumn|fall|winter)(?![A-Za-z])",
    # first-quarter sales, second-half output
    r"(?<![A-Za-z])(?:(?P<quarterword>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)-quarter|(?P<halfword>[Ff]irst|[Ss]econd)-half)(?![A-Za-z])",
    # 10月, 10月9日, 十月九日, 上半年, 前11个月, 1-8月; but neither a moon nor moonlight
    rf"(?<![\d个一二三四五六七八九十几数]){_PART_OF_YEAR_ZH}",
    # 20日, of this month or the last; but 为期20日 and 20日内 are no dates
    rf"(?<![\d月个期续近约共达前后每多几第满过隔了])(?P<loneday>{_DAY})日(?![内后之以间均元本照常程夜圆产薪消游\d])",
    # 2025 alone, unless it is an amount
    rf"(?<![\w.,$€£¥-])(?P<bareyear>{_YEAR})(?![\d%]|,\d|\.\d)",
)


# Every character and word that a date can begin with, so that the forms are tried nowhere else.
_BEGINNING = (
    r"[\d一二三四五六七八九上下本前去今明第昨这周星礼次翌转同当十]|(?<![A-Za-z])(?:[ADFHIJLMNOQST]|during the|"
    r"f(?:irst|ourth|iscal|or the)|half|in [A-Zt]|la(?:st|te on)|next|on [A-Z]|s(?:econd|ince)|"
    r"th(?:ird|is|at|e (?:first|same|following|next|previous|preceding)))"
)


def _compiled(forms: Sequence[str]) -> re.Pattern[str]:
    """Join the forms; a group's name gets the number of its form, because names must be unique in a pattern."""
    counter = count()
    numbered = [re.sub(r"\(\?P<(\w+)>", lambda group: f"(?P<{group[1]}_{next(counter)}>", form) for form in forms]
    return re.compile(rf"(?={_BEGINNING})(?:{'|'.join(numbered)})")


_DATE = _compiled(_FORMS)
_HINTS = Hints(
    re.compile(r"[\d年月季昨前周星礼]"),
    frozenset(map(str.lower, (*_MONTH_NAMES, *_WEEKDAYS)))
    | {"year", "month", "months", "quarter", "half", "spring", "summer", "autumn", "fall", "winter"},
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
}  # fmt: skip
# Years from the year of publication.
_YEARS_FROM_NOW = {"去": -1, "上": -1, "今": 0, "前": -2, "明": 1, "last": -1, "this": 0, "next": 1}
# Years, or months, from the date before it in the text.
_YEARS_FROM_LAST = {
    "次": 1, "翌": 1, "转": 1, "第二": 1, "following": 1, "next": 1, "previous": -1, "preceding": -1,
}  # fmt: skip
_FUTURE = re.compile(
    r"将|拟|计划|预计|有望|\b(?:will|plans?|planned|expect(?:s|ed)?|scheduled|due|by)\b", re.IGNORECASE
)
_COMPARED = re.compile(
    r"(?:较|比|相比|同|\b(?:from|than|versus|vs\.?|against|over|compared (?:with|to|from))"
    r"(?: the)?(?: same period)?(?: of| in)? )$",
    re.IGNORECASE,
)
COMPARED_WINDOW = 40
# A number right behind such a date has it: "below the 59 yuan of", 比去年夏天59元.
_NUMBER_BEHIND = re.compile(r"(?:[春夏秋冬][天季]?|[初底末中])?[的约近]*\d")
_HAS_HAPPENED = re.compile(r"\b(?:had|has|have|was|were|made|fell|rose)\b|已经?|曾")
# A month without a year that lies more months ahead of the publication is one of the year before, and one more
# months behind it, where the sentence speaks of what is to come, one of the next year.
MAX_MONTHS_AHEAD = 6
# How far before a month without a year a word is looked for that says it is still to come.
FUTURE_WINDOW = 40
_DIGITS_ZH = "零一二三四五六七八九"
_LAST_MONTH, _LAST_DAY = 12, 31


class DateMention(NamedTuple):
    """A date as printed.

    Attributes
    ----------
    start, end
        Character offsets in the text.
    year, month, day, quarter
        What the text says; None where it says nothing.
    decade
        Whether a whole decade is meant, which begins with `year`.
    last_month
        Last month of a span of months that begins with `month`.
    is_relative
        Whether the year was not printed but follows from the date of publication.
    is_anaphoric
        Whether it follows from the date before it in the text: 次年, "that December".
    """

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    decade: bool = False
    last_month: int | None = None
    is_relative: bool = False
    is_anaphoric: bool = False

    @property
    def iso(self) -> str:
        """The date as precisely as the text gives it, empty without a year.

        ``2025``, ``2025-Q1``, ``2025-04``, ``2025-04-09``, ``1990s``, ``2025-01/2025-08``.
        """
        if self.year is None:
            return ""
        if self.decade:
            return f"{self.year}s"
        if self.quarter:
            return f"{self.year}-Q{self.quarter}"
        if self.month and self.last_month == self.month + 2 and self.month % 3 == 1:
            return f"{self.year}-Q{(self.month + 2) // 3}"
        month = f"-{self.month:02d}" if self.month else ""
        if self.last_month:
            return f"{self.year}{month}/{self.year}-{self.last_month:02d}"
        return f"{self.year}{month}" + (f"-{self.day:02d}" if self.day else "")


def find_dates(text: str, *, published: Date | None = None, before: DateMention | None = None) -> list[DateMention]:
    """Find the dates of a text.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.
    published
        Date of publication, from which "last year", 去年 and a month without a year take their year.
    before
        The last date of the text before, from which 次年 and "that December" take theirs.

    Returns
    -------
    list of DateMention
        In order of the text; a date that is printed without a year has year None unless
        `published` is given.
    """
    if not _HINTS.are_in(text):
        return []
    dates: list[DateMention] = []
    for match in _DATE.finditer(text):
        parts = {name.partition("_")[0]: value for name, value in match.groupdict().items() if value}
        last = dates[-1] if dates else None
        date = _anaphoric(match, parts, last or before) if "anaphor" in parts else _date_of(match, parts, published)
        if date is None:
            continue
        if last and last.year and not last.month and date.month and date.is_relative and _follows(last, date, text):
            date = date._replace(year=last.year)
        dates.append(date)
    return dates


def _follows(year: DateMention, date: DateMention, text: str) -> bool:
    """Return whether a date without a year stands right behind a year: "last year, in April"."""
    return text[year.end : date.start] in {"", " ", ", ", ","}


def _anaphoric(match: re.Match[str], parts: dict[str, str], last: DateMention | None) -> DateMention | None:
    """Count a date from the last one before it, None where there is none or the words are no date."""
    anaphor = parts.pop("anaphor").lower()
    months = _months_of(parts)
    if last is None or last.year is None or last.decade or months is None:
        return None
    month, last_month, day, quarter = months
    years = _YEARS_FROM_LAST.get(anaphor.removeprefix("the ").removesuffix("年").removesuffix("月"), 0)
    year, own = last.year, last.last_month or last.month
    if anaphor.endswith("月") or parts.get("unit") == "month":
        if own is None:
            return None
        year, month = year + (own - 1 + years) // _LAST_MONTH, (own - 1 + years) % _LAST_MONTH + 1
    elif "month" in parts and not anaphor.endswith("年") and "year" not in match[0]:
        # "the following May" is the first one after it.
        year += years if own is None or (month or 0) <= own or years < 0 else 0
    else:
        year += years
    if not re.fullmatch(_YEAR, str(year)):
        return None
    return DateMention(*match.span(), year, month, day, quarter, last_month=last_month, is_anaphoric=True)


def _date_of(  # noqa: PLR0911 - one return for each form
    match: re.Match[str], parts: dict[str, str], published: Date | None
) -> DateMention | None:
    """Make a date of a match, or None where the digits are no date."""
    start, end = match.span()
    if "decade" in parts:
        return DateMention(start, end, _first_year(parts["decade"]), decade=True)
    if "weekday" in parts:
        return _of_weekday(start, end, parts, published)
    if "loneday" in parts:
        return _of_lone_day(start, end, int(parts["loneday"]), published)
    if "bareyear" in parts:
        return None if _is_amount(match.string, end) else DateMention(start, end, int(parts["bareyear"]))
    if "hanyear" in parts:
        value = chinese_value(parts["hanyear"])
        return DateMention(start, end, int(value[0])) if value else None
    if "relative" in parts and not {"last", "this", "next"}.isdisjoint(parts["relative"].split()[:1]):
        parts["relative"] = parts["relative"].lower()
    months = _months_of(parts)
    if months is None:
        return None
    month, last_month, day, quarter = months
    year = int(parts["year"]) if "year" in parts else 2000 + int(parts["shortyear"]) if "shortyear" in parts else None
    date = DateMention(start, end, year, month=month, day=day, quarter=quarter, last_month=last_month)
    if year is not None or published is None:
        return date
    return _resolved(date, parts.get("relative", ""), match.string, published)


def _of_weekday(start: int, end: int, parts: dict[str, str], published: Date | None) -> DateMention:
    """Take a weekday as the last one up to the publication, 上周五 as that of the week before."""
    if published is None:
        return DateMention(start, end, None)
    name = parts["weekday"]
    weekday = _WEEKDAYS.index(name) if name in _WEEKDAYS else "一二三四五六日".index(name.replace("天", "日"))
    days_back = (published.weekday() - weekday) % 7
    if parts.get("week") == "上":
        days_back = published.weekday() - weekday + 7
    day = published - timedelta(days=days_back)
    return DateMention(start, end, day.year, month=day.month, day=day.day, is_relative=True)


def _of_lone_day(start: int, end: int, day: int, published: Date | None) -> DateMention | None:
    """Take a day without a month as the last one up to the publication."""
    if not day:
        return None
    if published is None:
        return DateMention(start, end, None, day=day)
    year, month = published.year, published.month
    if day > published.day:
        year, month = (year, month - 1) if month > 1 else (year - 1, _LAST_MONTH)
    return DateMention(start, end, year, month=month, day=day, is_relative=True)


def _months_of(  # noqa: PLR0911 - one return for each form
    parts: dict[str, str],
) -> tuple[int | None, int | None, int | None, int | None] | None:
    """Month, last month, day and quarter of the parts of a date, None where they cannot be."""
    quarter = parts.get("quarter") or parts.get("quarterword", "").lower()
    if quarter:
        return None, None, None, _QUARTERS.get(quarter) or int(quarter)
    half = parts.get("half") or parts.get("halfnumber") or parts.get("halfword", "").lower()
    if half:
        return (1, 6, None, None) if half in {"上", "1", "first"} else (7, 12, None, None)
    if "halfend" in parts:
        end = _month_number(parts["halfend"])
        return (end - 5, end, None, None) if end > 5 else None  # noqa: PLR2004 - months of a half year
    if "firstmonths" in parts or "firstquarters" in parts:
        n_months = _small_number(parts.get("firstmonths", "")) or 3 * _small_number(parts.get("firstquarters", ""))
        return (1, n_months, None, None) if 1 < n_months <= _LAST_MONTH else None
    if "one" in parts:
        one, other = int(parts["one"]), int(parts["other"])
        if max(one, other) > _LAST_DAY or min(one, other) > _LAST_MONTH or 0 in {one, other}:
            return None
        # Where both may be the month nobody can tell, so that the year alone is known.
        if one != other and max(one, other) <= _LAST_MONTH:
            return None, None, None, None
        return min(one, other), None, max(one, other), None
    month = _month_number(parts["month"]) if "month" in parts else None
    last = _month_number(parts["lastmonth"]) if "lastmonth" in parts else None
    day = _small_number(parts["day"]) if "day" in parts else None
    if max(month or 1, last or 1) > _LAST_MONTH or (day or 1) > _LAST_DAY or 0 in {month, last, day}:
        return None
    return month, last, day, None


def _small_number(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    if not printed:
        return 0
    value = chinese_value(printed) if printed not in _COUNTS else (_COUNTS[printed], _COUNTS[printed])
    return int(value[0]) if value else 0


def _resolved(date: DateMention, relative: str, text: str, published: Date) -> DateMention:
    """Give a date without a year the year that the date of publication makes likely."""
    year, month = published.year, published.month
    # "up 5% from last year" says what is compared, not when.
    is_compared = relative and _COMPARED.search(text[max(0, date.start - COMPARED_WINDOW) : date.start])
    if is_compared and not _NUMBER_BEHIND.match(text, date.end):
        return date
    if relative:
        return _of_relative(date, relative, published)
    first = date.month or (3 * date.quarter - 2 if date.quarter else 1)
    before = text[max(0, date.start - FUTURE_WINDOW) : date.start]
    if _FUTURE.search(before) and not _HAS_HAPPENED.search(before):
        return date._replace(year=year + (first < month - MAX_MONTHS_AHEAD), is_relative=True)
    # A span of months that is told as past has ended.
    is_past = first > month + MAX_MONTHS_AHEAD or (date.last_month or 0) > month + 1
    return date._replace(year=year - is_past, is_relative=True)


def _of_relative(date: DateMention, relative: str, published: Date) -> DateMention:
    """Resolve a day, month, quarter or year that is counted from the date of publication."""
    year, month = published.year, published.month
    if relative[-1:] in {"日", "天"}:
        day = published - timedelta(days=1 if relative.startswith("昨") else 2)
        return date._replace(year=day.year, month=day.month, day=day.day, is_relative=True)
    if "月" in relative or "month" in relative:
        back = 0 if relative.startswith(("本", "this")) else 1
        months = 12 * year + month - 1 - back
        return date._replace(year=months // 12, month=months % 12 + 1, is_relative=True)
    if "季" in relative or "quarter" in relative:
        quarters = 4 * year + (month - 1) // 3 - (0 if relative.startswith(("本", "this")) else 1)
        return date._replace(year=quarters // 4, quarter=quarters % 4 + 1, is_relative=True)
    key = relative.split(maxsplit=1)[0] if relative.isascii() else relative[0]
    return date._replace(year=year + _YEARS_FROM_NOW[key], is_relative=True)


def _first_year(decade: str) -> int:
    """First year of a decade: 1990 for ``1990``, ``90``, ``9`` and ``九十``."""
    if len(decade) == len("1990"):
        return int(decade)
    digit = decade[0]
    return 1900 + 10 * (_DIGITS_ZH.index(digit) if digit in _DIGITS_ZH else int(digit))


def _month_number(printed: str) -> int:
    if not printed.isascii() or printed.isdigit():
        return _small_number(printed)
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(printed.lower().rstrip(".")[:3]))


def _is_amount(text: str, end: int) -> bool:
    """Whether four digits that look like a year count something, as in ``2000 tons``."""
    found = unit_at(text, end)
    return found is not None and (found[0].kind != "count" or text[end : end + 1] != " ")

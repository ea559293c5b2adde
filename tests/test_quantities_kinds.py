"""Specification of the kinds of numbers: value, upper value, unit, qualifier, and printed characters."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.quantities import find_dates, find_numerals, find_quantities

Expected = tuple[str, float, float | None, str, str]


def read(text: str) -> list[Expected]:
    """Return printed form, value, upper value, unit and qualifier of each quantity."""
    return [(text[q.start : q.end], q.value, q.value_high, q.unit, q.qualifier) for q in find_quantities(text)[0]]


KINDS: dict[str, list[tuple[str, list[Expected]]]] = {
    "a unit before a full stop": [
        ("They dug 40 tonnes.", [("40 tonnes", 40, None, "t", "")]),
        ("It took nine weeks.", [("nine weeks", 9, None, "weeks", "")]),
    ],
    "a change and the level it led to": [
        (
            "Stocks sank 2.5 percent to 1,840.",
            [("2.5 percent", -2.5, None, "%", ""), ("1,840", 1840, None, "items", "")],
        ),
        ("镨价涨1.5%至63。", [("1.5%", 1.5, None, "%", ""), ("63", 63, None, "items", "")]),
        ("库存减少20吨至900吨", [("20吨", -20, None, "t", ""), ("900吨", 900, None, "t", "")]),
        ("Prices rose 5 to 7 percent", [("5 to 7 percent", 5, 7, "%", "")]),
    ],
    "a range with one scale": [
        ("三千到五千亿元", [("三千到五千亿元", 3e11, 5e11, "CNY", "")]),
        ("十二至十五万吨", [("十二至十五万吨", 120_000, 150_000, "t", "")]),
        ("三到四千辆", [("三到四千辆", 3000, 4000, "items", "")]),
        ("占比在30%与40%之间", [("30%与40%", 30, 40, "%", "")]),
    ],
    "a negated bound": [
        ("不小于15公顷", [("15公顷", 15, None, "ha", "at least")]),
        ("不得超过9吨", [("9吨", 9, None, "t", "up to")]),
        ("It must not exceed 9 tonnes", [("9 tonnes", 9, None, "t", "up to")]),
        ("Output is never below 9 tonnes", [("9 tonnes", 9, None, "t", "at least")]),
        ("纯度≥99%", [("99%", 99, None, "%", "at least")]),
        ("waste of ~4%", [("4%", 4, None, "%", "about")]),
        ("ash <4%", [("4%", 4, None, "%", "under")]),
    ],
    "lakh, crore and Indian groups": [
        ("₹2,34,56,789", [("₹2,34,56,789", 23_456_789, None, "INR", "")]),
        ("Rs 900 crore", [("Rs 900 crore", 9e9, None, "INR", "")]),
        ("3 lakh tonnes", [("3 lakh tonnes", 300_000, None, "t", "")]),
    ],
    "letters for scales": [
        ("1.5m tonnes", [("1.5m tonnes", 1_500_000, None, "t", "")]),
        ("a wall 1.5m high", [("1.5m", 1.5, None, "m", "")]),
        ("400k workers", [("400k", 400_000, None, "items", "")]),
        ("$9MM", [("$9MM", 9e6, None, "USD", "")]),
        ("a 2bn tonne reserve", [("2bn tonne", 2e9, None, "t", "")]),
    ],
    "symbols of units": [
        ("30 kt of ore", [("30 kt", 30_000, None, "t", "")]),
        ("2.1 Mt of ore", [("2.1 Mt", 2_100_000, None, "t", "")]),
        ("rated at 900 tpa", [("900 tpa", 900, None, "t/year", "")]),
        ("50 short tons", [("50 short tons", 45.359237, None, "t", "")]),
        ("5 TWh", [("5 TWh", 5e9, None, "kWh", "")]),
        ("容量50兆瓦", [("50兆瓦", 50, None, "MW", "")]),
        ("70 sq km", [("70 sq km", 70, None, "km²", "")]),
        ("百万分之三", [("百万分之三", 3, None, "ppm", "")]),
    ],
    "pounds of money and of mass": [
        ("The state paid 7 million pounds", [("7 million pounds", 7e6, None, "GBP", "")]),
        ("7 million pounds of oxide", [("7 million pounds", 3175.14659, None, "t", "")]),
    ],
    "a currency named before or behind": [
        ("港币三百元", [("港币三百元", 300, None, "HKD", "")]),
        ("欧元50万元", [("欧元50万元", 500_000, None, "EUR", "")]),
        ("人民币对美元7.1元", [("7.1元", 7.1, None, "CNY", "")]),
        ("Mex$30", [("Mex$30", 30, None, "MXN", "")]),
        ("Osaka paid ¥30 million", [("¥30 million", 3e7, None, "JPY", "")]),
        ("a fare of 80p", [("80p", 0.8, None, "GBP", "")]),
        ("10 €", [("10 €", 10, None, "EUR", "")]),
    ],
    "numerals in two parts": [
        ("5万6000吨", [("5万6000吨", 56_000, None, "t", "")]),
        ("2亿3千万元", [("2亿3千万元", 230_000_000, None, "CNY", "")]),
        ("四吨半", [("四吨半", 4.5, None, "t", "")]),
        ("三个半月", [("三个半月", 3.5, None, "months", "")]),
        ("20元5角", [("20元5角", 20.5, None, "CNY", "")]),
        ("4 dollars 20 cents", [("4 dollars 20 cents", 4.2, None, "USD", "")]),
        ("伍佰万元", [("伍佰万元", 5_000_000, None, "CNY", "")]),
    ],
    "halves and points in words": [
        ("three and a half million tons", [("three and a half million tons", 3_500_000, None, "t", "")]),
        ("a quarter million dollars", [("a quarter million dollars", 250_000, None, "USD", "")]),
        ("two point four million tonnes", [("two point four million tonnes", 2_400_000, None, "t", "")]),
        ("2½ tonnes", [("2½ tonnes", 2.5, None, "t", "")]),
        ("以八五折出售", [("八五折", 85, None, "%", "")]),
        ("跌了半成", [("半成", -5, None, "%", "")]),
    ],
    "signs": [
        ("同比增长-3.4%", [("-3.4%", -3.4, None, "%", "")]),
        ("跌幅为8%", [("8%", -8, None, "%", "")]),
        ("零下18摄氏度", [("零下18摄氏度", -18, None, "°C", "")]),
        ("吃掉30%的利润", [("30%", 30, None, "%", "")]),
        ("a margin of minus 3 percent", [("minus 3 percent", -3, None, "%", "")]),
        ("价格上涨了两倍", [("两倍", 3, None, "times", "")]),
    ],
    "marks and spaces of print": [
        ("12\u202f500 tonnes", [("12\u202f500 tonnes", 12_500, None, "t", "")]),
        ("7 500 tonnes", [("7 500 tonnes", 7500, None, "t", "")]),
        ("4,5 million euros", [("4,5 million euros", 4_500_000, None, "EUR", "")]),
        ("3&nbsp;万吨", [("3&nbsp;万吨", 30_000, None, "t", "")]),
        ("1.5\u200b万吨", [("1.5\u200b万吨", 15_000, None, "t", "")]),
        ("<b>9</b> tonnes", [("9</b> tonnes", 9, None, "t", "")]),
    ],
    "a number that is compared with": [
        ("低于去年同期的80%", [("80%", 80, None, "%", "")]),
        ("低于合同额的20%", [("20%", 20, None, "%", "under")]),
        ("四处找矿", []),
    ],
    "numerals whose characters stand apart": [
        ("产量三 百 五 十 吨", [("三 百 五 十 吨", 350, None, "t", "")]),
        ("六  万 吨", [("六  万 吨", 60_000, None, "t", "")]),
        ("降低七   个 百 分点", [("七   个 百 分点", -7, None, "percentage points", "")]),
        ("百 分之 八十点五", [("百 分之 八十点五", 80.5, None, "%", "")]),
        ("耗资三万 五家", [("五家", 5, None, "items", "")]),
    ],
    "colloquial money": [
        ("每斤三块五", [("三块五", 3.5, None, "CNY", "")]),
        ("票价六块四毛二。", [("六块四毛二", 6.42, None, "CNY", "")]),
        ("找回五毛", [("五毛", 0.5, None, "CNY", "")]),
        ("花了一万两千块。", [("一万两千块", 12_000, None, "CNY", "")]),
        ("用了200块砖", [("200块", 200, None, "items", "")]),
        ("It costs 8 dollars 75.", [("8 dollars 75", 8.75, None, "USD", "")]),
        ("hk $ 40 million", [("hk $ 40 million", 4e7, None, "HKD", "")]),
        ("AUD$ 12", [("AUD$ 12", 12, None, "AUD", "")]),
        ("rupees 300 crore", [("rupees 300 crore", 3e9, None, "INR", "")]),
        ("six thousand Thai baht", [("six thousand Thai baht", 6000, None, "THB", "")]),
    ],
    "sums and parts of words": [
        (
            "two hundred and five thousand three hundred tonnes",
            [("two hundred and five thousand three hundred tonnes", 205_300, None, "t", "")],
        ),
        ("three quarters of a million tonnes", [("three quarters of a million tonnes", 750_000, None, "t", "")]),
        ("一又二分之一吨", [("一又二分之一吨", 1.5, None, "t", "")]),
        ("a 3/4-mile tunnel", [("3/4-mile", 0.75, None, "miles", "")]),
    ],
    "units of other dimensions": [
        ("at 300 km/h", [("300 km/h", 300, None, "km/h", "")]),
        ("wind of 40 knots", [("40 knots", 40, None, "knots", "")]),
        ("5 GB of data", [("5 GB", 5e9, None, "bytes", "")]),
        ("七十平方厘米", [("七十平方厘米", 0.007, None, "m²", "")]),
        ("6 cubic feet", [("6 cubic feet", 6, None, "feet³", "")]),
        ("30 degrees Celsius", [("30 degrees Celsius", 30, None, "°C", "")]),
        ("称了三两茶叶", [("三两", 0.00015, None, "t", "")]),
        ("歇了三两天", []),
        ("室温25度", [("25度", 25, None, "degrees", "")]),
        ("华氏90度", [("90度", 90, None, "°F", "")]),
        ("用电25度", [("25度", 25, None, "kWh", "")]),
        ("weight: 20 (kg)", [("20 (kg)", 0.02, None, "t", "")]),
    ],
    "vague numbers": [
        ("上百名工人", [("百名", 100, None, "people", "over")]),
        ("several thousand tonnes", []),
        ("成千上万的人", []),
    ],
    "names and idioms": [
        ("十五五期间", []),
        ("80后", []),
        ("神舟-21", []),
        ("open 24/7", []),
        ("they won 4-1", []),
        ("see https://x.org/2/300?n=9 or a7@b.cn", []),
        ("55同城与900公司", []),
    ],
}
CASES = [(kind, text, expected) for kind, cases in KINDS.items() for text, expected in cases]


@pytest.mark.parametrize(("kind", "text", "expected"), CASES, ids=[f"{kind}: {text}" for kind, text, _ in CASES])
def test_a_kind_of_number_is_read(kind: str, text: str, expected: list[Expected]) -> None:
    found = read(text)
    assert [one[0] for one in found] == [one[0] for one in expected], kind
    assert [one[3:] for one in found] == [one[3:] for one in expected]
    assert [one[1] for one in found] == pytest.approx([one[1] for one in expected])
    assert [one[2] for one in found] == [one[2] if one[2] is None else pytest.approx(one[2]) for one in expected]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年上半年", "2024-01/2024-06"),
        ("24年下半年", "2024-07/2024-12"),
        ("2024年前十个月", "2024-01/2024-10"),
        ("2024年前三季度", "2024-01/2024-09"),
        ("2024年2-5月", "2024-02/2024-05"),
        ("2024/3/9", "2024-03-09"),
        ("2024.11.30", "2024-11-30"),
        ("25/12/2024", "2024-12-25"),
        ("03/04/2024", "2024"),
        ("FY2024", "2024"),
        ("1Q24", "2024-Q1"),
        ("first half of 2024", "2024-01/2024-06"),
        ("first nine months of 2024", "2024-01/2024-09"),
        ("2024财年", "2024"),
        ("last year", ""),
    ],
)
def test_a_form_of_date_is_read(text: str, iso: str) -> None:
    assert [found.iso for found in find_dates(text)] == [iso]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("last year", "2024"),
        ("去年", "2024"),
        ("前年", "2023"),
        ("今年上半年", "2025-01/2025-06"),
        ("去年12月", "2024-12"),
        ("In May", "2025-05"),
        ("in November", "2024-11"),
        ("6月", "2025-06"),
        ("将于6月投产", "2025-06"),
        ("上月", "2025-02"),
        ("last quarter", "2024-Q4"),
        ("up 5% from last year", ""),
        ("较去年增长", ""),
        ("on 21 October last year", "2024-10-21"),
        ("on October 21 of last year", "2024-10-21"),
        ("Late in June of last year", "2024-06"),
        ("In October last year", "2024-10"),
        ("十二月三日", "2024-12-03"),
        ("到二月底", "2025-02"),
    ],
)
def test_a_date_without_a_year_takes_it_from_the_publication(text: str, iso: str) -> None:
    assert [found.iso for found in find_dates(text, published=date(2025, 3, 10))] == [iso]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2014年8月裁定,次年1月1日取消", ["2014-08", "2015-01-01"]),
        ("2023年10月公告,次年12月收紧", ["2023-10", "2024-12"]),
        ("2023年12月21日公告,次月10日生效,同年施行", ["2023-12-21", "2024-01-10", "2024"]),
        ("In October 2023 it was listed, in December of the following year closed.", ["2023-10", "2024-12"]),
        (
            "It began in 2023; that October it grew, on April 4 of the next year it ended",
            ["2023", "2023-10", "2024-04-04"],
        ),
        (
            "By March 2024 it stood. The following May it fell, the following February it rose",
            ["2024-03", "2024-05", "2025-02"],
        ),
        ("Sales of May 2024: that month 5, the previous month 3", ["2024-05", "2024-05", "2024-04"]),
        ("It stopped last year, in April.", ["2024", "2024-04"]),
        ("次年1月", []),
        ("2098年," + "次年," * 3, ["2098", "2099"]),
        ("That October it grew.", []),
        ("十月革命,五月花,三月有余,三个月,五六月份", []),
    ],
)
def test_a_date_is_counted_from_the_one_before_it(text: str, dates: list[str]) -> None:
    assert [found.iso for found in find_dates(text, published=date(2025, 3, 10))] == dates


def test_the_date_before_may_stand_in_the_text_before() -> None:
    (before,) = find_dates("October 2023")
    assert [found.iso for found in find_dates("At the end of that December", before=before)] == ["2023-12"]


def test_numerals_that_count_nothing_are_found_by_themselves() -> None:
    assert [numeral.low for numeral in find_numerals("三百五, -7 and two point five")] == [350, -7, 2.5]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("二十五分之四", [0.16]),
        ("负三又四分之一", [-3.25]),
        ("1 3/4", [1.75]),
        ("five eighths", [0.625]),
        ("seven twenty-firsts", [1 / 3]),
        ("forty and three tenths", [40.3]),
        ("a thousandth", [0.001]),
        ("six out of four hundred", [0.015]),
        ("half a dozen", [6]),
        ("2^10", [1024]),
        ("一百 二百", [100, 200]),
    ],
)
def test_a_fraction_is_one_number(text: str, values: list[float]) -> None:
    assert [numeral.low for numeral in find_numerals(text)] == pytest.approx(values)


@given(
    st.text(alphabet="1 9.,0/½-–~%三万亿半百点个成折元角m kKMbtilonpercdsf&;<b>@https://年月日上下前至到", max_size=60)
)
def test_offsets_stay_in_any_text(text: str) -> None:
    quantities, dates = find_quantities(text)
    assert all(0 <= one.start < one.end <= len(text) for one in (*quantities, *dates))

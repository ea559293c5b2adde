"""Specification of quantities: numbers of both languages with unit, range, certainty and kind, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.quantities import find_dates, find_quantities
from rare_topics.quantities.chinese_numerals import chinese_value, parse_chinese
from rare_topics.quantities.english_numerals import number_word_pattern, parse_english
from rare_topics.quantities.expressions import find_expressions
from rare_topics.quantities.quantity_words import quantity_words
from rare_topics.quantities.units import currency_signs

HAN_DIGITS = "零一二三四五六七八九"


def quantities_of(text: str) -> list[tuple[str, float, float | None, str, str]]:
    """Return printed form, value, upper value, unit and kind of each quantity of a text."""
    return [(text[q.start : q.end], q.value, q.value_high, q.unit, q.kind) for q in find_quantities(text)[0]]


def single_quantity(text: str) -> tuple[float, float | None, str, str]:
    """Return value, upper value, unit and kind of the only quantity of a text."""
    (quantity,) = quantities_of(text)
    return quantity[1:]


def to_chinese(value: int) -> str:
    """Write a number in Chinese, as it is read aloud."""
    if value >= 10**8:
        rest = value % 10**8
        return (
            to_chinese(value // 10**8) + "亿" + ("零" if 0 < rest < 10**7 else "") + (to_chinese(rest) if rest else "")
        )
    if value >= 10**4:
        rest = value % 10**4
        return (
            to_chinese(value // 10**4) + "万" + ("零" if 0 < rest < 10**3 else "") + (to_chinese(rest) if rest else "")
        )
    for power, char in ((1000, "千"), (100, "百"), (10, "十")):
        if value >= power:
            rest = value % power
            return (
                HAN_DIGITS[value // power]
                + char
                + ("零" if 0 < rest < power // 10 else "")
                + (to_chinese(rest) if rest else "")
            )
    return HAN_DIGITS[value]


def to_english(value: int) -> str:
    """Write a number in English, as it is read aloud."""
    ones = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    small = [*ones, "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    for power, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= power:
            rest = value % power
            return f"{to_english(value // power)} {name}" + (f" {to_english(rest)}" if rest else "")
    if value < 20:
        return small[value]
    return tens[value // 10] + (f"-{small[value % 10]}" if value % 10 else "")


class TestForms:
    """The forms in which numbers are printed."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("RMB100 million", (100_000_000, None, "CNY", "money")),
            ("Rmb100bn", (100_000_000_000, None, "CNY", "money")),
            ("EUR5-7bn", (5_000_000_000, 7_000_000_000, "EUR", "money")),
            ("TRY 10 million", (10_000_000, None, "TRY", "money")),
            ("try 10 methods", (10, None, "items", "count")),
            ("rub 5 stones", (5, None, "items", "count")),
            ("约2.1万项稀土专利", (21_000, None, "items", "count")),
            ("运往国外的近四千吨", (4000, None, "t", "mass")),
            ("每千克4到7美元", (4, 7, "USD/kg", "price")),
            ("占全球的近9成", (90, None, "%", "share")),
            ("占比约两成五", (25, None, "%", "share")),
            ("一成半的货", (15, None, "%", "share")),
            ("还要七八年", (7, 8, "years", "duration")),
            ("苦等十五年", (15, None, "years", "duration")),
            ("停产十几天", (11 - 1, 19, "days", "duration")),
            ("三分之一的产能", (100 / 3, None, "%", "share")),
            ("百分之九十的产能", (90, None, "%", "share")),
            ("千分之二到千分之五", (0.2, 0.5, "%", "share")),
            ("关税减半", (-50, None, "%", "percent change")),
            ("产量翻番", (2, None, "times", "ratio")),
            ("产量翻两番", (4, None, "times", "ratio")),
            ("纯度达六个九", (99.9999, None, "%", "purity")),
            ("两亿一千七百万美元", (217_000_000, None, "USD", "money")),
            ("上千万辆汽车", (10_000_000, None, "items", "count")),
            ("三家工厂", (3, None, "items", "count")),
            ("五艘船", (5, None, "items", "count")),
            ("17种元素", (17, None, "items", "count")),
            ("两万多辆", (20_000, None, "items", "count")),
            ("三千五的工资有三千五百元", (3500, None, "CNY", "money")),
            ("世界第三大生产国", (3, None, "rank", "rank")),
            ("储量全球前五", (5, None, "rank", "rank")),
            ("cost of $10-15 billion", (1e10, 1.5e10, "USD", "money")),
            ("between $2 million and $3 million", (2e6, 3e6, "USD", "money")),
            ("a share of 60%-70%", (60, 70, "%", "share")),
            ("a share of 80 to 90 percent", (80, 90, "%", "share")),
            ("a pool of AUD 1.2 billion", (1.2e9, None, "AUD", "money")),
            ("99.9999% purity", (99.9999, None, "%", "purity")),
            ("31.8758 trillion yuan", (3.18758e13, None, "CNY", "money")),
            ("a score of -1.5", (-1.5, None, "items", "count")),
            ("500 kg of oxide", (0.5, None, "t", "mass")),
            ("75 cents", (0.75, None, "USD", "money")),
            ("between 0.4 and 0.7 euro cents", (0.004, 0.007, "EUR", "money")),
            ("980,000 yuan per ton", (980_000, None, "CNY/t", "price")),
            ("$5bn in aid", (5e9, None, "USD", "money")),
            ("two-thirds of demand", (200 / 3, None, "%", "share")),
            ("a quarter of demand", (25, None, "%", "share")),
            ("one in three magnets", (100 / 3, None, "%", "share")),
            ("nine out of ten magnets", (90, None, "%", "share")),
            ("a ratio of 3:1", (3, None, "ratio", "ratio")),
            ("a tenfold increase", (10, None, "times", "ratio")),
            ("the price doubled", (2, None, "times", "ratio")),
            ("imports halved", (-50, None, "%", "percent change")),
            ("twenty-five factories", (25, None, "items", "count")),
            ("one hundred and fifty million tons", (1.5e8, None, "t", "mass")),
            ("the third-largest producer", (3, None, "rank", "rank")),
            ("half a million tons", (500_000, None, "t", "mass")),
            ("between four months and five years", (1 / 3, 5, "years", "duration")),
            ("six to eight weeks", (6, 8, "weeks", "duration")),
            ("produces 85,000 tons of concentrate annually", (85_000, None, "t/year", "rate")),
            ("losses of $22 million daily", (2.2e7, None, "USD/day", "rate")),
        ],
    )
    def test_a_form_gives_its_value(self, text: str, expected: tuple[float, float | None, str, str]) -> None:
        value, high, unit, kind = single_quantity(text)
        assert (value, high, unit, kind) == (pytest.approx(expected[0]), pytest.approx(expected[1]), *expected[2:])

    @pytest.mark.parametrize(
        ("text", "qualifier"),
        [
            ("超过80%", "over"), ("至少要5年", "at least"), ("高达55%", "up to"), ("近四千吨", "nearly"),
            ("约3万吨", "about"),
            ("不足两吨", "under"), ("五十吨左右", "about"), ("三成以上", "at least"), ("3000多吨", "over"),
            ("more than 20%", "over"), ("at least 10 years", "at least"), ("up to $22 million", "up to"),
            ("nearly 70%", "nearly"), ("approximately 88%", "about"), ("less than $300 million", "under"),
            ("ten tons or so", "about"), ("92%", ""),
        ],
    )  # fmt: skip
    def test_a_qualifier_is_read(self, text: str, qualifier: str) -> None:
        (quantity,), _ = find_quantities(text)
        assert quantity.qualifier == qualifier

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a 75% drop in exports", -75),
            ("exports fell by 53%", -53),
            ("down 12% on the year", -12),
            ("imports from Myanmar dropped by 50% year on year", -50),
            ("prices rose by 167.8%", 167.8),
            ("a 65% increase in spending", 65),
            ("driving up costs by 40%", 40),
            ("出口下降了约两成", -20),
            ("价格上涨近60%", 60),
            ("同比增长16.8%", 16.8),
        ],
    )
    def test_a_fall_is_negative(self, text: str, expected: float) -> None:
        value, _, unit, kind = single_quantity(text)
        assert (value, unit, kind) == (expected, "%", "percent change")

    @pytest.mark.parametrize("text", ["surged to over 70%", "plummeted to below 23%", "reducing its 75% reliance"])
    def test_a_level_that_was_reached_is_no_change(self, text: str) -> None:
        assert single_quantity(text)[3] == "share"

    def test_a_move_is_two_claims_and_a_span_is_one(self) -> None:
        moved = "capacity rose from 85% to 91%"
        assert [entry[1:3] for entry in quantities_of(moved)] == [(85, None), (91, None)]
        assert single_quantity("a share from 85% to 91%")[:2] == (85, 91)

    def test_a_number_compared_with_a_price_inherits_its_unit(self) -> None:
        text = "changed hands at 452,000 yuan per ton, against 141,000 yuan in spring"
        assert [entry[3:] for entry in quantities_of(text)] == [("CNY/t", "price")] * 2
        assert [entry[3:] for entry in quantities_of("氧化镨钕从每吨52万元跳到64万")] == [("CNY/t", "price")] * 2

    def test_the_first_number_of_a_move_has_the_unit_of_the_second(self) -> None:
        text = "the estimate was raised from 559 million to 1.05 billion tonnes"
        assert [entry[1:4] for entry in quantities_of(text)] == [(559e6, None, "t"), (1.05e9, None, "t")]


class TestNoQuantities:
    """Digits and number words that are not quantities."""

    @pytest.mark.parametrize(
        "text",
        [
            "as reported [3] and [12]", "Group 1 and Group 2", "the F-35 fighter", "Section 232 tariffs",
            "the H20 chip",
            "第61号公告", "600111.SH rose", "941.HK fell", "call 010-8888-6666", "one of the best", "this one",
            "二者之间",
            "一个国家", "一起努力", "第一时间", "5G networks", "version 1.2.3", "the two sides", "在09:27发布",
            "1,23,4 and 1..2", "the first half of the year", "几百万吨", "数十年来", "一方面",
        ],
    )  # fmt: skip
    def test_it_is_not_a_quantity(self, text: str) -> None:
        assert quantities_of(text) == []

    def test_a_date_is_no_amount(self) -> None:
        found, dates = find_quantities("2025年10月9日出台, in July 2025, by 2028, 上世纪90年代, on April 4")
        assert found == []
        assert [mention.iso for mention in dates] == ["2025-10-09", "2025-07", "2028", "1990s", ""]


class TestDates:
    """The forms in which dates are printed, and the quantity that a date belongs to."""

    @pytest.mark.parametrize(
        ("text", "iso"),
        [
            ("2025年10月9日", "2025-10-09"),
            ("2025年第三季度", "2025-Q3"),
            ("二〇二五年", "2025"),
            ("上世纪九十年代", "1990s"),
            ("October 9th, 2025", "2025-10-09"),
            ("9 Oct. 2025", "2025-10-09"),
            ("Sept. 2025", "2025-09"),
            ("January to August 2025", "2025-01/2025-08"),
            ("third quarter of 2025", "2025-Q3"),
            ("Q1 2026", "2026-Q1"),
            ("2025-10-09", "2025-10-09"),
            ("the 1990s", "1990s"),
            ("by 2028", "2028"),
            ("10月9日", ""),
        ],
    )
    def test_a_form_of_date_is_read(self, text: str, iso: str) -> None:
        (date,) = find_dates(text)
        assert date.iso == iso
        assert 0 <= date.start < date.end <= len(text)

    @pytest.mark.parametrize(
        "text",
        ["2000 tons", "13月", "October 9%", "March 2,000 people", "They may rise 9%", "2月球", "1,2025", "32 May"],
    )
    def test_what_looks_like_a_date_is_none(self, text: str) -> None:
        assert find_dates(text) == []


class TestLaws:
    """Properties of every number and every text."""

    @given(st.integers(1, 10**12 - 1))
    def test_a_number_survives_chinese(self, value: int) -> None:
        assert chinese_value(to_chinese(value)) == (value, value)
        numeral = parse_chinese(to_chinese(value) + "吨", 0)
        assert numeral is not None
        assert numeral.low == value

    @given(st.integers(1, 10**12 - 1))
    def test_a_number_survives_english(self, value: int) -> None:
        numeral = parse_english(to_english(value), 0)
        assert numeral is not None
        assert (numeral.low, numeral.end) == (value, len(to_english(value)))

    @given(
        st.decimals(min_value="0.01", max_value="999999999", places=2),
        st.sampled_from(
            [
                ("{} tons", "{}吨", "t"),
                ("{} dollars", "{}美元", "USD"),
                ("{} years", "{}年", "years"),
                ("{}%", "{}%", "%"),
            ]
        ),
    )
    def test_a_value_survives_either_language(self, value: object, forms: tuple[str, str, str]) -> None:
        english, chinese, unit = forms
        one, other = (
            single_quantity(f"it was {english.format(f'{value:,}')} then"),
            single_quantity(f"共有{chinese.format(value)}之多"),
        )
        assert one[0] == other[0] == pytest.approx(float(str(value)))
        assert one[2] == other[2] == unit

    @given(st.text(alphabet="0123456789.,-%$ 年月日吨亿万千百十两三半成分之到ab\n第kgtobilion", max_size=80))
    def test_offsets_stay_in_the_text_and_apart(self, text: str) -> None:
        found, _ = find_quantities(text)
        for quantity in found:
            assert 0 <= quantity.start < quantity.end <= len(text)
        for one, other in pairwise(found):
            assert one.end <= other.start

    def test_an_expression_is_found_whatever_word_it_begins_with(self) -> None:
        """Expressions are tried only where one can begin; no word of the lists may be left out by that."""
        words = quantity_words()
        texts = [f"Output {word} then" for word in (*words.multiples_en, *words.halved_en)]
        texts += [f"产量{word}。" for word in (*words.multiples_zh, *words.halved_zh, *words.half_zh)]
        texts += [f"a {word}-fold rise" for word in number_word_pattern().split("|")]
        texts += [f"The {word} largest" for word in ("FIRST", "second", "tenth", "1st", "3rd")]
        texts += ["placed first", "ranked third", "Top five", "the biggest mine", "half of it", "half a point"]
        texts += [
            "a third of it",
            "an eighth of it",
            "a decade",
            "fell to zero",
            "one in three",
            "five nines",
            "5 nines",
        ]
        texts += [
            "降至零",
            "清零",
            "归零",
            "五个9",
            "第三大",
            "全球第二",
            "前十",
            "最大的国",
            "12:5",
            "千分之五",
            "三分之一",
        ]
        assert [text for text in texts if not find_expressions(text)] == []

    @given(st.text(max_size=200))
    def test_any_text_is_read(self, text: str) -> None:
        find_quantities(text)

    @pytest.mark.slow
    @pytest.mark.parametrize("unit", ["9", "1,", "万", "1:", "百分之", "from 1 to ", "annual ", "half "])
    def test_a_long_run_of_nonsense_comes_to_an_end(self, unit: str) -> None:
        """Forty thousand characters would take minutes if time grew with the square of the length."""
        found, _ = find_quantities(unit * (40_000 // len(unit)))
        assert all(quantity.value <= 1e17 for quantity in found)


SIGNS = [form for sign in currency_signs() for form in (sign, sign.lower(), sign.title())]


@given(parts=st.lists(st.sampled_from([*SIGNS, " ", "5", "10 million", " to ", "-", "亿", "try"])))
def test_offsets_stay_in_the_text_behind_any_currency_sign(parts: list[str]) -> None:
    text = "".join(parts)
    assert all(0 <= start < end <= len(text) for start, end in ((q.start, q.end) for q in find_quantities(text)[0]))

"""Specification of what a number takes from around it: dates, materials that are weighed, words for a country."""

from __future__ import annotations

import pytest

from tests.test_claims import read_claims


class TestMoreDates:
    """Months without a year, spans, and the year before of what stands before."""

    @pytest.mark.parametrize(
        ("body", "printed", "date"),
        [
            ("Peru mined 900 tons of tin between January and March.", "900 tons", "2026-Q1"),
            ("By early March 38 licences had been granted.", "38", "2026-03"),
            ("In April 512 permits were issued.", "512", "2026-04"),
            ("Ghana's output was 4,100 tons in the half year to December.", "4,100 tons", "2025-07/2025-12"),
            ("First-quarter sales fell to $96 million.", "$96 million", "2026-Q1"),
            ("2025年秘鲁产锡900吨,上一年为870吨。", "870吨", "2024"),
            ("Peru mined 900 tons of tin in 2025, against 870 tons the year before.", "870 tons", "2024"),
            ("2月6日,安特卫普镓价每公斤600美元;国内每公斤2100元。", "2100元", "2026-02-06"),
            ("Tin output of Peru rose 4% from June 2025.", "4%", ""),
            # What lasts is not dated by what was told before it.
            ("In May 2025 the plant of Oman was opened, with a capacity of 5,000 tons.", "5,000 tons", ""),
            ("Roughly $740 million, was earned in Peru in 2025.", "$740 million", "2025"),
            ("韩国厂商12日公布,营收为9亿韩元。", "9亿韩元", "2026-04-12"),
            ("合同为期20日,共9亿韩元。", "9亿韩元", ""),
            # Neither a month behind a verb nor the name of one.
            ("The plan may add 300 jobs.", "300", ""),
        ],
    )
    def test_a_number_takes_its_date(self, body: str, printed: str, date: str) -> None:
        claims = read_claims(body, published="2026-04-20").claims
        assert next(claim.as_of for claim in claims if claim.printed.startswith(printed)) == date


class TestWhatIsWeighed:
    """Ships and chips are counted; their mass is that of a material."""

    @pytest.mark.parametrize(
        ("body", "title", "thing"),
        [
            ("Its shipyards use 40 tons a year.", "Dysprosium in warships", "dysprosium"),
            ("一家芯片厂每月要12公斤。", "镓的去处", "gallium"),
            ("American missile makers take 30 tons.", "Antimony is short", "antimony"),
            ("Bolivia ships 900 tons a year.", "Tin from Bolivia", "tin"),
            ("Battery-grade material sells for $9 a kilo.", "Lithium prices", "lithium"),
            ("The plant makes 3 tons of scandium a year and aims for 12 tons.", "News from Quebec", "scandium"),
            # Magnets are weighed.
            ("Slovakia made 640 tons of magnets.", "Neodymium", "magnet"),
        ],
    )
    def test_a_mass_is_of_a_material(self, body: str, title: str, thing: str) -> None:
        claims = read_claims(body, titles=[title]).claims
        assert claims[-1].subject.object == thing


class TestThatCountry:
    """Words that stand for a country named before."""

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ("Peru signed with Japan. The country holds 20% of the tin.", "japan"),
            ("秘鲁上月停了矿。该国去年产锡3万吨。", "peru"),
            ("Half of the ore goes to Oman, the latter with a capacity of 5,000 tons.", "oman"),
            ("The bloc imports 71% of its magnesium.", "eu"),
            ("塔吉克斯坦每月借道格鲁吉亚的波季港运出锑400吨。", "tajikistan"),
            ("巴西国家开发银行承担锡矿的四成投资。", "brazil"),
        ],
    )
    def test_a_number_is_of_the_country_named_before(self, body: str, place: str) -> None:
        assert read_claims(body).claims[-1].subject.place == place

"""Specification of subjects: what a number measures, of what and of whom, when, and whether it holds now."""

from __future__ import annotations

from datetime import datetime

import pytest

from rare_topics.claims import Claim, Claims
from rare_topics.claims.wording import subject_wording
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.records import Article
from rare_topics.lexicon import Lexicon
from rare_topics.text.segmenter import Segmenter

LEXICON = Lexicon()
SEGMENTER = Segmenter(LEXICON.words)
PUBLISHED = datetime.fromisoformat("2026-03-10")


def read(body: str, *, title: str = "") -> Claims:
    """Read the claims of one article of March 2026."""
    article = Article(article_id="a0", title=title, body=body, published=PUBLISHED, body_lang=language_of(body))
    return Claims(Corpus((article,)), lexicon=LEXICON, segmenter=SEGMENTER)


def claim_of(claims: Claims, printed: str) -> Claim:
    """Return the claim whose number is printed so."""
    return next(claim for claim in claims.claims if claim.printed == printed)


# A tariff over a good that is not what it is levied on.
FENTANYL = "美国因芬太尼加征的关税税率"


class TestThings:
    """The thing measured: that of the number's phrase, its clause, the clauses before, heading and title."""

    @pytest.mark.parametrize(
        ("body", "printed", "thing"),
        [
            # The head noun behind the number, with "of" and without.
            ("Chile shipped 280,000 tons of lithium carbonate to Korean makers.", "280,000 tons", "lithium_carbonate"),
            ("深圳海关查获7.2吨氧化铽。", "7.2吨", "terbium"),
            # Of elements that are sold together one thing is made.
            ("The mine yields 900 tons of neodymium and praseodymium.", "900 tons", "neodymium_praseodymium"),
            # The topic before the number, in Chinese.
            ("澳大利亚的锂矿产量占全球的46%。", "46%", "lithium"),
            # A second value takes the thing of the clause before.
            ("智利去年锂产量为28万吨,其中六成出口到中国。", "六成", "lithium"),
            ("Germanium trades at $3,000 per kilogram, down 20% from its peak.", "20%", "germanium"),
            ("The country makes dysprosium oxide for Japan, and exports doubled to 90 tons.", "90 tons", "dysprosium"),
            # An own thing in the second half goes before that of the first.
            ("中国的镓产量占全球的98%,锗占60%。", "60%", "germanium"),
            # Numbers of a list share the thing behind the last.
            ("美国72%、日本92%的关键矿产靠中国供货。", "72%", "critical_minerals"),
            # Where rare earths are the subject, an oxide is one of rare earths.
            ("The producer of rare earths sold 400 tons of oxide.", "400 tons", "rare_earth_oxide"),
            # The verb "to ship" is no vessel, and a company's name no mineral.
            ("Malaysia sells rare earths, of which it shipped 40 tons.", "40 tons", "rare_earths"),
            ("Blue Ridge Minerals sold 40 tons of cobalt.", "40 tons", "cobalt"),
        ],
    )
    def test_a_number_is_said_of_the_thing_of_its_clause(self, body: str, printed: str, thing: str) -> None:
        assert claim_of(read(body), printed).subject.object == thing

    def test_what_the_text_leaves_out_comes_from_the_title(self) -> None:
        found = claim_of(
            read("The cabinet will spend 730 billion rupees.", title="India builds a tungsten industry"),
            "730 billion rupees",
        )
        assert (found.subject.object, found.subject.inherited) == ("tungsten", "tp")

    @pytest.mark.parametrize("body", ["工程师不足40人。", "Approval takes 45 days.", "开工率为72%。"])
    def test_what_nothing_names_stays_empty(self, body: str) -> None:
        assert read(body).claims[0].subject.object == ""


class TestPlaces:
    """Whose a number is."""

    @pytest.mark.parametrize(
        ("body", "printed", "place"),
        [
            # Share of what, and whose.
            ("Germany imported 5,200 tons of magnets, 84% of them from China.", "84%", "germany"),
            ("韩国的磁体有89%来自中国。", "89%", "south_korea"),
            ("Some 60% of the world's cobalt comes from Indonesia.", "60%", "indonesia"),
            # The side that is compared with has the number behind it.
            ("China's share of gallium output is 98%, compared with Japan's 3%.", "3%", "japan"),
            ("Brazil has 23 million tons of reserves, ahead of China's 4 million tons.", "4 million tons", "china"),
            ("Brazil has 23 million tons of reserves, ahead of China's 4 million tons.", "23 million tons", "brazil"),
            # A multiple is of the one, not of the other.
            ("中国申请了2万项稀土专利,是印度的四倍。", "四倍", "china"),
            # The other side of a relation.
            ("缅甸1月对华出口稀土3500吨。", "3500吨", "myanmar"),
            ("Japan relies on China for 60% of its rare earths.", "60%", "japan"),
            # A pronoun "whose" means the last name before it.
            ("Ore comes from Australia and Norway, whose mine holds 80,000 tons of ore.", "80,000 tons", "norway"),
            # A city, an institution and the money of a country stand for it.
            ("鹿特丹的锑价涨到每吨6万美元。", "6万美元", "netherlands"),
            ("The Pentagon spent $400 million on magnets.", "$400 million", "usa"),
            ("The line will cost 2.1 billion reais.", "2.1 billion reais", "brazil"),
            # What is counted of the whole world has no place.
            ("Global demand for magnets will reach 600,000 tons.", "600,000 tons", ""),
            # At home is the country that the text has named, else that of its language.
            ("国内分离企业开工率为72%。", "72%", "china"),
        ],
    )  # fmt: skip
    def test_a_number_belongs_to_the_place_of_its_clause(self, body: str, printed: str, place: str) -> None:
        assert claim_of(read(body), printed).subject.place == place

    @pytest.mark.parametrize(
        "body",
        [
            "德国专家称:至少要6年,才能赶上。",
            "德国媒体认为至少要6年才能赶上。",
            "German analysts warn that catching up takes 6 years.",
        ],
    )
    def test_who_says_it_is_not_whose_number_it_is(self, body: str) -> None:
        (claim,) = read(body, title="美国重建稀土产业").claims
        assert claim.subject.place == "usa"

    def test_a_country_in_the_title_goes_before_a_region(self) -> None:
        found = read("Exploration will take six years.", title="Central Asia: Kazakhstan opens a mine")
        assert found.claims[0].subject.place == "kazakhstan"

    def test_a_world_wide_number_does_not_take_the_place_of_the_title(self) -> None:
        found = read("Global sales of chips reached $900 billion.", title="South Korea pays for chips")
        assert claim_of(found, "$900 billion").subject.place == ""


class TestMeasures:
    """What is measured where the nearest word does not say it."""

    @pytest.mark.parametrize(
        ("body", "printed", "measure"),
        [
            ("The ministry bought 15% of MP Materials.", "15%", "equity stake"),
            ("Some 60% of the world's cobalt comes from Indonesia.", "60%", "supply"),
            ("98%的稀土磁体来自中国,欧盟很难摆脱。", "98%", "dependence"),
            ("The maker lost $18 million last year.", "$18 million", "profit"),
            ("Spending on R&D rose 28%.", "28%", "research"),
            ("研发人员只有2.3万人。", "2.3万人", "researchers"),
            # What is lacking is no part of what is supplied.
            ("韩国的钨供应出现了25%的缺口。", "25%", "shortage"),
            ("The ban left Korea with a supply gap of 25% in tungsten.", "25%", "shortage"),
        ],
    )
    def test_a_measure_is_told(self, body: str, printed: str, measure: str) -> None:
        assert claim_of(read(body), printed).subject.measure == measure

    @pytest.mark.parametrize(
        ("body", "printed", "whole"),
        [
            ("Chile mines 30% of the world's lithium.", "30%", ""),
            ("Peru covers a fifth of its own tin demand.", "a fifth", "own"),
            ("Four mills refine over 85% of the country's tungsten.", "85%", "own"),
            ("Kenya has exploited only 4% of its cobalt reserves.", "4%", "own"),
            ("赣南的钨产量占全国的四成以上。", "四成", "own"),
            ("印度的锂产量占全球的2%。", "2%", ""),
            # What one takes from others is by its measure a part of one's own.
            ("Korea depends on China for 80% of its graphite.", "80%", ""),
        ],
    )
    def test_a_part_of_what_a_place_has_is_no_part_of_the_world(self, body: str, printed: str, whole: str) -> None:
        assert claim_of(read(body), printed).subject.whole == whole

    def test_a_loss_is_below_zero(self) -> None:
        assert claim_of(read("The maker lost $18 million last year."), "$18 million").quantity.value < 0

    @pytest.mark.parametrize("body", ["Two generals and four friends met.", "只用4招。", "本文共800字。"])
    def test_trivial_counts_are_no_claims(self, body: str) -> None:
        assert len(read(body)) == 0

    def test_three_engineers_are_counted(self) -> None:
        assert claim_of(read("Three engineers left the rare earth plant."), "Three").quantity.value == 3


class TestDates:
    """The date that a number holds at."""

    @pytest.mark.parametrize(
        ("body", "printed", "date"),
        [
            ("去年12月,中国出口磁体6150吨,环比增加8%。", "8%", "2025-12"),
            ("Sales rose 28% to 9.6 billion yuan in 2025.", "28%", "2025"),
            ("The first batch of 2026 quotas was 142,000 tons, up 5.2%.", "5.2%", "2026"),
            ("Exports were 310 tons in May 2025, compared with a monthly average of 420 tons.", "420 tons", ""),
            ("The share rose from 85% in 2022 to 91%.", "91%", ""),
            ("Japan buys 71% of its cobalt abroad, according to data for 2025.", "71%", "2025"),
            ("包头2月6日报价显示,氧化镨钕每吨80万元;氧化镝每吨150万元。", "150万元", "2026-02-06"),
            ("2月挂牌价为每吨72万元,比上月提高4万元。", "4万元", "2026-02"),
            ("订单排到了4月底,库存只够20天。", "20天", ""),
            ("Cobalt sold for $30 a pound in London on Friday.", "$30 a pound", "2026-03-06"),
            ("镍价周一收于每吨12万元。", "12万元", "2026-03-09"),
            ("镍价上周五收于每吨12万元。", "12万元", "2026-03-06"),
            ("Chile's lithium miners earned 40 million dollars in the first quarter.", "40 million dollars", "2026-Q1"),
            ("截至2月20日,德国储气率为30%,去年同期为45%。", "45%", "2025-02-20"),
            ("On February 20 stocks were 30 tons, against 45 tons a year earlier.", "45 tons", "2025-02-20"),
            ("Peru mined 300,000 tons of copper in 2024; Chile mined 500,000 tons.", "500,000 tons", "2024"),
            ("Exports have grown tenfold since 1988.", "tenfold", ""),
            ("Since 1988 the mine has lost 4 million dollars.", "4 million dollars", ""),
            ("从2012年以来,该矿先后换了三批投资者,投入不足2亿美元。", "2亿美元", ""),
        ],
    )
    def test_a_number_takes_the_date_that_is_its_own(self, body: str, printed: str, date: str) -> None:
        found = next(claim for claim in read(body).claims if claim.printed.endswith(printed))
        assert found.as_of == date


class TestTense:
    """Whether a number holds now, held once, is planned, or is only supposed."""

    @pytest.mark.parametrize(
        ("body", "printed", "tense"),
        [
            ("China refines 90% of rare earths.", "90%", "now"),
            ("The plant will make 6,000 tons of magnets.", "6,000 tons", "plan"),
            ("The company employs 650 workers and plans to hire 200 engineers.", "650", "now"),
            ("The company employs 650 workers and plans to hire 200 engineers.", "200", "plan"),
            ("到2030年磁体产能达到6000吨。", "6000吨", "plan"),
            ("In 1995 the United States produced 22,000 tons of rare earths.", "22,000 tons", "history"),
            ("依赖度曾高达90%。", "90%", "history"),
            ("If Beijing tightens licensing, cobalt reaches $60,000 per ton.", "$60,000 per ton", "hypothetical"),
            ("如果氧化铽跌破每吨600万元,矿山就会停产。", "600万元", "hypothetical"),
            ("如果只看氧化铽,中国的加工占比达95%。", "95%", "now"),
            ("若不算再生料,中国的加工占比为88%。", "88%", "now"),
            ("If one looks at terbium alone, China refines 95% of it.", "95%", "now"),
        ],
    )
    def test_a_number_has_the_tense_of_its_clause(self, body: str, printed: str, tense: str) -> None:
        found = next(claim for claim in read(body).claims if claim.printed.endswith(printed))
        assert found.tense == tense


class TestWording:
    """Subjects as readers of either language say them."""

    @pytest.mark.parametrize(
        ("body", "en", "zh"),
        [
            ("China refines 90% of rare earths.", "China's share of rare earth processing", "中国稀土加工占比"),
            ("The U.S. imposed a tariff of 20% on steel.", "U.S. tariff rate on steel", "美国钢铁关税税率"),
            ("Chile mined 280,000 tons of lithium.", "Chile's lithium mining volume", "智利锂开采量"),
            ("Iluka makes 9 tons of cobalt per year.", "Iluka's annual cobalt production volume", "伊鲁卡钴年产量"),
            ("Brazil produces 38% of the world's coffee.", "Brazil's share of coffee production", "巴西咖啡生产占比"),
            ("India's share of global coal output is 11%.", "India's share of coal output", "印度煤炭产量占比"),
            ("Japan has fewer than 40 specialists.", "number of engineers (Japan)", "日本的工程师人数"),
            ("The U.S. put a tariff of 20% on fentanyl.", "U.S. tariff rate over fentanyl", FENTANYL),
            ("Peru holds reserves of 30,000 tons of tin.", "Peru's tin reserves", "秘鲁锡储量"),
            ("France's stocks of gallium last 40 days.", "France's gallium stock cover", "法国镓库存可用时间"),
            ("Peru covers a fifth of its own tin demand.", "part of Peru's own tin demand", "占秘鲁自身锡需求的比例"),
            ("There are 17 rare earth elements.", "number of rare earth elements", "稀土元素数目"),
            ("India runs 25 factories.", "number of factories (India)", "工厂数目（印度）"),
            ("Kenya's cobalt mine opens in 2031.", "date (Kenya, cobalt)", "日期（肯尼亚钴）"),
            ("Spain lent $70 million to Chile for lithium.", "Spain's lithium loan", "西班牙锂贷款额"),
        ],
    )  # fmt: skip
    def test_a_subject_reads_as_a_phrase(self, body: str, en: str, zh: str) -> None:
        found = read(body)
        assert subject_wording(found.claims[0], LEXICON) == (zh, en)

    @pytest.mark.parametrize(
        "query",
        [
            "锂 精炼",
            "精炼 锂",
            "锂精炼",
            "lithium refining",
            "refining of lithium",
            "精炼 lithium",
            "澳大利亚锂加工占比",
        ],
    )
    def test_about_takes_words_of_either_language_in_any_order(self, query: str) -> None:
        found = read("Australia refines 12% of the world's lithium. Australia mines 46% of its lithium ore for Japan.")
        assert found.about(query)["value"].tolist() == [12]

    def test_about_nothing_finds_nothing(self) -> None:
        assert read("China refines 90% of rare earths.").about("的").empty


class TestElidedUnits:
    """A bare number has the unit of the number before it in its sentence."""

    @pytest.mark.parametrize(
        ("sentence", "printed", "unit", "value"),
        [
            ("Peru shipped 610 tons of tin in May, against 540 in April.", "540", "t", 540),
            ("Delivery now takes 40 days, against 65 in the spring.", "65", "days", 65),
            (
                "Cobalt rose from 31,000 euros a ton; sellers now ask for 38,500, which buyers refuse.",
                "38,500",
                "EUR/t",
                38_500,
            ),
        ],
    )
    def test_it_is_completed(self, sentence: str, printed: str, unit: str, value: float) -> None:
        found = claim_of(read(sentence), printed)
        assert (found.quantity.unit, found.quantity.value) == (unit, pytest.approx(value))

    @pytest.mark.parametrize(
        ("sentence", "printed"),
        [
            ("Peru shipped 610 tons of tin with 540 trucks.", "540"),
            ("Peru shipped 610 tons of tin, and 12 of its mines closed.", "12"),
            ("Over 20 years the number of mines in Peru that are closed rose from 9 in 2004 to 15.", "15"),
            ("Peru shipped 61 tons of tin. Of the inspectors 54 were new.", "54"),
        ],
    )
    def test_what_counts_something_else_is_not(self, sentence: str, printed: str) -> None:
        assert all(claim.quantity.kind == "count" for claim in read(sentence).claims if claim.printed == printed)


class TestOuterThings:
    """What a company earns or pays is not of the thing of the title."""

    @pytest.mark.parametrize(
        ("sentence", "printed", "thing"),
        [
            ("Revenue reached 80 million euros in the second quarter.", "80 million euros", ""),
            ("The company lent 80 million euros.", "80 million euros", ""),
            ("Output reached 420 tons.", "420 tons", "tungsten"),
        ],
    )
    def test_only_measures_of_materials_take_it(self, sentence: str, printed: str, thing: str) -> None:
        assert claim_of(read(sentence, title="A tungsten mine in Spain"), printed).subject.object == thing


class TestDomestic:
    @pytest.mark.parametrize(("title", "place"), [("越南钨矿复产", "vietnam"), ("钨矿复产", "china")])
    def test_it_is_of_the_country_of_the_title(self, title: str, place: str) -> None:
        assert claim_of(read("国内钨产量达到3200吨。", title=title), "3200吨").subject.place == place


class TestOuterSubjects:
    @pytest.mark.parametrize(
        ("title", "thing"),
        [
            ("Tungsten and soybeans in Spain", ""),
            ("Dysprosium and terbium in Spain", "heavy_rare_earths"),
            ("Gallium in Spain", "gallium"),
        ],
    )
    def test_a_title_of_several_things_names_what_they_have_in_common(self, title: str, thing: str) -> None:
        assert claim_of(read("Output reached 420 tons.", title=title), "420 tons").subject.object == thing

    def test_of_kinds_that_are_named_as_often_the_first_by_name_is_the_topic(self) -> None:
        body = "Dysprosium rose 3%. Dysprosium costs 40 dollars. Heavy rare earths fell 5%. Heavy rare earths cost 9."
        assert {claim.subject.topic for claim in read(body).claims} == {"heavy_rare_earths"}

    @pytest.mark.parametrize(
        ("sentence", "printed", "place"),
        [
            ("Sellers ask 41 dollars per kilogram.", "41 dollars per kilogram", ""),
            ("Sellers ask 290 yuan per kilogram.", "290 yuan per kilogram", "china"),
            ("Chile asks 41 dollars per kilogram.", "41 dollars per kilogram", "chile"),
        ],
    )
    def test_a_price_is_not_of_the_place_of_the_title(self, sentence: str, printed: str, place: str) -> None:
        found = claim_of(read(sentence, title="A gallium works in Spain"), printed)
        assert (found.subject.measure, found.subject.place) == ("price", place)

"""Specification of the package's themes: who does what to what, in both languages."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from planted_themes import planted_article, planted_roles, planted_strengths, planted_themes

from rare_topics.lexicon.surface_forms import SurfaceForms, general_tokens
from rare_topics.text.lexicon_file import read_lexicon
from rare_topics.themes import ThemeFinder


@pytest.mark.parametrize(
    ("theme", "english", "chinese"),
    [
        ("us_dependence", "The US depends on China for its rare earths.", "美国的稀土高度依赖中国。"),
        ("chinese_controls", "Beijing now requires a licence to export terbium.", "中方要求出口铽必须申请许可证。"),
        ("processing_dominance", "China refines 90% of the world's rare earths.", "全球90%的稀土精炼产能集中在中国。"),
        ("technology_gap", "Its separation technology lags behind China's.", "其分离技术落后于中国。"),
        ("military_demand", "Each fighter jet needs 400 kg of rare earths.", "每架战斗机需要四百公斤稀土。"),
        ("us_rebuild", "The United States is building a magnet plant in Texas.", "美国在得克萨斯建设磁体工厂。"),
        ("allied_coalition", "The Quad launched a critical minerals initiative.", "四方安全对话启动关键矿产倡议。"),
        ("smuggling", "Antimony was smuggled out under false labels.", "锑被伪报后走私出境。"),
        ("trade_talks", "US and Chinese negotiators met in Madrid.", "中美在马德里举行经贸磋商。"),
        ("markets_prices", "The price of terbium oxide rose 20%.", "氧化铽价格上涨20%。"),
        ("china_upgrade", "China's rare earth industry invests in R&D.", "中国稀土产业加大研发投入,推动产业升级。"),
        ("beyond_rare_earths", "Soybean exports to China fell to zero.", "对华大豆出口降至零。"),
        ("alt_supplier_australia", "Australia mines and exports rare earths.", "澳大利亚开采并出口稀土。"),
    ],
)
def test_a_rule_written_once_works_in_both_languages(
    theme: str, english: str, chinese: str, theme_finder: ThemeFinder
) -> None:
    assert planted_strengths(theme_finder, "News", english).get(theme, 0) >= 2
    assert planted_strengths(theme_finder, "新闻", chinese).get(theme, 0) >= 2


@pytest.mark.parametrize(
    ("theme", "english", "chinese", "other"),
    [
        (
            "processing_dominance",
            "China is the only country that can separate terbium.",
            "能分离铽的,只有中国。",
            "Brazil is the only country that sells this clay.",
        ),
        (
            "processing_dominance",
            "The grip of China on magnets is tight.",
            "磁材的话语权牢牢握在中国手里。",
            "The grip of the unions on magnets is tight.",
        ),
        (
            "processing_dominance",
            "Virtually all of the refining takes place in China.",
            "精炼几乎都在中国完成。",
            "Virtually all of the voters stayed at home in China.",
        ),
        (
            "processing_dominance",
            "Nine tenths of separated oxide come from a single country.",
            "九成氧化物出自同一个国家。",
            "Nine tenths of the visitors come from a single country.",
        ),
        (
            "us_dependence",
            "American factories buy their magnets exclusively from China.",
            "美国工厂的磁体大头要从中国买。",
            "American factories buy their paint from Canada.",
        ),
        (
            "us_dependence",
            "America has no other source of heavy rare earths than China.",
            "除了中国,美国的重稀土没有别的来源。",
            "America has no other source of rare news than its papers.",
        ),
        (
            "us_dependence",
            "American carmakers ran out of magnets.",
            "美国车企的磁体库存见底。",
            "American voters ran out of patience.",
        ),
        (
            "us_dependence",
            "America cannot do without China's dysprosium.",
            "美国的镝要看别人脸色。",
            "America can do without the treaty.",
        ),
        (
            "chinese_controls",
            "Chinese officials turned down the application to ship dysprosium.",
            "中方驳回了镝的出口申请。",
            "Chilean officials turned down the application to build a hotel.",
        ),
        (
            "chinese_controls",
            "Beijing turned off the tap of terbium.",
            "中国关上了铽的阀门。",
            "The plumber turned off the tap.",
        ),
        (
            "chinese_controls",
            "Shipments of magnets wait for paperwork in China.",
            "中国出口磁体仍要排队等批复。",
            "Passengers wait for paperwork in China.",
        ),
        (
            "technology_gap",
            "Engineers cannot match the purity of the separation.",
            "他们学不会这套分离技术。",
            "The actors cannot match the costumes.",
        ),
        (
            "technology_gap",
            "Their refining is unproven at scale.",
            "他们的分离还停留在实验室阶段。",
            "Their prototype of a chair is unproven.",
        ),
        (
            "us_rebuild",
            "The Pentagon lent $5 million for a pilot hall and engineers in Colorado.",
            "五角大楼拨款五百万美元在科罗拉多建中试基地。",
            "The Pentagon lent a hand.",
        ),
        (
            "china_upgrade",
            "A research team in Baotou developed a new rare earth recycling process.",
            "包头的课题组研制出稀土回收新工艺。",
            "A research team in Texas developed a new recycling bin.",
        ),
        (
            "smuggling",
            "Customs officers impounded antimony that was passed off as zinc.",
            "缉私局查扣了谎报品名的锑锭。",
            "Police officers impounded a bicycle.",
        ),
        (
            "markets_prices",
            "Brokers turned bearish as NdPr prices slumped.",
            "镨钕跳水,贸易商看跌。",
            "Poets turned melancholy.",
        ),
        (
            "markets_prices",
            "The miner's gross profit fell 20%.",
            "矿企净利润下滑20%。",
            "The gross error was corrected.",
        ),
        (
            "military_demand",
            "Each interceptor carries a magnet of samarium cobalt.",
            "每枚拦截弹的舵机里都有钐钴磁体。",
            "Each basket carries a bun.",
        ),
        (
            "beyond_rare_earths",
            "A cruise ship called at Sanya with tourists.",
            "国庆档电影票房下降。",
            "Dysprosium comes from Ganzhou.",
        ),
        (
            "alt_supplier_uganda",
            "The refinery near Kampala yields 400 tons of rare earths a year.",
            "坎帕拉附近的冶炼厂年产四百吨稀土。",
            "Kampala yields to protesters.",
        ),
        (
            "us_dependence",
            "No American firm can supply such magnets.",
            "美国没有一家企业能供应这种磁体。",
            "No American firm can supply such shoes.",
        ),
        (
            "us_dependence",
            "American drone makers buy the magnets in Dongyang.",
            "美国车企从宁波采购磁体。",
            "Chinese crushers buy soybeans in Iowa.",
        ),
        (
            "technology_gap",
            "Hardly any specialist can still teach solvent extraction.",
            "懂萃取分离的技师已经断层。",
            "Hardly any dancer can still teach the waltz.",
        ),
        (
            "chinese_controls",
            "Beijing keeps the passports of its rare earth engineers.",
            "中国收走了稀土技术员的护照。",
            "Brazil keeps the passports of its rare earth engineers.",
        ),
        (
            "trade_talks",
            "China and the US set up a hotline before the presidential visit.",
            "中美设立热线,为访美作准备。",
            "France and Italy set up a hotline.",
        ),
        (
            "us_dependence",
            "Two thirds of American motors turn on Chinese magnets.",
            "美国风电所用磁体九成是中国的。",
            "Two thirds of American hats are made of Chinese silk.",
        ),
        (
            "us_dependence",
            "If China cut off supply, American carmakers would stand still.",
            "若中国断供,美国车企就要停线。",
            "If the river rose, American carmakers would shut.",
        ),
        (
            "processing_dominance",
            "China refines for the whole world.",
            "全世界的稀土都靠中国分离。",
            "Chile cooks for the whole world.",
        ),
        (
            "chinese_controls",
            "Licences for magnets are slow and hard to get.",
            "磁体许可证迟迟批不下来。",
            "Licences for bars are slow.",
        ),
        (
            "us_rebuild",
            "A magnet line in Oklahoma starts up.",
            "得州的磁体新厂开机投产。",
            "A bus line in Oklahoma starts up.",
        ),
        (
            "markets_prices",
            "Citi analysts raised their forecast for neodymium prices.",
            "机构上调钕价预期。",
            "Citi analysts raised their glasses.",
        ),
        (
            "markets_prices",
            "Next year there will be a deficit of dysprosium.",
            "明年镝供不应求,偏紧。",
            "Next year there will be an election.",
        ),
        (
            "china_upgrade",
            "Chinese scientists found a cleaner way of leaching.",
            "中国科学家发明了浸出新法。",
            "Chinese poets found a cleaner rhyme.",
        ),
        (
            "chinese_controls",
            "Beijing put the ban on antimony exports on hold.",
            "中国给稀土出口许可开绿灯。",
            "Peru put the ban on fishing on hold.",
        ),
        (
            "technology_gap",
            "The last professor of smelting has retired.",
            "懂冶炼的老师都退休了。",
            "The last professor of Greek sings.",
        ),
        (
            "allied_coalition",
            "Ministers of many nations formed a club to pool mineral purchases.",
            "多国部长商定共建关键矿产俱乐部。",
            "Ministers of many nations formed a choir.",
        ),
        (
            "us_rebuild",
            "America wants to refine its own rare earths at a plant.",
            "美国打算在本土建稀土精炼厂。",
            "America wants to bake its own bread.",
        ),
        (
            "processing_dominance",
            "The choke point for magnets sits in Baotou.",
            "各国的精矿都流向中国。",
            "The choke point for traffic sits in Baotou.",
        ),
    ],
)
def test_families_of_words_tell_an_act_in_both_languages_and_nothing_else(
    theme: str, english: str, chinese: str, other: str, theme_finder: ThemeFinder
) -> None:
    assert planted_strengths(theme_finder, "News", english).get(theme, 0) >= 2
    assert planted_strengths(theme_finder, "新闻", chinese).get(theme, 0) >= 2
    assert planted_strengths(theme_finder, "News", other).get(theme, 0) < 2


@pytest.mark.parametrize(
    "deal",
    ["Washington lends Brazil's miner money for its rare earths.", "Japan lends to a rare earth mine in Namibia."],
)
def test_a_deal_of_two_is_no_coalition(deal: str, theme_finder: ThemeFinder) -> None:
    assert planted_strengths(theme_finder, "News", deal).get("allied_coalition", 0) < 2


@pytest.mark.parametrize(
    "other",
    [
        "Vietnam banned exports of raw rare earth ore.",
        "Brussels wants to require permits for exports of magnet scrap.",
        "印度禁止出口稀土。",
    ],
)
def test_controls_of_another_country_are_not_chinese(other: str, theme_finder: ThemeFinder) -> None:
    assert planted_strengths(theme_finder, "News", other).get("chinese_controls", 0) < 2


def test_an_article_is_beyond_rare_earths_only_where_it_never_names_them(theme_finder: ThemeFinder) -> None:
    other = "A cruise ship called at Sanya with tourists."
    assert planted_strengths(theme_finder, "News", other)["beyond_rare_earths"] == 3
    assert "beyond_rare_earths" not in planted_strengths(theme_finder, "News", other, "China controls terbium.")


def test_a_city_stands_for_its_country_and_weights_tell_of_a_mine(theme_finder: ThemeFinder) -> None:
    text = "The mine near Lilongwe yields 20,000 tonnes of rare earths a year."
    assert planted_strengths(theme_finder, "News", text)["alt_supplier_malawi"] >= 2
    assert "alt_supplier_malawi" not in planted_strengths(
        theme_finder, "News", "The baker in Lilongwe yields 20,000 rolls."
    )


def test_what_stands_in_a_country_is_that_countrys_whoever_owns_it(theme_finder: ThemeFinder) -> None:
    found = planted_strengths(theme_finder, "News", "The British company builds a rare earth refinery in Angola.")
    assert found["alt_supplier_angola"] >= 2
    assert "alt_supplier_uk" not in found


def test_licences_are_chinese_only_where_the_article_names_a_good(theme_finder: ThemeFinder) -> None:
    slow = "Licences are slow."
    assert "chinese_controls" not in planted_strengths(theme_finder, "News", slow)
    assert planted_strengths(theme_finder, "News", slow, "Terbium is rare.")["chinese_controls"] >= 1


def test_the_country_of_a_headline_acts_but_is_nobodys_source(theme_finder: ThemeFinder) -> None:
    told = "Carmakers import magnets from Chinese plants."
    found = planted_themes(theme_finder, planted_article("Japan's rare earths", told)).evidence
    assert told not in set(found.loc[found["theme"] == "alt_supplier_japan", "quote"])


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Thailand served as a transit point: antimony was smuggled via Thailand and relabelled there.", "thailand"),
        ("走私团伙借道泰国转口锑锭。", "thailand"),
        ("Brazil sold record amounts of soybeans to China.", "brazil"),
        ("阿根廷向中国出口大豆。", "argentina"),
        ("Japan imports its rare earths from China.", "japan"),
        ("日本从中国采购稀土。", "japan"),
        ("Russia became a seller of soybeans to China.", "russia"),
        ("India seeks to negotiate rare earth supplies from China.", "india"),
    ],
)
def test_a_country_named_is_not_yet_a_supplier(text: str, country: str, theme_finder: ThemeFinder) -> None:
    assert planted_strengths(theme_finder, "News", text).get(f"alt_supplier_{country}", 0) < 2


@pytest.mark.parametrize(
    "text",
    [
        "Washington tightened its export controls on AI chips to China.",
        "美国商务部加强对先进芯片的出口管制。",
        "The U.S. Commerce Department restricts semiconductor equipment.",
    ],
)
def test_an_american_export_control_is_not_a_chinese_one(text: str, theme_finder: ThemeFinder) -> None:
    found = planted_strengths(theme_finder, "News", text)
    assert found.get("chinese_controls", 0) < 2
    assert found["beyond_rare_earths"] >= 2


@pytest.mark.parametrize("text", ["India depends on China for rare earths.", "印度的稀土依赖中国。"])
def test_the_dependence_of_others_is_not_american(text: str, theme_finder: ThemeFinder) -> None:
    assert "us_dependence" not in planted_strengths(theme_finder, "News", text)


def test_any_country_can_be_a_supplier(theme_finder: ThemeFinder) -> None:
    """Suppliers are found from the text: a country of CLDR, or the home of a company or a mine."""
    assert planted_strengths(theme_finder, "News", "Burundi mines rare earths at Gakara.")["alt_supplier_burundi"] >= 2
    assert planted_strengths(theme_finder, "新闻", "隆贡若稀土项目明年投产。")["alt_supplier_angola"] >= 2
    assert (
        planted_strengths(theme_finder, "News", "A plant in western Malaysia makes terbium.")["alt_supplier_malaysia"]
        >= 2
    )


def test_roles_tell_suppliers_from_those_on_the_way(theme_finder: ThemeFinder) -> None:
    found = planted_roles(
        theme_finder,
        "News",
        "Australia mines and exports rare earths.",
        "Malaysia refines rare earths in its plants.",
        "Antimony was smuggled via Thailand and relabelled.",
        "Japan imports rare earths.",
        "俄罗斯要建立自主的稀土产业。",
    )
    assert {
        ("australia", "supplier"),
        ("malaysia", "supplier"),
        ("thailand", "transit"),
        ("japan", "buyer"),
        ("russia", "self_supplier"),
    } <= found


def test_goods_are_sent_round_and_nothing_else(theme_finder: ThemeFinder) -> None:
    assert ("vietnam", "transit") in planted_roles(
        theme_finder, "News", "Rare earth oxides disguised as tiles left by way of Vietnam."
    )
    assert ("vietnam", "transit") not in planted_roles(
        theme_finder, "Vietnam receives a guest", "The hidden talks were disguised."
    )


@pytest.mark.parametrize(
    ("title", "theme"),
    [("巴铁开采稀土", "alt_supplier_pakistan"), ("稀土走私案", "smuggling"), ("美稀土依赖中国", "us_dependence")],
)
def test_titles_without_verbs_are_read(title: str, theme: str, theme_finder: ThemeFinder) -> None:
    assert planted_strengths(theme_finder, title, "无关的一句话。").get(theme, 0) >= 1


def test_every_form_of_a_family_is_its_own(theme_finder: ThemeFinder) -> None:
    """Of two concepts that claim one form, the later would never be read from it."""
    data = Path(str(files("rare_topics") / "data"))
    forms = SurfaceForms.from_concepts(read_lexicon())
    for concept in (*read_lexicon(data / "acts.tsv"), *read_lexicon(data / "places.tsv")):
        forms.add(concept)
        for form in (*concept.zh, *concept.en):
            tokens = general_tokens(form)
            assert (
                forms.get("".join(map(forms.token_key, tokens)) if form in concept.en else form).concept
                == concept.concept
            )


def test_every_word_of_acting_is_used_by_a_frame(theme_finder: ThemeFinder) -> None:
    """A word family that no frame asks for would only hide what general words say."""
    used = frozenset[str]().union(
        *(
            part
            for theme in theme_finder.themes
            for f in theme.frames
            for part in (f.act, f.object, f.beside, f.without, *f.needs)
        )
    )
    acts = {name for name, concept in theme_finder.reader.lexicon.concepts.items() if concept.category == "act"}
    assert acts <= used

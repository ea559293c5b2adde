"""Specification of the themes: who does what to what, in both languages, with quotes that slice back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.records import Article, Passage
from rare_topics.errors import InputError
from rare_topics.export.run_folder import run_tables
from rare_topics.lexicon.surface_forms import Forms, plain_tokens
from rare_topics.study import Study
from rare_topics.text.lexicon_file import read_lexicon
from rare_topics.themes import ThemeFinder, Themes
from rare_topics.themes.events import event_dates
from rare_topics.themes.frames import FrameIndex, match_frame
from rare_topics.themes.strength import article_strength

THEME_COLUMNS = ["article_id", "theme", "strength", "confidence"]
EVIDENCE_COLUMNS = ["article_id", "theme", "passage_id", "quote", "start", "end", "score"]


@pytest.fixture(scope="module")
def finder() -> ThemeFinder:
    return ThemeFinder()


def article(title: str, *sentences: str, name: str = "planted", published: str = "2025-10-20") -> Article:
    body = "\n".join(sentences)
    return Article(
        article_id=name,
        title=title,
        body=body,
        published=datetime.fromisoformat(published),
        title_lang=language_of(title),
        body_lang=language_of(body),
    )


def read(finder: ThemeFinder, *articles: Article) -> Themes:
    return finder.find_themes(Corpus(articles))


def strengths(finder: ThemeFinder, *text: str) -> dict[str, int]:
    """Read one article, its title first, and return what it is at least in passing about."""
    table = read(finder, article(*text)).table
    return {theme: s for theme, s in zip(table["theme"], table["strength"], strict=True) if s}


def roles(finder: ThemeFinder, *text: str) -> set[tuple[str, str]]:
    table = read(finder, article(*text)).suppliers
    return set(zip(table["country"], table["role"], strict=True))


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
    theme: str, english: str, chinese: str, finder: ThemeFinder
) -> None:
    assert strengths(finder, "News", english).get(theme, 0) >= 2
    assert strengths(finder, "新闻", chinese).get(theme, 0) >= 2


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
            "allied_coalition",
            "Washington lends Brazil's miner money for its rare earths.",
            "美国向巴西稀土矿企授信。",
            "Washington lends Russia's miner money for its rare earths.",
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
            "The refinery near Kampala yields 400 tons a year.",
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
            "allied_coalition",
            "Japan lends to a rare earth mine in Namibia.",
            "日本与越南合作开发稀土矿。",
            "Japan lends to a rare earth mine in Russia.",
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
    theme: str, english: str, chinese: str, other: str, finder: ThemeFinder
) -> None:
    assert strengths(finder, "News", english).get(theme, 0) >= 2
    assert strengths(finder, "新闻", chinese).get(theme, 0) >= 2
    assert strengths(finder, "News", other).get(theme, 0) < 2


def test_an_article_is_beyond_rare_earths_only_where_it_never_names_them(finder: ThemeFinder) -> None:
    other = "A cruise ship called at Sanya with tourists."
    assert strengths(finder, "News", other)["beyond_rare_earths"] == 3
    assert "beyond_rare_earths" not in strengths(finder, "News", other, "China controls terbium.")


def test_a_city_stands_for_its_country_and_weights_tell_of_a_mine(finder: ThemeFinder) -> None:
    text = "The mine near Lilongwe yields 20,000 tonnes a year."
    assert strengths(finder, "News", text)["alt_supplier_malawi"] >= 2
    assert "alt_supplier_malawi" not in strengths(finder, "News", "The baker in Lilongwe yields 20,000 rolls.")


def test_what_stands_in_a_country_is_that_countrys_whoever_owns_it(finder: ThemeFinder) -> None:
    found = strengths(finder, "News", "The British company builds a rare earth refinery in Angola.")
    assert found["alt_supplier_angola"] >= 2
    assert "alt_supplier_uk" not in found


@pytest.mark.parametrize(
    ("text", "case"),
    [("精矿流向中国。", "target"), ("卖给中国。", "target"), ("购自中国。", "source"), ("中国卖了。", "doer")],
)
def test_a_verb_tells_how_the_country_behind_it_stands(text: str, case: str, finder: ThemeFinder) -> None:
    assert [mention.case for mention in finder.reader.read(text) if mention.country] == [case]


def test_licences_are_chinese_only_where_the_article_names_a_good(finder: ThemeFinder) -> None:
    slow = "Licences are slow."
    assert "chinese_controls" not in strengths(finder, "News", slow)
    assert strengths(finder, "News", slow, "Terbium is rare.")["chinese_controls"] >= 1


def test_a_chinese_compound_is_what_its_last_character_names(finder: ThemeFinder) -> None:
    assert {mention.concept for mention in finder.reader.read("那座老矿旁有一家电扇厂。")} >= {"mine", "factory"}


def test_the_country_of_a_headline_acts_but_is_nobodys_source(finder: ThemeFinder) -> None:
    told = "Carmakers import magnets from Chinese plants."
    found = read(finder, article("Japan's rare earths", told)).evidence
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
def test_a_country_named_is_not_yet_a_supplier(text: str, country: str, finder: ThemeFinder) -> None:
    assert strengths(finder, "News", text).get(f"alt_supplier_{country}", 0) < 2


@pytest.mark.parametrize(
    "text",
    [
        "Washington tightened its export controls on AI chips to China.",
        "美国商务部加强对先进芯片的出口管制。",
        "The U.S. Commerce Department restricts semiconductor equipment.",
    ],
)
def test_an_american_export_control_is_not_a_chinese_one(text: str, finder: ThemeFinder) -> None:
    found = strengths(finder, "News", text)
    assert found.get("chinese_controls", 0) < 2
    assert found["beyond_rare_earths"] >= 2


@pytest.mark.parametrize("text", ["India depends on China for rare earths.", "印度的稀土依赖中国。"])
def test_the_dependence_of_others_is_not_american(text: str, finder: ThemeFinder) -> None:
    assert "us_dependence" not in strengths(finder, "News", text)


def test_any_country_can_be_a_supplier(finder: ThemeFinder) -> None:
    """Suppliers are found from the text: a country of CLDR, or the home of a company or a mine."""
    assert strengths(finder, "News", "Burundi mines rare earths at Gakara.")["alt_supplier_burundi"] >= 2
    assert strengths(finder, "新闻", "隆贡若稀土项目明年投产。")["alt_supplier_angola"] >= 2
    assert strengths(finder, "News", "A plant in western Malaysia makes terbium.")["alt_supplier_malaysia"] >= 2


def test_roles_tell_suppliers_from_those_on_the_way(finder: ThemeFinder) -> None:
    found = roles(
        finder,
        "News",
        "Australia mines and exports rare earths.",
        "Malaysia refines rare earths in its plants.",
        "Antimony was smuggled via Thailand and relabelled.",
        "Japan imports rare earths.",
        "俄罗斯要建立自主的稀土产业。",
    )
    assert {
        ("australia", "producer"),
        ("malaysia", "processor"),
        ("thailand", "transit"),
        ("japan", "buyer"),
        ("russia", "would-be self-supplier"),
    } <= found


def test_goods_are_sent_round_and_nothing_else(finder: ThemeFinder) -> None:
    assert ("vietnam", "transit") in roles(
        finder, "News", "Rare earth oxides disguised as tiles left by way of Vietnam."
    )
    assert ("vietnam", "transit") not in roles(finder, "Vietnam receives a guest", "The hidden talks were disguised.")


WORDS_OF_FRAMES = ("China", "controls", "exports", "of", "rare", "earths", ",", "by", "Japan", "mines", "lags")
WORDS_OF_FRAMES += ("美国", "依赖", "中国", "稀土", "走私")


@given(text=st.lists(st.sampled_from(WORDS_OF_FRAMES)).map(" ".join))
def test_a_frame_whose_parts_are_not_named_is_not_found(text: str, finder: ThemeFinder) -> None:
    """Neither the frames nor the concepts that are passed over would have given a match."""
    index = FrameIndex(theme.frames for theme in finder.themes)
    all_mentions, needed = finder.reader.read(text), finder.reader.read(text, concepts=index.concepts)
    candidates = index.candidates(needed)
    for number, theme in enumerate(finder.themes):
        expected = [match for frame in theme.frames for match in match_frame(frame, all_mentions)]
        assert expected == [match for frame in candidates.get(number, []) for match in match_frame(frame, needed)]


@pytest.mark.parametrize(
    ("title", "theme"),
    [("巴铁稀土", "alt_supplier_pakistan"), ("稀土走私案", "smuggling"), ("美稀土依赖中国", "us_dependence")],
)
def test_titles_without_verbs_are_read(title: str, theme: str, finder: ThemeFinder) -> None:
    assert strengths(finder, title, "无关的一句话。").get(theme, 0) >= 1


def passages(*scores: float, title: float = 0.0) -> tuple[list[Passage], dict[str, float]]:
    made = [
        Passage(
            passage_id=str(number), article_id="a", section="", kind="sentence" if number else "title",
            text="x" * 100, start=0, end=100,
        )
        for number in range(len(scores) + 1)
    ]  # fmt: skip
    return made, {str(number): score for number, score in enumerate((title, *scores)) if score}


def test_strength_grows_from_a_passage_in_passing_to_the_whole_article() -> None:
    steps = [(0,) * 12, (0,) * 11 + (1,), (0,) * 9 + (1,) * 3, (1,) * 12]
    assert [article_strength(*passages(*scores)).strength for scores in steps] == [0, 1, 2, 3]


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=12), st.integers(0, 11))
def test_more_evidence_never_weakens_a_theme(scores: Sequence[float], where: int) -> None:
    more = list(scores)
    more[where % len(more)] = 1.0
    weaker, stronger = (article_strength(*passages(*values)) for values in (scores, more))
    assert weaker.strength <= stronger.strength
    assert 0 <= weaker.confidence <= 1


def test_a_theme_carried_by_one_passage_is_less_sure_than_one_carried_by_all() -> None:
    one, all_of_them = (article_strength(*passages(*scores)) for scores in [(0, 1, 0, 0), (1, 1, 1, 1)])
    assert one.confidence < all_of_them.confidence == 1


def test_every_quote_slices_back_to_the_page(study: Study) -> None:
    kinds = {passage.passage_id: passage.kind for passage in study.corpus.passages}
    for table in (study.themes.evidence, study.themes.suppliers):
        assert len(table)
        for row in table.itertuples():
            found = study.corpus[row.article_id]
            text = found.title if kinds[row.passage_id] == "title" else found.body
            assert text[row.start : row.end] == row.quote


def test_the_tables_have_the_columns_of_their_files(study: Study) -> None:
    assert list(study.themes.table.columns) == THEME_COLUMNS
    assert list(study.themes.evidence.columns) == EVIDENCE_COLUMNS
    assert set(study.themes.table["strength"]) == {0, 1, 2, 3}
    assert {"themes", "evidence", "suppliers"} <= set(run_tables(study))
    assert set(study.themes.topic_coverage["share"].between(0, 1)) == {True}


def test_a_theme_ranks_its_evidence_and_names_what_is_missing(study: Study) -> None:
    theme = study.themes["us_dependence"]
    assert theme.evidence["score"].is_monotonic_decreasing
    assert set(theme.evidence["pages"]) != {""}
    assert len(theme.strength) == len(study.corpus)
    with pytest.raises(KeyError, match="no theme 'nonsense'"):
        study.themes["nonsense"]


def test_what_no_theme_explains_is_listed(finder: ThemeFinder) -> None:
    rest = read(
        finder, article("News", "China controls its rare earth exports.", "The weather was fine.")
    ).uncovered_passages
    assert "The weather was fine." in set(rest["quote"])
    assert not rest["quote"].str.contains("controls").any()


def test_more_articles_do_not_change_the_themes_of_the_old_ones(finder: ThemeFinder) -> None:
    one = article("News", "Russia mines rare earths.", name="one")
    other = article("News", "Greenland holds rare earth reserves.", name="other")
    alone, together = read(finder, one).table, read(finder, one, other).table
    kept = together[(together["article_id"] == "one") & together["theme"].isin(alone["theme"])]
    assert kept.reset_index(drop=True).equals(alone)


def test_months_are_counted_by_the_printed_date_and_empty_ones_stay_empty(finder: ThemeFinder) -> None:
    text = "Russia mines rare earths."
    days = ["2025-05-02", "2025-05-09", "2025-05-20", "2025-07-01"]
    found = read(finder, *(article("News", text, name=day, published=day) for day in days))
    table = found["alt_supplier_russia"].over_time.set_index("month")
    assert list(table["n_articles"]) == [3, 0, 1]
    assert list(table.loc["2025-05", ["share", "low", "high"]]) == [1, 1, 1]
    assert table.loc["2025-06", "share":].isna().all()
    assert table.loc["2025-07", ["low", "high"]].isna().all()


def test_a_later_article_does_not_move_an_earlier_month(finder: ThemeFinder) -> None:
    early = [article("News", "Russia mines rare earths.", name=str(n), published=f"2025-05-0{n}") for n in range(1, 6)]
    late = article("News", "The weather was fine.", name="late", published="2025-09-01")
    before, after = read(finder, *early).over_time, read(finder, *early, late).over_time
    may = after[after["month"] == "2025-05"].reset_index(drop=True)
    assert may.equals(before.reset_index(drop=True))


@pytest.mark.parametrize(
    ("text", "dates", "suspect"),
    [
        ("Following October 9, 2023, China tightened.", ["2023-10-09"], True),
        ("On October 9 and on 4 April 2025.", ["2025-10-09", "2025-04-04"], False),
        ("2025年10月9日,新规出台,12月恢复。", ["2025-10-09", "2025-12"], False),
        ("They may produce 9 tons; March of 2,000 people.", [], False),
        ("6月底前。", ["2025-06"], False),
    ],
)
def test_dates_of_events_are_kept_apart_and_slips_are_flagged(text: str, dates: list[str], *, suspect: bool) -> None:
    found = list(event_dates(text, published=datetime.fromisoformat("2025-10-20"), offset=7))
    assert [event.date for event in found] == dates
    assert any(event.suspect for event in found) is suspect
    assert all(text[event.start - 7 : event.end - 7] == event.printed for event in found)


def test_a_month_without_a_year_lies_before_the_publication() -> None:
    found = next(event_dates("In December 12 firms", published=datetime.fromisoformat("2026-01-05")))
    assert found.date == "2025-12-12"


OWN = """[groups]
fruit = ["soybean"]

[[themes]]
id = "harvest"

[[themes.frames]]
says = "Fruit is sold."
act = ["@fruit"]
"""


def test_a_theme_file_of_ones_own_is_taken_instead(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    found = read(ThemeFinder(path), article("大豆", "Soybeans were sold."))
    assert list(found) == ["harvest"]
    assert found["harvest"].strength["strength"].tolist() == [3]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[themes]]", "[[themes", r"own\.toml:4: no TOML"),
        ('["soybean"]', '["soybeen"]', r"own\.toml:2: unknown concept 'soybeen'"),
        ('["@fruit"]', '["@fruits"]', r"own\.toml:9: unknown group '@fruits'"),
        ('id = "harvest"', 'name = "harvest"', r"own\.toml:4: a theme without id"),
        ("says", "say", r"own\.toml:7: a frame of \"harvest\" without says or act"),
        ('act = ["@fruit"]', 'act = ["@fruit"]\nweigth = 2', r"own\.toml:10: unknown key 'weigth'"),
        ('act = ["@fruit"]', 'act = ["@fruit"]\nweight = -1', r"own\.toml:8: -1 is no positive number"),
        ('act = ["@fruit"]', 'act = ["@fruit"]\nrole = "king"', r"own\.toml:8: an unknown case or role"),
        ("[[themes.frames]]", "[[themes.fames]]", r"own\.toml:7: unknown key 'fames'"),
    ],
)
def test_errors_of_a_theme_file_name_the_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=message):
        ThemeFinder(path)


def test_what_a_page_prints_cannot_break_a_notebook(finder: ThemeFinder) -> None:
    found = read(finder, article("News", "China controls rare earth exports <script>alert(1)</script>."))
    html = found["chinese_controls"]._repr_html_() + found._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_order_of_articles_does_not_matter(finder: ThemeFinder) -> None:
    made = [article("News", text, name=name) for name, text in [("a", "Russia mines terbium."), ("b", "Soybeans.")]]
    one, other = (finder.find_themes(Corpus(tuple(order))).table for order in (made, made[::-1]))
    keys = ["article_id", "theme"]
    assert one.sort_values(keys, ignore_index=True).equals(other.sort_values(keys, ignore_index=True))


def test_every_form_of_a_family_is_its_own(finder: ThemeFinder) -> None:
    """Of two concepts that claim one form, the later would never be read from it."""
    data = Path(str(files("rare_topics") / "data"))
    forms = Forms.of(read_lexicon())
    for concept in (*read_lexicon(data / "acts.tsv"), *read_lexicon(data / "places.tsv")):
        forms.add(concept)
        for form in (*concept.zh, *concept.en):
            tokens = plain_tokens(form)
            assert forms.get("".join(map(forms.key, tokens)) if form in concept.en else form).concept == concept.concept


def test_every_word_of_acting_is_used_by_a_frame(finder: ThemeFinder) -> None:
    """A word family that no frame asks for would only hide what general words say."""
    used = frozenset[str]().union(
        *(
            part
            for theme in finder.themes
            for f in theme.frames
            for part in (f.act, f.object, f.beside, f.without, *f.needs)
        )
    )
    acts = {name for name, concept in finder.reader.lexicon.concepts.items() if concept.category == "act"}
    assert acts <= used

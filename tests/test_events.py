"""Specification of events: a sentence, and the acts of export control that it tells of."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from planted_themes import planted_article, planted_themes

from rare_topics.clauses.resolved_dates import counts_from_dates, find_resolved_dates
from rare_topics.themes import ThemeFinder
from rare_topics.themes.linear_model import LinearModel

TITLE = "稀土市场观察"
# Sentences of both languages with their acts, from which the models learned among others.
LABELLED = Path(__file__).with_name("gold") / "passages"
# Acts of a sentence, as "date actor direction".
CASES = {
    # Tightened, by the date of the act.
    "On April 4, 2025 China imposed export controls on seven rare earths.": {"2025-04-04 china tightened"},
    "Beijing announced new export restrictions on graphite in December.": {"2025-12 china tightened"},
    "China has required export licences for antimony since September 15, 2024.": {"2024-09-15 china tightened"},
    "Malaysia banned exports of raw rare earths in January 2024.": {"2024-01 malaysia tightened"},
    "Myanmar halted shipments of rare earth concentrate in February.": {"2026-02 myanmar tightened"},
    "China added five rare earths to its control list.": {" china tightened"},
    "2025年4月4日,中国对七种中重稀土实施出口管制。": {"2025-04-04 china tightened"},
    "商务部宣布自12月1日起对稀土设备实行出口许可,管制进一步收紧。": {"2025-12-01 china tightened"},
    "印度今年1月起禁止出口稀土。": {"2026-01 india tightened"},
    "Gabon suspended manganese exports for two months in May 2025.": {"2025-05 gabon tightened"},
    "菲律宾2025年6月暂停镍矿出口。": {"2025-06 philippines tightened"},
    # Eased.
    "Jakarta said it would resume nickel ore exports.": {" indonesia eased"},
    "China suspended its ban on gallium exports to the United States until November 2026.": {" china eased"},
    "On November 10, 2025 Beijing lifted the export controls on rare earths.": {"2025-11-10 china eased"},
    "China granted export licences to three magnet makers in February 2026.": {"2026-02 china eased"},
    "China resumed exports of rare earth magnets in June 2025.": {"2025-06 china eased"},
    "中国自2025年11月10日起暂停实施稀土出口管制。": {"2025-11-10 china eased"},
    "商务部已经发放首批稀土通用许可证。": {" china eased"},
    # Demanded: somebody asks for easing.
    "Washington demanded that China lift its rare earth controls.": {" usa demanded"},
    "Tokyo called on Beijing to resume rare earth exports.": {" japan demanded"},
    "The European Commission called on China to lift its rare earth controls.": {" eu demanded"},
    "欧盟要求中国解除稀土出口管制。": {" eu demanded"},
    # Threatened.
    "China could restrict rare earth exports to Japan.": {" china threatened"},
    "Beijing threatened to ban exports of rare earth magnets.": {" china threatened"},
    "中国可能限制对日稀土出口。": {" china threatened"},
    "印尼扬言,不建冶炼厂就停止出口铜精矿。": {" indonesia threatened"},
    # Standing.
    "China continues to restrict exports of dysprosium.": {" china standing"},
    "Beijing keeps its licensing rules for rare earths in place.": {" china standing"},
    "中国继续维持对稀土的出口管制。": {" china standing"},
    "Peru will not ban exports of copper concentrate.": set(),
    "Laos is weighing a ban on exports of rare earth ore.": {" laos threatened"},
    "Gabon replaced its manganese export ban with a levy in June 2025.": {"2025-06 gabon eased"},
    "Seoul asked Beijing to speed up licences for gallium.": {" south_korea demanded"},
    # A head of state or a minister asks for its country.
    "Trump wants China to lift its export controls on rare earths.": {" usa demanded"},
    "Bessent insists that Beijing has to ease its licences for rare earth magnets.": {" usa demanded"},
    "Macron has asked Beijing to lift its export controls on rare earths.": {" france demanded"},
    "老挝考虑禁止出口稀土矿。": {" laos threatened"},
    # A border that closes stops what crosses it; a suspension that is prolonged still eases. What is told as done in
    # March lies in a May before it.
    "Laos shut the border crossing for rare earth trucks on May 3.": {"2025-05-03 laos tightened"},
    "老挝5月3日关闭了运送稀土的口岸。": {"2025-05-03 laos tightened"},
    "In May 2026 China extended the suspension of its rare earth export controls.": {"2026-05 china eased"},
    "中国5月决定把稀土出口管制的暂停措施延长一年。": {"2025-05 china eased"},
    "Madagascar forbade exports of raw monazite in June 2024.": {"2024-06 madagascar tightened"},
    "Chile is floating an export tax on rare earths.": {" chile threatened"},
    "智利正在酝酿对稀土开征出口税。": {" chile threatened"},
    # What is not eased stands; what is voted down, or guarded against, is no act.
    "中国对稀土的出口管制没有放松。": {" china standing"},
    "Peru's plan to restrict rare earth exports was voted down.": set(),
    "为防稀土断供,日本增加了储备。": set(),
    # What somebody has to do is asked for by who says so, or by nobody named; it is not done yet.
    "Trump has said that China must lift its curbs on rare earth exports.": {" usa demanded"},
    "Germany's economy minister said Beijing ought to ease its licences for gallium.": {" germany demanded"},
    "Indonesia should resume exports of nickel ore, Tokyo said.": {" japan demanded"},
    "The controls on rare earth magnets must be lifted.": {"  demanded"},
    "中国必须放开稀土出口。": {"  demanded"},
    "印度外长表示，中国应该取消对稀土磁体的出口管制。": {" india demanded"},
    # What exporters have to do is a rule; what buyers have to do, and what a market needs, is no act.
    "Exporters of gallium must now apply for a licence, China's commerce ministry announced on Friday.": {
        "2026-03-13 china tightened"
    },
    "Japan must find other sources of rare earths.": set(),
    "Australia is unlikely to meet U.S. demand for rare earths.": set(),
    # None: other goods, crime, prices, quotas of coffee.
    "The United States tightened export controls on advanced chips.": set(),
    "On May 13 Washington withdrew a rule on exports, and tightened export controls on advanced chips.": set(),
    "Brazil cut its coffee quotas.": set(),
    "Rare earth prices rose by 12% in March 2026.": set(),
    "Police arrested four men who smuggled rare earths.": set(),
    "A carmaker halted production for lack of rare earth magnets.": set(),
    "巴西下调了大豆出口关税。": set(),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_sentence_tells_of_its_acts_and_no_others(sentence: str, theme_finder: ThemeFinder) -> None:
    table = planted_themes(theme_finder, planted_article(TITLE, sentence, published="2026-03-15")).events
    assert {" ".join(row) for row in zip(table["date"], table["actor"], table["direction"], strict=True)} == CASES[
        sentence
    ]


@pytest.mark.parametrize(
    ("sentence", "goods"),
    [
        ("Tokyo demands the relaxation of controls on rare earth exports.", "rare_earths"),
        ("China put rare earth extraction and processing on its list of banned exports in May 2025.", "rare_earths"),
        ("China lifted its curbs on antimony and on gallium.", "antimony; gallium"),
    ],
)
def test_an_act_names_its_goods_also_within_a_longer_term(sentence: str, goods: str, theme_finder: ThemeFinder) -> None:
    table = planted_themes(theme_finder, planted_article(TITLE, sentence, published="2026-03-15")).events
    assert table["object"].tolist() == [goods]


def read_as_marked(file: str, finder: ThemeFinder) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Return the acts found in sentences and those that readers marked: number, date, actor, direction."""
    rows = [json.loads(line) for line in (LABELLED / file).read_text("utf-8").splitlines()]
    articles = [
        planted_article(TITLE, *row["text"].splitlines(), name=str(number), published=row["published"])
        for number, row in enumerate(rows)
    ]
    table = planted_themes(finder, *articles).events
    found = {(row.article_id, row.date, row.actor, row.direction) for row in table.itertuples()}
    return found, {(str(number), *act.split(" ")) for number, row in enumerate(rows) for act in row["acts"]}


def test_what_readers_marked_is_read_as_they_read_it(theme_finder: ThemeFinder) -> None:
    found, marked = read_as_marked("event_sentences.jsonl", theme_finder)
    assert len(found & marked) >= 0.95 * max(len(found), len(marked))


def test_what_somebody_has_to_do_is_no_deed(theme_finder: ThemeFinder) -> None:
    found, marked = (
        {(number, direction) for number, *_, direction in acts}
        for acts in read_as_marked("obligation_sentences.jsonl", theme_finder)
    )
    assert len(found & marked) >= 0.95 * max(len(found), len(marked))


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Three weeks ago, and again on March 3, 2024.", ["2026-02", "2024-03-03"]),
        ("Two days earlier it was raining.", ["2026-03-13"]),
        ("It began a year ago.", ["2025"]),
        ("Since last week, or yesterday.", ["2026-03", "2026-03-14"]),
        ("The rule of last December; on the nineteenth it changed.", ["2025-12", "2026-02-19"]),
        ("On the 2nd, a Monday.", ["2026-03-02", "2026-03-09"]),
        ("With the new year, and next month.", ["2026-01", "2026-04"]),
        ("去年底公布,年初生效,上周放宽。", ["2025-12", "2026-01", "2026-03"]),
        ("三个月前公布,即日起生效,本月公告。", ["2025-12", "2026-03-15", "2026-03"]),
        ("两年前的4月4日。", ["2024", "2026-04-04"]),
        ("It rained for a year.", []),
        ("The notice of 9 October 2025 was put to sleep four weeks later.", ["2025-10-09", "2025-11"]),
        ("It began on 31 June 2024, two weeks later it was over.", ["2024-06-31"]),
        ("2024年2月公布,三个月后生效,一年之后取消。", ["2024-02", "2024-05", "2025"]),
    ],
)
def test_dates_are_counted_from_the_publication(text: str, dates: list[str]) -> None:
    found = find_resolved_dates(text, published=datetime.fromisoformat("2026-03-15"))
    assert [date.iso for date in found] == dates
    assert bool(dates) == (counts_from_dates(text) or any(not date.kind.endswith("no year") for date in found))


@pytest.mark.parametrize("organ", ["政府", "议会", "国会", "总理", "海关"])
@pytest.mark.parametrize(("country", "name"), [("chile", "智利"), ("france", "法国"), ("vietnam", "越南")])
def test_an_organ_of_a_state_acts_for_its_country(
    country: str, name: str, organ: str, theme_finder: ThemeFinder
) -> None:
    article = planted_article(TITLE, f"{name}{organ}1月宣布禁止稀土出口。", published="2026-03-15")
    assert list(planted_themes(theme_finder, article).events["actor"]) == [country]


def test_a_date_or_an_actor_that_is_less_likely_than_not_is_none() -> None:
    model = LinearModel(("chosen",), {"near": (2.0,), "far": (1.0,)})
    rivals = [("japan", {"near"}), ("india", {"far"}), ("laos", {"far"})]
    assert model.choose(rivals) == "japan"
    assert model.choose(rivals, least=0.6) is None
    assert model.choose(rivals[:2], least=0.6) == "japan"

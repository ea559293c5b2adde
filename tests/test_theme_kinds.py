"""Kinds of sentences that speak of a theme, and their look-alikes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from planted_themes import planted_article, planted_strengths, planted_themes

from rare_topics.clauses.counted import DURATION, LARGE_SHARE, MANY_COUNTRIES, PURITY, counted_mentions
from rare_topics.clauses.passage_reader import PassageReader
from rare_topics.corpus.languages import language_of
from rare_topics.themes import ThemeFinder


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("They make 62% of it.", [LARGE_SHARE]),
        ("They make 9.5 percent of it.", []),
        ("They make 50.5 per cent of it.", [LARGE_SHARE]),
        ("Seven out of ten are theirs.", [LARGE_SHARE]),
        ("Three out of ten are theirs.", []),
        ("Eighty-four of every hundred are theirs.", [LARGE_SHARE]),
        ("Two thirds of it, and a third of that.", [LARGE_SHARE]),
        ("占全国的四成。", []),
        ("占全球的八成。", [LARGE_SHARE]),
        ("百分之七十来自那里。", [LARGE_SHARE]),
        ("每十块磁体就有九块。", [LARGE_SHARE]),
        ("The oxide has a purity of 99.95%.", [PURITY]),
        ("Fourteen importing nations met.", [MANY_COUNTRIES]),
        ("One nation met another.", []),
        ("十二国代表到会。", [MANY_COUNTRIES]),
        ("国内产量增加。", []),
        ("It took 45 working days.", [DURATION]),
        ("等了三个月。", [DURATION]),
    ],
)
def test_numbers_that_weigh_are_read_however_they_are_written(text: str, concepts: Sequence[str]) -> None:
    assert [mention.concept for mention in counted_mentions(text)] == concepts


@pytest.mark.parametrize(
    ("large", "small"),
    [
        ("China refines 83% of the world's yttrium.", "Its output equals 4% of what China refines."),
        ("中国的铽精炼产能占全球的九成。", "其产量相当于中国铽精炼产能的百分之三。"),
    ],
)
def test_a_small_share_is_no_dominance(large: str, small: str, theme_finder: ThemeFinder) -> None:
    filler = ["The weather was fine."] * 6
    assert planted_strengths(theme_finder, "News", large, *filler).get("processing_dominance", 0) >= 2
    assert planted_strengths(theme_finder, "News", small, *filler).get("processing_dominance", 0) < 2


@pytest.mark.parametrize(
    ("before", "told", "speaks"),
    [
        ("The United States closed its last smelter.", "It now gets its terbium from a single country.", True),
        ("Norway closed its last smelter.", "It now gets its terbium from a single country.", False),
        ("美国关闭了最后一座冶炼厂。", "该国所用的铽几乎全部靠从中国进口。", True),
        ("挪威关闭了最后一座冶炼厂。", "该国所用的铽几乎全部靠从中国进口。", False),
        # A proper name goes before a pronoun: it is no longer the country of the sentence before.
        ("The United States opened a fair.", "Elm Loop Metals says its terbium comes from a single country.", False),
    ],
)
def test_a_pronoun_stands_for_the_country_of_the_passage_before(
    before: str, told: str, speaks: bool, theme_finder: ThemeFinder
) -> None:
    found = planted_themes(theme_finder, planted_article("News", before, told)).evidence
    quotes = set(found.loc[found["theme"] == "us_dependence", "quote"])
    assert (told in quotes) == speaks


def test_it_that_stands_for_nothing_takes_no_country() -> None:
    reader = PassageReader()
    assert [one.country for one in reader.read("It sells terbium.", topic="chile") if one.country] == ["chile"]
    assert not [one for one in reader.read("It is hard to sell terbium.", topic="chile") if one.country]
    assert not [one for one in reader.read("It sells terbium.") if one.country]


@pytest.mark.parametrize(
    ("theme", "told", "other"),
    [
        (
            "smuggling",
            "Officers in Fangcheng found 12 tonnes of bismuth in drums marked as paint.",
            "Geologists found 12 tonnes of bismuth in the deposit.",
        ),
        ("smuggling", "边防人员在麻袋里查出两吨铟锭。", "工厂把铟锭装进麻袋入库。"),
        (
            "smuggling",
            "Tungsten barred from leaving still reaches buyers by way of Oman.",
            "Tungsten reaches Rotterdam by way of Oman.",
        ),
        ("smuggling", "Sacks of ore are carried across the border at night.", "Trains carry ore across the border."),
        (
            "military_demand",
            "Each torpedo holds two kilos of terbium alloy.",
            "The navy stopped a boat with smuggled terbium ore.",
        ),
        ("military_demand", "鱼雷的声呐离不开铽。", "士兵守卫装运铽矿的码头。"),
        (
            "allied_coalition",
            "Canada, Japan and the United States will buy bismuth together.",
            "The United States and Peru signed a minerals deal.",
        ),
        (
            "allied_coalition",
            "十二个国家签署协议,共同储备关键矿产。",
            "美国与秘鲁签署关键矿产协议。",
        ),
        (
            "chinese_controls",
            "Korean firms say that magnets from Tianjin have waited 60 days for a permit.",
            "Korean firms say that magnets from Tianjin arrive after 60 days at sea.",
        ),
        (
            "chinese_controls",
            "Chinese firms may no longer export separation technology.",
            "Swedish firms may no longer export separation technology.",
        ),
        (
            "technology_gap",
            "Europe is at least twelve years behind China in separation.",
            "The separation line will open a year later than planned.",
        ),
        ("technology_gap", "欧洲的分离技术比中国慢十二年。", "投产时间比原计划晚了一年。"),
        (
            "us_rebuild",
            "The Pentagon took a tenth of a miner and promised it a price floor.",
            "A fund took a tenth of a miner in Chile.",
        ),
    ],
)
def test_a_kind_of_sentence_speaks_of_its_theme_and_its_look_alike_does_not(
    theme: str, told: str, other: str, theme_finder: ThemeFinder
) -> None:
    assert planted_strengths(theme_finder, "News", told).get(theme, 0) >= 2
    assert planted_strengths(theme_finder, "News", other).get(theme, 0) < 2


def test_a_title_alone_makes_no_theme_a_part_of_an_article(theme_finder: ThemeFinder) -> None:
    title = "Washington and its allies join for rare earths"
    assert planted_strengths(theme_finder, title, *["The weather was fine."] * 6).get("allied_coalition", 0) < 2


# Whole sentences as newspapers write them, by theme: those that speak of it, and look-alikes that do not.
SENTENCES = json.loads((Path(__file__).parent / "theme_sentences.json").read_text(encoding="utf-8"))
# What stands around each of them, and speaks of nothing.
AROUND = {
    "en": [
        "The weather was fine in the valley.",
        "A museum opened its doors on Sunday.",
        "The rare earth fair closed with a concert.",
        "The mayor planted four trees.",
        "Trains were late on Monday.",
        "The library got a new roof.",
        "The choir sang for an hour.",
        "A bakery gave bread to the school.",
    ],
    "zh": [
        "山谷里天气晴好。",
        "博物馆星期天对外开放,门票半价。",
        "稀土展览会在音乐会中闭幕,观众热情很高。",
        "市长和孩子们种下四棵树。",
        "星期一的列车全部晚点,旅客只好改乘汽车。",
        "图书馆换了新屋顶,读者都很高兴。",
        "合唱团唱了整整一个小时。",
        "面包店每天给学校送去新鲜面包。",
    ],
}


@pytest.mark.parametrize("theme", SENTENCES)
@pytest.mark.parametrize("kind", ["speaks", "silent"])
def test_one_sentence_among_others_makes_its_theme_a_part_of_an_article(
    theme: str, kind: str, theme_finder: ThemeFinder
) -> None:
    articles = []
    for number, sentence in enumerate(SENTENCES[theme][kind]):
        around, stop = (AROUND["zh"], "。") if language_of(sentence) == "zh" else (AROUND["en"], ".")
        told = [*around[:4], sentence + stop, *around[4:]]
        articles.append(planted_article("Rare earth notes", *told, name=str(number)))
    table = planted_themes(theme_finder, *articles).table
    strong = set(table.loc[(table["theme"] == theme) & (table["strength"] >= 2), "article_id"])
    wrong = [
        sentence
        for number, sentence in enumerate(SENTENCES[theme][kind])
        if (str(number) in strong) != (kind == "speaks")
    ]
    # What is learned is likely, not certain: of the sentences that it is learned from, one in ten may be misread.
    assert len(wrong) <= len(SENTENCES[theme][kind]) // 10, wrong

"""Specification of clauses: where they end, who plays which part, in which mood and tense, who is left unnamed."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.clauses import ClauseReader
from rare_topics.clauses.clause_splitter import split_clauses
from rare_topics.clauses.cues import CueFinder
from rare_topics.clauses.dates import find_bare_months
from rare_topics.clauses.discourse import actors_of_clauses
from rare_topics.themes import ThemeFinder

PUBLISHED = datetime.fromisoformat("2026-03-15")


@pytest.fixture(scope="module")
def clause_reader(theme_finder: ThemeFinder) -> ClauseReader:
    return ClauseReader(theme_finder.reader)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Turkey found ore, but it lacks a plant.", ["Turkey found ore,", "but it lacks a plant."]),
        ("Japan, Korea and India import magnets.", ["Japan, Korea and India import magnets."]),
        ("The mine opened, while the plant stands idle.", ["The mine opened,", "while the plant stands idle."]),
        ("The U.S. imports ore. It wants more.", ["The U.S. imports ore.", "It wants more."]),
        ("It has partners, including Australia.", ["It has partners, including Australia."]),
        ("A plant opened, with a capacity of 5,000 tons.", ["A plant opened, with a capacity of 5,000 tons."]),
        ("The rules of April 4, 2025 stay in force.", ["The rules of April 4, 2025 stay in force."]),
        ("越南有矿,但没有分离厂。", ["越南有矿,", "但没有分离厂。"]),
        ("日本、韩国和印度进口磁体。", ["日本、韩国和印度进口磁体。"]),
        ("项目停了;工厂也停了。", ["项目停了;", "工厂也停了。"]),
    ],
)
def test_a_clause_ends_where_something_new_is_said(text: str, clauses: list[str]) -> None:
    assert [text[span.start : span.end].strip() for span in split_clauses(text)] == clauses


@given(st.text(alphabet="ab AB.,;但而,。!?while ", max_size=80))
def test_clauses_lie_side_by_side(text: str) -> None:
    spans = split_clauses(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(text[span.start : span.end] for span in spans)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Japan imports ore from Vietnam.", {"japan": "doer", "vietnam": "source"}),
        ("Ore was shipped to Germany through Georgia.", {"germany": "target", "georgia": "route"}),
        ("A mine in Malawi was bought by an Australian firm.", {"malawi": "place", "australia": "agent"}),
        (
            "Tokyo signed a pact with countries like Brazil and Chile.",
            {"japan": "doer", "brazil": "partner", "chile": "partner"},
        ),
        ("The deposits of Greenland are large.", {"greenland": "place"}),
        ("日本从澳大利亚进口稀土。", {"japan": "doer", "australia": "source"}),
        ("这批货经越南运往韩国。", {"vietnam": "route", "south_korea": "target"}),
        ("矿山由加拿大公司经营。", {"canada": "agent"}),
        ("工厂位于爱沙尼亚。", {"estonia": "place"}),
        ("印度与巴西签署协议。", {"india": "doer", "brazil": "doer"}),
    ],
)
def test_prepositions_and_coverbs_tell_the_part_of_a_country(
    text: str, parts: dict[str, str], clause_reader: ClauseReader
) -> None:
    found = [one for clause in clause_reader.read(text) for one in clause.participants]
    assert {one.country: one.case for one in found} == parts


@pytest.mark.parametrize(
    "text", ["Indian media wrote of it.", "An Australian expert doubts it.", "澳大利亚专家表示怀疑。"]
)
def test_who_speaks_of_an_act_does_not_act(text: str, clause_reader: ClauseReader) -> None:
    clauses = clause_reader.read(text)
    assert clauses[0].participants[0].speaks
    assert actors_of_clauses(clauses) == [()]


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Malaysia refines rare earths.", "asserted"),
        ("Malaysia reportedly refines rare earths.", "reported"),
        ("Malaysia plans to refine rare earths.", "planned"),
        ("The refinery will open in 2029.", "planned"),
        ("The output reaches 400 tons by 2030.", "planned"),
        ("The refinery is under construction.", "building"),
        ("Malaysia might refine rare earths.", "possible"),
        ("Tokyo demanded that exports go on.", "demanded"),
        ("Malaysia does not refine rare earths.", "denied"),
        ("The refinery has been idle for years.", "denied"),
        ("The project was cancelled.", "denied"),
        ("Can Malaysia refine rare earths?", "question"),
        ("Exports rose in May.", "asserted"),
        ("越南生产稀土。", "asserted"),
        ("越南计划生产稀土。", "planned"),
        ("工厂正在建设。", "building"),
        ("越南可能生产稀土。", "possible"),
        ("日本要求恢复出口。", "demanded"),
        ("越南并不生产稀土。", "denied"),
        ("工厂早已停摆。", "denied"),
        ("项目被叫停。", "denied"),
        ("越南能否生产稀土?", "question"),
        ("未来的无人机需要稀土。", "asserted"),
    ],
)
def test_a_clause_says_how_it_is_meant(text: str, mood: str, clause_reader: ClauseReader) -> None:
    assert clause_reader.read(text, published=PUBLISHED)[0].mood == mood


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("Malaysia refines rare earths.", "now"),
        ("Malaysia refined 300 tons in 2025.", "now"),
        ("Malaysia refined 300 tons in 2010.", "past"),
        ("Malaysia used to refine rare earths.", "past"),
        ("The plant starts in 2028.", "future"),
        ("日本曾生产磁体。", "past"),
        ("2010年日本停产。", "past"),
        ("工厂将于2028年投产。", "future"),
    ],
)
def test_history_is_not_today(text: str, tense: str, clause_reader: ClauseReader) -> None:
    assert clause_reader.read(text, published=PUBLISHED)[0].tense == tense


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Japan found ore, and it plans a mine.", ["japan", "japan"]),
        ("The EU works with Japan and Korea, but these countries buy from China.", ["eu", "japan south_korea"]),
        ("The case concerns Lynas, which buys acid.", ["australia", "australia"]),
        ("越南有矿,也想建厂。", ["vietnam", "vietnam"]),
    ],
)
def test_a_missing_actor_is_taken_from_the_clause_before(
    text: str, actors: list[str], clause_reader: ClauseReader
) -> None:
    found = actors_of_clauses(clause_reader.read(text))
    assert [" ".join(actor.participant.country for actor in one) for one in found] == actors
    assert found[0][0].confidence == 1.0 > found[1][0].confidence


def test_a_cue_is_a_form_with_its_inflection_and_an_idiom_is_none() -> None:
    finder = CueFinder({"planned": ["plann*", "due to start", "拟"], "denied": ["not"]})
    assert [cue.kind for cue in finder.find("It planned a mine due to start, not a plant; 拟建")] == [
        "planned", "planned", "denied", "planned",
    ]  # fmt: skip
    assert not finder.find("The plaza is due to rain")


def test_a_month_may_stand_alone() -> None:
    assert [date.month for date in find_bare_months("in May, since early April 2025, in March 2025, last June")] == [
        5,
        6,
    ]

"""Specification of theme files: what a user may declare, and where an error stands."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import pytest
from matplotlib import pyplot as plt
from matplotlib.text import Text
from planted_themes import planted_article, planted_themes

from rare_topics.corpus.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.figures import FIGURES
from rare_topics.report.key_findings import KeyFindings
from rare_topics.report.page_data import page_data
from rare_topics.study import Study
from rare_topics.themes import ThemeFinder
from rare_topics.themes.theme_file import THEME_ROLES

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
    found = planted_themes(ThemeFinder(path), planted_article("大豆", "Soybeans were sold."))
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
        ('id = "harvest"', 'id = "harvest"\nrole = "king"', r"own\.toml:6: unknown role 'king'"),
        ('id = "harvest"', 'id = "harvest"\neach = "town"', r"own\.toml:6: a theme for each town"),
        ('id = "harvest"', 'id = "harvest"\ncountry = "narnia"', r"own\.toml:6: unknown country 'narnia'"),
        ('id = "harvest"', 'id = "harvest"\nrole = "suppliers"', r"own\.toml:5: the suppliers of .* have no country"),
        ('id = "harvest"', 'id = "harvest"\naspects = "ripe"', r"own\.toml:6: aspects are no table"),
        ('id = "harvest"', 'id = "harvest"\naspects.ripe = "熟"', r"own\.toml:6: the aspect 'ripe' lacks a label"),
    ],
)
def test_errors_of_a_theme_file_name_the_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=message):
        ThemeFinder(path)


OWN_ROLES = """[[themes]]
id = "japan_needs"
title_zh = "日本的需求"
title_en = "What Japan needs"
role = "dependence"
figure_title_zh = "日本依赖的方面"
figure_title_en = "Sides of what Japan needs"
[themes.aspects]
"being tied" = { zh = "受制", en = "being tied" }
[[themes.frames]]
says = "Japan depends on China."
act = ["@dependence"]
object = ["china", "@goods"]
who = ["japan"]
aspect = "being tied"
[[themes.frames]]
says = "Japan imports goods."
act = ["import", "buy_act"]
object = ["@goods"]
who = ["japan"]
aspect = "purchases"

[[themes]]
id = "quotas"
title_en = "Quotas"
role = "controls"
[[themes.frames]]
says = "China limits exports."
act = ["@controls"]
object = ["@goods"]
aspect = "limits"

[[themes]]
id = "pits_of"
title_en = "Pits of"
role = "suppliers"
each = "country"
[[themes.frames]]
says = "A country mines."
act = ["@mining"]
object = ["@goods"]
who = ["vietnam", "brazil"]
role = "supplier"
aspect = "pit"

[[themes]]
id = "down_under"
title_en = "Down under"
role = "suppliers"
country = "australia"
[themes.aspects]
kiln = { zh = "窑", en = "kiln" }
[[themes.frames]]
says = "Australia refines."
act = ["@processing"]
object = ["@goods"]
who = ["australia"]
role = "supplier"
aspect = "kiln"

[[themes]]
id = "haggling"
title_en = "Haggling"
role = "talks"
[[themes.frames]]
says = "Soybeans are talked about."
act = ["soybean"]
object = ["@talks"]
aspect = "beans"
"""
STATEMENTS = (
    "Japan depends on China for its rare earths. Japan imports magnets.",
    "China tightens its export controls on rare earths.",
    "Vietnam mines rare earths. Brazil mines rare earths.",
    "Australia refines rare earths in its plants.",
    "Negotiators met over soybeans.",
)


@pytest.fixture(scope="module")
def own_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Give a study with themes that share no name with those of the package."""
    path = tmp_path_factory.mktemp("themes") / "own.toml"
    path.write_text(OWN_ROLES, "utf-8")
    articles = [
        planted_article(
            f"News {number}", STATEMENTS[number % 5], name=f"a{number}", published=f"2025-0{number % 8 + 1}-03"
        )
        for number in range(20)
    ]
    return Study(random_state=0, themes=path).fit(Corpus(tuple(articles)))


@pytest.mark.parametrize("role", THEME_ROLES)
def test_a_theme_of_ones_own_answers_by_its_role(role: str, own_study: Study) -> None:
    expected = {
        "dependence": ["japan_needs"],
        "controls": ["quotas"],
        "suppliers": ["pits_of_brazil", "pits_of_vietnam", "down_under"],
        "talks": ["haggling"],
    }
    assert [theme.name for theme in own_study.themes.with_role(role)] == expected[role]


def test_labels_and_countries_are_those_of_the_file(own_study: Study) -> None:
    themes = own_study.themes
    labels = themes["japan_needs"].aspect_labels
    assert list(labels.items()) == [("being tied", ("受制", "being tied")), ("purchases", ("purchases", "purchases"))]
    assert [themes[name].country for name in ("pits_of_brazil", "down_under", "quotas")] == ["brazil", "australia", ""]
    assert themes["pits_of_brazil"].title.en == "Pits of: Brazil"
    assert themes["quotas"].figure_title == themes["quotas"].title


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("dependence_aspects", "aspect", {"being tied", "purchases"}),
        ("control_timeline", "direction", {"tightened"}),
        ("suppliers_by_status", "country", {"vietnam", "brazil", "australia", "japan"}),
        ("suppliers_by_status", "status", {"running", "buyer"}),
        ("supplier_stages", "stage", {"mine", "separation"}),
        ("bargaining_chips", "aspect", {"beans"}),
    ],
)
def test_figures_show_themes_of_ones_own(name: str, column: str, values: set[str], own_study: Study) -> None:
    figure = FIGURES[name]
    assert set(figure.table(own_study)[column]) == values
    axes = figure(own_study)
    plt.close(axes.figure)


def test_figures_name_aspects_and_titles_as_the_file_does(own_study: Study) -> None:
    axes = FIGURES["dependence_aspects"](own_study)
    assert {label.get_text() for label in axes.get_yticklabels()} == {"受制 ∙ being tied", "purchases"}
    assert any("Sides of what Japan needs" in text.get_text() for text in axes.figure.findobj(Text))
    plt.close(axes.figure)


def test_key_findings_are_of_themes_of_ones_own(own_study: Study) -> None:
    answers = {answer.key: answer for answer in KeyFindings(own_study, page_data(own_study)).answers()}
    assert "what_about" not in answers
    expected = {
        "who_depends": ["What Japan needs"],
        "controls_when": ["Quotas"],
        "who_could_supply": ["Australia", "Brazil", "Vietnam"],
    }
    for key, names in expected.items():
        answer = answers[key]
        links = [link for sentence in answer.sentences for link in sentence.links]
        text = " ".join(words.text.en for words in (*answer.sentences, *links))
        assert all(name in text for name in names), text
        assert answer.quotes or links

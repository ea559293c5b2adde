"""Specification of theme files: what a user may declare, and where an error stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted_themes import planted_article, planted_themes

from rare_topics.errors import InputError
from rare_topics.themes import ThemeFinder

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
    ],
)
def test_errors_of_a_theme_file_name_the_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=message):
        ThemeFinder(path)

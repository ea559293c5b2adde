"""Specification of the answers that notebooks begin with: each statement is one of the tables of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from rare_topics.study import Study

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NUMERALS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def percent(claims: pd.DataFrame, subject: str) -> str:
    """Word a share that one claim states, such as **over 90 %**."""
    (row,) = claims[claims["subject"] == subject].drop_duplicates("value").to_dict("records")
    return f"**{row['qualifier']} {row['value']:g} %**".replace("** ", "**")


def dependence(study: Study) -> Iterator[str]:
    claims, theme = study.claims.table, study.themes["us_dependence"]
    yield f"**{len(theme.articles)} of {len(study.corpus)} articles** from {theme.articles['source'].nunique()} sources"
    american = claims[claims["subject"].str.fullmatch(r"dependence share · \w+ · usa")]
    yield f"Only {NUMERALS[len(american)]} numbers measure it"
    yield f"{percent(claims, 'dependence share · rare_earth_compound · usa')} of rare earth compounds"
    yield f"{percent(claims, 'dependence share · critical_minerals · usa')} of critical minerals"
    yield f"{percent(claims, 'dependence share · rare_earths · usa')} of rare earths are expected"
    yield f"Japan ({percent(claims, 'dependence share · critical_minerals · japan')}"
    yield f"Russia ({percent(claims, 'dependence share · rare_earths · russia')}"
    catch_up = claims[claims["subject"].str.match("catch-up .*usa")]
    years, sums = catch_up[catch_up["unit"] == "years"], catch_up[catch_up["unit"] == "USD"]
    n_articles = years["article_id"].nunique()
    yield f"**{years['value'].min():g} to {years['value'].max():g} years**, by {n_articles} articles"
    lowest, highest = sums["value"].min() / 1e9, sums["value"].max() / 1e9
    yield f"**{lowest:,.0f}** and **{highest:,.0f} billion dollars**, by {sums['article_id'].nunique()}"
    n_of_source = pd.Series([article.source for article in study.corpus]).value_counts().iloc[0]
    yield f"{n_of_source} of the {len(study.corpus)} articles come from one Chinese portal"
    weak = (theme.articles["confidence"] < 0.75).sum()
    yield f"{weak} of the {len(theme.articles)} hang on few passages"


def controls(study: Study) -> Iterator[str]:
    events = study.events
    counts = events["direction"].value_counts()
    yield f"**{counts['tightened']} passages tell of a tightening, {counts['eased']} of an easing**"
    eased = sorted(events.loc[events["direction"] == "eased", "published"].str[:7])
    assert eased == ["2025-06", "2025-12"]
    yield "The easings are told in articles of June and December 2025"
    yield f"**{len(study.themes['chinese_controls'].articles)} of {len(study.corpus)} articles**"
    dated = events[events["date"].astype(bool)]
    assert list(zip(dated["actor"], dated["date"], strict=True)) == [
        ("china", "2010"),
        ("china", "2023-10-09"),
        ("china", "2025-05"),
        ("india", "2025-06"),
        ("china", "2025-10-09"),
    ]
    assert dated.loc[dated["date"] == "2025-05", "object"].tolist() == ["antimony; gallium"]
    yield "**2010**, **9 October 2023**, **May 2025** (antimony and gallium) and **9 October 2025**"
    yield f"**{counts['demanded']} articles** tell of demands that China ease, **{counts['threatened']}** of a threat"


def suppliers(study: Study) -> Iterator[str]:
    table = study.suppliers
    found = table[table["role"] == "supplier"]
    articles = {
        status: rows.groupby("country")["article_id"].nunique().to_dict() for status, rows in found.groupby("status")
    }
    assert articles["running"] == {"australia": 3, "malaysia": 1, "russia": 1}
    yield "**Three countries are said to supply today: Australia, Malaysia and Russia**, Australia in 3 articles"
    assert set(articles["building"]) == {"france"}
    planned = set(articles["planned"]) - set(articles["running"])
    assert planned == {"greenland", "ukraine", "turkey", "pakistan", "mongolia", "myanmar", "eu"}
    assert {"greenland", "turkey"} <= set(articles["reserves"])
    assert set(table.loc[table["role"] == "transit", "country"]) == {"thailand", "mexico", "india"}
    assert set(articles["denied"]) == {"mexico"}
    wanted = found[found["status"].isin(["running", "building", "planned"])]
    n_articles = wanted.groupby("country")["article_id"].nunique()
    yield f"{(n_articles <= 2).sum()} of the {len(n_articles)} countries that supply, build or plan"


def talks(study: Study) -> Iterator[str]:
    themes, claims = study.themes, study.claims.table
    theme = themes["trade_talks"]
    n_october = theme.articles["published"].str.startswith("2025-10").sum()
    yield f"**{len(theme.articles)} of {len(study.corpus)} articles**, {n_october} of them of October 2025"
    aspects = themes.aspects
    chips = aspects[(aspects["theme"] == theme.name) & aspects["aspect"].isin(["soybeans", "fentanyl", "rare earths"])]
    yield f"**{(chips.groupby('article_id')['aspect'].nunique() == 3).sum()} articles** lay three chips"
    stated = claims[claims["passage_id"].isin(theme.evidence["passage_id"])]
    tariffs = stated.loc[stated["subject"].str.startswith("tariff rate"), "value"]
    yield f"of **{tariffs.min():g} %** to **{tariffs.max():g} %**"
    yield f"**{(themes['beyond_rare_earths'].strength['strength'] == 3).sum()} articles** are about something else"


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("04_us_dependence", dependence),
        ("05_chinese_controls", controls),
        ("06_alternative_suppliers", suppliers),
        ("07_trade_talks_and_beyond", talks),
    ],
)
def test_the_answer_says_what_the_tables_say(
    name: str, statements: Callable[[Study], Iterator[str]], study: Study
) -> None:
    answer = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells[0].source
    for statement in statements(study):
        assert statement in answer


@pytest.mark.parametrize("name", [f"0{number}_*" for number in range(4, 8)])
def test_a_notebook_of_narratives_answers_first_and_has_little_code(name: str) -> None:
    (path,) = NOTEBOOKS.glob(f"{name}.ipynb")
    cells = nbformat.read(path, 4).cells
    headings = [line for line in cells[0].source.splitlines() if line.startswith("#")]
    assert headings[1] == "## The answer"
    assert sum(len(cell.source.splitlines()) for cell in cells if cell.cell_type == "code") <= 40
    assert any("## What would change the answer?" in cell.source for cell in cells)

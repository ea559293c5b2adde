"""Drawings: the same axes back, Chinese legible, settings of the user untouched, labels apart."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from rare_topics.corpus.corpus import read_pages
from rare_topics.figures import FIGURES
from rare_topics.plots.bars import draw_months, draw_sources, draw_terms, draw_topic_shares
from rare_topics.plots.labels import bilingual_label, display_width, shorten, wrap
from rare_topics.plots.maps import draw_map, draw_map_states, spanning_lines
from rare_topics.plots.style import GREY, cluster_colour, figure_style, font_path
from rare_topics.plots.topics import draw_article_topics, draw_topic_stability, draw_topic_terms, draw_topics_by_month

SEEDS = Path(__file__).parents[1] / "seeds"
TITLES = [
    "稀土专家离职引发关注:技术优势保卫战如何打响?",
    "万斯刚到印度,莫迪对华钢铁征12%关税",
    "Lynas ramps up heavy rare earths",
]


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def labels(count: int) -> dict[str, list[str]]:
    return {"label_zh": ["关税 · 大豆"] * count, "label_en": ["tariff · soybean"] * count}


def months() -> pd.DataFrame:
    rows = [("2025-05", "en", 2), ("2025-05", "zh", 1), ("2025-06", "en", 0), ("2025-06", "zh", 0), ("", "en", 1)]
    return pd.DataFrame(rows, columns=["month", "body_lang", "n_articles"])


def sources() -> pd.DataFrame:
    names = {"source_zh": ["雪球", "巴伦周刊"], "source_en": ["Xueqiu", "Barron's"]}
    return pd.DataFrame({"source": ["雪球", "Barrons"], **names, "body_lang": ["zh", "en"], "n_articles": [3, 1]})


def terms() -> pd.DataFrame:
    ends = {f"{end}_{lang}": [value] * 2 for lang in ("en", "zh") for end, value in (("low", 0.2), ("high", 0.9))}
    shares = {"share_en": [0.5, 0.4], "share_zh": [0.6, 0.3], "n_en": [28, 28], "n_zh": [6, 6]}
    return pd.DataFrame({"term_zh": ["关税", "磁体"], "term_en": ["tariff", "magnet"], **shares, **ends})


def topic_shares() -> pd.DataFrame:
    numbers = {"share": [0.6, 0.4], "low": [0.5, np.nan], "high": [0.7, np.nan], "stability": [0.9, np.nan]}
    return pd.DataFrame({**labels(2), **numbers, "n_articles": [20, 14], "n_corpus": [34, 34]})


def topic_terms() -> pd.DataFrame:
    numbers = {"probability": [0.2, 0.1, 0.3], "low": [0.1, 0.05, 0.2], "high": [0.3, 0.2, np.nan]}
    words = {"term_zh": ["关税", "磁体", "印度"], "term_en": ["tariff", "magnet", "India"]}
    return pd.DataFrame(
        {"topic": [0, 0, 1], **labels(3), "stability": [0.9, 0.9, 0.4], **words, **numbers, "n_corpus": 34}
    )


def article_topics() -> pd.DataFrame:
    articles = {"article_id": list("abc"), "published": ["2025-05-01", "2025-05-02", ""], "title": TITLES}
    return pd.DataFrame(
        {
            **articles,
            "topic": [0, 1, 0],
            **labels(3),
            "stability": [0.9, 0.4, 0.9],
            "weight": [0.9, 0.6, 1.0],
            "n_corpus": 3,
        }
    )


def topics_by_month() -> pd.DataFrame:
    numbers = {
        "n_articles": [3, 0, 1],
        "n_leading": [2, 0, 0],
        "share": [0.4, np.nan, 0.2],
        "low": [0.3, np.nan, np.nan],
        "high": [0.5, np.nan, np.nan],
    }
    months = ["2025-05", "2025-06", "2025-07"]
    return pd.concat([pd.DataFrame({"topic": topic, **labels(3), "month": months, **numbers}) for topic in (0, 1)])


def topic_stability() -> pd.DataFrame:
    numbers = {"stability": [0.8, 0.9], "low": [0.7, 0.8], "high": [0.85, 0.95]}
    return pd.DataFrame({"n_topics": [3, 4], **numbers, "chosen": [False, True], "n_corpus": 34})


def places(titles: list[str]) -> pd.DataFrame:
    points = np.random.default_rng(0).normal(size=(len(titles), 2))
    numbers = {"x": points[:, 0], "y": points[:, 1], "confidence": np.linspace(0.2, 1, len(titles))}
    languages = ["zh" if number % 2 else "en" for number in range(len(titles))]
    clusters = {
        "body_lang": languages,
        "cluster": [number % 3 - 1 for number in range(len(titles))],
        **labels(len(titles)),
    }
    return pd.DataFrame(
        {"article_id": range(len(titles)), "title": titles, "body_lang": languages, **numbers, **clusters}
    )


def map_states() -> pd.DataFrame:
    return pd.concat([places(TITLES * 4).assign(random_state=state) for state in (0, 1)])


DRAWINGS = {
    draw_months: months,
    draw_sources: sources,
    draw_terms: terms,
    draw_topic_shares: topic_shares,
    draw_topic_terms: topic_terms,
    draw_article_topics: article_topics,
    draw_topics_by_month: topics_by_month,
    draw_topic_stability: topic_stability,
    draw_map: lambda: places(TITLES * 4),
    draw_map_states: map_states,
}
each_drawing = pytest.mark.parametrize(("draw", "table"), DRAWINGS.items(), ids=lambda item: item.__name__)


@each_drawing
def test_the_axes_given_are_the_axes_returned(draw, table):
    _, ax = plt.subplots()
    assert draw(table(), ax) is ax


@each_drawing
def test_without_axes_a_figure_is_made_and_its_title_says_n(draw, table):
    assert "(N = " in draw(table()).get_title(loc="left")


@each_drawing
def test_settings_and_input_are_left_as_they_were(draw, table):
    plt.figure()
    before, numbers = dict(mpl.rcParams), table()
    draw(numbers)
    assert dict(mpl.rcParams) == before
    pd.testing.assert_frame_equal(numbers, table())


@each_drawing
def test_chinese_is_legible_in_axes_made_under_any_style(draw, table):
    """The user's axes carry the user's font, which has no Chinese; none of it may be left."""
    _, ax = plt.subplots()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw(table(), ax).figure.draw_without_rendering()


@each_drawing
def test_a_dollar_in_a_title_begins_no_formula(draw, table):
    """Neither while the figure is made, nor when the user draws it later under a style of his own."""
    numbers = table()
    texts = numbers.select_dtypes(include=["object", "str"]).columns
    shown = [name for name in texts if name.startswith(("label", "title", "term", "source"))]
    numbers[shown] = numbers[shown].map(lambda cell: f"$\\frac{{x}}$ {cell}" if isinstance(cell, str) else cell)
    _, ax = plt.subplots()
    draw(numbers, ax).figure.draw_without_rendering()


def test_axes_outside_any_grid_can_be_divided_too():
    ax = Figure().add_axes((0.1, 0.1, 0.8, 0.8))
    assert draw_topic_terms(topic_terms(), ax) is ax
    assert len(ax.figure.axes) == 3


def test_the_font_has_every_character_of_every_headline():
    from matplotlib.ft2font import FT2Font

    known = FT2Font(str(font_path())).get_charmap()
    headlines = "".join(article.title for article in read_pages(SEEDS))
    assert {character for character in headlines if ord(character) not in known} == set()


def test_headlines_are_drawn_without_a_missing_glyph():
    headlines = [article.title for article in read_pages(SEEDS)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_map(places(headlines)).figure.draw_without_rendering()


@pytest.mark.slow
@pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))
def test_no_figure_of_the_seeds_lacks_a_glyph_or_room(figure, study):
    """Neither font nor layout has anything to complain of, every dot is narrow, and the title says how many."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = figure(study)
        ax.figure.draw_without_rendering()
    assert "(N = " in ax.get_title(loc="left")
    assert [text.get_text() for text in ax.figure.findobj(Text) if " · " in text.get_text()] == []


def test_labels_of_the_map_do_not_overlap():
    headlines = [article.title for article in read_pages(SEEDS)]
    figure = Figure(figsize=(11, 9), dpi=160)
    with figure_style():
        ax = draw_map(places(headlines), figure.add_subplot())
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for text in ax.texts if text.get_text() and text.axes is ax][1:]
    assert len(boxes) >= len(headlines)
    shrunk = [box.padded(-2) for box in boxes]
    overlapping = [(one, other) for n, one in enumerate(shrunk) for other in shrunk[:n] if one.overlaps(other)]
    assert overlapping == []


def test_an_empty_month_is_there_with_its_zero():
    ax = draw_months(months())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2025-05", "2025-06", "undated\n无日期"]
    assert {"3", "0", "1"} <= {text.get_text() for text in ax.texts}


def test_ten_clusters_have_a_colour_of_their_own_and_smaller_ones_are_grey():
    assert len({cluster_colour(number) for number in range(10)}) == 10
    assert {cluster_colour(number) for number in (-1, 10, 29)} == {GREY}


def test_the_band_of_a_cluster_joins_its_articles_the_shortest_way():
    """Of the sides of a triangle the two short ones join it; articles in one place are joined too."""
    corner = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [2.0, 0.0]])
    lengths = np.linalg.norm(spanning_lines(corner)[:, 1] - spanning_lines(corner)[:, 0], axis=1)
    assert sorted(lengths.round(6)) == [0, 2, 2]
    assert spanning_lines(corner[:1]).shape == (1, 2, 2)


def test_a_map_of_one_place_is_drawn():
    table = places(TITLES).assign(x=1.0, y=2.0, cluster=0)
    assert draw_map(table).get_title(loc="left").endswith("(N = 3 articles, 3 of them in 1 cluster)")


@pytest.mark.parametrize(
    ("zh", "en", "width", "expected"),
    [
        ("关税", "tariff", 30, "关税 ∙ tariff"),
        ("关税", "tariff", 8, "关税\ntariff"),
        ("关税 · 大豆", "tariff · soybean", 60, "关税 ∙ 大豆\ntariff ∙ soybean"),
        ("关税 · 大豆", "tariff · soybean", 12, "关税 ∙ 大豆\ntariff"),
        ("关税 · 大豆", "countermeasure · soybean", 12, "关税 ∙ 大豆\ncountermeas…"),
        ("MP Materials", "MP Materials", 30, "MP Materials"),
        ("", "tariff", 30, "tariff"),
    ],
)
def test_a_label_holds_both_languages(zh, en, width, expected):
    assert bilingual_label(zh, en, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("稀土的力量", 10, "稀土的力量"),
        ("稀土专家离职引发关注:技术优势保卫战如何打响?", 24, "稀土专家离职引发关注…"),
        ("Quadrilateral Security Dialogue", 26, "Quadrilateral Security…"),
        ("countermeasure", 6, "count…"),
    ],
)
def test_a_long_text_ends_where_a_word_or_clause_does(text, width, expected):
    assert shorten(text, width) == expected


@given(st.text(max_size=60), st.integers(1, 40))
@example("稀土", 2)
def test_a_shortened_text_fits(text, width):
    assert display_width(shorten(text, width)) <= width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        # No line ends with a mark that opens, and none begins with one that closes.
        ("不止是稀土!他才发现:“天平”已倾向一方", 22, ["不止是稀土!他才发现:", "“天平”已倾向一方"]),
        ("据称“已有产能”，且仍在扩大", 14, ["据称“已有产能”，", "且仍在扩大"]),
        # A number stays with what it counts.
        ("有三个大国分离稀土；另有 4 国只涉及矿石", 26, ["有三个大国分离稀土；另有", "4 国只涉及矿石"]),
        # No character stands alone on the last line.
        ("某国需尽快建立自主稀土产业", 24, ["某国需尽快建立自主稀土", "产业"]),
        ("Only Australia is said to produce today", 24, ["Only Australia is said", "to produce today"]),
    ],
)
def test_lines_end_where_a_reader_would_end_them(text, width, lines):
    assert wrap(text, width) == lines

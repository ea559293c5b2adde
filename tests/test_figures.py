"""Figures of a study: files that stay the same, a page that shows them, nothing drawn from nothing."""

from __future__ import annotations

import inspect
import pydoc
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import FrozenInstanceError, replace
from datetime import datetime
from types import SimpleNamespace

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.text import Text
from scipy import sparse

import rare_topics as rt
from rare_topics import figures
from rare_topics.claims import Claims
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.languages import Label
from rare_topics.corpus.records import Article
from rare_topics.errors import InputError
from rare_topics.figures import corpus_topics
from rare_topics.figures.figure import figure, fixed
from rare_topics.plots.themes import draw_theme_aspects
from rare_topics.runtime.sampling import bootstrap_interval, bootstrap_share_interval
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.themes import ThemeFinder, Themes

DATES = ["2025-05-12", "2025-05-19", "2025-05-20", "2025-07-03", "2025-07-04", "2025-07-06", "2025-10-01", ""]
ARTICLES = tuple(
    Article(
        article_id=f"a{number}",
        title=f"稀土新闻{number}",
        body="中国稀土出口管制。" if number % 3 == 0 else "Rare earth export controls.",
        source="雪球" if number else "",
        published=datetime.fromisoformat(date) if date else None,
        body_lang="zh" if number % 3 == 0 else "en",
    )
    for number, date in enumerate(DATES)
)
# Articles of which none is a copy or a translation of another, so that each counts in the means.
TOLD_ONCE = Corpus(tuple(replace(article, body=str(number) * 40) for number, article in enumerate(ARTICLES)))
NO_SHARED_WORD = sparse.csr_array(np.eye(len(ARTICLES)))
FAST = ["articles_by_month", "topic_stability"]
SAYING = (
    "China tightens its export controls on rare earths. The US depends on China for its rare earths.",
    "Australia mines rare earths, and Malaysia refines rare earths in its plants.",
    "US and Chinese negotiators meet over soybeans, fentanyl and tariffs.",
)
CLAIMING = (
    "China controls over 90% of rare earth processing and 60%-70% of rare earth mining.",
    "The US needs at least 10 years and $10-15 billion to catch up. It will invest $400 million.",
    "The US imported 3,834 tons of rare earth oxides. Japan relies on China for over 60% of its rare earths.",
    "The US imported 3,834 tons of antimony. Lynas plans to begin production of rare earths in 2028.",
)


def saying(texts: Sequence[str]) -> Corpus:
    """Give the articles in which these texts stand in turn."""
    return Corpus(tuple(replace(one, body=texts[number % len(texts)]) for number, one in enumerate(ARTICLES)))


@pytest.fixture(scope="module")
def themes(theme_finder: ThemeFinder) -> Themes:
    return theme_finder.find_themes(saying(SAYING), passage_topics=np.full((3 + 2 * len(ARTICLES), 2), 0.5))


@pytest.fixture(scope="module")
def claims() -> Claims:
    return Claims(saying(CLAIMING))


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def study(themes: Themes, claims: Claims) -> SimpleNamespace:
    """Return a study of eight articles and two topics, with numbers one can check by hand."""
    ids = [article.article_id for article in ARTICLES]
    mixtures = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.2, 0.8], [0.4, 0.6], [0.6, 0.4], [0.3, 0.7], [1, 0]])
    labels = {"label_zh": ["关税 · 大豆", "磁体"], "label_en": ["tariff · soybean", "magnet"]}
    topics = pd.DataFrame({"topic": [0, 1], **labels, "share": mixtures.mean(axis=0), "stability": [0.9, 0.5]})
    words = [(t, f"c{n}", "词", f"word{n}", 0.1 / (n + 1), 0.01, 0.2) for t in (0, 1) for n in range(10)]
    place = pd.DataFrame({"article_id": ids, "x": mixtures[:, 0], "y": np.arange(8) / 8})
    cluster = [0, 0, 1, 1, 1, 0, -1, 0]
    return SimpleNamespace(
        corpus=Corpus(ARTICLES),
        topics=topics.assign(n_articles=[3, 5], terms_zh="", terms_en=""),
        topic_terms=pd.DataFrame(
            words, columns=["topic", "concept", "term_zh", "term_en", "probability", "low", "high"]
        ),
        state=StudyState(settings=StudySettings(), corpus=TOLD_ONCE, counts=NO_SHARED_WORD, doc_topic=mixtures),
        article_topics=pd.DataFrame(
            [(ids[row], topic, mixtures[row, topic]) for row in range(8) for topic in (1, 0) if mixtures[row, topic]],
            columns=["article_id", "topic", "weight"],
        ),
        clusters=pd.DataFrame(
            {
                "article_id": ids,
                "cluster": cluster,
                "confidence": 0.7,
                "label_zh": [(*labels["label_zh"], "未归类")[number] for number in cluster],
                "label_en": [(*labels["label_en"], "unplaced")[number] for number in cluster],
            }
        ),
        themes=themes,
        claims=claims,
        map=place,
        maps=pd.concat([place.assign(random_state=state) for state in (0, 1)]),
        model_selection=pd.DataFrame(
            {"n_topics": [2, 3], "stability": [0.9, 0.7], "low": 0.6, "high": 0.95, "chosen": [True, False]}
        ),
        terms=pd.DataFrame(
            {
                "concept": ["tariff", "china"],
                "term_zh": ["关税", "中国"],
                "term_en": ["tariff", "China"],
                "n_articles": [2, 8],
                "share_en": [0.4, 1.0],
                "share_zh": [0.0, 1.0],
            }
        ),
    )


@pytest.mark.slow
def test_every_figure_is_written_as_picture_vector_and_data_and_again_as_the_same_bytes(study, tmp_path):
    seen = []
    outcomes = figures.save_figures(study, tmp_path / "one", progress=seen.append)
    assert [outcome.name for outcome in outcomes] == list(figures.FIGURES)
    assert {outcome.status for outcome in outcomes} == {"new"}
    assert seen == outcomes
    written = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    names = {f"{name}.{kind}" for name in figures.FIGURES for kind in ("png", "svg", "csv")}
    assert written.keys() == names | {"README.md"}
    assert b"<text" not in written["map.svg"]
    with mpl.rc_context({"figure.facecolor": "black"}):
        figures.save_figures(study, tmp_path / "other")
    for path in (tmp_path / "other").iterdir():
        assert path.read_bytes() == written.pop(path.name), path.name
    assert not written


def test_only_what_changed_is_called_changed(study, tmp_path):
    figures.save_figures(study, tmp_path, names=FAST)
    study.model_selection = study.model_selection.assign(stability=0.65)
    again = figures.save_figures(study, tmp_path, names=FAST)
    assert again == [("articles_by_month", "same"), ("topic_stability", "changed")]


def test_figures_come_in_the_order_of_the_registry(study, tmp_path):
    outcomes = figures.save_figures(study, tmp_path, names=reversed(FAST))
    assert [outcome.name for outcome in outcomes] == FAST


def test_an_unknown_name_lists_the_known_ones_and_writes_nothing(study, tmp_path):
    with pytest.raises(InputError, match=r"'mpa'.*articles_by_month.*map"):
        figures.save_figures(study, tmp_path / "figures", names=["map", "mpa"])
    assert not (tmp_path / "figures").exists()


def test_a_file_in_the_place_of_the_folder_is_an_error(study, tmp_path):
    (tmp_path / "figures").write_text("")
    with pytest.raises(InputError, match="not a folder"):
        figures.save_figures(study, tmp_path / "figures")


def test_a_figure_without_data_is_left_out_and_said(study, tmp_path):
    figures.save_figures(study, tmp_path, names=FAST)
    study.model_selection = study.model_selection.iloc[:0]
    assert figures.save_figures(study, tmp_path, names=FAST)[1] == ("topic_stability", "no data")
    assert not list(tmp_path.glob("topic_stability.*"))
    assert "topic_stability" not in (tmp_path / "README.md").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="topic_stability"):
        figures.plot_topic_stability(study)


@pytest.fixture(scope="module")
def nothing(theme_finder: ThemeFinder) -> dict[str, object]:
    """Give what a study without articles has beside its empty tables."""
    return {
        "corpus": Corpus(()),
        "state": StudyState(settings=StudySettings(), corpus=Corpus(()), doc_topic=np.empty((0, 0))),
        "themes": theme_finder.find_themes(Corpus(())),
        "claims": Claims(Corpus(())),
    }


@pytest.mark.parametrize("name", list(figures.FIGURES))
def test_a_study_of_nothing_has_no_figure(study, nothing, name):
    empty = {key: value.iloc[:0] for key, value in vars(study).items() if isinstance(value, pd.DataFrame)}
    assert figures.FIGURES[name].table(SimpleNamespace(**empty, **nothing)).empty


def test_the_page_shows_question_picture_caption_and_data(study, tmp_path):
    figures.save_figures(study, tmp_path, names=FAST)
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    for name in FAST:
        figure = figures.FIGURES[name]
        assert all(part in page for part in (figure.question, figure.caption, f"({name}.png)", f"({name}.csv)"))
    assert "(map.png)" not in page


@pytest.mark.parametrize("plot", [figures.FIGURES[name] for name in figures.FIGURES])
def test_a_plot_takes_a_study_and_returns_the_axes_it_was_given(study, plot):
    _, ax = plt.subplots()
    assert plot(study, ax) is ax
    assert plot(study) is not ax


def test_every_figure_has_a_function():
    plots = {name for name in dir(figures) if name.startswith("plot_")}
    assert len(plots - {"plot_hierarchy"}) == len(figures.FIGURES)


def test_empty_months_and_undated_articles_are_counted(study):
    table = corpus_topics.articles_by_month.table(study).groupby("month")["n_articles"].sum()
    assert table.to_dict() == {
        "2025-05": 3, "2025-06": 0, "2025-07": 3, "2025-08": 0, "2025-09": 0, "2025-10": 1, "": 1,
    }  # fmt: skip


def test_rare_sources_are_counted_together(study):
    study.corpus = Corpus(tuple(replace(ARTICLES[1], article_id=str(n), source=f"source {n:02}") for n in range(20)))
    table = corpus_topics.articles_by_source.table(study)
    assert table["n_articles"].sum() == 20
    assert table["source"].nunique() == 16
    assert "5 others" in table["source"].iloc[-1]


def test_a_topic_of_a_month_is_the_mean_of_its_articles(study):
    table = corpus_topics.topics_by_month.table(study).set_index(["topic", "month"])
    may, june, october = (table.loc[(0, month)] for month in ("2025-05", "2025-06", "2025-10"))
    assert may["share"] == pytest.approx(0.5)
    assert may["low"] < may["share"] < may["high"]
    assert june[["share", "low", "high"]].isna().all()
    assert october["share"] == pytest.approx(0.3)
    assert october[["low", "high"]].isna().all()


def test_intervals_hold_the_share_they_belong_to(study):
    table = corpus_topics.topic_shares.table(study)
    assert (table["low"] < table["share"]).all()
    assert (table["share"] < table["high"]).all()
    assert table["share"].is_monotonic_decreasing


def test_terms_carry_wilson_intervals(study):
    """The known values for 0 of 3 and 5 of 5."""
    table = corpus_topics.terms.table(study).set_index("concept")
    assert table.loc["tariff", ["low_zh", "high_zh"]].to_list() == pytest.approx([0, 0.5615], abs=1e-4)
    assert table.loc["china", ["low_en", "high_en"]].to_list() == pytest.approx([0.5655, 1], abs=1e-4)
    assert table.index[0] == "china"


def test_a_large_corpus_is_thinned_for_the_heat_map(study):
    many = tuple(replace(ARTICLES[1], article_id=f"m{n:03}") for n in range(200))
    study.corpus = Corpus(many)
    study.article_topics = pd.DataFrame({"article_id": [a.article_id for a in many], "topic": 0, "weight": 1.0})
    table = corpus_topics.article_topics.table(study)
    assert table["article_id"].nunique() == 60
    assert set(table["n_corpus"]) == {200}


def test_importing_figures_does_not_import_matplotlib():
    code = "import sys, rare_topics.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def article_counts(study, **answer):
    """Make a figure that counts articles, as a reader of the recipe would."""

    @figure(
        question="How many?",
        question_zh="有多少?",
        caption="Articles.",
        draw=draw_theme_aspects,
        size=fixed(4, 3),
        **answer,
    )
    def article_count(study):
        """List the articles."""
        ids = [article.article_id for article in study.corpus]
        return pd.DataFrame({"article_id": ids, "aspect": "all", "n_passages": 1, "n_corpus": len(ids)})

    return article_count


def drawn_texts(ax):
    ax.figure.draw_without_rendering()
    return {text.get_text() for text in ax.figure.findobj(Text)}


def test_a_decorated_function_becomes_a_figure_that_is_called_with_a_study(study):
    article_count = article_counts(study)
    _, ax = plt.subplots()
    assert article_count.name == "article_count"
    assert article_count(study, ax) is ax
    assert len(article_count.table(study)) == len(ARTICLES)
    with pytest.raises(FrozenInstanceError):
        article_count.name = "another"


def test_the_title_is_the_answer_in_both_languages_or_in_the_one_that_is_asked_for(study):
    answered = article_counts(study, answer=lambda table: Label(zh=f"{len(table)} 篇", en=f"There are {len(table)}"))
    assert "There are 8\n8 篇" in drawn_texts(answered(study))
    assert "There are 8" in drawn_texts(answered(study, lang="en"))
    assert "8 篇" in drawn_texts(answered(study, lang="zh"))


@pytest.mark.parametrize("answer", [{}, {"answer": lambda _: None}], ids=["no function", "no answer"])
def test_the_title_is_the_question_where_the_numbers_give_no_answer(study, answer):
    assert "How many?\n有多少?" in drawn_texts(article_counts(study, **answer)(study))


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        (
            "articles_by_month",
            "No month stands out: none has more than 3 of the 8 articles",
            "没有特别集中的月份：8 篇中每月至多 3 篇",
        ),
        ("articles_by_source", "7 of 8 articles come from Xueqiu", "8 篇中有 7 篇来自雪球"),
        (
            "terms",
            "What 8 articles name most: China (8) and tariff (2)",
            "8 篇文章中，提到最多的是中国（8 篇）和关税（2 篇）",
        ),
        (
            "topic_terms",
            "The most stable of two topics, “tariff, soybean”, comes back in 90% of resamples",
            "2 个主题中，“关税、大豆”最稳定，在 90% 的重抽样中再现",
        ),
        (
            "article_topics",
            "7 of 8 articles belong mainly to one topic, by more than half",
            "8 篇中有 7 篇以一个主题为主（占一半以上）",
        ),
        (
            "map",
            "The 8 articles form two clusters; the largest, “tariff, soybean”, has 4",
            "8 篇文章形成 2 个聚类，最大的“关税、大豆”有 4 篇",
        ),
        (
            "theme_strength",
            "3 of 8 articles deal with “U.S. dependence on China”, 3 with “Chinese export controls”",
            "8 篇中有 3 篇谈到“美国对中国的依赖”，3 篇谈到“中国的出口管制”",
        ),
        ("suppliers_by_status", "Australia and Malaysia are said to supply today", "据称澳大利亚和马来西亚现已供应"),
        ("dependence_shares", "Dependence as stated: Japan over 60%", "据称的依赖度：日本超过60%"),
        (
            "number_told_twice",
            "3,834 tonnes are said to be rare earth oxides and antimony",
            "3834吨：有的说是稀土氧化物，有的说是锑",
        ),
        (
            "money_needed",
            "Announced: US$400m; said to be needed: US$10bn–15bn",
            "已宣布4亿美元；据称需要100亿至150亿美元",
        ),
        ("catch_up_years", "As stated: catching up needs at least 10 years", "据称追赶需要至少10年"),
        ("planned_starts", "One start of production is announced, for 2028", "据称有 1 项投产计划，时间为2028年"),
    ],
)
def test_the_title_says_what_was_planted(study, name, en, zh):
    table = figures.FIGURES[name].table(study)
    assert figures.FIGURES[name].sentence(table) == Label(zh=zh, en=en)


def test_the_title_names_aspects_in_the_order_of_the_bars():
    """Those of as many articles in the order of their labels, whatever the order of the articles."""
    rows = [("a1", "tariffs"), ("a1", "rare earths"), ("a2", "beans"), ("a3", "rare earths"), ("a3", "tariffs")]
    table = pd.DataFrame(rows, columns=["article_id", "aspect"]).assign(n_passages=1, n_corpus=5)
    labels = {"rare earths": Label("稀土", "rare earths"), "tariffs": Label("关税", "tariffs")}
    table.attrs.update(labels=labels, title=Label("筹码", "Chips"))
    sentence = figures.FIGURES["bargaining_chips"].sentence(table)
    assert sentence.en == "Chips: mostly rare earths (2), tariffs (2) and beans (1)"
    assert sentence.zh == "筹码，谈得最多的是稀土（2 篇）、关税（2 篇）和beans（1 篇）"
    bars = [text for text in draw_theme_aspects(table).get_yticklabels() if text.get_text()]
    assert [text.get_text().split()[0] for text in bars] == ["稀土", "关税", "beans"]


def test_what_only_grows_is_no_start(study):
    texts = (
        "Lynas will double its production of rare earths by 2027.",
        "Iluka plans to start production of rare earths in 2029.",
    )
    study.claims = Claims(saying(texts))
    assert set(figures.FIGURES["planned_starts"].table(study)["place"]) == {"iluka"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", list(figures.FIGURES))
def test_a_picture_in_one_language_has_no_words_of_the_other(study, name, lang):
    """Titles of articles, quotes and the names of publishers stay as they are printed."""
    other = re.compile({"en": "[\u4e00-\u9fff]", "zh": "[A-Za-z]{3}"}[lang])
    texts = drawn_texts(figures.FIGURES[name](study, lang=lang))
    printed = re.compile("稀土新闻|雪球|“.*[A-Za-z]{3}")
    assert not [text for text in texts if other.search(text) and not printed.search(text)]


def test_the_answer_stands_over_the_title_in_axes_of_the_user(study):
    _, (left, _) = plt.subplots(1, 2)
    article_counts(study)(study, left)
    assert left.get_title(loc="left").startswith("How many?\n有多少?\n")


def test_help_on_a_figure_says_its_question_its_arguments_and_its_numbers():
    text = pydoc.render_doc(rt.plot_map, renderer=pydoc.plaintext)
    assert rt.plot_map is figures.FIGURES["map"]
    assert "(study, ax=None, *, lang='both') -> Axes" in text
    assert figures.FIGURES["map"].question in text
    assert "article_id, x, y, title, body_lang, cluster" in text
    assert list(inspect.signature(rt.plot_map).parameters) == ["study", "ax", "lang"]


def test_a_share_and_a_column_of_ones_have_about_the_same_interval():
    column = np.repeat([1.0, 0.0], [30, 70])[:, None]
    of_column = bootstrap_interval(column, n_resamples=4000).ravel()
    of_share = bootstrap_share_interval(100, 30, generator=np.random.default_rng(0), n_resamples=4000)
    assert of_share == pytest.approx(of_column, abs=0.02)
    assert np.isnan(bootstrap_share_interval(2, 1, generator=np.random.default_rng(0))).all()

"""Specification of the report in one minute: questions of an analyst, answered from articles written for them."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import NamedTuple

import pytest

from rare_topics.corpus.corpus import read
from rare_topics.corpus.languages import Label
from rare_topics.report.key_findings import Answer, KeyFindings
from rare_topics.report.page_data import page_data
from rare_topics.study import Study

# Month of publication, and what the article says.
ARTICLES = (
    ("2024-03-01", "South Korea depends on China for over 85% of its graphite, a report says."),
    ("2024-03-02", "China refines 70% of the world's gallium, traders say."),
    ("2024-03-03", "China refines about 98% of the world's gallium, a ministry estimates."),
    ("2024-05-06", "On 3 May 2024 China imposed export controls on germanium and antimony."),
    ("2024-09-09", "On 8 September 2024 China lifted its export restrictions on graphite."),
    ("2024-09-10", "Brussels demands that China ease its export controls on rare earths."),
    ("2024-10-01", "Brazil mines rare earths at Serra Verde and exports the concentrate."),
    (
        "2024-10-02",
        "Tanzania plans to build a rare earth refinery and to supply Europe: production starts in 2029.",
    ),
    ("2024-10-03", "Chinese rare earths reach the United States through Vietnam, where they are relabelled."),
    ("2024-11-20", "The US needs at least 9 years to catch up with China in rare earth separation."),
    ("2024-11-21", "The US needs about 15 years to catch up with China in rare earth separation."),
    ("2024-11-23", "On 7 August 2012 China tightened its export controls on tungsten."),
    ("2024-11-24", "The EU relies on imports for 95% of its rare earth magnets."),
)


class Case(NamedTuple):
    """A question of an analyst: the answer it stands in, what is said there and in the link, and by which article."""

    question: str
    key: str
    said: Label
    link: Label
    article: int


QUESTIONS = (
    Case(
        "Who depends on whom?",
        "who_depends",
        Label("韩国依赖中国供应：", "South Korea relies on China for:"),
        Label("石墨超过85%", "over 85% of graphite"),
        0,
    ),
    Case(
        "How much do they process?",
        "who_depends",
        Label("中国镓", "China's share of gallium"),
        Label("约98%", "about 98%"),
        2,
    ),
    Case(
        "What was controlled, and when?",
        "controls_when",
        Label("2024年5月3日：", "3 May 2024:"),
        Label("中国收紧锗和锑管制", "China tightened controls on germanium and antimony"),
        3,
    ),
    Case(
        "What was eased, and when?",
        "controls_when",
        Label("2024年9月8日：", "8 Sep 2024:"),
        Label("中国放宽石墨管制", "China eased controls on graphite"),
        4,
    ),
    Case(
        "Who asks for easing?",
        "controls_when",
        Label("要求放宽：", "Easing demanded by:"),
        Label("欧盟（稀土管制，1）", "EU on rare earths (1)"),
        5,
    ),
    Case(
        "What was controlled long ago?",
        "controls_when",
        Label("早先，2012年8月7日：", "Earlier, 7 Aug 2012:"),
        Label("中国收紧钨管制", "China tightened controls on tungsten"),
        11,
    ),
    Case(
        "Who depends on imports?",
        "who_depends",
        Label("欧盟依赖进口：", "EU relies on imports for:"),
        Label("稀土磁体95%", "95% of rare earth magnets"),
        12,
    ),
    Case(
        "When are plans to come true?",
        "who_could_supply",
        Label("计划投产：", "Production planned to start:"),
        Label("坦桑尼亚（2029年）", "Tanzania (2029)"),
        7,
    ),
    Case(
        "Who supplies today?",
        "who_could_supply",
        Label("现已供应：", "Supply today:"),
        Label("巴西（1）", "Brazil (1)"),
        6,
    ),
    Case(
        "Who only plans to?",
        "who_could_supply",
        Label("仅有计划", "Only plan to"),
        Label("坦桑尼亚（1）", "Tanzania (1)"),
        7,
    ),
    Case("Who passes goods on?", "who_could_supply", Label("转口", "Pass on"), Label("越南（1）", "Vietnam (1)"), 8),
    Case(
        "Where do they disagree?",
        "where_disagree",
        Label("美国稀土追赶", "U.S. rare earth catch-up time"),
        Label("约15年", "about 15 years"),
        10,
    ),
    Case(
        "How sure is this?",
        "how_sure",
        Label("13 篇中有 13 篇来自同一来源", "13 of 13 articles come from one source"),
        Label("", ""),
        0,
    ),
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    path: Path = tmp_path_factory.mktemp("invented") / "news.jsonl"
    rows = [
        {"title": f"Story {n}", "text": text, "date": date, "source": "Invented"}
        for n, (date, text) in enumerate(ARTICLES)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Study(n_topics=2, n_clusters=2).fit(read(path))


@pytest.fixture(scope="module")
def answers(study: Study) -> dict[str, Answer]:
    return {answer.key: answer for answer in KeyFindings(study, page_data(study)).answers()}


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: case.question)
def test_a_question_is_answered_in_both_languages_by_the_article_that_says_so(
    study: Study, answers: dict[str, Answer], case: Case
) -> None:
    sentences = [one for one in answers[case.key].sentences if all(map(str.__contains__, one.text, case.said))]
    assert sentences
    links = [link for sentence in sentences for link in sentence.links if link.text == case.link]
    if case.link.en:
        assert ARTICLES[case.article][1] in {study.corpus[link.quote.article].body for link in links}

"""How alike the articles of a small collection are."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import rare_topics as rt

TEXTS = {
    ("coffee", "en"): "The coffee harvest in Brazil was {}. Traders buy coffee from farmers. Frost hurt the harvest.",
    ("coffee", "zh"): "巴西的咖啡收成很{}。商人向农民买咖啡。霜冻影响了收成。",
    ("football", "en"): "The football team won the {} match. The coach praised the team and the football fans.",
    ("football", "zh"): "足球队赢了这场{}的比赛。教练称赞了球队和足球迷。",
}
WORDS = {"en": ("good", "poor", "late", "early", "large", "small"), "zh": ("好", "差", "晚", "早", "大", "小")}


def rows(*langs: str) -> list[dict[str, str]]:
    """List texts of both subjects, and one that says nothing."""
    texts = [
        {"id": f"{subject}-{lang}-{number}", "title": "", "text": text.format(word), "lang": lang}
        for (subject, lang), text in TEXTS.items()
        for number, word in enumerate(WORDS[lang])
        if lang in langs
    ]
    return [*texts, {"id": "nothing", "title": "??", "text": "…", "lang": "en"}]


@pytest.fixture(scope="module")
def study() -> rt.Study:
    return rt.Study(random_state=0).fit(pd.DataFrame(rows("en", "zh")))


def similarities(study: rt.Study) -> dict[frozenset[str], float]:
    table = study.similar
    return {
        frozenset(pair): similarity
        for *pair, similarity in table[["article_id", "other_id", "similarity"]].itertuples(index=False)
    }


def test_articles_of_one_subject_are_more_alike_than_those_of_two(study: rt.Study) -> None:
    found = similarities(study)
    names = [article.article_id for article in study.corpus if article.article_id != "nothing"]
    same = [found[frozenset(pair)] for pair in combinations(names, 2) if pair[0][:4] == pair[1][:4]]
    other = [found[frozenset(pair)] for pair in combinations(names, 2) if pair[0][:4] != pair[1][:4]]
    assert min(same) > max(other)
    assert np.mean(same) > np.mean(other) + 0.3


def test_an_article_without_a_word_is_like_none(study: rt.Study) -> None:
    assert {value for pair, value in similarities(study).items() if "nothing" in pair} == {0.0}


def test_the_same_articles_are_as_alike_again(study: rt.Study) -> None:
    again = rt.Study(random_state=0).fit(study.corpus)
    pd.testing.assert_frame_equal(study.similar, again.similar)


def test_no_two_are_more_alike_than_one_and_itself(study: rt.Study) -> None:
    assert np.abs(study.similar["similarity"]).max() <= 1


@pytest.mark.parametrize("random_state", [0, 2**31 - 1])
def test_any_random_state_will_do(random_state: int, study: rt.Study) -> None:
    found = similarities(rt.Study(random_state=random_state).fit(study.corpus))
    same, other = ({"coffee-en-0", name} for name in ("coffee-zh-1", "football-zh-1"))
    assert found[frozenset(same)] > found[frozenset(other)] + 0.2


def test_in_one_language_the_vectors_say_it() -> None:
    study = rt.Study(random_state=0).fit(pd.DataFrame(rows("en")))
    vectors = study.state.vectors
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    assert study.similar["similarity"].to_numpy() == pytest.approx(cosines, abs=1e-4)

"""How alike the articles of a small collection are."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import rare_topics as rt

SUBJECTS = {
    "coffee": "The coffee harvest in Brazil was {}. Roasters buy beans from farmers. Frost hurt the plantation.",
    "football": "The football team won the match {}. The goalkeeper and the coach praised the stadium and the fans.",
}
WORDS = ("good", "poor", "late", "early", "large", "small", "wet", "dry")


@pytest.fixture(scope="module")
def study() -> rt.Study:
    rows = [
        {"id": f"{subject}-{word}", "title": f"{subject} {word}", "text": text.format(word), "lang": "en"}
        for subject, text in SUBJECTS.items()
        for word in WORDS
    ]
    rows.append({"id": "nothing", "title": "??", "text": "…", "lang": "en"})
    return rt.Study(random_state=0).fit(pd.DataFrame(rows))


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
    assert min(same) > max(other) + 0.2


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
    assert found[frozenset({"coffee-good", "coffee-late"})] > found[frozenset({"coffee-good", "football-late"})] + 0.2

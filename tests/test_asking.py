"""Specification of what a study is asked: search, representatives, concordance, keyness, shares, predictions."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest
from test_study import CHINESE, ENGLISH

import rare_topics as rt
from rare_topics.errors import InputError
from rare_topics.study.selection import exclusivity

FOUND = ["article_id", "score", "title", "published", "source", "quote", "passage_id", "start", "end"]


@pytest.fixture(scope="module")
def planted() -> rt.Study:
    """Give a study of soybeans and magnets in two languages, from two sources, six months apart."""
    rows = [*ENGLISH, *CHINESE]
    frame = pd.DataFrame(rows, columns=["title", "text"])
    is_soybean = [number % 12 < 6 for number in range(24)]
    frame["source"] = ["Farm Post" if soybean else "Motor Post" for soybean in is_soybean]
    days = [f"2025-0{1 if soybean else 7}-{number + 1:02d}" for number, soybean in enumerate(is_soybean)]
    frame["id"], frame["date"] = [f"n{number:02d}" for number in range(24)], days
    return rt.Study(n_topics=2, n_clusters=2).fit(frame)


def error_of(call, *words: object, **options: object) -> str:
    """Give the one line with which a question is refused."""
    with pytest.raises(InputError) as error:
        call(*words, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def quoted(study: rt.Study, row: object) -> str:
    """Return what stands at the offsets of a found passage."""
    article = study.corpus[row.article_id]
    kind = study.corpus.passages.by_id(row.passage_id).kind
    return (article.title if kind == "title" else article.body)[row.start : row.end]


class TestSearch:
    """A text finds articles of both languages."""

    @pytest.mark.parametrize("query", ["soybean farmers and tariffs", "大豆 农民 关税"])
    def test_a_query_of_either_language_finds_both(self, planted: rt.Study, query: str) -> None:
        found = planted.search(query, 12)
        assert list(found.columns) == FOUND
        assert set(planted.corpus[found["article_id"].tolist()].to_frame()["source"]) == {"Farm Post"}
        assert {planted.corpus[name].body_lang for name in found["article_id"]} == {"en", "zh"}
        assert found["score"].is_monotonic_decreasing
        assert found["score"].between(0, 1.0001).all()

    def test_every_quote_stands_at_its_offsets(self, study: rt.Study) -> None:
        found = study.search("Australia separation plant", 5)
        assert all(quoted(study, row) == row.quote for row in found.itertuples())
        assert found["quote"].str.contains("Australia|澳").any()

    @pytest.mark.parametrize("as_id", [True, False])
    def test_an_example_finds_others_and_not_itself(self, planted: rt.Study, as_id: bool) -> None:
        example = planted.corpus["n06"]
        found = planted.search(example.article_id if as_id else example, 3)
        assert "n06" not in set(found["article_id"])
        assert {planted.corpus[name].source for name in found["article_id"]} == {"Motor Post"}

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("", "an empty query"),
            (5, "a query of the type int; give words"),
            ("qwertyzxcv", "no word of 'qwertyzxcv' is known to the study"),
        ],
    )
    def test_a_query_that_says_nothing_is_refused(self, planted: rt.Study, query: object, said: str) -> None:
        assert said in error_of(planted.search, query)
        assert said in error_of(planted.find_topics, query)

    @pytest.mark.parametrize("n", [0, -1, "many", 2.5, True])
    def test_a_number_that_is_none_is_refused(self, planted: rt.Study, n: object) -> None:
        assert "give a whole number above 0" in error_of(planted.search, "soybean", n)

    @pytest.mark.parametrize("query", ["soybean tariffs", "大豆关税"])
    def test_a_text_finds_its_topic(self, planted: rt.Study, query: str) -> None:
        found = planted.find_topics(query)
        assert found["probability"].sum() == pytest.approx(1, abs=0.001)
        members = planted.representative("topic", int(found["topic"][0]), 6)["article_id"]
        assert {planted.corpus[name].source for name in members} == {"Farm Post"}


class TestRepresentative:
    """Articles that stand for a group."""

    @pytest.mark.parametrize("kind", ["topic", "cluster"])
    def test_each_group_is_stood_for_by_its_own(self, planted: rt.Study, kind: str) -> None:
        for number in (0, 1):
            found = planted.representative(kind, number, 4)
            assert len({planted.corpus[name].source for name in found["article_id"]}) == 1
            assert all(quoted(planted, row) == row.quote for row in found.itertuples())

    def test_a_theme_is_stood_for_by_its_evidence(self, study: rt.Study) -> None:
        found = study.representative("theme", "us_dependence", 3)
        assert set(found["quote"]) <= set(study.themes["us_dependence"].evidence["quote"])
        assert found["article_id"].is_unique

    @pytest.mark.parametrize(
        ("kind", "number", "said"),
        [
            ("topic", 9, "no topic 9; take one of 0, 1"),
            ("cluster", "0", "no cluster 0; take one of 0, 1"),
            ("theme", "nothing", "no theme 'nothing'; take one of "),
            ("group", 1, "no kind 'group'; take one of topic, cluster, theme"),
        ],
    )
    def test_what_is_not_there_is_refused_with_what_is(
        self, planted: rt.Study, kind: str, number: object, said: str
    ) -> None:
        assert said in error_of(planted.representative, kind, number)


class TestConcordance:
    """A concept in its contexts."""

    @pytest.mark.parametrize("word", ["soybean", "soybeans", "大豆"])
    def test_a_word_is_found_in_both_languages_at_its_offsets(self, planted: rt.Study, word: str) -> None:
        found = planted.kwic(word)
        assert {"大豆", "soybeans"} <= set(found["keyword"])
        for row in found.itertuples():
            assert quoted(planted, row) == row.keyword
        assert len(found) == len(planted.kwic("soybean"))

    def test_what_is_no_concept_is_found_by_its_letters(self, planted: rt.Study) -> None:
        found = planted.kwic("BUYERS turned to")
        assert found["keyword"].tolist() == ["buyers turned to"]
        assert found["concept"].tolist() == [""]
        assert planted.kwic("no such words").empty

    def test_the_context_has_the_width_asked_for(self, planted: rt.Study) -> None:
        assert planted.kwic("soybean", width=0)[["left", "right"]].eq("").all(axis=None)
        assert planted.kwic("soybean", width=10)["left"].str.len().max() <= 10


class TestWordUse:
    """Words that set groups apart, and stand together."""

    @pytest.mark.parametrize(
        "group", [{"source": "Farm Post"}, [f"n{n:02d}" for n in (*range(6), *range(12, 18))], ("cluster", None)]
    )
    def test_a_group_is_set_apart_by_its_own_words(self, planted: rt.Study, group: object) -> None:
        if group == ("cluster", None):
            clusters = planted.clusters.set_index("article_id")["cluster"]
            group = ("cluster", clusters["n00"])
        table = planted.keyness(group, n=5)
        assert {"soybean", "tariff"} <= set(table["concept"][:5])
        assert {"magnet", "motor"} & set(table["concept"][-5:])
        assert (table["low"] <= table["log_odds"] + 1e-9).mean() > 0.8
        assert table["low"][0] > 0 > table["high"].iloc[-1]

    def test_the_other_way_round_the_signs_change(self, planted: rt.Study) -> None:
        one = planted.keyness({"source": "Farm Post"}, {"source": "Motor Post"}).set_index("concept")["log_odds"]
        other = planted.keyness({"source": "Motor Post"}).set_index("concept")["log_odds"]
        assert np.allclose(one, -other[one.index])

    @pytest.mark.parametrize(
        ("group", "said"),
        [
            (("cluster", 7), "no cluster 7; take one of -1, 0, 1"),
            (("kluster", 1), "no kind of group 'kluster'"),
            ({"sauce": "x"}, "no condition 'sauce'; take one of lang, source"),
            ({"source": "Nobody"}, "no article with source 'Nobody'"),
            (slice(None), "no article outside the group"),
            ([], "no article is in the group"),
            (5, "a key of the type int"),
        ],
    )
    def test_a_group_that_is_none_is_refused(self, planted: rt.Study, group: object, said: str) -> None:
        assert said in error_of(planted.keyness, group)

    def test_what_always_stands_together_is_first(self, planted: rt.Study) -> None:
        table = planted.cooccurrence(10)
        assert table["log_likelihood"].is_monotonic_decreasing
        assert table["npmi"].between(-1, 1).all()
        assert (table["n_articles"] > 1).all()
        pairs = {frozenset(pair) for pair in zip(table["concept"], table["other"], strict=True)}
        assert frozenset({"soybean", "farmer"}) in pairs

    def test_the_senses_of_one_word_do_not_stand_together(self, planted: rt.Study) -> None:
        """粮仓 is a granary, a barn and a breadbasket, and all of them are the one word."""
        assert {"granary", "barn"} <= set(planted.terms["concept"])
        table = planted.cooccurrence(500)
        assert not {("barn", "granary"), ("granary", "barn")} & set(zip(table["concept"], table["other"], strict=True))

    def test_terms_of_several_words_are_listed_as_printed(self, study: rt.Study) -> None:
        assert list(study.collocations.columns) == ["term", "n", "printed_en", "printed_zh"]
        assert study.collocations["n"].is_monotonic_decreasing


class TestShares:
    """Topics by time and by column."""

    def test_shares_of_each_value_add_up_to_one(self, planted: rt.Study) -> None:
        for table, name in (
            (planted.topics_by("source"), "value"),
            (planted.topics_over_time("M"), "period"),
            (planted.topics_over_time("Q"), "period"),
        ):
            assert np.allclose(table.groupby(name)["share"].sum(), 1, atol=0.001)
            assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"])).all()

    def test_planted_differences_are_no_chance(self, planted: rt.Study) -> None:
        table = planted.topics_by("source")
        assert (table["p_adjusted"] < 0.01).all()
        assert (table["p_adjusted"] >= table["p_value"]).all()

    def test_values_that_say_nothing_could_be_chance(self, planted: rt.Study) -> None:
        """Every second article of each subject."""
        table = planted.topics_by([number // 2 % 2 for number in range(24)])
        assert (table["p_adjusted"] > 0.05).all()

    def test_periods_are_written_in_their_order(self, planted: rt.Study) -> None:
        assert sorted(set(planted.topics_over_time("M")["period"])) == ["2025-01", "2025-07"]
        assert sorted(set(planted.topics_over_time("Q")["period"])) == ["2025-Q1", "2025-Q3"]
        assert sorted(set(planted.topics_over_time("Y")["period"])) == ["2025"]

    def test_a_single_article_has_no_interval(self, planted: rt.Study) -> None:
        assert planted.topics_over_time("D")[["low", "high"]].isna().all(axis=None)

    @pytest.mark.parametrize(
        "column", [["a", "b"] * 12, {f"n{n:02d}": n % 2 for n in range(24)}, pd.Series([0, 1] * 12)]
    )
    def test_any_values_of_one_s_own_do(self, planted: rt.Study, column: object) -> None:
        assert planted.topics_by(column)["n_articles"].eq(12).all()

    @pytest.mark.parametrize(
        ("column", "said"),
        [
            ("outlet", "no column 'outlet'; take one of source, lang, label"),
            (["a"], "1 values for 24 articles"),
            ({"n00": 1}, "no value for n0"),
            (["a"] * 24, "all articles have one value"),
            (5, "a column of the type int"),
        ],
    )
    def test_a_column_that_is_none_is_refused(self, planted: rt.Study, column: object, said: str) -> None:
        assert said in error_of(planted.topics_by, column)

    def test_a_frequency_that_is_none_is_refused(self, planted: rt.Study) -> None:
        assert "no frequency 'month'; take one of D (day), W (week)" in error_of(planted.topics_over_time, "month")


class TestPrediction:
    """What a study says of unseen texts."""

    def test_unseen_texts_are_placed_in_their_order(self, planted: rt.Study) -> None:
        texts = [
            "Magnets for motors are made in the factory.",
            "大豆关税打击农民。",
            "Magnets for motors are made in the factory.",
        ]
        table = planted.predict(texts)
        assert len(table) == 3
        assert table["topic"][0] == table["topic"][2] != table["topic"][1]
        assert table["coverage"].between(0, 1).all()
        assert table["article_id"][0] == table["article_id"][2]

    @pytest.mark.parametrize("kind", [lambda s: s, lambda s: [s], lambda s: pd.DataFrame({"text": [s]})])
    def test_a_text_a_list_and_a_table_do(self, planted: rt.Study, kind) -> None:
        assert len(planted.predict(kind("Magnets for motors."))) == 1

    @pytest.mark.parametrize("text", ["The orchestra played well.", "The team won on Sunday.", "My cat sleeps."])
    def test_of_a_text_on_something_else_nothing_is_said(self, study: rt.Study, text: str) -> None:
        (row,) = study.predict([text]).to_dict("records")
        assert (row["topic"], row["cluster"], row["topic_en"]) == (-1, -1, "unplaced")

    def test_a_known_article_has_the_topic_it_has(self, planted: rt.Study) -> None:
        table = planted.predict(planted.corpus)
        assert (table["topic"].to_numpy() == planted.state.doc_topic.argmax(axis=1)).mean() > 0.9


class TestSelection:
    """What speaks for a number of topics."""

    def test_each_number_is_judged_on_what_it_has_not_seen(self, study: rt.Study) -> None:
        table = study.model_selection
        assert list(table.columns[-2:]) == ["perplexity", "exclusivity"]
        assert (table["perplexity"] > 1).all()
        assert table["exclusivity"].between(0, 1).all()

    def test_words_of_one_topic_alone_are_exclusive(self) -> None:
        apart = np.array([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
        assert exclusivity(apart, np.array([[0, 1], [2, 3]])) == 1
        assert exclusivity(np.full((2, 4), 0.25), np.array([[0, 1], [2, 3]])) == 0.5


def test_every_question_has_its_signature_and_description() -> None:
    """As the function that answers it, but for the state."""
    for name in (
        "search",
        "find_topics",
        "kwic",
        "keyness",
        "cooccurrence",
        "topics_over_time",
        "topics_by",
        "predict",
    ):
        method = getattr(rt.Study, name)
        assert next(iter(inspect.signature(method).parameters)) == "self"
        assert "state" not in inspect.signature(method).parameters
        assert "A fitted study." not in method.__doc__
        assert "Returns" in method.__doc__


def test_every_mention_stands_where_it_says_and_a_table_is_cited_by_its_articles(study: rt.Study) -> None:
    """Offsets slice the body back; source, date and title go before what the table had, in its order."""
    table = study.mentions()
    assert all(
        study.corpus[row.article_id].body[row.start : row.end] == row.printed for row in table.head(500).itertuples()
    )
    assert table["weight"].between(0, 1, inclusive="right").all()
    cited = study.cite(table.tail(3))
    article = study.corpus[table["article_id"].iloc[-1]]
    assert cited.index.tolist() == table.index[-3:].tolist()
    assert cited.iloc[-1].tolist()[:3] == [f"{article.published:%Y-%m-%d}", article.source, article.title]
    assert cited.columns.tolist()[3:] == table.columns.tolist()[1:]
    with pytest.raises(InputError, match="no column article_id"):
        study.cite(table[["concept"]])

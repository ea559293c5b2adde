"""Specification of changes by hand: a new study each, a log that is saved and survives what is added."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_study import CHINESE, ENGLISH

import rare_topics as rt
from rare_topics.errors import InputError
from rare_topics.study.provenance import manifest

WANTED = {"harvest": ["大豆", "farmer"], "motors": ["电机"]}


@pytest.fixture(scope="module")
def planted() -> rt.Study:
    """Give a study of soybeans and magnets in two languages."""
    return rt.Study(n_topics=4, n_clusters=2).fit(table([*ENGLISH, *CHINESE]))


def table(rows: list[tuple[str, str]], start: int = 0) -> pd.DataFrame:
    ids = [f"n{number:02d}" for number in range(start, start + len(rows))]
    return pd.DataFrame(rows, columns=["title", "text"]).assign(id=ids)


def error_of(call, *words: object, **options: object) -> str:
    """Give the one line with which a change is refused."""
    with pytest.raises(InputError) as error:
        call(*words, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def saved_again(study: rt.Study, folder: Path) -> rt.Study:
    return rt.load(study.save(folder / "kept"))


def same(one: rt.Study, other: rt.Study) -> bool:
    names = ("topics", "topic_terms", "article_topics", "clusters", "warnings", "edits")
    tables = [(getattr(one, name), getattr(other, name)) for name in names]
    return all(a.equals(b) if isinstance(a, pd.DataFrame) else a == b for a, b in tables)


class TestNames:
    """Names of topics and clusters."""

    def test_a_topic_has_the_name_it_is_given_and_the_old_study_the_old_one(self, study: rt.Study) -> None:
        renamed = study.rename_topic(3, en="Smuggling", zh="走私")
        assert renamed.topics.loc[3, ["label_en", "label_zh"]].tolist() == ["Smuggling", "走私"]
        assert study.topics["label_en"][3] != "Smuggling"
        assert renamed.topics.drop(index=3).equals(study.topics.drop(index=3))
        assert study.edits == []

    def test_a_language_without_a_name_keeps_its_label(self, study: rt.Study) -> None:
        renamed = study.rename_topic(3, zh="走私").rename_topic(3, en="Smuggling")
        assert renamed.topics.loc[3, ["label_en", "label_zh"]].tolist() == ["Smuggling", "走私"]
        assert study.rename_topic(3, "Smuggling").topics["label_zh"][3] == study.topics["label_zh"][3]

    def test_a_cluster_has_its_name_in_every_row(self, study: rt.Study) -> None:
        clusters = study.rename_cluster(0, en="Soybeans").clusters
        assert set(clusters.loc[clusters["cluster"] == 0, "label_en"]) == {"Soybeans"}

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ((99, "a"), "no topic 99; take one of 0, 1, 2"),
            (("0", "a"), "no topic 0; take one of"),
            ((0,), "no name; give en='…', zh='…' or both"),
            ((0, "  "), "no name"),
            ((0, 5), "en is a int"),
            ((0, "x" * 101), "is no name; give at most 100 characters"),
            ((0, "a\u202eb"), "is no name"),
        ],
    )
    def test_what_is_no_name_or_no_topic_is_refused(self, study: rt.Study, words: tuple, said: str) -> None:
        assert said in error_of(study.rename_topic, *words)


class TestMergers:
    """Two topics become one."""

    def test_weights_add_up_and_the_others_stay(self, study: rt.Study) -> None:
        merged = study.merge_topics(2, 4)
        assert merged.topics["topic"].tolist() == [number for number in study.topics["topic"] if number != 4]
        before, after = study.state.doc_topic, merged.state.doc_topic
        assert np.allclose(after[:, 2], before[:, 2] + before[:, 4])
        assert np.allclose(after.sum(axis=1), 1)
        assert np.allclose(merged.state.topic_model.topic_term_.sum(axis=1), 1)
        kept = ["label_zh", "label_en", "share", "stability"]
        others = merged.topics.set_index("topic").drop(index=2)[kept]
        assert others.equals(study.topics.set_index("topic").drop(index=[2, 4])[kept])

    def test_the_order_of_the_rest_does_not_matter_and_lists_do(self, study: rt.Study) -> None:
        assert same(study.merge_topics([2, 4]), study.merge_topics(2, 4))
        assert np.allclose(study.merge_topics(2, 4, 3).state.doc_topic, study.merge_topics(2, 3, 4).state.doc_topic)

    def test_a_name_given_by_hand_stays_and_others_are_made_again(self, study: rt.Study) -> None:
        assert study.rename_topic(2, "Mine").merge_topics(2, 4).topics["label_en"][2] == "Mine"
        assert study.rename_topic(4, "Mine").merge_topics(2, 4).topics["label_en"][2] != "Mine"

    def test_the_hierarchy_reduces_to_any_number(self, study: rt.Study) -> None:
        assert len(study.reduce_topics(3).topics) == 3
        assert len(study.reduce_topics(1).topics) == 1

    @pytest.mark.parametrize("words", [(), (4,), (4, 4), ([4],)])
    def test_one_topic_is_no_merger(self, study: rt.Study, words: tuple) -> None:
        assert "give two or more, each once" in error_of(study.merge_topics, *words)


class TestSplits:
    """A topic in parts."""

    def test_a_planted_mixture_comes_apart(self, planted: rt.Study) -> None:
        """Merged to one, soybeans and magnets are split again."""
        whole = planted.reduce_topics(1)
        (number,) = whole.topics["topic"]
        parts = whole.split_topic(int(number))
        assert len(parts.topics) == 2
        main = parts.state.doc_topic.argmax(axis=1)
        is_soybean = np.array([int(article.article_id[1:]) % 12 < 6 for article in parts.corpus])
        assert max((main == is_soybean).mean(), (main != is_soybean).mean()) > 0.9

    def test_weights_add_up_and_the_others_stay(self, study: rt.Study) -> None:
        split, n = study.split_topic(0, 3), len(study.topics)
        assert split.topics["topic"].tolist() == [*study.topics["topic"], n, n + 1]
        assert np.allclose(split.state.doc_topic[:, [0, n, n + 1]].sum(axis=1), study.state.doc_topic[:, 0], atol=1e-6)
        assert np.allclose(split.state.doc_topic[:, 1:n], study.state.doc_topic[:, 1:n], atol=1e-6)
        assert split.topics["stability"].between(0, 1).all()

    def test_numbers_are_never_used_twice(self, study: rt.Study) -> None:
        n = len(study.topics)
        twice = study.split_topic(0).merge_topics(0, n).split_topic(0)
        assert twice.topics["topic"].tolist() == [*range(n), n + 1]

    def test_too_many_parts_are_refused(self, study: rt.Study) -> None:
        assert "cannot be split into 5000" in error_of(study.split_topic, 0, 5000)
        assert "cannot be split into 1" in error_of(study.split_topic, 0, 1)


class TestDropsAndMoves:
    """A topic away, an article elsewhere."""

    def test_the_words_of_a_dropped_topic_go_to_the_others(self, study: rt.Study) -> None:
        dropped = study.drop_topic(2)
        assert 2 not in set(dropped.topics["topic"])
        assert np.allclose(dropped.state.doc_topic.sum(axis=1), 1)

    def test_an_article_is_in_the_cluster_it_is_moved_to(self, study: rt.Study) -> None:
        article = study.corpus[0]
        moved = study.move(article.article_id, 3)
        assert moved.clusters.set_index("article_id").loc[article.article_id, "cluster"] == 3
        assert same(moved, study.move(article, 3))
        assert study.move(article, -1).clusters["cluster"][0] == -1
        assert moved.clusters["confidence"].between(0, 1).all()

    @pytest.mark.parametrize(
        ("article", "cluster", "said"),
        [("nobody", 1, "no article 'nobody'"), (None, 1, "an article of the type NoneType"), (0, 1, "of the type int")],
    )
    def test_who_is_not_there_cannot_be_moved(self, study: rt.Study, article: object, cluster: int, said: str) -> None:
        assert said in error_of(study.move, article, cluster)
        assert "no cluster 99" in error_of(study.move, study.corpus[0], 99)


@pytest.fixture(scope="module")
def edited(study: rt.Study) -> rt.Study:
    """Give a study that was changed in every way."""
    changed = study.rename_topic(1, en="Dependence").merge_topics(2, 4).split_topic(0).drop_topic(3)
    return changed.rename_cluster(2, zh="大豆").move(study.corpus[5], 0)


class TestLog:
    """What was changed is kept, said and repeated."""

    def test_each_change_is_said_in_order(self, edited: rt.Study, study: rt.Study) -> None:
        assert edited.edits == [
            "topic 1 is called Dependence",
            "topic 4 was merged into topic 2",
            f"topic 0 was split; out of it came topic {len(study.topics)}",
            "topic 3 was dropped",
            "cluster 2 is called 大豆",
            f"article {study.corpus[5].article_id} was moved to cluster 0",
        ]
        assert manifest(edited.state)["edits"] == edited.edits
        assert "edits" not in manifest(study.state)
        assert [warning for warning in edited.warnings if warning.startswith("by hand: ")] == [
            f"by hand: {line}" for line in edited.edits
        ]

    def test_a_saved_study_is_the_same_and_goes_on(self, edited: rt.Study, tmp_path: Path) -> None:
        again = saved_again(edited, tmp_path)
        assert same(again, edited)
        assert same(again.rename_topic(1, "More"), edited.rename_topic(1, "More"))

    def test_the_report_says_what_was_changed(self, edited: rt.Study) -> None:
        assert "topic 4 was merged into topic 2" in rt.Report(edited).html

    def test_it_survives_articles_that_are_placed(self, edited: rt.Study) -> None:
        grown = edited.add(["Rare earth magnets are made of dysprosium, said the United States and China."])
        assert len(grown.corpus) == 35
        assert grown.edits == edited.edits
        assert grown.topics["label_en"].tolist() == edited.topics["label_en"].tolist()
        assert sum(warning.startswith("by hand: ") for warning in grown.warnings) == len(edited.edits)

    def test_it_is_repeated_where_all_is_fitted_again(self, planted: rt.Study) -> None:
        """With the numbers that the log means."""
        edited = planted.rename_topic(0, "First").rename_cluster(1, "Second").merge_topics(0, 3)
        rows = [(f"Lithium {n}", f"Lithium brine number {n} is pumped in Chile and Bolivia.") for n in range(20)]
        grown = edited.add(table(rows, start=50))
        assert grown.diff.refitted
        names = grown.topics.set_index("topic")["label_en"]
        assert 0 not in names or names[0] == "First"
        said = [line for line in grown.warnings if line.startswith(("by hand: ", "not repeated: "))]
        assert len(said) == 3

    def test_a_stored_log_that_is_none_is_refused(self, edited: rt.Study, tmp_path: Path) -> None:
        """As all of a saved study is hostile data."""
        from test_storage import edit as altered

        folder = edited.save(tmp_path / "kept")
        for log in ({"list": [1]}, {"list": [{"dict": {"action": "run", "numbers": {"tuple": []}}}]}, {}):
            altered(folder, "study.json", edits=log)
            assert "cannot be read" in error_of(rt.load, folder)
        assert json.loads((folder / "study.json").read_text("utf-8"))["edits"] == {}


class TestSeeds:
    """Topics that are asked for by their words."""

    @pytest.fixture(scope="class")
    def seeded(self) -> rt.Study:
        return rt.Study(n_topics=2, n_clusters=2, seed_topics=WANTED).fit(table([*ENGLISH, *CHINESE]))

    def test_seeded_topics_come_first_by_their_names(self, seeded: rt.Study) -> None:
        assert seeded.topics["label_en"][:2].tolist() == ["harvest", "motors"]
        terms = seeded.topic_terms.groupby("topic")["concept"].agg(set)
        assert "soybean" in terms[0]
        assert "motor" in terms[1]

    def test_they_take_the_articles_of_both_languages(self, seeded: rt.Study) -> None:
        is_soybean = np.array([int(article.article_id[1:]) % 12 < 6 for article in seeded.corpus])
        harvest = seeded.state.doc_topic[:, 0] > seeded.state.doc_topic[:, 1]
        assert (harvest == is_soybean).mean() > 0.8

    def test_they_are_saved_and_survive_what_is_added(self, seeded: rt.Study, tmp_path: Path) -> None:
        again = saved_again(seeded, tmp_path)
        assert same(again, seeded)
        assert again.settings["seed_topics"] == {name: list(words) for name, words in WANTED.items()}
        assert again.add(["Farmers store soybeans."]).topics["label_en"][0] == "harvest"

    @pytest.mark.parametrize(
        ("seeds", "said"),
        [
            ({"gold": ["qwertyzxcv"]}, "the corpus names none of the words of the topic 'gold': qwertyzxcv"),
            ({"gold": "soybean"}, "seed_topics['gold'] is a str; give a list of words"),
            ({"gold": []}, "seed_topics has no words for 'gold'"),
            (["gold"], "seed_topics is no mapping of names to words"),
        ],
    )
    def test_seeds_that_are_none_are_refused(self, seeds: object, said: str) -> None:
        assert said in error_of(rt.Study(n_topics=2, seed_topics=seeds).fit, table([*ENGLISH]))

    def test_stop_words_are_not_counted_and_are_saved(self, tmp_path: Path) -> None:
        fitted = rt.Study(n_topics=2, n_clusters=2, stop_words=["大豆", "tariff"]).fit(table([*ENGLISH, *CHINESE]))
        assert not {"soybean", "tariff"} & set(fitted.terms["concept"])
        again = saved_again(fitted, tmp_path)
        assert again.settings["stop_words"] == ["大豆", "tariff"]
        assert same(again, fitted)


class TestHierarchy:
    """A tree of topics and of clusters."""

    @pytest.mark.parametrize("kind", ["topic", "cluster"])
    def test_it_can_be_cut_at_any_level(self, study: rt.Study, kind: str) -> None:
        tree = study.hierarchy(kind)
        for n_groups in range(1, len(tree.numbers) + 1):
            groups = tree.cut(n_groups)
            assert set(groups) == set(tree.numbers)
            assert len(set(groups.values())) <= n_groups
        assert len(tree.table) == len(tree.numbers) - 1
        assert tree.table["distance"].between(0, 1).all()
        assert str(tree).count("\n") + 1 == 2 * len(tree.numbers) - 1

    def test_what_makes_no_tree_is_refused(self, study: rt.Study) -> None:
        assert "no kind 'theme'; take one of topic, cluster" in error_of(study.hierarchy, "theme")
        assert "99 groups of " in error_of(study.hierarchy().cut, 99)

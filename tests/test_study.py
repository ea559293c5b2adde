"""Specification of a study: every table as promised, in any language, with nothing left of an earlier fit."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.metrics import adjusted_rand_score

from rare_topics.corpus.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.study import STEPS, Study
from rare_topics.vectorize import ConceptSpace

COLUMNS = {
    "topics": [
        "topic",
        "label_zh",
        "label_en",
        "terms_zh",
        "terms_en",
        "share",
        "stability",
        "n_articles",
        "typical_title",
    ],
    "article_topics": ["article_id", "topic", "weight"],
    "clusters": ["article_id", "cluster", "confidence", "label_zh", "label_en", "typical_title"],
    "similar": ["article_id", "other_id", "similarity"],
    "map": ["article_id", "x", "y"],
}
BOILERPLATE = {"group", "core", "viewpoint", "insight", "point", "summary", "section", "workflow", "icon"}

ENGLISH = (
    ("Soybean farmers wait", "Farmers in Iowa store soybeans because tariffs keep Chinese buyers away."),
    ("Soybean prices slip", "Soybean prices fell as buyers turned to Brazil and tariffs stayed in place."),
    ("A harvest without buyers", "The soybean harvest is large, but farmers find no buyers and storage is full."),
    ("Brazil ships more soybeans", "Brazil ships record soybeans to China while tariffs hit American farmers."),
    ("Tariffs and the farm", "Farmers ask for aid after tariffs cut soybean exports and prices fell."),
    ("Storage runs out", "Grain storage is full of soybeans; farmers blame tariffs for the missing buyers."),
    ("A magnet factory opens", "The factory makes rare earth magnets for electric vehicle motors."),
    ("Magnets run short", "Automakers stop motors because magnets from the factory arrive late."),
    ("Motors without magnets", "Engineers design electric vehicle motors that need no rare earth magnets."),
    ("Recycling magnets", "A plant recycles magnets from old motors into rare earth alloys."),
    ("Automakers buy magnets", "Automakers sign contracts with a magnet factory for electric vehicle motors."),
    ("Alloys for magnets", "Rare earth alloys are the costliest part of magnets in vehicle motors."),
)
CHINESE = (
    ("大豆滞销", "农民把大豆存进粮仓,因为关税让买家离开。"),
    ("大豆价格下跌", "关税未变,买家转向巴西,大豆价格下跌。"),
    ("丰收没有买家", "大豆丰收,农民找不到买家,粮仓已满。"),
    ("巴西大豆出口增加", "巴西向中国出口大豆创纪录,关税打击美国农民。"),
    ("关税与农场", "关税使大豆出口减少,价格下跌,农民要求补贴。"),
    ("粮仓已满", "粮仓装满大豆,农民说关税赶走了买家。"),
    ("磁体工厂开工", "工厂为电动汽车电机生产稀土磁体。"),
    ("磁体短缺", "磁体工厂交货推迟,汽车电机停产。"),
    ("不用磁体的电机", "工程师设计不用稀土磁体的电动汽车电机。"),
    ("回收磁体", "工厂从旧电机回收磁体,制成稀土合金。"),
    ("车企采购磁体", "车企与磁体工厂签订电机磁体合同。"),
    ("磁体用合金", "稀土合金是电机磁体中最贵的部分。"),
)
SUBJECTS = [0] * 6 + [1] * 6


def corpus_of(rows: tuple[tuple[str, str], ...], folder: Path) -> Corpus:
    """Read rows of (title, text) as a table whose ids say their order."""
    frame = pd.DataFrame(rows, columns=["title", "text"]).assign(id=[f"n{number:02d}" for number in range(len(rows))])
    path = folder / "news.csv"
    frame.to_csv(path, index=False)
    return Corpus.from_table(path)


class TestTables:
    """The contract of the tables, on the embedded pages."""

    @pytest.mark.parametrize("name", COLUMNS)
    def test_the_columns_are_the_promised_ones(self, study: Study, name: str) -> None:
        table = getattr(study, name)
        assert list(table.columns) == COLUMNS[name]
        assert not table.empty
        assert not table.isna().any().any()

    def test_every_article_has_one_cluster_and_one_place(self, study: Study) -> None:
        ids = [article.article_id for article in study.corpus]
        assert study.clusters["article_id"].tolist() == study.map["article_id"].tolist() == ids
        assert study.clusters["confidence"].between(0, 1).all()

    def test_every_article_has_its_topics_heaviest_first(self, study: Study) -> None:
        for _, rows in study.article_topics.groupby("article_id"):
            assert rows["weight"].is_monotonic_decreasing
            assert 0.5 < rows["weight"].sum() <= 1.001
        assert study.article_topics["article_id"].nunique() == len(study.corpus)
        assert set(study.article_topics["topic"]) <= set(study.topics["topic"])

    def test_every_pair_of_a_small_corpus_is_compared_once(self, study: Study) -> None:
        pairs = {frozenset(pair) for pair in study.similar[["article_id", "other_id"]].itertuples(index=False)}
        assert len(pairs) == len(study.similar) == 34 * 33 // 2
        assert study.similar["similarity"].between(-1, 1).all()

    def test_every_topic_and_cluster_has_a_label_in_both_languages(self, study: Study) -> None:
        for table in (study.topics, study.clusters):
            assert (table[["label_zh", "label_en"]].map(len) > 0).all().all()

    def test_every_published_topic_comes_back_in_half_of_the_fits(self, study: Study) -> None:
        assert (study.topics["stability"] >= 0.5).all()
        assert study.topics["stability"].is_monotonic_decreasing
        assert study.topics["share"].sum() == pytest.approx(1, abs=0.01)
        assert study.topics["n_articles"].sum() == 34

    def test_no_boilerplate_number_or_letter_is_a_term(self, study: Study) -> None:
        """Nor half of a broken word."""
        words = [word for lang in ("zh", "en") for cell in study.topics[f"terms_{lang}"] for word in cell.split("; ")]
        assert words
        for word in words:
            assert not re.search(r"^[\d\W]+$|\[|\]", word)
            assert not re.fullmatch(r"[A-Za-z]|", word)
            assert word.lower() not in BOILERPLATE

    def test_terms_are_said_by_more_than_one_article(self, study: Study) -> None:
        named = dict(zip(study.terms["concept"], study.terms["n_articles"], strict=True))
        assert min(named[concept] for concept in study.topic_terms["concept"]) > 1

    def test_the_interval_of_a_term_holds_its_probability(self, study: Study) -> None:
        terms = study.topic_terms
        assert list(terms.columns) == ["topic", "concept", "term_zh", "term_en", "probability", "low", "high"]
        assert (terms["low"] <= terms["high"]).all()
        assert np.all((terms[["low", "high"]] >= 0) & (terms[["low", "high"]] <= 1))

    def test_maps_of_other_seeds_hold_the_same_articles(self, study: Study) -> None:
        assert study.maps.groupby("random_state").size().tolist() == [34, 34, 34]
        first = study.maps[study.maps["random_state"] == 0]
        assert np.allclose(first[["x", "y"]], study.map[["x", "y"]], atol=1e-3)

    def test_the_number_of_topics_is_one_of_those_considered(self, study: Study) -> None:
        columns = ["n_topics", "stability", "low", "high", "coherence", "chosen"]
        assert list(study.model_selection.columns)[:6] == columns
        assert study.model_selection["chosen"].sum() == 1


class TestLanguageNeutral:
    """On the embedded pages the subject is found, not the language."""

    def test_clusters_are_independent_of_the_language(self, study: Study) -> None:
        langs = [article.body_lang for article in study.corpus]
        assert adjusted_rand_score(langs, study.clusters["cluster"]) <= 0.1

    def test_the_language_cannot_be_told_from_the_vectors(self, study: Study) -> None:
        assert study.scores["language_from_vectors"] <= 0.6
        assert abs(study.scores["language_on_map"]) < 0.15

    def test_clusters_hold_articles_of_both_languages(self, study: Study) -> None:
        zh = np.array([article.body_lang == "zh" for article in study.corpus])
        homes = set(study.clusters.loc[zh, "cluster"]) - {-1}
        assert all((~zh[study.clusters["cluster"] == home]).any() for home in homes)

    def test_every_score_is_a_number(self, study: Study) -> None:
        assert all(value is not None and np.isfinite(value) for value in study.scores.values())


class TestAnyCorpus:
    """A table of plain news in one language works as well."""

    @pytest.mark.parametrize("rows", [ENGLISH, CHINESE], ids=["english", "chinese"])
    def test_two_subjects_in_one_language_are_told_apart(
        self, rows: tuple[tuple[str, str], ...], tmp_path: Path
    ) -> None:
        study = Study(n_clusters=2).fit(corpus_of(rows, tmp_path))
        assert adjusted_rand_score(SUBJECTS, study.clusters["cluster"]) == 1
        for name, columns in COLUMNS.items():
            assert list(getattr(study, name).columns) == columns
        assert (study.topics[["label_zh", "label_en"]].map(len) > 0).all().all()
        assert study.scores["language_from_vectors"] is None

    def test_three_articles_are_a_study_and_it_says_how_small(self, tmp_path: Path) -> None:
        study = Study().fit(corpus_of(ENGLISH[4:7], tmp_path))
        assert len(study.clusters) == len(study.map) == 3
        assert study.warnings[-1].startswith("3 articles: topics are learned from")

    def test_an_article_without_a_word_is_named_in_a_warning(self, tmp_path: Path) -> None:
        """It keeps its row in every table."""
        study = Study().fit(corpus_of((*ENGLISH[:5], ("12 34", "56 78")), tmp_path))
        assert any("no concept in n05" in warning for warning in study.warnings)
        assert len(study.clusters) == len(study.map) == 6
        assert np.isfinite(study.map[["x", "y"]]).all().all()
        assert (study.clusters[["label_zh", "label_en"]].map(len) > 0).all().all()

    def test_one_topic_and_one_cluster_are_named_by_what_the_corpus_says_most(self, tmp_path: Path) -> None:
        study = Study(n_topics=1, n_clusters=1).fit(corpus_of(ENGLISH[:6], tmp_path))
        assert "soybean" in study.topics.loc[0, "label_en"]
        assert "soybean" in study.clusters.loc[0, "label_en"]

    def test_clusters_that_cannot_be_had_are_said_so(self, tmp_path: Path) -> None:
        """A cluster holds two articles or more."""
        study = Study(n_clusters=9).fit(corpus_of(ENGLISH, tmp_path))
        assert study.state.clusterer.n_clusters_ < 9
        assert any("of the 9 clusters asked for" in warning for warning in study.warnings)


class TestFit:
    """A fit is a fit: checked before it begins, and forgotten by the next."""

    def test_a_second_fit_leaves_no_trace_of_the_first(self, study: Study, seeds: Corpus, tmp_path: Path) -> None:
        """Whatever was looked at between them."""
        again = Study(random_state=0).fit(corpus_of(ENGLISH, tmp_path))
        for name in (*COLUMNS, "scores", "terms", "topic_terms", "model_selection"):
            getattr(again, name)
        assert again.fit(seeds) is again
        for name in (*COLUMNS, "terms", "topic_terms", "model_selection"):
            pd.testing.assert_frame_equal(getattr(again, name), getattr(study, name))
        assert again.scores == study.scores
        assert again.warnings == study.warnings
        assert again.settings == study.settings

    def test_each_step_is_announced_and_timed(self, tmp_path: Path) -> None:
        steps: list[str] = []
        study = Study().fit(corpus_of(ENGLISH[:4], tmp_path), progress=steps.append)
        assert tuple(steps) == tuple(study.seconds) == tuple(step.name for step in STEPS)

    @pytest.mark.parametrize("n", [1, 2])
    def test_fewer_than_three_articles_are_refused(self, n: int, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=rf"{n} articles?: .* at least 3; add pages or rows"):
            Study().fit(corpus_of(ENGLISH[:n], tmp_path))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"n_clusters": 0},
            {"n_clusters": 13},
            {"n_clusters": 2.5},
            {"n_clusters": "two"},
            {"n_topics": 0},
            {"n_topics": 1000},
            {"n_topics": 2.5},
            {"random_state": -1},
            {"random_state": 2**40},
            {"random_state": None},
        ],
        ids=str,
    )
    def test_a_number_that_cannot_be_is_refused(self, wrong: dict[str, object], tmp_path: Path) -> None:
        """The error names it and says what can be asked for."""
        with pytest.raises(InputError, match=rf"{next(iter(wrong))} is .*; give a whole number from \d to \d+"):
            Study(**wrong).fit(corpus_of(ENGLISH, tmp_path))  # type: ignore[arg-type]

    def test_a_refused_corpus_leaves_the_study_as_it_was(self, tmp_path: Path) -> None:
        study = Study().fit(corpus_of(ENGLISH[:4], tmp_path))
        before = study.clusters
        with pytest.raises(InputError):
            study.fit(corpus_of(ENGLISH[:1], tmp_path))
        assert study.clusters is before
        assert len(study.corpus) == 4

    def test_before_fit_every_result_asks_for_it(self) -> None:
        for name in (*COLUMNS, "scores", "corpus", "themes", "claims", "state", "warnings"):
            with pytest.raises(NotFittedError, match=r"call fit\(corpus\) first"):
                getattr(Study(), name)

    def test_a_name_that_is_none_is_answered_as_python_does(self, study: Study) -> None:
        """Fitted or not."""
        for one in (Study(), study):
            with pytest.raises(AttributeError, match="'Study' object has no attribute 'typo'") as caught:
                one.typo  # noqa: B018 - looking at it is the test
            assert not isinstance(caught.value, NotFittedError)

    def test_an_error_names_its_step(self, seeds: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("as if")

        monkeypatch.setattr(ConceptSpace, "fit_transform", fail)
        with pytest.raises(RuntimeError, match="as if") as caught:
            Study().fit(seeds)
        assert caught.value.__notes__ == ["in the step 'space' of a study"]

    def test_a_lexicon_of_one_s_own_goes_first(self, tmp_path: Path) -> None:
        path = tmp_path / "missing.tsv"
        with pytest.raises(InputError, match=r"missing\.tsv"):
            Study(lexicon=path).fit(corpus_of(ENGLISH, tmp_path))


class TestGlosses:
    """Another dictionary, without code."""

    def test_a_release_of_ones_own_names_the_concepts(self, tmp_path: Path) -> None:
        release = tmp_path / "cedict.txt"
        release.write_text("大豆 大豆 [da4 dou4] /widget/\n火車 火车 [huo3 che1] /gadget/\n", encoding="utf-8")
        table = tmp_path / "news.csv"
        rows = ["火车 late" if number % 2 else "a train is late" for number in range(6)]
        table.write_text("title,text\n" + "".join(f"n{i},{row}\n" for i, row in enumerate(rows)), encoding="utf-8")
        study = Study(glosses=release, n_topics=1, n_clusters=1).fit(Corpus.from_table(table))
        assert "gadget" in set(study.state.concepts)

    def test_a_file_that_is_none_is_named(self, tmp_path: Path, seeds: Corpus) -> None:
        release = tmp_path / "words.txt"
        release.write_text("not a dictionary\n", encoding="utf-8")
        with pytest.raises(InputError, match=r"words\.txt.*CC-CEDICT"):
            Study(glosses=release).fit(seeds)

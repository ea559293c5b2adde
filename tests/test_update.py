"""Specification of growing: the same answer in whatever order pages come, and the old study as it was."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import SEEDS, page_text
from test_study import CHINESE, ENGLISH

import rare_topics as rt
from rare_topics.cli import main
from rare_topics.corpus.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.study import Study

TABLES = ("topics", "article_topics", "clusters", "similar", "map", "topic_terms", "repeats")
PAGES = sorted(SEEDS.glob("*.txt"))
STRANGE = (
    ("A cup final", "The goalkeeper saved two penalties and the striker scored in the last minute of the cup final."),
    ("A record transfer", "The striker moves to another football club for a record fee, his agent said."),
    ("Rain at the tennis", "Rain stopped the tennis tournament; the champion leads by two sets on grass."),
    ("A new symphony", "The orchestra plays a new symphony; the conductor and the violinist were cheered."),
    ("An opera returns", "The opera house opens with a soprano from Milan and a painted stage."),
    ("A marathon record", "A runner from Kenya set a record in the marathon despite wind and rain."),
    ("The coach resigns", "The coach resigns after five defeats; fans of the football club protest."),
)


def table(rows: Sequence[tuple[str, str]], path: Path, *, first: int = 0) -> Path:
    """Write rows of (title, text) as a table whose ids count from `first`."""
    frame = pd.DataFrame(rows, columns=["title", "text"])
    frame.assign(id=[f"n{number:02d}" for number in range(first, first + len(rows))]).to_csv(path, index=False)
    return path


def same(one: Study, other: Study) -> None:
    """Demand that two studies answer alike in everything."""
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert one.corpus == other.corpus
    assert one.warnings == other.warnings
    assert one.scores == other.scores
    pd.testing.assert_frame_equal(one.themes.table, other.themes.table)


@pytest.fixture(scope="module")
def first() -> Study:
    """Give a study of the first three embedded pages; tests change nothing."""
    return Study(random_state=0).fit(rt.read_pages(PAGES[:3]))


@pytest.fixture(scope="module")
def beans(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Give a study of twelve short articles, six about soybeans and six about magnets."""
    path = table(ENGLISH, tmp_path_factory.mktemp("beans") / "news.csv")
    return Study(n_topics=2, n_clusters=2).fit(Corpus.from_table(path))


class TestAnyOrder:
    """Nothing depends on the order in which pages come."""

    def test_pages_one_by_one_or_all_at_once(self, first: Study) -> None:
        """Placed by what the first pages taught."""
        together = first.add(PAGES[3:])
        assert not together.state.is_refitted
        for order in permutations(PAGES[3:]):
            study = first
            for page in order:
                study = study.add(page)
            same(study, together)

    def test_strange_and_familiar_articles(self, beans: Study, tmp_path: Path) -> None:
        """Fitted again early or late."""
        strange = table(STRANGE, tmp_path / "strange.csv", first=50)
        more = table(
            [("Soybeans ship", "Farmers ship soybeans to Brazil while tariffs stay.")], tmp_path / "b.csv", first=80
        )
        early, late = beans.add(strange).add(more), beans.add(more).add(strange)
        assert early.state.is_refitted
        assert late.state.is_refitted
        same(early, late)

    def test_saved_and_loaded_between(self, first: Study, tmp_path: Path) -> None:
        one = first.add(PAGES[3])
        loaded = rt.load(one.save(tmp_path / "study"))
        pd.testing.assert_frame_equal(loaded.diff.clusters, one.diff.clusters)
        same(loaded.add(PAGES[4]), one.add(PAGES[4]))

    def test_a_fuller_printing_wins_whichever_comes_first(self, tmp_path: Path) -> None:
        """And is not a second article."""
        records = [(title, f"雪球· 2025-10-{day:02d} 08:00", body) for day, (title, body) in enumerate(CHINESE, 1)]
        cut = (*records[0][:2], records[0][2][:8] + "...")
        pages = {}
        for name, chosen in {"a": records[1:], "cut": [cut], "whole": [records[0]]}.items():
            pages[name] = tmp_path / f"{name}.txt"
            pages[name].write_text(page_text(chosen), "utf-8")
        study = Study().fit(rt.read_pages(pages["a"]))
        one = study.add(pages["cut"]).add(pages["whole"])
        other = study.add(pages["whole"]).add(pages["cut"])
        same(one, other)
        assert one.diff.articles["change"].tolist() == ["updated"]
        assert other.diff.articles["change"].tolist() == ["known"]
        assert one.corpus[one.diff.articles["article_id"][0]].body == records[0][2]


class TestOldStudy:
    """What was there stays."""

    def test_the_old_study_is_never_changed(self, first: Study) -> None:
        tables = {name: getattr(first, name).copy() for name in TABLES}
        state = (first.corpus, list(first.warnings), first.settings, first.diff, first.state.vectors.copy())
        first.add(PAGES[3])
        for name, before in tables.items():
            pd.testing.assert_frame_equal(getattr(first, name), before)
        assert (first.corpus, first.warnings, first.settings, first.diff) == state[:4]
        assert np.array_equal(first.state.vectors, state[4])

    def test_first_articles_keep_their_cluster_place_and_topics(self, first: Study) -> None:
        grown = first.add(PAGES[3:])
        for name in ("clusters", "map"):
            known = getattr(grown, name).set_index("article_id").loc[getattr(first, name)["article_id"]]
            before = getattr(first, name).set_index("article_id")
            # Of a cluster that has grown another article may be the most typical.
            columns = before.columns.drop("typical_title", errors="ignore")
            pd.testing.assert_frame_equal(known[columns], before[columns])

    def test_topics_and_clusters_keep_numbers_and_names(self, first: Study) -> None:
        grown = first.add(PAGES[3:])
        names = ["topic", "label_zh", "label_en"]
        pd.testing.assert_frame_equal(grown.topics[names], first.topics[names])

    def test_fitted_again_the_same_groups_keep_theirs(self, beans: Study, tmp_path: Path) -> None:
        """Sport comes as something new beside soybeans and magnets."""
        grown = Study(n_topics=2, n_clusters=2).fit(beans.corpus)
        grown.n_topics = grown.n_clusters = 3
        grown = grown.add(table(STRANGE, tmp_path / "strange.csv", first=50))
        assert grown.state.is_refitted
        labels = beans.clusters.set_index("article_id")
        again = grown.clusters.set_index("article_id")
        kept = again.loc[labels.index]
        assert (kept["cluster"] == labels["cluster"]).mean() > 0.9
        assert set(again.loc[again["cluster"] == 2].index) > {"n50", "n51"}
        same_number = kept["cluster"] == labels["cluster"]
        assert (kept["label_en"] == labels["label_en"])[same_number].all()


class TestDiff:
    """What has changed, and which articles did it."""

    def test_known_articles_are_recognised(self, first: Study) -> None:
        grown = first.add(PAGES[0])
        assert set(grown.diff.articles["change"]) == {"known"}
        assert set(grown.diff.clusters["change"]) == set(grown.diff.topics["change"]) == {"same"}
        assert len(grown.corpus) == len(first.corpus)

    def test_growth_names_its_articles(self, first: Study) -> None:
        diff = first.add(PAGES[3]).diff
        new = set(diff.articles.loc[diff.articles["change"] == "new", "article_id"])
        joined = {name for cell in diff.clusters["joined"] for name in cell.split("; ") if cell}
        unplaced = set(diff.articles.loc[diff.articles["cluster"] == -1, "article_id"])
        assert joined == new - unplaced
        assert (diff.clusters["n_articles"] - diff.clusters["n_before"]).sum() == len(joined)

    def test_it_is_told_in_lines_and_in_a_table_without_markup_of_articles(self, beans: Study, tmp_path: Path) -> None:
        rows = [("<script>alert(1)</script>", "Farmers store soybeans because tariffs keep buyers away & prices fell.")]
        diff = beans.add(table(rows, tmp_path / "more.csv", first=70)).diff
        assert next(diff.lines()).startswith("articles: 1 new")
        assert "<script>" not in diff._repr_html_()

    def test_an_outgrown_study_says_so(self, beans: Study, tmp_path: Path) -> None:
        grown = beans.add(table(STRANGE, tmp_path / "strange.csv", first=50))
        assert "all were fitted again" in grown.warnings[-1]
        assert list(grown.diff.lines())[-1].startswith("all was fitted again")
        assert grown.diff.refitted

    def test_copies_are_grouped_and_counted_once(self, beans: Study, tmp_path: Path) -> None:
        copies = [(f"{title}!", f"{text} Reported again.") for title, text in ENGLISH[:3]]
        grown = beans.add(table(copies, tmp_path / "copies.csv", first=90))
        assert grown.repeats[["article_id", "first_id", "kind"]].to_numpy().tolist() == [
            [f"n{90 + number}", f"n{number:02d}", "copy"] for number in range(3)
        ]
        assert grown.diff.articles["repeats"].tolist() == ["n00", "n01", "n02"]
        assert grown.topics["share"].tolist() == pytest.approx(beans.topics["share"].tolist(), abs=1e-4)
        assert grown.topics["n_articles"].sum() == 15


class TestRefused:
    """What cannot be added, and what to do."""

    def test_an_id_that_stands_for_another_article(self, beans: Study, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"the id 'n00' stands for 'Soybean farmers wait' and for 'A cup final'"):
            beans.add(table(STRANGE, tmp_path / "strange.csv"))

    def test_a_missing_page(self, beans: Study) -> None:
        with pytest.raises(InputError, match="no such file or folder"):
            beans.add("nowhere")


class TestCommand:
    """`rare-topics add STUDY INPUT`."""

    def test_a_run_grows_in_its_place(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        news = table(ENGLISH, tmp_path / "news.csv")
        more = table(
            [("Soybeans ship", "Farmers ship soybeans to Brazil while tariffs stay.")], tmp_path / "b.csv", first=80
        )
        build = tmp_path / "build"
        assert main(["run", str(news), "--out", str(build), "--no-figures", "--clusters", "2", "--topics", "2"]) == 0
        capsys.readouterr()
        assert main(["add", str(build), str(more)]) == 0
        out, err = capsys.readouterr()
        assert out.splitlines()[0] == "articles: 1 new"
        assert out.splitlines()[-1] == f"written to {build}"
        assert all(line.startswith("rare-topics: ") for line in err.splitlines())
        assert "n80" in (build / "clusters.csv").read_text("utf-8")
        assert not (build / "figures").exists()
        assert len(rt.load(build).corpus) == 13

    def test_a_study_grows_beside_itself(self, beans: Study, tmp_path: Path) -> None:
        beans.save(tmp_path / "old")
        before = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}
        more = table([("Soybeans ship", "Farmers ship soybeans to Brazil.")], tmp_path / "b.csv", first=80)
        assert main(["add", str(tmp_path / "old"), str(more), "--out", str(tmp_path / "new")]) == 0
        assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == before
        assert len(rt.load(tmp_path / "new").corpus) == 13

    def test_what_fails_leaves_the_study_as_it_was(
        self, beans: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        kept = Path(shutil.copytree(beans.save(tmp_path / "kept"), tmp_path / "study"))
        assert main(["add", str(kept), str(tmp_path / "nowhere")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert len(rt.load(kept).corpus) == 12
